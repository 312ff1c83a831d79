"""Says whether a workbook is a dossier, from the names of its sheets alone: nothing else of it is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.archives import damages
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from pathlib import Path

ENDING = ".xlsx"
_PART = "xl/workbook.xml"
_LONGEST = 1 << 20
_SHEET = pattern(r"<(?:\w+:)?sheet\b[^>]{0,2000}?\bname=\"([^\"]{0,200})\"")


def is_workbook(path: Path) -> bool:
    """Say whether a path is named as a workbook."""
    return path.suffix.lower() == ENDING


def holds_dossier(path: Path) -> bool:
    """Say whether a workbook has the sheet that explains how a dossier is filled in."""
    from rsaudit.messages.workbook import GUIDE

    return GUIDE in sheet_names(path)


def sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook; none when they cannot be read."""
    import zipfile
    from html import unescape

    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(_PART)
            if entry.file_size > _LONGEST:
                return []
            text = archive.read(entry).decode("utf-8", "replace")
    except damages():
        return []
    return [unescape(name) for name in _SHEET.findall(text)]
