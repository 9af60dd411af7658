"""What a figure that cannot be drawn is answered with."""

from __future__ import annotations


class ViewError(Exception):
    """A run folder that is unfinished, lacks a file or holds one that cannot be read; the message names it."""
