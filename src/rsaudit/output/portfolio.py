"""Several reports in one file, for the formats whose readers expect it; the others are written one file each.

Reports are joined as they come: a joiner keeps what the whole needs (counts, the opening of the file), never a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from rsaudit import __version__
from rsaudit.output import render

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree import ElementTree as Tree

    from rsaudit.model import RenderOptions, Report
    from rsaudit.output.portfolio_index import Entry

_BOM = b"\xef\xbb\xbf"


class Joiner(Protocol):
    """Joins the reports of one format, one after the other."""

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        """Return what one more report adds to the body of the file; `entry` is what a portfolio shows of it."""

    def ends(self) -> tuple[bytes, bytes]:
        """Return what stands before and after the body, once every report is in it."""


def shows_entries(name: str, *, joined: bool) -> bool:
    """Say whether a format shows an `Entry` of each dossier: the lines of a terminal, the index of a folder of pages."""
    return name == ("terminal" if joined else "html")


def part(
    name: str, report: Report, options: RenderOptions, *, entry: Entry | None, joined: bool
) -> str | bytes:
    """Write a report in a format; joined to others in one file, a terminal has one line and JSON no passes."""
    if joined and name == "terminal" and entry is not None:
        from rsaudit.output.portfolio_index import render_line

        return render_line(entry)
    if joined and name == "json":
        from rsaudit.output.json_report import render_without_passes

        return render_without_passes(report, options)
    return render(name, report, options)


def joiner(name: str, count: int) -> Joiner:
    """Return what joins `count` reports of a format; a single one is kept as it is."""
    return JOINERS[name]() if count > 1 else _Texts()


class _Texts:
    """Reports one below the other, an empty line between two."""

    def __init__(self) -> None:
        self._first = True

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        content = part if isinstance(part, bytes) else part.encode("utf-8", "replace")
        if self._first:
            self._first = False
            return content
        return b"\n" + content

    def ends(self) -> tuple[bytes, bytes]:
        return b"", b""


class _Sarif:
    """One log, the runs of each report in it."""

    def __init__(self) -> None:
        self._around: dict[str, Any] | None = None

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        import json

        log = json.loads(part)
        first = self._around is None
        runs = log.pop("runs")
        if self._around is None:
            self._around = {**log, "runs": []}
        return _entries(runs, "    ", first=first)

    def ends(self) -> tuple[bytes, bytes]:
        import json

        text = json.dumps(self._around, ensure_ascii=False, indent=2)
        return text.removesuffix("]\n}").encode(), b"\n  ]\n}\n"


class _Gitlab:
    """One list, the entries of each report in it."""

    def __init__(self) -> None:
        self._empty = True

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        import json

        entries = json.loads(part)
        body = _entries(entries, "  ", first=self._empty)
        self._empty = self._empty and not entries
        return body

    def ends(self) -> tuple[bytes, bytes]:
        return b"[", b"]\n" if self._empty else b"\n]\n"


def _entries(entries: list[Any], margin: str, *, first: bool) -> bytes:
    """Write the entries of a JSON list whose opening is written elsewhere, each on lines of its own."""
    import json

    texts = [
        "\n" + margin + json.dumps(entry, ensure_ascii=False, indent=2).replace("\n", "\n" + margin)
        for entry in entries
    ]
    return (("" if first or not texts else ",") + ",".join(texts)).encode()


class _Junit:
    """One root whose counts add up, the suites of each report in it."""

    def __init__(self) -> None:
        self._root: Tree.Element | None = None

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        from xml.etree import ElementTree as Tree

        root = Tree.fromstring(part)  # noqa: S314 - written by ourselves a moment ago
        if self._root is None:
            self._root = Tree.Element(root.tag, root.attrib)
        else:
            self._count(root)
        Tree.indent(root)
        suites = list(root)
        for suite in suites:
            suite.tail = None
        return "".join("\n  " + Tree.tostring(suite, encoding="unicode") for suite in suites).encode()

    def _count(self, root: Tree.Element) -> None:
        assert self._root is not None  # noqa: S101 - the first report gave it
        for key in ("tests", "failures", "errors", "skipped"):
            if key in self._root.attrib:
                self._root.set(key, str(int(self._root.get(key, "0")) + int(root.get(key, "0"))))

    def ends(self) -> tuple[bytes, bytes]:
        from xml.etree import ElementTree as Tree

        assert self._root is not None  # noqa: S101 - a run has at least one report
        closing = f"</{self._root.tag}>"
        head = Tree.tostring(self._root, encoding="unicode", short_empty_elements=False)
        opening = head.removesuffix(closing)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}'.encode(), f"\n{closing}\n".encode()


class _Csv:
    """The lines of each report under the headings of the first."""

    def __init__(self) -> None:
        self._first = True

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        content = part if isinstance(part, bytes) else part.encode()
        if self._first:
            self._first = False
            return content
        return content.removeprefix(_BOM).split(b"\r\n", 1)[1]

    def ends(self) -> tuple[bytes, bytes]:
        return b"", b""


class _Lines:
    """One line a dossier, then the totals."""

    def __init__(self) -> None:
        from rsaudit.output.portfolio_index import Totals

        self._totals = Totals()

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        assert entry is not None  # noqa: S101 - a terminal has that of each dossier
        self._totals.add(entry)
        content = part if isinstance(part, bytes) else part.encode("utf-8", "replace")
        return content + b"\n"

    def ends(self) -> tuple[bytes, bytes]:
        return b"", self._totals.render().encode("utf-8", "replace") + b"\n"


class _Json:
    """One object that holds the reports, without their passes."""

    def __init__(self) -> None:
        self._first = True

    def add(self, part: str | bytes, entry: Entry | None) -> bytes:
        text = (part.decode() if isinstance(part, bytes) else part).rstrip("\n").replace("\n", "\n    ")
        opening = "\n    " if self._first else ",\n    "
        self._first = False
        return (opening + text).encode()

    def ends(self) -> tuple[bytes, bytes]:
        from rsaudit.output.json_report import PORTFOLIO_VERSION

        head = (
            f'{{\n  "version": "{PORTFOLIO_VERSION}",\n  "outil": "rsaudit {__version__}",\n  "dossiers": ['
        )
        return head.encode(), b"\n  ]\n}\n"


#: How the reports of a format are joined, where its readers expect several.
JOINERS: dict[str, Callable[[], Joiner]] = {
    "terminal": _Lines,
    "json": _Json,
    "github": _Texts,
    "markdown": _Texts,
    "sarif": _Sarif,
    "gitlab": _Gitlab,
    "junit": _Junit,
    "csv": _Csv,
}
