"""The program and the naive evaluator on the same thing: where they contradict each other, where one knows more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import Scope, Unknown, compile_node, parse
from rsaudit.conditions import World as ProgramWorld
from rsaudit.engine.judgement import judge
from rsaudit.model import Verdict
from solidite.generation import AS_OF, CATALOGUE, PARAMETERS
from solidite.reference import ImpossibleError, Nothing, Oracle, World, evaluate, every_way
from solidite.reference_rules import EMPTY, WHOLE, Subject, subject_of, verdicts

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from rsaudit.conditions import Catalogue, FactDeclaration, Node
    from rsaudit.ruleset import CompiledRule, CompiledRuleset


@dataclass(slots=True)
class Compared:
    """One thing judged twice."""

    completions: int = 0
    """Ways to complete the dossier that were compared."""
    whole: bool = False
    """Every way that matters was tried."""
    contradiction: str = ""
    undecided: str = ""
    """What every way decides alike and the program leaves open."""


@dataclass(slots=True)
class Ways:
    """What the reference finds under many completions."""

    found: list[Any] = field(default_factory=list)
    whole: bool = False
    certain: bool = False
    """Nothing had to be chosen: the dossier says all that is read."""


def ways(value: Callable[[Oracle], Any], most: int, rng: random.Random) -> Ways:
    """Return what is found under each completion, or under `most` of them, drawn when there are more."""
    asked = [0]

    def noted(oracle: Oracle) -> Any:
        found = value(oracle)
        asked[0] += oracle.asked
        return found

    found, whole = every_way(noted, most)
    if not whole:
        for _ in range(most):
            try:
                found.append(noted(Oracle(draw=rng.randrange)))
            except ImpossibleError:
                continue
    return Ways(found, whole, asked[0] == 0)


# -- expressions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression compiled once, to be compared on many dossiers."""

    text: str
    node: Node
    scope: Scope
    run: Any
    facts: tuple[FactDeclaration, ...]


def compiled(text: str, facts: tuple[FactDeclaration, ...] = ()) -> Expression:
    """Compile an expression on the small schema; raises `ExpressionError`."""
    scope = Scope(CATALOGUE, facts=facts, parameters=PARAMETERS)
    node = parse(text)
    return Expression(text, node, scope, compile_node(node, scope), facts)


def worth(expression: Expression, data: dict[str, Any]) -> bool | None:
    """Return what the program says of a condition; `None` when it cannot tell."""
    world = ProgramWorld({"f": data}, as_of=AS_OF, scope=expression.scope)
    value = expression.run(world.frame(expression.scope))
    return None if isinstance(value, Unknown) else value


def compare_expression(
    expression: Expression, data: dict[str, Any], rng: random.Random, *, most: int, complete: bool
) -> Compared:
    """Compare on one dossier; `complete` asks the program to decide what every completion decides."""
    said = worth(expression, data)

    def naive(oracle: Oracle) -> bool | None:
        world = World(
            {"f": data},
            as_of=AS_OF,
            catalogue=CATALOGUE,
            oracle=oracle,
            facts=expression.facts,
            parameters=PARAMETERS,
        )
        value = evaluate(expression.node, world, {})
        return None if isinstance(value, Nothing) else value

    found = ways(naive, most, rng)
    result = Compared(len(found.found), found.whole)
    told = f"{expression.text} sur {data}"
    different = {value for value in found.found if value is not said}
    if different and (said is not None or found.certain):
        result.contradiction = f"{told} : {said} contre {different}"
    if (
        complete
        and found.whole
        and said is None
        and len(set(found.found)) == 1
        and found.found[0] is not None
    ):
        result.undecided = f"{told} : toujours {found.found[0]}"
    return result


# -- rules ---------------------------------------------------------------------------------------------------


def program_verdicts(
    ruleset: CompiledRuleset, rule: CompiledRule, data: dict[str, Any], day: date
) -> dict[Subject, tuple[Verdict, bool]]:
    """Return what the program concludes on each subject, and whether it decided; rows nobody showed aside."""
    world = ProgramWorld(data, as_of=day, scope=ruleset.scope)
    found = {}
    for outcome, item, _ in judge(rule, world):
        if outcome.unseen is None:
            key = outcome.element.key if outcome.element is not None else None
            subject = EMPTY if outcome.empty else subject_of(item, key)
            decided = outcome.verdict is not Verdict.NON_VERIFIABLE and not outcome.causes
            found[subject] = (outcome.verdict, decided)
    return found


def compare_rule(
    ruleset: CompiledRuleset,
    rule: CompiledRule,
    data: dict[str, Any],
    day: date,
    catalogue: Catalogue,
    rng: random.Random,
    *,
    most: int,
    complete: bool = False,
) -> Compared:
    """Compare the verdicts of one rule on one dossier."""
    said = program_verdicts(ruleset, rule, data, day)

    def naive(oracle: Oracle) -> dict[Subject, Verdict]:
        world = World(
            data,
            as_of=day,
            catalogue=catalogue,
            oracle=oracle,
            facts=ruleset.ruleset.facts,
            parameters=ruleset.ruleset.parameters,
        )
        return verdicts(rule.rule, world)

    found = ways(naive, most, rng)
    result = Compared(len(found.found), found.whole)
    result.contradiction = _contradiction(said, found)
    if complete and found.whole:
        result.undecided = _undecided(said, found.found)
    return result


def _contradiction(said: dict[Subject, tuple[Verdict, bool]], found: Ways) -> str:
    for one in found.found:
        if found.certain:
            plain = {subject: verdict for subject, (verdict, _) in said.items()}
            if plain != one:
                said_alone, found_alone = plain.items() - one.items(), one.items() - plain.items()
                return f"tout est connu : {_told(said_alone)} contre {_told(found_alone)}"
        for subject, (verdict, decided) in said.items():
            if decided and one.get(subject) != verdict:
                return f"{subject[1] or 'sujet'} : {verdict} contre {one.get(subject)}"
        shown = {item for item, _ in said}
        more = [item for item, _ in one if item not in shown and (item, None) != EMPTY]
        if more and not (WHOLE in said and not said[WHOLE][1]):
            return f"un sujet de plus : {_told(one.items())}"
    return ""


def _undecided(said: dict[Subject, tuple[Verdict, bool]], found: Sequence[dict[Subject, Verdict]]) -> str:
    for subject, (verdict, decided) in said.items():
        alike = {one.get(subject) for one in found}
        if not decided and len(alike) == 1 and alike != {verdict}:
            return f"{verdict} là où chaque façon de compléter donne {alike}"
    return ""


def _told(concluded: Iterable[tuple[Subject, Verdict]]) -> str:
    return ", ".join(sorted(f"{element or 'sujet'} {verdict}" for (_, element), verdict in concluded))
