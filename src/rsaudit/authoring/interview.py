"""The questions that fill in a dossier: which come next, what an answer is worth, what is written of it.

No terminal and no file here: an answer goes in as text, a dossier or a French refusal comes out. « Je ne sais pas » is
an answer: the key is written without value, so that the question is not asked again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.amending.rendering import UNKNOWN
from rsaudit.loading import from_data
from rsaudit.loading.cells import LIST_SEPARATOR, CellError
from rsaudit.messages import authoring as say
from rsaudit.messages import workbook as say_workbook
from rsaudit.shapes import at, table_rows
from rsaudit.validation import violations
from rsaudit.workbook.archive import Cell
from rsaudit.workbook.layout import ROWS, Column, Form, Table, folded
from rsaudit.workbook.reading import value as cell_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rsaudit.authoring.relevance import Relevance
    from rsaudit.validation import Schemas
    from rsaudit.workbook.layout import Layout


class RefusedAnswerError(Exception):
    """An answer is not written; its French sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to ask: a field of a form or of a row, or whether a table has a row."""

    sheet: Form | Table
    column: Column | None
    """`None` asks whether there is one more row."""
    row: int | None = None
    """The row of a table, from 0."""

    @property
    def required(self) -> bool:
        """Say whether « je ne sais pas » is no answer: a dossier, a table or a row cannot be written without it."""
        return self.column is not None and self.column.required


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """What is asked of one dossier, screen by screen."""

    schemas: Schemas
    layout: Layout
    relevance: Relevance
    only_early: bool

    def screens(self) -> list[Form | Table]:
        """Return the sheets that have something to ask; nested tables are left to the files."""
        return [
            sheet
            for sheet in self.layout.sheets
            if not (isinstance(sheet, Table) and sheet.parent is not None) and self.columns(sheet)
        ]

    def columns(self, sheet: Form | Table) -> list[Column]:
        """Return the fields to ask of a sheet: what most rules wait for first, citations left to the files."""
        prefix = sheet.static if isinstance(sheet, Table) else sheet.section
        if isinstance(sheet, Table) and self._left_out(sheet):
            return []
        kept = [
            column
            for column in sheet.columns
            if column.rows_of is None
            and "source" not in column.path
            and column.constant is None
            and (column.required or self._wanted(column, f"{prefix}.{'.'.join(column.path)}"))
        ]
        return sorted(
            kept,
            key=lambda column: (
                column.choice is None,
                not column.required,
                -self.relevance.weight(f"{prefix}.{'.'.join(column.path)}"),
            ),
        )

    def _wanted(self, column: Column, path: str) -> bool:
        early = column.early or not self.only_early
        return early and self.relevance.weight(path) > 0 and self.relevance.concerns(path)

    def _left_out(self, table: Table) -> bool:
        return (self.only_early and not table.early) or not self.relevance.weight(table.static)

    def questions(self, sheet: Form | Table, data: Mapping[str, Any]) -> Iterator[Question]:
        """Yield the questions of a sheet that have no answer yet; ask again after each answer."""
        content = data.get(sheet.section)
        if isinstance(sheet, Form):
            for column in self.columns(sheet):
                if not _answered(content, column):
                    yield Question(sheet=sheet, column=column)
            return
        for setting in sheet.settings:
            if "source" not in setting.path and not _answered(at(content, sheet.path), setting):
                yield Question(sheet=sheet, column=setting)
        for rank, row in enumerate(rows_of(content, sheet)):
            for column in self.columns(sheet):
                if not _answered(row, column):
                    yield Question(sheet=sheet, column=column, row=rank)

    # -- answers ---------------------------------------------------------------------------------------

    def answered(self, data: Mapping[str, Any], question: Question, text: str) -> dict[str, Any]:
        """Return the dossier with one answer more. Raises `RefusedAnswerError`."""
        column = question.column
        assert column is not None  # noqa: S101 - rows are added by `with_row`
        unknown = text.strip().casefold() in say.UNKNOWN_WORDS
        if unknown and question.required:
            raise RefusedAnswerError(say.required_answer())
        found = UNKNOWN if unknown else self._value(text, column)
        after = copy.deepcopy(dict(data))
        owner = self._owner(after, question)
        _put(owner, column.path, found)
        if not unknown:
            self._check(after, question)
        return after

    def _value(self, text: str, column: Column) -> Any:
        labels = list(column.labels.values())
        try:
            if column.many:
                return (
                    []
                    if folded(text) == folded(say_workbook.EMPTY_LIST)
                    else [
                        cell_value(Cell(_numbered(part.strip(), labels)), column)
                        for part in text.replace(",", LIST_SEPARATOR).split(LIST_SEPARATOR)
                        if part.strip()
                    ]
                )
            return cell_value(Cell(_numbered(text.strip(), labels)), column)
        except CellError as error:
            raise RefusedAnswerError(str(error)) from error

    def _owner(self, data: dict[str, Any], question: Question) -> dict[str, Any]:
        sheet = question.sheet
        content: dict[str, Any] = data.setdefault(sheet.section, {})
        if isinstance(sheet, Form):
            return content
        if question.row is not None:
            found: dict[str, Any] = rows_of(content, sheet)[question.row]
            return found
        holder = _made(content, sheet.path[:-1])
        table = holder.get(sheet.path[-1])
        if not isinstance(table, dict):
            table = holder[sheet.path[-1]] = {ROWS: table} if isinstance(table, list) else {}
        return table

    def _check(self, data: dict[str, Any], question: Question) -> None:
        """Refuse what the schemas refuse of this answer, in the words of `valider`."""
        column = question.column
        assert column is not None  # noqa: S101 - as above
        plain = known(data)
        dossier = from_data(
            {question.sheet.section: plain.get(question.sheet.section, {})}, self.schemas, name=""
        )
        end = ".".join(column.path)
        for error in violations(dossier, self.schemas, partial=True):
            path, _, why = (
                error.message.partition(" : ")
                if " : " in error.message
                else error.message.partition("\u00a0: ")
            )
            if path.endswith(end) or (question.row is not None and error.code == "identifiant-en-double"):
                raise RefusedAnswerError(why or error.message)

    def with_row(self, data: Mapping[str, Any], table: Table) -> dict[str, Any]:
        """Return the dossier with one more row to fill in; it is not written before its first answer."""
        after = copy.deepcopy(dict(data))
        holder = _made(after.setdefault(table.section, {}), table.path[:-1])
        found = holder.get(table.path[-1])
        if isinstance(found, dict):
            if not isinstance(found.get(ROWS), list):
                found[ROWS] = []
            found[ROWS].append({})
        else:
            holder[table.path[-1]] = [*(found or ()), {}]
        return after

    def without_rows(self, data: Mapping[str, Any], table: Table) -> dict[str, Any]:
        """Return the dossier in which a table is known to be empty."""
        after = copy.deepcopy(dict(data))
        holder = _made(after.setdefault(table.section, {}), table.path[:-1])
        found = holder.get(table.path[-1])
        if isinstance(found, dict) and known(found):
            found[ROWS] = []
        else:
            holder[table.path[-1]] = []
        return after


def rows_of(content: Any, table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table, each the very object of the dossier."""
    return table_rows(at(content, table.path))


