"""The index of a portfolio, in a real browser: sorted, filtered, used without script, accessible, asking for nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent


def tool(*names: str) -> str:
    """Find a program, or fail saying what to do."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(f"{names[0]} absent : lancer tests/complet/preparer.sh")
    return found


@pytest.fixture(scope="module")
def seen(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Audit the examples into a folder, open its index in the browser, and give what was seen."""
    folder = tmp_path_factory.mktemp("parc")
    run = program("audit", "examples", "--date", "2026-09-30", "-o", f"html:{folder}/")
    assert run.returncode == 3, run.stderr.decode()  # one of the examples is invalid
    modules = Path(os.environ.get("RSAUDIT_NODE_MODULES", ROOT / "node_modules")).resolve()
    chromium = os.environ.get("RSAUDIT_CHROMIUM") or tool("chromium", "chromium-browser")
    script = Path(__file__).with_name("parc.mjs")
    done = subprocess.run(
        [tool("node"), str(script), chromium, str(modules), str(folder / "index.html")],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_it_asks_for_nothing(seen: dict[str, Any]) -> None:
    """Under its own policy the page runs its script, breaks no rule of it, and asks for nothing but itself."""
    assert seen["messages"] == []
    assert seen["requests"] == [seen["url"]]


def test_it_is_sorted(seen: dict[str, Any]) -> None:
    """A heading sorts its column up, then down; numbers are sorted as numbers."""
    assert len(seen["initial"]) == 7
    assert seen["ascending"] == sorted(seen["initial"])
    assert seen["descending"] == sorted(seen["initial"], reverse=True)
    numbers = [int(text) for text in seen["majors"] if text.isdigit()]
    assert numbers == sorted(numbers, reverse=True)


def test_it_is_filtered(seen: dict[str, Any]) -> None:
    """A filter keeps the dossiers of its state, with a script and without; without one there is no dead control."""
    assert seen["filtered"] == ["examples/benjoin-fautif"]
    assert seen["withoutScript"] == 1
    assert seen["buttons"] == 0


@pytest.mark.parametrize("view", ["clair", "sombre", "telephone"])
def test_it_is_accessible(seen: dict[str, Any], view: str) -> None:
    """In light, in dark and on a telephone, axe-core finds no violation and the page does not scroll sideways."""
    assert seen["axe"][view]["violations"] == []
    assert seen["axe"][view]["passes"] > 15
    assert not seen["axe"][view]["wide"]
