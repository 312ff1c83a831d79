"""GitHub annotations: one command per obligation, gravest first, ten per level at most, as a step may show.

`summary` is the Markdown of the job; the log ends with the counts in plain words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rsaudit.messages import NBSP
from rsaudit.messages.formats import SIGNED, annotations_left_out, error_place, short_label, with_reserve
from rsaudit.messages.output import follow_phrases, headline, legal
from rsaudit.model import Severity, Verdict, worst_key
from rsaudit.output import view
from rsaudit.output.diffusion import printable
from rsaudit.output.locations import file_of, repository_path
from rsaudit.output.markdown import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.model import Obligation, RenderOptions, Report

LIMIT = 10
"""Annotations of one level that GitHub shows for a step; it drops the others without a word."""
SUMMARY_BYTES = 1_000_000
"""What GitHub takes as the summary of a step (1 MiB)."""
LEVELS: dict[Severity, str] = {
    Severity.MAJEUR: "error",
    Severity.SIGNIFICATIF: "warning",
    Severity.MINEUR: "notice",
}
_ORDER = ("error", "warning", "notice")
ANNOTATED = (Verdict.ECART, Verdict.REMARQUE, Verdict.NON_VERIFIABLE)
_SUBJECTS = 12
_COMMAND = re.compile(r"::|##\[")


class Annotation(NamedTuple):
    """A workflow command before it is written."""

    level: str
    file: str
    line: int | None
    column: int | None
    title: str
    message: str


def render(report: Report, options: RenderOptions) -> str:
    """Write the report as workflow commands, then its headline in plain words."""
    report = printable(report, options, drawn=lambda row: row.verdict in ANNOTATED)
    found = list(_errors(report))
    if report.valid:
        found += _obligations(report)
    found.sort(key=lambda one: _ORDER.index(one.level))
    kept, left_out = _limited(found)
    lines = [_command(one) for one in kept]
    if left_out:
        file = file_of(report, None)
        text = annotations_left_out(left_out, LIMIT)
        lines.append(_command(Annotation("notice", file, None, None, "rsaudit", text)))
    told = [f"{SIGNED}{report.dossier}{NBSP}: {headline(report)}", *follow_phrases(report.since)]
    lines += [_COMMAND.sub(lambda sign: " ".join(sign[0]), said) for said in told]
    return "\n".join(lines) + "\n"


def summary(report: Report, options: RenderOptions) -> str:
    """Write the summary of the job, in Markdown."""
    return document(report, options, SUMMARY_BYTES)


def _limited(found: list[Annotation]) -> tuple[list[Annotation], int]:
    """Keep the gravest of each level; when some are left out, one notice is kept free to say how many."""
    if len(found) == len(_within(found, {})):
        return found, 0
    kept = _within(found, {"notice": LIMIT - 1})
    return kept, len(found) - len(kept)


def _within(found: list[Annotation], limits: dict[str, int]) -> list[Annotation]:
    kept: list[Annotation] = []
    seen: dict[str, int] = {}
    for one in found:
        seen[one.level] = seen.get(one.level, 0) + 1
        if seen[one.level] <= limits.get(one.level, LIMIT):
            kept.append(one)
    return kept


# --- What is annotated


def _errors(report: Report) -> Iterator[Annotation]:
    for error in report.errors:
        parts = [error.message]
        parts += [f"Trouvé{NBSP}: {error.found}"] if error.found else []
        parts += [f"Attendu{NBSP}: {error.expected}"] if error.expected else []
        yield Annotation(
            level="error" if error.severity == "erreur" else "warning",
            file=repository_path(error.file),
            line=error.line,
            column=None if error.cell else error.column,
            title=error_place(error),
            message="\n".join(parts),
        )


def _obligations(report: Report) -> list[Annotation]:
    """Annotate each obligation once, where its gravest finding is."""
    rows = sorted(report.obligations, key=lambda row: worst_key(row.verdict, row.severity))
    return [_obligation(report, row) for row in rows]


def _obligation(report: Report, row: Obligation) -> Annotation:
    groups = view.groups_of(row, [row.verdict])
    findings = [one for group in groups for one in group.findings]
    first = findings[0]
    position = first.position
    said = [view.statement(group, _SUBJECTS) for group in groups] if len(findings) > 1 else []
    parts = [
        *filter(None, said),
        with_reserve(first.message, first.reserve),
        f"Attendu{NBSP}: {first.expected}" if first.expected else "",
        f"Texte{NBSP}: {legal(row.text)}",
        f"À faire{NBSP}: {row.remedy}",
    ]
    number = f"{row.number} – " if row.number else ""
    return Annotation(
        level=LEVELS[row.severity] if row.severity else "notice",
        file=file_of(report, position),
        line=position.line if position else None,
        column=position.column if position and not position.cell else None,
        title=f"{number}{short_label(row.verdict, row.severity)} – {row.title}",
        message="\n".join(part for part in parts if part),
    )


# --- The syntax of commands


def _command(one: Annotation) -> str:
    given = (("file", one.file), ("line", one.line), ("col", one.column), ("title", one.title))
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in given if value is not None)
    return f"::{one.level} {properties}::{_data(one.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
