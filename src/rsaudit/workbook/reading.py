"""The cells of a workbook -> a dossier, each value placed; whatever is doubtful is refused, by cell."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from rsaudit.errors import InputUnreadableError
from rsaudit.loading import Dossier, Locator
from rsaudit.loading.cells import LIST_SEPARATOR, CellError, read_cell
from rsaudit.loading.locator import CellPlaces
from rsaudit.loading.normal import normalise
from rsaudit.loading.ordinary import ordinary_bytes
from rsaudit.loading.yaml_reading import MAX_BYTES
from rsaudit.messages import loading as say_loading
from rsaudit.messages import workbook as say
from rsaudit.model import Fingerprint, InputError
from rsaudit.workbook.archive import Cell, Grid, WorkbookError, read_grids
from rsaudit.workbook.layout import MARK, ROWS, Column, Form, Table, folded, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsaudit.loading.dossier import DossierRef, SectionSchemas
    from rsaudit.workbook.layout import Layout

_RUBRIC, _LABEL, _VALUE = 2, 3, 6
"""Columns of a form, from 1."""
_HEADINGS_WITHIN = 60
"""Rows among which the headings of a table are looked for."""
_LEAST_HEADINGS = 2


def read(reference: DossierRef, schemas: SectionSchemas) -> Dossier:
    """Read a workbook as a dossier. What is wrong in it is in `errors`, by sheet and cell.

    Raises `InputUnreadableError` when the file itself cannot be read.
    """
    try:
        raw = ordinary_bytes(reference.path, MAX_BYTES)
    except OSError as error:
        cause = say_loading.cause(error)
        raise InputUnreadableError(
            say_loading.cannot_read(reference.shown, cause), say_loading.READ_HINT
        ) from error
    dossier = read_bytes(raw, reference.shown, schemas)
    dossier.name = reference.path.stem
    dossier.fingerprints.append(
        Fingerprint(file=reference.shown, sha256=hashlib.sha256(raw).hexdigest(), role="dossier")
    )
    return dossier


def read_bytes(raw: bytes, file: str, schemas: SectionSchemas) -> Dossier:
    """Read the bytes of a workbook called `file` in messages. Never raises: what is wrong is in `errors`."""
    reader = _Reader(file, schemas)
    try:
        reader.read(read_grids(raw), layout_of(schemas.sections))
    except WorkbookError as error:
        reader.errors.append(InputError(code=error.code, message=error.message, file=file))
    return Dossier(name=file, path=file, data=reader.data, locator=reader.locator, errors=reader.errors)


def cell_name(row: int, column: int) -> str:
    """Write « F12 »; rows and columns from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


