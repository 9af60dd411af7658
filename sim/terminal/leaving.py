"""How a command ends with an exit code."""

from __future__ import annotations

import typer


def leave_with(code: int) -> None:
    """End the command, unless the code is 0."""
    if code:
        raise typer.Exit(code)
