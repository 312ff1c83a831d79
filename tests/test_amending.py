"""Facts laid over a dossier: what differs is told, files keep their layout, a second time changes nothing."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from conftest import ROOT
from rsaudit.amending import Kind, differences, plan
from rsaudit.errors import InputUnreadableError
from rsaudit.loading import find_dossiers, load
from rsaudit.loading.yaml_reading import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.cli.session import Session


def read(text: str) -> dict[str, Any]:
    """Read YAML with our loader, which must accept it."""
    document = parse_yaml(text.encode(), "t.yaml")
    assert document.errors == []
    return document.data


# -- a dossier -------------------------------------------------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Copy an example to be changed."""
    return shutil.copytree(ROOT / "examples/benjoin", tmp_path / "benjoin")


BROUGHT: dict[str, Any] = {
    "residence": {"commune": "Saint-Denis", "nom": "Autre nom", "precision": "ajoutée"},
    "batiment": {
        "logements": {
            "lignes": [
                {"numero": "101", "surface_habitable": Decimal("99.50")},
                {"numero": "999", "type": "T2", "meuble": True},
            ]
        }
    },
    "finances": {"tarifs": [{"ref": "TA-1", "redevance": Decimal("1.25")}, {"ref": "TA-N", "type": "T3"}]},
}


def test_differences_are_applied_and_then_gone(dossier: Path, session: Session) -> None:
    """Every difference told is in the files planned, in YAML and in CSV; once written, none is left."""
    reference = find_dossiers(dossier)[0][0]
    before = load(reference, session.schemas)
    changes = differences(before.data, BROUGHT, session.schemas.sections)

    kinds = {change.shown: change.kind for change in changes}
    assert kinds["residence.nom"] is Kind.CHANGED
    assert kinds["residence.precision"] is Kind.ADDED
    assert kinds["batiment.logements[999]"] is Kind.NEW_ROW
    assert kinds["batiment.logements[101].surface_habitable"] is Kind.CHANGED
    assert kinds["finances.tarifs[TA-1].redevance"] is Kind.CHANGED
    for path, text in plan(reference, changes, session.schemas.sections).files.items():
        path.write_text(text, encoding="utf-8", newline="")
    after = load(reference, session.schemas)
    assert after.errors == []
    assert differences(after.data, BROUGHT, session.schemas.sections) == []
    untouched = [row for row in before.data["batiment"]["logements"]["lignes"] if row["numero"] != "101"]
    assert [
        r for r in after.data["batiment"]["logements"]["lignes"] if r["numero"] not in {"101", "999"}
    ] == untouched


def test_the_lines_not_concerned_keep_their_bytes(dossier: Path, session: Session) -> None:
    """A file changed in one place differs from what it was on that line only; the others are not in the plan."""
    reference = find_dossiers(dossier)[0][0]
    data = load(reference, session.schemas).data
    changes = differences(data, {"finances": {"modulation": "cas_par_cas"}}, session.schemas.sections)
    files = plan(reference, changes, session.schemas.sections).files

    assert [path.name for path in files] == ["finances.yaml"]
    old = (dossier / "finances.yaml").read_text(encoding="utf-8").splitlines()
    new = files[dossier / "finances.yaml"].splitlines()
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [
        ("modulation: bareme_surface", "modulation: cas_par_cas")
    ]


def test_a_single_file_dossier(tmp_path: Path, session: Session) -> None:
    """A dossier in one file is changed in that file."""
    path = tmp_path / "petite.yaml"
    shutil.copy(ROOT / "examples/petite-residence.yaml", path)
    reference = find_dossiers(path)[0][0]
    data = load(reference, session.schemas).data
    brought = {"residence": {"precision": "ajoutée"}, "finances": {"modulation": "cas_par_cas"}}
    files = plan(
        reference, differences(data, brought, session.schemas.sections), session.schemas.sections
    ).files

    after = read(files[path])
    assert after["residence"]["precision"] == "ajoutée"
    assert after["finances"]["modulation"] == "cas_par_cas"


def test_a_table_the_dossier_does_not_have_comes_with_its_extent(tmp_path: Path, session: Session) -> None:
    """Extent and rows of a table brought to a dossier that has none are both written, and nothing differs then."""
    (tmp_path / "residence.yaml").write_bytes("\ufeffformat: 1\r\nnom: Éden # gardé\r\n".encode())
    reference = find_dossiers(tmp_path)[0][0]
    brought: dict[str, Any] = {
        "batiment": {
            "logements": {
                "etendue": "echantillon",
                "effectif_total": 40,
                "lignes": [{"numero": "1", "type": "T1"}, {"numero": "2", "type": "T2"}],
            }
        },
        "residence": {"commune": "Saint-Paul"},
    }
    changes = differences(load(reference, session.schemas).data, brought, session.schemas.sections)
    files = plan(reference, changes, session.schemas.sections).files
    for path, text in files.items():
        path.write_bytes(text.encode())

    assert files[tmp_path / "residence.yaml"] == (
        "\ufeffformat: 1\r\nnom: Éden # gardé\r\ncommune: Saint-Paul\r\n"
    )
    assert differences(load(reference, session.schemas).data, brought, session.schemas.sections) == []


def test_a_file_that_cannot_be_read_again_is_not_written(dossier: Path, session: Session) -> None:
    """A text that would not say the facts brought is refused by the name of its file."""
    path = dossier / "finances.yaml"
    reference = find_dossiers(dossier)[0][0]
    data = load(reference, session.schemas).data
    changes = differences(data, {"finances": {"modulation": "cas_par_cas"}}, session.schemas.sections)
    path.write_bytes(path.read_bytes() + b"\ntarifs: [\n")  # broken since it was read

    with pytest.raises(InputUnreadableError, match=r"finances\.yaml"):
        plan(reference, changes, session.schemas.sections)


@pytest.mark.parametrize("text", ["", "# rien encore\n", "etabli: oui\n", "contrats:\n", "contrats: []\n"])
@pytest.mark.parametrize("extent", [None, "complete"])
def test_every_row_is_written_where_the_table_does_not_exist_yet(
    tmp_path: Path, session: Session, text: str, extent: str | None
) -> None:
    """Rows brought to a dossier that has no such table, only comments say, are all written, in their order."""
    shutil.copytree(ROOT / "examples/benjoin", tmp_path / "d")
    text = text.replace("etabli: oui", "contrat_type: {etabli: oui}")
    (tmp_path / "d" / "contrats.yaml").write_text(text, encoding="utf-8")
    rows = [{"ref": f"C-{rank:03d}", "logement": "103"} for rank in range(1, 4)]
    brought = {"contrats": {"contrats": {"etendue": extent, "lignes": rows} if extent else rows}}
    sections = session.schemas.sections
    reference = find_dossiers(tmp_path / "d")[0][0]
    changes = differences(load(reference, session.schemas).data, brought, sections)
    if text == "contrats: []\n" and extent:
        with pytest.raises(InputUnreadableError, match="simple liste"):
            plan(reference, changes, sections)
        return
    for path, content in plan(reference, changes, sections).files.items():
        path.write_text(content, encoding="utf-8", newline="")

    after = load(reference, session.schemas).data
    assert after["contrats"]["contrats"] == brought["contrats"]["contrats"]
    assert differences(after, brought, sections) == []
