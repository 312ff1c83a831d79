"""`rsaudit nouveau`: a dossier to fill in, each field explained; or filled in at the terminal, question by question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rsaudit import resources
from rsaudit.cli import destinations, outcome, streams
from rsaudit.cli.session import Session, one_of
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import authoring as say
from rsaudit.messages import cli as say_cli

if TYPE_CHECKING:
    from rsaudit.authoring.relevance import Relevance
    from rsaudit.workbook.layout import Column, Layout

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

_FIRST = 12
"""Fields named as those to fill in first."""
_WORDS = "MOT"


@app.command(help=say.NEW_HELP, epilog=say_cli.EXIT_CODES)
def nouveau(
    path: Annotated[str, typer.Argument(metavar="DOSSIER", help=say.NEW_PATH_HELP)],
    territory: Annotated[
        str | None, typer.Option("--territoire", metavar=_WORDS, help=say.CHOICE_HELP["territoire"])
    ] = None,
    category: Annotated[
        str | None, typer.Option("--categorie", metavar=_WORDS, help=say.CHOICE_HELP["categorie"])
    ] = None,
    stage: Annotated[
        str | None, typer.Option("--stade", metavar=_WORDS, help=say.CHOICE_HELP["stade"])
    ] = None,
    organisation: Annotated[
        str | None, typer.Option("--organisation", metavar=_WORDS, help=say.CHOICE_HELP["organisation"])
    ] = None,
    residents: Annotated[
        str | None, typer.Option("--residents", metavar="NOMBRE", help=say.RESIDENTS_HELP)
    ] = None,
    questions: Annotated[bool, typer.Option("--questions", help=say.QUESTIONS_HELP)] = False,
) -> int:
    """Make the dossier, or go on with its questions, and return the exit code."""
    session = Session()
    from rsaudit.workbook import layout_of

    choices = Choices(layout_of(session.schemas.sections))
    given = {"territoire": territory, "categorie": category, "stade": stage, "organisation": organisation}
    for option, word in given.items():
        if word is not None:
            choices.word(option, word)
    if residents is not None:
        choices.count("residents", residents)
    target = Path(path)
    if not (questions and _begun(target)):
        _refuse_existing(target, path)
        _create(target, choices, session, quiet=questions)
    if questions:
        from rsaudit.cli.interviewing import interview

        return interview(target, choices, session)
    return outcome.DONE


class Choices:
    """What is chosen of a residence before its dossier exists."""

    def __init__(self, layout: Layout) -> None:
        """Find the fields that the options answer."""
        self.layout = layout
        self.fields: dict[str, tuple[str, Column]] = {
            column.choice: (sheet.section, column)
            for sheet in layout.forms()
            for column in sheet.columns
            if column.choice is not None
        }
        self.written: dict[str, Any] = {}
        """Static path → value, for what is a fact of the dossier."""
        self.supposed: dict[str, Any] = {}
        """A partial dossier: what rules are tried on."""
        self.only_early = False

    def word(self, option: str, text: str) -> None:
        """Choose a word of a field. Raises `UsageError`."""
        section, column = self.fields[option]
        chosen = one_of(f"--{option}", text, tuple(column.labels))
        self.written[".".join((section, *column.path))] = chosen
        self.suppose(option, chosen)

    def count(self, option: str, text: str) -> None:
        """Suppose a number, which is not a fact of the dossier. Raises `UsageError`."""
        if not text.isdecimal():
            raise UsageError(say.not_a_count(text), say.NOT_A_COUNT_HINT)
        self.suppose(option, int(text))

    def suppose(self, option: str, chosen: Any) -> None:
        """Try rules with a value."""
        section, column = self.fields[option]
        owner = self.supposed.setdefault(section, {})
        for step in column.path[:-1]:
            owner = owner.setdefault(step, {})
        owner[column.path[-1]] = chosen
        if column.early_words:
            self.only_early = chosen in column.early_words

    def relevance(self, session: Session) -> Relevance:
        """Return what matters for this residence."""
        from rsaudit.authoring.relevance import relevance_of

        return relevance_of(session.rulesets([], with_cases=False), self.supposed)


def _begun(target: Path) -> bool:
    return target.is_dir() and any(target.glob("*.yaml"))


def _refuse_existing(target: Path, shown: str) -> None:
    if target.suffix in {".yaml", ".yml", ".xlsx"}:
        raise UsageError(say_cli.not_a_folder_name(target.name), say.ONE_FILE_HINT)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputUnreadableError(say_cli.exists(shown), say.NEW_EXISTS_HINT)


def _create(target: Path, choices: Choices, session: Session, *, quiet: bool) -> None:
    from rsaudit.authoring import template

    relevance = choices.relevance(session)
    guide = template.Guide(
        relevance=relevance,
        known=choices.written,
        only_early=choices.only_early,
        piece=session.vocabulary.piece,
    )
    texts = template.sections(session.schemas.sections, guide)
    files = {target / f"{section}.yaml": text.encode("utf-8") for section, text in texts.items()}
    for section in session.schemas.sections:
        name = f"{section}.schema.json"
        files[target / template.SCHEMAS / name] = (resources.schemas_folder() / name).read_bytes()
    destinations.write_all(files)
    streams.tell(say.created(target.as_posix(), len(texts)))
    if not quiet:
        streams.tell(say.first_fields(_first(choices, session, relevance)))
        streams.tell(say.next_step(target.as_posix()))


def _first(choices: Choices, session: Session, relevance: Relevance) -> list[tuple[str, str, int]]:
    """Return the fields without which most rules stay undecided, what is already written left out."""
    waited = [
        (path, relevance.weight(path))
        for path in session.vocabulary.paths()
        if path not in choices.written and path.count(".") and relevance.concerns(path)
    ]
    parents = {path.rsplit(".", 1)[0] for path in session.vocabulary.paths()}
    leaves = [(path, weight) for path, weight in waited if weight and path not in parents]
    leaves.sort(key=lambda one: -one[1])
    return [
        (f"{path.split('.', 1)[0]}.yaml", session.vocabulary.field(path).title, weight)
        for path, weight in leaves[:_FIRST]
    ]
