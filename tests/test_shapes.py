"""How schemas and the data they describe are read: references, identifying fields, paths, rows of a table."""

from __future__ import annotations

from typing import Any

import pytest

from rsaudit.shapes import at, identifiers, resolve, table_rows

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


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ([{"ref": "A"}], [{"ref": "A"}]),
        ({"etendue": "complete", "lignes": [{"ref": "A"}]}, [{"ref": "A"}]),
        ({"fichier": "a.csv"}, []),
        ({"lignes": None}, []),
        ("non_mentionne", []),
        (None, []),
    ],
)
def test_rows_of_a_table_in_any_form(table: Any, found: list[Any]) -> None:
    """The rows of a list and of a table are read alike; a word, a file not read or nothing has none."""
    assert table_rows(table) == found


def test_what_stands_at_a_path() -> None:
    """A path is followed through objects only; where it leads nowhere, there is nothing."""
    data = {"a": {"b": [1]}}

    assert at(data, ("a", "b")) == [1]
    assert at(data, ("a", "b", "c")) is None
    assert at(data, ()) is data
