"""What a report must never do: two écarts for one fact, a conformity out of silence, a rule that nothing fires."""

from __future__ import annotations

import os
import random
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rsaudit.cases import lay_over
from rsaudit.cli.session import Session
from rsaudit.engine import AuditOptions, audit
from rsaudit.loading import find_dossiers, from_data, inherit, load, read_yaml
from rsaudit.model import Verdict
from rsaudit.validation import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.model import Report

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 9, 30)
#: Set, every leaf of each example is tried, and every mutation is judged by every rule; otherwise a sample is.
CAMPAIGN = bool(os.environ.get("RSAUDIT_CAMPAGNE"))
SAMPLE = 5

_SESSION = Session()
_RULESETS = _SESSION.rulesets(["reunion"])
_RULES = {compiled.rule.id: compiled for compiled in _RULESETS[0].rules}
_SHARED = {(rule, other) for rule, compiled in _RULES.items() for other in compiled.rule.shares}

_EXAMPLES = ("benjoin", "benjoin-fautif", "foyer-soleil", "petite-residence.yaml", "identite-seule.yaml")
_SILENCED = ("benjoin", "foyer-soleil", "petite-residence.yaml")

#: Which example, where, which value, and which rules then are no longer as they were: frozen from a search.
_FILE = read_yaml((ROOT / "tests" / "mutations.yaml").read_bytes(), "mutations.yaml").data
_MUTATIONS = [
    pytest.param(entry, id=f"{entry['exemple']}:{'.'.join(map(str, entry['chemin']))}:{rank}")
    for rank, entry in enumerate(_FILE["mutations"])
]


@cache
def _read(example: str) -> dict[str, Any]:
    dossier = load(find_dossiers(ROOT / "examples" / example)[0][0], _SESSION.schemas)
    assert dossier.errors == []
    return dossier.data


def _judge(data: dict[str, Any], rules: tuple[str, ...] = ()) -> Report:
    """Receive data as a dossier and judge it; the report of a refused one has errors and no constat."""
    dossier = from_data(data, _SESSION.schemas, name="essai")
    dossier.errors.extend(violations(dossier, _SESSION.schemas))
    if not dossier.errors:
        inherit(dossier.data, _SESSION.schemas.sections)
    return audit(
        dossier, _RULESETS, as_of=DAY, vocabulary=_SESSION.vocabulary, options=AuditOptions(rules=rules)
    )


def _with(example: str, path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return a copy of an example with another value at a path; `{retirer: n}` takes the n-th row away."""
    data: dict[str, Any] = lay_over({}, _read(example))
    holder: Any = data
    for key in path[:-1]:
        holder = holder[key]
    if isinstance(value, dict):
        del holder[path[-1]][value["retirer"]]
    else:
        holder[path[-1]] = value
    return data


@cache
def _whole(example: str) -> Report:
    return _judge(lay_over({}, _read(example)))


def _verdicts(report: Report) -> dict[str, str]:
    return {obligation.rule: obligation.verdict.value for obligation in report.obligations}


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(child, (*path, key))
    else:
        yield path


def _readers(path: tuple[Any, ...]) -> tuple[str, ...]:
    """Return the rules that read the field at a path, or a field below it."""
    field = ".".join(key for key in path if isinstance(key, str) and key != "lignes")
    return tuple(
        rule
        for rule, compiled in _RULES.items()
        if any(
            read == field or read.startswith(f"{field}.")
            for read in compiled.fields | {read.path for read in compiled.reads()}
        )
    )


# -- one fact, one écart -----------------------------------------------------------------------------------


def _doubled(report: Report) -> list[tuple[str, str, str]]:
    """Return the pairs of rules in écart on the same field, without either saying that it shares it.

    A path that stops at a row (« contrats.contrats[C-022] ») names no field: it is not compared.
    """
    at: dict[str, set[str]] = {}
    for obligation in report.obligations:
        for finding in obligation.findings:
            if finding.verdict is Verdict.ECART and finding.path and not finding.path.endswith("]"):
                at.setdefault(finding.path, set()).add(finding.rule)
    return [
        (path, one, other)
        for path, rules in at.items()
        for one, other in combinations(sorted(rules), 2)
        if not {(one, other), (other, one)} & _SHARED
    ]


@pytest.mark.parametrize("example", _EXAMPLES)
def test_one_fact_gives_one_ecart_in_an_example(example: str) -> None:
    """Two rules are in écart at the same place of an example only when one says that they share it."""
    assert _doubled(_whole(example)) == []


# -- mutations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", _MUTATIONS)
def test_a_mutation_fires_its_rules_and_no_other(entry: dict[str, Any]) -> None:
    """One value changed in a conform dossier changes the verdict of the rules named, and of no other."""
    path = tuple(entry["chemin"])
    rules = () if CAMPAIGN else tuple({*_readers(path), *entry["change"]})
    report = _judge(_with(entry["exemple"], path, entry["valeur"]), rules)
    before = _verdicts(_whole(entry["exemple"]))

    assert report.errors == ()
    changed = {rule: verdict for rule, verdict in _verdicts(report).items() if verdict != before[rule]}
    assert changed == entry["change"]
    assert _doubled(report) == []


def test_each_rule_is_fired_or_says_why_not() -> None:
    """Each rule is fired by a mutation, or is listed with the reason why none does."""
    fired = {
        rule
        for param in _MUTATIONS
        for rule, verdict in param.values[0]["change"].items()
        if verdict in {"ecart", "remarque", "signalement"}
    }
    quiet = {rule for group in _FILE["sans_mutation"] for rule in group["regles"]}

    assert fired & quiet == set()
    assert fired | quiet == set(_RULES)


# -- silence proves nothing --------------------------------------------------------------------------------


def _tried(example: str) -> list[tuple[Any, ...]]:
    leaves = [
        path for path in _leaves(_read(example)) if path[0] not in {"reponses", "derogations", "controle"}
    ]
    if CAMPAIGN:
        return leaves
    return random.Random(f"rsaudit {example}").sample(leaves, SAMPLE)  # noqa: S311


def _passes(report: Report) -> set[str]:
    return {
        finding.identifier
        for obligation in report.obligations
        for finding in obligation.findings
        if finding.verdict is Verdict.CONFORME
    }


@pytest.mark.parametrize("example", _SILENCED)
def test_a_value_left_out_never_makes_a_conformity(example: str) -> None:
    """A value made unknown, alone, turns no constat to « conforme »."""
    before = _passes(_whole(example))
    gained = {
        ".".join(map(str, path)): new
        for path in _tried(example)
        if (new := _passes(_judge(_with(example, path, None))) - before)
    }

    assert gained == {}


@pytest.mark.parametrize("example", _SILENCED)
def test_an_absurd_value_is_refused_or_proves_nothing(example: str) -> None:
    """An empty text, a number beyond measure, a number that is none: refused, or no new « conforme »."""
    before = _passes(_whole(example))
    absurd = ("", Decimal(10) ** 30, "NaN")
    gained = {
        f"{'.'.join(map(str, path))} = {value!r}": new
        for path in _tried(example)
        for value in absurd
        if (new := _passes(_judge(_with(example, path, value))) - before)
    }

    assert gained == {}
