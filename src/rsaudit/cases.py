"""The cases written in rule files, run and compared: for `rsaudit tester` and for the tests alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import structs

from rsaudit.engine import AuditOptions, audit
from rsaudit.messages import cases as say
from rsaudit.reception import receive_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rsaudit.loading import Dossier
    from rsaudit.model import Finding, Obligation, Report
    from rsaudit.ruleset import CompiledRule, CompiledRuleset, Ruleset
    from rsaudit.validation import Schemas
    from rsaudit.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case run: what was expected, what came, and whether they agree."""

    ruleset: str
    rule: str
    name: str
    passed: bool
    expected: str
    obtained: str
    limits: tuple[str, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which exigences have a rule, and which limits a case proves."""

    requirements: int
    uncovered: tuple[str, ...]
    limits: int
    unproved: tuple[str, ...]


def run_cases(compiled: CompiledRuleset, schemas: Schemas, vocabulary: Vocabulary) -> Iterator[CaseResult]:
    """Run every case of a référentiel, its inherited rules included."""
    for rule in compiled.rules:
        for case in rule.rule.cases:
            yield run_case(compiled, rule, case, schemas, vocabulary)


def run_case(
    compiled: CompiledRuleset,
    rule: CompiledRule,
    case: Mapping[str, Any],
    schemas: Schemas,
    vocabulary: Vocabulary,
) -> CaseResult:
    """Run one case and compare what it gives with what its text commands."""
    dossier = case_dossier(compiled.ruleset, rule.rule.id, case, schemas)
    return judge_case(compiled, rule, case, dossier, vocabulary)


def judge_case(
    compiled: CompiledRuleset,
    rule: CompiledRule,
    case: Mapping[str, Any],
    dossier: Dossier,
    vocabulary: Vocabulary,
) -> CaseResult:
    """Judge the dossier already made of a case by its rule alone, and compare."""
    report = _judged(compiled, rule, case, dossier, vocabulary)
    if not report.valid:
        return _result(
            compiled, rule, case, passed=False, obtained=say.INVALID, detail=report.errors[0].message
        )
    return _compare(compiled, rule, case, report)


def play_case(
    compiled: CompiledRuleset,
    rule: CompiledRule,
    case: Mapping[str, Any],
    schemas: Schemas,
    vocabulary: Vocabulary,
) -> Report:
    """Judge the dossier of a case laid over the base, its rule alone, at its date, whatever the scope."""
    dossier = case_dossier(compiled.ruleset, rule.rule.id, case, schemas)
    return _judged(compiled, rule, case, dossier, vocabulary)


def case_dossier(ruleset: Ruleset, rule: str, case: Mapping[str, Any], schemas: Schemas) -> Dossier:
    """Make the dossier of a case: what it says laid over the base, with its answers and derogations."""
    data = lay_over(ruleset.base, case.get("dossier") or {})
    for section, key, content in (
        ("reponses", "points", "reponses"),
        ("derogations", "accordees", "derogations"),
    ):
        if case.get(content):
            data[section] = {key: [_own(entry, rule) for entry in case[content]]}
    if case.get("controle"):
        data["controle"] = case["controle"]
    return receive_data(data, schemas, name=case["nom"])


def case_day(ruleset: Ruleset, case: Mapping[str, Any]) -> date:
    """Return the day a case is judged: its own, else that of the référentiel's cases."""
    return date.fromisoformat(case["date"]) if case.get("date") else ruleset.case_date


def _judged(
    compiled: CompiledRuleset,
    rule: CompiledRule,
    case: Mapping[str, Any],
    dossier: Dossier,
    vocabulary: Vocabulary,
) -> Report:
    return audit(
        dossier,
        [structs.replace(compiled, applies=())],
        as_of=case_day(compiled.ruleset, case),
        vocabulary=vocabulary,
        options=AuditOptions(rules=(rule.rule.id,)),
    )


def lay_over(base: Any, top: Any) -> Any:
    """Lay a partial dossier over a base: keys merge, lists replace, `null` makes unknown. Nothing is shared."""
    if isinstance(base, dict) and isinstance(top, dict):
        merged = {
            key: lay_over(value, top[key]) if key in top else _copy(value) for key, value in base.items()
        }
        merged.update({key: _copy(value) for key, value in top.items() if key not in base})
        return merged
    return _copy(top)


def coverage(compiled: CompiledRuleset) -> Coverage:
    """Say which exigences no rule covers, and which limits no case of a covering rule proves."""
    rules = compiled.rules
    covered = {requirement for rule in rules for requirement in rule.rule.requirements}
    proved = {(limit, verdict) for rule in rules for limit, verdict in _proofs(rule)}
    requirements = compiled.ruleset.requirements
    limits = [limit for requirement in requirements for limit in requirement.limits]
    return Coverage(
        requirements=len(requirements),
        uncovered=tuple(r.id for r in requirements if r.id not in covered),
        limits=len(limits),
        unproved=tuple(limit.id for limit in limits if (limit.id, limit.expected.value) not in proved),
    )


def _proofs(rule: CompiledRule) -> Iterator[tuple[str, str]]:
    for case in rule.rule.cases:
        expected = case["attendu"]
        verdicts = [expected] if isinstance(expected, str) else list(expected.values())
        for limit in _limits(case):
            for verdict in verdicts:
                yield limit, verdict


def _limits(case: Mapping[str, Any]) -> tuple[str, ...]:
    limits = case.get("borne") or ()
    return (limits,) if isinstance(limits, str) else tuple(limits)


def _own(entry: Mapping[str, Any], rule: str) -> dict[str, Any]:
    return {**entry, "regle": rule}


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(child) for key, child in value.items()}
    return [_copy(child) for child in value] if isinstance(value, list) else value


