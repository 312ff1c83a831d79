"""GitLab code quality: the keys that GitLab reads, and fingerprints that last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from rsaudit.model import Position, RenderOptions
from rsaudit.output.gitlab import LISTED, render

from .golden import check_golden
from .sample import clean_report, hostile_report, invalid_report, sample_report

if TYPE_CHECKING:
    from rsaudit.model import Report

OPTIONS = RenderOptions()


def entries_of(report: Report) -> list[dict[str, Any]]:
    """Read the entries."""
    found: list[dict[str, Any]] = json.loads(render(report, OPTIONS))
    return found


def test_golden() -> None:
    """The entries of the sample are those that were reviewed."""
    check_golden("rapport.gitlab.json", render(sample_report(), OPTIONS))


def test_every_entry_has_what_gitlab_reads() -> None:
    """Each entry has a description, a check, a fingerprint, a known severity, a relative path and a line."""
    for report in (sample_report(), hostile_report(), invalid_report()):
        for entry in entries_of(report):
            assert entry["description"]
            assert entry["check_name"]
            assert len(entry["fingerprint"]) == 64
            assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
            assert not entry["location"]["path"].startswith(("/", "./"))
            assert entry["location"]["lines"]["begin"] >= 1


def test_gravity_is_the_severity() -> None:
    """An écart has the severity of its gravity; what is not an écart informs."""
    findings = [one for row in sample_report().obligations for one in row.findings if one.verdict in LISTED]
    severities = [entry["severity"] for entry in entries_of(sample_report())]

    assert severities.count("blocker") == sum(one.severity == "majeur" for one in findings)
    assert severities.count("major") == sum(one.severity == "significatif" for one in findings)
    assert severities.count("minor") == sum(one.severity == "mineur" for one in findings)
    assert severities.count("info") == sum(one.severity is None for one in findings)
    assert severities == sorted(severities, key=["blocker", "major", "minor", "info"].index)


def test_fingerprints_last() -> None:
    """A finding that moves in its file is the same one; two findings never share a fingerprint."""
    report = sample_report()
    rows = tuple(
        replace(
            row,
            findings=tuple(replace(one, position=Position(file="x.yaml", line=1)) for one in row.findings),
        )
        for row in report.obligations
    )
    before = [entry["fingerprint"] for entry in entries_of(report)]

    assert before == [entry["fingerprint"] for entry in entries_of(replace(report, obligations=rows))]
    assert len(set(before)) == len(before)


def test_two_dossiers_do_not_meet() -> None:
    """The same finding in two dossiers of one repository has two fingerprints."""
    other = replace(sample_report(), path="dossiers/autre")
    first, second = (
        {one["fingerprint"] for one in entries_of(report)} for report in (sample_report(), other)
    )

    assert not first & second


def test_nothing_to_list() -> None:
    """A report without écart, remarque or doubt is an empty list, which GitLab reads as clean."""
    assert entries_of(clean_report()) == []


def test_a_dossier_not_judged_blocks() -> None:
    """Each error of an invalid dossier is a blocker at its place."""
    assert [entry["severity"] for entry in entries_of(invalid_report())] == ["blocker", "blocker"]
