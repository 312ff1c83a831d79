"""The terminal side of the questions: asks, reads a line, writes each answer at once, stops when told to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rsaudit.amending import editing
from rsaudit.authoring.interview import (
    Interview,
    Question,
    RefusedAnswerError,
    is_settled,
    known,
    rows_of,
    with_unknowns,
)
from rsaudit.cli import destinations, outcome, streams
from rsaudit.errors import InputUnreadableError
from rsaudit.loading import find_dossiers, load
from rsaudit.messages import authoring as say
from rsaudit.messages import cli as say_cli
from rsaudit.messages import workbook as say_workbook
from rsaudit.workbook.layout import Form, Table

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.cli.commands.nouveau import Choices
    from rsaudit.cli.session import Session


class StoppedError(Exception):
    """The person asked to stop, or there is nobody left to answer."""


def interview(target: Path, choices: Choices, session: Session) -> int:
    """Ask the questions of a dossier that have no answer yet, and return the exit code.

    Raises `InputUnreadableError` when its files cannot be read.
    """
    talk = _Talk(target, choices, session)
    streams.tell(say.INTRODUCTION)
    try:
        talk.run()
    except (StoppedError, KeyboardInterrupt):
        streams.tell("\n" + say.STOPPED)
        return outcome.DONE
    streams.tell(say.FINISHED)
    streams.tell(say.next_step(target.as_posix()))
    return outcome.DONE


class _Talk:
    """One conversation about one dossier."""

    def __init__(self, target: Path, choices: Choices, session: Session) -> None:
        self.target = target
        self.session = session
        self.choices = choices
        self.data = self._read()
        self.plan = self._planned()

    def _read(self) -> dict[str, Any]:
        references, _ = find_dossiers(self.target)
        dossier = load(references[0], self.session.schemas)
        serious = [error for error in dossier.errors if error.severity == "erreur"]
        if serious:
            for error in serious:
                streams.tell(say_cli.input_error(error))
            raise InputUnreadableError(
                say_cli.unusable(self.target.as_posix(), len(serious)), say_cli.FIX_FIRST_HINT
            )
        found: dict[str, Any] = with_unknowns(dossier.data)
        return found

    def _planned(self) -> Interview:
        """Work out what is to be asked from what is known by now."""
        for option, (section, column) in self.choices.fields.items():
            found: Any = known(self.data).get(section)
            for step in column.path:
                found = found.get(step) if isinstance(found, dict) else None
            if found is not None:
                self.choices.suppose(option, found)
        return Interview(
            schemas=self.session.schemas,
            layout=self.choices.layout,
            relevance=self.choices.relevance(self.session),
            only_early=self.choices.only_early,
        )

    def run(self) -> None:
        """Go through the screens; a choice answered changes what is asked next."""
        done: set[str] = set()
        while True:
            screens = self.plan.screens()
            sheet = next((one for one in screens if one.name not in done), None)
            if sheet is None:
                return
            done.add(sheet.name)
            if isinstance(sheet, Form):
                self._form(sheet, len(done), len(screens))
            else:
                self._table(sheet, len(done), len(screens))

    def _open(self, title: str, rank: int, total: int) -> None:
        if sys.stderr.isatty():
            streams.tell("\x1b[2J\x1b[H".rstrip())
        streams.tell("\n" + say.screen(title, rank, total))

    def _form(self, form: Form, rank: int, total: int) -> None:
        opened = False
        while (question := next(self.plan.questions(form, self.data), None)) is not None:
            if not opened:
                self._open(form.title, rank, total)
                opened = True
            self._ask(question)
            if question.column is not None and question.column.choice is not None:
                self.plan = self._planned()

    def _table(self, table: Table, rank: int, total: int) -> None:
        opened = False
        while (question := next(self.plan.questions(table, self.data), None)) is not None:
            if question.row is None and not opened:
                self._open(table.title, rank, total)
                opened = True
                if not is_settled(self.data.get(table.section), table) and not self._has_rows(table):
                    return
            self._ask(question)
        if not table.settings and not is_settled(self.data.get(table.section), table):
            self._open(table.title, rank, total)
            if not self._has_rows(table):
                return
        if rows_of(self.data.get(table.section), table) or is_settled(self.data.get(table.section), table):
            self._rows(table)

    def _has_rows(self, table: Table) -> bool:
        """Ask whether a table has rows; write it when it has none."""
        answer = self._yes_or_no(say.FIRST_ROW)
        if answer is False:
            self._write(self.plan.without_rows(self.data, table), table.section)
        elif answer is True:
            self._one_row(table)
        return answer is True

    def _rows(self, table: Table) -> None:
        while rows_of(self.data.get(table.section), table) and self._yes_or_no(say.ADD_ROW):
            self._one_row(table)

    def _one_row(self, table: Table) -> None:
        before = self.data
        self.data = self.plan.with_row(self.data, table)
        rank = len(rows_of(self.data.get(table.section), table)) - 1
        streams.tell("\n" + say.row_title(table.title, rank + 1))
        try:
            self._row(table, rank)
        except (StoppedError, KeyboardInterrupt):
            if not rows_of(self.data.get(table.section), table)[rank]:
                self.data = before
            raise

    def _row(self, table: Table, rank: int) -> None:
        while True:
            asked = [one for one in self.plan.questions(table, self.data) if one.row == rank]
            if not asked:
                return
            self._ask(asked[0])

    # -- one question ----------------------------------------------------------------------------------

    def _ask(self, question: Question) -> None:
        column = question.column
        assert column is not None  # noqa: S101 - whether there are rows is asked elsewhere
        expected = say_workbook.expected(
            column.kind.kind, column.unit, words=bool(column.labels), closed=column.closed, many=False
        )
        rubric = say_workbook.joined(column.titles[:-1])
        streams.tell("\n" + say.question(rubric, column.titles[-1], expected, required=column.required))
        if column.labels:
            streams.tell(say.choices(list(column.labels.values())))
        if column.many:
            streams.tell(say.SEVERAL_VALUES)
        while True:
            text = self._line()
            if text.strip() == say.HELP_WORD:
                streams.tell(self._help(question))
                continue
            try:
                after = self.plan.answered(self.data, question, text)
            except RefusedAnswerError as error:
                streams.tell(say.REFUSED.format(why=error))
                continue
            self._write(after, question.sheet.section)
            return

    def _help(self, question: Question) -> str:
        column = question.column
        assert column is not None  # noqa: S101 - as above
        return say_workbook.help_text(
            column.description,
            column.unit,
            [],
            [say_workbook.example(one) for one in column.examples],
            [self.session.vocabulary.piece(code) for code in column.pieces],
            early=False,
        )

    def _yes_or_no(self, sentence: str) -> bool | None:
        yes, no = say.YES_NO
        streams.tell("\n" + sentence)
        while True:
            text = self._line().strip().casefold()
            if text in yes:
                return True
            if text in no:
                return False
            if text in say.UNKNOWN_WORDS:
                return None
            streams.tell(say.WANTS_YES_OR_NO)

    def _line(self) -> str:
        """Read one line. Raises `StoppedError` at the end of the input, or when asked to stop."""
        sys.stderr.write(say.PROMPT)
        sys.stderr.flush()
        text = sys.stdin.readline()
        if not text or text.strip().casefold() in say.STOP_WORDS:
            raise StoppedError
        return text.rstrip("\r\n")

    def _write(self, after: dict[str, Any], section: str) -> None:
        """Write one answer: the file of its section, whole or not at all."""
        path = self.target / f"{section}.yaml"
        text = path.read_bytes().decode("utf-8") if path.exists() else ""  # line ends as they are
        before, now = self.data.get(section) or {}, after.get(section) or {}
        new, _ = editing.update(text, before, now, self.session.schemas.sections[section])
        destinations.write(path, new)
        self.data = after
