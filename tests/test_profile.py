"""The profile of a référentiel: what its report may draw, told as data, and what is refused."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from rsaudit import resources
from rsaudit.errors import RulesetError
from rsaudit.ruleset import compile_ruleset, load_ruleset, profile_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.cli.session import Session

NAME = "accompagnement"
LISTED = "lieu/fonctions-du-lieu.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the référentiel that draws a profile."""
    return shutil.copytree(resources.rulesets_folder() / NAME, tmp_path / NAME)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_profile_has_two_axes_then_three_forms() -> None:
    """The note has two dimensions and three forms: each is a part, in the order of the text."""
    profile = profile_of(load_ruleset(resources.rulesets_folder() / NAME))

    assert profile is not None
    assert [(part.kind, part.chapter) for part in profile.parts] == [
        ("axe", "lieu"),
        ("axe", "personne"),
        ("forme", "soutien"),
        ("forme", "territoire"),
        ("forme", "collectif"),
        ("repere", "reperes"),
    ]


def test_every_rule_of_the_note_has_a_place_in_the_profile() -> None:
    """Nothing the note asks is judged without being drawn."""
    ruleset = load_ruleset(resources.rulesets_folder() / NAME)
    profile = profile_of(ruleset)

    assert profile is not None
    assert {place.rule for part in profile.parts for place in part.places} == {
        rule.id for rule in ruleset.rules
    }


def test_each_category_of_the_other_list_is_evoked() -> None:
    """The four categories of the aid each meet at least one function or form."""
    profile = profile_of(load_ruleset(resources.rulesets_folder() / NAME))

    assert profile is not None
    evoked = {one for part in profile.parts for place in part.places for one in place.references}
    assert evoked == {one.id for one in profile.references}


def test_a_covered_share_meets_the_function_of_the_same_key(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """A constat of presence and the constat of its share end with the same key."""
    run = program("audit", "examples/benjoin", "-r", NAME, "--date", "2026-09-30", "--format", "json")
    report = json.loads(run.stdout)
    ends: dict[str, set[str]] = {}
    for one in report["constats"]:
        ends.setdefault(one["regle"], set()).add(one["identifiant"].rsplit("/", 1)[-1])

    assert ends["fonctions-du-lieu"] == ends["fonctions-pour-tous-les-logements"]
    assert report["referentiels"][0]["profil"]["titre"] == "Profil de l’accompagnement"


def test_a_binding_text_draws_no_profile() -> None:
    """A cahier des charges gives écarts; nothing of it is drawn as a profile."""
    assert profile_of(load_ruleset(resources.rulesets_folder() / "reunion")) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "referentiel.yaml",
            "  - { chapitre: lieu, genre: axe }\n",
            "",
            "partie du profil inconnue : « lieu »",
        ),
        (LISTED, "renvois: [impayes]", "renvois: [impaye]", "Le plus proche est « impayes »"),
        (LISTED, "profil: presence", "profil: couverture", "veut une « mesure »"),
    ],
)
def test_a_place_that_does_not_exist_is_refused(
    copy: Path, session: Session, file: str, old: str, new: str, said: str
) -> None:
    """A rule names a part and values that its référentiel declares, and a share needs a measure."""
    shutil.copy(resources.rulesets_folder() / "faits.yaml", copy.parent)
    edit(copy / file, old, new)
    with pytest.raises(RulesetError) as refused:
        compile_ruleset(load_ruleset(copy), session.catalogue)

    assert said in str(refused.value)
