"""The verdict of one rule on its subjects: the table of the condition language, nothing else.

Pure: programs run on a frame, out come `Outcome`s. Words and positions are given later, by `findings`.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rsaudit.conditions import NotInForce, Unknown, merge_causes
from rsaudit.engine.once import made_once
from rsaudit.model import Force, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from rsaudit.conditions import Cause, Program, Selection, World
    from rsaudit.conditions.values import Frame, Run
    from rsaudit.ruleset import CompiledCondition, CompiledElement, CompiledReview, CompiledRule

    Step: TypeAlias = Callable[[Frame], "Outcome | None"]
    Conclusion: TypeAlias = Callable[[Frame], "Outcome"]


class Outcome(Struct, frozen=True, eq=False):
    """What is concluded about a subject (and one of the elements), before any wording.

    It does not name its subject: of all those on which a program concludes the same, there is one.
    """

    verdict: Verdict
    element: CompiledElement | None = None
    causes: tuple[Cause, ...] = ()
    condition: CompiledCondition | None = None
    """The condition found false, when the rule does not apply."""
    review: CompiledReview | None = None
    unseen: tuple[int, int | None] | None = None
    """Fewest and most rows that nobody showed, when the outcome stands for them."""
    empty: bool = False
    """The rule ranges over nothing at all."""


_EMPTY = Outcome(Verdict.NON_CONCERNE, empty=True)


def judge(compiled: CompiledRule, world: World) -> Iterator[tuple[Outcome, Any, Frame]]:
    """Give each outcome of a rule, its subject, and the frame its sentences will be written from.

    The subject is the row, year, day or word that the rule ranges over; `None` for the residence itself, and for what
    nobody showed. The frame is reused between subjects: whoever needs it must use it before asking for the next outcome.
    """
    frame = world.frame(compiled.scope)
    if compiled.conditions:
        outside = _applicability(compiled)(frame)
        if outside is not None:
            return iter([(outside, None, world.frame(compiled.scope))])
    if compiled.range is None:
        return _judged(compiled, frame, (None,))
    selection = compiled.range(frame)
    if not selection.items:  # the programs of a subject are never made
        return _unsettled(compiled, frame, selection)
    return chain(_judged(compiled, frame, selection.items), _unsettled(compiled, frame, selection))


def _unsettled(
    compiled: CompiledRule, frame: Frame, selection: Selection
) -> Iterator[tuple[Outcome, Any, Frame]]:
    """Yield the outcomes that stand for what may be a subject, and for what nobody showed; or for nothing at all."""
    lapsed = compiled.rule.lapsed
    for item, causes in selection.possible:
        frame[compiled.slot] = item
        yield _undecided(lapsed, causes), item, frame
    frame[compiled.slot] = Unknown(selection.unseen_causes)
    if selection.unseen_high != 0:
        unseen = (selection.unseen_low, selection.unseen_high)
        yield _undecided(lapsed, selection.unseen_causes, unseen=unseen), None, frame
    elif not selection.items and not selection.possible:
        yield _EMPTY, None, frame


def _judged(
    compiled: CompiledRule, frame: Frame, subjects: Iterable[Any]
) -> Iterator[tuple[Outcome, Any, Frame]]:
    """Yield the outcomes of subjects: one of each, or one for each of the elements."""
    slot = compiled.slot
    steps, asked = _programs(compiled)
    for subject in subjects:
        if slot:  # the residence has no place
            frame[slot] = subject
        for step in steps:
            outcome = step(frame)
            if outcome is not None:
                yield outcome, subject, frame
                break
        else:
            for conclude in asked:
                yield conclude(frame), subject, frame


# -- what is made of a rule once -------------------------------------------------------------------------


@made_once
def _applicability(compiled: CompiledRule) -> Step:
    return _conditions(compiled.conditions, compiled.rule.lapsed)


@made_once
def _programs(compiled: CompiledRule) -> tuple[list[Step], list[Conclusion]]:
    """Return what is run for a subject: steps, until one settles the matter; then what concludes on what is asked."""
    lapsed = compiled.rule.lapsed
    steps: list[Step] = []
    if compiled.early_locals:
        steps.append(_filling(compiled.early_locals))
    if compiled.subject_conditions:
        steps.append(_conditions(compiled.subject_conditions, lapsed))
    if compiled.judging_locals:
        steps.append(_filling(compiled.judging_locals))
    if compiled.reviews:
        steps.append(_reviews(compiled.reviews, lapsed))
    force = compiled.rule.force
    if compiled.elements:
        return steps, [_element(element, force, lapsed) for element in compiled.elements]
    if compiled.require is not None:
        return steps, [_required(compiled.require, force, lapsed)]
    if compiled.signal is not None:
        return steps, [_signalled(compiled.signal, lapsed)]
    ever = Outcome(Verdict.A_VERIFIER)
    return steps, [lambda _: ever]


def _filling(programs: Iterable[tuple[int, Program]]) -> Step:
    """Give their values to local names: a step that settles nothing."""
    runs = [(slot, program.run) for slot, program in programs]

    def step(frame: Frame) -> None:
        for slot, run in runs:
            frame[slot] = run(frame)

    return step


def _conditions(
    conditions: Iterable[CompiledCondition], lapsed: Verdict, element: CompiledElement | None = None
) -> Step:
    """Say why the rule does not apply, or cannot be said to.

    Conditions are joined by `et`: one that is false settles the matter whatever the others lack.
    """
    tests = [
        (one.test.run, Outcome(Verdict.NON_CONCERNE, element=element, condition=one)) for one in conditions
    ]
    return _settling(tests, False, lapsed, element)


def _reviews(
    reviews: Iterable[CompiledReview], lapsed: Verdict, element: CompiledElement | None = None
) -> Step:
    """Say why only a human can judge, or that one cannot say.

    Cases are joined by `ou`: one that holds settles the matter.
    """
    tests = [(one.when.run, Outcome(Verdict.A_VERIFIER, element=element, review=one)) for one in reviews]
    return _settling(tests, True, lapsed, element)


def _settling(
    tests: list[tuple[Run, Outcome]],
    deciding: bool,
    lapsed: Verdict,
    element: CompiledElement | None,
) -> Step:
    """Conclude what the first test worth `deciding` does; when none is, that nothing is known if one is unknown."""
    other = not deciding
    if len(tests) == 1:
        return _settled_alone(*tests[0], deciding, lapsed, element)

    def step(frame: Frame) -> Outcome | None:
        lacking: list[tuple[Cause, ...]] | None = None
        for test, outcome in tests:
            value = test(frame)
            if value is deciding:
                return outcome
            if value is not other:
                lacking = [*(lacking or ()), value.causes]
        return None if lacking is None else _undecided(lapsed, merge_causes(*lacking), element)

    return step


def _settled_alone(
    test: Run, outcome: Outcome, deciding: bool, lapsed: Verdict, element: CompiledElement | None
) -> Step:
    """Conclude what a single test does, as most are."""
    other = not deciding

    def step(frame: Frame) -> Outcome | None:
        value = test(frame)
        if value is other:
            return None
        return outcome if value is deciding else _undecided(lapsed, value.causes, element)

    return step


def _element(element: CompiledElement, force: Force, lapsed: Verdict) -> Conclusion:
    """Conclude on one of the elements, by its own conditions and cases first."""
    required = _required(element.require, force, lapsed, element)
    steps = []
    if element.conditions:
        steps.append(_conditions(element.conditions, lapsed, element))
    if element.reviews:
        steps.append(_reviews(element.reviews, lapsed, element))
    if not steps:
        return required

    def conclude(frame: Frame) -> Outcome:
        for step in steps:
            outcome = step(frame)
            if outcome is not None:
                return outcome
        return required(frame)

    return conclude


def _required(
    program: Program, force: Force, lapsed: Verdict, element: CompiledElement | None = None
) -> Conclusion:
    breach = Verdict.ECART if force is Force.OBLIGATION else Verdict.REMARQUE
    return _concluding(program.run, Outcome(Verdict.CONFORME, element), Outcome(breach, element), lapsed)


def _signalled(program: Program, lapsed: Verdict) -> Conclusion:
    return _concluding(program.run, Outcome(Verdict.SIGNALEMENT), Outcome(Verdict.NON_CONCERNE), lapsed)


def _concluding(run: Run, held: Outcome, failed: Outcome, lapsed: Verdict) -> Conclusion:
    element = held.element

    def conclude(frame: Frame) -> Outcome:
        value = run(frame)
        if value is True:
            return held
        return failed if value is False else _undecided(lapsed, value.causes, element)

    return conclude


_GONE = {NotInForce}


def _undecided(
    lapsed: Verdict,
    causes: tuple[Cause, ...],
    element: CompiledElement | None = None,
    unseen: tuple[int, int | None] | None = None,
) -> Outcome:
    """Conclude that one cannot say; or, when all that lacks is a text in force on a known day, what the rule says then."""
    gone = set(map(type, causes)) == _GONE and all(cause.day is not None for cause in causes)  # type: ignore[union-attr]
    return Outcome(lapsed if gone else Verdict.NON_VERIFIABLE, element, causes, unseen=unseen)
