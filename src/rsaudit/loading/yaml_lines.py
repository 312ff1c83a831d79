"""The YAML that dossiers are written in, read line by line: three times sooner than by parser events.

A file is read here when it is made of blank lines, comments, `key: value`, `- value` and `- key: value`, the value
being a scalar on its line, a collection (`[…]`, `{…}`, on as many lines as it takes) or a text below its key (`>-`,
`|`). At anything else (an anchor, a tag, an escape, a tab, a key twice, a mistake of any kind) nothing is concluded:
`yaml_events` reads the file from its beginning, and alone says what is wrong. What is read here is what it would have
read, values and offsets.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from rsaudit.loading.yaml_scalars import WORDS, resolve_plain
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_OPEN = 24
"""Collections open at once by their indentation, and as many again between brackets: `yaml_events` admits more."""
MOST_REMEMBERED = 4096
"""Lines kept from a file to the next: the dossiers of a portfolio share most of theirs."""
_SHORT = 160
"""Characters of a line that may be kept: a longer one, met once in most files, would only fill the memory."""

_KEY = r"[A-Za-z_][A-Za-z0-9_]{0,99}"
_QUOTED = r"\"[^\"\\\r\n]*\"|'[^'\r\n]*'"
#: How a scalar without quotes begins: by no sign that may mean something to YAML.
_PLAIN_START = r"(?:-(?=[0-9])|[^\-?:,.\[\]{}#&*!|>'\"%@` \r\n])"
_PLAIN = rf"{_PLAIN_START}[^:#\r\n]*(?::[^:# \r\n][^:#\r\n]*)*"
_COLLECTION = r"[\[{][^#]*[\]}]"
#: What is read once is not read otherwise (`++`, `?>`): many spaces before what is no line would take hours.
_LINE = pattern(
    rf"(- ++)?(?:({_KEY})(: ++|:(?=\r?\Z)))?((?>{_QUOTED}|{_COLLECTION}|{_PLAIN}))?"
    r" *+(?:(?<![^ ])#[^\r\n]*)?\r?\Z"
)
_TEXT = pattern(rf"(- +)?({_KEY})(: +)([>|])(-?) *\r?\n( +)(.*)\Z", re.DOTALL)
_KEY_WITHIN = pattern(rf"({_KEY}): +")
_SCALAR_WITHIN = pattern(rf"{_QUOTED}|{_PLAIN_START}[^:#?,\[\]{{}}\r\n]*")
_BETWEEN = frozenset(" \r\n")
#: How a line that others continue ends (`\r` is looked behind), and what such a line is.
_MAY_CONTINUE = frozenset(",[{>|-\r")
_CONTINUED = (",", "[", "{", ">", "|", ">-", "|-")
_IS_CONTINUED = pattern(rf" *(?:- +)?(?:{_KEY}: +)?(?:([\[{{])|[>|]-?\Z)")
#: What a value may hold though it does not print: line ends, and the spaces of French typography.
_ALSO_READ = str.maketrans("", "", "\r\n\xa0\u202f")


class _Within(Struct, frozen=True):
    """A collection between brackets or braces: its entries with their offsets from where it begins."""

    keys: list[tuple[str, int]] | None
    """`None` for a list."""
    values: list[tuple[int, Any]]

    def made(self, begin: int, marks: dict[int, list[int]]) -> Any:
        """Return it anew, as it is written at an offset of the text."""
        offsets: list[int] = []
        made: Any = [] if self.keys is None else {}
        marks[id(made)] = offsets
        for rank, (at, value) in enumerate(self.values):
            if value.__class__ is _Within:
                value = value.made(begin + at, marks)
            if self.keys is None:
                made.append(value)
            else:
                key, key_at = self.keys[rank]
                made[key] = value
                offsets.append(begin + key_at)
            offsets.append(begin + at)
        return made


class _Below(Struct, frozen=True):
    """A text written below its key, deeper than it."""

    indent: int
    text: str


_Line: TypeAlias = tuple[int, str | None, int, Any, bool] | tuple[()]
"""A line, with those that its value takes besides, without its indentation: width of the dash and of the spaces after
it (0 without one), key, where the value begins, value, and whether there is more to do than to keep it: `None`, the key
standing alone, may be replaced by what follows, deeper; `_Within` is made anew each time; `_Below` has a depth. Nothing
for a line that says nothing."""


class _DoubtError(Exception):
    """More is written there than is read here: the file is for `yaml_events`."""


def read_lines(text: str, marks: dict[int, list[int]]) -> dict[str, Any] | None:
    """Return the mapping a text writes, the offsets of its keys, values and items in `marks`; `None` in doubt."""
    try:
        return _read(text, marks)
    except _DoubtError:
        marks.clear()  # of containers that are no more
        return None


def _read(text: str, marks: dict[int, list[int]]) -> dict[str, Any]:  # noqa: C901 - the hot loop: one frame
    """Lay each line where its indentation puts it. Written for speed: no call for a line already met."""
    met: dict[str, _Line] = {"": ()}
    root: dict[str, Any] = {}
    top: Any = root
    column = 0
    awaited = 0
    """Where the next key of `top` would be; -1 in a list, which has none."""
    offsets = marks[id(root)] = []
    add = offsets.append
    opened: Any
    outer: list[tuple[int, int, Any, Callable[[int], None]]] = []
    last: str | None = None
    """The last key of `top`, while its value may still come."""
    start = 0
    lines = text.split("\n")
    following = 0
    for rank, written in enumerate(lines):
        if rank < following:
            continue
        body = written.lstrip(" ")
        line = met.get(body)
        if line is None:
            if written[-1:] in _MAY_CONTINUE:
                following = _end(lines, rank)
                written = "\n".join(lines[rank:following])
                body = written.lstrip(" ")
            line = met[body] = (_remembered if len(body) < _SHORT else _line)(body)
        width = len(written)
        if not line:
            start += width + 1
            continue
        dash, key, at, value, more = line
        indent = width - len(body)
        begin = start + indent
        start += width + 1
        if dash or indent != awaited:
            while indent < column:
                if not outer:
                    raise _DoubtError
                column, awaited, top, add = outer.pop()
                last = None
            if indent > column or (dash and awaited >= 0):
                if last is None or len(outer) > MAX_OPEN:
                    raise _DoubtError
                outer.append((column, awaited, top, add))
                marks[id(top)][-1] = begin
                top[last] = opened = [] if dash else {}
                top, column, awaited = opened, indent, -1 if dash else indent
                offsets = marks[id(top)] = []
                add = offsets.append
            elif not dash and awaited < 0:  # a list written in the column of its key ends
                column, awaited, top, add = outer.pop()
                if indent != awaited:
                    raise _DoubtError
            if dash:
                last = None
                add(begin + dash)
                if key is None:
                    top.append(value.made(begin + at, marks) if more else value)
                    continue
                opened = {}
                top.append(opened)
                outer.append((column, awaited, top, add))
                top, column = opened, indent + dash
                awaited = column
                offsets = marks[id(top)] = []
                add = offsets.append
        if key is None or key in top:
            raise _DoubtError
        add(begin + dash)
        add(begin + at)
        last = None
        if more:
            if value is None:
                last = key
            elif value.__class__ is _Within:
                value = value.made(begin + at, marks)
            elif value.indent > column:
                value = value.text
            else:
                raise _DoubtError
        top[key] = value
    if not root:
        raise _DoubtError
    return root


def _end(lines: list[str], at: int) -> int:
    """Return the rank of the line after those of the value that begins there: the next, most often."""
    line = lines[at].removesuffix("\r")
    continued = _IS_CONTINUED.match(line) if line.endswith(_CONTINUED) else None
    if continued is None:
        return at + 1
    return _end_of_collection(lines, at) if continued.group(1) else _end_of_text(lines, at)


def _end_of_collection(lines: list[str], at: int) -> int:
    """Return the rank of the line after those of a collection: once as many signs close as open."""
    opened = 0
    while at < len(lines):
        line = lines[at]
        opened += line.count("[") + line.count("{") - line.count("]") - line.count("}")
        at += 1
        if opened <= 0:
            return at
    raise _DoubtError


def _end_of_text(lines: list[str], at: int) -> int:
    """Return the rank of the line after those of a text; one that has a blank line is for `yaml_events`."""
    first = lines[at + 1] if at + 1 < len(lines) else ""
    margin = first[: len(first) - len(first.lstrip(" "))]
    end = at + 1
    while end < len(lines) and lines[end].startswith(margin) and lines[end].strip(" \r"):
        end += 1
    after = (lines[rank] for rank in range(end, len(lines)))
    following = next((line for line in after if line.startswith(margin) or line.strip(" \r")), "")
    goes_on = following.startswith(margin)
    if not margin or goes_on or end == len(lines):  # nothing is below, or its last line has no end
        raise _DoubtError
    return end


def _line(body: str) -> _Line:
    """Understand a line without its indentation; raise `_DoubtError` when it is more than what is read here."""
    if not (body.isprintable() or body.translate(_ALSO_READ).isprintable()):
        raise _DoubtError
    found = _LINE.match(body)
    if found is None:
        return _text(body)
    dash, name, colon, written = found.groups()
    at = width = len(dash) if dash else 0
    if name is None:
        if written is None:
            if dash:
                raise _DoubtError
            return ()
        key = None
    else:
        key = _key(name)
        if written is None:
            return width, key, at + len(name) + 1, None, True
        at += len(name) + len(colon)
    if written[0] not in "[{":
        return width, key, at, _scalar(written), False
    value, end = _collection(written, 0)
    if end != len(written):
        raise _DoubtError
    return width, key, at, value, True


_remembered = lru_cache(maxsize=MOST_REMEMBERED)(_line)


def _text(body: str) -> _Line:
    """Understand a key and the lines of text below it, all at the same depth."""
    found = _TEXT.match(body)
    if found is None:
        raise _DoubtError
    dash, name, colon, sign, stripped, indent, written = found.groups()
    lines = [line.removesuffix("\r") for line in written.split("\n")]
    width = len(dash) if dash else 0
    texts = [lines[0], *(line.removeprefix(indent) for line in lines[1:])]
    if any(text[:1] in {"", " "} or text[-1] == " " or "\r" in text for text in texts):
        raise _DoubtError
    text = (" " if sign == ">" else "\n").join(texts) + ("" if stripped else "\n")
    return width, _key(name), width + len(name) + len(colon), _Below(len(indent), text), True


def _key(name: str) -> str:
    """Return a key, one text for all however often it is written; those that are no text are for `yaml_events`."""
    if name in WORDS:
        raise _DoubtError
    return sys.intern(name)


def _scalar(written: str) -> Any:
    if written[0] in "\"'":
        return written[1:-1]
    return resolve_plain(written.rstrip(" "))


def _collection(written: str, begin: int, depth: int = 1) -> tuple[_Within, int]:
    """Read the collection that begins there; return it with where it ends."""
    if depth > MAX_OPEN:
        raise _DoubtError
    is_mapping = written[begin] == "{"
    closing = "}" if is_mapping else "]"
    keys: dict[str, int] = {}
    values: list[tuple[int, Any]] = []
    at = _spaces(written, begin + 1)
    while written[at : at + 1] != closing or values:
        if is_mapping:
            found = _KEY_WITHIN.match(written, at)
            if found is None:
                raise _DoubtError
            name = _key(found.group(1))
            if name in keys:
                raise _DoubtError
            keys[name] = at - begin
            at = found.end()
        value, end = _within(written, at, depth)
        values.append((at - begin, value))
        at = _spaces(written, end)
        if written[at : at + 1] == closing:
            break
        if written[at : at + 1] != ",":
            raise _DoubtError
        at = _spaces(written, at + 1)
    return _Within(list(keys.items()) if is_mapping else None, values), at + 1


def _within(written: str, at: int, depth: int) -> tuple[Any, int]:
    if written[at : at + 1] in {"[", "{"}:
        return _collection(written, at, depth + 1)
    found = _SCALAR_WITHIN.match(written, at)
    if found is None:
        raise _DoubtError
    return _scalar(found.group()), found.end()


def _spaces(written: str, at: int) -> int:
    """Return where what follows spaces and line ends begins."""
    while written[at : at + 1] in _BETWEEN:
        at += 1
    return at
