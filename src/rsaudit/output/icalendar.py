"""The calendar of deadlines as a calendar program imports it: iCalendar (RFC 5545), one event of a whole day each.

The same deadlines give the same bytes and the same identifiers: importing again updates, and never duplicates.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from rsaudit.messages import deadlines as say
from rsaudit.messages.output import legal
from rsaudit.output.calendar import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rsaudit.deadlines import Calendar, Deadline

PRODUCT = "-//rsaudit//calendrier//FR"
_OCTETS = 75
"""The longest line, its end left out."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def render(calendar: Calendar) -> str:
    """Write the calendar: lines of 75 octets at most, ended by CR LF."""
    lines = [folded for line in _lines(harmless(calendar)) for folded in _fold(line)]
    return "".join(f"{line}\r\n" for line in lines)


def _lines(calendar: Calendar) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")
    yield f"X-WR-CALNAME:{_text(say.calendar_title(calendar))}"
    seen: Counter[tuple[str, ...]] = Counter()
    for one in calendar.deadlines:
        key = (one.residence, one.folder.rsplit("/", 1)[-1], one.ruleset, one.rule, one.day.isoformat())
        yield from _event(one, (*key, str(seen[key])), calendar.as_of)
        seen[key] += 1
    yield "END:VCALENDAR"


def _event(one: Deadline, key: tuple[str, ...], as_of: date) -> Iterator[str]:
    digest = hashlib.sha256("\0".join(key).encode()).hexdigest()
    yield "BEGIN:VEVENT"
    yield f"UID:{digest[:32]}@rsaudit"
    yield f"DTSTAMP:{as_of:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    if (after := _next(one.day)) is not None:
        yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
    yield f"SUMMARY:{_text(say.event_title(one))}"
    yield f"DESCRIPTION:{_text(chr(10).join(say.event_lines(one, legal(one.text), as_of)))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _next(day: date) -> date | None:
    """Return the day after, but after the last day of the calendar."""
    try:
        return day + timedelta(days=1)
    except OverflowError:
        return None


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _fold(line: str) -> Iterator[str]:
    """Cut a line where it is too long, never inside a character."""
    current, length = "", 0
    for character in line:
        size = len(character.encode())
        if length + size > _OCTETS:
            yield current
            current, length = " ", 1
        current += character
        length += size
    yield current
