"""The wheel holds what it should and nothing else, straight from the tree or through the source archive."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from jinja2 import ModuleLoader

ROOT = Path(__file__).resolve().parent.parent.parent


def tracked(*folders: str) -> set[str]:
    """Return the files git knows below folders of the project."""
    done = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {name for name in done.stdout.split("\0") if name}


def built(folder: Path, *options: str) -> set[str]:
    """Build, and return what the wheel holds, its own description apart."""
    pinned = {**os.environ, "PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    command = [sys.executable, "-m", "build", *options, "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True, env=pinned)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    described = {name for name in names if ".dist-info/" in name}
    assert any(name.endswith("licenses/LICENSE") for name in described)
    return names - described


def test_what_a_wheel_holds(tmp_path: Path) -> None:
    """The package, its data and its templates compiled; from the tree as from the source archive."""
    code = {name.removeprefix("src/") for name in tracked("src/rsaudit")}
    data = {
        f"rsaudit/_donnees/{name}" for name in tracked("schemas", "rulesets", "correspondances", "tableaux")
    }

    templates = "src/rsaudit/output/templates"
    pages = {
        f"rsaudit/output/compiles/{ModuleLoader.get_module_filename(Path(name).name)}"
        for name in tracked(f"{templates}/*.html", f"{templates}/*.j2")
    }

    found = built(tmp_path / "direct", "--wheel")

    assert found == code | data | pages | {"rsaudit/output/compiles/origine.txt"}
    assert built(tmp_path / "archive") == found


def page(source: Path, folder: Path) -> tuple[str, bytes]:
    """Run the program of a folder of packages: where its templates come from, and the page of an example."""
    script = (
        "import sys; from rsaudit.cli import main; from rsaudit.output.html import environment;"
        "print(type(environment().loader).__name__); main()"
    )
    target = folder / "page.html"
    command = [sys.executable, "-c", script, "audit", "examples/benjoin-fautif", "--date", "2026-09-30"]
    done = subprocess.run(
        [*command, "--seuil", "aucun", "-o", target],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(source)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip(), target.read_bytes()


def test_a_page_is_the_same_whether_its_templates_were_compiled(tmp_path: Path) -> None:
    """The program of the wheel reads no template, unless its compiler is another; the page is that of the tree."""
    built(tmp_path, "--wheel")
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    origin = installed / "rsaudit" / "output" / "compiles" / "origine.txt"

    loader, compiled = page(installed, tmp_path)
    origin.write_text(origin.read_text("utf-8").replace("jinja2 3", "jinja2 2"), encoding="utf-8")
    other_loader, from_source = page(installed, tmp_path)

    assert (loader, other_loader) == ("ModuleLoader", "FileSystemLoader")
    assert compiled == from_source == page(ROOT / "src", tmp_path)[1]
