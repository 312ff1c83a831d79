"""SARIF: the shape that other programs rely on, and what the specification says beyond its schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from rsaudit.model import Position, RenderOptions, Severity, Verdict
from rsaudit.output.sarif import KINDS, LEVELS, render

from .golden import check_golden
from .sample import clean_report, hostile_report, invalid_report, sample_report

OPTIONS = RenderOptions()


def run_of(report: Any) -> Any:
    """Read the only run of a log."""
    log = json.loads(render(report, OPTIONS))

    assert log["version"] == "2.1.0"
    assert len(log["runs"]) == 1
    return log["runs"][0]


def test_golden() -> None:
    """The log of the sample is the one that was reviewed."""
    check_golden("rapport.sarif", render(sample_report(), OPTIONS))


def test_every_finding_is_a_result() -> None:
    """Each finding gives one result, passes included, under the kind of its verdict."""
    report = sample_report()
    findings = [one for row in report.obligations for one in row.findings]
    results = run_of(report)["results"]

    assert [one["kind"] for one in results] == [KINDS[one.verdict] for one in findings]
    assert {one["kind"] for one in results} == {
        "pass",
        "fail",
        "notApplicable",
        "review",
        "open",
        "informational",
    }
    assert [one["properties"]["identifiant"] for one in results] == [one.identifier for one in findings]


def test_level_says_the_gravity() -> None:
    """A failure has the level of its gravity; a result that is not a failure has none."""
    report = sample_report()
    findings = [one for row in report.obligations for one in row.findings]
    for one, result in zip(findings, run_of(report)["results"], strict=True):
        if one.severity:
            assert result["level"] == LEVELS[one.severity]
        elif result["kind"] != "fail":
            assert result["level"] == "none"
    assert LEVELS == {Severity.MAJEUR: "error", Severity.SIGNIFICATIF: "warning", Severity.MINEUR: "note"}


def test_results_point_at_their_rule() -> None:
    """Each result points at the rule that it names, and each rule has its help in text and in Markdown."""
    run = run_of(sample_report())
    rules = run["tool"]["driver"]["rules"]

    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert "Texte" in rule["help"]["text"]
        assert "**Preuve attendue**" in rule["help"]["markdown"]
    surfaces = next(rule for rule in rules if rule["id"] == "rs-modele/surface-habitable-minimale")
    assert surfaces["properties"]["tags"] == ["reglement", "obligation", "bati", "RS-III-12", "RS-III-13"]
    assert surfaces["defaultConfiguration"]["level"] == "error"


def test_every_result_has_a_place() -> None:
    """A forge refuses a result without location: one without position is placed on the dossier."""
    run = run_of(sample_report())
    for result in run["results"]:
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
    manual = next(one for one in run["results"] if one["kind"] == "review")
    assert "region" not in manual["locations"][0]["physicalLocation"]


def test_columns_are_those_of_text() -> None:
    """A column of a line of text is given, in characters; the column of a table is not one."""
    run = run_of(sample_report())
    regions = [one["locations"][0]["physicalLocation"].get("region", {}) for one in run["results"]]

    assert run["columnKind"] == "unicodeCodePoints"
    assert regions[0] == {"startLine": 14, "startColumn": 9}
    table = next(one for one in run["results"] if "depot-garantie" in one["ruleId"])["locations"][0]
    assert table["physicalLocation"]["region"] == {"startLine": 2}
    assert table["message"]["text"] == "ligne 2, colonne depot_garantie"


def test_paths_are_relative_and_encoded() -> None:
    """A path is relative to the repository, with « / », and encoded as a URI."""
    report = sample_report()
    row = report.obligations[0]
    moved = replace(row.findings[0], position=Position(file="dossiers\\filaos\\états\\bâti 2:1.yaml", line=1))
    report = replace(report, obligations=(replace(row, findings=(moved,)),))
    uri = run_of(report)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]

    assert uri == "dossiers/filaos/%C3%A9tats/b%C3%A2ti%202%3A1.yaml"


def test_fingerprints_follow_the_subject() -> None:
    """A finding is recognised when its lines move and its sums change; two findings never look the same."""
    report = sample_report()
    rows = tuple(
        replace(
            row,
            findings=tuple(
                replace(one, message="autre", position=Position(file="ailleurs.yaml", line=99))
                for one in row.findings
            ),
        )
        for row in report.obligations
    )
    before = [one["partialFingerprints"] for one in run_of(report)["results"]]
    after = [one["partialFingerprints"] for one in run_of(replace(report, obligations=rows))["results"]]

    assert before == after
    assert len({one["identifiant/v1"] for one in before}) == len(before)


def test_a_derogation_is_a_suppressed_failure() -> None:
    """An écart under derogation stays a failure, suppressed with the act that allows it."""
    found = [one for one in run_of(sample_report())["results"] if "suppressions" in one]

    assert [one["properties"]["verdict"] for one in found] == ["derogation"]
    assert found[0]["kind"] == "fail"
    assert found[0]["suppressions"][0]["status"] == "accepted"
    assert "n° 2024-118" in found[0]["suppressions"][0]["justification"]


def test_a_dossier_not_judged_is_a_failed_run() -> None:
    """An invalid dossier gives no result and no rule: only notifications."""
    run = run_of(invalid_report())
    (invocation,) = run["invocations"]
    notifications = invocation["toolExecutionNotifications"]

    assert run["results"] == []
    assert invocation["executionSuccessful"] is False
    assert [one["level"] for one in notifications] == ["error", "error", "note", "note"]
    assert notifications[0]["descriptor"]["id"] == "type"
    assert notifications[0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}


def test_braces_and_brackets_are_only_text() -> None:
    """A message has no placeholder and no link, whatever the dossier holds."""
    text = json.dumps(run_of(hostile_report()), ensure_ascii=False)

    assert "](" not in text
    for result in run_of(hostile_report())["results"]:
        assert "{{{{7*7}}}}" in result["message"]["text"]


def test_what_is_undecided_is_not_a_pass() -> None:
    """Only « conforme » is a pass."""
    assert [verdict for verdict, kind in KINDS.items() if kind == "pass"] == [Verdict.CONFORME]
    assert {one["kind"] for one in run_of(clean_report())["results"]} == {"pass", "notApplicable"}


@pytest.mark.parametrize("public", [False, True])
def test_same_report_same_text(public: bool) -> None:
    """Two writings of one report are identical."""
    options = RenderOptions(public=public)

    assert render(sample_report(), options) == render(sample_report(), options)
