"""`rsaudit comparer`: what changed between two JSON reports of one residence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import outcome, streams
from rsaudit.errors import InputUnreadableError
from rsaudit.messages import cli as say
from rsaudit.messages import comparison as words

if TYPE_CHECKING:
    from rsaudit.model import Report

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.COMPARE_HELP, epilog=say.EXIT_CODES)
def comparer(
    before: Annotated[str, typer.Argument(metavar="AVANT.json", help=say.COMPARE_BEFORE_HELP)],
    after: Annotated[str, typer.Argument(metavar="APRES.json", help=say.COMPARE_AFTER_HELP)],
    fail_if_new: Annotated[bool, typer.Option("--echouer-si-nouveau", help=say.FAIL_IF_NEW_HELP)] = False,
) -> int:
    """Print what is new, lifted, remaining or no longer comparable."""
    from rsaudit.comparison import compare

    earlier, later = read_report(before), read_report(after)
    comparison = compare(earlier, later)
    streams.write_report(words.comparison(earlier, later, comparison) + "\n")
    return outcome.FOUND if fail_if_new and comparison.new else outcome.DONE


def read_report(path: str) -> Report:
    """Read a JSON report of ours.

    Raises `InputUnreadableError` when the file cannot be read or is not one.
    """
    from rsaudit.output.json_report import parse

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadableError(say.unreadable_report(path), say.READ_REPORT_HINT) from error
    return parse(text)
