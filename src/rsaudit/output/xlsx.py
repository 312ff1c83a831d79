"""A workbook to work in: one table per sheet, with filters, numbers as numbers, and columns left to fill in.

Written so that the same report gives the same bytes; text is always text, never a formula or a link.
"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # published without types

from rsaudit.messages import NBSP, RANK_LABELS, SEVERITY_LABELS, enumerate_french, format_date
from rsaudit.messages.formats import (
    DECLARED_ONLY,
    KEYWORD,
    SEVERITY_COUNTS,
    error_place,
    others_in_findings,
    ruleset_phrase,
    short_label,
    state_phrase,
)
from rsaudit.messages.output import (
    FOLLOW_UP,
    LIMITS,
    NOT_YET_DUE,
    NOTHING_NEW,
    PLACE_LABELS,
    follow_phrases,
    frame_phrase,
    headline,
    legal,
    sample_phrase,
    verdict_label,
)
from rsaudit.model import SEVERITY_ORDER, Verdict
from rsaudit.output import view
from rsaudit.output.csv import number_text
from rsaudit.output.diffusion import printable
from rsaudit.output.table import Quantity, Sheet, errors_sheet, findings_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

    from rsaudit.model import RenderOptions, Report
    from rsaudit.output.table import Cell
    from rsaudit.output.view import Gap, PieceGaps, Row

_LONGEST = 32_767
"""Characters that a cell may hold."""
_FIRST_YEAR = 1900
"""A workbook knows no earlier date."""
_LARGEST = 10**15
"""Beyond, a workbook would round: the number is written as text."""
_LINE, _HIGHEST = 15, 405
"""Height of a line, and of the highest row, in points."""
_FORMULA = frozenset("=+-@")
_VALUES = 10
"""How many different texts a cell holds: a row of a spreadsheet is at most 27 lines high."""
_LABELS = 40
"""How many subjects a cell names."""
_NOTHING = "Néant"
_A3, _A4 = 8, 9
_A4_WIDTH, _A3_WIDTH = 260, 380
"""Characters that remain legible across a page."""
_TEXT = "General"
"""Not « @ », which some spreadsheets show as ##### beyond 255 characters."""
_QUOTED = "'General"
"""Text that would become a formula if someone edited the cell."""
_DATE = "dd/mm/yyyy"


def render(report: Report, options: RenderOptions) -> bytes:
    """Write the report as a workbook."""
    report = printable(report, options, hidden=True)
    buffer = BytesIO()
    # Dates of the file itself: those of the audit, never those of the machine.
    created = datetime.combine(report.audit_date, datetime.min.time())
    with Workbook(buffer, {"in_memory": True}) as book:
        title = f"Audit{NBSP}: {report.dossier}"[:255]
        book.set_properties({"title": title, "keywords": KEYWORD, "created": created})
        pen = _Pen(book, report)
        for name, sheet in _sheets(report):
            pen.write(name, sheet)
    return buffer.getvalue()


