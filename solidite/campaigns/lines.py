"""Any YAML text: what is read by lines is what the parser events say, values and places, or it is left to them."""

from __future__ import annotations

import itertools
import re
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsaudit.loading.yaml_document import StopReadingError, YamlDocument
from rsaudit.loading.yaml_events import read_events
from rsaudit.loading.yaml_lines import read_lines
from solidite.campaign import Campaign, Outcome, Scale

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
BY_LINES, BY_EVENTS, REFUSED = "lus par lignes", "laissés aux événements", "laissés, et refusés par eux"
_MINUTES = 10.0
_FEW = 1_500
_LONGEST = 40
"""Lines of a dossier taken at once: each try is soon done, and any of its lines may be changed."""


# -- the promise -----------------------------------------------------------------------------------------


def tried(text: str) -> tuple[str, str]:
    """Read a text both ways; return by which it is read, and what is wrong: nothing, when the promise is kept."""
    marks: dict[int, list[int]] = {}
    data = read_lines(text, marks)
    document = YamlDocument(file="d.yaml", text=text)
    if data is None:
        return _left(document), "des places sont restées" if marks else ""
    try:
        expected = read_events(document)
    except StopReadingError:
        expected = {}
    if document.errors:
        return BY_LINES, f"accepté, refusé par les événements : {document.errors[0].message}"
    found, wanted = spelled(data, marks), spelled(expected, document.marks)
    return BY_LINES, "" if found == wanted else f"autre lecture : {found}, au lieu de {wanted}"


def _left(document: YamlDocument) -> str:
    try:
        read_events(document)
    except (StopReadingError, UnicodeEncodeError):  # a half of a pair comes from no file
        return REFUSED
    return REFUSED if document.errors else BY_EVENTS


def spelled(data: Any, marks: dict[int, list[int]]) -> tuple[int, Any]:
    """Return all that was read, to compare: types, digits, order, offsets, and how many containers have some."""

    def of(value: Any) -> Any:
        if isinstance(value, dict):
            return "{", marks[id(value)], [(key, of(one)) for key, one in value.items()]
        if isinstance(value, list):
            return "[", marks[id(value)], [of(one) for one in value]
        return type(value).__name__, str(value)

    return len(marks), of(data)


def shortened(text: str) -> str:
    """Return a text that breaks the promise too, of which nothing can be left out."""
    for size in (400, 40, 4, 1):
        at = 0
        while at < len(text):
            less = text[:at] + text[at + size :]
            if tried(less)[1]:
                text = less
            else:
                at += size
    return text


# -- texts of every kind ---------------------------------------------------------------------------------

