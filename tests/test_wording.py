"""What the sentences and places of a constat say: the words of the fields, and where the facts are."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from rsaudit.cases import lay_over
from rsaudit.cli.session import Session
from rsaudit.engine import AuditOptions, audit
from rsaudit.loading import find_dossiers
from rsaudit.messages import engine as say
from rsaudit.model import Verdict
from rsaudit.reception import receive

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.model import Finding

_SESSION = Session()
(_RULESET,) = _SESSION.rulesets(["reunion"])


def found(folder: Path, rule: str, **sections: Any) -> Finding:
    """Return the only constat of a rule on a dossier written in a file."""
    path = folder / "essai.yaml"
    path.write_text(json.dumps(lay_over(_RULESET.ruleset.base, sections), default=str), encoding="utf-8")
    (reference,), _ = find_dossiers(path)
    dossier = receive(reference, _SESSION.schemas)
    assert dossier.errors == []
    options = AuditOptions(rules=(rule,))
    report = audit(
        dossier, [_RULESET], as_of=date(2026, 9, 30), vocabulary=_SESSION.vocabulary, options=options
    )
    (finding,) = report.obligations[0].findings
    return finding


@pytest.mark.parametrize(
    ("given", "printed"), [("aucun", "jamais remis"), ("2025-01-10", "10/01/2025"), (None, None)]
)
def test_a_word_in_place_of_a_date_is_printed_as_its_field_names_it(
    tmp_path: Path, given: str | None, printed: str | None
) -> None:
    """« aucun » where a date may stand is said in the words of the field; a date is a date, nothing is not told."""
    post = {"ref": "EQ-1", "fonction": "direction", "cahier_des_charges_remis_le": given}

    finding = found(tmp_path, "cahier-des-charges-remis", vie_sociale={"equipe": [post]})

    assert finding.observed == (printed and f"Remise\u00a0: {printed}")


def test_no_subject_is_spoken_of_when_none_is_known(tmp_path: Path) -> None:
    """When one cannot tell whether a rule applies at all, its sentence speaks of none of the rows it would judge."""
    nothing = {"stade": None}

    finding = found(tmp_path, "depot-maximum", residence=nothing)

    title = "Dépôt de garantie d’un mois de redevance au plus"
    assert finding.verdict is Verdict.NON_VERIFIABLE
    assert finding.message == f"{title}\u00a0: une donnée manque pour dire si la règle s’applique."


def dwelling(**fields: Any) -> dict[str, Any]:
    """Make one dwelling whose surface is below every minimum of its type."""
    row = {"numero": "101", "type": "T1", "surface_habitable": 11, **fields}
    site = {
        "ref": "S-1",
        "role": "site_unique",
        "operation": "neuf",
        "date_decision_financement": "2023-06-12",
    }
    return {
        "sites": {"etendue": "complete", "lignes": [site]},
        "logements": {"etendue": "complete", "lignes": [row]},
    }


@pytest.mark.parametrize(
    ("occupants", "printed"), [(1, "12,00\u00a0m²"), (None, "12,00\u00a0m² à 24,00\u00a0m²")]
)
def test_a_value_known_between_two_bounds_is_printed_by_them(
    tmp_path: Path, occupants: int | None, printed: str
) -> None:
    """A limit that a missing datum leaves between two values, and that decides all the same, is told by them."""
    finding = found(tmp_path, "surface-minimale", batiment=dwelling(occupants_prevus=occupants))

    assert finding.verdict is Verdict.ECART
    assert finding.message.endswith(f"au-dessous du minimum de {printed}.")


@pytest.mark.parametrize(
    ("students", "printed"),
    [
        ([1, 1], "2\u00a0étudiants sur 4\u00a0résidents, soit 50\u00a0%"),
        ([1, None], "1 à 2\u00a0étudiants sur 4\u00a0résidents, soit 25\u00a0% à 50\u00a0%"),
    ],
)
def test_a_count_between_two_bounds_keeps_its_noun(
    tmp_path: Path, students: list[int | None], printed: str
) -> None:
    """A count of which only bounds are known is still a count of something."""
    rows = [
        {"ref": f"C-{number}", "statut": "en_cours", "titulaires": titulaires, "etudiants": count}
        for number, (titulaires, count) in enumerate(zip((2, 1, 1), (0, *students), strict=True))
    ]
    contracts = {"contrats": {"etendue": "complete", "lignes": rows}}

    assert found(tmp_path, "part-des-etudiants", contrats=contracts).observed == printed


def test_the_day_of_the_facts_is_not_where_a_fact_is(tmp_path: Path) -> None:
    """A constat that compares facts with the day they were taken points at the facts."""
    lapsed = {"ref": "AG-1", "nature": "ilgls", "titulaire": "gestionnaire", "date_debut": "2021-01-10"}
    residence = {"departement": "974", "agrements": [{**lapsed, "date_fin": "2026-01-09"}]}

    finding = found(tmp_path, "agrement-du-gestionnaire", residence=residence)

    assert finding.path == "residence.agrements"
    assert finding.computation == "agrément ILGLS produit qui prend fin le plus tard\u00a0: le 09/01/2026"


@pytest.mark.parametrize(
    ("reference", "day", "printed"),
    [
        ("2026-C-07", date(2026, 8, 24), "lettre 2026-C-07 du 24/08/2026"),
        (None, date(2026, 8, 24), "lettre du 24/08/2026"),
        ("2026-C-07", None, "lettre 2026-C-07"),
        (None, None, None),
    ],
)
def test_the_letter_of_a_control_is_said_to_be_one(
    reference: str | None, day: date | None, printed: str | None
) -> None:
    """The letter that opens a control is called so, with what is known of it."""
    assert say.letter(reference, day) == printed
