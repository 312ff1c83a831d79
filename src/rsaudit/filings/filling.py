"""A filing and a dossier -> rows of values. Pure: no file, no clock. What is not known is never a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import Silent, Unknown, World
from rsaudit.messages import round_half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.filings.reading import Cell, Filing, Sheet
    from rsaudit.loading import Dossier
    from rsaudit.vocabulary import Vocabulary


_MEASURED = ("€", "m²")


class Absent:
    """A datum that the dossier does not give."""


ABSENT = Absent()


@dataclass(slots=True, kw_only=True)
class FilledSheet:
    """One table with its values: texts, exact numbers, dates, or `ABSENT`."""

    sheet: Sheet
    day: date
    rows: list[list[Any]] = field(default_factory=list)
    bottom: list[tuple[str, Any]] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)
    """(row, column) of each datum that is absent."""
    doubtful: list[str] = field(default_factory=list)
    """Rows shown although the dossier does not say whether they belong here."""
    unseen: bool = False
    """The dossier shows only a part of the table, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A filing with its values."""

    filing: Filing
    heading: tuple[tuple[str, Any], ...]
    sheets: tuple[FilledSheet, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is absent, doubtful or unseen."""
        return not any(sheet.absent or sheet.doubtful or sheet.unseen for sheet in self.sheets)


def fill(filing: Filing, dossier: Dossier, *, as_of: date, vocabulary: Vocabulary) -> Filled:
    """Draw the tables of a filing from a dossier."""
    world = World(dossier.data, as_of=as_of, scope=filing.scope)
    frame = world.frame(filing.scope)
    return Filled(
        filing=filing,
        heading=tuple((cell.title, _value(cell, frame, vocabulary)) for cell in filing.heading),
        sheets=tuple(_filled(filing, sheet, dossier, as_of, vocabulary) for sheet in filing.sheets),
    )


def _filled(
    filing: Filing, sheet: Sheet, dossier: Dossier, as_of: date, vocabulary: Vocabulary
) -> FilledSheet:
    day = _day(sheet.on, as_of)
    world = World(dossier.data, as_of=day, scope=filing.scope)
    frame = world.frame(sheet.scope)
    selection = sheet.range(frame)
    found = FilledSheet(sheet=sheet, day=day, unseen=selection.unseen_high != 0)
    for item, is_doubtful in (
        *((item, False) for item in selection.items),
        *((item, True) for item, _ in selection.possible),
    ):
        frame[sheet.range.slot] = item
        name = dossier.locator.name(item) if isinstance(item, dict) else str(item)
        if is_doubtful:
            found.doubtful.append(name)
        values = [_value(cell, frame, vocabulary) for cell in sheet.columns]
        found.absent.extend(
            (name, cell.title) for cell, value in zip(sheet.columns, values, strict=True) if value is ABSENT
        )
        found.rows.append(values)
    found.bottom = [(cell.title, _value(cell, frame, vocabulary)) for cell in sheet.bottom]
    return found


def _day(on: tuple[int, int] | None, as_of: date) -> date:
    """Return the last such day of the year, at the latest the day asked for."""
    if on is None:
        return as_of
    day = date(as_of.year, on[1], on[0])
    return day if day <= as_of else date(as_of.year - 1, on[1], on[0])


def _value(cell: Cell, frame: Sequence[Any], vocabulary: Vocabulary) -> Any:
    value = cell.program(list(frame))
    if value.__class__ is Unknown:
        silent = next((cause for cause in value.causes if isinstance(cause, Silent)), None)
        return vocabulary.word(silent.word, cell.path) if silent is not None else ABSENT
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Fraction):
        return round_half_up(value, 2)
    if isinstance(value, int) and str(getattr(cell.type, "unit", None) or "").startswith(_MEASURED):
        return Decimal(value)  # printed to the centime, as its neighbours
    if isinstance(value, int | Decimal | date):
        return value
    if isinstance(value, str):
        if cell.admitted and value not in cell.admitted:
            return ABSENT
        is_word = cell.type.kind == "word"
        return vocabulary.word(value, cell.path) if is_word and not cell.raw else value
    return str(value)
