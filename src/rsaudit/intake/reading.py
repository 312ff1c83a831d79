"""A grid and a column map -> facts, cell by cell; what is personal is dropped, what is doubtful is refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsaudit.intake.columns import Column, ColumnMap, field_of, rows_schema, words_of
from rsaudit.intake.grids import Failed
from rsaudit.intake.personal import looks_like_names, sign_of
from rsaudit.loading.cells import CellError, CellType, cell_type, read_cell
from rsaudit.messages import intake as say
from rsaudit.messages import loading as words
from rsaudit.model import InputError
from rsaudit.persons import signs
from rsaudit.phrases import fold
from rsaudit.shapes import at, identifiers, table_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rsaudit.intake.columns import Reference, Witnesses
    from rsaudit.intake.grids import Grid

ROWS, EXTENT = "lignes", "etendue"
_TYPED = (int, Decimal)
#: Signs that Windows-1252 gives to bytes of another encoding, and that no French table holds.
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿæœÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÆŒ«»°²³·§½€’‘“”–—…©®µ\u00a0")


@dataclass(slots=True)
class Intake:
    """What a table brings."""

    dossiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Key of the dossier (empty for the only one) → sections."""
    errors: list[InputError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """One column being taken."""

    rank: int
    column: Column
    kind: CellType
    choices: Mapping[str, Any]
    is_code: bool


def take(
    grid: Grid,
    columns: ColumnMap,
    sections: Mapping[str, Mapping[str, Any]],
    existing: Mapping[str, Mapping[str, Any]],
) -> Intake:
    """Read every row. `existing` gives, by dossier key, the data already known, whose references are kept."""
    intake = Intake(errors=list(grid.notices))
    reader = _Reader(grid, columns, sections, intake)
    taken = reader.columns()
    if any(error.severity == "erreur" for error in intake.errors):
        return intake
    rows = [row for row in reader.rows(taken) if row]
    if not rows and not intake.errors:
        intake.errors.append(InputError(code="table-vide", message=words.EMPTY_TABLE, file=grid.file))
    for key, group in _grouped(rows, columns.one_dossier_by).items():
        intake.dossiers[key] = _sections(
            group, columns, sections, existing.get(key) or {}, reader.tell_conflict
        )
    return intake


def saved_map(grid: Grid, columns: ColumnMap) -> dict[str, Any]:
    """Return the explicit map of a table, to be completed by a person: each heading and the field it was given."""
    entries: list[dict[str, Any]] = []
    for rank, heading in enumerate(grid.headings):
        if not heading:
            continue
        column = columns.column(heading)
        cells = [cells[rank] for _, cells in grid.rows if rank < len(cells)]
        mapped = bool(column and column.path)
        if sign_of(heading, cells, columns.personal, mapped=mapped) or (column and column.left):
            entries.append({"titres": [heading], "laisser": True})
        elif column and column.path:
            entries.append({"champ": column.path, "titres": [heading]})
        else:
            entries.append({"titres": [heading]})
    return {
        "titre": columns.title,
        "parent": columns.id,
        "tables": [{"chemin": path} for path in columns.tables],
        "colonnes": entries,
    }


class _Reader:
    """One table being read."""

    def __init__(
        self, grid: Grid, columns: ColumnMap, sections: Mapping[str, Mapping[str, Any]], intake: Intake
    ) -> None:
        self._grid = grid
        self._map = columns
        self._sections = sections
        self._intake = intake
        self._is_cp1252 = any(error.code == "windows-1252" for error in grid.notices)
        self._personal: list[int] = []
        """Ranks of the columns dropped because they tell who people are."""

    def _tell(self, code: str, message: str, *, severity: str = "erreur", cell: str | None = None) -> None:
        self._intake.errors.append(
            InputError(
                code=code,
                message=message,
                file=self._grid.file,
                line=None if cell else self._grid.line,
                cell=cell,
                severity=severity,
            )
        )

    def tell_conflict(self, named: str) -> None:
        """Tell that two rows say different things of one object."""
        self._tell("ligne-en-double", say.conflicting_rows(named))

    def columns(self) -> list[_Taken]:
        """Choose what becomes of each column, and tell it."""
        taken: list[_Taken] = []
        for rank, heading in enumerate(self._grid.headings):
            cells = [cells[rank] for _, cells in self._grid.rows if rank < len(cells)]
            if not heading:
                if any(cell is not None for cell in cells):
                    self._tell(
                        "cellule-en-trop", words.TOO_MANY_CELLS, cell=self._grid.place(self._grid.line, rank)
                    )
                continue
            column = self._map.column(heading)
            mapped = bool(column and column.path)
            sign = sign_of(heading, cells, self._map.personal, mapped=mapped)
            if sign is not None or (
                mapped and column and self._is_reference(column) and looks_like_names(cells)
            ):
                self._personal.append(rank)
                self._intake.notices.append(say.personal(heading, sign.value if sign else say.NAMES))
            elif column is None:
                self._tell("colonne-inconnue", say.unknown_column(heading), severity="avertissement")
            elif column.path is not None:
                self._take(rank, heading, column, taken)
        self._require(taken)
        return taken

    def _is_reference(self, column: Column) -> bool:
        return any(reference.path == column.path for reference in self._map.references)

    def _take(self, rank: int, heading: str, column: Column, taken: list[_Taken]) -> None:
        assert column.path is not None  # noqa: S101 - checked by the caller
        if any(other.column.path == column.path for other in taken):
            self._tell("colonne-en-double", words.duplicate_column(heading))
            return
        found = field_of(column.path, self._sections)
        assert found is not None  # noqa: S101 - checked when the map was read
        shape, root = found
        kind = cell_type(shape, root) or CellType(kind="texte")
        taken.append(
            _Taken(
                rank=rank,
                column=column,
                kind=kind,
                choices=_choices(shape, kind, column.values),
                is_code=kind.kind == "texte" and not shape.get("enum"),
            )
        )

    def _require(self, taken: Sequence[_Taken]) -> None:
        have = {entry.column.path for entry in taken}
        for column in self._map.columns:
            if column.required and column.path not in have:
                cell = self._grid.place(self._grid.line, 0) if self._grid.sheet else None
                self._tell("colonne-absente", say.missing_column(column.titles[0]), cell=cell)

    # -- rows ------------------------------------------------------------------------------------------

    def rows(self, taken: Sequence[_Taken]) -> Iterator[dict[str, Any]]:
        """Yield the values of each row to keep, by path."""
        start = self._first_row()
        kept = self._kept()
        passed = 0
        unshown: dict[str, list[int]] = {}
        for line, cells in self._grid.rows:
            if line < start:
                continue
            if self._map.is_total(_first_text(cells)):
                self._intake.notices.append(say.total_passed(line))
                continue
            if kept is not None and not kept(cells):
                passed += 1
                continue
            row = self._row(line, cells, taken)
            barred = self._barred(line, row)
            for path in self._unshown(row, cells) - barred:
                unshown.setdefault(path, []).append(line)
                barred.add(path)
            yield {name: value for name, value in row.items() if _parent(name) not in barred}
        self._intake.notices.extend(say.not_shown(path, lines) for path, lines in unshown.items())
        if passed:
            self._intake.notices.append(say.rows_passed(passed))

    def _barred(self, line: int, row: Mapping[str, Any]) -> set[str]:
        """Return the tables of which a row says itself that it holds no object, and tell it."""
        barred = set()
        for path, (said_by, words_for_none) in self._map.barred.items():
            if row.get(said_by) in words_for_none and any(_parent(name) == path for name in row):
                barred.add(path)
                self._intake.notices.append(say.no_object(line, path, str(row[said_by])))
        return barred

    def _unshown(self, row: Mapping[str, Any], cells: Sequence[Any]) -> set[str]:
        """Return the tables a row has fields of, without anything that shows an object of theirs."""
        return {
            path
            for path, witnesses in self._map.witnesses.items()
            if any(_parent(name) == path for name in row) and not self._shows(witnesses, row, cells)
        }

    def _shows(self, witnesses: Witnesses, row: Mapping[str, Any], cells: Sequence[Any]) -> bool:
        heard = [
            cells[rank]
            for rank in self._personal
            if rank < len(cells) and words_of(self._grid.headings[rank]) not in witnesses.mute_headings
        ]
        told = [row.get(name) for name in witnesses.fields] + heard
        return any(
            value is not None and not isinstance(value, Failed) and witnesses.shown_by(_text(value))
            for value in told
        )

    def _first_row(self) -> int:
        start = self._map.first_row or self._grid.line + 1
        if self._map.first_row is None or self._grid.sheet is None:
            return self._grid.line + 1
        if self._map.first_row_cell is not None:
            for sheet, cell, value in self._grid.settings:
                if (sheet, cell) == self._map.first_row_cell and isinstance(value, int) and value > 1:
                    return value
        return start

    def _kept(self) -> Any:
        if self._map.kept is None:
            return None
        headings, values = self._map.kept
        wanted = {words_of(value) for value in values}
        known = {words_of(title) for title in headings}
        ranks = [rank for rank, heading in enumerate(self._grid.headings) if words_of(heading) in known]
        return lambda cells: any(
            rank < len(cells) and words_of(str(cells[rank] or "")) in wanted for rank in ranks
        )

    def _row(self, line: int, cells: Sequence[Any], taken: Sequence[_Taken]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        refused = False
        for entry in taken:
            raw = cells[entry.rank] if entry.rank < len(cells) else None
            if raw is None:
                continue
            place = self._grid.place(line, entry.rank)
            try:
                value = self._value(raw, entry)
            except CellError as error:
                heading = self._grid.headings[entry.rank]
                self._tell("cellule", words.bad_cell(heading, str(error)), cell=place)
                refused = True
                continue
            if value is not None:
                row[str(entry.column.path)] = value
        for column in self._map.columns:
            if row and not refused and column.required and column.path not in row:
                self._tell(
                    "cellule-vide", say.blank_required(column.titles[0]), cell=self._grid.place(line, 0)
                )
                break
        return row

    def _value(self, raw: Any, entry: _Taken) -> Any:
        if isinstance(raw, Failed):
            raise CellError(words.FORMULA_ERROR)
        if (
            isinstance(raw, str)
            and self._is_cp1252
            and any(ord(char) > 127 and char not in _FRENCH for char in raw)
        ):
            raise CellError(say.ODD_SIGN)
        text = _text(raw)
        if entry.choices:
            word = entry.choices.get(_key(text))
            if word is not None:
                return word
            if entry.kind.kind == "texte":
                raise CellError(say.not_a_choice(sorted({str(word) for word in entry.choices.values()})))
        if entry.is_code and signs(text):
            raise CellError(say.PERSON_IN_CELL)
        if isinstance(raw, bool):
            return read_cell("oui" if raw else "non", entry.kind)
        if isinstance(raw, _TYPED):
            if entry.kind.kind in {"nombre", "entier"}:
                return read_cell(
                    f"{raw:f}".replace(".", ",") if isinstance(raw, Decimal) else str(raw), entry.kind
                )
            if entry.kind.kind == "date":
                raise CellError(words.NUMBER_FOR_A_DATE)
        return read_cell(text, entry.kind)


def _first_text(cells: Sequence[Any]) -> str:
    return next((cell for cell in cells if isinstance(cell, str)), "")


def _text(raw: Any) -> str:
    if isinstance(raw, bool):
        return "oui" if raw else "non"
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    return f"{raw:f}" if isinstance(raw, Decimal) else str(raw).strip()


def _key(text: str) -> str:
    """Return how a choice is compared: « T1 bis » and « T1Bis » differ by their space only."""
    return (
        fold(text.replace("’", "'").replace("\u00a0", " ")).replace(" ", "").replace("_", "").replace("-", "")
    )


def _choices(shape: Mapping[str, Any], kind: CellType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be written for a choice, by its folded form: words, labels, synonyms, words of the map."""
    admitted = [word for word in shape.get("enum") or kind.words if isinstance(word, str)]
    if not admitted and not values:
        return {}
    found: dict[str, Any] = {}
    for table in (
        {word: word for word in admitted if kind.kind != "booleen"},
        {label: word for word, label in (shape.get("x-libelles") or {}).items()},
        shape.get("x-synonymes") or {},
        values,
    ):
        found.update({_key(str(text)): word for text, word in table.items()})
    return found


# -- rows -> sections ------------------------------------------------------------------------------------


def _grouped(rows: Sequence[dict[str, Any]], key: str | None) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row.get(key, "")) if key else "", []).append(row)
    return groups


def _sections(
    rows: Sequence[dict[str, Any]],
    columns: ColumnMap,
    sections: Mapping[str, Mapping[str, Any]],
    existing: Mapping[str, Any],
    tell: Callable[[str], None],
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for path in columns.tables:
            own = {name: value for name, value in row.items() if _parent(name) == path}
            if not own:
                continue
            own.update(
                {
                    name: row[source]
                    for name, source in columns.copies
                    if _parent(name) == path and source in row
                }
            )
            own.update({name: value for name, value in columns.constants if _parent(name) == path})
            tables.setdefault(path, []).append(own)
    for path, found in tables.items():
        holder, last = _holder(result, path)
        field_shape = field_of(path, sections)
        if field_shape is None or "properties" in field_shape[0]:
            _merge(holder, last, found)
            continue
        references = [reference for reference in columns.references if _parent(reference.path) == path]
        named = _named(found, references, table_rows(at(existing, path.split("."))))
        plain = [{name.rsplit(".", 1)[1]: value for name, value in row.items()} for row in named]
        plain = _unique(plain, identifiers(rows_schema(*field_shape)), path, tell)
        extent = columns.tables[path]
        holder[last] = {EXTENT: extent, ROWS: plain} if extent else plain
    return result


def _parent(path: str) -> str:
    return path.rsplit(".", 1)[0]


def _holder(result: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *parents, last = path.split(".")
    for name in parents:
        result = result.setdefault(name, {})
    return result, last


def _merge(holder: dict[str, Any], last: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lay the facts of a single object over one another: the first row that says one wins."""
    block = holder.setdefault(last, {})
    for row in rows:
        for name, value in row.items():
            block.setdefault(name.rsplit(".", 1)[1], value)


def _named(
    rows: Sequence[dict[str, Any]], references: Sequence[Reference], existing: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Give a code to the rows without one: that of the same row in the dossier, else the next number."""
    named = list(rows)
    for reference in references:
        last = reference.path.rsplit(".", 1)[1]
        keys = [path.rsplit(".", 1)[1] for path in reference.by]
        codes = {
            tuple(str(row.get(key)) for key in keys): str(row[last]) for row in existing if row.get(last)
        }
        used = {str(row[last]) for row in existing if row.get(last)}
        used |= {str(row[reference.path]) for row in named if reference.path in row}
        number = 0
        for rank, row in enumerate(named):
            if reference.path in row:
                continue
            key = tuple(str(row.get(path)) for path in reference.by)
            while key not in codes:
                number += 1
                code = f"{reference.prefix}{number:03d}"
                if code not in used:
                    codes[key] = code
                    used.add(code)
            named[rank] = {reference.path: codes[key], **row}
    return named


def _unique(
    rows: Sequence[dict[str, Any]], keys: Sequence[str], path: str, tell: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Make one of the rows that name the same object: one maximum serves many dwellings, which must agree on it."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        code = tuple(row.get(key) for key in keys) if keys else tuple(row.items())
        known = found.setdefault(code, row)
        if any(known.get(name, value) != value for name, value in row.items()):
            tell(f"{path}[{'-'.join(str(part) for part in code)}]")
        known.update(row)
    return list(found.values())
