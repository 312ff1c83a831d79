"""What a pass rests on: all that its rule requires cites a piece, or it is only declared."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from rsaudit.cases import lay_over
from rsaudit.cli.session import Session
from rsaudit.conditions import Catalogue
from rsaudit.engine import AuditOptions, audit
from rsaudit.loading import find_dossiers
from rsaudit.model import Finding, Support, Verdict
from rsaudit.reception import receive, receive_data

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 9, 30)
CITED = {"source": {"piece": "P-1", "page": 3}}
UNNAMED = {"source": {"page": 3}}

_SESSION = Session()
(_RULESET,) = _SESSION.rulesets(["reunion"])


def found(
    rule: str,
    *,
    element: str | None = None,
    folder: Path | None = None,
    pieces: bool = False,
    **sections: Any,
) -> Finding:
    """Return the only constat of a rule, or of one of its elements, on a dossier, read from a file of a folder if told."""
    data = lay_over(_RULESET.ruleset.base, sections)
    if folder is None:
        dossier = receive_data(data, _SESSION.schemas, name="essai")
    else:
        (folder / "essai.yaml").write_text(json.dumps(data, default=str), encoding="utf-8")
        (reference,), _ = find_dossiers(folder / "essai.yaml")
        dossier = receive(reference, _SESSION.schemas)
    assert dossier.errors == []
    report = audit(
        dossier,
        [_RULESET],
        as_of=DAY,
        vocabulary=_SESSION.vocabulary,
        options=AuditOptions(rules=(rule,), require_pieces=pieces),
    )
    told = report.obligations[0].findings
    (finding,) = (one for one in told if element is None or one.identifier.endswith(f"/{element}"))
    return finding


def support(rule: str, **sections: Any) -> Support | None:
    """Return what the only constat of a rule, a pass, rests on."""
    finding = found(rule, **sections)
    assert finding.verdict is Verdict.CONFORME
    return finding.support


def partner(**more: Any) -> dict[str, Any]:
    """Make one agreement, signed and running."""
    row = {"ref": "PT-1", "domaine": "social", "convention": "signee", "date_fin": "2027-01-10"}
    return {"vie_sociale": {"partenariats": [{**row, **more}]}}


@pytest.mark.parametrize(("cited", "expected"), [(CITED, Support.PIECE_CITEE), ({}, Support.DECLARE)])
def test_the_day_of_the_facts_is_nothing_to_prove(cited: dict[str, Any], expected: Support) -> None:
    """A rule that compares a fact with the day the facts were taken rests on the fact alone."""
    assert support("conventions-de-partenariat", **partner(**cited)) is expected


@pytest.mark.parametrize("field", ["format", "date_etat"])
def test_what_the_schemas_call_a_landmark(field: str) -> None:
    """The schemas say which field is no fact to prove; it is the day the facts were taken, and no other."""
    catalogue = Catalogue.from_schemas(_SESSION.schemas.sections)
    assert catalogue.is_landmark(f"residence.{field}") is (field == "date_etat")
    assert list(filter(catalogue.is_landmark, catalogue.paths())) == ["residence.date_etat"]
    assert not any(
        map(
            catalogue.is_landmark,
            ("residence", "contrats.contrats", "ailleurs.date_etat", "residence.nom.date_etat"),
        )
    )


def dwellings(
    table: dict[str, Any], row: dict[str, Any], other: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Make ten dwellings, one of them for the emergency lodging grant, and the social project that says so."""
    rows = [{"numero": str(number), "alt": number == 1, **row} for number in range(1, 10)]
    rows.append({"numero": "10", "alt": False, **(row if other is None else other)})
    return {"batiment": {"logements": {"etendue": "complete", "lignes": rows, **table}}}


