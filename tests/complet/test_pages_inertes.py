"""The pages of a hostile dossier, and of a large one, in a real browser with the network watched."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from complet.test_navigateur import tool
from grand import write_large_dossier
from test_hostile_dossier import WRITTEN, folder, written

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("inerte.mjs")
PAGES = [name for name, kind in WRITTEN if kind == "html"]
#: The fixtures of the hostile dossier, used here too.
__all__ = ["folder", "written"]


def opened(*pages: Path) -> dict[str, Any]:
    """Open pages in the browser and give what was seen."""
    chromium = os.environ.get("RSAUDIT_CHROMIUM") or tool("chromium", "chromium-browser", package="chromium")
    modules = Path(os.environ.get("RSAUDIT_NODE_MODULES", ROOT / "node_modules")).resolve()
    command = [tool("node", package="nodejs"), str(SCRIPT), chromium, str(modules), *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def seen(folder: Path, written: dict[tuple[str, str], bytes]) -> dict[str, Any]:
    """Open every page of the hostile dossier."""
    assert written
    return opened(*(folder / f"{name}.html" for name in PAGES))


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_does_nothing(seen: dict[str, Any], folder: Path, name: str) -> None:
    """It asks for nothing but itself, opens nothing, says nothing, has one style sheet and no foreign element."""
    found = seen[str(folder / f"{name}.html")]

    assert found["requests"] == [found["url"]]
    assert (found["messages"], found["dialogs"], found["opened"], found["refusals"]) == ([], [], 0, [])
    assert found["shown"]["policy"].startswith("default-src 'none'")
    assert (found["shown"]["styles"], found["shown"]["foreign"]) == (1, 0)
    assert found["shown"]["visible"] > 300


def test_a_report_of_400_contracts_opens_at_once(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """The page of 400 contracts is under three megabytes and read by the browser in less than two seconds."""
    write_large_dossier(tmp_path / "grand", contracts=400)
    report = tmp_path / "grand.html"
    run = program(
        "audit", str(tmp_path / "grand"), "--date", "2026-09-30", "--seuil", "aucun", "-o", str(report)
    )
    assert run.returncode == 0, run.stderr
    found = opened(report)[str(report)]

    assert report.stat().st_size < 3_000_000
    assert found["milliseconds"] < 2000
    assert found["shown"]["rows"] > 400
