"""What a référentiel may be before any of it is read: ordinary files, no link, not too many, not too large.

A référentiel may come from a stranger: its folder is looked at whole before the first file is opened.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from rsaudit.errors import RulesetError
from rsaudit.messages import ruleset as say

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 5000
"""Files and folders of one référentiel, hidden ones left out."""
MAX_BYTES = 64 << 20
"""Of the files it is read from, in all."""
MAX_ANCESTORS = 16
"""Parents that follow one another."""


def files_of(folder: str) -> list[str]:
    """Return the YAML files of a référentiel, in a stable order; hidden files and folders are none of it.

    Raises `RulesetError` for a link, for what is neither a file nor a folder, and beyond the limits.
    """
    found: list[str] = []
    size = count = 0
    own = os.path.basename(folder)  # noqa: PTH119 - a few hundred files, at each run: `Path` would cost as much
    if os.path.islink(folder):  # noqa: PTH114
        raise RulesetError(say.link(own), say.LINK_HINT)
    for entry in _entries(folder):
        count += 1
        name = f"{own}{entry.path[len(folder) :].replace(os.sep, '/')}"
        if count > MAX_FILES:
            raise RulesetError(say.too_many_files(own, MAX_FILES), say.TOO_MANY_HINT)
        if entry.is_symlink():
            raise RulesetError(say.link(name), say.LINK_HINT)
        if entry.is_dir() or not entry.name.endswith(".yaml"):
            continue
        if not entry.is_file():
            raise RulesetError(say.not_a_file(name), say.LINK_HINT)
        size += entry.stat(follow_symlinks=False).st_size
        if size > MAX_BYTES:
            raise RulesetError(say.too_large(own, MAX_BYTES), say.TOO_MANY_HINT)
        found.append(entry.path)
    return sorted(found)


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield what is in a folder and below it; a folder behind a link is not entered."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    yield entry
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError as error:
            name = os.path.basename(current)  # noqa: PTH119
            raise RulesetError(say.unreadable(name), say.UNREADABLE_HINT) from error


def beside(path: str) -> bool:
    """Say whether a file beside a référentiel is there. Raises `RulesetError` as `files_of`."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    name = os.path.basename(path)  # noqa: PTH119
    if stat.S_ISLNK(found.st_mode):
        raise RulesetError(say.link(name), say.LINK_HINT)
    if not stat.S_ISREG(found.st_mode):
        raise RulesetError(say.not_a_file(name), say.LINK_HINT)
    if found.st_size > MAX_BYTES:
        raise RulesetError(say.too_large(name, MAX_BYTES), say.TOO_MANY_HINT)
    return True