def is_settled(content: Any, table: Table) -> bool:
    """Say whether it is known if a table has rows."""
    found = at(content, table.path)
    return isinstance(found, list) or (isinstance(found, dict) and isinstance(found.get(ROWS), list))


def known(value: Any) -> Any:
    """Return data without the keys answered « je ne sais pas »."""
    if isinstance(value, dict):
        return {key: known(one) for key, one in value.items() if one is not None and one is not UNKNOWN}
    return [known(one) for one in value] if isinstance(value, list) else value


def with_unknowns(value: Any) -> Any:
    """Return data as read, each key without value being an answer « je ne sais pas »."""
    if isinstance(value, dict):
        return {key: UNKNOWN if one is None else with_unknowns(one) for key, one in value.items()}
    return [with_unknowns(one) for one in value] if isinstance(value, list) else value


def _numbered(text: str, labels: list[str]) -> str:
    """Return the word whose rank is typed, when the words are listed with their ranks."""
    if labels and text.isdecimal() and 1 <= int(text) <= len(labels):
        return labels[int(text) - 1]
    return text


def _answered(owner: Any, column: Column) -> bool:
    """Say whether a field has an answer; « je ne sais pas » is none where a value is required."""
    for step in column.path:
        if not isinstance(owner, dict) or step not in owner:
            return False
        owner = owner[step]
    return owner is not None and not (column.required and owner is UNKNOWN)


def _made(owner: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for step in path:
        if not isinstance(owner.get(step), dict):
            owner[step] = {}
        owner = owner[step]
    return owner


def _put(owner: dict[str, Any], path: tuple[str, ...], found: Any) -> None:
    _made(owner, path[:-1])[path[-1]] = found
