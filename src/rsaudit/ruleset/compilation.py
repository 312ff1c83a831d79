"""A `Ruleset` checked against the schemas and turned into programs. Every problem is gathered before refusing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import (
    ANYTHING,
    ExpressionError,
    Scope,
    check_and_compile,
    compile_node,
    compile_range,
    paths_read,
    tested,
    type_of,
)
from rsaudit.errors import RulesetError
from rsaudit.messages import ruleset as say
from rsaudit.model import Force, Severity, Verdict
from rsaudit.ruleset.compiled import (
    CompiledCondition,
    CompiledElement,
    CompiledPlaceholder,
    CompiledReview,
    CompiledRule,
    CompiledRuleset,
    Reads,
    printed,
)
from rsaudit.ruleset.profile import profile_of
from rsaudit.ruleset.trees import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rsaudit.conditions import Catalogue, Node, PathRead, Program, RangeProgram, Type
    from rsaudit.ruleset.compiled import Sentence
    from rsaudit.ruleset.declarations import (
        Condition,
        Element,
        Placeholder,
        Range,
        Reserve,
        Review,
        Rule,
        Ruleset,
        SeverityCase,
        Template,
    )


def compile_ruleset(ruleset: Ruleset, catalogue: Catalogue, *, draft: bool = False) -> CompiledRuleset:
    """Check a référentiel against the schemas and compile it; of a `draft`, only what cannot be compiled is refused.

    Raises `RulesetError` listing every problem, each with its file and rule.
    """
    problems: list[str] = []
    try:
        scope = Scope(catalogue, facts=ruleset.facts, parameters=ruleset.parameters)
    except ExpressionError as error:
        raise RulesetError(say.several([f"{ruleset.id} : {error.message}"]), error.hint) from error
    top = _Compiler(
        scope, lambda problem: problems.append(f"{ruleset.id} : {problem}"), None, set(), draft=draft
    )
    used = top.parameters_used
    applies = tuple(top.condition(condition) for condition in ruleset.scope)
    out_of_scope = top.optional_sentence(ruleset.out_of_scope)
    headings = tuple((label, top.sentence(template)) for label, template in ruleset.headings)
    coherences = tuple(
        (top.program(node, "bool"), top.sentence(template)) for node, template in ruleset.coherences
    )
    opposition = [(entry.ranks, entry.reserve) for entry in ruleset.opposition]
    rules = []
    for rule in ruleset.rules:
        reserves = [reserve for ranks, reserve in opposition if rule.rank in ranks]
        compiler = _Compiler(scope.child(), _reporter(problems, rule), rule.value_date, used, draft=draft)
        if not draft:
            _check_declarations(rule, ruleset, compiler.report)
        try:
            rules.append(_compile_rule(rule, compiler, reserves))
        except ExpressionError as error:
            compiler.report(f"{error.message} {error.hint}".strip())
    if not draft:
        problems.extend(_unused_parameters(ruleset, used))
    if problems:
        raise RulesetError(say.several(problems), say.INVALID_FILE_HINT)
    return CompiledRuleset(
        ruleset=ruleset,
        scope=scope,
        applies=applies,
        out_of_scope=out_of_scope,
        rules=tuple(rules),
        rule_ids=tuple(rule.rule.id for rule in rules),
        requirement_ids=tuple(requirement.id for requirement in ruleset.requirements),
        headings=headings,
        coherences=coherences,
        fields=frozenset(top.fields),
        profile=profile_of(ruleset),
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
    _check_profile(rule, ruleset, report)
    ways = [rule.require, rule.elements or None, rule.signal, rule.manual]
    if sum(way is not None for way in ways) != 1:
        report(say.ONE_WAY)
    if (rule.force is Force.INFORMATION) != (rule.signal is not None):
        report(say.INFORMATION_SIGNALS)
    if rule.force is Force.OBLIGATION and not _always_graded(rule):
        report(say.UNGRADED)
    if rule.force is not Force.OBLIGATION and rule.severities:
        report(say.GRADED_FOR_NOTHING)
    expected = {
        Force.OBLIGATION: Verdict.ECART,
        Force.RECOMMANDATION: Verdict.REMARQUE,
        Force.INFORMATION: Verdict.SIGNALEMENT,
    }
    if expected[rule.force] not in rule.messages and not all(e.message for e in rule.elements or [None]):  # type: ignore[union-attr]
        report(say.missing_message(expected[rule.force]))
    if _reserved_major(rule):
        report(say.RESERVED_MAJOR)


def _reserved_major(rule: Rule) -> bool:
    """Say whether something graded `majeur` always carries a reserve: the rule's own, or that of an element."""

    def plain(reserves: tuple[Reserve, ...]) -> bool:
        return any(reserve.when is None for reserve in reserves)

    def grave(cases: tuple[SeverityCase, ...]) -> bool:
        return any(case.severity is Severity.MAJEUR for case in cases)

    graded = [element.severities or rule.severities for element in rule.elements] or [rule.severities]
    return (plain(rule.reserves) and any(map(grave, graded))) or any(
        plain(element.reserves) and grave(element.severities or rule.severities) for element in rule.elements
    )


