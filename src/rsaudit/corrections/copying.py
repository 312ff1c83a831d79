"""The corrected copy of a dossier: every file as it was, save the spellings that are certain. Nothing is replaced."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rsaudit.corrections.rewriting import rewrite
from rsaudit.errors import InputUnreadableError
from rsaudit.loading.yaml_reading import parse_yaml
from rsaudit.messages import corrections as say
from rsaudit.messages.loading import cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsaudit.loading import DossierRef
    from rsaudit.model import InputError

_SUFFIX = "-corrige"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file of a dossier, before and after."""

    path: Path
    shown: str
    before: str
    after: str
    applied: tuple[InputError, ...]


def plan(reference: DossierRef, errors: Iterable[InputError]) -> list[Change]:
    """Return the files of a dossier that certain corrections would change; a table or a common block is left alone."""
    by_file: dict[str, list[InputError]] = {}
    for error in errors:
        if error.correction is not None and error.line is not None and error.cell is None:
            by_file.setdefault(error.file, []).append(error)
    changes = []
    for shown, wanted in sorted(by_file.items()):
        path = _inside(reference, shown)
        if path is None:
            continue
        text = parse_yaml(path.read_bytes(), shown).text
        rewritten = rewrite(text, wanted)
        if rewritten.applied:
            changes.append(
                Change(path=path, shown=shown, before=text, after=rewritten.text, applied=rewritten.applied)
            )
    return changes


def _inside(reference: DossierRef, shown: str) -> Path | None:
    """Return the path of a file of the dossier itself; `None` for one that it shares with others."""
    if reference.path.is_file():
        return reference.path if shown == reference.shown else None
    start = f"{reference.shown}/"
    relative = shown.removeprefix(start) if reference.shown != "." else shown
    return reference.path / relative if shown.startswith(start) or reference.shown == "." else None


def difference(change: Change) -> str:
    """Show what a correction changes in a file, line by line."""
    lines = difflib.unified_diff(
        change.before.splitlines(), change.after.splitlines(), change.shown, say.CORRECTED, n=0, lineterm=""
    )
    return "\n".join(lines)


def write_copy(reference: DossierRef, changes: Sequence[Change], target: Path | None) -> Path:
    """Write the copy whole or not at all, and return where; without a target, beside the dossier.

    Raises `InputUnreadableError` when the place is taken or cannot be written.
    """
    source = reference.path
    place = target or source.resolve().with_name(f"{source.resolve().stem}{_SUFFIX}{source.suffix}")
    if place.exists():
        raise InputUnreadableError(say.taken(place.name), say.TAKEN_HINT)
    texts = {change.path.resolve(): change.after for change in changes}
    try:
        with tempfile.TemporaryDirectory(prefix=".rsaudit-", dir=place.resolve().parent) as folder:
            copy = Path(folder) / "copie"
            if source.is_dir():
                shutil.copytree(source, copy, ignore=_not_ordinary)
            for path, text in texts.items():
                inside = copy / path.relative_to(source.resolve()) if source.is_dir() else copy
                inside.write_bytes(text.encode())
            os.rename(copy, place)  # noqa: PTH104 - the atomic move of the system
    except OSError as error:
        raise InputUnreadableError(say.cannot_copy(place.name, cause(error)), say.TAKEN_HINT) from error
    return target or _beside(source, place)


def _beside(source: Path, place: Path) -> Path:
    """Name the copy as the dossier was named."""
    return place if source.name in {"", ".", ".."} else source.with_name(place.name)


def _not_ordinary(folder: str, names: list[str]) -> set[str]:
    """Leave out of a copy hidden files, links, and what is neither a file nor a folder."""
    kept = {
        name
        for name in names
        if not name.startswith(".")
        and not (Path(folder) / name).is_symlink()
        and ((Path(folder) / name).is_file() or (Path(folder) / name).is_dir())
    }
    return set(names) - kept
