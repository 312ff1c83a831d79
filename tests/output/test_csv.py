"""CSV, read back by the reader of the standard library."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rsaudit.messages import VERDICT_LABELS
from rsaudit.messages.output import NOT_YET_DUE
from rsaudit.model import RenderOptions
from rsaudit.output.csv import number_text, render
from rsaudit.output.table import Quantity

from .golden import check_golden
from .sample import hostile_report, invalid_report, sample_report

if TYPE_CHECKING:
    from rsaudit.model import Report

OPTIONS = RenderOptions()


def lines_of(report: Report) -> list[dict[str, str]]:
    """Read the lines, by heading."""
    text = render(report, OPTIONS).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";", strict=True))


def test_golden() -> None:
    """The table of the sample is the one that was reviewed."""
    check_golden("rapport.csv", render(sample_report(), OPTIONS))


def test_a_french_spreadsheet_opens_it() -> None:
    """UTF-8 with its mark, CRLF at each line, and the same columns everywhere."""
    written = render(sample_report(), OPTIONS)

    assert written.startswith(b"\xef\xbb\xbfNum")
    assert written.count(b"\r\n") == written.count(b"\n") == written.count(b"\r") == 73
    assert all(None not in line and None not in line.values() for line in lines_of(sample_report()))


def test_a_line_per_finding() -> None:
    """Every finding has its line, passes included."""
    findings = [one for row in sample_report().obligations for one in row.findings]
    lines = lines_of(sample_report())

    assert [line["Identifiant"] for line in lines] == [one.identifier for one in findings]
    assert [line["Conclusion"] for line in lines] == [
        NOT_YET_DUE if one.not_yet_due else VERDICT_LABELS[one.verdict] for one in findings
    ]


def test_numbers_and_dates_are_french() -> None:
    """Numbers have a comma and no thousands sign; dates are JJ/MM/AAAA."""
    lines = lines_of(sample_report())
    for line in lines:
        if line["Unité"] == "jours":
            assert re.fullmatch(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", line["Valeur"])
        for heading in ("Marge", "Limite") if line["Unité"] != "jours" else ("Marge",):
            assert re.fullmatch(r"(-?[0-9]+(,[0-9]+)?)?", line[heading])
    late = next(line for line in lines if line["Identifiant"].endswith("envoi-15-novembre/2025"))
    assert (late["Échéance"], late["Marge"], late["Unité"]) == ("15/11/2025", "-17", "jours")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("1234567.80"), "€", "1234567,80"),
        (Decimal("1E+3"), None, "1000"),
        (12, "m²", "12"),
        (Decimal("0.3"), "%", "30"),
        (Fraction(1, 3), "%", "33,33"),
        (Fraction(-1, 3), None, "-0,33"),
        (Decimal("0.075"), "%", "7,5"),
    ],
)
def test_number_text(value: int | Decimal | Fraction, unit: str | None, text: str) -> None:
    """A number is written exactly when a decimal can, a percentage out of 100."""
    assert number_text(Quantity(value=value, unit=unit)) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+33 2",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "  =1",
        "\r=1",
        "|cmd",
        "＝1",
        "\u00a0=1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    """A text that a spreadsheet would run is given an apostrophe, even behind blanks."""
    report = sample_report()
    row = report.obligations[0]
    told = replace(row.findings[0], message=text, subject=text, observed=text)
    line = lines_of(replace(report, obligations=(replace(row, findings=(told,)),)))[0]

    for heading in ("Constat", "Objet", "Observé"):
        assert line[heading].startswith("'")


def test_hostile_text_stays_in_its_cell() -> None:
    """A hostile report has the lines and columns of the plain one, and no cell begins like a formula."""
    hostile, plain = lines_of(hostile_report()), lines_of(sample_report())

    assert len(hostile) == len(plain)
    assert [list(line) for line in hostile] == [list(line) for line in plain]
    for line in hostile:
        for cell in line.values():
            assert not re.match(r"\s*[=+@|\t\r]", cell)
            assert re.fullmatch(r"-[0-9,]+", cell) or not cell.lstrip().startswith("-")
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", cell)


def test_a_dossier_not_judged_has_errors_and_no_finding() -> None:
    """An invalid dossier gives one line per error, in the same columns."""
    lines = lines_of(invalid_report())

    assert list(lines[0]) == list(lines_of(sample_report())[0])
    assert [line["Identifiant"] for line in lines] == ["type", "syntaxe"]
    assert {line["Conclusion"] for line in lines} == {"Erreur de saisie (dossier non examiné)"}
