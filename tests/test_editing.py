"""A YAML text changes where its values change, and nowhere else."""

from __future__ import annotations

import copy
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers import dossiers
from rsaudit.amending import rendering
from rsaudit.amending.editing import update, update_whole
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
@given(
    pair=st.sampled_from(list(SCHEMAS.sections)).flatmap(
        lambda name: st.tuples(*[dossiers({name: SCHEMAS.sections[name]})] * 2)
    )
)
def test_line_ends_and_mark_are_kept(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """With Windows line ends and the mark of Windows editors, a text becomes what it would be without, with them."""
    before, after = pair
    text = rendering.single(before, SCHEMAS)
    unix, _ = update_whole(text, before, after, SCHEMAS.sections)
    windows, _ = update_whole("\ufeff" + text.replace("\n", "\r\n"), before, after, SCHEMAS.sections)
    assert windows == "\ufeff" + (unix.replace("\n", "\r\n") if text else unix)


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
        ({"agrements": [AG_1, AG_2, {"ref": "AG-3"}]}, [], ["  - {ref: AG-3}"]),
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


# -- what no schema describes ----------------------------------------------------------------------------

PLAIN_TEXT = """# En tête
visites: libres   # lues le 3 mars
vide:
liste: []
bloc:
  - un
  - deux   # dernier

table: {lignes: [{ref: A, prix: 1.50}]}   # en ligne
rangs:
  - {a: 1}   # le premier
  # Un autre.
  - {a: 2}
profond:
  # avant
  cle: valeur

# Fin
source: {piece: P-1, page: 2}
"""


def read(text: str) -> dict[str, Any]:
    """Read YAML with our loader, which must accept it."""
    document = read_yaml(text.encode(), "t.yaml")
    assert document.errors == []
    return document.data


def edited(values: dict[str, Any], text: str = PLAIN_TEXT, order: tuple[str, ...] = ()) -> str:
    """Give values to keys of a text."""
    before = read(text)
    after = {**before, **values}
    found, _ = update(text, before, after, {"properties": {name: {} for name in order}}, rows_in_line=True)
    assert differences(after, read(found)) == []
    return found


def test_only_what_changes_is_touched() -> None:
    """A value is replaced where it stands: comments, blank lines and the other lines keep their bytes."""
    after = edited({"visites": "horaires", "source": {"piece": "P-1", "page": 3}})

    assert after == PLAIN_TEXT.replace("visites: libres ", "visites: horaires ").replace("page: 2", "page: 3")


def test_a_new_key_goes_after_the_one_that_usually_precedes_it() -> None:
    """A new key takes the place the schema gives it, after the comment of the line before."""
    after = edited({"horaires": "de 8 h à 21 h"}, order=("visites", "horaires", *list(read(PLAIN_TEXT))[1:]))

    assert "visites: libres   # lues le 3 mars\nhoraires: de 8 h à 21 h\nvide:" in after


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"vide": "x"}, "vide: x\n"),
        ({"liste": [{"a": 1}]}, "liste:\n  - {a: 1}\n"),
        ({"bloc": ["un", "deux", "trois"]}, "  - deux   # dernier\n  - trois\n"),
        (
            {"table": {"lignes": [{"ref": "A", "prix": Decimal("1.50")}, {"ref": "B"}]}},
            "[{ref: A, prix: 1.50}, {ref: B}]",
        ),
        (
            {"table": {"lignes": [{"ref": "A", "prix": Decimal("1.50"), "nom": "nu"}]}},
            "{ref: A, prix: 1.50, nom: nu}",
        ),
        ({"profond": {"cle": "valeur", "autre": True}}, "  cle: valeur\n  autre: oui\n"),
        ({"neuf": {"a": {"b": 1}}}, "source: {piece: P-1, page: 2}\nneuf:\n  a: {b: 1}\n"),
        ({"vide": {"a": "b"}}, "vide: {a: b}\n"),
        (
            {"rangs": [{"a": 3}, {"a": 2}, {"a": 4}]},
            "  - {a: 3}   # le premier\n  # Un autre.\n  - {a: 2}\n  - {a: 4}\n",
        ),
        ({"rangs": [{"a": 2}]}, "rangs:\n  # Un autre.\n  - {a: 2}\n"),
    ],
)
def test_each_kind_of_place(values: dict[str, Any], expected: str) -> None:
    """Keys and items are added, changed, removed in block and in line, under what is absent, empty or null."""
    assert expected in edited(values)


def test_rows_are_written_like_those_they_join() -> None:
    """A new row takes one line or several, as the row before it does."""
    text = "a:\n  - x: 1\n    y: 2\nb:\n  - {x: 1, y: 2}\n"
    row = {"x": 3, "y": 4}
    after = edited({"a": [{"x": 1, "y": 2}, row], "b": [{"x": 1, "y": 2}, row]}, text)

    assert after == ("a:\n  - x: 1\n    y: 2\n  - x: 3\n    y: 4\nb:\n  - {x: 1, y: 2}\n  - {x: 3, y: 4}\n")


def test_windows_line_ends_and_no_last_one() -> None:
    """A text with Windows line ends, some only or without a last one, is added to as it is."""
    assert edited({"b": 2}, "a: 1") == "a: 1\nb: 2"
    assert edited({"b": 2}, "a: 1\r\nc: 3\r\n") == "a: 1\r\nc: 3\r\nb: 2\r\n"
    assert edited({"a": 9, "c": [1, 2]}, "# é\na: 1\r\nc: 3\n") == "# é\na: 9\r\nc: [1, 2]\n"
    assert edited({"a": None}, "\ufeff# é\r\na: 1\r\nc: 3\r\n") == "\ufeff# é\r\nc: 3\r\n"


SCALARS = st.one_of(
    st.booleans(),
    st.integers(min_value=-(10**9), max_value=10**9),
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=30),
    st.sampled_from(
        ["oui", "non", "null", "~", "", "1.0", "01000", "2026-01-01", "T1'", "a: b", "# x", "- y", "é"]
    ),
)
KEYS = st.from_regex(r"[a-z]{2,8}_[a-z]{2,8}", fullmatch=True)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=8,
)


def plain(value: Any) -> Any:
    """Return a value as our loader gives it back: integers for whole decimals, text in NFC."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: plain(child) for key, child in value.items()}
    return [plain(child) for child in value] if isinstance(value, list) else value


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    """Any value written, alone or into a file, is read back as it was, and the rest is unchanged."""
    assert read(rendering.render(data)) == plain(data)
    text, _ = update(PLAIN_TEXT, read(PLAIN_TEXT), {**read(PLAIN_TEXT), **data}, {})

    assert read(text) == {**read(PLAIN_TEXT), **plain(data)}


def test_rows_that_take_the_place_of_an_empty_list_have_a_line_each() -> None:
    """« points: [] » becomes block rows, at the indent of its key; in a text that is in line they stay in line."""
    rows = [{"regle": f"une-regle-assez-longue-{rank}", "verdict": "conforme"} for rank in range(3)]
    assert edited({"reponses": {"points": rows}}, "# gardé\nreponses:\n  points: []\nautre: 1\n") == (
        "# gardé\nreponses:\n  points:\n"
        "    - {regle: une-regle-assez-longue-0, verdict: conforme}\n"
        "    - {regle: une-regle-assez-longue-1, verdict: conforme}\n"
        "    - {regle: une-regle-assez-longue-2, verdict: conforme}\n"
        "autre: 1\n"
    )
    assert edited({"points": rows}, "{points: [], autre: 1}\n").startswith("{points: [{regle:")
