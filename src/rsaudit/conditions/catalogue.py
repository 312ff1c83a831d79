"""The types of every path of a dossier, read from the JSON Schemas of its sections (closed profile). Knows no key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from rsaudit.conditions.datatypes import (
    SILENT_WORDS,
    Bool,
    Date,
    Item,
    Num,
    Ref,
    Span,
    Table,
    Text,
    Type,
    Word,
    Words,
)
from rsaudit.conditions.exact import percent
from rsaudit.shapes import identifiers, resolve

if TYPE_CHECKING:
    from rsaudit.conditions.values import Number

Schema: TypeAlias = Mapping[str, Any]

ROWS = "lignes"
"""Key of the rows in the object form of a table."""
YEAR = "année"
"""The unit of a calendar year: a number without unit, written without thousands."""
_DURATION_MARK = "mois"
_HUNDRED = 100


class Catalogue:
    """The types of a dossier, resolved on demand and remembered."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._fields: dict[tuple[str, str], Type | None] = {}
        self._shapes: dict[str, tuple[Schema, Schema]] = {}
        self._sections: dict[str, Item] = {}
        self._referrers: dict[str, list[tuple[str, str]]] | None = None

    @classmethod
    def from_schemas(cls, schemas: Mapping[str, Schema]) -> Catalogue:
        """Read the schemas of the sections, by section name."""
        return cls(schemas)

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the sections."""
        return tuple(self._schemas)

    def section(self, name: str) -> Item | None:
        """Return the type of a section."""
        if name not in self._schemas:
            return None
        if name not in self._sections:
            schema = self._schemas[name]
            self._sections[name] = self._item(name, resolve(schema, schema), schema, row=False)
        return self._sections[name]

    def at(self, path: str) -> Type | None:
        """Return the type at a static path (`contrats.contrats.depot_garantie`: rows are stepped into)."""
        first, *rest = path.split(".")
        found: Type | None = self.section(first)
        for name in rest:
            owner = found.item if isinstance(found, Table) else found
            if not isinstance(owner, Item):
                return None
            found = owner.fields(name)
        return found

    def is_landmark(self, path: str) -> bool:
        """Say whether the field at a static path says from where the facts are read, as the day they were taken.

        It is no fact that a piece would show (`x-repere`).
        """
        above, _, name = path.rpartition(".")
        if self.at(above) is None or above not in self._shapes:
            return False
        fields = self._shapes[above][0].get("properties") or {}
        return bool((fields.get(name) or {}).get("x-repere"))

    def paths(self) -> Iterator[str]:
        """Yield the static path of every field, in schema order."""
        for section in self._schemas:
            item = self.section(section)
            if item is not None:
                yield from _paths_under(item)

    def referrers(self, table: str) -> list[tuple[str, str]]:
        """Return the (list, field) pairs whose field refers to `table`."""
        if self._referrers is None:
            self._referrers = {}
            for section in self._schemas:
                self._index_references(self.section(section), nested=False)
        return self._referrers.get(table, [])

    def _index_references(self, item: Item | None, *, nested: bool) -> None:
        """Note references held by rows of lists that are not themselves inside a list."""
        for name in item.names() if item is not None else ():
            found = item.fields(name) if item is not None else None
            if isinstance(found, Item):
                self._index_references(found, nested=nested)
            elif isinstance(found, Table) and isinstance(found.item, Item) and not nested:
                for key in found.item.names():
                    reference = found.item.fields(key)
                    if isinstance(reference, Ref) and self._referrers is not None:
                        self._referrers.setdefault(reference.table, []).append((found.path, key))

    # -- schema -> type --------------------------------------------------------------------------------

    def _item(self, path: str, shape: Schema, root: Schema, *, row: bool) -> Item:
        self._shapes[path] = (shape, root)
        return Item(
            path=path,
            row=row,
            identifier=identifiers(shape),
            fields=lambda name: self._field(path, name),
            names=lambda: iter(shape.get("properties") or ()),
        )

    def _field(self, owner: str, name: str) -> Type | None:
        key = (owner, name)
        if key not in self._fields:
            shape, root = self._shapes[owner]
            schema = (shape.get("properties") or {}).get(name)
            self._fields[key] = None if schema is None else self._type(f"{owner}.{name}", schema, root)
        return self._fields[key]

    def _type(self, path: str, schema: Schema, root: Schema) -> Type:
        shape = resolve(schema, root)
        if "anyOf" in shape:
            return self._union(path, shape, root)
        if "enum" in shape or "const" in shape:
            return _enumeration(tuple(shape["enum"]) if "enum" in shape else (shape["const"],), path)
        kind = shape.get("type")
        if kind == "array":
            return self._list(path, shape, root, has_extent=False)
        if kind == "object" or "properties" in shape:
            return self._item(path, shape, root, row=False)
        if kind == "boolean" or (isinstance(kind, list) and "boolean" in kind):
            return Bool()
        if kind in {"number", "integer"}:
            return _number(shape)
        return _text(shape)

    def _union(self, path: str, shape: Schema, root: Schema) -> Type:
        notes = {key: value for key, value in shape.items() if key != "anyOf"}
        silent: set[str] = set()
        rest: list[Schema] = []
        for branch in shape["anyOf"]:
            resolved = resolve(branch, root)
            words = set(resolved.get("enum") or ([resolved["const"]] if "const" in resolved else ()))
            if words and words <= SILENT_WORDS:
                silent |= words
            else:
                rest.append(resolved)
        if any(ROWS in (branch.get("properties") or {}) for branch in rest):
            rows = next((branch for branch in rest if branch.get("type") == "array"), None)
            if rows is None:
                holder = next(branch for branch in rest if ROWS in branch["properties"])
                rows = resolve(holder["properties"][ROWS], root)
            return self._list(path, rows, root, has_extent=True)
        found = (
            self._type(path, {**rest[0], **notes}, root)
            if rest
            else Word(words=tuple(sorted(silent)), path=path)
        )
        return found if isinstance(found, Item) or not silent else _with_silence(found, frozenset(silent))

    def _list(self, path: str, shape: Schema, root: Schema, *, has_extent: bool) -> Type:
        items = resolve(shape.get("items") or {}, root)
        if items.get("type") == "object" or "properties" in items:
            return Table(item=self._item(path, items, root, row=True), path=path, has_extent=has_extent)
        return Words(item=self._type(path, items, root), path=path)


def _with_silence(found: Type, silent: frozenset[str]) -> Type:
    if isinstance(found, Word):
        words = (*found.words, *sorted(silent.difference(found.words)))
        return Word(words=words, silent=SILENT_WORDS.intersection(words), path=found.path)
    scalar: Any = found
    return replace(scalar, silent=silent)  # type: ignore[no-any-return]


def _enumeration(values: tuple[Any, ...], path: str) -> Type:
    if any(isinstance(value, bool) for value in values):
        return Bool()
    if all(isinstance(value, int | Decimal) for value in values):
        integer = all(isinstance(value, int) for value in values)
        return Num(low=min(values), high=max(values), integer=integer)
    words = tuple(str(value) for value in values)
    return Word(words=words, silent=SILENT_WORDS.intersection(words), path=path)


def _number(shape: Schema) -> Num:
    unit = shape.get("x-unite")
    if unit == YEAR:
        return Num(low=shape.get("minimum"), high=shape.get("maximum"), integer=True, year=True)
    low, high = _exact(shape.get("minimum")), _exact(shape.get("maximum"))
    is_percent = unit == "%"
    if is_percent:
        low = percent(low) if low is not None else None
        high = percent(high) if high is not None else None
    return Num(unit=unit, low=low, high=high, integer=shape.get("type") == "integer", percent=is_percent)


def _exact(value: Any) -> Number | None:
    if value is None or isinstance(value, int | Decimal | Fraction):
        return value
    return Decimal(repr(value))


def _text(shape: Schema) -> Type:
    if shape.get("format") == "date":
        return Date()
    if "x-reference" in shape:
        table, _, key = shape["x-reference"].rpartition(".")
        return Ref(table=table, key=key)
    if _DURATION_MARK in (shape.get("pattern") or ""):
        return Span()
    return Text(longest=shape.get("maxLength"))


def _paths_under(item: Item) -> Iterator[str]:
    for name in item.names():
        yield f"{item.path}.{name}"
        found = item.fields(name)
        inner = found.item if isinstance(found, Table) else found
        if isinstance(inner, Item):
            yield from _paths_under(inner)
