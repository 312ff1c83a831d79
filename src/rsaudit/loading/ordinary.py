"""An ordinary file -> its bytes, no more than is asked: never a pipe waited for, nor what would fill the memory."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: A pipe is opened at once instead of waiting for who would write in it; text is not translated.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def ordinary_bytes(path: Path | str, most: int) -> bytes:
    """Return the bytes of a file, `most` of them at most.

    Raises `OSError`: what the system says, `ENODEV` for what is not an ordinary file, `EFBIG` for a larger one.
    """
    handle = os.open(path, _FLAGS)
    try:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        raw = _read(handle, found.st_size, most + 1) if found.st_size <= most else b""
    finally:
        os.close(handle)
    if found.st_size > most or len(raw) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return raw


def _read(handle: int, size: int, most: int) -> bytes:
    """Read a file to its end, or its first bytes: in one call if it has the size that was told, as hundreds of files do."""
    raw = os.read(handle, min(size + 1, most))
    if len(raw) == size:
        return raw
    parts = [raw]
    most -= len(raw)
    while most > 0 and (part := os.read(handle, min(size + 1, most))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
