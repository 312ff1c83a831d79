"""The sheet of a visit, the list of pieces and the calendar, with programs that are not ours.

In Chromium, judged by axe-core: no violation, light, dark and printed. In LibreOffice: a sheet saved again there comes
back with its answers. Without the tools, the tests fail.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("pages.mjs")
DAY = ("--date", "2026-09-30")
PAGES: dict[str, tuple[str, ...]] = {
    "grille": ("grille", "examples/benjoin-fautif", "--tirage", "2"),
    "pieces": ("pieces", "examples/identite-seule.yaml", "examples/benjoin"),
    "calendrier": ("calendrier", "examples/benjoin-fautif", "examples/benjoin"),
}
VIEWS = [
    f"{media}, {size}" for media in ("clair", "sombre", "impression") for size in ("bureau", "telephone")
]


def _tool(*names: str, package: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.fail(f"{names[0]} absent : installer {package}, ou lancer tests/complet/preparer.sh")


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, program: Callable[..., subprocess.CompletedProcess[bytes]]
) -> dict[str, Any]:
    """Write each page with the program, open it in the browser, and give what was seen of it."""
    chromium = os.environ.get("RSAUDIT_CHROMIUM") or _tool("chromium", "chromium-browser", package="chromium")
    node = _tool("node", package="nodejs")
    modules = Path(os.environ.get("RSAUDIT_NODE_MODULES", ROOT / "node_modules")).resolve()
    folder = tmp_path_factory.mktemp("pages")
    for name, command in PAGES.items():
        done = program(*command, *DAY, "-o", str(folder / f"{name}.html"))
        assert done.returncode == 0, done.stderr.decode()
    paths = [str(folder / f"{name}.html") for name in PAGES]
    done = subprocess.run(
        [node, str(SCRIPT), chromium, str(modules), *paths], capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return dict(zip(PAGES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_accessible(seen: dict[str, Any], page: str, view: str) -> None:
    """No violation of axe-core, whatever the scheme and the size, printed too."""
    judged = seen[page]["axe"][view]

    assert judged["violations"] == []
    assert judged["passes"] > 10


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_for_nothing_and_fits(seen: dict[str, Any], page: str) -> None:
    """Opened as its reader opens it, a page makes no request, breaks no policy, and fits 360 pixels."""
    assert seen[page]["requetes"] == []
    assert seen[page]["console"] == []
    assert seen[page]["large"] <= 360


def test_a_sheet_saved_by_libreoffice_comes_back(
    tmp_path: Path, program: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    """Filled, opened and saved again in LibreOffice, a sheet gives back its answers and keeps its lists."""
    office = _tool("soffice", "libreoffice", package="libreoffice-calc")
    dossier = shutil.copytree(ROOT / "examples/benjoin-fautif", tmp_path / "dossier")
    blank = tmp_path / "grille.xlsx"
    assert program("grille", str(dossier), *DAY, "--tirage", "2", "-o", str(blank)).returncode == 0
    book = load_workbook(blank)
    book["Points"]["H2"] = "écart"
    for name in book.sheetnames[2:]:
        book[name]["H2"] = "conforme"
    book.save(blank)
    profile = (tmp_path / "profil").as_uri()
    command = [office, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "rendu"), str(blank)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    saved = tmp_path / "rendu/grille.xlsx"

    lists = [one.formula1 for one in load_workbook(saved)["Points"].data_validations.dataValidation]
    back = program("grille", str(dossier), *DAY, "--reprendre", str(saved))

    assert '"conforme,écart,remarque,non concerné"' in lists
    assert back.returncode == 0, back.stderr.decode()
    assert "vu 2\u00a0logements sur 44" in back.stdout.decode()
    assert "verdict: ecart" in (dossier / "reponses.yaml").read_text(encoding="utf-8")
