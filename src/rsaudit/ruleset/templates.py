"""Sentences of rules: « {chemin} » is a value printed with its unit, « {nombre|mot|mots} » agrees a noun."""

from __future__ import annotations

import re

from rsaudit.conditions import ExpressionError, parse
from rsaudit.messages import typographic
from rsaudit.ruleset.declarations import Placeholder, Template

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def parse_template(text: str) -> Template:
    """Split a sentence into text and placeholders; the text gets its French typography here, once.

    Raises `ExpressionError` (column within `text`) when a placeholder is not an expression.
    """
    parts: list[str | Placeholder] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > end:
            parts.append(_plain(text[end : match.start()], end))
        parts.append(_placeholder(match.group(1), match.start() + 1))
        end = match.end()
    if end < len(text):
        parts.append(_plain(text[end:], end))
    return tuple(parts)


def _plain(text: str, offset: int) -> str:
    for index, character in enumerate(text):
        if character in "{}":
            raise ExpressionError(
                "accolade sans sa paire dans une phrase",
                offset + index + 1,
                "Écrire {chemin} pour citer une valeur.",
            )
    return typographic(text)


def _placeholder(inner: str, offset: int) -> Placeholder:
    expression, *nouns = inner.split("|")
    if len(nouns) not in {0, 2}:
        raise ExpressionError(
            "un accord s’écrit {nombre|mot au singulier|mot au pluriel}",
            offset + 1,
            "Donner les deux formes du mot.",
        )
    try:
        node = parse(expression)
    except ExpressionError as error:
        raise ExpressionError(error.message, offset + error.column, error.hint) from error
    return Placeholder(
        node=node,
        singular=typographic(nouns[0]) if nouns else None,
        plural=typographic(nouns[1]) if nouns else None,
    )
