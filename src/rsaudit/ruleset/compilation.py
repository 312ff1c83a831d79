"""A `Ruleset` checked against the schemas and turned into programs. Every problem is gathered before refusing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.errors import RulesetError
from rsaudit.expression import ExpressionError, Scope, check, compile_node, compile_range, paths_read, range_type
from rsaudit.messages import ruleset as say
from rsaudit.model import Force, Severity, Verdict
from rsaudit.ruleset.declarations import Placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rsaudit.expression import Catalogue, Node, PathRead, Program, RangeProgram, Type
    from rsaudit.ruleset.declarations import Condition, Element, Review, Rule, Ruleset, SeverityCase, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPlaceholder:
    """A value to print in a sentence, with what is known of its type."""

    program: Program
    type: Type
    singular: str | None
    plural: str | None


Sentence = tuple[str | CompiledPlaceholder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledCondition:
    """One condition of applicability, ready to run."""

    test: Program
    otherwise: Sentence | None
    upcoming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledReview:
    """One case left to human judgement, ready to run."""

    when: Program
    motive: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledElement:
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
    reads: tuple[PathRead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """A rule ready to judge: programs share the slots of one scope."""

    rule: Rule
    scope: Scope
    conditions: tuple[CompiledCondition, ...]
    range: RangeProgram | None
    slot: int
    """Slot of the range variable (unused without a range)."""
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
    measure: tuple[Program, Program, str, Type] | None
    deadline: Program | None
    reserves: tuple[tuple[Program | None, str], ...]
    reads: tuple[PathRead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRuleset:
    """A référentiel ready to audit."""

    ruleset: Ruleset
    scope: Scope
    applies: tuple[CompiledCondition, ...]
    out_of_scope: Sentence | None
    rules: tuple[CompiledRule, ...]
    headings: tuple[tuple[str, Sentence], ...]
    coherences: tuple[tuple[Program, Sentence], ...]


def compile_ruleset(ruleset: Ruleset, catalogue: Catalogue) -> CompiledRuleset:
    """Check a référentiel against the schemas and compile it.

    Raises `RulesetError` listing every problem, each with its file and rule.
    """
    problems: list[str] = []
    try:
        scope = Scope(catalogue, facts=ruleset.facts, parameters=ruleset.parameters)
    except ExpressionError as error:
        raise RulesetError(say.several([f"{ruleset.id} : {error.message}"]), error.hint) from error
    top = _Compiler(scope, lambda problem: problems.append(f"{ruleset.id} : {problem}"), None, set())
    used: set[str] = top.names
    applies = tuple(top.condition(condition) for condition in ruleset.scope)
    out_of_scope = top.optional_sentence(ruleset.out_of_scope)
    headings = tuple((label, top.sentence(template)) for label, template in ruleset.headings)
    coherences = tuple((top.program(node, "bool"), top.sentence(template)) for node, template in ruleset.coherences)
    opposition = [(entry.ranks, entry.reserve) for entry in ruleset.opposition]
    rules = []
    for rule in ruleset.rules:
        reserves = [reserve for ranks, reserve in opposition if rule.rank in ranks]
        compiler = _Compiler(
            scope.child(), _reporter(problems, rule), rule.value_date, used
        )
        _check_declarations(rule, ruleset, compiler.report)
        try:
            rules.append(_compile_rule(rule, compiler, reserves))
        except ExpressionError as error:
            compiler.report(f"{error.message} {error.hint}".strip())
    problems.extend(_unused_parameters(ruleset, used))
    if problems:
        raise RulesetError(say.several(problems), say.INVALID_FILE_HINT)
    return CompiledRuleset(
        ruleset=ruleset,
        scope=scope,
        applies=applies,
        out_of_scope=out_of_scope,
        rules=tuple(rules),
        headings=headings,
        coherences=coherences,
    )


def _reporter(problems: list[str], rule: Rule) -> Callable[[str], None]:
    return lambda problem: problems.append(say.broken_rule(rule.position, rule.id, problem))


def _unused_parameters(ruleset: Ruleset, used: set[str]) -> Iterable[str]:
    return (
        say.unused_parameter(ruleset.id, parameter.name)
        for parameter in ruleset.parameters
        if parameter.name not in used
    )


def _check_declarations(rule: Rule, ruleset: Ruleset, report: Callable[[str], None]) -> None:
    """Check what needs no type: known chapter, exigences and readings, one way of judging, its messages."""
    known = {requirement.id for requirement in ruleset.requirements}
    for requirement in rule.requirements:
        if requirement not in known:
            report(say.unknown_name("exigence", requirement, known))
    readings = {entry.id for entry in ruleset.readings}
    for reading in rule.readings:
        if reading not in readings:
            report(say.unknown_name("lecture", reading, readings))
    chapters = {chapter.id for chapter in ruleset.chapters}
    if rule.chapter not in chapters:
        report(say.unknown_name("chapitre", rule.chapter, chapters))
    ways = [rule.require, rule.elements or None, rule.signal, rule.manual]
    if sum(way is not None for way in ways) != 1:
        report(say.ONE_WAY)
    if (rule.force is Force.INFORMATION) != (rule.signal is not None):
        report(say.INFORMATION_SIGNALS)
    if rule.force is Force.OBLIGATION and not _always_graded(rule):
        report(say.UNGRADED)
    if rule.force is not Force.OBLIGATION and rule.severities:
        report(say.GRADED_FOR_NOTHING)
    expected = {Force.OBLIGATION: Verdict.ECART, Force.RECOMMANDATION: Verdict.REMARQUE, Force.INFORMATION: Verdict.SIGNALEMENT}
    if expected[rule.force] not in rule.messages and not all(e.message for e in rule.elements or [None]):  # type: ignore[union-attr]
        report(say.missing_message(expected[rule.force]))
    if any(reserve.when is None for reserve in rule.reserves) and any(
        case.severity is Severity.MAJEUR for case in rule.severities
    ):
        report(say.RESERVED_MAJOR)


def _always_graded(rule: Rule) -> bool:
    def graded(cases: tuple[SeverityCase, ...]) -> bool:
        return bool(cases) and cases[-1].when is None

    return graded(rule.severities) or (bool(rule.elements) and all(graded(e.severities) for e in rule.elements))


def _compile_rule(rule: Rule, compiler: _Compiler, opposition: list[Any]) -> CompiledRule:
    conditions = tuple(compiler.condition(condition) for condition in rule.conditions)
    range_program, slot, table = None, 0, None
    if rule.range is not None:
        range_program, slot, table = compiler.range(rule.range.variable, rule.range.items, rule.range.where)
    local_programs = [(name, *compiler.local(name, node)) for name, node in rule.locals]
    own_names = [name for name, _, _ in local_programs]
    subject_conditions = tuple(compiler.condition(condition) for condition in rule.subject_conditions)
    early = compiler.needed(own_names, [c.test for c in rule.subject_conditions], dict(rule.locals))
    reviews = tuple(compiler.review(review) for review in rule.reviews)
    require = compiler.optional(rule.require, "bool")
    signal = compiler.optional(rule.signal, "bool")
    elements = tuple(compiler.element(element) for element in rule.elements)
    judged = [review.when for review in rule.reviews]
    judged += [node for node in (rule.require, rule.signal) if node is not None]
    for element in rule.elements:
        judged += [element.require, *(c.test for c in element.conditions), *(r.when for r in element.review)]
    judging = compiler.needed(own_names, judged, dict(rule.locals)) - early
    measure = None
    if rule.measure is not None:
        kind = compiler.type_of(rule.measure.value)
        measure = (compiler.program(rule.measure.value, "any"), compiler.program(rule.measure.limit, "any"), rule.measure.direction, kind)
    reserves = [(compiler.optional(entry.when, "bool"), entry.text) for entry in (*rule.reserves, *opposition)]
    main = [node for node in (rule.require, rule.signal) if node is not None]
    compiled = CompiledRule(
        rule=rule,
        scope=compiler.scope,
        conditions=conditions,
        range=range_program,
        slot=slot,
        subject_table=table,
        early_locals=tuple((s, p) for name, s, p in local_programs if name in early),
        judging_locals=tuple((s, p) for name, s, p in local_programs if name in judging),
        late_locals=tuple((s, p) for name, s, p in local_programs if name not in early | judging),
        subject_conditions=subject_conditions,
        reviews=reviews,
        require=require,
        signal=signal,
        elements=elements,
        severities=compiler.severities(rule.severities),
        subject=compiler.optional_sentence(rule.subject),
        messages={verdict: compiler.sentence(template) for verdict, template in rule.messages.items()},
        observed=compiler.optional_sentence(rule.observed),
        expected=compiler.optional_sentence(rule.expected),
        computation=compiler.optional_sentence(rule.computation),
        measure=measure,
        deadline=compiler.optional(rule.deadline, "date"),
        reserves=tuple(reserves),
        reads=compiler.reads(main, dict(rule.locals)),
    )
    for name in own_names:
        if name not in compiler.names:
            compiler.report(say.unused_local(name))
    return compiled


class _Compiler:
    """Checks and compiles the expressions of one rule in one scope, reporting problems instead of raising."""

    def __init__(
        self, scope: Scope, report: Callable[[str], None], value_date: Node | None, names: set[str]
    ) -> None:
        self.scope = scope
        self.report = report
        self.names = names
        self._value_date = value_date
        self._guards: set[Any] = set()
        if value_date is not None:
            check(value_date, scope, "date")
            scope.value_date = value_date

    def program(self, node: Node, expected: str) -> Program:
        """Check one expression and compile it."""
        check(node, self.scope, expected, guards=self._guards)
        self.names |= names_used(node, self.scope)
        return compile_node(node, self.scope)

    def type_of(self, node: Node) -> Type:
        return check(node, self.scope, "any", guards=self._guards)

    def optional(self, node: Node | None, expected: str) -> Program | None:
        return None if node is None else self.program(node, expected)

    def condition(self, condition: Condition) -> CompiledCondition:
        program = self.program(condition.test, "bool")
        self._guards |= guards_of(condition.test, self.scope)
        return CompiledCondition(
            test=program, otherwise=self.optional_sentence(condition.otherwise), upcoming=condition.upcoming
        )

    def review(self, review: Review) -> CompiledReview:
        return CompiledReview(when=self.program(review.when, "bool"), motive=self.optional_sentence(review.motive))
