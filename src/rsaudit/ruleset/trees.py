"""Walks over expression trees that compiling a rule needs: names used, guards given, values read at a date."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from rsaudit.expression.nodes import AsOf, Call, Lookup, Logic, Name
from rsaudit.expression import unparse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rsaudit.expression import Node


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for part in _parts(node):
        yield from walk(part)


def _parts(node: Any) -> Iterator[Any]:
    for entry in fields(node):
        value = getattr(node, entry.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part):
                yield part


def names(node: Node) -> set[str]:
    """Return every bare name of an expression: variables, facts, parameters and words alike."""
    return {part.name for part in walk(node) if isinstance(part, Name)}


def guards(node: Node) -> set[str]:
    """Return the paths an expression tests with `existe(…)`, as an `et` gives them."""
    operands = node.operands if isinstance(node, Logic) and node.word == "et" else (node,)
    return {
        unparse(operand.arguments[0])
        for operand in operands
        if isinstance(operand, Call) and operand.function == "existe"
    }


def read_at(node: Node, day: Node, parameters: Collection[str]) -> Node:
    """Read every parameter of an expression at `day`, save those that say their own date."""
    if isinstance(node, AsOf):
        return node
    if isinstance(node, Name):
        return AsOf(node, day, node.column) if node.name in parameters else node
    if isinstance(node, Lookup):
        keys = tuple(read_at(key, day, parameters) for key in node.keys)
        return AsOf(replace(node, keys=keys), day, node.column)
    changes: dict[str, Any] = {}
    for entry in fields(node):
        value = getattr(node, entry.name)
        if isinstance(value, tuple) and any(is_dataclass(part) for part in value):
            changes[entry.name] = tuple(read_at(part, day, parameters) for part in value)
        elif is_dataclass(value):
            changes[entry.name] = read_at(value, day, parameters)  # type: ignore[arg-type]
    return replace(node, **changes) if changes else node
