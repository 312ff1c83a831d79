"""Standard streams: UTF-8 whatever the console, the report alone on one, everything else on the other."""

from __future__ import annotations

import contextlib
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TypeVar

from rsaudit.messages import cli as say
from rsaudit.messages.output import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Item = TypeVar("_Item")
_MANY = 8
"""Below this many dossiers, a run is over before a bar is read."""


def use_utf8() -> None:
    """Write UTF-8 on both streams; a sign the console cannot show is replaced, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def tell(text: str) -> None:
    """Write a notice on standard error; its lines are ours, whatever else it quotes is made harmless."""
    text = "\n".join(map(inert, text.split("\n")))
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(text.rstrip("\n") + "\n")
        sys.stderr.flush()


def write_report(content: str | bytes) -> None:
    """Write a report on standard output; a reader that closes the pipe changes nothing."""
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _close_quietly()
    except OSError:  # a full disk behind a redirection: told once, and not again when the process ends
        _close_quietly()
        raise


def _close_quietly() -> None:
    """Point standard output nowhere, so that nothing complains when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def progress(items: Iterable[_Item], count: int) -> Iterator[_Item]:
    """Yield the items, with a bar on standard error when there are many and someone looks at it."""
    if count < _MANY or not sys.stderr.isatty():
        yield from items
        return
    import click

    with click.progressbar(items, length=count, label=say.PROGRESS, file=sys.stderr, width=30) as bar:
        yield from bar


def colour_wanted() -> bool:
    """Say whether standard output is a terminal that shows colours (`NO_COLOR` and `TERM=dumb` refuse)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """Return the width to wrap at, or `None` when standard output is not a terminal."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return max(40, shutil.get_terminal_size((80, 24)).columns)
