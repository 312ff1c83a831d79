"""The command line: read options, call, render, exit code. No decision of substance is taken here.

Nothing heavy is imported before a command needs it: each command lives in its own module of `commands`.
"""

from __future__ import annotations

import gc
import sys

#: A run makes far more lasting objects than cycles: looking for cycles this often would cost a tenth of its time.
_ALLOCATIONS_BEFORE_COLLECTION = 1_000_000


def main() -> None:
    """Run the program and end the process with its exit code."""
    from rsaudit.cli import later

    gc.set_threshold(_ALLOCATIONS_BEFORE_COLLECTION)
    later.put_off()
    code = run(sys.argv[1:])
    gc.freeze()  # the system takes all back at once: looking for cycles first would cost a fifth of a small audit
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every failure is a French sentence on standard error."""
    from rsaudit.cli import completion, french, outcome, streams

    streams.use_utf8()
    french.install()
    if completion.asked():
        completion.install()
    return outcome.guarded(arguments)
