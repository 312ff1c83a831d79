"""What people said: what decides, what is only shown, what is set aside, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from rsaudit.cases import lay_over
from rsaudit.cli.session import Session
from rsaudit.engine import AuditOptions, audit
from rsaudit.loading import from_data
from rsaudit.messages import NBSP, NNBSP
from rsaudit.model import Verdict
from rsaudit.reception import receive_data
from rsaudit.validation import violations

if TYPE_CHECKING:
    from rsaudit.model import Finding, Report
    from rsaudit.ruleset import CompiledRuleset

DAY = date(2026, 9, 30)
POINT = "decence-en-pratique"
"""A point on the whole residence that only a look settles."""
AUTOMATIC = "mobilier-de-secours"
ADMITTED = ("préfet d’essai", "article 4 de la convention d’essai")

_SESSION = Session()
(_RULESET,) = _SESSION.rulesets(["reunion"])
GAP: dict[str, Any] = {
    "batiment": {
        "logements": {"etendue": "complete", "lignes": [{"numero": "101", "meuble": False}]},
        "mobilier_secours": False,
    }
}


def judge(
    *answers: dict[str, Any],
    derogations: tuple[dict[str, Any], ...] = (),
    control: bool = False,
    top: dict[str, Any] | None = None,
    ruleset: CompiledRuleset = _RULESET,
    as_of: date = DAY,
) -> Report:
    """Judge a small dossier with these answers and derogations, in a control or not."""
    data = lay_over(_RULESET.ruleset.base, top or {})
    data["reponses"] = {"points": list(answers)}
    data["derogations"] = {"accordees": list(derogations)}
    if control:
        data["controle"] = {"cadre": "controle"}
    dossier = receive_data(data, _SESSION.schemas, name="essai")
    assert dossier.errors == []
    return audit(dossier, [ruleset], as_of=as_of, vocabulary=_SESSION.vocabulary, options=AuditOptions())


def answer(verdict: str = "conforme", **given: Any) -> dict[str, Any]:
    """Write an answer to the point, by an inspector a few days before."""
    return {"regle": POINT, "role": "inspecteur", "date": "2026-09-22", "verdict": verdict, **given}


def constat(report: Report, rule: str = POINT) -> Finding:
    """Return the only constat of a rule."""
    (row,) = [row for row in report.obligations if row.rule == rule]
    (found,) = row.findings
    return found


def told(report: Report) -> str:
    """Return the notices, with ordinary spaces."""
    return "\n".join(report.notices).replace(NBSP, " ").replace(NNBSP, " ")


def test_an_answer_decides_a_point() -> None:
    """A point nobody answered waits; an answer concludes it, and is kept beside the constat."""
    assert constat(judge()).verdict is Verdict.A_VERIFIER
    report = judge(answer("ecart", commentaire="Garde-corps descellé."))
    found = constat(report)
    assert found.verdict is Verdict.ECART
    assert found.severity is not None
    assert found.response is not None
    assert "Garde-corps descellé." in found.message
    assert told(report) == ""


@pytest.mark.parametrize(
    ("given", "counts", "said"),
    [
        ({"date": "2026-09-30"}, True, ""),
        ({"date": "2026-10-01"}, False, "datée du 01/10/2026, après la date d’audit"),
        ({"jusqu_au": "2026-09-30"}, True, ""),
        ({"jusqu_au": "2026-09-29"}, False, "valait jusqu’au 29/09/2026 inclus"),
        ({"objet": "999"}, False, "n’a pas d’objet ou d’élément de ce nom"),
        ({"element": "rien"}, False, "n’a pas d’objet ou d’élément de ce nom"),
        ({"regle": "inconnue"}, False, "ne correspond à aucune règle jouée"),
    ],
)
def test_what_an_answer_needs_to_decide(given: dict[str, Any], counts: bool, said: str) -> None:
    """Too young, expired, or about nothing that is judged, an answer is told and ignored."""
    report = judge(answer(**given))
    assert constat(report).verdict is (Verdict.CONFORME if counts else Verdict.A_VERIFIER)
    assert (constat(report).response is not None) is counts
    if said:
        assert said in told(report)
    else:
        assert told(report) == ""


def test_an_answer_to_an_automatic_rule_is_told_and_ignored() -> None:
    """A rule that concludes by itself is not overturned by an answer."""
    report = judge(answer(regle=AUTOMATIC), top=GAP)
    found = constat(report, AUTOMATIC)
    assert found.verdict is Verdict.ECART
    assert found.response is None
    assert "la règle conclut d’elle-même" in told(report)


def test_the_latest_then_the_most_precise_answer_decides() -> None:
    """Of two answers the latest decides, whatever their order; nothing is told of the one it follows."""
    old, new = answer("conforme", date="2026-09-01"), answer("ecart")
    for answers in ((old, new), (new, old)):
        report = judge(*answers)
        assert constat(report).verdict is Verdict.ECART
        assert told(report) == ""


def test_two_answers_of_one_day_that_contradict_each_other_decide_nothing() -> None:
    """Between a pass and an écart of the same day, the tool does not choose."""
    report = judge(answer("conforme"), answer("ecart"))
    assert constat(report).verdict is Verdict.A_VERIFIER
    assert constat(report).response is None
    assert "se contredisent" in told(report)
    assert constat(judge(answer(), answer())).verdict is Verdict.CONFORME


def test_in_a_control_the_answer_of_the_manager_is_shown_and_decides_nothing() -> None:
    """The manager's word decides a self-check; in a control it is printed beside a point that stays open."""
    mine = answer(role="gestionnaire", commentaire="Tout va bien.")
    assert constat(judge(mine)).verdict is Verdict.CONFORME
    report = judge(mine, control=True)
    found = constat(report)
    assert found.verdict is Verdict.A_VERIFIER
    assert found.response is not None
    assert not found.response.decides
    assert "sa réponse ne décide rien. Tout va bien." in told(report)
    both = judge(mine, answer("ecart", date="2026-09-01"), control=True)
    assert constat(both).verdict is Verdict.ECART, "even younger, the manager’s answer gives way"
    assert constat(both).support is not None


