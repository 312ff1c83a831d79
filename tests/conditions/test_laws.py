"""The laws of the language, against every way to complete small dossiers: soundness, monotony, completeness."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rsaudit.conditions import ExpressionError
from rsaudit.errors import RulesetError
from rsaudit.ruleset import compile_ruleset
from solidite import generation
from solidite.agreement import Expression, compare_expression, compare_rule, compiled, worth

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_MOST = 150
_UNKNOWN = st.sampled_from((0.1, 0.3, 0.6))
_DRAWS = st.randoms(use_true_random=False)


def _times(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def _any(rng: random.Random) -> tuple[Expression, str]:
    """Draw an expression of the whole language, and all that judging it reads."""
    text = generation.Expressions(rng).condition(3)
    try:
        return compiled(text, generation.facts(rng)), f"{text} {generation.READ_BY_FACTS}"
    except ExpressionError:
        assume(False)
        raise


@_times(100)
@given(_DRAWS, _UNKNOWN)
def test_a_decided_result_holds_under_every_completion(rng: random.Random, unknown: float) -> None:
    """Soundness: no way to complete a dossier contradicts what was decided without it."""
    expression, read = _any(rng)
    found = compare_expression(
        expression, generation.dossier(read, rng, unknown), rng, most=_MOST, complete=False
    )

    assert found.contradiction == ""


@_times(60)
@given(_DRAWS)
def test_a_whole_dossier_is_worth_what_the_reference_says(rng: random.Random) -> None:
    """On known data the bounded evaluator and the naive one agree, on what has no value too."""
    expression, read = _any(rng)
    found = compare_expression(expression, generation.dossier(read, rng, 0), rng, most=_MOST, complete=False)

    assert found.contradiction == ""


def _fillings(read: str, data: dict[str, Any], rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield dossiers that know one thing more."""
    for name in generation.read(read, generation.SCALARS):
        if name not in data:
            yield {**data, name: generation.value_of(generation.SCALARS[name], rng)}
    for table, cells in generation.ROWS.items():
        for rank, row in enumerate(generation.rows_of(data.get(table))):
            for cell in cells:
                if cell not in row and cell != "v":
                    more = copy.deepcopy(data)
                    generation.rows_of(more[table])[rank][cell] = generation.value_of(cells[cell], rng)
                    yield more
        raw = data.get(table)
        if isinstance(raw, dict) and len(raw["lignes"]) < raw.get("effectif_total", 0):
            more = copy.deepcopy(data)
            more[table]["lignes"].append({"ref": f"{table}9"})
            yield more


@_times(60)
@given(_DRAWS, _UNKNOWN)
def test_filling_an_unknown_never_changes_a_decided_verdict(rng: random.Random, unknown: float) -> None:
    """Monotony: knowing more changes nothing that was decided."""
    expression, read = _any(rng)
    data = generation.dossier(read, rng, unknown)
    said = worth(expression, data)
    changed = (
        [] if said is None else [d for d in _fillings(read, data, rng) if worth(expression, d) is not said]
    )

    assert changed == []


@_times(150)
@given(_DRAWS, _UNKNOWN)
def test_what_every_completion_decides_is_decided(rng: random.Random, unknown: float) -> None:
    """Completeness, on the fragment the page of the language names, each unknown being read once."""
    text = generation.Fragment(rng).condition(3)
    data = generation.once_dossier(text, rng, unknown)
    found = compare_expression(compiled(text), data, rng, most=4 * _MOST, complete=True)

    assert (found.contradiction, found.undecided) == ("", "")


def test_a_filter_that_the_dossier_decides_decides_the_rows_nobody_showed() -> None:
    """Rows nobody showed are in, or out, when the filter says so whatever they hold."""
    unseen = {"etendue": "echantillon", "effectif_total": 2, "lignes": []}

    for known in (True, False):
        data = {"p1": known, "t": unseen}
        assert worth(compiled("nombre(rt dans f.t où f.p1) = 1 + 1"), data) is known
        assert worth(compiled("tous(rt dans f.t : f.p1)"), data) is known
        assert worth(compiled("un(rt dans f.t : f.p1)"), data) is known
        assert worth(compiled("part(rt dans f.t : f.p1) = 1"), data) is known
    assert worth(compiled("un(rt dans f.t où f.p1 : rt.b)"), {"p1": True, "t": unseen}) is None
    assert worth(compiled("un(rt dans f.t où f.p1 : rt.b)"), {"p1": False, "t": unseen}) is False


@_times(60)
@given(_DRAWS, _UNKNOWN)
def test_a_rule_concludes_what_the_reference_concludes(rng: random.Random, unknown: float) -> None:
    """A small référentiel drawn at random: no completion contradicts a verdict, on any subject."""
    drawn, read = generation.rule(rng)
    try:
        whole = compile_ruleset(generation.ruleset(drawn, rng), generation.CATALOGUE, draft=True)
    except RulesetError:
        assume(False)
        raise
    data = {"f": generation.dossier(read, rng, unknown)}
    found = compare_rule(whole, whole.rules[0], data, generation.AS_OF, generation.CATALOGUE, rng, most=_MOST)

    assert found.contradiction == ""


@_times(60)
@given(_DRAWS, _UNKNOWN)
def test_a_rule_of_the_fragment_leaves_nothing_open_that_is_settled(
    rng: random.Random, unknown: float
) -> None:
    """Completeness of verdicts: applicability, appreciation and requirement together."""
    drawn, read = generation.once_rule(rng)
    whole = compile_ruleset(generation.ruleset(drawn, rng), generation.CATALOGUE, draft=True)
    data = {"f": generation.once_dossier(read, rng, unknown)}
    found = compare_rule(
        whole,
        whole.rules[0],
        data,
        generation.AS_OF,
        generation.CATALOGUE,
        rng,
        most=4 * _MOST,
        complete=True,
    )

    assert (found.contradiction, found.undecided) == ("", "")
