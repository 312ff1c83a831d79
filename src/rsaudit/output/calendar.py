"""The calendar of deadlines to read: plain text for a terminal, one self-contained page to print."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from markupsafe import Markup

from rsaudit.messages import RANK_LABELS, format_date, typographic
from rsaudit.messages import deadlines as say
from rsaudit.messages.output import legal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.deadlines import Calendar, Deadline

_INDENT = "            "
"""Under the day, which takes ten characters and two spaces."""


def harmless(calendar: Calendar) -> Calendar:
    """Return the calendar with every text made harmless to print."""
    from rsaudit.output.diffusion import cleaned

    return cleaned(calendar)


def parts(calendar: Calendar) -> list[tuple[str, list[Deadline]]]:
    """Arrange the deadlines by status, the statuses that have none left out."""
    return [
        (status, found)
        for status in say.STATUS_TITLES
        if (found := [one for one in calendar.deadlines if one.status == status])
    ]


def render_text(calendar: Calendar, width: int | None) -> str:
    """Write the calendar as lines, wrapped at a width when there is one."""
    lines = [part for line in _lines(harmless(calendar)) for part in _wrapped(line, width)]
    return "\n".join(lines) + "\n"


def _lines(calendar: Calendar) -> Iterator[str]:
    yield say.calendar_title(calendar)
    yield f"{say.as_of_phrase(calendar.as_of)}."
    yield from calendar.notices
    for status, found in parts(calendar):
        yield ""
        yield say.STATUS_TITLES[status].upper()
        yield say.STATUS_NOTES[status]
        for one in found:
            yield ""
            yield from _entry(one, several=len(calendar.residences) > 1)
    if not calendar.deadlines:
        yield from ("", say.NOTHING)
    if calendar.unread:
        yield ""
        yield from (say.unread_phrase(one) for one in calendar.unread)
    yield from ("", say.LIMITS, say.established(calendar.tool, calendar.as_of))


def _entry(one: Deadline, *, several: bool) -> Iterator[str]:
    yield f"{format_date(one.day)}  {one.title} ({say.delay_phrase(one.days)})"
    if several:
        yield f"{_INDENT}{one.residence}"
    for label, text in (
        ("Concerne", say.subjects_phrase(one)),
        ("Réserve", "" if one.sure else say.IF_DUE),
        ("Observé", " ; ".join(one.observed)),
        ("À faire", one.remedy),
        ("Texte", f"{legal(one.text)} ({RANK_LABELS[one.rank]})"),
    ):
        if text:
            yield typographic(f"{_INDENT}{label} : {text}")


def _wrapped(line: str, width: int | None) -> list[str]:
    if width is None or len(line) <= width:
        return [line]
    indent = _INDENT if line.startswith(_INDENT) or line[2:3] == "/" else ""
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False) or [""]


def render_html(calendar: Calendar) -> str:
    """Write the calendar as one page."""
    from rsaudit.output.html import environment, policy, style_sheet

    drawn = harmless(calendar)
    title = say.calendar_title(drawn)
    style = style_sheet(title, say.as_of_phrase(drawn.as_of), "Établi sur pièces")
    context = {
        "title": title,
        "calendar": drawn,
        "parts": parts(drawn),
        "several": len(drawn.residences) > 1,
        "say": say,
        "style": Markup(style),  # noqa: S704 - our own sheet, where the texts are CSS escapes
        "policy": policy(style),
    }
    return environment().get_template("calendrier.html.j2").render(context)
