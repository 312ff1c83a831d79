"""A filled sheet of a visit -> answers, laid beside those the dossier holds: added, unchanged, or different.

Pure: rows already read and points already known in, entries of `reponses` out. Nothing is decided for the user: what
differs from an answer of the same day and role is told, and changed only if it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rsaudit.loading.cells import CellType
from rsaudit.loading.tables import read_xlsx
from rsaudit.messages import visit as say
from rsaudit.messages.loading import row_place
from rsaudit.model import InputError, Severity, Verdict, worst_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rsaudit.visit import Point

Entry = dict[str, Any]
"""An answer as the dossier writes it."""
_KEY = ("regle", "objet", "element", "role", "date")
_SAME = ("regle", "objet", "element")
_SAID = ("verdict", "commentaire", "logements_total", "par_logement")


class Change(StrEnum):
    """What an answer brought back does to those of the dossier."""

    ADDED = "ajoutee"
    UNCHANGED = "inchangee"
    DIFFERENT = "differente"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the sheet that someone filled in."""

    point: Point
    verdict: str
    day: str
    """AAAA-MM-JJ."""
    comment: str | None
    dwelling: str | None
    """Number of the dwelling of its page, when it stands on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One answer brought back, and the one it meets."""

    change: Change
    entry: Entry
    rank: int | None = None
    """Rank, in the dossier, of the answer it differs from."""
    before: Entry | None = None
    """The answer it differs from, or the latest that it follows."""


def entries(rows: Iterable[Row], *, role: str, total: int | None) -> list[Entry]:
    """Make one answer of each point: what was seen dwelling by dwelling is summed up by the worst."""
    by_point: dict[str, list[Row]] = {}
    for row in rows:
        by_point.setdefault(row.point.identifier, []).append(row)
    return [_entry(found, role, total) for found in by_point.values()]


def _entry(rows: Sequence[Row], role: str, total: int | None) -> Entry:
    point = rows[0].point
    entry: Entry = {"regle": point.rule}
    if point.subject_key is not None:
        entry["objet"] = point.subject_key
    if point.element_key is not None:
        entry["element"] = point.element_key
    entry |= {"role": role, "date": max(row.day for row in rows), "verdict": _worst(rows)}
    sampled = [row for row in rows if row.dwelling is not None and row.dwelling != point.subject_key]
    if not sampled:
        comments = [row.comment for row in rows if row.comment]
        return entry | ({"commentaire": " ".join(comments)} if comments else {})
    if total is not None:
        entry["logements_total"] = total
    entry["par_logement"] = [
        {"numero": row.dwelling, "verdict": row.verdict}
        | ({"commentaire": row.comment} if row.comment else {})
        for row in sampled
    ]
    return entry


def _worst(rows: Sequence[Row]) -> str:
    def rank(verdict: str) -> tuple[int, int]:
        return worst_key(Verdict(verdict), Severity.MAJEUR if verdict == Verdict.ECART else None)

    return min((row.verdict for row in rows), key=rank)


def compared(existing: Sequence[Mapping[str, Any]], brought: Iterable[Entry]) -> list[Outcome]:
    """Say what each answer brought does to those of the dossier."""
    return [_outcome(existing, entry) for entry in brought]


def _outcome(existing: Sequence[Mapping[str, Any]], entry: Entry) -> Outcome:
    for rank, known in enumerate(existing):
        if _part(known, _KEY) == _part(entry, _KEY):
            change = Change.UNCHANGED if _part(known, _SAID) == _part(entry, _SAID) else Change.DIFFERENT
            return Outcome(change=change, entry=entry, rank=rank, before=dict(known))
    followed = [known for known in existing if _part(known, _SAME) == _part(entry, _SAME)]
    latest = max(followed, key=lambda known: str(known.get("date")), default=None)
    return Outcome(change=Change.ADDED, entry=entry, before=dict(latest) if latest else None)


def _part(entry: Mapping[str, Any], keys: Sequence[str]) -> list[Any]:
    return [entry.get(key) for key in keys]


