"""Tables a dossier names: CSV and XLSX files -> typed rows, each cell placed. Refuses what is doubtful, by cell."""

from __future__ import annotations

import csv
import io
import unicodedata
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from math import isfinite
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from rsaudit.archives import damages
from rsaudit.loading.cells import CellError, CellType, exact, read_cell
from rsaudit.loading.locator import RowPlace
from rsaudit.loading.yaml_reading import BOM, MAX_BYTES, not_utf8
from rsaudit.messages import loading as say
from rsaudit.model import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_CELLS = 2_000_000
MAX_UNZIPPED = 256 * say.MIB
MAX_KNOWN = 10_000
"""Texts of cells remembered for a column."""
_UNREAD = object()
SIGNIFICANT_DIGITS = 15
"""What a spreadsheet keeps of a number: beyond, digits are its own rounding."""


class TableContent(Struct):
    """The rows of a table file, and what is wrong in it."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    places: list[RowPlace] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)


class _Reader(Struct):
    """One table being read: its file, what its columns may be, where errors go."""

    file: str
    types: Mapping[str, CellType]
    titles: Mapping[str, str]
    content: TableContent
    sheet: str | None = None

    def error(self, code: str, message: str, line: int | None = None, cell: str | None = None) -> None:
        self.content.errors.append(
            InputError(code=code, message=message, file=self.file, line=line, cell=cell)
        )

    def columns(self, headings: Sequence[str], line: int) -> list[str | None]:
        """Match headings to fields, by name or by title, whatever the case and accents."""
        fields: list[str | None] = []
        for heading in headings:
            name = field_of(heading, self.types, self.titles)
            if name is None and heading.strip():
                from difflib import get_close_matches

                close = get_close_matches(heading.strip(), list(self.types), n=1)
                self.error("colonne-inconnue", say.unknown_column(heading.strip(), close), line)
            elif name is not None and name in fields:
                self.error("colonne-en-double", say.duplicate_column(heading.strip()), line)
            fields.append(name)
        return fields

    def put(self, row: dict[str, Any], name: str, value: Any) -> None:
        """Set a field, inside a nested object when its column is « source.piece »."""
        *parents, last = name.split(".")
        for parent in parents:
            row = row.setdefault(parent, {})
        row[last] = value


def field_of(heading: str, types: Mapping[str, CellType], titles: Mapping[str, str]) -> str | None:
    """Return the field a heading stands for, by name or by title, whatever the case and accents; else `None`."""
    known = {_folded(name): name for name in types}
    known.update({_folded(title): name for name, title in titles.items()})
    return known.get(_folded(heading))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip().casefold().replace("’", "'"))
    return "".join(" " if char in "_-" else char for char in plain if not unicodedata.combining(char))


def read_csv(raw: bytes, file: str, types: Mapping[str, CellType], titles: Mapping[str, str]) -> TableContent:
    """Read a CSV table: semicolon or comma, decimal comma, UTF-8 or Windows-1252."""
    reader = _Reader(file, types, titles, TableContent())
    text = _decoded(raw, reader)
    if text is None:
        return reader.content
    separator = separator_of(text, types, titles)
    try:
        lines = list(_lines(text, separator))
    except csv.Error:
        reader.error("csv", say.BROKEN_CSV)
        return reader.content
    if not lines:
        reader.error("table-vide", say.EMPTY_TABLE)
        return reader.content
    line, headings = lines[0]
    fields = reader.columns(headings, line)
    if not any(error.severity == "erreur" for error in reader.content.errors):
        _csv_rows(reader, fields, headings, lines[1:])
    return reader.content


def _decoded(raw: bytes, reader: _Reader) -> str | None:
    text, told = decoded(raw, reader.file)
    reader.content.errors.extend(told)
    return text


def decoded(raw: bytes, file: str) -> tuple[str | None, list[InputError]]:
    """Return the text of a table in UTF-8 or Windows-1252, or `None`, and what must be told of it."""

    def told(code: str, message: str, line: int | None = None, severity: str = "erreur") -> list[InputError]:
        return [InputError(code=code, message=message, file=file, line=line, severity=severity)]

    if len(raw) > MAX_BYTES:
        message = say.TOO_LARGE.format(size=say.size(len(raw)), limit=say.size(MAX_BYTES))
        return None, told("fichier-trop-gros", message)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return None, told("utf-16", say.UTF16)
    body = raw.removeprefix(BOM)
    if b"\0" in body:
        return None, told("caractere-nul", say.NUL)
    try:
        return unicodedata.normalize("NFC", body.decode("utf-8")), []
    except UnicodeDecodeError as error:
        try:
            text = body.decode("cp1252")
        except UnicodeDecodeError:
            line = body[: error.start].count(b"\n") + 1
            return None, told("encodage", not_utf8(body, error.start), line)
        return unicodedata.normalize("NFC", text), told(
            "windows-1252", say.READ_AS_CP1252, severity="avertissement"
        )


def separator_of(text: str, types: Mapping[str, CellType], titles: Mapping[str, str]) -> str:
    """Choose the separator that makes the most known columns of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    known = {_folded(name) for name in (*types, *titles.values())}
    return max(";,\t", key=lambda mark: sum(_folded(part.strip('"')) in known for part in first.split(mark)))


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    cells = 0
    for row in reader:
        cells += len(row)
        if cells > MAX_CELLS:
            raise csv.Error("too many cells")
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


