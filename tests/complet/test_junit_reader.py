"""Our JUnit XML read by a reader that is not ours, `junitparser`. Without it, the tests fail."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from output.sample import clean_report, hostile_report, invalid_report, large_report, sample_report
from rsaudit.model import RenderOptions, Verdict
from rsaudit.output.junit import SKIPPED, render


@pytest.fixture(scope="module")
def reader() -> Any:
    """Find the reader."""
    try:
        return import_module("junitparser").JUnitXml
    except ModuleNotFoundError:
        pytest.fail("junitparser absent : pip install junitparser")


@pytest.mark.parametrize("make", [sample_report, clean_report, hostile_report, large_report])
def test_it_counts_as_we_do(reader: Any, make: Any) -> None:
    """The reader finds one case per obligation, and as many failures as there are écarts."""
    report = make()
    read = reader.fromstring(render(report, RenderOptions()).encode())
    written = (read.tests, read.failures, read.errors)
    read.update_statistics()
    counts = report.summary.obligations

    assert written == (read.tests, read.failures, read.errors)
    assert written == (len(report.obligations), counts[Verdict.ECART], 0)
    assert read.skipped == sum(counts[verdict] for verdict in SKIPPED)


def test_it_reads_the_errors(reader: Any) -> None:
    """The reader finds the errors of a dossier that was not judged."""
    read = reader.fromstring(render(invalid_report(), RenderOptions()).encode())

    assert [case.result[0].type for suite in read for case in suite] == ["type", "syntaxe"]
