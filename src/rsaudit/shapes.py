"""How our schemas are read wherever a field is looked at: references followed, what a row is known by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow local references; what is written beside one wins."""
    while "$ref" in schema:
        target = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def identifiers(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that tell one row from the others, from the schema of the rows; often none or one."""
    named = item.get("x-identifiant") or ()
    return (named,) if isinstance(named, str) else tuple(named)
