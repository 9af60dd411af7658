"""Animations: what is in their frames, that scales hold for all of them, and that nothing half-written stays."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import synthetic_run as synthetic
from marched_run import TIMES, write_marched
from PIL import Image
from typer.testing import CliRunner

from sim.cli import app
from sim.view import Run, ViewError
from sim.view.animate import animate
from sim.view.animate.film import Film, write_gif, write_mp4
from sim.view.animate.frames import read_frames
from sim.view.animate.page import Page

FFMPEG = shutil.which("ffmpeg")


@pytest.fixture(scope="module")
def marched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_marched(tmp_path_factory.mktemp("film") / "run")


class QuickPage:
    """Stands for a page where only the film is tested."""

    def __init__(self, run: Run, frames: list[object]) -> None:
        self.colours = [(level, level, level) for level in range(256)]

    def draw(self, frame: object) -> np.ndarray:
        return np.full((90, 160, 3), 100 + int(20 * np.log10(frame.time + 1e-3)), np.uint8)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.view.animate.animation.Page", QuickPage)


def test_scales_are_the_same_in_all_frames(marched: Path):
    run = Run.from_folder(marched)
    frames = read_frames(run)
    assert [frame.time for frame in frames] == list(TIMES)
    page = Page(run, frames)
    seen, words = [], []
    for frame in frames:
        picture = page.draw(frame)
        assert picture.shape == (900, 1600, 3)
        drawn = [axes.collections[0] for axes in page._fields]
        seen.append((page._current.get_ylim(), page._current.get_xlim(), *(one.get_clim() for one in drawn)))
        words.append([text.get_text() for text in (page._words, page._drive, page._numbers)])
    assert len(set(seen)) == 1
    assert [one[0] for one in words] == ["t = 0 s", "t = 1.00 ms", "t = 50.0 ms", "t = 3.00 s"]
    assert words[0][2] == "at rest"
    assert "= 0.20" in words[2][1] and "CV 0.00300" in words[2][2]


def test_the_cursor_stands_at_the_time_and_the_current_is_that_of_the_time(marched: Path):
    run = Run.from_folder(marched)
    frames = read_frames(run)
    page = Page(run, frames)
    heights = []
    for frame in frames:
        page.draw(frame)
        line, _ = page._cursor
        if frame.time > 0:
            assert line.get_xdata()[0] == frame.time
        heights.append(page._current.lines[0].get_ydata().max())
    assert heights[0] == 0 and heights[1] < heights[2] < heights[3]
    assert page._history.get_xscale() == "log"
    low, high = page._history.get_xlim()
    assert low < TIMES[1] and high > TIMES[-1]


def test_gif(marched: Path, tmp_path: Path, quick: None):
    told: list[tuple[int, int]] = []
    out = animate(marched, tmp_path / "a.gif", fps=5, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert list(tmp_path.iterdir()) == [out]
    with Image.open(out) as film:
        assert film.n_frames == 4
        times = []
        for index in range(4):
            film.seek(index)
            times.append(film.info["duration"])
    assert times == [200, 200, 200, 2000]


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg here")
def test_mp4(marched: Path, tmp_path: Path):
    out = animate(marched, tmp_path / "a.mp4", fps=4)
    assert list(tmp_path.iterdir()) == [out]
    shown = ("-show_entries", "stream=codec_name,pix_fmt,width,height,nb_read_frames", "-count_frames")
    said = subprocess.run(
        ["ffprobe", "-v", "error", *shown, "-of", "json", str(out)],
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(said.stdout)["streams"] == [
        {
            "codec_name": "h264",
            "width": 1600,
            "height": 900,
            "pix_fmt": "yuv420p",
            "nb_read_frames": str(4 + 7),  # the last stands for two seconds
        }
    ]


def test_a_steady_run_says_how_to_get_an_animation(runs: dict[str, Path], tmp_path: Path):
    folder = runs["pia-galvanostatic"]
    found = CliRunner().invoke(app, ["animate", str(folder), "-o", str(tmp_path / "a.gif")])
    assert found.exit_code == 2
    assert "operation.history" in found.output
    assert len(found.output.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.avi"], "written as .mp4 or .gif"),
        (["-o", "a.gif", "--fps", "0"], "0 frames per second"),
    ],
)
def test_wrong_requests(marched: Path, arguments: list[str], said: str):
    found = CliRunner().invoke(app, ["animate", str(marched), *arguments])
    assert (found.exit_code, said in found.output) == (2, True)


def test_no_folder_and_no_ffmpeg(marched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ViewError, match="there is no such folder"):
        animate(tmp_path / "none", tmp_path / "a.gif")
    monkeypatch.setattr("sim.view.animate.film.find_ffmpeg", lambda: None)
    with pytest.raises(ViewError, match=r"needs ffmpeg.*\.gif"):
        animate(marched, tmp_path / "a.mp4")


@pytest.mark.parametrize("suffix", ["gif", "mp4"] if FFMPEG else ["gif"])
def test_interrupted_nothing_half_written_stays(marched: Path, tmp_path: Path, quick: None, suffix: str):
    out = tmp_path / f"a.{suffix}"
    out.write_text("an earlier one")

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        animate(marched, out, progress=stop)
    assert list(tmp_path.iterdir()) == [out]
    assert out.read_text() == "an earlier one"


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg here")
def test_what_ffmpeg_complains_of_is_told(tmp_path: Path):
    film = Film(4, 1, ())
    odd = [np.zeros((9, 15, 3), np.uint8)]  # H.264 wants even sides
    with pytest.raises(ViewError, match=r"ffmpeg failed: .+"):
        write_mp4(str(FFMPEG), tmp_path / "a.mp4", odd * 3, film)
    with pytest.raises(ViewError, match="no picture"):
        write_mp4(str(FFMPEG), tmp_path / "b.mp4", [], film)
    with pytest.raises(ViewError, match="no picture"):
        write_gif(tmp_path / "b.gif", [], film)


def test_a_killed_run_shows_what_it_stored(tmp_path: Path):
    folder = write_marched(tmp_path / "run", synthetic.PP)
    (folder / "interface.csv").unlink()
    (folder / "summary.json").unlink()
    (folder / "fields" / "interface_0003.vtu").unlink()  # killed between the two files of a time
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"status": "running"}))
    run = Run.from_folder(folder)
    frames = read_frames(run)
    assert len(frames) == 3
    page = Page(run, frames)
    page.draw(frames[-1])
    assert "run running" in page._drive.get_text()


def test_colours_of_a_gif_are_few_enough(marched: Path):
    run = Run.from_folder(marched)
    assert len(Page(run, read_frames(run)).colours) <= 256
