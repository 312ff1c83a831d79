"""What functions and aggregates take and give: types only. How they are computed is in `functions` and `aggregates`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.conditions.datatypes import Bool, Date, Num, Table, Type, dimension
from rsaudit.conditions.errors import ExpressionError
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.conditions.nodes import Aggregate


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """What a function takes and gives."""

    kinds: tuple[tuple[str, ...], ...]
    result: Callable[[list[Type]], Type]
    same: bool = False
    """Its two arguments must be of one type and unit."""


_NUMBER, _DATE = ("number",), ("date",)
_COMPARABLE = ("number", "date")
_ANY = ("number", "date", "duration", "word", "text")


def _range_of(item: Type, path: str) -> Callable[[list[Type]], Type]:
    return lambda _: Table(item=item, path=path)


def _first(types: list[Type]) -> Type:
    kind = types[0]
    return (
        Num(unit=kind.unit if not kind.zero else getattr(types[1], "unit", None))
        if isinstance(kind, Num)
        else kind
    )


FUNCTIONS: dict[str, Function] = {
    "arrondi": Function(kinds=(_NUMBER, _NUMBER), result=_first),
    "jours": Function(kinds=(_DATE, _DATE), result=lambda _: Num(unit="jours", integer=True)),
    "annee": Function(kinds=(_DATE,), result=lambda _: Num(integer=True, year=True)),
    "date": Function(kinds=(_NUMBER, _NUMBER, _NUMBER), result=lambda _: Date()),
    "annees": Function(kinds=(_DATE, _DATE), result=_range_of(Num(integer=True, year=True), "annees")),
    "echeances": Function(kinds=(_NUMBER, _NUMBER, _DATE, _DATE), result=_range_of(Date(), "echeances")),
    "plus_petit": Function(kinds=(_COMPARABLE, _COMPARABLE), result=_first, same=True),
    "plus_grand": Function(kinds=(_COMPARABLE, _COMPARABLE), result=_first, same=True),
    "a_defaut": Function(kinds=(_ANY, _ANY), result=_first, same=True),
    "etabli": Function(kinds=(("bool",), (*_ANY, "bool")), result=lambda types: types[1]),
    "recouper": Function(kinds=((*_COMPARABLE, "word", "text", "bool"),) * 2, result=_first, same=True),
}


def checked(node: Aggregate, source: Type, body: Type | None) -> Type:
    """Return the type of an aggregate over a list; raise `ExpressionError` when its body does not suit it."""
    name = node.function
    if name in {"tous", "un", "part"} and body is not None and body.kind != "bool":
        raise _wrong(node, "bool", body)
    if name in {"somme"} and body is not None and body.kind != "number":
        raise _wrong(node, "number", body)
    if name in {"min", "max"} and body is not None and body.kind not in {"number", "date"}:
        raise _wrong(node, "number", body)
    return _result(name, body, source)


def _wrong(node: Aggregate, wanted: str, kind: Type) -> ExpressionError:
    problem = say.wrong_kind(wanted, kind.kind)
    return ExpressionError(problem[0], node.column, problem[1])


def _result(name: str, kind: Type | None, source: Any) -> Type:
    if name in {"nombre", "distincts"}:
        return Num(integer=True, low=0)
    if name in {"tous", "un"}:
        return Bool()
    if name == "part":
        return Num(unit="%", low=0, high=1)
    if name == "le_seul":
        return source.item  # type: ignore[no-any-return]
    assert kind is not None  # noqa: S101 - the grammar gives these a body
    if isinstance(kind, Num):
        return Num(unit=kind.unit if dimension(kind.unit) else None, integer=kind.integer)
    return kind
