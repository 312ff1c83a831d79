"""Tables brought into dossiers: read, laid over what is there, shown, then written unless it is a trial."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsaudit.cli import destinations, outcome, streams
from rsaudit.cli.commands.exporter import refuse_errors
from rsaudit.errors import InputUnreadableError
from rsaudit.messages import cli as say
from rsaudit.messages import intake as words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsaudit.amending import Change
    from rsaudit.cli.session import Session
    from rsaudit.intake import ColumnMap, Grid
    from rsaudit.loading import DossierRef

YAML = {".yaml", ".yml"}
_SHOWN = 60
"""Differences listed for one dossier; beyond, they are counted."""

_Brought = dict[Path, dict[str, Any]]
"""Folder or file of each dossier → the sections brought to it."""


def bring(
    source: Path, target: Path, session: Session, *, map_path: str | None, trial: bool, replace: bool
) -> int:
    """Import a table into one dossier, or several below a folder, and return the exit code.

    Raises `InputUnreadableError` where a cell is doubtful, or a value of a dossier would be replaced unasked.
    """
    if map_path is not None and not trial:
        _save_map(source, session, Path(map_path))
    files = _files(_table(source, session, target, map_path), session, replace=replace, trial=trial)
    if trial:
        streams.tell(words.TRIED)
        return outcome.DONE
    destinations.write_all(files)
    for path in files:
        streams.tell(say.file_written(path.as_posix()))
    return outcome.DONE


def is_table(source: Path) -> bool:
    """Say whether a file may be a table, from its name."""
    return source.suffix.lower() in {".csv", ".xlsx"}


def _table(source: Path, session: Session, target: Path, map_path: str | None) -> _Brought:
    from rsaudit.intake import headed, read_grid, read_map, shipped_maps, take

    sections = session.schemas.sections
    known = shipped_maps(sections)
    chosen = Path(map_path) if map_path is not None else None
    given = read_map(chosen, sections) if chosen is not None and chosen.exists() else None
    sheets = tuple(m.sheet for m in ([given] if given else known) if m.sheet)
    maps = [given] if given else known
    grid = headed(read_grid(source, sheets), lambda headings: max(m.known(headings) for m in maps))
    columns = given or _recognised(grid, known)
    streams.tell(words.recognised(grid.file, columns.title))
    existing = _existing(session, target, columns)
    found = take(grid, columns, sections, existing)
    for notice in found.notices:
        streams.tell(notice)
    for error in found.errors:
        streams.tell(say.input_error(error))
    serious = sum(error.severity == "erreur" for error in found.errors)
    if serious:
        raise InputUnreadableError(say.unusable(source.name, serious), say.FIX_FIRST_HINT)
    streams.tell(words.TABLES_TO_SAY)
    return {_place(target, key, data): data for key, data in found.dossiers.items()}


def _recognised(grid: Grid, known: list[ColumnMap]) -> ColumnMap:
    counts = {m.id: m.matched(list(grid.headings)) for m in known}
    fit = [m for m in known if counts[m.id] and (m.sheet is None or grid.sheet in {None, m.sheet})]
    if not fit:
        raise InputUnreadableError(words.no_map(grid.file, [m.title for m in known]), words.NO_MAP_HINT)
    return max(fit, key=lambda m: counts[m.id])


def _save_map(source: Path, session: Session, path: Path) -> None:
    """Write the map of a table that has none yet, so that a person completes it; an existing one is left alone."""
    from rsaudit.amending.rendering import render
    from rsaudit.intake import headed, read_grid, saved_map, shipped_maps

    if path.exists() or not is_table(source):
        return
    known = shipped_maps(session.schemas.sections)
    grid = read_grid(source, tuple(m.sheet for m in known if m.sheet))
    grid = headed(grid, lambda headings: max(m.known(headings) for m in known))
    content = render(saved_map(grid, _nearest(grid, known)))
    destinations.write_all({path: content.encode("utf-8")})
    streams.tell(words.map_written(path.as_posix()))


def _nearest(grid: Grid, known: list[ColumnMap]) -> ColumnMap:
    """Return the map to complete: the one that recognises the table, else the one kept for that."""
    return max(known, key=lambda m: (m.matched(list(grid.headings)), m.is_fallback))


def _existing(session: Session, target: Path, columns: ColumnMap) -> dict[str, dict[str, Any]]:
    """Return the data of the dossier already there, so that its references are kept."""
    if columns.one_dossier_by is not None:
        return {}
    reference = _reference(target)
    return {"": _data(reference, session)} if reference is not None else {}


def _place(target: Path, key: str, data: Mapping[str, Any]) -> Path:
    """Return the folder of a dossier: the target itself, or one named after the residence below it."""
    if not key:
        return target
    from rsaudit.phrases import fold

    name = next((block["nom"] for block in data.values() if isinstance(block, dict) and "nom" in block), "")
    slug = re.sub(r"[^a-z0-9]+", "-", fold(f"{name} {key}")).strip("-")
    return target / slug


# -- what is written -------------------------------------------------------------------------------------


def _files(brought: _Brought, session: Session, *, replace: bool, trial: bool) -> dict[Path, bytes]:
    """Show what would change, and return the files to write.

    Raises `InputUnreadableError` where a value of an existing dossier would be replaced unasked.
    """
    files: dict[Path, bytes] = {}
    conflicts = 0
    for target, data in brought.items():
        reference = _reference(target)
        if reference is None:
            files.update(_new(data, target, session))
            continue
        changes, planned = _planned(data, reference, session)
        streams.write_report(_listed(target, changes))
        conflicts += sum(change.kind == "changement" for change in changes)
        files.update(planned)
    if conflicts and not (replace or trial):
        raise InputUnreadableError(words.conflicts(conflicts), words.CONFLICT_HINT)
    return files


def _new(data: dict[str, Any], target: Path, session: Session) -> dict[Path, bytes]:
    """Return the files of a dossier that does not exist; what names its format is written even if nothing else is."""
    from rsaudit.amending import rendering

    whole = {"residence": {"format": 1}, **data}
    if target.suffix in YAML:
        texts = {target: rendering.single(whole, session.schemas)}
    else:
        texts = {
            target / f"{section}.yaml": text
            for section, text in rendering.sections(whole, session.schemas).items()
        }
    for path in texts:
        if path.exists():
            raise InputUnreadableError(say.exists(path.as_posix()), say.IMPORT_REPLACE_HINT)
    streams.write_report(words.new_dossier(target.as_posix(), list(whole)) + "\n")
    return {path: text.encode("utf-8") for path, text in texts.items()}


def _reference(target: Path) -> DossierRef | None:
    from rsaudit.loading import find_dossiers

    there = target.is_file() if target.suffix in YAML else (target / "residence.yaml").is_file()
    return find_dossiers(target)[0][0] if there else None


def _data(reference: DossierRef, session: Session) -> dict[str, Any]:
    """Return the data of the dossier already there; incomplete is not broken."""
    from rsaudit.loading import load

    dossier = load(reference, session.schemas)
    refuse_errors(dossier)
    return dossier.data


def _planned(
    data: dict[str, Any], reference: DossierRef, session: Session
) -> tuple[list[Change], dict[Path, bytes]]:
    from rsaudit.amending import differences, plan

    sections = session.schemas.sections
    changes = differences(_data(reference, session), data, sections)
    files = plan(reference, changes, sections).files
    return changes, {path: text.encode("utf-8") for path, text in files.items()}


def _listed(target: Path, changes: list[Change]) -> str:
    kinds = [change.kind.value for change in changes]
    lines = [
        words.differences_of(
            target.as_posix(), kinds.count("ajout"), kinds.count("ligne"), kinds.count("changement")
        )
    ]
    if not changes:
        return "\n".join([*lines, words.NOTHING_NEW]) + "\n"
    # What replaces comes first: it is what one must read.
    for change in sorted(changes, key=lambda change: change.kind.value != "changement")[:_SHOWN]:
        if change.kind.value == "changement":
            lines.append(words.change(change.shown, _value(change.before), _value(change.after)))
        else:
            lines.append(words.addition(change.shown, _value(change.after)))
    if len(changes) > _SHOWN:
        lines.append(words.more(len(changes) - _SHOWN))
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    from rsaudit.amending.rendering import flow

    return flow(value)
