"""The few SVG shapes that drawings are made of; every text is escaped here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What `html.escape` writes, without the two thousand names of characters that its module also reads.
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def svg(
    identifier: str, title: str, description: str, body: Iterable[str], width: float, height: float
) -> str:
    """Wrap shapes in a drawing that a screen reader names and describes."""
    return (
        f'<svg class="dessin" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-labelledby="{identifier}-titre {identifier}-texte">'
        f'<title id="{identifier}-titre">{_escape(title)}</title>'
        f'<desc id="{identifier}-texte">{_escape(description)}</desc>{"".join(body)}</svg>'
    )


def _escape(words: str) -> str:
    return words.translate(_ESCAPED)


def text(x: float, y: float, words: str, *, anchor: str = "start", kind: str = "") -> str:
    """Write words at a place."""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{_escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Draw a line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def rectangle(x: float, y: float, width: float, height: float, kind: str) -> str:
    """Draw a rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}"/>'
