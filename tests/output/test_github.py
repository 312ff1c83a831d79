"""GitHub annotations: what the runner reads, how many, and the summary of the job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rsaudit.model import RenderOptions, Severity, Verdict
from rsaudit.output.github import LIMIT, SUMMARY_BYTES, render, summary

from .golden import check_golden
from .sample import clean_report, hostile_report, invalid_report, large_report, sample_report

if TYPE_CHECKING:
    from rsaudit.model import Report

OPTIONS = RenderOptions()


def commands_of(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Read the commands as the runner does: `::name key=value,key=value::message`, then its escapes."""
    found = []
    for line in render(report, OPTIONS).splitlines():
        match = re.match(r"\s*::(?P<name>[a-z-]+)(?: (?P<properties>.*?))?::(?P<data>.*)", line)
        if match:
            pairs = (one.split("=", 1) for one in match["properties"].split(","))
            found.append((match["name"], {key: undone(value) for key, value in pairs}, undone(match["data"])))
    return found


def undone(text: str) -> str:
    """Undo the escapes of a command."""
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def many(severity: Severity | None, number: int) -> Report:
    """Make a report with that many obligations in écart of one gravity."""
    report = sample_report()
    model = next(row for row in report.obligations if row.verdict is Verdict.ECART)
    rows = tuple(replace(model, rule=f"regle-{index}", severity=severity) for index in range(number))
    return replace(report, obligations=rows, errors=())


def test_golden() -> None:
    """The commands and the summary of the sample are those that were reviewed."""
    check_golden("rapport.github.txt", render(sample_report(), OPTIONS))


def test_gravest_first() -> None:
    """Errors come before warnings, warnings before notices; each obligation is annotated once."""
    report = sample_report()
    levels = [level for level, _, _ in commands_of(report)]
    told = [Verdict.ECART, Verdict.REMARQUE, Verdict.NON_VERIFIABLE]

    assert levels == sorted(levels, key=["error", "warning", "notice"].index)
    assert len(levels) == sum(row.verdict in told for row in report.obligations) + len(report.errors)


def test_an_annotation_names_its_place_and_its_subjects() -> None:
    """An annotation stands at its file and line, and counts the subjects of the obligation."""
    deposit = next(one for one in commands_of(sample_report()) if one[1]["title"].startswith("E-02"))

    assert deposit[0] == "error"
    assert deposit[1] == {
        "file": "contrats.csv",
        "line": "2",
        "title": "E-02 – Écart majeur – Montant du dépôt de garantie",
    }
    assert deposit[2].startswith("18\u00a0contrats sur 40\u00a0: C-001, ")


@pytest.mark.parametrize("severity", list(Severity))
def test_ten_of_a_level_at_most(severity: Severity) -> None:
    """Beyond ten of one level GitHub drops the rest in silence: a notice says how many are left out."""
    commands = commands_of(many(severity, 25))
    levels = [level for level, _, _ in commands]
    kept = [one for one in commands if one[1]["title"] != "rsaudit"]

    assert all(levels.count(level) <= LIMIT for level in ("error", "warning", "notice"))
    assert commands[-1][0] == "notice"
    assert commands[-1][2].startswith(f"{25 - len(kept)}\u00a0autres points")


def test_ten_are_all_told() -> None:
    """Ten annotations of each level need no notice."""
    report = replace(many(None, 0), obligations=sum((many(one, 10).obligations for one in Severity), ()))
    commands = commands_of(report)

    assert len(commands) == 30
    assert not [one for one in commands if one[1]["title"] == "rsaudit"]


def test_a_dossier_not_judged_is_annotated() -> None:
    """Each error of an invalid dossier is an annotation at its place."""
    commands = commands_of(invalid_report())

    assert [level for level, _, _ in commands] == ["error", "error"]
    assert commands[0][1]["line"] == "3"


def test_text_cannot_make_a_command() -> None:
    """A hostile dossier gives the commands of the plain one, on as many lines; texts come back whole."""
    hostile = render(hostile_report(), OPTIONS)

    assert len(hostile.splitlines()) == len(render(sample_report(), OPTIONS).splitlines())
    assert len(commands_of(hostile_report())) == len(commands_of(sample_report()))
    assert "##[" not in hostile
    assert not re.search(r"::", hostile.splitlines()[-1])
    for _, properties, message in commands_of(hostile_report()):
        assert set(properties) <= {"file", "line", "col", "title"}
        assert "::error::x %0A ::warning::y" in message


def test_an_undecided_run_is_not_silent() -> None:
    """The last line says in words what was found, even when there is nothing to annotate."""
    assert render(clean_report(), OPTIONS).count("\n") == 1
    assert "Aucun écart relevé" in render(clean_report(), OPTIONS)


def test_the_summary_holds_everything_or_says_so() -> None:
    """The summary of the job is the Markdown report, within what a step may write."""
    assert "## Écarts et remarques" in summary(sample_report(), OPTIONS)
    assert len(summary(large_report(4_000), OPTIONS).encode()) <= SUMMARY_BYTES
