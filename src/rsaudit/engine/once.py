"""What is made of a rule once, whatever the dossiers it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.ruleset import CompiledRule

Made = TypeVar("Made")


def once_a_rule(make: Callable[[CompiledRule], Made]) -> Callable[[CompiledRule], Made]:
    """Return a function that remembers what `make` makes of each rule as long as there is the rule.

    What is made must not hold the rule itself, which would then never be let go.
    """
    made: WeakKeyDictionary[CompiledRule, Made] = WeakKeyDictionary()

    def of(compiled: CompiledRule) -> Made:
        found = made.get(compiled)
        if found is None:
            found = made[compiled] = make(compiled)
        return found

    return of
