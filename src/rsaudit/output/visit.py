"""The sheet of a visit to read or to carry on paper: plain text, and a page to print with room to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from rsaudit.messages import RANK_LABELS, format_date, typographic
from rsaudit.messages import visit as say
from rsaudit.messages.output import answer_sentence, frame_phrase, legal
from rsaudit.output.diffusion import cleaned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.visit import Point, Sheet


def opening(sheet: Sheet) -> list[str]:
    """Say what the sheet is for, and which dwellings it visits."""
    told = (
        frame_phrase(sheet.control),
        sheet.notice or "",
        say.sample_phrase(sheet),
        say.draw_phrase(sheet.draw),
        say.unvisited_phrase(sheet.unvisited),
    )
    return [text for text in told if text]


def render_text(sheet: Sheet) -> str:
    """Write the sheet as lines."""
    return "\n".join(_lines(cleaned(sheet))) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield say.title(sheet.residence)
    yield from opening(sheet)
    for place, points in sheet.parts:
        yield from ("", say.PLACE_TITLES[place].upper())
        for point in points:
            yield ""
            yield from _point(point)
    for page in sheet.pages:
        yield from ("", say.dwelling_title(page.dwelling).upper())
        yield from (typographic(f"  {label} : {value}") for label, value in page.facts)
        for point in page.points:
            yield ""
            yield from _point(point)
    if not sheet.parts and not any(page.points for page in sheet.pages):
        yield from ("", say.NOTHING)
    yield from ("", say.established(sheet.tool, sheet.as_of))


def _point(point: Point) -> Iterator[str]:
    yield f"[ ] {point.title}" + (f" – {point.subject}" if point.subject else "")
    for label, text in (
        ("Question", point.question),
        ("Au dossier", point.said),
        ("À regarder", point.look_at),
        ("Preuve", point.proof),
        ("Réponse du gestionnaire", answer_sentence(point.answer) if point.answer else None),
        ("Texte", f"{legal(point.text)} ({RANK_LABELS[point.rank]})"),
    ):
        if text:
            yield typographic(f"    {label} : {text}")


def render_html(sheet: Sheet) -> str:
    """Write the sheet as a page to print: a part per place, a page per dwelling, boxes to tick and lines to write."""
    from rsaudit.output.html import environment, policy, style_sheet, template_text

    drawn = cleaned(sheet)
    title = say.title(drawn.residence)
    base = style_sheet(title, f"Dossier lu au {format_date(drawn.as_of)}", "Grille de visite")
    style = base + template_text("grille.css")
    context = {
        "title": title,
        "sheet": drawn,
        "opening": opening(drawn),
        "say": say,
        "style": Markup(style),  # noqa: S704 - our own sheets, where the texts are CSS escapes
        "policy": policy(style),
    }
    return environment().get_template("grille.html.j2").render(context)
