"""Référentiels changed in one place: the cases written in the rule files must notice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

from rsaudit.cases import case_dossier, judge_case
from rsaudit.cli.session import Session
from rsaudit.conditions import ExpressionError, unparse
from rsaudit.conditions.nodes import Not
from rsaudit.errors import RulesetError
from rsaudit.loading import read_yaml
from rsaudit.ruleset import compile_ruleset
from solidite.campaign import Campaign, Outcome, Scale
from solidite.changes import node_changes, parameter_changes, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsaudit.conditions import Node
    from rsaudit.loading import Dossier
    from rsaudit.ruleset import CompiledRule, CompiledRuleset, Rule, Ruleset

FLOOR = 95
"""At least this share of the mutants, in %, must be noticed."""
_DRAWN_FLOOR = 85
"""The same of a few drawn mutants: chance leaves it some room."""
_FEW = 40
_EQUIVALENTS = Path(__file__).resolve().parent.parent / "mutants_equivalents.yaml"
_SESSION = Session()
_Changed = TypeVar("_Changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A référentiel changed in one place, and the rules whose cases may tell."""

    name: str
    """référentiel/rule : place : before ⇒ after."""
    ruleset: Ruleset
    rules: tuple[str, ...]


# -- where a rule decides ------------------------------------------------------------------------------------


Place = tuple[str, "Node", "Callable[[Any], Any]", Any]
"""An expression that decides: its place, itself, what puts another there, the rule without it (or `None`)."""

_ENTRIES = (
    ("si", "conditions", "test"),
    ("si_sujet", "subject_conditions", "test"),
    ("a_verifier_si", "reviews", "when"),
    ("a_verifier_si", "review", "when"),
    ("gravite", "severities", "when"),
)


def _entry_place(rule: Any, place: str, name: str, rank: int, part: str) -> Place:
    entries = getattr(rule, name)

    def put(new: Any) -> Any:
        changed = replace(entries[rank], **{part: new})
        return replace(rule, **{name: (*entries[:rank], changed, *entries[rank + 1 :])})

    without = replace(rule, **{name: (*entries[:rank], *entries[rank + 1 :])})
    return place, getattr(entries[rank], part), put, without


def _field_place(owner: Any, place: str, name: str, into: Callable[[Any], Any] | None = None) -> Place:
    def put(new: Any) -> Any:
        changed = replace(owner, **{name: new})
        return into(changed) if into is not None else changed

    return place, getattr(owner, name), put, None


def _places(rule: Any) -> Iterator[Place]:
    """Yield each expression of a rule, or of one of its elements, that decides a verdict or a gravity.

    What only a sentence, a reserve or a deadline reads decides nothing.
    """
    for place, name, part in _ENTRIES:
        for rank, entry in enumerate(getattr(rule, name, ())):
            if getattr(entry, part) is not None:
                yield _entry_place(rule, place, name, rank, part)
    for place, name in (("exiger", "require"), ("signaler", "signal")):
        if getattr(rule, name, None) is not None:
            yield _field_place(rule, place, name)


def _rule_places(rule: Rule) -> Iterator[Place]:
    yield from _places(rule)
    for rank, element in enumerate(rule.elements):
        for place in _places(element):
            yield _in_element(rule, rank, place)
    if rule.range is not None:
        yield _field_place(rule.range, "pour_chaque", "items", lambda changed: replace(rule, range=changed))
        if rule.range.where is not None:
            name, node, put, _ = _field_place(
                rule.range, "pour_chaque", "where", lambda changed: replace(rule, range=changed)
            )
            yield name, node, put, put(None)
    judged = _judged_locals(rule)
    for rank, (name, _) in enumerate(rule.locals):
        if name in judged:
            yield _local_place(rule, rank)


def _in_element(rule: Rule, rank: int, place: Place) -> Place:
    def inside(element: Any) -> Rule:
        return replace(rule, elements=(*rule.elements[:rank], element, *rule.elements[rank + 1 :]))

    name, node, put, without = place
    return (
        f"{rule.elements[rank].key}.{name}",
        node,
        lambda new: inside(put(new)),
        None if without is None else inside(without),
    )


