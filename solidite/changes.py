"""Every small change of an expression or of a dated value: what a careless hand would write instead."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import structs

from rsaudit.conditions.nodes import Aggregate, Comparison, Field, Length, Logic, Name, Node, Not, Number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.conditions import ParameterDeclaration, ParameterEntry

_STRICTER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "!=", "!=": "="}
_DURATION = re.compile(r"([0-9]+)(.*)", re.DOTALL)

Change = tuple[Node, Node, Node]
"""The part changed, what it becomes, and the whole expression so changed."""


def node_changes(node: Node) -> Iterator[Change]:
    """Yield each change of one part of an expression."""
    for after in _here(node):
        yield node, after, after
    for entry in fields(node):
        value = getattr(node, entry.name)
        if isinstance(value, tuple):
            for rank, part in enumerate(value):
                if is_dataclass(part):
                    for before, after, whole in node_changes(part):  # type: ignore[arg-type]
                        parts = (*value[:rank], whole, *value[rank + 1 :])
                        yield before, after, replace(node, **{entry.name: parts})  # type: ignore[arg-type]
        elif is_dataclass(value):
            for before, after, whole in node_changes(value):  # type: ignore[arg-type]
                yield before, after, replace(node, **{entry.name: whole})  # type: ignore[arg-type]


def _here(node: Node) -> Iterator[Node]:
    match node:
        case Comparison(operator="dans"):
            yield Not(node)
        case Comparison():
            for table in (_STRICTER, _FLIPPED):
                if node.operator in table:
                    yield replace(node, operator=table[node.operator])
        case Logic(word="et"):
            for rank in range(len(node.operands)):
                rest = (*node.operands[:rank], *node.operands[rank + 1 :])
                yield rest[0] if len(rest) == 1 else replace(node, operands=rest)
        case Aggregate(where=where) if where is not None:
            yield replace(node, where=Not(where))
            yield replace(node, where=None)
        case Number(value) if value in {0, 1}:
            yield replace(node, value=1 - value)
        case Length(count) if count == 1:
            yield replace(node, count=0)
        case _:
            return


def parameter_changes(
    parameter: ParameterDeclaration,
) -> Iterator[tuple[str, ParameterDeclaration]]:
    """Yield each parameter with one value moved by one unit of its decimals, or one entry's date by one day."""
    for rank, entry in enumerate(parameter.entries):
        for told, changed in _entry_changes(entry):
            entries = (*parameter.entries[:rank], changed, *parameter.entries[rank + 1 :])
            since = f"depuis {entry.since} " if entry.since else ""
            yield f"{since}{told}", structs.replace(parameter, entries=entries)


def _entry_changes(entry: ParameterEntry) -> Iterator[tuple[str, ParameterEntry]]:
    if entry.rows is None:
        for moved in _moved(entry.value):
            yield f"{entry.value} ⇒ {moved}", structs.replace(entry, value=moved)
    for rank, (keys, value) in enumerate(entry.rows or ()):
        for moved in _moved(value):
            rows = (*(entry.rows or ())[:rank], (keys, moved), *(entry.rows or ())[rank + 1 :])
            yield f"{list(keys)} {value} ⇒ {moved}", structs.replace(entry, rows=rows)
    for bound in ("since", "until"):
        day = getattr(entry, bound)
        for step in (-1, 1) if day is not None else ():
            moved_day = day + timedelta(days=step)
            yield f"{bound} {day} ⇒ {moved_day}", structs.replace(entry, **{bound: moved_day})


def _moved(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | Decimal):
        exponent = Decimal(value).as_tuple().exponent
        unit = Decimal(1).scaleb(min(0, int(exponent)))
        yield from (_plain(value + unit), _plain(value - unit))
        return
    day = _day(value)
    if day is not None:
        yield from ((day + timedelta(days=step)).isoformat() for step in (1, -1))
    elif isinstance(value, str) and (found := _DURATION.fullmatch(value)):
        yield from (f"{int(found[1]) + step}{found[2]}" for step in (1, -1) if int(found[1]) + step >= 0)


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def _day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def words(node: Any) -> set[str]:
    """Return every name an expression writes, fields included."""
    if isinstance(node, Field):
        return {node.name, *words(node.base)}
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, tuple):
        return {word for part in node for word in words(part)}
    slots = getattr(type(node), "__dataclass_fields__", {})
    return {word for slot in slots for word in words(getattr(node, slot))}