def _check_profile(rule: Rule, ruleset: Ruleset, report: Callable[[str], None]) -> None:
    """Check that a rule takes a place that the profile has, and evokes values that its list has."""
    plan = ruleset.profile
    parts = {chapter for chapter, _ in plan.parts} if plan else set()
    if rule.profile_role is not None and rule.chapter not in parts:
        report(say.unknown_name("partie du profil", rule.chapter, parts))
    if rule.profile_role == "couverture" and rule.measure is None:
        report(say.COVERAGE_WITHOUT_MEASURE)
    values = {reference.id for reference in plan.references} if plan else set()
    for name in (name for element in rule.elements for name in element.references):
        if name not in values:
            report(say.unknown_name("valeur de renvoi", name, values))


def _always_graded(rule: Rule) -> bool:
    def graded(cases: tuple[SeverityCase, ...]) -> bool:
        return bool(cases) and cases[-1].when is None

    return graded(rule.severities) or (
        bool(rule.elements) and all(graded(e.severities) for e in rule.elements)
    )


def _compile_rule(rule: Rule, compiler: _Compiler, opposition: list[Any]) -> CompiledRule:
    conditions = tuple(compiler.condition(condition) for condition in rule.conditions)
    range_program, slot, table = None, 0, None
    if rule.range is not None:
        range_program, slot, table = compiler.range(rule.range)
    local_programs = [(name, *compiler.local(name, node)) for name, node in rule.locals]
    own_names = [name for name, _, _ in local_programs]
    subject_conditions = tuple(compiler.condition(condition) for condition in rule.subject_conditions)
    early = compiler.needed(own_names, [c.test for c in rule.subject_conditions], dict(rule.locals))
    reviews = tuple(compiler.review(review) for review in rule.reviews)
    require = compiler.optional(rule.require, "bool")
    signal = compiler.optional(rule.signal, "bool")
    elements = tuple(compiler.element(element, dict(rule.locals)) for element in rule.elements)
    judged = [review.when for review in rule.reviews]
    judged += [node for node in (rule.require, rule.signal) if node is not None]
    for element in rule.elements:
        judged += [element.require, *(c.test for c in element.conditions), *(r.when for r in element.review)]
    judging = compiler.needed(own_names, judged, dict(rule.locals)) - early
    measure = None
    if rule.measure is not None:
        with compiler.lenient():
            measure = (
                compiler.program(rule.measure.value, "any"),
                compiler.program(rule.measure.limit, "any"),
                rule.measure.direction,
                printed(compiler.checked(rule.measure.value, "any")[0]),
            )
    with compiler.lenient():
        deadline = compiler.optional(rule.deadline, "date")
        last_due = compiler.optional(rule.last_due, "date")
    main = [node for node in (rule.require, rule.signal) if node is not None]
    if rule.range is not None and table is None:
        main.append(rule.range.items)  # a word or a day has no place of its own: it is read where its list is
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
        series=compiler.optional_sentence(rule.measure.series) if rule.measure is not None else None,
        deadline=deadline,
        last_due=last_due,
        reserves=compiler.reserves((*rule.reserves, *opposition)),
        reads=compiler.reads(main, dict(rule.locals)),
        fields=frozenset(compiler.fields),
        parameters=frozenset(compiler.names & set(compiler.scope.library.parameters)),
    )
    for name in own_names:
        if not compiler.draft and name not in compiler.names:
            compiler.report(say.unused_local(name))
    return compiled


