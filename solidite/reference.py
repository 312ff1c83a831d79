"""A deliberately naive evaluator of the condition language: one completion of the unknowns at a time.

It shares with the program the tree of an expression, the declarations of a référentiel and the types of the fields, nothing
else: no bounds, no interval, no cause. What a dossier does not say is chosen by an `Oracle`, which can be asked for every way.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, total_ordering
from typing import TYPE_CHECKING, Any

from rsaudit.conditions.datatypes import Bool, Date, Item, Num, Ref, Span, Table, Text, Word, Words
from rsaudit.conditions.nodes import (
    Aggregate,
    AsOf,
    Call,
    Chain,
    Choice,
    Comparison,
    Field,
    Length,
    Logic,
    Lookup,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Quoted,
    Truth,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rsaudit.conditions import Catalogue, FactDeclaration, ParameterDeclaration

SILENT = ("aucun", "non_mentionne")
FAR = 10**7
"""A number that no schema and no threshold reaches."""
UNSEEN_AT_MOST = 2
"""How many rows stand for « as many as one likes »."""
_LONGEST = 200
_MOST_TIMES = 1_000_000
"""Times a duration may be repeated; of a longer one, nothing is known."""


class ImpossibleError(Exception):
    """A completion that no dossier could be: two records of one fact that disagree, a reference to a row that is not."""


class Nothing:
    """What has no value, whatever the completion: the least of nothing, a silent field, a parameter not in force."""

    def __init__(self, *, lapsed: bool = False, word: str | None = None) -> None:
        self.lapsed = lapsed
        """Only for want of an entry of a parameter on a known day."""
        self.word = word
        """The word the document is silent with."""


_NOTHING = Nothing()


def _none_of(*values: Any) -> Nothing | None:
    """Return what is left of operands of which some have no value; `None` when all have one."""
    lost = [value for value in values if isinstance(value, Nothing)]
    return Nothing(lapsed=all(value.lapsed for value in lost)) if lost else None


@dataclass(frozen=True, slots=True)
class Length_:  # noqa: N801 - the tree already has a `Length`
    """A duration: a number of days or of months."""

    count: int
    months: bool


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """An object of the dossier, at its static path."""

    data: dict[str, Any]
    path: str


# -- what is not known ---------------------------------------------------------------------------------------


class Oracle:
    """Says what a dossier does not: by a script first, then the first option, or one drawn."""

    def __init__(self, script: Sequence[int] = (), draw: Callable[[int], int] | None = None) -> None:
        self.script = script
        self.draw = draw
        self.answers: list[tuple[int, int]] = []
        """(option taken, how many there were), in the order they were asked."""
        self.known: dict[Any, Any] = {}
        self.asked = 0

    def choose(self, key: Any, options: Sequence[Any]) -> Any:
        """Return one of the options, the same each time for one key; a key of `None` is never remembered."""
        self.asked += 1
        rank = len(self.answers)
        if rank < len(self.script):
            taken = self.script[rank]
        else:
            taken = self.draw(len(options)) if self.draw is not None else 0
        self.answers.append((taken, len(options)))
        if key is not None:
            self.known[key] = options[taken]
        return options[taken]


def every_way(evaluate: Callable[[Oracle], Any], most: int) -> tuple[list[Any], bool]:
    """Return what is found under each completion that matters, and whether all were tried (within `most`)."""
    found: list[Any] = []
    script: list[int] | None = []
    for _ in range(most):
        oracle = Oracle(script or ())
        with contextlib.suppress(ImpossibleError):
            found.append(evaluate(oracle))
        script = _next_script(oracle.answers)
        if script is None:
            return found, True
    return found, False


def _next_script(answers: list[tuple[int, int]]) -> list[int] | None:
    for rank in range(len(answers) - 1, -1, -1):
        taken, options = answers[rank]
        if taken + 1 < options:
            return [*(one for one, _ in answers[:rank]), taken + 1]
    return None


# -- the world -----------------------------------------------------------------------------------------------


class World:
    """One dossier at one date under one completion."""

    def __init__(
        self,
        data: dict[str, Any],
        *,
        as_of: date,
        catalogue: Catalogue,
        oracle: Oracle,
        facts: Sequence[FactDeclaration] = (),
        parameters: Sequence[ParameterDeclaration] = (),
    ) -> None:
        self.data = data
        self.as_of = as_of
        self.catalogue = catalogue
        self.oracle = oracle
        self.facts = {(fact.table, fact.name): fact for fact in facts}
        self.parameters = {parameter.name: parameter for parameter in parameters}
        self.value_date: tuple[Node, dict[str, Any]] | None = None
        self._kept: dict[Any, Any] = {}
        """Objects, lists and facts already made: one completion says the same thing twice."""
        self._unnamed: dict[str, list[Thing]] = {}
        """Rows nobody showed, by table: a reference to no row shown names one of them."""

    def is_unseen(self, item: Any) -> bool:
        """Say whether a row is one that nobody showed."""
        return isinstance(item, Thing) and any(item is one for one in self._unnamed.get(item.path, ()))

    # -- names -----------------------------------------------------------------------------------------

    def word(self, node: Node, env: dict[str, Any]) -> str | None:
        """Return the word a node writes, when it names nothing."""
        if isinstance(node, Quoted):
            return node.value
        known = (
            not isinstance(node, Name)
            or node.name in env
            or node.name == "date_audit"
            or self.catalogue.section(node.name) is not None
            or (None, node.name) in self.facts
            or node.name in self.parameters
        )
        return None if known else node.name  # type: ignore[union-attr]

    def named(self, name: str, env: dict[str, Any]) -> Any:
        """Return what a bare name is worth."""
        if name in env:
            found = env[name]
            return found() if callable(found) else found
        if name == "date_audit":
            return self.as_of
        if self.catalogue.section(name) is not None:
            return Thing(self._object(self.data, name), name)
        if (None, name) in self.facts:
            return self.fact(self.facts[None, name], None)
        if name in self.parameters:
            return self.parameter(name, (), env, None)
        return name

    def fact(self, fact: FactDeclaration, owner: Thing | None) -> Any:
        """Return a fact of the dossier or of a row."""
        key = ("fact", fact.table, fact.name, id(owner.data) if owner else None)
        if key not in self._kept:
            env = {fact.variable: owner} if fact.variable is not None else {}
            before = self.oracle.asked
            value = evaluate(fact.node, self, env)
            self._kept[key] = (value, self.oracle.asked > before, owner)
        value, uncertain, _ = self._kept[key]
        self.oracle.asked += uncertain
        return value

    # -- fields ----------------------------------------------------------------------------------------

    def _object(self, owner: dict[str, Any], name: str) -> dict[str, Any]:
        found = owner.get(name)
        if isinstance(found, dict):
            return found
        return self._kept.setdefault(("object", id(owner), name), {})  # type: ignore[no-any-return]

    def field(self, owner: Any, name: str) -> Any:
        """Return a field, a fact or the referring rows of an object."""
        if isinstance(owner, Nothing):
            return Nothing(lapsed=owner.lapsed, word=owner.word)
        kind = _type_at(self.catalogue, owner.path, name)
        if kind is None:
            fact = self.facts.get((owner.path, name))
            return self.fact(fact, owner) if fact is not None else self._referring(owner, name)
        if isinstance(kind, Item):
            return Thing(self._object(owner.data, name), kind.path)
        if isinstance(kind, Table | Words):
            return self._listed(owner.data, name, kind)
        raw = owner.data.get(name)
        if raw is None:
            key = (id(owner.data), name)
            if key in self.oracle.known:
                self.oracle.asked += 1
                raw = self.oracle.known[key]
            else:
                raw = self.oracle.choose(key, self._options(kind, owner, name))
            return Nothing(word=raw) if raw in kind.silent and not isinstance(kind, Word) else raw
        return _read(raw, kind)

    def _options(self, kind: Any, owner: Thing, name: str) -> Sequence[Any]:
        if isinstance(kind, Text) and self._identifies(owner, name):
            return [f"sans nom {id(owner.data)}"]
        silent = [] if isinstance(kind, Word) else sorted(kind.silent)
        return [*self._values(kind), *silent]

    def _identifies(self, owner: Thing, name: str) -> bool:
        found: Any = self.catalogue.at(owner.path)
        item = found.item if isinstance(found, Table) else found
        return isinstance(item, Item) and name in item.identifier

    def _values(self, kind: Any) -> Sequence[Any]:
        if isinstance(kind, Bool):
            return (True, False)
        if isinstance(kind, Word):
            return kind.words
        if isinstance(kind, Num):
            return _numbers(kind)
        if isinstance(kind, Date):
            return [self.as_of + timedelta(days=step) for step in (0, -1, 1, -400, 400, -4000, 4000)]
        if isinstance(kind, Span):
            return (Length_(1, True), Length_(0, False), Length_(15, False), Length_(480, True))
        if isinstance(kind, Ref):
            rows = self._table(kind.table)
            codes = [row.data[kind.key] for row in rows if isinstance(row.data.get(kind.key), str)]
            unnamed = ["un autre"] if any(kind.key not in row.data for row in rows) else []
            if not codes and not unnamed:
                raise ImpossibleError
            return [*codes, *unnamed]
        return ("un texte", "un autre texte")

    # -- lists -----------------------------------------------------------------------------------------

    def _listed(self, owner: dict[str, Any], name: str, kind: Table | Words) -> list[Any]:
        key = ("list", id(owner), name)
        if key not in self._kept:
            before = self.oracle.asked
            items = self._made(owner.get(name), kind)
            self._kept[key] = (items, self.oracle.asked > before)
        items, uncertain = self._kept[key]
        self.oracle.asked += uncertain
        return items  # type: ignore[no-any-return]

    def _made(self, raw: Any, kind: Table | Words) -> list[Any]:
        if isinstance(kind, Words):
            if raw is None or isinstance(raw, str):
                words = self._values(kind.item)
                return self.oracle.choose(None, [[], list(words[:1]), list(words)])  # type: ignore[no-any-return]
            return [_read(one, kind.item) for one in raw]
        shown, more = _rows(raw, has_extent=kind.has_extent)
        path = kind.path
        unseen = self.oracle.choose(None, more) if len(more) > 1 else more[0]
        ghosts = [Thing({}, path) for _ in range(unseen)]
        self._unnamed.setdefault(path, []).extend(ghosts)
        return [*(Thing(row, path) for row in shown), *ghosts]

    def _table(self, path: str) -> list[Thing]:
        section, *rest = path.split(".")
        owner: Any = Thing(self._object(self.data, section), section)
        for name in rest[:-1]:
            owner = self.field(owner, name)
        return self.field(owner, rest[-1])  # type: ignore[no-any-return]

    def _referring(self, owner: Thing, name: str) -> list[Thing]:
        path, key = next(
            pair for pair in self.catalogue.referrers(owner.path) if pair[0].rsplit(".", 1)[-1] == name
        )
        found: Any = self.catalogue.at(owner.path)
        own = self.field(owner, found.item.identifier[0])
        return [row for row in self._table(path) if same(self.field(row, key), own) is True]

    def target(self, code: str, table: str) -> Any:
        """Return the row that a reference names."""
        found: Any = self.catalogue.at(table)
        key = found.item.identifier[0]
        rows = self._table(table)
        for row in rows:
            if same(row.data.get(key), code) is True:
                return row
        for row in self._unnamed.get(table, ()):
            if key not in row.data and (id(row.data), key) not in self.oracle.known:
                row.data[key] = code
                return row
        if _rows(self._raw(table), has_extent=found.has_extent)[1] != range(1):
            raise ImpossibleError
        return _NOTHING

    def _raw(self, table: str) -> Any:
        raw: Any = self.data
        for name in table.split("."):
            raw = raw.get(name) if isinstance(raw, dict) else None
        return raw

    # -- parameters ------------------------------------------------------------------------------------

    def parameter(self, name: str, keys: Sequence[Node], env: dict[str, Any], day: Node | None) -> Any:
        """Return a dated value, for keys when it is a table."""
        declaration = self.parameters[name]
        on = self._day(day, env)
        if isinstance(on, Nothing):
            return Nothing(lapsed=on.lapsed)
        if isinstance(on, Beyond):
            return _NOTHING
        entries = [
            entry
            for entry in declaration.entries
            if (entry.since or date.min) <= on <= (entry.until or date.max)
        ]
        if not entries:
            return Nothing(lapsed=True)
        (entry,) = entries
        if not declaration.keys:
            return _parameter_value(declaration, entry.value)
        wanted = [self._key(key, env) for key in keys]
        lost = _none_of(*wanted)
        if lost is not None:
            return Nothing(lapsed=lost.lapsed)
        if any(one in SILENT for one in wanted):
            return _NOTHING
        for row, value in entry.rows or ():
            if all(_matches(key, one) for key, one in zip(row, wanted, strict=True)):
                return _parameter_value(declaration, value)
        return _NOTHING

    def _day(self, day: Node | None, env: dict[str, Any]) -> Any:
        if day is not None:
            return evaluate(day, self, env)
        if self.value_date is not None:
            return evaluate(self.value_date[0], self, self.value_date[1])
        return self.as_of

    def _key(self, node: Node, env: dict[str, Any]) -> Any:
        word = self.word(node, env)
        return word if word is not None else evaluate(node, self, env)


@cache
def _type_at(catalogue: Catalogue, path: str, name: str) -> Any:
    return catalogue.at(f"{path}.{name}")


def _numbers(kind: Num) -> list[Any]:
    low, high = kind.low, kind.high
    if kind.integer and low is not None and high is not None and Fraction(high) - Fraction(low) <= 6:
        return [Fraction(one) for one in range(int(low), int(high) + 1)]
    points = {
        Fraction(-FAR) if low is None else Fraction(low),
        Fraction(FAR) if high is None else Fraction(high),
    }
    points |= {Fraction(0), Fraction(1), Fraction(10), Fraction(500)}
    if kind.year:
        points = {Fraction(year) for year in (2023, 2024, 2025, 2026, 2027)}
    return sorted(p for p in points if (low is None or p >= low) and (high is None or p <= high))


def _rows(raw: Any, *, has_extent: bool) -> tuple[list[Any], range]:
    """Return the rows shown and how many more there may be."""
    open_end = range(UNSEEN_AT_MOST + 1)
    if isinstance(raw, list):
        return raw, open_end if raw and has_extent else range(1)
    if not isinstance(raw, dict):
        return [], open_end
    shown = raw.get("lignes")
    if raw.get("etendue") == "complete" and shown is not None:
        return shown, range(1)
    shown = shown or []
    total = raw.get("effectif_total")
    if total is None:
        return shown, open_end
    more = max(0, int(total) - len(shown))
    return shown, range(more, more + 1)


_DURATION = re.compile(r"\s*([0-9]+)\s+(jour|semaine|mois|an)s?\s*")


def _read(raw: Any, kind: Any) -> Any:
    """Turn what a field holds into a value of its type."""
    if isinstance(kind, Word | Bool):
        return raw
    if isinstance(raw, str) and raw in kind.silent:
        return Nothing(word=raw)
    if isinstance(kind, Num):
        return Fraction(raw) / (100 if kind.percent else 1)
    if isinstance(kind, Date):
        return date.fromisoformat(raw)
    return read_length(raw) if isinstance(kind, Span) else raw


def read_length(text: str) -> Length_:
    """Read « 8 jours », « 1 mois », « 2 ans »."""
    found = _DURATION.fullmatch(text.replace("\u00a0", " ").replace("\u202f", " "))
    assert found is not None
    count, unit = int(found[1]), found[2]
    return Length_(count * {"jour": 1, "semaine": 7, "mois": 1, "an": 12}[unit], unit in {"mois", "an"})


def _parameter_value(declaration: ParameterDeclaration, raw: Any) -> Any:
    if declaration.type in {"nombre", "part"}:
        is_rate = declaration.type == "part" or declaration.unit == "%"
        return Fraction(raw) / (100 if is_rate else 1)
    if declaration.type == "duree":
        return read_length(raw)
    if declaration.type == "date":
        return raw if isinstance(raw, date) else date.fromisoformat(raw)
    return raw


def _matches(key: Any, value: Any) -> bool:
    if key == "*":
        return True
    if isinstance(value, bool):
        return {"oui": True, "non": False}.get(key, key) is value
    if isinstance(value, Fraction):
        if not isinstance(key, str):
            return value == Fraction(key)
        sign, limit = re.fullmatch(r"([<>]=?)\s*(.*)", key.strip()).groups()  # type: ignore[union-attr]
        return _ordered(sign, value, Fraction(Decimal(limit))) is True
    return bool(str(key) == value)


# -- texts, dates, durations ---------------------------------------------------------------------------------

_APOSTROPHES = "‘’‛ʼʹ′´`＇"
_HYPHENS = "‐‑‒–—―−﹘﹣－\u00ad"


@cache
def folded(text: str) -> str:
    """Write a text as the others equal to it are written."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(
        "'" if c in _APOSTROPHES else "-" if c in _HYPHENS else " " if c.isspace() else c for c in text
    )
    return unicodedata.normalize("NFC", text.strip().casefold())


