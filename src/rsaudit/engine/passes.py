"""The passes of a rule that a page lists: named as they come, without a constat for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.engine.once import made_once
from rsaudit.model import Passes, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.conditions import Program
    from rsaudit.conditions.values import Frame
    from rsaudit.engine.findings import Wording
    from rsaudit.engine.judgement import Outcome
    from rsaudit.model import Finding
    from rsaudit.ruleset import CompiledRule


@made_once
def are_alike(compiled: CompiledRule) -> bool:
    """Say whether the passes of a rule differ by their subjects alone: none has a day, nor a measure that is drawn."""
    if compiled.deadline is not None or compiled.last_due is not None or compiled.rule.figure is not None:
        return False
    elements = [one for element in compiled.elements for one in element.conditions]
    return not any(one.upcoming for one in (*compiled.subject_conditions, *elements))


class Passing:
    """The passes of one rule on the subjects it ranges over, those that a reader is told together gathered."""

    def __init__(self, compiled: CompiledRule, wording: Wording) -> None:
        """Keep what names them; none has come yet."""
        self._compiled = compiled
        self._wording = wording
        self._name = wording.namer(compiled)
        self._first: tuple[Outcome, Any] | None = None
        self._gathered: dict[tuple[Verdict, str | None], _Named] = {}
        self._of: dict[Outcome, _Named] = {}
        """Those with which each outcome is told."""

    def add(self, outcome: Outcome, subject: Any, frame: Frame) -> None:
        """Name the subject of a pass; `frame` is the one it was judged with."""
        named = self._of.get(outcome) or self._begun(outcome, subject)
        for slot, program in named.locals:
            frame[slot] = program(frame)
        named.names.append(self._name(subject, frame))
        named.subjects.append(subject)
        if not named.applies:
            named.reasons[self._wording.spared(self._compiled, outcome, subject, frame)] = None

    def _begun(self, outcome: Outcome, subject: Any) -> _Named:
        if self._first is None:
            self._first = outcome, subject
        title = outcome.element.title if outcome.element is not None else None
        key = outcome.verdict, title
        named = self._gathered.get(key)
        if named is None:
            applies = outcome.verdict is not Verdict.NON_CONCERNE
            named = self._gathered[key] = _Named(
                applies, self._wording.locals(self._compiled, every=not applies)
            )
        self._of[outcome] = named
        return named

    def alone(self, frame: Frame) -> Finding:
        """Write the constat of the only pass there is: nothing was judged since with its frame."""
        assert self._first is not None  # noqa: S101 - the caller counted it
        outcome, subject = self._first
        frame[self._compiled.slot] = subject
        return self._wording.finding(self._compiled, outcome, subject, frame)

    def told(self) -> tuple[Passes, ...]:
        """Return them as the report tells them."""
        key_of = self._wording.subject_key
        return tuple(
            Passes(
                verdict=verdict,
                element=element,
                subjects=tuple(named.names),
                keys=tuple(map(key_of, named.subjects)),
                reasons=tuple(named.reasons),
            )
            for (verdict, element), named in self._gathered.items()
        )


class _Named:
    """Subjects told together, with what each is called and, unless the rule applies to them, why not."""

    def __init__(self, applies: bool, needed: Sequence[tuple[int, Program]]) -> None:
        self.applies = applies
        self.locals = needed
        """The local names that a sentence on them may use."""
        self.subjects: list[Any] = []
        self.names: list[str] = []
        self.reasons: dict[str, None] = {}
