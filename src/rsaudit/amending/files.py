"""Changes -> the files of a dossier as they would be, whole; nothing is written here."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rsaudit.amending.differences import FILE, ROWS, Change, Kind, identity, row_schema
from rsaudit.amending.editing import alike, update, update_whole
from rsaudit.amending.tables import CsvText
from rsaudit.errors import InputUnreadableError
from rsaudit.loading.cells import cell_types
from rsaudit.loading.dossier import titles_of
from rsaudit.loading.normal import normalise
from rsaudit.loading.tables import field_of, separator_of
from rsaudit.loading.yaml_reading import parse_yaml
from rsaudit.messages import amending as say
from rsaudit.shapes import identifiers, resolve, table_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rsaudit.loading import DossierRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Files to write, by path: the whole content of each."""

    files: dict[Path, str] = field(default_factory=dict)


def plan(reference: DossierRef, changes: Sequence[Change], sections: Mapping[str, Mapping[str, Any]]) -> Plan:
    """Return the files of an existing dossier once the changes are made.

    Raises `InputUnreadableError` when a table to change is in a workbook, which is not edited, or a file edited would
    not be read as it must.
    """
    files = _Files(reference, sections)
    for change in changes:
        files.apply(change)
    return Plan(files=files.results())


@dataclass(slots=True)
class _Yaml:
    """One YAML file: its text, what it says by section, and what it must say."""

    text: str
    before: dict[str, Any]
    after: dict[str, Any]


class _Files:
    """The files of one dossier, read when first needed."""

    def __init__(self, reference: DossierRef, sections: Mapping[str, Mapping[str, Any]]) -> None:
        self._sections = sections
        self._whole = reference.path if reference.path.is_file() else None
        self._folder = reference.path.parent if self._whole else reference.path
        self._yaml: dict[Path, _Yaml] = {}
        self._csv: dict[Path, tuple[CsvText, str]] = {}

    def apply(self, change: Change) -> None:
        """Make one change."""
        section, *steps = change.steps
        root = self._sections[str(section)]
        node: Any = self._opened(self._whole or self._folder / f"{section}.yaml").after
        node, shape = _below(node, str(section)), root
        for rank, step in enumerate(steps):
            last = rank == len(steps) - 1
            if isinstance(step, tuple):
                item = row_schema(shape, root) or {}
                if isinstance(node, dict) and FILE in node:
                    self._table_row(node, step, steps[rank + 1 :], change, item, root)
                    return
                if last and change.kind is Kind.NEW_ROW:
                    _list(node).append(change.after)
                    return
                node, shape = _row(node, step, item, change), item
                continue
            if isinstance(node, list):
                raise InputUnreadableError(say.plain_list(change.shown), say.PLAIN_LIST_HINT)
            shape = resolve((shape.get("properties") or {}).get(step) or {}, root)
            if last:
                node[step] = change.after
            else:
                node = _below(node, step, steps[rank + 1])

    def _table_row(
        self,
        table: Mapping[str, Any],
        name: tuple[str, ...],
        rest: Sequence[Any],
        change: Change,
        item: Mapping[str, Any],
        root: Mapping[str, Any],
    ) -> None:
        path = self._folder / str(table[FILE])
        if path.suffix.lower() != ".csv":
            raise InputUnreadableError(say.table_in_workbook(path.name), say.TABLE_IN_WORKBOOK_HINT)
        if path not in self._csv:
            types, titles = cell_types(item, root), titles_of(item, root)
            raw = _decoded(path.read_bytes())
            separator = separator_of(raw.removeprefix("\ufeff"), types, titles)
            lines = CsvText(raw, types, lambda heading: field_of(heading, types, titles), separator)
            self._csv[path] = (lines, raw)
        lines, _ = self._csv[path]
        if change.kind is Kind.NEW_ROW:
            lines.append(change.after)
            return
        rank = lines.row_of(name, identifiers(item))
        if rank is None:
            raise InputUnreadableError(say.row_not_here(change.shown), say.ROW_NOT_HERE_HINT)
        lines.set(rank, ".".join(str(step) for step in rest), change.after)

    def _opened(self, path: Path) -> _Yaml:
        if path not in self._yaml:
            text = (
                path.read_bytes().decode("utf-8") if path.exists() else ""
            )  # its mark and line ends as they are
            before = self._read(text, path)
            self._yaml[path] = _Yaml(text, before, copy.deepcopy(before))
        return self._yaml[path]

    def _read(self, text: str, path: Path) -> dict[str, Any]:
        """Return what a text says, by section, in the form in which rows are matched.

        Raises `InputUnreadableError` when our loader would not read it.
        """
        if all(line.lstrip("\ufeff \t")[:1] in ("", "#") for line in text.splitlines()):
            return {}  # a file of comments alone is begun, not broken
        document = parse_yaml(text.encode("utf-8"), path.name)
        if document.errors:
            raise InputUnreadableError(say.cannot_say(path.name), say.CANNOT_SAY_HINT)
        contents = document.data if self._whole else {path.stem: document.data}
        for section, content in contents.items():
            if section in self._sections:
                normalise(content, self._sections[section], document.spelled)
        return contents

    def results(self) -> dict[Path, str]:
        """Return the files whose text is no longer the same."""
        texts = {path: (self._edited(path, file), file.text) for path, file in self._yaml.items()}
        texts.update({path: (lines.result(), before) for path, (lines, before) in self._csv.items()})
        return {path: after for path, (after, before) in texts.items() if after != before}

    def _edited(self, path: Path, file: _Yaml) -> str:
        """Return the text that says what it must, proved by reading it again."""
        if self._whole:
            text, _ = update_whole(file.text, file.before, file.after, self._sections, rows_in_line=True)
        else:
            was, now = file.before.get(path.stem) or {}, file.after.get(path.stem) or {}
            text, _ = update(file.text, was, now, self._sections[path.stem], rows_in_line=True)
        if not alike(self._read(text, path), file.after):
            raise InputUnreadableError(say.cannot_say(path.name), say.CANNOT_SAY_HINT)
        return text


def _below(node: Any, key: str, following: Any = "") -> Any:
    """Return what a key holds; when it holds nothing yet, it is given an object, or the list in which a row is to be."""
    if node.get(key) is None:
        node[key] = [] if isinstance(following, tuple) else {}
    return node[key]


def _list(table: Any) -> list[Any]:
    """Return the list that holds the rows of a table."""
    found: list[Any] = _below(table, ROWS, ()) if isinstance(table, dict) else table
    return found


def _row(table: Any, name: tuple[str, ...], item: Mapping[str, Any], change: Change) -> Any:
    """Return the row of a table known by a name. Raises `InputUnreadableError` when it is not in this file."""
    found = next((row for row in table_rows(table) if identity(row, identifiers(item)) == name), None)
    if found is None:
        raise InputUnreadableError(say.row_not_here(change.shown), say.ROW_NOT_HERE_HINT)
    return found


def _decoded(raw: bytes) -> str:
    """Read a table as the loader does: UTF-8, else Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252")
