"""`rsaudit comparer`: what changed between two JSON reports, of one residence or of a portfolio, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from rsaudit import __version__
from rsaudit.cli import destinations, outcome
from rsaudit.cli.reports import read_reports
from rsaudit.messages import cli as say
from rsaudit.messages import comparison as words

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

FORMATS = ("terminal", "markdown", "json", "html")


@app.command(help=say.COMPARE_HELP, epilog=words.EXIT_CODES)
def comparer(
    before: Annotated[str, typer.Argument(metavar="AVANT.json", help=say.COMPARE_BEFORE_HELP)],
    after: Annotated[str, typer.Argument(metavar="APRES.json", help=say.COMPARE_AFTER_HELP)],
    format_: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help=words.FORMATS_HELP)
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option("--sortie", "-o", metavar="[FORMAT:]CHEMIN", help=say.OUTPUT_HELP)
    ] = None,
    fail_if_new: Annotated[bool, typer.Option("--echouer-si-nouveau", help=say.FAIL_IF_NEW_HELP)] = False,
) -> int:
    """Write what is new, persistent, resolved or no longer comparable, and the cause of each change."""
    from rsaudit.comparison import compare_all
    from rsaudit.output.comparison import render

    wanted = destinations.parse(output or [], format_, FORMATS)
    destinations.check_writable(wanted)
    found = compare_all(read_reports(before), read_reports(after), tool=f"rsaudit {__version__}")
    for destination in wanted:
        destinations.deliver(destination, render(destination.format, found))
    if not all(one.comparable for one in found.compared):
        return outcome.INPUT
    return outcome.FOUND if fail_if_new and found.worse else outcome.DONE