class _Reader:
    """One workbook being read."""

    def __init__(self, file: str, schemas: SectionSchemas) -> None:
        self.file = file
        self.schemas = schemas
        self.data: dict[str, Any] = {}
        self.errors: list[InputError] = []
        self.locator = Locator(self.data, file=file, identifiers=schemas.identifiers)
        self.cells: dict[int, CellPlaces] = {}
        self.rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
        """Rows of each table that holds others, by their identifiers and those above."""
        self.marks: dict[tuple[int, tuple[str, ...]], tuple[Grid, int, int]] = {}
        """Where it is said that a nested list is empty."""

    def read(self, grids: list[Grid], layout: Layout) -> None:
        named = {}
        for grid in grids:
            sheet = layout.by_name.get(folded(grid.name))
            if sheet is not None:
                named[sheet.name] = grid
            elif grid.rows and folded(grid.name) not in {folded(say.GUIDE), folded(say.LISTS)}:
                close = get_close_matches(grid.name, [one.name for one in layout.sheets], n=1)
                self._error("feuille-inconnue", say.unknown_sheet(grid.name, close), warning=True)
        if not named:
            raise WorkbookError("classeur", say.NO_SHEET)
        for sheet in layout.sheets:
            if sheet.name not in named:
                continue
            if isinstance(sheet, Form):
                _FormReader(self, named[sheet.name], sheet).read()
            else:
                _TableReader(self, named[sheet.name], sheet).read()
        self._finish()

    def _finish(self) -> None:
        """Put sections in the order of the schemas, and values in their normal form."""
        sections = {name: self.data[name] for name in self.schemas.sections if name in self.data}
        self.data.clear()
        self.data.update(sections)
        for section, content in self.data.items():
            normalise(content, self.schemas.sections[section], lambda container, key: str(container[key]))

    # -- told by the sheets ----------------------------------------------------------------------------

    def _error(self, code: str, message: str, *, cell: str | None = None, warning: bool = False) -> None:
        self.errors.append(
            InputError(
                code=code,
                message=message,
                file=self.file,
                cell=cell,
                severity="avertissement" if warning else "erreur",
            )
        )

    def refuse(self, code: str, message: str, grid: Grid, row: int, column: int) -> None:
        """Note an error at a cell."""
        self._error(code, message, cell=say_loading.sheet_cell(grid.name, cell_name(row, column)))

    def put(
        self, owner: dict[str, Any], path: tuple[str, ...], value: Any, grid: Grid, row: int, column: int
    ) -> None:
        """Set a value below an object, and note its cell; a blank one is noted where its object exists."""
        place = cell_name(row, column)
        for step in path[:-1]:
            self._note(owner, step, place, grid)
            if step not in owner:
                if value is None:
                    return
                owner[step] = {}
            owner = owner[step]
        self._note(owner, path[-1], place, grid)
        if value is not None:
            owner[path[-1]] = value

    def _note(self, owner: dict[str, Any], key: str, place: str, grid: Grid) -> None:
        places = self.cells.get(id(owner))
        if places is None:
            places = self.cells[id(owner)] = CellPlaces(file=self.file, sheet=grid.name, cells={})
            self.locator.add_cells(owner, places)
        if places.sheet == grid.name:
            places.cells.setdefault(key, place)

    def section(self, name: str) -> dict[str, Any]:
        """Return a section, made when it does not exist."""
        content: dict[str, Any] = self.data.setdefault(name, {})
        return content


@dataclass(slots=True)
class _FormReader:
    """One form being read."""

    reader: _Reader
    grid: Grid
    form: Form

    def read(self) -> None:
        lines = {
            _line_key(say.joined(column.titles[:-1]), column.titles[-1]): column
            for column in self.form.columns
        }
        found: list[tuple[Column, int, Any]] = []
        for row, cells in self.grid.rows.items():
            name = self.grid.text(row, _LABEL)
            rubric = self.grid.text(row, _RUBRIC)
            column = lines.get(_line_key(rubric, name))
            if column is not None:
                found.append((column, row, self._value(column, row, cells)))
            elif _VALUE in cells and name and row > 1 and not self._is_heading(row):
                close = get_close_matches(name, [one.titles[-1] for one in self.form.columns], n=1)
                self.reader.refuse(
                    "ligne-inconnue", say.unknown_line(rubric, name, close), self.grid, row, _LABEL
                )
        if all(value is None for _, _, value in found):
            return
        content = self.reader.section(self.form.section)
        # Filled lines first: a blank one is placed only where its object exists.
        for column, row, value in sorted(found, key=lambda one: one[2] is None):
            self.reader.put(content, column.path, value, self.grid, row, _VALUE)

    def _is_heading(self, row: int) -> bool:
        return folded(self.grid.text(row, _LABEL)) == folded(say.HEADINGS[_LABEL - 1])

    def _value(self, column: Column, row: int, cells: Mapping[int, Cell]) -> Any:
        filled = {index: cell for index, cell in sorted(cells.items()) if index >= _VALUE}
        if column.many:
            return _list(
                self.reader, self.grid, column, [(row, index, cell) for index, cell in filled.items()]
            )
        for index in filled:
            if index > _VALUE:
                place = cell_name(row, index)
                message = say.bad_value(column.heading, say.outside(place))
                self.reader.refuse("cellule-en-trop", message, self.grid, row, index)
        cell = filled.get(_VALUE)
        return None if cell is None else _single(self.reader, self.grid, column, row, _VALUE, cell)


