"""The pages that a newcomer follows: every command run in order from an empty folder, every line shown found."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import walkthrough
from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ["tutoriel.md", "premiere-regle.md"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_one_sees(tmp_path: Path, name: str) -> None:
    """Each command gives the code the page says (0 unless it says so) and shows the lines the page shows."""
    for path in (*(ROOT / "examples/tutoriel").iterdir(), ROOT / "examples/petite-residence.yaml"):
        shutil.copy(path, tmp_path)
    ran = 0
    for step in walkthrough.steps((ROOT / "docs" / name).read_text(encoding="utf-8")):
        if isinstance(step, walkthrough.Cells):
            walkthrough.fill(step, tmp_path / "jamroses.xlsx")
        elif isinstance(step, walkthrough.Text):
            walkthrough.write(step, tmp_path)
        else:
            shown = ""
            for rank, line in enumerate(step.lines, 1):
                code, told = walkthrough.run(line, tmp_path, step.answers)
                assert code == (step.code if rank == len(step.lines) else 0), f"{line}\n{told}"
                shown += told
                ran += 1
            for expected in step.shown:
                assert walkthrough.seen(expected, shown), f"{step.lines}\n{expected}\n---\n{shown}"

    assert ran > 2


@pytest.mark.parametrize("name", PAGES)
def test_what_the_page_shows_exists(name: str) -> None:
    """Every picture and file that a page links is there; a picture has a text, and is light."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for text, link in re.findall(r"\[([^\]]*)\]\(([^)#]+)[^)]*\)", page):
        path = ROOT / "docs" / link
        assert path.exists(), link
        if path.suffix == ".png":
            assert len(text) > 30
            assert path.stat().st_size < 150_000, link
