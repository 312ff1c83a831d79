"""What an audit builds and what it only counts: the report says the same."""

from __future__ import annotations

import gc
import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rsaudit.engine import AuditOptions, audit
from rsaudit.engine.once import made_once
from rsaudit.loading import find_dossiers
from rsaudit.model import Keep, RenderOptions, Verdict
from rsaudit.output import FORMATS, render
from rsaudit.output.diffusion import communicable
from rsaudit.output.portfolio_index import Totals, summarise
from rsaudit.reception import receive

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.cli.session import Session
    from rsaudit.model import Finding, Report
    from rsaudit.output.portfolio_index import Entry
    from rsaudit.ruleset import CompiledRule

ROOT = Path(__file__).parent.parent
EXAMPLES = ("benjoin", "benjoin-fautif", "epicea", "foyer-soleil", "identite-seule.yaml")
DAY = date(2026, 9, 30)


@cache
def judged(session: Session, example: str, keep: Keep, *, require_pieces: bool) -> Report:
    """Return the report of an example, of which `keep` is built."""
    return report_on(
        session, ROOT / "examples" / example, AuditOptions(keep=keep, require_pieces=require_pieces)
    )


def report_on(session: Session, path: Path, options: AuditOptions) -> Report:
    """Return the report of a dossier."""
    (reference,), _ = find_dossiers(path)
    return audit(
        receive(reference, session.schemas),
        session.rulesets([], with_cases=False),
        as_of=DAY,
        vocabulary=session.vocabulary,
        options=options,
    )


def _counted(finding: Finding) -> tuple[object, ...]:
    """Return what a constat without words has of its own."""
    return (
        *(finding.rule, finding.element, finding.number, finding.verdict, finding.severity, finding.reason),
        *(finding.not_yet_due, finding.deadline, finding.deadline_kind, finding.last_due),
        *(finding.response, finding.derogation),
    )


@pytest.mark.parametrize("require_pieces", [False, True])
@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_not_built_changes_nothing(session: Session, example: str, require_pieces: bool) -> None:
    """Verdicts, gravities, counts, numbers and the line of a portfolio are the same whatever is built."""
    whole, named, reported, unsettled, worded, breaches = (
        judged(session, example, keep, require_pieces=require_pieces) for keep in sorted(Keep, reverse=True)
    )

    for less in (named, reported, unsettled, worded, breaches):
        told = whole.summary.declared_only if less in (named, reported) else None
        assert less.summary == replace(whole.summary, declared_only=told)
        for row, other in zip(less.obligations, whole.obligations, strict=True):
            assert (row.rule, row.verdict, row.severity, row.number, row.counts) == (
                other.rule,
                other.verdict,
                other.severity,
                other.number,
                other.counts,
            )
            if less is breaches:
                assert set(map(_counted, row.findings)) <= set(map(_counted, other.findings))
            elif less is not named:
                assert set(row.findings) <= set(other.findings)
        if less is unsettled:
            settled = {Verdict.CONFORME, Verdict.NON_CONCERNE, Verdict.SIGNALEMENT}
            for row, other in zip(less.obligations, whole.obligations, strict=True):
                assert row.findings == tuple(one for one in other.findings if one.verdict not in settled)
        else:
            assert summarise(less, RenderOptions()) == summarise(whole, RenderOptions())
    public = RenderOptions(public=True)
    assert summarise(worded, public) == summarise(whole, public)
    assert sum(len(row.findings) for row in breaches.obligations) < sum(
        len(row.findings) for row in whole.obligations
    )


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.needs is not Keep.EVERYTHING])
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_format_needs_no_more_than_it_says(session: Session, example: str, name: str) -> None:
    """A format is written the same, to the byte, from what it says it needs as from everything."""
    whole, needed = (
        judged(session, example, keep, require_pieces=False)
        for keep in (Keep.EVERYTHING, FORMATS[name].needs)
    )

    for options in (RenderOptions(), RenderOptions(colour=True, width=80)):
        assert render(name, needed, options) == render(name, whole, options)


