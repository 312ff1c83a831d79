"""The same dossier gives the same bytes: whatever its line ends, the order of files on disk, where it is, who runs it."""

from __future__ import annotations

import json
import shutil
import socket
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from conftest import ROOT
from rsaudit.engine import audit
from rsaudit.loading import find_dossiers
from rsaudit.model import RenderOptions
from rsaudit.output import FORMATS, render
from rsaudit.reception import receive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rsaudit.cli.session import Session
    from rsaudit.ruleset import CompiledRuleset

DAY = ("--date", "2026-09-30")
TEXTS = {".yaml", ".csv"}


def copied(
    target: Path, example: str = "benjoin-fautif", *, end: str = "\n", backwards: bool = False
) -> Path:
    """Write an example again, file by file, with other line ends or in the other order."""
    source = ROOT / "examples" / example
    target.mkdir(parents=True)
    for path in sorted(source.iterdir(), reverse=backwards):
        raw = path.read_bytes()
        (target / path.name).write_bytes(raw.replace(b"\n", end.encode()) if path.suffix in TEXTS else raw)
    return target


def report(program: Any, folder: Path, *arguments: str) -> bytes:
    """Audit what is in a folder, named relatively."""
    done = program("audit", ".", *DAY, "--seuil", "aucun", *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr.decode()
    raw: bytes = done.stdout
    return raw


def test_line_ends(program: Any, tmp_path: Path) -> None:
    """Windows line ends change the fingerprints of the files, and not another byte of the report."""
    plain = json.loads(report(program, copied(tmp_path / "a" / "d"), "--format", "json"))
    windows = json.loads(report(program, copied(tmp_path / "b" / "d", end="\r\n"), "--format", "json"))

    changed = [
        one["fichier"]
        for one, other in zip(plain["empreintes"], windows["empreintes"], strict=True)
        if one != other
    ]
    assert len(changed) == len(list((ROOT / "examples" / "benjoin-fautif").iterdir()))
    for one in (plain, windows):
        del one["empreintes"]
    assert plain == windows


def test_order_on_disk(program: Any, tmp_path: Path) -> None:
    """Files and dossiers written in another order give the same report and the same portfolio."""
    found = []
    for name, backwards in (("a", False), ("b", True)):
        folder = tmp_path / name
        for example in sorted(["benjoin", "epicea", "benjoin-fautif"], reverse=backwards):
            copied(folder / example, example, backwards=backwards)
        found.append([report(program, folder, "--format", form) for form in ("terminal", "csv", "sarif")])

    assert found[0] == found[1]


@pytest.mark.parametrize("name", [form for form in FORMATS if form != "xlsx"])
def test_nothing_of_the_machine(program: Any, tmp_path: Path, name: str) -> None:
    """No format holds the folder it was run from, the name of the machine or of the user, even given an absolute path."""
    folder = copied(tmp_path / "dossier-d-essai")

    user = {"USER": "untel-x9", "LOGNAME": "untel-x9", "HOME": str(tmp_path / "chez-untel-x9")}

    done = program("audit", str(folder), *DAY, "--format", name, cwd=tmp_path, env=user)
    text = done.stdout.decode()

    assert done.returncode == 1
    assert "dossier-d-essai" in text
    assert str(tmp_path) not in text
    assert socket.gethostname() not in text
    assert "untel-x9" not in text


def test_a_moved_dossier(program: Any, tmp_path: Path) -> None:
    """A dossier given from elsewhere on the disk, by the same relative path, gives the same bytes."""
    first = report(program, copied(tmp_path / "a" / "d"), "--format", "html")
    shutil.move(tmp_path / "a", tmp_path / "ailleurs")

    assert report(program, tmp_path / "ailleurs" / "d", "--format", "html") == first


def _judged(session: Session, rulesets: Sequence[CompiledRuleset], example: Path) -> str:
    report = audit(
        receive(find_dossiers(example)[0][0], session.schemas),
        rulesets,
        as_of=date(2026, 9, 30),
        vocabulary=session.vocabulary,
    )
    written = render("json", report, RenderOptions())
    assert isinstance(written, str)
    return written


def test_a_dossier_after_others(session: Session) -> None:
    """Each example judged after any other gets the report it gets alone: nothing is left in the programs of a référentiel.

    So it is of référentiels just compiled as of those from the cache, and both say the same.
    """
    files = sorted((ROOT / "examples").iterdir())
    examples = [path for path in files if (path / "residence.yaml").exists() or path.suffix == ".yaml"]
    alone = {
        example: _judged(session, session.rulesets([], with_cases=False), example) for example in examples
    }

    assert len(alone) >= 6
    for rulesets in (session.rulesets([]), session.rulesets([], with_cases=False)):
        for example in [*examples, *reversed(examples)]:
            assert _judged(session, rulesets, example) == alone[example]
