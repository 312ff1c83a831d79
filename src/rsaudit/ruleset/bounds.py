"""What a référentiel may be before any of it is read: ordinary files, no link, not too many, not too large.

A référentiel may come from a stranger: its folder is looked at whole before the first file is opened.
"""

from __future__ import annotations

import os
import stat
from itertools import islice

from rsaudit.errors import RulesetError
from rsaudit.messages import ruleset as say

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

    def named(path: str) -> str:
        return f"{own}{path[len(folder) :].replace(os.sep, '/')}"

    if os.path.islink(folder):  # noqa: PTH114
        raise RulesetError(say.link(own), say.LINK_HINT)
    waiting = [folder]
    while waiting:
        for entry in _entries(waiting.pop()):
            count += 1
            if count > MAX_FILES:
                raise RulesetError(say.too_many_files(own, MAX_FILES), say.TOO_MANY_HINT)
            if entry.is_symlink():
                raise RulesetError(say.link(named(entry.path)), say.LINK_HINT)
            if entry.is_dir():
                waiting.append(entry.path)
            elif entry.name.endswith(".yaml"):
                if not entry.is_file():
                    raise RulesetError(say.not_a_file(named(entry.path)), say.LINK_HINT)
                size += entry.stat(follow_symlinks=False).st_size
                if size > MAX_BYTES:
                    raise RulesetError(say.too_large(own, MAX_BYTES), say.TOO_MANY_HINT)
                found.append(entry.path)
    return sorted(found)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """Return what is in a folder, but what is hidden, as far as one more than may be."""
    try:
        with os.scandir(folder) as entries:
            return list(islice((entry for entry in entries if entry.name[0] != "."), MAX_FILES + 1))
    except OSError as error:
        name = os.path.basename(folder)  # noqa: PTH119
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
