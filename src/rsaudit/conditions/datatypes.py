"""The types of the condition language. Data only; they are read from the schemas by `catalogue`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsaudit.conditions.values import Number

SILENT_WORDS = frozenset({"aucun", "non_mentionne"})
"""Known words that stand beside a type: the document is silent, or there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """What all single values share."""

    silent: frozenset[str] = frozenset()
    """The words a field of this type may hold instead of a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bool(Scalar):
    """vrai or faux."""

    kind: ClassVar[str] = "bool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Num(Scalar):
    """A number, within the bounds of its schema."""

    kind: ClassVar[str] = "number"
    unit: str | None = None
    """As in the schemas; `%` marks a part (30 % is 0,30), which has no unit in computations."""
    low: Number | None = None
    high: Number | None = None
    integer: bool = False
    percent: bool = False
    """The dossier writes it in %: reading divides by 100 (the bounds here already are)."""
    year: bool = False
    """A calendar year: written without thousands."""
    zero: bool = False
    """The literal 0, which is 0 of any unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Scalar):
    """A calendar day."""

    kind: ClassVar[str] = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Scalar):
    """A calendar duration."""

    kind: ClassVar[str] = "duration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Scalar):
    """A text without order."""

    kind: ClassVar[str] = "text"
    longest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Scalar):
    """A word of an enumeration (`aucun` and `non_mentionne` among them when the schema says so)."""

    kind: ClassVar[str] = "word"
    words: tuple[str, ...] = ()
    path: str = field(default="", compare=False)
    """The field whose schema names the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref(Scalar):
    """A text that names an item of another table by its identifier."""

    kind: ClassVar[str] = "reference"
    table: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An object of the dossier: a section, a nested object or a row. Equal when it is at the same static path."""

    kind: ClassVar[str] = "item"
    path: str
    row: bool = False
    """A row of a list (so facts and reverse references may be declared on it)."""
    identifier: tuple[str, ...] = ()
    fields: Callable[[str], Type | None] = field(compare=False, repr=False)
    """The type of a field by name."""
    names: Callable[[], Iterator[str]] = field(compare=False, repr=False)

    @property
    def silent(self) -> frozenset[str]:
        """An object is never silent."""
        return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list of objects, of days or of years."""

    kind: ClassVar[str] = "list"
    item: Type
    path: str
    has_extent: bool = False
    """A list without `etendue` is a sample; otherwise it is complete when present."""
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A list of words, texts or references, complete when present."""

    kind: ClassVar[str] = "list"
    item: Type
    path: str
    silent: frozenset[str] = frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        """The words its members may be."""
        return self.item.words if isinstance(self.item, Word) else ()


Type = Bool | Num | Date | Span | Text | Word | Ref | Item | Table | Words


def dimension(unit: str | None) -> str | None:
    """Return the unit that computations compare: a part and a number of days have none."""
    return None if unit in {None, "%", "jour", "jours"} else unit
