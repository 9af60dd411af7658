"""Where the shipped configs are."""

from __future__ import annotations

from pathlib import Path


def shipped_config(name: str) -> Path:
    """The file of a shipped config, by its path below ``configs/`` without the suffix."""
    return Path(__file__).resolve().parents[2] / "configs" / f"{name}.yaml"
