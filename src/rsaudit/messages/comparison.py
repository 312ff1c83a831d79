"""French sentences of `comparer`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, SEVERITY_LABELS, VERDICT_LABELS, count_noun, format_date

if TYPE_CHECKING:
    from rsaudit.comparison import Change, Comparison
    from rsaudit.model import Finding, Report


def comparison(before: Report, after: Report, found: Comparison) -> str:
    """Write a comparison: its headline, then each list."""
    lines = [
        f"{after.dossier}{NBSP}: du {format_date(before.audit_date)} au {format_date(after.audit_date)}",
        headline(found),
    ]
    for title, changes in (
        ("Nouveaux ou aggravés", found.new),
        ("Levés", found.lifted),
        ("Maintenus", found.remaining),
        ("Qu’on ne peut plus comparer (donnée ou règle absente)", found.lost),
    ):
        if changes:
            lines += ["", f"{title}{NBSP}:", *(_line(change) for change in changes)]
    return "\n".join(lines)


def headline(found: Comparison) -> str:
    """Count each list in words."""
    return " ; ".join(
        (
            count_noun(len(found.new), "constat nouveau", "constats nouveaux"),
            count_noun(len(found.lifted), "levé", "levés"),
            count_noun(len(found.remaining), "maintenu", "maintenus"),
            count_noun(len(found.lost), "incomparable", "incomparables"),
        )
    )


def _line(change: Change) -> str:
    shown = change.after or change.before
    assert shown is not None  # noqa: S101 - a change is in one report at least
    subject = f" — {shown.subject}" if shown.subject else ""
    return f"  {change.identifier}{subject}{NBSP}: {_state(change.before)} → {_state(change.after)}"


def _state(finding: Finding | None) -> str:
    if finding is None:
        return "absent"
    grade = f" ({SEVERITY_LABELS[finding.severity]})" if finding.severity else ""
    return f"{VERDICT_LABELS[finding.verdict]}{grade}"
