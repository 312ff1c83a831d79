"""The wheel holds what it should and nothing else, straight from the tree or through the source archive."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def tracked(*folders: str) -> set[str]:
    """Return the files git knows below folders of the project."""
    done = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {name for name in done.stdout.split("\0") if name}


def built(folder: Path, *options: str) -> set[str]:
    """Build, and return what the wheel holds, its own description apart."""
    subprocess.run(
        [sys.executable, "-m", "build", *options, "--outdir", folder, ROOT], check=True, capture_output=True
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    described = {name for name in names if ".dist-info/" in name}
    assert any(name.endswith("licenses/LICENSE") for name in described)
    return names - described


def test_what_a_wheel_holds(tmp_path: Path) -> None:
    """The package and its data; from the tree as from the source archive."""
    code = {name.removeprefix("src/") for name in tracked("src/rsaudit")}
    data = {
        f"rsaudit/_donnees/{name}" for name in tracked("schemas", "rulesets", "correspondances", "tableaux")
    }

    found = built(tmp_path / "direct", "--wheel")

    assert found == code | data
    assert built(tmp_path / "archive") == found
