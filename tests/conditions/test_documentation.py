"""Every example of docs/langage.md gives the value it shows."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from rsaudit.conditions import Unknown
from rsaudit.conditions.grammar import AGGREGATES, FUNCTIONS

from .small import worth

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "langage.md").read_text("utf-8")
_BLOCKS = [block.split("---\n") for block in re.findall(r"```condition\n(.*?)```", _PAGE, re.DOTALL)]


def _datum(raw: Any) -> Any:
    """Give YAML values the types a dossier has once loaded: dates are texts, decimals are exact."""
    if isinstance(raw, dict):
        return {key: _datum(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_datum(value) for value in raw]
    if isinstance(raw, float):
        return Decimal(repr(raw))
    return raw.isoformat() if isinstance(raw, date) else raw


def _written(value: Any) -> str:
    if isinstance(value, Unknown):
        if value.low is None and value.high is None:
            return "inconnu"
        low = "-" if value.low is None else _written(value.low)
        return f"[{low} ; {'+' if value.high is None else _written(value.high)}]"
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    return str(value) if not isinstance(value, Fraction | Decimal) or value % 1 else str(int(value))


@pytest.mark.parametrize(
    "block", _BLOCKS, ids=[f"{rank} {block[0].strip()}" for rank, block in enumerate(_BLOCKS)]
)
def test_an_example_gives_the_value_it_shows(block: list[str]) -> None:
    """The expression, its dossier, its value."""
    expression, dossier, value = (part.strip() for part in block)

    assert _written(worth(expression, **_datum(yaml.safe_load(dossier) or {}))) == value


@pytest.mark.parametrize("name", [*AGGREGATES, *FUNCTIONS])
def test_every_construct_has_an_example(name: str) -> None:
    """No aggregate and no function is left out of the page."""
    assert any(f"{name}(" in block[0] for block in _BLOCKS)
