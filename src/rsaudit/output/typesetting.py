"""The French typography of the templates, given to their fixed text when they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from rsaudit.messages import typographic

if TYPE_CHECKING:
    from collections.abc import Iterator


class FrenchTypography(Extension):
    """Gives the fixed French text of the templates its no-break spaces, and touches no other."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Set the text between the tags of a template."""
        for token in stream:
            yield Token(token.lineno, "data", typographic(token.value)) if token.type == "data" else token
