"""The deadlines of audited residences, drawn from reports: what comes, what was not kept, what cannot be told.

Pure: a list of `Report` in, a `Calendar` out. A deadline is a day that a rule gave to a constat; nothing is computed
here but what that day means at the date of the audit.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.model import DeadlineKind, LegalText, Rank, Verdict, awaited

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rsaudit.model import Finding, Obligation, Report


class Status(StrEnum):
    """What a deadline is at the date of the audit, gravest first."""

    MISSED = "non_tenue"
    ENDED = "terme_passe"
    UNDECIDED = "a_etablir"
    COMING = "a_venir"


STATUS_ORDER: tuple[Status, ...] = tuple(Status)
_BREACH = frozenset({Verdict.ECART, Verdict.REMARQUE, Verdict.DEROGATION})
_OPEN = frozenset({Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER})


class Deadline(Struct, frozen=True, kw_only=True):
    """One day for one rule of one residence, with the subjects it is due for."""

    day: date
    status: Status
    days: int
    """Days from the audit to that day: negative when it has passed."""
    recurring: bool
    sure: bool
    """False when the dossier does not say whether the rule applies at all."""
    residence: str
    folder: str
    """Path of the dossier, as given."""
    ruleset: str
    rule: str
    title: str
    text: LegalText
    rank: Rank
    subjects: tuple[str, ...]
    """Names of the subjects and elements; none for the residence as a whole."""
    observed: tuple[str, ...]
    remedy: str
    proof: str


class Unread(Struct, frozen=True, kw_only=True):
    """A dossier that has no calendar: it could not be judged, or nothing applies to it."""

    residence: str
    folder: str
    errors: int
    reasons: tuple[str, ...] = ()


class Calendar(Struct, frozen=True, kw_only=True):
    """Every deadline of some residences, by status then by day."""

    tool: str
    as_of: date
    residences: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    unread: tuple[Unread, ...]
    notices: tuple[str, ...] = ()
    """Sentences that the dossiers want said (`avertissement`)."""


def calendar(reports: Sequence[Report]) -> Calendar:
    """Gather the deadlines of reports made on one day."""
    judged = [report for report in reports if report.obligations]
    found = [deadline for report in judged for deadline in _grouped(report)]
    return Calendar(
        tool=reports[0].tool,
        as_of=reports[0].audit_date,
        residences=tuple(report.dossier for report in judged),
        deadlines=tuple(
            sorted(found, key=lambda one: (STATUS_ORDER.index(one.status), one.day, one.residence, one.title))
        ),
        unread=tuple(_unread(report) for report in reports if not report.obligations),
        notices=tuple(dict.fromkeys(report.example_notice for report in reports if report.example_notice)),
    )


def _unread(report: Report) -> Unread:
    return Unread(
        residence=report.dossier,
        folder=report.path,
        errors=sum(error.severity == "erreur" for error in report.errors),
        reasons=tuple(one.out_of_scope for one in report.rulesets if one.out_of_scope),
    )


def _grouped(report: Report) -> Iterator[Deadline]:
    """Say once the deadlines of one rule that fall on one day and have one status."""
    groups: dict[tuple[object, ...], Deadline] = {}
    for obligation in report.obligations:
        for finding in obligation.findings:
            for day, status in _days(finding, report.audit_date):
                one = _deadline(report, obligation, finding, day, status)
                key = (obligation.ruleset, obligation.rule, day, status, one.sure)
                groups[key] = _joined(groups[key], one) if key in groups else one
    yield from groups.values()


def _days(finding: Finding, as_of: date) -> Iterator[tuple[date, Status]]:
    """Give the days of a constat that a calendar shows, each with what it is."""
    if finding.last_due is not None and (passed := _passed(finding)) is not None:
        yield finding.last_due, passed
    if finding.deadline is None or not awaited(finding):
        return
    if finding.deadline >= as_of:
        yield finding.deadline, Status.COMING
    elif finding.deadline_kind is DeadlineKind.END and finding.verdict is not Verdict.CONFORME:
        yield finding.deadline, Status.ENDED
    elif finding.deadline_kind is DeadlineKind.ONCE and (passed := _passed(finding)) is not None:
        yield finding.deadline, passed


def _passed(finding: Finding) -> Status | None:
    """Say what became of a day that has passed; `None` when it was kept, or concerns nobody."""
    if finding.verdict in _BREACH:
        return Status.MISSED
    return Status.UNDECIDED if finding.verdict in _OPEN else None


def _deadline(
    report: Report, obligation: Obligation, finding: Finding, day: date, status: Status
) -> Deadline:
    return Deadline(
        day=day,
        status=status,
        days=(day - report.audit_date).days,
        recurring=finding.deadline_kind is DeadlineKind.RECURRING,
        sure=finding.verdict is not Verdict.NON_VERIFIABLE,
        residence=report.dossier,
        folder=report.path,
        ruleset=obligation.ruleset,
        rule=obligation.rule,
        title=obligation.title,
        text=obligation.text,
        rank=obligation.rank,
        subjects=tuple(part for part in (finding.subject, finding.element) if part)[-1:],
        observed=(finding.observed,) if finding.observed and status is not Status.COMING else (),
        remedy=obligation.remedy,
        proof=obligation.proof,
    )


def _joined(first: Deadline, other: Deadline) -> Deadline:
    return replace(
        first,
        subjects=tuple(dict.fromkeys((*first.subjects, *other.subjects))),
        observed=tuple(dict.fromkeys((*first.observed, *other.observed))),
    )
