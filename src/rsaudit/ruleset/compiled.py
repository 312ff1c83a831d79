"""A référentiel ready to audit: programs and sentences. Data only; how they are made is in `compilation`.

These classes are compared by identity.
"""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from rsaudit.model import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rsaudit.conditions import Names, PathRead, Program, RangeProgram, Type
    from rsaudit.model import Profile, Severity, Verdict
    from rsaudit.ruleset.declarations import Rule, Ruleset


class Printed(SimpleNamespace):
    """What printing a value needs to know of its type: only the notes that its type has."""


def printed(kind: Type) -> Printed:
    """Return what printing a value of a type needs."""
    notes: dict[str, Any] = {
        name: getattr(kind, name)
        for name in ("unit", "path", "low")
        if getattr(kind, name, None) not in (None, "")
    }
    if getattr(kind, "year", False):
        notes["year"] = True
    if hasattr(kind, "words"):
        notes["words"] = True
    item = getattr(kind, "item", None)
    if item is not None:
        notes["item"] = printed(item)
    return Printed(**notes)


class Reads:
    """The facts that something reads, worked out when first asked: not what says from where they are read."""

    __slots__ = ("_find", "_found")

    def __init__(
        self, find: Callable[[], tuple[PathRead, ...]] | None = None, found: tuple[PathRead, ...] = ()
    ) -> None:
        """Keep how to find them, or what was found."""
        self._find = find
        self._found = found

    def __call__(self) -> tuple[PathRead, ...]:
        """Return them, each once, in reading order."""
        if self._find is not None:
            self._found, self._find = self._find(), None
        return self._found


class CompiledPlaceholder(Struct, eq=False):
    """A value to print in a sentence; with two nouns, it is a count that agrees them."""

    program: Program
    type: Printed
    singular: str | None = None
    plural: str | None = None


Sentence: TypeAlias = "Sequence[str | CompiledPlaceholder]"


class CompiledCondition(Struct, kw_only=True, eq=False):
    """One condition of applicability, ready to run."""

    test: Program
    otherwise: Sentence | None
    upcoming: bool


class CompiledReview(Struct, kw_only=True, eq=False):
    """One case left to human judgement, ready to run."""

    when: Program
    motive: Sentence | None


class CompiledElement(Struct, kw_only=True, eq=False, dict=True):
    """One required item, ready to run."""

    key: str
    title: str
    conditions: tuple[CompiledCondition, ...]
    reviews: tuple[CompiledReview, ...]
    require: Program
    severities: tuple[tuple[Program | None, Severity], ...]
    observed: Sentence | None
    expected: Sentence | None
    message: Sentence | None
    reserves: tuple[tuple[Program | None, str], ...]
    reads: Reads
    """The facts it reads, worked out when a finding must be placed."""


class CompiledRule(Struct, kw_only=True, eq=False, dict=True):
    """A rule ready to judge: programs share the slots of one scope."""

    rule: Rule
    scope: Names
    conditions: tuple[CompiledCondition, ...]
    range: RangeProgram | None
    slot: int
    """Slot of the range variable; 0 without a range."""
    subject_table: str | None
    """Static path of the table the subjects come from, if they are rows of one."""
    early_locals: tuple[tuple[int, Program], ...]
    """Local names that the conditions of a subject need."""
    judging_locals: tuple[tuple[int, Program], ...]
    """Local names that the judgement needs besides."""
    late_locals: tuple[tuple[int, Program], ...]
    """Local names that only sentences need."""
    subject_conditions: tuple[CompiledCondition, ...]
    reviews: tuple[CompiledReview, ...]
    require: Program | None
    signal: Program | None
    elements: tuple[CompiledElement, ...]
    severities: tuple[tuple[Program | None, Severity], ...]
    subject: Sentence | None
    messages: dict[Verdict, Sentence]
    observed: Sentence | None
    expected: Sentence | None
    computation: Sentence | None
    measure: tuple[Program, Program, str, Printed] | None
    series: Sentence | None
    """What gathers its measures in a drawing."""
    deadline: Program | None
    last_due: Program | None
    reserves: tuple[tuple[Program | None, str], ...]
    reads: Reads
    """The facts it reads, worked out when a finding must be placed."""
    fields: frozenset[str]
    """Static paths of every field the rule reads, anywhere."""
    parameters: frozenset[str]
    """Names of the parameters it reads."""

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """The blocks of the dossier that hold what it reads: section and first key."""
        return tuple(sorted({".".join(path.split(".", 2)[:2]) for path in self.fields}))


class CompiledRuleset(Struct, kw_only=True, eq=False, dict=True):
    """A référentiel ready to audit."""

    ruleset: Ruleset
    scope: Names
    applies: tuple[CompiledCondition, ...]
    out_of_scope: Sentence | None
    rules: Sequence[CompiledRule]
    rule_ids: tuple[str, ...]
    """Their ids, known before any of them is."""
    requirement_ids: tuple[str, ...]
    """The ids of the requirements, known before what they state is."""
    headings: tuple[tuple[str, Sentence], ...]
    coherences: tuple[tuple[Program, Sentence], ...]
    fields: frozenset[str]
    """Static paths that the scope, the headings and the coherence checks read."""
    profile: Profile | None

    @cached_property
    def chapter_ranks(self) -> dict[str, int]:
        """Chapter → its rank in the order of reading."""
        return {chapter.id: rank for rank, chapter in enumerate(self.ruleset.chapters)}

    @cached_property
    def requirement_ranks(self) -> dict[str, int]:
        """Requirement → its rank in the order of reading."""
        return {name: rank for rank, name in enumerate(self.requirement_ids)}

    @cached_property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """Its files, as inputs of an audit."""
        return tuple(
            Fingerprint(file=name, sha256=digest, role="referentiel") for name, digest in self.ruleset.files
        )

    @cached_property
    def readings(self) -> dict[str, str]:
        """Name of a reading → how it settles what the text leaves open."""
        return {reading.id: reading.reading for reading in self.ruleset.readings}
