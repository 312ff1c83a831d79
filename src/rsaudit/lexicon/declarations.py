"""What a lexicon says: entries, their patterns, what they propose. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rsaudit.phrases import Pattern


class Kind(StrEnum):
    """What a hit, or its absence, means."""

    DOUBTFUL = "a_relire"
    EXPECTED = "attendue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a passage, once a person has confirmed it, gives to write in the dossier."""

    path: str
    """Static path of the field."""
    value: Any
    """Value, item to append when the field is a list, or `reading.TO_TYPE` when it must be read in the passage."""
    document: str | None = None
    """The only kind of document it is meant for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One passage to look for."""

    id: str
    theme: str
    title: str
    kind: Kind
    documents: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    exceptions: tuple[Pattern, ...]
    why: str
    requirements: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    if_absent: tuple[Proposal, ...]
    cases: tuple[tuple[str, bool], ...]
    """(text, whether the entry must be found in it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All the entries of a référentiel."""

    ruleset: str
    entries: tuple[Entry, ...]
