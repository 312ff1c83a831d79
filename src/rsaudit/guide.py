"""What the guide prints of a référentiel, as plain data: each rule by chapter, and what covers each exigence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import unparse
from rsaudit.messages import FORCE_LABELS, RANK_LABELS, SEVERITY_LABELS, VERDICT_LABELS, typographic
from rsaudit.messages import explanation as words
from rsaudit.messages import guide as say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rsaudit.ruleset import CompiledRule, CompiledRuleset, Rule, Ruleset
    from rsaudit.ruleset.declarations import Condition, Placeholder, Reserve, SeverityCase, Template
    from rsaudit.vocabulary import Vocabulary


def guide_data(compiled: CompiledRuleset, *, as_of: date, vocabulary: Vocabulary) -> dict[str, Any]:
    """Give all that the guide says of one référentiel."""
    ruleset = compiled.ruleset
    order = [entry.id for entry in ruleset.requirements]
    chapters = []
    for chapter in ruleset.chapters:
        rules = [
            {
                "id": rule.rule.id,
                "title": rule.rule.title,
                "origin": rule.rule.origin if rule.rule.origin != ruleset.id else "",
                "lines": _lines(compiled, rule, as_of, vocabulary),
            }
            for rule in sorted(
                compiled.rules, key=lambda each: (min(map(order.index, each.rule.requirements)), each.rule.id)
            )
            if rule.rule.chapter == chapter.id
        ]
        if rules:
            chapters.append({"id": chapter.id, "title": chapter.title, "rules": rules})
    coverage = [
        {
            "id": entry.id,
            "summary": entry.summary,
            "nature": say.NATURES[entry.nature],
            "rules": [rule.rule.id for rule in compiled.rules if entry.id in rule.rule.requirements],
        }
        for entry in ruleset.requirements
    ]
    return {
        "id": ruleset.id,
        "title": ruleset.title,
        "version": ruleset.version,
        "scope": ruleset.scope_text,
        "parent": ruleset.parent or "",
        "overrides": [
            {
                "rule": one.rule,
                "action": say.ACTIONS[one.action],
                "reason": typographic(one.reason),
                "source": typographic(one.source),
            }
            for one in ruleset.overrides
        ],
        "chapters": chapters,
        "coverage": coverage,
        "totals": list(Counter(str(row["nature"]) for row in coverage).items()),
    }


def _lines(
    compiled: CompiledRuleset, rule: CompiledRule, as_of: date, vocabulary: Vocabulary
) -> list[tuple[str, list[str]]]:
    own = rule.rule
    ruleset = compiled.ruleset
    text = [part for part in (own.text.document, own.text.article, own.text.place) if part]
    known = _known(ruleset, as_of)
    opposition = [one.reserve for one in ruleset.opposition if own.rank in one.ranks]
    blocks: list[tuple[str, list[str]]] = [
        (say.REQUIREMENTS, list(own.requirements)),
        (say.TEXT, [", ".join(text)]),
        (say.BASIS, [own.text.basis or ""]),
        (say.RANK, [f"{RANK_LABELS[own.rank]}, {FORCE_LABELS[own.force]}"]),
        (say.ASKED, list(_asked(own, known))),
        (say.CONDITIONS, list(_required(own, known))),
        (
            say.MESSAGES,
            [words.labelled(VERDICT_LABELS[key], _said(one, known)) for key, one in own.messages.items()],
        ),
        (
            words.VALUES,
            [
                line
                for note in ruleset.parameter_notes
                if note.name in rule.parameters
                for line in words.parameter(note, as_of)
            ],
        ),
        (words.READINGS, [words.reading(one) for one in ruleset.readings if one.id in own.readings]),
        (
            words.RESERVE,
            [
                _reserve(title, one)
                for title, one in (*own.every_reserve, *((None, each) for each in opposition))
            ],
        ),
        (say.GRAVITY, list(_gravity(own.severities))),
        (say.WHY, [own.severity_reason or ""]),
        (say.PROOF, [own.proof]),
        (say.REMEDY, [own.remedy]),
        (say.PIECE, [vocabulary.piece(code) for code in own.piece]),
    ]
    return [(label, kept) for label, lines in blocks if (kept := [line for line in lines if line])]


def _known(ruleset: Ruleset, as_of: date) -> dict[str, str]:
    """Give the words that a sentence of the guide puts for a value in force, or for a derived fact."""
    values = {
        note.name: words.entry_value(note, entry)
        for note in ruleset.parameter_notes
        for entry in note.entries
        if "valeur" in entry and words.in_force(entry, as_of)
    }
    return {**{name: f"{{{title.lower()}}}" for name, (title, _) in ruleset.fact_titles.items()}, **values}


def _asked(rule: Rule, known: dict[str, str]) -> Iterator[str]:
    """Say in plain French what a rule awaits: its question, what it expects, the items it lists."""
    if rule.manual is not None:
        yield typographic(rule.manual.question)
        yield words.labelled(words.LOOK_AT, typographic(rule.manual.look_at))
    if rule.expected is not None:
        yield _said(rule.expected, known)
    for element in rule.elements:
        expected = element.expected
        yield words.labelled(element.title, _said(expected, known)) if expected else element.title


def _required(rule: Rule, known: dict[str, str]) -> Iterator[str]:
    yield from _conditions(words.WHEN, rule.conditions, known)
    if rule.range is not None:
        where = f" où {unparse(rule.range.where)}" if rule.range.where is not None else ""
        yield words.labelled(words.FOR_EACH, f"{rule.range.variable} dans {unparse(rule.range.items)}{where}")
    yield from _conditions(words.WHEN_SUBJECT, rule.subject_conditions, known)
    for name, node in rule.locals:
        yield words.labelled(words.WITH, f"{name} = {unparse(node)}")
    for review in rule.reviews:
        yield words.labelled(words.REVIEW_WHEN, unparse(review.when))
    for demand in (rule.require, rule.signal):
        if demand is not None:
            yield words.labelled(words.REQUIRE, unparse(demand))
    for element in rule.elements:
        yield words.labelled(element.title, unparse(element.require))
        yield from _gravity(element.severities)
        if element.message is not None:
            yield words.labelled(say.BREACH, _said(element.message, known))


def _conditions(label: str, conditions: tuple[Condition, ...], known: dict[str, str]) -> Iterator[str]:
    for condition in conditions:
        otherwise = f" ({say.otherwise(_said(condition.otherwise, known))})" if condition.otherwise else ""
        yield words.labelled(label, unparse(condition.test)) + otherwise


def _reserve(title: str | None, reserve: Reserve) -> str:
    """Write a reserve with the item it is about and the case it is for."""
    text = words.labelled(title, reserve.text) if title else reserve.text
    return text if reserve.when is None else f"{text} ({say.when(unparse(reserve.when))})"


def _gravity(cases: tuple[SeverityCase, ...]) -> Iterator[str]:
    for case in cases:
        if case.when is not None:
            yield f"{SEVERITY_LABELS[case.severity]}, {say.when(unparse(case.when))}"
        else:
            yield say.unconditional(SEVERITY_LABELS[case.severity], alone=len(cases) == 1)


def _said(template: Template, known: dict[str, str]) -> str:
    """Write a sentence as its rule has it: the values in force, and between braces what a dossier will give."""
    return "".join(part if isinstance(part, str) else _value(part, known) for part in template)


def _value(part: Placeholder, known: dict[str, str]) -> str:
    """Write a value of a sentence, with the noun it counts when there is one."""
    name = unparse(part.node)
    return f"{known.get(name, f'{{{name}}}')}{f' {part.plural}' if part.plural else ''}"
