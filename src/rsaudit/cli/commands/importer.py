"""`rsaudit importer`: a file that a manager has -> a dossier in YAML. What the file is decides what is read in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rsaudit.cli import destinations, outcome, streams, tables
from rsaudit.cli.commands.exporter import refuse_errors
from rsaudit.cli.session import Session
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say
from rsaudit.messages import importing as say_importing
from rsaudit.messages import intake

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.authoring.importing import Plan
    from rsaudit.loading import Dossier

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command("importer", help=say.IMPORT_HELP, epilog=say.EXIT_CODES)
def importer(
    path: Annotated[str, typer.Argument(metavar="FICHIER", help=say.IMPORT_PATH_HELP)],
    output: Annotated[
        str | None, typer.Option("--sortie", "-o", metavar="DOSSIER", help=say.IMPORT_OUTPUT_HELP)
    ] = None,
    map_path: Annotated[
        str | None, typer.Option("--correspondance", metavar="YAML", help=say.MAP_HELP)
    ] = None,
    trial: Annotated[bool, typer.Option("--essai", help=say.TRIAL_HELP)] = False,
    replace: Annotated[bool, typer.Option("--remplacer", help=say.OVERWRITE_HELP)] = False,
) -> int:
    """Import one file and return the exit code."""
    if not output:
        raise UsageError(say.NO_IMPORT_OUTPUT, say.NO_IMPORT_OUTPUT_HINT)
    source = Path(path)
    if not source.is_file():
        raise InputUnreadableError(say.not_a_file(path), say.UNKNOWN_KIND_HINT)
    session = Session()
    target = Path(output)
    if map_path is not None or (tables.is_table(source) and not _is_dossier_workbook(source)):
        return tables.bring(source, target, session, map_path=map_path, trial=trial, replace=replace)
    found = _existing(target, session, replace=replace or trial)
    data = _reader(source)(source, session)
    from rsaudit.authoring import importing

    plan = (
        importing.onto(found, target, data, session.schemas)
        if found
        else importing.new_dossier(data, target, session.schemas)
    )
    if trial:
        streams.write_report("\n".join(plan.changed or [path.as_posix() for path in plan.files]) + "\n")
        streams.tell(intake.TRIED)
        return outcome.DONE
    destinations.write_all({path: text.encode("utf-8") for path, text in plan.files.items()})
    _tell(plan)
    return outcome.DONE


def _existing(target: Path, session: Session, *, replace: bool) -> Dossier | None:
    """Return the dossier that stands at the target, as it is written; `None` where nothing does.

    Raises `InputUnreadableError` when it may not be touched, or cannot be read.
    """
    from rsaudit.loading import find_dossiers
    from rsaudit.reception import read

    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return None
    references, _ = find_dossiers(target)
    if len(references) != 1 or references[0].path != target:
        raise InputUnreadableError(say_importing.exists(target.as_posix()), say.REPLACE_HINT)
    if not replace:
        raise InputUnreadableError(say.exists(target.as_posix()), say.IMPORT_REPLACE_HINT)
    found = read(references[0], session.schemas)
    serious = [error for error in found.errors if error.severity == "erreur"]
    if serious:
        raise InputUnreadableError(
            say.unusable(target.as_posix(), len(serious)), say_importing.BROKEN_TARGET_HINT
        )
    return found


def _tell(plan: Plan) -> None:
    if not plan.files:
        streams.tell(say_importing.UNCHANGED)
    if plan.changed:
        streams.tell(say_importing.changed(plan.changed, plan.withdrawn))
    for file in plan.detached:
        streams.tell(say_importing.detached(file))
    for path in plan.files:
        streams.tell(say.file_written(path.as_posix()))


def _reader(source: Path) -> Callable[[Path, Session], dict[str, Any]]:
    """Return what reads a file, from what the file is. Each kind has its line in `_KINDS`."""
    for recognises, read in _KINDS:
        if recognises(source):
            return read
    raise InputUnreadableError(say.unknown_kind(source.name), say.UNKNOWN_KIND_HINT)


def _is_dossier_workbook(source: Path) -> bool:
    from rsaudit.loading.recognition import holds_dossier, is_workbook

    return is_workbook(source) and holds_dossier(source)


def _dossier_workbook(source: Path, session: Session) -> dict[str, Any]:
    from rsaudit.loading import find_dossiers
    from rsaudit.reception import read

    references, _ = find_dossiers(source)
    dossier = read(references[0], session.schemas)
    refuse_errors(dossier)
    return dossier.data


_KINDS: tuple[tuple[Callable[[Path], bool], Callable[[Path, Session], dict[str, Any]]], ...] = (
    (_is_dossier_workbook, _dossier_workbook),
)
