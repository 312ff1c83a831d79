"""An `Outcome` put into words: message, observed, expected, position, missing data, support."""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.conditions import Duration, NotInForce, NotUnique, OffScale, Rows, Silent, Unknown, Unseen
from rsaudit.conditions import Missing as MissingCause
from rsaudit.engine.once import made_once
from rsaudit.messages import NBSP, count_noun, format_date, format_quantity
from rsaudit.messages import engine as say
from rsaudit.model import UNRESERVED, Finding, Measure, Missing, Severity, Support, Verdict
from rsaudit.ruleset.compiled import CompiledPlaceholder
from rsaudit.shapes import at, table_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from rsaudit.conditions import Cause, PathRead, Program, Type
    from rsaudit.engine.judgement import Outcome
    from rsaudit.loading import Locator
    from rsaudit.model import Answer, Position, Source
    from rsaudit.ruleset import CompiledRule, Sentence
    from rsaudit.ruleset.compiled import CompiledElement, Printed
    from rsaudit.vocabulary import Vocabulary

    Namer: TypeAlias = Callable[[Any, list[Any]], str]

_BREACH = {Verdict.ECART, Verdict.REMARQUE}
_OTHER_PLACES = 5
"""Places cited beside the first."""
_EXACT = Context(prec=60, traps=[Inexact])
"""What subtracts decimals without rounding, as long as they have a sensible length."""


class Facts(Struct, frozen=True):
    """What the outcomes of a rule, or of one of its elements, rest on."""

    own: list[tuple[str, ...]]
    """The objects of its subject that it reads: the keys that lead to each, none for the subject itself."""
    others: list[PathRead]
    """What it reads elsewhere."""
    support: Support
    """What an outcome rests on when everything read cites a piece."""


class Rest(Struct, frozen=True):
    """What its outcomes rest on in one dossier, beside their subject."""

    some: bool
    """It reads something elsewhere."""
    cited: bool
    """All it reads elsewhere cites a piece."""


def _is_plain(place: CompiledPlaceholder) -> bool:
    """Say whether the texts that stand in a place of a sentence are printed as they are."""
    return place.singular is None and not hasattr(place.type, "words")


@made_once
def _facts(holder: CompiledRule | CompiledElement) -> Facts:
    """Tell apart what a rule reads in its subject and elsewhere."""
    facts = holder.reads()
    return Facts(
        own=list(dict.fromkeys(read.keys[:-1] for read in facts if read.is_subject)),
        others=[read for read in facts if not read.is_subject],
        support=Support.PIECE_CITEE if any(read.direct for read in facts) else Support.CALCULE,
    )


