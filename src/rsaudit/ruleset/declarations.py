"""What a référentiel declares, once read: rules, parameters, facts, requirements. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime
    from datetime import date

    from rsaudit.conditions import FactDeclaration, Node, ParameterDeclaration
    from rsaudit.model import (
        Chapter,
        DeadlineKind,
        Force,
        LegalText,
        Position,
        ProfileReference,
        Rank,
        Severity,
        Verdict,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A `{expression}` of a template; with two nouns, the value is a count that agrees them."""

    node: Node
    singular: str | None = None
    plural: str | None = None


Template = tuple[str | Placeholder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of applicability and the reason given when it is false."""

    test: Node
    otherwise: Template | None = None
    upcoming: bool = False
    """False means « not due yet » rather than « not concerned »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityCase:
    """The gravity of an écart when `when` holds (always, without it)."""

    severity: Severity
    when: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A case that a reading leaves to human judgement, and why."""

    when: Node
    motive: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """A sentence naming a conflicting norm, printed beside the message when `when` is not false."""

    text: str
    when: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """`variable dans list où filter`: what a rule ranges over."""

    variable: str
    items: Node
    where: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One item of a list that the text requires: one named constat."""

    key: str
    title: str
    require: Node
    conditions: tuple[Condition, ...] = ()
    review: tuple[Review, ...] = ()
    severities: tuple[SeverityCase, ...] = ()
    observed: Template | None = None
    expected: Template | None = None
    message: Template | None = None
    reserves: tuple[Reserve, ...] = ()
    references: tuple[str, ...] = ()
    """Values of the profile's list of another text that the element evokes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpec:
    """The value a rule compares, its limit, and which side is allowed."""

    value: Node
    limit: Node
    direction: str
    series: Template | None = None
    """What gathers measures in a drawing, beside their limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualPoint:
    """A question only a look can answer."""

    question: str
    look_at: str
    proof: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it asks, of whom, when, on which text, and how it speaks."""

    id: str
    title: str
    chapter: str
    requirements: tuple[str, ...]
    text: LegalText
    rank: Rank
    force: Force
    severities: tuple[SeverityCase, ...]
    severity_reason: str | None
    """What is at stake, hence why this gravity and no other."""
    since: date | None
    until: date | None
    conditions: tuple[Condition, ...]
    range: Range | None
    subject: Template | None
    subject_conditions: tuple[Condition, ...]
    locals: tuple[tuple[str, Node], ...]
    reviews: tuple[Review, ...]
    require: Node | None
    elements: tuple[Element, ...]
    signal: Node | None
    manual: ManualPoint | None
    value_date: Node | None
    lapsed: Verdict
    """Verdict when every cause of an unknown is a parameter without entry at a known date."""
    readings: tuple[str, ...]
    messages: dict[Verdict, Template]
    observed: Template | None
    expected: Template | None
    computation: Template | None
    measure: MeasureSpec | None
    figure: str | None
    profile_role: str | None
    """Its place in the profile of the référentiel: `presence`, `couverture` or `maniere`."""
    deadline: Node | None
    """The day it is due at the latest; of what recurs, the next one."""
    last_due: Node | None
    """Of what recurs, the last day that has passed."""
    deadline_kind: DeadlineKind | None
    proof: str
    remedy: str
    piece: tuple[str, ...]
    reserves: tuple[Reserve, ...]
    derogation: tuple[str, str] | None
    """Authority and text that allow an exception; `None` accepts none."""
    shares: tuple[str, ...]
    """Rules that may be in écart on the same field and subject."""
    cases: tuple[dict[str, Any], ...]
    origin: str
    """Id of the référentiel whose folder holds the rule."""
    position: Position

    @property
    def every_reserve(self) -> tuple[tuple[str | None, Reserve], ...]:
        """Give its reserves, each with the title of the one item it is about, or none for the whole rule."""
        return (
            *((None, one) for one in self.reserves),
            *((element.title, one) for element in self.elements for one in element.reserves),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One side of a limit that a case must prove."""

    id: str
    statement: str
    expected: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One binding statement of the source text (`exigence`)."""

    id: str
    section: str
    nature: str
    force: str
    summary: str
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a référentiel settles what its text leaves open (`lecture`)."""

    id: str
    requirements: tuple[str, ...]
    question: str
    reading: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterNote:
    """What the guide prints of a dated value: title, sources, and where it comes from."""

    name: str
    title: str
    type: str
    unit: str | None
    origin: str
    reason: str | None
    entries: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OppositionReserve:
    """A reserve joined to every rule of some ranks while its condition is not false."""

    ranks: tuple[Rank, ...]
    reserve: Reserve


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePlan:
    """The parts of a profile, before the rules take their place in them."""

    title: str
    references_title: str | None
    references: tuple[ProfileReference, ...]
    parts: tuple[tuple[str, str], ...]
    """Chapter and kind of each part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What an extension replaces or disables in its parent, with its source and reason."""

    rule: str
    action: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """A référentiel, composed with its parent, read and not yet checked."""

    id: str
    title: str
    version: str
    date: datetime.date
    source_title: str
    source_author: str | None
    source_reference: str | None
    binding: bool
    scope_text: str
    scope: tuple[Condition, ...]
    out_of_scope: Template | None
    case_date: datetime.date
    chapters: tuple[Chapter, ...]
    rules: tuple[Rule, ...]
    facts: tuple[FactDeclaration, ...]
    fact_titles: dict[str, tuple[str, str]]
    """Name of a fact → its title and definition."""
    parameters: tuple[ParameterDeclaration, ...]
    parameter_notes: tuple[ParameterNote, ...]
    requirements: tuple[Requirement, ...]
    readings: tuple[Reading, ...]
    opposition: tuple[OppositionReserve, ...]
    headings: tuple[tuple[str, Template], ...]
    coherences: tuple[tuple[Node, Template], ...]
    profile: ProfilePlan | None
    overrides: tuple[Override, ...]
    base: dict[str, Any]
    parent: str | None = None
    files: tuple[tuple[str, str], ...] = field(default=())
    """Relative name and sha256 of each file it was read from."""
