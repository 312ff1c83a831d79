"""Where each datum is written, what its path is, what it cites. Answers about containers held by the data.

Paths and parents are computed when first asked; what a locator speaks of must stay alive as long as it does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rsaudit.model import Position, Source
from rsaudit.profile import ROWS, SOURCE, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rsaudit.profile import Schemas, Shape
    from rsaudit.source.yaml_events import YamlDocument


@dataclass(slots=True, kw_only=True, eq=False)
class TableMarks:
    """Where the cells of one table are: rows by `id`, columns by dotted field name."""

    file: str
    sheet: str | None = None
    """Name of the sheet, for a workbook; `None` for a CSV file."""
    rows: dict[int, tuple[int, str]] = field(default_factory=dict)
    """`id(row or object in a row)` → row number in the file, dotted prefix of its fields."""
    headings: dict[str, str] = field(default_factory=dict)
    """Dotted field name → heading as written (CSV) or column letters (workbook)."""

    def cell(self, row: int, name: str | None) -> Position:
        """Return the position of a cell, or of a row when `name` is not a column."""
        heading = self.headings.get(name) if name is not None else None
        if self.sheet is not None:
            place = f"ligne {row}" if heading is None else f"cellule {heading}{row}"
            return Position(file=self.file, cell=f"feuille {self.sheet}, {place}")
        place = f"ligne {row}" if heading is None else f"ligne {row}, colonne {heading}"
        return Position(file=self.file, line=row, cell=place)


class Locator:
    """Answers, for a container of the data and a key or index, where it is and what it is called."""

    def __init__(
        self,
        root: Any,
        *,
        documents: Sequence[YamlDocument] = (),
        tables: Sequence[TableMarks] = (),
        composed: Mapping[int, Mapping[str, Position]] | None = None,
        main: Position | None = None,
        schemas: Schemas | None = None,
    ) -> None:
        """Keep the data and the marks of the files they come from.

        `composed` holds the positions of containers made here out of several files; `main` is where the root is.
        """
        self._root = root
        self._documents = {key: document for document in documents for key in document.marks}
        self._tables = {key: table for table in tables for key in table.rows}
        self._composed = dict(composed or {})
        self._main = main
        self._schemas = schemas
        self._links: dict[int, tuple[Any, str | int, Shape | None]] | None = None

    # -- positions -----------------------------------------------------------------------------------------

    def position(self, container: Any, key: str | int) -> Position | None:
        """Return where a key or an item is written, or `None` when it is not."""
        return self._position(container, key, value=False)

    def value_position(self, container: Any, key: str | int) -> Position | None:
        """Return where the value of a key begins, or `None` when it is not written."""
        return self._position(container, key, value=True)

    def item_position(self, container: Any) -> Position | None:
        """Return where a container itself is written: its key, its dash or its row."""
        link = self._parents().get(id(container))
        if link is None:
            return self._main
        place = self.position(link[0], link[1])
        return place if place is not None else self.item_position(link[0])

    def nearest(self, container: Any, key: str | int) -> Position | None:
        """Return where a key is written, else where its nearest existing parent is."""
        return self.position(container, key) or self.item_position(container)

    def _position(self, container: Any, key: str | int, *, value: bool) -> Position | None:
        number = id(container)
        composed = self._composed.get(number)
        if composed is not None:
            return composed.get(str(key))
        table = self._tables.get(number)
        if table is not None:
            return self._cell(table, container, key)
        document = self._documents.get(number)
        if document is None:
            return self._row(container, key)
        offset = offset_of(container, key, document.marks[number], value=value)
        if offset is None:
            return None
        line, column = document.line_and_column(offset)
        return Position(file=document.file, line=line, column=column)

    def _cell(self, table: TableMarks, container: Any, key: str | int) -> Position | None:
        row, prefix = table.rows[id(container)]
        if isinstance(container, list):
            return table.cell(row, prefix.removesuffix("."))
        name = f"{prefix}{key}"
        if name not in table.headings and not isinstance(container.get(key), dict | list):
            return None
        return table.cell(row, name)

    def _row(self, container: Any, key: str | int) -> Position | None:
        """Return the position of an item of a list that was made from a table."""
        if not isinstance(container, list) or not isinstance(key, int) or not 0 <= key < len(container):
            return None
        number = id(container[key])
        table = self._tables.get(number)
        return table.cell(table.rows[number][0], None) if table is not None else None

    # -- names and paths -----------------------------------------------------------------------------------

    def path(self, container: Any, key: str | int) -> str:
        """Return the path of a key or an item: « contrats.contrats[C-003].depot_garantie »."""
        base = self.item_path(container)
        if isinstance(container, list):
            return f"{base}[{self._label(container, key)}]"
        if key == ROWS and isinstance(container.get(ROWS), list):
            return base
        return f"{base}.{key}" if base else str(key)

    def item_path(self, container: Any) -> str:
        """Return the path of a container; empty for the root."""
        link = self._parents().get(id(container))
        return "" if link is None else self.path(link[0], link[1])

    def name(self, container: Any) -> str:
        """Return what names an item: its identifier, else « n°3 »; for a block, its key."""
        link = self._parents().get(id(container))
        if link is None:
            return ""
        parent, key, shape = link
        if not isinstance(parent, list):
            return str(key)
        return identifier_text(container, shape) or f"n°{int(key) + 1}"

    def _label(self, parent: list[Any], key: str | int) -> str:
        index = int(key)
        item = parent[index] if 0 <= index < len(parent) else None
        link = self._parents().get(id(item)) if isinstance(item, dict | list) else None
        named = identifier_text(item, link[2]) if link is not None and link[0] is parent else None
        return named or str(index + 1)

    # -- parents and sources -------------------------------------------------------------------------------

    def parent(self, container: Any) -> tuple[Any, str | int] | None:
        """Return the container and the key that hold a container; `None` for the root."""
        link = self._parents().get(id(container))
        return None if link is None else (link[0], link[1])

    def shape(self, container: Any) -> Shape | None:
        """Return what the schemas say of a container, or `None`."""
        link = self._parents().get(id(container))
        return None if link is None else link[2]

    def source(self, container: Any) -> Source | None:
        """Return what is cited by the container or by the nearest of its parents that cites something."""
        while container is not None:
            if isinstance(container, dict):
                cited = container.get(SOURCE)
                if isinstance(cited, dict):
                    return Source(
                        piece=_text(cited, "piece"), page=_text(cited, "page"), clause=_text(cited, "clause")
                    )
            link = self._parents().get(id(container))
            container = None if link is None else link[0]
        return None

    def _parents(self) -> dict[int, tuple[Any, str | int, Shape | None]]:
        if self._links is None:
            self._links = {}
            self._link_root(self._links)
        return self._links

    def _link_root(self, links: dict[int, tuple[Any, str | int, Shape | None]]) -> None:
        pending: list[tuple[Any, str | int, Any, Shape | None]] = []
        if isinstance(self._root, dict):
            for section, content in self._root.items():
                shape = self._schemas.shape(section) if self._schemas is not None else None
                pending.append((self._root, section, content, shape))
        while pending:
            parent, key, value, shape = pending.pop()
            if isinstance(value, dict):
                links[id(value)] = (parent, key, shape)
                pending.extend(
                    (value, k, child, _below(shape, k))
                    for k, child in value.items()
                    if child.__class__ in _HOLDERS
                )
            elif isinstance(value, list):
                links[id(value)] = (parent, key, shape)
                item = shape.item if shape is not None and shape.kind in _LISTS else None
                pending.extend(
                    (value, k, child, item) for k, child in enumerate(value) if child.__class__ in _HOLDERS
                )


_HOLDERS = frozenset([dict, list])
_LISTS = frozenset([Kind.TABLE, Kind.LIST])


def _below(shape: Shape | None, key: str) -> Shape | None:
    return shape.child(key) if shape is not None and shape.kind in {Kind.OBJECT, Kind.TABLE} else None


def offset_of(container: Any, key: str | int, offsets: Sequence[int], *, value: bool = False) -> int | None:
    """Return the offset noted for a key (or its value) of a mapping, or for an item of a list."""
    if isinstance(container, dict):
        index = next((n for n, known in enumerate(container) if known == key), None)
        if index is None:
            return None
        index = 2 * index + value
    else:
        index = int(key)
    return offsets[index] if 0 <= index < len(offsets) else None


def identifier_text(item: Any, shape: Shape | None) -> str | None:
    """Write the identifier of an item; `None` when its schema has none or none of it is known."""
    if shape is None or not isinstance(item, dict):
        return None
    values = [item.get(key) for key in shape.identifier]
    if all(value is None for value in values):
        return None
    return ", ".join("?" if value is None else str(value) for value in values)


def _text(cited: dict[str, Any], key: str) -> str | None:
    value = cited.get(key)
    return None if value is None else str(value)
