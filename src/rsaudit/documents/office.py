"""Word and OpenDocument files -> blocks of text: a checked archive, and XML read as a stream without entities.

Only the standard library: what we need of these formats is paragraphs, and each refusal must be ours to prove.
"""

from __future__ import annotations

import io
import stat
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from rsaudit.archives import damages
from rsaudit.documents.model import MAX_CHARACTERS, Block, Document, DocumentError
from rsaudit.documents.structure import paragraphs
from rsaudit.messages import documents as say
from rsaudit.messages import loading as words

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PART = 64 * words.MIB
MAX_PARTS = 5_000
MAX_DEPTH = 200
_CHUNK = 1 << 16
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_ALTERNATE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_ENCRYPTED = 0x1
_HEADING_STYLES = ("heading", "titre", "title")


def read_docx(raw: bytes, name: str) -> Document:
    """Read the body and the notes of a Word document. Raises `DocumentError`."""
    archive = _Archive(raw, name)
    blocks = list(_stream(archive.part("word/document.xml"), name, _docx_element))
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        if notes in archive.names:
            blocks.extend(_stream(archive.part(notes), name, _docx_element))
    return Document(name=name, paragraphs=paragraphs(blocks))


def read_odt(raw: bytes, name: str) -> Document:
    """Read the body of an OpenDocument text. Raises `DocumentError`."""
    archive = _Archive(raw, name)
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.part(
        "META-INF/manifest.xml"
    ):
        raise DocumentError(say.refused(name, say.PROTECTED), say.UNPROTECT)
    blocks = _stream(archive.part("content.xml"), name, _odt_element)
    return Document(name=name, paragraphs=paragraphs(blocks))


# -- the archive -----------------------------------------------------------------------------------------


class _Archive:
    """A ZIP archive looked at before anything is unpacked; parts are read with a cap, whatever they declare."""

    def __init__(self, raw: bytes, name: str) -> None:
        self._name = name
        if raw.startswith(b"\xd0\xcf\x11\xe0"):  # the container Office wraps a protected document in
            raise self._refused(say.PROTECTED, say.UNPROTECT)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            self._entries = self._zip.infolist()
        except damages() as error:
            raise self._refused(say.BROKEN_ARCHIVE, say.SAVE_AGAIN) from error
        self.names = {entry.filename for entry in self._entries}
        self._check()

    def _refused(self, why: str, hint: str) -> DocumentError:
        return DocumentError(say.refused(self._name, why), hint)

    def _check(self) -> None:
        if len(self._entries) > MAX_PARTS:
            raise self._refused(say.OVERSIZED, say.SAVE_AGAIN)
        if len(self.names) != len(self._entries):
            raise self._refused(say.TWICE, say.SAVE_AGAIN)
        for entry in self._entries:
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise self._refused(say.LINK_INSIDE, say.SAVE_AGAIN)
            if entry.flag_bits & _ENCRYPTED:
                raise self._refused(say.PROTECTED, say.UNPROTECT)

    def part(self, wanted: str) -> bytes:
        """Return one part, unpacked up to the limit. Raises `DocumentError`."""
        if wanted not in self.names:
            raise self._refused(say.BROKEN_ARCHIVE, say.SAVE_AGAIN)
        if self._zip.getinfo(wanted).file_size > MAX_PART:
            raise self._refused(say.OVERSIZED, say.SAVE_AGAIN)
        chunks, total = [], 0
        try:
            with self._zip.open(wanted) as stream:
                while chunk := stream.read(_CHUNK):
                    total += len(chunk)
                    if total > MAX_PART:
                        raise self._refused(say.OVERSIZED, say.SAVE_AGAIN)
                    chunks.append(chunk)
        except DocumentError:
            raise
        except Exception as error:  # a broken stream raises whatever its decompressor meets
            raise self._refused(say.BROKEN_ARCHIVE, say.SAVE_AGAIN) from error
        return b"".join(chunks)


