"""The French names of the dossier's fields, read from the schemas: titles, pieces, words, roles.

The engine and the reports speak of fields through this table, so that no dossier key appears in Python.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from rsaudit.messages import typographic
from rsaudit.patterns import pattern
from rsaudit.shapes import at, table_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: How a document that says nothing is printed, when its field has no word of its own for it.
_SILENT = {"non_mentionne": "non mentionné", "aucun": "aucun"}
#: Keys of the object form of a table, which are no fields.
_OF_A_TABLE = {"lignes", "fichier", "feuille", "etendue", "effectif_total"}
#: What of a field its names are read from.
_NAMES = ("title", "x-piece", "x-libelles", "x-unite")
#: What says that a field may hold others.
_HOLDING = frozenset({"$ref", "anyOf", "properties", "items"})
_INDEX = pattern(r"\[[^\]]*\]")


class FieldName(Struct, frozen=True, kw_only=True):
    """What the schema says of one field."""

    title: str
    pieces: tuple[str, ...] = ()
    unit: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    """Word of the enumeration → how it is printed."""


class Vocabulary:
    """Every field of the dossier by its static path (« contrats.contrats.depot_garantie »)."""

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep the section schemas; they are followed only along the paths that are asked."""
        self._schemas = schemas
        self._objects: dict[str, list[Mapping[str, Any]]] = {}
        """Path → the fields of each object that may stand there."""
        self._names: dict[str, FieldName] = {}
        self._roles: dict[str, dict[str, str]] = {}
        self._pieces: dict[tuple[str, ...], tuple[str, ...]] = {}

    def field(self, path: str) -> FieldName:
        """Return the names of the field at `path` (subjects in brackets are ignored)."""
        static = _INDEX.sub("", path) if "[" in path else path
        known = self._names.get(static)
        if known is None:
            known = self._names[static] = self._named(static)
        return known

    def role(self, role: str) -> str | None:
        """Return the path of the field that plays a role in reports (`x-role`), or `None`."""
        return next((roles[role] for roles in map(self._roles_in, self._schemas) if role in roles), None)

    def rows_of(self, data: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
        """Return the rows whose identifying field plays a role: a plain list, or a table with its extent."""
        path = self.role(role)
        return table_rows(at(data, path.split(".")[:-1])) if path else []

    def word(self, word: str, path: str | None = None) -> str:
        """Return the printed form of a word of an enumeration, as its field names it."""
        label = self.field(path).words.get(word) if path else None
        return label or _SILENT.get(word) or word.replace("_", " ")

    def piece(self, code: str) -> str:
        """Return « CTYP (contrat type) » for the code of a kind of piece."""
        path = self.role("nature_de_piece")
        label = self.field(path).words.get(code) if path else None
        return f"{code} ({label})" if label else code

    def pieces(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Return kinds of pieces as printed: the same ones come back for every dossier."""
        found = self._pieces.get(codes)
        if found is None:
            found = self._pieces[codes] = tuple(map(self.piece, codes))
        return found

    def holders(self, code: str) -> tuple[str, ...]:
        """Return who holds a kind of piece, whoever is asked first at the head, as printed."""
        return tuple(self._holder_labels[holder] for holder in self._holders.get(code, ()))

    def holder_labels(self) -> dict[str, str]:
        """Return the printed name of each holder of pieces, in the order of the schemas."""
        return dict(self._holder_labels)

    def known(self, path: str) -> bool:
        """Say whether the schemas have a field at a static path."""
        return bool(self._schema_at(path))

    def paths(self) -> list[str]:
        """Return every static path, in schema order."""
        return [path for section in self._schemas for path in self._below(section)]

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        """Return who holds each kind of piece."""
        return self._gathered("x-detenteurs")

    @cached_property
    def _holder_labels(self) -> dict[str, str]:
        labels = self._gathered("x-libelles-detenteurs")
        return {holder: typographic(label) for holder, label in labels.items()}

    def _gathered(self, note: str) -> dict[str, Any]:
        """Return what a note, which is a table, says in every field."""
        fields = map(self._schema_at, self.paths())
        return {key: value for field in fields for key, value in (field.get(note) or {}).items()}

    def _roles_in(self, section: str) -> dict[str, str]:
        """Return the path of the field that plays each role in a section."""
        found = self._roles.get(section)
        if found is None:
            found = self._roles[section] = {}
            for path in self._below(section):
                role = self._schema_at(path).get("x-role")
                if role is not None:
                    found.setdefault(role, path)
        return found

    def _below(self, path: str) -> Iterator[str]:
        """Yield every path below one, in schema order."""
        for name in dict.fromkeys(name for fields in self._objects_at(path) for name in fields):
            yield f"{path}.{name}"
            yield from self._below(f"{path}.{name}")

    def _objects_at(self, path: str) -> list[Mapping[str, Any]]:
        """Return the fields of each object that may stand at a path: itself, a row of its list, of its table."""
        known = self._objects.get(path)
        if known is None:
            holders = self._schemas_at(path) if "." in path else [self._root(path)]
            known = self._objects[path] = [
                fields
                for holder in holders
                if not _HOLDING.isdisjoint(holder)
                for fields in _objects(holder, self._root(path))
            ]
        return known

    def _schemas_at(self, path: str) -> list[Mapping[str, Any]]:
        """Return the schema of a field in each object that may hold it."""
        above, _, name = path.rpartition(".")
        return [fields[name] for fields in self._objects_at(above) if name in fields] if above else []

    def _schema_at(self, path: str) -> Mapping[str, Any]:
        """Return the schema that a field has its names and its notes from; nothing of an unknown path."""
        schemas = self._schemas_at(path)
        return schemas[0] if schemas else {}

    def _root(self, path: str) -> Mapping[str, Any]:
        return self._schemas.get(path.split(".", 1)[0], {})

    def _named(self, path: str) -> FieldName:
        schema = self._schema_at(path)
        if not schema:
            return FieldName(title=path.rsplit(".", 1)[-1].replace("_", " "))
        merged: dict[str, Any] = {}
        for shape in (*_shapes(schema, self._root(path)), schema):  # what is written beside a reference wins
            merged.update({key: shape[key] for key in _NAMES if key in shape})
            items = shape.get("items")
            if isinstance(items, dict):
                for item in _shapes(items, self._root(path)):
                    merged.setdefault("x-libelles", item.get("x-libelles", {}))
        pieces = merged.get("x-piece") or ()
        words = {word: typographic(label) for word, label in (merged.get("x-libelles") or {}).items()}
        return FieldName(
            title=typographic(merged.get("title") or path.rsplit(".", 1)[-1]),
            pieces=(pieces,) if isinstance(pieces, str) else tuple(pieces),
            unit=merged.get("x-unite"),
            words=words,
        )


def _shapes(schema: Mapping[str, Any], root: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "$ref" in schema:
        return _shapes(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        return [shape for branch in schema["anyOf"] for shape in _shapes(branch, root)]
    return [schema]


def _objects(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of each object that a schema admits: itself, the items of a list, the rows of a table."""
    for shape in _shapes(schema, root):
        if "properties" in shape:
            properties = shape["properties"]
            if "lignes" in properties:
                yield {name: child for name, child in properties.items() if name not in _OF_A_TABLE}
                yield from _objects(properties["lignes"].get("items") or {}, root)
            elif "fichier" not in properties:
                yield properties
        if "items" in shape:
            yield from _objects(shape["items"], root)