def laid(existing: Sequence[Entry], outcomes: Iterable[Outcome]) -> list[Entry]:
    """Return the answers of a dossier once those brought are laid; what one says no longer is taken out of it."""
    answers = list(existing)
    for one in outcomes:
        if one.rank is None:
            answers.append(one.entry)
        else:
            kept = {key: value for key, value in answers[one.rank].items() if key not in _SAID}
            answers[one.rank] = kept | one.entry
    return answers


# -- the filled workbook -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a workbook says, and what is wrong in it: then nothing of it is used."""

    role: str = ""
    rows: tuple[Row, ...] = ()
    errors: tuple[InputError, ...] = ()


def read(raw: bytes, file: str, sheets: Sequence[str], known: Mapping[str, Point]) -> Filled:
    """Read a filled sheet. `sheets` are the names of its sheets, `known` the points of the dossier by identifier.

    Never raises: what is wrong is in `errors`, by cell.
    """
    if say.VISIT_SHEET not in sheets:
        return Filled(errors=(InputError(code="grille", message=say.NOT_A_SHEET, file=file),))
    reader = _Reader(raw, file, known)
    role, day = reader.visit()
    rows: list[Row] = []
    for sheet in sheets:
        if sheet != say.VISIT_SHEET:
            rows.extend(reader.points(sheet, day))
    return Filled(role=role, rows=tuple(rows), errors=tuple(reader.errors))


class _Reader:
    """One workbook being read."""

    def __init__(self, raw: bytes, file: str, known: Mapping[str, Point]) -> None:
        self.raw, self.file, self.known = raw, file, known
        self.errors: list[InputError] = []

    def visit(self) -> tuple[str, str | None]:
        """Return the role of who answers, and the day of the visit when it is written."""
        rows = self._rows(say.VISIT_SHEET, say.VISIT_COLUMNS)
        first, place = rows[0] if rows else ({}, str(row_place(say.VISIT_SHEET, 2)))
        role = str(first.get("role") or "").strip().lower()
        if not role:
            self._error(say.NO_ROLE, place)
        elif role not in say.ROLES:
            self._error(say.unknown_role(role), place)
        return role, first.get("vu_le")

    def points(self, sheet: str, day: str | None) -> Iterator[Row]:
        """Yield the rows of a sheet that have a verdict."""
        for cells, place in self._rows(sheet, say.COLUMNS):
            verdict, comment = _text(cells, "verdict"), _text(cells, "observations")
            if not verdict:
                if comment:
                    self._error(say.NO_VERDICT, place)
                continue
            row = self._row(cells, place, verdict, cells.get("vu_le") or day)
            if row is not None:
                yield row

    def _row(self, cells: Mapping[str, Any], place: str, verdict: str, day: str | None) -> Row | None:
        point = self.known.get(_text(cells, "repere"))
        code = _VERDICTS.get(verdict.lower())
        if point is None:
            self._error(say.unknown_point(_text(cells, "repere")), place)
        if code is None:
            self._error(say.unknown_verdict(verdict), place)
        if day is None:
            self._error(say.NO_DAY, place)
        if point is None or code is None or day is None:
            return None
        return Row(
            point=point,
            verdict=code,
            day=day,
            comment=_text(cells, "observations") or None,
            dwelling=_text(cells, "logement") or None,
        )

    def _rows(self, sheet: str, columns: Mapping[str, str]) -> list[tuple[dict[str, Any], str]]:
        types = {key: CellType(kind="date" if key == "vu_le" else "texte") for key in columns}
        content = read_xlsx(self.raw, self.file, sheet, types, columns)
        self.errors.extend(content.errors)
        return [
            (row, str(row_place(sheet, place.line)))
            for row, place in zip(content.rows, content.places, strict=True)
        ]

    def _error(self, message: str, place: str) -> None:
        self.errors.append(InputError(code="grille", message=message, file=self.file, cell=place))


_VERDICTS = {word: verdict for verdict, word in say.VERDICTS.items()} | {
    verdict: verdict for verdict in say.VERDICTS
}


def _text(cells: Mapping[str, Any], key: str) -> str:
    return str(cells.get(key) or "").strip()
