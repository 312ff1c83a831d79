"""A path -> a document, through the reader of its kind; the only module here that touches the disk."""

from __future__ import annotations

import re
import stat
import unicodedata
from typing import TYPE_CHECKING

from rsaudit.documents.model import MAX_CHARACTERS, Block, Document, DocumentError, Paragraph
from rsaudit.documents.structure import from_pages, paragraphs
from rsaudit.messages import documents as say
from rsaudit.messages import loading as words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_BYTES = 32 * words.MIB
_BOM = b"\xef\xbb\xbf"
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def open_document(path: Path) -> Document:
    """Read a document whole.

    Raises `DocumentError` when it cannot be read, is too large, or seems made to harm.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _refused(path, say.unknown_ending(list(ENDINGS)), say.GIVE_ANOTHER)
    document = reader(_bytes(path), path.name)
    if not document.paragraphs:
        raise _refused(path, say.EMPTY, say.GIVE_ANOTHER)
    return document


def _refused(path: Path, why: str, hint: str) -> DocumentError:
    return DocumentError(say.refused(path.name, why), hint)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise _refused(path, say.LINK, say.COPY_IT)
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _refused(path, say.NOT_A_FILE, say.UNREADABLE_HINT)
        if found.st_size > MAX_BYTES:
            raise _refused(path, say.too_large(words.size(found.st_size), words.size(MAX_BYTES)), say.SHORTEN)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError(words.not_found(path.name), words.READ_HINT) from error
    except OSError as error:
        raise DocumentError(words.cannot_read(path.name, words.cause(error)), words.READ_HINT) from error


def _text(raw: bytes, name: str) -> Document:
    text, notices = _decoded(raw, name)
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(say.refused(name, say.TOO_MUCH_TEXT), say.SHORTEN)
    return Document(name=name, paragraphs=from_text(text), notices=notices)


def from_text(text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a plain text: lines gathered, blank lines and form feeds separating."""
    pages = text.split("\f")
    if len(pages) > 1:
        return from_pages(pages)
    chunks = _BLANK_LINE.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    gathered = [paragraph.text for chunk in chunks for paragraph in from_pages([chunk])]
    return paragraphs(Block(text=text, is_heading=text.startswith("#")) for text in gathered)


def _decoded(raw: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in ((_BOM, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            text = raw.removeprefix(mark).decode(encoding, "strict") if _decodes(raw, mark, encoding) else ""
            return _clean(text, name), ()
    try:
        return _clean(raw.decode("utf-8"), name), ()
    except UnicodeDecodeError:
        try:
            return _clean(raw.decode("cp1252"), name), (say.READ_AS_CP1252,)
        except UnicodeDecodeError as error:
            raise DocumentError(say.refused(name, say.NOT_TEXT), say.GIVE_ANOTHER) from error


def _decodes(raw: bytes, mark: bytes, encoding: str) -> bool:
    try:
        raw.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _clean(text: str, name: str) -> str:
    if any(unicodedata.category(char) == "Cc" and char not in "\t\n\r\f\x0b\x85" for char in set(text)):
        raise DocumentError(say.refused(name, say.NOT_TEXT), say.GIVE_ANOTHER)
    return unicodedata.normalize("NFC", text)


def _docx(raw: bytes, name: str) -> Document:
    from rsaudit.documents.office import read_docx

    return read_docx(raw, name)


def _odt(raw: bytes, name: str) -> Document:
    from rsaudit.documents.office import read_odt

    return read_odt(raw, name)


def _pdf(raw: bytes, name: str) -> Document:
    from rsaudit.documents.pdf import read_pdf

    return read_pdf(raw, name)


_READERS: dict[str, Callable[[bytes, str], Document]] = {
    ".txt": _text,
    ".md": _text,
    ".docx": _docx,
    ".odt": _odt,
    ".pdf": _pdf,
}
ENDINGS = tuple(_READERS)