class Wording:
    """Gives words to the outcomes of one dossier."""

    def __init__(
        self,
        data: dict[str, Any],
        locator: Locator,
        vocabulary: Vocabulary,
        ruleset: str,
        *,
        profiled: bool = False,
        worded: bool = True,
    ) -> None:
        """Keep what sentences are made from; `profiled` says that the measures of the référentiel are drawn together.

        Not `worded`, constats have no words: neither sentence nor subject nor place.
        """
        self._data = data
        self._locator = locator
        self._vocabulary = vocabulary
        self._ruleset = ruleset
        self.profiled = profiled
        self._worded = worded
        self._cited: dict[int, bool] = {}
        self._tables: dict[int, bool] = {}
        self._rested: dict[int, Rest] = {}
        self._names: dict[int, tuple[dict[str, Any], str]] = {}
        """What each row is called, with the row: the same ones come back in every rule on their table."""
        self._ruled: dict[int, Finding] = {}

    # -- sentences -------------------------------------------------------------------------------------

    def sentence(self, sentence: Sentence, frame: list[Any]) -> str:
        """Write a sentence, each placeholder replaced by its value."""
        return "".join(
            [part if isinstance(part, str) else self._placeholder(part, frame) for part in sentence]
        )

    def _placeholder(self, part: CompiledPlaceholder, frame: list[Any]) -> str:
        value = part.program.run(frame)
        if (
            part.singular is not None
            and isinstance(value, int | Decimal | Fraction)
            and not isinstance(value, bool)
        ):
            return count_noun(value, part.singular, part.plural)  # type: ignore[arg-type]
        shown = self.value(value, part.type)
        if (
            part.singular is None
            or not isinstance(value, Unknown)
            or value.word is not None
            or shown == say.UNKNOWN
        ):
            return shown
        last = value.low if value.high is None else value.high
        return f"{shown}{NBSP}{part.singular if last < 2 else part.plural}"

    def value(self, value: Any, kind: Type | Printed) -> str:
        """Print one value the French way."""
        if isinstance(value, dict):
            return self._name(value)
        if isinstance(value, str):
            return (
                self._vocabulary.word(value, getattr(kind, "path", None)) if hasattr(kind, "words") else value
            )
        if isinstance(value, Unknown):
            return self._unknown(value, kind)
        if value is None:
            return say.UNKNOWN
        if isinstance(value, Rows):
            return self._words(value, kind)
        if isinstance(value, bool):
            return say.YES if value else say.NO
        if isinstance(value, date):
            return format_date(value)
        if isinstance(value, int | Decimal | Fraction):
            return (
                str(value)
                if getattr(kind, "year", False)
                else format_quantity(value, getattr(kind, "unit", None))
            )
        if isinstance(value, Duration):
            return str(value)
        if isinstance(value, list | tuple):
            return ", ".join(self.value(item, kind) for item in value)
        return str(value)

    def _unknown(self, value: Unknown, kind: Type | Printed) -> str:
        """Print a silent word, the bounds that are known, or that nothing is."""
        if value.word is not None:
            return self._vocabulary.word(value.word, getattr(kind, "path", None) or self._silent_at(value))
        low, high = value.low, value.high
        vague = low is not None and (not low or low == getattr(kind, "low", None))
        if value.opaque or vague or not (low or high):
            return say.UNKNOWN
        if low is None or high is None:
            return say.bounded(self.value(high if low is None else low, kind), least=low is not None)
        if isinstance(low, date) or high == getattr(kind, "high", None):
            return say.UNKNOWN
        return say.between(self.value(low, kind), self.value(high, kind))

    def _silent_at(self, value: Unknown) -> str | None:
        """Return the path of the field that holds a word instead of a date, a number or a duration."""
        silent = [cause for cause in value.causes if isinstance(cause, Silent)]
        return self._locator.path(silent[0].container, silent[0].key) if len(silent) == 1 else None

    def _words(self, value: Rows, kind: Type | Printed) -> str:
        """Print a list of words of the dossier."""
        if not value.items:
            return say.UNKNOWN if value.unseen_high != 0 else say.NONE
        inner = getattr(kind, "item", kind)
        return ", ".join(self.value(item, inner) for item in value.items)

    def _name(self, row: dict[str, Any]) -> str:
        known = self._names.get(id(row))
        if known is None:
            known = self._names[id(row)] = (row, self._locator.name(row))
        return known[1]

    # -- findings --------------------------------------------------------------------------------------

    def subject_key(self, subject: Any) -> str:
        """Return the stable key of a subject in identifiers."""
        if subject is None:
            return "residence"
        if isinstance(subject, dict):
            return self._name(subject)
        return subject.isoformat() if isinstance(subject, date) else str(subject)

    def identifier(self, compiled: CompiledRule, outcome: Outcome, subject: Any) -> str:
        """Return référentiel/rule/subject[/element]."""
        key = say.UNSEEN_KEY if outcome.unseen is not None else self.subject_key(subject)
        element = "" if outcome.element is None else f"/{outcome.element.key}"
        return f"{self._ruleset}/{compiled.rule.id}/{key}{element}"

    def finding(
        self,
        compiled: CompiledRule,
        outcome: Outcome,
        subject: Any,
        frame: list[Any],
        *,
        answer: Answer | None = None,
        derogation: Answer | None = None,
    ) -> Finding:
        """Write the constat of an outcome on a subject; `frame` is the one it was judged with.

        Without words, it has what counts it: its verdict, its gravity and its days.
        """
        told = outcome.unseen is None and not outcome.empty
        if told:
            every = outcome.condition is not None or bool(outcome.causes)
            for slot, program in self.locals(compiled, every=every):
                frame[slot] = program(frame)
        counted = {
            "verdict": outcome.verdict,
            "severity": self._severity(compiled, outcome, frame),
            "reason": self._reason(outcome, frame),
            "not_yet_due": outcome.condition is not None and outcome.condition.upcoming,
            "derogation": derogation,
            "response": answer,
            **(_due(compiled, frame) if told else {}),
        }
        ruling = self._ruling(compiled, outcome.element)
        if not self._worded:
            return replace(ruling, **counted)
        shown = told and outcome.verdict is not Verdict.NON_CONCERNE
        position, path, others, source = self._places((outcome.element or compiled).reads(), subject)
        return replace(
            ruling,
            identifier=self.identifier(compiled, outcome, subject),
            subject=self._subject_of(compiled, outcome, subject, frame),
            message=self._message(compiled, outcome, subject, frame, answer),
            observed=self._known(self._observed(compiled, outcome), frame) if shown else None,
            expected=self._known(self._expected(compiled, outcome), frame) if shown else None,
            measure=self._measure(compiled, frame) if shown else None,
            computation=self._known(compiled.computation, frame) if shown else None,
            reserve=self._reserve(compiled, outcome, frame),
            support=self._support(compiled, outcome, subject, answer),
            missing=self._missing(outcome.causes) if outcome.verdict is Verdict.NON_VERIFIABLE else (),
            position=position,
            path=path,
            source=source,
            other_positions=others,
            **counted,
        )

    def namer(self, compiled: CompiledRule) -> Namer:
        """Return what names the subjects of a rule, each by the frame it was judged with and its locals worked out."""
        match list(compiled.subject or ()):
            case [str() as opening, CompiledPlaceholder() as shown] if _is_plain(shown):
                run = shown.program.run

                def named(_: Any, frame: list[Any]) -> str:
                    value = run(frame)
                    return opening + (value if value.__class__ is str else self._placeholder(shown, frame))

                return named
        return lambda subject, frame: self._subject(compiled, subject, frame)

    def spared(self, compiled: CompiledRule, outcome: Outcome, subject: Any, frame: list[Any]) -> str:
        """Say why a rule does not apply to a subject."""
        reason = self._reason(outcome, frame)
        return reason or self._message(compiled, outcome, subject, frame, None)

    def named(self, compiled: CompiledRule, outcome: Outcome, subject: Any, frame: list[Any]) -> Finding:
        """Write a pass that is only named and dated, and measured where that is drawn, unless it is still to come.

        It has neither its words nor its places; what does not apply tells why.
        """
        upcoming = outcome.condition is not None and outcome.condition.upcoming
        told = outcome.unseen is None and not outcome.empty
        if upcoming or not told or (subject is None and outcome.element is None):
            return self.finding(compiled, outcome, subject, frame)
        applies = outcome.verdict is not Verdict.NON_CONCERNE
        for slot, program in self.locals(compiled, every=not applies):
            frame[slot] = program(frame)
        reason = None if applies else self._reason(outcome, frame)
        drawn = applies and (compiled.rule.figure is not None or self.profiled)
        stated = replace(
            self._ruling(compiled, outcome.element),
            identifier=self.identifier(compiled, outcome, subject),
            subject=self._subject_of(compiled, outcome, subject, frame),
            message=compiled.rule.title
            if applies or reason
            else self._message(compiled, outcome, subject, frame, None),
            verdict=outcome.verdict,
            reason=reason,
            measure=self._measure(compiled, frame) if drawn else None,
        )
        due = _due(compiled, frame)
        return replace(stated, **due) if due else stated

    def _ruling(self, compiled: CompiledRule, element: CompiledElement | None) -> Finding:
        """Make what all the constats of a rule, or of one of its elements, have in common."""
        holder = id(compiled if element is None else element)
        found = self._ruled.get(holder)
        if found is None:
            rule = compiled.rule
            found = self._ruled[holder] = Finding(
                identifier="",
                ruleset=self._ruleset,
                chapter=rule.chapter,
                rule=rule.id,
                title=rule.title,
                rank=rule.rank,
                force=rule.force,
                requirements=rule.requirements,
                verdict=Verdict.CONFORME,
                element=element.title if element is not None else None,
                message="",
                text=rule.text,
                proof=rule.manual.proof if rule.manual is not None else rule.proof,
                remedy=rule.remedy,
            )
        return found

    def _known(self, sentence: Sentence | None, frame: list[Any]) -> str | None:
        """Write a sentence unless it has values to print and none of them is known."""
        if sentence is None:
            return None
        values = [part.program(frame) for part in sentence if not isinstance(part, str)]
        if values and all(isinstance(value, Unknown) and value.word is None for value in values):
            return None
        return self.sentence(sentence, frame)

    @staticmethod
    def locals(compiled: CompiledRule, *, every: bool) -> tuple[tuple[int, Program], ...]:
        """Return the local names to work out before a sentence: all of them when the judgement stopped early."""
        if not every:
            return compiled.late_locals
        return (*compiled.early_locals, *compiled.judging_locals, *compiled.late_locals)

    @staticmethod
    def _observed(compiled: CompiledRule, outcome: Outcome) -> Sentence | None:
        return (outcome.element.observed if outcome.element is not None else None) or compiled.observed

    @staticmethod
    def _expected(compiled: CompiledRule, outcome: Outcome) -> Sentence | None:
        return (outcome.element.expected if outcome.element is not None else None) or compiled.expected

    def _severity(self, compiled: CompiledRule, outcome: Outcome, frame: list[Any]) -> Severity | None:
        """Return the first gravity of an écart whose case holds; one that cannot be decided is not held against anyone."""
        if outcome.verdict is not Verdict.ECART:
            return None
        cases = (outcome.element.severities if outcome.element is not None else ()) or compiled.severities
        for when, severity in cases:
            if when is None or when(frame) is True:
                return severity
        return None

    def _subject_of(
        self, compiled: CompiledRule, outcome: Outcome, subject: Any, frame: list[Any]
    ) -> str | None:
        if outcome.unseen is not None:
            return say.unseen_rows(*outcome.unseen)
        return self._subject(compiled, subject, frame) if subject is not None else None

    def _subject(self, compiled: CompiledRule, subject: Any, frame: list[Any]) -> str:
        if compiled.subject is not None:
            return self.sentence(compiled.subject, frame)
        name = self.value(subject, compiled.scope)  # type: ignore[arg-type]
        if compiled.subject_table is not None:
            return f"{self._vocabulary.field(compiled.subject_table).title} {name}"
        return name

    def _message(
        self, compiled: CompiledRule, outcome: Outcome, subject: Any, frame: list[Any], answer: Answer | None
    ) -> str:
        verdict = outcome.verdict
        if answer is not None and answer.decides:
            return say.answered(
                compiled.rule.manual.question if compiled.rule.manual else compiled.rule.title, answer
            )
        if outcome.unseen is not None or outcome.empty:
            return self._reason(outcome, frame) or compiled.rule.title
        if subject is None and compiled.range is not None and outcome.condition is None:
            return say.may_not_apply(compiled.rule.title)
        if outcome.review is not None and outcome.review.motive is not None:
            return self.sentence(outcome.review.motive, frame)
        if outcome.element is not None:
            if verdict in _BREACH and outcome.element.message is not None:
                return self.sentence(outcome.element.message, frame)
            return say.element_message(
                self._own_message(compiled, verdict, frame), outcome.element.title, verdict
            )
        return self._own_message(compiled, verdict, frame)

    def _own_message(self, compiled: CompiledRule, verdict: Verdict, frame: list[Any]) -> str:
        sentence = compiled.messages.get(verdict)
        if sentence is not None:
            return self.sentence(sentence, frame)
        if compiled.rule.manual is not None:
            return compiled.rule.manual.question
        return say.default_message(verdict, compiled.rule.title)

    def _reason(self, outcome: Outcome, frame: list[Any]) -> str | None:
        if outcome.unseen is not None:
            return say.unseen_reason(*outcome.unseen)
        if outcome.empty:
            return say.NOTHING_TO_JUDGE
        if outcome.condition is not None:
            otherwise = outcome.condition.otherwise
            return self.sentence(otherwise, frame) if otherwise is not None else say.CONDITION_NOT_MET
        return None

    def _measure(self, compiled: CompiledRule, frame: list[Any]) -> Measure | None:
        if compiled.measure is None:
            return None
        value_program, limit_program, direction, kind = compiled.measure
        value, limit = value_program(frame), limit_program(frame)
        if isinstance(value, Unknown) or isinstance(limit, Unknown):
            return None
        return Measure(
            value=value,
            limit=limit,
            direction=direction,
            unit=getattr(kind, "unit", None),
            margin=_margin(value, limit, direction),
            series=self._known(compiled.series, frame),
        )

    def _reserve(self, compiled: CompiledRule, outcome: Outcome, frame: list[Any]) -> str | None:
        if outcome.verdict in UNRESERVED:
            return None
        open_case = outcome.unseen is not None
        own = outcome.element.reserves if outcome.element is not None else ()
        texts = [
            text
            for when, text in (*own, *compiled.reserves)
            if when is None or (when(frame) is not False and not open_case)
        ]
        return " ".join(texts) or None

    # -- where it is written ---------------------------------------------------------------------------

    def _places(
        self, reads: Sequence[PathRead], subject: Any
    ) -> tuple[Position | None, str | None, tuple[Position, ...], Source | None]:
        found: dict[Position, tuple[Any, str]] = {}
        for container, key in self._read_places(reads, subject):
            position = self._locator.position(container, key) or self._locator.nearest(container, key)
            if position is not None:
                found.setdefault(position, (container, key))
            if len(found) > _OTHER_PLACES:
                break
        if not found:
            if isinstance(subject, dict):
                return (
                    self._locator.item_position(subject),
                    self._locator.item_path(subject),
                    (),
                    self._locator.source(subject),
                )
            return None, None, (), None
        first, *others = found
        container, key = found[first]
        return first, self._locator.path(container, key), tuple(others), self._locator.source(container)

    def _read_places(self, reads: Iterable[PathRead], subject: Any) -> list[tuple[Any, str]]:
        """Resolve what a rule reads to (container, key), the subject's own fields first."""
        own: list[tuple[Any, str]] = []
        other: list[tuple[Any, str]] = []
        for read in reads:
            if read.is_subject:
                if isinstance(subject, dict):
                    own.append(_descend(subject, read.keys))
            elif read.root in self._data and read.keys:
                other.append(_descend(self._data[read.root], read.keys))
        return own + other

    def _support(
        self, compiled: CompiledRule, outcome: Outcome, subject: Any, answer: Answer | None
    ) -> Support | None:
        if answer is not None and answer.decides:
            return Support.CONSTATE_SUR_PLACE
        if outcome.verdict in {Verdict.NON_VERIFIABLE, Verdict.NON_CONCERNE, Verdict.A_VERIFIER}:
            return None
        return self.support(compiled, outcome, subject)

    def support(self, compiled: CompiledRule, outcome: Outcome, subject: Any) -> Support:
        """Say what an outcome rests on: every datum read must cite a piece for `piece_citee`."""
        if self.declared(compiled, outcome, (subject,)):
            return Support.DECLARE
        return _facts(outcome.element or compiled).support

    def declared(self, compiled: CompiledRule, outcome: Outcome, subjects: Iterable[Any]) -> int:
        """Count the subjects on which an outcome is only declared: something that it rests on cites no piece."""
        holder = outcome.element or compiled
        own, rest = _facts(holder).own, self._rest(holder)
        return sum([not self._cites(own, rest, subject) for subject in subjects])

    def _cites(self, own: Sequence[tuple[str, ...]], rest: Rest, subject: Any) -> bool:
        """Say whether everything an outcome on a subject rests on cites a piece."""
        if subject.__class__ is not dict:
            own = ()
        if not rest.cited or not (own or rest.some):
            return False
        for keys in own:  # noqa: SIM110 - asked of every pass of every rule
            if not self._is_cited(_deepest(subject, keys) if keys else subject):
                return False
        return True

    def _rest(self, holder: CompiledRule | CompiledElement) -> Rest:
        """Return what the outcomes of a rule, or of one of its elements, rest on beside their subjects."""
        found = self._rested.get(id(holder))
        if found is None:
            found = self._rested[id(holder)] = self._rested_on(_facts(holder).others)
        return found

    def _rested_on(self, reads: Sequence[PathRead]) -> Rest:
        """Settle once for all its subjects what a rule reads elsewhere than in them."""
        placed: list[PathRead] = []
        referred: list[PathRead] = []
        for read in reads:
            (placed if read.keys and read.root in self._data else referred).append(read)
        return Rest(
            some=bool(placed),
            cited=all(self._is_cited_at(*_descend(self._data[read.root], read.keys)) for read in placed)
            and all(map(self._are_cited, referred)),
        )

    def _is_cited_at(self, container: Any, key: str) -> bool:
        """Say whether what is read at a key cites a piece: a table and its rows; of a mere list, its rows."""
        value = container.get(key) if isinstance(container, dict) else None
        if not (isinstance(value, list) and table_rows(value)):
            whole = value if isinstance(value, dict) else container
            if not self._is_cited(whole):
                return False
        return self._all_cited(value)

    def _are_cited(self, read: PathRead) -> bool:
        """Say whether the rows read through a reference or a variable cite a piece, whichever of them they are."""
        return self._all_cited(at(self._data, read.path.split(".")[: -len(read.keys)]))

    def _all_cited(self, table: Any) -> bool:
        """Say whether every row of a list or of a table cites a piece."""
        known = self._tables.get(id(table))
        if known is None:
            known = self._tables[id(table)] = all(map(self._is_cited, table_rows(table)))
        return known

    def _is_cited(self, container: Any) -> bool:
        known = self._cited.get(id(container))
        if known is None:
            source = self._locator.source(container)
            known = self._cited[id(container)] = source is not None and source.piece is not None
        return known

    def _missing(self, causes: Sequence[Cause]) -> tuple[Missing, ...]:
        found: dict[str, Missing] = {}
        for cause in causes:
            missing = self._missing_one(cause)
            found.setdefault(missing.path, missing)
        return tuple(found.values())

    def _missing_one(self, cause: Cause) -> Missing:
        if isinstance(cause, MissingCause | Silent | Unseen):
            path = self._locator.path(cause.container, cause.key)
            name = self._vocabulary.field(path)
            position = self._locator.nearest(cause.container, cause.key)
            pieces = ", ".join(self._vocabulary.piece(code) for code in name.pieces) or None
            reason = None
            if isinstance(cause, Silent):
                reason = say.silent(self._vocabulary.word(cause.word))
            elif isinstance(cause, Unseen):
                reason = say.UNSEEN_ROWS
            return Missing(
                path=path,
                title=name.title,
                file=position.file if position else None,
                line=position.line if position else None,
                piece=pieces,
                reason=reason,
                natures=name.pieces,
                source=self._locator.source(cause.container),
                silent=isinstance(cause, Silent),
            )
        return Missing(path=cause.label, title=cause.label, reason=self._why(cause))

    @staticmethod
    def _why(cause: Cause) -> str:
        if isinstance(cause, NotInForce):
            return say.not_in_force(cause.day)
        if isinstance(cause, OffScale):
            return say.OFF_SCALE
        if isinstance(cause, NotUnique):
            return say.not_unique(cause.kind)
        return cause.label


