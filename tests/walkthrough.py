"""A documentation page followed step by step, in a folder: its commands run, its workbook filled, its answers typed.

The pictures of the page are taken of the same steps (`docs/images/refaire.py`), so that they cannot differ from it.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PARTS = re.compile(
    r"<!-- (?P<note>[^>]*) -->\n|```(?P<kind>\w+)\n(?P<body>.*?)```|(?P<table>(?:^\|[^\n]*\n)+)",
    re.DOTALL | re.MULTILINE,
)
_SHEETS = ["Feuille", "Ligne", "Donnée", "À écrire"]
_ANSWERS = ["rsaudit demande", "Réponse"]
_DAY = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}\Z")
_DEADLINE = 120
"""Seconds given to one command, on a busy machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Commands of one block, the code the last one gives, what is typed at the terminal, what it shows."""

    lines: tuple[str, ...]
    code: int
    answers: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What is typed in a workbook: sheet, row, heading, text."""

    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is typed in a file: added at its end, or the whole of it."""

    file: str
    body: str
    is_added: bool


Step = Commands | Cells | Text


def steps(page: str) -> list[Step]:
    """Read the steps of a page, in order."""
    parts = list(_parts(page))
    found: list[Step] = []
    code, place = 0, ""
    for rank, (kind, body) in enumerate(parts):
        if kind == "note":
            code = int(body.removeprefix("code ")) if body.startswith("code ") else 0
            place = "" if body.startswith("code ") else body
        elif kind == "console":
            shown, answers = _after(parts[rank + 1 :])
            lines = tuple(line.partition("  #")[0].strip() for line in body.splitlines() if line.strip())
            found.append(Commands(lines=lines, code=code, answers=answers, shown=shown))
            code = 0
        elif kind == "yaml" and place:
            added = place.startswith("à la fin de ")
            file = place.removeprefix("à la fin de ").removeprefix("fichier ")
            found.append(Text(file=file, body=body, is_added=added))
            place = ""
        elif kind == "table" and _header(body) == _SHEETS:
            found.append(Cells(rows=tuple(_rows(body))))
    return found


def _parts(page: str) -> Iterator[tuple[str, str]]:
    for match in _PARTS.finditer(page):
        if match["note"] is not None:
            yield "note", match["note"].strip()
        elif match["table"] is not None:
            yield "table", match["table"]
        else:
            yield match["kind"], match["body"]


def _after(parts: list[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines shown after a block of commands and the answers given to it, up to the next step."""
    shown: list[str] = []
    answers: list[str] = []
    for kind, body in parts:
        if kind == "text":
            shown += [line for line in body.splitlines() if line.strip() and line.strip() != "…"]
        elif kind == "table" and _header(body) == _ANSWERS:
            answers += [row[1].strip("`") for row in _rows(body)]
        elif kind in {"console", "yaml", "note"}:
            break
    return tuple(shown), tuple(answers)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _header(table: str) -> list[str]:
    return _cells(table.splitlines()[0])


def _rows(table: str) -> list[Any]:
    return [tuple(_cells(line)) for line in table.splitlines()[2:]]


def seen(expected: str, shown: str) -> bool:
    """Say whether a line of the page is in what was shown, spaces alike; « … » stands for what the page cuts."""
    parts = (re.escape(_flat(part)) for part in expected.strip().split("…"))
    return re.search(".{0,400}?".join(parts), _flat(shown)) is not None


def _flat(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


# -- doing them ------------------------------------------------------------------------------------------


def run(line: str, folder: Path, answers: tuple[str, ...] = (), *, colour: bool = False) -> tuple[int, str]:
    """Run « rsaudit … » as a person would, and return its code and all that is shown."""
    name, *arguments = shlex.split(line)
    assert name == "rsaudit", line
    command = [sys.executable, "-m", "rsaudit", *arguments]
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm-256color", "PYTHONUTF8": "1"}
    environment.pop("NO_COLOR", None)
    if answers or colour:  # both need a terminal
        return _talk(command, folder, environment, answers)
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_DEADLINE,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def _talk(
    command: list[str], folder: Path, environment: dict[str, str], answers: tuple[str, ...]
) -> tuple[int, str]:
    """Run a command at a terminal; each answer is typed when its question is asked, and shown after it."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave, close_fds=True
    ) as process:
        os.close(slave)
        shown, waiting, end = b"", list(answers), time.monotonic() + _DEADLINE
        while time.monotonic() < end:
            ready, _, _ = select.select([master], [], [], 0.2)
            try:
                told = os.read(master, 65536) if ready else b""
            except OSError:  # the program has closed its side
                break
            if ready and not told:
                break
            shown += told
            if waiting and shown.endswith(b" > "):
                os.write(master, f"{waiting.pop(0)}\n".encode())
        code = process.wait(timeout=_DEADLINE)
    os.close(master)
    return code, shown.decode().replace("\r\n", "\n")


def write(step: Text, folder: Path) -> None:
    """Type what a page says in a file."""
    path = folder / step.file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if step.is_added else ""
    path.write_text(f"{before}{step.body}", encoding="utf-8")


def fill(step: Cells, workbook: Path) -> None:
    """Type what a page says in the cells of a workbook, found by their headings as a person does."""
    book = load_workbook(workbook)
    for sheet, row, heading, text in step.rows:
        page = book[sheet]
        for cell in _places(page, row, heading):
            cell.value = datetime.strptime(text, "%d/%m/%Y") if _DAY.match(text) else _number(text)
    book.save(workbook)


def _number(text: str) -> Any:
    return float(text.replace(",", ".")) if re.fullmatch(r"[0-9]+(,[0-9]+)?", text) else text


def _places(page: Any, row: str, heading: str) -> list[Any]:
    """Return the cells of a datum: beside its name on a sheet of facts, below its heading in a table."""
    (found,) = (
        cell
        for line in page.iter_rows()
        for cell in line
        if cell.value == heading and _is_heading(page, cell)
    )
    if not row:
        return [page.cell(found.row, 2 if found.column == 1 else 6)]
    lines = range(found.row + 1, page.max_row + 1)
    if row == "toutes":
        return [page.cell(line, found.column) for line in lines if page.cell(line, 1).value]
    if row == "1re":
        return [page.cell(found.row + 1, found.column)]
    return [page.cell(line, found.column) for line in lines if page.cell(line, 1).value == row]


def _is_heading(page: Any, cell: Any) -> bool:
    """Tell a fact that stands alone from one of the same name in a group of the sheet."""
    facts = any(page.cell(4, column).value == "Valeur" for column in range(1, page.max_column + 1))
    return not facts or cell.column == 3
