"""`rsaudit calendrier`: every deadline of some dossiers, to read, to print, or for a calendar program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import destinations, documents, streams
from rsaudit.cli.session import audit_day
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from rsaudit.deadlines import Calendar

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

FORMATS = ("terminal", "html", "ics")


@app.command(help=say.CALENDAR_HELP, epilog=say.EXIT_CODES)
def calendrier(
    paths: Annotated[list[str], typer.Argument(metavar="CHEMIN…", help=say.PATHS_HELP)],
    format_: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help=say.CALENDAR_FORMAT_HELP)
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
    """Write the calendar of the dossiers and return the exit code."""
    from rsaudit.deadlines import calendar

    wanted = destinations.parse_document(output or [], format_, FORMATS)
    destinations.check_writable(wanted)
    reports = documents.audited(paths, documents.judge(day=audit_day(day), named=list(ruleset or [])))
    drawn = calendar(reports)
    documents.publish(wanted, lambda name: _render(name, drawn))
    return documents.code(reports)


def _render(name: str, drawn: Calendar) -> str:
    from rsaudit.output import calendar as paper
    from rsaudit.output import icalendar

    if name == "ics":
        return icalendar.render(drawn)
    return paper.render_html(drawn) if name == "html" else paper.render_text(drawn, streams.terminal_width())
