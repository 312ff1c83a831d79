"""Where reports go: `-o [FORMAT:]chemin`, several in one run; written whole or not at all."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from rsaudit.cli import streams
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say
from rsaudit.messages.loading import cause
from rsaudit.output import FORMATS, recognise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ENDINGS = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".txt": "terminal",
    ".ics": "ics",
}
EXTENSIONS = {name: ending for ending, name in ENDINGS.items() if ending != ".htm"} | {
    "github": ".txt",
    "gitlab": ".json",
}
STANDARD_OUTPUT = "-"
INDEX = "index.html"


class Destination(Struct, frozen=True, kw_only=True):
    """One output: its format and its path (`None` is standard output)."""

    format: str
    path: Path | None
    folder: bool = False
    """One file a dossier, in the folder at `path`."""


def inside(destination: Destination, dossier: str, taken: Collection[str]) -> Path:
    """Return the file of one dossier in a folder of reports: none of those taken by the other dossiers.

    Raises `InputUnreadableError` as for any output.
    """
    assert destination.path is not None  # noqa: S101 - a folder has a path
    ending = EXTENSIONS[destination.format]
    stem = (
        dossier.strip("./").removesuffix(".yaml").removesuffix(".yml").removesuffix(".xlsx").replace("/", "-")
        or "dossier"
    )
    names = (f"{stem}-{rank}{ending}" if rank > 1 else f"{stem}{ending}" for rank in itertools.count(1))
    name = next(name for name in names if name not in taken and name != INDEX)
    path = destination.path / name
    _check(path, destination.format)
    return path


def index_of(destination: Destination) -> Path:
    """Return the file of the index of a folder of reports. Raises `InputUnreadableError` as for any output."""
    assert destination.path is not None  # noqa: S101 - a folder has a path
    path = destination.path / INDEX
    _check(path, destination.format)
    return path


def parse(
    outputs: list[str], default_format: str | None, formats: Collection[str] = tuple(FORMATS)
) -> list[Destination]:
    """Read the `-o` options, each in one of `formats`; without any, the default format on standard output.

    Raises `UsageError` for an unknown format, or two reports for standard output.
    """
    if default_format is not None:
        _known(default_format, formats)
    if not outputs:
        return [Destination(format=default_format or "terminal", path=None)]
    destinations = [_one(text, default_format, formats) for text in outputs]
    if sum(destination.path is None for destination in destinations) > 1:
        raise UsageError(say.TWO_STANDARD_OUTPUTS, say.OUTPUT_HINT)
    return destinations


def parse_document(
    outputs: list[str], default_format: str | None, formats: Collection[str]
) -> list[Destination]:
    """Read the `-o` options of a command that writes one document, whatever the number of dossiers.

    Raises `UsageError` as `parse`, and for a folder.
    """
    destinations = parse(outputs, default_format, formats)
    for destination in destinations:
        if destination.folder:
            raise UsageError(say.document_is_a_file(str(destination.path)), say.OUTPUT_HINT)
    return destinations


def _one(text: str, default_format: str | None, formats: Collection[str]) -> Destination:
    prefix, separator, rest = text.partition(":")
    if separator and prefix in {*FORMATS, *formats}:
        _known(prefix, formats)
        chosen, path = prefix, rest
    else:
        path = text
        chosen = ENDINGS.get(Path(text).suffix.lower()) or default_format or ""
        if chosen and chosen not in formats:
            raise UsageError(say.unknown_ending(text, list(formats)), say.OUTPUT_HINT)
    if path == STANDARD_OUTPUT:
        return Destination(format=chosen or "terminal", path=None)
    if not path:
        raise UsageError(say.empty_output(text), say.OUTPUT_HINT)
    if not chosen and (path.endswith(("/", "\\")) or Path(path).is_dir()):
        raise UsageError(say.folder_without_format(text), say.FOLDER_HINT)
    if not chosen:
        hint = say.PDF_HINT if path.lower().endswith(".pdf") and "html" in formats else say.OUTPUT_HINT
        raise UsageError(say.unknown_ending(text, list(formats)), hint)
    named = bool(separator) and prefix in {*FORMATS, *formats}
    is_folder = path.endswith(("/", "\\")) or (named and Path(path).is_dir())
    return Destination(format=chosen, path=Path(path), folder=is_folder)


def _known(name: str, formats: Collection[str]) -> None:
    if name not in formats:
        raise UsageError(say.bad_word("--format", name, tuple(formats)), say.BAD_WORD_HINT)


def check_writable(destinations: list[Destination]) -> None:
    """Refuse, before any work, what could not be written or would replace a file that is not ours."""
    for destination in destinations:
        if destination.folder:
            assert destination.path is not None  # noqa: S101 - a folder has a path
            if not destination.path.is_dir():
                raise InputUnreadableError(
                    say.no_output_folder(destination.path.as_posix()), say.NO_OUTPUT_FOLDER_HINT
                )
        elif destination.path is not None:
            _check(destination.path, destination.format)


def check_portfolio(destinations: list[Destination], count: int) -> None:
    """Refuse, before any work, a file that would have to hold several dossiers and cannot. Raises `UsageError`."""
    from rsaudit.output.portfolio import JOINERS

    for destination in destinations:
        if destination.folder and destination.format == "html":
            index_of(destination)
        if not destination.folder and destination.format not in JOINERS:
            raise UsageError(say.one_dossier_a_file(destination.format, count), say.FOLDER_HINT)


def _check(path: Path, name: str) -> None:
    if path.is_dir():
        raise InputUnreadableError(say.output_is_folder(path.name), say.OUTPUT_HINT)
    if not path.parent.is_dir():
        raise InputUnreadableError(say.no_output_folder(str(path.parent)), say.NO_OUTPUT_FOLDER_HINT)
    if path.exists() and not recognise(path, name):
        raise InputUnreadableError(say.not_ours(path.name), say.NOT_OURS_HINT)
    if not os.access(path.parent, os.W_OK):
        raise InputUnreadableError(say.not_writable(str(path.parent)), say.NOT_WRITABLE_HINT)


def write(path: Path, content: str | bytes) -> None:
    """Write a report whole or not at all. Raises `InputUnreadableError`."""
    write_blocks(path, (content.encode("utf-8") if isinstance(content, str) else content,))


def write_blocks(path: Path, blocks: Iterable[bytes]) -> None:
    """Write a report whole or not at all, block by block: beside its place, then moved there.

    Raises `InputUnreadableError`; whatever stood there before is then untouched.
    """
    import tempfile

    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".rsaudit-", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(blocks)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_mode(path))
        os.replace(temporary, path)  # noqa: PTH105 - the atomic move of the system
    except OSError as error:
        raise InputUnreadableError(
            say.cannot_write(path.name, cause(error)), say.NOT_WRITABLE_HINT
        ) from error
    finally:  # an interruption leaves nothing either; a file moved to its place is no longer there to remove
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files, all or none: every one is whole beside its place before the first is moved.

    Raises `InputUnreadableError`; nothing is then changed unless the system fails between two moves.
    """
    import tempfile

    waiting: list[tuple[str, Path]] = []
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".rsaudit-", suffix=".tmp", dir=path.parent)
            waiting.append((temporary, path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(_mode(path))
        for temporary, path in waiting:
            os.replace(temporary, path)  # noqa: PTH105 - the atomic move of the system
    except OSError as error:
        raise InputUnreadableError(
            say.cannot_write(path.name, cause(error)), say.NOT_WRITABLE_HINT
        ) from error
    finally:
        for temporary, _ in waiting:
            Path(temporary).unlink(missing_ok=True)


def deliver(destination: Destination, content: str | bytes) -> None:
    """Write a report where it goes, and say where; standard output carries it alone."""
    if destination.path is None:
        streams.write_report(content)
    else:
        write(destination.path, content)
        streams.tell(say.written(destination.path.as_posix()))


def _mode(path: Path) -> int:
    """Keep the rights of the file replaced; a new one gets those of the process."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
