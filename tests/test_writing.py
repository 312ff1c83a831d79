"""A disk that fills up, a process killed at any instant: inputs as they were, each file the old one or the new one, whole.

Every command that writes is run under an audit hook that sees each file opened for writing, each move, each folder
made. What a killed process leaves is what is on the disk at such an instant: the hook takes a copy of it.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from conftest import ROOT
from rsaudit.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DAY = ("--date", "2026-09-30")
Files = dict[str, bytes]
_WAITING = (".rsaudit-", "tmp")
"""How what is not yet in its place is named."""


def files(folder: Path) -> Files:
    """Return every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def waits(name: str) -> bool:
    """Say whether a file is not yet in its place."""
    return any(part.startswith(_WAITING) for part in name.split("/"))


# -- the hook --------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """Looks at what is written below a folder."""

    folder: Path
    full_at: int = 0
    """From this write on, the disk is full; 0: never."""
    writes: int = 0
    instants: list[Files] = field(default_factory=list)
    """What was on the disk before each write and each move."""
    busy: bool = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """See one event; raise what a full disk raises."""
        if self.busy or not self._is_ours(event, arguments):
            return
        self.busy = True
        try:
            self.instants.append(files(self.folder))
        finally:
            self.busy = False
        if event in {"open", "os.mkdir"}:
            self.writes += 1
            if self.full_at and self.writes >= self.full_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))

    def _is_ours(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event not in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"}:
            return False
        if not isinstance(arguments[0], str | os.PathLike):
            return False
        if event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
            return False
        return (self.folder / arguments[0]).is_relative_to(self.folder)


_watching: list[Watch] = []
sys.addaudithook(lambda event, arguments: _watching[0](event, arguments) if _watching else None)


@contextmanager
def watched(folder: Path, full_at: int = 0) -> Iterator[Watch]:
    """Watch what is written below a folder."""
    watch = Watch(folder, full_at)
    _watching.append(watch)
    try:
        yield watch
    finally:
        _watching.clear()


# -- the commands ----------------------------------------------------------------------------------------


class Typed(io.StringIO):
    """Answers typed in front of a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def quietly(*arguments: str) -> None:
    """Prepare something with the program itself."""
    assert run(list(arguments)) in {0, 1}


def _reports(place: Path) -> tuple[str, ...]:
    for name in ("r.html", "r.json", "r.xlsx"):
        quietly("audit", "d", "--date", "2026-09-01", "-o", name)
    return ("audit", "d", *DAY, "-o", "r.html", "-o", "r.json", "-o", "r.xlsx", "-o", "nouveau.sarif")


def _portfolio(place: Path) -> tuple[str, ...]:
    shutil.copytree(place / "d", place / "parc" / "a")
    shutil.copytree(place / "d", place / "parc" / "b")
    (place / "pages").mkdir()
    quietly("audit", "parc", "--date", "2026-09-01", "-o", "html:pages/")
    return ("audit", "parc", *DAY, "-o", "html:pages/")


def _compared(place: Path) -> tuple[str, ...]:
    quietly("audit", "d", *DAY, "-o", "r.json")
    quietly("comparer", "r.json", "r.json", "-o", "c.md")
    return ("comparer", "r.json", "r.json", "-o", "c.html", "-o", "c.md")


def _workbook(place: Path) -> tuple[str, ...]:
    quietly("exporter", "--vide", "-o", "d.xlsx")
    return ("exporter", "d", "-o", "d.xlsx", "--remplacer")


def _imported(place: Path) -> tuple[str, ...]:
    quietly("exporter", "d", "-o", "d.xlsx")
    return ("importer", "d.xlsx", "-o", "neuf")


def _laid_over(place: Path) -> tuple[str, ...]:
    quietly("exporter", "d", "-o", "d.xlsx")
    (place / "d" / "residence.yaml").write_text(
        (place / "d" / "residence.yaml").read_text("utf-8").replace("date_etat: 2026-", "date_etat: 2025-"),
        "utf-8",
    )
    (place / "d" / "vie_sociale.yaml").unlink()
    return ("importer", "d.xlsx", "-o", "d", "--remplacer")


def _asked(place: Path) -> tuple[str, ...]:
    quietly("nouveau", "neuf", "--territoire", "la_reunion", "--categorie", "residence_sociale")
    return ("nouveau", "neuf", "--questions")


def _sheet_back(place: Path) -> tuple[str, ...]:
    (place / "d" / "reponses.yaml").write_text("points: []\n", "utf-8")
    shutil.copy(ROOT / "examples" / "benjoin-fautif" / "controle.yaml", place / "d")
    quietly("grille", "d", *DAY, "-o", "g.xlsx")
    book = load_workbook(place / "g.xlsx")
    for name in book.sheetnames[1:]:
        page = book[name]
        column = next(cell.column for cell in page[1] if cell.value == "Verdict")
        page.cell(2, column).value = "conforme"
    book.save(place / "f.xlsx")
    return ("grille", "d", *DAY, "--reprendre", "f.xlsx")


def _corrected(place: Path) -> tuple[str, ...]:
    shutil.copytree(ROOT / "examples" / "invalide", place / "i")
    return ("valider", "i", "--corriger")


def _read_again(place: Path) -> tuple[str, ...]:
    (place / "r.md").write_text("Article 4\n\nLes visites sont admises de 8 h à 21 h.\n", "utf-8")
    return ("relire", "r.md", "--dossier", "d")


ANSWERS = {"nouveau par questions": "2\nstop\n", "relire": "o\no\n"}
COMMANDS: dict[str, tuple[Callable[[Path], tuple[str, ...]], int]] = {
    "audit": (_reports, 1),
    "audit d’un portefeuille": (_portfolio, 1),
    "comparer": (_compared, 0),
    "exporter": (_workbook, 0),
    "importer": (_imported, 0),
    "importer par-dessus": (_laid_over, 0),
    "nouveau": (lambda place: ("nouveau", "neuf"), 0),
    "nouveau par questions": (_asked, 0),
    "grille": (lambda place: ("grille", "d", *DAY, "-o", "g.xlsx"), 0),
    "grille remplie": (_sheet_back, 0),
    "calendrier": (lambda place: ("calendrier", "d", *DAY, "-o", "c.ics"), 0),
    "pieces": (lambda place: ("pieces", "d", *DAY, "-o", "p.html", "-o", "p.csv"), 0),
    "regles": (lambda place: ("regles", "--guide", "-o", "regles.html"), 0),
    "valider": (_corrected, 3),
    "relire": (_read_again, 0),
}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One run of a command that writes."""

    before: Files
    after: Files
    instants: list[Files]
    writes: int
    code: int
    told: str


@pytest.fixture
def tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Trial]:
    """Prepare a command in a folder of its own, and run it."""

    def trial(name: str, full_at: int = 0) -> Trial:
        place = tmp_path / str(full_at)
        place.mkdir()
        shutil.copytree(ROOT / "examples" / "epicea", place / "d")
        monkeypatch.chdir(place)
        arguments = COMMANDS[name][0](place)
        before = files(place)
        capsysbinary.readouterr()
        with monkeypatch.context() as typed, watched(place, full_at) as watch:
            typed.setattr(sys, "stdin", Typed(ANSWERS.get(name, "")))
            typed.setattr(sys.stdout, "isatty", lambda: name == "relire", raising=False)
            code = run(list(arguments))
        captured = capsysbinary.readouterr()
        return Trial(
            before=before,
            after=files(place),
            instants=watch.instants,
            writes=watch.writes,
            code=code,
            told=captured.err.decode().replace("\u00a0", " "),
        )

    return trial


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_process_and_a_full_disk(tried: Any, name: str) -> None:
    """Killed at any instant, or on a disk full from the first write or the last, each file is the old one or the new.

    A full disk is told, and nothing is left beside; full from the first write, nothing at all has changed.
    """
    whole = tried(name)

    assert whole.code in {0, COMMANDS[name][1]}, whole.told
    assert whole.after != whole.before
    assert not any(map(waits, whole.after))
    assert len(whole.instants) > 2
    for instant in whole.instants:
        assert set(whole.before) <= set(instant)
        for file, content in instant.items():
            if not waits(file):
                assert content in (whole.before.get(file), whole.after.get(file)), file

    for full_at in sorted({1, whole.writes}):
        done = tried(name, full_at)

        assert done.code == 3, done.told
        assert "disque plein" in done.told
        assert "Traceback" not in done.told
        assert set(done.before) <= set(done.after)
        for file, content in done.after.items():
            assert content in (done.before.get(file), whole.after.get(file)), file
        if full_at == 1:
            assert done.after == done.before
