"""Where a finding is, for the forges: a path from the root of the repository, and always one."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsaudit.model import Position, Report

#: Roles of the inputs that lie beside the dossier; a référentiel lies with the program.
_OF_THE_DOSSIER = frozenset({"dossier", "table", "commun", "reponses", "derogations", "controle"})


def repository_path(report: Report, file: str) -> str:
    """Join a file, named from its dossier, to the path of that dossier (« dossiers/benjoin/bati.yaml »)."""
    root = report.path.replace("\\", "/")
    if root.lower().endswith((".yaml", ".yml")):
        root = posixpath.dirname(root)
    joined = posixpath.normpath(posixpath.join(root, file.replace("\\", "/")))
    return joined.lstrip("/")


def file_of(report: Report, position: Position | None) -> str:
    """Return the file to annotate: that of the position, else the first file of the dossier."""
    if position is not None:
        return repository_path(report, position.file)
    for one in report.fingerprints:
        if one.role == "dossier":
            return repository_path(report, one.file)
    return posixpath.normpath(report.path.replace("\\", "/")).lstrip("/")


def input_path(report: Report, file: str, role: str) -> str:
    """Return the path of an input: joined to the dossier when it is one of its files."""
    return repository_path(report, file) if role in _OF_THE_DOSSIER else posixpath.normpath(file)
