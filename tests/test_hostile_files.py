"""Files that are no files, files without end, files that go away: told in French, at once, in little memory."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from rsaudit.cli import run
from rsaudit.loading.ordinary import ordinary_bytes

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("--date", "2026-09-30")
SMALL = str(ROOT / "examples" / "identite-seule.yaml")
READ = {
    "audit": ("f.yaml", ("audit", "f.yaml")),
    "valider": ("f.yaml", ("valider", "f.yaml")),
    "table d’un dossier": ("d/contrats.csv", ("audit", "d")),
    "section d’un dossier": ("d/finances.yaml", ("audit", "d")),
    "classeur": ("f.xlsx", ("importer", "f.xlsx", "-o", "neuf")),
    "table": ("f.csv", ("importer", "f.csv", "-o", "neuf")),
    "correspondance": (
        "m.yaml",
        ("importer", "t.csv", "-o", "neuf", "--correspondance", "m.yaml", "--essai"),
    ),
    "depuis": ("r.json", ("audit", SMALL, *DAY, "--depuis", "r.json")),
    "comparer": ("r.json", ("comparer", "r.json", "r.json")),
    "rejouer": ("r.json", ("rejouer", "r.json", SMALL)),
    "réglages": ("rsaudit.toml", ("audit", "d", *DAY)),
    "règle": ("venu/r.yaml", ("audit", SMALL, *DAY, "-r", "venu")),
    "règlement": ("f.txt", ("relire", "f.txt")),
    "règlement PDF": ("f.pdf", ("relire", "f.pdf")),
    "grille": ("g.xlsx", ("grille", "d", *DAY, "--reprendre", "g.xlsx")),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a dossier, a table and a référentiel to be filled with something hostile."""
    shutil.copytree(ROOT / "examples" / "benjoin", tmp_path / "d")
    (tmp_path / "t.csv").write_text("Type\nT1\n", "utf-8")
    (tmp_path / "venu").mkdir()
    (tmp_path / "venu" / "referentiel.yaml").write_text("id: venu\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that cannot be done; return what it says."""
    code = run(list(arguments))
    captured = capsys.readouterr()

    assert code in {3, 4}, captured
    assert "Traceback" not in captured.out + captured.err
    assert "imprévue" not in captured.err
    return captured.out + captured.err


@pytest.mark.parametrize("name", READ)
def test_a_named_pipe_is_not_waited_for(place: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Nothing waits for who would write in a pipe; settings and parts of a dossier that are none are as absent."""
    file, arguments = READ[name]
    (place / file).unlink(missing_ok=True)
    os.mkfifo(place / file)
    if name == "réglages":  # a pipe is no file of settings
        assert run(list(arguments)) == 0
        return

    assert refused(arguments, capsys)


@pytest.mark.parametrize("name", READ)
def test_two_hundred_megabytes(place: Path, name: str) -> None:
    """A file of 200 Mo is refused in less than 500 Mio of memory, whatever it is given as."""
    file, arguments = READ[name]
    with (place / file).open("wb") as stream:
        stream.truncate(200_000_000)
    program = [sys.executable, "-c", MEASURED, *arguments]
    done = subprocess.run(
        program,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
        timeout=120,
    )
    told = done.stderr.decode()
    *_, peak = told.split()

    assert done.returncode in {3, 4}, told
    assert "Traceback" not in told
    assert int(peak) < 500 * 1024


MEASURED = """
import re, sys
from pathlib import Path
from rsaudit.cli import run
code = run(sys.argv[1:])
# The peak of this program alone: the one that resource gives may be that of the process it was forked from.
print(re.search("VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text()).group(1), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("command", ["audit", "valider"])
def test_a_file_that_vanishes(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """A file removed after it was seen and before it is read is told by its name."""

    def gone(path: Path, most: int) -> bytes:
        if path.name == "finances.yaml":
            path.unlink()
        return ordinary_bytes(path, most)

    monkeypatch.setattr("rsaudit.loading.dossier.ordinary_bytes", gone)

    assert "finances.yaml" in refused((command, "d"), capsys)


def test_a_file_that_vanishes_anywhere(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody expects a file to go away, it is told too, without the folder it was in."""

    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file", str(place / "d" / "finances.yaml"))

    monkeypatch.setattr("rsaudit.cli.commands.audit.find", gone)
    told = refused(("audit", "d"), capsys)

    assert "« finances.yaml » n’a pas pu être lu ou écrit." in told.replace("\u00a0", " ")
    assert str(place) not in told


def test_standard_output_on_a_full_disk() -> None:
    """A report that a full disk refuses is told once, in French."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "rsaudit", "audit", SMALL, *DAY],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            check=False,
            timeout=120,
        )

    assert done.returncode == 3
    assert "disque plein" in done.stderr.decode()
    assert "Exception" not in done.stderr.decode()


def test_letters_that_look_alike(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A key written with the letter of another alphabet is unknown, and the key meant is suggested."""
    path = place / "d" / "residence.yaml"
    path.write_text(path.read_text("utf-8").replace("territoire:", "territ\u043eire:", 1), "utf-8")
    told = refused(("valider", "d"), capsys).replace("\u00a0", " ")

    assert "territoire" in told


def test_backslashes_in_arguments(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path as Windows writes it is one name here: not found, or an ending that is recognised, never a crash."""
    assert "n’existe pas" in refused(("audit", "d\\residence.yaml"), capsys)
    assert run(["audit", "d", *DAY, "-o", "sous\\r.json"]) == 0
    assert (place / "sous\\r.json").is_file()
    assert run(["audit", "d", *DAY, "-o", "html:pages\\"]) == 3


@pytest.mark.parametrize("told", [0, 1, 999, 1000, 1001, 5000])
@pytest.mark.parametrize("most", [0, 1, 999, 1000, 1001, 5000])
def test_a_file_is_read_whole_whatever_size_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: int, most: int
) -> None:
    """One that grows or shrinks as it is read loses nothing of what it has; one that is too large is refused."""
    path = tmp_path / "a"
    path.write_bytes(bytes(range(250)) * 4)
    state = list(path.stat())
    state[stat.ST_SIZE] = told
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result(state))
    if max(told, 1000) > most:
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
            ordinary_bytes(path, most)
    else:
        assert ordinary_bytes(path, most) == path.read_bytes()
