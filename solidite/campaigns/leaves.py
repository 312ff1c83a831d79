"""Each leaf of each example made absent, empty, wrong, negative or huge: never a new « conforme », never a crash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsaudit.loading import from_data
from solidite.agreement import compare_rule
from solidite.campaign import Campaign, Outcome, Scale
from solidite.examples import (
    ABSENT,
    DAY,
    EXAMPLES,
    SESSION,
    Path_,
    at,
    changed,
    data_of,
    field_of,
    findings,
    identifiers,
    judged,
    leaves,
    passes,
    readers,
    received,
    rules,
    whole,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from rsaudit.loading import Dossier

_FEW = 3
_SOUND = 40
"""Every so many changes, all the rules judge, to see that those not said to read the leaf are untouched."""
_NULLS = 10
"""A null is read as an absent key: one in so many is judged besides."""
_WAYS = 2
_FRAME = ("controle", "reponses", "derogations")
"""Sections that say who audits and what people answered: no rule reads them, every rule may be answered there."""


@dataclass(frozen=True, slots=True)
class _Change:
    label: str
    before: Any
    value: Any
    silent: bool
    """It says nothing, or nothing readable: no constat may become « conforme » by it."""


def _changes(value: Any) -> Iterator[_Change]:
    yield _Change("absent", value, ABSENT, True)
    yield _Change("nul", value, None, True)
    yield _Change("texte vide", value, "", True)
    yield _Change("autre type", value, {"objet": 1} if not isinstance(value, bool) else 2, True)
    yield _Change("NaN", value, "NaN", True)
    yield _Change("liste vide", value, [], False)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield _Change("négatif", value, -value if value > 0 else -1, False)
        yield _Change("énorme", value, Decimal(10) ** 30, False)
    elif isinstance(value, str):
        yield _Change("énorme", value, _huge(value), False)


def _huge(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        number, _, unit = text.partition(" ")
        return f"999999 {unit}" if number.isdigit() and unit else "x" * 100_000
    return date.max.isoformat()


def _run(scale: Scale) -> Outcome:
    outcome = Outcome()
    for example in EXAMPLES:
        every = list(leaves(data_of(example)))
        for path, value in scale.chosen(every, _FEW, example):
            outcome.count("feuilles")
            for change in _changes(value):
                _try(outcome, scale, example, path, change)
    return outcome


def _try(outcome: Outcome, scale: Scale, example: str, path: Path_, change: _Change) -> None:
    outcome.count("changements")
    told = f"{example}, {at(path)} {change.label}"
    rng = scale.random(told)
    try:
        refused = _refused_alone(example, path, change.value)
        if refused and rng.randrange(_SOUND):
            outcome.count("refusés par le schéma")
            return
        dossier = received(changed(example, path, change.value))
        if dossier.errors:
            outcome.count("refusés par le schéma")
        elif refused:
            outcome.fail(f"refusé seul, accepté dans le dossier : {told}")
        elif change.value is None and rng.randrange(_NULLS):
            outcome.count("nuls lus comme absents")
        else:
            _judge(outcome, rng, example, path, change, dossier, told)
    except Exception as error:  # noqa: BLE001 - whatever it is, a crash is what the campaign looks for
        outcome.fail(f"plantage : {told} : {type(error).__name__} : {error}")


def _refused_alone(example: str, path: Path_, value: Any) -> bool:
    """Say whether the schema refuses a value where it stands, the rest of its section left out (so, at once)."""
    if value is None or value is ABSENT:
        return False
    section = str(path[0])
    before, after = (
        from_data(
            {section: _alone(data_of(example)[section], path[1:], one)}, SESSION.schemas, name="essai"
        ).data
        for one in (_SAME, value)
    )
    gate = SESSION.schemas.gate(section)
    return bool(gate.is_valid(before[section])) and not gate.is_valid(after[section])


_SAME = object()


def _alone(holder: Any, path: Path_, value: Any) -> Any:
    """Copy what leads to a leaf: the single values beside it, and no other row or object."""
    key, *rest = path
    if isinstance(holder, list):
        return [_alone(holder[int(key)], tuple(rest), value)]
    kept = {
        name: one
        for name, one in holder.items()
        if one is not None and not isinstance(one, dict | list) and name != key
    }
    if rest:
        return {**kept, key: _alone(holder[key], tuple(rest), value)}
    return {**kept, key: holder[key] if value is _SAME else value}


def _judge(
    outcome: Outcome,
    rng: random.Random,
    example: str,
    path: Path_,
    change: _Change,
    dossier: Dossier,
    told: str,
) -> None:
    names = () if path[0] in _FRAME else readers(field_of(path))
    before = whole(example)
    outcome.count("jugés")
    if not names and path[0] not in _FRAME:
        outcome.count("lus par aucune règle")
    else:
        report = judged(dossier, names)
        gained = passes(report) - _renamed(passes(before), path, change.before, change.value)
        outcome.count("constats comparés", sum(len(one.findings) for one in report.obligations))
        if gained and change.silent:
            outcome.fail(f"nouveau « conforme » : {told} : {', '.join(sorted(gained)[:3])}")
        if not change.silent:
            _compare(outcome, rng, names, dossier, told)
    if rng.randrange(_SOUND) == 0:
        outcome.count("jugés par toutes les règles")
        _untouched(outcome, example, names, dossier, told)


def _renamed(passed: set[str], path: Path_, before: Any, after: Any) -> set[str]:
    """Return the constats by their names, and by those they have once the row they are about has another."""
    if field_of(path) not in identifiers():
        return passed
    # The whole name, or one part of a name in two parts; « PL-1 » is also found in « PL-1-26 », which keeps its own.
    return passed | {one.replace(str(before), str(after)) for one in passed}


def _compare(
    outcome: Outcome, rng: random.Random, names: tuple[str, ...], dossier: Dossier, told: str
) -> None:
    for name in names:
        compiled, rule = rules()[name]
        found = compare_rule(compiled, rule, dossier.data, DAY, SESSION.catalogue, rng, most=_WAYS)
        outcome.count("verdicts comparés à la référence", found.completions)
        if found.contradiction:
            outcome.fail(f"référence : {told} : {name} : {found.contradiction}")


def _untouched(outcome: Outcome, example: str, names: tuple[str, ...], dossier: Dossier, told: str) -> None:
    """See that the rules not said to read the leaf conclude as before."""
    read = set(names)
    now, before = (
        {
            (one.identifier, one.verdict)
            for one in findings(report)
            if "/".join(one.identifier.split("/")[:2]) not in read
        }
        for report in (judged(dossier), whole(example))
    )
    if now != before and read:
        outcome.fail(f"lu sans être dit : {told} : {sorted(now ^ before)[:3]}")


CAMPAIGN = Campaign(
    name="feuilles",
    promise="ce qu’un dossier ne dit pas, ou dit mal, ne rend jamais rien conforme et ne fait jamais planter.",
    run=_run,
)
