"""The workbook, read back by another library than the one that writes it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from rsaudit.model import Measure, RenderOptions
from rsaudit.output.xlsx import render

from .golden import check_golden
from .sample import clean_report, hostile_report, invalid_report, large_report, sample_report

OPTIONS = RenderOptions()


def open_book(written: bytes) -> Any:
    """Open a workbook with the other library."""
    return load_workbook(BytesIO(written))


def cells_of(written: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Read the values of every sheet."""
    return {page.title: list(page.iter_rows(values_only=True)) for page in open_book(written)}


def column_of(page: Any, heading: str) -> list[Any]:
    """Give the cells of a column, by its heading."""
    headings = [cell.value for cell in page[1]]
    return [row[headings.index(heading)] for row in page.iter_rows(min_row=2)]


def test_same_report_same_bytes() -> None:
    """Two writings of one report are identical, with no date of the machine inside."""
    first, second = (render(sample_report(), OPTIONS) for _ in range(2))

    assert first == second
    core = ZipFile(BytesIO(first)).read("docProps/core.xml").decode()
    assert core.count("2026-09-30T00:00:00Z") == 2
    assert {info.date_time for info in ZipFile(BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_golden() -> None:
    """The cells of the sample are those that were reviewed."""
    lines = []
    for title, rows in cells_of(render(sample_report(), OPTIONS)).items():
        lines += [f"# {title}", *("\t".join(repr(cell) for cell in row) for row in rows)]

    check_golden("rapport.xlsx.txt", "\n".join(lines) + "\n")


def test_one_table_per_sheet() -> None:
    """Every sheet is one table with filters, frozen headings, and headings printed again across the page."""
    book = open_book(render(sample_report(), OPTIONS))

    assert book.sheetnames == [
        "Synthèse",
        "Écarts et remarques",
        "À fournir",
        "À apprécier sur place",
        "Tous les constats",
    ]
    for page in book:
        (table,) = page.tables.values()
        assert table.ref == page.dimensions
        assert table.autoFilter.ref == page.dimensions
        assert page.freeze_panes == "B2"
        assert page.print_title_rows == "$1:$1"
        assert page.page_setup.orientation == "landscape"


def test_the_columns_left_to_fill_in_are_empty() -> None:
    """The delay, the reply of the gestionnaire and the position after it are for people to write."""
    page = open_book(render(sample_report(), OPTIONS))["Écarts et remarques"]

    assert page.max_row == 7
    for heading in ("Délai", "Réponse du gestionnaire", "Position après réponse"):
        assert [cell.value for cell in column_of(page, heading)] == [None] * 6


def test_numbers_are_numbers() -> None:
    """Sums, areas, shares and dates can be added up and sorted, each with the format of its unit."""
    page = open_book(render(sample_report(), OPTIONS))["Tous les constats"]
    values = column_of(page, "Valeur")
    by_unit = {unit.value: cell for unit, cell in zip(column_of(page, "Unité"), values, strict=True)}

    assert by_unit["€"].value == 412.15
    assert "€" in by_unit["€"].number_format
    assert "m²" in by_unit["m²"].number_format
    assert by_unit["%"].number_format.endswith("%")
    assert by_unit["%"].value == pytest.approx(2 / 7)
    assert by_unit["jours"].value in (datetime(2025, 12, 2), datetime(2026, 9, 30))
    assert by_unit["jours"].is_date
    assert all(cell.data_type in ("n", "d") for cell in values)


def test_text_is_never_a_formula() -> None:
    """A hostile dossier gives no formula, no link, no external reference."""
    written = render(hostile_report(), OPTIONS)
    book = open_book(written)

    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
    with ZipFile(BytesIO(written)) as parts:
        names = parts.namelist()
        sheets = "".join(parts.read(name).decode() for name in names if "worksheets/sheet" in name)
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets
    assert not [name for name in names if "external" in name.lower()]


def test_a_text_like_a_formula_stays_one_when_edited() -> None:
    """A cell that begins with an equals sign keeps the mark that makes it text."""
    report = sample_report()
    row = report.obligations[0]
    told = replace(row.findings[0], observed="=cmd|' /C calc'!A0")
    report = replace(report, obligations=(replace(row, findings=(told,)),))
    cell = column_of(open_book(render(report, OPTIONS))["Tous les constats"], "Observé")[0]

    assert cell.value == "=cmd|' /C calc'!A0"
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_what_a_workbook_cannot_hold_is_text() -> None:
    """A date before 1900, a number beyond doubles and a text beyond a cell do not break the file."""
    report = sample_report()
    row = report.obligations[0]
    old = Measure(value=date(1789, 7, 14), limit=date(1900, 1, 1), direction="maximum", margin=1)
    huge = Measure(value=Decimal("1e400"), limit=0, direction="minimum", unit="€", margin=Decimal("1e400"))
    told = (
        replace(row.findings[0], measure=old),
        replace(row.findings[1], measure=huge, message="é" * 40_000),
    )
    written = render(replace(report, obligations=(replace(row, findings=told),)), OPTIONS)
    page = open_book(written)["Tous les constats"]

    assert column_of(page, "Valeur")[0].value == "1789-07-14"
    assert str(column_of(page, "Valeur")[1].value).startswith("1000")
    assert len(column_of(page, "Constat")[1].value) == 32_767


def test_a_dossier_not_judged_has_errors_and_no_finding() -> None:
    """An invalid dossier gives its errors, with file, line and what was found."""
    cells = cells_of(render(invalid_report(), OPTIONS))

    assert list(cells) == ["Synthèse", "Erreurs à corriger"]
    assert cells["Erreurs à corriger"][1][1:3] == ("contrats.csv", 3)


def test_an_empty_list_is_said() -> None:
    """A sheet without row says so."""
    cells = cells_of(render(clean_report(), OPTIONS))

    assert cells["Écarts et remarques"][1][0] == "Néant"


def test_a_long_list_stays_in_its_cell() -> None:
    """A rule broken by hundreds of contracts still fits in one row."""
    page = open_book(render(large_report(), OPTIONS))["Écarts et remarques"]

    assert page.max_row == 7
    assert all(len(str(cell.value)) < 2_000 for row in page.iter_rows() for cell in row)