class _Column(Struct):
    """One column of a CSV table: the field it fills, and its cells already read."""

    name: str
    nested: bool
    """It fills a field of an object of the row: « source.piece »."""
    heading: str
    kind: CellType
    known: dict[str, Any] = field(default_factory=dict)
    """Value of each text met: most columns repeat a few. A list is never shared between rows."""

    def read(self, text: str) -> Any:
        """Return the value of a cell not met before. Raises `CellError`."""
        value = read_cell(text, self.kind)
        if len(self.known) < MAX_KNOWN and not isinstance(value, list):
            self.known[text] = value
        return value


def _csv_rows(
    reader: _Reader, fields: list[str | None], headings: list[str], lines: list[tuple[int, list[str]]]
) -> None:
    columns = [
        _Column(name=name, nested="." in name, heading=heading.strip(), kind=reader.types[name])
        if name is not None
        else None
        for name, heading in zip(fields, headings, strict=True)
    ]
    whole = None not in fields
    headings_of: dict[int, dict[str, str]] = {}
    """Where the fields of a row are, by the number of its cells: shared by all the rows that have as many."""
    for line, cells in lines:
        if not whole or len(cells) > len(fields):
            _refuse_unnamed(reader, fields, cells, line)
        reader.content.rows.append(_csv_row(reader, columns, cells, line))
        places = headings_of.get(len(cells))
        if places is None:
            met = [column for column, _ in zip(columns, cells, strict=False) if column is not None]
            places = headings_of[len(cells)] = {
                column.name.split(".", 1)[0]: column.heading for column in met
            }
        reader.content.places.append(RowPlace(file=reader.file, line=line, columns=places))


def _refuse_unnamed(reader: _Reader, fields: list[str | None], cells: list[str], line: int) -> None:
    """Report what is written under no heading."""
    if any(name is None and cell and cell.strip() for name, cell in zip_longest(fields, cells)):
        reader.error("cellule-en-trop", say.TOO_MANY_CELLS, line)


