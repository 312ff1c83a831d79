"""The subjects of an obligation, counted and named on one line (« 18 contrats sur 40 : C-001, C-003… »)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsaudit.messages import count_noun, typographic
from rsaudit.messages.formats import and_others, out_of, plural_french

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.model import Finding, Obligation

SHOWN = 12
"""How many subjects a line names before it says how many others there are."""

_NOUN = re.compile(r"(?:le |la |l[’'])([a-zà-öø-ÿœ]{3,30})(?= )")


def noun_of(subject: str) -> str | None:
    """Return the noun of a subject and reference (« contrat » of « le contrat C-003 »)."""
    match = _NOUN.match(subject)
    return match[1] if match else None


def common_noun(findings: Sequence[Finding]) -> str | None:
    """Return the noun that all subjects share, if they do."""
    nouns = {noun_of(one.subject or "") for one in findings}
    return nouns.pop() if len(nouns) == 1 else None


def subject_total(row: Obligation) -> int | None:
    """Count the subjects of a rule; unknown when not all is kept and a subject has several findings."""
    seen = len({one.subject for one in row.findings})
    left_out = sum(row.counts.values()) - len(row.findings)
    if left_out <= 0:
        return seen
    return None if any(one.element for one in row.findings) else seen + left_out


def count_phrase(number: int, total: int | None, noun: str) -> str:
    """Write « 3 contrats sur 40 », or « 3 contrats » when the total is not known."""
    return count_noun(number, noun, plural_french(noun)) if total is None else out_of(number, total, noun)


def worst_findings(row: Obligation) -> tuple[Finding, ...]:
    """Return the findings that carry the verdict of their obligation, the gravest first."""
    kept = [one for one in row.findings if one.verdict is row.verdict]
    return tuple(sorted(kept, key=lambda one: one.severity is not row.severity))


def subjects_phrase(row: Obligation, shown: int = SHOWN) -> str:
    """Count and name the subjects that give an obligation its verdict; empty for the residence."""
    worst = worst_findings(row)
    named = {one.subject: None for one in worst if one.subject}
    if not named:
        return _named([one.element for one in worst if one.element], shown)
    if len({one.subject for one in row.findings}) == 1:
        (subject,) = named
        elements = _named([one.element for one in worst if one.element], shown)
        return typographic(f"{subject} : {elements}") if elements else subject
    noun = common_noun(row.findings)
    if noun is None:
        return _named(list(named), shown)
    names = [subject.split(f"{noun} ", 1)[1] for subject in named]
    head = count_phrase(len(named), subject_total(row), noun)
    return typographic(f"{head} : {_named(names, shown)}")


def _named(names: list[str], shown: int) -> str:
    return and_others(list(dict.fromkeys(names)), shown)
