"""CSV for a French spreadsheet: one line per finding, semicolons, decimal commas, UTF-8 with its mark, CRLF.

No text can be taken for a formula: one that begins like a formula is given an apostrophe.
"""

from __future__ import annotations

from csv import writer
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import TYPE_CHECKING

from rsaudit.messages import format_date, round_half_up
from rsaudit.output.diffusion import printable
from rsaudit.output.table import Quantity, findings_sheet

if TYPE_CHECKING:
    from rsaudit.model import RenderOptions, Report
    from rsaudit.output.table import Cell, Sheet

_FORMULA = frozenset("=+-@|\t\r＝＋－＠")
"""Signs that a spreadsheet takes for the start of a formula or of a command, full width included."""


def render(report: Report, options: RenderOptions) -> bytes:
    """Write all findings as CSV."""
    return table(findings_sheet(printable(report, options, hidden=True)))


def table(sheet: Sheet) -> bytes:
    """Write a table as a French spreadsheet opens it right: no text of it is a formula."""
    buffer = StringIO(newline="")
    lines = writer(buffer, delimiter=";", lineterminator="\r\n")
    lines.writerow(sheet.headings)
    lines.writerows([_cell(cell) for cell in row] for row in sheet.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip()[:1] in _FORMULA and cell else cell
    if isinstance(cell, date):
        return format_date(cell)
    if isinstance(cell, Quantity):
        return number_text(cell)
    return str(cell)


def number_text(quantity: Quantity) -> str:
    """Write a number as a French spreadsheet reads one: a comma, no thousands; a percentage out of 100."""
    value = quantity.value * 100 if quantity.unit == "%" else quantity.value
    exact = round_half_up(value, 2) if isinstance(value, Fraction) else Decimal(value)
    text = f"{exact:f}"
    if quantity.unit == "%" and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")
