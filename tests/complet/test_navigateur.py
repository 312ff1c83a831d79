"""The HTML report of an example, in a real browser: Chromium, led by playwright-core and judged by axe-core.

Chromium is found on the path, or named by RSAUDIT_CHROMIUM; the modules of Node are looked for under
RSAUDIT_NODE_MODULES (`node_modules` at the root by default). Without them, the tests fail.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("navigateur.mjs")
RESIDENCE = "Résidence Le Benjoin, dossier fautif (fictive)"
PARTS = 8
VIEWS = [
    f"{media}, {size}" for size in ("bureau", "telephone") for media in ("clair", "sombre", "impression")
]
SIZES = ("bureau", "telephone")


def tool(*names: str, package: str) -> str:
    """Find a program, or fail saying what to install."""
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.fail(f"{names[0]} absent : installer {package}, ou lancer tests/complet/preparer.sh")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder of the report and of its printing."""
    return tmp_path_factory.mktemp("navigateur")


@pytest.fixture(scope="module")
def seen(folder: Path, program: Callable[..., subprocess.CompletedProcess[bytes]]) -> dict[str, Any]:
    """Audit an example with the program, open its report in the browser, and give what was seen."""
    chromium = os.environ.get("RSAUDIT_CHROMIUM") or tool("chromium", "chromium-browser", package="chromium")
    node = tool("node", package="nodejs")
    modules = Path(os.environ.get("RSAUDIT_NODE_MODULES", ROOT / "node_modules")).resolve()
    for module in ("playwright-core", "axe-core"):
        if not (modules / module).is_dir():
            pytest.fail(f"{module} absent de {modules} : lancer tests/complet/preparer.sh")
    report = folder / "rapport.html"
    audited = program(
        *("audit", "examples/benjoin-fautif", "--date", "2026-09-30", "--seuil", "aucun"),
        *("-r", "reunion", "-r", "accompagnement", "-o", str(report)),
    )
    assert audited.returncode == 0, audited.stderr.decode()

    command = [node, str(SCRIPT), chromium, str(modules), str(report), str(folder / "rapport.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def pages(seen: dict[str, Any], folder: Path) -> list[str]:
    """Give the text of each printed page."""
    assert seen
    reader = tool("pdftotext", package="poppler-utils")
    command = [reader, "-layout", "-enc", "UTF-8", str(folder / "rapport.pdf"), "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return done.stdout.decode("utf-8").removesuffix("\f").split("\f")


def test_the_judge_judges(seen: dict[str, Any]) -> None:
    """A page with a fault is refused: what follows says something."""
    assert any(one.startswith("image-alt") for one in seen["temoin"]["violations"])


@pytest.mark.parametrize("view", VIEWS)
def test_it_is_accessible(seen: dict[str, Any], view: str) -> None:
    """In light, in dark and printed, on a desk and on a telephone, axe-core finds no violation."""
    assert seen["axe"][view]["violations"] == []
    assert seen["axe"][view]["passes"] > 20


@pytest.mark.parametrize("size", SIZES)
def test_it_asks_for_nothing(seen: dict[str, Any], size: str) -> None:
    """Under its own policy, the page breaks no rule of it, says nothing and asks for nothing but itself."""
    quiet = seen["discret"][size]

    assert quiet["refusals"] == []
    assert quiet["temoin"] != [], "the policy is not in force"
    assert quiet["requests"] == [seen["url"]]
    assert [one for one in quiet["messages"] if "Content Security Policy" not in one] == []
    assert len(quiet["messages"]) == len(quiet["temoin"])


@pytest.mark.parametrize("size", ["telephone", "zoom"])
def test_it_does_not_scroll_sideways(seen: dict[str, Any], size: str) -> None:
    """At 360 pixels, and at 200 %, only the frames of wide tables and drawings scroll sideways."""
    wide = seen["large"][size]

    assert wide["page"] <= wide["window"]
    assert wide["scrolled"] == 0
    assert wide["outside"] == []


def test_every_page_says_which_it_is(pages: list[str]) -> None:
    """Each printed page has its number, their total, the residence, the date and the frame."""
    for rank, text in enumerate(pages, 1):
        said = re.sub(r"\s+", " ", text)

        assert f"page {rank} sur {len(pages)}" in said
        assert RESIDENCE in said
        assert "Audit du 30/09/2026" in said


def test_it_prints_on_a4(seen: dict[str, Any], folder: Path) -> None:
    """The paper is A4, upright or lying for the wide table."""
    assert seen
    reader = tool("pdfinfo", package="poppler-utils")
    command = [reader, "-f", "1", "-l", "9999", str(folder / "rapport.pdf")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    sizes = {
        tuple(round(float(one)) for one in found)
        for found in re.findall(r"size:\s+([\d.]+) x ([\d.]+) pts", said)
    }

    assert len(sizes) == 2
    assert all(abs(min(one) - 595) <= 1 and abs(max(one) - 842) <= 1 for one in sizes)


def test_it_works_without_scripts(seen: dict[str, Any]) -> None:
    """With scripts off, everything is read, the table of contents leads and what is folded unfolds."""
    shown = seen["sansScript"]

    assert shown["heading"] == RESIDENCE
    assert RESIDENCE in shown["title"]
    assert len(shown["parts"]) == PARTS
    assert shown["scripts"] == 0
    assert shown["address"] == "#annexes"
    assert shown["closed"] == 1
    assert (shown["before"], shown["after"]) == (False, True)
