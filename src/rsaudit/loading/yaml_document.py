"""What one YAML file says, where each thing is in its text, and what is wrong with its writing."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from msgspec import Struct, field

from rsaudit.messages import loading as say
from rsaudit.model import InputError
from rsaudit.patterns import pattern

MAX_ERRORS = 50
MAX_NODES = 2_000_000
_STRETCH = 4096
"""Characters among which line feeds are counted to know a line: a dossier has few places to tell, far apart."""


class YamlDocument(Struct, kw_only=True, eq=False):
    """What one YAML file says, where, and what is wrong with its writing."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    """Empty when the file could not be read to its end."""
    errors: list[InputError] = field(default_factory=list)
    text: str = ""
    """The text the offsets count in: decoded, without byte order mark, in NFC."""
    marks: dict[int, list[int]] = field(default_factory=dict)
    """`id(container)` → offsets: key then value for each entry of a mapping, one per item of a list."""
    discarded: list[Any] = field(default_factory=list)
    """Values read and not kept, held so that no later container takes their `id`."""
    _ended: str = ""
    """The text, a line feed at the end of each of its lines."""
    _feeds: list[int] = field(default_factory=list)
    """The line of the first character of each stretch."""

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, both from 1."""
        if not self._feeds:
            self._count()
        rank = offset // _STRETCH
        line = self._feeds[rank] + self._ended.count("\n", rank * _STRETCH, offset)
        return line, offset - self._ended.rfind("\n", 0, offset)

    def _count(self) -> None:
        text = self._ended = _ALONE.sub("\n", self.text) if "\r" in self.text else self.text
        found = (text.count("\n", at, at + _STRETCH) for at in range(0, len(text), _STRETCH))
        self._feeds = list(accumulate(found, initial=1))

    def written(self, offset: int) -> str | None:
        """Return the number or word written at an offset without quotes, as it is spelled."""
        found = _PLAIN_WORD.match(self.text, offset)
        return found.group() if found else None

    def spelled(self, container: Any, key: Any) -> str | None:
        """Return how the plain scalar under a key is spelled: `007`, not 7."""
        marks = self.marks.get(id(container))
        if marks is None:
            return None
        return self.written(marks[2 * list(container).index(key) + 1 if isinstance(container, dict) else key])


_ALONE = pattern(r"\r(?!\n)")
_PLAIN_WORD = pattern(r"[-0-9.]+|[a-z]+")


class StopReadingError(Exception):
    """The rest of the file cannot be read; why is already among the errors."""


def report(
    document: YamlDocument, code: str, message: str, line: int | None = None, column: int | None = None
) -> None:
    """Add an error to those of a document; raise `StopReadingError` when there are too many."""
    if len(document.errors) >= MAX_ERRORS:
        raise stop(document, "trop-d-erreurs", say.TOO_MANY_ERRORS, line, column)
    document.errors.append(
        InputError(code=code, message=message, file=document.file, line=line, column=column)
    )


def stop(
    document: YamlDocument, code: str, message: str, line: int | None = None, column: int | None = None
) -> StopReadingError:
    """Add the error that ends the reading, and return what to raise."""
    document.errors.append(
        InputError(code=code, message=message, file=document.file, line=line, column=column)
    )
    return StopReadingError(code)


def clip(text: str, limit: int = 30) -> str:
    """Shorten a text for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def char_place(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset of a text that may have no document yet, both from 1."""
    before = text[:offset]
    line = before.count("\n") + before.count("\r") - before.count("\r\n") + 1
    return line, offset - max(before.rfind("\n"), before.rfind("\r"))


def may_exceed_nodes(text: str) -> bool:
    """Bound the number of nodes from the signs that can introduce one, much faster than counting them."""
    if len(text) < MAX_NODES:
        return False
    return 2 * (text.count(":") + text.count("?")) + sum(map(text.count, "-,[{")) + 1 > MAX_NODES
