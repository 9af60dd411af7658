"""The command ``sim``, and ``python -m sim``."""

from __future__ import annotations

import sys

from sim import startup


def main() -> None:
    """Entry point."""
    startup.begin(sys.argv[1:])
    try:
        from sim.cli import main as command

        command()
    finally:
        startup.end()


if __name__ == "__main__":
    main()
