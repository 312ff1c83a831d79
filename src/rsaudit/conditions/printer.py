"""Tree -> text: the expression as one would write it, with the parentheses it needs and no other."""

from __future__ import annotations

from rsaudit.conditions.nodes import (
    Aggregate,
    AsOf,
    Call,
    Chain,
    Choice,
    Comparison,
    Field,
    Length,
    Logic,
    Lookup,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Quoted,
    Truth,
)

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _PATH = range(8)


def unparse(node: Node) -> str:
    """Write an expression; reading it again gives the same tree."""
    return _write(node)


def _level(node: Node) -> int:
    if isinstance(node, Logic):
        return _OR if node.word == "ou" else _AND
    if isinstance(node, Chain):
        return _SUM if node.operators[0] in "+-" else _PRODUCT
    return {Not: _NOT, Comparison: _COMPARE, Negative: _SIGN}.get(type(node), _PATH)


def _inside(node: Node, level: int) -> str:
    text = _write(node)
    return f"({text})" if _level(node) < level else text


def _list(nodes: tuple[Node, ...]) -> str:
    return ", ".join(_write(node) for node in nodes)


def _write(node: Node) -> str:  # noqa: C901 - one branch per construct of the language
    match node:
        case Truth(value):
            return "vrai" if value else "faux"
        case Number(value):
            return str(value)
        case Length(count, unit):
            return f"{count} {unit}"
        case Quoted(value):
            return f'"{value}"'
        case Name(name):
            return name
        case Field(base, name):
            return f"{_inside(base, _PATH)}.{name}"
        case Lookup(base, keys):
            return f"{_write(base)}[{_list(keys)}]"
        case AsOf(base, day):
            return f"{_write(base)}(au: {_write(day)})"
        case Logic(word, operands):
            return f" {word} ".join(_inside(operand, _level(node) + 1) for operand in operands)
        case Not(operand):
            return f"non {_inside(operand, _NOT)}"
        case Comparison(operator, left, right):
            return f"{_inside(left, _SUM)} {operator} {_inside(right, _SUM)}"
        case Chain():
            return _chain(node)
        case Negative(operand):
            return f"-{_inside(operand, _SIGN)}"
        case Choice(items):
            return f"[{_list(items)}]"
        case Call(function, arguments):
            return f"{function}({_list(arguments)})"
        case Aggregate():
            return _aggregate(node)


def _chain(node: Chain) -> str:
    level = _level(node) + 1
    parts = [_inside(node.operands[0], level)]
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        parts.append(f"{operator} {_inside(operand, level)}")
    return " ".join(parts)


def _aggregate(node: Aggregate) -> str:
    where = f" où {_write(node.where)}" if node.where is not None else ""
    body = f" : {_write(node.body)}" if node.body is not None else ""
    return f"{node.function}({node.variable} dans {_inside(node.source, _PATH)}{where}{body})"