def _line_key(rubric: str, name: str) -> tuple[str, str]:
    return folded(rubric), folded(name)


@dataclass(slots=True)
class _TableReader:
    """One table being read."""

    reader: _Reader
    grid: Grid
    table: Table
    columns: dict[int, Column] = field(default_factory=dict)
    heading: int = 0

    def read(self) -> None:
        if not self._find_headings():
            if len(self.grid.rows) > 1:
                self.reader.refuse("entetes", say.NO_HEADINGS, self.grid, 1, 1)
            return
        rows = self._rows()
        if self.table.parent is None:
            self._top(rows)
        else:
            for row, keys, entry in rows:
                self._nested(row, keys, entry)

    # -- headings --------------------------------------------------------------------------------------

    def _find_headings(self) -> bool:
        known = {folded(column.heading): column for column in (*self.table.keys, *self.table.columns)}
        best: dict[int, str] = {}
        most = _LEAST_HEADINGS - 1
        for row, cells in sorted(self.grid.rows.items()):
            if row > _HEADINGS_WITHIN:
                break
            names = {index: self.grid.text(row, index) for index in cells}
            met = len({folded(name) for name in names.values()} & set(known))
            if met > most:
                most, best, self.heading = met, names, row
        if best:
            self._match(best, known)
        return bool(best)

    def _match(self, names: Mapping[int, str], known: Mapping[str, Column]) -> None:
        seen: set[str] = set()
        filled = {index for row, cells in self.grid.rows.items() if row > self.heading for index in cells}
        for index, name in sorted(names.items()):
            key = folded(name)
            if key in seen:
                self.reader.refuse(
                    "colonne-en-double", say.double_heading(name), self.grid, self.heading, index
                )
            elif key in known:
                self.columns[index] = known[key]
                seen.add(key)
            elif index in filled:
                close = get_close_matches(name, [column.heading for column in known.values()], n=1)
                message = say.unknown_heading(name, close)
                self.reader.refuse("colonne-inconnue", message, self.grid, self.heading, index)

    # -- rows ------------------------------------------------------------------------------------------

    def _rows(self) -> list[tuple[int, tuple[Any, ...], dict[str, Any]]]:
        found = []
        keys = len(self.table.keys)
        for row, cells in sorted(self.grid.rows.items()):
            if row <= self.heading:
                continue
            entry: dict[str, Any] = {}
            above: dict[str, Any] = {}
            self._strays(row, cells)
            values = {
                index: _value_of(self.reader, self.grid, column, row, index, cells[index])
                if index in cells
                else None
                for index, column in self.columns.items()
            }
            for index in sorted(self.columns, key=lambda index: values[index] is None):
                column = self.columns[index]
                if any(column is key for key in self.table.keys):
                    above[column.heading] = values[index]
                elif column.rows_of is not None:
                    self._mark(entry, column, row, index, values[index])
                else:
                    self.reader.put(entry, column.path, values[index], self.grid, row, index)
            if entry or (keys and any(value is not None for value in above.values())):
                found.append((row, tuple(above.get(key.heading) for key in self.table.keys), entry))
        return found

    def _strays(self, row: int, cells: Mapping[int, Cell]) -> None:
        """Refuse a value under no heading at all; one under an unknown heading is refused with it."""
        for index in cells:
            if index not in self.columns and not self.grid.text(self.heading, index):
                place = cell_name(row, index)
                self.reader.refuse("cellule-en-trop", say.outside(place), self.grid, row, index)

    def _mark(self, entry: dict[str, Any], column: Column, row: int, index: int, value: Any) -> None:
        path = column.rows_of or ()
        self.reader.put(entry, path, [] if value == say.EMPTY_LIST else None, self.grid, row, index)
        if value == say.EMPTY_LIST:
            self.reader.marks[id(entry), path] = (self.grid, row, index)

    # -- the list they make ----------------------------------------------------------------------------

    def _top(self, rows: list[tuple[int, tuple[Any, ...], dict[str, Any]]]) -> None:
        self._remember([(row, (), entry) for row, _, entry in rows])
        entries = [entry for _, _, entry in rows if entry]
        settings, places, none_exists = self._settings()
        value: Any = None
        if settings:
            value = {**settings, ROWS: entries}
        elif entries or none_exists is not None:
            value = entries
        if none_exists is not None and entries:
            self.reader.refuse("liste-vide", say.EMPTY_AND_ROWS, self.grid, *none_exists)
        if value is None:
            return
        owner = self.reader.section(self.table.section)
        self.reader.put(owner, self.table.path, value, self.grid, self.heading, 1)
        if settings:
            for path, (row, setting) in places.items():
                self.reader.put(value, path, setting, self.grid, row, 2)

    def _settings(
        self,
    ) -> tuple[dict[str, Any], dict[tuple[str, ...], tuple[int, Any]], tuple[int, int] | None]:
        known = {folded(column.heading): column for column in self.table.settings}
        settings: dict[str, Any] = {}
        places: dict[tuple[str, ...], tuple[int, Any]] = {}
        none_exists = None
        for row, cells in sorted(self.grid.rows.items()):
            if row >= self.heading:
                break
            label = folded(self.grid.text(row, 1))
            column = known.get(label)
            cell = cells.get(2)
            if column is not None:
                value = _value_of(self.reader, self.grid, column, row, 2, cell) if cell else None
                places[column.path] = (row, value)
                if value is not None:
                    _put(settings, column.path, value)
            elif label == folded(say.NONE_EXISTS) and cell is not None and self._says_yes(row, cell):
                none_exists = (row, 2)
        return settings, places, none_exists

    def _says_yes(self, row: int, cell: Cell) -> bool:
        said = folded(str(cell.value)) if isinstance(cell.value, str) else cell.value
        if said in ("oui", True):
            return True
        if said not in ("non", False):
            message = say.bad_value(say.NONE_EXISTS, say.one_of(["oui"], []))
            self.reader.refuse("cellule", message, self.grid, row, 2)
        return False

    def _nested(self, row: int, keys: tuple[Any, ...], entry: dict[str, Any]) -> None:
        parent = self.table.parent
        assert parent is not None  # noqa: S101 - a nested table has one
        if any(key is None for key in keys):
            self.reader.refuse("cellule", say.NO_KEY, self.grid, row, 1)
            return
        holder = self.reader.rows.get(parent.static, {}).get(keys)
        if holder is None:
            shown = "-".join(str(key) for key in keys)
            self.reader.refuse("reference", say.no_parent(parent.name, shown), self.grid, row, 1)
            return
        mark = self.reader.marks.get((id(holder), self.table.path))
        if mark is not None:
            self.reader.refuse("liste-vide", say.EMPTY_AND_ROWS, *mark)
            return
        for step in self.table.path[:-1]:
            holder = holder.setdefault(step, {})
        holder.setdefault(self.table.path[-1], []).append(entry)
        self._remember([(row, keys, entry)])

    def _remember(self, entries: Iterable[tuple[int, tuple[Any, ...], dict[str, Any]]]) -> None:
        """Note the rows by what the rows of nested lists name them by; a mark is of the workbook alone."""
        known = self.reader.rows.setdefault(self.table.static, {})
        marked = self.table.identifiers == (MARK,)
        for row, above, entry in entries:
            own = tuple(entry.get(name) for name in self.table.identifiers)
            entry.pop(MARK, None)
            if not own or any(value is None for value in own):
                continue
            if marked and (*above, *own) in known:
                self.reader.refuse("repere-en-double", say.same_mark(str(own[0])), self.grid, row, 1)
            known.setdefault((*above, *own), entry)


