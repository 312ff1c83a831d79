"""A calendar library that is not ours reads the calendar file, and finds in it what the dossier says."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest

from output.sample import hostile_report, sample_report
from rsaudit.deadlines import calendar
from rsaudit.messages import deadlines as say
from rsaudit.output import icalendar


@pytest.fixture(scope="module")
def reader() -> Any:
    """Find the reader."""
    try:
        return import_module("icalendar").Calendar
    except ModuleNotFoundError:
        pytest.fail("icalendar absent : pip install icalendar")


def test_a_calendar_program_finds_every_deadline(reader: Any) -> None:
    """Each deadline is one valid event of a whole day, with its title and its text, breaks included."""
    for report in (sample_report(), hostile_report()):
        drawn = calendar([report])
        read = reader.from_ical(icalendar.render(drawn).encode())
        events = read.walk("VEVENT")

        assert read["PRODID"] == icalendar.PRODUCT
        assert len(events) == len(drawn.deadlines) > 0
        assert len({event["UID"] for event in events}) == len(events)
        assert [event.decoded("DTSTART") for event in events] == [one.day for one in drawn.deadlines]
        assert all(not event.errors for event in events)
        assert all("À faire" in event["DESCRIPTION"] for event in events)


def test_texts_come_back_as_they_were(reader: Any) -> None:
    """What was escaped and folded is read back letter for letter."""
    drawn = icalendar.harmless(calendar([sample_report()]))
    events = reader.from_ical(icalendar.render(drawn)).walk("VEVENT")

    assert [str(event["SUMMARY"]) for event in events] == [say.event_title(one) for one in drawn.deadlines]
    assert {event.decoded("DTSTAMP").date() for event in events} == {date(2026, 9, 30)}
