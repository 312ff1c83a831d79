"""The process that reads one PDF: bytes on standard input, pages or a refusal in JSON on standard output."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
from typing import Any

from rsaudit.documents.model import MAX_CHARACTERS
from rsaudit.documents.pdf import MAX_PAGES, MEMORY


def extract(raw: bytes) -> dict[str, Any]:
    """Return `{"pages": […]}`, or `{"refus": word}` saying why there are none."""
    import pypdf
    from pypdf.errors import FileNotDecryptedError

    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"refus": "protege"}
        if len(reader.pages) > MAX_PAGES:
            return {"refus": "pages"}
        pages, size = [], 0
        for page in reader.pages:
            text = page.extract_text() or ""
            size += len(text)
            if size > MAX_CHARACTERS:
                return {"refus": "texte"}
            pages.append(text)
    except FileNotDecryptedError:
        return {"refus": "protege"}
    except (Exception, RecursionError):  # noqa: BLE001 - a broken PDF raises whatever its parser meets
        return {"refus": "abime"}
    return {"pages": pages} if pages else {"refus": "abime"}


def _limit_memory() -> None:
    """Cap the memory of this process where the system can (not on Windows, where time alone is)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Read, extract, answer."""
    logging.disable(logging.CRITICAL)
    _limit_memory()
    answer = extract(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii", "replace"))


if __name__ == "__main__":
    main()
