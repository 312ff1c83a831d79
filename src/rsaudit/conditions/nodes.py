"""The tree of an expression: frozen data with columns, and its form in plain lists for a cache."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from rsaudit.conditions.errors import ExpressionError
from rsaudit.messages import conditions as say

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

_CLASSES: tuple[type, ...] = (
    Truth,
    Number,
    Length,
    Quoted,
    Name,
    Field,
    Lookup,
    AsOf,
    Logic,
    Not,
    Comparison,
    Chain,
    Negative,
    Choice,
    Call,
    Aggregate,
)
_TAGS = {cls: cls.__name__ for cls in _CLASSES}
_BY_TAG = {cls.__name__: cls for cls in _CLASSES}
_SLOTS = {cls: tuple(field.name for field in fields(cls)) for cls in _CLASSES}
#: What each field of a node may hold once read back; a node type stands for any node.
_SHAPES: dict[str, dict[str, str]] = {
    "Truth": {"value": "bool"},
    "Number": {"value": "number"},
    "Length": {"count": "int", "unit": "str"},
    "Quoted": {"value": "str"},
    "Name": {"name": "str"},
    "Field": {"base": "node", "name": "str"},
    "Lookup": {"base": "node", "keys": "nodes"},
    "AsOf": {"base": "node", "day": "node"},
    "Logic": {"word": "str", "operands": "nodes"},
    "Not": {"operand": "node"},
    "Comparison": {"operator": "str", "left": "node", "right": "node"},
    "Chain": {"operators": "strs", "operands": "nodes"},
    "Negative": {"operand": "node"},
    "Choice": {"items": "nodes"},
    "Call": {"function": "str", "arguments": "nodes"},
    "Aggregate": {"function": "str", "variable": "str", "source": "node", "where": "node?", "body": "node?"},
}
_READERS = {
    tag: (*(shape[name] for name in _SLOTS[_BY_TAG[tag]] if name in shape), "int")
    for tag, shape in _SHAPES.items()
}


def to_json(node: Node) -> list[Any]:
    """Return a tree as plain lists."""
    cls = type(node)
    return [_TAGS[cls], *(_plain(getattr(node, name)) for name in _SLOTS[cls])]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if value.__class__ in _TAGS:
        node: Any = value
        return to_json(node)
    return value


def from_json(data: Any) -> Node:
    """Read a tree back from plain lists; raise `ExpressionError` on anything else."""
    return _read(data, 0)


def _broken() -> ExpressionError:
    return ExpressionError(say.BROKEN_CACHE[0], 1, say.BROKEN_CACHE[1])


def _read(data: Any, depth: int) -> Node:
    if depth > 4 * MAX_DEPTH or not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise _broken()
    readers = _READERS.get(data[0])
    if readers is None or len(data) != len(readers) + 1:
        raise _broken()
    values = [_part(kind, value, depth + 1) for kind, value in zip(readers, data[1:], strict=True)]
    return _BY_TAG[data[0]](*values)  # type: ignore[no-any-return]


def _part(kind: str, value: Any, depth: int) -> Any:
    if kind == "node" or (kind == "node?" and value is not None):
        return _read(value, depth)
    if kind == "nodes" and isinstance(value, list):
        return tuple([_read(part, depth) for part in value])
    if kind == "number":
        return _number(value)
    expected: type | None = {"str": str, "int": int, "bool": bool, "strs": list, "node?": type(None)}.get(
        kind
    )
    if expected is None or type(value) is not expected:
        raise _broken()
    if kind == "strs":
        parts: Any = value
        if not all(isinstance(part, str) for part in parts):
            raise _broken()
        return tuple(parts)
    return value


def _number(value: Any) -> int | Decimal:
    if type(value) is int:
        return value
    try:
        return Decimal(value["decimal"])
    except (TypeError, KeyError, ValueError, InvalidOperation) as error:
        raise _broken() from error


def start(node: Node) -> int:
    """Return the column where a path begins (other nodes begin where they say)."""
    while isinstance(node, Field | Lookup | AsOf):
        node = node.base
    return node.column
