"""Changes -> the files of a dossier as they would be, whole; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rsaudit.amending.differences import FILE, ROWS, Change, Kind, identifiers, identity, row_schema, rows
from rsaudit.amending.tables import CsvText
from rsaudit.amending.yaml_text import YamlText, render
from rsaudit.errors import InputUnreadableError
from rsaudit.loading.cells import cell_types, resolve
from rsaudit.loading.dossier import titles_of
from rsaudit.loading.normal import Normaliser
from rsaudit.loading.tables import field_of, separator_of
from rsaudit.loading.yaml_events import YamlDocument, parse_yaml
from rsaudit.messages import amending as say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rsaudit.loading import DossierRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Files to write, by path: the whole content of each."""

    files: dict[Path, str] = field(default_factory=dict)


def new_dossier(sections: Mapping[str, Mapping[str, Any]], folder: Path) -> Plan:
    """Return the files of a dossier that does not exist yet: one a section."""
    return Plan(
        files={
            folder / f"{section}.yaml": render(content) for section, content in sections.items() if content
        }
    )


def plan(reference: DossierRef, changes: Sequence[Change], sections: Mapping[str, Mapping[str, Any]]) -> Plan:
    """Return the files of an existing dossier once the changes are made.

    Raises `InputUnreadableError` when a table to change is in a workbook, which is not edited.
    """
    editor = _Editor(reference, sections)
    for change in changes:
        editor.apply(change)
    return Plan(files=editor.results())


class _Editor:
    """The files of one dossier being edited, read when first needed."""

    def __init__(self, reference: DossierRef, sections: Mapping[str, Mapping[str, Any]]) -> None:
        self._reference = reference
        self._sections = sections
        self._whole = reference.path.is_file()
        self._folder = reference.path.parent if self._whole else reference.path
        self._yaml: dict[Path, tuple[YamlText, dict[str, Any], str]] = {}
        self._csv: dict[Path, tuple[CsvText, str]] = {}

    def apply(self, change: Change) -> None:
        """Make one change."""
        section = str(change.steps[0])
        path = self._reference.path if self._whole else self._folder / f"{section}.yaml"
        text, data, _ = self._opened(path)
        steps = change.steps if self._whole else change.steps[1:]
        written: list[str | int] = []
        node: Any = data
        shape = root = self._sections[section]
        for rank, step in enumerate(steps):
            if isinstance(step, tuple):
                self._row(text, node, tuple(written), step, steps[rank + 1 :], change, shape, root)
                return
            if isinstance(node, list):
                raise InputUnreadableError(say.plain_list(change.shown), say.PLAIN_LIST_HINT)
            node = node.get(step) if isinstance(node, dict) else None
            written.append(step)
            if not (self._whole and rank == 0):
                shape = resolve((shape.get("properties") or {}).get(step) or {}, root)
        if isinstance(node, list) and isinstance(change.after, list) and change.kind is Kind.ADDED:
            text.append(tuple(written), change.after)
        else:
            text.set(tuple(written), change.after)

    def _row(
        self,
        text: YamlText,
        table: Any,
        written: tuple[str | int, ...],
        name: tuple[str, ...],
        rest: Sequence[Any],
        change: Change,
        shape: Mapping[str, Any],
        root: Mapping[str, Any],
    ) -> None:
        item = row_schema(shape, root) or {}
        keys = identifiers(item)
        if isinstance(table, dict) and FILE in table:
            self._table_row(table, name, keys, rest, change, item, root)
            return
        is_table = isinstance(table, dict) or isinstance(text.pending(written), dict)
        place = (*written, ROWS) if is_table else written
        if change.kind is Kind.NEW_ROW and not rest:
            text.append(place, [change.after])
            return
        index = next((rank for rank, row in enumerate(rows(table)) if identity(row, keys) == name), None)
        if index is None:
            raise InputUnreadableError(say.row_not_here(change.shown), say.ROW_NOT_HERE_HINT)
        self._inside(text, rows(table)[index], (*place, index), rest, change, item, root)

    def _inside(
        self,
        text: YamlText,
        node: Any,
        written: tuple[str | int, ...],
        steps: Sequence[Any],
        change: Change,
        shape: Mapping[str, Any],
        root: Mapping[str, Any],
    ) -> None:
        for rank, step in enumerate(steps):
            if isinstance(step, tuple):
                self._row(text, node, written, step, steps[rank + 1 :], change, shape, root)
                return
            node = node.get(step) if isinstance(node, dict) else None
            shape = resolve((shape.get("properties") or {}).get(step) or {}, root)
            written = (*written, step)
        text.set(written, change.after)

    def _table_row(
        self,
        table: Mapping[str, Any],
        name: tuple[str, ...],
        keys: Sequence[str],
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
        rank = lines.row_of(name, keys)
        if rank is None:
            raise InputUnreadableError(say.row_not_here(change.shown), say.ROW_NOT_HERE_HINT)
        lines.set(rank, ".".join(str(step) for step in rest), change.after)

    def _opened(self, path: Path) -> tuple[YamlText, dict[str, Any], str]:
        if path not in self._yaml:
            raw = path.read_bytes() if path.exists() else b""
            document = parse_yaml(raw, path.name) if raw.strip() else YamlDocument(file=path.name)
            self._normalise(document, path)
            self._yaml[path] = (YamlText(document.text, self._order()), document.data, document.text)
        return self._yaml[path]

    def _normalise(self, document: YamlDocument, path: Path) -> None:
        """Bring the data to the form in which rows were matched."""
        contents = document.data if self._whole else {path.stem: document.data}
        for section, content in contents.items():
            if section in self._sections:
                Normaliser(self._sections[section], document.spelled).apply(content)

    def _order(self) -> dict[tuple[str, ...], Sequence[str]]:
        """Return the usual order of keys by path, from the schemas."""
        found: dict[tuple[str, ...], Sequence[str]] = {}
        for section, schema in self._sections.items():
            prefix = (section,) if self._whole else ()
            _note_order(schema, schema, prefix, found)
        return found

    def results(self) -> dict[Path, str]:
        """Return the files whose text is no longer the same."""
        texts = {path: (editor.result(), before) for path, (editor, _, before) in self._yaml.items()}
        texts.update({path: (lines.result(), before) for path, (lines, before) in self._csv.items()})
        return {path: after for path, (after, before) in texts.items() if after != before}


def _decoded(raw: bytes) -> str:
    """Read a table as the loader does: UTF-8, else Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def _note_order(
    shape: Mapping[str, Any],
    root: Mapping[str, Any],
    path: tuple[str, ...],
    found: dict[tuple[str, ...], Sequence[str]],
) -> None:
    properties = shape.get("properties") or {}
    if not properties:
        return
    # Two sections read in one folder share the empty path: their keys never meet in one file.
    found[path] = [*found.get(path, ()), *properties]
    for key, child in properties.items():
        inner = resolve(child, root)
        _note_order(row_schema(inner, root) or inner, root, (*path, key), found)
