"""`expliquer`: a rule as a jurist reads it, and its evaluation line by line on a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.conditions import Scope, World, trace, unparse
from rsaudit.engine.findings import Wording
from rsaudit.engine.judgement import judge
from rsaudit.errors import UsageError
from rsaudit.messages import explanation as say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rsaudit.conditions import Node
    from rsaudit.engine.judgement import Outcome
    from rsaudit.loading import Dossier
    from rsaudit.ruleset import CompiledRule, CompiledRuleset, Rule
    from rsaudit.vocabulary import Vocabulary


def describe(ruleset: CompiledRuleset, compiled: CompiledRule, *, as_of: date, vocabulary: Vocabulary) -> str:
    """Write a rule for a jurist: text and rank, what is required, values in force, readings, reserve, cases."""
    rule = compiled.rule
    lines = [
        say.title(rule.id, rule.title),
        say.legal(rule),
        *say.requirements(rule, ruleset.ruleset.requirements),
    ]
    lines += say.section(say.REQUIRED, _required(rule))
    lines += say.section(say.VALUES, _values(ruleset, compiled, as_of))
    lines += say.section(say.READINGS, _readings(ruleset, rule))
    lines += say.section(
        say.RESERVE,
        [say.labelled(title, one.text) if title else one.text for title, one in rule.every_reserve],
    )
    lines += say.section(
        say.PROOF, [rule.proof, rule.remedy, *(vocabulary.piece(code) for code in rule.piece)]
    )
    lines += say.section(say.CASES, [say.case(case) for case in rule.cases])
    return "\n".join(lines)


def _required(rule: Rule) -> Iterator[str]:
    for condition in rule.conditions:
        yield say.labelled(say.WHEN, unparse(condition.test))
    if rule.range is not None:
        where = f" où {unparse(rule.range.where)}" if rule.range.where is not None else ""
        yield say.labelled(say.FOR_EACH, f"{rule.range.variable} dans {unparse(rule.range.items)}{where}")
    for condition in rule.subject_conditions:
        yield say.labelled(say.WHEN_SUBJECT, unparse(condition.test))
    for name, node in rule.locals:
        yield say.labelled(say.WITH, f"{name} = {unparse(node)}")
    for review in rule.reviews:
        yield say.labelled(say.REVIEW_WHEN, unparse(review.when))
    if rule.manual is not None:
        yield say.labelled(say.QUESTION, rule.manual.question)
        yield say.labelled(say.LOOK_AT, rule.manual.look_at)
    for demand in (rule.require, rule.signal):
        if demand is not None:
            yield say.labelled(say.REQUIRE, unparse(demand))
    for element in rule.elements:
        yield say.labelled(element.title, unparse(element.require))


def _values(ruleset: CompiledRuleset, compiled: CompiledRule, as_of: date) -> Iterator[str]:
    for note in ruleset.ruleset.parameter_notes:
        if note.name in compiled.parameters:
            yield from say.parameter(note, as_of)


def _readings(ruleset: CompiledRuleset, rule: Rule) -> Iterator[str]:
    for reading in ruleset.ruleset.readings:
        if reading.id in rule.readings:
            yield say.reading(reading)


def evaluation(
    ruleset: CompiledRuleset,
    compiled: CompiledRule,
    dossier: Dossier,
    *,
    as_of: date,
    vocabulary: Vocabulary,
    subject: str | None = None,
) -> str:
    """Write how a rule was evaluated on a dossier: each sub-expression, its value or bounds, its file and line.

    Raises `UsageError` when `subject` names nothing the rule ranges over.
    """
    world = World(dossier.data, as_of=as_of, scope=ruleset.scope)
    wording = Wording(dossier.data, dossier.locator, vocabulary, ruleset.ruleset.id)
    blocks, known = [], []
    for outcome, item, frame in judge(compiled, world):
        key = wording.subject_key(item)
        known.append(key)
        if subject is None or key == subject:
            told = say.verdict(wording.finding(compiled, outcome, item, frame))
            blocks.append("\n".join([told, *_lines(compiled, outcome, frame, wording, dossier)]))
    if not blocks:
        raise UsageError(say.no_subject(subject or "", known), say.NO_SUBJECT_HINT)
    return "\n\n".join([say.title(compiled.rule.id, compiled.rule.title), *blocks])


def _lines(
    compiled: CompiledRule, outcome: Outcome, frame: list[Any], wording: Wording, dossier: Dossier
) -> Iterator[str]:
    assert isinstance(compiled.scope, Scope)  # noqa: S101 - rules to explain are compiled from their files
    for label, node in _evaluated(compiled.rule, outcome):
        yield f"  {label}"
        for line in trace(node, compiled.scope, frame):
            places = [
                dossier.locator.position(container, key) or dossier.locator.nearest(container, key)
                for container, key in line.reads
            ]
            yield say.trace_line(
                line.depth, line.text, wording.value(line.value, line.type), line.value, places
            )


def _evaluated(rule: Rule, outcome: Outcome) -> Iterator[tuple[str, Node]]:
    for condition in rule.conditions:
        yield say.WHEN, condition.test
    if outcome.condition is not None or outcome.unseen is not None or outcome.empty:
        return
    for condition in rule.subject_conditions:
        yield say.WHEN_SUBJECT, condition.test
    for name, node in rule.locals:
        yield f"{say.WITH} {name}", node
    for review in rule.reviews:
        yield say.REVIEW_WHEN, review.when
    if outcome.element is not None:
        yield outcome.element.title, next(e.require for e in rule.elements if e.key == outcome.element.key)
    for demand in (rule.require, rule.signal):
        if demand is not None:
            yield say.REQUIRE, demand
