"""Values a row takes from elsewhere when it says nothing: what its schema writes as `x-herite`.

`residence.categorie` names a field of a section; `site.operation`, a field of the row that this row's own `site`
refers to; `batiment.sites`, the only row of a complete table. An inherited value is a fact of the dossier, written
once for all the rows it holds for: it is not an absence read as an answer. In a list of origins, the next is tried
only when the table the first refers to has no row at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.loading.by_schema import BySchema
from rsaudit.shapes import resolve, table_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROWS, _EXTENT, _COMPLETE = "lignes", "etendue", "complete"


def inherit(data: dict[str, Any], sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Fill in place what rows inherit, in the order the schemas name it: tables referred to come first."""
    for section, schema in sections.items():
        content = data.get(section)
        if isinstance(content, dict):
            for name, heirs in _tables_of_heirs(schema).items():
                _fill(table_rows(content.get(name)), heirs, data)


def _read_heirs(schema: Mapping[str, Any]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return the tables of a section whose rows inherit, each with the fields that do."""
    found = {}
    for name, prop in (schema.get("properties") or {}).items():
        fields = _item_schema(prop, schema).get("properties") or {}
        heirs = {key: field for key, field in fields.items() if "x-herite" in field}
        if heirs:
            found[name] = heirs
    return found


_tables_of_heirs = BySchema(_read_heirs)


def _fill(rows: list[dict[str, Any]], heirs: Mapping[str, Mapping[str, Any]], data: dict[str, Any]) -> None:
    """Fill the rows of a table; what those that refer to the same row inherit is looked for once.

    No row inherits from another of its own table, which would be filled meanwhile.
    """
    referring = {
        key: [first for first in heirs if any(one.startswith(f"{first}.") for one in _origins(field))]
        for key, field in heirs.items()
    }
    known: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        for key, field in heirs.items():
            if row.get(key) is None:
                asked = (key, *map(row.get, referring[key]))
                if asked not in known:
                    known[asked] = _first(_origins(field), row, heirs, data)
                if known[asked] is not None:
                    row[key] = known[asked]


def _origins(field: Mapping[str, Any]) -> list[str]:
    found: str | list[str] = field["x-herite"]
    return [found] if isinstance(found, str) else found


def _first(
    origins: list[str], row: dict[str, Any], heirs: Mapping[str, Mapping[str, Any]], data: dict[str, Any]
) -> Any:
    for origin in origins:
        value = _inherited(origin, row, heirs, data)
        reference = heirs.get(origin.split(".", 1)[0])
        if value is not None or reference is None or _has_rows(reference["x-reference"], data):
            return value
    return None


def _has_rows(target: str, data: dict[str, Any]) -> bool:
    section, table, _ = target.split(".")
    content = data.get(section)
    return isinstance(content, dict) and bool(table_rows(content.get(table)))


def _inherited(
    origin: str, row: dict[str, Any], heirs: Mapping[str, Mapping[str, Any]], data: dict[str, Any]
) -> Any:
    first, name = origin.split(".", 1)
    if first in heirs:
        target = heirs[first].get("x-reference", "")
        return next((other.get(name) for other in _named(target, row.get(first), data)), None)
    content = data.get(first)
    found = content.get(name) if isinstance(content, dict) else None
    if isinstance(found, list | dict):
        return _only_identifier(found)
    return found


def _named(target: str, code: Any, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    section, table, key = target.split(".")
    content = data.get(section)
    if code is not None and isinstance(content, dict):
        yield from (other for other in table_rows(content.get(table)) if other.get(key) == code)


def _only_identifier(table: Any) -> Any:
    if not isinstance(table, dict) or table.get(_EXTENT) != _COMPLETE:
        return None
    found = table_rows(table)
    return found[0].get("ref") if len(found) == 1 else None


def _item_schema(prop: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    for shape in prop.get("anyOf") or (prop,):
        shape = resolve(shape, root)
        if shape.get("type") == "array":
            return resolve(shape.get("items") or {}, root)
    return {}
