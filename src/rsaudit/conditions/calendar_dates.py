"""Calendar dates and durations: parsing, shifting, comparing. Months end where the calendar says."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate, chain, repeat
from operator import sub

from rsaudit.conditions.values import Causes, Contradiction, Duration, Unknown, Value, causes_of, interval
from rsaudit.messages import conditions as say
from rsaudit.patterns import pattern

_DURATION_DIGITS = 6
_DATE = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_UNITS = {
    "jour": (1, "jour"),
    "jours": (1, "jour"),
    "semaine": (7, "jour"),
    "semaines": (7, "jour"),
    "mois": (1, "mois"),
    "an": (12, "mois"),
    "ans": (12, "mois"),
}
DURATION_UNITS = frozenset(_UNITS)
_COMMON_YEAR = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP_YEAR = (31, 29, *_COMMON_YEAR[2:])
_CYCLE_YEARS = 400
#: A duration this short holds one 29 February or none, wherever in the calendar: four years show both.
_SHORT_MONTHS = 36
_SHORT_CYCLE_YEARS = 4
_SHORTEST_MONTH = 28
_OUT = (Contradiction(say.OUT_OF_CALENDAR),)


def parse_date(text: str) -> date | None:
    """Read `AAAA-MM-JJ`; `None` for anything else."""
    if _DATE.match(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def make_duration(count: int, unit: str, text: str = "") -> Duration:
    """Build a duration from a written unit (`semaines`, `ans`…)."""
    factor, base = _UNITS[unit]
    return Duration(count * factor, base, text)


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> Duration | None:
    """Read `8 jours`, `1 mois`, `2 ans`; `None` for anything else."""
    count, *unit = text.split() or ("",)  # whatever the spaces
    if not (count.isascii() and count.isdecimal() and len(count) <= _DURATION_DIGITS):
        return None
    if len(unit) != 1 or unit[0] not in DURATION_UNITS:
        return None
    return make_duration(int(count), unit[0], text.strip())


def month_end(year: int, month: int, day: int) -> date:
    """Return that day, or the last of the month when it has no such day."""
    return date(year, month, day if day <= _SHORTEST_MONTH else min(day, monthrange(year, month)[1]))


def shifted(day: date, count: int, unit: str) -> date | None:
    """Move a known date; `None` when it leaves the calendar."""
    try:
        if unit == "jour":
            return day + timedelta(days=count)
        years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return month_end(years, month + 1, day.day)
    except (OverflowError, ValueError):
        return None


def shift(day: Value, duration: Value, sign: int) -> Value:
    """Add or take a duration to a date; it never decreases, so it applies to both ends."""
    if duration.__class__ is Unknown or (day.__class__ is Unknown and day.opaque):
        return Unknown(causes_of(day, duration), opaque=_is_opaque(day) or _is_opaque(duration))
    count, unit = sign * duration.count, duration.unit
    if day.__class__ is not Unknown:
        moved = shifted(day, count, unit)
        return moved if moved is not None else _outside(count, _OUT)
    low = shifted(day.low, count, unit) if day.low is not None else None
    high = shifted(day.high, count, unit) if day.high is not None else None
    if day.low is not None and low is None and count > 0:
        low = date.max
    if day.high is not None and high is None and count < 0:
        high = date.min
    return interval(low, high, day.causes)


def _is_opaque(value: Value) -> bool:
    return value.__class__ is Unknown and value.opaque


def _outside(count: int, causes: Causes) -> Unknown:
    return Unknown(causes, date.max, None) if count > 0 else Unknown(causes, None, date.min)


def multiply_duration(number: Value, duration: Value) -> Value:
    """Repeat a duration a whole number of times."""
    if number.__class__ is Unknown or duration.__class__ is Unknown:
        return Unknown(causes_of(number, duration), opaque=_is_opaque(number) or _is_opaque(duration))
    if number != int(number) or abs(number) > 1_000_000:
        return Unknown((Contradiction(say.NOT_WHOLE),), opaque=True)
    return Duration(int(number) * duration.count, duration.unit)


@cache
def _cycle(years: int) -> tuple[list[int], list[int]]:
    """Return the lengths of the months of that many years from 2000, taken twice, and the days before each."""
    named = (_LEAP_YEAR if isleap(2000 + year) else _COMMON_YEAR for year in range(years))
    lengths = list(chain.from_iterable(named)) * 2
    return lengths, [0, *accumulate(lengths)]


@lru_cache(maxsize=256)
def span_in_days(count: int, unit: str) -> tuple[int, int]:
    """Return the fewest and the most days a duration can span, whatever the day it starts."""
    if unit == "jour":
        return count, count
    if count < 0:
        low, high = span_in_days(-count, unit)
        return -high, -low
    years = _SHORT_CYCLE_YEARS if count <= _SHORT_MONTHS else _CYCLE_YEARS
    lengths, starts = _cycle(years)
    months = 12 * years
    cycles, rest = divmod(count, months)
    spans = list(map(sub, starts[rest : rest + months], starts))
    ends = lengths[rest : rest + months]
    high = max(spans)
    shortened = map(max, map(sub, lengths, ends), repeat(0))
    low = min(map(sub, spans, shortened))
    whole = cycles * starts[months]
    return low + whole, high + whole


def compare_durations(left: Duration, right: Duration) -> tuple[int, int, int, int]:
    """Return comparable ends (left low, left high, right low, right high) of two durations."""
    if left.unit == right.unit:
        return left.count, left.count, right.count, right.count
    return *span_in_days(left.count, left.unit), *span_in_days(right.count, right.unit)
