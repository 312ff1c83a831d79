"""Two implementations of the language: they never contradict each other, and know the same where that is promised."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rsaudit.conditions import ExpressionError
from rsaudit.errors import RulesetError
from rsaudit.ruleset import compile_ruleset
from solidite import generation
from solidite.agreement import Compared, compare_expression, compare_rule, compiled
from solidite.campaign import Campaign, Outcome, Scale

if TYPE_CHECKING:
    import random

    from rsaudit.ruleset import Ruleset

_MOST = 200
"""Ways to complete one dossier, at most."""
_MANY = 6000
"""Expressions, and référentiels, drawn in the whole campaign."""
_FEW = 40
_DOSSIERS = 6
_UNKNOWN = (0.0, 0.15, 0.3, 0.6)


def _run(scale: Scale) -> Outcome:
    outcome = Outcome()
    start = time.perf_counter()
    count = _FEW if scale.short else _MANY // scale.parts
    for label, try_one in (
        ("expressions", _expression),
        ("expressions à lecture unique", _once_expression),
        ("référentiels", _ruleset),
        ("référentiels à lecture unique", _once_ruleset),
    ):
        for rank in range(count):
            rng = scale.random(label, scale.part, rank)
            found = try_one(rng)
            outcome.count(label, bool(found))
            for one in found:
                _note(outcome, one)
    seconds = time.perf_counter() - start
    compared = int(outcome.figures.get("complétions comparées", 0))
    outcome.figures["complétions comparées par minute"] = round(60 * compared / max(seconds, 0.001))
    return outcome


def _note(outcome: Outcome, one: Compared) -> None:
    outcome.count("dossiers")
    outcome.count("dossiers dont toutes les complétions sont faites", one.whole)
    outcome.count("complétions comparées", one.completions)
    outcome.failures += [told for told in (one.contradiction, one.undecided) if told]


def _expression(rng: random.Random) -> list[Compared]:
    text = generation.Expressions(rng).condition(3)
    try:
        expression = compiled(text, generation.facts(rng))
    except ExpressionError:
        return []
    every = f"{text} {generation.READ_BY_FACTS}"
    return [
        compare_expression(
            expression, generation.dossier(every, rng, rng.choice(_UNKNOWN)), rng, most=_MOST, complete=False
        )
        for _ in range(_DOSSIERS)
    ]


def _once_expression(rng: random.Random) -> list[Compared]:
    text = generation.Fragment(rng).condition(3)
    expression = compiled(text)
    return [
        compare_expression(
            expression,
            generation.once_dossier(text, rng, rng.choice(_UNKNOWN)),
            rng,
            most=4 * _MOST,
            complete=True,
        )
        for _ in range(_DOSSIERS)
    ]


def _ruleset(rng: random.Random) -> list[Compared]:
    drawn, text = generation.rule(rng)
    return _compared(rng, generation.ruleset(drawn, rng), text, once=False)


def _once_ruleset(rng: random.Random) -> list[Compared]:
    drawn, text = generation.once_rule(rng)
    return _compared(rng, generation.ruleset(drawn, rng), text, once=True)


def _compared(rng: random.Random, ruleset: Ruleset, text: str, *, once: bool) -> list[Compared]:
    try:
        whole = compile_ruleset(ruleset, generation.CATALOGUE, draft=True)
    except RulesetError:
        return []
    draw = generation.once_dossier if once else generation.dossier
    found = []
    for _ in range(_DOSSIERS):
        data = {"f": draw(text, rng, rng.choice(_UNKNOWN))}
        one = compare_rule(
            whole,
            whole.rules[0],
            data,
            generation.AS_OF,
            generation.CATALOGUE,
            rng,
            most=_MOST,
            complete=once,
        )
        where = f"{text} sur {data} : "
        one.contradiction = one.contradiction and where + one.contradiction
        one.undecided = one.undecided and where + one.undecided
        found.append(one)
    return found


CAMPAIGN = Campaign(
    name="accord",
    promise="deux réalisations du langage ne se contredisent jamais, et savent autant là où la page du langage le promet.",
    run=_run,
)
