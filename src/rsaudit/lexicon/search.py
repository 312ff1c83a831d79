"""Entries sought in the paragraphs of a document: where each is met, and which expected ones are not. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rsaudit.lexicon.declarations import Entry, Kind
from rsaudit.phrases import Present, Scope, scopes
from rsaudit.phrases.words import LINE_HYPHEN, SOFT_HYPHEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rsaudit.documents import Paragraph
    from rsaudit.lexicon.declarations import Lexicon
    from rsaudit.phrases import Pattern

_EXCERPT = 280
_SOFT = re.compile(SOFT_HYPHEN)
_JOINED = re.compile(f"{SOFT_HYPHEN}|{LINE_HYPHEN.pattern}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage an entry is met in."""

    entry: Entry
    paragraph: int
    at: int
    """Place of the passage in its paragraph."""
    page: int | None
    clause: str | None
    excerpt: str
    """The sentence, on one line, cut when it is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a lexicon finds in one document."""

    doubtful: tuple[Hit, ...]
    """Passages to read again, in the order of the document."""
    expected: tuple[Hit, ...]
    """Expected mentions, each at its first place."""
    absent: tuple[Entry, ...]
    """Expected mentions met nowhere."""


def review(paragraphs: Sequence[Paragraph], lexicon: Lexicon, document: str) -> Review:
    """Seek the entries meant for one kind of document."""
    entries = [entry for entry in lexicon.entries if document in entry.documents]
    doubtful: list[Hit] = []
    expected: dict[str, Hit] = {}
    for hit in _hits(paragraphs, entries):
        if hit.entry.kind is Kind.DOUBTFUL:
            doubtful.append(hit)
        else:
            expected.setdefault(hit.entry.id, hit)
    return Review(
        doubtful=tuple(doubtful),
        expected=tuple(expected.values()),
        absent=tuple(entry for entry in entries if entry.kind is Kind.EXPECTED and entry.id not in expected),
    )


def matches(entry: Entry, text: str) -> bool:
    """Say whether an entry is met in a text of one paragraph: for its cases."""
    return any(
        _found(entry, scope, Present(scope)) for reading in _readings(text) for scope in scopes(reading.text)
    )


def failures(lexicon: Lexicon) -> list[tuple[str, str, bool]]:
    """Return the cases that an entry does not treat as it should: entry, text, whether it must be met."""
    return [
        (entry.id, text, wanted)
        for entry in lexicon.entries
        for text, wanted in entry.cases
        if matches(entry, text) is not wanted
    ]


def _hits(paragraphs: Sequence[Paragraph], entries: Sequence[Entry]) -> Iterator[Hit]:
    introduction = ""
    for paragraph in paragraphs:
        lead = introduction if paragraph.is_item else ""
        if not paragraph.is_item or paragraph.text.rstrip().endswith(":"):
            introduction = _introduction(paragraph.text)
        readings = _cut(paragraph.text, f"{lead}: " if lead else "")
        found = [hit for entry in entries for hit in _hits_of(entry, paragraph, readings)]
        yield from sorted(found, key=lambda hit: hit.at)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A paragraph as it may be read, after its introduction, cut in scopes once for all entries."""

    before: str
    reading: _Reading
    scopes: tuple[tuple[Scope, Present], ...]


def _cut(text: str, before: str) -> list[_Cut]:
    return [
        _Cut(before, reading, tuple((scope, Present(scope)) for scope in scopes(before + reading.text)))
        for reading in _readings(text)
    ]


def _introduction(text: str) -> str:
    """Return the last sentence of a paragraph that introduces an enumeration, or nothing."""
    flat = text.rstrip()
    if not flat.endswith(":"):
        return ""
    spans = scopes(flat[:-1])
    return flat[spans[-1].words[0].start : -1] if spans else ""


def _hits_of(entry: Entry, paragraph: Paragraph, readings: Sequence[_Cut]) -> Iterator[Hit]:
    """Yield a hit per sentence; a word cut at a line end is read joined, and kept apart only if that gives nothing."""
    found = False
    for cut in readings:
        for scope, present in () if found else cut.scopes:
            span = _found(entry, scope, present)
            if span is not None:
                found = True
                at = max(0, scope.words[span[1]].start - len(cut.before))
                yield Hit(
                    entry=entry,
                    paragraph=paragraph.number,
                    at=at,
                    page=paragraph.page_at(cut.reading.original(at)),
                    clause=paragraph.clause,
                    excerpt=_excerpt(cut.before + cut.reading.text, scope, scope.words[span[0]].start),
                )


def _found(entry: Entry, scope: Scope, present: Present) -> tuple[int, int] | None:
    span = _first(entry.patterns, scope, present)
    if span is None or _first(entry.exceptions, scope, present) is not None:
        return None
    return span


def _first(patterns: Sequence[Pattern], scope: Scope, present: Present) -> tuple[int, int] | None:
    return next(
        (span for pattern in patterns if pattern.may_be_in(present) and (span := pattern.find(scope))), None
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as its words may be read, and what was taken out of it."""

    text: str
    removed: tuple[tuple[int, int], ...] = ()
    """(place in this text, number of characters taken out before it)."""

    def original(self, offset: int) -> int:
        """Return where a character stands in the text as written."""
        return offset + sum(count for place, count in self.removed if place <= offset)


def _readings(text: str) -> list[_Reading]:
    """Return a text with the words cut at a line end joined, then kept apart; soft hyphens never count."""
    joined = _without(text, _JOINED)
    plain = _without(text, _SOFT)
    return [joined] if joined.text == plain.text else [joined, plain]


def _without(text: str, pattern: re.Pattern[str]) -> _Reading:
    kept, removed, at, size = [], [], 0, 0
    for match in pattern.finditer(text):
        kept.append(text[at : match.start()])
        size += match.start() - at
        removed.append((size, match.end() - match.start()))
        at = match.end()
    return _Reading("".join([*kept, text[at:]]), tuple(removed))


def _excerpt(text: str, scope: Scope, match: int) -> str:
    """Return the words around a match on one line; a long sentence is cut on both sides."""
    start, end = scope.words[0].start, scope.words[-1].end
    if end - start > _EXCERPT:
        start = max(start, match - _EXCERPT // 3)
        cut = " ".join(text[start : start + _EXCERPT].split()[1 if start else 0 : -1])
        return f"{'… ' if start > scope.words[0].start else ''}{cut} …"
    closing = text[end : end + 2].strip()[:1]
    return " ".join(text[start:end].split()) + (closing if closing and closing in ".!?…" else "")
