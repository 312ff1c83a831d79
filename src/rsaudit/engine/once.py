"""What is made of a rule once, whatever the dossiers it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.ruleset import CompiledRule

Made = TypeVar("Made")
Given = ParamSpec("Given")


def once_a_rule(
    make: Callable[Concatenate[CompiledRule, Given], Made],
) -> Callable[Concatenate[CompiledRule, Given], Made]:
    """Return a function that remembers what `make` makes of each rule as long as there is the rule.

    What else it is given must be the same each time; what is made must not hold the rule, or it would never be let go.
    """
    made: WeakKeyDictionary[CompiledRule, Made] = WeakKeyDictionary()

    def of(compiled: CompiledRule, /, *args: Given.args, **given: Given.kwargs) -> Made:
        found = made.get(compiled)
        if found is None:
            found = made[compiled] = make(compiled, *args, **given)
        return found

    return of
