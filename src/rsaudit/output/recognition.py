"""Tell a report of ours from any other file: an existing file is replaced only if it is one.

Only the two ends of a file are read; nothing is opened but plain files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsaudit.archives import damages
from rsaudit.messages.comparison import TITLE as COMPARISON
from rsaudit.messages.demands import HEADINGS as DEMAND_HEADINGS
from rsaudit.messages.demands import TITLE as DEMANDS
from rsaudit.messages.formats import ESTABLISHED, KEYWORD, SIGNED
from rsaudit.messages.output import LIMITS
from rsaudit.output.table import FIRST_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HEAD = 16_384
_TAIL = 4_096
_PROPERTIES = "docProps/core.xml"


def recognise(path: Path, name: str) -> bool:
    """Say whether a file may be replaced by a report of that format: it is one of ours, or it is empty."""
    if not path.is_file():
        return False
    try:
        if path.stat().st_size == 0:
            return True
        if name == "xlsx":
            return _is_workbook(path)
        return _MARKS[name](_words(path))
    except OSError:
        return False


def _words(path: Path) -> str:
    """Read the two ends of a file, every run of blanks made one space."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        size = stream.seek(0, 2)
        stream.seek(max(size - _TAIL, min(len(head), size)))
        tail = stream.read()
    text = head.decode("utf-8-sig", "replace") + tail.decode("utf-8", "replace")
    return re.sub(r"\s+", " ", text)


def _is_workbook(path: Path) -> bool:
    from zipfile import ZipFile

    try:
        with ZipFile(path) as parts:
            part = parts.getinfo(_PROPERTIES)
            return part.file_size < _HEAD and f"<cp:keywords>{KEYWORD}</cp:keywords>".encode() in parts.read(
                part
            )
    except damages():
        return False


def _has(mark: str) -> Callable[[str], bool]:
    return lambda words: mark in words


def _starts(mark: str) -> Callable[[str], bool]:
    return lambda words: words.startswith(mark)


def _is_terminal(words: str) -> bool:
    ours = (re.sub(r"\s+", " ", LIMITS), "Le dossier n’a pas été examiné", f"{ESTABLISHED} rsaudit ")
    return any(mark in words for mark in ours)


#: What each format shows of itself, once its blanks are made single spaces.
_MARKS: dict[str, Callable[[str], bool]] = {
    "terminal": _is_terminal,
    "html": _has('<meta name="generator" content="rsaudit '),
    "json": _has('"outil": "rsaudit '),
    "sarif": _has('"driver": { "name": "rsaudit"'),
    "junit": _has('<testsuites name="rsaudit '),
    "github": _has(SIGNED),
    "gitlab": lambda words: words.strip() == "[]" or '"engine_name": "rsaudit"' in words,
    "markdown": lambda words: words.startswith(
        ("# Audit sur pièces : ", f"# {COMPARISON} ", f"# {DEMANDS} : ")
    ),
    "csv": lambda words: words.startswith((";".join(FIRST_HEADINGS), ";".join(DEMAND_HEADINGS))),
    "ics": _starts("BEGIN:VCALENDAR VERSION:2.0 PRODID:-//rsaudit//"),
}
