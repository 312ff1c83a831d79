"""One dossier judged and its reports written in every format asked: what a run does for each, in any process."""

from __future__ import annotations

import gc
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.cli import outcome
from rsaudit.cli.session import Session
from rsaudit.cli.settings import THRESHOLDS
from rsaudit.errors import UsageError
from rsaudit.messages import cli as say
from rsaudit.model import RenderOptions, Verdict

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.engine import AuditOptions
    from rsaudit.loading import DossierRef
    from rsaudit.model import Finding, Fingerprint, Report
    from rsaudit.output.portfolio_index import Entry
    from rsaudit.ruleset import CompiledRuleset

_DOSSIERS_BEFORE_COLLECTION = 16


class Earlier(Struct, frozen=True, kw_only=True):
    """The earlier reports given with `--depuis`: one dossier's, or a portfolio's."""

    reports: tuple[Report, ...]
    fingerprint: Fingerprint


class Orders(Struct, frozen=True, kw_only=True):
    """What a run asks of every dossier; plain data, so that any process can be given them."""

    day: date
    named: tuple[str, ...]
    """Référentiels asked for by name or path; empty: those whose text binds the residence."""
    options: AuditOptions
    formats: tuple[str, ...] = ()
    """The formats to write, one for each destination."""
    joined: tuple[bool, ...] = ()
    """For each of the formats, whether the dossiers go into one file."""
    portfolio: bool = False
    """There are several dossiers."""
    render: RenderOptions = RenderOptions()
    threshold: str = "mineur"
    strict: str | None = None
    earlier: Earlier | None = None


class Judged(Struct, frozen=True, kw_only=True):
    """What is kept of a dossier once it is judged: its reports, written, and its exit code."""

    path: str
    parts: tuple[str | bytes, ...]
    """The report in each of the formats, in their order."""
    code: int
    entry: Entry | None
    """What a portfolio shows of it, if one of the formats does."""
    counts: bool
    """False when nothing was judged although the dossier is valid: it is out of scope."""


class Judge:
    """Judges dossiers by the same orders; schemas and référentiels are read once, on demand."""

    def __init__(self, orders: Orders) -> None:
        """Keep the orders; nothing is read yet."""
        self.orders = orders
        self.session = Session()
        self._judged_count = 0

    @cached_property
    def rulesets(self) -> list[CompiledRuleset]:
        """The référentiels of the run. Raises `UsageError` for a rule that none of them has."""
        orders = self.orders
        found = self.session.rulesets(list(orders.named), with_cases=False)
        if not orders.named:
            found = [compiled for compiled in found if compiled.ruleset.binding]
        known = {name for compiled in found for name in compiled.rule_ids}
        for wanted in orders.options.rules:
            if wanted not in known:
                raise UsageError(say.unknown_rule(wanted, known), say.UNKNOWN_RULE_HINT)
        return found

    def report(self, reference: DossierRef) -> Report:
        """Read a dossier and judge it."""
        earlier = self.orders.earlier
        if earlier is None:
            return self._judged(reference, self.orders.options)
        from rsaudit.comparison import earlier_of, follow, numbers

        known = earlier_of(reference.shown, earlier.reports, alone=not self.orders.portfolio)
        carried = tuple(sorted(numbers(known).items())) if known is not None else ()
        report = self._judged(reference, replace(self.orders.options, numbers=carried))
        return follow(replace(report, fingerprints=(*report.fingerprints, earlier.fingerprint)), known)

    def _judged(self, reference: DossierRef, options: AuditOptions) -> Report:
        from rsaudit.engine import audit
        from rsaudit.reception import receive

        return audit(
            receive(reference, self.session.schemas),
            self.rulesets,
            as_of=self.orders.day,
            vocabulary=self.session.vocabulary,
            options=options,
            named=frozenset(self.orders.named),
        )

    def __call__(self, reference: DossierRef) -> Judged:
        """Judge a dossier and write its reports."""
        from rsaudit.output.portfolio import part, shows_entries

        self._let_go()
        orders = self.orders
        report = self.report(reference)
        entry = None
        destinations = list(zip(orders.formats, orders.joined, strict=True))
        if orders.portfolio and any(shows_entries(name, joined=joined) for name, joined in destinations):
            from rsaudit.output.portfolio_index import summarise

            entry = summarise(report, orders.render)
        return Judged(
            path=report.path,
            parts=tuple(
                part(name, report, orders.render, entry=entry, joined=joined) for name, joined in destinations
            ),
            code=exit_code(report, orders.threshold, orders.strict),
            entry=entry,
            counts=bool(report.obligations) or not report.valid,
        )

    def _let_go(self) -> None:
        """Look for cycles between dossiers only, now and then; what lasts (référentiels, schemas) is looked at once."""
        gc.disable()
        if self._judged_count % _DOSSIERS_BEFORE_COLLECTION == 1:
            gc.collect()
            gc.freeze()
        self._judged_count += 1

    def __reduce__(self) -> tuple[type[Judge], tuple[Orders]]:
        """Another process is given the orders and reads the rest itself."""
        return Judge, (self.orders,)


def exit_code(report: Report, threshold: str, strict: str | None) -> int:
    """Return the exit code of one report; what `--depuis` hides does not count."""
    if not report.valid:
        return outcome.INPUT
    shown = [one for row in report.obligations for one in row.findings if not one.hidden]
    if threshold != "aucun" and any(_reaches(one, threshold) for one in shown):
        return outcome.FOUND
    asked = {"pieces": {Verdict.NON_VERIFIABLE}, "tout": {Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER}}
    if any(one.verdict in asked.get(strict or "", ()) for one in shown):
        return outcome.FOUND
    return outcome.DONE


def _reaches(finding: Finding, threshold: str) -> bool:
    rank = THRESHOLDS.index(threshold)
    if finding.verdict is Verdict.ECART and finding.severity is not None:
        return THRESHOLDS.index(finding.severity.value) <= rank
    return finding.verdict is Verdict.REMARQUE and rank >= THRESHOLDS.index("remarque")
