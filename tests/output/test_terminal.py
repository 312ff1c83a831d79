"""The report on a terminal: plain and stable, or wrapped and coloured, and the same words in both."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from msgspec.structs import replace

from rsaudit.model import VERDICT_ORDER, RenderOptions, Report, Verdict
from rsaudit.output import markdown
from rsaudit.output.terminal import cells, render

from .golden import check_golden
from .sample import (
    clean_report,
    controlled_report,
    hostile_report,
    invalid_report,
    large_report,
    sample_report,
    summarise,
)

PLAIN = RenderOptions()
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def only(*verdicts: Verdict) -> Report:
    """Keep of the sample the obligations that reach these verdicts."""
    kept = tuple(row for row in sample_report().obligations if row.verdict in verdicts)
    return replace(sample_report(), obligations=kept, summary=summarise(kept), errors=(), notices=())


def test_plain_report_is_as_recorded() -> None:
    """The plain report of the sample is the one that was read and accepted."""
    check_golden("rapport.txt", render(sample_report(), PLAIN))


def test_passes_are_listed_when_asked() -> None:
    """`--tout` lists the passes and every subject; without it neither."""
    whole = render(sample_report(), replace(PLAIN, show_passes=True))

    check_golden("rapport-tout.txt", whole)
    assert "CONFORME SUR PIÈCES" in whole
    assert "C-033, C-035" in whole
    assert "CONFORME SUR PIÈCES" not in render(sample_report(), PLAIN)


def test_communicable_report_is_as_recorded() -> None:
    """The communicable report names no contract and no dwelling."""
    written = render(sample_report(), replace(PLAIN, public=True, show_passes=True))

    check_golden("rapport-diffusion.txt", written)
    assert "C-0" not in written
    assert "523,40" not in written


def test_invalid_dossier_gives_its_errors_and_nothing_else() -> None:
    """A dossier that cannot be judged shows what to correct, and no count."""
    written = render(invalid_report(), PLAIN)

    assert "Le dossier n’a pas été examiné\u00a0: 2\u00a0erreurs à corriger." in written
    assert "contrats.csv:3:14 (ligne 3, colonne depot_garantie)" in written
    assert "DÉCOMPTES" not in written


def test_frame_of_a_control() -> None:
    """A control says who leads it, on what ground and that it is provisional."""
    written = render(controlled_report(), PLAIN)

    assert "Contrôle conduit par DEETS du territoire modèle" in written
    assert "rapport provisoire" in written
    assert "Auto-contrôle" not in written


def test_headline_of_a_clean_report() -> None:
    """Only a report where nothing is undecided says « conformes »."""
    assert "Aucun écart relevé\u202f; 4\u00a0obligations conformes sur pièces." in render(
        clean_report(), PLAIN
    )


@pytest.mark.parametrize("verdict", [Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER, Verdict.DEROGATION])
def test_headline_of_an_undecided_report(verdict: Verdict) -> None:
    """One undecided point is enough for the headline not to say « conforme »."""
    headline = render(only(verdict, Verdict.CONFORME), PLAIN).split("\n\n")[1]

    assert headline.startswith("Aucun écart relevé, mais tout n’est pas acquis\u00a0: 1\u00a0")
    assert "conforme" not in headline


def test_headline_when_nothing_is_conforme() -> None:
    """A dossier that shows nothing is not called conforme."""
    headline = render(only(Verdict.NON_CONCERNE), PLAIN).split("\n\n")[1]

    assert headline == "Aucun écart relevé, et rien qui puisse être dit conforme."


def test_headline_when_nothing_was_judged() -> None:
    """Out of scope is one sentence."""
    report = replace(sample_report(), obligations=(), summary=summarise(()))

    assert "Rien n’a été examiné\u00a0: aucun référentiel ne s’applique" in render(report, PLAIN)


@pytest.mark.parametrize("asked", [[], ["pensions-de-famille"]])
@pytest.mark.parametrize("applied", [True, False])
def test_what_does_not_apply_is_told_when_it_helps(asked: list[str], applied: bool) -> None:
    """A référentiel out of scope is told to who named it, or when none applies; otherwise only the others are named."""
    report = replace(sample_report(), options={"referentiels": asked})
    if not applied:
        report = replace(report, rulesets=tuple(one for one in report.rulesets if one.out_of_scope))

    for written in (render(report, PLAIN), markdown.render(report, PLAIN)):
        assert ("ce référentiel ne s’applique pas" in written) is (bool(asked) or not applied)
        assert ("Guide des bonnes pratiques (bonnes pratiques), version" in written) is applied


def test_counts_add_up() -> None:
    """Each table of counts ends with its own sum, the number of obligations and that of findings."""
    report = sample_report()
    written = render(report, PLAIN)
    totals = [int(line.split()[-1]) for line in written.splitlines() if line.strip().startswith("Total")]

    assert totals == [len(report.obligations), sum(len(row.findings) for row in report.obligations)]
    assert sum(report.summary.obligations[one] for one in VERDICT_ORDER) == totals[0]


@pytest.mark.parametrize("make", [sample_report, controlled_report, large_report, hostile_report])
def test_fits_a_terminal(make: object) -> None:
    """No line is wider than the terminal, and wrapping loses no word."""
    assert callable(make)
    report = make()
    wrapped = render(report, replace(PLAIN, width=80))

    assert max(map(cells, wrapped.splitlines())) <= 80
    assert "".join(wrapped.split()) == "".join(render(report, PLAIN).split())


def test_colour_changes_no_word() -> None:
    """Without its colours, the coloured report is the plain one."""
    options = replace(PLAIN, width=80, colour=True)
    coloured = render(hostile_report(), options)

    assert _COLOUR.search(coloured)
    stripped = [line.rstrip() for line in _COLOUR.sub("", coloured).splitlines()]
    assert stripped == [
        line.rstrip() for line in render(hostile_report(), replace(PLAIN, width=80)).splitlines()
    ]


def test_markup_of_the_dossier_is_text() -> None:
    """What looks like the markup of the colouring library comes out as it was written."""
    coloured = render(sample_report(), replace(PLAIN, width=80, colour=True))

    assert "« <b>livret</b> à venir » & rien d’autre [red]" in _COLOUR.sub("", coloured)


def test_plain_report_needs_no_colouring_library() -> None:
    """Nothing of the colouring library is imported for a report that is not coloured."""
    script = (
        "import sys, rsaudit.output.terminal; sys.exit(any(name.startswith('rich') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
