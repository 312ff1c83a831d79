"""A resolved expression: each node with its type and what its names turned out to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rsaudit.expression.datatypes import Type
from rsaudit.expression.nodes import Node
from rsaudit.expression.parameters import Parameter


@dataclass(slots=True, eq=False)
class Typed:
    """One resolved node. `op` says what to do, `args` with what; `info` is what else it needs."""

    op: str
    type: Type
    node: Node
    args: tuple[Typed, ...] = ()
    info: Any = None


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter and the day at which it is read (`None`: the audit date)."""

    parameter: Parameter
    day: Typed | None


@dataclass(frozen=True, slots=True)
class Ranging:
    """An aggregate: its function, the place of its variable, and its parts."""

    function: str
    variable: str
    slot: int
    source: Typed
    where: Typed | None
    body: Typed | None
