"""What an expression is worth: plain Python values when known, `Unknown` with its bounds and causes otherwise."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from msgspec import Struct

from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from datetime import date

Number: TypeAlias = int | Decimal | Fraction
Value: TypeAlias = Any
"""bool, int, Decimal, Fraction, date, str, Duration, dict (an item), list or Rows (a list), or `Unknown`."""
Frame: TypeAlias = list[Any]
"""The World, then one place per bound variable and local name."""
Run: TypeAlias = Callable[[Frame], Value]


class Duration(Struct, frozen=True):
    """A calendar duration: `unit` is `jour` or `mois` (weeks are counted in days, years in months)."""

    count: int
    unit: str
    text: str = ""
    """As written in the dossier or the référentiel (« 2 ans »)."""

    def __str__(self) -> str:
        if self.text:
            return self.text
        noun = "mois" if self.unit == "mois" else "jour" if abs(self.count) < 2 else "jours"
        return f"{self.count} {noun}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and (self.count, self.unit) == (other.count, other.unit)

    def __hash__(self) -> int:
        return hash((self.count, self.unit))


# An audit makes thousands of what follows. None of it is ever part of a cycle: it refers to the dossier, which refers to
# nothing but itself, so that the collector need not follow it.


class Missing(Struct, eq=False, gc=False):
    """A datum the dossier does not hold: `key` (dotted when its parents are absent too) is not in `container`."""

    container: dict[str, Any]
    key: str

    @property
    def label(self) -> str:
        """Say it in French."""
        return say.field_missing(self.key)

    def __eq__(self, other: object) -> bool:
        return (
            other.__class__ is self.__class__ and other.container is self.container and other.key == self.key
        )

    def __hash__(self) -> int:
        return id(self.container) ^ hash(self.key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.key!r})"


class Unseen(Missing, eq=False, gc=False):
    """Rows of the list under `key` that nobody showed."""

    @property
    def label(self) -> str:
        """Say it in French."""
        return say.rows_unseen(self.key)


class Silent(Missing, eq=False, gc=False):
    """A document that says nothing, or a thing there is none of: the known `word` under `key`."""

    word: str = ""

    @property
    def label(self) -> str:
        """Say it in French."""
        return say.field_silent(self.key, self.word)


class NotInForce(Struct, frozen=True):
    """A parameter without value on `day`, or read at an unknown day (`None`)."""

    parameter: str
    day: date | None

    @property
    def label(self) -> str:
        """Say it in French."""
        return say.parameter_not_in_force(self.parameter, self.day)


class OffScale(Struct, frozen=True):
    """A table without a row for a key."""

    parameter: str
    key: tuple[Any, ...]

    @property
    def label(self) -> str:
        """Say it in French."""
        return say.parameter_off_scale(self.parameter, self.key)


class NotUnique(Struct, frozen=True):
    """No single item could be taken: `kind` is `aucun`, `plusieurs` or `incertain`."""

    kind: str
    path: str

    @property
    def label(self) -> str:
        """Say it in French."""
        return say.not_unique(self.kind, self.path)


class Contradiction(Struct, frozen=True):
    """A value that cannot be: two records that disagree, a null divisor, a date out of the calendar…."""

    reason: str = say.CONTRADICTION

    @property
    def label(self) -> str:
        """Say it in French."""
        return self.reason


Cause: TypeAlias = Missing | NotInForce | OffScale | NotUnique | Contradiction
Causes: TypeAlias = tuple[Cause, ...]


class Unknown(Struct, eq=False, gc=False):
    """A value that is not known: bounds for a number or a date (`None` is infinite), and what it lacked.

    `opaque` says that it may have no value at all (a silent field, an empty minimum, a null divisor): no operation
    decides anything from it. `word` is the known word it stands for (`aucun`, `non_mentionne`), if it does.
    """

    causes: Causes = ()
    low: Value = None
    high: Value = None
    opaque: bool = False
    word: str | None = None

    def get(self, _: str) -> None:
        """Return what an unknown item holds, as a known one would: nothing."""

    def __bool__(self) -> NoReturn:
        raise TypeError("an unknown value is neither true nor false")

    def __repr__(self) -> str:
        return (
            f"Unknown({self.low}..{self.high}, {self.word or 'opaque' if self.opaque else ''}, {self.causes})"
        )


def merge_causes(*parts: Causes) -> Causes:
    """Join causes in reading order, each once."""
    kept = list(filter(None, parts))
    if len(kept) < 2:
        return kept[0] if kept else ()
    if len(kept) == 2 and len(kept[1]) == 1:
        first, second = kept
        return first if second[0] in first else first + second
    return tuple(dict.fromkeys(chain.from_iterable(kept)))


def causes_of(*values: Value) -> Causes:
    """Join the causes of the values that are unknown."""
    causes: Causes = ()
    for value in values:
        if value.__class__ is Unknown:
            causes = merge_causes(causes, value.causes) if causes else value.causes
    return causes


def interval(low: Value, high: Value, causes: Causes) -> Value:
    """Return the value known when both ends meet, else what lies between them."""
    if low is not None and high is not None and low == high:
        return low
    return Unknown(causes, low, high)


class Rows(Struct, eq=False, gc=False):
    """A list that may be more than what is shown."""

    items: list[Any]
    possible: tuple[tuple[Any, Causes], ...] = ()
    """Items that may not belong to the list, with what would tell."""
    unseen_low: int = 0
    unseen_high: int | None = 0
    """Fewest and most items not shown (`None` is without limit)."""
    unseen_causes: Causes = ()
    ghost: Value = None
    """An unknown item standing for any of those not shown."""
