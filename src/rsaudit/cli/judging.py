"""One dossier judged and its reports written in every format asked: what a run does for each, in any process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rsaudit.cli import outcome
from rsaudit.cli.session import Session
from rsaudit.errors import UsageError
from rsaudit.messages import cli as say
from rsaudit.model import Severity, Verdict

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.engine import AuditOptions
    from rsaudit.loading import DossierRef
    from rsaudit.model import RenderOptions, Report
    from rsaudit.ruleset import CompiledRuleset

THRESHOLDS = ("majeur", "significatif", "mineur", "remarque", "aucun")
STRICT = ("pieces", "tout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a run asks of every dossier; plain data, so that any process can be given them."""

    day: date
    named: tuple[str, ...]
    """Référentiels asked for by name or path; empty: those whose text binds the residence."""
    options: AuditOptions
    formats: tuple[str, ...]
    """The formats to write, one for each destination."""
    render: RenderOptions
    threshold: str
    strict: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is kept of a dossier once it is judged: its reports, written, and its exit code."""

    path: str
    parts: tuple[str | bytes, ...]
    """The report in each of the formats, in their order."""
    code: int
    counts: bool
    """False when nothing was judged although the dossier is valid: it is out of scope."""


class Judge:
    """Judges dossiers by the same orders; schemas and référentiels are read once, on demand."""

    def __init__(self, orders: Orders) -> None:
        """Keep the orders; nothing is read yet."""
        self.orders = orders
        self.session = Session()

    @cached_property
    def rulesets(self) -> list[CompiledRuleset]:
        """The référentiels of the run. Raises `UsageError` for a rule that none of them has."""
        orders = self.orders
        found = self.session.rulesets(list(orders.named), with_cases=False)
        if not orders.named:
            found = [compiled for compiled in found if compiled.ruleset.binding]
        known = {rule.rule.id for compiled in found for rule in compiled.rules}
        for wanted in orders.options.rules:
            if wanted not in known:
                raise UsageError(say.unknown_rule(wanted, known), say.UNKNOWN_RULE_HINT)
        return found

    def report(self, reference: DossierRef) -> Report:
        """Read a dossier and judge it."""
        from rsaudit.engine import audit
        from rsaudit.reception import receive

        return audit(
            receive(reference, self.session.schemas),
            self.rulesets,
            as_of=self.orders.day,
            vocabulary=self.session.vocabulary,
            options=self.orders.options,
            named=frozenset(self.orders.named),
        )

    def __call__(self, reference: DossierRef) -> Judged:
        """Judge a dossier and write its reports."""
        from rsaudit.output import render

        report = self.report(reference)
        return Judged(
            path=report.path,
            parts=tuple(render(name, report, self.orders.render) for name in self.orders.formats),
            code=exit_code(report, self.orders.threshold, self.orders.strict),
            counts=bool(report.obligations) or not report.valid,
        )

    def __reduce__(self) -> tuple[type[Judge], tuple[Orders]]:
        """Another process is given the orders and reads the rest itself."""
        return Judge, (self.orders,)


def exit_code(report: Report, threshold: str, strict: str | None) -> int:
    """Return the exit code of one report."""
    if not report.valid:
        return outcome.INPUT
    if threshold != "aucun" and any(_reaches(o.verdict, o.severity, threshold) for o in report.obligations):
        return outcome.FOUND
    counts = report.summary.findings
    if strict is not None and counts[Verdict.NON_VERIFIABLE]:
        return outcome.FOUND
    if strict == "tout" and counts[Verdict.A_VERIFIER]:
        return outcome.FOUND
    return outcome.DONE


def _reaches(verdict: Verdict, severity: Severity | None, threshold: str) -> bool:
    rank = THRESHOLDS.index(threshold)
    if verdict is Verdict.ECART and severity is not None:
        return THRESHOLDS.index(severity.value) <= rank
    return verdict is Verdict.REMARQUE and rank >= THRESHOLDS.index("remarque")
