"""ZIP archives anyone may have made, or cut: what their library raises on them."""

from __future__ import annotations


def damages() -> tuple[type[Exception], ...]:
    """Return what reading a damaged, protected or oddly packed archive raises; for an `except` clause, so when it does."""
    import lzma
    import zipfile
    import zlib

    # KeyError: a part that is not there; RuntimeError: a protected part, or a way of packing nobody knows here.
    return (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        KeyError,
        OSError,
        RuntimeError,
        ValueError,
    )
