"""A plan -> the program that runs it. A plan is an expression resolved and checked: plain lists, fit for a JSON file.

The builder makes plans, and nothing else knows their shape but what is here: `[operation, arguments…]`, numbers
other than integers and durations written as text. Linking a plan looks nothing up and checks nothing again; it only
chooses closures, so that a référentiel read from a cache is ready as soon as its text is. Nothing is executed but
functions of this package, chosen by name in a closed table.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING, Any

from msgspec import json

from rsaudit.conditions import reading
from rsaudit.conditions.aggregates import Selection, evaluator, select
from rsaudit.conditions.arranging import conditions
from rsaudit.conditions.calendar_dates import multiply_duration, shift
from rsaudit.conditions.functions import BUILDERS, arithmetic
from rsaudit.conditions.joins import joined, written_alike
from rsaudit.conditions.logic import conjunction, disjunction, equal, negation, ordered
from rsaudit.conditions.texts import same_text
from rsaudit.conditions.values import Duration, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from msgspec import Raw

    from rsaudit.conditions.values import Frame, Run, Value

Plan = list[Any]


class Linker:
    """Makes the programs of plans; of those that are repeated, each is known by its number and linked once."""

    def __init__(self, repeated: Sequence[Raw] = ()) -> None:
        """Keep the repeated plans as they are written, each in the place of its number."""
        self._repeated = repeated
        self._runs: dict[int, Run] = {}

    def plan(self, plan: Plan | int) -> Plan:
        """Return a plan, given in full or by its number."""
        if not isinstance(plan, int):
            return plan
        # Its type is not told: a decoder would be made for it each time.
        read: Plan = json.decode(self._repeated[plan])
        return read

    def __call__(self, plan: Plan | int) -> Run:
        """Return the program of a plan, given in full or by its number."""
        if not isinstance(plan, int):
            return _LINKERS[plan[0]](self, *plan[1:])
        run = self._runs.get(plan)
        if run is None:
            run = self._runs[plan] = self(self.plan(plan))
        return run


#: Links plans given in full.
link = Linker()


class Program:
    """An expression ready to run on a frame, linked when it first runs."""

    __slots__ = ("_link", "_run", "plan")

    def __init__(self, plan: Plan, link: Linker = link) -> None:
        """Keep the plan and what links it."""
        self.plan = plan
        self._link = link
        self._run: Run | None = None

    @property
    def run(self) -> Run:
        """The function to call where it is called often."""
        if self._run is None:
            self._run = self._link(self.plan)
        return self._run

    def __call__(self, frame: Frame) -> Value:
        """Evaluate the expression on a frame."""
        return self.run(frame)


class RangeProgram:
    """What a rule ranges over, ready to run."""

    def __init__(
        self, slot: int, table: str | None, source: Plan, where: Plan | None, *, link: Linker = link
    ) -> None:
        """Keep the plans and what links them; `table` is the static path of the table the items are rows of."""
        self.slot = slot
        self.table = table
        self.source = source
        self.where = where
        self._link = link
        self._runs: tuple[Run, Run | None] | None = None

    def __call__(self, frame: Frame) -> Selection:
        """Return the items in, those that may be, and what nobody showed."""
        if self._runs is None:
            link = self._link
            self._runs = (link(self.source), link(self.where) if self.where is not None else None)
        source, where = self._runs
        return select(source(frame), self.slot, where, frame)


def written(value: Any) -> Any:
    """Write a constant of a plan."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, Duration):
        return {"duration": [value.count, value.unit, value.text]}
    return value


def read(value: Any) -> Any:
    """Read a constant of a plan."""
    if value.__class__ is not dict:
        return value
    if "decimal" in value:
        return Decimal(value["decimal"])
    if "fraction" in value:
        return Fraction(value["fraction"])
    return Duration(*value["duration"])


def _constant(_: Linker, value: Any) -> Run:
    known = read(value)
    return lambda _: known


def _audit_day(_: Linker) -> Run:
    return lambda frame: frame[0].as_of


def _among(link: Linker, value: Plan, listed: dict[str, list[str]]) -> Run:
    """`x dans [a, b]` reads x once."""
    words = frozenset(listed["words"])
    run = link(value)

    def evaluate(frame: Frame) -> Value:
        found = run(frame)
        if found.__class__ is Unknown:
            return Unknown(found.causes)
        return found in words

    return evaluate


def _equals_word(link: Linker, value: Plan, word: str) -> Run:
    run = link(value)

    def evaluate(frame: Frame) -> Value:
        found = run(frame)
        return found if found.__class__ is Unknown else found == word

    match link.plan(value):
        case ["path", ["slot", slot], [["key", name, []], ["hop", table, *_], ["key", field, _]], _]:
            return reading.field_of_named_is(slot, intern(name), table, intern(field), word, evaluate)
    return evaluate


def _is_silent_word(link: Linker, value: Plan, word: str) -> Run:
    run = link(value)

    def evaluate(frame: Frame) -> Value:
        found = run(frame)
        if found.__class__ is Unknown:
            return found.word == word if found.word is not None else Unknown(found.causes)
        return False

    return evaluate


def _equals_text(link: Linker, value: Plan, text: str) -> Run:
    run = link(value)

    def evaluate(frame: Frame) -> Value:
        found = run(frame)
        if found.__class__ is Unknown:
            return False if found.word is not None else Unknown(found.causes)
        return same_text(found, text)

    return evaluate


