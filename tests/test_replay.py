"""`rejouer`: the same inputs give the same report, byte for byte, or nothing is concluded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Program = Callable[..., subprocess.CompletedProcess[bytes]]

ROOT = Path(__file__).resolve().parent.parent
DAY = ("--date", "2026-09-30", "--seuil", "aucun")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Give a folder with a dossier that takes common blocks from its parent, and one that stands alone."""
    shutil.copytree(ROOT / "examples" / "foyer-soleil", tmp_path / "parc" / "foyer")
    shutil.move(tmp_path / "parc" / "foyer" / "communs", tmp_path / "parc" / "communs")
    shutil.copy(ROOT / "examples" / "petite-residence.yaml", tmp_path / "petite.yaml")
    shutil.copytree(ROOT / "examples" / "invalide", tmp_path / "invalide")
    return tmp_path


def at(program: Program, place: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a folder."""
    return program(*arguments, cwd=place, env={"PYTHONPATH": str(ROOT / "src")})


def report_of(program: Program, place: Path, *arguments: str) -> Path:
    """Write a JSON report."""
    run = at(program, place, "audit", *arguments, *DAY, "-o", "r.json")
    assert run.returncode in {0, 3}, run.stderr
    return place / "r.json"


@pytest.mark.parametrize(
    "options",
    [
        ("petite.yaml",),
        ("petite.yaml", "--exiger-pieces", "--regle", "depot-maximum"),
        ("petite.yaml", "-r", "reunion", "-r", "accompagnement"),
        ("petite.yaml", "--diffusion"),
        ("invalide",),
    ],
)
def test_a_report_is_reproduced(program: Program, place: Path, options: tuple[str, ...]) -> None:
    """Whatever the options, and even of an invalid dossier, the report is the one that its inputs give."""
    report_of(program, place, *options)
    run = at(program, place, "rejouer", "r.json")

    assert run.returncode == 0, (run.stdout.decode(), run.stderr.decode())
    assert run.stdout.decode().startswith("Reproduit")


def test_a_dossier_of_a_portfolio_is_reproduced(program: Program, place: Path) -> None:
    """A report written in a folder of reports is reproduced alone, its common blocks found where they were."""
    (place / "rapports").mkdir()
    run = at(
        program, place, "audit", "parc", "petite.yaml", *DAY, "-o", "json:rapports/", "-o", "json:tous.json"
    )
    assert run.returncode == 0, run.stderr

    run = at(program, place, "rejouer", "rapports/parc-foyer.json")
    assert run.returncode == 0, (run.stdout.decode(), run.stderr.decode())
    run = at(program, place, "rejouer", "tous.json")
    assert run.returncode == 3


def test_a_moved_dossier_is_given(program: Program, place: Path) -> None:
    """A dossier that is elsewhere now is given as the second argument; its path in the report stays."""
    report_of(program, place, "petite.yaml")
    (place / "ailleurs").mkdir()
    shutil.move(place / "petite.yaml", place / "ailleurs" / "petite.yaml")

    assert at(program, place, "rejouer", "r.json").returncode == 3
    assert at(program, place, "rejouer", "r.json", "ailleurs/petite.yaml").returncode == 0


def test_a_followed_report_needs_the_earlier_one(program: Program, place: Path) -> None:
    """A report followed from an earlier one is reproduced with it, and not without."""
    report_of(program, place, "petite.yaml")
    shutil.move(place / "r.json", place / "avant.json")
    report_of(program, place, "petite.yaml", "--depuis", "avant.json")

    assert at(program, place, "rejouer", "r.json").returncode == 3
    assert at(program, place, "rejouer", "r.json", "--depuis", "avant.json").returncode == 0
    run = at(program, place, "rejouer", "r.json", "--depuis", "r.json")
    assert run.returncode == 3
    assert "avant.json : le contenu a changé" in run.stdout.decode().replace("\u00a0", " ")


def test_other_inputs_conclude_nothing(program: Program, place: Path) -> None:
    """A dossier changed since, another version: what differs is told, the code is 3, and nothing is concluded."""
    path = report_of(program, place, "petite.yaml")
    text = path.read_text(encoding="utf-8")
    with (place / "petite.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# une note\n")
    run = at(program, place, "rejouer", "r.json")
    assert run.returncode == 3
    assert "petite.yaml : le contenu a changé" in run.stdout.decode().replace("\u00a0", " ")
    assert "Rien n’est conclu" in run.stdout.decode()

    path.write_text(text.replace('"outil": "rsaudit ', '"outil": "rsaudit 99.'), encoding="utf-8")
    run = at(program, place, "rejouer", "r.json")
    assert run.returncode == 3
    assert "rsaudit 99." in run.stdout.decode()


def test_a_report_altered_is_not_reproduced(program: Program, place: Path) -> None:
    """One word changed in a report gives 1 and names the place; a blank changed gives 1 too."""
    path = report_of(program, place, "petite.yaml")
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    first = data["constats"][0]["message"]
    path.write_text(text.replace(first, f"{first} Altéré.", 1), encoding="utf-8")
    run = at(program, place, "rejouer", "r.json")
    assert run.returncode == 1
    assert "constats[0].message" in run.stdout.decode()

    path.write_text(text + "\n", encoding="utf-8")
    run = at(program, place, "rejouer", "r.json")
    assert run.returncode == 1
    assert "mise en forme" in run.stdout.decode()
