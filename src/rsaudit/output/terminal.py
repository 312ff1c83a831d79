"""The report on a terminal: plain lines first, then wrapped and coloured when a terminal reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from msgspec import Struct

from rsaudit.messages import (
    NBSP,
    RANK_LABELS,
    SUPPORT_LABELS,
    count_noun,
    format_date,
    format_number,
    typographic,
)
from rsaudit.messages.output import (
    FOLLOW_UP,
    LIMITS,
    PLACE_LABELS,
    VERDICT_SIGNS,
    answer_sentence,
    follow_phrases,
    frame_phrase,
    headline,
    is_inert,
    legal,
    place_to_open,
    sample_phrase,
    verdict_label,
)
from rsaudit.model import SEVERITY_ORDER, Severity, Verdict
from rsaudit.output import view
from rsaudit.output.diffusion import as_written, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rsaudit.model import Finding, InputError, RenderOptions, Report
    from rsaudit.output.view import Gap, Group, Row, Said

_LABELS = 12
"""Subjects listed on one line without `--tout`."""
_MESSAGES = 3
"""Messages printed whole; beyond, the first one as an example."""
_STYLES: dict[str, str] = {
    "titre": "bold",
    "discret": "dim",
    "ecart": "bold red",
    "remarque": "yellow",
    "non_verifiable": "cyan",
    "a_verifier": "magenta",
    "conforme": "green",
}


class Line(Struct, frozen=True, kw_only=True):
    """One line of the report: a label in a style, then a text, the whole indented."""

    text: str = ""
    label: str = ""
    style: str = ""
    indent: int = 0
    table: bool = False
    """A row of a table: never cut."""


def render(report: Report, options: RenderOptions) -> str:
    """Write the report for a terminal; without width or colour, plain lines that are never wrapped."""
    # The lines are searched rather than every text of the report: nearly always there is nothing to find.
    lines = list(_lines(as_written(report, options), options))
    if not all(is_inert(line.text) and is_inert(line.label) for line in lines):
        lines = list(_lines(printable(report, options), options))
    wrapped = [part for line in lines for part in _wrap(line, options.width)]
    if options.colour:
        return _coloured(wrapped, options.width)
    return "".join(f"{_plain(line)}\n" for line in wrapped)


def _lines(drawn: Report, options: RenderOptions) -> Iterator[Line]:
    limit = None if options.show_passes else _LABELS
    yield from _opening(drawn)
    if not drawn.valid:
        yield from _errors(drawn.errors)
        return
    yield from _follow_up(drawn)
    yield from _breaches(drawn, limit)
    yield from _missing(drawn)
    yield from _visit(drawn, limit)
    yield from _other_lists(drawn, limit)
    if options.show_passes:
        yield from _passes(drawn)
    yield from _warnings(drawn)
    yield from _counts(drawn)
    yield from _closing(drawn)


# ---- parts ----


def _opening(report: Report) -> Iterator[Line]:
    yield Line(text=report.dossier, style="titre")
    yield Line(text=frame_phrase(report.control))
    if report.example_notice:
        yield Line(text=report.example_notice)
    for one in view.opening_rulesets(report):
        if one.out_of_scope:
            yield Line(text=one.out_of_scope, label=typographic(f"{one.title} : "))
        else:
            bound = "" if one.binding else " (bonnes pratiques)"
            text = f"{one.title}{bound}, version {one.version} du {format_date(one.date)}"
            yield Line(text=text, label=typographic("Référentiel : "), style="discret")
    state = format_date(report.state_date) if report.state_date else "non renseignée"
    dates = typographic(
        f"Date de l’audit : {format_date(report.audit_date)} ; date d’état du dossier : {state}"
    )
    yield Line(text=dates, style="discret")
    for sample in report.samples:
        yield Line(text=sample_phrase(sample), label=typographic("Échantillon : "), style="discret")
    yield Line()
    yield Line(text=headline(report), style="titre")


def _follow_up(report: Report) -> Iterator[Line]:
    phrases = follow_phrases(report.since)
    if phrases:
        yield from _title(FOLLOW_UP)
        yield Line()
        yield from (Line(text=text, label="- ") for text in phrases)


def _errors(errors: Iterable[InputError]) -> Iterator[Line]:
    for error in errors:
        yield Line()
        yield Line(text=error.message, label=f"{_error_place(error)}{NBSP}: ", style="ecart")
        if error.found:
            yield Line(text=error.found, label=typographic("Trouvé : "), indent=2)
        if error.expected:
            yield Line(text=error.expected, label=typographic("Attendu : "), indent=2)


def _error_place(error: InputError) -> str:
    place = ":".join(str(one) for one in (error.file, error.line, error.column) if one is not None)
    return f"{place} ({error.cell})" if error.cell else place


def _title(text: str) -> Iterator[Line]:
    yield Line()
    yield Line(text=text.upper(), style="titre")


def _breaches(report: Report, limit: int | None) -> Iterator[Line]:
    binding = view.rows_of(report, Verdict.ECART, Verdict.REMARQUE, binding=True)
    for severity, title in zip(
        SEVERITY_ORDER, ("Écarts majeurs", "Écarts significatifs", "Écarts mineurs"), strict=True
    ):
        yield from _rows(title, [row for row in binding if row.groups[0].severity is severity], report, limit)
    yield from _rows("Remarques", [row for row in binding if row.groups[0].severity is None], report, limit)
    practice = view.rows_of(report, Verdict.ECART, Verdict.REMARQUE, binding=False)
    yield from _rows("Bonnes pratiques : remarques", practice, report, limit)


def _rows(title: str, rows: Sequence[Row], report: Report, limit: int | None) -> Iterator[Line]:
    if not rows:
        return
    yield from _title(typographic(title))
    titles = {(one.ruleset.id, one.chapter.id): one.chapter.title for one in view.chapters(report)}
    chapter = ""
    for row in rows:
        current = titles[row.obligation.ruleset, row.obligation.chapter]
        if current != chapter:
            yield Line()
            yield Line(text=current, style="discret")
            chapter = current
        yield Line()
        yield from _entry(row, limit)


def _entry(row: Row, limit: int | None) -> Iterator[Line]:
    """Write one obligation with what its findings say, where, and what would lift them."""
    obligation, findings = row.obligation, row.findings
    yield _heading(row)
    yield from (Line(text=text, indent=2) for text in _statements(row.groups, limit))
    yield from _messages(findings)
    yield from _said("Observé", view.said(findings, "observed"), limit)
    yield from _said("Attendu", view.said(findings, "expected"), limit)
    yield Line(text=_where(findings), label=typographic("Où : "), indent=2)
    if cited := view.sources(findings):
        yield Line(text=" ; ".join(cited), label=typographic("Cité : "), indent=2)
    text = f"{legal(obligation.text)} ({RANK_LABELS[obligation.rank]})"
    yield Line(text=text, label=typographic("Texte : "), indent=2)
    for reserve in view.reserves(findings):
        yield Line(text=reserve, label=typographic("Réserve : "), indent=2)
    yield from _answers(findings)
    yield Line(text=obligation.remedy, label=typographic("À faire : "), indent=2)
    yield Line(text=obligation.proof, label=typographic("Preuve attendue : "), indent=2)


def _heading(row: Row) -> Line:
    obligation, first = row.obligation, row.groups[0]
    number = f"{obligation.number} " if obligation.number else ""
    verdict = verdict_label(first.verdict, first.severity, not_yet_due=first.not_yet_due)
    text = f"{VERDICT_SIGNS[first.verdict]} {number}{obligation.title} [{verdict}]"
    return Line(text=text, style=first.verdict.value)


def _statements(groups: Sequence[Group], limit: int | None) -> list[str]:
    """Say the subjects, with the gravity of each group when there are several gravities."""
    severities = {group.severity for group in groups}
    return [
        f"{_gravity(group.severity) if len(severities) > 1 else ''}{text}"
        for group in groups
        if (text := view.statement(group, limit))
        and not group.findings[0].message.casefold().startswith(text.casefold())
    ]


def _gravity(severity: Severity | None) -> str:
    return typographic(f"{verdict_label(Verdict.ECART, severity)} : ") if severity else ""


def _messages(findings: Sequence[Finding]) -> Iterator[Line]:
    """Print the messages; of several subjects, the first one as an example."""
    messages = list(dict.fromkeys(one.message for one in findings))
    if len(messages) <= _MESSAGES or len({one.element for one in findings}) == len(messages):
        yield from (Line(text=text, indent=2) for text in messages)
    else:
        yield Line(text=messages[0], label=typographic("Par exemple : "), indent=2)


def _said(label: str, values: Sequence[Said], limit: int | None) -> Iterator[Line]:
    shown = values if limit is None else values[:limit]
    texts = [f"{one.text} ({view.shortened(one.labels, limit)})" if one.labels else one.text for one in shown]
    if len(shown) < len(values):
        texts.append(f"{format_number(len(values) - len(shown))}{NBSP}autres valeurs")
    if texts:
        yield Line(text=typographic(" ; ".join(texts)), label=typographic(f"{label} : "), indent=2)


def _where(findings: Sequence[Finding]) -> str:
    """Give the first place as editors open it, and how many others there are."""
    positions = list(dict.fromkeys(one.position for one in findings if one.position is not None))
    if not positions:
        return "le dossier ne le situe pas"
    first = place_to_open(positions[0])
    others = len(positions) - 1
    return f"{first} et {count_noun(others, 'autre endroit', 'autres endroits')}" if others else first


def _missing(report: Report) -> Iterator[Line]:
    pieces = view.missing(report)
    loose = view.undecided_without_field(report)
    if not pieces and not loose:
        return
    yield from _title("Ce qui manque pour conclure")
    for piece in pieces:
        yield Line()
        yield Line(text=piece.piece or "Pièce non précisée", style=Verdict.NON_VERIFIABLE.value)
        for gap in piece.gaps:
            yield from _gap(gap)
    for row in loose:
        yield Line()
        yield _heading(row)
        yield from _messages_and_reason(row)


def _gap(gap: Gap) -> Iterator[Line]:
    yield Line(text=gap.title, label="- ", indent=2)
    details = [*gap.subjects, *gap.reasons]
    yield from (Line(text=text, indent=4) for text in details)
    where = f"{gap.path} ({' ; '.join(gap.places)})" if gap.places else gap.path
    yield Line(text=typographic(where), label=typographic("Champ : "), indent=4)
    yield Line(
        text=typographic(" ; ".join(gap.rules)), label=typographic("Permettrait de juger : "), indent=4
    )


def _messages_and_reason(row: Row) -> Iterator[Line]:
    yield from (Line(text=text, indent=2) for text in _statements(row.groups, _LABELS))
    yield from _messages(row.findings)


def _visit(report: Report, limit: int | None) -> Iterator[Line]:
    rows = view.to_look_at(report)
    if not rows:
        return
    yield from _title("À apprécier sur place")
    for row in rows:
        obligation = row.obligation
        yield Line()
        yield _heading(row)
        yield from (Line(text=text, indent=2) for text in _statements(row.groups, limit))
        if any(finding.message != obligation.question for finding in row.findings):
            yield from _messages(row.findings)
        for label, text in (
            ("Question", obligation.question),
            ("Où", PLACE_LABELS.get(obligation.place or "")),
            ("À regarder", obligation.look_at),
            ("Preuve attendue", obligation.proof),
            ("Texte", f"{legal(obligation.text)} ({RANK_LABELS[obligation.rank]})"),
        ):
            if text:
                yield Line(text=text, label=typographic(f"{label} : "), indent=2)
        yield from _answers(row.findings)


def _other_lists(report: Report, limit: int | None) -> Iterator[Line]:
    derogations = view.rows_of(report, Verdict.DEROGATION)
    yield from _short_list("Écarts couverts par une dérogation", derogations, limit)
    yield from _short_list(
        "Pas encore dû", view.not_yet_due(view.rows_of(report, Verdict.NON_CONCERNE)), limit
    )
    yield from _short_list(
        "Pour information, hors décompte", view.rows_of(report, Verdict.SIGNALEMENT), limit
    )


def _short_list(title: str, rows: Sequence[Row], limit: int | None) -> Iterator[Line]:
    if not rows:
        return
    yield from _title(title)
    for row in rows:
        yield Line()
        yield _heading(row)
        yield from (Line(text=text, indent=2) for text in _statements(row.groups, limit))
        yield from _messages(row.findings)
        yield from _deadlines_and_answers(row.findings)


def _deadlines_and_answers(findings: Sequence[Finding]) -> Iterator[Line]:
    deadlines = dict.fromkeys(format_date(one.deadline) for one in findings if one.deadline)
    if deadlines:
        yield Line(text=", ".join(deadlines), label=typographic("Échéance : "), indent=2)
    for answer in dict.fromkeys(one.derogation for one in findings if one.derogation):
        yield Line(text=answer_sentence(answer), label=typographic("Dérogation : "), indent=2)
    yield from _answers(findings)


def _answers(findings: Sequence[Finding]) -> Iterator[Line]:
    for answer in dict.fromkeys(one.response for one in findings if one.response):
        yield Line(text=answer_sentence(answer), label=typographic("Réponse : "), indent=2)


def _passes(report: Report) -> Iterator[Line]:
    rows = view.rows_of(report, Verdict.CONFORME)
    if not rows:
        return
    yield from _title("Conforme sur pièces")
    for row in rows:
        yield Line()
        yield _heading(row)
        yield from (Line(text=text, indent=2) for text in _statements(row.groups, None))
        if len(row.findings) == 1:
            yield from _messages(row.findings)
            yield from _deadlines_and_answers(row.findings)
        supports = dict.fromkeys(SUPPORT_LABELS[one.support] for one in row.findings if one.support)
        if supports:
            yield Line(text=", ".join(supports), label=typographic("Appui : "), indent=2)


def _warnings(report: Report) -> Iterator[Line]:
    if not report.notices and not report.errors:
        return
    yield from _title("Avertissements")
    yield Line()
    yield from (Line(text=text, label="- ") for text in report.notices)
    for error in report.errors:
        yield Line(text=typographic(f"{_error_place(error)} : {error.message}"), label="- ")


def _counts(report: Report) -> Iterator[Line]:
    yield from _title("Décomptes")
    rows = view.counts(report)
    yield from _count_table("Par obligation", [(verdict, one) for verdict, one, _ in rows], report)
    yield from _count_table("Par constat", [(verdict, one) for verdict, _, one in rows], None)
    summary = report.summary
    if summary.declared_only:
        number = count_noun(summary.declared_only, "constat conforme", "constats conformes")
        yield Line()
        yield Line(text=f"Dont {number} sur déclaration, sans pièce citée.")


def _count_table(title: str, rows: list[tuple[Verdict, int]], report: Report | None) -> Iterator[Line]:
    """Write one column of counts that adds up to its total; with the gravities when it counts obligations."""
    yield Line()
    yield Line(text=title, style="discret")
    for verdict, number in rows:
        yield Line(
            text=_count_row(f"{VERDICT_SIGNS[verdict]} {verdict_label(verdict)}", number),
            indent=2,
            table=True,
        )
        if verdict is Verdict.ECART and number and report is not None:
            for severity in SEVERITY_ORDER:
                label = f"    dont {verdict_label(verdict, severity).lower()}"
                yield Line(
                    text=_count_row(label, report.summary.breaches.get(severity, 0)), indent=2, table=True
                )
    yield Line(text=_count_row("  Total", sum(number for _, number in rows)), indent=2, table=True)


def _count_row(label: str, number: int) -> str:
    return f"{label:<40}{format_number(number):>7}"


def _closing(report: Report) -> Iterator[Line]:
    yield Line()
    yield Line(text=LIMITS)
    yield Line(text=f"{report.tool}", style="discret")


# ---- lines to text ----


def _plain(line: Line) -> str:
    return f"{' ' * line.indent}{line.label}{line.text}".rstrip(" ")


def _wrap(line: Line, width: int | None) -> list[Line]:
    """Cut a line at ordinary spaces only: no-break spaces hold, and a word longer than the width is cut."""
    if width is None or line.table:
        return [line]
    room = max(width - line.indent, 20)
    hang = min(2, room)
    parts: list[str] = []
    current = ""
    for word in f"{line.label}{line.text}".split(" "):
        limit = room - (hang if parts else 0)
        candidate = f"{current} {word}" if current else word
        if cells(candidate) <= limit:
            current = candidate
            continue
        if current:
            parts.append(current)
        *cut, current = _cut(word, room - hang)
        parts.extend(cut)
    parts.append(current)
    first = Line(
        text=parts[0].removeprefix(line.label),
        label=_kept(line, parts[0]),
        style=line.style,
        indent=line.indent,
    )
    rest = [
        Line(text=part, style=line.style if not line.label else "", indent=line.indent + hang)
        for part in parts[1:]
    ]
    return [first, *rest]


def _kept(line: Line, first: str) -> str:
    return line.label if first.startswith(line.label) else ""


def _cut(word: str, room: int) -> list[str]:
    """Cut a word that is longer than a line."""
    pieces = [""]
    for character in word:
        if pieces[-1] and cells(pieces[-1] + character) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def cells(text: str) -> int:
    """Count the columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def _coloured(lines: Iterable[Line], width: int | None) -> str:
    """Colour lines already cut: texts go in as they are, never through markup."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    written = StringIO()
    console = Console(
        file=written,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        width=width or 10_000,
        no_color=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    for line in lines:
        style = _STYLES.get(line.style, "")
        text = Text(" " * line.indent)
        text.append(line.label, style=style or "bold")
        text.append(line.text, style="" if line.label else style)
        text.rstrip()
        console.print(text, soft_wrap=True)
    return written.getvalue()
