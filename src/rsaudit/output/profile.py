"""The profile of a good-practice référentiel: what exists, what is missing, what is not known, drawn part by part."""

from __future__ import annotations

from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING

from msgspec import Struct

from rsaudit.messages import count_noun, enumerate_french, format_number, typographic
from rsaudit.messages.output import PROFILE_LEGEND, PROFILE_STATES, covered_phrase
from rsaudit.model import VERDICT_ORDER, Verdict
from rsaudit.output import shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsaudit.model import Finding, Measure, Obligation, Profile, ProfilePart, ProfilePlace, Report

_COLUMNS = (0.0, 372.0)
_WIDTH, _CHARACTERS, _WIDE, _LINE = 720.0, 46, 50, 15.0
_BAR = 180.0
#: How a state is drawn: the class of its box and the sign in it.
_BOXES: dict[Verdict, tuple[str, str]] = {
    Verdict.CONFORME: ("existe", ""),
    Verdict.ECART: ("manque", "×"),
    Verdict.REMARQUE: ("manque", "×"),
    Verdict.DEROGATION: ("manque", "×"),
    Verdict.NON_VERIFIABLE: ("inconnu", "?"),
    Verdict.A_VERIFIER: ("inconnu", "○"),
    Verdict.NON_CONCERNE: ("sans-objet", "–"),
    Verdict.SIGNALEMENT: ("sans-objet", "i"),
}


class Place(Struct, frozen=True, kw_only=True):
    """One thing of a profile: its name, its state, the share it covers, what it evokes."""

    title: str
    state: Verdict
    share: Measure | None
    references: tuple[str, ...]

    @property
    def said(self) -> str:
        """Say its state in words."""
        return PROFILE_STATES[self.state]

    @property
    def covered(self) -> str:
        """Say the share it covers, or nothing."""
        return covered_phrase(self.share) if self.share else ""


class Panel(Struct, frozen=True, kw_only=True):
    """A part of a profile with its places."""

    title: str
    kind: str
    places: tuple[Place, ...]

    @property
    def counted(self) -> str:
        """Count its places by state (« 8 éléments : 6 existent, 2 ne sont pas connus »)."""
        return _counted(self.places)


class Drawing(Struct, frozen=True, kw_only=True):
    """A profile, drawn, with the tables behind it."""

    key: str
    title: str
    svg: str
    description: str
    legend: str
    panels: tuple[Panel, ...]
    references_title: str
    references: tuple[tuple[str, dict[str, tuple[str, ...]]], ...]
    """Each value of another text's list, with the titles of the places that evoke it, by state."""


def profiles(report: Report) -> list[Drawing]:
    """Draw the profile of every référentiel that has one and was applied."""
    drawn: list[Drawing] = []
    for summary in report.rulesets:
        rows = {row.rule: row for row in report.obligations if row.ruleset == summary.id}
        if summary.profile is None or not rows:
            continue
        titles = {chapter.id: chapter.title for chapter in summary.chapters}
        panels = [
            _panel(part, titles.get(part.chapter, part.chapter), rows) for part in summary.profile.parts
        ]
        drawn.append(
            _drawing(f"profil-{len(drawn) + 1}", summary.profile, [one for one in panels if one.places])
        )
    return drawn


def _panel(part: ProfilePart, title: str, rows: dict[str, Obligation]) -> Panel:
    shares = {
        _last(one): one.measure
        for place in part.places
        if place.role == "couverture" and place.rule in rows
        for one in rows[place.rule].findings
        if one.measure is not None
    }
    places = [
        made
        for place in part.places
        if place.role != "couverture"
        and place.rule in rows
        and (made := _place(place, rows[place.rule], shares))
    ]
    return Panel(title=title, kind=part.kind, places=tuple(places))


def _place(place: ProfilePlace, row: Obligation, shares: dict[str, Measure]) -> Place | None:
    """Give a place its state: the worst of its constats; none without any."""
    found = [one for one in row.findings if place.element is None or _last(one) == place.element]
    if not found:
        return None
    state = min((one.verdict for one in found), key=VERDICT_ORDER.index)
    return Place(
        title=found[0].element if place.element and found[0].element else row.title,
        state=state,
        share=shares.get(place.element or ""),
        references=place.references,
    )


