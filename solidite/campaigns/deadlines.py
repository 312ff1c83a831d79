"""Each date of each case moved to the ends of months: the rule judged on its deadline and the day after, twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rsaudit.cases import case_day, case_dossier, lay_over
from rsaudit.conditions import World
from rsaudit.engine.judgement import judge
from solidite.agreement import compare_rule
from solidite.campaign import Campaign, Outcome, Scale
from solidite.examples import SESSION, Path_, leaves, rules

if TYPE_CHECKING:
    from rsaudit.loading import Dossier
    from rsaudit.ruleset import CompiledRule, CompiledRuleset

_A_DAY = timedelta(days=1)
_FEW_CASES = 40
_MONTH_ENDS = (
    "2024-01-31",
    "2024-02-29",
    "2025-02-28",
    "2025-03-31",
    "2025-08-31",
    "2025-11-30",
    "2025-12-31",
)
_WAYS = 2


def _run(scale: Scale) -> Outcome:
    outcome = Outcome()
    every = [
        (name, rank, path)
        for name, (_, rule) in rules().items()
        for rank, case in enumerate(rule.rule.cases)
        for path, value in leaves(case.get("dossier") or {})
        if _is_day(value)
    ]
    outcome.figures["règles dont un cas porte une date"] = len({name for name, _, _ in every})
    for name, rank, path in scale.chosen(every, _FEW_CASES, "dates"):
        for moved in _MONTH_ENDS:
            _around(outcome, scale, name, rank, path, moved)
    return outcome


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == len("AAAA-MM-JJ") and value[4] == value[7] == "-"


def _around(outcome: Outcome, scale: Scale, name: str, rank: int, path: Path_, moved: str) -> None:
    compiled, rule = rules()[name]
    case = rule.rule.cases[rank]
    changed = {**case, "dossier": _moved(case["dossier"], path, moved)}
    dossier = case_dossier(compiled.ruleset, rule.rule.id, changed, SESSION.schemas)
    if dossier.errors:
        return
    usual = case_day(compiled.ruleset, case)
    turns = {usual, date.fromisoformat(moved), *_deadlines(compiled, rule, dossier, usual)}
    for day in sorted({turn + step * _A_DAY for turn in turns for step in (0, 1)}):
        rng = scale.random(name, rank, path, moved, day)
        found = compare_rule(compiled, rule, dossier.data, day, SESSION.catalogue, rng, most=_WAYS)
        outcome.count("verdicts autour d’une échéance, comparés à la référence")
        if found.contradiction:
            outcome.fail(f"{name}, « {case['nom']} », {path} le {moved}, {day} : {found.contradiction}")


def _moved(data: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = lay_over({}, data)
    holder: Any = copy
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return copy


def _deadlines(compiled: CompiledRuleset, rule: CompiledRule, dossier: Dossier, day: date) -> set[date]:
    if rule.deadline is None:
        return set()
    world = World(dossier.data, as_of=day, scope=compiled.scope)
    found = set()
    for _, _, frame in judge(rule, world):
        for slot, program in rule.late_locals:
            frame[slot] = program(frame)
        value = rule.deadline(frame)
        if isinstance(value, date) and date(1990, 1, 1) < value < date(2100, 1, 1):
            found.add(value)
    return found


CAMPAIGN = Campaign(
    name="echeances",
    promise="autour des fins de mois, du 29 février, d’une échéance et de son lendemain, deux évaluateurs concluent pareil.",
    run=_run,
)
