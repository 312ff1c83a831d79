"""`rsaudit valider`: check that dossiers are well formed, without judging them."""

from __future__ import annotations

from typing import Annotated

import typer

from rsaudit.cli import outcome, streams
from rsaudit.cli.commands.audit import find
from rsaudit.cli.session import Session
from rsaudit.messages import cli as say

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.VALIDATE_HELP, epilog=say.EXIT_CODES)
def valider(paths: Annotated[list[str], typer.Argument(metavar="CHEMIN…", help=say.PATHS_HELP)]) -> int:
    """Print every error of every dossier, by position, and return the exit code."""
    from rsaudit.reception import receive

    session = Session()
    codes = []
    lines = []
    for reference in find(paths):
        dossier = receive(reference, session.schemas)
        errors = dossier.errors
        serious = [error for error in errors if error.severity == "erreur"]
        lines.append(say.validated(dossier.path, len(serious), len(errors) - len(serious)))
        lines.extend(say.input_error(error) for error in errors)
        codes.append(outcome.INPUT if serious else outcome.DONE)
        for notice in dossier.notices:
            streams.tell(notice)
    streams.write_report("\n".join(lines) + "\n")
    return outcome.worst(codes)
