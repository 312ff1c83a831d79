"""Several dossiers in one run: joined where a format's readers expect it, one file each elsewhere."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

DAY = ("--date", "2026-09-30", "--seuil", "aucun")
TWO = ("examples/benjoin-fautif", "examples/petite-residence.yaml")


def test_machine_formats_hold_every_dossier(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """SARIF, JUnit, GitLab and CSV hold all the dossiers of a run in one well-formed file."""
    outputs = [f"-o{name}:{tmp_path / name}" for name in ("sarif", "junit", "gitlab", "csv")]
    run = program("audit", *TWO, *DAY, *outputs)
    assert run.returncode == 0, run.stderr

    assert len(json.loads((tmp_path / "sarif").read_bytes())["runs"]) == 2
    junit = Tree.fromstring((tmp_path / "junit").read_bytes())  # noqa: S314 - written just now
    assert int(junit.get("tests", "0")) == len(list(junit.iter("testcase")))
    assert isinstance(json.loads((tmp_path / "gitlab").read_bytes()), list)
    rows = list(csv.reader(io.StringIO((tmp_path / "csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert sum(row == rows[0] for row in rows) == 1


def test_a_folder_gets_one_report_a_dossier(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """`-o html:dossier/` writes one report for each dossier audited."""
    run = program("audit", *TWO, *DAY, "-o", f"html:{tmp_path}/", "-o", f"json:{tmp_path}/")

    assert run.returncode == 0, run.stderr
    assert len(list(tmp_path.glob("*.html"))) == 2
    assert all(json.loads(path.read_bytes())["version"] for path in tmp_path.glob("*.json"))


def test_one_file_is_refused_before_any_work(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """A format that holds one dossier refuses several, says what to do, and writes nothing."""
    run = program("audit", *TWO, *DAY, "-o", str(tmp_path / "r.html"))

    assert run.returncode == 2
    assert "rapports/" in run.stderr.decode()
    assert not list(tmp_path.iterdir())
