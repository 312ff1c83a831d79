"""Text of an expression -> words, numbers and signs with their columns."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import normalize

from rsaudit.conditions.errors import ExpressionError
from rsaudit.conditions.nodes import MAX_LENGTH
from rsaudit.messages import conditions as say


class Token(NamedTuple):
    """One word, number, text or sign; `kind` is `name`, `number`, `text`, `sign` or `end`."""

    kind: str
    text: str
    column: int


_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>[0-9]+(?:\.[0-9]+)?)
  | (?P<name>[A-Za-z_\u00c0-\u024f][A-Za-z0-9_\u00c0-\u024f]*)
  | (?P<text>"[^"\n]*")
  | (?P<foreign>==|<>|=<|=>|&&|\|\||\*\*|//)
  | (?P<sign><=|>=|!=|[=<>+\-*/()\[\],.:])
  | (?P<minus>\u2212)
    """,
    re.VERBOSE,
)
_FOREIGN = {
    "==": "=",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "&&": "et",
    "||": "ou",
    "**": "*",
    "//": "/",
}
_ACCENTED_WORDS = {"où"}
_MAX_DIGITS = 30
_MAX_WORD = 78
"""Characters of a name or of a text between quotes: beyond, it is nothing of a dossier, and no error repeats it."""


def tokenize(text: str) -> list[Token]:
    """Cut an expression into tokens, ending with one of kind `end`; raise `ExpressionError` where it cannot be cut."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(say.too_long(MAX_LENGTH)[0], MAX_LENGTH + 1, say.too_long(MAX_LENGTH)[1])
    text = normalize("NFC", text)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _stop(text, position)
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(_token(kind, match.group(), position + 1))
        position = match.end()
    tokens.append(Token("end", "", len(text) + 1))
    return tokens


def _token(kind: str, text: str, column: int) -> Token:
    if kind == "foreign":
        message, hint = say.foreign_operator(text, _FOREIGN[text])
        raise ExpressionError(message, column, hint)
    if kind in {"name", "text"} and len(text) > _MAX_WORD + 2 * (kind == "text"):
        message, hint = say.word_too_long(_MAX_WORD)
        raise ExpressionError(message, column, hint)
    if kind == "name" and not text.isascii() and text not in _ACCENTED_WORDS:
        raise ExpressionError(say.ACCENTED_NAME[0], column, say.ACCENTED_NAME[1])
    if kind == "number" and len(text) > _MAX_DIGITS:
        raise ExpressionError(say.NUMBER_NOT_ALLOWED[0], column, say.NUMBER_NOT_ALLOWED[1])
    if kind == "minus":
        return Token("sign", "-", column)
    return Token(kind, text[1:-1] if kind == "text" else text, column)


def _stop(text: str, position: int) -> ExpressionError:
    if text[position] == '"':
        message, hint = say.UNCLOSED_TEXT
    else:
        message, hint = say.unexpected_character(text[position])
    return ExpressionError(message, position + 1, hint)
