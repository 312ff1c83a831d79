"""The tree of an expression: frozen data with columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

MAX_LENGTH = 2000
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Truth:
    """`vrai` or `faux`."""

    value: bool
    column: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """A written number."""

    value: int | Decimal
    column: int = 1


@dataclass(frozen=True, slots=True)
class Length:
    """A written duration: `1 mois`."""

    count: int
    unit: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text between quotes, or a word that is not written like a name."""

    value: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name: variable, section, fact, parameter, `date_audit`, or a word."""

    name: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """`base.name`."""

    base: Node
    name: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Lookup:
    """`parametre[cle1, cle2]`."""

    base: Node
    keys: tuple[Node, ...]
    column: int = 1


@dataclass(frozen=True, slots=True)
class AsOf:
    """`parametre(au: date)`."""

    base: Node
    day: Node
    column: int = 1


@dataclass(frozen=True, slots=True)
class Logic:
    """Operands joined by `et` or by `ou`."""

    word: str
    operands: tuple[Node, ...]
    column: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """`non operand`."""

    operand: Node
    column: int = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, the operator among = != < <= > >= dans."""

    operator: str
    left: Node
    right: Node
    column: int = 1


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms joined by + and −, or factors joined by * and /: `operators` stand before each but the first."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]
    column: int = 1


@dataclass(frozen=True, slots=True)
class Negative:
    """`-operand`."""

    operand: Node
    column: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """`[a, b]` after `dans`."""

    items: tuple[Node, ...]
    column: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """`function(argument, argument)`."""

    function: str
    arguments: tuple[Node, ...]
    column: int = 1


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`function(variable dans source où where : body)`."""

    function: str
    variable: str
    source: Node
    where: Node | None
    body: Node | None
    column: int = 1


Node: TypeAlias = (
    Truth
    | Number
    | Length
    | Quoted
    | Name
    | Field
    | Lookup
    | AsOf
    | Logic
    | Not
    | Comparison
    | Chain
    | Negative
    | Choice
    | Call
    | Aggregate
)


def start(node: Node) -> int:
    """Return the column where a path begins (other nodes begin where they say)."""
    while isinstance(node, Field | Lookup | AsOf):
        node = node.base
    return node.column
