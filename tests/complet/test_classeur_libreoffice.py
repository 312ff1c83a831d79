"""The workbook of a dossier opened, edited and saved by LibreOffice: it stays the same dossier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from complet.test_libreoffice import convert, office
from conftest import ROOT
from rsaudit.authoring.workbooks import changes, export
from rsaudit.cli.session import Session
from rsaudit.loading import find_dossiers
from rsaudit.reception import read
from rsaudit.workbook import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["office"]

SESSION = Session()


def dossier(path: Path) -> Any:
    """Read a dossier as it is written."""
    found = read(find_dossiers(path)[0][0], SESSION.schemas)
    assert [error for error in found.errors if error.severity == "erreur"] == []
    return found


def differences(before: Any, path: Path) -> list[tuple[str, Any, Any]]:
    """List what a workbook says that a dossier does not."""
    back = read_bytes(path.read_bytes(), path.name, SESSION.schemas)
    assert back.errors == []
    return [(change.path, change.before, change.after) for change in changes(before, back.data)]


@pytest.mark.parametrize("example", ["benjoin-fautif", "foyer-soleil", "epicea", "petite-residence.yaml"])
def test_opened_and_saved_it_is_the_same_dossier(office: list[str], tmp_path: Path, example: str) -> None:
    """LibreOffice opens the workbook and saves it: not a value changes."""
    found = dossier(ROOT / "examples" / example)
    source = tmp_path / "classeur.xlsx"
    source.write_bytes(export(found, SESSION.schemas, SESSION.vocabulary))
    assert differences(found.data, convert(office, source, "xlsx") / "classeur.xlsx") == []


def test_edited_it_says_what_was_typed_and_nothing_else(office: list[str], tmp_path: Path) -> None:
    """A text, a number and a date changed in LibreOffice are the only values that change."""
    found = dossier(ROOT / "examples" / "benjoin-fautif")
    source = tmp_path / "classeur.xlsx"
    source.write_bytes(export(found, SESSION.schemas, SESSION.vocabulary))
    flat = convert(office, source, "fods") / "classeur.fods"
    text = flat.read_text(encoding="utf-8")
    for before, after in (
        ("3 chemin des Vacoas", "5 chemin des Vacoas"),
        ('office:value="1418.25"', 'office:value="1418.3"'),
        ('office:date-value="2026-09-30"', 'office:date-value="2026-09-29"'),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    flat.write_text(text, encoding="utf-8")
    changed = {
        path: after
        for path, _, after in differences(found.data, convert(office, flat, "xlsx") / "classeur.xlsx")
    }
    assert set(changed) == {"residence.adresse", "batiment.surface_habitable_totale", "residence.date_etat"}
    assert changed["residence.adresse"] == "5 chemin des Vacoas"
    assert str(changed["batiment.surface_habitable_totale"]) == "1418.3"
    assert changed["residence.date_etat"] == "2026-09-29"


def test_a_blank_workbook_stays_blank(office: list[str], tmp_path: Path) -> None:
    """Drop-down ranges and formats that LibreOffice saves as rows make no row."""
    from rsaudit.authoring.workbooks import blank_workbook

    source = tmp_path / "classeur.xlsx"
    source.write_bytes(blank_workbook(SESSION.schemas, SESSION.vocabulary))
    saved = convert(office, source, "xlsx") / "classeur.xlsx"
    assert differences({"residence": {"format": 1}}, saved) == []


def test_it_prints_on_a_page_wide(office: list[str], tmp_path: Path) -> None:
    """The workbook prints: at most two pages a sheet."""
    source = tmp_path / "classeur.xlsx"
    found = dossier(ROOT / "examples" / "benjoin-fautif")
    source.write_bytes(export(found, SESSION.schemas, SESSION.vocabulary))
    data = (convert(office, source, "pdf") / "classeur.pdf").read_bytes()
    assert 40 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 100