def _compare(
    compiled: CompiledRuleset, rule: CompiledRule, case: Mapping[str, Any], report: Report
) -> CaseResult:
    obligation = next((o for o in report.obligations if o.rule == rule.rule.id), None)
    if obligation is None:
        reason = next((r.out_of_scope for r in report.rulesets if r.out_of_scope), None)
        return _result(compiled, rule, case, passed=False, obtained=say.NOT_EVALUATED, detail=reason or "")
    expected = case["attendu"]
    if isinstance(expected, str):
        passed = obligation.verdict == expected
        obtained = str(obligation.verdict)
    else:
        verdicts = {subject: _lookup(obligation, subject) for subject in expected}
        passed = verdicts == expected
        obtained = say.subjects(verdicts)
    if passed and case.get("gravite") and obligation.severity != case["gravite"]:
        passed, obtained = False, say.graded(str(obligation.verdict), obligation.severity)
    if passed and "a_venir" in case:
        coming = any(finding.not_yet_due for finding in obligation.findings)
        passed, obtained = coming == case["a_venir"], say.timed(str(obligation.verdict), coming=coming)
    detail = "" if passed else say.messages(finding.message for finding in obligation.findings)
    return _result(compiled, rule, case, passed=passed, obtained=obtained, detail=detail)


def _lookup(obligation: Obligation, subject: str) -> str:
    """Return the verdict of a subject, an element, or a subject/element."""
    for finding in obligation.findings:
        if subject in _names(finding):
            return finding.verdict.value
    return say.NO_SUCH_SUBJECT


def _names(finding: Finding) -> set[str]:
    tail = finding.identifier.split("/", 2)[2]
    parts = tail.rsplit("/", 1)
    return {tail, *parts} if finding.element is not None else {tail}


def _result(
    compiled: CompiledRuleset,
    rule: CompiledRule,
    case: Mapping[str, Any],
    *,
    passed: bool,
    obtained: str,
    detail: str,
) -> CaseResult:
    return CaseResult(
        ruleset=compiled.ruleset.id,
        rule=rule.rule.id,
        name=case["nom"],
        passed=passed,
        expected=_expected(case),
        obtained=obtained,
        limits=_limits(case),
        detail=detail,
    )


def _expected(case: Mapping[str, Any]) -> str:
    expected = case["attendu"]
    verdict = expected if isinstance(expected, str) else say.subjects(expected)
    return say.timed(verdict, coming=case["a_venir"]) if "a_venir" in case else verdict
