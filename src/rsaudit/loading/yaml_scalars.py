"""What a scalar written without quotes is: a boolean word, nothing, a number exact to the last digit, or its text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rsaudit.patterns import pattern

MAX_DIGITS = 30
_NUMBER = pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_is_number = _NUMBER.fullmatch
_NUMBER_STARTS = frozenset("-0123456789")
WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "oui": True,
    "non": False,
    "true": True,
    "false": False,
}


def resolve_plain(text: str) -> Any:
    """Give the value of a scalar written without quotes: boolean word, null, number, else the text itself."""
    if text in WORDS:
        return WORDS[text]
    return parse_number(text)


def parse_number(text: str) -> Any:
    """Return the int or Decimal a plain number writes, or the text itself when it is none."""
    if text[0] not in _NUMBER_STARTS or len(text) > MAX_DIGITS + 2 or not _is_number(text):
        return text
    if "." not in text:
        return int(text) if len(text.lstrip("-")) <= MAX_DIGITS else text
    if len(text.lstrip("-")) > MAX_DIGITS + 1:
        return text
    value = Decimal(text)
    whole = int(value)
    return whole if whole == value else value