_KEYS = ("a", "b", "c", "cle_1", "_d", "E", "logement", "reponse_au_11")
_ODD_KEYS = (
    *(
        "oui",
        "null",
        "true",
        "1",
        "~",
        "''",
        '"a"',
        "'a'",
        "<<",
        "a b",
        "a-b",
        "é",
        "clé",
        "a.b",
        "- a",
        "? a",
    ),
    *(
        "a ",
        "&x a",
        "*x",
        "!t a",
        "x" * 100,
        "x" * 101,
        "x" * 1100,
        "[a]",
        "{a: 1}",
        "",
        "a: b",
        "#a",
        "-",
        "12",
    ),
)
_SCALARS = (
    *(
        "x",
        "été",
        "deux mots",
        "12",
        "-3",
        "1.50",
        "oui",
        "non",
        "null",
        "~",
        "true",
        "2026-09-30",
        "12:30",
        "T1",
    ),
    *(
        '"x"',
        "'x'",
        '"a: b"',
        "'a # b'",
        '"[x"',
        "'}'",
        '"l’été, « oui »"',
        "''",
        '""',
        "a:b",
        "http://x.fr/a?b=c",
    ),
)
_ODD_SCALARS = (
    *(
        "01004",
        "1_000",
        "1e3",
        ".5",
        "5.",
        "-0",
        "+1",
        "0x1F",
        "-.5",
        "1.0",
        "--1",
        "-x",
        "- x",
        "-",
        "9" * 30,
    ),
    *(
        "9" * 31,
        "0." + "9" * 30,
        "1,5",
        "1.2.3",
        "Oui",
        "NULL",
        "yes",
        ".inf",
        "0o17",
        "1 000",
        "12 %",
        "a%",
        "%a",
    ),
    *(
        "a: b",
        "a:",
        "a :b",
        "a : b",
        ":",
        ": a",
        ":a",
        "a::b",
        "a#b",
        "a #b",
        "a # b",
        "#",
        "# a",
        "a, b",
        "a,",
    ),
    *(
        "a]",
        "[",
        "]",
        "{",
        "}",
        "[]",
        "{}",
        "[a",
        "a}",
        "[a]]",
        "[a] b",
        "{a}",
        "{a:1}",
        "{a: }",
        "[a: b]",
        "[,]",
    ),
    *(
        "[a,]",
        "[a,,b]",
        "{a: 1,}",
        "{a: 1, a: 2}",
        "{oui: 1}",
        "{a: b: c}",
        "[? a]",
        "{'a': 1}",
        '{"a":1}',
        "[a b",
    ),
    *(
        "[\n]",
        "{\n}",
        "[a\nb]",
        "[\n- a]",
        "[\n---\n]",
        "[a,\n...]",
        "[a, # b\nc]",
        "[a,\n# b\nc]",
        "['a\nb']",
    ),
    *(
        "'",
        '"',
        "'''",
        "''''",
        "'a''b'",
        "'a'b",
        '"a"b',
        "a'b",
        'a"b',
        '"a\\"b"',
        '"\\n"',
        '"\\',
        "'\\'",
        '"a" b',
    ),
    *(
        "---",
        "...",
        "--- a",
        "%YAML 1.1",
        "&a",
        "&a x",
        "*a",
        "!t",
        "!t x",
        "!!str 1",
        "|",
        ">",
        "|-",
        ">-",
        "|+",
    ),
    *(
        ">2-",
        "|2",
        "> a",
        "| # a",
        ">- # a",
        "|\n  a",
        ">-\n a\n  b",
        "?",
        "? a",
        "@a",
        "`a",
        "=",
        "<<",
        "!",
        "&",
        "*",
    ),
    *(
        "\t",
        "a\tb",
        "a\t",
        "\ta",
        "\xa0",
        "a\xa0b",
        "\xa0a",
        "a\xa0",
        "a \xa0",
        "\u202f",
        "a\u2003",
        "\u3000a",
        "\u200b",
    ),
    *(
        "\ufeff",
        "\u2028",
        "a\u2029b",
        "\x85",
        "\x07",
        "\x7f",
        "\x1b[31m",
        "\0",
        "\ufffe",
        "𝒳",
        "\U0001f3e0 a",
        "\U0001fffe",
    ),
    *(
        "e\u0301",
        "\r",
        "a\rb",
        "\r\n",
        "a\r\n\r\nb",
        "\n",
        "\n\n",
        "\n ",
        "x" * 130,
        "'" + "x" * 1100 + "'",
        "\ud800",
    ),
)
_COMMENTS = ("# x", "#", "#x", "# a: b", "# [", "# é « x »", "#\t", "# - a", "#'", "# \x07")
_SIGNS = ":-,[]{}&*!|>'\"%@`#?~=\\ \t\r\n01.aé\xa0"
_OPENINGS = ("", "a:\n  b: ", "a: [", "a: {b: ", "a:\n- ", "a: |\n  x", "a:\n  - b: 1\n", "a: '")
_TOKENS = (
    *(
        "a",
        "1",
        "-",
        "- ",
        ":",
        ": ",
        " ",
        "  ",
        "\n",
        "\n  ",
        "\r",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        "#",
        " # ",
    ),
    *('"', "'", "|\n", ">-\n", "b: ", "\n- ", "\nb:", "?", "&", "\t", "..."),
)
#: All that is read by lines, in few characters: whatever is changed in it stays near what is read.
_MODEL = """\
# x
a: é  # y
b:
- 1
- c: 'd # e'
  f: [g, {h: "i", j: -2.50}]
-   k: [
    l,
  m]
    n: >-
     o p
     - q: [

  # z
r:
  s:
    t: oui
  u: |
   v
w: x:y
"""


