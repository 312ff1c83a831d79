"""The JSON report: the keys it promises, exact numbers, and a reader that refuses anything else."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rsaudit.errors import InputUnreadableError
from rsaudit.model import RenderOptions
from rsaudit.output.json_report import dumps, exact, parse, render
from rsaudit.resources import schemas_folder

from .golden import check_golden
from .sample import (
    clean_report,
    controlled_report,
    hostile_report,
    invalid_report,
    large_report,
    sample_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.model import Report

OPTIONS = RenderOptions()
MAKERS = [sample_report, controlled_report, clean_report, invalid_report, hostile_report, large_report]
SCHEMA = json.loads((schemas_folder() / "rapport.schema.json").read_text("utf-8"))
#: The keys of a finding that other programs rely on.
PROMISED = {
    *("identifiant", "numero", "referentiel", "chapitre", "regle", "titre", "rang", "force", "exigences"),
    *(
        "verdict",
        "gravite",
        "objet",
        "element",
        "message",
        "observe",
        "attendu",
        "mesure",
        "calcul",
        "raison",
    ),
    *("reserve", "echeance", "appui", "manque", "fichier", "ligne", "colonne", "cellule", "chemin", "source"),
    *("autres_positions", "texte", "preuve", "remede", "derogation", "reponse"),
}


@pytest.fixture
def written() -> str:
    """Give the sample as JSON."""
    return render(sample_report(), OPTIONS)


def test_report_is_as_recorded(written: str) -> None:
    """The JSON of the sample is the one that was read and accepted."""
    check_golden("rapport.json", written)


def test_promised_keys_are_there(written: str) -> None:
    """Every finding has every promised key, null when it has nothing to say."""
    data = json.loads(written)

    assert {"version", "outil", "options", "dossier", "date_audit", "controle", "referentiels"} <= data.keys()
    assert {"empreintes", "erreurs", "synthese", "constats"} <= data.keys()
    assert all(one.keys() >= PROMISED for one in data["constats"])
    assert {"valeur", "limite", "sens", "unite", "marge", "serie"} == data["constats"][0]["mesure"].keys()


@pytest.mark.parametrize("make", MAKERS)
def test_schema_accepts_what_is_written(make: Callable[[], Report]) -> None:
    """The published schema accepts every report, hostile or invalid, communicable or not."""
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for options in (OPTIONS, RenderOptions(public=True)):
        data = json.loads(render(make(), options), parse_float=Decimal)

        assert [error.message for error in validator.iter_errors(data)] == []


def test_schema_lists_every_key_written(written: str) -> None:
    """The schema is closed: it knows each key, and each key it requires is written."""
    Draft202012Validator.check_schema(SCHEMA)
    data = json.loads(written)
    item = SCHEMA["properties"]["constats"]["items"]

    assert list(data) == SCHEMA["required"] == list(SCHEMA["properties"])
    assert list(data["constats"][0]) == item["required"] == list(item["properties"])
    assert list(data["obligations"][0]) == SCHEMA["properties"]["obligations"]["items"]["required"]


@pytest.mark.parametrize("make", MAKERS)
def test_reads_back_what_it_wrote(make: Callable[[], Report]) -> None:
    """A report read back is the report, and is written again to the same bytes."""
    report = make()
    text = render(report, OPTIONS)

    assert parse(text) == report
    assert render(parse(text), OPTIONS) == text


def test_numbers_are_exact(written: str) -> None:
    """A decimal keeps its digits; a quotient that no decimal writes is a string."""
    measures = [one["mesure"] for one in json.loads(written, parse_float=str)["constats"] if one["mesure"]]

    assert {
        "valeur": "22.10",
        "limite": 20,
        "sens": "minimum",
        "unite": "m²",
        "marge": "2.10",
        "serie": None,
    } in measures
    assert any(one["valeur"] == "9/43" and one["marge"] == "39/430" for one in measures)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_quotients_are_exact(above: int, below: int) -> None:
    """Whatever the quotient, what is written stands for the same number."""
    found = exact(Fraction(above, below))

    assert Fraction(found) == Fraction(above, below)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.decimals(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_writes_json_that_others_read(data: Any) -> None:
    """What is written is read by the standard reader as the same data, and hides no character."""
    text = dumps(data)

    assert json.loads(text, parse_float=Decimal) == data
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "ligne 1, colonne 1"),
        ("{", "JSON"),
        ("[" * 200_000, "JSON"),
        ('{"version": 1' + "0" * 5000 + "}", "JSON"),
        ('{"version": 1e999999999}', "JSON"),
        ('{"version": NaN}', "JSON"),
        ('{"version": "1", "version": "1"}', "JSON"),
        ("null", "un objet"),
        ("{}", "« version »".replace(" ", "\u00a0")),
        ('{"\\u202e": 1}', "version"),
    ],
)
def test_refuses_what_is_not_a_report(text: str, told: str) -> None:
    """Anything else is refused with a French sentence, and nothing is guessed."""
    with pytest.raises(InputUnreadableError) as caught:
        parse(text)

    assert caught.value.message.startswith("Ce rapport ne peut pas être relu")
    assert told in caught.value.message
    assert caught.value.hint


def changed(written: str, path: list[str | int], value: object) -> str:
    """Put a value somewhere in the report."""
    data = json.loads(written)
    *above, last = path
    place = data
    for step in above:
        place = place[step]
    place[last] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["version"], "2", "version"),
        (["inconnu"], 1, "inconnu"),
        (["date_audit"], "2026-02-30", "date_audit"),
        (["date_audit"], None, "date_audit"),
        (["options", "seuil"], 3, "options.seuil"),
        (["controle", "visite"], "hier", "controle.visite"),
        (["referentiels"], {}, "referentiels"),
        (["synthese", "constats", "total"], 3, "synthese.constats.total"),
        (["synthese", "ecarts", "majeur"], -1, "synthese.ecarts.majeur"),
        (["synthese", "pas_encore_dus"], True, "synthese.pas_encore_dus"),
        (["constats", 3, "verdict"], "conform", "constats[3].verdict"),
        (["constats", 3, "message"], 4, "constats[3].message"),
        (["constats", 3, "message"], None, "constats[3].message"),
        (["constats", 3, "regle"], "autre", "constats[3].regle"),
        (["constats", 3, "ligne"], "12", "constats[3].ligne"),
        (["constats", 0, "mesure", "valeur"], "1/0", "constats[0].mesure.valeur"),
        (["constats", 0, "mesure", "valeur"], "beaucoup", "constats[0].mesure.valeur"),
        (["constats", 0, "mesure", "marge"], "2026-01-01", "constats[0].mesure.marge"),
        (["constats", 0, "texte", "loi"], 1, "constats[0].texte.loi"),
        (["obligations", 0, "decompte", "ecart"], 1.5, "obligations[0].decompte.ecart"),
    ],
)
def test_says_where_a_report_is_wrong(written: str, path: list[str | int], value: object, place: str) -> None:
    """A value that cannot be there is refused by naming its place."""
    with pytest.raises(InputUnreadableError) as caught:
        parse(changed(written, path, value))

    assert f"« {place} »".replace(" ", "\u00a0") in caught.value.message


def test_refuses_counts_that_lie(written: str) -> None:
    """A summary that is not that of the rows is refused."""
    data = json.loads(written)
    data["synthese"]["obligations"].update(ecart=0, total=data["synthese"]["obligations"]["total"] - 4)

    with pytest.raises(InputUnreadableError, match="le décompte"):
        parse(json.dumps(data))


def test_refuses_the_same_rule_twice(written: str) -> None:
    """Two rows for one rule could not share its findings."""
    data = json.loads(written)

    with pytest.raises(InputUnreadableError, match="une seule ligne par règle"):
        parse(changed(written, ["obligations"], [data["obligations"][0], *data["obligations"]]))


@given(st.data())
def test_any_damage_is_told_in_french(data: st.DataObject) -> None:
    """Whatever is cut out of a report, it is read back or refused with a sentence of ours."""
    text = render(controlled_report(), OPTIONS)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    damaged = text[:start] + data.draw(st.text(max_size=5)) + text[end:]

    assert told(damaged).startswith("Ce rapport ne peut pas être relu") or parse(damaged)


def told(text: str) -> str:
    """Give what is said of a text that is refused; nothing when it is read."""
    try:
        parse(text)
    except InputUnreadableError as error:
        return error.message
    return ""
