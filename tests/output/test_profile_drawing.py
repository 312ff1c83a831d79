"""The drawing of a profile: what exists, what is missing, what is not known, told without colour and in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest
from msgspec.structs import replace

from rsaudit.model import (
    Measure,
    Profile,
    ProfilePart,
    ProfilePlace,
    ProfileReference,
    RenderOptions,
    Verdict,
)
from rsaudit.output import render
from rsaudit.output.profile import profiles

from .sample import HOSTILE, PRACTICE, sample_report

if TYPE_CHECKING:
    from rsaudit.model import Report
    from rsaudit.output.profile import Drawing

STATES = {
    "accueil": Verdict.CONFORME,
    "veille": Verdict.REMARQUE,
    "ateliers": Verdict.NON_VERIFIABLE,
    "relais": Verdict.A_VERIFIER,
}


def profiled(name: str = "{}") -> Report:
    """Give the sample a profile: one axis with four elements, of which one says the share it covers."""
    report = sample_report()
    row = next(one for one in report.obligations if one.ruleset == PRACTICE)
    findings = tuple(
        replace(
            row.findings[0],
            identifier=f"{PRACTICE}/fonctions/residence/{key}",
            element=name.format(key),
            verdict=verdict,
        )
        for key, verdict in STATES.items()
    )
    share = replace(
        row.findings[0],
        identifier=f"{PRACTICE}/part/accueil",
        verdict=Verdict.CONFORME,
        measure=Measure(value=11, limit=44, direction="minimum"),
    )
    rows = (
        replace(row, rule="fonctions", findings=findings),
        replace(row, rule="part", findings=(share,)),
    )
    places = tuple(
        ProfilePlace(
            rule="fonctions", element=key, role="presence", references=("un",) if key == "veille" else ()
        )
        for key in STATES
    )
    profile = Profile(
        title=name.format("Profil"),
        references_title=name.format("Catégories"),
        references=(
            ProfileReference(id="un", title=name.format("1. Veille")),
            ProfileReference(id="deux", title=name.format("2. Autre")),
        ),
        parts=(
            ProfilePart(
                chapter="accueil",
                kind="axe",
                places=(*places, ProfilePlace(rule="part", element=None, role="couverture")),
            ),
        ),
    )
    summaries = tuple(replace(one, profile=profile) if one.id == PRACTICE else one for one in report.rulesets)
    return replace(report, obligations=(*report.obligations, *rows), rulesets=summaries)


def only(report: Report) -> Drawing:
    """Give the one profile of a report."""
    (found,) = profiles(report)
    return found


def test_states_are_the_verdicts() -> None:
    """Each element has its state in words; what nobody knows is neither there nor missing."""
    (panel,) = only(profiled()).panels

    assert {one.title: one.said for one in panel.places} == {
        "accueil": "existe",
        "veille": "manque",
        "ateliers": "n’est pas connu",
        "relais": "à apprécier sur place",
    }
    assert panel.counted == (
        "4\u00a0éléments\u00a0: 1 existe, 1 manque, 1 n’est pas connu et 1 est à apprécier sur place"
    )


def test_states_are_told_without_colour() -> None:
    """A full box exists, a crossed one is missing, a dotted one with a sign is not known."""
    svg = only(profiled()).svg

    assert [svg.count(f'height="13.0" class="{kind}"') for kind in ("existe", "manque", "inconnu")] == [
        1,
        1,
        2,
    ]
    assert [svg.count(f">{sign}<") for sign in ("×", "?", "○")] == [1, 1, 1]


def test_the_share_is_drawn_where_it_is_known() -> None:
    """The share covered is a bar of its length beside its element, and a text; the others have none."""
    drawing = only(profiled())

    assert [one.covered for one in drawing.panels[0].places] == ["11 sur 44", "", "", ""]
    assert 'width="45.0" height="7.0" class="existe"' in drawing.svg
    assert drawing.svg.count('height="7.0"') == 2


def test_another_list_is_read_beside() -> None:
    """Each value of the other list has the elements that evoke it, by state; one that nothing evokes has none."""
    assert only(profiled()).references == (("1. Veille", {"manque": ("veille",)}), ("2. Autre", {}))


@pytest.mark.parametrize("name", ["{}", HOSTILE.replace("{", "{{").replace("}", "}}") + " {}"])
def test_it_is_in_the_page_and_inert(name: str) -> None:
    """The page has the drawing, well formed whatever its words, and its tables; without profile, none."""
    found = render("html", profiled(name), RenderOptions())

    assert isinstance(found, str)
    assert "<script>alert" not in found
    assert fromstring(found[found.index("<svg") : found.index("</svg>") + 6]) is not None  # noqa: S314 - our own
    assert "profil-1" in found
    assert "profil-1" not in str(render("html", sample_report(), RenderOptions()))