class _Pen:
    """Writes sheets in one workbook, making each format once."""

    def __init__(self, book: Workbook, report: Report) -> None:
        self.book = book
        self.title = f"{report.dossier} – audit du {format_date(report.audit_date)}"
        self.formats: dict[str, Format] = {}

    def write(self, name: str, sheet: Sheet) -> None:
        """Write one table: its rows, its filters, its print layout."""
        page = self.book.add_worksheet(name)
        rows = sheet.rows or [[_NOTHING, *[None] * (len(sheet.headings) - 1)]]
        for index, width in enumerate(sheet.widths):
            page.set_column(index, index, width)
        for line, row in enumerate(rows, start=1):
            page.set_row(line, _height(row, sheet.widths))
            for column, cell in enumerate(row):
                self._cell(page, line, column, cell)
        page.add_table(
            0,
            0,
            len(rows),
            len(sheet.headings) - 1,
            {
                "name": f"Tableau{len(self.book.worksheets())}",
                "style": "Table Style Light 15",
                "columns": [
                    {"header": heading, "header_format": self._format("heading")}
                    for heading in sheet.headings
                ],
            },
        )
        _layout(page, self.title, sum(sheet.widths))

    def _cell(self, page: Worksheet, line: int, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            page.write_blank(line, column, None, self._format(_TEXT))
        elif isinstance(cell, str):
            kind = _QUOTED if cell.lstrip()[:1] in _FORMULA else _TEXT
            page.write_string(line, column, cell[:_LONGEST], self._format(kind))
        elif isinstance(cell, date):
            self._date(page, line, column, cell)
        else:
            quantity = cell if isinstance(cell, Quantity) else Quantity(value=cell)
            self._number(page, line, column, quantity)

    def _date(self, page: Worksheet, line: int, column: int, day: date) -> None:
        if day.year < _FIRST_YEAR:
            page.write_string(line, column, day.isoformat(), self._format(_TEXT))
        else:
            page.write_datetime(line, column, day, self._format(_DATE))

    def _number(self, page: Worksheet, line: int, column: int, quantity: Quantity) -> None:
        if not -_LARGEST < quantity.value < _LARGEST:
            page.write_string(line, column, number_text(quantity)[:_LONGEST], self._format(_TEXT))
        else:
            page.write_number(line, column, float(quantity.value), self._format(_number_format(quantity)))

    def _format(self, kind: str) -> Format:
        if kind not in self.formats:
            look: dict[str, bool | int | str] = {"text_wrap": True, "valign": "top"}
            if kind == "heading":
                look |= {"bold": True, "border": 1, "bg_color": "#E7E6E6"}
            else:
                look |= {"bottom": 1, "bottom_color": "#BFBFBF"}
                look |= {"num_format": kind.lstrip("'"), "quote_prefix": kind == _QUOTED}
            self.formats[kind] = self.book.add_format(look)
        return self.formats[kind]


def _number_format(quantity: Quantity) -> str:
    """Give the number format of a unit; the spreadsheet puts in the commas of its own country."""
    whole = quantity.value == int(quantity.value)
    if quantity.unit == "%":
        return "0.00\\ %"
    if quantity.unit is None:
        return "#,##0" if whole else "#,##0.00"
    unit = quantity.unit.replace('"', "")
    places = "#,##0.00" if unit.startswith("€") or unit == "m²" or not whole else "#,##0"
    return f'{places}\\ "{unit}"'


def _height(row: list[Cell], widths: tuple[int, ...]) -> int:
    """Give a row the height of its longest text: not every spreadsheet finds it by itself."""
    lines = 1
    for cell, width in zip(row, widths, strict=False):
        if isinstance(cell, str):
            lines = max(lines, sum(-(-len(part) // width) or 1 for part in cell.split("\n")))
    return min(lines * _LINE, _HIGHEST)


def _layout(page: Worksheet, title: str, width: int) -> None:
    """Freeze the headings, and print them again on each page; a wide table takes several A3 abreast."""
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(_A4 if width < _A4_WIDTH else _A3)
    page.fit_to_pages(-(-width // _A3_WIDTH), 0)
    page.repeat_rows(0)
    page.repeat_columns(0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    # « & » commands a header: doubled, it is itself. A header holds 255 characters.
    page.set_header(f"&L{title[:100].replace('&', '&&')}&R&A")
    page.set_footer("&RPage &P sur &N")


# --- Sheets


def _sheets(report: Report) -> Iterator[tuple[str, Sheet]]:
    yield "Synthèse", _summary(report)
    whole, report = report, view.shown(report)
    if not report.valid:
        yield "Erreurs à corriger", errors_sheet(report)
        return
    breaches = _breaches(report)
    if not breaches.rows and whole is not report:
        breaches.rows.append([*[None] * 4, NOTHING_NEW, *[None] * (len(breaches.headings) - 5)])
    yield "Écarts et remarques", breaches
    yield "À fournir", _gaps(report)
    yield "À apprécier sur place", _visit(report)
    yield "Tous les constats", findings_sheet(whole)


def _summary(report: Report) -> Sheet:
    return Sheet(
        headings=("Rubrique", "Intitulé", "Valeur"),
        widths=(30, 44, 70),
        rows=[*_identity(report), *_counts(report), *_told(report)],
    )


def _identity(report: Report) -> Iterator[list[Cell]]:
    about = "Audit"
    yield [about, "Dossier", report.dossier]
    yield [about, "En bref", headline(report)]
    yield [about, "Cadre", frame_phrase(report.control)]
    yield [about, "Limites", LIMITS]
    if report.example_notice:
        yield [about, "Avertissement du dossier", report.example_notice]
    yield [about, "Date de l’audit", report.audit_date]
    yield [about, "Faits relevés", report.state_date or state_phrase(None)]
    for one in report.rulesets:
        yield ["Référentiel", one.id, ruleset_phrase(one)]
    for sample in report.samples:
        yield ["Échantillon", sample.title, sample_phrase(sample)]
    for heading in report.headings:
        yield ["Identité", heading.label, heading.value]


def _counts(report: Report) -> Iterator[list[Cell]]:
    if not report.valid:
        return
    summary = report.summary
    counted = view.counts(report)
    for rubric, column, total in (
        ("Décompte par obligation", 1, sum(summary.obligations.values())),
        ("Décompte par constat", 2, sum(summary.findings.values())),
    ):
        for row in counted:
            yield [rubric, verdict_label(row[0]), row[1] if column == 1 else row[2]]
        yield [rubric, "Total", total]
    for severity in SEVERITY_ORDER:
        yield ["Obligations en écart", SEVERITY_COUNTS[severity], summary.breaches.get(severity, 0)]
    yield ["Précisions sur les constats", DECLARED_ONLY, summary.declared_only]
    yield ["Précisions sur les constats", NOT_YET_DUE, summary.not_yet_due]


def _told(report: Report) -> Iterator[list[Cell]]:
    for notice in report.notices:
        yield ["À savoir", None, notice]
    for phrase in follow_phrases(report.since):
        yield [FOLLOW_UP, None, phrase]
    if report.valid:
        for error in report.errors:
            yield ["Avertissement", error_place(error), error.message]
    for one in report.fingerprints:
        yield ["Empreinte SHA-256", one.file, one.sha256]


def _breaches(report: Report) -> Sheet:
    headings = (
        *("N°", "Gravité", "Rang", "Texte", "Obligation", "Exigences", "Constats", "Sujets", "Constat"),
        *("Observé", "Attendu", "Où dans le dossier", "Pièce citée", "Mesure proposée", "Preuve attendue"),
        *("Réserve", "Délai", "Réponse du gestionnaire", "Position après réponse"),
    )
    widths = (6, 11, 12, 22, 22, 12, 9, 22, 42, 16, 16, 22, 16, 26, 24, 20, 10, 26, 26)
    rows: list[list[Cell]] = []
    for row in view.rows_of(report, Verdict.ECART, Verdict.REMARQUE):
        obligation, first = row.obligation, row.groups[0]
        gravity = SEVERITY_LABELS[first.severity] if first.severity else short_label(first.verdict)
        rows.append(
            [
                obligation.number,
                gravity,
                RANK_LABELS[obligation.rank],
                legal(obligation.text),
                obligation.title,
                ", ".join(obligation.requirements),
                len(row.findings),
                _subjects(row),
                _each(row, "message"),
                _each(row, "observed"),
                _each(row, "expected"),
                "\n".join(view.places(row.findings)),
                "\n".join(view.sources(row.findings)),
                obligation.remedy,
                obligation.proof,
                "\n".join(view.reserves(row.findings)) or None,
                None,
                None,
                None,
            ]
        )
    return Sheet(headings=headings, widths=widths, rows=rows)


def _subjects(row: Row) -> str:
    return "\n".join(filter(None, (view.statement(group, _LABELS) for group in row.groups)))


def _each(row: Row, field: str) -> str:
    """Write every different value of a field, with its subjects; a message names them itself."""
    values = view.said(row.findings, field)
    lines = []
    for value in values[:_VALUES]:
        who = f" ({view.shortened(value.labels, _LABELS)})" if value.labels and field != "message" else ""
        lines.append(f"{value.text}{who}")
    if (left := len(values) - _VALUES) > 0:
        lines.append(others_in_findings(left))
    return "\n".join(lines)


def _gaps(report: Report) -> Sheet:
    headings = ("Pièce", "Donnée", "Où l’écrire", "Chemin", "Sujets", "Pour décider de", "Raison", "Reçu le")
    rows: list[list[Cell]] = [_gap(piece, gap) for piece in view.missing(report) for gap in piece.gaps]
    for row in view.undecided_without_field(report):
        title = row.obligation.title
        reason = _each(row, "reason") or _each(row, "message")
        rows.append([", ".join(row.obligation.piece), None, None, None, _subjects(row), title, reason, None])
    return Sheet(headings=headings, widths=(28, 34, 34, 40, 34, 40, 40, 14), rows=rows)


def _gap(piece: PieceGaps, gap: Gap) -> list[Cell]:
    return [
        piece.piece,
        gap.title,
        "\n".join(gap.places),
        gap.path,
        "\n".join(gap.subjects),
        enumerate_french(list(gap.rules)),
        "\n".join(gap.reasons),
        None,
    ]


def _visit(report: Report) -> Sheet:
    headings = (
        *(
            "Lieu",
            "Obligation",
            "Texte",
            "Question",
            "À regarder",
            "Preuve",
            "Sujets",
            "Ce que dit le dossier",
        ),
        *("Vu le", "Constat sur place", "Observations"),
    )
    rows: list[list[Cell]] = [
        [
            PLACE_LABELS.get(row.obligation.place or ""),
            row.obligation.title,
            legal(row.obligation.text),
            row.obligation.question,
            row.obligation.look_at,
            row.obligation.proof,
            _subjects(row),
            _each(row, "message"),
            None,
            None,
            None,
        ]
        for row in view.to_look_at(report)
    ]
    return Sheet(headings=headings, widths=(20, 28, 30, 40, 36, 30, 30, 44, 14, 20, 40), rows=rows)
