"""Filled tables -> the bytes of a workbook: numbers are numbers, texts are texts. The same tables, the same bytes."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # published without types

from rsaudit.filings.filling import ABSENT
from rsaudit.filings.reading import PLATFORM
from rsaudit.messages import filings as say
from rsaudit.messages import format_date
from rsaudit.messages.output import inert

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

    from rsaudit.filings.filling import Filled, FilledSheet

CREATED = datetime(2000, 1, 1)
"""The date of every file written: never that of the machine."""
_HEADING_HEIGHT, _TWO_LINES = 46, 30
_FIRST_DAY = date(1900, 3, 1)
_STYLES: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "label": {"bold": True, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "number": {"num_format": "#,##0.00", "valign": "top"},
    "count": {"num_format": "0", "valign": "top", "align": "left"},
    "day": {"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"},
    "absent": {"italic": True, "font_color": "#8A1C1C", "bg_color": "#FBE9E7", "valign": "top"},
}


def write(filled: Filled) -> bytes:
    """Write the workbook of a filing."""
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": filled.filing.title, "created": CREATED})
        styles = {name: book.add_format(style) for name, style in _STYLES.items()}
        if filled.filing.use != PLATFORM:
            _front(book.add_worksheet(say.FRONT), filled, styles)
        for sheet in filled.sheets:
            _table(book.add_worksheet(sheet.sheet.name), sheet, styles, bare=filled.filing.use == PLATFORM)
    return buffer.getvalue()


def _front(page: Worksheet, filled: Filled, styles: dict[str, Format]) -> None:
    """Say what the workbook is, of which residence, what it lacks and to whom each table goes."""
    page.set_column(0, 0, 38)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, filled.filing.title, styles["title"])
    row = 2
    for title, value in filled.heading:
        page.write_string(row, 0, title, styles["label"])
        _put(page, row, 1, value, styles)
        row += 1
    row += 1
    for sheet in filled.sheets:
        page.write_string(row, 0, sheet.sheet.name, styles["label"])
        page.write_string(row, 1, say.summary(sheet), styles["text"])
        page.set_row(row, _TWO_LINES)
        row += 1
    page.merge_range(row + 1, 0, row + 1, 1, say.LIMITS, styles["text"])
    page.set_row(row + 1, _TWO_LINES)
    _printed(page)


def _table(page: Worksheet, filled: FilledSheet, styles: dict[str, Format], *, bare: bool) -> None:
    page.set_row(0, _HEADING_HEIGHT)
    for column, cell in enumerate(filled.sheet.columns):
        page.write_string(0, column, cell.title, styles["heading"])
        page.set_column(column, column, 18 if column else 24)
    page.freeze_panes(1, 0)
    row = filled.sheet.first_row - 1
    for values in filled.rows:
        for column, value in enumerate(values):
            if not (bare and value is ABSENT):
                _put(page, row, column, value, styles)
        row += 1
    if bare:
        return
    for title, value in filled.bottom:
        row += 1
        page.write_string(row, 0, title, styles["label"])
        _put(page, row, max(1, len(filled.sheet.columns) - 1), value, styles)
    for note in say.notes(filled):
        row += 1
        page.write_string(row + 1, 0, note)
    page.repeat_rows(0)
    page.set_footer(f"&L{filled.sheet.title or filled.sheet.name}&R&P / &N")
    _printed(page)


def _printed(page: Worksheet) -> None:
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _put(page: Worksheet, row: int, column: int, value: Any, styles: dict[str, Format]) -> None:
    if value is ABSENT:
        page.write_string(row, column, say.ABSENT, styles["absent"])
    elif isinstance(value, date):
        if value >= _FIRST_DAY:
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), styles["day"])
        else:
            page.write_string(row, column, format_date(value), styles["text"])
    elif isinstance(value, str):
        page.write_string(row, column, inert(value), styles["text"])  # read by others than who wrote it
    elif isinstance(value, int):
        page.write_number(row, column, value, styles["count"])
    else:
        page.write_number(row, column, float(value), styles["number"])
