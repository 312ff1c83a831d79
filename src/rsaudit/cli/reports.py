"""JSON reports given as inputs: the report of one dossier, or those of a portfolio in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rsaudit.errors import InputUnreadableError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from rsaudit.model import Report


def read_text(path: str) -> str:
    """Read the text of a report. Raises `InputUnreadableError` when the file cannot be read."""
    try:
        return Path(path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadableError(say.unreadable_report(path), say.READ_REPORT_HINT) from error


def read_reports(path: str) -> tuple[Report, ...]:
    """Read the reports of a file.

    Raises `InputUnreadableError` when the file cannot be read or does not hold reports of ours.
    """
    from rsaudit.output.json_report import parse_all

    return parse_all(read_text(path))
