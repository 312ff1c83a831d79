"""JUnit XML, read back by the XML reader of the standard library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

from msgspec.structs import replace

from rsaudit.model import RenderOptions, Verdict
from rsaudit.output.junit import SKIPPED, render

from .golden import check_golden
from .sample import clean_report, hostile_report, invalid_report, sample_report, summarise

if TYPE_CHECKING:
    from rsaudit.model import Report

OPTIONS = RenderOptions()


def suites_of(report: Report) -> Element:
    """Read the suites."""
    return fromstring(render(report, OPTIONS))  # noqa: S314 (what we have just written)


def test_golden() -> None:
    """The XML of the sample is the one that was reviewed."""
    check_golden("rapport.junit.xml", render(sample_report(), OPTIONS))


def test_a_suite_per_chapter_a_case_per_obligation() -> None:
    """Chapters are suites in reading order, obligations their cases."""
    root = suites_of(sample_report())

    assert [suite.get("name", "").split(" – ")[1] for suite in root] == [
        "Bâti et logements",
        "Contrats et redevances",
        "Vie sociale et règlement intérieur",
        "Gestion et transmissions",
        "Accueil des résidents",
    ]
    assert len(list(root.iter("testcase"))) == len(sample_report().obligations)


def test_an_ecart_fails_and_nothing_else() -> None:
    """A failure is an obligation in écart; a remarque passes, and says what it is."""
    report = sample_report()
    failed = [
        case.get("name", "").split(" – ")[0]
        for case in suites_of(report).iter("testcase")
        if case.find("failure") is not None
    ]
    remark = next(
        case for case in suites_of(report).iter("testcase") if "taux-effort" in case.get("name", "")
    )

    assert failed == [row.rule for row in report.obligations if row.verdict is Verdict.ECART]
    assert [child.tag for child in remark] == ["system-out"]
    assert (remark.findtext("system-out") or "").startswith("Remarque")


def test_what_is_not_decided_is_skipped_with_its_reason() -> None:
    """A missing datum, a point of a visit and a rule that does not concern the residence are not passes."""
    report = sample_report()
    skipped = [case for case in suites_of(report).iter("testcase") if case.find("skipped") is not None]

    assert len(skipped) == sum(row.verdict in SKIPPED for row in report.obligations)
    for case in skipped:
        found = case.find("skipped")
        assert found is not None
        assert len(found.get("message", "")) > 20


def test_a_dossier_not_judged_gives_errors() -> None:
    """An invalid dossier has one error per thing wrong, and no obligation."""
    root = suites_of(invalid_report())

    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "0", "2")
    assert [case.get("classname") for case in root.iter("testcase")] == ["dossier", "dossier"]


def test_nothing_judged_is_not_a_success() -> None:
    """When no rule was run, a case is skipped: a report without case would look like a success."""
    report = replace(sample_report(), obligations=(), summary=summarise(()), errors=())
    root = suites_of(report)

    assert len(list(root.iter("skipped"))) == 1


def test_no_clock() -> None:
    """Nothing tells when or where the report was written."""
    text = render(sample_report(), OPTIONS)

    assert not re.search(r"timestamp|hostname|time=", text)
    assert text == render(sample_report(), OPTIONS)


def test_hostile_text_is_only_text() -> None:
    """The structure of a hostile report is that of the plain one, without a character that XML forbids."""
    tags = [one.tag for one in suites_of(hostile_report()).iter()]
    text = render(hostile_report(), OPTIONS)

    assert sorted(set(tags)) == sorted({one.tag for one in suites_of(sample_report()).iter()})
    assert "<![CDATA[" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", text)


def test_passes_left_out_do_not_break_it() -> None:
    """An obligation whose passes were not kept still has its case."""
    report = clean_report()
    rows = tuple(replace(row, findings=()) for row in report.obligations)

    assert len(list(suites_of(replace(report, obligations=rows)).iter("testcase"))) == len(rows)
