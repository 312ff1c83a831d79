"""The verdict of one rule on its subjects: the table of the condition language, nothing else.

Pure: programs run on a frame, out come `Outcome`s. Words and positions are given later, by `findings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rsaudit.conditions import NotInForce, Unknown, merge_causes
from rsaudit.model import Force, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias, TypeVar

    from rsaudit.conditions import Cause, World
    from rsaudit.conditions.values import Run
    from rsaudit.ruleset import CompiledCondition, CompiledElement, CompiledReview, CompiledRule

    What = TypeVar("What")
    Tests: TypeAlias = list[tuple[Run, What]]
    """Programs, taken out once for many subjects, with what each of them decides about."""


class Outcome(Struct):
    """What is concluded about one subject (and one element), before any wording."""

    verdict: Verdict
    subject: Any = None
    """The row, year, day or word the rule ranges over; `None` for the residence itself."""
    element: CompiledElement | None = None
    causes: tuple[Cause, ...] = ()
    condition: CompiledCondition | None = None
    """The condition found false, when the rule does not apply."""
    review: CompiledReview | None = None
    unseen: tuple[int, int | None] | None = None
    """Fewest and most rows that nobody showed, when the outcome stands for them."""
    empty: bool = False
    """The rule ranges over nothing at all."""


def judge(compiled: CompiledRule, world: World) -> Iterator[tuple[Outcome, list[Any]]]:
    """Yield each outcome of a rule with the frame its sentences will be written from.

    The frame is reused between subjects: whoever needs it must use it before asking for the next outcome.
    """
    frame = world.frame(compiled.scope)
    if compiled.conditions:
        applicable = _conditions(compiled, _tests(compiled.conditions), frame)
        if applicable is not None:
            yield applicable, world.frame(compiled.scope)
            return
    if compiled.range is None:
        for outcome in _Subjects(compiled).judge(frame, None):
            yield outcome, frame
        return
    selection = compiled.range(frame)
    slot = compiled.slot
    if selection.items:  # else its programs are never made
        subjects = _Subjects(compiled)
        for item in selection.items:
            frame[slot] = item
            for outcome in subjects.judge(frame, item):
                yield outcome, frame
    for item, causes in selection.possible:
        frame[slot] = item
        yield _undecided(compiled, causes, subject=item), frame
    frame[slot] = Unknown(selection.unseen_causes)
    if selection.unseen_high != 0:
        outcome = _undecided(compiled, selection.unseen_causes)
        outcome.unseen = (selection.unseen_low, selection.unseen_high)
        yield outcome, frame
    elif not selection.items and not selection.possible:
        yield Outcome(Verdict.NON_CONCERNE, empty=True), frame


def _tests(conditions: Iterable[CompiledCondition]) -> Tests[CompiledCondition]:
    return [(condition.test.run, condition) for condition in conditions]


def _cases(reviews: Iterable[CompiledReview]) -> Tests[CompiledReview]:
    return [(review.when.run, review) for review in reviews]


class _Subjects:
    """Judges the subjects of a rule one after the other, its programs taken out once for all of them."""

    def __init__(self, compiled: CompiledRule) -> None:
        self.compiled = compiled
        self.early = [(slot, program.run) for slot, program in compiled.early_locals]
        self.conditions = _tests(compiled.subject_conditions)
        self.judging = [(slot, program.run) for slot, program in compiled.judging_locals]
        self.reviews = _cases(compiled.reviews)
        self.elements = [
            (element, _tests(element.conditions), _cases(element.reviews), element.require.run)
            for element in compiled.elements
        ]
        self.require = compiled.require.run if compiled.require is not None else None
        self.signal = compiled.signal.run if compiled.signal is not None else None

    def judge(self, frame: list[Any], subject: Any) -> Iterable[Outcome]:
        """Return the outcomes of one subject, already in the frame: one, or one for each element."""
        for slot, run in self.early:
            frame[slot] = run(frame)
        outcome = _conditions(self.compiled, self.conditions, frame) if self.conditions else None
        if outcome is None:
            for slot, run in self.judging:
                frame[slot] = run(frame)
            if self.reviews:
                outcome = _reviews(self.compiled, self.reviews, frame)
            if outcome is None:
                if self.elements:
                    return self._elements(frame, subject)
                outcome = self._decided(frame)
        outcome.subject = subject
        return (outcome,)

    def _elements(self, frame: list[Any], subject: Any) -> list[Outcome]:
        compiled = self.compiled
        outcomes = []
        for element, conditions, reviews, require in self.elements:
            outcome = (
                _conditions(compiled, conditions, frame)
                or _reviews(compiled, reviews, frame)
                or _required(compiled, require(frame))
            )
            outcome.subject, outcome.element = subject, element
            outcomes.append(outcome)
        return outcomes

    def _decided(self, frame: list[Any]) -> Outcome:
        if self.require is not None:
            return _required(self.compiled, self.require(frame))
        if self.signal is None:
            return Outcome(Verdict.A_VERIFIER)
        value = self.signal(frame)
        if value is True:
            return Outcome(Verdict.SIGNALEMENT)
        return Outcome(Verdict.NON_CONCERNE) if value is False else _undecided(self.compiled, value.causes)


def _required(compiled: CompiledRule, value: Any) -> Outcome:
    if value is True:
        return Outcome(Verdict.CONFORME)
    if value is False:
        return Outcome(Verdict.ECART if compiled.rule.force is Force.OBLIGATION else Verdict.REMARQUE)
    return _undecided(compiled, value.causes)


def _conditions(compiled: CompiledRule, tests: Tests[CompiledCondition], frame: list[Any]) -> Outcome | None:
    """Return why the rule does not apply, or cannot be said to; `None` when it applies.

    Conditions are joined by `et`: one that is false settles the matter whatever the others lack.
    """
    unknown: list[Unknown] | None = None
    for test, condition in tests:
        value = test(frame)
        if value is False:
            return Outcome(Verdict.NON_CONCERNE, condition=condition)
        if value is not True:
            unknown = [*(unknown or ()), value]
    if unknown is not None:
        return _undecided(compiled, merge_causes(*(value.causes for value in unknown)))
    return None


def _reviews(compiled: CompiledRule, cases: Tests[CompiledReview], frame: list[Any]) -> Outcome | None:
    """Return why only a human can judge, or that one cannot say; `None` when the rule judges.

    Cases are joined by `ou`: one that holds settles the matter.
    """
    unknown: list[Unknown] | None = None
    for test, review in cases:
        value = test(frame)
        if value is True:
            return Outcome(Verdict.A_VERIFIER, review=review)
        if value is not False:
            unknown = [*(unknown or ()), value]
    if unknown is not None:
        return _undecided(compiled, merge_causes(*(value.causes for value in unknown)))
    return None


def _undecided(compiled: CompiledRule, causes: tuple[Cause, ...], subject: Any = None) -> Outcome:
    lapsed = bool(causes) and all(isinstance(cause, NotInForce) and cause.day is not None for cause in causes)
    return Outcome(compiled.rule.lapsed if lapsed else Verdict.NON_VERIFIABLE, subject=subject, causes=causes)
