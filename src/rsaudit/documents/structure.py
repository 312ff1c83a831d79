"""Blocks of text -> numbered paragraphs under their headings. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsaudit.documents.model import Block, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CLIP = 80
_SHORT_LINE = 90
_ARTICLE = re.compile(r"(?:article|art\.)\s*((?:[0-9]+|[IVX]+|premier|1er)(?:[.-][0-9]+)*)", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}|[IVX]{1,5}|[A-H])\s?[.)–—-]+|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3})\s+\S"
)
_DIVISION = re.compile(r"(?:chapitre|titre|section|annexe)\s+[0-9IVX]", re.IGNORECASE)
_ITEM = re.compile(r"(?:[-–—•◦▪●*·→]|\uf0b7|[a-z]\)|[0-9]{1,2}\))\s+")
_ENDS = re.compile(r"[.!?:;…»”\"]\s*\Z")
_DIGITS = re.compile(r"[0-9]+")


def paragraphs(blocks: Iterable[Block]) -> tuple[Paragraph, ...]:
    """Return the blocks that say something, numbered, and give each the heading it stands under."""
    found: list[Paragraph] = []
    clause: str | None = None
    for block in blocks:
        text = block.text.strip()
        if not text:
            continue
        named = heading(text, marked=block.is_heading)
        clause = named or clause
        found.append(
            Paragraph(
                number=len(found) + 1,
                text=text,
                clause=clause,
                pages=((0, block.page),) if block.page is not None else (),
                is_item=block.is_item or bool(_ITEM.match(text)),
            )
        )
    return tuple(found)


def heading(text: str, *, marked: bool = False) -> str | None:
    """Return how to name the clause a paragraph opens, or `None` when it opens none."""
    first = text.split("\n", 1)[0].strip().lstrip("#").strip()
    article = _ARTICLE.match(first)
    if article:
        return f"article {article.group(1).lower() if article.group(1).isalpha() else article.group(1)}"
    short = len(first) <= _SHORT_LINE and not first.endswith((";", ","))
    if marked or (short and (_DIVISION.match(first) or _is_numbered_title(first))):
        return clipped(first, _CLIP) or None
    return None


def _is_numbered_title(line: str) -> bool:
    return bool(_NUMBERED.match(line)) and not line.endswith((".", ":"))


def clipped(text: str, length: int) -> str:
    """Return a text on one line, cut at a word when it is too long."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    return flat[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


# -- lines of a page -> paragraphs -----------------------------------------------------------------------


def from_pages(pages: Sequence[str]) -> tuple[Paragraph, ...]:
    """Gather the lines of pages into paragraphs; one may go on from a page to the next."""
    lines = _without_running_heads([page.splitlines() for page in pages])
    gathered: list[tuple[list[str], list[tuple[int, int]]]] = []
    for line, page in lines:
        if gathered and line and not _opens(gathered[-1][0][-1] if gathered[-1][0] else "", line):
            parts, marks = gathered[-1]
            if parts and marks and marks[-1][1] != page:
                marks.append((sum(len(part) + 1 for part in parts), page))
            parts.append(line)
        elif line:
            gathered.append(([line], [(0, page)]))
    return _numbered(gathered)


def _numbered(gathered: list[tuple[list[str], list[tuple[int, int]]]]) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    clause: str | None = None
    for parts, marks in gathered:
        text = "\n".join(parts)
        clause = heading(text) or clause
        found.append(
            Paragraph(
                number=len(found) + 1,
                text=text,
                clause=clause,
                pages=tuple(marks),
                is_item=bool(_ITEM.match(text)),
            )
        )
    return tuple(found)


def _opens(before: str, line: str) -> bool:
    """Say whether a line begins a paragraph after the one before it."""
    if not before or _ITEM.match(line) or heading(line) or heading(before) == clipped(before, _CLIP):
        return True
    if _ENDS.search(before):
        return not line[0].islower()
    return heading(before) is not None and not line[0].islower()


def _without_running_heads(pages: Sequence[Sequence[str]]) -> Iterator[tuple[str, int]]:
    """Yield the lines with their page, without the first and last lines that come back on most pages."""
    stripped = [[line.strip() for line in page if line.strip()] for page in pages]
    counts: dict[str, int] = {}
    for page in stripped:
        for line in {_DIGITS.sub("0", line) for line in (*page[:2], *page[-2:])}:
            counts[line] = counts.get(line, 0) + 1
    often = {line for line, count in counts.items() if count >= 3 and 2 * count > len(pages)}
    for number, page in enumerate(stripped, 1):
        for rank, line in enumerate(page):
            at_edge = rank < 2 or rank >= len(page) - 2
            if not (at_edge and _DIGITS.sub("0", line) in often):
                yield line, number
