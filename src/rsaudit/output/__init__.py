"""The formats of a report: one module each, drawn from the one `Report`; nothing here judges a dossier."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct

from rsaudit.model import Keep

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.model import RenderOptions, Report


class Format(Struct, frozen=True):
    """Where a format is written, whether it gives bytes, and what it needs built of an audit."""

    module: str
    function: str
    binary: bool
    needs: Keep = Keep.EVERYTHING


#: Every format of `audit`, by the word of `--format`; a module is imported only when its format is asked.
FORMATS: dict[str, Format] = {
    "terminal": Format("rsaudit.output.terminal", "render", binary=False, needs=Keep.REPORTED),
    "html": Format("rsaudit.output.html", "render", binary=False, needs=Keep.NAMED),
    "json": Format("rsaudit.output.json_report", "render", binary=False),
    "sarif": Format("rsaudit.output.sarif", "render", binary=False),
    "junit": Format("rsaudit.output.junit", "render", binary=False),
    "github": Format("rsaudit.output.github", "render", binary=False, needs=Keep.UNSETTLED),
    "gitlab": Format("rsaudit.output.gitlab", "render", binary=False, needs=Keep.UNSETTLED),
    "markdown": Format("rsaudit.output.markdown", "render", binary=False, needs=Keep.REPORTED),
    "csv": Format("rsaudit.output.csv", "render", binary=True),
    "xlsx": Format("rsaudit.output.xlsx", "render", binary=True),
}


def render(name: str, report: Report, options: RenderOptions) -> str | bytes:
    """Write the report in the format of that name: text, or bytes where the format is binary."""
    chosen = FORMATS[name]
    written: str | bytes = getattr(import_module(chosen.module), chosen.function)(report, options)
    return written


def recognise(path: Path, name: str) -> bool:
    """Say whether an existing file may be replaced by a report of that format: only one of ours may."""
    from rsaudit.output.recognition import recognise as known

    return known(path, name)
