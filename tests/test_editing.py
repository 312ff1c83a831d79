"""A YAML text changes where its values change, and nowhere else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers import dossiers
from rsaudit.authoring import rendering
from rsaudit.authoring.editing import update, update_whole
from rsaudit.authoring.workbooks import changes
from rsaudit.cli.session import Session
from rsaudit.loading import from_data, read_yaml

SCHEMAS = Session().schemas
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def loaded(text: str) -> dict[str, Any]:
    """Read a dossier in one file as the program does; one that says nothing is no file at all."""
    if not text.strip():
        return {}
    document = read_yaml(text.encode(), "dossier.yaml")
    assert document.errors == []
    return from_data(document.data, SCHEMAS, name="essai").data


def differences(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    """List what differs between two dossiers."""
    return [(change.path, change.before, change.after) for change in changes(before, after)]


#: Dossiers of one section: smaller, so that more of them are tried.
SOME = st.sampled_from(list(SCHEMAS.sections)).flatmap(lambda name: dossiers({name: SCHEMAS.sections[name]}))


@MANY
@given(dossier=SOME)
def test_written_and_read_is_the_same(dossier: dict[str, Any]) -> None:
    """What is written in YAML is read as it was, value for value."""
    assert differences(dossier, loaded(rendering.single(dossier, SCHEMAS))) == []


@MANY
@given(
    pair=st.sampled_from(list(SCHEMAS.sections)).flatmap(
        lambda name: st.tuples(*[dossiers({name: SCHEMAS.sections[name]})] * 2)
    )
)
def test_updated_text_says_the_new_dossier(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Whatever the two dossiers, the text of the first, updated, says the second."""
    before, after = pair
    text = rendering.single(before, SCHEMAS)
    found, _ = update_whole(text, before, after, SCHEMAS.sections)
    assert differences(after, loaded(found)) == []


@MANY
@given(before=SOME, choice=st.integers(0, 10_000))
def test_one_change_leaves_every_other_line(before: dict[str, Any], choice: int) -> None:
    """Changing one value of a commented text keeps every comment and every other line."""
    lines = rendering.single(before, SCHEMAS).splitlines()
    text = (
        "\n".join(f"{line}{' ' * (rank % 3)} # {rank}" if line else "" for rank, line in enumerate(lines))
        + "\n"
    )
    if differences(before, loaded(text)):
        return  # a comment cannot follow a text that runs over several lines
    after = copy.deepcopy(before)
    places = list(leaves(after))
    if not places:
        return
    owner, key = places[choice % len(places)]
    owner[key] = (
        False if isinstance(owner[key], bool) and owner[key] else "ZZ" if isinstance(owner[key], str) else 77
    )
    found, _ = update_whole(text, before, after, SCHEMAS.sections)
    assert differences(after, loaded(found)) == []
    left, right = text.splitlines(), found.splitlines()
    assert len(left) == len(right)
    assert sum(one != other for one, other in zip(left, right, strict=True)) <= 1


def leaves(value: Any) -> Any:
    """Yield the (object, key) of each plain value that tells nothing apart."""
    if isinstance(value, dict):
        for key, child in value.items():
            if isinstance(child, dict | list):
                yield from leaves(child)
            elif child is not None and key not in {"ref", "numero"}:
                yield value, key
    elif isinstance(value, list):
        for child in value:
            if isinstance(child, dict):
                yield from leaves({key: one for key, one in child.items() if isinstance(one, dict)})


TEXT = """\
# En tête.

nom: "Le Benjoin" # son nom
date_etat:   2026-09-30
adresse: >-
  3 chemin
  des Vacoas

# L’agrément.
agrements:
  - ref: AG-1      # le premier
    nature: ilgls
    territoires: ["974"]

  # Le second.
  - {ref: AG-2, nature: moi,
     date_debut: 2021-05-04}
# Fin.
"""


