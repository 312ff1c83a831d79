"""The bits of HTML that a page has by hundreds, written without a template: labels, badges, statements, lines of tables."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from rsaudit.messages import NBSP, RANK_LABELS, format_number
from rsaudit.messages.formats import bare_label
from rsaudit.messages.output import VERDICT_SIGNS, legal, verdict_label
from rsaudit.output.view import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsaudit.model import Fingerprint, LegalText, Obligation, Rank, Severity, Verdict
    from rsaudit.output.figures import Figure
    from rsaudit.output.view import Group, Told

_CODE = 24
"""Characters of the longest label that is written as a code."""
_BETWEEN = "\0"
"""What no text that is printed has in it."""
_NONE = "–"


def escaped(texts: Sequence[str]) -> list[str]:
    """Escape texts, all at once."""
    found = str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
    return found if len(found) == len(texts) else [str(escape(text)) for text in texts]


def named(labels: Sequence[str]) -> Markup:
    """List the labels of subjects, those that look like a code written as one."""
    return Markup(", ".join(_labelled(labels)))  # noqa: S704 - each label is escaped


def _labelled(labels: Sequence[str]) -> list[str]:
    return [
        written if " " in label or len(label) > _CODE else f'<span class="code">{written}</span>'
        for label, written in zip(labels, escaped(labels), strict=True)
    ]


@cache
def badge(verdict: Verdict, severity: Severity | None = None, not_yet_due: bool = False) -> Markup:
    """Write a conclusion with its sign, told apart by its look too."""
    grade = f" g-{severity.value}" if severity else ""
    said = escape(verdict_label(verdict, severity, not_yet_due=not_yet_due))
    return Markup(f'<span class="verdict v-{verdict.value}{grade}">{VERDICT_SIGNS[verdict]} {said}</span>')  # noqa: S704 - escaped


def text_and_rank(row: Obligation) -> Markup:
    """Write the text a rule rests on, and its rank."""
    return _text_and_rank(row.text, row.rank)


@lru_cache(maxsize=1024)
def _text_and_rank(text: LegalText, rank: Rank) -> Markup:
    return Markup(f'{escape(legal(text))} <span class="discret">({escape(RANK_LABELS[rank])})</span>')  # noqa: S704 - escaped


def listed_labels(labels: Sequence[str], limit: int | None = None) -> Markup:
    """List labels, the first ones only beyond a limit."""
    if limit is None or len(labels) <= limit + 1:
        return named(labels)
    left = format_number(len(labels) - limit)
    return Markup(f"{named(labels[:limit])} et {left} autres")  # noqa: S704 - escaped


def one_statement(group: Group, limit: int | None = None) -> Markup:
    """Say which subjects a group is about, and on which element."""
    if group.element and not group.labels:
        return escape(group.element)
    said = escape(group.subjects)
    if group.labels:
        said = Markup(f"{said}{NBSP}: {listed_labels(group.labels, limit)}")  # noqa: S704 - escaped
    return Markup(f"{escape(group.element)} ({said})") if group.element else said  # noqa: S704 - escaped


# ---- lines of tables ----


def value_lines(figure: Figure) -> Markup:
    """Write the lines of the table of a drawing."""
    points = figure.points
    columns = [("", [one.rule for one in points])] if len(figure.rules) > 1 else []
    if figure.in_series:
        columns.append(("", [one.series or _NONE for one in points]))
    columns += [
        ("nombre", [one.printed or _NONE for one in points]),
        ("nombre", [one.printed_limit for one in points]),
        ("marge", [one.margin or _NONE for one in points]),
        ("", [f"{one.sign} {bare_label(one.verdict)}" for one in points]),
    ]
    return _lines(_labelled([one.label for one in points]), columns)


def finding_lines(told: Told) -> Markup:
    """Write the lines of the table of findings told together, each with what it says apart."""
    heads = [
        f"{head}{', ' if one.subject else ''}{escape(one.element)}" if one.element else head
        for one, head in zip(told.findings, _labelled([label_of(one) for one in told.findings]), strict=True)
    ]
    return _lines(heads, [("", [text or _NONE for text in texts]) for texts in zip(*told.lines, strict=True)])


def file_lines(files: Sequence[Fingerprint]) -> Markup:
    """Write the lines of a table of files and their fingerprints."""
    return _lines(escaped([one.file for one in files]), [("empreinte", [one.sha256 for one in files])])


def _lines(heads: Iterable[str], columns: Iterable[tuple[str, Sequence[str]]]) -> Markup:
    """Write lines from their heads, escaped already, and from columns of texts, the cells of each of one class."""
    cells = []
    for kind, texts in columns:
        opening = f'<td class="{kind}">' if kind else "<td>"
        cells.append([f"{opening}{text}</td>" for text in escaped(texts)])
    written = [
        f'<tr><th scope="row">{head}</th>{"".join(line)}</tr>\n'
        for head, *line in zip(heads, *cells, strict=True)
    ]
    return Markup("".join(written))  # noqa: S704 - escaped