def _descend(container: Any, keys: Sequence[str]) -> tuple[Any, str]:
    """Follow keys as far as the data go: (last container, first key that is not walked into)."""
    for key in keys[:-1]:
        child = container.get(key) if isinstance(container, dict) else None
        if not isinstance(child, dict):
            return container, key
        container = child
    return container, keys[-1]


def _deepest(container: Any, keys: Sequence[str]) -> Any:
    """Follow keys to an object, or to the last one there is on the way."""
    return _descend(container, (*keys, ""))[0]


def _due(compiled: CompiledRule, frame: list[Any]) -> dict[str, Any]:
    """Work out the days on which something is due, and what they are."""
    if compiled.deadline is None and compiled.last_due is None:
        return {}
    deadline, last_due = _day(compiled.deadline, frame), _day(compiled.last_due, frame)
    if deadline is None and last_due is None:
        return {}
    return {"deadline": deadline, "deadline_kind": compiled.rule.deadline_kind, "last_due": last_due}


def _day(program: Program | None, frame: list[Any]) -> date | None:
    value = program(frame) if program is not None else None
    return value if isinstance(value, date) else None


def _margin(value: Any, limit: Any, direction: str) -> Any:
    if isinstance(value, date):
        days = (limit - value).days
        return -days if direction == "minimum" else days
    difference = _difference(value, limit) if direction == "minimum" else _difference(limit, value)
    whole = int(difference)
    if whole == difference:
        return whole
    return difference.normalize() if isinstance(difference, Decimal) else _decimal_or_fraction(difference)


def _difference(left: Any, right: Any) -> Decimal | Fraction:
    """Subtract exactly."""
    try:
        return _EXACT.subtract(left, right)
    except (Inexact, TypeError):  # a very long number, or a fraction
        return Fraction(left) - Fraction(right)


def _decimal_or_fraction(value: Fraction) -> Decimal | Fraction:
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return Decimal(value.numerator) / Decimal(value.denominator) if denominator == 1 else value
