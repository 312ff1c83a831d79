"""Aggregates over lists that may be incomplete: what is in, what may be, what nobody showed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from msgspec import Struct

from rsaudit.conditions import exact
from rsaudit.conditions.functions import product_ends
from rsaudit.conditions.logic import ends
from rsaudit.conditions.values import (
    Causes,
    Contradiction,
    Frame,
    NotUnique,
    Rows,
    Run,
    Unknown,
    Value,
    interval,
    merge_causes,
)
from rsaudit.messages import conditions as say


class Selection(Struct, eq=False, gc=False):
    """The items of a list under a filter: those surely in, those in or out with what would tell, how much nobody showed."""

    items: list[Any]
    possible: list[tuple[Any, Causes]]
    unseen_low: int
    unseen_high: int | None
    unseen_causes: Causes
    ghost: Value = None


def select(rows: Value, slot: int, where: Run | None, frame: Frame) -> Selection:
    """Apply a filter to a list; a list already filtered is left as it is."""
    if rows.__class__ is not Rows:
        if rows.__class__ is Selection:
            return rows
        if rows.__class__ is Unknown:
            return Selection([], [], 0, None, rows.causes)
        rows = Rows(rows)
    frame[0].visit(len(rows.items) + len(rows.possible))
    if where is None:
        return Selection(
            rows.items, list(rows.possible), rows.unseen_low, rows.unseen_high, rows.unseen_causes, rows.ghost
        )
    items, possible = [], []
    for item in rows.items:
        frame[slot] = item
        value = where(frame)
        if value is True:
            items.append(item)
        elif value is not False:
            possible.append((item, value.causes))
    if rows.unseen_high == 0 and not rows.possible:
        return Selection(items, possible, 0, 0, ())
    return completed(rows, slot, where, frame, items, possible)


def completed(
    rows: Rows, slot: int, where: Run, frame: Frame, items: list[Any], possible: list[tuple[Any, Causes]]
) -> Selection:
    """Add to the rows of a list that a filter took those that may not be of the list, and those nobody showed."""
    for item, causes in rows.possible:
        frame[slot] = item
        value = where(frame)
        if value is not False:
            possible.append((item, merge_causes(causes, value.causes if value is not True else ())))
    if rows.unseen_high == 0:
        return Selection(items, possible, 0, 0, ())
    return _with_unseen(rows, slot, where, frame, items, possible)


def _with_unseen(
    rows: Rows, slot: int, where: Run, frame: Frame, items: list[Any], possible: list[tuple[Any, Causes]]
) -> Selection:
    """Count the rows nobody showed: in or out when the filter is decided whatever they hold, else possible."""
    frame[slot] = rows.ghost if rows.ghost is not None else {}
    value = where(frame)
    if value is False:
        return Selection(items, possible, 0, 0, ())
    low = rows.unseen_low if value is True else 0
    return Selection(items, possible, low, rows.unseen_high, rows.unseen_causes, rows.ghost)


def evaluator(name: str, slot: int, path: str, source: Run, where: Run | None, body: Run | None) -> Run:
    """Return the program of an aggregate over a list, its filter and its body."""
    choose = {
        "nombre": _count,
        "somme": _total,
        "tous": _all,
        "un": _any,
        "part": _share,
        "min": _least,
        "max": _greatest,
        "distincts": _distinct,
        "le_seul": _only,
    }[name]
    compute = choose(body, slot, path)

    def evaluate(frame: Frame) -> Value:
        return compute(select(source(frame), slot, where, frame), frame)

    return evaluate


def _unseen(found: Selection) -> bool:
    return found.unseen_high != 0


def _count(run: Any, slot: int, path: str) -> Any:
    def compute(found: Selection, _: Frame) -> Value:
        low = len(found.items) + found.unseen_low
        if not found.possible and not _unseen(found):
            return low
        high = (
            None if found.unseen_high is None else len(found.items) + len(found.possible) + found.unseen_high
        )
        return interval(low, high, _open_causes(found))

    return compute


def _open_causes(found: Selection) -> Causes:
    return merge_causes(
        *(causes for _, causes in found.possible), found.unseen_causes if _unseen(found) else ()
    )


def _ghost(run: Run, slot: int, found: Selection, frame: Frame) -> Value:
    """Evaluate a body on an item nobody showed: what its schema allows."""
    frame[slot] = found.ghost if found.ghost is not None else {}
    return run(frame)


def _total(run: Run, slot: int, path: str) -> Any:
    def compute(found: Selection, frame: Frame) -> Value:
        known: list[Any] = []
        lows: list[Any] = []
        highs: list[Any] = []
        causes: list[Causes] = []
        for item in found.items:
            frame[slot] = item
            value = run(frame)
            if value.__class__ is not Unknown:
                known.append(value)
                continue
            if value.opaque:
                return Unknown(value.causes, opaque=True)
            causes.append(value.causes)
            lows.append(value.low)
            highs.append(value.high)
        for item, why in found.possible:
            frame[slot] = item
            value = run(frame)
            low, high = ends(value)
            if value.__class__ is Unknown:
                low, high = (None, None) if value.opaque else (low, high)
                causes.append(value.causes)
            causes.append(why)
            lows.append(None if low is None else min(0, low))
            highs.append(None if high is None else max(0, high))
        total = exact.total(known) if known else 0
        if not lows and not _unseen(found):
            return total
        if _unseen(found):
            low, high = _unseen_total(run, slot, found, frame)
            lows.append(low)
            highs.append(high)
            causes.append(found.unseen_causes)
        low_end = None if None in lows else exact.total([total, *lows])
        high_end = None if None in highs else exact.total([total, *highs])
        return interval(low_end, high_end, merge_causes(*causes))

    return compute


def _unseen_total(run: Run, slot: int, found: Selection, frame: Frame) -> tuple[Any, Any]:
    value = _ghost(run, slot, found, frame)
    low, high = (None, None) if value.__class__ is Unknown and value.opaque else ends(value)
    return product_ends(found.unseen_low, found.unseen_high, low, high)


def _all(run: Run, slot: int, path: str) -> Any:
    def compute(found: Selection, frame: Frame) -> Value:
        causes: list[Causes] = []
        for item in found.items:
            frame[slot] = item
            value = run(frame)
            if value is False:
                return False
            if value is not True:
                causes.append(value.causes)
        for item, why in found.possible:
            frame[slot] = item
            value = run(frame)
            if value is not True:
                causes.append(why)
                if value is not False:
                    causes.append(value.causes)
        return _with_ghosts(run, slot, found, frame, causes, absorbing=False)

    return compute


def _any(run: Run, slot: int, path: str) -> Any:
    def compute(found: Selection, frame: Frame) -> Value:
        causes: list[Causes] = []
        for item in found.items:
            frame[slot] = item
            value = run(frame)
            if value is True:
                return True
            if value is not False:
                causes.append(value.causes)
        for item, why in found.possible:
            frame[slot] = item
            value = run(frame)
            if value is not False:
                causes.append(why)
                if value is not True:
                    causes.append(value.causes)
        return _with_ghosts(run, slot, found, frame, causes, absorbing=True)

    return compute


def _with_ghosts(
    run: Run, slot: int, found: Selection, frame: Frame, causes: list[Causes], *, absorbing: bool
) -> Value:
    """Conclude `tous` or `un`, none of the rows shown settling it: those nobody showed may, or change nothing."""
    if _unseen(found):
        value = _ghost(run, slot, found, frame)
        if value is absorbing and found.unseen_low:
            return absorbing
        if value is absorbing or value.__class__ is Unknown:
            return Unknown(merge_causes(*causes, found.unseen_causes))
    return Unknown(merge_causes(*causes)) if causes else not absorbing


def _share(run: Run, slot: int, path: str) -> Any:
    def compute(found: Selection, frame: Frame) -> Value:
        sure_true = sure_false = not_true = not_false = 0
        causes: list[Causes] = []
        for item in found.items:
            frame[slot] = item
            value = run(frame)
            sure_true += value is True
            sure_false += value is False
            not_true += value is not True
            not_false += value is not False
            if value.__class__ is Unknown:
                causes.append(value.causes)
        for item, why in found.possible:
            frame[slot] = item
            value = run(frame)
            not_true += value is not True
            not_false += value is not False
            causes.append(why)
            if value.__class__ is Unknown:
                causes.append(value.causes)
        if _unseen(found):
            causes.append(found.unseen_causes)
        joined = merge_causes(*causes)
        if not found.items and not found.unseen_low:
            return Unknown(joined or (Contradiction(say.EMPTY_SHARE),), opaque=True)
        value = _ghost(run, slot, found, frame) if _unseen(found) else None
        low = _lowest_share(sure_true, not_true, found, surely=value is True)
        high = 1 - _lowest_share(sure_false, not_false, found, surely=value is False)
        return interval(low, high, joined)

    return compute


def _lowest_share(sure: int, others: int, found: Selection, *, surely: bool) -> Fraction:
    """Return the least share of what is sure: the rows nobody showed all count against it, or surely for it."""
    if surely:
        return Fraction(sure + found.unseen_low, sure + found.unseen_low + others)
    if found.unseen_high is None:
        return Fraction(0)
    return Fraction(sure, sure + others + found.unseen_high)


def _bound(run: Run, slot: int, *, least: bool) -> Any:
    pick = min if least else max

    def compute(found: Selection, frame: Frame) -> Value:
        near: list[Any] = []
        far: list[Any] = []
        causes: list[Causes] = []
        opaque = True
        for item in found.items:
            frame[slot] = item
            value = run(frame)
            if value.__class__ is Unknown:
                causes.append(value.causes)
                opaque = opaque and value.opaque
            else:
                opaque = False
            low, high = _spread(value, least=least)
            near.append(low)
            far.append(high)
        for item, why in found.possible:
            frame[slot] = item
            value = run(frame)
            causes.append(why)
            if value.__class__ is Unknown:
                causes.append(value.causes)
            near.append(_spread(value, least=least)[0])
        if _unseen(found):
            causes.append(found.unseen_causes)
            value = _ghost(run, slot, found, frame)
            low, high = _spread(value, least=least)
            near.append(low)
            if found.unseen_low:
                far.append(high)
                opaque = opaque and value.__class__ is Unknown and value.opaque
        joined = merge_causes(*causes)
        if opaque:  # nothing is surely in, or nothing of what is has any value
            return Unknown(joined or (Contradiction(say.EMPTY_EXTREME),), opaque=True)
        first = None if None in near else pick(near)
        known = [value for value in far if value is not None]
        second = pick(known) if known else None
        return interval(first, second, joined) if least else interval(second, first, joined)

    return compute


def _spread(value: Value, *, least: bool) -> tuple[Any, Any]:
    if value.__class__ is Unknown and value.opaque:
        return None, None
    low, high = ends(value)
    return (low, high) if least else (high, low)


def _least(run: Run, slot: int, path: str) -> Any:
    return _bound(run, slot, least=True)


def _greatest(run: Run, slot: int, path: str) -> Any:
    return _bound(run, slot, least=False)


def _distinct(run: Run, slot: int, path: str) -> Any:
    def compute(found: Selection, frame: Frame) -> Value:
        sure: set[Any] = set()
        maybe: set[Any] = set()
        unknown = 0
        causes: list[Causes] = []
        for item in found.items:
            frame[slot] = item
            value = run(frame)
            if value.__class__ is Unknown:
                unknown += 1
                causes.append(value.causes)
            else:
                sure.add(value)
        for item, why in found.possible:
            frame[slot] = item
            value = run(frame)
            causes.append(why)
            if value.__class__ is Unknown:
                unknown += 1
                causes.append(value.causes)
            else:
                maybe.add(value)
        low = max(len(sure), 1 if found.items or found.unseen_low else 0)
        if not causes and not _unseen(found):
            return len(sure)
        if _unseen(found):
            causes.append(found.unseen_causes)
        high = None if found.unseen_high is None else len(sure | maybe) + unknown + found.unseen_high
        return interval(low, high, merge_causes(*causes))

    return compute


def _only(run: Any, slot: int, path: str) -> Any:
    def compute(found: Selection, _: Frame) -> Value:
        if len(found.items) + found.unseen_low > 1:
            return Unknown((NotUnique("plusieurs", path),), opaque=True)
        if found.possible or _unseen(found):
            return Unknown(_open_causes(found) or (NotUnique("incertain", path),), opaque=True)
        return found.items[0] if found.items else Unknown((NotUnique("aucun", path),), opaque=True)

    return compute
