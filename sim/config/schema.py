"""The JSON Schema of a config file, for editors (yaml-language-server) and other programs."""

from __future__ import annotations

from typing import Any

from sim.config.run import RunConfig

_EXTENDS = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "file, or files, that this one changes; relative to this one, merged in order",
}


def json_schema() -> dict[str, Any]:
    """JSON Schema of one file: it may extend others, so no key is required, and null takes an inherited one away."""
    schema: dict[str, Any] = _relaxed(RunConfig.model_json_schema())
    schema["properties"] = {"extends": _EXTENDS} | schema["properties"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema


def _relaxed(node: Any) -> Any:
    if isinstance(node, list):
        return [_relaxed(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _relaxed(value) for key, value in node.items() if key not in ("required", "discriminator")}
    if "oneOf" in node:  # without required keys several members match a mapping that gives no kind
        node["anyOf"] = node.pop("oneOf")
    if isinstance(node.get("properties"), dict):
        node["properties"] = {key: _property(value) for key, value in node["properties"].items()}
    return node


def _property(node: dict[str, Any]) -> dict[str, Any]:
    """One key: a default as the user would write it, and null."""
    units = [part["x-unit"] for part in (node, *node.get("anyOf", ())) if "x-unit" in part]
    if units and isinstance(node.get("default"), float):
        node = node | {"default": f"{node['default']!r} {units[0]}"}
    about = {key: node[key] for key in ("title", "description", "default") if key in node}
    rest = {key: value for key, value in node.items() if key not in about}
    if rest.get("anyOf"):
        options = [*rest.pop("anyOf")]
        nulls = [] if {"type": "null"} in options else [{"type": "null"}]
        return about | rest | {"anyOf": [*options, *nulls]}
    return about | {"anyOf": [rest, {"type": "null"}]}
