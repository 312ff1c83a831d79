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

_STEP = 1 << 16


def ordinary_bytes(path: Path | str, most: int) -> bytes:
    """Return the bytes of a file, `most` of them at most.

    Raises `OSError`: what the system says, `ENODEV` for what is not an ordinary file, `EFBIG` for a larger one.
    """
    handle = os.open(path, _FLAGS)
    try:
        found = os.fstat(handle)
        size = found.st_size
        if not stat.S_ISREG(found.st_mode):
            number = errno.EISDIR if stat.S_ISDIR(found.st_mode) else errno.ENODEV
            raise OSError(number, os.strerror(number))
        if size > most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        raw = os.read(handle, size + 1)
        if len(raw) != size:  # it grew or shrank meanwhile, or the system does not know its size
            raw = _to_its_end(handle, raw, most + 1)
    finally:
        os.close(handle)
    if len(raw) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return raw


def _to_its_end(handle: int, begun: bytes, most: int) -> bytes:
    """Read the rest of a file, or what of its first bytes is not read yet."""
    parts = [begun]
    most -= len(begun)
    while most > 0 and (part := os.read(handle, min(_STEP, most))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
