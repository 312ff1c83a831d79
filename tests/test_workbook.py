"""A workbook is a dossier: what goes in comes out, what is doubtful is refused at its cell."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from xlsxwriter import Workbook

from conftest import ROOT
from dossiers import dossiers
from rsaudit.authoring.workbooks import changes
from rsaudit.cli.session import Session
from rsaudit.loading.cells import CellError
from rsaudit.validation import violations
from rsaudit.workbook import archive, layout_of, read_bytes
from rsaudit.workbook.archive import Cell
from rsaudit.workbook.layout import Form, Table, folded
from rsaudit.workbook.reading import value
from rsaudit.workbook.writing import write

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.workbook import Layout
    from rsaudit.workbook.layout import Column

SESSION = Session()
SCHEMAS = SESSION.schemas


@pytest.fixture(scope="module")
def layout() -> Layout:
    """Give the sheets of the shipped schemas."""
    return layout_of(SCHEMAS.sections)


def workbook(data: dict[str, Any], layout: Layout) -> bytes:
    """Write a dossier as a workbook."""
    return write(layout, data, title="essai", piece=SESSION.vocabulary.piece)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dossier=dossiers(SCHEMAS.sections))
def test_out_and_in_is_the_same_dossier(dossier: dict[str, Any]) -> None:
    """Any dossier of the schemas, written and read again, is the same value for value."""
    back = read_bytes(workbook(dossier, layout_of(SCHEMAS.sections)), "classeur.xlsx", SCHEMAS)
    assert [error for error in back.errors if error.severity == "erreur"] == []
    assert [(change.path, change.before, change.after) for change in changes(dossier, back.data)] == []


def test_names_and_headings_are_unambiguous(layout: Layout) -> None:
    """No two sheets have one name, no two columns one heading, no two words of a list one label."""
    names = [folded(sheet.name) for sheet in layout.sheets]
    assert len(set(names)) == len(names)
    for sheet in layout.sheets:
        assert len(sheet.name) <= 31
        columns = [*sheet.columns, *(sheet.keys if isinstance(sheet, Table) else ())]
        headings = [folded(column.heading) for column in columns]
        assert len(set(headings)) == len(headings), sheet.name
        for column in columns:
            labels = [folded(label) for label in column.labels.values()]
            assert len(set(labels)) == len(labels), column.heading
            assert not (column.many and "aucun" in labels), "a list is empty or holds that word"
        if isinstance(sheet, Table):
            assert any(column.required for column in sheet.columns), "an empty row would be a row"


def test_what_is_needed_before_signature_comes_first(layout: Layout) -> None:
    """Sheets, then columns, that are filled in before the convention is signed come before the others."""
    tops = [sheet for sheet in layout.sheets if not isinstance(sheet, Table) or sheet.parent is None]
    early = [sheet.early for sheet in tops]
    assert early == sorted(early, reverse=True)
    for sheet in layout.sheets:
        if isinstance(sheet, Table):
            rest = [column.early for column in sheet.columns if column.path[0] not in sheet.identifiers]
            assert rest == sorted(rest, reverse=True), sheet.name


def test_every_field_has_a_cell(layout: Layout) -> None:
    """Each field of the schemas, but the common block and the file of a table, has its line or column."""
    held = {
        (f"{sheet.static}." if isinstance(sheet, Table) else f"{sheet.section}.") + ".".join(column.path)
        for sheet in layout.sheets
        for column in sheet.columns
    }
    lists = {sheet.static for sheet in layout.tables()}
    missing = [
        path
        for path in SESSION.vocabulary.paths()
        if path not in held
        and path not in lists
        and not path.endswith(".commun")
        and not any(other.startswith(f"{path}.") for other in held | lists)
    ]
    assert missing == []


def test_same_dossier_same_bytes(layout: Layout) -> None:
    """Nothing of the day or of the machine is in a workbook."""
    data = {"residence": {"format": 1, "nom": "Le Benjoin"}}
    assert workbook(data, layout) == workbook(data, layout)
    assert isinstance(layout.sheets[0], Form)


# -- what a cell may hold --------------------------------------------------------------------------------


def column(layout: Layout, sheet: str, heading: str) -> Column:
    """Give the column of a sheet by its heading."""
    found = layout.by_name[folded(sheet)]
    return next(one for one in found.columns if one.heading == heading)


@pytest.mark.parametrize(
    ("sheet", "heading", "cell", "wanted"),
    [
        ("Contrats", "Dépôt de garantie", Cell("1\u202f234,50"), Decimal("1234.50")),
        ("Contrats", "Dépôt de garantie", Cell("450 €"), 450),
        ("Contrats", "Dépôt de garantie", Cell(Decimal("0.3")), Decimal("0.3")),
        ("Logements", "Surface habitable", Cell("12,5\u00a0m²"), Decimal("12.5")),
        ("Sites", "Part du financement de santé", Cell(Decimal("0.3"), percent=True), 30),
        ("Sites", "Part du financement de santé", Cell(30), 30),
        ("Contrats", "Prise d’effet", Cell(date(2026, 9, 30)), "2026-09-30"),
        ("Contrats", "Prise d’effet", Cell("30/09/2026"), "2026-09-30"),
        ("Contrats", "Date de signature", Cell("Aucun"), "aucun"),
        ("Contrats", "Référence du contrat", Cell(" C-003\u00a0"), "C-003"),
        ("Contrats", "Référence du contrat", Cell(107), "107"),
        ("Contrats", "Titulaires", Cell(2), 2),
        ("Contrats", "Motif écrit de l’admission d’un étudiant", Cell(True), True),
        ("Contrats", "Motif écrit de l’admission d’un étudiant", Cell("NON"), False),
        ("Logements", "Type", Cell("T1’"), "T1'"),
        ("Logements", "Type", Cell("I bis"), "T1 bis"),
        (
            "Contrats",
            "Orientation du SIAO",
            Cell("Proposition du gestionnaire"),
            "proposition_du_gestionnaire",
        ),
    ],
)
def test_what_people_type_is_read_right(
    layout: Layout, sheet: str, heading: str, cell: Cell, wanted: Any
) -> None:
    """French numbers, dates, percentages, words and codes are read as they are meant."""
    found = value(cell, column(layout, sheet, heading))
    assert (found, type(found)) == (wanted, type(wanted))


@pytest.mark.parametrize(
    ("sheet", "heading", "cell", "said"),
    [
        ("Contrats", "Dépôt de garantie", Cell("1.234"), "ambigu"),
        ("Contrats", "Dépôt de garantie", Cell(Decimal("0.3"), percent=True), "pourcentage"),
        ("Contrats", "Dépôt de garantie", Cell("beaucoup"), "nombre"),
        ("Contrats", "Dépôt de garantie", Cell(True), "nombre"),
        ("Contrats", "Dépôt de garantie", Cell(date(2026, 1, 2)), "nombre"),
        ("Contrats", "Dépôt de garantie", Cell("#N/A", failed=True), "donne une erreur"),
        ("Contrats", "Dépôt de garantie", Cell(None), "pas de valeur enregistrée"),
        ("Contrats", "Titulaires", Cell(Decimal("1.5")), "entier"),
        ("Contrats", "Prise d’effet", Cell(45_000), "format Date"),
        ("Contrats", "Prise d’effet", Cell("31/02/2026"), "pas une date"),
        ("Contrats", "Référence du contrat", Cell(date(2026, 2, 1)), "a fait une date"),
        ("Contrats", "Orientation du SIAO", Cell("oui"), "choisir une valeur"),
        ("Contrats", "Motif écrit de l’admission d’un étudiant", Cell(1), "oui"),
    ],
)
def test_what_is_doubtful_is_refused(layout: Layout, sheet: str, heading: str, cell: Cell, said: str) -> None:
    """A value that could be read wrong is refused, with what to write."""
    with pytest.raises(CellError, match=said):
        value(cell, column(layout, sheet, heading))


# -- whole workbooks, as people and programs leave them --------------------------------------------------

SMALL: dict[str, Any] = {
    "residence": {"format": 1, "territoire": "la_reunion", "categorie": "residence_sociale"},
    "contrats": {"contrats": {"etendue": "complete", "lignes": [{"ref": "C-1", "depot_garantie": 500}]}},
}


def edited(layout: Layout, change: Callable[[Any], None], data: dict[str, Any] | None = None) -> bytes:
    """Write a dossier, change its workbook as a spreadsheet would, and give its bytes."""
    book = load_workbook(BytesIO(workbook(data or SMALL, layout)))
    change(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def place(page: Any, heading: str) -> tuple[int, int]:
    """Give the row and column of a heading."""
    return next((cell.row, cell.column) for row in page.iter_rows() for cell in row if cell.value == heading)


def errors(raw: bytes) -> list[tuple[str, str | None]]:
    """List the errors of a workbook: code and place."""
    return [(error.code, error.cell) for error in read_bytes(raw, "classeur.xlsx", SCHEMAS).errors]


def test_an_error_names_its_sheet_and_cell(layout: Layout) -> None:
    """A value that is not admitted is placed at its very cell, for reading and for the schemas."""

    def change(book: Any) -> None:
        page = book["Contrats"]
        row, index = place(page, "Dépôt de garantie")
        page.cell(row + 1, index).value = "1.234"
        page.cell(row + 1, place(page, "Titulaires")[1]).value = -3

    raw = edited(layout, change)
    page = load_workbook(BytesIO(raw))["Contrats"]
    row, index = place(page, "Dépôt de garantie")
    assert errors(raw) == [("cellule", f"feuille Contrats, cellule {page.cell(row + 1, index).coordinate}")]
    dossier = read_bytes(raw, "classeur.xlsx", SCHEMAS)
    dossier.errors.clear()
    found = [error.cell for error in violations(dossier, SCHEMAS)]
    assert found == [
        f"feuille Contrats, cellule {page.cell(row + 1, place(page, 'Titulaires')[1]).coordinate}"
    ]


def test_a_required_field_left_blank_is_placed_at_its_own_cell(layout: Layout) -> None:
    """What is missing is asked for at the cell that waits for it."""
    raw = workbook({"residence": {"format": 1}}, layout)
    found = {error.cell for error in violations(read_bytes(raw, "classeur.xlsx", SCHEMAS), SCHEMAS)}
    page = load_workbook(BytesIO(raw))["Résidence"]
    assert found == {
        f"feuille Résidence, cellule F{place(page, title)[0]}" for title in ("Territoire", "Catégorie")
    }


def test_blank_rows_and_blank_cells_say_nothing(layout: Layout) -> None:
    """Rows of nothing or of spaces are dropped, wherever they are; a blank cell is unknown."""

    def change(book: Any) -> None:
        page = book["Contrats"]
        row, index = place(page, "Dépôt de garantie")
        page.cell(row + 1, index).value = " \u00a0"
        page.cell(row + 90, index).value = "\u00a0"
        page.cell(row + 95, 1).value = "C-2"

    back = read_bytes(edited(layout, change), "classeur.xlsx", SCHEMAS)
    assert back.errors == []
    assert back.data["contrats"]["contrats"]["lignes"] == [{"ref": "C-1"}, {"ref": "C-2"}]


def test_columns_may_move_and_sheets_may_go(layout: Layout) -> None:
    """Headings say what a column is, not its rank; a sheet that is gone is unknown; rows may be sorted."""

    def change(book: Any) -> None:
        page = book["Contrats"]
        row, index = place(page, "Dépôt de garantie")
        for line in (row, row + 1):
            one, other = page.cell(line, index), page.cell(line, index + 1)
            one.value, other.value = other.value, one.value
        del book["Logements"]
        book["Résidence"].move_range("A5:F30", rows=3)

    back = read_bytes(edited(layout, change), "classeur.xlsx", SCHEMAS)
    assert back.errors == []
    assert list(changes(SMALL, back.data)) == []


def test_what_would_be_lost_is_refused(layout: Layout) -> None:
    """A heading changed, a value out of the table, a row without owner, a list both empty and filled: no silence."""

    def change(book: Any) -> None:
        page = book["Contrats"]
        row, index = place(page, "Dépôt de garantie")
        page.cell(row, index).value = "Dépot"
        page.cell(row + 1, page.max_column + 2).value = "note"
        page = book["Registre des pièces"]
        page["B4"].value = "oui"
        page.cell(place(page, "Titre")[0] + 1, 1).value = "P-1"
        page = book["Comptes – Produits"]
        page.cell(place(page, "Libellé")[0] + 1, 3).value = "AGLS"

    codes = [code for code, _ in errors(edited(layout, change))]
    assert sorted(codes) == ["cellule", "cellule-en-trop", "colonne-inconnue", "liste-vide"]


def test_a_formula_counts_by_its_stored_value(layout: Layout) -> None:
    """A stored value counts, an empty text is blank, nothing stored or an error is refused at its cell."""
    buffer = BytesIO()
    with Workbook(buffer) as book:
        page = book.add_worksheet("Prestations")
        for index, heading in enumerate(("Libellé", "Prix", "Nature")):
            page.write_string(0, index, heading)
        for row, (stored, error) in enumerate(((12.35, False), ("#DIV/0!", True), (None, True)), 1):
            page.write_string(row, 0, f"L{row}")
            page.write_formula(row, 1, "=24.7/2", None, stored if stored is not None else "")
            assert error in (True, False)
    back = read_bytes(buffer.getvalue(), "classeur.xlsx", SCHEMAS)
    assert back.data["finances"]["prestations"][0] == {"libelle": "L1", "prix": Decimal("12.35")}
    assert [error.cell for error in back.errors] == [f"feuille Prestations, cellule B{row}" for row in (3, 4)]


def rezipped(raw: bytes, name: str, content: bytes) -> bytes:
    """Add a part to a workbook, or replace it."""
    out = BytesIO()
    with ZipFile(BytesIO(raw)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for entry in before.infolist():
            if entry.filename != name:
                after.writestr(entry, before.read(entry))
        after.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("xl/vbaProject.bin", b"macro", "macros"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "liens"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>', "entites"),
        ("xl/sharedStrings.xml", "<?xml version='1.0' encoding='UTF-16'?><sst/>".encode("utf-16"), "entites"),
        ("xl/worksheets/sheet2.xml", b"not XML", "classeur"),
        ("xl/theme/bomb.xml", b" " * (300 << 20), "fichier-trop-gros"),
    ],
)
def test_what_reaches_outside_or_blows_up_is_refused(
    layout: Layout, name: str, content: bytes, code: str
) -> None:
    """Macros, links to other files, entities, broken parts, bombs: one clear error, nothing read."""
    raw = rezipped(workbook(SMALL, layout), name, content)
    back = read_bytes(raw, "classeur.xlsx", SCHEMAS)
    assert ([error.code for error in back.errors], back.data) == ([code], {})


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(600), bytes(100)])
def test_what_is_no_workbook_is_refused(raw: bytes) -> None:
    """An empty file, a broken archive, the old format: an error, never a traceback."""
    assert [code for code, _ in errors(raw)] == ["classeur"]


def test_immense_dimensions_are_refused_in_bounded_memory(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet whose last row is far away is read; one of too many cells is refused."""

    def far(book: Any) -> None:
        book["Contrats"].cell(90_000, 1).value = "C-9"

    back = read_bytes(edited(layout, far), "classeur.xlsx", SCHEMAS)
    assert [row["ref"] for row in back.data["contrats"]["contrats"]["lignes"]] == ["C-1", "C-9"]
    monkeypatch.setattr(archive, "MAX_CELLS", 20_000)
    rows = b"".join(b'<row r="%d">' % rank + b"<c/>" * 200 + b"</row>" for rank in range(1, 131))
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    raw = rezipped(
        workbook(SMALL, layout), "xl/worksheets/sheet3.xml", sheet + rows + b"</sheetData></worksheet>"
    )
    assert [code for code, _ in errors(raw)] == ["fichier-trop-gros"]


