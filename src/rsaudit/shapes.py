"""How our schemas, and the data they describe, are read wherever a field is looked at.

References followed, what a row is known by, what stands at a path, the rows of a table in any of its forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ROWS = "lignes"


def resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow local references; what is written beside one wins."""
    while "$ref" in schema:
        target = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        merged = {**target, **schema}
        del merged["$ref"]
        if "$ref" in target:
            merged["$ref"] = target["$ref"]
        schema = merged
    return schema


def identifiers(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that tell one row from the others, from the schema of the rows; often none or one."""
    named = item.get("x-identifiant") or ()
    return (named,) if isinstance(named, str) else tuple(named)


def at(owner: Any, path: Iterable[str]) -> Any:
    """Return what stands at a path below an object, or `None`."""
    for step in path:
        owner = owner.get(step) if isinstance(owner, dict) else None
    return owner


def table_rows(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a list, or of a table with its extent, each the very object it holds."""
    found = table.get(_ROWS) if isinstance(table, dict) else table
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
