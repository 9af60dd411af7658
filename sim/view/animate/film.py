"""Pictures to files that players and browsers show: MP4 through ffmpeg, GIF through Pillow."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.view.errors import ViewError

#: (height, width, 3) of one frame, both even
Picture = npt.NDArray[np.uint8]
Colours = Sequence[tuple[int, int, int]]

#: A GIF has 256 colours and no motion prediction: its sides are this part of the picture's
GIF_SIZE = 0.6


@dataclass(frozen=True)
class Film:
    """How pictures follow each other."""

    fps: float  #: pictures per second
    held: int  #: how many times the last one is shown
    colours: Colours  #: at most 256, for a format with few; red, green, blue to 255


Writer = Callable[[Path, Iterable[Picture], Film], None]


def film_writer(out: Path) -> Writer:
    """What writes a file with this name; ViewError where nothing here does."""
    suffix = out.suffix.lower()
    if suffix == ".gif":
        return write_gif
    if suffix != ".mp4":
        raise ViewError(f"{out}: an animation is written as .mp4 or .gif")
    program = find_ffmpeg()
    if program is None:
        raise ViewError(f"{out}: an .mp4 needs ffmpeg, which is not installed; a .gif does not (-o FILE.gif)")
    return lambda path, pictures, film: write_mp4(program, path, pictures, film)


def find_ffmpeg() -> str | None:
    """The ffmpeg of the system, else the one that imageio-ffmpeg brings; None without either."""
    found = shutil.which("ffmpeg")
    if found is not None:
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


def write_mp4(program: str, path: Path, pictures: Iterable[Picture], film: Film) -> None:
    """H.264 in yuv420p, which every player knows; pictures go through a pipe, none is kept."""
    process: subprocess.Popen[bytes] | None = None
    try:
        picture = None
        for picture in pictures:
            process = process or _start(program, path, picture, film.fps)
            _send(process, picture, path)
        if process is None or picture is None:
            raise ViewError(f"{path}: no picture to show")
        for _ in range(film.held - 1):
            _send(process, picture, path)
        _, complaint = process.communicate()
        if process.returncode != 0:
            raise ViewError(f"{path}: ffmpeg failed: {_last_line(complaint)}")
    finally:
        if process is not None and process.poll() is None:
            process.kill()
            process.communicate()


def _start(program: str, path: Path, picture: Picture, fps: float) -> subprocess.Popen[bytes]:
    """ffmpeg, waiting for pictures of this size."""
    height, width = picture.shape[:2]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{fps:g}", "-i", "-"]
    # key frames are near, so that one can step and jump; the index stands first, so that it plays from a web server
    coded = ["-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p", "-g", "10", "-movflags", "+faststart"]
    return subprocess.Popen(
        [program, "-y", "-loglevel", "error", *raw, *coded, "-threads", "2", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us, who then end it
    )


def _send(process: subprocess.Popen[bytes], picture: Picture, path: Path) -> None:
    """One picture to ffmpeg; ViewError with its complaint where it has ended."""
    if process.stdin is None:
        raise ViewError(f"{path}: ffmpeg takes no pictures")
    try:
        process.stdin.write(np.ascontiguousarray(picture).data)
    except BrokenPipeError as error:
        _, complaint = process.communicate()
        raise ViewError(f"{path}: ffmpeg failed: {_last_line(complaint)}") from error


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def write_gif(path: Path, pictures: Iterable[Picture], film: Film) -> None:
    """A GIF that starts again for ever, smaller than the pictures, in the colours of the film."""
    from PIL import Image

    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in film.colours for value in colour])
    small = []
    for picture in pictures:
        image = Image.fromarray(picture)
        size = (round(image.width * GIF_SIZE), round(image.height * GIF_SIZE))
        reduced = image.resize(size, Image.Resampling.LANCZOS)
        small.append(reduced.quantize(palette=palette, dither=Image.Dither.NONE))
    if not small:
        raise ViewError(f"{path}: no picture to show")
    step = 1000 / film.fps  # ms
    durations = [*[round(step)] * (len(small) - 1), round(film.held * step)]
    small[0].save(path, save_all=True, append_images=small[1:], duration=durations, loop=0, disposal=1)
