"""Dossiers to workbooks and back, whole: what a workbook could not carry is refused before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.amending.rendering import is_nothing, same
from rsaudit.errors import InputUnreadableError
from rsaudit.messages import workbook as say
from rsaudit.workbook import layout_of, read_bytes
from rsaudit.workbook.writing import blank, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.loading import Dossier
    from rsaudit.validation import Schemas
    from rsaudit.vocabulary import Vocabulary


def blank_workbook(schemas: Schemas, vocabulary: Vocabulary) -> bytes:
    """Return the workbook of a dossier to fill in."""
    layout = layout_of(schemas.sections)
    return write(layout, blank(layout), title=say.BLANK_TITLE, piece=vocabulary.piece)


def export(dossier: Dossier, schemas: Schemas, vocabulary: Vocabulary) -> bytes:
    """Return the workbook of a valid dossier, read again to make sure that it says the same.

    Raises `InputUnreadableError` when a value cannot be carried.
    """
    content = write(layout_of(schemas.sections), dossier.data, title=dossier.name, piece=vocabulary.piece)
    back = read_bytes(content, dossier.path, schemas)
    lost = next((error.message for error in back.errors), None)
    path = next((change.path for change in changes(dossier.data, back.data)), None)
    if lost is not None or path is not None:
        raise InputUnreadableError(say.lost(path) if path else lost or "", say.LOST_HINT)
    return content


class Change:
    """A value that differs between two dossiers."""

    def __init__(self, path: str, before: Any, after: Any) -> None:
        """Note a path, what was there and what is."""
        self.path = path
        self.before = before
        self.after = after


def changes(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """Yield what differs between two values; nothing known and nothing written are one thing."""
    if is_nothing(before) and is_nothing(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            yield from changes(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for rank, (one, other) in enumerate(zip(before, after, strict=True), 1):
            yield from changes(one, other, f"{path}[{rank}]")
    elif not same(before, after):
        yield Change(path, before, after)
