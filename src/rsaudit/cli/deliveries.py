"""Reports delivered as they come: to standard output, to one file a dossier, or joined in one file.

A file is written beside its place and moved there once it is whole; when the run stops, nothing is left of it.
"""

from __future__ import annotations

import contextlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from rsaudit.cli import destinations, streams
from rsaudit.messages import cli as say
from rsaudit.output.portfolio import joiner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rsaudit.cli.destinations import Destination
    from rsaudit.cli.judging import Judged
    from rsaudit.output.portfolio_index import Entry, Index

_BLOCK = 1 << 20
#: Formats whose reports are read one after the other: they reach standard output as they come.
_RUNNING = {"terminal", "github", "markdown"}


class _Delivery:
    """One destination of the reports of a run."""

    def __init__(self, destination: Destination, count: int) -> None:
        self.destination = destination
        self.count = count
        self.joiner = joiner(destination.format, 1 if destination.folder else count)
        self.body: IO[bytes] | None = None
        self.files: set[str] = set()
        """The files of the dossiers before, in a folder of reports."""
        self.index: Index | None = None
        if destination.folder and destination.format == "html" and count > 1:
            from rsaudit.output.portfolio_index import Index

            self.index = Index()

    @property
    def _running(self) -> bool:
        return self.destination.path is None and (self.count == 1 or self.destination.format in _RUNNING)

    def add(self, path: str, part: str | bytes, entry: Entry | None) -> None:
        """Take the report of one more dossier."""
        if self.destination.folder:
            file = destinations.inside(self.destination, path, self.files)
            self.files.add(file.name)
            if self.index is not None and entry is not None:
                self.index.add(entry, file.name)
            _write(file, part)
        elif self.count == 1 and self.destination.path is not None:
            _write(self.destination.path, part)
        elif self._running:
            streams.write_report(self.joiner.add(part, entry))
        else:
            self._kept().write(self.joiner.add(part, entry))

    def _kept(self) -> IO[bytes]:
        """Return the file that holds the body until the whole can be written."""
        if self.body is None:
            from tempfile import TemporaryFile

            self.body = TemporaryFile()  # noqa: SIM115 - closed with the run
        return self.body

    def finish(self, *, public: bool) -> None:
        """Write the whole, once every report is there: the end of a file, or the index of a folder."""
        if self.index is not None:
            _write(destinations.index_of(self.destination), self.index.render(public=public))
        if self._running and not self.destination.folder:
            streams.write_report(self.joiner.ends()[1])
        if self.body is None:
            return
        if self.destination.path is None:
            for block in self._whole():
                streams.write_report(block)
            return
        destinations.write_blocks(self.destination.path, self._whole())
        streams.tell(say.written(self.destination.path.as_posix()))

    def _whole(self) -> Iterator[bytes]:
        assert self.body is not None  # noqa: S101 - there was something to finish
        head, tail = self.joiner.ends()
        yield head
        self.body.seek(0)
        while block := self.body.read(_BLOCK):
            yield block
        yield tail

    def close(self) -> None:
        """Let go of what is kept."""
        if self.body is not None:
            self.body.close()


class Writer:
    """The destinations of a run."""

    def __init__(self, wanted: Sequence[Destination], count: int) -> None:
        """Open `wanted` for the reports of `count` dossiers."""
        self.deliveries = [_Delivery(destination, count) for destination in wanted]

    def deliver(self, judged: Judged) -> None:
        """Give each destination its report of a dossier, dossiers in their order."""
        for delivery, part in zip(self.deliveries, judged.parts, strict=True):
            delivery.add(judged.path, part, judged.entry)


@contextmanager
def opened(wanted: Sequence[Destination], count: int, *, public: bool = False) -> Iterator[Writer]:
    """Deliver the reports of a run; what is written whole is written when the run ends well."""
    writer = Writer(wanted, count)
    with contextlib.ExitStack() as stack:
        for delivery in writer.deliveries:
            stack.callback(delivery.close)
        yield writer
        for delivery in writer.deliveries:
            delivery.finish(public=public)


def _write(path: Path, content: str | bytes) -> None:
    destinations.write(path, content)
    streams.tell(say.written(path.as_posix()))
