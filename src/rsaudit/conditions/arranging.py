"""What of a plan is computed once for a whole dossier, and which filters are joins: noted in the plan when it is made.

Four notes, that `plans` links. A part that reads no place of the frame is worth the same wherever it stands in the
référentiel: it is computed when first needed and kept with the dossier (`once`). So is what a filter of this kind takes
of a list (`chosen`). What an aggregate over such a list reads of the outside is computed before it, in places of its
own, and two runs that find the same values there share one outcome (`per`). A filter that wants a value of the row equal
to one of the outside looks the rows up by that value (`join`) instead of going through all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.digests import blake2b

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsaudit.conditions.plans import Plan

OPERATIONS = frozenset(
    (
        *("constant", "slot", "audit_day", "section", "fact", "path", "parameter"),
        *("and", "or", "not", "ordered", "equal", "word", "silent", "text", "contains", "exists"),
        *("arithmetic", "shifted", "repeated", "call", "aggregate"),
        *("once", "chosen", "per", "join"),
        *("among", "field_is"),
    )
)
#: Operations as cheap as remembering what they gave; the dossier's facts are remembered already.
_CHEAP = {"constant", "slot", "audit_day", "section", "fact"}


class Places:
    """The places of the frame left free by a plan and by the names around it, given one by one."""

    def __init__(self, plan: Plan, start: int) -> None:
        """Start above every place that the plan fills, and not under `start`."""
        self.next = max(start, _highest(plan) + 1)

    def take(self) -> int:
        """Return a place that nothing else uses."""
        self.next += 1
        return self.next - 1


def arranged(plan: Plan, places: Places, *, often: bool) -> Plan:
    """Return a plan with its notes; `often` when it runs for each of many rows, not once for a dossier."""
    if often and plan[0] not in _CHEAP and not free(plan):
        return ["once", _named(plan), arranged(plan, places, often=False)]
    if plan[0] != "aggregate":
        return _short(changed(_gathered(plan), lambda part: arranged(part, places, often=often)))
    if free(plan) and not free(plan[4]):
        return _per(plan, places)
    return _aggregate(plan, places, often=often)


def _gathered(plan: Plan) -> Plan:
    """Return `x dans [a, b]`, which is `x = a ou x = b`, as one test that reads x once."""
    if plan[0] != "or" or len(plan[1]) < 2 or any(one[:2] != ["word", plan[1][0][1]] for one in plan[1]):
        return plan
    return ["among", plan[1][0][1], {"words": [one[2] for one in plan[1]]}]


def _short(plan: Plan) -> Plan:
    """Return the commonest test, of a word in a field of a variable, as one operation."""
    match plan:
        case ["word", ["path", ["slot", _] as variable, [["key", name, _]], _], word]:
            return ["field_is", variable, name, word]
    return plan


def _aggregate(plan: Plan, places: Places, *, often: bool) -> Plan:
    head, (source, where, body) = plan[:4], plan[4:]
    rows, sift = arranged_range(plan[2], source, where, places, often=often)
    return [*head, rows, sift, arranged(body, places, often=True) if body is not None else None]


def _per(plan: Plan, places: Places) -> Plan:
    """Compute before an aggregate what its filter and its body read of the outside, in places that follow each other."""
    first = places.next
    outside: dict[str, tuple[int, Plan]] = {}

    def taken(part: Plan, bound: frozenset[int]) -> Plan:
        found = free(part)
        if found and not found & bound:
            place, _ = outside.setdefault(repr(part), (places.next, part))
            if place == places.next:
                places.take()
            return ["slot", place]
        inner = bound | {part[2]} if part[0] == "aggregate" else bound
        return changed(part, lambda one: taken(one, inner))

    inside = [
        *plan[:5],
        *(taken(part, frozenset((plan[2],))) if part is not None else None for part in plan[5:]),
    ]
    parts = [arranged(part, places, often=True) for _, part in outside.values()]
    return ["per", _named(plan), first, parts, _aggregate(inside, places, often=False)]


def arranged_range(
    slot: int, source: Plan, where: Plan | None, places: Places, *, often: bool
) -> tuple[Plan, Plan | None]:
    """Return the plans of a list and of its filter with their notes; the first does the work of both where it can."""
    if where is None:
        return arranged(source, places, often=often), None
    sift = arranged(where, places, often=True)
    if free(source):
        return arranged(source, places, often=often), sift
    if not free(where) - {slot}:
        return [
            "chosen",
            _named(slot, source, where),
            slot,
            arranged(source, places, often=False),
            sift,
        ], None
    sides = [_sides(slot, condition) for condition in conditions(where)]
    inner = [arranged(side[0], places, often=True) for side in sides if side is not None]
    if not inner:
        return arranged(source, places, often=often), sift
    outer = [arranged(side[1], places, often=True) for side in sides if side is not None]
    others = [rank for rank, side in enumerate(sides) if side is None]
    name = _named(slot, source, inner)
    return ["join", name, slot, arranged(source, places, often=False), sift, inner, outer, others], None


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
    return found


def _highest(plan: Plan) -> int:
    """Return the highest place that a plan reads or fills."""
    own = plan[1] if plan[0] == "slot" else plan[2] if plan[0] == "aggregate" else 0
    return max((own, *map(_highest, parts(plan))))
