"""What every command needs: schemas, référentiels, the day; read once, on demand."""

from __future__ import annotations

import os
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rsaudit import resources
from rsaudit.errors import UsageError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from rsaudit.conditions import Catalogue
    from rsaudit.lexicon import Lexicon
    from rsaudit.ruleset import CompiledRuleset
    from rsaudit.validation import Schemas
    from rsaudit.vocabulary import Vocabulary


class Session:
    """The shipped schemas and référentiels, and those the user names."""

    @cached_property
    def schemas(self) -> Schemas:
        """The section schemas."""
        from rsaudit.validation import load_schemas

        return load_schemas(resources.schemas_folder())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The French names of the dossier's fields."""
        from rsaudit.vocabulary import Vocabulary

        return Vocabulary(self.schemas.sections)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The types of the dossier's fields."""
        from rsaudit.conditions import Catalogue

        return Catalogue.from_schemas(self.schemas.sections)

    def ruleset(self, folder: Path, *, with_cases: bool = True) -> CompiledRuleset:
        """Read, check and compile one référentiel; without its cases it may come from the cache."""
        if with_cases:
            return self._compiled(folder)
        from rsaudit.ruleset import cached

        return cached(folder, self.schemas.digest, self._compiled)

    def _compiled(self, folder: Path) -> CompiledRuleset:
        from rsaudit.ruleset import compile_ruleset, load_ruleset

        return compile_ruleset(load_ruleset(folder), self.catalogue)

    def rulesets(self, names: list[str], *, with_cases: bool = True) -> list[CompiledRuleset]:
        """Return the référentiels named, or every shipped one."""
        folders = [self.folder(name) for name in names] if names else self.shipped()
        return [self.ruleset(folder, with_cases=with_cases) for folder in folders]

    def lexicon(self, folder: Path) -> Lexicon | None:
        """Return the lexicon of a référentiel, laid over that of the parent it extends."""
        from rsaudit.lexicon import Lexicon, load_lexicon

        ruleset = self.ruleset(folder, with_cases=False).ruleset
        own = load_lexicon(folder, self.schemas, [entry.id for entry in ruleset.requirements])
        above = self.lexicon(resources.parent_folder(folder, ruleset.parent)) if ruleset.parent else None
        if own is None or above is None:
            return own or above
        entries = {entry.id: entry for entry in (*above.entries, *own.entries)}
        return Lexicon(ruleset=own.ruleset, entries=tuple(entries.values()))

    @staticmethod
    def shipped() -> list[Path]:
        """Return the folders of the shipped référentiels."""
        return [
            path
            for path in sorted(resources.rulesets_folder().iterdir())
            if (path / "referentiel.yaml").is_file()
        ]

    def folder(self, name: str) -> Path:
        """Return the folder of a référentiel given by its id or its path."""
        shipped = {path.name: path for path in self.shipped()}
        if name in shipped:
            return shipped[name]
        path = Path(name)
        if os.path.isdir(name):  # noqa: PTH112 - it says no of a name too long
            return path.resolve()
        raise UsageError(say.unknown_ruleset(name, list(shipped)), say.UNKNOWN_RULESET_HINT)


def audit_day(text: str | None) -> date:
    """Read `--date`; without it, today on this machine."""
    if text is None:
        return date.today()
    try:
        if len(text) != len("AAAA-MM-JJ"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(say.bad_date(text), say.bad_date_hint(_french_day(text))) from error


def _french_day(text: str) -> date | None:
    """Return the day that « 30/09/2026 » means; `None` when it is not certain that it is one."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None


def one_of(option: str, value: str, known: tuple[str, ...]) -> str:
    """Check the word of an option."""
    if value not in known:
        raise UsageError(say.bad_word(option, value, known), say.BAD_WORD_HINT)
    return value