def test_an_answer_carries_its_sample() -> None:
    """« Vu 6 logements sur 44 » is in the message, and each dwelling seen beside it."""
    found = constat(judge(answer(logements_vus=6, logements_total=44)))
    assert f"vu 6{NBSP}logements sur 44" in found.message
    noted = [{"numero": "103", "verdict": "conforme"}, {"numero": "207", "verdict": "non_concerne"}]
    dwellings = {
        "batiment": {"logements": {"etendue": "complete", "lignes": [{"numero": "103"}, {"numero": "207"}]}}
    }
    found = constat(judge(answer(par_logement=noted, logements_total=44), top=dwellings))
    assert found.response is not None
    assert [one.dwelling for one in found.response.observations] == ["103", "207"]
    assert f"vu 2{NBSP}logements sur 44" in found.message


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"logements_vus": 45, "logements_total": 44}, "45 logements vus sur 44"),
        ({"par_logement": [{"numero": "103", "verdict": "conforme"}], "logements_vus": 3}, "en détaille 1"),
        ({"par_logement": [{"numero": "103", "verdict": "ecart"}]}, "note au logement 103 « écart »"),
        ({"par_logement": [{"numero": "103", "verdict": "remarque"}]}, "note au logement 103 « remarque »"),
    ],
)
def test_an_answer_that_contradicts_itself_is_ignored(given: dict[str, Any], said: str) -> None:
    """A pass is never drawn from an answer whose own sample says otherwise."""
    dwellings = {"batiment": {"logements": {"etendue": "complete", "lignes": [{"numero": "103"}]}}}
    report = judge(answer(**given), top=dwellings)
    assert constat(report).verdict is Verdict.A_VERIFIER
    assert said in told(report)


