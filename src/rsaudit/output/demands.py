"""The list of what to ask for: text to paste into a letter, Markdown, a page, JSON, a table."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from rsaudit.messages import demands as say
from rsaudit.messages import typographic
from rsaudit.output.csv import table
from rsaudit.output.diffusion import cleaned
from rsaudit.output.json_report import dumps
from rsaudit.output.markdown import escape
from rsaudit.output.table import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rsaudit.demands import Demand, Request
    from rsaudit.output.table import Cell

_RECEIVED = "a_relever"
_RULES = 3
"""Rules named beside a datum; the tables name them all."""
Part = tuple[str, str, list[tuple[int, "Request"]]]
"""Heading, sub-heading, numbered requests."""


def _parts(one: Demand) -> Iterator[Part]:
    """Arrange the requests by holder, then by state; what is already there comes last, for nobody is asked."""
    numbered = list(enumerate(one.requests, 1))

    def heading(pair: tuple[int, Request]) -> tuple[str, str]:
        request = pair[1]
        if request.state == _RECEIVED:
            return say.RECEIVED_TITLE, say.RECEIVED_NOTE
        return say.asked_of(request.holder), say.part_title(request.holder, request.state)

    for (title, state), found in groupby(numbered, key=heading):
        yield title, state, list(found)


def render(name: str, demands: Sequence[Demand]) -> str | bytes:
    """Write the lists of some residences in one format."""
    harmless = [cleaned(one) for one in demands]
    return _WRITERS[name](harmless)


# -- text ------------------------------------------------------------------------------------------------


def _text(demands: Sequence[Demand]) -> str:
    return "\n".join("\n".join([*_letter(one), ""]) for one in demands)


def _letter(one: Demand) -> Iterator[str]:
    yield say.title(one.residence)
    if one.notice:
        yield one.notice
    above = ""
    for title, state, requests in _parts(one):
        if title != above:
            yield from ("", title.upper())
            above = title
        yield from ("", state)
        for number, request in requests:
            yield f"{number}. {request.label}"
            yield from (f"   {text}" for text in _about(request))
            for need in request.needs:
                yield f"   - {say.need_phrase(need)}"
    if one.undecided:
        yield from ("", say.UNDECIDED_TITLE.upper())
        yield from (typographic(f"- {row.title} : {' ; '.join(row.reasons)}") for row in one.undecided)
    yield from _closing(one)


def _about(request: Request) -> list[str]:
    return [text for text in (" ; ".join(request.pieces), say.also_phrase(request.also)) if text]


def _closing(one: Demand) -> Iterator[str]:
    if not one.judged:
        yield from ("", say.not_judged(one))
    elif not one.requests and not one.undecided:
        yield from ("", say.NOTHING)
    yield from ("", say.established(one.tool, one.as_of))


# -- Markdown --------------------------------------------------------------------------------------------


def _markdown(demands: Sequence[Demand]) -> str:
    return "\n".join("\n".join([*_markdown_one(one), ""]) for one in demands)


def _markdown_one(one: Demand) -> Iterator[str]:
    yield f"# {escape(say.title(one.residence))}"
    if one.notice:
        yield from ("", escape(one.notice))
    above = ""
    for title, state, requests in _parts(one):
        if title != above:
            yield from ("", f"## {escape(title)}")
            above = title
        yield from ("", f"### {escape(state)}", "")
        for number, request in requests:
            yield f"{number}. **{escape(request.label)}**"
            yield from (f"   {escape(text)}" for text in _about(request))
            for need in request.needs:
                yield f"   - {escape(say.need_phrase(need))} `{need.path}`. {escape(say.rules_phrase(need, _RULES))}"
    if one.undecided:
        yield from ("", f"## {escape(say.UNDECIDED_TITLE)}", "")
        for row in one.undecided:
            yield escape(typographic(f"- {row.title} : {' ; '.join(row.reasons)}"))
    yield from (escape(line) if line else line for line in _closing(one))


# -- page ------------------------------------------------------------------------------------------------


def _html(demands: Sequence[Demand]) -> str:
    from rsaudit.output.html import environment, policy, style_sheet

    title = say.title(demands[0].residence) if len(demands) == 1 else say.TITLE
    style = style_sheet(title, say.established(demands[0].tool, demands[0].as_of), "Établi sur pièces")
    context = {
        "title": title,
        "demands": [(one, list(_parts(one))) for one in demands],
        "tool": demands[0].tool,
        "about": _about,
        "say": say,
        "style": Markup(style),  # noqa: S704 - our own sheet, where the texts are CSS escapes
        "policy": policy(style),
    }
    return environment().get_template("pieces.html.j2").render(context)


# -- data ------------------------------------------------------------------------------------------------


def _json(demands: Sequence[Demand]) -> str:
    data: dict[str, Any] = {"outil": demands[0].tool, "residences": [_data(one) for one in demands]}
    return f"{dumps(data)}\n"


def _data(one: Demand) -> dict[str, Any]:
    return {
        "residence": one.residence,
        "chemin": one.folder,
        "date_audit": one.as_of.isoformat(),
        "examine": one.judged,
        "demandes": [
            {
                "numero": number,
                "etat": request.state.value,
                "natures": list(request.natures),
                "piece": request.label,
                "au_registre": list(request.pieces),
                "detenteur": request.holder,
                "detenue_aussi_par": list(request.also),
                "donnees": [
                    {
                        "titre": need.title,
                        "champ": need.path,
                        "objets": list(need.subjects),
                        "raisons": list(need.reasons),
                        "pour_juger": list(need.rules),
                    }
                    for need in request.needs
                ],
            }
            for number, request in enumerate(one.requests, 1)
        ],
        "sans_piece": [{"titre": row.title, "raisons": list(row.reasons)} for row in one.undecided],
    }


def _csv(demands: Sequence[Demand]) -> bytes:
    rows: list[list[Cell]] = [
        [
            *(one.residence, number, say.STATE_LABELS[request.state], request.label),
            *(" ; ".join(request.pieces), request.holder, ", ".join(request.also)),
            *(need.title, ", ".join(need.subjects), " ; ".join(need.reasons), need.path),
            " ; ".join(need.rules),
        ]
        for one in demands
        for number, request in enumerate(one.requests, 1)
        for need in request.needs
    ]
    return table(Sheet(headings=say.HEADINGS, widths=(), rows=rows))


_WRITERS: dict[str, Callable[[Sequence[Demand]], str | bytes]] = {
    "terminal": _text,
    "markdown": _markdown,
    "html": _html,
    "json": _json,
    "csv": _csv,
}
