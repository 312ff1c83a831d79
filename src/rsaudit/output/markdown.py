"""A report to paste in a ticket or a merge request: Markdown tables, short enough for a forge to accept them.

Every foreign text is escaped: no markup, no HTML, no link, no mention of a person or of another ticket.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsaudit.messages import (
    NBSP,
    RANK_LABELS,
    count_noun,
    enumerate_french,
    format_date,
    format_number,
)
from rsaudit.messages.formats import (
    SEVERITY_COUNTS,
    error_place,
    left_out_phrase,
    ruleset_phrase,
    short_label,
    state_phrase,
    with_reserve,
)
from rsaudit.messages.output import (
    FOLLOW_UP,
    LIMITS,
    PLACE_LABELS,
    answer_sentence,
    follow_phrases,
    frame_phrase,
    headline,
    legal,
    sample_phrase,
    verdict_label,
)
from rsaudit.model import SEVERITY_ORDER, Verdict
from rsaudit.output import view
from rsaudit.output.diffusion import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from rsaudit.model import Finding, RenderOptions, Report
    from rsaudit.output.view import Gap, PieceGaps, Row

    Table: TypeAlias = tuple[tuple[str, ...], list[list[str]]]
    Block: TypeAlias = str | Table

TICKET_BYTES = 60_000
"""What a forge takes in one comment (65 536 characters), with room for what is written around."""
_HEADINGS_BYTES = 6_000
"""Room kept for what is never cut: titles, headings, counts."""
_SUBJECTS = 12
"""How many subjects a row names before it says how many others there are."""
_VALUES = 3
"""How many different values a cell lists."""

_MARKUP = re.compile(r"([\\`*_\[\]{}~])")
_REFERENCE = re.compile(r"([@#!$%^~])(?=[\w\"])")
_ADDRESS = re.compile(r"(www(?=\.)|:(?=//))", re.IGNORECASE)
_JOINER = "\u2060"
"""Invisible: parts a sign from the name after it, so that nobody is notified and nothing becomes a link."""


def render(report: Report, options: RenderOptions) -> str:
    """Write the report in Markdown, within what a ticket takes."""
    return document(report, options, TICKET_BYTES)


def document(report: Report, options: RenderOptions, limit: int) -> str:
    """Write the report in Markdown, its tables cut (and saying so) once it weighs `limit` bytes."""
    report = printable(report, options)
    room = limit - _HEADINGS_BYTES
    written = []
    for block in _blocks(report, options):
        text = block if isinstance(block, str) else _table(block, room)
        room -= len(text.encode())
        written.append(text)
    return "\n\n".join(written) + "\n"


def escape(text: str) -> str:
    """Make a text stand for itself in Markdown, in the cell of a table too."""
    text = _REFERENCE.sub(rf"\1{_JOINER}", text)
    text = _ADDRESS.sub(rf"\1{_JOINER}", text)
    text = _MARKUP.sub(r"\\\1", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "&#124;")


def _table(table: Table, room: int) -> str:
    """Write the rows that hold in the room left, then how many do not."""
    headings, rows = table
    lines = [_line(headings), _line(["---"] * len(headings))]
    for number, row in enumerate(rows):
        line = _line(escape(cell) for cell in row)
        room -= len(line.encode())
        if room < 0:
            return "\n".join([*lines, "", left_out_phrase(len(rows) - number)])
        lines.append(line)
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _list(items: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- **{label}**{NBSP}: {escape(text)}" for label, text in items if text)


# --- Parts


def _blocks(report: Report, options: RenderOptions) -> Iterator[Block]:
    yield f"# Audit sur pièces{NBSP}: {escape(report.dossier)}"
    if report.example_notice:
        yield f"> {escape(report.example_notice)}"
    yield f"**{escape(headline(report))}**"
    yield _list(_identity(report))
    if not report.valid:
        yield "## Erreurs à corriger"
        yield _errors(report)
        return
    yield "## Décompte"
    yield _counts(report)
    yield _severities(report)
    if phrases := follow_phrases(report.since):
        yield f"## {FOLLOW_UP}"
        yield "\n".join(f"- {escape(phrase)}" for phrase in phrases)
    for title, table in _parts(report, options):
        if table[1]:
            yield f"## {title}"
            yield table
    if report.errors:
        yield "## Avertissements"
        yield _errors(report)
    if report.notices:
        yield "## À savoir"
        yield "\n".join(f"- {escape(notice)}" for notice in report.notices)


def _identity(report: Report) -> Iterator[tuple[str, str]]:
    yield "Cadre", frame_phrase(report.control)
    yield "Limites", LIMITS
    yield "Date de l’audit", format_date(report.audit_date)
    yield "Faits relevés", state_phrase(report.state_date)
    for one in view.opening_rulesets(report):
        yield "Référentiel", ruleset_phrase(one)
    for sample in report.samples:
        yield "Échantillon", sample_phrase(sample)


def _errors(report: Report) -> Table:
    headings = ("Où", "Erreur", "Trouvé", "Attendu")
    return headings, [
        [error_place(error), error.message, error.found or "", error.expected or ""]
        for error in report.errors
    ]


def _counts(report: Report) -> Table:
    rows = [
        [verdict_label(verdict), format_number(obligations), format_number(findings)]
        for verdict, obligations, findings in view.counts(report)
    ]
    totals = (report.summary.obligations, report.summary.findings)
    rows.append(["Total", *(format_number(sum(counts.values())) for counts in totals)])
    return ("Conclusion", "Obligations", "Constats"), rows


def _severities(report: Report) -> str:
    summary = report.summary
    named = [
        f"{SEVERITY_COUNTS[severity]}{NBSP}: {format_number(summary.breaches.get(severity, 0))}"
        for severity in SEVERITY_ORDER
    ]
    assert summary.declared_only is not None  # noqa: S101 - counted for whatever tells more than a line
    declared = count_noun(summary.declared_only, "constat conforme déclaré", "constats conformes déclarés")
    due = count_noun(summary.not_yet_due, "constat pas encore dû", "constats pas encore dus")
    return f"{', '.join(named)}. {declared} sans pièce citée ; {due}."


def _parts(report: Report, options: RenderOptions) -> Iterator[tuple[str, Table]]:
    yield "Écarts et remarques", _breaches(report)
    yield "Données et pièces à fournir", _gaps(report)
    undecided = view.undecided_without_field(report)
    yield "Non vérifiable pour une autre raison", _reasons(undecided)
    yield "À apprécier sur place", _visit(report)
    yield "Écarts couverts par une dérogation", _derogations(report)
    yield "Pour information, hors décompte", _plain(view.rows_of(report, Verdict.SIGNALEMENT))
    yield "Pas encore dû", _deadlines(view.not_yet_due(view.rows_of(report, Verdict.NON_CONCERNE)))
    if options.show_passes:
        yield "Conforme sur pièces", _plain(view.rows_of(report, Verdict.CONFORME))


def _breaches(report: Report) -> Table:
    headings = ("N°", "Gravité", "Obligation et texte", "Constat", "Attendu", "Où", "À faire", "Preuve")
    rows = []
    for row in view.rows_of(report, Verdict.ECART, Verdict.REMARQUE):
        obligation = row.obligation
        first = row.groups[0]
        rank = RANK_LABELS[obligation.rank]
        rows.append(
            [
                obligation.number or "",
                short_label(first.verdict, first.severity),
                f"{obligation.title}{NBSP}: {legal(obligation.text)} ({rank})",
                with_reserve(_said(row), " ".join(view.reserves(row.findings))),
                _same(row, "expected"),
                _places(row),
                obligation.remedy,
                obligation.proof,
            ]
        )
    return headings, rows


def _gaps(report: Report) -> Table:
    rows = [_gap(piece, gap) for piece in view.missing(report) for gap in piece.gaps]
    return ("Pièce", "Donnée", "Où l’écrire", "Règles", "Sujets"), rows


def _gap(piece: PieceGaps, gap: Gap) -> list[str]:
    where = " ; ".join(gap.places) or gap.path
    return [piece.piece or "", gap.title, where, enumerate_french(list(gap.rules)), " ; ".join(gap.subjects)]


def _reasons(rows: list[Row]) -> Table:
    return ("Obligation", "Constat", "Raison"), [
        [row.obligation.title, _said(row), _same(row, "reason")] for row in rows
    ]


def _visit(report: Report) -> Table:
    rows = [
        [
            PLACE_LABELS.get(row.obligation.place or "", ""),
            row.obligation.title,
            row.obligation.question or _said(row),
            row.obligation.look_at or "",
            row.obligation.proof,
        ]
        for row in view.to_look_at(report)
    ]
    return ("Lieu", "Obligation", "Question", "À regarder", "Preuve"), rows


def _derogations(report: Report) -> Table:
    rows = [
        [row.obligation.title, _said(row), _granted(row.findings)]
        for row in view.rows_of(report, Verdict.DEROGATION)
    ]
    return ("Obligation", "Constat", "Dérogation"), rows


def _granted(findings: Iterable[Finding]) -> str:
    phrases = [answer_sentence(one.derogation) for one in findings if one.derogation]
    return " ; ".join(dict.fromkeys(phrases))


def _deadlines(rows: list[Row]) -> Table:
    return ("Obligation", "Constat", "Échéance"), [
        [
            row.obligation.title,
            _said(row),
            enumerate_french(
                [format_date(day) for day in sorted({f.deadline for f in row.findings if f.deadline})]
            ),
        ]
        for row in rows
    ]


def _plain(rows: list[Row]) -> Table:
    return ("Obligation", "Constat"), [[row.obligation.title, _said(row)] for row in rows]


# --- Cells


def _said(row: Row) -> str:
    """Say the message of a row: whole when there is one, else its subjects and one message as an example."""
    messages = list(dict.fromkeys(one.message for one in row.findings))
    if len(messages) == 1:
        return messages[0]
    subjects = " ; ".join(view.statement(group, _SUBJECTS) for group in row.groups)
    return f"{subjects}. Par exemple{NBSP}: {messages[0]}"


def _same(row: Row, field: str) -> str:
    """Write the values of a field, each with the subjects that have it when they differ."""
    parts = []
    values = view.said(row.findings, field)
    for value in values[:_VALUES]:
        who = f" ({view.shortened(value.labels, _SUBJECTS)})" if value.labels else ""
        parts.append(f"{value.text}{who}")
    if (left := len(values) - _VALUES) > 0:
        parts.append(f"et {count_noun(left, 'autre valeur', 'autres valeurs')}")
    return " ; ".join(parts)


def _places(row: Row) -> str:
    return " ; ".join([*view.places(row.findings), *view.sources(row.findings)])
