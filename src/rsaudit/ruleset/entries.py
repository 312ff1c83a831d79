"""How a compiled référentiel is written as JSON, and read back: its plans, its head, its names, its requirements, its rules.

`entry_writing` writes it. Each is a line, a rule too. A plan that is repeated is written once, on the first line;
elsewhere is its number.

Declarations are kept without what is not read to judge: their cases, their expressions (the programs say what they
were) and the data of their tests. A value that is no plain JSON is an object with one mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from msgspec import MsgspecError, Raw, Struct, json

from rsaudit import model
from rsaudit.conditions import parameters, plans
from rsaudit.conditions.plans import Linker, Program, RangeProgram
from rsaudit.conditions.reading import PathRead
from rsaudit.model import DeadlineKind, Force, LegalText, Position, Rank, Severity, Verdict
from rsaudit.ruleset.compiled import (
    CompiledCondition,
    CompiledElement,
    CompiledPlaceholder,
    CompiledReview,
    CompiledRule,
    CompiledRuleset,
    Printed,
    Reads,
)

if TYPE_CHECKING:
    from rsaudit.conditions.values import Run
    from rsaudit.ruleset.compiled import Sentence

_CLASSES: dict[str, type] = {
    cls.__name__: cls
    for module in (model, parameters)
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, Struct | Enum)
}


class Declared(SimpleNamespace):
    """What a declaration says that is read to judge."""


class Kept:
    """The names that the programs of a référentiel share, each understood when first used."""

    def __init__(self, width: int, facts: dict[str, Any], declared: dict[str, Any], link: Linker) -> None:
        """Keep what the entry says of them, and what links its plans."""
        self.width = width
        self.link = link
        self._facts = facts
        self._declared = declared
        self._parameters: dict[str, parameters.Parameter] = {}
        self._linked: dict[str, tuple[int, Run]] = {}

    def fact(self, key: str) -> tuple[int, Run]:
        """Return the place of the item in the frame of a fact, and its program."""
        found = self._linked.get(key)
        if found is None:
            slot, plan = self._facts[key]
            found = self._linked[key] = (slot, self.link(plan))
        return found

    def parameter(self, name: str) -> parameters.Parameter:
        """Return a parameter ready to be read."""
        found = self._parameters.get(name)
        if found is None:
            declaration, types = self._declared[name]
            keys = tuple(_key_type(one) for one in types)
            found = self._parameters[name] = parameters.Parameter(_decode(declaration), keys)
        return found


class KeptProgram(Program):
    """A program of an entry: nobody reads its plan once it is linked."""

    __slots__ = ()

    @property
    def run(self) -> Run:
        """The function to call; the plan is let go."""
        if self._run is None:
            self._run = self._link(self.plan)
            self.plan = []
        return self._run


class KeptSentence(Sequence[str | CompiledPlaceholder]):
    """A sentence with values to print, understood when it is first written."""

    def __init__(self, parts: list[Any], names: Kept) -> None:
        """Keep its parts as they are in the entry."""
        self._kept = parts
        self._names = names

    @cached_property
    def _parts(self) -> list[str | CompiledPlaceholder]:
        return [part if part.__class__ is str else _placeholder(self._names, *part) for part in self._kept]

    def __len__(self) -> int:
        """Return how many parts it has."""
        return len(self._kept)

    def __getitem__(self, rank: Any) -> Any:
        """Return the part of a rank."""
        return self._parts[rank]

    def __iter__(self) -> Iterator[str | CompiledPlaceholder]:
        """Yield its parts in order."""
        return iter(self._parts)


def _placeholder(
    names: Kept, plan: Any, notes: Any, singular: str | None, plural: str | None
) -> CompiledPlaceholder:
    return CompiledPlaceholder(KeptProgram(plan, names.link), _printed(notes), singular, plural)


class KeptPoint(Struct, frozen=True, kw_only=True):
    """A question only a look can answer."""

    question: str
    look_at: str
    proof: str
    place: str


class KeptDeclaration(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule declares that an audit reads, as it declares it."""

    id: str
    title: str
    chapter: str
    text: LegalText
    rank: Rank
    force: Force
    lapsed: Verdict
    proof: str
    remedy: str
    origin: str
    position: Position
    requirements: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    piece: tuple[str, ...] = ()
    manual: KeptPoint | None = None
    since: date | None = None
    until: date | None = None
    figure: str | None = None
    deadline_kind: DeadlineKind | None = None
    derogation: tuple[str, str] | None = None


class _Line(Struct):
    """A rule in an entry: what it states, and each of its parts that is something, as it is written."""

    rule: KeptDeclaration
    blocks: tuple[str, ...]
    reads: tuple[PathRead, ...]
    slot: int
    subject_table: str | None
    count: int
    """How many parts it has: one that was lost is not taken for one that the rule has not."""
    parts: dict[str, Raw]


_READ_LINE = json.Decoder(_Line)


