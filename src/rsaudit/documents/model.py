"""What a document read is: paragraphs, their number, their page when it is known, the heading above them."""

from __future__ import annotations

from dataclasses import dataclass

from rsaudit.errors import InputUnreadableError

MAX_CHARACTERS = 300_000
"""Some hundred pages: more than a règlement with its annexes, and read again in a few seconds."""


class DocumentError(InputUnreadableError):
    """A document cannot be read, or is refused: which, why, and what to do (in French)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of text as a format gives it, before paragraphs are numbered."""

    text: str
    page: int | None = None
    is_heading: bool = False
    is_item: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a document."""

    number: int
    """Rank among the paragraphs that are not empty, from 1."""
    text: str
    clause: str | None
    """« article 7 », or the heading above it, when there is one."""
    pages: tuple[tuple[int, int], ...] = ()
    """(offset in the text, page) where each page begins; empty when pages are unknown."""
    is_item: bool = False
    """It is an item of an enumeration."""

    def page_at(self, offset: int) -> int | None:
        """Return the page a character is on, or `None`."""
        found = None
        for start, page in self.pages:
            if start <= offset:
                found = page
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document read whole."""

    name: str
    paragraphs: tuple[Paragraph, ...]
    pages: int | None = None
    """Number of pages, when the format has pages."""
    notices: tuple[str, ...] = ()
    """What a reader must know of how it was read (in French)."""
