"""Damaged archives: whatever way they are packed, and wherever they are cut, our own words."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from rsaudit.documents.model import DocumentError
from rsaudit.documents.office import read_docx, read_odt
from rsaudit.loading.recognition import sheet_names
from rsaudit.output.recognition import recognise
from rsaudit.workbook.archive import WorkbookError, read_grids

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

PARTS = ("xl/workbook.xml", "docProps/core.xml", "word/document.xml", "content.xml")
WAYS = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}


def _damaged(way: int) -> bytes:
    """Pack every part, then spoil what each holds and leave what the archive says of it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as archive:
        for name in PARTS:
            archive.writestr(name, "".join(f"<a n='{rank}'/>" for rank in range(900)))
        places = [
            (entry.header_offset + 30 + len(entry.filename), entry.compress_size)
            for entry in archive.infolist()
        ]
    raw = bytearray(packed.getvalue())
    for start, size in places:
        for place in range(start + 4, start + size, 3):
            raw[place] ^= 0xA5
    return bytes(raw)


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_archive_is_refused_in_our_words(way: str, tmp_path: Path) -> None:
    """What cannot be unpacked is no workbook of ours, and a document or a workbook that must be read is refused."""
    path = tmp_path / "abime.xlsx"
    path.write_bytes(_damaged(WAYS[way]))

    assert sheet_names(path) == []
    assert recognise(path, "xlsx") is False
    with pytest.raises(WorkbookError):
        read_grids(path.read_bytes())
    for read in (read_docx, read_odt):
        with pytest.raises(DocumentError):
            read(path.read_bytes(), path.name)


@pytest.mark.parametrize("command", ["audit", "importer", "relire"])
def test_a_damaged_workbook_is_no_fault_of_the_program(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path, command: str
) -> None:
    """Given to a command, it is told in a sentence: never an unforeseen error."""
    path = tmp_path / "abime.xlsx"
    path.write_bytes(_damaged(zipfile.ZIP_DEFLATED))

    run = program(command, str(path))

    assert run.returncode in {2, 3}
    assert "imprévue" not in run.stderr.decode()


def test_a_workbook_of_another_program_says_nothing_in_english(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Without the default style that others leave out, a workbook is read, and nothing is printed about it."""
    ours, other = tmp_path / "d.xlsx", tmp_path / "autre.xlsx"
    assert program("exporter", "examples/identite-seule.yaml", "-o", str(ours)).returncode == 0
    with zipfile.ZipFile(ours) as parts, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as made:
        for name in parts.namelist():
            content = parts.read(name)
            if name == "xl/styles.xml":
                before, _, rest = content.partition(b"<cellStyles")
                content = before + rest.partition(b"</cellStyles>")[2]
            made.writestr(name, content)

    run = program("audit", str(other), "--date", "2026-09-30", "--seuil", "aucun")

    assert run.returncode == 0
    assert run.stderr == b""
