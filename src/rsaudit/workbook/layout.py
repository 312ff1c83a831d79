"""The sheets of a workbook and what each cell holds, derived from the schemas: no field is named here.

A section has one sheet for its plain facts, one line a field; each of its lists has one more, one line an object,
whose nested lists have theirs, tied to it by its identifiers. Headings are the titles of the schemas.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rsaudit.loading.cells import CellType
from rsaudit.messages import typographic
from rsaudit.messages import workbook as say
from rsaudit.shapes import identifiers, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROWS, EXTENT, TOTAL, SOURCE = "lignes", "etendue", "effectif_total", "source"
_SHARED = "commun"
_LONGEST_NAME = 31
"""Characters of the name of a sheet, as spreadsheets admit."""


def folded(text: str) -> str:
    """Give the form under which headings and words are compared: no case, accent, or kind of space or hyphen."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\s_–—-]+", " ", bare).strip()


MARK = ""
"""Key of the number given to the rows of a table that has nested lists and no identifier: of the workbook alone."""
_MARK_SHAPE = {"type": "integer", "minimum": 1, "title": say.MARK, "description": say.MARK_HELP}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One field: where it is below its row or its section, and what its cell holds."""

    path: tuple[str, ...]
    titles: tuple[str, ...]
    kind: CellType
    labels: Mapping[str, str] = field(default_factory=dict)
    """Word → how it is shown, for every word the field admits."""
    closed: bool = False
    """Nothing but these words may be written."""
    many: bool = False
    """A list of values."""
    early: bool = False
    """Filled in before the convention is signed."""
    required: bool = False
    constant: Any = None
    """The only value there is."""
    pattern: str | None = None
    reference: str | None = None
    unit: str | None = None
    description: str = ""
    examples: tuple[Any, ...] = ()
    pieces: tuple[str, ...] = ()
    choice: str | None = None
    """The option of a new dossier that this field answers."""
    early_words: tuple[str, ...] = ()
    """Its words under which the convention is not signed yet."""
    rows_of: tuple[str, ...] | None = None
    """For the mark of a nested list, that says only whether it is empty: its path below the row."""

    @property
    def heading(self) -> str:
        """Return the heading of the column: its titles from the row down."""
        return say.joined(self.titles)

    @cached_property
    def by_label(self) -> dict[str, str]:
        """Return the words by the folded form of their label, and of the word itself."""
        known = {folded(word): word for word in self.labels}
        known.update({folded(label): word for word, label in self.labels.items()})
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What forms and tables share."""

    name: str
    title: str
    description: str
    section: str
    early: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Sheet):
    """The plain facts of a section: one line a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Sheet):
    """A list of objects: one line an object."""

    path: tuple[str, ...]
    """From the section to the list; for a nested list, from the row that holds it."""
    static: str
    """« section.list.nested_list », as references write it."""
    settings: tuple[Column, ...] = ()
    """Extent, total and source of the table itself, above its headings; none for a plain list."""
    parent: Table | None = None
    keys: tuple[Column, ...] = ()
    """The identifiers of the row that holds a nested list, repeated in the first columns."""
    identifiers: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Return the number of columns, keys included."""
        return len(self.keys) + len(self.columns)


@dataclass(frozen=True)
class Layout:
    """Every sheet of a dossier, those needed before signature first."""

    sheets: tuple[Form | Table, ...]

    @cached_property
    def by_name(self) -> dict[str, Form | Table]:
        """Return the sheets by the folded form of their name."""
        return {folded(sheet.name): sheet for sheet in self.sheets}

    def tables(self) -> Iterator[Table]:
        """Yield the tables; one that holds another comes before it."""
        yield from (sheet for sheet in self.sheets if isinstance(sheet, Table))

    def forms(self) -> Iterator[Form]:
        """Yield the forms."""
        yield from (sheet for sheet in self.sheets if isinstance(sheet, Form))


def layout_of(schemas: Mapping[str, Mapping[str, Any]]) -> Layout:
    """Derive the sheets from the schemas of the sections."""
    found: list[Form | Table] = []
    for section, schema in schemas.items():
        found.extend(_Section(section, schema).sheets())
    return Layout(tuple(_parents_first(found)))


