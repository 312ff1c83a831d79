"""A whole dossier laid onto the files of an existing one: what would be written, proved by reading it again.

Nothing is written in the dossier here: the new texts are tried in a copy beside it, where common blocks are found as
they are by the dossier itself.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsaudit.amending import editing, rendering
from rsaudit.authoring.workbooks import changes
from rsaudit.errors import InputUnreadableError
from rsaudit.loading import find_dossiers, load
from rsaudit.messages import importing as say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsaudit.loading import Dossier
    from rsaudit.validation import Schemas

NOTHING = "{}\n"
"""A file that says nothing: an empty one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would write."""

    files: dict[Path, str]
    """New text of each file that changes."""
    changed: tuple[str, ...] = ()
    """Paths of the values that change."""
    withdrawn: tuple[str, ...] = ()
    """Those of them that the dossier knew, and that it would no longer know."""
    detached: tuple[str, ...] = field(default=())
    """Files of tables that the dossier no longer reads."""


def new_dossier(data: Mapping[str, Any], target: Path, schemas: Schemas) -> Plan:
    """Return the files of a dossier that does not exist yet: one a section, or one in all when it is named so."""
    if is_single(target):
        return Plan(files={target: rendering.single(data, schemas)})
    texts = rendering.sections(data, schemas)
    return Plan(files={target / f"{section}.yaml": text for section, text in texts.items()})


def is_single(target: Path) -> bool:
    """Say whether a dossier is to be one file."""
    return target.suffix in {".yaml", ".yml"}


def onto(existing: Dossier, target: Path, data: Mapping[str, Any], schemas: Schemas) -> Plan:
    """Return what makes an existing dossier say `data`, its comments and layout kept.

    Raises `InputUnreadableError` when its files cannot say it: what comes from a common block cannot be unsaid.
    """
    found = tuple(changes(existing.data, data))
    if not found:
        return Plan(files={})
    files, detached = (_single if is_single(target) else _folder)(existing.data, target, data, schemas)
    _prove(target, files, data, schemas)
    return Plan(
        files=files,
        changed=tuple(change.path for change in found),
        withdrawn=tuple(change.path for change in found if rendering.is_nothing(change.after)),
        detached=tuple(detached),
    )


def _single(
    before: Mapping[str, Any], target: Path, after: Mapping[str, Any], schemas: Schemas
) -> tuple[dict[Path, str], list[str]]:
    text, detached = editing.update_whole(_read(target), before, after, schemas.sections)
    return {target: text}, detached


def _folder(
    before: Mapping[str, Any], target: Path, after: Mapping[str, Any], schemas: Schemas
) -> tuple[dict[Path, str], list[str]]:
    files: dict[Path, str] = {}
    detached: list[str] = []
    for section, schema in schemas.sections.items():
        was, now = before.get(section) or {}, after.get(section) or {}
        if not any(changes(was, now)):
            continue
        path = target / f"{section}.yaml"
        text = _read(path) if path.exists() else ""
        new, gone = editing.update(text, was, now, schema)
        files[path] = new if not rendering.is_nothing(now) else new + NOTHING
        detached += gone
    return files, detached


def _read(path: Path) -> str:
    """Return the text of a file that the loader has read; its mark and line ends are kept."""
    return path.read_bytes().decode("utf-8")


def _prove(target: Path, files: Mapping[Path, str], data: Mapping[str, Any], schemas: Schemas) -> None:
    """Read the new texts as the program would, in a copy beside the dossier."""
    with tempfile.TemporaryDirectory(prefix=".rsaudit-", dir=target.resolve().parent) as folder:
        copy = Path(folder)
        whole = target if target.is_dir() else target.parent
        for path in whole.iterdir() if target.is_dir() else [target, *target.parent.glob("*.csv")]:
            if path.is_file() and not path.is_symlink():
                shutil.copyfile(path, copy / path.name)
        if (whole / "communs").is_dir():
            shutil.copytree(whole / "communs", copy / "communs")
        for path, text in files.items():
            (copy / path.name).write_bytes(text.encode("utf-8"))
        tried = copy if target.is_dir() else copy / target.name
        read = load(find_dossiers(tried)[0][0], schemas)
    left = next((change.path for change in changes(data, read.data)), None)
    wrong = next((error.message for error in read.errors if error.severity == "erreur"), None)
    if wrong is not None or left is not None:
        raise InputUnreadableError(say.cannot_say(left or wrong or ""), say.CANNOT_SAY_HINT)
