"""The hooks, run by pre-commit itself on a sample repository: it installs the program from this one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository with one dossier, a common block of it changed, and a table of no dossier."""
    folder = tmp_path_factory.mktemp("depot")
    shutil.copytree(ROOT / "examples" / "foyer-soleil", folder / "dossiers" / "foyer")
    (folder / "rsaudit.toml").write_text('date = 2026-09-30\nseuil = "mineur"\n', encoding="utf-8")
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    common = folder / "dossiers" / "foyer" / "communs" / "reglement.yaml"
    text = common.read_text(encoding="utf-8")
    common.write_text(re.sub(r"(?m)^( *animaux:).*$", r"\1 interdits", text), encoding="utf-8")
    (folder / "divers.csv").write_text("a;b\n", encoding="utf-8")
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    return folder


def hook(repository: Path, name: str, *files: str) -> subprocess.CompletedProcess[str]:
    """Run one hook on some files."""
    found = shutil.which("pre-commit", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.fail("pre-commit absent : lancer tests/complet/preparer.sh")
    return subprocess.run(
        [found, "try-repo", str(ROOT), name, "--verbose", "--files", *files],
        cwd=repository,
        env={**os.environ, "PRE_COMMIT_HOME": str(repository / ".git" / "pre-commit"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def test_a_common_block_means_its_dossier(repository: Path) -> None:
    """A change of a common block and of a table fails on the dossier, examined once; the hook that validates passes."""
    files = ("dossiers/foyer/communs/reglement.yaml", "dossiers/foyer/contrats.csv", "divers.csv")
    run = hook(repository, "rsaudit-audit", *files)
    assert run.returncode == 1, run.stdout + run.stderr
    assert run.stdout.count("Par obligation") == 1
    assert "Animaux domestiques" in run.stdout

    assert hook(repository, "rsaudit-valider", *files).returncode == 0


def test_a_table_of_no_dossier_passes(repository: Path) -> None:
    """A spreadsheet that is of no dossier is ignored."""
    assert hook(repository, "rsaudit-audit", "divers.csv").returncode == 0