class KeptRule:
    """A `CompiledRule` of an entry: each part is understood when first asked, for most are never."""

    def __init__(self, line: _Line, names: Kept, again: Callable[[], CompiledRule]) -> None:
        """Keep the parts; `again` compiles the rule, should one make no sense."""
        self.rule = line.rule
        self.blocks = line.blocks
        self.reads = Reads(found=line.reads)
        self.scope = names
        self.slot = line.slot
        self.subject_table = line.subject_table
        known = self.__dict__
        known.update(NOTHING)
        for name in line.parts:
            del known[name]
        self._parts = line.parts
        self._names = names
        self._again = again

    def __getattr__(self, name: str) -> Any:
        """Understand a part that waits."""
        if name not in PARTS:
            raise AttributeError(name)
        try:
            found = PARTS[name](self._names, json.decode(self._parts.pop(name)))
        except Exception:  # noqa: BLE001 - a part that makes no sense is no part
            found = getattr(self._again(), name)
        self.__dict__[name] = found
        return found


class KeptRequirements(Sequence[Any]):
    """The requirements of a référentiel: auditing needs their ids only, which the head has."""

    def __init__(self, line: memoryview, count: int, again: Callable[[], CompiledRuleset]) -> None:
        """Keep the line; `again` compiles the référentiel from its files, should it make no sense."""
        self._line = line
        self._count = count
        self._again = again

    @cached_property
    def _understood(self) -> Sequence[Any]:
        try:
            found = _decode(json.decode(self._line))
        except Exception:  # noqa: BLE001 - a line that makes no sense is no line
            found = ()
        return found if len(found) == self._count else self._again().ruleset.requirements

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __getitem__(self, rank: Any) -> Any:
        """Return the requirement of a rank."""
        return self._understood[rank]


class KeptRules(Sequence[CompiledRule]):
    """The rules of an entry, each understood when first asked for."""

    def __init__(
        self, lines: Sequence[memoryview | bytes], names: Kept, again: Callable[[], CompiledRuleset]
    ) -> None:
        """Keep the lines; `again` compiles the référentiel from its files, should one make no sense."""
        self._lines = lines
        self._names = names
        self._again = again
        self._rules: dict[int, CompiledRule] = {}

    @cached_property
    def _anew(self) -> Sequence[CompiledRule]:
        return self._again().rules

    def __len__(self) -> int:
        """Return how many rules there are."""
        return len(self._lines)

    def __getitem__(self, rank: Any) -> Any:
        """Return the rule of a rank."""
        found = self._rules.get(rank)
        if found is None:
            found = self._rules[rank] = self._understood(rank)
        return found

    def __iter__(self) -> Iterator[CompiledRule]:
        """Yield the rules in order."""
        return (self[rank] for rank in range(len(self)))

    def _understood(self, rank: int) -> CompiledRule:
        try:
            line = _READ_LINE.decode(self._lines[rank])
        except MsgspecError:
            return self._anew[rank]
        if len(line.parts) != line.count or not line.parts.keys() <= PARTS.keys():
            return self._anew[rank]
        return cast("CompiledRule", KeptRule(line, self._names, lambda: self._anew[rank]))


def read(raw: bytes, again: Callable[[], CompiledRuleset], *, start: int = 0) -> CompiledRuleset:
    """Read the compiled référentiel that begins there; raise whatever bytes that are none make raise."""
    repeated, head, shared, requirements, *lines = _lines(raw, start)
    told = json.decode(shared)
    linker = Linker(json.decode(repeated, type=list[Raw]))
    names = Kept(told["width"], told["facts"], told["parameters"], linker)
    told = json.decode(head)
    ruleset = _decode(told["ruleset"])
    ruleset.requirements = KeptRequirements(requirements, len(told["requirement_ids"]), again)
    if len(told["rule_ids"]) != len(lines):
        raise ValueError(len(lines))
    return CompiledRuleset(
        ruleset=ruleset,
        scope=cast("Any", names),
        applies=_conditions(names, told["applies"]),
        out_of_scope=_sentence(names, told["out_of_scope"]),
        rules=KeptRules(lines, names, again),
        rule_ids=tuple(told["rule_ids"]),
        requirement_ids=tuple(told["requirement_ids"]),
        headings=tuple((title, _words(names, parts)) for title, parts in told["headings"]),
        coherences=tuple((_program(names, plan), _words(names, parts)) for plan, parts in told["coherences"]),
        fields=frozenset(told["fields"]),
        profile=_decode(told["profile"]),
    )


def _lines(raw: bytes, start: int) -> Iterator[memoryview]:
    """Yield each line without copying it: hundreds of kilobytes, most of which no audit reads."""
    whole = memoryview(raw)
    while (end := raw.find(b"\n", start)) >= 0:
        yield whole[start:end]
        start = end + 1
    yield whole[start:]


# -- the parts of a rule ---------------------------------------------------------------------------------


def _program(names: Kept, plan: Any) -> Program:
    return KeptProgram(plan, names.link)


def _words(names: Kept, parts: list[Any]) -> Sentence:
    return KeptSentence(parts, names) if any(part.__class__ is list for part in parts) else tuple(parts)