def _local_place(rule: Rule, rank: int) -> Place:
    name, node = rule.locals[rank]

    def put(new: Any) -> Rule:
        return replace(rule, locals=(*rule.locals[:rank], (name, new), *rule.locals[rank + 1 :]))

    return f"avec {name}", node, put, None


def _judged_locals(rule: Rule) -> set[str]:
    """Return the local names that a verdict or a gravity needs, through other local names too."""
    parts = [rule, *rule.elements]
    wanted = {name for part in parts for _, node, _, _ in _places(part) for name in words(node)}
    formulas = dict(rule.locals)
    while more := {name for one in wanted & set(formulas) for name in words(formulas[one])} - wanted:
        wanted |= more
    return wanted & set(formulas)


_NEGATED = ("si", "si_sujet", "a_verifier_si", "gravite", "exiger", "signaler", "pour_chaque")


def rule_mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield each rule changed in one place of what decides its verdict or its gravity."""
    yield from _told_apart(_rule_changes(rule))


def _rule_changes(rule: Rule) -> Iterator[tuple[str, Rule]]:
    for place, node, put, without in _rule_places(rule):
        for before, after, whole in node_changes(node):
            yield f"{place} : {unparse(before)} ⇒ {unparse(after)}", put(whole)
        is_list = place == "pour_chaque" and rule.range is not None and node is rule.range.items
        if place.rsplit(".", 1)[-1] in _NEGATED and not is_list:
            yield f"{place} : {unparse(node)} ⇒ {unparse(Not(node))}", put(Not(node))
        if without is not None:
            yield f"{place} : {unparse(node)} ⇒ rien", without


def _told_apart(changes: Iterator[tuple[str, _Changed]]) -> Iterator[tuple[str, _Changed]]:
    """Yield each change once; what is told in the same words of another place has its rank."""
    told: dict[str, list[_Changed]] = {}
    for name, changed in changes:
        others = told.setdefault(name, [])
        if changed not in others:
            others.append(changed)
            yield name if len(others) == 1 else f"{name} (n° {len(others)})", changed


# -- mutants of a référentiel --------------------------------------------------------------------------------


def mutants(ruleset: Ruleset) -> Iterator[Mutant]:
    """Yield every mutant of a référentiel: of its own rules, of its dated values, of the facts it computes."""
    for rule in ruleset.rules:
        for name, changed in rule_mutants(rule):
            yield Mutant(
                name=f"{ruleset.id}/{rule.id} : {name}",
                ruleset=replace(ruleset, rules=(changed,)),
                rules=(rule.id,),
            )
    users = _users(ruleset)
    for rank, parameter in enumerate(ruleset.parameters):
        used = users(parameter.name)
        for told, moved in parameter_changes(parameter) if used else ():
            parameters = (*ruleset.parameters[:rank], moved, *ruleset.parameters[rank + 1 :])
            yield Mutant(
                name=f"{ruleset.id}/{parameter.name} : {told}",
                ruleset=replace(ruleset, parameters=parameters),
                rules=used,
            )
    for rank, fact in enumerate(ruleset.facts):
        used = users(fact.name)
        owner = f"{fact.table}." if fact.table else ""
        for told, node in _told_apart(_fact_changes(fact.node)) if used else ():
            facts = (*ruleset.facts[:rank], replace(fact, node=node), *ruleset.facts[rank + 1 :])
            yield Mutant(
                name=f"{ruleset.id}/faits/{owner}{fact.name} : {told}",
                ruleset=replace(ruleset, facts=facts),
                rules=used,
            )


def _fact_changes(node: Node) -> Iterator[tuple[str, Node]]:
    for before, after, whole in node_changes(node):
        yield f"{unparse(before)} ⇒ {unparse(after)}", whole


def _users(ruleset: Ruleset) -> Callable[[str], tuple[str, ...]]:
    """Return what tells which rules read a parameter or a fact, through other facts too."""
    by_fact = {name: set[str]() for name in {fact.name for fact in ruleset.facts}}
    for fact in ruleset.facts:
        by_fact[fact.name] |= words(fact.node)
    reading = {}
    for rule in ruleset.rules:
        read = {word for _, node, _, _ in _rule_places(rule) for word in words(node)}
        read |= words(rule.value_date) if rule.value_date is not None else set()
        while more := {word for one in read & set(by_fact) for word in by_fact[one]} - read:
            read |= more
        reading[rule.id] = read
    return lambda name: tuple(rule for rule, read in reading.items() if name in read)


# -- noticing ------------------------------------------------------------------------------------------------


@cache
def rulesets() -> dict[str, CompiledRuleset]:
    """Return the shipped référentiels by id, compiled once."""
    return {compiled.ruleset.id: compiled for compiled in _SESSION.rulesets([])}


@cache
def _dossiers(ruleset: str, rule: str) -> list[Dossier]:
    own = rulesets()[ruleset].ruleset
    cases = next(one.cases for one in own.rules if one.id == rule)
    return [case_dossier(own, rule, case, _SESSION.schemas) for case in cases]


def noticed(mutant: Mutant) -> bool:
    """Say whether the mutant is refused at loading, or gives another verdict than a case expects."""
    kept = [rule for rule in mutant.ruleset.rules if rule.id in mutant.rules]
    try:
        compiled = compile_ruleset(replace(mutant.ruleset, rules=tuple(kept)), _SESSION.catalogue, draft=True)
        alone = structs.replace(compiled, headings=(), coherences=(), applies=())
        return any(_fails(alone, rule) for rule in compiled.rules)
    except (RulesetError, ExpressionError):
        return True


def _fails(compiled: CompiledRuleset, rule: CompiledRule) -> bool:
    one = structs.replace(compiled, rules=(rule,), rule_ids=(rule.rule.id,))
    return any(
        not judge_case(one, rule, case, dossier, _SESSION.vocabulary).passed
        for case, dossier in zip(rule.rule.cases, _dossiers(compiled.ruleset.id, rule.rule.id), strict=True)
    )


def equivalents() -> dict[str, str]:
    """Return the mutants that change nothing anyone can see, and why."""
    entries = read_yaml(_EQUIVALENTS.read_bytes(), _EQUIVALENTS.name).data["equivalents"]
    return {entry["mutant"]: entry["raison"] for entry in entries}


def _run(scale: Scale) -> Outcome:
    outcome = Outcome()
    excused = equivalents()
    every = [mutant for compiled in rulesets().values() for mutant in mutants(compiled.ruleset)]
    tried = scale.chosen(every, _FEW, "mutants")
    survivors = [mutant.name for mutant in tried if not noticed(mutant)]
    alive = [name for name in survivors if name not in excused]
    counted = len(tried) - (len(survivors) - len(alive))
    outcome.figures |= {
        "mutants": len(tried),
        "équivalents, avec leur raison": len(survivors) - len(alive),
        "remarqués": f"{counted - len(alive)} sur {counted}",
        "part remarquée": f"{100 * (counted - len(alive)) / max(1, counted):.2f} %".replace(".", ","),
    }
    outcome.remarks += [f"survivant : {name}" for name in alive]
    names = {mutant.name for mutant in tried}
    outcome.failures += [
        f"dit équivalent, mais remarqué : {name}"
        for name in excused
        if name in names and name not in survivors
    ]
    known = {mutant.name for mutant in every}
    outcome.failures += [
        f"dit équivalent, mais n’existe plus : {name}" for name in excused if name not in known
    ]
    floor = _DRAWN_FLOOR if scale.short else FLOOR
    if 100 * len(alive) > (100 - floor) * counted:
        outcome.failures.append(f"moins de {floor} % des mutants sont remarqués")
    return outcome


CAMPAIGN = Campaign(
    name="mutants",
    promise="un référentiel changé en un seul endroit est remarqué par les cas de ses règles.",
    run=_run,
)
