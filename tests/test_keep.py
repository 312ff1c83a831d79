"""What an audit builds and what it only counts: the report says the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rsaudit.engine import AuditOptions, Keep, audit
from rsaudit.loading import find_dossiers
from rsaudit.model import RenderOptions
from rsaudit.output import render
from rsaudit.output.portfolio_index import summarise
from rsaudit.reception import receive

if TYPE_CHECKING:
    from rsaudit.cli.session import Session
    from rsaudit.model import Report

ROOT = Path(__file__).parent.parent
EXAMPLES = ("benjoin", "benjoin-fautif", "epicea", "foyer-soleil", "identite-seule.yaml")
DAY = date(2026, 9, 30)


def judged(session: Session, example: str, keep: Keep, *, require_pieces: bool) -> Report:
    """Return the report of an example, of which `keep` is built."""
    (reference,), _ = find_dossiers(ROOT / "examples" / example)
    return audit(
        receive(reference, session.schemas),
        session.rulesets([], with_cases=False),
        as_of=DAY,
        vocabulary=session.vocabulary,
        options=AuditOptions(keep=keep, require_pieces=require_pieces),
    )


@pytest.mark.parametrize("require_pieces", [False, True])
@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_not_built_changes_nothing(session: Session, example: str, require_pieces: bool) -> None:
    """Verdicts, gravities, counts, numbers and the line of a portfolio are the same whatever is built."""
    whole, named, reported, breaches = (
        judged(session, example, keep, require_pieces=require_pieces)
        for keep in (Keep.EVERYTHING, Keep.NAMED, Keep.REPORTED, Keep.BREACHES)
    )

    for less in (named, reported, breaches):
        assert less.summary == whole.summary
        for row, other in zip(less.obligations, whole.obligations, strict=True):
            assert (row.rule, row.verdict, row.severity, row.number, row.counts) == (
                other.rule,
                other.verdict,
                other.severity,
                other.number,
                other.counts,
            )
            if less is not named:
                assert set(row.findings) <= set(other.findings)
        assert summarise(less, RenderOptions()) == summarise(whole, RenderOptions())
    assert sum(len(row.findings) for row in breaches.obligations) < sum(
        len(row.findings) for row in whole.obligations
    )


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one != "benjoin-fautif"])
def test_a_terminal_lists_the_same(session: Session, example: str) -> None:
    """The report in a terminal, which lists no pass of a subject, is the same when they are not built.

    The faulty example breaks one of several elements of a subject: how many subjects there are is then not told.
    """
    whole, reported = (
        judged(session, example, keep, require_pieces=False) for keep in (Keep.EVERYTHING, Keep.REPORTED)
    )

    for options in (RenderOptions(), RenderOptions(colour=True, width=80)):
        assert render("terminal", reported, options) == render("terminal", replace(whole, blocks=()), options)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_page_shows_the_same(session: Session, example: str) -> None:
    """The page, which names and measures the passes of subjects, is the same when they have neither words nor places."""
    whole, named = (
        judged(session, example, keep, require_pieces=False) for keep in (Keep.EVERYTHING, Keep.NAMED)
    )

    assert render("html", named, RenderOptions()) == render("html", whole, RenderOptions())
