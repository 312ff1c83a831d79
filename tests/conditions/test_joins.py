"""Rows looked up by a value, and what is kept with a dossier: the same outcome as going through everything, each time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rsaudit.conditions import Catalogue, Scope, Unknown, World, compile_node, parse
from rsaudit.conditions.aggregates import Selection, select
from rsaudit.conditions.arranging import OPERATIONS, Places, arranged, arranged_range, parts
from rsaudit.conditions.building import Builder
from rsaudit.conditions.plans import _LINKERS, link

from .small import table

AUDIT = date(2026, 6, 30)
FIELDS: dict[str, Any] = {
    "nom": {"type": "string"},
    "code": {"anyOf": [{"type": "string"}, {"enum": ["aucun"]}]},
    "prix": {"type": "number", "minimum": 0, "maximum": 9},
    "jour": {"type": "string", "format": "date"},
    "delai": {"type": "string", "pattern": "^[0-9]+ (jours|mois|ans)$"},
    "sorte": {"enum": ["grand", "petit"]},
    "libre": {"type": "boolean"},
}
CATALOGUE = Catalogue.from_schemas(
    {
        "f": {
            "type": "object",
            "properties": {"lignes_vues": table(FIELDS), "autres": table(FIELDS), "prix": FIELDS["prix"]},
        }
    }
)
VALUES: dict[str, list[Any]] = {
    "nom": ["Été", "été", "E\u0301TE\u0301", "l\u2019an", "l'an", " été "],
    "code": ["a", "A", "b", "aucun"],
    "prix": [0, 1, 2],
    "jour": ["2026-01-01", "2026-01-02"],
    "delai": ["30 jours", "1 mois", "12 mois", "1 an"],
    "sorte": ["grand", "petit"],
    "libre": [True, False],
}
EQUALITIES = (
    *(f"l.{name} = x.{name}" for name in FIELDS if name != "code"),
    "x.nom = l.nom",
    "l.prix = x.prix + f.prix",
    "l.prix + 1 = x.prix + f.prix",
    "l.jour = x.jour + 1 jour",
)
OTHERS = (
    "existe(l.code) et existe(x.code) et l.code = x.code",
    "l.prix = f.prix",
    "l.prix <= x.prix",
    "(l.libre ou x.libre)",
    "l.libre",
    "x.libre",
    "l.sorte = grand",
)
AGGREGATES = (
    "nombre(l dans f.lignes_vues où {})",
    "somme(l dans f.lignes_vues où {} : l.prix)",
    "tous(l dans f.lignes_vues où {} : l.libre)",
    "un(l dans f.lignes_vues où {} : l.libre et x.libre)",
    "part(l dans f.lignes_vues où {} : l.libre)",
    "min(l dans f.lignes_vues où {} : l.jour)",
    "max(l dans f.lignes_vues où {} : l.prix + x.prix)",
    "distincts(l dans f.lignes_vues où {} : l.sorte)",
    "le_seul(l dans f.lignes_vues où {})",
)

_ROW = st.tuples(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
    st.sets(st.sampled_from(sorted(VALUES)), max_size=3),
).map(lambda drawn: {name: value for name, value in drawn[0].items() if name not in drawn[1]})
_ROWS = st.lists(_ROW, max_size=8)
_LISTS = st.one_of(
    _ROWS,
    st.fixed_dictionaries(
        {"lignes": _ROWS},
        optional={
            "etendue": st.sampled_from(["complete", "echantillon"]),
            "effectif_total": st.integers(8, 10),
        },
    ),
)
_DATA = st.fixed_dictionaries({}, optional={"prix": st.sampled_from([0, 1]), "lignes_vues": _LISTS})
_FILTERS = st.tuples(
    st.lists(st.sampled_from(EQUALITIES), min_size=1, max_size=2),
    st.lists(st.sampled_from(OTHERS), max_size=2),
).flatmap(lambda parts: st.permutations([*parts[0], *parts[1]]).map(" et ".join))


def _scope() -> tuple[Scope, int]:
    scope = Scope(CATALOGUE)
    found = CATALOGUE.at("f.lignes_vues")
    return scope, scope.declare("x", found.item, ranges="ailleurs")  # type: ignore[union-attr]


def _told(value: Any) -> Any:
    """Tell all that may be read of a value."""
    if isinstance(value, Unknown):
        return (value.low, value.high, value.opaque, value.word, [_cause(cause) for cause in value.causes])
    return id(value) if isinstance(value, dict) else value


def _cause(cause: Any) -> Any:
    return (type(cause), id(cause.container), cause.key) if hasattr(cause, "container") else cause


def _selected(found: Selection) -> Any:
    """Tell all that may be read of what a filter takes."""
    possible = [(id(item), [_cause(cause) for cause in causes]) for item, causes in found.possible]
    unseen = (found.unseen_low, found.unseen_high, [_cause(cause) for cause in found.unseen_causes])
    return [id(item) for item in found.items], possible, unseen


def _world(data: dict[str, Any], scope: Scope) -> World:
    return World({"f": data}, as_of=AUDIT, scope=scope)


def _worth(run: Any, world: World, scope: Scope, slot: int, row: dict[str, Any]) -> Any:
    frame = world.frame(scope)
    frame[slot] = row
    return _told(run(frame))


@settings(max_examples=200, deadline=None)
@given(_DATA, _FILTERS, st.lists(_ROW, min_size=1, max_size=4))
def test_rows_looked_up_are_those_that_all_rows_give(
    data: dict[str, Any], where: str, outer: list[dict[str, Any]]
) -> None:
    """The rows in, those that may be, what would tell, all in order: as going through every row finds them."""
    scope, slot = _scope()
    plan = Builder(scope, lenient=True).build(parse(f"nombre(l dans f.lignes_vues où {where})")).plan
    row, source, test = plan[2], plan[4], plan[5]
    rows, left = arranged_range(row, source, test, Places(plan, scope.free_place), often=True)
    looked_up = link(rows)
    world = _world(data, scope)

    assert left is None
    for one in outer:
        frame = world.frame(scope)
        frame[slot] = one
        walked = select(link(source)(frame), row, link(test), frame)
        assert _selected(looked_up(frame)) == _selected(walked)


@settings(max_examples=200, deadline=None)
@given(_DATA, _FILTERS, st.sampled_from(AGGREGATES), st.lists(_ROW, min_size=1, max_size=4))
def test_rows_looked_up_give_what_all_rows_give(
    data: dict[str, Any], where: str, aggregate: str, outer: list[dict[str, Any]]
) -> None:
    """Value, bounds, causes and their order: those of going through every row, whatever is absent, doubled or unseen."""
    scope, slot = _scope()
    node = parse(aggregate.format(where))
    looked_up = compile_node(node, scope)
    walked = Builder(scope, lenient=True).build(node).run
    world = _world(data, scope)

    for row in [*outer, *outer]:
        assert _worth(looked_up, world, scope, slot, row) == _worth(
            walked, _world(data, scope), scope, slot, row
        )


@settings(max_examples=100, deadline=None)
@given(st.lists(_DATA, min_size=2, max_size=4), _FILTERS, st.sampled_from(AGGREGATES), _ROW)
def test_nothing_is_kept_from_one_dossier_to_the_next(
    dossiers: list[dict[str, Any]], where: str, aggregate: str, row: dict[str, Any]
) -> None:
    """A program run on many dossiers says of each what a program just made says of it."""
    scope, slot = _scope()
    node = parse(aggregate.format(where))
    old = compile_node(node, scope)

    for data in dossiers:
        new = compile_node(node, scope)
        assert _worth(old, _world(data, scope), scope, slot, row) == _worth(
            new, _world(data, scope), scope, slot, row
        )


def _plan(text: str) -> Any:
    scope, _ = _scope()
    plan = Builder(scope, lenient=True).build(parse(text)).plan
    return arranged(plan, Places(plan, scope.free_place), often=True)


def _operations(plan: Any) -> list[str]:
    return [plan[0], *(name for part in parts(plan) for name in _operations(part))]


def test_what_is_noted() -> None:
    """What reads no place is computed once; what reads some, once per value; an equality with the row makes a join."""
    joined = _operations(_plan("nombre(l dans f.lignes_vues où l.libre et x.nom = l.nom)"))
    assert joined[:1] == ["per"]
    assert "join" in joined
    walked = _operations(_plan("nombre(l dans f.lignes_vues où l.nom = x.nom ou l.libre)"))
    assert walked[:1] == ["per"]
    assert "join" not in walked
    assert "chosen" in _operations(_plan("un(l dans f.lignes_vues où l.libre : x.libre)"))
    assert _operations(_plan("nombre(l dans f.lignes_vues où l.libre)"))[:3] == [
        "once",
        "aggregate",
        "chosen",
    ]
    assert _operations(_plan("x.sorte = grand")) == ["field_is", "slot"]
    assert _operations(_plan("x.sorte dans [grand, petit]"))[:2] == ["among", "path"]
    assert _operations(_plan("x.sorte = grand ou x.libre"))[:2] == ["or", "field_is"]


def test_one_outcome_per_value(monkeypatch: Any) -> None:
    """Rows of the outside worth the same share one run; an absent value is looked at each time; 1 and 1.0 stay apart."""
    scope, slot = _scope()
    run = compile_node(parse("max(l dans f.lignes_vues où l.libre ou x.libre : l.prix + x.prix)"), scope)
    world = _world({"lignes_vues": {"etendue": "complete", "lignes": [{"libre": True, "prix": 0}]}}, scope)
    counted: list[int] = []
    monkeypatch.setattr(world, "visit", counted.append)
    worth = [
        _worth(run, world, scope, slot, {"libre": True, **row})
        for row in ({"prix": 1}, {"prix": 1}, {}, {}, {"prix": Decimal("1.0")})
    ]

    assert worth[:2] == [1, 1]
    assert worth[2] == worth[3]
    assert str(worth[4]) == "1.0"
    assert counted == [1, 1, 1, 1]


def test_a_name_is_never_written_over() -> None:
    """A name declared after an expression keeps its value while the expression runs, however many places that fills."""
    scope, slot = _scope()
    text = (
        "un(l dans f.lignes_vues où l.nom = x.nom : un(m dans f.autres où m.nom = l.nom : m.libre = x.libre))"
    )
    before = compile_node(parse(text), scope)
    name = scope.declare("nom", CATALOGUE.at("f.prix"))  # type: ignore[arg-type]
    after = compile_node(parse(text), scope)
    rows = [{"nom": "a", "libre": True}]
    frame = _world({"lignes_vues": rows, "autres": rows}, scope).frame(scope)
    frame[slot], frame[name] = {"nom": "a", "libre": True}, 7

    assert before(frame) is True
    assert after(frame) is True
    assert frame[name] == 7


def test_every_operation_is_known() -> None:
    """What looks for plans within plans knows all that can be linked."""
    assert set(_LINKERS) == OPERATIONS


def test_rows_are_counted_as_they_are_gone_through(monkeypatch: Any) -> None:
    """The work of a lookup is that of making the index once, then, for each value looked up, of the rows found."""
    scope, slot = _scope()
    run = compile_node(parse("nombre(l dans f.lignes_vues où l.nom = x.nom)"), scope)
    names = [f"n{rank % 50}" for rank in range(100)]
    world = _world(
        {"lignes_vues": {"etendue": "complete", "lignes": [{"nom": name} for name in names]}}, scope
    )
    counted: list[int] = []
    monkeypatch.setattr(world, "visit", counted.append)

    for name in names:
        assert _worth(run, world, scope, slot, {"nom": name}) == 2
    assert sum(counted) == 100 + 2 * 50


def test_a_choice_is_made_once() -> None:
    """Two expressions that filter a list alike share what is taken of it; another dossier makes its own."""
    scope, slot = _scope()
    first = compile_node(parse("nombre(l dans f.lignes_vues où l.libre)"), scope)
    second = compile_node(parse("somme(l dans f.lignes_vues où l.libre : l.prix)"), scope)
    world = _world({"lignes_vues": [{"libre": True, "prix": 1}]}, scope)
    for run in (first, second):
        _worth(run, world, scope, slot, {})

    assert [isinstance(value, Selection) for value in world.known.values()].count(True) == 1
