"""JSON reports given as inputs: the report of one dossier, or those of a portfolio in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rsaudit.digests import sha256
from rsaudit.errors import InputUnreadableError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from rsaudit.cli.judging import Earlier
    from rsaudit.model import Report

LARGEST = 512 << 20
"""Bytes of a file of reports; reading one takes some six times its size."""
_SMALL = 8 << 20
_BYTES_A_VALUE = 8
"""In a report of ours, there is a value every thirty bytes or so; a file made to fill the memory has one in two."""
NO_EARLIER = "aucun"
"""Word of `--depuis` that follows nothing, whatever the settings of the repository say."""


def read_text(path: str) -> str:
    """Read the text of a report.

    Raises `InputUnreadableError` when the file cannot be read, or is made of so many values that it is none of ours.
    """
    from rsaudit.loading.ordinary import ordinary_bytes

    try:
        raw = ordinary_bytes(Path(path), LARGEST)
        if len(raw) > _SMALL and (b"\0" in raw or sum(map(raw.count, b"[{,")) * _BYTES_A_VALUE > len(raw)):
            raise InputUnreadableError(say.unreadable_report(path), say.READ_REPORT_HINT)
        return raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadableError(say.unreadable_report(path), say.READ_REPORT_HINT) from error


def read_reports(path: str) -> tuple[Report, ...]:
    """Read the reports of a file.

    Raises `InputUnreadableError` when the file cannot be read or does not hold reports of ours.
    """
    from rsaudit.output.json_report import parse_all

    return parse_all(read_text(path))


def read_earlier(path: str) -> Earlier:
    """Read the earlier reports that an audit follows.

    Raises `InputUnreadableError` as `read_reports`, and for a communicable report: it names no subject to follow.
    """
    from rsaudit.cli.judging import Earlier
    from rsaudit.model import Fingerprint
    from rsaudit.output.json_report import parse_all

    text = read_text(path)
    reports = parse_all(text)
    if any(report.options.get("diffusion") is True for report in reports):
        raise InputUnreadableError(say.communicable_report(path), say.WHOLE_REPORT_HINT)
    digest = sha256(text.encode()).hexdigest()
    return Earlier(
        reports=reports, fingerprint=Fingerprint(file=Path(path).name, sha256=digest, role="depuis")
    )
