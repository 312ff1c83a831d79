"""One example judged each day of three years: each verdict changes on its day, for a cause that one can name."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from rsaudit.cases import lay_over
from rsaudit.conditions.calendar_dates import parse_date, parse_duration, shifted
from rsaudit.deadlines import calendar
from rsaudit.model import Verdict
from solidite.campaign import Campaign, Outcome, Scale
from solidite.changes import words
from solidite.examples import data_of, field_of, findings, judged, leaves, received, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.conditions import Duration
    from rsaudit.loading import Dossier
    from rsaudit.model import Finding, Report
    from rsaudit.ruleset import Rule

EXAMPLE = "benjoin"
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
_A_DAY = timedelta(days=1)
_FEW_DAYS = 6
_UNEXPLAINED = "inexpliqué"
_UNTOLD = "échéance que le calendrier tait"


def _run(scale: Scale) -> Outcome:
    outcome = Outcome()
    dossier = received(lay_over({}, data_of(EXAMPLE)))
    days = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]
    dated, still = _dated()
    outcome.figures |= {"règles qui lisent une date ou une réponse": len(dated), "autres règles": len(still)}
    before: Report | None = None
    chosen = _chosen_days(dossier, days, scale)
    for day in chosen:
        outcome.count("jours jugés")
        now = judged(dossier, dated, day)
        if before is not None and before.audit_date == day - _A_DAY:
            outcome.failures += _changes(outcome, dossier, before, now)
        before = now
    _still(outcome, dossier, still, [chosen[0], *chosen[:: max(1, len(chosen) // 6)], chosen[-1]])
    return outcome


def _chosen_days(dossier: Dossier, days: list[date], scale: Scale) -> list[date]:
    """Return the days of this run, each pair of days that follow each other kept together."""
    if not scale.short:
        share = len(days) // scale.parts + 1
        return days[max(0, (scale.part - 1) * share - 1) : scale.part * share]
    turns = sorted(
        {finding.deadline for finding in findings(judged(dossier)) if finding.deadline is not None}
    )
    turns = [day for day in turns if FIRST < day < LAST]
    drawn = scale.random("jours").sample(turns, min(_FEW_DAYS, len(turns)))
    return sorted({day + step * _A_DAY for day in [*drawn, date(2026, 12, 31)] for step in (0, 1)})


def _changes(outcome: Outcome, dossier: Dossier, eve: Report, report: Report) -> Iterator[str]:
    """Count each verdict that changes from a day to the next, by cause; yield those that nothing explains."""
    day = report.audit_date
    before, now = ({finding.identifier: finding for finding in findings(one)} for one in (eve, report))
    announced = {
        f"{one.ruleset}/{one.rule}" for one in calendar([eve]).deadlines if one.day == eve.audit_date
    }
    for identifier in sorted({*before, *now}):
        was, is_ = (side[identifier].verdict if identifier in side else None for side in (before, now))
        if was == is_:
            continue
        outcome.count("changements de verdict")
        name = "/".join(identifier.split("/")[:2])
        cause = _cause(dossier, before, announced, name, day)
        outcome.count(f"changements par cause : {cause}")
        if cause in {_UNEXPLAINED, _UNTOLD}:
            yield f"{day} : {identifier} : {was} → {is_} : {cause}"


def _cause(dossier: Dossier, before: dict[str, Finding], announced: set[str], name: str, day: date) -> str:
    eve = day - _A_DAY
    if name in announced:
        return "échéance, annoncée au calendrier"
    if any(finding.deadline == eve for key, finding in before.items() if key.startswith(f"{name}/")):
        return _UNTOLD
    _, rule = rules()[name]
    if day in _law(name) or day in {rule.rule.since, _after(rule.rule.until)}:
        return "droit"
    if day in _answers(dossier):
        return "réponse"
    if (day.month, day.day) == (1, 1):
        return "année"
    if day.isoformat() in _written(dossier):
        return "fait daté de ce jour"
    if day in _terms(dossier, name):
        return "terme d’une durée comptée depuis un fait"
    return "jour que le texte fixe chaque année" if _yearly(name, eve) else _UNEXPLAINED


def _after(day: date | None) -> date | None:
    return None if day is None else day + _A_DAY


@cache
def _law(name: str) -> frozenset[date]:
    """Return the days on which a value of the law that a rule reads begins, or has ceased."""
    compiled, _ = rules()[name]
    read = _read_by(name)
    entries = [
        entry
        for parameter in compiled.ruleset.parameters
        if parameter.name in read
        for entry in parameter.entries
    ]
    turns = [entry.since for entry in entries] + [_after(entry.until) for entry in entries]
    return frozenset(day for day in turns if day is not None)


def _answers(dossier: Dossier) -> set[date]:
    """Return the days on which an answer or a derogation begins or ceases to count."""
    found = set()
    for section, key in (("reponses", "points"), ("derogations", "accordees")):
        for entry in (dossier.data.get(section) or {}).get(key) or ():
            if entry.get("date"):
                found.add(date.fromisoformat(entry["date"]))
            if entry.get("jusqu_au"):
                found.add(date.fromisoformat(entry["jusqu_au"]) + _A_DAY)
    return found


def _written(dossier: Dossier) -> set[str]:
    return {value for _, value in leaves(dossier.data) if isinstance(value, str)}


def _terms(dossier: Dossier, name: str) -> set[date]:
    """Return the days that are at a duration which a rule reads from a day which it reads, and their morrows."""
    _, rule = rules()[name]
    texts = {
        value
        for path, value in leaves(dossier.data)
        if isinstance(value, str) and any(_within(field_of(path), field) for field in rule.fields)
    }
    days = {day for text in texts if (day := parse_date(text)) is not None}
    spans = {span for text in texts if (span := parse_duration(text)) is not None} | _spans(name)
    found = {
        term
        for day in days
        for span in spans
        for sign in (1, -1)
        if (term := shifted(day, sign * span.count, span.unit)) is not None
    }
    return found | {day + _A_DAY for day in found}


def _within(field: str, read: str) -> bool:
    return field == read or field.startswith(f"{read}.")


@cache
def _values(name: str) -> tuple[Any, ...]:
    """Return every value, of any day, of the parameters that a rule reads."""
    compiled, _ = rules()[name]
    read = _read_by(name)
    return tuple(
        value
        for parameter in compiled.ruleset.parameters
        if parameter.name in read
        for entry in parameter.entries
        for value in ((entry.value,) if entry.rows is None else (value for _, value in entry.rows))
    )


def _spans(name: str) -> set[Duration]:
    """Return the durations of the law that a rule reads."""
    read = (parse_duration(value) for value in _values(name) if isinstance(value, str))
    return {span for span in read if span is not None}


def _yearly(name: str, day: date) -> bool:
    """Say whether a rule reads the number of a month and that of a day in it which are those of this day."""
    numbers = {int(value) for value in _values(name) if isinstance(value, int | Decimal)}
    return {day.day, day.month} <= numbers


def _still(outcome: Outcome, dossier: Dossier, names: list[str], days: list[date]) -> None:
    """See, on some days, that the rules said to read no date conclude alike."""
    seen = {
        day: {(one.identifier, one.verdict) for one in findings(judged(dossier, names, day))} for day in days
    }
    first = seen[days[0]]
    outcome.count("jours où les autres règles sont jugées", len(days))
    for day, found in seen.items():
        if found != first:
            outcome.fail(f"{day} : change sans lire de date : {sorted(found ^ first)[:3]}")


@cache
def _dated() -> tuple[list[str], list[str]]:
    """Return the rules whose verdict may depend on the day, and the others."""
    dated: list[str] = []
    still: list[str] = []
    for name, (compiled, rule) in rules().items():
        read = _read_by(name)
        moves = (
            "date_audit" in read
            or bool(read & {parameter.name for parameter in compiled.ruleset.parameters})
            or rule.rule.since is not None
            or rule.rule.until is not None
            or rule.rule.manual is not None
            or bool(rule.reviews)
            or any(element.reviews for element in rule.elements)
            or rule.rule.lapsed is Verdict.A_VERIFIER
            or rule.rule.derogation is not None
        )
        (dated if moves else still).append(name)
    return dated, still


@cache
def _read_by(name: str) -> frozenset[str]:
    """Return every name a rule writes, through the facts it reads."""
    compiled, rule = rules()[name]
    found = words(_declared(rule.rule))
    formulas: dict[str, set[str]] = {}
    for fact in compiled.ruleset.facts:
        formulas.setdefault(fact.name, set()).update(words(fact.node))
    while more := {word for one in found & set(formulas) for word in formulas[one]} - found:
        found |= more
    return frozenset(found)


def _declared(rule: Rule) -> tuple[Any, ...]:
    parts = (rule, *rule.elements)
    own = tuple(entry for part in parts for entry in _expressions(part))
    ranged = () if rule.range is None else (rule.range.items, rule.range.where)
    return (*own, *ranged, *(node for _, node in rule.locals), rule.value_date)


def _expressions(part: Any) -> Iterator[Any]:
    for name, attribute in (
        ("conditions", "test"),
        ("subject_conditions", "test"),
        ("reviews", "when"),
        ("review", "when"),
    ):
        yield from (getattr(entry, attribute) for entry in getattr(part, name, ()))
    yield from (getattr(part, name, None) for name in ("require", "signal"))


CAMPAIGN = Campaign(
    name="jours",
    promise="un verdict ne change qu’au jour dit : le calendrier l’annonçait la veille, ou une autre cause a un nom.",
    run=_run,
)
