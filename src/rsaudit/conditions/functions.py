"""Functions and arithmetic of the language, on programs: bounds in, bounds out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import exact
from rsaudit.conditions.logic import ends
from rsaudit.conditions.values import (
    Contradiction,
    Frame,
    Rows,
    Run,
    Unknown,
    Value,
    causes_of,
    interval,
)
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rsaudit.conditions.values import Number

_LONGEST_RANGE = 200
_FIRST_YEAR, _LAST_YEAR = 1, 9999
_CONTRADICTION = (Contradiction(),)


def _opaque(*values: Value) -> bool:
    return any(value.__class__ is Unknown and value.opaque for value in values)


def arithmetic(operator: str, left: Run, right: Run) -> Run:
    """`+ - * /` on the ends of numbers, exactly."""
    known = {"+": exact.add, "-": exact.subtract, "*": exact.multiply, "/": _divided}[operator]
    bounded = {"+": _sum, "-": _difference, "*": _product, "/": _quotient}[operator]

    def evaluate(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if a.__class__ is not Unknown and b.__class__ is not Unknown:
            return known(a, b)
        if _opaque(a, b):
            return Unknown(causes_of(a, b), opaque=True)
        return bounded(a, b)

    return evaluate


def _divided(a: Number, b: Number) -> Value:
    return exact.divide(a, b) if b != 0 else Unknown(_CONTRADICTION, opaque=True)


def _sum(a: Value, b: Value) -> Value:
    (a_low, a_high), (b_low, b_high) = ends(a), ends(b)
    low = None if a_low is None or b_low is None else exact.add(a_low, b_low)
    high = None if a_high is None or b_high is None else exact.add(a_high, b_high)
    return interval(low, high, causes_of(a, b))


def _difference(a: Value, b: Value) -> Value:
    (a_low, a_high), (b_low, b_high) = ends(a), ends(b)
    low = None if a_low is None or b_high is None else exact.subtract(a_low, b_high)
    high = None if a_high is None or b_low is None else exact.subtract(a_high, b_low)
    return interval(low, high, causes_of(a, b))


def _product(a: Value, b: Value) -> Value:
    (a_low, a_high), (b_low, b_high) = ends(a), ends(b)
    low, high = product_ends(a_low, a_high, b_low, b_high)
    return interval(low, high, causes_of(a, b))


def product_ends(a_low: Any, a_high: Any, b_low: Any, b_high: Any) -> tuple[Any, Any]:
    """Return the ends of a product; `None` is without limit, and 0 times anything is 0."""
    if a_low is a_high and a_low is not None:
        return _scaled(b_low, b_high, a_low)
    if b_low is b_high and b_low is not None:
        return _scaled(a_low, a_high, b_low)
    corners = [
        _corner(x, y, x_sign, y_sign)
        for x, x_sign in ((a_low, -1), (a_high, 1))
        for y, y_sign in ((b_low, -1), (b_high, 1))
    ]
    finite = [value for value, _ in corners if value is not None]
    low = None if any(value is None and sign < 0 for value, sign in corners) else min(finite)
    high = None if any(value is None and sign > 0 for value, sign in corners) else max(finite)
    return low, high


def _scaled(low: Any, high: Any, factor: Any) -> tuple[Any, Any]:
    """Return the ends of the product by a known factor."""
    first = None if low is None else exact.multiply(low, factor)
    if factor == 0:
        return (0, 0) if first is None else (first, first)
    last = None if high is None else exact.multiply(high, factor)
    if first is not None and last is not None:
        return min(first, last), max(first, last)
    return (first, last) if factor > 0 else (last, first)


def _corner(x: Any, y: Any, x_sign: int, y_sign: int) -> tuple[Any, int]:
    if x is not None and y is not None:
        return exact.multiply(x, y), 0
    if x == 0 or y == 0:
        return 0, 0
    sign = (x_sign if x is None else (1 if x > 0 else -1)) * (y_sign if y is None else (1 if y > 0 else -1))
    return None, sign


def _quotient(a: Value, b: Value) -> Value:
    b_low, b_high = ends(b)
    if not ((b_low is not None and b_low > 0) or (b_high is not None and b_high < 0)):
        return Unknown(causes_of(a, b), opaque=True)
    inverse_low = 0 if b_high is None else exact.divide(1, b_high)
    inverse_high = 0 if b_low is None else exact.divide(1, b_low)
    a_low, a_high = ends(a)
    low, high = product_ends(a_low, a_high, inverse_low, inverse_high)
    return interval(low, high, causes_of(a, b))


def _on_ends(compute: Callable[[Any, Any], Any]) -> Callable[[Sequence[Run]], Run]:
    """Apply a function increasing in both arguments to the ends of two values."""

    def build(runs: Sequence[Run]) -> Run:
        left, right = runs

        def evaluate(frame: Frame) -> Value:
            a, b = left(frame), right(frame)
            if _opaque(a, b):
                return Unknown(causes_of(a, b), opaque=True)
            (a_low, a_high), (b_low, b_high) = ends(a), ends(b)
            return interval(compute(a_low, b_low), compute(a_high, b_high), causes_of(a, b))

        return evaluate

    return build


def _least(is_low: bool) -> Callable[[Any, Any], Any]:
    def pick(a: Any, b: Any) -> Any:
        if a is None or b is None:
            return None if is_low else (b if a is None else a)
        return min(a, b)

    return pick


def _extreme(*, least: bool) -> Callable[[Sequence[Run]], Run]:
    def build(runs: Sequence[Run]) -> Run:
        left, right = runs

        def evaluate(frame: Frame) -> Value:
            a, b = left(frame), right(frame)
            if a.__class__ is not Unknown and b.__class__ is not Unknown:
                return min(a, b) if least else max(a, b)
            if _opaque(a, b):
                return Unknown(causes_of(a, b), opaque=True)
            (a_low, a_high), (b_low, b_high) = ends(a), ends(b)
            if least:
                low, high = _least(True)(a_low, b_low), _least(False)(a_high, b_high)
            else:
                low, high = _most(True)(a_low, b_low), _most(False)(a_high, b_high)
            return interval(low, high, causes_of(a, b))

        return evaluate

    return build


def _most(is_low: bool) -> Callable[[Any, Any], Any]:
    def pick(a: Any, b: Any) -> Any:
        if a is None or b is None:
            return (b if a is None else a) if is_low else None
        return max(a, b)

    return pick


def _reconcile(runs: Sequence[Run]) -> Run:
    """Intersect two records of the same fact: known as soon as one is; nothing when they contradict each other."""
    left, right = runs

    def evaluate(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if a.__class__ is Unknown and a.opaque:
            return b
        if b.__class__ is Unknown and b.opaque:
            return a
        if not _bounded(a) or not _bounded(b):
            return _reconcile_words(a, b)
        (a_low, a_high), (b_low, b_high) = ends(a), ends(b)
        low = _most(True)(a_low, b_low)
        high = _least(False)(a_high, b_high)
        if low is not None and high is not None and low > high:
            return Unknown(_CONTRADICTION, opaque=True)
        return interval(low, high, causes_of(a, b))

    return evaluate


def _bounded(value: Value) -> bool:
    return value.__class__ is Unknown or exact.is_number(value) or value.__class__ is date


def _reconcile_words(a: Value, b: Value) -> Value:
    if a.__class__ is Unknown:
        return b
    if b.__class__ is Unknown or a == b:
        return a
    return Unknown(_CONTRADICTION, opaque=True)


def _rounded(runs: Sequence[Run]) -> Run:
    value_run, places_run = runs

    def evaluate(frame: Frame) -> Value:
        value, places = value_run(frame), places_run(frame)
        if places.__class__ is Unknown or not exact.is_places(places):
            return Unknown(causes_of(value, places), opaque=True)
        if value.__class__ is not Unknown:
            return exact.round_half_up(value, int(places))
        low = exact.round_half_up(value.low, int(places)) if value.low is not None else None
        high = exact.round_half_up(value.high, int(places)) if value.high is not None else None
        return Unknown(value.causes, opaque=True) if value.opaque else interval(low, high, value.causes)

    return evaluate


def _days(runs: Sequence[Run]) -> Run:
    first, second = runs

    def evaluate(frame: Frame) -> Value:
        a, b = first(frame), second(frame)
        if a.__class__ is not Unknown and b.__class__ is not Unknown:
            return (b - a).days
        if _opaque(a, b):
            return Unknown(causes_of(a, b), opaque=True)
        (a_low, a_high), (b_low, b_high) = ends(a), ends(b)
        low = None if b_low is None or a_high is None else (b_low - a_high).days
        high = None if b_high is None or a_low is None else (b_high - a_low).days
        return interval(low, high, causes_of(a, b))

    return evaluate


def _year(runs: Sequence[Run]) -> Run:
    (day,) = runs

    def evaluate(frame: Frame) -> Value:
        value = day(frame)
        if value.__class__ is not Unknown:
            return value.year
        if value.opaque:
            return value
        low = value.low.year if value.low is not None else _FIRST_YEAR
        high = value.high.year if value.high is not None else _LAST_YEAR
        return interval(low, high, value.causes)

    return evaluate


def _make_date(year: Value, month: Value, day: Value) -> date | None:
    whole = [exact.whole(part) for part in (year, month, day)]
    try:
        return date(*whole) if None not in whole else None  # type: ignore[arg-type]
    except ValueError:
        return None


def _date(runs: Sequence[Run]) -> Run:
    def evaluate(frame: Frame) -> Value:
        year, month, day = (run(frame) for run in runs)
        if month.__class__ is Unknown or day.__class__ is Unknown or _opaque(year):
            return Unknown(causes_of(year, month, day), opaque=_opaque(year, month, day))
        if year.__class__ is not Unknown:
            made = _make_date(year, month, day)
            return made if made is not None else Unknown(_CONTRADICTION, opaque=True)
        low = _make_date(year.low, month, day) if year.low is not None else None
        high = _make_date(year.high, month, day) if year.high is not None else None
        return interval(low, high, year.causes)

    return evaluate


def _years(runs: Sequence[Run]) -> Run:
    """List the years from that of a day to that of another."""

    def evaluate(frame: Frame) -> Value:
        first, last = (run(frame) for run in runs)
        if first.__class__ is Unknown or last.__class__ is Unknown:
            return Rows(
                [],
                unseen_high=_LONGEST_RANGE,
                unseen_causes=causes_of(first, last),
                ghost=Unknown(causes_of(first, last)),
            )
        return Rows(list(range(first.year, last.year + 1))[-_LONGEST_RANGE:])

    return evaluate


def _deadlines(runs: Sequence[Run]) -> Run:
    """List the days `jour`/`mois` of each year between two days, both included."""

    def evaluate(frame: Frame) -> Value:
        day, month, first, last = (run(frame) for run in runs)
        if any(part.__class__ is Unknown for part in (day, month, first, last)):
            causes = causes_of(day, month, first, last)
            return Rows([], unseen_high=_LONGEST_RANGE, unseen_causes=causes, ghost=Unknown(causes))
        years = range(first.year, last.year + 1)[-_LONGEST_RANGE:]
        made = [_make_date(year, month, day) for year in years]
        return Rows([one for one in made if one is not None and first <= one <= last])

    return evaluate


_NOT_ESTABLISHED = (Contradiction(say.NOT_ESTABLISHED),)


def _fallback(runs: Sequence[Run]) -> Run:
    """Take the second value where the first is a silent word, which is known; an absent first stays unknown."""
    first, second = runs

    def evaluate(frame: Frame) -> Value:
        value = first(frame)
        return second(frame) if value.__class__ is Unknown and value.word is not None else value

    return evaluate


def _established(runs: Sequence[Run]) -> Run:
    """Give a value once a condition holds; before, nobody can say, whatever the dossier shows."""
    condition, value = runs

    def evaluate(frame: Frame) -> Value:
        known = condition(frame)
        if known is True:
            return value(frame)
        return Unknown(_NOT_ESTABLISHED if known is False else known.causes, opaque=True)

    return evaluate


BUILDERS: dict[str, Callable[[Sequence[Run]], Run]] = {
    "arrondi": _rounded,
    "jours": _days,
    "annee": _year,
    "date": _date,
    "annees": _years,
    "echeances": _deadlines,
    "plus_petit": _extreme(least=True),
    "plus_grand": _extreme(least=False),
    "a_defaut": _fallback,
    "etabli": _established,
    "recouper": _reconcile,
}
"""Name of a function → what makes its program from those of its arguments."""
