"""YAML bytes -> plain data and the place of every key and item, over parser events. Knows nothing of a dossier.

No node object is built: one pass makes dicts, lists and scalars, and notes one character offset per key, value
and item. Lines and columns are computed from the offsets when somebody asks.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import yaml
from msgspec import Struct, field
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from rsaudit.messages import format_number
from rsaudit.messages import loading as say
from rsaudit.model import InputError
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 32 * say.MIB
MAX_NODES = 2_000_000
MAX_DEPTH = 64
MAX_DIGITS = 30
MAX_ERRORS = 50

#: Without libyaml the same builder runs on PyYAML's Python parser, some ten times slower.
CParser: Any = getattr(yaml, "cyaml", None) and yaml.cyaml.CParser  # type: ignore[attr-defined]

BOM = b"\xef\xbb\xbf"
_LINE_SEPARATORS = ("\x85", "\u2028", "\u2029")
_CONTROL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_NUMBER = pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_is_number = _NUMBER.fullmatch
_NUMBER_STARTS = frozenset("-0123456789")
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "oui": True,
    "non": False,
    "true": True,
    "false": False,
}


class YamlDocument(Struct, kw_only=True, eq=False):
    """What one YAML file says, where, and what is wrong with its writing."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    """Empty when the file could not be read to its end."""
    errors: list[InputError] = field(default_factory=list)
    text: str = ""
    """The text the offsets count in: decoded, without byte order mark, in NFC."""
    marks: dict[int, list[int]] = field(default_factory=dict)
    """`id(container)` → offsets: key then value for each entry of a mapping, one per item of a list."""
    discarded: list[Any] = field(default_factory=list)
    """Values read and not kept, held so that no later container takes their `id`."""
    _line_starts: list[int] = field(default_factory=list)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, both from 1."""
        starts = self._line_starts
        if not starts:
            starts.append(0)
            starts.extend(accumulate(map(len, self.text.splitlines(keepends=True))))
        line = bisect_right(starts, offset)
        if line == len(starts) and line > 1 and not self.text.endswith(("\n", "\r")):
            line -= 1
        return line, offset - starts[line - 1] + 1

    def written(self, offset: int) -> str | None:
        """Return the number or word written at an offset without quotes, as it is spelled."""
        found = _PLAIN_WORD.match(self.text, offset)
        return found.group() if found else None

    def spelled(self, container: Any, key: Any) -> str | None:
        """Return how the plain scalar under a key is spelled: `007`, not 7."""
        marks = self.marks.get(id(container))
        if marks is None:
            return None
        return self.written(marks[2 * list(container).index(key) + 1 if isinstance(container, dict) else key])


_PLAIN_WORD = pattern(r"[-0-9.]+|[a-z]+")


class _StopReadingError(Exception):
    """The rest of the file cannot be read; why is already among the errors."""


def parse_yaml(raw: bytes, file: str) -> YamlDocument:
    """Read the bytes of a YAML file called `file` in messages. Never raises: what is wrong is in `errors`."""
    document = YamlDocument(file=file)
    try:
        document.text = _decode(raw, document)
        data = _build(document)
    except _StopReadingError:
        data = {}
    if document.errors:
        # The containers die here, and later ones may take their `id`: nothing must be remembered of them.
        document.marks.clear()
    else:
        document.data = data
    return document


class Scalar(Struct, frozen=True, kw_only=True):
    """One scalar as it is written: where it begins and ends, and whether it is a key."""

    line: int
    column: int
    start: int
    end: int
    is_key: bool
    value_of: int | None
    """Rank of the key whose value it is, among the scalars; `None` in a list, or for a key."""


