"""Where every datum of a dossier is written, and how it is named. Nothing is computed before it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rsaudit.messages import loading as say
from rsaudit.model import Position, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.loading.yaml_document import YamlDocument

ROWS = "lignes"


class RowPlace(Struct, frozen=True, kw_only=True):
    """Where a row of a CSV or XLSX table is."""

    file: str
    line: int
    sheet: str | None = None
    columns: dict[str, str] | None = None
    """Field → heading of its column (CSV) or its letter (XLSX)."""


class CellPlaces(Struct, frozen=True, kw_only=True):
    """Where the fields of an object are in a sheet of a workbook that is a dossier."""

    file: str
    sheet: str
    cells: dict[str, str]
    """Field → its cell (« F12 »), filled or not; the first is where the object begins."""


class Locator:
    """Answers for one dossier: position, path and cited source of any (container, key). Keeps the data alive."""

    def __init__(
        self,
        data: dict[str, Any],
        *,
        file: str = "",
        identifiers: Callable[[str], tuple[str, ...]] | None = None,
    ) -> None:
        """Look after `data`; `file` is named when nothing nearer is.

        `identifiers` gives, of the static path of a list, the fields its rows are called by.
        """
        self._data = data
        self._file = file
        self._identifiers = identifiers
        self._documents: list[YamlDocument] = []
        self._rows: dict[int, RowPlace] = {}
        self._cells: dict[int, CellPlaces] = {}
        self._merged: dict[int, dict[str, dict[str, Any]]] = {}
        self._files: dict[int, str] = {}
        self._parents: dict[int, tuple[Any, Any]] | None = None

    # -- told by the loader ----------------------------------------------------------------------------

    def add_document(self, document: YamlDocument, root: Any) -> None:
        """Note a YAML file and the container it gave."""
        self._documents.append(document)
        self._files[id(root)] = document.file

    def add_row(self, row: dict[str, Any], place: RowPlace) -> None:
        """Note where a row of a table file is."""
        self._rows[id(row)] = place

    def add_cells(self, container: dict[str, Any], places: CellPlaces) -> None:
        """Note where the fields of an object are in a workbook."""
        self._cells[id(container)] = places

    def add_merged(self, merged: dict[str, Any], origins: dict[str, dict[str, Any]]) -> None:
        """Note which container each key of a merged object comes from."""
        self._merged[id(merged)] = origins

    # -- names -----------------------------------------------------------------------------------------

    def _parent(self, container: Any) -> tuple[Any, Any]:
        if self._parents is None:
            self._parents = {id(self._data): (None, None)}
            _index(self._data, self._parents)
        return self._parents.get(id(container), (None, None))

    def name(self, item: dict[str, Any], longest: int | None = None) -> str:
        """Return how an item is called: its identifier, else its rank from 1.

        An identifier that is no plain value, or longer than `longest`, is not shown: it may be anything.
        """
        keys = self._identifiers(self._static(item)) if self._identifiers is not None else ()
        values = [item.get(key) for key in keys]
        if keys and all(_may_name(value, longest) for value in values):
            return "-".join(str(value) for value in values)
        _, key = self._parent(item)
        return str(key + 1) if isinstance(key, int) else str(key)

    def _static(self, container: Any) -> str:
        parent, key = self._parent(container)
        if parent is None:
            return ""
        above = self._static(parent)
        if isinstance(key, int) or key == ROWS:
            return above
        return f"{above}.{key}" if above else str(key)

    def path(self, container: Any, key: str | int, longest: int | None = None) -> str:
        """Return « contrats.contrats[C-003].depot_garantie »; identifiers over `longest` characters by their rank."""
        above = self.item_path(container, longest)
        if isinstance(key, int):
            return f"{above}[{key + 1}]"
        return f"{above}.{key}" if above else key

    def item_path(self, container: Any, longest: int | None = None) -> str:
        """Return the path of a container itself."""
        parent, key = self._parent(container)
        if parent is None:
            return ""
        if isinstance(key, int):
            name = self.name(container, longest) if isinstance(container, dict) else str(key + 1)
            return f"{self.item_path(parent, longest)}[{name}]"
        return self.item_path(parent, longest) if key == ROWS else self.path(parent, key, longest)

    # -- places ----------------------------------------------------------------------------------------

    def position(self, container: Any, key: str | int) -> Position | None:
        """Return where `key` is written in `container`, or `None` when it is not."""
        origins = self._merged.get(id(container))
        if origins is not None and key in origins:
            return self.position(origins[str(key)], key)
        row = self._rows.get(id(container))
        if row is not None:
            return _cell(row, str(key)) if key in (row.columns or {}) else None
        places = self._cells.get(id(container))
        if places is not None:
            return _place(places, places.cells.get(str(key)))
        for document in self._documents:
            marks = document.marks.get(id(container))
            if marks is not None:
                return _marked(document, marks, container, key)
        if container is self._data and key in self._data:
            return self._whole(self._data[key])
        return None

    def nearest(self, container: Any, key: str | int) -> Position | None:
        """Return where `key` is, or its nearest existing parent."""
        first = key.split(".", 1)[0] if isinstance(key, str) else key
        return (
            self.position(container, key) or self.position(container, first) or self.item_position(container)
        )

    def item_position(self, container: Any) -> Position | None:
        """Return where a container itself begins."""
        row = self._rows.get(id(container))
        if row is not None:
            return Position(
                file=row.file,
                line=row.line if row.sheet is None else None,
                cell=say.row_place(row.sheet, row.line),
            )
        places = self._cells.get(id(container))
        if places is not None:
            return _place(places, next(iter(places.cells.values()), None))
        parent, key = self._parent(container)
        if parent is None:
            return Position(file=self._file) if self._file else None
        return self.position(parent, key) or self._whole(container) or self.item_position(parent)

    def _whole(self, container: Any) -> Position | None:
        file = self._files.get(id(container))
        return Position(file=file, line=1, column=1) if file is not None else None

    def source(self, container: Any) -> Source | None:
        """Return what is cited for a container: its own `source`, else that of the nearest parent that has one."""
        while container is not None:
            cited = container.get("source") if isinstance(container, dict) else None
            if isinstance(cited, dict):
                return Source(
                    piece=_text(cited.get("piece")),
                    page=_text(cited.get("page")),
                    clause=_text(cited.get("clause")),
                )
            container, _ = self._parent(container)
        return None


def _may_name(value: Any, longest: int | None) -> bool:
    if value is None or isinstance(value, dict | list):
        return False
    return longest is None or len(str(value)) <= longest


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _index(container: Any, parents: dict[int, tuple[Any, Any]]) -> None:
    """Note the parent and key of every container below one."""
    waiting = [container]
    while waiting:
        current = waiting.pop()
        entries = current.items() if isinstance(current, dict) else enumerate(current)
        for key, value in entries:
            kind = value.__class__
            if kind is dict or kind is list:
                parents[id(value)] = (current, key)
                waiting.append(value)


def _marked(document: YamlDocument, marks: list[int], container: Any, key: str | int) -> Position | None:
    if isinstance(container, dict):
        if key not in container:
            return None
        index = 2 * list(container).index(str(key))
    else:
        index = int(key)
    if index >= len(marks):
        return None
    line, column = document.line_and_column(marks[index])
    return Position(file=document.file, line=line, column=column)


def _place(places: CellPlaces, cell: str | None) -> Position | None:
    return Position(file=places.file, cell=say.sheet_cell(places.sheet, cell)) if cell is not None else None


def _cell(row: RowPlace, key: str) -> Position:
    column = (row.columns or {})[key]
    if row.sheet is not None:
        return Position(file=row.file, cell=say.sheet_cell(row.sheet, f"{column}{row.line}"))
    return Position(file=row.file, line=row.line, cell=say.csv_cell(row.line, column))
