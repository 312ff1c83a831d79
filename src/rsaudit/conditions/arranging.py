"""What of a plan is computed once for a whole dossier, and which filters are joins: noted in the plan when it is made.

Three notes, that `plans` links. A part that reads no place of the frame is worth the same wherever it stands in the
référentiel: it is computed when first needed and kept with the dossier (`once`). So is what a filter of this kind takes
of a list (`chosen`). A filter that wants a value of the row equal to one that does not depend on the row looks the rows
up by that value (`join`) instead of going through all of them.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsaudit.conditions.plans import Plan

OPERATIONS = frozenset(
    (
        *("constant", "slot", "audit_day", "section", "fact", "path", "parameter"),
        *("and", "or", "not", "ordered", "equal", "word", "silent", "text", "contains", "exists"),
        *("arithmetic", "shifted", "repeated", "call", "aggregate"),
        *("chosen", "join", "once", "kept"),
    )
)
#: Operations as cheap as remembering what they gave; the dossier's facts are remembered already.
_CHEAP = {"constant", "slot", "audit_day", "section", "fact"}


def arranged(plan: Plan, *, often: bool) -> Plan:
    """Return a plan with its notes; `often` when it runs for each of many rows, not once for a dossier."""
    if often and plan[0] not in _CHEAP and not free(plan):
        return ["once", _named(plan), arranged(plan, often=False)]
    if plan[0] != "aggregate":
        return changed(plan, lambda part: arranged(part, often=often))
    head, (source, where, body) = plan[:4], plan[4:]
    rows, kept = arranged_range(plan[2], source, where, often=often)
    return [*head, rows, kept, arranged(body, often=True) if body is not None else None]


def arranged_range(slot: int, source: Plan, where: Plan | None, *, often: bool) -> tuple[Plan, Plan | None]:
    """Return the plans of a list and of its filter with their notes; the first does the work of both where it can."""
    if where is None:
        return arranged(source, often=often), None
    sift = arranged(where, often=True)
    if free(source):
        return arranged(source, often=often), sift
    if not free(where) - {slot}:
        return ["chosen", _named(slot, source, where), slot, arranged(source, often=False), sift], None
    sides = [_sides(slot, condition) for condition in conditions(where)]
    inner = [arranged(side[0], often=True) for side in sides if side is not None]
    if not inner:
        return arranged(source, often=often), sift
    outer = [arranged(side[1], often=True) for side in sides if side is not None]
    others = [rank for rank, side in enumerate(sides) if side is None]
    name = _named(slot, source, inner)
    return ["join", name, slot, arranged(source, often=False), sift, inner, outer, others], None


def conditions(where: Plan) -> list[Plan]:
    """Return the conditions that a filter joins by `et`."""
    return where[1] if where[0] == "and" else [where]


def _sides(slot: int, condition: Plan) -> tuple[Plan, Plan] | None:
    """Return what an equality compares: a value of the row alone, and one that does not depend on the row."""
    if condition[0] != "equal":
        return None
    left, right = condition[1:]
    if free(left) == {slot} and slot not in free(right):
        return left, right
    if free(right) == {slot} and slot not in free(left):
        return right, left
    return None


def _named(*parts: Any) -> str:
    """Name what is kept with a dossier by all that makes its value: two plans alike share it."""
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


# -- the parts of a plan that are plans ----------------------------------------------------------------------


def is_plan(part: Any) -> bool:
    """Say whether a part of a plan is one too: it then begins with the name of an operation."""
    return part.__class__ is list and bool(part) and part[0].__class__ is str and part[0] in OPERATIONS


def changed(plan: Plan, change: Callable[[Plan], Plan]) -> Plan:
    """Return a plan whose parts are changed."""
    if plan[0] == "path":  # its steps and its type are no plans, though some are called like operations
        return ["path", change(plan[1]), *plan[2:]]
    return [plan[0], *(_changed(part, change) for part in plan[1:])]


def _changed(part: Any, change: Callable[[Plan], Plan]) -> Any:
    if is_plan(part):
        return change(part)
    if part.__class__ is list:
        return [change(one) if is_plan(one) else one for one in part]
    return part


def parts(plan: Plan) -> Iterator[Plan]:
    """Yield the parts of a plan that are plans."""
    if plan[0] == "path":
        yield plan[1]
        return
    for part in plan[1:]:
        if is_plan(part):
            yield part
        elif part.__class__ is list:
            yield from filter(is_plan, part)


def free(plan: Plan) -> frozenset[int]:
    """Return the places of the frame that a plan reads without filling them itself."""
    if plan[0] == "slot":
        return frozenset((plan[1],))
    found = frozenset[int]().union(*map(free, parts(plan)))
    if plan[0] == "aggregate":  # its list is found before the place of its rows is filled
        return (found - {plan[2]}) | free(plan[4])
    if plan[0] in {"chosen", "join"}:
        return found - {plan[2]}
    return found
