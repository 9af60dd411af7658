"""The JSON Schema of a config file, for editors (yaml-language-server) and other programs."""

from __future__ import annotations

from typing import Any

from sim.config.run import RunConfig

_EXTENDS = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "file, or files, that this one changes; relative to this one, merged in order",
}


def json_schema() -> dict[str, Any]:
    """JSON Schema of one file: it may extend others, so no key is required; null removes one."""
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
    """One key: a default as the user would write it, and null allowed."""
    node = {key: value for key, value in node.items() if key != "title"}
    options = [option for option in node.pop("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        node |= options[0]
        options = node.pop("anyOf", [{"$ref": node.pop("$ref")}] if "$ref" in node else [])
    if "x-unit" in node and isinstance(node.get("default"), float):
        node["default"] = f"{node['default']!r} {node['x-unit']}"
    if isinstance(node.get("additionalProperties"), dict):
        node["additionalProperties"] = {"anyOf": [node["additionalProperties"], {"type": "null"}]}
    if options:
        return node | {"anyOf": [*options, {"type": "null"}]}
    if "const" in node or "$ref" in node:  # the kind of a union's member, a whole section: never taken away
        return node
    if "enum" in node:
        node["enum"] = [*node["enum"], None]
    return node | {"type": [node["type"], "null"]}
