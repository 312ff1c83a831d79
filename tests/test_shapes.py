"""How a schema is read: references followed whatever their number, identifying fields in each way of writing them."""

from __future__ import annotations

from typing import Any

import pytest

from rsaudit.shapes import identifiers, resolve

ROOT = {
    "$defs": {
        "code": {"type": "string", "maxLength": 40},
        "ref": {"$ref": "#/$defs/code", "title": "Référence"},
    }
}


def test_references_are_followed_to_the_end() -> None:
    """A reference to a reference is followed, and what is written beside the nearest one wins."""
    assert resolve({"$ref": "#/$defs/ref", "maxLength": 3}, ROOT) == {
        "type": "string",
        "title": "Référence",
        "maxLength": 3,
    }
    assert resolve(ROOT["$defs"]["code"], ROOT) == {"type": "string", "maxLength": 40}


@pytest.mark.parametrize(
    ("written", "keys"),
    [(None, ()), ("ref", ("ref",)), (["type", "financement"], ("type", "financement"))],
)
def test_what_a_row_is_known_by(written: Any, keys: tuple[str, ...]) -> None:
    """Rows are known by nothing, one field or several."""
    assert identifiers({} if written is None else {"x-identifiant": written}) == keys
