"""CSV and XLSX files -> headings and rows of cells, each with its place. Nothing is interpreted here."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rsaudit.errors import InputUnreadableError
from rsaudit.loading.ordinary import ordinary_bytes
from rsaudit.loading.tables import MAX_CELLS, decoded
from rsaudit.loading.yaml_reading import MAX_BYTES
from rsaudit.messages import intake as say
from rsaudit.messages import loading as words
from rsaudit.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_ABOVE = 20
"""Rows among which the headings are looked for: a printed table has its title above them."""
_SEPARATORS = ";\t,|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One table received: its headings, its rows, where they are."""

    file: str
    sheet: str | None
    line: int
    """Line of the headings."""
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    """(line, cells): texts in a CSV; texts, numbers, dates and booleans in a workbook; `None` when blank."""
    notices: tuple[InputError, ...] = ()
    settings: tuple[tuple[str, str, Any], ...] = ()
    """(sheet, cell, value) of the other sheets, for a map that reads its first row there."""

    def place(self, line: int, column: int) -> str:
        """Write where a cell is."""
        if self.sheet is None:
            return words.csv_cell(line, self.headings[column] if column < len(self.headings) else "?")
        return words.sheet_cell(self.sheet, f"{letters(column + 1)}{line}")


def letters(column: int) -> str:
    """Write the letters of a column counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def read_grid(path: Path, sheets: tuple[str, ...]) -> Grid:
    """Read a table; in a workbook, the first of `sheets` that exists, else the first sheet.

    Raises `InputUnreadableError`.
    """
    try:
        raw = ordinary_bytes(path, MAX_BYTES)
    except OSError as error:
        raise InputUnreadableError(
            words.cannot_read(path.name, words.cause(error)), words.READ_HINT
        ) from error
    grid = _xlsx(raw, path.name, sheets) if path.suffix.lower() == ".xlsx" else _csv(raw, path.name)
    if not grid.headings:
        raise InputUnreadableError(say.empty(path.name), say.TABLE_HINT)
    return grid


def _csv(raw: bytes, name: str) -> Grid:
    text, notices = decoded(raw, name)
    if text is None:
        raise InputUnreadableError(notices[0].message, say.TABLE_HINT)
    separator = _separator(text)
    rows, cells, line = [], 0, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            cells += len(row)
            if cells > MAX_CELLS:
                raise InputUnreadableError(say.empty(name), say.TABLE_HINT)
            if any(cell.strip() for cell in row):
                rows.append((line, tuple(cell if cell.strip() else None for cell in row)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputUnreadableError(words.BROKEN_CSV, say.TABLE_HINT) from error
    start, headings = rows[0] if rows else (1, ())
    return Grid(
        file=name,
        sheet=None,
        line=start,
        headings=tuple((heading or "").strip() for heading in headings),
        rows=tuple(rows[1:]),
        notices=tuple(notices),
    )


def _separator(text: str) -> str:
    """Return what parts the cells: a title above the headings holds none, so the first line with several tells."""
    lines = [line for line in text.splitlines()[:_ABOVE] if line.strip()]
    telling = (line for line in lines if max(map(line.count, _SEPARATORS)) > 1)
    first = next(telling, lines[0] if lines else "")
    return max(_SEPARATORS, key=first.count)


def headed(grid: Grid, known: Callable[[Sequence[str]], int]) -> Grid:
    """Return the grid with its headings on the row where `known` counts the most of them, what is above left and told.

    The first row stays the headings unless another has more.
    """
    best = grid
    for rank, (line, cells) in enumerate(grid.rows[:_ABOVE]):
        headings = tuple("" if cell is None else str(cell).strip() for cell in cells)
        if known(headings) > known(best.headings):
            best = replace(grid, line=line, headings=headings, rows=grid.rows[rank + 1 :])
    if best is grid:
        return grid
    told = InputError(
        code="lignes-au-dessus",
        message=say.rows_above(best.line),
        file=grid.file,
        line=None if grid.sheet else grid.line,
        cell=grid.place(grid.line, 0) if grid.sheet else None,
        severity="avertissement",
    )
    return replace(best, notices=(*grid.notices, told))


def _xlsx(raw: bytes, name: str, sheets: tuple[str, ...]) -> Grid:
    from rsaudit.workbook.archive import WorkbookError, read_grids

    try:
        grids = read_grids(raw)
    except WorkbookError as error:
        raise InputUnreadableError(f"{name} : {error.message}", say.TABLE_HINT) from error
    chosen = next((grid for sheet in sheets for grid in grids if grid.name == sheet), grids[0])
    settings = tuple(
        (grid.name, f"{letters(column)}{row}", cell.value)
        for grid in grids
        if grid is not chosen
        for row, cells in grid.rows.items()
        if row <= 10
        for column, cell in cells.items()
        if column <= 10
    )
    filled = sorted(chosen.rows)
    width = max((max(cells) for cells in chosen.rows.values()), default=0)
    rows = tuple(
        (line, tuple(_value(chosen.rows[line].get(column)) for column in range(1, width + 1)))
        for line in filled
    )
    start, headings = rows[0] if rows else (1, ())
    return Grid(
        file=name,
        sheet=chosen.name,
        line=start,
        headings=tuple("" if heading is None else str(heading).strip() for heading in headings),
        rows=rows[1:],
        settings=settings,
    )


class Failed:
    """A formula in error, or one that stored nothing: never a blank cell."""


def _value(cell: Any) -> Any:
    if cell is None:
        return None
    return Failed() if cell.failed or cell.value is None else cell.value
