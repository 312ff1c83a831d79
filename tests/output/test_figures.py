"""The drawings: made from measures alone, readable without colour, and whatever the numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from xml.etree.ElementTree import fromstring

import pytest
from msgspec.structs import replace

from rsaudit.model import Measure, Verdict
from rsaudit.output.figures import Figure, figures

from .sample import hostile_report, invalid_report, large_report, sample_report


def drawn(name: str) -> Figure:
    """Give a drawing of the sample by the start of its title."""
    return next(one for one in figures(sample_report()) if one.title.startswith(name))


def with_measures(*measures: Measure, figure: str = "surfaces") -> list[Figure]:
    """Draw a report whose one rule has these measures."""
    report = sample_report()
    row = next(one for one in report.obligations if one.figure == figure)
    model = row.findings[0]
    findings = tuple(
        replace(model, identifier=f"{model.identifier}-{at}", measure=one) for at, one in enumerate(measures)
    )
    return figures(replace(report, obligations=(replace(row, findings=findings),)))


def test_each_kind_is_drawn() -> None:
    """The four drawings of the sample come in their order, each with its points."""
    found = [(one.title, len(one.points)) for one in figures(sample_report())]

    assert found == [
        ("Surfaces habitables et minimums", 5),
        ("Redevances et plafonds", 6),
        ("Taux d’effort et cible", 4),
        ("Échéances", 4),
    ]
    assert figures(invalid_report()) == []


@pytest.mark.parametrize("make", [sample_report, hostile_report, large_report])
def test_drawings_are_well_formed(make: object) -> None:
    """Each drawing is XML with a title and a description that its labels name."""
    assert callable(make)
    for one in figures(make()):
        tree = fromstring(one.svg)  # noqa: S314 - our own drawing, without any entity
        names = (tree.get("aria-labelledby") or "").split()

        assert tree.get("role") == "img"
        assert [child.get("id") for child in tree[:2]] == names
        assert [child.tag for child in tree[:2]] == ["title", "desc"]


def test_broken_limits_are_told_without_colour() -> None:
    """What breaks its limit is filled and carries the sign of its verdict; the rest is hollow."""
    svg = drawn("Surfaces").svg

    assert svg.count('class="plein"') == 2
    assert svg.count('class="clair"') == 3
    assert svg.count("✗") == 2
    assert svg.count('class="limite"') == 5


def test_points_hold_the_table() -> None:
    """The table behind a drawing has the printed values, limits and margins."""
    point = drawn("Surfaces").points[1]

    assert (point.label, point.printed, point.printed_limit) == ("102", "17,50\u00a0m²", "20,00\u00a0m²")
    assert point.margin == "manque 2,50\u00a0m²"


def test_deadlines_are_on_a_line() -> None:
    """A late sending shows its deadline, its date and the delay; the day of the audit is marked."""
    figure = drawn("Échéances")

    assert figure.points[0].margin == "17\u00a0jours de retard"
    assert figure.svg.count("<circle") == 1
    assert "audit du 30/09/2026" in figure.svg


def test_many_values_are_counted() -> None:
    """Beyond a page of bars, columns count the values, one strip for each limit."""
    figure = next(one for one in figures(large_report()) if one.title.startswith("Redevances"))

    assert len(figure.points) == 400
    assert figure.svg.count('class="limite"') == 2
    assert len(figure.svg) < 12_000


def test_many_limits_become_parts_of_the_limit() -> None:
    """When each value has its own limit, all are drawn as parts of theirs."""
    measures = [
        Measure(value=Decimal(at), limit=Decimal(100 + at), direction="maximum", unit="€") for at in range(40)
    ]
    (figure,) = with_measures(*measures)

    assert figure.svg.count('class="limite"') == 1


@pytest.mark.parametrize(
    "values",
    [
        [(0, 0)],
        [(-3, 5), (4, -2)],
        [(Fraction(1, 3), Decimal("0.3"))],
        [(10**30, Decimal("1e-9"))],
        [(5, 0)] * 40,
        [(0, 0)] * 40,
    ],
)
def test_any_number_is_drawn(values: list[tuple[int, int]]) -> None:
    """No number, however odd, prevents the drawing."""
    measures = [Measure(value=one, limit=limit, direction="maximum") for one, limit in values]

    assert all(fromstring(one.svg) is not None for one in with_measures(*measures))  # noqa: S314


def test_units_are_not_mixed() -> None:
    """Measures of two units are two drawings."""
    areas = Measure(value=20, limit=18, direction="minimum", unit="m²")
    counts = Measure(value=2, limit=1, direction="minimum")

    assert len(with_measures(areas, counts)) == 2


def test_far_dates_are_drawn() -> None:
    """Dates at both ends of the calendar are drawn, and too many deadlines are cut in the drawing alone."""
    early = Measure(value=date(1, 1, 1), limit=date(9999, 12, 31), direction="maximum")
    many = [
        Measure(value=date(2026, 1, 1), limit=date(2020 + at // 12, at % 12 + 1, 1), direction="maximum")
        for at in range(50)
    ]
    (figure,) = with_measures(early, *many, figure="echeances")

    assert len(figure.points) == 51
    assert "les 40 premières sont dessinées" in figure.description
    assert figure.points[0].verdict is Verdict.CONFORME
