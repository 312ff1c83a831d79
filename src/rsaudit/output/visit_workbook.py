"""The sheet of a visit as a workbook to fill in: verdicts chosen in a list, everything else but the answers locked."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # published without types

from rsaudit.messages import enumerate_french, format_date
from rsaudit.messages import visit as say
from rsaudit.messages.output import answer_sentence
from rsaudit.output.diffusion import cleaned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.visit import Point, Sheet

KEYWORD = "rsaudit-grille"
"""Unlike a report, a sheet may hold what someone wrote: nothing of ours replaces it."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_WIDTHS = (16, 26, 34, 30, 26, 20, 34, 14, 12, 44, 10, 10)
_FILLED = ("verdict", "vu_le", "observations")
_HIDDEN = ("logement", "repere")
_ALLOWED = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
    "sort": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


def render(sheet: Sheet) -> bytes:
    """Write the workbook; the same sheet gives the same bytes."""
    drawn = cleaned(sheet)
    buffer = BytesIO()
    created = datetime.combine(drawn.as_of, datetime.min.time())
    with Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties(
            {"title": say.title(drawn.residence)[:255], "keywords": KEYWORD, "created": created}
        )
        pen = _Pen(book, drawn)
        pen.visit()
        places = [(place, point) for place, points in drawn.parts for point in points]
        pen.points(say.POINTS_SHEET, [(say.PLACE_TITLES[place], point, None) for place, point in places])
        names: set[str] = {say.VISIT_SHEET.lower(), say.POINTS_SHEET.lower()}
        for page in drawn.pages:
            name = _sheet_name(say.dwelling_title(page.dwelling), names)
            pen.points(name, [(say.dwelling_title(page.dwelling), one, page.dwelling) for one in page.points])
    return buffer.getvalue()


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """Name a sheet as a workbook allows, never twice."""
    base = _FORBIDDEN.sub("-", wanted)[:_LONGEST_NAME]
    name, rank = base, 2
    while name.lower() in taken:
        name = f"{base[: _LONGEST_NAME - len(str(rank)) - 1]}~{rank}"
        rank += 1
    taken.add(name.lower())
    return name


class _Pen:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self.book = book
        self.sheet = sheet
        shared = {"text_wrap": True, "valign": "top", "border": 1}
        self.head = book.add_format({**shared, "bold": True, "bg_color": "#E0E0E0", "locked": True})
        self.locked = book.add_format({**shared, "locked": True})
        self.open = book.add_format({**shared, "locked": False, "bg_color": "#FFFBE6"})
        self.day = book.add_format(
            {**shared, "locked": False, "bg_color": "#FFFBE6", "num_format": "dd/mm/yyyy"}
        )

    def visit(self) -> None:
        """Write who visits and when, and which dwellings."""
        page = self._page(say.VISIT_SHEET, tuple(say.VISIT_COLUMNS.values()), (24, 14, 44, 60))
        control = self.sheet.control
        role = "inspecteur" if control.frame == "controle" else "gestionnaire"
        page.write_string(1, 0, role, self.open)
        page.data_validation(1, 0, 1, 0, {"validate": "list", "source": list(say.ROLES)})
        if control.visit is not None:
            page.write_datetime(1, 1, datetime.combine(control.visit, datetime.min.time()), self.day)
        else:
            page.write_blank(1, 1, None, self.day)
        page.data_validation(1, 1, 1, 1, _A_DAY)
        numbers = [one.dwelling for one in self.sheet.pages]
        page.write_string(1, 2, enumerate_french(numbers), self.locked)
        page.write_string(1, 3, say.draw_phrase(self.sheet.draw), self.locked)
        page.protect("", _ALLOWED)

    def points(self, name: str, rows: Sequence[tuple[str, Point, str | None]]) -> None:
        """Write one sheet: a row per point, with its verdict to choose."""
        keys = tuple(say.COLUMNS)
        page = self._page(name, tuple(say.COLUMNS.values()), _WIDTHS)
        for line, (place, point, dwelling) in enumerate(rows, 1):
            for column, (key, text) in enumerate(zip(keys, _cells(place, point, dwelling), strict=True)):
                if key == "vu_le":
                    page.write_blank(line, column, None, self.day)
                elif key in _FILLED:
                    page.write_blank(line, column, None, self.open)
                else:
                    page.write_string(line, column, text, self.locked)
            page.set_row(line, 15 * _lines(_cells(place, point, dwelling)))
        last = max(len(rows), 1)
        verdict, seen = keys.index("verdict"), keys.index("vu_le")
        choices = {"validate": "list", "source": list(say.VERDICTS.values())}
        page.data_validation(1, verdict, last, verdict, choices)
        page.data_validation(1, seen, last, seen, _A_DAY)
        for key in _HIDDEN:
            page.set_column(keys.index(key), keys.index(key), 10, None, {"hidden": True})
        page.autofilter(0, 0, last, len(keys) - 1)
        page.protect("", _ALLOWED)

    def _page(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> Any:
        page = self.book.add_worksheet(name)
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, heading, self.head)
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        title = f"{self.sheet.residence} – {format_date(self.sheet.as_of)}".replace("&", "&&")
        page.set_header(f"&L{title}&R&P / &N"[:255])
        return page


_A_DAY = {
    "validate": "date",
    "criteria": "between",
    "minimum": datetime(2000, 1, 1),
    "maximum": datetime(2199, 12, 31),
    "input_message": "JJ/MM/AAAA",
    "error_title": "Date",
    "error_message": "Écrire une date : 30/09/2026.",
}


def _cells(place: str, point: Point, dwelling: str | None) -> tuple[str, ...]:
    answer = f"Réponse du gestionnaire : {answer_sentence(point.answer)}" if point.answer else ""
    return (
        *(place, point.title, point.question, point.look_at or "", point.proof, point.subject or ""),
        "\n".join(text for text in (point.said or "", answer) if text),
        *("", "", "", dwelling or "", point.identifier),
    )


def _lines(cells: Sequence[str]) -> int:
    """Guess the height of a row from its longest cell, the hidden ones left out."""
    shown = zip(cells, _WIDTHS[: -len(_HIDDEN)], strict=False)
    return max(2, *(1 + len(text) // (width - 2) for text, width in shown))