# -- the XML ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A paragraph being read: paragraphs may hold others, in text boxes and notes."""

    pieces: list[str] = field(default_factory=list)
    is_heading: bool = False
    is_item: bool = False


@dataclass(slots=True)
class _State:
    """What has been read so far of one part."""

    blocks: list[Block] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    skipped: int = 0
    """Depth inside an element whose content is no text of the document."""
    taking: int = 0
    """Depth inside an element whose characters are text (Word)."""
    lists: int = 0

    def add(self, text: str) -> None:
        if self.open and not self.skipped:
            self.open[-1].pieces.append(text)

    def close(self) -> None:
        paragraph = self.open.pop()
        self.blocks.append(
            Block(
                text="".join(paragraph.pieces).replace("\u00ad", ""),
                is_heading=paragraph.is_heading,
                is_item=paragraph.is_item and not paragraph.is_heading,
            )
        )


def _stream(
    raw: bytes, name: str, element: Callable[[_State, str, dict[str, str], bool], None]
) -> list[Block]:
    """Run the parser over one part; a declaration of entities, too deep or too much is refused."""
    state, depth, size = _State(), 0, 0

    def refused(why: str) -> DocumentError:
        return DocumentError(say.refused(name, why), say.SAVE_AGAIN)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise refused(say.TOO_DEEP)
        element(state, tag, attributes, True)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        element(state, tag, {}, False)

    def characters(text: str) -> None:
        nonlocal size
        size += len(text)
        if size > MAX_CHARACTERS:
            raise refused(say.TOO_MUCH_TEXT)
        if element is _odt_element or state.taking:
            state.add(text)

    def doctype(*_: object) -> None:
        raise refused(say.DECLARES_ENTITIES)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = doctype
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError) as error:
        raise refused(say.BROKEN_XML) from error
    return state.blocks


def _split(tag: str) -> tuple[str, str]:
    space, _, local = tag.rpartition(" ")
    return space, local


def _docx_element(state: _State, tag: str, attributes: dict[str, str], opens: bool) -> None:
    space, local = _split(tag)
    if space == _ALTERNATE and local == "Fallback":
        # The same text box again, for older readers.
        state.skipped += 1 if opens else -1
    elif space not in {_WORD, _STRICT_WORD}:
        return
    elif local == "p":
        state.open.append(_Open()) if opens else state.close()
    elif local == "t":
        state.taking += 1 if opens else -1
    elif opens and state.open:
        _docx_inside(state, local, {_split(key)[1]: value for key, value in attributes.items()})


def _docx_inside(state: _State, local: str, attributes: dict[str, str]) -> None:
    if local in {"tab", "ptab"}:
        state.add("\t")
    elif local in {"br", "cr"}:
        state.add("\n")
    elif local == "noBreakHyphen":
        state.add("-")
    elif local == "pStyle":
        style = attributes.get("val", "").casefold()
        state.open[-1].is_heading = style.startswith(_HEADING_STYLES)
    elif local == "numPr":
        state.open[-1].is_item = True


_ODT_SKIPPED = {(_TEXT, "tracked-changes"), (_OFFICE, "annotation"), (_TEXT, "table-of-content-source")}


def _odt_element(state: _State, tag: str, attributes: dict[str, str], opens: bool) -> None:
    space, local = _split(tag)
    if (space, local) in _ODT_SKIPPED:
        state.skipped += 1 if opens else -1
    elif space != _TEXT:
        return
    elif local in {"p", "h"}:
        if opens:
            state.open.append(_Open(is_heading=local == "h", is_item=bool(state.lists)))
        else:
            state.close()
    elif local == "list":
        state.lists += 1 if opens else -1
    elif opens:
        _odt_inside(state, local, attributes)


def _odt_inside(state: _State, local: str, attributes: dict[str, str]) -> None:
    if local == "s":
        count = attributes.get(f"{_TEXT} c", "1")
        state.add(" " * min(int(count) if count.isdigit() else 1, 1000))
    elif local == "tab":
        state.add("\t")
    elif local == "line-break":
        state.add("\n")
