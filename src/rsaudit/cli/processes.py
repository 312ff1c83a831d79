"""Work on many items by several processes, results given in the order of the items. Knows nothing of the work.

The largest of the next items goes first, so that no process is left alone at the end with a large one; only a few
items are ever ahead of the one whose turn it is, so that memory does not grow with their number.
"""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsaudit.cli import outcome
from rsaudit.errors import InputUnreadableError, RsauditError, UnforeseenError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_AHEAD = 32
"""How many items a process may be ahead of the one whose turn it is."""


def available() -> int:
    """Return how many processes this machine can run at once."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    work: Callable[[_Item], _Result], items: Sequence[_Item], sizes: Sequence[int], processes: int
) -> Iterator[_Result]:
    """Yield `work(item)` for each item, in order, computed by `processes` processes.

    An error raised on an item is raised again when its turn comes, whatever was computed after it.
    `work` and the results must be picklable.
    """
    if processes < 2:
        yield from map(work, items)
        return
    team = _Team(work, items, sizes, processes)
    try:
        yield from team.run()
    finally:
        team.stop()


class _Team(Generic[_Item, _Result]):
    """The processes at work, and what each is doing."""

    def __init__(
        self, work: Callable[[_Item], _Result], items: Sequence[_Item], sizes: Sequence[int], processes: int
    ) -> None:
        from multiprocessing import get_context

        # A copy of this very process costs least, where the system gives one that is safe.
        context: Any = get_context("fork" if sys.platform == "linux" else "spawn")
        self.items = items
        self.sizes = sizes
        self.waiting = list(range(len(items)))
        self.done: dict[int, tuple[bool, Any]] = {}
        self.members: dict[Connection, BaseProcess] = {}
        for _ in range(min(processes, len(items))):
            ours, theirs = context.Pipe()
            process = context.Process(target=_member, args=(work, theirs), daemon=True)
            process.start()
            theirs.close()
            self.members[ours] = process

    def run(self) -> Iterator[_Result]:
        turn = 0
        idle = list(self.members)
        while turn < len(self.items):
            while idle and (rank := self._next(turn)) is not None:
                idle.pop().send((rank, self.items[rank]))
            idle += self._receive()
            while turn in self.done:
                succeeded, result = self.done.pop(turn)
                if not succeeded:
                    raise result
                yield result
                turn += 1

    def _next(self, turn: int) -> int | None:
        """Take the largest of the items near enough to the one whose turn it is."""
        limit = turn + _AHEAD * len(self.members)
        near = [rank for rank in self.waiting[:limit] if rank < limit]
        if not near:
            return None
        rank = max(near, key=lambda one: (self.sizes[one], -one))
        self.waiting.remove(rank)
        return rank

    def _receive(self) -> list[Connection]:
        from multiprocessing.connection import wait

        ready: list[Any] = wait(list(self.members))
        for connection in ready:
            try:
                rank, succeeded, result = connection.recv()
            except (EOFError, OSError) as error:
                raise RsauditError(say.WORKER_LOST, say.WORKER_LOST_HINT) from error
            self.done[rank] = (succeeded, result)
        return ready

    def stop(self) -> None:
        """End every process, whatever it is doing."""
        for connection, process in self.members.items():
            connection.close()
            process.terminate()
            process.join()


def _member(work: Callable[[Any], Any], connection: Connection) -> None:
    """Work on what comes until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is told, and ends this one
    while True:
        try:
            rank, item = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[int, bool, Any] = (rank, True, work(item))
        except RsauditError as error:
            answer = (rank, False, error)
        except OSError as error:
            answer = (rank, False, InputUnreadableError(*say.system_failure(error)))
        except Exception as error:  # noqa: BLE001 - told when its turn comes, as in a single process
            answer = (rank, False, UnforeseenError(outcome.unforeseen(error)))
        connection.send(answer)