def _put(owner: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        owner = owner.setdefault(step, {})
    owner[path[-1]] = value


# -- values ----------------------------------------------------------------------------------------------


def _value_of(reader: _Reader, grid: Grid, column: Column, row: int, index: int, cell: Cell) -> Any:
    if column.many:
        return _list(reader, grid, column, [(row, index, cell)])
    return _single(reader, grid, column, row, index, cell)


def _single(reader: _Reader, grid: Grid, column: Column, row: int, index: int, cell: Cell) -> Any:
    try:
        return value(cell, column)
    except CellError as error:
        message = say.bad_value(column.heading, str(error))
        reader.refuse("cellule", message, grid, row, index)
        return None


def _list(
    reader: _Reader, grid: Grid, column: Column, cells: list[tuple[int, int, Cell]]
) -> list[Any] | None:
    """Read a list written over several cells, or in one with separators; one that is absent is `None`."""
    if not cells:
        return None
    parts = [(row, index, part) for row, index, cell in cells for part in _parts(cell)]
    if [folded(str(part.value)) for _, _, part in parts] == [folded(say.EMPTY_LIST)]:
        return []
    found = [_single(reader, grid, column, row, index, part) for row, index, part in parts]
    return [one for one in found if one is not None]


def _parts(cell: Cell) -> list[Cell]:
    if not isinstance(cell.value, str):
        return [cell]
    return [Cell(part.strip()) for part in cell.value.split(LIST_SEPARATOR) if part.strip()]


def value(cell: Cell, column: Column) -> Any:
    """Return the value of a filled cell for its field. Raises `CellError`, with what to write."""
    if cell.failed:
        raise CellError(say.AN_ERROR)
    found = cell.value
    if found is None:
        raise CellError(say.NO_STORED_VALUE)
    if isinstance(found, bool):
        return _text("oui" if found else "non", column)
    if isinstance(found, int | Decimal):
        return _number(found, column, percent=cell.percent)
    if isinstance(found, str):
        return _text(found, column)
    return _day(found, column)


def _day(found: Any, column: Column) -> Any:
    if column.kind.kind != "date":
        if column.kind.kind in {"nombre", "entier"}:
            return read_cell(str(found), column.kind)
        raise CellError(say.DATE_FOR_A_TEXT)
    return read_cell(found.isoformat() if isinstance(found, date) else str(found), column.kind)


def _number(found: int | Decimal, column: Column, *, percent: bool) -> Any:
    kind = column.kind.kind
    if kind == "date":
        raise CellError(say_loading.NUMBER_FOR_A_DATE)
    if kind not in {"nombre", "entier"}:
        return _text(f"{Decimal(found):f}", column)
    if percent:
        if column.unit != "%":
            raise CellError(say.A_PERCENTAGE)
        found = found * 100
        whole = int(found)
        found = whole if whole == found else found
    return read_cell(say.number(found), column.kind)


def _text(found: str, column: Column) -> Any:
    if column.kind.kind == "booleen":
        return read_cell(found, column.kind)
    word = _word(found, column)
    if word is not None:
        return word
    if column.kind.kind != "texte":
        return read_cell(found, column.kind)
    if column.closed:
        close = get_close_matches(found.strip(), column.labels.values(), n=1)
        raise CellError(say.one_of(list(column.labels.values()), close))
    return _fitting(found, column)


def _word(found: str, column: Column) -> str | None:
    """Return the word a text is the label of; a free text is one only when it is that label exactly."""
    free = column.kind.kind == "texte" and not column.closed and column.pattern is None
    if free:
        return next((word for word, label in column.labels.items() if found.strip() in (word, label)), None)
    synonym = column.kind.synonyms.get(found.strip())
    return synonym or column.by_label.get(folded(found))


def _fitting(found: str, column: Column) -> str:
    """Return a text as it is written; one whose form is fixed loses the spaces around it when they are too many."""
    if column.pattern is None or re.fullmatch(column.pattern, found):
        return found
    return re.sub(r"\s+", " ", found).strip()
