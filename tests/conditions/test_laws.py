"""The laws of the language, against every way to complete small dossiers: soundness, monotony, completeness."""

from __future__ import annotations

import copy
import os
from datetime import date
from itertools import combinations_with_replacement, product
from math import comb
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from rsaudit.conditions import Catalogue, Scope, Unknown, World, check, compile_node, parse

from .reference import Undefined, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TIMES = int(os.environ.get("RSAUDIT_CAMPAGNE", "1"))
_BUDGET = 300
_LARGEST = 3
_UNBOUNDED = 2
"""How many unseen rows stand for a list without a total."""

_BOOL: dict[str, Any] = {"type": "boolean"}
_INT: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": _LARGEST}
_COLOURS = ("rouge", "vert")
_CELLS = {"x": _INT, "y": _INT, "z": _INT, "b": _BOOL, "c": _BOOL}
_TABLE: dict[str, Any] = {
    "anyOf": [
        {"type": "array", "items": {"type": "object", "properties": _CELLS}},
        {
            "type": "object",
            "properties": {
                "etendue": {"enum": ["complete", "echantillon"]},
                "effectif_total": {"type": "integer"},
                "lignes": {"type": "array", "items": {"type": "object", "properties": _CELLS}},
            },
        },
    ]
}
_SCALARS = {**dict.fromkeys(("p1", "p2", "p3"), _BOOL), **dict.fromkeys(("n1", "n2", "n3"), _INT)}
_SCHEMA = {
    "type": "object",
    "properties": {**_SCALARS, "w": {"enum": list(_COLOURS)}, "t": _TABLE, "u": _TABLE},
}
_CATALOGUE = Catalogue.from_schemas({"f": _SCHEMA})
_LISTS = ("t", "u")

Dossier = dict[str, Any]


