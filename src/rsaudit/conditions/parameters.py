"""Dated parameters: their declarations, checked and prepared once, then read at a day and for a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from rsaudit.conditions.calendar_dates import parse_date, parse_duration
from rsaudit.conditions.errors import ExpressionError
from rsaudit.conditions.exact import is_number, percent
from rsaudit.conditions.values import (
    NotInForce,
    Number,
    OffScale,
    Unknown,
    Value,
    causes_of,
    interval,
    merge_causes,
)
from rsaudit.messages import conditions as say
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from rsaudit.conditions.catalogue import Catalogue
    from rsaudit.conditions.datatypes import Type

ANY_DAY = Unknown()
"""The audit date when a condition is examined without a dossier: parameters then span all their values."""
_RANGE = pattern(r"(>=|<=|>|<)\s*([0-9]+(?:\.[0-9]+)?)\Z")
COUNT = "nombre"
"""A key that is a count rather than a field."""
_MAX_COMBINATIONS = 5000
_MAX_REMEMBERED = 4096
_ABSENT = object()

Key: TypeAlias = tuple[Any, ...]
Matcher: TypeAlias = Callable[[Any], bool]


class ParameterEntry(Struct, frozen=True, kw_only=True):
    """The value of a parameter from `since` to `until`, both included; a table gives `rows` of (keys, value)."""

    since: date | None = None
    until: date | None = None
    value: Any = None
    rows: tuple[tuple[tuple[Any, ...], Any], ...] | None = None
    source: str = ""


class ParameterDeclaration(Struct, frozen=True, kw_only=True):
    """A named value of the law, as a référentiel declares it (`nombre`, `part`, `duree`, `date` or `mot`)."""

    name: str
    type: str
    unit: str | None = None
    keys: tuple[str, ...] = ()
    """Fields of the dossier whose values are the keys of the table, or `nombre` for a count."""
    entries: tuple[ParameterEntry, ...] = ()


class _Entry(Struct):
    """A declared entry, its values read."""

    since: date
    until: date
    value: Value
    rows: list[tuple[tuple[Matcher, ...], Value]]
    found: dict[Key, Value]


def _failure(name: str, problem: str, hint: str = say.PARAMETER_HINT) -> ExpressionError:
    return ExpressionError(say.parameter_problem(name, problem), 1, hint)


def key_types(declaration: ParameterDeclaration, catalogue: Catalogue) -> tuple[Type, ...]:
    """Return the types of the keys of a parameter. Raises `ExpressionError` for a field that cannot be one."""
    return tuple(_key_type(declaration.name, path, catalogue) for path in declaration.keys)


def _key_type(name: str, path: str, catalogue: Catalogue) -> Type:
    if path == COUNT:
        from rsaudit.conditions.datatypes import Num

        return Num(low=0, integer=True)
    found = catalogue.at(path)
    if found is None or found.kind not in {"word", "number", "text", "reference", "bool"}:
        raise _failure(name, say.unknown_key_field(path))
    return found


class Parameter:
    """A parameter ready to be read. Raises `ExpressionError` when its declaration is wrong."""

    def __init__(self, declaration: ParameterDeclaration, types: tuple[Any, ...]) -> None:
        """Prepare a declaration whose keys are of those types."""
        self.name = declaration.name
        self.declaration = declaration
        self.key_types = types
        self._edges = [_edges(declaration, index) for index in range(len(self.key_types))]
        self._entries = sorted(
            (self._entry(entry) for entry in declaration.entries), key=lambda entry: entry.since
        )
        self._check_days()
        self._by_day: dict[date, Value] = {}

    # -- declaration -----------------------------------------------------------------------------------

    def _fail(self, problem: str, hint: str = say.PARAMETER_HINT) -> ExpressionError:
        return _failure(self.name, problem, hint)

    @cached_property
    def type(self) -> Type:
        """The type of its values."""
        from rsaudit.conditions.datatypes import Date, Num, Span, Word

        kind, unit = self.declaration.type, self.declaration.unit
        if kind == "nombre":
            return Num(unit=unit)
        if kind == "part":
            return Num(unit="%")
        if kind == "mot":
            return Word(words=tuple(dict.fromkeys(self._values())))
        return Span() if kind == "duree" else Date()

    def _entry(self, entry: ParameterEntry) -> _Entry:
        if (entry.rows is not None) is not bool(self.key_types) or (
            entry.rows is None and entry.value is None
        ):
            raise self._fail(say.VALUE_OR_TABLE)
        since, until = entry.since or date.min, entry.until or date.max
        if until < since:
            raise self._fail(say.REVERSED_ENTRY)
        rows = [(self._matchers(keys), self._value(value)) for keys, value in entry.rows or ()]
        value = self._value(entry.value) if entry.rows is None else None
        return _Entry(since, until, value, rows, {})

    def _value(self, raw: Any) -> Value:
        kind = self.declaration.type
        readers: dict[str, Callable[[Any], Value]] = {
            "nombre": lambda value: _number(value, is_percent=self.declaration.unit == "%"),
            "part": lambda value: _number(value, is_percent=True),
            "duree": lambda value: parse_duration(value) if isinstance(value, str) else None,
            "date": lambda value: (
                parse_date(value) if isinstance(value, str) else value if type(value) is date else None
            ),
            "mot": lambda value: value if isinstance(value, str) and value else None,
        }
        if kind not in readers:
            raise self._fail(say.unknown_type(kind))
        value = readers[kind](raw)
        if value is None:
            raise self._fail(say.bad_value(kind, raw))
        return value

    def _matchers(self, keys: Sequence[Any]) -> tuple[Matcher, ...]:
        if len(keys) != len(self.key_types):
            raise self._fail(say.row_length(len(self.key_types)))
        return tuple(self._matcher(index, key) for index, key in enumerate(keys))

    def _matcher(self, index: int, key: Any) -> Matcher:
        kind = self.key_types[index]
        if key == "*":
            return lambda _: True
        if kind.kind == "number":
            limit = _limit(key)
            if limit is None:
                raise self._fail(say.bad_key(self.declaration.keys[index], key))
            return _comparison(*limit)
        if kind.kind == "bool":
            key = {"oui": True, "non": False}.get(key, key) if isinstance(key, str) else key
        elif not isinstance(key, str):
            key = str(key)
        if (kind.kind == "word" and key not in kind.words) or (
            kind.kind == "bool" and not isinstance(key, bool)
        ):
            raise self._fail(say.bad_key(self.declaration.keys[index], key))
        return lambda value: bool(value == key)

    def _check_days(self) -> None:
        if not self._entries:
            raise self._fail(say.NO_ENTRY)
        for first, second in zip(self._entries, self._entries[1:], strict=False):
            if second.since <= first.until:
                raise self._fail(say.overlap(_told(first.since), _told(second.since)), say.OVERLAP_HINT)

    def _values(self) -> Iterator[Value]:
        for entry in self._entries:
            if self.key_types:
                yield from (value for _, value in entry.rows)
            else:
                yield entry.value

    # -- reading ---------------------------------------------------------------------------------------

    def at(self, day: Value) -> Value:
        """Return the value on a day; not in force or an unknown day gives an unknown that says so."""
        if day.__class__ is Unknown:
            return self._some_day(day)
        known = self._by_day.get(day, _ABSENT)
        if known is not _ABSENT:
            return known
        entry = self._on(day)
        value = entry.value if entry is not None else Unknown((NotInForce(self.name, day),), opaque=True)
        if len(self._by_day) >= _MAX_REMEMBERED:
            self._by_day.clear()
        self._by_day[day] = value
        return value

    def lookup(self, day: Value, keys: Key) -> Value:
        """Return the value of the row for `keys` on a day."""
        if day.__class__ is Unknown:
            return self._some_day(day, keys)
        entry = self._on(day)
        if entry is None:
            return Unknown((NotInForce(self.name, day),), opaque=True)
        known = entry.found.get(keys, _ABSENT)
        if known is not _ABSENT:
            return known
        if any(key.__class__ is Unknown for key in keys):
            return self._any_key(entry, keys)
        return self._row(entry, keys)

    def _some_day(self, day: Unknown, keys: Key = ()) -> Value:
        if day is ANY_DAY:
            return _hull(list(self._values()), causes_of(*keys))
        return Unknown(merge_causes(day.causes, (NotInForce(self.name, None),)), opaque=True)

    def _on(self, day: date) -> _Entry | None:
        for entry in self._entries:
            if entry.since <= day <= entry.until:
                return entry
        return None

    def _row(self, entry: _Entry, keys: Key) -> Value:
        known = entry.found.get(keys, _ABSENT)
        if known is not _ABSENT:
            return known
        value: Value = _ABSENT
        if not any(key in kind.silent for key, kind in zip(keys, self.key_types, strict=True)):
            value = next((found for row, found in entry.rows if _matches(row, keys)), _ABSENT)
        if value is _ABSENT:
            value = Unknown((OffScale(self.name, keys),), opaque=True)
        if len(entry.found) >= _MAX_REMEMBERED:
            entry.found.clear()
        entry.found[keys] = value
        return value

    def _any_key(self, entry: _Entry, keys: Key) -> Value:
        """Span the rows an unknown key may be, if every value it may take has one."""
        causes = causes_of(*keys)
        choices = [self._possible(index, key) for index, key in enumerate(keys)]
        count = 1
        for choice in choices:
            count *= len(choice)
        if not 0 < count <= _MAX_COMBINATIONS:
            return Unknown(causes, opaque=True)
        values = [self._row(entry, combination) for combination in product(*choices)]
        if any(value.__class__ is Unknown for value in values):
            return Unknown(causes, opaque=True)
        return _hull(values, causes)

    def _possible(self, index: int, key: Value) -> list[Any]:
        """List values that stand for all those a key may take; nothing when they cannot be listed."""
        if key.__class__ is not Unknown:
            return [key]
        kind = self.key_types[index]
        if key.opaque or kind.silent:
            return []
        if kind.kind == "word":
            return list(kind.words)
        if kind.kind == "bool":
            return [True, False]
        return _landmarks(kind, key, self._edges[index]) if kind.kind == "number" else []


def _told(day: date) -> date | None:
    return None if day == date.min else day


def _number(value: Any, *, is_percent: bool) -> Number | None:
    if not is_number(value):
        return None
    number: Number = value
    return percent(number) if is_percent else number


def _matches(row: tuple[Matcher, ...], keys: Key) -> bool:
    return all(matches(key) for matches, key in zip(row, keys, strict=True))


def _limit(key: Any) -> tuple[str, Number] | None:
    if is_number(key):
        return "=", key
    match = _RANGE.match(key.strip()) if isinstance(key, str) else None
    return (match.group(1), Decimal(match.group(2))) if match else None


def _comparison(operator: str, limit: Number) -> Matcher:
    tests: dict[str, Matcher] = {
        "=": lambda value: bool(value == limit),
        ">=": lambda value: bool(value >= limit),
        "<=": lambda value: bool(value <= limit),
        ">": lambda value: bool(value > limit),
        "<": lambda value: bool(value < limit),
    }
    return tests[operator]


def _edges(declaration: ParameterDeclaration, index: int) -> list[Number]:
    """Return the numbers at which the rows of a table change, for one key."""
    found = {
        limit[1]
        for entry in declaration.entries
        for keys, _ in entry.rows or ()
        if len(keys) > index and (limit := _limit(keys[index])) is not None
    }
    return sorted(found)


def _landmarks(kind: Any, key: Unknown, edges: list[Number]) -> list[Any]:
    """List numbers such that any number of the key's bounds falls in a row exactly when they do."""
    low = key.low if key.low is not None else kind.low
    high = key.high if key.high is not None else kind.high
    points: set[Any] = {point for point in (low, high) if point is not None}
    if kind.integer:
        points |= {int(edge) + step for edge in edges for step in (-1, 0, 1)}
    else:
        points |= set(edges) | {(Fraction(first) + Fraction(second)) / 2 for first, second in pairwise(edges)}
        points |= {edges[0] - 1, edges[-1] + 1} if edges else set()
        points |= {
            (Fraction(point) + Fraction(edge)) / 2
            for point in (low, high)
            if point is not None
            for edge in edges
        }
    if not points:
        points = {0}
    return sorted(p for p in points if (low is None or low <= p) and (high is None or p <= high))


def _hull(values: Iterable[Value], causes: Any) -> Value:
    values = list(values)
    first = values[0]
    if all(value == first for value in values):
        return first
    if is_number(first) or first.__class__ is date:
        return interval(min(values), max(values), causes)
    return Unknown(causes)
