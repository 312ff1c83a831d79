"""`audit(dossier, rulesets, as_of)` -> `Report`. Pure: no file, no clock, no print; knows no dossier key."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from rsaudit import __version__
from rsaudit.conditions import ExpressionError, World
from rsaudit.digests import sha256
from rsaudit.engine.answers import Answers, read_control
from rsaudit.engine.findings import Wording
from rsaudit.engine.judgement import judge
from rsaudit.engine.passes import Passing, are_alike
from rsaudit.engine.register import register
from rsaudit.engine.rows import in_order, numbered, stated
from rsaudit.errors import RulesetError
from rsaudit.messages import engine as say
from rsaudit.messages.ruleset import broken_rule
from rsaudit.model import (
    SEVERITY_ORDER,
    Block,
    Finding,
    Force,
    Heading,
    InputError,
    Keep,
    Obligation,
    Report,
    RulesetSummary,
    Sample,
    Severity,
    Summary,
    Verdict,
    shared_reserve,
    worst_verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rsaudit.engine.judgement import Outcome
    from rsaudit.engine.rows import Place
    from rsaudit.loading import Dossier
    from rsaudit.model import Answer, Fingerprint
    from rsaudit.ruleset import CompiledRule, CompiledRuleset
    from rsaudit.vocabulary import Vocabulary

REPORT_VERSION = "1"


_PASS = Verdict.CONFORME  # asked of every outcome: a member of an enumeration is long to look up
_PLAIN = {_PASS, Verdict.NON_CONCERNE}
_BREACH = {Verdict.ECART, Verdict.REMARQUE}
_UNDECIDED = {Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER}


class AuditOptions(Struct, frozen=True, kw_only=True):
    """What an audit may be asked, beside the dossier, the référentiels and the day."""

    rules: tuple[str, ...] = ()
    """Only these rules (`--regle`); empty: all."""
    require_pieces: bool = False
    """`--exiger-pieces`: a pass that cites no piece is `non_verifiable`."""
    keep: Keep = Keep.EVERYTHING
    numbers: tuple[tuple[str, str], ...] = ()
    """Numbers of an earlier report to carry over: (référentiel/rule, E-01); no other rule is given one of them."""


def audit(
    dossier: Dossier,
    rulesets: Sequence[CompiledRuleset],
    *,
    as_of: date,
    vocabulary: Vocabulary,
    options: AuditOptions | None = None,
    named: frozenset[str] = frozenset(),
) -> Report:
    """Judge a dossier by référentiels on a day.

    `named` holds the référentiels asked for by name; the others run only when their scope matches.
    A dossier with errors is not judged: the report then holds its errors and no constat.
    """
    options = options or AuditOptions()
    if any(error.severity == "erreur" for error in dossier.errors):
        return _invalid(dossier, as_of, vocabulary, _options(options, rulesets if named else ()))
    return _Audit(dossier, as_of, vocabulary, options).run(rulesets, named=bool(named))


class _Audit:
    """One audit in progress."""

    def __init__(self, dossier: Dossier, as_of: date, vocabulary: Vocabulary, options: AuditOptions) -> None:
        self.dossier = dossier
        self.as_of = as_of
        self.vocabulary = vocabulary
        self.options = options
        self.control = read_control(dossier.data)
        self.answers = Answers(dossier.data, as_of=as_of, control=self.control)
        self.notices: list[str] = list(dossier.notices)
        self.named = options.keep >= Keep.NAMED
        """Every outcome is made a constat."""
        self.only_named = options.keep is Keep.NAMED
        """Passes are only named."""
        self.in_a_line = options.keep <= Keep.WORDED
        """What is neither a breach nor due by a day is only counted."""
        self.only_unsettled = options.keep is Keep.UNSETTLED
        """What is settled is only counted."""
        self.declared_only = 0 if options.keep >= Keep.REPORTED else None
        self.detailed = options.keep > Keep.BREACHES
        """More is told of the dossier than a line."""
        self.worded = self.detailed or _shares_blocks(dossier)
        self.not_yet_due = 0
        self.headings: tuple[Heading, ...] = ()
        self.known: dict[str, tuple[str, str] | None] = {}
        """Each rule judged, with the derogation it admits."""

    def run(self, rulesets: Sequence[CompiledRuleset], *, named: bool) -> Report:
        obligations: list[Obligation] = []
        summaries: list[RulesetSummary] = []
        fingerprints: list[Fingerprint] = list(self.dossier.fingerprints)
        for compiled in rulesets:
            world = World(self.dossier.data, as_of=self.as_of, scope=compiled.scope)
            wording = Wording(
                self.dossier.data,
                self.dossier.locator,
                self.vocabulary,
                compiled.ruleset.id,
                profiled=compiled.profile is not None,
                worded=self.worded,
            )
            outside = self._out_of_scope(compiled, world, wording)
            summaries.append(_summary_of(compiled, outside))
            fingerprints.extend(compiled.fingerprints)
            if outside is not None:
                continue
            if self.detailed:
                self._head(compiled, world, wording)
            obligations += in_order(self._rows(compiled, world, wording))
        self.notices.extend(self.answers.notices)
        if not self.options.rules:
            self.notices.extend(self.answers.unused(self.known))
        return Report(
            version=REPORT_VERSION,
            tool=f"rsaudit {__version__}",
            dossier=self._role("nom") or self.dossier.name,
            path=self.dossier.path,
            state_date=_day(self._role("date_etat")),
            audit_date=self.as_of,
            options=_options(self.options, rulesets if named else ()),
            control=self.control,
            rulesets=tuple(summaries),
            fingerprints=tuple(dict.fromkeys(fingerprints)),
            blocks=_blocks(self.dossier.data) if self.options.keep is Keep.EVERYTHING else (),
            errors=tuple(self.dossier.errors),
            notices=tuple(dict.fromkeys(self.notices)),
            headings=self.headings,
            samples=self._samples(),
            pieces=register(self.dossier.data, self.vocabulary) if self.detailed else (),
            summary=self._summary(obligations),
            obligations=numbered(obligations, dict(self.options.numbers)),
            example_notice=self._role("avertissement"),
        )

    def _role(self, role: str) -> str | None:
        return _role_value(self.dossier.data, self.vocabulary, role)

    def _out_of_scope(self, compiled: CompiledRuleset, world: World, wording: Wording) -> str | None:
        frame = world.frame(compiled.scope)
        for condition in compiled.applies:
            if condition.test(frame) is not True:
                reason = (
                    wording.sentence(condition.otherwise, frame)
                    if condition.otherwise
                    else say.CONDITION_NOT_MET
                )
                opening = (
                    wording.sentence(compiled.out_of_scope, frame)
                    if compiled.out_of_scope
                    else compiled.ruleset.title
                )
                return say.out_of_scope(opening, reason)
        return None

    def _head(self, compiled: CompiledRuleset, world: World, wording: Wording) -> None:
        frame = world.frame(compiled.scope)
        if not self.headings:
            self.headings = tuple(
                Heading(label=label, value=wording.sentence(sentence, frame))
                for label, sentence in compiled.headings
            )
        for test, sentence in compiled.coherences:
            if test(frame) is True:
                self.notices.append(wording.sentence(sentence, frame))

    def _rows(
        self, compiled: CompiledRuleset, world: World, wording: Wording
    ) -> Iterator[tuple[Place, Obligation]]:
        """Judge by each rule asked for and in force on the day."""
        self.notices.extend(
            say.rule_disabled(one.rule, compiled.ruleset.title, one.reason, one.source)
            for one in compiled.ruleset.overrides
            if one.action == "desactive"
        )
        wanted = frozenset(self.options.rules or compiled.rule_ids)
        for rank, name in enumerate(compiled.rule_ids):
            if name not in wanted:
                continue
            rule = compiled.rules[rank]
            if not _in_force(rule, self.as_of):
                self.notices.append(
                    say.rule_not_in_force(rule.rule.title, rule.rule.since, rule.rule.until, self.as_of)
                )
                continue
            self.known[f"{compiled.ruleset.id}/{rule.rule.id}"] = rule.rule.derogation
            world.next_rule()
            try:
                yield self._row(compiled, rule, world, wording)
            except ExpressionError as error:
                message = broken_rule(rule.rule.position, rule.rule.id, error.message)
                raise RulesetError(message, error.hint) from error

    def _row(
        self, ruleset: CompiledRuleset, compiled: CompiledRule, world: World, wording: Wording
    ) -> tuple[Place, Obligation]:
        rule = compiled.rule
        counts: dict[Verdict, int] = {}
        kept: list[Finding] = []
        alike: dict[Outcome, list[Any]] = {}  # the outcomes only counted or named, with their subjects
        passed: dict[Outcome, list[Any]] = {}  # the passes, with theirs
        name = f"{ruleset.ruleset.id}/{rule.id}"
        spoken = name if self.answers.speaks_of(name) else None
        passing = self._passing(compiled, wording) if self.only_named and spoken is None else None
        subjects, last = 0, None
        for outcome, subject, frame in judge(compiled, world):
            if subject is not last and subject is not None:
                subjects, last = subjects + 1, subject
            counted = alike.get(outcome)
            if counted is None and spoken is None and self._is_gathered(compiled, outcome, subject, passing):
                counted = alike[outcome] = []
                counts.setdefault(outcome.verdict, 0)
            if counted is not None:
                counted.append(subject)
                if passing is not None:
                    passing.add(outcome, subject, frame)
                continue
            first = not counts and not (outcome.element is not None and len(compiled.elements) > 1)
            verdict, finding = self._settle(compiled, outcome, subject, frame, wording, spoken, first=first)
            counts[verdict] = counts.get(verdict, 0) + 1
            self.not_yet_due += _is_upcoming(outcome)
            if finding is not None:
                kept.append(finding)
            if verdict is _PASS and outcome.verdict is _PASS:
                passed.setdefault(outcome, []).append(subject)
        for outcome, ones in alike.items():
            counts[outcome.verdict] += len(ones)
            self.not_yet_due += len(ones) * _is_upcoming(outcome)
            if outcome.verdict is _PASS:
                passed[outcome] = ones
        self._look_at(passed, compiled, wording)
        if passing is not None and sum(counts.values()) == 1 and not kept:
            kept, passing = [passing.alone(frame)], None
        place, row = stated(compiled, ruleset)
        return place, replace(
            row,
            piece=self.vocabulary.pieces(rule.piece),
            verdict=worst_verdict(counts),  # a rule always concludes something
            severity=_gravest(kept) if kept else None,
            counts=counts,
            findings=tuple(kept),
            passes=passing.told() if passing is not None else (),
            subjects=None if self.named else subjects,
            reserve=shared_reserve(kept) if kept else None,
        )

    def _passing(self, compiled: CompiledRule, wording: Wording) -> Passing | None:
        """Return what gathers the passes of a rule that a page tells together, when they are such."""
        return Passing(compiled, wording) if are_alike(compiled) and not wording.profiled else None

    def _look_at(
        self, passed: Mapping[Outcome, Sequence[Any]], compiled: CompiledRule, wording: Wording
    ) -> None:
        """Count the passes that are only declared, when that is asked."""
        if self.declared_only is not None:
            self.declared_only += sum(
                wording.declared(compiled, outcome, ones) for outcome, ones in passed.items()
            )

    def _settle(
        self,
        compiled: CompiledRule,
        outcome: Outcome,
        subject: Any,
        frame: list[Any],
        wording: Wording,
        spoken: str | None,
        *,
        first: bool,
    ) -> tuple[Verdict, Finding | None]:
        """Apply answers, derogations and the demand for pieces; build the constat unless it is only counted.

        `spoken` is the name of the rule when an answer or a derogation speaks of it; the first constat of a rule,
        which may be the only one, is never only named: that of an element among others is not the only one.
        """
        answer = None
        if spoken is not None:
            about = (spoken, wording.subject_key(subject), _element_key(outcome))
            if outcome.verdict is Verdict.A_VERIFIER:
                answer, outcome = self._answer(compiled, outcome, about)
            else:
                self.answers.decided_alone(*about)
            if outcome.verdict is Verdict.ECART and answer is None and compiled.rule.derogation is not None:
                derogation = self.answers.derogation(*about, compiled.rule.derogation)
                if derogation is not None:
                    finding = wording.finding(compiled, outcome, subject, frame, derogation=derogation)
                    return Verdict.DEROGATION, replace(finding, verdict=Verdict.DEROGATION, severity=None)
        verdict = outcome.verdict
        asks_pieces = self.options.require_pieces and verdict is _PASS and answer is None
        if asks_pieces and wording.declared(compiled, outcome, (subject,)):
            return Verdict.NON_VERIFIABLE, self._without_piece(compiled, outcome, subject, frame, wording)
        if not self._is_kept(compiled, outcome, subject):
            return verdict, None
        if self.only_named and verdict in _PLAIN and not first and answer is None:
            return verdict, wording.named(compiled, outcome, subject, frame)
        return verdict, wording.finding(compiled, outcome, subject, frame, answer=answer)

    def _is_gathered(
        self, compiled: CompiledRule, outcome: Outcome, subject: Any, passing: Passing | None
    ) -> bool:
        """Say whether an outcome of which nobody spoke is only counted or named, and with it all that are the same."""
        if self.options.require_pieces and outcome.verdict is _PASS:
            return False
        if passing is not None:
            return subject is not None and outcome.verdict in _PLAIN
        return not self._is_kept(compiled, outcome, subject)

    def _without_piece(
        self, compiled: CompiledRule, outcome: Outcome, subject: Any, frame: list[Any], wording: Wording
    ) -> Finding | None:
        if self.in_a_line and compiled.deadline is None:
            return None
        finding = wording.finding(compiled, outcome, subject, frame)
        return replace(finding, verdict=Verdict.NON_VERIFIABLE, reason=say.NO_PIECE, support=None)

    def _is_kept(self, compiled: CompiledRule, outcome: Outcome, subject: Any) -> bool:
        if self.named or outcome.verdict in _BREACH:
            return True
        if self.only_unsettled:
            return outcome.verdict in _UNDECIDED
        condition = outcome.condition
        upcoming = _is_upcoming(outcome)
        if compiled.deadline is not None and (condition is None or upcoming):
            return True  # what applies to nobody is due by no one, unless it will be
        if self.in_a_line:
            return False
        if outcome.verdict not in _PLAIN or upcoming:
            return True
        return subject is None and outcome.verdict is Verdict.NON_CONCERNE

    def _answer(
        self, compiled: CompiledRule, outcome: Outcome, about: tuple[str, str, str | None]
    ) -> tuple[Answer | None, Outcome]:
        """Return the answer to a point, and what is concluded by it when it decides."""
        answer = self.answers.answer(*about)
        if answer is None or answer.verdict is None or not answer.decides:
            return answer, outcome
        verdict = Verdict(answer.verdict)
        if verdict is Verdict.ECART and compiled.rule.force is not Force.OBLIGATION:
            verdict = Verdict.REMARQUE
        return answer, replace(outcome, verdict=verdict)

    def _samples(self) -> tuple[Sample, ...]:
        return tuple(
            Sample(path=path, title=self.vocabulary.field(path).title, examined=examined, total=total)
            for path, examined, total in self.dossier.samples()
        )

    def _summary(self, obligations: Sequence[Obligation]) -> Summary:
        findings = dict.fromkeys(Verdict, 0)
        for obligation in obligations:
            for verdict, count in obligation.counts.items():
                findings[verdict] += count
        verdicts = Counter(obligation.verdict for obligation in obligations)
        grades = Counter(obligation.severity for obligation in obligations if obligation.severity is not None)
        return Summary(
            obligations={verdict: verdicts[verdict] for verdict in Verdict},
            findings=findings,
            breaches={severity: grades[severity] for severity in Severity},
            declared_only=self.declared_only,
            not_yet_due=self.not_yet_due,
        )


def _shares_blocks(dossier: Dossier) -> bool:
    return any(one.role == "commun" for one in dossier.fingerprints)


def _gravest(findings: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity of constats: écarts alone have one, when a case holds."""
    known = [one.severity for one in findings if one.severity is not None]
    return min(known, key=SEVERITY_ORDER.index, default=None)


