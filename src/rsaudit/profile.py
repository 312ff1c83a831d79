"""The closed profile of the section schemas: what a field is, what its rows are named by. Reads no dossier.

A `Shape` is one place of the schemas, references followed and unions named; shapes are made on demand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from rsaudit.errors import RsauditError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: The sections of a dossier, in reading order; `<section>.schema.json` describes each.
SECTIONS = ("residence", "batiment", "contrats", "reglement_interieur", "finances", "vie_sociale")
#: What accompanies a dossier: the frame of the audit, answers to manual points, derogations.
COMPANIONS = ("controle", "reponses", "derogations")

#: Keys of a table that is not a bare list.
ROWS, FILE, SHEET, EXTENT, TOTAL = "lignes", "fichier", "feuille", "etendue", "effectif_total"
SAMPLE = "echantillon"
SHARED = "commun"
SOURCE = "source"

_REF = "#/$defs/"


class Kind(Enum):
    """The families of values of the profile."""

    OBJECT = "objet"
    TABLE = "table"
    LIST = "liste"
    BOOLEAN = "booleen"
    WORD = "mot"
    DATE = "date"
    TEXT = "texte"
    INTEGER = "entier"
    NUMBER = "nombre"
    ANY = "quelconque"


@dataclass(slots=True, kw_only=True, eq=False)
class Shape:
    """One place of the schemas: an object, a table, a list or a field."""

    kind: Kind
    schema: Mapping[str, Any]
    """The resolved schema: that of the value itself in a union."""
    root: Mapping[str, Any]
    note: Mapping[str, Any]
    """Where title, examples and `x-` notes are read: the place first, then what it refers to."""
    silences: tuple[str, ...] = ()
    """Words admitted beside the value: `aucun`, `non_mentionne`."""
    optional_keys: tuple[str, ...] = ()
    """Keys of the forms of a table other than the one with rows."""
    _children: dict[str, Shape | None] = field(default_factory=dict)

    def child(self, key: str) -> Shape | None:
        """Return the shape of a property, or `None` when the object has none so named."""
        known = self._children.get(key, self)
        if known is not self:
            return known
        schema = self.schema.get("properties", {}).get(key)
        made = None if schema is None else make_shape(schema, self.root)
        self._children[key] = made
        return made

    @property
    def keys(self) -> tuple[str, ...]:
        """Property names, in schema order; for a table, those of both its forms."""
        return tuple(dict.fromkeys((*self.schema.get("properties", {}), *self.optional_keys)))

    @property
    def item(self) -> Shape | None:
        """The shape of an item of a list, or of a row of a table."""
        if self.kind is Kind.TABLE:
            rows = self.child(ROWS)
            return rows.item if rows is not None else None
        if "[]" not in self._children:
            items = self.schema.get("items")
            self._children["[]"] = make_shape(items, self.root) if isinstance(items, dict) else None
        return self._children["[]"]

    @property
    def identifier(self) -> tuple[str, ...]:
        """The fields that name an item (`x-identifiant`)."""
        found = self.note.get("x-identifiant") or ()
        return (found,) if isinstance(found, str) else tuple(found)

    @property
    def title(self) -> str | None:
        """French title of the place."""
        return self.note.get("title")

    @property
    def examples(self) -> list[Any]:
        """Examples of right values."""
        return list(self.note.get("examples") or ())

    @property
    def words(self) -> tuple[str, ...]:
        """The words of an enumeration, silences included."""
        return (
            *(str(word) for word in self.schema.get("enum") or () if isinstance(word, str)),
            *self.silences,
        )

    @property
    def synonyms(self) -> Mapping[str, str]:
        """Value written → canonical value."""
        return self.note.get("x-synonymes") or {}

    @property
    def free(self) -> bool:
        """True for free text, of which no error prints the value."""
        return bool(self.note.get("x-libre"))

    @property
    def unit(self) -> str | None:
        """Unit of a number."""
        return self.note.get("x-unite")

    @property
    def decimals(self) -> int | None:
        """How many decimals a number may have."""
        return self.note.get("x-decimales")

    @property
    def reference(self) -> str | None:
        """Static path of the field this one refers to (« batiment.logements.numero »)."""
        return self.note.get("x-reference")

    @property
    def shared(self) -> bool:
        """True for a block that may be taken from `communs/`."""
        return bool(self.note.get("x-commun"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schemas:
    """The schemas of a dossier's sections and of the files of a référentiel, with their shapes."""

    sections: dict[str, dict[str, Any]]
    """Section or companion → its JSON Schema."""
    formats: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Kind of référentiel file (`regle`, `parametres`…) → its JSON Schema."""
    _shapes: dict[str, Shape] = field(default_factory=dict)

    def shape(self, section: str) -> Shape | None:
        """Return the shape of a section, or `None` when there is none so named."""
        if section not in self._shapes:
            schema = self.sections.get(section)
            if schema is None:
                return None
            self._shapes[section] = make_shape(schema, schema)
        return self._shapes[section]

    def at(self, path: str) -> Shape | None:
        """Return the shape at a static path: rows are walked into, whatever the form of their table."""
        section, *keys = path.split(".")
        shape = self.shape(section)
        for key in keys:
            while shape is not None and shape.kind in {Kind.TABLE, Kind.LIST}:
                shape = shape.item
            shape = shape.child(key) if shape is not None else None
        return shape


def read_schemas(folder: Path) -> Schemas:
    """Read the schemas of a folder, numbers as decimals. A schema that cannot be read stops everything."""
    sections: dict[str, dict[str, Any]] = {}
    formats: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.schema.json")):
        name = path.name.removesuffix(".schema.json")
        try:
            schema = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        except (OSError, ValueError) as error:
            raise RsauditError(
                f"Schéma illisible : {path.name}.", "L’installation est incomplète : réinstaller rsaudit."
            ) from error
        kept = sections if name in SECTIONS or name in COMPANIONS else formats
        kept[name] = schema
    ordered = {name: sections[name] for name in (*SECTIONS, *COMPANIONS) if name in sections}
    return Schemas(sections=ordered, formats=formats)


def make_shape(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Shape:
    """Read one place of a schema: follow its references, name its union."""
    note = dict(schema)
    target = _follow(schema, root, note)
    branches = target.get("anyOf")
    if branches is None:
        return Shape(kind=_kind(target), schema=target, root=root, note=note)
    resolved = []
    for branch in branches:
        branch_note = dict(branch)
        resolved.append((_follow(branch, root, branch_note), branch_note))
    with_rows = next((b for b, _ in resolved if ROWS in b.get("properties", {})), None)
    if with_rows is not None:
        others = tuple(key for b, _ in resolved for key in b.get("properties", {}))
        return Shape(kind=Kind.TABLE, schema=with_rows, root=root, note=note, optional_keys=others)
    words = tuple(str(word) for b, _ in resolved if "type" not in b for word in b.get("enum", ()))
    values = [(b, n) for b, n in resolved if "type" in b]
    if len(values) != 1:
        return Shape(kind=Kind.ANY, schema=target, root=root, note=note)
    value, value_note = values[0]
    return Shape(kind=_kind(value), schema=value, root=root, note={**value_note, **note}, silences=words)


def _follow(schema: Mapping[str, Any], root: Mapping[str, Any], note: dict[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix(_REF)]
        for key, value in schema.items():
            note.setdefault(key, value)
    return schema


def _kind(schema: Mapping[str, Any]) -> Kind:
    wanted = schema.get("type")
    if wanted == "string":
        if schema.get("format") == "date":
            return Kind.DATE
        return Kind.WORD if "enum" in schema else Kind.TEXT
    if isinstance(wanted, list):
        return Kind.BOOLEAN if "boolean" in wanted else Kind.ANY
    simple = {
        "object": Kind.OBJECT,
        "array": Kind.LIST,
        "integer": Kind.INTEGER,
        "number": Kind.NUMBER,
        "boolean": Kind.BOOLEAN,
    }
    if wanted is None and "enum" in schema:
        return Kind.WORD
    return simple.get(wanted, Kind.ANY) if isinstance(wanted, str) else Kind.ANY


def walk_fields(shape: Shape, prefix: str = "") -> Iterator[tuple[str, Shape]]:
    """Yield the simple fields and word lists of an object, nested objects by dotted names."""
    for key in shape.schema.get("properties", {}):
        child = shape.child(key)
        if child is None:
            continue
        if child.kind is Kind.OBJECT:
            yield from walk_fields(child, f"{prefix}{key}.")
        elif child.kind not in {Kind.TABLE, Kind.ANY}:
            yield f"{prefix}{key}", child