def _csv_row(reader: _Reader, columns: list[_Column | None], cells: list[str], line: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            continue
        value = column.known.get(cell, _UNREAD)
        if value is _UNREAD:
            try:
                value = column.read(cell)
            except CellError as error:
                place = say.csv_cell(line, column.heading)
                reader.error("cellule", say.bad_cell(column.heading, str(error)), line, place)
                continue
        if value is None:
            continue
        if column.nested:
            reader.put(row, column.name, value)
        else:
            row[column.name] = value
    return row


# -- XLSX ------------------------------------------------------------------------------------------------


def read_xlsx(
    raw: bytes, file: str, sheet: str | None, types: Mapping[str, CellType], titles: Mapping[str, str]
) -> TableContent:
    """Read a sheet of a workbook: stored values only, numbers at fifteen significant digits, empty rows dropped."""
    reader = _Reader(file, types, titles, TableContent())
    if not _is_safe_zip(raw, reader):
        return reader.content

    try:
        book = open_workbook(raw)
        name = sheet or book.sheetnames[0]
        if name not in book.sheetnames:
            reader.error("feuille-inconnue", say.unknown_sheet(name, book.sheetnames))
            return reader.content
        rows = _xlsx_cells(book[name])
    except Exception:  # noqa: BLE001 - a broken workbook raises whatever its parser meets
        reader.error("classeur", say.BROKEN_WORKBOOK)
        return reader.content
    reader.sheet = name
    _xlsx_rows(reader, rows)
    return reader.content


def _xlsx_cells(sheet: Any) -> list[list[Any]]:
    """Return the cells of a sheet; one that says it is immense is refused before it fills the memory."""
    rows = []
    cells = 0
    for row in sheet.iter_rows():
        cells += len(row)
        if cells > MAX_CELLS:
            raise ValueError(cells)
        rows.append(list(row))
    return rows


def open_workbook(raw: bytes, *, values: bool = True) -> Any:
    """Open a workbook, for the values its formulas gave or for the formulas themselves; raises whatever its parser meets.

    What it mends on its own (no default style, a name that leads nowhere…) concerns nobody: its warnings are in English.
    """
    import warnings

    from openpyxl import load_workbook

    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    return load_workbook(io.BytesIO(raw), read_only=True, data_only=values, keep_links=False)


def _is_safe_zip(raw: bytes, reader: _Reader) -> bool:
    import zipfile

    if len(raw) > MAX_BYTES:
        reader.error(
            "fichier-trop-gros", say.TOO_LARGE.format(size=say.size(len(raw)), limit=say.size(MAX_BYTES))
        )
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
    except damages():
        reader.error("classeur", say.BROKEN_WORKBOOK)
        return False
    if total > MAX_UNZIPPED:
        reader.error(
            "fichier-trop-gros", say.TOO_LARGE.format(size=say.size(total), limit=say.size(MAX_UNZIPPED))
        )
        return False
    return True


def _xlsx_rows(reader: _Reader, rows: list[list[Any]]) -> None:
    filled = [
        (number, cells)
        for number, cells in enumerate(rows, 1)
        if any(c.value not in (None, "") for c in cells)
    ]
    if not filled:
        reader.error("table-vide", say.EMPTY_TABLE)
        return
    number, cells = filled[0]
    headings = ["" if cell.value is None else str(cell.value) for cell in cells]
    fields = reader.columns(headings, number)
    if reader.content.errors:
        return
    for number, cells in filled[1:]:
        row: dict[str, Any] = {}
        columns: dict[str, str] = {}
        if any(
            name is None and cell is not None and str("" if cell.value is None else cell.value).strip()
            for name, cell in zip_longest(fields, cells, fillvalue=None)
        ):
            place = say.row_place(reader.sheet, number)
            reader.error("cellule-en-trop", say.TOO_MANY_CELLS, None, place)
        for name, heading, cell in zip(fields, headings, cells, strict=False):
            if name is None or cell.value is None:
                continue
            columns[name.split(".", 1)[0]] = cell.column_letter
            try:
                value = _xlsx_value(cell.value, reader.types[name])
            except CellError as error:
                place = say.sheet_cell(str(reader.sheet), cell.coordinate)
                reader.error("cellule", say.bad_cell(heading.strip(), str(error)), None, place)
                continue
            if value is not None:
                reader.put(row, name, value)
        reader.content.rows.append(row)
        reader.content.places.append(
            RowPlace(file=reader.file, line=number, sheet=reader.sheet, columns=columns)
        )


def _xlsx_value(value: Any, kind: CellType) -> Any:
    """Turn a stored value into a value of the field; what is no text is written first as one would type it."""
    if isinstance(value, str):
        if value.startswith("#"):
            raise CellError(say.FORMULA_ERROR)
        return read_cell(value, kind)
    if isinstance(value, bool):
        return read_cell("oui" if value else "non", kind)
    if isinstance(value, int | float):
        if kind.kind == "date":
            raise CellError(say.NUMBER_FOR_A_DATE)
        if not isfinite(value):
            raise CellError(say.FORMULA_ERROR)
        number = exact(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}"))
        return number if kind.kind in {"nombre", "entier"} else read_cell(f"{Decimal(number):f}", kind)
    day = value.date() if hasattr(value, "date") else value
    return read_cell(day.isoformat() if hasattr(day, "isoformat") else str(day), kind)