def test_what_is_only_named_is_not_communicated(session: Session) -> None:
    """The communicable version of what a page is made of names no subject, though it is not made of that."""
    named = judged(session, "benjoin", Keep.NAMED, require_pieces=False)

    assert any(row.passes for row in named.obligations)
    assert not any(row.passes for row in communicable(named).obligations)


def test_the_only_pass_of_a_rule_has_its_words(session: Session) -> None:
    """A page tells in full the only constat of a rule, even when it is the pass of a subject."""
    whole, named = (
        judged(session, "benjoin", keep, require_pieces=False) for keep in (Keep.EVERYTHING, Keep.NAMED)
    )

    alone = [
        (row, other)
        for row, other in zip(named.obligations, whole.obligations, strict=True)
        if sum(row.counts.values()) == 1
    ]
    assert any(one.subject for row, _ in alone for one in row.findings if one.verdict is Verdict.CONFORME)
    assert all(row == other for row, other in alone)


def test_a_line_tells_the_breaches_of_a_shared_block(session: Session, tmp_path: Path) -> None:
    """Of a dossier that takes a block from others, what a line is made of tells what is wrong there, and where."""
    shutil.copytree(ROOT / "examples" / "foyer-soleil", tmp_path / "dossier")
    common = tmp_path / "dossier" / "communs" / "reglement.yaml"
    common.write_text(re.sub(r"(?m)^( *animaux:).*$", r"\1 interdits", common.read_text("utf-8")), "utf-8")

    whole, line = (
        summarise(report_on(session, tmp_path / "dossier", AuditOptions(keep=keep)), RenderOptions())
        for keep in (Keep.EVERYTHING, Keep.BREACHES)
    )

    assert [one.place.split(":")[0] for one in line.shared] == ["dossier/communs/reglement.yaml"]
    assert line == whole


def test_what_is_made_of_a_rule_is_made_once(session: Session) -> None:
    """What is made of a rule alone is made for the first dossier, and each rule has its own."""
    made = []

    @made_once
    def title(compiled: CompiledRule) -> str:
        made.append(compiled.rule.id)
        return compiled.rule.title

    first, second, *_ = session.rulesets([], with_cases=False)[0].rules

    assert [title(rule) for rule in (first, second, first)] == [
        one.rule.title for one in (first, second, first)
    ]
    assert made == [first.rule.id, second.rule.id]


def lines_of(session: Session) -> Callable[[], Entry]:
    """Return what judges an example as a portfolio does, by référentiels read once."""
    (reference,), _ = find_dossiers(ROOT / "examples" / "benjoin-fautif")
    rulesets = session.rulesets([], with_cases=False)

    def line() -> Entry:
        report = audit(
            receive(reference, session.schemas),
            rulesets,
            as_of=DAY,
            vocabulary=session.vocabulary,
            options=AuditOptions(keep=Keep.BREACHES),
        )
        return summarise(report, RenderOptions())

    line()  # what is understood once for all dossiers
    return line


def test_a_dossier_leaves_nothing_to_the_collector(session: Session) -> None:
    """What an audit held is let go as soon as it ends: a portfolio needs no more memory than its largest dossier."""
    line = lines_of(session)
    while gc.collect():  # what other tests left, some of which only dies once the rest is gone
        pass
    gc.disable()
    try:
        assert line().headline
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_one_more_dossier_keeps_no_more(session: Session) -> None:
    """Once a dossier is told, nothing of it is kept, not even by what is worked out once for all dossiers."""
    line = lines_of(session)
    totals = Totals()

    def kept() -> int:
        totals.add(line())
        gc.collect()
        return len(gc.get_objects())

    kept()  # the nearest deadlines, of which no more are kept than are told, are those of two of these dossiers
    before = kept()
    kept()
    after = kept()

    assert before == after
