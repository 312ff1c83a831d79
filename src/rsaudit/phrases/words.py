"""Text -> folded words with their places, gathered in the scopes within which a pattern is sought."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

SOFT_HYPHEN = "\u00ad"
_WORD = re.compile(r"[^\W\d_]+|[0-9]+|€")
#: A hyphen that ends a line and a small letter that begins the next: the word may be one, or two.
LINE_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011]\s*\n\s*(?=[a-zà-öø-ÿœæ])")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
#: What ends a sentence, unless it ends an abbreviation or stands between digits.
_END = re.compile(r"[.!?…]+(?=\s|$|[»\"”)])")
_ABBREVIATIONS = frozenset(
    ["art", "al", "cf", "ex", "etc", "m", "mm", "mme", "mmes", "mlle", "n", "p", "tel", "bd", "av", "ch"]
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its folded form and where it is written."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Words within which a pattern is sought; a match must end after the first `lead` of them."""

    words: tuple[Word, ...]
    lead: int = 0
    """Words of the introduction (« Il est interdit : ») laid before each item of an enumeration."""


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return a text without accents, ligatures or case: « Règlement » and « REGLEMENT » are one."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[Word]:
    """Cut a text into words: letters together, digits together, the euro sign; the rest separates."""
    return [Word(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]


def scopes(text: str) -> list[Scope]:
    """Cut a text into sentences, and a sentence that enumerates after a colon into its items."""
    found: list[Scope] = []
    for start, end in _sentences(text):
        found.extend(_items(text, start, end))
    return [scope for scope in found if scope.words]


def _sentences(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _END.finditer(text):
        if not _is_abbreviation(text, match.start()):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return spans


def _is_abbreviation(text: str, point: int) -> bool:
    """Say whether the point ends an abbreviation: « art. », « M. », an initial."""
    start = point
    while start and text[start - 1].isalpha() and point - start < 6:
        start -= 1
    if start and (text[start - 1].isalnum() or point - start >= 6):
        return False
    return text[point] == "." and fold(text[start:point]) in _ABBREVIATIONS


def _items(text: str, start: int, end: int) -> list[Scope]:
    sentence = text[start:end]
    head, colon, rest = sentence.partition(":")
    if not colon:
        return [Scope(tuple(_placed(part, at))) for part, at in _parts(sentence, start)]
    lead = _placed(head, start)
    tail = start + len(head) + 1
    return [
        Scope((*lead, *items), len(lead)) for part, at in _parts(rest, tail) if (items := _placed(part, at))
    ] or [Scope(tuple(lead))]


def _parts(text: str, start: int) -> list[tuple[str, int]]:
    parts, at = [], start
    for part in text.split(";"):
        parts.append((part, at))
        at += len(part) + 1
    return parts


def _placed(text: str, at: int) -> list[Word]:
    return [Word(word.text, word.start + at, word.end + at) for word in words(text)]
