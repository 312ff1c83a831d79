"""CSV and XLSX opened by LibreOffice, as a French user opens them. Without LibreOffice, the tests fail."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from output.sample import hostile_report, sample_report
from rsaudit.model import RenderOptions
from rsaudit.output import render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from rsaudit.model import Report

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
FRENCH_USER = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>fr-FR</value></prop></item></oor:items>
"""
#: Semicolon, double quote, UTF-8, from line 1, French (1036), numbers and dates recognised outside quotes.
FRENCH_CSV = "CSV:59,34,76,1,,1036,false,true"
#: All sheets, as shown, to semicolon CSV in UTF-8.
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,1036,false,true,true,false,false,-1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Find LibreOffice, with a profile of its own."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.fail("LibreOffice absent : installer libreoffice-calc")
    profile = tmp_path_factory.mktemp("profil")
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir()
    settings.write_text(FRENCH_USER, encoding="utf-8")
    return [program, "--headless", f"-env:UserInstallation={profile.as_uri()}"]


def written(name: str, report: Report) -> bytes:
    """Write a report in a binary format."""
    found = render(name, report, RenderOptions())

    assert isinstance(found, bytes)
    return found


def convert(office: list[str], source: Path, to: str, *options: str) -> Path:
    """Open a file in LibreOffice and save it in another format, beside it."""
    folder = source.parent / "converti"
    command = [*office, *options, "--convert-to", to, "--outdir", str(folder), str(source)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)

    assert folder.is_dir(), done.stdout + done.stderr
    return folder


def opened_csv(office: list[str], written: bytes, folder: Path) -> Worksheet:
    """Open our CSV in LibreOffice in French and read the cells it made."""
    source = folder / "rapport.csv"
    source.write_bytes(written)
    book = load_workbook(convert(office, source, "xlsx", f"--infilter={FRENCH_CSV}") / "rapport.xlsx")
    page: Worksheet = book.worksheets[0]
    return page


def column(page: Worksheet, heading: str) -> list[object]:
    """Give the values of a column."""
    headings = [cell.value for cell in page[1]]
    return [row[headings.index(heading)] for row in page.iter_rows(min_row=2, values_only=True)]


def test_csv_opens_in_columns(office: list[str], tmp_path: Path) -> None:
    """The columns are found, accents are right, numbers and dates are numbers and dates."""
    page = opened_csv(office, written("csv", sample_report()), tmp_path)
    units = column(page, "Unité")
    values = column(page, "Valeur")
    margins = column(page, "Marge")

    assert page.max_row == 73
    assert column(page, "Gravité")[1] == "majeur"
    assert all(
        isinstance(one, int | float) for one, unit in zip(values, units, strict=True) if unit in ("€", "m²")
    )
    assert -111.25 in margins
    late = column(page, "Identifiant").index("rs-modele/envoi-15-novembre/2025")
    assert str(column(page, "Échéance")[late]).startswith("2025-11-15")


def test_a_hostile_csv_has_no_formula(office: list[str], tmp_path: Path) -> None:
    """LibreOffice finds no formula and no other line in the CSV of a hostile dossier."""
    page = opened_csv(office, written("csv", hostile_report()), tmp_path)
    kinds = {cell.data_type for row in page.iter_rows() for cell in row}

    assert page.max_row == 73
    assert kinds <= {"s", "n", "d"}


def test_workbook_opens_as_written(office: list[str], tmp_path: Path) -> None:
    """LibreOffice reads in each sheet of our workbook its rows, and shows units the French way."""
    source = tmp_path / "rapport.xlsx"
    source.write_bytes(written("xlsx", sample_report()))
    folder = convert(office, source, ALL_SHEETS)
    sheets = {}
    for path in folder.glob("rapport-*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            sheets[path.stem.removeprefix("rapport-")] = list(csv.reader(lines, delimiter=";"))

    assert {name: len(rows) for name, rows in sheets.items()} == {
        page.title: page.max_row for page in load_workbook(source)
    }
    shown = "\n".join(";".join(row) for row in sheets["Tous les constats"])
    assert "523,40 €" in shown
    assert "22,10 m²" in shown
    assert "28,57 %" in shown
    assert "15/11/2025" in shown


def test_a_hostile_workbook_has_no_formula(office: list[str], tmp_path: Path) -> None:
    """LibreOffice opens the workbook of a hostile dossier and saves it without formula nor link."""
    source = tmp_path / "rapport.xlsx"
    source.write_bytes(written("xlsx", hostile_report()))
    saved = convert(office, source, "fods") / "rapport.fods"
    text = saved.read_text(encoding="utf-8")

    assert "Tous les constats" in text
    assert not re.search(r"table:formula=|xlink:href=\"(?!urn:)", text)


def test_the_workbook_prints(office: list[str], tmp_path: Path) -> None:
    """The workbook prints: a PDF is made, with a few pages and not hundreds."""
    source = tmp_path / "rapport.xlsx"
    source.write_bytes(written("xlsx", sample_report()))
    data = (convert(office, source, "pdf") / "rapport.pdf").read_bytes()

    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 20


def test_the_table_of_breaches_opens_in_a_text(
    office: list[str], program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Opened in Writer, the table keeps its heading row, one row for each obligation, its empty columns."""
    source = tmp_path / "rapport.html"
    run = program(
        "audit", "examples/benjoin-fautif", "--date", "2026-09-30", "--seuil", "aucun", "-o", str(source)
    )
    assert run.returncode == 0, run.stderr
    saved = convert(office, source, "odt", "--infilter=HTML (StarWriter)") / "rapport.odt"
    with ZipFile(saved) as parts:
        content = Tree.fromstring(parts.read("content.xml"))  # noqa: S314 - written just now by LibreOffice
    rows = [
        ["".join(cell.itertext()).strip() for cell in row if cell.tag.endswith("}table-cell")]
        for row in content.iter(f"{TABLE}table-row")
    ]
    breaches = [row for row in rows if len(row) == 12]
    headings, *kept = breaches

    assert headings[-3:] == ["Délai", "Réponse du gestionnaire", "Position après réponse"]
    assert [row[0][:4] for row in kept] == [f"E-{at:02d}" for at in range(1, 25)]
    assert all(row[-3:] == ["", "", ""] for row in kept)
    assert all(all(row[1:8]) for row in kept)
    assert sum(1 for _ in content.iter(f"{TABLE}table-header-rows")) > 3