def _is_upcoming(outcome: Outcome) -> bool:
    return outcome.condition is not None and outcome.condition.upcoming


def _element_key(outcome: Outcome) -> str | None:
    return outcome.element.key if outcome.element is not None else None


def _role_value(data: Mapping[str, Any], vocabulary: Vocabulary, role: str) -> str | None:
    path = vocabulary.role(role)
    value: Any = data
    for key in path.split(".") if path else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value if path and isinstance(value, str) else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _in_force(compiled: CompiledRule, day: date) -> bool:
    rule = compiled.rule
    return (rule.since is None or rule.since <= day) and (rule.until is None or day <= rule.until)


def _summary_of(compiled: CompiledRuleset, outside: str | None) -> RulesetSummary:
    ruleset = compiled.ruleset
    return RulesetSummary(
        id=ruleset.id,
        title=ruleset.title,
        version=ruleset.version,
        date=ruleset.date,
        scope=ruleset.scope_text,
        binding=ruleset.binding,
        out_of_scope=outside,
        chapters=ruleset.chapters,
        requirement_count=len(compiled.requirement_ids),
        parent=ruleset.parent,
        profile=compiled.profile,
    )


def _blocks(data: Mapping[str, Any]) -> tuple[Block, ...]:
    """Hash what each key of each section holds: two audits tell by it whether a rule was given the same data."""
    return tuple(
        Block(path=f"{section}.{key}", sha256=_digest(content[key]))
        for section, content in sorted(data.items())
        for key in (sorted(content) if isinstance(content, dict) else ())
    )


