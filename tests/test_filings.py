"""Tables drawn from a dossier: to the centime, a datum absent said absent, and files the State platform admits."""

from __future__ import annotations

import io
import shutil
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from conftest import ROOT
from rsaudit.filings import fill, load_filings
from rsaudit.filings.filling import ABSENT
from rsaudit.filings.writing import write
from rsaudit.intake import read_grid, shipped_maps, take
from rsaudit.loading import inherit
from rsaudit.messages import filings as say
from rsaudit.reception import receive_data

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.cli.session import Session
    from rsaudit.filings import Filled, FilledSheet

DAY = date(2026, 11, 1)
USES = {
    "15-novembre": "envoi",
    "convention": "fiche",
    "logements": "plateforme",
    "locaux-collectifs": "plateforme",
}


def filled(session: Session, name: str, data: dict[str, Any], day: date = DAY) -> Filled:
    """Fill a filing from data."""
    dossier = receive_data(data, session.schemas, name="essai")
    assert dossier.errors == []
    inherit(dossier.data, session.schemas.sections)
    return fill(
        load_filings(session.catalogue, USES[name])[name], dossier, as_of=day, vocabulary=session.vocabulary
    )


def sheet(found: Filled, name: str) -> FilledSheet:
    """Return one table."""
    return next(table for table in found.sheets if table.sheet.name == name)


def tariff(**change: Any) -> dict[str, Any]:
    """Return a tariff."""
    return {
        "ref": "A",
        "type": "T1'",
        "financement": "LLTS",
        "classe": "aucun",
        "equivalent_loyer": Decimal("300.10"),
        "equivalent_charges": Decimal("100.20"),
        "prestations_obligatoires": 20,
        "redevance": Decimal("420.30"),
        "en_vigueur_le": "2026-01-01",
        **change,
    }


