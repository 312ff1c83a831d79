"""How the plans of a référentiel are written: once, and by a number wherever one of them is repeated.

A référentiel asks the same paths and the same tests again and again: two thirds of its plans are found elsewhere in it.
`plans.Linker` reads what is written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.conditions.arranging import changed

if TYPE_CHECKING:
    from rsaudit.conditions.plans import Plan


class Shared:
    """A plan, whose parts that are plans are of this kind too."""

    __slots__ = ("number", "parts", "uses")

    def __init__(self, parts: list[Any]) -> None:
        """Keep what the plan is made of; it has a number once it is known to be repeated."""
        self.parts = parts
        self.uses = 0
        self.number: int | None = None


class Sharing:
    """The plans to be written together, each distinct one known once."""

    def __init__(self) -> None:
        """Know none."""
        self._known: dict[str, Shared] = {}

    def plan(self, plan: Plan) -> Shared:
        """Return what stands for a plan until all of them are known.

        A place, a section, a constant is as short as a number would be, and sooner understood: it is always written.
        """
        if not any(part.__class__ is list for part in plan):
            return Shared(plan)
        text = repr(plan)
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = Shared(changed(plan, self.plan))  # type: ignore[arg-type]
        found.uses += 1
        return found

    def table(self) -> list[list[Any]]:
        """Give a number to each plan that is repeated, and return these in the order of their numbers."""
        repeated = [one for one in self._known.values() if one.uses > 1]
        for number, one in enumerate(repeated):
            one.number = number
        return [one.parts for one in repeated]


def written(one: Shared) -> Any:
    """Return what is written for a plan, once the table is made."""
    return one.parts if one.number is None else one.number
