"""The bytes of a workbook -> the filled cells of its sheets, or why it is not read. Knows nothing of a dossier.

A workbook comes by mail: what it unpacks to is bounded before anything is parsed, and what could reach outside it
(macros, links to other files, XML entities) is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from rsaudit.archives import damages
from rsaudit.loading.tables import MAX_CELLS, MAX_UNZIPPED, SIGNIFICANT_DIGITS, open_workbook
from rsaudit.loading.yaml_reading import MAX_BYTES
from rsaudit.messages import loading as say_loading
from rsaudit.messages import workbook as say

if TYPE_CHECKING:
    from collections.abc import Iterator

_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|macrosheets/|dialogsheets/)", re.IGNORECASE)
_OTHER_FILES = re.compile(r"(^|/)externalLinks/", re.IGNORECASE)
_DEFINITION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_CHUNK = 1 << 20
_MOST_ROWS = 1_048_576
#: A carriage return as spreadsheets write it inside a text.
_RETURN = "_x000D_\n"


class WorkbookError(Exception):
    """The workbook is not read: its code and a French sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Cell:
    """What is stored in one cell."""

    value: Any
    """Text, bool, exact number (int or Decimal), date, or time; `None` for a formula that stored nothing."""
    percent: bool = False
    failed: bool = False
    """The formula gives an error."""


@dataclass(slots=True)
class Grid:
    """The filled cells of one sheet, by row then column, both from 1."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    empty_texts: set[tuple[int, int]] = field(default_factory=set)
    """Formulas that give an empty text: blank cells, on purpose."""

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Note what a cell holds."""
        self.rows.setdefault(row, {})[column] = cell

    def text(self, row: int, column: int) -> str:
        """Return what is written in a cell when it is a text, else nothing."""
        cell = self.rows.get(row, {}).get(column)
        return cell.value.strip() if cell is not None and isinstance(cell.value, str) else ""


def read_grids(raw: bytes) -> list[Grid]:
    """Read every sheet of a workbook. Raises `WorkbookError`."""
    formulas = _check(raw)
    try:
        book = open_workbook(raw)
        grids = _Budget().grids(book)
        if formulas:
            written = open_workbook(raw, values=False)
            _note_unstored(written, grids)
    except WorkbookError:
        raise
    except Exception as error:  # a broken workbook raises whatever its parser meets
        raise WorkbookError("classeur", say.NOT_A_WORKBOOK) from error
    return grids


# -- what may be parsed ----------------------------------------------------------------------------------


def _check(raw: bytes) -> bool:
    """Refuse what must not be parsed; say whether a sheet has a formula."""
    if len(raw) > MAX_BYTES:
        raise WorkbookError(
            "fichier-trop-gros",
            say_loading.TOO_LARGE.format(size=say_loading.size(len(raw)), limit=say_loading.size(MAX_BYTES)),
        )
    if raw.startswith(_OLD_FORMAT):
        raise WorkbookError("classeur", say.ENCRYPTED)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _check_parts(archive)
    except damages() as error:
        raise WorkbookError("classeur", say.NOT_A_WORKBOOK) from error


def _check_parts(archive: zipfile.ZipFile) -> bool:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNZIPPED:
        raise WorkbookError(
            "fichier-trop-gros",
            say_loading.TOO_LARGE.format(size=say_loading.size(total), limit=say_loading.size(MAX_UNZIPPED)),
        )
    names = [entry.filename for entry in entries]
    if any(_MACROS.search(name) for name in names):
        raise WorkbookError("macros", say.MACROS)
    if any(_OTHER_FILES.search(name) for name in names):
        raise WorkbookError("liens", say.LINKS)
    formulas = False
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels", ".vml")):
            formulas |= _scan(archive, entry)
    return formulas


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Refuse a part that defines entities or hides its signs; say whether it is a sheet with a formula."""
    formulas = False
    tail = b""
    with archive.open(entry) as part:
        first = True
        while chunk := part.read(_CHUNK):
            if first and (chunk[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in chunk[:64]):
                raise WorkbookError("entites", say.ENTITIES)
            first = False
            seen = tail + chunk
            if _DEFINITION.search(seen):
                raise WorkbookError("entites", say.ENTITIES)
            formulas |= entry.filename.startswith("xl/worksheets/") and (b"<f>" in seen or b"<f " in seen)
            tail = seen[-16:]
    return formulas


# -- cells -----------------------------------------------------------------------------------------------


class _Budget:
    """Counts the cells of a workbook while they are read, so that none fills the memory."""

    def __init__(self) -> None:
        self.cells = 0
        self.rows = 0

    def grids(self, book: Any) -> list[Grid]:
        return [self._grid(sheet) for sheet in book.worksheets]

    def _grid(self, sheet: Any) -> Grid:
        sheet.reset_dimensions()  # what a sheet says of its own size is not believed
        grid = Grid(sheet.title)
        for row, cells in enumerate(sheet.iter_rows(), 1):
            self._count(len(cells))
            for column, cell in enumerate(cells, 1):
                stored = _stored(cell)
                if stored is not None:
                    grid.put(row, column, stored)
                elif cell.data_type == "str":
                    grid.empty_texts.add((row, column))
        return grid

    def _count(self, cells: int) -> None:
        self.cells += cells
        self.rows += 1
        if self.cells > MAX_CELLS or self.rows > _MOST_ROWS:
            raise WorkbookError("fichier-trop-gros", say.too_many_cells(MAX_CELLS))


def _stored(cell: Any) -> Cell | None:
    """Return what a cell holds, or `None` when it is blank: empty, or nothing but spaces."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return Cell(value, failed=True)
    if isinstance(value, str):
        text = value.replace(_RETURN, "\n")
        return Cell(text) if text.strip() else None
    if isinstance(value, bool):
        return Cell(value)
    if isinstance(value, int | float):
        if not isfinite(value):
            return Cell(value, failed=True)
        number = Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")
        whole = int(number)
        return Cell(whole if whole == number else number, percent="%" in _bare(cell.number_format))
    if isinstance(value, datetime):
        return Cell(value.date())
    return Cell(value) if isinstance(value, date | time) else Cell(str(value))


def _bare(number_format: str | None) -> str:
    """Give a number format without what it only displays."""
    return _QUOTED.sub("", number_format or "")


def _note_unstored(book: Any, grids: list[Grid]) -> None:
    """Note the formulas whose value the file does not hold: they are no blank cells."""
    for sheet, grid in zip(book.worksheets, grids, strict=True):
        sheet.reset_dimensions()
        for row, column in _formulas(sheet):
            if column not in grid.rows.get(row, {}) and (row, column) not in grid.empty_texts:
                grid.put(row, column, Cell(None))


def _formulas(sheet: Any) -> Iterator[tuple[int, int]]:
    for row, cells in enumerate(sheet.iter_rows(), 1):
        for column, cell in enumerate(cells, 1):
            if cell.data_type == "f":
                yield row, column
