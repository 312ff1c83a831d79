"""An existing file is replaced only if it is a report of ours."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from rsaudit.model import RenderOptions
from rsaudit.output import FORMATS, recognise, render

from .sample import (
    clean_report,
    controlled_report,
    hostile_report,
    invalid_report,
    large_report,
    sample_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.model import Report

MAKERS = (sample_report, controlled_report, clean_report, invalid_report, hostile_report, large_report)
STRANGERS = {
    "terminal": b"Liste de courses\n",
    "html": b"<!DOCTYPE html><title>Mon site</title>",
    "json": b'{"nom": "Autre chose"}',
    "sarif": b'{"runs": [{"tool": {"driver": {"name": "ruff"}}}]}',
    "junit": b'<testsuites name="pytest"></testsuites>',
    "github": b"::error file=a.py::autre outil\n",
    "gitlab": b'[{"check_name": "E501", "fingerprint": "x"}]',
    "markdown": b"# Compte rendu\n",
    "csv": b"nom;montant\r\nx;1\r\n",
    "xlsx": b"PK\x03\x04 pas un classeur",
}


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("name", FORMATS)
def test_ours_are_known(name: str, make: Callable[[], Report], public: bool, tmp_path: Path) -> None:
    """Every report of ours may be replaced by another, whatever the dossier."""
    written = render(name, make(), RenderOptions(public=public))
    path = tmp_path / "rapport"
    path.write_bytes(written.encode() if isinstance(written, str) else written)

    assert recognise(path, name)


@pytest.mark.parametrize("name", FORMATS)
def test_strangers_are_not(name: str, tmp_path: Path) -> None:
    """Another program's file, a folder, a pipe, a missing file are never ours; an empty one may go."""
    path = tmp_path / "autre"
    path.write_bytes(STRANGERS[name])
    pipe = tmp_path / "tube"
    os.mkfifo(pipe)
    empty = tmp_path / "vide"
    empty.touch()

    assert not recognise(path, name)
    assert not recognise(tmp_path, name)
    assert not recognise(pipe, name)
    assert not recognise(tmp_path / "absent", name)
    assert recognise(empty, name)


def test_a_workbook_of_someone_else_is_not_ours(tmp_path: Path) -> None:
    """A workbook without our keyword, or whose properties are huge, is left alone."""
    path = tmp_path / "classeur.xlsx"
    for properties in (
        "<cp:keywords>budget</cp:keywords>",
        " " * 100_000 + "<cp:keywords>rsaudit</cp:keywords>",
    ):
        with ZipFile(path, "w") as parts:
            parts.writestr("docProps/core.xml", properties)

        assert not recognise(path, "xlsx")
