"""A workbook is a dossier: what goes in comes out, what is doubtful is refused at its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from dossiers import dossiers
from rsaudit.authoring.workbooks import changes
from rsaudit.cli.session import Session
from rsaudit.workbook import layout_of, read_bytes
from rsaudit.workbook.layout import Form, Table, folded
from rsaudit.workbook.writing import write

if TYPE_CHECKING:
    from rsaudit.workbook import Layout

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
