"""`rsaudit importer`: a file that a manager has -> a dossier in YAML. What the file is decides what is read in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rsaudit.cli import destinations, outcome, streams
from rsaudit.cli.commands.exporter import refuse_errors
from rsaudit.cli.session import Session
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command("importer", help=say.IMPORT_HELP, epilog=say.EXIT_CODES)
def importer(
    path: Annotated[str, typer.Argument(metavar="FICHIER", help=say.IMPORT_PATH_HELP)],
    output: Annotated[
        str | None, typer.Option("--sortie", "-o", metavar="DOSSIER", help=say.IMPORT_OUTPUT_HELP)
    ] = None,
    replace: Annotated[bool, typer.Option("--remplacer", help=say.REPLACE_HELP)] = False,
) -> int:
    """Import one file and return the exit code."""
    if not output:
        raise UsageError(say.NO_IMPORT_OUTPUT, say.NO_IMPORT_OUTPUT_HINT)
    source = Path(path)
    if not source.is_file():
        raise InputUnreadableError(say.not_a_file(path), say.NO_DOSSIER_HINT)
    session = Session()
    data = _reader(source)(source, session)
    files = _files(data, Path(output), session, replace=replace)
    destinations.write_all(files)
    for target in files:
        streams.tell(say.file_written(target.as_posix()))
    return outcome.DONE


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


def _files(data: dict[str, Any], target: Path, session: Session, *, replace: bool) -> dict[Path, bytes]:
    """Return the files of the dossier to write. Raises `InputUnreadableError` where one would be overwritten."""
    from rsaudit.authoring import rendering

    if target.suffix in {".yaml", ".yml"}:
        texts = {target: rendering.single(data, session.schemas)}
    else:
        texts = {
            target / f"{section}.yaml": text
            for section, text in rendering.sections(data, session.schemas).items()
        }
    for path in texts:
        if path.exists() and not replace:
            raise InputUnreadableError(say.exists(path.as_posix()), say.IMPORT_REPLACE_HINT)
    return {path: text.encode("utf-8") for path, text in texts.items()}
