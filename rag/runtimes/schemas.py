"""Whether a reply follows a JSON schema, for servers that cannot be made to follow one."""

import json
from collections.abc import Mapping
from typing import Any

KINDS: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def json_in(text: str, schema: Mapping[str, Any]) -> str | None:
    """The first JSON value in a text that follows the schema, as it stands there; None where there is none."""
    decoder = json.JSONDecoder()
    for at, sign in enumerate(text):
        if sign in "{[":
            try:
                value, end = decoder.raw_decode(text, at)
            except ValueError:
                continue
            if follows(value, schema):
                return text[at:end]
    return None


def follows(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value has the kinds, the required names, the choices and the bounds that a schema gives."""
    if any(several in schema for several in ("anyOf", "oneOf")):
        return any(follows(value, each) for each in schema.get("anyOf") or schema["oneOf"])
    if ("const" in schema and value != schema["const"]) or value not in schema.get("enum", [value]):
        return False
    kind = schema.get("type")
    if kind and (not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return False
    if isinstance(value, dict):
        names = schema.get("properties", {})
        extra = schema.get("additionalProperties", True) is False and set(value) - set(names)
        required = set(schema.get("required", [])) <= set(value)
        return required and not extra and all(follows(value[name], names[name]) for name in names if name in value)
    if isinstance(value, list):
        most = schema.get("maxItems", len(value))
        inside = all(follows(each, schema.get("items", {})) for each in value)
        return schema.get("minItems", 0) <= len(value) <= most and inside
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True
