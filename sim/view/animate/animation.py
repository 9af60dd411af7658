"""A run folder as an animation: its stored times, each drawn once, on scales that hold for all of them.

Drawn by matplotlib and not by pyvista: like the figures of a run, and also where nothing can be rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sim.output.atomic import write_whole
from sim.view.animate.film import Film, Picture, film_writer
from sim.view.animate.frames import Frame, read_frames
from sim.view.animate.page import Page
from sim.view.errors import ViewError
from sim.view.reader import Run

FPS = 4.0
#: frames per second that players show
SLOWEST, FASTEST = 0.1, 60.0
#: The last frame stands so long [s], before a player starts again
STAND = 2.0


def animate(
    folder: Path | str,
    out: Path,
    *,
    fps: float = FPS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Path:
    """Write an animation of a run at its stored times; it appears when it is whole.

    out: .mp4 (H.264, needs ffmpeg) or .gif; fps: stored times per second; progress is told how many frames are done
    and of how many. ViewError where the run stored fewer than two times, or the format is not known or not possible.
    """
    if not SLOWEST <= fps <= FASTEST:
        raise ViewError(f"{fps:g} frames per second: give {SLOWEST:g} to {FASTEST:g}")
    write = film_writer(out)
    run = Run.from_folder(folder)
    frames = read_frames(run)
    page = Page(run, frames)
    film = Film(fps, max(round(STAND * fps), 1), page.colours)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, lambda path: write(path, _pictures(page, frames, progress), film))
    return out


def _pictures(page: Page, frames: list[Frame], progress: Callable[[int, int], None]) -> Iterator[Picture]:
    for done, frame in enumerate(frames, start=1):
        yield page.draw(frame)
        progress(done, len(frames))
