"""`rsaudit.toml`: the options a repository gives once for all; those of the command line win.

The file is the one beside the audited dossiers or in the nearest folder above them. Whatever is wrong in it is told
by line, all of it at once, before anything is read.
"""

from __future__ import annotations

import errno
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.loading.dossier import SETTINGS
from rsaudit.loading.ordinary import ordinary_bytes
from rsaudit.messages import settings as say
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LARGEST = 16_384
"""Bytes of a file of settings; a larger one is something else."""
THRESHOLDS = ("majeur", "significatif", "mineur", "remarque", "aucun")
STRICT = ("pieces", "tout", "aucun")
_PLACE = pattern(r"\(at line (\d+), column (\d+)\)")


class Settings(Struct, frozen=True, kw_only=True):
    """What a file of settings says, under the keys it has; `None` where it says nothing."""

    date: str | None = None
    referentiel: tuple[str, ...] | None = None
    """Names, or paths made whole from the folder of the file."""
    regle: tuple[str, ...] | None = None
    seuil: str | None = None
    strict: str | None = None
    exiger_pieces: bool | None = None
    diffusion: bool | None = None
    depuis: str | None = None
    """Path made whole from the folder of the file."""
    file: Path | None = None

    @property
    def shown(self) -> str:
        """The file as it is told: relative to here when it can be, never absolute."""
        if self.file is None:
            return ""
        try:
            return self.file.relative_to(Path.cwd()).as_posix()
        except ValueError:
            return self.file.name


KEYS = tuple(name for name in Settings.__struct_fields__ if name != "file")


def settings_for(paths: Iterable[str]) -> Settings:
    """Return the settings of the dossiers at some paths.

    Raises `InputUnreadableError` listing what is wrong in the file, `UsageError` when the paths have several files.
    """
    files = list(dict.fromkeys(file for path in paths if (file := _nearest(Path(path))) is not None))
    if len(files) > 1:
        raise UsageError(say.several_files([file.as_posix() for file in files]), say.SEVERAL_FILES_HINT)
    return read(files[0]) if files else Settings()


def _nearest(path: Path) -> Path | None:
    start = path.absolute()
    folders = (start, *start.parents) if start.is_dir() else start.parents
    return next((file for folder in folders if (file := folder / SETTINGS).is_file()), None)


def read(file: Path) -> Settings:
    """Read a file of settings. Raises `InputUnreadableError` listing what is wrong in it, each with its line."""
    try:
        text = ordinary_bytes(file, LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        large = isinstance(error, OSError) and error.errno == errno.EFBIG
        told = say.too_large(SETTINGS) if large else say.unreadable(SETTINGS)
        raise InputUnreadableError(told, say.HINT) from error
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputUnreadableError(_syntax(str(error), text), say.SYNTAX_HINT) from error
    except (RecursionError, ValueError) as error:  # brackets without end, or a number of thousands of digits
        raise InputUnreadableError(say.unreadable(SETTINGS), say.HINT) from error
    return _checked(data, text, file)


def _syntax(message: str, text: str) -> str:
    place = _PLACE.search(message)
    line = int(place[1]) if place else text.count("\n") + 1
    column = int(place[2]) if place else None
    return say.syntax(SETTINGS, line, column, twice="overwrite" in message)


def _checked(data: dict[str, Any], text: str, file: Path) -> Settings:
    problems: list[tuple[int, str]] = []
    values: dict[str, Any] = {}
    lines = _lines(text)
    for key, value in data.items():
        line = lines.get(key, 1)
        reader = _READERS.get(key)
        if reader is None:
            problems.append((line, say.unknown_key(key, KEYS)))
            continue
        try:
            values[key] = reader(value, file.parent)
        except ValueError as error:
            problems.append((line, say.bad_value(key, str(error))))
    if problems:
        told = [say.at_line(SETTINGS, line, problem) for line, problem in sorted(problems)]
        raise InputUnreadableError("\n".join(told), say.HINT)
    return Settings(**values, file=file)


def _lines(text: str) -> dict[str, int]:
    """Return the line where each key starts: the first of the lines after which the text, so far, holds it."""
    import tomllib

    lines = text.splitlines(keepends=True)
    found: dict[str, int] = {}
    whole = 0
    for count in range(1, len(lines) + 1):
        try:
            known = tomllib.loads("".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        fresh = [key for key in known if key not in found]
        start = next(
            (n for n in range(whole, count) if lines[n].strip() and not lines[n].lstrip().startswith("#")),
            whole,
        )
        found.update(dict.fromkeys(fresh, start + 1))
        whole = count
    return found


# ---- values ----


def _date(value: Any, _: Path) -> str:
    text = value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value
    if not isinstance(text, str) or len(text) != len("AAAA-MM-JJ"):
        raise ValueError(say.A_DATE)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(say.A_DATE) from None
    return text


def _words(value: Any, _: Path) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not items or not all(isinstance(one, str) and one for one in items):
        raise ValueError(say.SOME_WORDS)
    return tuple(items)


def _rulesets(value: Any, folder: Path) -> tuple[str, ...]:
    return tuple(_path(word, folder) if _is_folder(folder, word) else word for word in _words(value, folder))


def _is_folder(folder: Path, word: str) -> bool:
    try:
        return (folder / word).is_dir()
    except OSError:  # a name too long to be one
        return False


def _path(value: Any, folder: Path) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(say.A_PATH)
    whole = folder / value
    try:
        return whole.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return whole.as_posix()


def _boolean(value: Any, _: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError(say.TRUE_OR_FALSE)
    return value


def _among(words: tuple[str, ...]) -> Callable[[Any, Path], str]:
    def read_word(value: Any, _: Path) -> str:
        if value not in words:
            raise ValueError(say.one_of(value, words))
        return str(value)

    return read_word


_READERS: dict[str, Callable[[Any, Path], Any]] = {
    "date": _date,
    "referentiel": _rulesets,
    "regle": _words,
    "seuil": _among(THRESHOLDS),
    "strict": _among(STRICT),
    "exiger_pieces": _boolean,
    "diffusion": _boolean,
    "depuis": _path,
}