def _digest(value: Any) -> str:
    import json

    written = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def _options(
    options: AuditOptions, named: Sequence[CompiledRuleset]
) -> dict[str, str | bool | list[str] | None]:
    """Record what was asked and changes the report; `named` are the référentiels asked for by name."""
    return {
        "diffusion": False,
        "exiger_pieces": options.require_pieces,
        "referentiels": [compiled.ruleset.id for compiled in named],
        "regles": list(options.rules),
    }


def _invalid(
    dossier: Dossier,
    as_of: date,
    vocabulary: Vocabulary,
    options: dict[str, str | bool | list[str] | None],
) -> Report:
    """Return the report of a dossier that cannot be judged: its errors, and no constat."""
    zero = dict.fromkeys(Verdict, 0)
    errors: tuple[InputError, ...] = tuple(dossier.errors)
    return Report(
        version=REPORT_VERSION,
        tool=f"rsaudit {__version__}",
        dossier=_role_value(dossier.data or {}, vocabulary, "nom") or dossier.name,
        path=dossier.path,
        state_date=None,
        audit_date=as_of,
        options=options,
        control=read_control({}),
        rulesets=(),
        fingerprints=tuple(dossier.fingerprints),
        errors=errors,
        notices=tuple(dossier.notices),
        summary=Summary(
            obligations=zero,
            findings=dict(zero),
            breaches=dict.fromkeys(Severity, 0),
            declared_only=0,
            not_yet_due=0,
        ),
        obligations=(),
    )
