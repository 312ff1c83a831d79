"""`rsaudit exporter`: a dossier as a workbook that a manager fills in, keeps or mails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import destinations, outcome, streams
from rsaudit.cli.commands.audit import find
from rsaudit.cli.session import Session, audit_day, one_of
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.loading.recognition import is_workbook
from rsaudit.messages import cli as say
from rsaudit.messages import filings as words

if TYPE_CHECKING:
    from rsaudit.loading import Dossier

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.EXPORT_HELP, epilog=say.EXIT_CODES)
def exporter(
    path: Annotated[str | None, typer.Argument(metavar="[CHEMIN]", help=say.EXPORT_PATH_HELP)] = None,
    output: Annotated[
        str | None, typer.Option("--sortie", "-o", metavar="CLASSEUR", help=say.EXPORT_OUTPUT_HELP)
    ] = None,
    blank: Annotated[bool, typer.Option("--vide", help=say.BLANK_HELP)] = False,
    filing: Annotated[str | None, typer.Option("--envoi", metavar="NOM", help=say.FILING_HELP)] = None,
    form: Annotated[str | None, typer.Option("--fiche", metavar="NOM", help=say.FORM_HELP)] = None,
    platform: Annotated[
        str | None, typer.Option("--plateforme", metavar="NOM", help=say.PLATFORM_HELP)
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="AAAA-MM-JJ", help=say.EXPORT_DATE_HELP)
    ] = None,
    replace: Annotated[bool, typer.Option("--remplacer", help=say.OVERWRITE_HELP)] = False,
) -> int:
    """Write the workbook and return the exit code."""
    asked = [
        (option, name)
        for option, name in (("envoi", filing), ("fiche", form), ("plateforme", platform))
        if name is not None
    ]
    if len(asked) > 1 or (asked and blank):
        raise UsageError(words.ONE_ONLY, words.ONE_ONLY_HINT)
    if day is not None and not asked:
        raise UsageError(words.DATE_ALONE, words.DATE_ALONE_HINT)
    if blank == (path is not None):
        raise UsageError(say.WHAT_TO_EXPORT, say.WHAT_TO_EXPORT_HINT)
    target = _target(output, replace=replace)
    session = Session()
    if asked and path is not None:
        destinations.write(target, _tables(*asked[0], path, day, session))
        streams.tell(say.file_written(target.as_posix()))
        return outcome.DONE
    from rsaudit.authoring.workbooks import blank_workbook, export

    if path is None:
        content = blank_workbook(session.schemas, session.vocabulary)
    else:
        content = export(usable(path, session), session.schemas, session.vocabulary)
    destinations.write(target, content)
    streams.tell(say.file_written(target.as_posix()))
    return outcome.DONE


def _tables(use: str, name: str, path: str, day: str | None, session: Session) -> bytes:
    """Return the workbook of the tables asked for; what they lack is told."""
    from rsaudit.filings import fill, load_filings
    from rsaudit.filings.writing import write
    from rsaudit.loading import inherit

    known = load_filings(session.catalogue, use)
    one_of(f"--{use}", name, tuple(known))
    dossier = usable(path, session)
    inherit(dossier.data, session.schemas.sections)
    filled = fill(known[name], dossier, as_of=audit_day(day), vocabulary=session.vocabulary)
    for sheet in filled.sheets:
        for notice in words.told(sheet):
            streams.tell(notice)
    return write(filled)


def _target(output: str | None, *, replace: bool) -> Path:
    if not output:
        raise UsageError(say.NO_EXPORT_OUTPUT, say.NO_EXPORT_OUTPUT_HINT)
    target = Path(output)
    if not is_workbook(target):
        raise UsageError(say.not_a_workbook_name(target.name), say.NO_EXPORT_OUTPUT_HINT)
    if target.is_dir():
        raise InputUnreadableError(say.output_is_folder(target.name), say.NO_EXPORT_OUTPUT_HINT)
    if target.exists() and not replace:
        raise InputUnreadableError(say.exists(target.name), say.REPLACE_HINT)
    if not target.parent.is_dir():
        raise InputUnreadableError(say.no_output_folder(str(target.parent)), say.NO_OUTPUT_FOLDER_HINT)
    return target


def usable(path: str, session: Session) -> Dossier:
    """Return the one dossier at a path, as it is written.

    Raises `UsageError` when there are several, `InputUnreadableError` once its errors are told.
    """
    from rsaudit.reception import read

    references = find([path])
    if len(references) > 1:
        raise UsageError(say.several_to_export(len(references)), say.NO_DOSSIER_HINT)
    dossier = read(references[0], session.schemas)
    refuse_errors(dossier)
    return dossier


def refuse_errors(dossier: Dossier) -> None:
    """Tell what is wrong with a dossier. Raises `InputUnreadableError` when it cannot be used."""
    for error in dossier.errors:
        streams.tell(say.input_error(error))
    serious = sum(error.severity == "erreur" for error in dossier.errors)
    if serious:
        raise InputUnreadableError(say.unusable(dossier.path, serious), say.FIX_FIRST_HINT)
