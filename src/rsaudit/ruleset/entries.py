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
from rsaudit.model import DeadlineKind, Force, LegalText, Position, Rank, Verdict  # noqa: TC001 - msgspec reads them
from rsaudit.ruleset import compiled as kinds
from rsaudit.ruleset.compiled import (
    CompiledPlaceholder,
    CompiledRule,
    CompiledRuleset,
    Printed,
    Reads,
)

if TYPE_CHECKING:
    from rsaudit.conditions.values import Run

_CLASSES: dict[str, type] = {
    cls.__name__: cls
    for module in (model, kinds, parameters)
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
            found = self._parameters[name] = parameters.Parameter(_decode(declaration, self), keys)
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
        return [
            part if part.__class__ is str else _placeholder(self._names, *part["h"]) for part in self._kept
        ]

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
    """A rule in an entry: what is plain, what is empty, and the rest as it is written, each part apart."""

    rule: KeptDeclaration
    blocks: tuple[str, ...]
    reads: tuple[PathRead, ...]
    plain: dict[str, Any]
    empty: list[str]
    rest: dict[str, Raw]


_READ_LINE = json.Decoder(_Line)


class KeptRule:
    """A `CompiledRule` of an entry: each part is understood when first asked, for most are never."""

    def __init__(self, line: _Line, names: Kept, again: Callable[[], CompiledRule]) -> None:
        """Keep the parts; `again` compiles the rule, should one make no sense."""
        self.rule = line.rule
        self.blocks = line.blocks
        self.reads = Reads(found=line.reads)
        self.scope = names
        self.__dict__.update(line.plain)
        self.__dict__.update(dict.fromkeys(line.empty, ()))
        self._rest = line.rest
        self._names = names
        self._again = again

    def __getattr__(self, name: str) -> Any:
        """Understand a part that waits."""
        if name not in PARTS:
            raise AttributeError(name)
        try:
            found = _decode(json.decode(self._rest.pop(name)), self._names)
        except Exception:  # noqa: BLE001 - a part that makes no sense is no part
            found = getattr(self._again(), name)
        self.__dict__[name] = found
        return found


PARTS = frozenset(CompiledRule.__struct_fields__) - {"rule", "scope", "reads"}


class KeptRequirements(Sequence[Any]):
    """The requirements of a référentiel: auditing needs their ids only, which the head has."""

    def __init__(self, line: bytes, count: int, again: Callable[[], CompiledRuleset]) -> None:
        """Keep the line; `again` compiles the référentiel from its files, should it make no sense."""
        self._line = line
        self._count = count
        self._again = again

    @cached_property
    def _understood(self) -> Sequence[Any]:
        try:
            found = _decode(json.decode(self._line), None)
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

    def __init__(self, lines: list[bytes], names: Kept, again: Callable[[], CompiledRuleset]) -> None:
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
        if line.plain.keys() | line.rest.keys() | set(line.empty) != PARTS:
            return self._anew[rank]
        return cast("CompiledRule", KeptRule(line, self._names, lambda: self._anew[rank]))


def read(payload: bytes, again: Callable[[], CompiledRuleset]) -> CompiledRuleset:
    """Read a compiled référentiel; raise whatever a payload that is none makes raise."""
    repeated, head, shared, requirements, *lines = payload.split(b"\n")
    told = json.decode(shared)
    linker = Linker(json.decode(repeated, type=list[Raw]))
    names = Kept(told["width"], told["facts"], told["parameters"], linker)
    compiled: CompiledRuleset = _decode(json.decode(head), names)
    compiled.rules = KeptRules(lines, names, again)
    compiled.ruleset.requirements = KeptRequirements(  # type: ignore[misc,assignment]
        requirements, len(compiled.requirement_ids), again
    )
    if len(compiled.rule_ids) != len(lines):
        raise ValueError(len(lines))
    return compiled


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


def _decode(value: Any, names: Kept | None) -> Any:
    if value.__class__ is dict:
        ((mark, inner),) = value.items()
        return _READERS[mark](inner, names)
    if value.__class__ is list:
        return [_decode(item, names) for item in value]
    return value


def _made(inner: Any, names: Kept | None) -> Any:
    kind, parts, rest = inner
    for name, child in rest.items():
        parts[name] = _decode(child, names)
    return _CLASSES.get(kind, Declared)(**parts)


_READERS: dict[str, Callable[[Any, Any], Any]] = {
    "c": _made,
    "e": lambda inner, _: _CLASSES[inner[0]](inner[1]),
    "p": lambda inner, names: KeptProgram(inner, names.link),
    "r": lambda inner, names: RangeProgram(*inner, link=names.link),
    "a": lambda inner, _: Reads(found=tuple(PathRead(one[0], tuple(one[1]), *one[2:]) for one in inner)),
    "k": lambda inner, _: _printed(inner),
    "h": lambda inner, names: _placeholder(names, *inner),
    "z": lambda inner, names: KeptSentence(inner, names),
    "u": lambda inner, _: tuple(inner),
    "x": lambda inner, _: Decimal(inner),
    "j": lambda inner, _: date.fromisoformat(inner),
    "g": lambda inner, _: frozenset(inner),
    "t": lambda inner, names: tuple([_decode(item, names) for item in inner]),
    "d": lambda inner, names: {_decode(key, names): _decode(child, names) for key, child in inner},
    "s": lambda _, names: names,
}
