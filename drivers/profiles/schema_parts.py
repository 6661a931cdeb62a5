"""Pieces that the schema of profile files is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def record(properties: Mapping[str, Schema], *, needed: tuple[str, ...] = ()) -> Schema:
    """Return a mapping with these fields and no others."""
    required: Schema = {"required": list(needed)} if needed else {}
    return {"type": "object", "properties": dict(properties), **required, "additionalProperties": False}


def table(item: Schema, description: str, *, names: str | None = None) -> Schema:
    """Return a mapping of any names, or those of a pattern, to items; at least one."""
    keys: Schema = {} if names is None else {"propertyNames": {"pattern": names}}
    return {
        "type": "object",
        "minProperties": 1,
        **keys,
        "additionalProperties": item,
        "description": description,
    }


def listed(item: Schema, description: str, *, least: int = 0) -> Schema:
    """Return a list of items."""
    length: Schema = {"minItems": least} if least else {}
    return {"type": "array", "items": item, **length, "description": description}


def choice(allowed: tuple[str, ...], description: str) -> Schema:
    """Return one of some words."""
    return {"enum": list(allowed), "description": description}


def text(description: str) -> Schema:
    """Return a text, which may look like a number or a switch."""
    return {"type": ["string", "number", "boolean"], "minLength": 1, "description": description}


def number(description: str) -> Schema:
    """Return a number."""
    return {"type": "number", "description": description}


def integer(low: int, high: int, description: str) -> Schema:
    """Return a whole number."""
    return {"type": "integer", "minimum": low, "maximum": high, "description": description}


def reference(name: str, description: str) -> Schema:
    """Return a use of one of the schema's definitions."""
    return {"$ref": f"#/$defs/{name}", "description": description}


def when(there: Schema, then: Schema, needed: list[str]) -> Schema:
    """Return what fields demand of others: if these are there like this, those must be like that."""
    return {
        "if": {"properties": there, "required": list(there)},
        "then": {"properties": then, "required": needed},
    }