@pytest.mark.parametrize(
    ("table", "row", "other", "expected"),
    [
        (CITED, {}, {}, Support.PIECE_CITEE),
        (CITED, CITED, {}, Support.PIECE_CITEE),
        (CITED, {}, UNNAMED, Support.DECLARE),
        ({}, CITED, CITED, Support.DECLARE),
        ({}, {}, {}, Support.DECLARE),
    ],
)
def test_a_table_is_cited_as_a_whole(
    table: dict[str, Any], row: dict[str, Any], other: dict[str, Any], expected: Support
) -> None:
    """A count over a table rests on its own piece, which shows that no row is missing, and on no row without one."""
    assert support("part-des-logements-en-alt", **dwellings(table, row, other)) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (CITED, CITED, Support.PIECE_CITEE),
        (CITED, {}, Support.DECLARE),
        ({}, {}, Support.DECLARE),
    ],
)
def test_a_mere_list_is_cited_by_its_rows(
    first: dict[str, Any], second: dict[str, Any], expected: Support
) -> None:
    """A list that has no place for a piece of its own rests on those of its rows."""
    signed = {
        "date_signature": "2024-01-10",
        "signataires": {"etat": True, "gestionnaire": True, "proprietaire": True},
    }
    conventions = [{"ref": "A", **signed, **first}, {"ref": "B", **signed, **second}]

    assert support("convention-apl-signee", residence={"conventions_apl": conventions}) is expected


@pytest.mark.parametrize(("cited", "expected"), [(CITED, Support.PIECE_CITEE), ({}, Support.DECLARE)])
def test_a_word_is_read_where_its_list_is(cited: dict[str, Any], expected: Support, tmp_path: Path) -> None:
    """A rule on each word of a list has the place and the piece of the list."""
    finances = {"postes_equivalent_loyer": ["taxe_fonciere"], **cited}

    finding = found("postes-de-l-equivalent-loyer", folder=tmp_path, finances=finances)

    assert (finding.support, finding.path) == (expected, "finances.postes_equivalent_loyer")


@pytest.mark.parametrize(("cited", "expected"), [(CITED, Support.PIECE_CITEE), ({}, Support.DECLARE)])
def test_what_an_element_reads_through_a_name_counts(
    cited: dict[str, Any], expected: Support, tmp_path: Path
) -> None:
    """An element has the places, and rests on the data, of the local names of its rule."""
    convention = {"ref": "A", "attribution_du_reste": "specifique", **cited}
    social = {"existe": True, "attribution_du_reste": "non_mentionne", **CITED}
    finding = found(
        "attribution-du-reste",
        element="ecrite",
        folder=tmp_path,
        residence={"conventions_apl": [convention]},
        batiment={
            "logements": {"etendue": "complete", "lignes": [{"numero": "1", "reservataire": "gestionnaire"}]}
        },
        vie_sociale={"projet_social": social},
    )

    assert (finding.verdict, finding.support) == (Verdict.CONFORME, expected)
    assert finding.path == "residence.conventions_apl"


@pytest.mark.parametrize(("cited", "expected"), [(CITED, Support.PIECE_CITEE), ({}, Support.DECLARE)])
def test_what_a_reference_leads_to_counts(cited: dict[str, Any], expected: Support) -> None:
    """A contract that cites its piece does not prove the dwelling it refers to."""
    row = {"numero": "101", "type": "T1", "surface_habitable": 24, "occupants_prevus": 1, **cited}
    contract = {"ref": "C-1", "statut": "en_cours", "logement": "101", "occupants": 2, **CITED}
    site = {
        "ref": "S-1",
        "role": "site_unique",
        "operation": "neuf",
        "date_decision_financement": "2023-06-12",
        **CITED,
    }

    assert (
        support(
            "surface-et-menage-reel",
            batiment={
                "sites": {"etendue": "complete", "lignes": [site]},
                "logements": {"etendue": "complete", "lignes": [row]},
            },
            contrats={"contrats": {"etendue": "complete", "lignes": [contract]}},
        )
        is expected
    )


def test_pieces_may_be_required() -> None:
    """When pieces are required, a pass that cites none is not verifiable, one that cites its piece stays."""
    verdicts = [
        found("conventions-de-partenariat", pieces=True, **partner(**more)).verdict for more in ({}, CITED)
    ]

    assert verdicts == [Verdict.NON_VERIFIABLE, Verdict.CONFORME]
