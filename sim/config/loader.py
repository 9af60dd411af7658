"""From a YAML file, or a mapping, to a validated RunConfig; other documents in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.config.errors import explain
from sim.config.layers import Layer, Mark, Place, merge
from sim.config.run import RunConfig
from sim.config.section import Section
from sim.config.source import read_files, read_mapping, read_overrides
from sim.config.tree import child, null_is_a_value, unwrap

Document = TypeVar("Document", bound=Section)


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
    return validated(merged, RunConfig)


def build_config(mapping: Mapping[str, Any], base_dir: str | Path | None = None) -> RunConfig:
    """The config in a mapping of the same keys and texts as YAML (``{"cell": {"length": "10 um", …}, …}``).

    base_dir: where `extends` and files start; by default the working folder.
    Raises ConfigError, with places only for what a file says.
    """
    base = Path.cwd() if base_dir is None else Path(base_dir).resolve()
    return validated(merge(read_mapping(mapping, base), Mark("", base)), RunConfig)


def load_document(
    path: str | Path, model: type[Document], prepare: Callable[[Layer], None]
) -> tuple[Document, Layer]:
    """A YAML file of another kind than a run (a sweep), and its tree with the place of every key.

    path: the file, which may extend others; prepare: changes the tree before it is validated, such as short forms
    into full ones. Raises ConfigError as `load_config` does.
    """
    path = Path(path)
    merged = merge(read_files(path, str(path)), Mark(str(path), path.resolve().parent), model)
    if merged.tree.get("name") is None:
        merged.tree["name"] = path.stem
    prepare(merged)
    return validated(merged, model), merged


def validated(layer: Layer, model: type[Document]) -> Document:
    """The document in a layer, whose tree is normalised on the way; raises ConfigError."""
    layer.tree = normalised(layer.tree, layer, model)
    try:
        return model.model_validate(layer.tree)
    except ValidationError as error:
        raise explain(error, layer, model) from None


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
