"""The verdict of a rule by the naive evaluator: the table of the language, read line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.model import Force, Verdict
from solidite.reference import Nothing, Thing, World, evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.conditions import Node
    from rsaudit.ruleset import Rule

Subject = tuple[Any, str | None]
"""What a verdict is about: the row (by `id`), year, day or word a rule ranges over, and the element."""

WHOLE: Subject = (None, None)
EMPTY: Subject = ("rien", None)
"""A rule that ranges over nothing at all."""


def subject_of(item: Any, element: str | None) -> Subject:
    """Name the subject of a verdict, whether the program or the reference gives it."""
    if isinstance(item, Thing):
        item = item.data
    return (id(item) if isinstance(item, dict) else item, element)


def verdicts(rule: Rule, world: World) -> dict[Subject, Verdict]:
    """Return the verdict of a rule on each subject that the dossier shows, in one completion."""
    env: dict[str, Any] = {}
    world.value_date = (rule.value_date, env) if rule.value_date is not None else None
    _locals(rule, world, env)
    early = _conditions(rule, rule.conditions, world, env)
    if early is not None:
        return {WHOLE: early}
    if rule.range is None:
        return _subject(rule, world, env, None)
    items = evaluate(rule.range.items, world, env)
    found: dict[Subject, Verdict] = {}
    unseen = False
    for item in [] if isinstance(items, Nothing) else items:
        own = {rule.range.variable: item}
        world.value_date = (rule.value_date, own) if rule.value_date is not None else None
        _locals(rule, world, own)
        if _is_in(rule.range.where, world, own):
            unseen = unseen or world.is_unseen(item)
            found |= {} if world.is_unseen(item) else _subject(rule, world, own, item)
    return found if found or unseen else {EMPTY: Verdict.NON_CONCERNE}


def _locals(rule: Rule, world: World, env: dict[str, Any]) -> None:
    """Let each local name be worked out when it is read, once; it knows those written before it, not itself."""
    for name, node in rule.locals:
        env[name] = _once(node, world, dict(env))


def _once(node: Node, world: World, env: dict[str, Any]) -> Any:
    kept: list[tuple[Any, bool]] = []

    def value() -> Any:
        if not kept:
            before = world.oracle.asked
            kept.append((evaluate(node, world, env), world.oracle.asked > before))
        world.oracle.asked += kept[0][1]
        return kept[0][0]

    return value


def _is_in(where: Node | None, world: World, env: dict[str, Any]) -> bool:
    if where is None:
        return True
    value = evaluate(where, world, env)
    return world.oracle.choose(None, (True, False)) if isinstance(value, Nothing) else bool(value)


def _subject(rule: Rule, world: World, env: dict[str, Any], item: Any) -> dict[Subject, Verdict]:
    whole = subject_of(item, None)
    settled = _conditions(rule, rule.subject_conditions, world, env) or _reviews(
        rule, rule.reviews, world, env
    )
    if settled is not None:
        return {whole: settled}
    if not rule.elements:
        return {whole: _judged(rule, world, env)}
    return {
        subject_of(item, element.key): _conditions(rule, element.conditions, world, env)
        or _reviews(rule, element.review, world, env)
        or _required(rule, element.require, world, env)
        for element in rule.elements
    }


def _judged(rule: Rule, world: World, env: dict[str, Any]) -> Verdict:
    if rule.signal is not None:
        value = evaluate(rule.signal, world, env)
        if isinstance(value, Nothing):
            return _undecided(rule, [value])
        return Verdict.SIGNALEMENT if value else Verdict.NON_CONCERNE
    return Verdict.A_VERIFIER if rule.require is None else _required(rule, rule.require, world, env)


def _required(rule: Rule, node: Node, world: World, env: dict[str, Any]) -> Verdict:
    value = evaluate(node, world, env)
    if isinstance(value, Nothing):
        return _undecided(rule, [value])
    if value:
        return Verdict.CONFORME
    return Verdict.ECART if rule.force is Force.OBLIGATION else Verdict.REMARQUE


def _conditions(rule: Rule, entries: Sequence[Any], world: World, env: dict[str, Any]) -> Verdict | None:
    values = [evaluate(entry.test, world, env) for entry in entries]
    if False in values:
        return Verdict.NON_CONCERNE
    lost = [value for value in values if isinstance(value, Nothing)]
    return _undecided(rule, lost) if lost else None


def _reviews(rule: Rule, entries: Sequence[Any], world: World, env: dict[str, Any]) -> Verdict | None:
    values = [evaluate(entry.when, world, env) for entry in entries]
    if True in values:
        return Verdict.A_VERIFIER
    lost = [value for value in values if isinstance(value, Nothing)]
    return _undecided(rule, lost) if lost else None


def _undecided(rule: Rule, lost: Sequence[Nothing]) -> Verdict:
    return rule.lapsed if all(value.lapsed for value in lost) else Verdict.NON_VERIFIABLE