def test_a_workbook_of_something_else_is_no_dossier() -> None:
    """A workbook without any sheet of a dossier is refused, and says what to do."""
    buffer = BytesIO()
    with Workbook(buffer) as book:
        book.add_worksheet("Feuil1").write_string(0, 0, "Nom")
    (error,) = [
        one for one in read_bytes(buffer.getvalue(), "x.xlsx", SCHEMAS).errors if one.severity == "erreur"
    ]
    assert "exporter --vide" in error.message


# -- through the program ---------------------------------------------------------------------------------


def test_whatever_takes_a_dossier_takes_a_workbook(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Audit says of the workbook what it says of the folder; valider, pieces and calendrier take it too."""
    book = tmp_path / "classeur.xlsx"
    done = program("exporter", "examples/benjoin-fautif", "-o", str(book))
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    day = ("--date", "2026-09-30")
    reports = [
        json.loads(program("audit", str(path), *day, "--format", "json").stdout)
        for path in ("examples/benjoin-fautif", book)
    ]
    verdicts = [
        [
            (one["identifiant"], one["verdict"], one["gravite"], one["observe"], one["message"])
            for one in report["constats"]
        ]
        for report in reports
    ]
    assert verdicts[0] == verdicts[1]
    found = next(
        one for one in reports[1]["constats"] if "C-022" in one["identifiant"] and one["verdict"] == "ecart"
    )
    assert re.fullmatch(r"feuille Contrats, cellule [A-Z]+\d+", found["cellule"])
    assert program("valider", str(book)).returncode == 0
    for command in ("pieces", "calendrier"):
        assert program(command, str(book), *day).returncode == 0


def test_import_makes_the_dossier_and_never_overwrites(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """A new folder is made; a second import is refused, or keeps comments and layout with --remplacer."""
    folder, book = tmp_path / "dossier", tmp_path / "classeur.xlsx"
    shutil.copytree(ROOT / "examples/benjoin-fautif", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert program("exporter", str(folder), "-o", str(book)).returncode == 0
    assert program("exporter", str(folder), "-o", str(book)).returncode == 3
    assert program("importer", str(book), "-o", str(folder)).returncode == 3
    same = program("importer", str(book), "-o", str(folder), "--remplacer")
    assert same.returncode == 0, same.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    page_book = load_workbook(book)
    page = page_book["Résidence"]
    page.cell(place(page, "Adresse")[0], 6).value = "5 chemin des Vacoas"
    page_book.save(book)
    done = program("importer", str(book), "-o", str(folder), "--remplacer")
    assert done.returncode == 0, done.stderr
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert [name for name in before if before[name] != after[name]] == ["residence.yaml"]
    assert after["residence.yaml"] == before["residence.yaml"].replace(
        b"adresse: 3 chemin", b"adresse: 5 chemin"
    )

    page.cell(place(page, "Adresse")[0], 6).value = None
    page_book.save(book)
    done = program("importer", str(book), "-o", str(folder), "--remplacer")
    assert "residence.adresse\u00a0: retiré" in done.stderr.decode()
    assert b"adresse: 5" not in (folder / "residence.yaml").read_bytes()

    fresh = tmp_path / "neuf.yaml"
    assert program("importer", str(book), "-o", str(fresh)).returncode == 0
    assert program("valider", str(fresh)).returncode == 0


def test_a_wrong_workbook_writes_nothing(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path, layout: Layout
) -> None:
    """An import with an error tells it by cell, returns 3 and writes nothing."""

    def change(book: Any) -> None:
        page = book["Contrats"]
        row, index = place(page, "Dépôt de garantie")
        page.cell(row + 1, index).value = "1.234"

    book = tmp_path / "classeur.xlsx"
    book.write_bytes(edited(layout, change))
    done = program("importer", str(book), "-o", str(tmp_path / "dossier"))
    assert done.returncode == 3
    assert re.search(r"feuille Contrats, cellule [A-Z]+\d+", done.stderr.decode())
    assert [path.name for path in tmp_path.iterdir()] == ["classeur.xlsx"]


def test_a_blank_workbook_is_made_for_a_letter(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """--vide writes a workbook that asks only for territory and category before it is a dossier."""
    book = tmp_path / "vide.xlsx"
    assert program("exporter", "--vide", "-o", str(book)).returncode == 0
    done = program("valider", str(book))
    assert done.returncode == 3
    assert done.stdout.decode().count("obligatoire") == 2
    for wrong in ((), ("examples/benjoin", "--vide")):
        assert program("exporter", *wrong, "-o", str(tmp_path / "x.xlsx")).returncode == 2
    assert program("exporter", "--vide", "-o", str(tmp_path / "x.ods")).returncode == 2


def test_a_portfolio_finds_its_workbooks(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path, layout: Layout
) -> None:
    """In a folder, a workbook that is a dossier is one; another workbook is passed over."""
    (tmp_path / "a.xlsx").write_bytes(workbook(SMALL, layout))
    buffer = BytesIO()
    with Workbook(buffer) as book:
        book.add_worksheet("Feuil1")
    (tmp_path / "b.xlsx").write_bytes(buffer.getvalue())
    done = program("valider", str(tmp_path))
    assert done.returncode == 0
    assert done.stdout.decode().count("bien formé") == 1
