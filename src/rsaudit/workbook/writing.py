"""A dossier -> the bytes of a workbook: its sheets, its drop-down lists, its help. The same dossier, the same bytes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # published without types
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from rsaudit.loading.cells import LIST_SEPARATOR
from rsaudit.messages import workbook as say
from rsaudit.shapes import at, table_rows
from rsaudit.workbook.layout import MARK, Form, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

    from rsaudit.workbook.layout import Column, Layout, Sheet

CREATED = datetime(2000, 1, 1)
"""The date of every file written: never that of the machine."""
FIRST_DAY = date(1900, 3, 1)
"""Before it, spreadsheets do not agree on days: such a date is written as text."""
SIGNIFICANT_DIGITS = 15
VALUE_COLUMN = len(say.HEADINGS) - 1
_ROWS_READY = 500
"""Rows below the last one that have their drop-down lists."""
_LONGEST_HELP = 1_800
_PAGE_WIDTH = 260
"""Characters that remain legible across a page."""
_INK, _PALE, _EARLY, _LINE = "#1F3A5F", "#E8EDF3", "#FFF6D6", "#B8C4D2"
_HEAD: dict[str, Any] = {"bold": True, "bg_color": _PALE, "border": 1, "border_color": _LINE, "valign": "top"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": _INK},
    "told": {"text_wrap": True, "valign": "top", "font_color": "#444444"},
    "heading": {**_HEAD, "text_wrap": True},
    "early": {**_HEAD, "text_wrap": True, "bg_color": _EARLY},
    "mark": {"font_color": "#7A5B00", "font_size": 9, "text_wrap": True, "valign": "bottom"},
    "label": {**_HEAD, "bold": False, "text_wrap": True},
    "label early": {**_HEAD, "bold": False, "text_wrap": True, "bg_color": _EARLY},
    "note": {"font_color": "#555555", "valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": _LINE},
    "code": {"font_name": "Courier New", "font_color": _INK},
    "link": {"font_color": "#0B57A4", "underline": 1, "valign": "top"},
}
_VALUE: dict[str, Any] = {
    "locked": False,
    "valign": "top",
    "align": "left",
    "border": 4,
    "border_color": _LINE,
}
#: Cells to fill in, by kind. A text keeps what one types, and « @ » shows ##### beyond 255 characters in some readers.
VALUES: dict[str, str] = {
    "texte": "@",
    "booleen": "@",
    "date": "dd/mm/yyyy",
    "nombre": "#,##0.00##",
    "entier": "0",
}


def write(layout: Layout, data: Mapping[str, Any], *, title: str, piece: Callable[[str], str]) -> bytes:
    """Write the workbook of a dossier; `piece` names a kind of piece from its code. Raises nothing."""
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": title[:255], "created": CREATED})
        _Pen(book, layout, piece).all(data, title)
    return buffer.getvalue()


def blank(layout: Layout) -> dict[str, Any]:
    """Return the dossier of a workbook to fill in: what can only have one value, nothing else."""
    data: dict[str, Any] = {}
    for form in layout.forms():
        for column in form.columns:
            if column.required and column.constant is not None:
                _put(data.setdefault(form.section, {}), column.path, column.constant)
    return data


def _put(owner: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        owner = owner.setdefault(step, {})
    owner[path[-1]] = value


def is_exact(value: int | Decimal) -> bool:
    """Say whether a cell keeps a number whole."""
    return Decimal(f"{float(value):.{SIGNIFICANT_DIGITS}g}") == value


class _Pen:
    """Writes the sheets of one workbook, making each format and each list of words once."""

    def __init__(self, book: Workbook, layout: Layout, piece: Callable[[str], str]) -> None:
        self.book = book
        self.layout = layout
        self.piece = piece
        self.formats: dict[tuple[str, str], Format] = {}
        self.lists: dict[tuple[str, ...], str] = {}
        self.places: dict[str, str] = {}
        """Identifying column of each table, as a drop-down list refers to it."""

    def all(self, data: Mapping[str, Any], title: str) -> None:
        pages = [self.book.add_worksheet(say.GUIDE)]
        pages += [self.book.add_worksheet(sheet.name) for sheet in self.layout.sheets]
        pages.append(self.book.add_worksheet(say.LISTS))
        self._guide(pages[0], title)
        for table in self.layout.tables():
            self._place(table)
        for sheet, page in zip(self.layout.sheets, pages[1:-1], strict=True):
            if isinstance(sheet, Form):
                self._form(page, sheet, data.get(sheet.section))
            else:
                self._table(page, sheet, data.get(sheet.section))
            page.protect("", PROTECTION)
        self._word_lists(pages[-1])

    def style(self, name: str, kind: str = "") -> Format:
        key = (name, kind)
        if key not in self.formats:
            self.formats[key] = self.book.add_format(
                {**_VALUE, "num_format": VALUES[kind], "text_wrap": kind == "texte"}
                if name == "value"
                else STYLES[name]
            )
        return self.formats[key]

    # -- guide and lists -------------------------------------------------------------------------------

    def _guide(self, page: Worksheet, title: str) -> None:
        page.hide_gridlines(2)
        page.set_column(0, 0, 34)
        page.set_column(1, 1, 4)
        page.set_column(2, 2, 96)
        page.write_string(0, 0, title, self.style("title"))
        line = 1
        for kind, text in say.GUIDE_LINES:
            if kind == "titre":
                line += 1
            if kind == "texte":
                page.merge_range(line, 0, line, 2, "", self.style("told"))
                page.set_row(line, 15 * (1 + len(text) // 150))
            page.write_string(line, 0, text, self.style({"titre": "title", "code": "code"}.get(kind, "told")))
            line += 1
        for column, heading in enumerate(say.SUMMARY_HEADINGS):
            page.write_string(line, column, heading, self.style("heading"))
        for rank, sheet in enumerate(self.layout.sheets, line + 1):
            page.write_url(rank, 0, f"internal:'{sheet.name}'!A1", self.style("link"), sheet.name)
            page.write_string(rank, 1, say.EARLY if sheet.early else "", self.style("told"))
            told = _told(sheet)
            page.set_row(rank, 15 * (1 + len(told) // 110))
            page.write_string(rank, 2, told, self.style("told"))
        page.protect("", PROTECTION)
        _printed(page)

    def _word_lists(self, page: Worksheet) -> None:
        for column, words in enumerate(self.lists):
            for row, word in enumerate(words):
                page.write_string(row, column, word)
        page.hide()
        page.protect("", PROTECTION)

    def _list(self, words: tuple[str, ...]) -> str:
        """Return where a list of words is, for a drop-down list."""
        if words not in self.lists:
            letter = xl_col_to_name(len(self.lists))
            self.lists[words] = f"={say.LISTS}!${letter}$1:${letter}${len(words)}"
        return self.lists[words]

    def _place(self, table: Table) -> None:
        if len(table.identifiers) == 1 and table.parent is None:
            first, letter = _heading_row(table) + 2, xl_col_to_name(len(table.keys))
            place = f"='{table.name}'!${letter}${first}:${letter}${first + _ROWS_READY}"
            self.places[f"{table.static}.{table.identifiers[0]}"] = place

    # -- forms -----------------------------------------------------------------------------------------

    def _form(self, page: Worksheet, form: Form, content: Any) -> None:
        self._head(page, form, 3)
        for index, width in enumerate((3, 46, 46, 24, 12, 44)):
            page.set_column(index, index, width)
        longest = max((len(column.labels) for column in form.columns if column.many), default=0)
        page.set_column(len(say.HEADINGS), len(say.HEADINGS) + longest, 24)
        for index, heading in enumerate(say.HEADINGS):
            page.write_string(_FORM_HEADINGS, index, heading, self.style("heading"))
        if any(column.many for column in form.columns):
            page.write_string(_FORM_HEADINGS, len(say.HEADINGS), say.NEXT_VALUES, self.style("heading"))
        for row, column in enumerate(form.columns, _FORM_HEADINGS + 1):
            self._line(page, row, column, at(content, column.path))
        page.freeze_panes(_FORM_HEADINGS + 1, 3)
        _printed(page, _FORM_HEADINGS)
        # On paper, the cells to the right that wait for the rest of a list would make the others illegible.
        used = max((len(value) for value in _lists(form, content)), default=1)
        page.print_area(0, 0, _FORM_HEADINGS + len(form.columns), VALUE_COLUMN + max(1, used) - 1)

    def _line(self, page: Worksheet, row: int, column: Column, value: Any) -> None:
        label = self.style("label early" if column.early else "label")
        texts = (say.EARLY if column.early else "", say.joined(column.titles[:-1]), column.titles[-1])
        for index, text in enumerate(texts):
            page.write_string(row, index, text, label)
        page.write_string(row, 3, _expected(column), self.style("note"))
        page.write_string(row, 4, " ; ".join(column.pieces), self.style("note"))
        self._comment(page, row, 2, column)
        values = (value or [say.EMPTY_LIST]) if isinstance(value, list) else [value]
        last = VALUE_COLUMN + max(len(values), len(column.labels) if column.many else 1) - 1
        for index in range(VALUE_COLUMN, last + 1):
            rank = index - VALUE_COLUMN
            self._cell(page, row, index, column, values[rank] if rank < len(values) else None)
        self._validate(page, (row, VALUE_COLUMN, row, last), column)

    # -- tables ----------------------------------------------------------------------------------------

    def _table(self, page: Worksheet, table: Table, content: Any) -> None:
        heading = _heading_row(table)
        self._head(page, table, 6)
        self._settings(page, table, at(content, table.path) if table.parent is None else None)
        columns = (*table.keys, *table.columns)
        for index, column in enumerate(columns):
            page.set_column(index, index, _width(column, index), self.style("value", column.kind.kind))
            page.write_string(heading - 1, index, _mark(column), self.style("mark"))
            page.write_string(
                heading, index, column.heading, self.style("early" if column.early else "heading")
            )
            self._comment(page, heading, index, column, table)
        page.set_row(heading, 48)
        row = heading
        for keys, entry in _entries(table, content):
            row += 1
            for index, (column, value) in enumerate(
                (*zip(table.keys, keys, strict=True), *((one, at(entry, one.path)) for one in table.columns))
            ):
                self._cell(page, row, index, column, value)
        for index, column in enumerate(columns):
            self._validate(page, (heading + 1, index, row + _ROWS_READY, index), column)
        page.freeze_panes(heading + 1, len(table.keys) + 1)
        page.autofilter(heading, 0, max(row, heading + 1), len(columns) - 1)
        widths = sum(_width(column, index) for index, column in enumerate(columns))
        _printed(page, heading, pages=1 + widths // _PAGE_WIDTH)
        page.repeat_columns(0, len(table.keys))

    def _settings(self, page: Worksheet, table: Table, value: Any) -> None:
        if table.parent is not None:
            return
        page.write_string(_SETTINGS, 0, say.NONE_EXISTS, self.style("label"))
        page.write_comment(_SETTINGS, 0, say.NONE_EXISTS_HELP, _COMMENT)
        empty = isinstance(value, list) and not value
        page.write_string(_SETTINGS, 1, "oui" if empty else "", self.style("value", "texte"))
        choice = {"validate": "list", "source": self._list(("oui",)), "error_type": "stop"}
        page.data_validation(
            _SETTINGS, 1, _SETTINGS, 1, {**choice, **_REFUSAL, "error_message": say.ONE_OF_THE_LIST}
        )
        for row, column in enumerate(table.settings, _SETTINGS + 1):
            page.write_string(row, 0, column.heading, self.style("label early" if column.early else "label"))
            self._comment(page, row, 0, column)
            self._cell(page, row, 1, column, at(value, column.path))
            self._validate(page, (row, 1, row, 1), column)

    # -- cells -----------------------------------------------------------------------------------------

    def _head(self, page: Worksheet, sheet: Sheet, last: int) -> None:
        page.write_string(0, 0, sheet.title, self.style("title"))
        page.merge_range(1, 0, 1, last, "", self.style("told"))
        page.write_string(1, 0, _told(sheet), self.style("told"))
        page.set_row(1, 15 * (1 + len(_told(sheet)) // 120))

    def _comment(
        self, page: Worksheet, row: int, index: int, column: Column, table: Table | None = None
    ) -> None:
        if column.rows_of is not None and table is not None:
            child = next(
                one for one in self.layout.tables() if one.parent is table and one.path == column.rows_of
            )
            text = f"{column.description}\n{say.empty_list_help(child.name)}"
        else:
            text = say.help_text(
                column.description,
                column.unit,
                list(column.labels.values()),
                [] if column.closed else [say.example(one) for one in column.examples],
                [self.piece(code) for code in column.pieces],
                early=column.early,
            )
        lines = sum(1 + len(line) // 55 for line in text.splitlines())
        page.write_comment(row, index, text[:_LONGEST_HELP], {**_COMMENT, "height": 20 + 15 * min(lines, 24)})

    def _cell(self, page: Worksheet, row: int, index: int, column: Column, value: Any) -> None:
        style = self.style("value", column.kind.kind)
        if column.rows_of is not None:
            empty = isinstance(value, list | dict) and not table_rows(value)
            value = say.EMPTY_LIST if empty else None
        if isinstance(value, list):
            parts = [_shown(one, column) for one in value]
            value = f" {LIST_SEPARATOR} ".join(map(str, parts)) if parts else say.EMPTY_LIST
        else:
            value = _shown(value, column)
        if value is None:
            page.write_blank(row, index, None, style)
        elif isinstance(value, date):
            page.write_datetime(row, index, value, style)
        elif isinstance(value, str):
            page.write_string(row, index, value, style)
        else:
            page.write_number(row, index, float(value), style)

    def _validate(self, page: Worksheet, area: tuple[int, int, int, int], column: Column) -> None:
        words = tuple(column.labels.values())
        if column.many and column.labels:
            words = (*words, say.EMPTY_LIST)
        if words:
            closed = (column.closed and not column.many) or column.kind.kind == "booleen"
            rule: dict[str, Any] = {"validate": "list", "source": self._list(words), "show_error": closed}
            message = say.ONE_OF_THE_LIST
        elif column.reference in self.places:
            rule = {"validate": "list", "source": self.places[column.reference], "show_error": False}
            message = ""
        elif column.kind.kind == "date":
            rule, message = {"validate": "date", "criteria": ">=", "value": FIRST_DAY}, say.A_DATE
        elif column.kind.kind in {"nombre", "entier"}:
            rule, message = {"validate": "decimal", "criteria": ">=", "value": -1e15}, say.A_NUMBER
        else:
            return
        page.data_validation(*area, {**rule, **_REFUSAL, "error_message": message})


_FORM_HEADINGS = 3
_SETTINGS = 3
_COMMENT: dict[str, Any] = {"width": 380, "font_size": 9, "color": "#FFFBE6"}
_REFUSAL: dict[str, Any] = {"ignore_blank": True, "error_title": say.REFUSED}
PROTECTION: dict[str, Any] = dict.fromkeys(
    (
        *(
            "format_cells",
            "format_columns",
            "format_rows",
            "insert_rows",
            "delete_rows",
            "sort",
            "autofilter",
        ),
        *("select_locked_cells", "select_unlocked_cells", "objects", "scenarios"),
    ),
    True,
)


def _heading_row(table: Table) -> int:
    """Return the row of the headings, from 0: below the settings, a blank row and the row of marks."""
    return _SETTINGS + (3 + len(table.settings) if table.parent is None else 1)


def _told(sheet: Sheet) -> str:
    if isinstance(sheet, Table) and sheet.parent is not None:
        return say.of_parent(sheet.description, sheet.parent.name)
    return sheet.description


def _mark(column: Column) -> str:
    return " ".join(part for part in (say.EARLY if column.early else "", _expected(column)) if part)


def _expected(column: Column) -> str:
    return say.expected(
        column.kind.kind,
        column.unit,
        words=bool(column.labels),
        closed=column.closed and column.kind.kind != "booleen",
        many=column.many,
    )


def _width(column: Column, index: int) -> int:
    least = 28 if index == 0 else 11
    longest = max((len(word) for word in column.labels.values()), default=0)
    return max(least, min(26, longest + 3, 40), min(24, len(column.heading) // 2 + 4))


def _shown(value: Any, column: Column) -> Any:
    """Give what a cell holds for a value: its label, a date, a number, a text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, str):
        if value in column.labels:
            return column.labels[value]
        return _day(value) if column.kind.kind == "date" else value
    return value if is_exact(value) else say.number(value)


def _day(text: str) -> date | str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= FIRST_DAY else text


def _entries(table: Table, content: Any) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Yield the rows of a table, each after the identifiers of the row that holds it."""
    marked = table.identifiers == (MARK,)
    if table.parent is None:
        for number, row in enumerate(table_rows(at(content, table.path)), 1):
            yield [], {MARK: number, **row} if marked else row
        return
    for keys, holder in _entries(table.parent, content):
        own = [holder.get(name) for name in table.parent.identifiers]
        for number, row in enumerate(table_rows(at(holder, table.path)), 1):
            yield [*keys, *own], {MARK: number, **row} if marked else row


def _lists(form: Form, content: Any) -> Iterator[list[Any]]:
    """Yield the lists of values a form holds."""
    for column in form.columns:
        value = at(content, column.path)
        if column.many and isinstance(value, list):
            yield value


def _printed(page: Worksheet, heading: int | None = None, *, pages: int = 1) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(pages, 0)
    page.set_footer("&L&A&R&P / &N")
    if heading is not None:
        page.repeat_rows(heading)
