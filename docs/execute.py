"""Execute a notebook anew: ``python docs/execute.py docs/first-look.ipynb [COPY]``, in the Python that runs this.

What the notebook computes goes to a temporary folder. Timings and the machine's paths are not kept; a cell that fails,
or writes to its standard error, ends it.
"""

from __future__ import annotations

import base64
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

#: seconds that one cell may take
PATIENCE = 600
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SPEC = '{{"argv": ["{python}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"], "display_name": "Python 3"}}'


class NotebookFailed(Exception):
    """A cell that wrote to its standard error; the message is what it wrote."""


def execute(source: Path, target: Path) -> Any:
    """Execute a notebook, write it with its new outputs, and return it."""
    notebook = nbformat.read(source, as_version=4)
    with tempfile.TemporaryDirectory() as scratch:
        _own_kernel(Path(scratch))
        work = Path(scratch) / "work"
        work.mkdir()
        client = NotebookClient(
            notebook,
            timeout=PATIENCE,
            kernel_name="python3",
            resources={"metadata": {"path": str(work)}},
            record_timing=False,
        )
        client.execute()
    for output in (one for cell in notebook.cells for one in cell.get("outputs", ())):
        if output.get("name") == "stderr":
            raise NotebookFailed(output["text"])
        data = output.get("data", {})
        if "image/png" in data:
            data["image/png"] = _small(data["image/png"])
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    nbformat.write(notebook, target)
    return notebook


def _small(picture: str) -> str:
    """A PNG (base64) in 256 colours: a repository keeps every version of it."""
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def _own_kernel(scratch: Path) -> None:
    """Make this Python the one that notebooks run in, with files of its own and this checkout's simulator."""
    folder = scratch / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(SPEC.format(python=sys.executable), encoding="utf-8")
    root = str(Path(__file__).resolve().parents[1])
    os.environ["JUPYTER_PATH"] = str(scratch / "jupyter")
    os.environ["IPYTHONDIR"] = str(scratch / "ipython")
    os.environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


if __name__ == "__main__":
    execute(Path(sys.argv[1]), Path(sys.argv[-1]))
