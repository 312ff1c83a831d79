"""PDF made of text -> paragraphs, read in a process of its own that has a time and a memory.

A PDF may loop through its own objects or unpack without end in ways no check foresees; a process can be stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from rsaudit.documents.model import Document, DocumentError
from rsaudit.documents.structure import from_pages
from rsaudit.messages import documents as say

MAX_PAGES = 400
SECONDS = 60
MEMORY = 1 << 30
_WHY = {
    "protege": (say.PROTECTED, say.UNPROTECT),
    "pages": (say.TOO_MANY_PAGES, say.SHORTEN),
    "texte": (say.TOO_MUCH_TEXT, say.SHORTEN),
    "abime": (say.BROKEN_PDF, say.SAVE_AGAIN),
}


def read_pdf(raw: bytes, name: str, *, seconds: float = SECONDS) -> Document:
    """Read the text of a PDF, page by page. Raises `DocumentError`."""
    pages = _pages(raw, name, seconds)
    silent = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(silent) == len(pages):
        raise DocumentError(say.refused(name, say.SCANNED), say.SCANNED_HINT)
    return Document(
        name=name,
        paragraphs=from_pages(pages),
        pages=len(pages),
        notices=(say.pages_without_text(silent),) if silent else (),
    )


def _pages(raw: bytes, name: str, seconds: float) -> list[str]:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "rsaudit.documents.pdf_process"],
            input=raw,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(say.refused(name, say.TOO_SLOW), say.SAVE_AGAIN) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        answer = {"refus": "abime"}  # it died: out of memory, or a defect of the library
    if "refus" in answer:
        why, hint = _WHY[answer["refus"]]
        raise DocumentError(say.refused(name, why), hint)
    return list(answer["pages"])