def changed(**values: Any) -> str:
    """Change some values of the text."""
    before = loaded(
        "residence:\n" + "\n".join(f"  {line}" if line else "" for line in TEXT.splitlines()) + "\n"
    )
    after = {**copy.deepcopy(before["residence"]), **values}
    text, _ = update(TEXT, before["residence"], after, SCHEMAS.sections["residence"])
    back = loaded(
        "residence:\n" + "\n".join(f"  {line}" if line else "" for line in text.splitlines()) + "\n"
    )
    assert differences(after, back["residence"]) == []
    return text


AG_1 = {"ref": "AG-1", "nature": "ilgls", "territoires": ["974"]}
AG_2 = {"ref": "AG-2", "nature": "moi", "date_debut": "2021-05-04"}


@pytest.mark.parametrize(
    ("values", "removed", "added"),
    [
        ({}, [], []),
        ({"nom": "Oui"}, ['nom: "Le Benjoin" # son nom'], ['nom: "Oui" # son nom']),
        ({"date_etat": None}, ["date_etat:   2026-09-30"], []),
        ({"adresse": "ici"}, ["adresse: >-", "  3 chemin", "  des Vacoas"], ["adresse: ici"]),
        ({"commune": "Saint-Paul"}, [], ["commune: Saint-Paul"]),
        (
            {"agrements": [AG_1, {**AG_2, "nature": None}]},
            ["  - {ref: AG-2, nature: moi,"],
            ["  - {ref: AG-2, date_debut: 2021-05-04}"],
        ),
        (
            {"agrements": [{**AG_1, "territoires": ["974", "976"]}, AG_2]},
            ['    territoires: ["974"]'],
            ['    territoires: ["974", "976"]'],
        ),
        ({"agrements": [AG_1, AG_2, {"ref": "AG-3"}]}, [], ["  - ref: AG-3"]),
        ({"agrements": [AG_1]}, ["  - {ref: AG-2, nature: moi,", "     date_debut: 2021-05-04}"], []),
        (
            {"agrements": [AG_1, {**AG_2, "titulaire": "gestionnaire"}]},
            ["     date_debut: 2021-05-04}"],
            ["     date_debut: 2021-05-04, titulaire: gestionnaire}"],
        ),
    ],
)
def test_only_the_value_changes(values: dict[str, Any], removed: list[str], added: list[str]) -> None:
    """Lines that hold no changed value stay as they are, in their order."""
    before, after = TEXT.splitlines(), changed(**values).splitlines()
    gone = [line for line in before if line not in after]
    new = [line for line in after if line not in before]
    assert [line for line in after if line in before] == [line for line in before if line in after]
    assert new == added
    assert set(gone) >= set(removed) - set(after)
    assert all("#" not in line or "son nom" in line for line in gone)


def test_a_waiting_line_gives_its_place() -> None:
    """A value whose line was offered as a comment takes its place, with its parents."""
    text = "format: 1\n# Le nom.\n#nom:\n# Qui gère.\n#gestionnaire:\n#  # Son nom.\n#  denomination:\n#  siret:\n# Fin.\n"
    schema = SCHEMAS.sections["residence"]
    one, _ = update(text, {"format": 1}, {"format": 1, "gestionnaire": {"siret": "00012340600019"}}, schema)
    assert one == (
        "format: 1\n# Le nom.\n#nom:\n# Qui gère.\ngestionnaire:\n#  # Son nom.\n#  denomination:\n"
        '  siret: "00012340600019"\n# Fin.\n'
    )
    now = {"format": 1, "gestionnaire": {"siret": "00012340600019"}}
    two, _ = update(
        one,
        now,
        {**now, "nom": "X", "gestionnaire": {**now["gestionnaire"], "denomination": "Deux Rives"}},
        schema,
    )
    assert two == (
        "format: 1\n# Le nom.\nnom: X\n# Qui gère.\ngestionnaire:\n#  # Son nom.\n  denomination: Deux Rives\n"
        '  siret: "00012340600019"\n# Fin.\n'
    )
