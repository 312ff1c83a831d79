"""How far a value is from its limit, in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from rsaudit.messages import points
from rsaudit.messages.output import margin_phrase
from rsaudit.model import Measure, Number


@pytest.mark.parametrize(
    ("value", "limit", "direction", "margin", "unit", "said"),
    [
        (Decimal("0.33"), Decimal("0.3"), "maximum", Decimal("-0.03"), "%", "dépasse de 3\u00a0points"),
        (Decimal("0.3093"), Decimal("0.3"), "maximum", Decimal("-0.0093"), "%", "dépasse de 0,93\u00a0point"),
        (Decimal("0.285"), Decimal("0.3"), "minimum", Decimal("-0.015"), "%", "manque 1,50\u00a0point"),
        (Decimal("0.32"), Decimal("0.3"), "minimum", Decimal("0.02"), "%", "marge de 2\u00a0points"),
        (Decimal("0.31"), Decimal("0.3"), "egal", Decimal("-0.01"), "%", "écart de 1\u00a0point"),
        (Decimal("0.3"), Decimal("0.3"), "maximum", 0, "%", "juste à la limite"),
        (12, 10, "maximum", -2, "personnes", "dépasse de 2\u00a0personnes"),
        (
            Decimal("523.40"),
            Decimal("412.15"),
            "maximum",
            Decimal("-111.25"),
            "€",
            "dépasse de 111,25\u00a0€",
        ),
        (date(2026, 1, 18), date(2026, 1, 1), "maximum", -17, None, "17\u00a0jours de retard"),
    ],
)
def test_a_margin_in_words(
    value: Number | date, limit: Number | date, direction: str, margin: Number, unit: str | None, said: str
) -> None:
    """Between two percentages there are points, for « 0,93 % » of one would be another number."""
    measure = Measure(value=value, limit=limit, direction=direction, margin=margin, unit=unit)
    assert margin_phrase(measure) == said


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (Fraction(1, 3), "33,33\u00a0points"),
        (Fraction(2, 100), "2\u00a0points"),
        (Decimal("0.0199"), "1,99\u00a0point"),
        (Decimal("0.019999"), "2,00\u00a0points"),
        (Decimal("0.0001"), "0,01\u00a0point"),
        (Decimal("0.00005"), "0,01\u00a0point"),
        (Decimal("0.000049"), "moins de 0,01\u00a0point"),
        (Fraction(1, 10**9), "moins de 0,01\u00a0point"),
        (1, "100\u00a0points"),
    ],
)
def test_points(gap: Number, said: str) -> None:
    """The noun agrees with the number that is printed; what rounds to nothing is not nothing."""
    assert points(gap) == said
