"""The rows of a report, one for each rule: what its rule states, its place among the others, its number."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from rsaudit.engine.once import made_once
from rsaudit.model import Obligation, Verdict, worst_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rsaudit.ruleset import CompiledRule, CompiledRuleset

Place: TypeAlias = tuple[int, int, str]
"""Where a row stands among those of its référentiel: chapter, first of its exigences, then name."""

_LETTERS = {Verdict.ECART: "E", Verdict.REMARQUE: "R"}


@made_once
def stated(compiled: CompiledRule, ruleset: CompiledRuleset) -> tuple[Place, Obligation]:
    """Return what the row of a rule has before anything is concluded of a dossier, and its place."""
    rule = compiled.rule
    ranks = ruleset.requirement_ranks
    place = (
        ruleset.chapter_ranks[rule.chapter],
        min(ranks.get(one, len(ranks)) for one in rule.requirements),
        rule.id,
    )
    return place, Obligation(
        ruleset=ruleset.ruleset.id,
        chapter=rule.chapter,
        rule=rule.id,
        title=rule.title,
        number=None,
        rank=rule.rank,
        force=rule.force,
        requirements=rule.requirements,
        text=rule.text,
        verdict=Verdict.NON_CONCERNE,
        severity=None,
        counts={},
        findings=(),
        proof=rule.proof,
        remedy=rule.remedy,
        question=rule.manual.question if rule.manual else None,
        look_at=rule.manual.look_at if rule.manual else None,
        place=rule.manual.place if rule.manual else None,
        figure=rule.figure,
        readings=tuple(f"{one}. {ruleset.readings[one]}" for one in rule.readings),
        reads=compiled.blocks,
    )


def in_order(rows: Iterable[tuple[Place, Obligation]]) -> list[Obligation]:
    """Put the rows of a référentiel in the order of its chapters, then of their exigences."""
    return [obligation for _, obligation in sorted(rows, key=itemgetter(0))]


def numbered(rows: Sequence[Obligation], carried: Mapping[str, str]) -> tuple[Obligation, ...]:
    """Give a number to écarts and remarques, the gravest first; a number carried from an earlier report is kept."""
    taken = set(carried.values())
    counters = dict.fromkeys(_LETTERS.values(), 0)
    told = list(rows)
    breaches = [rank for rank, one in enumerate(rows) if one.verdict in _LETTERS]
    for rank in sorted(breaches, key=lambda rank: worst_key(rows[rank].verdict, rows[rank].severity)):
        one = rows[rank]
        letter = _LETTERS[one.verdict]
        number = carried.get(f"{one.ruleset}/{one.rule}", "")
        if not number.startswith(f"{letter}-"):
            number = _next_number(letter, counters, taken)
        told[rank] = _numbered(one, number)
    return tuple(told)


def _next_number(letter: str, counters: dict[str, int], taken: set[str]) -> str:
    while True:
        counters[letter] += 1
        number = f"{letter}-{counters[letter]:02d}"
        if number not in taken:
            taken.add(number)
            return number


def _numbered(obligation: Obligation, number: str) -> Obligation:
    findings = tuple(
        replace(finding, number=number) if finding.verdict in _LETTERS else finding
        for finding in obligation.findings
    )
    return replace(obligation, number=number, findings=findings)