def _shifted(link: Linker, day: Plan, span: Plan, sign: int) -> Run:
    day_run, span_run = link(day), link(span)
    return lambda frame: shift(day_run(frame), span_run(frame), sign)


def _repeated(link: Linker, number: Plan, span: Plan) -> Run:
    number_run, span_run = link(number), link(span)
    return lambda frame: multiply_duration(number_run(frame), span_run(frame))


def _aggregate(
    link: Linker, name: str, slot: int, path: str, source: Plan, where: Plan | None, body: Plan | None
) -> Run:
    return evaluator(
        name,
        slot,
        path,
        link(source),
        link(where) if where is not None else None,
        link(body) if body is not None else None,
    )


_UNSET = object()
_MOST_REMEMBERED = 4096
"""Outcomes of an aggregate kept with a dossier: what it is given takes few values, or is hardly ever given twice."""


def _once(link: Linker, name: str, plan: Plan) -> Run:
    run = link(plan)

    def evaluate(frame: Frame) -> Value:
        known = frame[0].known
        value = known.get(name, _UNSET)
        if value is _UNSET:
            value = known[name] = run(frame)
        return value

    return evaluate


def _chosen(link: Linker, name: str, slot: int, source: Plan, where: Plan) -> Run:
    rows, test = link(source), link(where)

    def evaluate(frame: Frame) -> Selection:
        known = frame[0].known
        found: Selection | None = known.get(name)
        if found is None:
            found = known[name] = select(rows(frame), slot, test, frame)
        return found

    return evaluate


def _per(link: Linker, name: str, first: int, outside: list[Plan], aggregate: Plan) -> Run:
    filled = [(place, link(part)) for place, part in enumerate(outside, first)]
    after = first + len(filled)
    run = link(aggregate)

    def evaluate(frame: Frame) -> Value:
        for place, part in filled:
            frame[place] = part(frame)
        alike = written_alike(frame[first:after])
        if alike is None:
            return run(frame)
        known = frame[0].known.setdefault(name, {})
        value = known.get(alike, _UNSET)
        if value is _UNSET:
            value = run(frame)
            if len(known) < _MOST_REMEMBERED:
                known[alike] = value
        return value

    return evaluate


def _join(
    link: Linker,
    name: str,
    slot: int,
    source: Plan,
    where: Plan,
    inner: list[Plan],
    outer: list[Plan],
    others: list[int],
) -> Run:
    tests = [link(condition) for condition in conditions(link.plan(where))]
    sides = [link(side) for side in inner], [link(side) for side in outer]
    return joined(name, slot, link(source), tests, *sides, [tests[rank] for rank in others])


def _shape(
    kind: str, silent: list[str], low: Any, high: Any, percent: bool, has_extent: bool
) -> reading.Shape:
    return reading.Shape(kind, silent, read(low), read(high), percent, has_extent)


def _path(link: Linker, base: Plan, steps: list[Plan], kind: Plan) -> Run:
    start = link.plan(base)
    slot = start[1] if start[0] == "slot" else None
    return reading.path(link(base), tuple(_STEPS[step[0]](*step[1:]) for step in steps), _shape(*kind), slot)


# The names of fields are interned, as those of a dossier are: each is then found by what it is, not by how it is spelt.
_STEPS: dict[str, Callable[..., reading.Step]] = {
    "key": lambda name, silent: reading.Key(intern(name), silent),
    "hop": reading.Hop,
    "fact": lambda key, kind: reading.FactStep(intern(key), _shape(*kind)),
    "reverse": reading.Reverse,
}
_LINKERS: dict[str, Callable[..., Run]] = {
    "constant": _constant,
    "slot": lambda _, slot: itemgetter(slot),
    "audit_day": _audit_day,
    "section": lambda _, name: reading.section(intern(name)),
    "fact": lambda _, key: reading.fact(key),
    "path": _path,
    "parameter": lambda link, name, keys, day: reading.parameter(
        name, tuple(link(key) for key in keys), link(day)
    ),
    "and": lambda link, operands: conjunction([link(operand) for operand in operands]),
    "or": lambda link, operands: disjunction([link(operand) for operand in operands]),
    "not": lambda link, operand: negation(link(operand)),
    "ordered": lambda link, operator, left, right: ordered(operator, link(left), link(right)),
    "equal": lambda link, left, right: equal(link(left), link(right)),
    "word": _equals_word,
    "silent": _is_silent_word,
    "text": _equals_text,
    "contains": lambda link, listed, wanted, fold: reading.contains(link(listed), link(wanted), fold=fold),
    "exists": lambda link, operand: reading.exists(link(operand)),
    "arithmetic": lambda link, operator, left, right: arithmetic(operator, link(left), link(right)),
    "shifted": _shifted,
    "repeated": _repeated,
    "call": lambda link, name, arguments: BUILDERS[name]([link(argument) for argument in arguments]),
    "aggregate": _aggregate,
    "once": _once,
    "chosen": _chosen,
    "per": _per,
    "join": _join,
    "among": _among,
    "field_is": lambda link, variable, name, word: reading.field_is(
        link.plan(variable)[1], intern(name), word
    ),
}
