"""A report followed from an earlier one: in every format, what is hidden is said, still counted, and nothing reads as clean."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from rsaudit.comparison import follow
from rsaudit.messages.output import follow_phrases
from rsaudit.model import RenderOptions, Verdict
from rsaudit.output import FORMATS, render
from rsaudit.output.json_report import parse

from .sample import sample_report

if TYPE_CHECKING:
    from rsaudit.model import Report

OPTIONS = RenderOptions()


@pytest.fixture
def all_hidden() -> Report:
    """Give a report where nothing is new."""
    return follow(sample_report(), sample_report())


@pytest.fixture
def one_new() -> Report:
    """Give a report where one constat of a rule on several contracts is new, the others are not."""
    report = sample_report()
    row = next(row for row in report.obligations if sum(f.verdict is Verdict.ECART for f in row.findings) > 1)
    new = next(f for f in row.findings if f.verdict is Verdict.ECART)
    kept = replace(row, findings=tuple(f for f in row.findings if f is not new))
    earlier = replace(report, obligations=tuple(kept if one is row else one for one in report.obligations))
    return follow(report, earlier)


def text_of(name: str, report: Report) -> str:
    """Give all the text a format shows."""
    written = render(name, report, OPTIONS)
    if name == "xlsx":
        book = load_workbook(io.BytesIO(written))  # type: ignore[arg-type]
        return "\n".join(str(cell) for page in book for row in page.values for cell in row if cell)
    return written.decode("utf-8-sig") if isinstance(written, bytes) else written


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("csv", "json")])
def test_each_format_says_what_it_hides(name: str, all_hidden: Report) -> None:
    """The reader is told how many constats are not detailed, since when, and that the counts hold them."""
    day = sample_report().audit_date.strftime("%d/%m/%Y")
    shown = text_of(name, all_hidden)

    assert day in shown
    assert "moins grave" in shown
    assert "Aucun écart relevé sur pièces" not in shown


@pytest.mark.parametrize("name", ["terminal", "html", "markdown", "github", "gitlab"])
def test_reading_formats_leave_out_what_is_hidden(name: str, all_hidden: Report, one_new: Report) -> None:
    """A message hidden is not printed; the new one of the same rule is."""
    hidden = next(f for row in all_hidden.obligations for f in row.findings if f.verdict is Verdict.ECART)
    new = next(
        f for row in one_new.obligations for f in row.findings if f.verdict is Verdict.ECART and not f.hidden
    )
    start = hidden.message.split(",")[0].split(":")[0][:30]

    assert start in text_of(name, sample_report())
    assert start not in text_of(name, all_hidden)
    assert (new.subject or "").rsplit(" ", 1)[-1] in text_of(name, one_new)


def test_data_formats_mark_it(all_hidden: Report) -> None:
    """JSON, SARIF, CSV and JUnit keep every constat or case, those hidden marked as such."""
    hidden = sum(f.hidden for row in all_hidden.obligations for f in row.findings)
    data = json.loads(render("json", all_hidden, OPTIONS))
    results = json.loads(render("sarif", all_hidden, OPTIONS))["runs"][0]["results"]
    rows = list(csv.reader(io.StringIO(text_of("csv", all_hidden)), delimiter=";"))
    junit = Tree.fromstring(str(render("junit", all_hidden, OPTIONS)))  # noqa: S314 - written just now

    assert sum(one["masque"] for one in data["constats"]) == hidden
    assert sum("suppressions" in one for one in results) >= hidden
    assert sum(bool(row[-1]) for row in rows[1:]) == hidden
    assert junit.get("failures") == "0"
    assert len(list(junit.iter("testcase"))) == len(all_hidden.obligations)


def test_a_followed_report_is_read_back(all_hidden: Report) -> None:
    """The JSON of a followed report can be followed in its turn: it is read back as it was."""
    assert parse(str(render("json", all_hidden, OPTIONS))) == all_hidden


def test_counts_are_untouched(all_hidden: Report) -> None:
    """The summary printed is that of the whole report."""
    for name in ("terminal", "markdown", "html"):
        whole, followed = text_of(name, sample_report()), text_of(name, all_hidden)
        headline = next(line for line in whole.splitlines() if "écarts, dont" in line)
        assert headline in followed


def test_another_dossier_is_told() -> None:
    """When the file given has no report of this dossier, the report says that all is shown."""
    (phrase,) = follow_phrases(follow(sample_report(), None).since)

    assert "tout est montré" in phrase


def test_stale_entries_are_named() -> None:
    """What is no longer made is named with its present conclusion."""
    report = sample_report()
    row = next(row for row in report.obligations if row.verdict is Verdict.ECART)
    after = replace(report, obligations=tuple(one for one in report.obligations if one is not row))
    phrases = follow_phrases(follow(after, report).since)

    assert any("absent de ce rapport" in phrase and row.title in phrase for phrase in phrases)


def test_a_public_report_tells_no_row_that_is_stale() -> None:
    """In a communicable report, what is no longer made names no contract and no dwelling."""
    report = sample_report()
    after = replace(report, obligations=())
    followed = follow(after, report)
    assert followed.since is not None
    assert any(one.subject and "C-0" in one.subject for one in followed.since.stale)

    data = json.loads(render("json", followed, RenderOptions(public=True)))
    assert not any(one["objet"] and "C-0" in one["objet"] for one in data["depuis"]["perimes"])
    assert not any("C-0" in one["identifiant"] for one in data["depuis"]["perimes"])
