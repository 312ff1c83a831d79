"""A CSV table edited: cells changed, columns and rows added, its separator, encoding mark and line ends kept."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsaudit.loading.cells import LIST_SEPARATOR, CellError, read_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rsaudit.loading.cells import CellType

BOM = "\ufeff"


class CsvText:
    """One CSV table being edited."""

    def __init__(
        self,
        text: str,
        types: Mapping[str, CellType],
        field_of: Callable[[str], str | None],
        separator: str,
    ) -> None:
        """Read a table our loader accepts; `field_of` tells the field a heading stands for, or `None`."""
        self._types = types
        self._mark = BOM if text.startswith(BOM) else ""
        self._end = "\r\n" if "\r\n" in text else "\n"
        self._separator = separator
        body = text.removeprefix(BOM)
        lines = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
        self._lines = [row for row in lines if any(cell.strip() for cell in row)]
        self._fields = [field_of(heading) for heading in self._lines[0]]

    def row_of(self, identity: tuple[str, ...], keys: Sequence[str]) -> int | None:
        """Return the rank of the row known by these values."""
        columns = [self._fields.index(key) if key in self._fields else -1 for key in keys]
        for rank, row in enumerate(self._lines[1:], 1):
            cells = (row[at] if 0 <= at < len(row) else "" for at in columns)
            if tuple(self._value(key, cell) for key, cell in zip(keys, cells, strict=True)) == identity:
                return rank
        return None

    def _value(self, field: str, cell: str) -> str:
        """Return a cell as identities are written: read as its field, a synonym replaced."""
        try:
            return str(read_cell(cell, self._types[field]))
        except CellError:
            return cell

    def set(self, rank: int, field: str, value: Any) -> None:
        """Write a cell; the column is added when the table has none for the field."""
        column = self._column(field)
        row = self._lines[rank]
        row.extend([""] * (column + 1 - len(row)))
        row[column] = cell_text(value)

    def append(self, row: Mapping[str, Any]) -> None:
        """Add a row."""
        self._lines.append([])
        for field, value in _flat(row).items():
            self.set(len(self._lines) - 1, field, value)

    def result(self) -> str:
        """Return the edited text."""
        width = len(self._lines[0])
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=self._separator, lineterminator=self._end)
        writer.writerows([*row, *[""] * (width - len(row))] for row in self._lines)
        return self._mark + stream.getvalue()

    def _column(self, field: str) -> int:
        if field not in self._fields:
            self._fields.append(field)
            self._lines[0].append(field)
        return self._fields.index(field)


def _flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the cells of a row, nested objects as « source.piece »."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{prefix}{key}."))
        else:
            found[prefix + key] = value
    return found


def cell_text(value: Any) -> str:
    """Write a value as a cell of ours reads it: decimal comma, dates as JJ/MM/AAAA are left to whoever formats."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, list):
        return LIST_SEPARATOR.join(cell_text(part) for part in value)
    return str(value)
