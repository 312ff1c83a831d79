"""What facts brought from elsewhere would change in a dossier, fact by fact. Pure: nothing is decided, nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rsaudit.shapes import identifiers, resolve, table_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROWS, EXTENT, TOTAL, FILE = "lignes", "etendue", "effectif_total", "fichier"


class Kind(StrEnum):
    """What happens to a fact."""

    ADDED = "ajout"
    """The dossier did not know it."""
    CHANGED = "changement"
    """The dossier says something else."""
    NEW_ROW = "ligne"
    """A row the table did not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between a dossier and what is brought to it."""

    kind: Kind
    steps: tuple[str | tuple[str, ...], ...]
    """Keys from the section down; a row of a table is the tuple of its identifying values."""
    before: Any
    after: Any

    @property
    def shown(self) -> str:
        """Return « batiment.logements[101].type »."""
        text = ""
        for step in self.steps:
            if isinstance(step, tuple):
                text += f"[{'-'.join(step)}]"
            else:
                text += f".{step}" if text else step
        return text


def differences(
    existing: Mapping[str, Any], brought: Mapping[str, Any], sections: Mapping[str, Mapping[str, Any]]
) -> list[Change]:
    """Compare sections: what `brought` says and `existing` does not, or says otherwise.

    What `brought` does not say is left alone. Rows of a table are matched by their identifying fields.
    """
    found: list[Change] = []
    for section, content in brought.items():
        schema = sections[section]
        found.extend(_object(existing.get(section) or {}, content, (section,), schema, schema))
    return found


def _object(
    existing: Mapping[str, Any],
    brought: Mapping[str, Any],
    steps: tuple[Any, ...],
    shape: Mapping[str, Any],
    root: Mapping[str, Any],
) -> Iterator[Change]:
    for key, value in brought.items():
        if value is None:
            continue
        inner = resolve((shape.get("properties") or {}).get(key) or {}, root)
        yield from _field(existing.get(key), value, (*steps, key), inner, root)


def _field(
    before: Any, after: Any, steps: tuple[Any, ...], shape: Mapping[str, Any], root: Mapping[str, Any]
) -> Iterator[Change]:
    item = row_schema(shape, root)
    if item is not None and identifiers(item):
        yield from _table(before, after, steps, item, root)
    elif isinstance(after, dict):
        yield from _object(before if isinstance(before, dict) else {}, after, steps, shape, root)
    elif before is None:
        yield Change(kind=Kind.ADDED, steps=steps, before=None, after=after)
    elif before != after:
        yield Change(kind=Kind.CHANGED, steps=steps, before=before, after=after)


def _table(
    before: Any, after: Any, steps: tuple[Any, ...], item: Mapping[str, Any], root: Mapping[str, Any]
) -> Iterator[Change]:
    keys = identifiers(item)
    if before is None and not table_rows(after):
        yield Change(kind=Kind.ADDED, steps=steps, before=None, after=after)
        return
    if isinstance(after, dict):
        above = before if isinstance(before, dict) else {}
        for name in (EXTENT, TOTAL):
            if name in after:
                yield from _field(above.get(name), after[name], (*steps, name), {}, root)
    known = {identity(row, keys): row for row in table_rows(before)}
    for row in table_rows(after):
        code = identity(row, keys)
        if code in known:
            yield from _object(known[code], row, (*steps, code), item, root)
        else:
            yield Change(kind=Kind.NEW_ROW, steps=(*steps, code), before=None, after=row)


def identity(row: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    """Return what a row is known by."""
    return tuple(str(row.get(key)) for key in keys)


def row_schema(shape: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema of the rows of a field that is a list of objects, or `None`."""
    for branch in shape.get("anyOf") or (shape,):
        plain = resolve(branch, root)
        if plain.get("type") == "array":
            item = resolve(plain.get("items") or {}, root)
            return item if item.get("type") == "object" else None
    return None
