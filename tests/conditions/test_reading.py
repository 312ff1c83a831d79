"""Paths read at once, and products scaled at once: worth what the general way gives, causes and writing included."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from rsaudit.conditions import Catalogue, Missing, Scope, Unknown, World
from rsaudit.conditions.functions import product_ends
from rsaudit.conditions.plans import link
from rsaudit.conditions.reading import Hop, Key, Shape, _followed, path

from .small import table

AUDIT = date(2026, 6, 30)
CATALOGUE = Catalogue.from_schemas(
    {"f": {"type": "object", "properties": {"lignes_vues": table({"code": {"type": "string"}})}}}
)
NAMED = Hop("f.lignes_vues", "code", True)
PATHS: tuple[tuple[Any, ...], ...] = (
    (Key("valeur"),),
    (Key("interieur", ["aucun"]), Key("valeur")),
    (Key("renvoi"), NAMED, Key("valeur")),
    (Key("renvoi", ["aucun"]), NAMED, Key("valeur")),
    (Key("renvoi"), NAMED, Key("interieur", ["aucun"]), Key("valeur")),
    (Key("renvoi", ["aucun"]), NAMED, Key("renvoi", ["aucun"]), NAMED, Key("valeur")),
    (Key("interieur", ["aucun"]), Key("renvoi"), NAMED, Key("valeur")),
)
SHAPES = (
    Shape("word", ["aucun"]),
    Shape("bool"),
    Shape("number", [], 0, 9),
    Shape("number", ["aucun"], 0, 9),
    Shape("number", [], 0, 1, True),
    Shape("date"),
    Shape("date", ["aucun"]),
    Shape("duration"),
    Shape("text"),
    Shape("text", ["aucun"]),
    Shape("reference", ["aucun"]),
)
_TEXTS = st.sampled_from(["aucun", "a", "A", "2026-01-01", "2026-02-30", "1 mois"])
_NUMBERS = st.sampled_from([0, 3, Decimal("1.50"), Decimal("1.5"), "aucun"])
_RAW = {"number": _NUMBERS, "bool": st.booleans()}
_CODES = st.sampled_from(["a", "b", "aucun", "ailleurs"])


def _items(values: Any) -> Any:
    flat = st.fixed_dictionaries({}, optional={"valeur": values, "renvoi": _CODES})
    inner = st.one_of(flat, st.just("aucun"))
    return st.fixed_dictionaries({}, optional={"valeur": values, "renvoi": _CODES, "interieur": inner})


@st.composite
def _cases(draw: Any) -> tuple[Any, Shape, Any, list[dict[str, Any]]]:
    shape = draw(st.sampled_from(SHAPES))
    items = _items(_RAW.get(shape.kind, _TEXTS))
    lost = st.sampled_from([Unknown((Missing({}, "x"),)), Unknown((Missing({}, "x"),), opaque=True)])
    rows = [{**draw(items), "code": code} for code in draw(st.sets(st.sampled_from("ab")))]
    return draw(st.sampled_from(PATHS)), shape, draw(st.one_of(items, items, lost)), rows


def _told(value: Any) -> Any:
    if not isinstance(value, Unknown):
        return type(value), str(value)
    causes = [(type(c), id(getattr(c, "container", None)), getattr(c, "key", c)) for c in value.causes]
    return value.low, value.high, value.opaque, value.word, causes


@settings(max_examples=600, deadline=None)
@given(_cases())
def test_paths_read_at_once_are_worth_what_each_step_gives(case: Any) -> None:
    """Present, absent, silent, misnamed, from an item that is known or not: the value, its bounds and its causes."""
    steps, shape, item, rows = case
    data = {"f": {"lignes_vues": {"etendue": "complete", "lignes": rows}}}
    scope = Scope(CATALOGUE)
    slot = scope.declare("x", CATALOGUE.at("f.lignes_vues").item, ranges="ailleurs")  # type: ignore[union-attr]

    def base(frame: Any) -> Any:
        return frame[slot]

    def worth(run: Any) -> list[Any]:
        frame = World(data, as_of=AUDIT, scope=scope).frame(scope)
        frame[slot] = item
        return [_told(run(frame)) for _ in range(2)]

    followed = _followed(base, steps, shape)
    expected = worth(followed)
    assert worth(path(base, steps, shape, slot)) == expected
    assert worth(path(base, steps, shape)) == expected
    if shape.kind == "word":
        plan = ["word", ["path", ["slot", slot], [_step(step) for step in steps], list(astuple(shape))], "a"]
        assert worth(link(plan)) == worth(lambda frame: _compared(followed(frame), "a"))


def _step(step: Any) -> list[Any]:
    return [
        "hop" if isinstance(step, Hop) else "key",
        *(list(part) if part == () else part for part in astuple(step)),
    ]


def _compared(value: Any, word: str) -> Any:
    return value if isinstance(value, Unknown) else value == word


@settings(deadline=None)
@given(st.sampled_from(["a", "b", "aucun", None]), st.booleans(), st.sampled_from(["a", "aucun"]))
def test_a_field_that_is_a_word_is_read_and_compared_at_once(raw: Any, known: bool, word: str) -> None:
    """Equal, other, silent, absent, from an item that is known or not: what reading then comparing gives."""
    item: Any = {} if raw is None else {"sorte": raw}
    frame = [None, item if known else Unknown((Missing({}, "x"),), opaque=True)]
    shape = ["word", ["aucun"], None, None, False, False]
    compared = ["word", ["path", ["slot", 1], [["key", "sorte", ["aucun"]]], shape], word]

    assert _told(link(["field_is", ["slot", 1], "sorte", word])(frame)) == _told(link(compared)(frame))


_END = st.one_of(
    st.none(), st.integers(-3, 3), st.sampled_from([Decimal("0.00"), Decimal("-1.5"), Fraction(1, 3)])
)
_INTERVAL = st.tuples(_END, _END).filter(lambda ends: None in ends or ends[0] <= ends[1])


@given(_INTERVAL, _END.filter(lambda end: end is not None), st.booleans())
def test_the_ends_of_a_product_by_a_known_factor(ends: Any, factor: Any, first: bool) -> None:
    """A known factor scales both ends, swaps them when it is negative, and makes 0 of what is without limit."""
    low, high = product_ends(factor, factor, *ends) if first else product_ends(*ends, factor, factor)
    if factor == 0:
        assert (low, high) == (0, 0)
        return
    scaled = [_times(end, factor) for end in ends]
    assert [low, high] == (scaled if factor > 0 else scaled[::-1])


def _times(end: Any, factor: Any) -> Any:
    return None if end is None else Fraction(end) * Fraction(factor)
