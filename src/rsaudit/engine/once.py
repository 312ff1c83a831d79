"""What is made of a rule once, whatever the dossiers it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.ruleset import CompiledRule

Made = TypeVar("Made")
Given = ParamSpec("Given")


def once_a_rule(
    make: Callable[Concatenate[CompiledRule, Given], Made],
) -> Callable[Concatenate[CompiledRule, Given], Made]:
    """Return a function that remembers, with each rule, what `make` makes of it; what else it is given never changes."""
    name = f"{make.__module__}.{make.__qualname__}"

    def of(compiled: CompiledRule, /, *args: Given.args, **given: Given.kwargs) -> Made:
        kept = compiled.__dict__
        found: Made | None = kept.get(name)
        if found is None:
            found = kept[name] = make(compiled, *args, **given)
        return found

    return of
