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