class _Compiler:
    """Checks and compiles the expressions of one rule in one scope, noting what they use."""

    def __init__(
        self,
        scope: Scope,
        report: Callable[[str], None],
        value_date: Node | None,
        parameters: set[str],
        *,
        draft: bool,
    ) -> None:
        self.scope = scope
        self.draft = draft
        self.report = report
        self.names: set[str] = set()
        self.fields: set[str] = set()
        self.parameters_used = parameters
        self._guards: set[str] = set()
        if value_date is not None:
            self.program(value_date, "date")
            scope.value_date = value_date

    def _note(self, node: Node) -> None:
        used = names(node)
        self.names |= used
        self.fields |= {read.path for read in paths_read(node, self.scope)}
        self.parameters_used |= used

    def checked(self, node: Node, expected: str) -> tuple[Type, Program]:
        """Check one expression and compile it."""
        if self.draft:
            return type_of(node, self.scope), compile_node(node, self.scope)
        kind, program = check_and_compile(node, self.scope, expected, guards=self._guards)
        self._note(node)
        return kind, program

    def program(self, node: Node, expected: str) -> Program:
        """Check one expression whose type does not matter further, and compile it."""
        return self.checked(node, expected)[1]

    def optional(self, node: Node | None, expected: str) -> Program | None:
        """Compile an expression that may be absent."""
        return None if node is None else self.program(node, expected)

    def condition(self, condition: Condition) -> CompiledCondition:
        """Compile a condition; what it tests guards what follows."""
        program = self.program(condition.test, "bool")
        self._guards |= tested(condition.test)
        return CompiledCondition(
            test=program, otherwise=self.optional_sentence(condition.otherwise), upcoming=condition.upcoming
        )

    def review(self, review: Review) -> CompiledReview:
        """Compile a case left to human judgement."""
        return CompiledReview(
            when=self.program(review.when, "bool"), motive=self.optional_sentence(review.motive)
        )

    def element(self, element: Element, locals_: dict[str, Node]) -> CompiledElement:
        """Compile a required item; its own conditions guard it alone."""
        outer = set(self._guards)
        compiled = CompiledElement(
            key=element.key,
            title=element.title,
            conditions=tuple(self.condition(condition) for condition in element.conditions),
            reviews=tuple(self.review(review) for review in element.review),
            require=self.program(element.require, "bool"),
            severities=self.severities(element.severities),
            observed=self.optional_sentence(element.observed),
            expected=self.optional_sentence(element.expected),
            message=self.optional_sentence(element.message),
            reserves=self.reserves(element.reserves),
            reads=self.reads([element.require], locals_),
        )
        self._guards = outer
        return compiled

    def severities(self, cases: tuple[SeverityCase, ...]) -> tuple[tuple[Program | None, Severity], ...]:
        """Compile the cases of gravity."""
        return tuple((self.optional(case.when, "bool"), case.severity) for case in cases)

    def reserves(self, entries: Iterable[Reserve]) -> tuple[tuple[Program | None, str], ...]:
        """Compile the cases in which a reserve is printed."""
        return tuple((self.optional(entry.when, "bool"), entry.text) for entry in entries)

    def range(self, spec: Range) -> tuple[RangeProgram, int, str | None]:
        """Declare the range variable; return the range, its slot, and the table its rows come from."""
        program = compile_range(spec.variable, spec.items, spec.where, self.scope)
        self._note(spec.items)
        if spec.where is not None:
            self._note(spec.where)
            self._guards |= tested(spec.where)
        return program, program.slot, program.table

    def local(self, name: str, node: Node) -> tuple[int, Program]:
        """Declare a local name and compile its value."""
        with self.lenient():
            kind, program = self.checked(node, "any")
        return self.scope.declare(name, kind), program

    @contextmanager
    def lenient(self) -> Iterator[None]:
        """Admit silent fields: what is computed from them is unknown, and nothing is decided from it."""
        outer, self._guards = self._guards, {ANYTHING}
        try:
            yield
        finally:
            self._guards = outer

    @staticmethod
    def needed(own: list[str], nodes: Iterable[Node], locals_: dict[str, Node]) -> set[str]:
        """Return the local names that expressions need, through other local names too."""
        wanted = {name for node in nodes for name in names(node)} & set(own)
        frontier = set(wanted)
        while frontier:
            deeper = {name for one in frontier for name in names(locals_[one])} & set(own)
            frontier = deeper - wanted
            wanted |= deeper
        return wanted

    def reads(self, nodes: Iterable[Node], locals_: dict[str, Node]) -> Reads:
        """Return what gives the facts that expressions read, through local names too, each once, in reading order."""
        kept = tuple(nodes)

        def found() -> tuple[PathRead, ...]:
            reads: dict[Any, PathRead] = {}
            for node in kept:
                wanted = self.needed(list(locals_), [node], locals_)
                for one in (node, *(locals_[name] for name in locals_ if name in wanted)):
                    for read in paths_read(one, self.scope):
                        if not self.scope.catalogue.is_landmark(read.path):
                            reads.setdefault((read.root, read.keys), read)
            return tuple(reads.values())

        return Reads(found)

    def sentence(self, template: Template) -> Sentence:
        """Compile the placeholders of a sentence."""
        return tuple(part if isinstance(part, str) else self._placeholder(part) for part in template)

    def _placeholder(self, part: Placeholder) -> CompiledPlaceholder:
        with self.lenient():
            kind, program = self.checked(part.node, "any")
        return CompiledPlaceholder(program, printed(kind), part.singular, part.plural)

    def optional_sentence(self, template: Template | None) -> Sentence | None:
        """Compile a sentence that may be absent."""
        return None if template is None else self.sentence(template)
