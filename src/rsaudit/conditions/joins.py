"""Lists filtered by an equality between their rows and something else: rows are looked up, not all gone through.

The outcome is that of going through all of them, causes and their order included: the rows left out are those for which
an equality is surely false, and a filter is false whenever one of its conditions is.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from rsaudit.conditions.aggregates import Selection, completed, select
from rsaudit.conditions.logic import conjunction
from rsaudit.conditions.texts import normal_form
from rsaudit.conditions.values import Frame, Rows, Run, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

Key: TypeAlias = tuple[Any, ...]
_NOBODY: list[int] = []
#: Values that are equal or not, as their hashes are; texts are so under their normal form.
_PLAIN = {int, Decimal, Fraction, date, bool}
_WRITTEN = _PLAIN | {str}


class Index:
    """The rows of a list by what they are worth on one side of equalities."""

    __slots__ = ("by_key", "rows", "unsure")

    def __init__(self, rows: Rows, keys: Sequence[Key | None]) -> None:
        """Sort the rows by their keys; a row without a key may equal anything, it is always looked at."""
        self.rows = rows
        self.by_key: dict[Key, list[int]] = {}
        self.unsure: list[int] = []
        for rank, key in enumerate(keys):
            (self.unsure if key is None else self.by_key.setdefault(key, [])).append(rank)


def _key(sides: Sequence[Run], frame: Frame) -> Key | None:
    """Return what equal values give and no others; `None` when one is unknown or, as a duration, may equal others."""
    key: list[Any] = []
    for side in sides:
        value = side(frame)
        if value.__class__ is str:
            key.append(normal_form(value))
        elif value.__class__ in _PLAIN:
            key.append(value)
        else:
            return None
    return tuple(key)


def written_alike(values: Sequence[Value]) -> Key | None:
    """Return what the same values, written the same, give and no others; `None` when one is not known or is a list."""
    kinds = set(map(type, values))
    if not kinds <= _WRITTEN:
        return None
    if Decimal in kinds:
        values = [str(value) if value.__class__ is Decimal else value for value in values]
    return tuple(values)


def joined(
    name: str,
    slot: int,
    source: Run,
    where: Sequence[Run],
    inner: Sequence[Run],
    outer: Sequence[Run],
    others: Sequence[Run],
) -> Run:
    """Return the program that filters a list, the same for the whole dossier, by conditions some of which are equalities.

    `inner` and `outer` are the two sides of these, and `others` the other conditions: all there is to ask of a row found
    under its key. `name` is that of the index in what the dossier knows.
    """
    whole = _all_of(where)
    rest = _all_of(others) if others else _always

    def index(frame: Frame) -> Index:
        rows = source(frame)
        if rows.__class__ is not Rows:
            rows = Rows([], unseen_high=None, unseen_causes=rows.causes)
        frame[0].visit(len(rows.items))
        keys = []
        for item in rows.items:
            frame[slot] = item
            keys.append(_key(inner, frame))
        return Index(rows, keys)

    def evaluate(frame: Frame) -> Selection:
        known = frame[0].known
        found: Index | None = known.get(name)
        if found is None:
            found = known[name] = index(frame)
        rows = found.rows
        key = _key(outer, frame)
        if key is None:
            return select(rows, slot, whole, frame)
        ranks = found.by_key.get(key, _NOBODY)
        tests = dict.fromkeys(ranks, rest)
        if found.unsure:
            tests |= dict.fromkeys(found.unsure, whole)
            ranks = sorted(tests)
        frame[0].visit(len(ranks) + len(rows.possible))
        items, possible = [], []
        for rank in ranks:
            frame[slot] = item = rows.items[rank]
            value = tests[rank](frame)
            if value is True:
                items.append(item)
            elif value is not False:
                possible.append((item, value.causes))
        return completed(rows, slot, whole, frame, items, possible)

    return evaluate


def _all_of(runs: Sequence[Run]) -> Run:
    return conjunction(runs) if len(runs) > 1 else runs[0]


def _always(_: Frame) -> Value:
    return True
