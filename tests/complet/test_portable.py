"""The portable folder holds all that is needed, and runs with a bare Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"


def built(folder: Path, *options: str) -> Path:
    """Build the folder."""
    subprocess.run(
        [sys.executable, ROOT / "portable" / "construire.py", "--sortie", folder, *options],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it for this machine and this Python."""
    folder = tmp_path_factory.mktemp("portable") / "rsaudit"
    return built(folder, "--plateforme", "manylinux2014_x86_64", "--python", OWN)


def launch(folder: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the launcher with a Python that sees nothing installed."""
    return subprocess.run(
        [sys.executable, "-I", "-S", folder / "lanceur.py", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_command_line(here: Path, tmp_path: Path) -> None:
    """Every command of the program answers."""
    done = launch(here, "expliquer", "depot-maximum", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "dépôt de garantie" in done.stdout


def test_a_drop_writes_the_report_beside(here: Path, tmp_path: Path) -> None:
    """What a drop on the icon gives is audited, its report beside it; what is not ours is never replaced."""
    dossier = tmp_path / "ma résidence & co.yaml"
    dossier.write_bytes((ROOT / "examples" / "petite-residence.yaml").read_bytes())
    report = tmp_path / "ma résidence & co-rapport.html"

    assert launch(here, dossier, cwd=tmp_path).returncode == 0
    assert report.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert launch(here, dossier, cwd=tmp_path).returncode == 0
    report.write_text("à moi", "utf-8")
    assert launch(here, dossier, cwd=tmp_path).returncode == 3
    assert report.read_text("utf-8") == "à moi"


def test_a_python_without_libraries(here: Path, tmp_path: Path) -> None:
    """A version of Python the folder has no libraries for is refused, with those it has."""
    own = here / "bibliotheques" / f"cp{OWN.replace('.', '')}"
    own.rename(own.with_name("cp399"))
    try:
        done = launch(here, "--version", cwd=tmp_path)
    finally:
        own.with_name("cp399").rename(own)

    assert done.returncode == 5
    assert "versions possibles, 3.99" in done.stderr


def test_for_windows(tmp_path: Path) -> None:
    """The folder for Windows has, for each version, what is compiled for it, and the launcher to drop files on."""
    folder = built(tmp_path / "windows", "--python", "3.11", "--python", "3.13")
    libraries = folder / "bibliotheques"

    for version in ("cp311", "cp313"):
        compiled = {path.name for path in (libraries / version).rglob("*.pyd")}
        assert any(name.startswith("_yaml") for name in compiled)
        assert any(name.startswith("rpds") for name in compiled)
    assert (libraries / "communes" / "rsaudit" / "_donnees" / "rulesets" / "reunion").is_dir()
    assert (libraries / "communes" / "colorama").is_dir()
    assert b"\r\n" in (folder / "rsaudit.bat").read_bytes()
    assert not list(folder.rglob("*.so"))