def scalars(text: str) -> Iterator[Scalar]:
    """Yield the scalars of a text that parses, in order. Offsets, lines and columns count as in a `YamlDocument`."""
    parser = CParser(text) if CParser is not None else yaml.Loader(text)
    open_: list[int | None] = []
    """One entry per open collection: `None` in a list, -1 where a mapping awaits a key, else the rank of the key."""
    rank = 0
    event = parser.get_event()
    while event.__class__ is not StreamEndEvent:
        kind = event.__class__
        if kind is ScalarEvent:
            start, end = event.start_mark, event.end_mark
            key = open_[-1] if open_ else None
            yield Scalar(
                line=start.line + 1,
                column=start.column + 1,
                start=start.index,
                end=end.index,
                is_key=key == -1,
                value_of=key if key != -1 else None,
            )
            if key is not None:
                open_[-1] = rank if key == -1 else -1
            rank += 1
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            open_.append(-1 if kind is MappingStartEvent else None)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            open_.pop()
            if open_ and open_[-1] is not None:
                open_[-1] = -1
        event = parser.get_event()


def resolve_plain(text: str) -> Any:
    """Give the value of a scalar written without quotes: boolean word, null, number, else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    return parse_number(text)


def parse_number(text: str) -> Any:
    """Return the int or Decimal a plain number writes, or the text itself when it is none."""
    if text[0] not in _NUMBER_STARTS or len(text) > MAX_DIGITS + 2 or not _is_number(text):
        return text
    if "." not in text:
        return int(text) if len(text.lstrip("-")) <= MAX_DIGITS else text
    if len(text.lstrip("-")) > MAX_DIGITS + 1:
        return text
    value = Decimal(text)
    whole = int(value)
    return whole if whole == value else value


# -- from bytes to text ----------------------------------------------------------------------------------


def _decode(raw: bytes, document: YamlDocument) -> str:
    if len(raw) > MAX_BYTES:
        message = say.TOO_LARGE.format(size=say.size(len(raw)), limit=say.size(MAX_BYTES))
        raise _stop(document, "fichier-trop-gros", message)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise _stop(document, "utf-16", say.UTF16)
    body = raw.removeprefix(BOM)
    if b"\0" in body:
        line, column = _byte_place(body, body.index(b"\0"))
        raise _stop(document, "caractere-nul", say.NUL, line, column)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _byte_place(body, error.start)
        raise _stop(document, "encodage", not_utf8(body, error.start), line, column) from error
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
            raise _stop(document, "saut-de-ligne-invisible", message, *_char_place(text, offset))


def _char_place(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    line = before.count("\n") + before.count("\r") - before.count("\r\n") + 1
    return line, offset - max(before.rfind("\n"), before.rfind("\r"))


# -- from text to data -----------------------------------------------------------------------------------


def _build(document: YamlDocument) -> dict[str, Any]:
    text = document.text
    try:
        parser = CParser(text) if CParser is not None else yaml.Loader(text)
        return _read_stream(parser.get_event, document)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, document) from error
    except yaml.YAMLError as error:
        found = _CONTROL.search(text)
        if found is None:
            raise _stop(document, "syntaxe", say.SYNTAX_OTHER) from error
        message = say.CONTROL.format(code=f"U+{ord(found.group()):04X}")
        raise _stop(document, "caractere-de-commande", message, *_char_place(text, found.start())) from error


def _syntax_error(error: yaml.MarkedYAMLError, document: YamlDocument) -> _StopReadingError:
    context, problem = error.context or "", error.problem or ""
    mark = error.problem_mark or error.context_mark
    sentence = say.syntax(context, problem)
    if "expected" in problem or "unexpected end of stream" in problem:
        unclosed = "quoted scalar" in context or "flow " in context
        mark = error.context_mark if unclosed and error.context_mark else mark
    if mark is None:
        return _stop(document, "syntaxe", sentence)
    if document.text[mark.index : mark.index + 1] == "\t":
        sentence = say.SYNTAX_TAB
    if mark.index >= len(document.text) and not document.text.endswith(("\n", "\r")):
        return _stop(document, "syntaxe", sentence, *_char_place(document.text, len(document.text)))
    return _stop(document, "syntaxe", sentence, mark.line + 1, mark.column + 1)


def _read_stream(get_event: Any, document: YamlDocument) -> dict[str, Any]:
    if _may_exceed_nodes(document.text):
        get_event = _counted(get_event, document)
    get_event()
    event = get_event()
    if event.__class__ is StreamEndEvent:
        raise _stop(document, "fichier-vide", say.EMPTY_FILE)
    if event.version or event.tags:
        _report(document, "directive", say.DIRECTIVE, 1, 1)
    event = get_event()
    mark: Any = event.start_mark
    if event.__class__ is SequenceStartEvent:
        raise _stop(document, "pas-de-cles", say.NOT_A_MAPPING["list"], mark.line + 1, mark.column + 1)
    if event.__class__ is not MappingStartEvent:
        if event.__class__ is ScalarEvent and not event.value and not event.style:
            raise _stop(document, "fichier-vide", say.EMPTY_FILE)
        raise _stop(document, "pas-de-cles", say.NOT_A_MAPPING["scalar"], mark.line + 1, mark.column + 1)
    data = _read_root(event, get_event, document)
    event = get_event()
    while event.__class__ is DocumentEndEvent:
        event = get_event()
    if event.__class__ is DocumentStartEvent:
        mark = event.start_mark
        _report(document, "plusieurs-documents", say.SEVERAL_DOCUMENTS, mark.line + 1, mark.column + 1)
    return data


def _may_exceed_nodes(text: str) -> bool:
    """Bound the number of nodes from the signs that can introduce one, much faster than counting them."""
    if len(text) < MAX_NODES:
        return False
    return 2 * (text.count(":") + text.count("?")) + sum(map(text.count, "-,[{")) + 1 > MAX_NODES


def _counted(get_event: Any, document: YamlDocument) -> Any:
    count = 0

    def counted() -> Any:
        nonlocal count
        event: Any = get_event()
        if event.__class__ in {ScalarEvent, SequenceStartEvent, MappingStartEvent}:
            count += 1
            if count > MAX_NODES:
                message = say.TOO_MANY_NODES.format(limit=format_number(MAX_NODES))
                mark: Any = event.start_mark
                raise _stop(document, "trop-de-valeurs", message, mark.line + 1, mark.column + 1)
        return event

    return counted


def _read_root(start: Any, get_event: Any, document: YamlDocument) -> dict[str, Any]:  # noqa: C901 - the hot loop: one frame
    """Read the mapping just begun. Written for speed: local names, one call per container, none per scalar."""
    marks = document.marks
    memo = dict(_WORDS)
    missing = memo
    known: dict[str, str] = {}
    """Keys met: one text for each, however often it is written."""
    scalar, mapping_start, sequence_start, mapping_end, alias = (
        ScalarEvent,
        MappingStartEvent,
        SequenceStartEvent,
        MappingEndEvent,
        AliasEvent,
    )

    def read_mapping(depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        offsets: list[int] = []
        marks[id(result)] = offsets
        add = offsets.append
        while True:
            event = get_event()
            if event.__class__ is not scalar:
                if event.__class__ is mapping_end:
                    return result
                odd_key(event, depth)
                continue
            if event.tag is not None or event.anchor is not None:
                _refuse_property(event, document)
            key = known.get(event.value)
            if key is None or key in result:
                key = event.value
                if not fresh_key(event, result):
                    document.discarded.append(read_value(get_event(), depth))
                    continue
            add(event.start_mark.index)  # type: ignore[union-attr] # an event read has its mark
            event = get_event()
            kind = event.__class__
            add(event.start_mark.index)
            if kind is scalar:
                value = event.value
                if event.tag is not None or event.anchor is not None:
                    _refuse_property(event, document)
                if not event.style:
                    plain = memo.get(value, missing)
                    if plain is missing:
                        plain = memo[value] = parse_number(value)
                    value = plain
                result[key] = value
            else:
                result[key] = read_value(event, depth)

    def read_sequence(depth: int) -> list[Any]:
        result: list[Any] = []
        offsets: list[int] = []
        marks[id(result)] = offsets
        add = offsets.append
        while True:
            event = get_event()
            kind = event.__class__
            if kind is scalar:
                add(event.start_mark.index)
                value = event.value
                if event.tag is not None or event.anchor is not None:
                    _refuse_property(event, document)
                if not event.style:
                    plain = memo.get(value, missing)
                    if plain is missing:
                        plain = memo[value] = parse_number(value)
                    value = plain
                result.append(value)
            elif kind is mapping_start or kind is sequence_start or kind is alias:
                add(event.start_mark.index)
                result.append(read_value(event, depth))
            else:
                return result

    def read_value(event: Any, depth: int) -> Any:
        kind = event.__class__
        if kind is alias:
            _report_at(document, "alias", say.ALIAS, event)
            return None
        if event.tag is not None or event.anchor is not None:
            _refuse_property(event, document)
        if kind is scalar:
            return event.value
        if depth >= MAX_DEPTH:
            mark = event.start_mark
            message = say.TOO_DEEP.format(limit=MAX_DEPTH)
            raise _stop(document, "trop-profond", message, mark.line + 1, mark.column + 1)
        return readers[kind](depth + 1)

    def fresh_key(event: Any, result: dict[str, Any]) -> bool:
        """Admit a key met for the first time; report it and refuse it when it is no key of ours."""
        key = event.value
        if key in result:
            first = document.line_and_column(marks[id(result)][2 * list(result).index(key)])[0]
            _report_at(document, "cle-en-double", say.DUPLICATE_KEY.format(key=clip(key), first=first), event)
            return False
        if not event.style:
            if key == "<<":
                _report_at(document, "cle-de-fusion", say.MERGE_KEY, event)
                return False
            if not key:
                _report_at(document, "cle-vide", say.EMPTY_KEY, event)
                return False
            if not isinstance(resolve_plain(key), str):
                message = say.KEY_NOT_TEXT.format(found=say.quoted(clip(key)))
                _report_at(document, "cle-non-texte", message, event)
                return False
            known[key] = sys.intern(key)
        return True

    def odd_key(event: Any, depth: int) -> None:
        _report_at(document, "cle-non-texte", say.COMPLEX_KEY, event)
        document.discarded.append(read_value(event, depth))
        document.discarded.append(read_value(get_event(), depth))

    if start.tag is not None or start.anchor is not None:
        _refuse_property(start, document)
    readers: dict[type, Any] = {mapping_start: read_mapping, sequence_start: read_sequence}
    try:
        return read_mapping(1)
    finally:
        readers.clear()  # they know one another: else the text, its marks, its parser would wait for the collector


def clip(text: str, limit: int = 30) -> str:
    """Shorten a text for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


# -- errors ----------------------------------------------------------------------------------------------


def _refuse_property(event: Any, document: YamlDocument) -> None:
    if event.anchor is not None:
        _report_at(document, "ancre", say.ANCHOR, event)
    if event.tag is not None:
        _report_at(document, "etiquette", say.TAG, event)


def _report_at(document: YamlDocument, code: str, message: str, event: Any) -> None:
    mark = event.start_mark
    _report(document, code, message, mark.line + 1, mark.column + 1)


def _report(
    document: YamlDocument, code: str, message: str, line: int | None = None, column: int | None = None
) -> None:
    if len(document.errors) >= MAX_ERRORS:
        raise _stop(document, "trop-d-erreurs", say.TOO_MANY_ERRORS, line, column)
    document.errors.append(
        InputError(code=code, message=message, file=document.file, line=line, column=column)
    )


def _stop(
    document: YamlDocument, code: str, message: str, line: int | None = None, column: int | None = None
) -> _StopReadingError:
    document.errors.append(
        InputError(code=code, message=message, file=document.file, line=line, column=column)
    )
    return _StopReadingError(code)
