"""From a sweep file, or a mapping, to a validated sweep that knows where each of its keys was written.

The file is YAML like a config, with its units, `extends`, and every mistake answered as ``file:line:col: key: …``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.errors import ConfigError
from sim.config.layers import Layer, Mark, merge
from sim.config.loader import load_document, validated
from sim.config.source import read_mapping, read_overrides
from sim.sweeps.spec import SweepSpec


@dataclass(frozen=True, eq=False)
class Sweep:
    """A validated sweep file, and where each of its keys was written."""

    spec: SweepSpec
    layer: Layer

    def error(self, place: Iterable[str | int], key: str, text: str) -> str:
        """A message about a config key that the sweep file names at `place`."""
        mark = str(self.layer.mark(tuple(place)))
        return ": ".join(part for part in (mark, key, text) if part)


def load_sweep(path: str | Path, overrides: Iterable[str] = ()) -> Sweep:
    """The sweep in a YAML file.

    path: the file; its bases are relative to it. overrides: ``key=value`` as after ``--set``, for every point.
    Raises ConfigError with all mistakes of the file itself; `plan_sweep` checks the keys and values it names.
    """

    def prepare(layer: Layer) -> None:
        _expand_bases(layer)
        _add_overrides(layer, tuple(overrides))

    return Sweep(*load_document(path, SweepSpec, prepare))


def build_sweep(mapping: Mapping[str, Any], base_dir: str | Path | None = None) -> Sweep:
    """The sweep in a mapping of the same keys as YAML; base_dir: where files start, by default the working folder."""
    folder = Path.cwd() if base_dir is None else Path(base_dir).resolve()
    layer = merge(read_mapping(mapping, folder), Mark("", folder), SweepSpec)
    _expand_bases(layer)
    return Sweep(validated(layer, SweepSpec), layer)


def _expand_bases(layer: Layer) -> None:
    """``base: x.yaml`` and lists become ``base: {x: {file: x.yaml}}``; what is neither is left to the validation."""
    base = layer.tree.get("base")
    files = [base] if isinstance(base, str) else base
    if isinstance(files, list) and all(isinstance(file, str) for file in files):
        names = [Path(file).stem for file in files]
        if len(set(names)) < len(names):
            text = "two bases of the same name: give each one, {NAME: FILE, …}"
            raise ConfigError([f"{layer.mark(('base',))}: base: {text}"])
        base = dict(zip(names, files, strict=True))
    if isinstance(base, dict):
        layer.tree["base"] = {k: {"file": v} if isinstance(v, str) else v for k, v in base.items()}


def _add_overrides(layer: Layer, overrides: tuple[str, ...]) -> None:
    if not overrides:
        return
    settings = layer.tree["set"] = layer.tree.get("set") or {}
    for text in overrides:
        key = text.partition("=")[0].strip()
        (parsed,) = read_overrides((text,))
        value: Any = parsed.tree
        for part in key.split("."):
            value = value[part]
        settings[key] = value
        layer.marks[("set", key)] = Mark(f"--set {text}", Path.cwd())
