"""Where a finding is, for the forges: a path from the root of the repository, and always one."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsaudit.model import Position, Report


def repository_path(file: str) -> str:
    """Return the path of a file as a forge reads it: reports name files from where the program was run."""
    return posixpath.normpath(file.replace("\\", "/")).lstrip("/")


def file_of(report: Report, position: Position | None) -> str:
    """Return the file to annotate: that of the position, else the first file of the dossier."""
    if position is not None:
        return repository_path(position.file)
    for one in report.fingerprints:
        if one.role == "dossier":
            return repository_path(one.file)
    return repository_path(report.path)