def _campaign(examples: int) -> settings:
    return settings(
        max_examples=examples * _TIMES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def _run(text: str, data: Dossier) -> Any:
    scope = Scope(_CATALOGUE)
    node = parse(text)
    check(node, scope, "any")
    program = compile_node(node, scope)
    return program(World({"f": data}, as_of=date(2026, 1, 1), scope=scope).frame(scope))


def _verdict(text: str, data: Dossier) -> bool | None:
    value = _run(text, data)
    return None if isinstance(value, Unknown) else value


# -- completing a dossier --------------------------------------------------------------------------------


def _domain(name: str) -> list[Any]:
    if name == "w":
        return list(_COLOURS)
    schema = {**_SCALARS, **_CELLS}[name]
    return [False, True] if schema is _BOOL else list(range(_LARGEST + 1))


def _read(text: str, owner: str, names: tuple[str, ...]) -> list[str]:
    """Return the fields an expression reads; the others change nothing."""
    return [name for name in names if f"{owner}.{name}" in text]


def _rows_of(raw: Any) -> tuple[list[Any], range]:
    """Return the rows shown and how many more there may be."""
    if raw is None:
        return [], range(_UNBOUNDED + 1)
    if isinstance(raw, list):
        return raw, range(_UNBOUNDED + 1 if raw else 1)
    rows = raw["lignes"]
    if raw["etendue"] == "complete":
        return rows, range(1)
    if "effectif_total" not in raw:
        return rows, range(_UNBOUNDED + 1)
    return rows, range(raw["effectif_total"] - len(rows), raw["effectif_total"] - len(rows) + 1)


def _row_options(row: Any, cells: list[str]) -> list[Any]:
    choices = [[row[cell]] if cell in row else _domain(cell) for cell in cells]
    return [dict(zip(cells, chosen, strict=True)) for chosen in product(*choices)]


def _list_options(raw: Any, cells: list[str]) -> Iterator[list[Any]]:
    shown, more = _rows_of(raw)
    ghosts = _row_options({}, cells)
    for rows in product(*[_row_options(row, cells) for row in shown]):
        for count in more:
            for unseen in combinations_with_replacement(ghosts, count):
                yield [*rows, *unseen]


def _completions(text: str, data: Dossier) -> Iterator[Dossier]:
    scalars = _read(text, "f", (*_SCALARS, "w"))
    lists = _read(text, "f", _LISTS)
    choices: list[list[Any]] = [[data[name]] if name in data else _domain(name) for name in scalars]
    choices += [list(_list_options(data.get(name), _cells(text, name))) for name in lists]
    for chosen in product(*choices):
        yield dict(zip([*scalars, *lists], chosen, strict=True))


def _cells(text: str, name: str) -> list[str]:
    return sorted({*_read(text, f"r{name}", tuple(_CELLS)), *_read(text, ")", tuple(_CELLS))})


def _worths(text: str, data: Dossier) -> list[Any]:
    node = parse(text)
    try:
        return [evaluate(node, {"f": one}) for one in _completions(text, data)]
    except Undefined:
        assume(False)
        return []


# -- dossiers --------------------------------------------------------------------------------------------


class _Dossiers:
    """Draws a dossier for an expression, with no more unknowns than can be enumerated."""

    def __init__(self, draw: Callable[..., Any], text: str, *, bounded: bool) -> None:
        self.draw = draw
        self.text = text
        self.bounded = bounded
        """Only lists whose total is known."""
        self.left = _BUDGET

    def spend(self, ways: int) -> bool:
        if ways > self.left or not self.draw(st.booleans()):
            return False
        self.left //= ways
        return True

    def fields(self, names: list[str]) -> Dossier:
        kept: Dossier = {}
        for name in names:
            domain = _domain(name)
            if not self.spend(len(domain)):
                kept[name] = self.draw(st.sampled_from(domain))
        return kept

    def table(self, cells: list[str]) -> Any:
        ways = len(_row_options({}, cells))
        if not self.bounded and self.spend(1 + ways + comb(ways + 1, 2)):
            rows = [self.fields(cells) for _ in range(self.draw(st.integers(0, 2)))]
            return self.draw(st.sampled_from([None, rows, {"etendue": "echantillon", "lignes": rows}]))
        unseen = self.draw(st.integers(0, 2))
        if unseen and not self.spend(comb(ways + unseen - 1, unseen)):
            unseen = 0
        rows = [self.fields(cells) for _ in range(self.draw(st.integers(0, 3)))]
        if not unseen:
            return {"etendue": "complete", "lignes": rows}
        return {"etendue": "echantillon", "effectif_total": len(rows) + unseen, "lignes": rows}

    def dossier(self) -> Dossier:
        data = {
            name: self.table(_cells(self.text, name)) for name in _LISTS if _read(self.text, "f", (name,))
        }
        data |= self.fields(_read(self.text, "f", (*_SCALARS, "w")))
        return {name: value for name, value in data.items() if value is not None}


# -- expressions -----------------------------------------------------------------------------------------


class _Conditions:
    """Draws any condition of the fragment: names may be read many times, lists nested in other lists."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def condition(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        kinds = ["leaf", "order", "equal"]
        if depth:
            kinds += ["join", "not", "list", "join"]
        kind = self.one(*kinds)
        if kind == "join":
            word = self.one("et", "ou")
            return f"({self.condition(depth - 1, opened)} {word} {self.condition(depth - 1, opened)})"
        if kind == "not":
            return f"non ({self.condition(depth - 1, opened)})"
        if kind == "list":
            return self.over(self.one("tous", "un"), depth, opened, self.condition)
        if kind == "leaf":
            own = [f"r{name}.{cell}" for name in opened for cell in "bc"]
            return str(self.one("f.p1", "f.p2", "f.w = vert", "f.w != rouge", *own, *own))
        sign = "=" if kind == "equal" else self.one("<", "<=", ">", ">=")
        return f"{self.number(max(0, depth - 1), opened)} {sign} {self.number(max(0, depth - 1), opened)}"

    def number(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        own = [f"r{name}.{cell}" for name in opened for cell in "xyz"]
        leaf = str(self.one("f.n1", "f.n2", "0", "1", *own, *own))
        kind = self.one("leaf", "list", "list", "sum") if depth else "leaf"
        if kind == "list":
            name = self.one("nombre", "somme", "min", "max", "part", "distincts", "le_seul")
            if name == "le_seul":
                found = self.over(name, depth, opened, None)
                return f"{found}.x" if found.startswith("le_seul") else found
            if name == "nombre":
                return self.over(name, depth, opened, None)
            return self.over(name, depth, opened, self.condition if name == "part" else self.number)
        if kind == "sum":
            sign = self.one("+", "-", "*")
            return f"({self.number(depth - 1, opened)} {sign} {self.number(depth - 1, opened)})"
        return leaf

    def over(self, name: str, depth: int, opened: tuple[str, ...], body: Any) -> str:
        closed = [one for one in _LISTS if one not in opened]
        if not closed:
            return self.condition(0, opened) if name in {"tous", "un"} else self.number(0, opened)
        chosen = self.one(*closed)
        inside = (*opened, chosen)
        where = f" où {self.condition(depth - 1, inside)}" if self.one(True, False) else ""
        tail = f" : {body(depth - 1, inside)}" if body is not None else ""
        return f"{name}(r{chosen} dans f.{chosen}{where}{tail})"


class _ReadOnce(_Conditions):
    """Draws conditions that read each datum once, without `=`; inside a list, only what the row may turn."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        super().__init__(draw)
        self.booleans = ["f.p1", "f.p2", "f.p3"]
        self.numbers = ["f.n1", "f.n2", "f.n3"]
        self.lists = list(_LISTS)

    def condition(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        kinds = ["order"]
        kinds += ["leaf"] if self.booleans else []
        kinds += ["join", "not", "join"] if depth else []
        kinds += ["list"] if depth and self.lists else []
        kind = self.one(*kinds)
        if kind == "leaf":
            return self.booleans.pop()
        if kind == "list":
            return self.once(self.one("tous", "un"))
        if kind == "order":
            sign = self.one("<", "<=", ">", ">=")
            return f"{self.number(max(0, depth - 1))} {sign} {self.number(max(0, depth - 1))}"
        if kind == "not":
            return f"non ({self.condition(depth - 1)})"
        return f"({self.condition(depth - 1)} {self.one('et', 'ou')} {self.condition(depth - 1)})"

    def number(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        kind = self.one("leaf", "list", "list", "sum") if depth else self.one("leaf", "list")
        if kind == "list" and self.lists:
            return self.once(self.one("nombre", "somme", "min", "max", "part"))
        if kind == "sum":
            return f"({self.number(depth - 1)} {self.one('+', '-', '*')} {self.number(depth - 1)})"
        return self.numbers.pop() if self.numbers else str(self.one("0", "1"))

    def once(self, name: str) -> str:
        chosen = self.lists.pop()
        row = f"r{chosen}"
        turns = [f"{row}.b", f"non {row}.b", f"{row}.x < 1", f"1 <= {row}.x", f"1 < {row}.x + {row}.z"]
        where = f" où {self.one(*turns)}" if self.one(True, False) else ""
        tail = ""
        if name in {"tous", "un", "part"}:
            tail = f" : {self.one(f'{row}.c', f'non {row}.c', f'{row}.y < 1', f'1 <= {row}.y')}"
        elif name != "nombre":
            other = [f"{row}.y - {row}.z", f"{row}.y * {row}.z"] if ".z" not in where else []
            tail = f" : {self.one(f'{row}.y', f'{row}.y - 1', f'0 - {row}.y', *other)}"
        return f"{name}({row} dans f.{chosen}{where}{tail})"


@st.composite
def _any_case(draw: Callable[..., Any]) -> tuple[str, Dossier]:
    text = _Conditions(draw).condition(3)
    return text, _Dossiers(draw, text, bounded=False).dossier()


@st.composite
def _read_once_case(draw: Callable[..., Any]) -> tuple[str, Dossier]:
    text = _ReadOnce(draw).condition(3)
    return text, _Dossiers(draw, text, bounded=True).dossier()


# -- laws ------------------------------------------------------------------------------------------------


@_campaign(100)
@given(_any_case())
def test_a_decided_result_holds_under_every_completion(case: tuple[str, Dossier]) -> None:
    """Soundness."""
    text, data = case
    verdict = _verdict(text, data)
    if verdict is not None:
        assert set(_worths(text, data)) == {verdict}


@_campaign(40)
@given(_any_case())
def test_a_whole_dossier_is_worth_what_the_reference_says(case: tuple[str, Dossier]) -> None:
    """On known data the bounded evaluator and the naive one agree."""
    text, data = case
    whole = next(_completions(text, data))
    dossier = {
        name: {"etendue": "complete", "lignes": value} if isinstance(value, list) else value
        for name, value in whole.items()
    }
    assert [_verdict(text, dossier)] == _worths(text, dossier)


def _fillings(text: str, data: Dossier) -> Iterator[Dossier]:
    """Yield the dossiers that know one thing more."""
    for name in _read(text, "f", (*_SCALARS, "w")):
        if name not in data:
            yield from ({**data, name: value} for value in _domain(name))
    for name in _read(text, "f", _LISTS):
        cells = _cells(text, name)
        shown, _ = _rows_of(data.get(name))
        for rank, row in enumerate(shown):
            for cell in cells:
                if cell not in row:
                    yield from (_with_cell(data, name, rank, cell, value) for value in _domain(cell))
        raw = data.get(name)
        if isinstance(raw, dict) and len(shown) < raw.get("effectif_total", 0):
            more = copy.deepcopy(data)
            more[name]["lignes"].append({})
            yield more


def _with_cell(data: Dossier, name: str, rank: int, cell: str, value: Any) -> Dossier:
    more = copy.deepcopy(data)
    rows, _ = _rows_of(more[name])
    rows[rank][cell] = value
    return more


@_campaign(60)
@given(_any_case())
def test_filling_an_unknown_never_changes_a_decided_verdict(case: tuple[str, Dossier]) -> None:
    """Monotony."""
    text, data = case
    verdict = _verdict(text, data)
    if verdict is not None:
        for more in _fillings(text, data):
            assert _verdict(text, more) is verdict


@_campaign(150)
@given(_read_once_case())
@example(
    (
        "min(rt dans f.t : rt.y) <= 1 + 1 + 1",
        {"t": {"etendue": "echantillon", "effectif_total": 1, "lignes": []}},
    )
)
def test_what_every_completion_decides_is_decided(case: tuple[str, Dossier]) -> None:
    """Completeness, each unknown being read once."""
    text, data = case
    worths = set(_worths(text, data))
    if len(worths) == 1:
        assert _verdict(text, data) is worths.pop()
