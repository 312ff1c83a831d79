"""Walks over expression trees that compiling a rule needs: names used, guards given."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.conditions.nodes import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.conditions import Node


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
