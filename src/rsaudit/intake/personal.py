"""Columns that tell who a person is: recognised by their heading and by what they hold, never taken."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from rsaudit.intake.columns import words_of
from rsaudit.persons import Sign, sign_of_heading, signs

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARE = 3
"""One cell in three is enough to say what a column holds."""
_DAY = re.compile(r"[0-3][0-9]/[01][0-9]/(19[0-9]{2}|200[0-9])\Z")
_LATEST_BIRTH = 2009
_NAME = re.compile(r"[^\W\d_]+(?:[ .’'-]+[^\W\d_]+){0,4}\.?\Z")


def sign_of(heading: str, cells: Sequence[Any], personal: Sequence[str], *, mapped: bool) -> Sign | None:
    """Return what a column tells of persons, or `None`.

    A column that a map sends to a field is judged by its content alone: its heading is one the map knows.
    """
    if not mapped:
        known = words_of(heading)
        if any(words_of(title) == known for title in personal):
            return Sign.NAME
        told = sign_of_heading(heading)
        if told is not None:
            return told
    return _content(cells, mapped=mapped)


def _content(cells: Sequence[Any], *, mapped: bool) -> Sign | None:
    filled = [cell for cell in cells if cell is not None]
    if not filled:
        return None
    found = [sign for cell in filled for sign in signs(str(cell))[:1]]
    if _SHARE * len(found) >= len(filled):
        return max(set(found), key=found.count)
    if not mapped and _SHARE * sum(map(_is_birth, filled)) >= 2 * len(filled):
        return Sign.BIRTH
    return None


def _is_birth(cell: Any) -> bool:
    """Say whether a cell is a day on which an adult of today may be born."""
    if isinstance(cell, date):
        return cell.year <= _LATEST_BIRTH
    return isinstance(cell, str) and bool(_DAY.match(cell.strip()))


def looks_like_names(cells: Sequence[Any]) -> bool:
    """Say whether a column of codes holds words instead: letters only, nearly all different."""
    filled = [str(cell).strip() for cell in cells if cell is not None]
    named = [text for text in filled if len(text) > 2 and _NAME.match(text)]
    return bool(filled) and 2 * len(named) > len(filled) and 2 * len(set(named)) > len(named)