def test_a_dwelling_noted_must_be_one_of_the_dossier() -> None:
    """What was seen in an unknown dwelling is an error of the dossier, placed."""
    data = lay_over(
        _RULESET.ruleset.base,
        {"batiment": {"logements": {"etendue": "complete", "lignes": [{"numero": "103"}]}}},
    )
    data["reponses"] = {"points": [answer(par_logement=[{"numero": "104", "verdict": "conforme"}])]}
    dossier = from_data(data, _SESSION.schemas, name="essai")
    assert [error.code for error in violations(dossier, _SESSION.schemas)] == ["reference"]


# -- derogations -----------------------------------------------------------------------------------------


def derogation(**given: Any) -> dict[str, Any]:
    """Write a derogation to the automatic rule."""
    return {
        "regle": AUTOMATIC,
        "autorite": "Préfet d'essai",
        "texte": "article 4 de la convention d’essai",
        "date": "2025-06-02",
        **given,
    }


def admitting() -> CompiledRuleset:
    """Return the référentiel where the automatic rule accepts one derogation."""
    rules = tuple(
        structs.replace(compiled, rule=replace(compiled.rule, derogation=ADMITTED))
        if compiled.rule.id == AUTOMATIC
        else compiled
        for compiled in _RULESET.rules
    )
    return structs.replace(_RULESET, rules=rules)


def test_a_derogation_is_refused_unless_its_rule_names_it() -> None:
    """Closed by default: the shipped rules accept none, and it is told."""
    report = judge(derogations=(derogation(),), top=GAP)
    assert constat(report, AUTOMATIC).verdict is Verdict.ECART
    assert "aucun texte connu ne permet de déroger" in told(report)


def test_a_derogation_that_its_rule_names_covers_an_ecart() -> None:
    """Granted by the authority and the text the rule names, it covers the écart and is never a pass."""
    report = judge(derogations=(derogation(),), top=GAP, ruleset=admitting())
    found = constat(report, AUTOMATIC)
    assert found.verdict is Verdict.DEROGATION
    assert found.severity is None
    assert found.derogation is not None
    assert report.summary.findings[Verdict.DEROGATION] == 1
    assert told(report) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"autorite": "maire"}, "la règle n’admet que celle qu’accorde « préfet d’essai »"),
        ({"texte": "article 5"}, "au titre de « article 4 de la convention d’essai »"),
        ({"jusqu_au": "2026-09-29"}, "valait jusqu’au 29/09/2026 inclus"),
        ({"date": "2026-10-01"}, "après la date d’audit"),
        ({"regle": "inconnue"}, "ne correspond à aucune règle jouée"),
        ({"objet": "autre"}, "ne couvre aucun écart"),
    ],
)
def test_a_derogation_set_aside_is_told(given: dict[str, Any], said: str) -> None:
    """From another authority or text, expired, too young or about nothing, it covers nothing."""
    report = judge(derogations=(derogation(**given),), top=GAP, ruleset=admitting())
    assert constat(report, AUTOMATIC).verdict is Verdict.ECART
    assert said in told(report)


def test_a_derogation_without_an_ecart_is_told() -> None:
    """A derogation that covers nothing is told, and changes no verdict."""
    report = judge(derogations=(derogation(),), ruleset=admitting())
    assert constat(report, AUTOMATIC).verdict is not Verdict.DEROGATION
    assert "ne couvre aucun écart" in told(report)


@pytest.mark.parametrize(("role", "covers"), [("inspecteur", True), ("gestionnaire", False), (None, False)])
def test_in_a_control_only_the_inspector_brings_a_derogation(role: str | None, covers: bool) -> None:
    """Declared by the manager, or by nobody knows whom, it is shown and covers nothing."""
    given = {"role": role} if role else {}
    report = judge(derogations=(derogation(**given),), top=GAP, ruleset=admitting(), control=True)
    assert (constat(report, AUTOMATIC).verdict is Verdict.DEROGATION) is covers
    assert ("Le dossier invoque une dérogation" in told(report)) is not covers
