"""The one exception of the condition language: an expression that cannot be read, checked or finished."""

from __future__ import annotations

from rsaudit.errors import RulesetError
from rsaudit.messages import typographic


class ExpressionError(RulesetError):
    """An expression is wrong: what, at which column (from 1), and how to write it (in French)."""

    def __init__(self, message: str, column: int = 1, hint: str = "") -> None:
        super().__init__(typographic(message), typographic(hint))
        self.column = column