def tariffs(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return a dossier of tariffs."""
    return {"finances": {"tarifs": {"etendue": "complete", "lignes": list(rows)}}}


@pytest.mark.parametrize("name", USES)
def test_an_empty_dossier_gives_no_number(session: Session, name: str) -> None:
    """From a dossier that says nothing, every table is empty, said incomplete, and holds no zero."""
    found = filled(session, name, {})

    for table in found.sheets:
        assert table.rows == []
        assert table.unseen
        assert all(value is ABSENT for _, value in table.bottom)
    assert all(value is ABSENT for _, value in found.heading)


def test_amounts_are_exact_and_absent_ones_are_absent(session: Session) -> None:
    """Sums are exact to the centime; one absent term makes the sum absent, never a smaller one."""
    found = filled(
        session, "15-novembre", tariffs(tariff(), tariff(ref="B", type="T2", equivalent_charges=None))
    )
    rows = sheet(found, "Redevances pratiquées").rows

    assert rows[0][3:8] == [
        Decimal("300.10"),
        Decimal("100.20"),
        Decimal("400.30"),
        Decimal(20),
        Decimal("420.30"),
    ]
    assert rows[1][4] is ABSENT
    assert rows[1][5] is ABSENT


def test_only_the_tariff_in_force_is_shown(session: Session) -> None:
    """At the day asked, then at the first of July, the last tariff of each kind is shown, not those before or after."""
    data = tariffs(
        tariff(ref="A", en_vigueur_le="2025-01-01"),
        tariff(ref="B", en_vigueur_le="2026-07-01", redevance=430),
        tariff(ref="C", en_vigueur_le="2026-07-02", redevance=440),
    )

    def shown(day: date) -> list[list[Any]]:
        found = filled(session, "15-novembre", data, day)
        return [
            [row[-2] for row in sheet(found, name).rows]
            for name in ("Redevances pratiquées", "Redevances au 1er juillet")
        ]

    assert shown(date(2026, 11, 15)) == [[440], [430]]
    assert shown(date(2026, 7, 1)) == [[430], [430]]
    assert shown(date(2026, 6, 30)) == [[Decimal("420.30")], [Decimal("420.30")]]
    assert sheet(
        filled(session, "15-novembre", data, date(2026, 6, 30)), "Redevances au 1er juillet"
    ).day == date(2025, 7, 1)


def test_rows_that_may_belong_are_shown_and_told(session: Session) -> None:
    """A contract whose state is unknown is shown and named; on a sample the total is absent."""
    contract = {
        "logement": "1",
        "date_effet": "2020-01-01",
        "equivalent_loyer": 1,
        "equivalent_charges": 2,
        "redevance": 3,
    }
    data = {
        "batiment": {"logements": [{"numero": "1", "type": "T1"}]},
        "contrats": {
            "contrats": [{"ref": "C-1", "statut": "en_cours", **contract}, {"ref": "C-2", **contract}]
        },
    }
    table = sheet(filled(session, "15-novembre", data), "Logements au 1er juillet")

    assert [row[2] for row in table.rows] == ["C-1", "C-2"]
    assert table.doubtful == ["C-2"]
    assert table.unseen
    assert table.bottom[0][1] is ABSENT
    assert "C-2" in " ".join(say.notes(table))


def test_maximum_of_each_dwelling(session: Session) -> None:
    """The annex gives each dwelling the maximum of its type and loan; without one, it is absent."""
    data = {
        "residence": {
            "date_etat": "2026-09-30",
            "conventions_apl": [{"ref": "K", "mode_plafond_redevance": "par_type_et_financement"}],
        },
        "batiment": {
            "logements": {
                "etendue": "complete",
                "lignes": [
                    {
                        "numero": n,
                        "type": kind,
                        "financement": loan,
                        "surface_habitable": 20,
                        "hors_convention": False,
                    }
                    for n, kind, loan in (("1", "T1", "LLS"), ("2", "T1", "LLTS"), ("3", "T2", "LLS"))
                ],
            }
        },
        "finances": {
            "plafonds_redevance": {
                "etendue": "complete",
                "lignes": [
                    {
                        "ref": loan,
                        "convention": "K",
                        "site": "aucun",
                        "type": "T1",
                        "financement": loan,
                        "montant": amount,
                        "en_vigueur_le": "2026-01-01",
                    }
                    for loan, amount in (("LLS", 472), ("LLTS", 447))
                ],
            }
        },
    }
    found = filled(session, "convention", data)

    assert [row[4] for row in sheet(found, "Logements").rows] == [472, 447, ABSENT]
    assert sheet(found, "Logements").bottom[0][1] == 60
    assert [row[2] for row in sheet(found, "Maximums par type").rows] == [1, 1]


def test_the_workbook_shows_what_is_absent(session: Session) -> None:
    """In the workbook a datum that is absent is a word, a sum of money a number with two decimals; same bytes twice."""
    found = filled(session, "15-novembre", tariffs(tariff(redevance=None)))
    content = write(found)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book["Redevances pratiquées"]

    assert page["H2"].value == say.ABSENT
    assert (page["G2"].value, page["G2"].number_format) == (20, "#,##0.00")
    assert page["I2"].value == datetime(2026, 1, 1)
    assert book.sheetnames[0] == say.FRONT
    assert any("1\u00a0donnée absente" in str(row[1].value) for row in book[say.FRONT].iter_rows(max_col=2))
    assert write(filled(session, "15-novembre", tariffs(tariff(redevance=None)))) == content


# -- the State platform ----------------------------------------------------------------------------------


def exported(
    program: Callable[..., subprocess.CompletedProcess[bytes]], folder: Path, *options: str
) -> tuple[Path, str]:
    """Export an example and return the file and what was told."""
    target = folder / "t.xlsx"
    done = program("exporter", "examples/benjoin", *options, "-o", str(target))
    assert done.returncode == 0, done.stderr.decode()
    return target, done.stderr.decode()


@pytest.mark.parametrize(
    ("name", "page", "headings"),
    [
        (
            "logements",
            "Logements",
            [
                "Numéro du logement",
                "Type",
                "Financement",
                "Surface habitable par local",
                "Redevance maximale par logement prise en compte pour le calcul de l'APL",
            ],
        ),
        ("locaux-collectifs", "Locaux Collectifs", ["Type de local", "Surface habitable", "Nombre"]),
    ],
)
def test_platform_rules(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
    tmp_path: Path,
    name: str,
    page: str,
    headings: list[str],
) -> None:
    """Exact sheet, headings in row 1, data from row 3, words of its lists, numeric cells, no total row."""
    target, _ = exported(program, tmp_path, "--plateforme", name)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [page]
    rows = list(book[page].iter_rows(values_only=True))

    assert list(rows[0]) == headings
    assert not any(rows[1])
    for row in rows[2:]:
        assert all(value is not None for value in row)
        assert all(isinstance(value, int | float) for value in row[-2:])
        if name == "logements":
            assert row[1] in {"T1", "T1 bis", "T1'", "T2", "T3", "T4", "T5", "T6", "T7"}
            assert row[2] in {"LLS", "LLTS", "LLTSA", "PLS_DOM", "PLAI", "PLUS", "PLS"}
    assert "otal" not in str(rows[-1])


def test_what_is_exported_is_imported_back(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path, session: Session
) -> None:
    """The file made for the platform, imported, says of each dwelling what the dossier said."""
    target, _ = exported(program, tmp_path, "--plateforme", "logements")
    columns = next(m for m in shipped_maps(session.schemas.sections) if m.id == "plateforme-logements")
    back = take(read_grid(target, ("Logements",)), columns, session.schemas.sections, {})
    assert back.errors == []
    copy = shutil.copytree(ROOT / "examples/benjoin", tmp_path / "benjoin")
    done = program("importer", str(target), "-o", str(copy), "--essai")

    assert "batiment" not in done.stdout.decode()


def test_what_the_platform_would_refuse_is_left_blank_and_told(session: Session) -> None:
    """A loan the platform does not know, or an area that is absent, is told and never written."""
    data = {
        "batiment": {
            "logements": [{"numero": "1", "type": "T1", "financement": "autre", "hors_convention": False}]
        }
    }
    found = filled(session, "logements", data)
    book = openpyxl.load_workbook(io.BytesIO(write(found)))

    assert [cell.value for cell in book["Logements"][3]][:4] == ["1", "T1", None, None]
    assert any("Financement" in line for line in say.told(found.sheets[0]))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["examples/benjoin", "--envoi", "15-decembre", "-o", "t.xlsx"], 2),
        (["examples/benjoin", "--envoi", "15-novembre", "--fiche", "convention", "-o", "t.xlsx"], 2),
        (["examples/benjoin", "--date", "2026-01-01", "-o", "t.xlsx"], 2),
        (["examples/benjoin", "--envoi", "15-novembre"], 2),
        (["examples/invalide", "--envoi", "15-novembre", "-o", "t.xlsx"], 3),
    ],
)
def test_refusals(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
    tmp_path: Path,
    arguments: list[str],
    code: int,
) -> None:
    """What cannot be asked or drawn is refused in French, with its code, and writes nothing."""
    arguments = [str(tmp_path / "t.xlsx") if a == "t.xlsx" else a for a in arguments]
    done = program("exporter", *arguments)

    assert (done.returncode, done.stdout) == (code, b"")
    assert done.stderr
    assert not (tmp_path / "t.xlsx").exists()
