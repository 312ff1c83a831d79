"""YAML of any writing -> plain data and the place of every key and item, over parser events.

No node object is built: one pass makes dicts, lists and scalars, and notes one character offset per key, value
and item. Lines and columns are computed from the offsets when somebody asks.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import yaml
from msgspec import Struct
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

from rsaudit.loading.yaml_document import MAX_NODES, char_place, clip, may_exceed_nodes, report, stop
from rsaudit.loading.yaml_scalars import WORDS, parse_number, resolve_plain
from rsaudit.messages import format_number
from rsaudit.messages import loading as say
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.loading.yaml_document import StopReadingError, YamlDocument

MAX_DEPTH = 64

#: Without libyaml the same builder runs on PyYAML's Python parser, some ten times slower.
CParser: Any = getattr(yaml, "cyaml", None) and yaml.cyaml.CParser  # type: ignore[attr-defined]

_CONTROL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


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


def read_events(document: YamlDocument) -> dict[str, Any]:
    """Return the mapping a document writes; what is wrong is in its errors. Raises `StopReadingError`."""
    text = document.text
    try:
        parser = CParser(text) if CParser is not None else yaml.Loader(text)
        return _read_stream(parser.get_event, document)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, document) from error
    except yaml.YAMLError as error:
        found = _CONTROL.search(text)
        if found is None:
            raise stop(document, "syntaxe", say.SYNTAX_OTHER) from error
        message = say.CONTROL.format(code=f"U+{ord(found.group()):04X}")
        raise stop(document, "caractere-de-commande", message, *char_place(text, found.start())) from error


def _syntax_error(error: yaml.MarkedYAMLError, document: YamlDocument) -> StopReadingError:
    context, problem = error.context or "", error.problem or ""
    mark = error.problem_mark or error.context_mark
    sentence = say.syntax(context, problem)
    if "expected" in problem or "unexpected end of stream" in problem:
        unclosed = "quoted scalar" in context or "flow " in context
        mark = error.context_mark if unclosed and error.context_mark else mark
    if mark is None:
        return stop(document, "syntaxe", sentence)
    if document.text[mark.index : mark.index + 1] == "\t":
        sentence = say.SYNTAX_TAB
    if mark.index >= len(document.text) and not document.text.endswith(("\n", "\r")):
        return stop(document, "syntaxe", sentence, *char_place(document.text, len(document.text)))
    return stop(document, "syntaxe", sentence, mark.line + 1, mark.column + 1)


def _read_stream(get_event: Any, document: YamlDocument) -> dict[str, Any]:
    if may_exceed_nodes(document.text):
        get_event = _counted(get_event, document)
    get_event()
    event = get_event()
    if event.__class__ is StreamEndEvent:
        raise stop(document, "fichier-vide", say.EMPTY_FILE)
    if event.version or event.tags:
        report(document, "directive", say.DIRECTIVE, 1, 1)
    event = get_event()
    mark: Any = event.start_mark
    if event.__class__ is SequenceStartEvent:
        raise stop(document, "pas-de-cles", say.NOT_A_MAPPING["list"], mark.line + 1, mark.column + 1)
    if event.__class__ is not MappingStartEvent:
        if event.__class__ is ScalarEvent and not event.value and not event.style:
            raise stop(document, "fichier-vide", say.EMPTY_FILE)
        raise stop(document, "pas-de-cles", say.NOT_A_MAPPING["scalar"], mark.line + 1, mark.column + 1)
    data = _read_root(event, get_event, document)
    event = get_event()
    while event.__class__ is DocumentEndEvent:
        event = get_event()
    if event.__class__ is DocumentStartEvent:
        mark = event.start_mark
        report(document, "plusieurs-documents", say.SEVERAL_DOCUMENTS, mark.line + 1, mark.column + 1)
    return data


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
                raise stop(document, "trop-de-valeurs", message, mark.line + 1, mark.column + 1)
        return event

    return counted


def _read_root(start: Any, get_event: Any, document: YamlDocument) -> dict[str, Any]:  # noqa: C901 - the hot loop: one frame
    """Read the mapping just begun. Written for speed: local names, one call per container, none per scalar."""
    marks = document.marks
    memo = dict(WORDS)
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
            raise stop(document, "trop-profond", message, mark.line + 1, mark.column + 1)
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


# -- errors ----------------------------------------------------------------------------------------------


def _refuse_property(event: Any, document: YamlDocument) -> None:
    if event.anchor is not None:
        _report_at(document, "ancre", say.ANCHOR, event)
    if event.tag is not None:
        _report_at(document, "etiquette", say.TAG, event)


def _report_at(document: YamlDocument, code: str, message: str, event: Any) -> None:
    mark = event.start_mark
    report(document, code, message, mark.line + 1, mark.column + 1)
