"""Word patterns: a small declarative language, compiled to a position automaton and run without backtracking.

A general regular-expression engine was not kept: the linear-time one has no wheel for every system and Python we
support, and words, gaps and alternatives are what a jurist can read and correct. Accents, elisions and line breaks
are the business of `words`, so a pattern is written as one would say it.

    visite* … (interdite* | pas autorisee*)      introduire d'alcool      jusqu'à … <heure>

`mot` a word, `mot*` a beginning, `(a | b c)` either sequence, `x?` perhaps, `…` up to eight words between, `…3` up to
three; `<nombre>`, `<heure>`, `<montant>`, `<duree>` what their names say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rsaudit.messages import lexicon as say
from rsaudit.phrases.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rsaudit.phrases.words import Scope

MAX_LENGTH = 400
MAX_POSITIONS = 400
MAX_DEPTH = 4
GAP = 8
MAX_GAP = 20

_TOKEN = re.compile(r"\s*(?:(…[0-9]*)|([()|?])|<([a-z]+)>|([^\s()|?<>…]+))")
_CLASSES = {
    "nombre": "§",
    "heure": "(§ (h | heure | heures) §? | minuit | midi)",
    "montant": "§ §? (€ | euro | euros)",
    "duree": "(§ | un | une | deux | trois | quatre | cinq | six | huit | dix | douze | quinze | vingt) (§?)"
    " (jour | jours | semaine | semaines | mois | an | ans | annee | annees)",
}
_DIGITS = "§"


class PatternError(ValueError):
    """A pattern is not written as it should: the French sentence says why."""


@dataclass(slots=True)
class _Positions:
    """An automaton being built: what each position admits, and which may follow it."""

    tests: list[Callable[[str], bool]] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)
    follow: list[set[int]] = field(default_factory=list)

    def add(self, test: Callable[[str], bool], literal: str) -> int:
        if len(self.tests) >= MAX_POSITIONS:
            raise PatternError(say.TOO_LONG)
        self.tests.append(test)
        self.literals.append(literal)
        self.follow.append(set())
        return len(self.tests) - 1


class Present:
    """The words of a text, asked again and again whether they hold a word, a beginning or a number."""

    def __init__(self, scope: Scope) -> None:
        """Look at a scope."""
        self._words = {word.text for word in scope.words}
        self._known: dict[str, bool] = {}

    def has_one(self, literals: frozenset[str]) -> bool:
        """Say whether one of these is there: `mot`, `mot*`, or the sign of any number."""
        return any(self._has(literal) for literal in literals)

    def _has(self, literal: str) -> bool:
        known = self._known.get(literal)
        if known is None:
            if literal == _DIGITS:
                known = any(word.isdigit() for word in self._words)
            elif literal.endswith("*"):
                known = any(word.startswith(literal[:-1]) for word in self._words)
            else:
                known = literal in self._words
            self._known[literal] = known
        return known


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of pattern: the positions it may begin and end with, and whether it may be nothing."""

    first: frozenset[int]
    last: frozenset[int]
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A pattern ready to be sought: the work is proportional to the words times its positions, whatever they are."""

    text: str
    tests: tuple[Callable[[str], bool], ...]
    follow: tuple[frozenset[int], ...]
    first: frozenset[int]
    last: frozenset[int]
    needs: tuple[tuple[frozenset[str], ...], ...]
    """For each alternative, what a text must hold one of, item by item: most patterns are put aside by that alone."""

    def may_be_in(self, present: Present) -> bool:
        """Say whether a text holds words of every part of the pattern, whatever their order."""
        return any(all(present.has_one(item) for item in items) for items in self.needs)

    def find(self, scope: Scope) -> tuple[int, int] | None:
        """Return the first and last word of the match that ends soonest (the shortest such), or `None`."""
        active: dict[int, int] = {}
        for index, word in enumerate(scope.words):
            active = self._step(active, word.text, index)
            if index < scope.lead:
                continue
            starts = [start for position, start in active.items() if position in self.last]
            if starts:
                return max(starts), index
        return None

    def _step(self, active: dict[int, int], text: str, index: int) -> dict[int, int]:
        """Read one word: each position reached, with the latest word its match may have begun at."""
        reached: dict[int, int] = {}
        for position, start in active.items():
            for after in self.follow[position]:
                if start > reached.get(after, -1) and self.tests[after](text):
                    reached[after] = start
        for position in self.first:
            if self.tests[position](text):
                reached[position] = index
        return reached


def parse_pattern(text: str) -> Pattern:
    """Read a pattern. Raises `PatternError`."""
    if len(text) > MAX_LENGTH:
        raise PatternError(say.TOO_LONG)
    reader = _Reader(list(_tokens(text)))
    part = reader.alternatives(0)
    if reader.rest():
        raise PatternError(say.UNBALANCED)
    if part.nullable:
        raise PatternError(say.MATCHES_NOTHING)
    return Pattern(
        text=text,
        tests=tuple(reader.positions.tests),
        follow=tuple(frozenset(after) for after in reader.positions.follow),
        first=part.first,
        last=part.last,
        needs=tuple(tuple(items) for items in reader.needs),
    )


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise PatternError(say.unreadable(text[at : at + 10]))
        gap, sign, name, word = match.groups()
        if gap:
            yield "gap", gap
        elif sign:
            yield sign, sign
        elif name:
            if name not in _CLASSES:
                raise PatternError(say.unknown_class(name, list(_CLASSES)))
            yield from _tokens(_CLASSES[name])
        else:
            yield "word", word
        at = match.end()


class _Reader:
    """Reads the tokens of one pattern into positions."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self.positions = _Positions()
        self.needs: list[list[frozenset[str]]] = []

    def rest(self) -> bool:
        """Say whether tokens are left."""
        return self._at < len(self._tokens)

    def _next(self) -> str:
        return self._tokens[self._at][0] if self.rest() else ""

    def alternatives(self, depth: int) -> _Part:
        """Read sequences separated by bars."""
        if depth > MAX_DEPTH:
            raise PatternError(say.TOO_DEEP)
        parts = [self.sequence(depth)]
        while self._next() == "|":
            self._at += 1
            parts.append(self.sequence(depth))
        return _either(parts)

    def sequence(self, depth: int) -> _Part:
        """Read what follows one another."""
        part = _Part(frozenset(), frozenset(), nullable=True)
        empty = True
        if depth == 0:
            self.needs.append([])
        while self._next() not in {"", "|", ")"}:
            item = self.item(depth)
            if depth == 0 and not item.nullable:
                self.needs[-1].append(frozenset(self.positions.literals[at] for at in item.first))
            part = self._joined(part, item)
            empty = False
        if empty:
            raise PatternError(say.EMPTY_ALTERNATIVE)
        return part

    def item(self, depth: int) -> _Part:
        """Read one word, gap or group, perhaps optional."""
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "(":
            part = self.alternatives(depth + 1)
            if self._next() != ")":
                raise PatternError(say.UNBALANCED)
            self._at += 1
        elif kind == "gap":
            part = self._gap(int(text[1:] or GAP))
        elif kind == "word":
            part = self._word(text)
        else:
            raise PatternError(say.UNBALANCED)
        if self._next() == "?":
            self._at += 1
            part = _Part(part.first, part.last, nullable=True)
        return part

    def _word(self, text: str) -> _Part:
        if text == _DIGITS:
            return self._one(str.isdigit, _DIGITS)
        stem = text.removesuffix("*")
        found = words(stem)
        if not found or "*" in stem:
            raise PatternError(say.unreadable(text))
        part = _Part(frozenset(), frozenset(), nullable=True)
        for rank, word in enumerate(found, 1):
            is_beginning = text.endswith("*") and rank == len(found)
            test = _begins(word.text) if is_beginning else _equals(word.text)
            part = self._joined(part, self._one(test, word.text + "*" * is_beginning))
        return part

    def _one(self, test: Callable[[str], bool], literal: str = "") -> _Part:
        at = frozenset([self.positions.add(test, literal)])
        return _Part(at, at, nullable=False)

    def _gap(self, length: int) -> _Part:
        if not 1 <= length <= MAX_GAP:
            raise PatternError(say.wrong_gap(MAX_GAP))
        part = _Part(frozenset(), frozenset(), nullable=True)
        for _ in range(length):
            one = self._one(_anything)
            part = self._joined(part, _Part(one.first, one.last, nullable=True))
        return part

    def _joined(self, left: _Part, right: _Part) -> _Part:
        for position in left.last:
            self.positions.follow[position] |= right.first
        return _Part(
            left.first | right.first if left.nullable else left.first,
            left.last | right.last if right.nullable else right.last,
            nullable=left.nullable and right.nullable,
        )


def _either(parts: Sequence[_Part]) -> _Part:
    return _Part(
        frozenset().union(*(part.first for part in parts)),
        frozenset().union(*(part.last for part in parts)),
        nullable=any(part.nullable for part in parts),
    )


def _begins(stem: str) -> Callable[[str], bool]:
    return lambda text: text.startswith(stem)


def _equals(word: str) -> Callable[[str], bool]:
    return lambda text: text == word


def _anything(text: str) -> bool:
    return True
