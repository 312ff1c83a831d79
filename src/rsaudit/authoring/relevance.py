"""Which fields of a dossier matter for a residence, and how many rules wait for each: read from the rules themselves.

A field concerns a residence unless every rule that reads it is known not to: its référentiel is out of scope, or its
condition of applicability is already false for what is known of the residence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import World
from rsaudit.engine.judgement import judge
from rsaudit.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rsaudit.ruleset import CompiledRule, CompiledRuleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """What the rules say of fields, by static path."""

    weights: Mapping[str, int]
    """Rules that may apply and read the field."""
    idle: frozenset[str]
    """Fields read only by rules that do not apply."""

    def concerns(self, path: str) -> bool:
        """Say whether a field matters for this residence, or is read by no rule at all."""
        return path not in self.idle

    def weight(self, path: str) -> int:
        """Return how many rules that may apply read a field."""
        return self.weights.get(path, 0)


def relevance_of(rulesets: Sequence[CompiledRuleset], known: Mapping[str, Any]) -> Relevance:
    """Read what the rules need, given what is already known of a residence: `known` is a partial dossier."""
    weights: Counter[str] = Counter()
    read: set[str] = set()
    for compiled in rulesets:
        world = World(dict(known), as_of=compiled.ruleset.date, scope=compiled.scope)
        frame = world.frame(compiled.scope)
        outside = any(condition.test(frame) is False for condition in compiled.applies)
        if not outside:
            weights.update(compiled.fields)
        for rule in compiled.rules:
            read |= rule.fields
            if not outside and _may_apply(rule, world):
                weights.update(rule.fields)
    return Relevance(weights=weights, idle=frozenset(read - set(weights)))


def _may_apply(rule: CompiledRule, world: World) -> bool:
    """Say whether a rule has something to say, or may have once more is known or later."""
    return any(
        outcome.verdict is not Verdict.NON_CONCERNE
        or (outcome.condition is not None and outcome.condition.upcoming)
        for outcome, _, _ in judge(rule, world)
    )
