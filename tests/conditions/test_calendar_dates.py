"""Durations against the calendar itself, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rsaudit.conditions.calendar_dates import shifted, span_in_days

#: Two leap years that follow one another, then the eight years without one around 1900, then those around 2000.
_DAYS = [date(1892, 1, 1) + timedelta(days=rank) for rank in range(365 * 14)] + [
    date(1996, 1, 1) + timedelta(days=rank) for rank in range(365 * 9)
]


@pytest.mark.parametrize("months", [0, 1, 2, 3, 6, 11, 12, 13, 24, 35, 36, 37, 48, 49, 60, 96])
def test_span_is_the_fewest_and_the_most_days_of_the_calendar(months: int) -> None:
    """What a duration can span is what it spans from one of the days of the calendar, and no more."""
    spans = {(end - day).days for day in _DAYS if (end := shifted(day, months, "mois")) is not None}
    assert span_in_days(months, "mois") == (min(spans), max(spans))
    assert span_in_days(-months, "mois") == (-max(spans), -min(spans))


def test_a_number_of_days_spans_itself() -> None:
    """Days are days."""
    assert span_in_days(8, "jour") == (8, 8)
