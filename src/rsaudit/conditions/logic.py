"""Three-valued logic and bounded comparisons, on programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.conditions.calendar_dates import compare_durations
from rsaudit.conditions.texts import same_text
from rsaudit.conditions.values import (
    Causes,
    Contradiction,
    Duration,
    Frame,
    Run,
    Unknown,
    Value,
    causes_of,
    merge_causes,
)
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from collections.abc import Sequence

_OVERLAP = (Contradiction(say.SPANS_OVERLAP),)
"""Two durations of two kinds that their numbers do not tell apart."""


def negation(run: Run) -> Run:
    """`non`."""

    def evaluate(frame: Frame) -> Value:
        value = run(frame)
        return value if value.__class__ is Unknown else not value

    return evaluate


def conjunction(runs: Sequence[Run]) -> Run:
    """`et`: one false operand settles the matter; otherwise the unknown ones say what they lack."""
    return _joined(runs, absorbing=False)


def disjunction(runs: Sequence[Run]) -> Run:
    """`ou`: one true operand settles the matter; otherwise the unknown ones say what they lack."""
    return _joined(runs, absorbing=True)


def _joined(runs: Sequence[Run], *, absorbing: bool) -> Run:
    return _two(*runs, absorbing=absorbing) if len(runs) == 2 else _many(tuple(runs), absorbing=absorbing)


def _two(first: Run, second: Run, *, absorbing: bool) -> Run:
    """Join two operands, as most are."""
    neutral = not absorbing

    def evaluate(frame: Frame) -> Value:
        a = first(frame)
        if a is absorbing:
            return a
        b = second(frame)
        if a is neutral:
            return b if b is neutral or b is absorbing else Unknown(b.causes)
        if b is absorbing:
            return b
        return Unknown(a.causes if b is neutral else merge_causes(a.causes, b.causes))

    return evaluate


def _many(runs: tuple[Run, ...], *, absorbing: bool) -> Run:
    neutral = not absorbing

    def evaluate(frame: Frame) -> Value:
        lacking: list[Causes] | None = None
        for run in runs:
            value = run(frame)
            if value is absorbing:
                return absorbing
            if value is not neutral:
                if lacking is None:
                    lacking = [value.causes]
                else:
                    lacking.append(value.causes)
        return neutral if lacking is None else Unknown(merge_causes(*lacking))

    return evaluate


def ends(value: Value) -> tuple[Any, Any]:
    """Return the ends of a value: twice itself when known, `None` where it is without limit."""
    if value.__class__ is Unknown:
        return value.low, value.high
    return value, value


def ordered(operator: str, left: Run, right: Run) -> Run:
    """`<= < >= >` on numbers, dates and durations, by their ends."""
    if operator in {">", ">="}:
        left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
    strict = operator == "<"

    def evaluate(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if a.__class__ is not Unknown and b.__class__ is not Unknown:
            if a.__class__ is Duration:
                return _by_ends(*compare_durations(a, b), strict=strict, causes=_OVERLAP)
            return a < b if strict else a <= b
        if (a.__class__ is Unknown and a.opaque) or (b.__class__ is Unknown and b.opaque):
            return Unknown(causes_of(a, b))
        if a.__class__ is Duration or b.__class__ is Duration:
            return Unknown(causes_of(a, b))
        return _by_ends(*ends(a), *ends(b), strict=strict, causes=causes_of(a, b))

    return evaluate


def _by_ends(a_low: Any, a_high: Any, b_low: Any, b_high: Any, *, strict: bool, causes: Any) -> Value:
    if a_high is not None and b_low is not None and (a_high < b_low if strict else a_high <= b_low):
        return True
    if a_low is not None and b_high is not None and (a_low >= b_high if strict else a_low > b_high):
        return False
    return Unknown(causes)


def equal(left: Run, right: Run) -> Run:
    """`=`: vrai when both are known and equal, faux when they cannot meet."""

    def evaluate(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if a.__class__ is not Unknown and b.__class__ is not Unknown:
            return _same(a, b)
        if (a.__class__ is Unknown and a.opaque) or (b.__class__ is Unknown and b.opaque):
            return Unknown(causes_of(a, b))
        if not isinstance(a, Duration | str) and not isinstance(b, Duration | str):
            a_low, a_high = ends(a)
            b_low, b_high = ends(b)
            if (a_high is not None and b_low is not None and a_high < b_low) or (
                a_low is not None and b_high is not None and a_low > b_high
            ):
                return False
        return Unknown(causes_of(a, b))

    return evaluate


def _same(a: Value, b: Value) -> Value:
    if a.__class__ is str and b.__class__ is str:
        return same_text(a, b)
    if a.__class__ is Duration and b.__class__ is Duration:
        a_low, a_high, b_low, b_high = compare_durations(a, b)
        if a.unit == b.unit:
            return a.count == b.count
        return False if a_high < b_low or a_low > b_high else Unknown(_OVERLAP)
    return a == b