def _parents_first(sheets: list[Form | Table]) -> Iterator[Form | Table]:
    """Put sheets needed before signature first, each table followed by those it holds."""
    nested = [sheet for sheet in sheets if isinstance(sheet, Table) and sheet.parent is not None]
    tops = [sheet for sheet in sheets if not isinstance(sheet, Table) or sheet.parent is None]
    for sheet in sorted(tops, key=lambda sheet: not sheet.early):
        yield sheet
        yield from (child for child in nested if child.parent is sheet)


class _Section:
    """The sheets of one section."""

    def __init__(self, section: str, schema: Mapping[str, Any]) -> None:
        self.section = section
        self.root = schema
        self.tables: list[Table] = []

    def sheets(self) -> list[Form | Table]:
        columns = self._columns(self.root, (), (), parent=None, static=self.section)
        title = typographic(self.root["title"])
        form = Form(
            name=_name(self.root.get("x-feuille") or title),
            title=title,
            description=typographic(self.root.get("description", "")),
            section=self.section,
            early=any(column.early for column in columns),
            columns=_by_group(columns),
        )
        return [form, *self.tables] if columns else list(self.tables)

    def _columns(
        self,
        schema: Mapping[str, Any],
        path: tuple[str, ...],
        titles: tuple[str, ...],
        *,
        parent: Table | None,
        static: str,
    ) -> list[Column]:
        """Return the plain fields of an object, those of nested objects too; its lists become tables."""
        found = []
        early = bool(schema.get("x-avant-signature"))
        for name, prop in (schema.get("properties") or {}).items():
            if name == _SHARED and schema.get("x-commun"):
                continue
            shape = resolve(prop, self.root)
            here, named = (*path, name), (*titles, typographic(shape.get("title", name)))
            item = _item(shape, self.root)
            if item is not None:
                found.extend(self._list(shape, item, here, named, parent=parent, static=f"{static}.{name}"))
            elif shape.get("type") == "object":
                inner = {**shape, "x-avant-signature": early} if name == SOURCE else shape
                found.extend(self._columns(inner, here, named, parent=parent, static=f"{static}.{name}"))
            else:
                column = _column(shape, self.root, here, named, required=name in schema.get("required", ()))
                found.append(column)
        return found

    def _list(
        self,
        shape: Mapping[str, Any],
        item: Mapping[str, Any],
        path: tuple[str, ...],
        titles: tuple[str, ...],
        *,
        parent: Table | None,
        static: str,
    ) -> list[Column]:
        """Make the table of a list; in a row, return the column that says whether the list is empty."""
        title = say.joined((parent.title, *titles)) if parent else titles[-1]
        known_by = identifiers(item)
        draft = Table(
            name=_name(shape.get("x-feuille") or title),
            title=title,
            description=typographic(shape.get("description", "")),
            section=self.section,
            early=bool(shape.get("x-avant-signature")),
            columns=(),
            path=path,
            static=static,
            settings=self._settings(shape),
            parent=parent,
            keys=self._keys(parent),
            identifiers=known_by,
        )
        place = len(self.tables)
        columns = self._columns(item, (), (), parent=draft, static=static)
        if len(self.tables) > place and not known_by:
            known_by = (MARK,)
            columns.append(_column(_MARK_SHAPE, self.root, known_by, (say.MARK,), required=False))
        first = sorted(columns, key=lambda column: (not _identifies(column, known_by), not column.early))
        table = replace(draft, columns=tuple(first), identifiers=known_by)
        children = [replace(child, parent=table, keys=self._keys(table)) for child in self.tables[place:]]
        self.tables[place:] = [table, *children]
        if parent is None:
            return []
        mark = _column(shape, self.root, path, titles, required=False)
        return [_marked(mark, path)]

    def _settings(self, shape: Mapping[str, Any]) -> tuple[Column, ...]:
        for branch in shape.get("anyOf") or ():
            branch = resolve(branch, self.root)
            properties = branch.get("properties") or {}
            if ROWS in properties:
                own = {name: prop for name, prop in properties.items() if name != ROWS}
                found = self._columns({"properties": own}, (), (), parent=None, static="")
                return tuple(_titled(column, say.OF_THE_TABLE) for column in found)
        return ()

    @staticmethod
    def _keys(parent: Table | None) -> tuple[Column, ...]:
        if parent is None:
            return ()
        own = [column for column in parent.columns if _identifies(column, parent.identifiers)]
        named = [_titled(column, parent.title) for column in own]
        return (*parent.keys, *named)