def same(left: Any, right: Any) -> Any:
    """Say whether two values are equal."""
    lost = _none_of(left, right)
    if lost is not None:
        return lost
    if isinstance(left, str) and isinstance(right, str):
        return folded(left) == folded(right)
    if isinstance(left, Length_) and isinstance(right, Length_):
        if left.months == right.months:
            return left.count == right.count
        (a, b), (c, d) = days_spanned(left), days_spanned(right)
        return False if b < c or a > d else _NOTHING
    if isinstance(left, Beyond) and isinstance(right, Beyond):
        return _NOTHING
    return left == right


def _ordered(sign: str, left: Any, right: Any) -> Any:
    if sign in {">", ">="}:
        return _ordered({">": "<", ">=": "<="}[sign], right, left)
    if isinstance(left, Length_):
        if left.months == right.months:
            left, right = left.count, right.count
        else:
            (a, b), (c, d) = days_spanned(left), days_spanned(right)
            if b < c or (sign == "<=" and b <= c):
                return True
            return False if a > d or (sign == "<" and a >= d) else _NOTHING
    if isinstance(left, Beyond) and isinstance(right, Beyond):
        return _NOTHING  # how far out of the calendar a day is, nobody needs to tell
    return left < right if sign == "<" else left <= right


_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
"""The Gregorian calendar comes back the same, weeks included, after so many years and days."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Beyond:
    """A day of the same calendar after the year 9999, or before the year 1: a `date` cannot hold it."""

    year: int
    month: int
    day: int

    def __lt__(self, other: date | Beyond) -> bool:
        return (self.year, self.month, self.day) < (other.year, other.month, other.day)


def _near(day: date | Beyond) -> tuple[date, int]:
    """Return the same day of the 400 years from 2000, and how many times 400 years away it is."""
    cycles = (day.year - 2000) // _CYCLE_YEARS
    return date(day.year - _CYCLE_YEARS * cycles, day.month, day.day), cycles


def moved(day: date | Beyond, length: Length_, sign: int) -> date | Beyond:
    """Return the day a duration later or earlier."""
    near, cycles = _near(day)
    more, rest = divmod(sign * length.count, 12 * _CYCLE_YEARS if length.months else _CYCLE_DAYS)
    if length.months:
        years, months = divmod(rest, 12)
        year, month = near.year + years, near.month + months
        if month > 12:
            year, month = year + 1, month - 12
        last = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        near = date(year, month, min(near.day, last.day))
    else:
        near += timedelta(days=rest)
    year = near.year + _CYCLE_YEARS * (cycles + more)
    if date.min.year <= year <= date.max.year:
        return date(year, near.month, near.day)
    return Beyond(year, near.month, near.day)


def _days_between(first: date | Beyond, second: date | Beyond) -> Fraction:
    (one, before), (other, after) = _near(first), _near(second)
    return Fraction((other - one).days + _CYCLE_DAYS * (after - before))


@cache
def days_spanned(length: Length_) -> tuple[int, int]:
    """Return the fewest and the most days a duration spans, tried from every month of four centuries, first day and last ones."""
    if not length.months:
        return length.count, length.count
    starts = [
        date(2000 + month // 12, month % 12 + 1, day)
        for month in range(4800)
        for day in (1, 28, 29, 30, 31)
        if day <= monthrange(2000 + month // 12, month % 12 + 1)[1]
    ]
    spans = [int(_days_between(start, moved(start, length, 1))) for start in starts]
    return min(spans), max(spans)


# -- expressions ---------------------------------------------------------------------------------------------

Env = dict[str, Any]


def evaluate(node: Node, world: World, env: Env) -> Any:
    """Return what an expression is worth in a world: a value, or `Nothing`."""
    return _BY_NODE[type(node)](node, world, env)


def _field(node: Field, world: World, env: Env) -> Any:
    owner = evaluate(node.base, world, env)
    if isinstance(owner, str):
        kind = _static(node.base, world, env)
        owner = world.target(owner, kind.table) if isinstance(kind, Ref) else _NOTHING
    return world.field(owner, node.name)


def _static(node: Node, world: World, env: Env) -> Any:
    """Return the type of the field a path ends on."""
    if isinstance(node, Field):
        owner = evaluate(node.base, world, env)
        if isinstance(owner, str):
            owner = world.target(owner, _static(node.base, world, env).table)
        return world.catalogue.at(f"{owner.path}.{node.name}") if isinstance(owner, Thing) else None
    return None


def _logic(node: Logic, world: World, env: Env) -> Any:
    return _joined((evaluate(one, world, env) for one in node.operands), absorbing=node.word == "ou")


def _joined(values: Iterator[Any], *, absorbing: bool) -> Any:
    lost = []
    for value in values:
        if value is absorbing:
            return absorbing
        if isinstance(value, Nothing):
            lost.append(value)
    return _none_of(*lost) or (not absorbing)


def _negation(node: Not, world: World, env: Env) -> Any:
    value = evaluate(node.operand, world, env)
    return value if isinstance(value, Nothing) else not value


def _comparison(node: Comparison, world: World, env: Env) -> Any:
    if node.operator == "dans":
        return _membership(node, world, env)
    left_word, right_word = world.word(node.left, env), world.word(node.right, env)
    if left_word is not None or right_word is not None:
        path, word = (node.left, right_word) if right_word is not None else (node.right, left_word)
        found = _is_word(path, str(word), world, env)
        return (not found) if node.operator == "!=" and isinstance(found, bool) else found
    left, right = evaluate(node.left, world, env), evaluate(node.right, world, env)
    if node.operator in {"=", "!="}:
        found = same(left, right)
        return (not found) if node.operator == "!=" and isinstance(found, bool) else found
    lost = _none_of(left, right)
    return lost if lost is not None else _ordered(node.operator, left, right)


def _is_word(path: Node, word: str, world: World, env: Env) -> Any:
    value = evaluate(path, world, env)
    if isinstance(value, Nothing):
        return value.word == word if value.word is not None else Nothing(lapsed=value.lapsed)
    return folded(value) == folded(word) if isinstance(value, str) else False


def _membership(node: Comparison, world: World, env: Env) -> Any:
    if isinstance(node.right, Choice):
        tests = (_is_one(node.left, item, world, env) for item in node.right.items)
        return _joined(tests, absorbing=True)
    listed = evaluate(node.right, world, env)
    word = world.word(node.left, env)
    value = word if word is not None else evaluate(node.left, world, env)
    lost = _none_of(listed, value)
    return lost if lost is not None else any(same(one, value) is True for one in listed)


def _is_one(path: Node, item: Node, world: World, env: Env) -> Any:
    word = world.word(item, env)
    if word is not None:
        return _is_word(path, word, world, env)
    return same(evaluate(path, world, env), evaluate(item, world, env))


def _chain(node: Chain, world: World, env: Env) -> Any:
    total = evaluate(node.operands[0], world, env)
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        total = _operated(operator, total, evaluate(operand, world, env))
    return total


def _operated(operator: str, left: Any, right: Any) -> Any:
    lost = _none_of(left, right)
    if lost is not None:
        return lost
    if isinstance(left, date | Beyond):
        return moved(left, right, 1 if operator == "+" else -1)
    if isinstance(left, Length_) or isinstance(right, Length_):
        number, length = (left, right) if isinstance(right, Length_) else (right, left)
        if number.denominator != 1 or abs(number) > _MOST_TIMES:
            return _NOTHING
        return Length_(int(number) * length.count, length.months)
    if operator == "/":
        return _NOTHING if right == 0 else left / right
    return {"+": left + right, "-": left - right, "*": left * right}[operator]


def _negative(node: Negative, world: World, env: Env) -> Any:
    value = evaluate(node.operand, world, env)
    return value if isinstance(value, Nothing) else -value


def _asof(node: AsOf, world: World, env: Env) -> Any:
    base = node.base
    keys = base.keys if isinstance(base, Lookup) else ()
    name = base.base if isinstance(base, Lookup) else base
    return world.parameter(name.name, keys, env, node.day)  # type: ignore[union-attr]


# -- functions -----------------------------------------------------------------------------------------------


def _call(node: Call, world: World, env: Env) -> Any:
    if node.function in _LAZY:
        return _LAZY[node.function](node, world, env)
    values = [evaluate(one, world, env) for one in node.arguments]
    lost = _none_of(*values)
    return lost if lost is not None else _FUNCTIONS[node.function](*values)


def _exists(node: Call, world: World, env: Env) -> Any:
    value = evaluate(node.arguments[0], world, env)
    if isinstance(value, Nothing):
        return False if value.word is not None else Nothing(lapsed=value.lapsed)
    return value not in SILENT if isinstance(value, str) else True


def _fallback(node: Call, world: World, env: Env) -> Any:
    value = evaluate(node.arguments[0], world, env)
    silent = isinstance(value, Nothing) and value.word is not None
    return evaluate(node.arguments[1], world, env) if silent else value


def _established(node: Call, world: World, env: Env) -> Any:
    holds = evaluate(node.arguments[0], world, env)
    if holds is True:
        return evaluate(node.arguments[1], world, env)
    return Nothing(lapsed=isinstance(holds, Nothing) and holds.lapsed)


def _reconciled(node: Call, world: World, env: Env) -> Any:
    before = world.oracle.asked
    left, right = (evaluate(one, world, env) for one in node.arguments)
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        return right if isinstance(left, Nothing) else left
    if left == right:
        return left
    if world.oracle.asked > before:
        raise ImpossibleError
    return _NOTHING


def _rounded(value: Fraction, places: Fraction) -> Any:
    scale = 10 ** int(places)
    whole = int(abs(value) * scale + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, scale)


def _made_date(year: Fraction, month: Fraction, day: Fraction) -> Any:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return _NOTHING


def _years(first: date | Beyond, last: date | Beyond) -> Any:
    if isinstance(first, Beyond) or isinstance(last, Beyond):
        return _NOTHING
    return [Fraction(year) for year in range(first.year, last.year + 1)][-_LONGEST:]


def _deadlines(day: Fraction, month: Fraction, first: date | Beyond, last: date | Beyond) -> Any:
    if isinstance(first, Beyond) or isinstance(last, Beyond):
        return _NOTHING
    years = range(first.year, last.year + 1)[-_LONGEST:]
    made = [_made_date(Fraction(year), month, day) for year in years]
    return [one for one in made if isinstance(one, date) and first <= one <= last]


_LAZY: dict[str, Callable[[Call, World, Env], Any]] = {
    "existe": _exists,
    "a_defaut": _fallback,
    "etabli": _established,
    "recouper": _reconciled,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "arrondi": _rounded,
    "jours": _days_between,
    "annee": lambda day: Fraction(day.year),
    "date": _made_date,
    "annees": _years,
    "echeances": _deadlines,
    "plus_petit": min,
    "plus_grand": max,
}


# -- aggregates ----------------------------------------------------------------------------------------------


def _aggregate(node: Aggregate, world: World, env: Env) -> Any:
    source = evaluate(node.source, world, env)
    if isinstance(source, Nothing):
        return _NOTHING
    chosen = [{**env, node.variable: row} for row in source]
    if node.where is not None:
        chosen = [inner for inner in chosen if _decided(evaluate(node.where, world, inner), world)]
    if node.function == "nombre":
        return Fraction(len(chosen))
    if node.function == "le_seul":
        return chosen[0][node.variable] if len(chosen) == 1 else _NOTHING
    assert node.body is not None
    body = node.body
    values = (evaluate(body, world, inner) for inner in chosen)
    if node.function in {"tous", "un"}:
        return _joined(values, absorbing=node.function == "un")
    return _folded(node.function, list(values), world)


def _decided(value: Any, world: World) -> bool:
    """Say whether a row is in; one whose filter has no value may be or not."""
    if isinstance(value, Nothing):
        value = world.oracle.choose(None, (True, False))
    return bool(value)


def _folded(function: str, values: list[Any], world: World) -> Any:
    if function == "part":
        return Fraction(sum(_decided(value, world) for value in values), len(values)) if values else _NOTHING
    lost = _none_of(*values)
    if function == "somme":
        return lost if lost is not None else sum(values, Fraction(0))
    known = [value for value in values if not isinstance(value, Nothing)]
    if function == "distincts":
        different = len(set(known))
        extra = len(values) - len(known)
        least = 1 if extra and not known else different
        return Fraction(
            world.oracle.choose(None, range(least, different + extra + 1)) if extra else different
        )
    if not values:
        return _NOTHING
    if lost is not None:
        return _any_extreme(function, known, world) if known else lost
    return min(known) if function == "min" else max(known)


def _any_extreme(function: str, known: list[Any], world: World) -> Any:
    """Return an extreme among values of which another is anything."""
    is_date = isinstance(known[0], date)
    ends = (date.min, date.max) if is_date else (Fraction(-FAR), Fraction(FAR))
    other = world.oracle.choose(None, ends)
    return min(*known, other) if function == "min" else max(*known, other)


_BY_NODE: dict[type, Callable[[Any, World, Env], Any]] = {
    Truth: lambda node, _, __: node.value,
    Number: lambda node, _, __: Fraction(node.value),
    Length: lambda node, _, __: read_length(f"{node.count} {node.unit}"),
    Quoted: lambda node, _, __: node.value,
    Name: lambda node, world, env: world.named(node.name, env),
    Field: _field,
    Lookup: lambda node, world, env: world.parameter(node.base.name, node.keys, env, None),
    AsOf: _asof,
    Logic: _logic,
    Not: _negation,
    Comparison: _comparison,
    Chain: _chain,
    Negative: _negative,
    Call: _call,
    Aggregate: _aggregate,
}
