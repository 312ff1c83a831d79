"""`rsaudit pieces`: what to ask for, so that nothing stays undecided for want of a datum."""

from __future__ import annotations

from typing import Annotated

import typer

from rsaudit.cli import destinations, documents
from rsaudit.cli.session import audit_day
from rsaudit.messages import cli as say

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

FORMATS = ("terminal", "markdown", "html", "json", "csv")


@app.command(help=say.PIECES_HELP, epilog=say.EXIT_CODES)
def pieces(
    paths: Annotated[list[str], typer.Argument(metavar="CHEMIN…", help=say.PATHS_HELP)],
    format_: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help=say.PIECES_FORMAT_HELP)
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--sortie", "-o", metavar="[FORMAT:]CHEMIN", help=say.DOCUMENT_OUTPUT_HELP),
    ] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="AAAA-MM-JJ", help=say.DATE_HELP)] = None,
    ruleset: Annotated[
        list[str] | None, typer.Option("--referentiel", "-r", metavar="NOM|DOSSIER", help=say.RULESET_HELP)
    ] = None,
) -> int:
    """Write what to ask for and return the exit code."""
    from rsaudit.demands import demand
    from rsaudit.output.demands import render

    wanted = destinations.parse_document(output or [], format_, FORMATS)
    destinations.check_writable(wanted)
    judge = documents.judge(day=audit_day(day), named=list(ruleset or []))
    reports = documents.audited(paths, judge)
    drawn = [demand(report, judge.session.vocabulary) for report in reports]
    documents.publish(wanted, lambda name: render(name, drawn))
    return documents.code(reports)