def _sentence(names: Kept, parts: list[Any] | None) -> Sentence | None:
    return _words(names, parts) if parts is not None else None


def _conditions(names: Kept, told: list[Any]) -> tuple[CompiledCondition, ...]:
    return tuple(
        [
            CompiledCondition(
                test=KeptProgram(plan, names.link), otherwise=_sentence(names, parts), upcoming=upcoming
            )
            for plan, parts, upcoming in told
        ]
    )


def _reviews(names: Kept, told: list[Any]) -> tuple[CompiledReview, ...]:
    return tuple(
        [
            CompiledReview(when=KeptProgram(plan, names.link), motive=_sentence(names, parts))
            for plan, parts in told
        ]
    )


def _local_names(names: Kept, told: list[Any]) -> tuple[tuple[int, Program], ...]:
    return tuple([(slot, KeptProgram(plan, names.link)) for slot, plan in told])


def _cases(names: Kept, told: list[Any]) -> tuple[tuple[Program | None, str], ...]:
    return tuple([(KeptProgram(plan, names.link) if plan is not None else None, word) for plan, word in told])


def _severities(names: Kept, told: list[Any]) -> tuple[tuple[Program | None, Severity], ...]:
    return tuple([(test, Severity(word)) for test, word in _cases(names, told)])


def _elements(names: Kept, told: list[Any]) -> tuple[CompiledElement, ...]:
    return tuple([_element(names, one) for one in told])


def _element(names: Kept, told: dict[str, Any]) -> CompiledElement:
    return CompiledElement(
        key=told["key"],
        title=told["title"],
        conditions=_conditions(names, told["conditions"]),
        reviews=_reviews(names, told["reviews"]),
        require=KeptProgram(told["require"], names.link),
        severities=_severities(names, told["severities"]),
        observed=_sentence(names, told.get("observed")),
        expected=_sentence(names, told.get("expected")),
        message=_sentence(names, told.get("message")),
        reserves=_cases(names, told["reserves"]),
        reads=Reads(found=tuple([PathRead(root, tuple(path), *rest) for root, path, *rest in told["reads"]])),
    )


def _measure(names: Kept, told: list[Any]) -> tuple[Program, Program, str, Printed]:
    value, limit, direction, notes = told
    return _program(names, value), _program(names, limit), direction, _printed(notes)


#: How each part of a rule is understood.
PARTS: dict[str, Callable[[Kept, Any], Any]] = {
    "conditions": _conditions,
    "range": lambda names, told: RangeProgram(*told, link=names.link),
    "early_locals": _local_names,
    "judging_locals": _local_names,
    "late_locals": _local_names,
    "subject_conditions": _conditions,
    "reviews": _reviews,
    "require": _program,
    "signal": _program,
    "elements": _elements,
    "severities": _severities,
    "subject": _words,
    "messages": lambda names, told: {Verdict(word): _words(names, parts) for word, parts in told.items()},
    "observed": _words,
    "expected": _words,
    "computation": _words,
    "measure": _measure,
    "series": _words,
    "deadline": _program,
    "last_due": _program,
    "reserves": _cases,
    "fields": lambda _, told: frozenset(told),
    "parameters": lambda _, told: frozenset(told),
}
#: What a rule has in the place of a part that an entry does not have.
NOTHING: dict[str, Any] = {
    **dict.fromkeys(PARTS),
    **dict.fromkeys(
        (
            "conditions",
            "early_locals",
            "judging_locals",
            "late_locals",
            "subject_conditions",
            "reviews",
            "elements",
            "severities",
            "reserves",
        ),
        (),
    ),
    **dict.fromkeys(("fields", "parameters"), frozenset()),
}


def _key_type(note: dict[str, Any]) -> Any:
    return SimpleNamespace(
        kind=note["kind"],
        silent=frozenset(note["silent"]),
        words=tuple(note["words"]),
        low=plans.read(note["low"]),
        high=plans.read(note["high"]),
        integer=note["integer"],
    )


def _printed(notes: dict[str, Any]) -> Printed:
    if "low" in notes:
        notes["low"] = plans.read(notes["low"])
    if "item" in notes:
        notes["item"] = _printed(notes["item"])
    return Printed(**notes)


# -- other values ----------------------------------------------------------------------------------------


def _decode(value: Any) -> Any:
    if value.__class__ is dict:
        ((mark, inner),) = value.items()
        return _READERS[mark](inner)
    if value.__class__ is list:
        return [_decode(item) for item in value]
    return value


def _made(inner: Any) -> Any:
    kind, parts, rest = inner
    for name, child in rest.items():
        parts[name] = _decode(child)
    return _CLASSES.get(kind, Declared)(**parts)


_READERS: dict[str, Callable[[Any], Any]] = {
    "c": _made,
    "e": lambda inner: _CLASSES[inner[0]](inner[1]),
    "u": tuple,
    "x": Decimal,
    "j": date.fromisoformat,
    "g": frozenset,
    "t": lambda inner: tuple([_decode(item) for item in inner]),
    "d": lambda inner: {_decode(key): _decode(child) for key, child in inner},
}