class _Writer:
    """Writes YAML of every kind near what is read by lines, some of it wrong: what it writes depends on draws alone."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.odd = rng.choice((0, 0, 0, 1, 3, 12))
        """Chances in a hundred that a piece is an odd one."""

    def text(self) -> str:
        text = "".join(self._mapping(self.rng.choice((0, 0, 0, 0, 0, 1)), 3))
        return text if self.rng.random() < 0.8 else text.rstrip("\r\n ")

    def _pick(self, usual: tuple[str, ...], odd: tuple[str, ...]) -> str:
        return self.rng.choice(odd if self.rng.randrange(100) < self.odd else usual)

    def _end(self) -> str:
        """End a line, with what may stand there, and lines that say nothing."""
        rng = self.rng
        end = rng.choice(("", "", "", "", "", " ", "  ", " " + rng.choice(_COMMENTS[:6])))
        after = rng.choice(("", "", "", "", "", "\n", "  \n", f"{' ' * rng.randrange(6)}{self._comment()}\n"))
        return end + self._line_end() + after

    def _line_end(self) -> str:
        return self._pick(("\n",), ("\r\n", "\r\n", "\r", "\n\n", "\t\n", "\r\r\n"))

    def _comment(self) -> str:
        return self._pick(_COMMENTS[:6], _COMMENTS)

    def _mapping(self, indent: int, depth: int) -> Iterator[str]:
        keys = self.rng.sample(_KEYS, self.rng.randint(1, 4))
        for key in keys:
            own = (
                max(0, indent + self.rng.choice((-2, -1, 1, 2)))
                if self.rng.randrange(100) < self.odd
                else indent
            )
            yield " " * own
            yield from self._pair(self._pick((key,), (*_ODD_KEYS, keys[0])), indent, depth)

    def _pair(self, key: str, indent: int, depth: int) -> Iterator[str]:
        """Write a key and its value, from where the key stands."""
        kind = self.rng.choice(
            ("scalar", "scalar", "scalar", "flow", "text", "none", *("mapping", "list") * bool(depth))
        )
        yield key
        if kind in {"scalar", "flow"}:
            value = self._scalar() if kind == "scalar" else self._collection(2)
            yield self._pick((": ", ": ", ":  "), (":", " : ", ":\t", ":\n")) + value + self._end()
        elif kind == "text":
            yield ": " + self._text_below(indent)
        else:
            yield ":" + self._end()
            if kind == "mapping":
                yield from self._mapping(indent + self.rng.choice((1, 2, 2, 2, 4)), depth - 1)
            elif kind == "list":
                yield from self._list(indent + self.rng.choice((0, 0, 2, 2, 1)), depth - 1)

    def _list(self, indent: int, depth: int) -> Iterator[str]:
        for _ in range(self.rng.randint(1, 3)):
            dash = self._pick(("- ", "- ", "-  "), ("-", "-   ", "-\t", "- - ", "-\n ", "? "))
            yield " " * indent + dash
            kind = self.rng.choice(("scalar", "flow", "mapping", "mapping"))
            if kind == "mapping":
                inner = indent + len(dash)
                keys = self.rng.sample(_KEYS, self.rng.randint(1, 3))
                for rank, key in enumerate(keys):
                    yield " " * inner * bool(rank)
                    yield from self._pair(self._pick((key,), _ODD_KEYS), inner, depth)
            else:
                yield (self._scalar() if kind == "scalar" else self._collection(2)) + self._end()

    def _scalar(self) -> str:
        return self._pick(_SCALARS, _ODD_SCALARS)

    def _collection(self, depth: int) -> str:
        rng = self.rng
        names = [*rng.sample(_KEYS, rng.randint(0, 3)), *_KEYS[:1] * (rng.randrange(100) < self.odd)]
        entries = [self._entry(depth) for _ in names]
        is_mapping = rng.random() < 0.5
        if is_mapping:
            entries = [
                self._pick((name,), _ODD_KEYS) + ": " + entry
                for name, entry in zip(names, entries, strict=True)
            ]
        gap = rng.choice(("", "", "", " ", "\n", "\n    ", "\r\n  ")) if depth == 2 else ""
        comma = self._pick((",",), (" ,", ",,", ",\t", ", # x\n", ",\r")) + (
            gap or self._pick((" ", ""), ("  ", "\n"))
        )
        last = self._pick(("",), (",", ", ", "\n", " # x\n"))
        opening, closing = "{}" if is_mapping else "[]"
        return opening + gap + comma.join(entries) + last + gap + closing

    def _entry(self, depth: int) -> str:
        if depth and self.rng.random() < 0.3:
            return self._collection(depth - 1)
        return self._pick(
            tuple(one for one in _SCALARS if ":" not in one[1:] or one[0] in "\"'"), _ODD_SCALARS
        )

    def _text_below(self, indent: int) -> str:
        rng = self.rng
        header = self._pick(
            (">-", ">", "|", "|-"), ("|+", ">+", "|2", ">2-", ">- # x", "| ", ">-\t", "|x", ">-2")
        )
        own = indent + self._odd_number((2, 2, 4, 1), (0, -1, 7))
        lines = [header]
        for _ in range(rng.randint(1, 3)):
            more = self._odd_number((0,), (-1, 1, 2))
            body = self._pick(
                ("du texte", "a: b", "- a", "# a", "l’été [", "'a"), (*_ODD_SCALARS, "", " ", "fin  ")
            )
            lines.append(" " * max(0, own + more) + body)
        lines += [" " * self._odd_number((0,), (1, own, own + 3)) for _ in range(rng.choice((0, 0, 1, 2)))]
        return self._line_end().join(lines) + "\n"

    def _odd_number(self, usual: tuple[int, ...], odd: tuple[int, ...]) -> int:
        return max(0, self.rng.choice(odd if self.rng.randrange(100) < self.odd else usual))


@cache
def dossiers() -> tuple[tuple[Path, str], ...]:
    """Return the YAML files of the examples, the référentiels and the column maps, with their texts."""
    paths = (
        path
        for folder in ("examples", "rulesets", "correspondances")
        for path in (ROOT / folder).rglob("*.yaml")
    )
    return tuple((path, path.read_bytes().decode("utf-8")) for path in sorted(paths))


def excerpt(rng: random.Random) -> str:
    """Return some lines of a file of the project, from one that no line holds."""
    lines = rng.choice(dossiers())[1].splitlines(keepends=True)
    starts = [rank for rank, line in enumerate(lines) if line[:1].isalpha()]
    start = rng.choice(starts)
    return "".join(lines[start : start + rng.randint(1, _LONGEST)])


def generated(rng: random.Random) -> str:
    """Return a text written for the trial: much like a dossier, or nested as none is, or signs one after the other."""
    kind = rng.random()
    if kind < 0.75:
        return _Writer(rng).text()
    if kind < 0.8:
        return _nested(rng)
    return rng.choice(_OPENINGS) + "".join(rng.choice(_TOKENS) for _ in range(rng.randint(2, 9)))


def _nested(rng: random.Random) -> str:
    """Nest mappings and lists, then collections between brackets, up to what is refused and beyond."""
    lines, indent = ["a:"], 0
    for _ in range(rng.choice((1, 10, 20, 30, 62))):
        indent += rng.choice((1, 2))
        opening = rng.choice(("a:", "- b:"))
        lines.append(" " * indent + opening)
        indent += opening.find("b") if "b" in opening else 0
    count = rng.choice((0, 1, 5, 20, 30, 62))
    brackets = [rng.choice((("[", "]"), ("{a: ", "}"))) for _ in range(count)]
    last = (
        "".join(opening for opening, _ in brackets)
        + "1"
        + "".join(closing for _, closing in reversed(brackets))
    )
    return "\n".join([*lines, f"{' ' * (indent + 1)}c: {last}"]) + "\n"


def changed(text: str, rng: random.Random) -> str:
    """Return a text changed at one place: a line, some characters, an odd piece, an end of line."""
    if rng.random() < 0.5:
        return _with_characters(text, rng)
    lines = re.split(r"(?<=\n)", text)
    at = rng.randrange(len(lines))
    line = lines[at]
    lines[at] = rng.choice(
        (
            "",
            line + line,
            " " * rng.choice((1, 2)) + line,
            line[rng.choice((1, 2)) :],
            line.rstrip("\r\n") + "\r\n",
            line.rstrip("\r\n")
            + rng.choice((" ", "  ", "\t", ",", " #", ":", "\r", "\\", " |", " >-"))
            + "\n",
            line.rstrip("\r\n"),
            line + " " * rng.randrange(8) + "\n",
            line + " " * rng.randrange(8) + rng.choice((*_COMMENTS, *_SCALARS, *_ODD_SCALARS)) + "\n",
            line + rng.choice(lines),
            line.replace(": ", ": " + rng.choice((*_SCALARS, *_ODD_SCALARS)) + " #", 1),
            line.replace(
                ": ", rng.choice((":", ":  ", " : ", ":\t", ": - ", ": [", ": {", ": &x ", ":\n")), 1
            ),
            line.replace("- ", rng.choice(("-", "-  ", "- - ", "-\t", "-\n  ", "- ? ", "- |\n  ")), 1),
            line.replace(" ", "\n" + " " * rng.randrange(6), 1),
            line.replace(
                ", ", rng.choice((",", ",\n", ",\n  ", ",\r\n", ",,", ", ,", "\n,", ", # x\n", ",\r")), 1
            ),
            line.replace("[", rng.choice(("[[", "[\n", "['", "[]", "{")), 1),
            line.replace("]", rng.choice(("]]", "\n]", "]x", "] ]", "}", ",]")), 1),
        )
    )
    if at + 1 < len(lines) and rng.random() < 0.1:
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "".join(lines)


def _with_characters(text: str, rng: random.Random) -> str:
    start = rng.randrange(len(text) + 1)
    end = min(len(text), start + rng.choice((0, 0, 0, 1, 1, 2, 10)))
    middle = rng.choice(
        (
            "",
            rng.choice(_SIGNS),
            rng.choice(_SIGNS) + rng.choice(_SIGNS),
            rng.choice(_SCALARS),
            rng.choice(_ODD_SCALARS),
            text[start:end][::-1],
            text[start:end] * 2,
            "\n" + " " * rng.randrange(6),
        )
    )
    if rng.random() < 0.03:
        return text[:start]
    if rng.random() < 0.03:
        return text.replace("\n", rng.choice(("\r\n", "\r")))
    return text[:start] + middle + text[end:]


def neighbours() -> Iterator[str]:
    """Yield every text that is one character away from a model of what is read by lines."""
    for end in ("\n", "\r\n"):
        text = _MODEL.replace("\n", end)
        yield text
        for at in range(len(text)):
            yield text[:at] + text[at + 1 :]
            for sign in _SIGNS + "_\ufeff\u2028\x85\x07":
                yield text[:at] + sign + text[at:]
                yield text[:at] + sign + text[at + 1 :]


def drawn(rng: random.Random) -> str:
    """Return an excerpt, a text written for the trial or the model, most often changed."""
    text = rng.choice((generated, generated, excerpt, excerpt, lambda _: _MODEL))(rng)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        text = changed(text, rng)
    return text


# -- tries -----------------------------------------------------------------------------------------------


def _try(outcome: Outcome, text: str, told: str) -> None:
    by, wrong = tried(text)
    outcome.count(f"{told} {by}")
    if wrong:
        short = shortened(text)
        outcome.fail(f"{short!r} : {tried(short)[1][:200]}")


def _run(scale: Scale) -> Outcome:
    """Try every short text and every neighbour of a model, then drawn ones: some in the sample, for some minutes else."""
    outcome = Outcome()
    length = 2 if scale.short else 3
    tokens = _TOKENS[scale.part - 1 :: scale.parts]
    for opening in _OPENINGS:
        for first, *others in itertools.product(tokens, *[_TOKENS] * (length - 1)):
            _try(outcome, opening + first + "".join(others), "textes courts")
    for text in itertools.islice(neighbours(), scale.part - 1, None, 29 if scale.short else scale.parts):
        _try(outcome, text, "textes à un caractère d’un modèle")
    rng = scale.random("lignes", scale.part)
    end = time.perf_counter() + 60 * _MINUTES / scale.parts
    tries = 0
    while tries < _FEW if scale.short else time.perf_counter() < end:
        tries += 1
        _try(outcome, drawn(rng), "textes tirés")
    return outcome


CAMPAIGN = Campaign(
    name="lignes",
    promise="Un texte YAML est lu par lignes comme le lisent les événements, valeurs et places, ou leur est laissé.",
    run=_run,
)
