"""Two reports of one residence: what is new, what is lifted, what remains, what can no longer be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rsaudit.model import Verdict, worst_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsaudit.model import Finding, Report

#: What a follow-up follows: breaches of an obligation or of a recommendation.
FOLLOWED = {Verdict.ECART, Verdict.REMARQUE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One constat in both reports; `before` or `after` is `None` when it is in one only."""

    identifier: str
    before: Finding | None
    after: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The followed constats, each in exactly one list."""

    new: tuple[Change, ...]
    """Followed now, and not before, or graver than before."""
    lifted: tuple[Change, ...]
    """Followed before, and now conforme, derogated or not concerned: decided otherwise."""
    remaining: tuple[Change, ...]
    """Followed before and now."""
    lost: tuple[Change, ...]
    """Followed before, and now undecided or gone: neither lifted nor remaining."""


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports, constat by constat, by their stable identifiers."""
    earlier, later = _by_identifier(before), _by_identifier(after)
    new: list[Change] = []
    lifted: list[Change] = []
    remaining: list[Change] = []
    lost: list[Change] = []
    for identifier in sorted({*_followed(earlier.values()), *_followed(later.values())}):
        change = Change(identifier=identifier, before=earlier.get(identifier), after=later.get(identifier))
        _place(change, new, lifted, remaining, lost)
    return Comparison(new=tuple(new), lifted=tuple(lifted), remaining=tuple(remaining), lost=tuple(lost))


def _place(
    change: Change, new: list[Change], lifted: list[Change], remaining: list[Change], lost: list[Change]
) -> None:
    was = change.before is not None and change.before.verdict in FOLLOWED
    if change.after is not None and change.after.verdict in FOLLOWED:
        (remaining if was and not _graver(change) else new).append(change)
    elif change.after is None or change.after.verdict in {Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER}:
        lost.append(change)
    else:
        lifted.append(change)


def _graver(change: Change) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    return worst_key(after.verdict, after.severity) < worst_key(before.verdict, before.severity)


def _by_identifier(report: Report) -> dict[str, Finding]:
    return {
        finding.identifier: finding for obligation in report.obligations for finding in obligation.findings
    }


def _followed(findings: Iterable[Finding]) -> set[str]:
    return {finding.identifier for finding in findings if finding.verdict in FOLLOWED}


def numbers(report: Report) -> dict[str, str]:
    """Return the number of each obligation (référentiel/rule → E-01), to carry over to a later report."""
    return {
        f"{obligation.ruleset}/{obligation.rule}": obligation.number
        for obligation in report.obligations
        if obligation.number is not None
    }
