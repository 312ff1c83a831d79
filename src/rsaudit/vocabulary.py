"""The French names of the dossier's fields, read from the schemas: titles, pieces, words, roles.

The engine and the reports speak of fields through this table, so that no dossier key appears in Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from rsaudit.messages import typographic
from rsaudit.patterns import pattern
from rsaudit.shapes import at, table_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How a document that says nothing is printed, when its field has no word of its own for it.
_SILENT = {"non_mentionne": "non mentionné", "aucun": "aucun"}
#: Keys of the object form of a table, which are no fields.
_OF_A_TABLE = {"lignes", "fichier", "feuille", "etendue", "effectif_total"}
_INDEX = pattern(r"\[[^\]]*\]")


class FieldName(Struct, frozen=True, kw_only=True):
    """What the schema says of one field."""

    title: str
    pieces: tuple[str, ...] = ()
    unit: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    """Word of the enumeration → how it is printed."""


class _Waiting(Struct, frozen=True):
    """A field whose names nobody asked for yet: its schema, branch by branch, and the schema that holds it."""

    shapes: list[Mapping[str, Any]]
    root: Mapping[str, Any]


class Vocabulary:
    """Every field of the dossier by its static path (« contrats.contrats.depot_garantie »)."""

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep the section schemas; each is indexed when something of it is first asked."""
        self._fields: dict[str, FieldName | _Waiting] = {}
        self._roles: dict[str, dict[str, str]] = {section: {} for section in schemas}
        self._landmarks: set[str] = set()
        self._asked: dict[str, bool] = {}
        """Path → whether it is a landmark, as far as it was asked."""
        self._holders: dict[str, list[str]] = {}
        self._holder_labels: dict[str, str] = {}
        self._pieces: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._waiting = dict(schemas)

    def _index(self, section: str) -> None:
        schema = self._waiting.pop(section, None)
        if schema is not None:
            self._walk(section, _shapes(schema, schema), schema)

    def is_landmark(self, path: str) -> bool:
        """Say whether the field at a static path says from where the facts are read, as the day they were taken.

        It is no fact that a piece would show (`x-repere`). It is asked of every field that a constat reads.
        """
        known = self._asked.get(path)
        if known is None:
            self._index(path.split(".", 1)[0])
            known = self._asked[path] = path in self._landmarks
        return known

    def field(self, path: str) -> FieldName:
        """Return the names of the field at `path` (subjects in brackets are ignored)."""
        static = _INDEX.sub("", path) if "[" in path else path
        self._index(static.split(".", 1)[0])
        known = self._fields.get(static)
        if isinstance(known, _Waiting):
            known = self._fields[static] = _named(static, known)
        if known is not None:
            return known
        return FieldName(title=static.rsplit(".", 1)[-1].replace("_", " "))

    def role(self, role: str) -> str | None:
        """Return the path of the field that plays a role in reports (`x-role`), or `None`."""
        for section, roles in self._roles.items():
            self._index(section)
            if role in roles:
                return roles[role]
        return None

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
        self._index_all()
        return tuple(self._holder_labels[holder] for holder in self._holders.get(code, ()))

    def holder_labels(self) -> dict[str, str]:
        """Return the printed name of each holder of pieces, in the order of the schemas."""
        self._index_all()
        return dict(self._holder_labels)

    def known(self, path: str) -> bool:
        """Say whether the schemas have a field at a static path."""
        self._index(path.split(".", 1)[0])
        return path in self._fields

    def paths(self) -> list[str]:
        """Return every static path, in schema order."""
        self._index_all()
        return list(self._fields)

    def _index_all(self) -> None:
        for section in list(self._waiting):
            self._index(section)

    def _walk(self, path: str, shapes: list[Mapping[str, Any]], root: Mapping[str, Any]) -> None:
        for shape in shapes:
            properties = shape.get("properties") or {}
            is_table = "lignes" in properties
            if is_table or "fichier" not in properties:
                for name, child in properties.items():
                    if is_table and name in _OF_A_TABLE:
                        continue
                    child_path = f"{path}.{name}"
                    below = _shapes(child, root)
                    self._record(child_path, child, below, root)
                    self._walk(child_path, below, root)
            rows = properties.get("lignes") or {}
            for items in (shape.get("items"), rows.get("items")):
                if items is not None:
                    self._walk(path, _shapes(items, root), root)

    def _record(
        self, path: str, schema: Mapping[str, Any], shapes: list[Mapping[str, Any]], root: Mapping[str, Any]
    ) -> None:
        if path in self._fields:
            return
        shapes = [*shapes, schema]
        self._fields[path] = _Waiting(shapes, root)
        self._holders.update(schema.get("x-detenteurs") or {})
        for holder, label in (schema.get("x-libelles-detenteurs") or {}).items():
            self._holder_labels[holder] = typographic(label)
        if any(shape.get("x-repere") for shape in shapes):
            self._landmarks.add(path)
        roles = [shape["x-role"] for shape in shapes if "x-role" in shape]
        if roles:
            self._roles[path.split(".", 1)[0]].setdefault(roles[-1], path)


def _shapes(schema: Mapping[str, Any], root: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "$ref" in schema:
        return _shapes(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        return [shape for branch in schema["anyOf"] for shape in _shapes(branch, root)]
    return [schema]


def _named(path: str, waiting: _Waiting) -> FieldName:
    merged: dict[str, Any] = {}
    for shape in waiting.shapes:
        merged.update(
            {key: shape[key] for key in ("title", "x-piece", "x-libelles", "x-unite") if key in shape}
        )
        items = shape.get("items")
        if isinstance(items, dict):
            for item in _shapes(items, waiting.root):
                merged.setdefault("x-libelles", item.get("x-libelles", {}))
    pieces = merged.get("x-piece") or ()
    words = {word: typographic(label) for word, label in (merged.get("x-libelles") or {}).items()}
    return FieldName(
        title=typographic(merged.get("title") or path.rsplit(".", 1)[-1]),
        pieces=(pieces,) if isinstance(pieces, str) else tuple(pieces),
        unit=merged.get("x-unite"),
        words=words,
    )
