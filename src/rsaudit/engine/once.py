"""What is made of a rule, or of one of its elements, once, whatever the dossiers it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Holder = TypeVar("Holder", bound=Any)
Made = TypeVar("Made")
Given = ParamSpec("Given")


def made_once(
    make: Callable[Concatenate[Holder, Given], Made],
) -> Callable[Concatenate[Holder, Given], Made]:
    """Return a function that remembers, with each rule or element, what `make` makes of it.

    What else it is given never changes.
    """
    name = f"{make.__module__}.{make.__qualname__}"

    def of(holder: Holder, /, *args: Given.args, **given: Given.kwargs) -> Made:
        kept = holder.__dict__
        found: Made | None = kept.get(name)
        if found is None:
            found = kept[name] = make(holder, *args, **given)
        return found

    return of
