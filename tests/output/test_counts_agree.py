"""One summary, computed once: every count that a format prints is that of the report."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from io import BytesIO, StringIO
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from rsaudit.messages import VERDICT_LABELS
from rsaudit.messages.output import NOT_YET_DUE, headline
from rsaudit.model import VERDICT_ORDER, RenderOptions, Severity, Verdict
from rsaudit.output import FORMATS, render
from rsaudit.output.diffusion import communicable
from rsaudit.output.json_report import parse
from rsaudit.output.junit import SKIPPED
from rsaudit.output.sarif import KINDS
from rsaudit.output.view import split_subject

from .sample import clean_report, controlled_report, hostile_report, large_report, sample_report

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.model import Report

    #: Counts by obligation and by finding; `None` where a format does not give one of them.
    Counts = tuple[dict[Verdict, int] | None, dict[Verdict, int] | None]

MAKERS = (sample_report, controlled_report, clean_report, hostile_report, large_report)
_LABELS = {label: verdict for verdict, label in VERDICT_LABELS.items()} | {NOT_YET_DUE: Verdict.NON_CONCERNE}


def filled(counted: Counter[Verdict] | dict[str, int]) -> dict[Verdict, int]:
    """Give every verdict its count, zero included."""
    return {verdict: counted.get(verdict, 0) for verdict in VERDICT_ORDER}


def number(text: str) -> int:
    """Read a whole number written with French spaces."""
    return int(re.sub(r"\s", "", text))


def from_table(lines: list[tuple[str, str, str]]) -> Counts:
    """Read a table of verdicts with its two columns of counts, and check its total."""
    found = {
        _LABELS[label]: (number(first), number(second)) for label, first, second in lines if label in _LABELS
    }
    totals = [(number(first), number(second)) for label, first, second in lines if label == "Total"]

    assert totals == [tuple(map(sum, zip(*found.values(), strict=True)))]
    return {one: pair[0] for one, pair in found.items()}, {one: pair[1] for one, pair in found.items()}


def counts_of_json(text: str) -> Counts:
    """Read the summary of the JSON report, and count its findings."""
    data = json.loads(text)
    assert filled(Counter(one["verdict"] for one in data["constats"])) == filled(
        {key: value for key, value in data["synthese"]["constats"].items() if key in set(Verdict)}
    )
    return filled(data["synthese"]["obligations"]), filled(data["synthese"]["constats"])


def counts_of_sarif(text: str) -> Counts:
    """Count the results by kind, where a kind says the verdict, and read the properties of the run."""
    run = json.loads(text)["runs"][0]
    verdicts = Counter(Verdict(one["properties"]["verdict"]) for one in run["results"])
    kinds = Counter(one["kind"] for one in run["results"])

    assert all(kinds[KINDS[one]] == count for one, count in verdicts.items() if KINDS[one] != "fail")
    assert filled(run["properties"]["synthese"]["constats"]) == filled(verdicts)
    return filled(run["properties"]["synthese"]["obligations"]), filled(verdicts)


def counts_of_junit(text: str) -> Counts:
    """Add up the properties of the suites, and check the counts of cases against them."""
    root = fromstring(text)  # noqa: S314 (what we have just written)
    totals: dict[str, Counter[Verdict]] = {"obligations": Counter(), "constats": Counter()}
    for one in root.iter("property"):
        what, _, verdict = (one.get("name") or "").partition(".")
        if what in totals:
            totals[what][Verdict(verdict)] += int(one.get("value") or "")
    obligations = filled(totals["obligations"])

    assert int(root.get("tests") or "") == sum(obligations.values()) == len(list(root.iter("testcase")))
    assert int(root.get("failures") or "") == obligations[Verdict.ECART] == len(list(root.iter("failure")))
    assert len(list(root.iter("skipped"))) == sum(obligations[verdict] for verdict in SKIPPED)
    return obligations, filled(totals["constats"])


def counts_of_gitlab(text: str) -> Counts:
    """Count the entries by the label their description begins with; the other verdicts are not listed."""
    labels = {"Remarque": Verdict.REMARQUE, "Donnée": Verdict.NON_VERIFIABLE, "À": Verdict.A_VERIFIER}
    words = [re.split(r"\s", entry["description"])[0] for entry in json.loads(text)]
    return None, dict(Counter(labels.get(word, Verdict.ECART) for word in words))


def counts_of_markdown(text: str) -> Counts:
    """Read the table of counts."""
    rows = re.findall(r"^\| ([^|]+) \| ([\d\s]+) \| ([\d\s]+) \|$", text, re.MULTILINE)
    return from_table([(label, first, second) for label, first, second in rows])


def counts_of_csv(written: bytes) -> Counts:
    """Count the lines by conclusion."""
    lines = csv.DictReader(StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";")
    return None, filled(Counter(_LABELS[line["Conclusion"]] for line in lines))


def counts_of_xlsx(written: bytes) -> Counts:
    """Read the counts of the first sheet, and count the rows of the others."""
    book = load_workbook(BytesIO(written), read_only=True)
    summary = [row for row in book["Synthèse"].iter_rows(values_only=True) if "Décompte" in str(row[0])]
    found: dict[str, dict[str, int]] = {}
    for rubric, label, value in summary:
        found.setdefault(rubric, {})[label] = value
    obligations, findings = (dict(counts) for counts in found.values())
    rows = {page.title: list(page.iter_rows(min_row=2, values_only=True)) for page in book}
    breaches = [row for row in rows["Écarts et remarques"] if row[0] != "Néant"]
    listed = Counter(_LABELS[row[1]] for row in rows["Tous les constats"])

    assert obligations.pop("Total") == sum(obligations.values())
    assert findings.pop("Total") == sum(findings.values())
    assert len(breaches) == sum(obligations[VERDICT_LABELS[one]] for one in (Verdict.ECART, Verdict.REMARQUE))
    assert sum(row[6] for row in breaches) == listed[Verdict.ECART] + listed[Verdict.REMARQUE]
    by_label = {_LABELS[label]: count for label, count in findings.items()}
    assert filled(listed) == by_label
    return {_LABELS[label]: count for label, count in obligations.items()}, by_label


READERS: dict[str, Callable[..., Counts]] = {
    "json": counts_of_json,
    "sarif": counts_of_sarif,
    "junit": counts_of_junit,
    "gitlab": counts_of_gitlab,
    "markdown": counts_of_markdown,
    "csv": counts_of_csv,
    "xlsx": counts_of_xlsx,
}


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("name", READERS)
def test_counts_are_those_of_the_summary(name: str, make: Callable[[], Report]) -> None:
    """Each format, read back, gives the counts of the report."""
    report = make()
    obligations, findings = READERS[name](render(name, report, RenderOptions()))

    if obligations is not None:
        assert obligations == filled(report.summary.obligations)
    for verdict, count in (findings or {}).items():
        assert count == report.summary.findings[verdict]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("name", ["terminal", "html", "github", "markdown"])
def test_the_headline_is_the_same(name: str, make: Callable[[], Report]) -> None:
    """The sentence that opens a report for people says the counts of the summary, the same everywhere."""
    report = make()
    found = render(name, report, RenderOptions())
    text = found.decode() if isinstance(found, bytes) else found

    assert headline(report) in re.sub(r"<[^>]+>", "", text)


@pytest.mark.parametrize("make", MAKERS)
def test_the_summary_adds_up(make: Callable[[], Report]) -> None:
    """The summary is that of the obligations listed, and écarts add up by gravity."""
    report = make()
    summary = report.summary

    assert filled(Counter(row.verdict for row in report.obligations)) == summary.obligations
    assert sum(summary.breaches[one] for one in Severity) == summary.obligations[Verdict.ECART]


def test_public_counts_agree() -> None:
    """Each communicable format counts the same: all, but for the information whose counts are not told."""
    report, public = sample_report(), RenderOptions(public=True)
    expected = communicable(report).summary
    written = {name: render(name, report, public) for name in ("json", "sarif", "junit", "markdown")}
    properties = json.loads(written["sarif"])["runs"][0]["properties"]
    found = [
        counts_of_junit(str(written["junit"])),
        counts_of_markdown(str(written["markdown"])),
        *((said["obligations"], said["constats"]) for said in (json.loads(written["json"])["synthese"],)),
        (properties["synthese"]["obligations"], properties["synthese"]["constats"]),
    ]

    assert expected.obligations == report.summary.obligations
    for obligations, findings in found:
        assert filled(obligations or {}) == filled(expected.obligations)
        assert filled(findings or {}) == filled(expected.findings)


@pytest.mark.parametrize(
    "example",
    ["benjoin", "benjoin-fautif", "epicea", "foyer-soleil", "identite-seule.yaml", "petite-residence.yaml"],
)
def test_every_format_of_an_example_counts_the_same(
    example: str, program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """One run of the program gives the same counts in every format, those of its JSON report."""
    paths = {name: tmp_path / name for name in FORMATS}
    wanted = [f"-o{name}:{path}" for name, path in paths.items()]
    run = program("audit", f"examples/{example}", "--date", "2026-09-30", "--seuil", "aucun", *wanted)
    assert run.returncode in {0, 3}, run.stderr
    expected = counts_of_json(paths["json"].read_text("utf-8"))
    said = headline(parse(paths["json"].read_text("utf-8")))

    for name, read in READERS.items():
        obligations, findings = read(
            paths[name].read_bytes() if name in {"csv", "xlsx"} else paths[name].read_text("utf-8")
        )
        assert obligations is None or obligations == expected[0], name
        assert all(count == (expected[1] or {})[verdict] for verdict, count in (findings or {}).items()), name
    for name in ("terminal", "html", "github", "markdown"):
        assert said in re.sub(r"<[^>]+>", "", paths[name].read_text("utf-8")), name


def test_every_format_is_here() -> None:
    """A format added to the dictionary must have its counts compared."""
    assert set(FORMATS) == set(READERS) | {"terminal", "html", "github"}


@pytest.mark.parametrize(
    ("subject", "noun"),
    [
        ("le contrat C-001", "contrat"),
        ("le départ du contrat C-001", "départ"),
        ("le relevé de la chambre C-001", "relevé"),
        ("la réunion du C-001", "réunion"),
        ("le rapport d’activité C-001", "rapport d’activité"),
        ("le compte de résultat C-001", "compte de résultat"),
    ],
)
def test_what_is_counted_is_the_subject_itself(subject: str, noun: str) -> None:
    """« 1 départ sur 7 », not « 1 départ du contrat »: what it belongs to is in its own label, what it is stays."""
    one = sample_report().obligations[0].findings[0]
    assert split_subject(replace(one, identifier="r/regle/C-001", subject=subject)) == (noun, "C-001")
