"""A screen to render on: VTK up to 9.3 opens a window also off-screen, and ends the program where it cannot.

An X server without a screen (Xvfb) is started where there is one, also where a display is named: a display of a remote
machine is slow, one that is gone would end the program. Later VTK and other systems need nothing.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.view.errors import ViewError

#: How long a server may take to open its screen, and a display to prove itself [s]
PATIENCE = 20.0
#: What a display must bear: in a process of its own, which may be ended by it
PROBE = (
    "import vtkmodules.vtkRenderingOpenGL2 as gl; "
    "window = gl.vtkXOpenGLRenderWindow(); window.OffScreenRenderingOn(); window.Render()"
)
ADVICE = "install Xvfb (apt install xvfb), or set DISPLAY to an X server"


@contextmanager
def screen() -> Iterator[None]:
    """Within it VTK renders off-screen; windows must be closed before it ends. ViewError where nothing works."""
    if not _needs_server():
        yield
        return
    server = shutil.which("Xvfb")
    if server is None:
        _require_display()
        yield
        return
    before = os.environ.get("DISPLAY")
    process, display = _start(server)
    os.environ["DISPLAY"] = display
    try:
        yield
    finally:
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before
        process.terminate()
        process.wait()


def _needs_server() -> bool:
    """Whether VTK's windows here are those of X."""
    try:
        import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  (makes the factory know its windows)
        from vtkmodules.vtkRenderingCore import vtkRenderWindow
    except ImportError as error:
        raise ViewError(f"rendering needs pyvista with VTK: {error}") from error
    return "XOpenGL" in vtkRenderWindow().GetClassName()


def _start(server: str) -> tuple[subprocess.Popen[bytes], str]:
    """A running server and the name of its display, which it chooses itself."""
    ours, its = os.pipe()
    command = [server, "-displayfd", str(its), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    # a session of its own: Ctrl-C is for us; without clients it ends by itself, also where we are killed
    process = subprocess.Popen(
        [*command, "-terminate"],
        pass_fds=(its,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(its)
    try:
        number = _read_line(ours)
    finally:
        os.close(ours)
    if not number:
        process.kill()
        process.wait()
        raise ViewError(f"nothing can be rendered: {server} does not start; set DISPLAY to another X server")
    return process, f":{number}"


def _read_line(pipe: int) -> str:
    """What a server says within its time; empty where it ends or says nothing."""
    said = b""
    while not said.endswith(b"\n"):
        if not select.select([pipe], [], [], PATIENCE)[0]:
            return ""
        more = os.read(pipe, 16)
        if not more:
            return ""
        said += more
    return said.decode().strip()


def _require_display() -> None:
    """ViewError unless the display that is named can be rendered on."""
    if not os.environ.get("DISPLAY"):
        raise ViewError(f"nothing can be rendered: no X server here; {ADVICE}")
    try:
        tried = subprocess.run(
            [sys.executable, "-c", PROBE], capture_output=True, timeout=PATIENCE, check=False, cwd=Path.home()
        )
    except subprocess.TimeoutExpired:
        tried = None
    if tried is None or tried.returncode != 0:
        name = os.environ["DISPLAY"]
        raise ViewError(f"nothing can be rendered: the X server {name} does not answer; {ADVICE}")
