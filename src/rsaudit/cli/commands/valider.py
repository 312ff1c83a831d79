"""`rsaudit valider`: check that dossiers are well formed, without judging them; correct what is certain, in a copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import outcome, streams
from rsaudit.cli.commands.audit import find
from rsaudit.cli.session import Session, one_of
from rsaudit.errors import UsageError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from rsaudit.loading import Dossier, DossierRef

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

FORMATS = ("terminal", "json")


@app.command(help=say.VALIDATE_HELP, epilog=say.EXIT_CODES)
def valider(
    paths: Annotated[list[str], typer.Argument(metavar="CHEMIN…", help=say.PATHS_HELP)],
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=say.VALIDATE_FORMAT_HELP)
    ] = "terminal",
    changed: Annotated[bool, typer.Option("--modifies", help=say.CHANGED_HELP)] = False,
    correct: Annotated[bool, typer.Option("--corriger", help=say.CORRECT_HELP)] = False,
    output: Annotated[
        str | None, typer.Option("--sortie", "-o", metavar="CHEMIN", help=say.CORRECT_OUTPUT_HELP)
    ] = None,
) -> int:
    """Print every error of every dossier, by position, and return the exit code."""
    from rsaudit.reception import receive

    one_of("--format", format_, FORMATS)
    if output is not None and not correct:
        raise UsageError(say.CORRECT_ONLY, say.CORRECT_ONLY_HINT)
    session = Session()
    references = find(paths, changed=changed)
    if correct:
        if format_ != "terminal":
            raise UsageError(say.CORRECT_IN_TERMINAL, say.CORRECT_ONLY_HINT)
        return _correct(references, output, session)
    dossiers = [receive(reference, session.schemas) for reference in references]
    for dossier in dossiers:
        for notice in dossier.notices:
            streams.tell(notice)
    streams.write_report(_as_json(dossiers) if format_ == "json" else _as_text(dossiers))
    return outcome.worst([_code(dossier) for dossier in dossiers])


def _correct(references: list[DossierRef], output: str | None, session: Session) -> int:
    """Write the corrected copy of one dossier, show the difference and what is left to do by hand."""
    from rsaudit.corrections.copying import difference, plan, write_copy
    from rsaudit.reception import receive

    if len(references) != 1:
        raise UsageError(say.one_dossier(references[0].shown, len(references)), say.ONE_DOSSIER_HINT)
    reference = references[0]
    dossier = receive(reference, session.schemas)
    changes = plan(reference, dossier.errors)
    if not changes:
        streams.write_report(f"{_as_text([dossier])}{say.NOTHING_CERTAIN}\n")
        return _code(dossier)
    copy = write_copy(reference, changes, Path(output) if output else None)
    (found,) = find([str(copy)])
    after = receive(found, session.schemas)
    count = sum(len(change.applied) for change in changes)
    streams.write_report(
        "\n".join([*map(difference, changes), say.corrected(count, found.shown), _as_text([after])])
    )
    return _code(after)


def _code(dossier: Dossier) -> int:
    serious = any(error.severity == "erreur" for error in dossier.errors)
    return outcome.INPUT if serious else outcome.DONE


def _as_text(dossiers: list[Dossier]) -> str:
    lines = []
    for dossier in dossiers:
        serious = sum(error.severity == "erreur" for error in dossier.errors)
        lines.append(say.validated(dossier.path, serious, len(dossier.errors) - serious))
        lines.extend(say.input_error(error) for error in dossier.errors)
    return "\n".join(lines) + "\n"


def _as_json(dossiers: list[Dossier]) -> str:
    from rsaudit.output.validation import render

    return render([(dossier.path, dossier.errors) for dossier in dossiers])
