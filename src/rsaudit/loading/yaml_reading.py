"""YAML bytes -> plain data and the place of every key and item. Knows nothing of a dossier."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rsaudit.loading.yaml_document import StopReadingError, YamlDocument, char_place, may_exceed_nodes, stop
from rsaudit.loading.yaml_lines import read_lines
from rsaudit.messages import loading as say

MAX_BYTES = 32 * say.MIB

BOM = b"\xef\xbb\xbf"
_LINE_SEPARATORS = ("\x85", "\u2028", "\u2029")


def parse_yaml(raw: bytes, file: str) -> YamlDocument:
    """Read the bytes of a YAML file called `file` in messages. Never raises: what is wrong is in `errors`."""
    document = YamlDocument(file=file)
    try:
        document.text = _decode(raw, document)
        data = _read(document)
    except StopReadingError:
        data = {}
    if document.errors:
        # The containers die here, and later ones may take their `id`: nothing must be remembered of them.
        document.marks.clear()
    else:
        document.data = data
    return document


def _read(document: YamlDocument) -> dict[str, Any]:
    if not may_exceed_nodes(document.text):
        data = read_lines(document.text, document.marks)
        if data is not None:
            return data
    from rsaudit.loading.yaml_events import read_events  # PyYAML: what is read by lines does without it

    return read_events(document)


def _decode(raw: bytes, document: YamlDocument) -> str:
    if len(raw) > MAX_BYTES:
        message = say.TOO_LARGE.format(size=say.size(len(raw)), limit=say.size(MAX_BYTES))
        raise stop(document, "fichier-trop-gros", message)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise stop(document, "utf-16", say.UTF16)
    body = raw.removeprefix(BOM)
    if b"\0" in body:
        line, column = _byte_place(body, body.index(b"\0"))
        raise stop(document, "caractere-nul", say.NUL, line, column)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _byte_place(body, error.start)
        raise stop(document, "encodage", not_utf8(body, error.start), line, column) from error
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        _refuse_line_separators(text, document)
    return text


def not_utf8(body: bytes, offset: int) -> str:
    """Name the byte that is not UTF-8 and, if the file reads as Windows-1252, the letter it is there."""
    byte = f"{body[offset]:02X}"
    try:
        char = body[offset : offset + 1].decode("cp1252")
    except UnicodeDecodeError:
        return say.NOT_UTF8.format(byte=byte)
    return say.LOOKS_CP1252.format(byte=byte, char=char)


def _byte_place(body: bytes, offset: int) -> tuple[int, int]:
    before = body[:offset]
    line = len(re.findall(rb"\r\n|\r|\n", before)) + 1
    start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    return line, len(before[start:].decode("utf-8", "replace")) + 1


def _refuse_line_separators(text: str, document: YamlDocument) -> None:
    for separator in _LINE_SEPARATORS:
        if separator in text:
            offset = text.index(separator)
            message = say.LINE_SEPARATOR.format(code=f"U+{ord(separator):04X}")
            raise stop(document, "saut-de-ligne-invisible", message, *char_place(text, offset))
