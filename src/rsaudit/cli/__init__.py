"""The command line: read options, call, render, exit code. No decision of substance is taken here.

Nothing heavy is imported before a command needs it: each command lives in its own module of `commands`.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import NoReturn

#: A run makes far more lasting objects than cycles: looking for cycles this often would cost a tenth of its time.
_ALLOCATIONS_BEFORE_COLLECTION = 1_000_000


def main() -> NoReturn:
    """Run the program and end the process with its exit code."""
    from rsaudit.cli import later

    gc.set_threshold(_ALLOCATIONS_BEFORE_COLLECTION)
    later.put_off()
    _end(run(sys.argv[1:]))


def _end(code: int) -> NoReturn:
    """End the process once all is written; the system takes its memory back at once, which Python would do piece by piece."""
    atexit._run_exitfuncs()  # as Python does first when it ends
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # no such stream, or one that refuses: Python tells it
        sys.exit(code)
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every failure is a French sentence on standard error."""
    from rsaudit.cli import completion, french, outcome, streams

    streams.use_utf8()
    french.install()
    if completion.asked():
        completion.install()
    return outcome.guarded(arguments)
