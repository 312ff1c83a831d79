"""The pictures of the documentation, taken of what the pages make one type: `docs/images/refaire.sh`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from openpyxl import load_workbook
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import walkthrough  # noqa: E402 - beside the tests, which follow the same pages

HERE = Path(__file__).parent
BROWSER = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
]
WIDTH, LINE, EDGE = 900, 19, 24
PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><style>
body { margin: 0; background: #fff } pre { margin: 12px; font: 14px/19px "DejaVu Sans Mono", monospace }
</style><pre>{code}</pre></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture of one command: of the terminal, or of a file that it wrote."""

    page: str
    command: str
    """How the command begins."""
    picture: str
    lines: int = 0
    """Lines of the terminal that are shown."""
    file: str = ""
    """HTML report, or workbook, to show instead of the terminal."""


SHOTS = [
    Shot(page="tutoriel.md", command="rsaudit nouveau", picture="1-nouveau.png", lines=18),
    Shot(page="tutoriel.md", command="rsaudit importer etat-locatif.xlsx -o jamroses --essai", picture="2-importer.png", lines=24),
    Shot(page="tutoriel.md", command="rsaudit importer jamroses.xlsx", picture="3-classeur.png", file="jamroses.xlsx"),
    Shot(page="tutoriel.md", command="rsaudit relire", picture="4-relire.png", lines=20),
    Shot(page="tutoriel.md", command="rsaudit audit", picture="5-audit.png", lines=26),
    Shot(page="tutoriel.md", command="rsaudit audit", picture="5-rapport.png", file="rapport.html"),
    Shot(page="tutoriel.md", command="rsaudit pieces", picture="6-pieces.png", file="pieces.html"),
    Shot(page="premiere-regle.md", command="rsaudit tester", picture="regle-tester.png", lines=20),
    Shot(page="premiere-regle.md", command="rsaudit audit", picture="regle-audit.png", lines=26),
]  # fmt: skip


def main() -> None:
    """Follow each page in a folder of its own, and take its pictures."""
    for page in dict.fromkeys(shot.page for shot in SHOTS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path in (*(ROOT / "examples/tutoriel").iterdir(), ROOT / "examples/petite-residence.yaml"):
                shutil.copy(path, folder)
            _follow(page, folder)


def _follow(page: str, folder: Path) -> None:
    for step in walkthrough.steps((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if isinstance(step, walkthrough.Cells):
            walkthrough.fill(step, folder / "jamroses.xlsx")
        elif isinstance(step, walkthrough.Text):
            walkthrough.write(step, folder)
        else:
            for line in step.lines:
                _, shown = walkthrough.run(line, folder, step.answers, colour=True)
                for shot in SHOTS:
                    if shot.page == page and line.startswith(shot.command):
                        _take(shot, line, shown, folder)


def _take(shot: Shot, line: str, shown: str, folder: Path) -> None:
    target = HERE / shot.picture
    if shot.file.endswith(".html"):
        _browse(folder / shot.file, target, WIDTH + 100, 720)
    elif shot.file:
        _sheet(folder / shot.file, target, folder)
    else:
        _terminal(line, shown, shot.lines, target, folder)
    print(f"{shot.picture} : {target.stat().st_size // 1000} ko")


def _terminal(line: str, shown: str, lines: int, target: Path, folder: Path) -> None:
    """Show the beginning of what a terminal shows, its colours kept."""
    console = Console(record=True, file=StringIO(), width=100)
    console.print(f"$ {line}", style="bold", highlight=False)
    console.print(Text.from_ansi(shown))
    told = console.export_html(inline_styles=True, code_format="{code}").splitlines()
    kept = [*told[:lines], "…"] if len(told) > lines else told
    source = folder / "terminal.html"
    source.write_text(PAGE.replace("{code}", "\n".join(kept)), encoding="utf-8")
    _browse(source, target, WIDTH, len(kept) * LINE + EDGE)


def _browse(source: Path, target: Path, width: int, height: int) -> None:
    subprocess.run(
        ["chromium", *BROWSER, f"--window-size={width},{height}", f"--screenshot={target}", source.as_uri()],
        check=True,
        capture_output=True,
    )


def _sheet(workbook: Path, target: Path, folder: Path) -> None:
    """Show the first facts of the workbook, as LibreOffice prints them."""
    book = load_workbook(workbook)
    for name in book.sheetnames:
        if name not in {"Résidence", "Listes"}:
            del book[name]
    book.active = 0
    book.save(folder / "feuille.xlsx")
    home = f"-env:UserInstallation={(folder / 'profil').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "pdf", "feuille.xlsx"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    picture = str(target.with_suffix(""))
    subprocess.run(
        ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", "feuille.pdf", picture],
        cwd=folder,
        check=True,
    )


if __name__ == "__main__":
    main()