def _by_group(columns: list[Column]) -> tuple[Column, ...]:
    """Order a form: what is needed before signature first, without parting what one object holds."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        key = column.path[0] if len(column.path) > 1 else ""
        groups.setdefault(key if key or column.early else "\0", []).append(column)
    ordered = sorted(groups.values(), key=lambda group: not any(column.early for column in group))
    return tuple(column for group in ordered for column in sorted(group, key=lambda c: not c.early))


def _identifies(column: Column, identifiers: tuple[str, ...]) -> bool:
    return len(column.path) == 1 and column.path[0] in identifiers


def _titled(column: Column, above: str) -> Column:
    return replace(column, titles=(above, *column.titles))


def _marked(column: Column, path: tuple[str, ...]) -> Column:
    return replace(
        column,
        kind=CellType(kind="texte"),
        labels={say.EMPTY_LIST: say.EMPTY_LIST},
        closed=True,
        many=False,
        rows_of=path,
    )


def _name(title: str) -> str:
    """Give the name of a sheet: characters that spreadsheets refuse are left out."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:_LONGEST_NAME].strip(" '’")


def _branches(shape: Mapping[str, Any], root: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [resolve(branch, root) for branch in shape.get("anyOf") or (shape,)]


def _item(shape: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema of the objects of a list, or `None` when the field is no such list."""
    for branch in _branches(shape, root):
        if branch.get("type") == "array":
            item = resolve(branch.get("items") or {}, root)
            return item if item.get("type") == "object" else None
    return None


def _column(
    shape: Mapping[str, Any],
    root: Mapping[str, Any],
    path: tuple[str, ...],
    titles: tuple[str, ...],
    *,
    required: bool,
) -> Column:
    many = shape.get("type") == "array"
    value = resolve(shape.get("items") or {}, root) if many else shape
    branches = _branches(value, root)
    typed = next((branch for branch in branches if "enum" not in branch), None)
    labels = {**(typed or {}).get("x-libelles", {}), **value.get("x-libelles", {})}
    words = [word for branch in branches for word in branch.get("enum", ()) if isinstance(word, str)]
    boolean = any(isinstance(word, bool) for branch in branches for word in branch.get("enum", ()))
    pieces = shape.get("x-piece") or ()
    return Column(
        path=path,
        titles=titles,
        kind=_kind(value, typed, boolean=boolean),
        labels={"oui": "oui", "non": "non"}
        if boolean
        else {word: typographic(labels.get(word) or word.replace("_", " ")) for word in words},
        closed=typed is None,
        many=many,
        early=bool(shape.get("x-avant-signature")),
        required=required,
        constant=shape.get("const"),
        pattern=(typed or {}).get("pattern"),
        reference=shape.get("x-reference"),
        unit=next((one["x-unite"] for one in (shape, *branches) if "x-unite" in one), None),
        description=typographic(shape.get("description", "")),
        examples=tuple(shape.get("examples") or ()),
        pieces=(pieces,) if isinstance(pieces, str) else tuple(pieces),
        choice=shape.get("x-choix"),
        early_words=tuple(shape.get("x-mots-avant-signature") or ()),
    )


def _kind(value: Mapping[str, Any], typed: Mapping[str, Any] | None, *, boolean: bool) -> CellType:
    synonyms = {**(typed or {}).get("x-synonymes", {}), **value.get("x-synonymes", {})}
    if boolean:
        return CellType(kind="booleen")
    if typed is not None and typed.get("format") == "date":
        return CellType(kind="date")
    names = {"number": "nombre", "integer": "entier"}
    kind = names.get(str((typed or {}).get("type")), "texte")
    unit = next((one["x-unite"] for one in (value, typed or {}) if "x-unite" in one), None)
    return CellType(kind=kind, synonyms=synonyms, unit=unit)
