"""A naive evaluator over data that are wholly known: what a condition means when nothing is missing.

It shares nothing with the program but the tree. `None` is what has no value: the least of nothing, a share of nothing,
an item that is not the only one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rsaudit.conditions.nodes import (
    Aggregate,
    Chain,
    Comparison,
    Field,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Truth,
)

Env = dict[str, Any]


def evaluate(node: Node, env: Env) -> Any:
    """Return what a tree is worth: a boolean, a fraction, a text, an item, a list, or `None`."""
    match node:
        case Truth(value):
            return value
        case Number(value):
            return Fraction(value)
        case Name(name):
            return _plain(env.get(name, name))
        case Field(base, name):
            owner = evaluate(base, env)
            return None if owner is None else _plain(owner[name])
        case Not(operand):
            value = evaluate(operand, env)
            return None if value is None else not value
        case Negative(operand):
            value = evaluate(operand, env)
            return None if value is None else -value
        case Logic(word, operands):
            return _joined([evaluate(operand, env) for operand in operands], word == "ou")
        case Comparison(operator, left, right):
            return _compare(operator, evaluate(left, env), evaluate(right, env))
        case Chain(operators, operands):
            total = evaluate(operands[0], env)
            for operator, operand in zip(operators, operands[1:], strict=True):
                total = _operate(operator, total, evaluate(operand, env))
            return total
        case Aggregate():
            return _aggregate(node, env)
        case _:
            raise NotImplementedError(type(node).__name__)


def _plain(value: Any) -> Any:
    return Fraction(value) if type(value) is int else value


def _joined(values: list[Any], absorbing: bool) -> Any:
    if absorbing in values:
        return absorbing
    return None if None in values else not absorbing


def _compare(operator: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if operator == "=":
        return left == right
    if operator == "!=":
        return left != right
    if operator == "<":
        return left < right
    if operator == "<=":
        return left <= right
    return left > right if operator == ">" else left >= right


def _operate(operator: str, left: Any, right: Any) -> Any:
    if left is None or right is None or (operator == "/" and right == 0):
        return None
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    return left * right if operator == "*" else left / right


def _aggregate(node: Aggregate, env: Env) -> Any:
    chosen = [{**env, node.variable: row} for row in evaluate(node.source, env)]
    if node.where is not None:
        kept = [(inner, evaluate(node.where, inner)) for inner in chosen]
        if any(value is None for _, value in kept):
            raise Undefined
        chosen = [inner for inner, value in kept if value]
    if node.function == "nombre":
        return Fraction(len(chosen))
    if node.function == "le_seul":
        return chosen[0][node.variable] if len(chosen) == 1 else None
    assert node.body is not None
    values = [evaluate(node.body, inner) for inner in chosen]
    if node.function == "tous":
        return _joined(values, absorbing=False)
    if node.function == "un":
        return _joined(values, absorbing=True)
    if any(value is None for value in values):
        raise Undefined
    return _folded(node.function, values)


def _folded(function: str, values: list[Any]) -> Any:
    if function == "somme":
        return sum(values, Fraction(0))
    if function == "distincts":
        return Fraction(len(set(values)))
    if not values:
        return None
    if function == "part":
        return Fraction(sum(values), len(values))
    return min(values) if function == "min" else max(values)


class Undefined(Exception):  # noqa: N818 - no error: a dossier the reference does not judge
    """A filter or a value without value inside a list: nothing to compare with."""