def _last(finding: Finding) -> str:
    return finding.identifier.rsplit("/", 1)[-1]


def _drawing(key: str, profile: Profile, panels: Sequence[Panel]) -> Drawing:
    drawn = [one for one in panels if one.kind != "repere"]
    body, height = _two_columns(drawn)
    description = typographic(
        " ; ".join(f"{panel.title} : {panel.counted.partition(' : ')[2] or panel.counted}" for panel in drawn)
        + "."
    )
    return Drawing(
        key=key,
        title=profile.title,
        svg=shapes.svg(key, profile.title, description, body, _WIDTH, height),
        description=description,
        legend=PROFILE_LEGEND,
        panels=tuple(panels),
        references_title=profile.references_title or "",
        references=tuple((one.title, _evoking(one.id, panels)) for one in profile.references),
    )


def _evoking(reference: str, panels: Iterable[Panel]) -> dict[str, tuple[str, ...]]:
    """Gather by state the titles of the places that evoke a value."""
    found: dict[str, list[str]] = {}
    for panel in panels:
        for place in panel.places:
            if reference in place.references:
                found.setdefault(place.said, []).append(place.title)
    return {state: tuple(titles) for state, titles in found.items()}


def _counted(places: Sequence[Place]) -> str:
    """Count places by state."""
    parts = []
    for said, singular, plural in (
        (PROFILE_STATES[Verdict.CONFORME], "existe", "existent"),
        (PROFILE_STATES[Verdict.REMARQUE], "manque", "manquent"),
        (PROFILE_STATES[Verdict.NON_VERIFIABLE], "n’est pas connu", "ne sont pas connus"),
        (PROFILE_STATES[Verdict.A_VERIFIER], "est à apprécier sur place", "sont à apprécier sur place"),
    ):
        number = sum(place.said == said for place in places)
        if number:
            parts.append(f"{format_number(number)} {singular if number == 1 else plural}")
    return typographic(f"{count_noun(len(places), 'élément')} : {enumerate_french(parts)}") if parts else ""


# ---- shapes ----


def _two_columns(panels: Sequence[Panel]) -> tuple[list[str], float]:
    """Lay the parts in two columns, each in the shorter one, in their order."""
    bottoms = [10.0 for _ in _COLUMNS]
    drawn: list[str] = []
    for panel in panels:
        column = bottoms.index(min(bottoms))
        made, bottom = _panel_shapes(panel, _COLUMNS[column], bottoms[column])
        drawn += made
        bottoms[column] = bottom
    return drawn, max(bottoms) + 4


def _panel_shapes(panel: Panel, left: float, top: float) -> tuple[list[str], float]:
    y = top + 14
    drawn = [shapes.text(left, y, panel.title, kind="fort")]
    for line in wrap(panel.counted, _WIDE):
        y += _LINE
        drawn.append(shapes.text(left, y, line, kind="petit"))
    y += 10
    for place in panel.places:
        made, y = _place_shapes(place, left, y)
        drawn += made
    return drawn, y + 14


def _place_shapes(place: Place, left: float, top: float) -> tuple[list[str], float]:
    kind, sign = _BOXES[place.state]
    y = top + _LINE
    drawn = [shapes.rectangle(left + 1, y - 11, 13, 13, kind)]
    if sign:
        drawn.append(shapes.text(left + 7.5, y, sign, anchor="middle", kind="petit"))
    for line in wrap(place.title, _CHARACTERS) or [""]:
        drawn.append(shapes.text(left + 22, y, line, kind="petit"))
        y += _LINE
    y -= _LINE - 3
    part = _part(place.share)
    if part is not None:
        drawn += [
            shapes.rectangle(left + 22, y + 2, _BAR, 7, "clair"),
            shapes.rectangle(left + 22, y + 2, _BAR * part, 7, "existe"),
            shapes.text(left + 22 + _BAR + 8, y + 10, place.covered, kind="petit"),
        ]
        y += 12
    return drawn, y + 2


def _part(share: Measure | None) -> float | None:
    """Give the part of a whole that is covered, from 0 to 1; none without a whole."""
    if share is None or isinstance(share.value, date) or isinstance(share.limit, date) or share.limit <= 0:
        return None
    return min(1.0, max(0.0, float(share.value) / float(share.limit)))
