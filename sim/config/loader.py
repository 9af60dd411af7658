"""From a YAML file, or a mapping, to a validated RunConfig."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.config.errors import explain
from sim.config.layers import Layer, Mark, Place, merge
from sim.config.run import RunConfig
from sim.config.source import read_files, read_mapping, read_overrides
from sim.config.tree import child, null_is_a_value, unwrap


def load_config(path: str | Path, overrides: Iterable[str] = ()) -> RunConfig:
    """The config in a YAML file.

    path: the file; what it `extends` and each `file` it names are relative to the file that says so.
    overrides: ``key.sub=value`` as after ``--set``, values parsed as YAML; files relative to where one works.
    Raises ConfigError with all mistakes, each as ``file:line:col: key: what was expected``.
    """
    path = Path(path)
    layers = [*read_files(path, str(path)), *read_overrides(tuple(overrides))]
    merged = merge(layers, Mark(str(path), path.resolve().parent))
    if merged.tree.get("name") is None:
        merged.tree["name"] = path.stem
    return _validated(merged)


def build_config(mapping: Mapping[str, Any], base_dir: str | Path | None = None) -> RunConfig:
    """The config in a mapping of the same keys and texts as YAML (``{"cell": {"length": "10 um", …}, …}``).

    base_dir: where `extends` and files start; by default the working folder.
    Raises ConfigError, with places only for what a file says.
    """
    base = Path.cwd() if base_dir is None else Path(base_dir).resolve()
    return _validated(merge(read_mapping(mapping, base), Mark("", base)))


def _validated(layer: Layer) -> RunConfig:
    layer.tree = normalised(layer.tree, layer)
    try:
        return RunConfig.model_validate(layer.tree)
    except ValidationError as error:
        raise explain(error, layer) from None


def normalised(tree: Any, layer: Layer, annotation: Any = RunConfig, path: Place = ()) -> Any:
    """The tree without nulls that mean 'absent', and with absolute file names."""
    if isinstance(tree, dict):
        kept = {k: v for k, v in tree.items() if v is not None or null_is_a_value(annotation, k, tree)}
        return {k: normalised(v, layer, child(annotation, k, tree), (*path, k)) for k, v in kept.items()}
    if isinstance(tree, list):
        return [normalised(v, layer, child(annotation, i, tree), (*path, str(i))) for i, v in enumerate(tree)]
    if isinstance(tree, (str, Path)) and unwrap(annotation) is Path:
        return str((layer.mark(path).base_dir / tree).resolve())
    return tree
