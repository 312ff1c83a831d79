"""Durations against the calendar itself, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rsaudit.conditions.calendar_dates import parse_duration, shifted, span_in_days

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


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("8 jours", 8, "jour"),
        ("1 jour", 1, "jour"),
        (" 2\u00a0semaines ", 14, "jour"),
        ("3  mois", 3, "mois"),
        ("1\u202fan", 12, "mois"),
        ("999999 jours", 999_999, "jour"),
    ],
)
def test_a_duration_is_a_count_and_a_unit(text: str, count: int, unit: str) -> None:
    """Whatever the spaces between them and around."""
    found = parse_duration(text)
    assert found is not None
    assert (found.count, found.unit, found.text) == (count, unit, text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "8",
        "jours",
        "8jours",
        "8 jours 1",
        "8 jour s",
        "1000000 jours",
        "-1 jours",
        "1,5 mois",
        "٣ jours",
        "² ans",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    """Nothing is guessed."""
    assert parse_duration(text) is None
