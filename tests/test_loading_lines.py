"""YAML read by lines: what the parser events would have said, values and places, or nothing at all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from rsaudit.cli import run
from rsaudit.loading.yaml_lines import read_lines
from rsaudit.loading.yaml_reading import parse_yaml
from solidite.campaign import Scale
from solidite.campaigns import lines as trials

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from pathlib import Path

#: Each draws a text; what breaks the promise is shortened by the campaign's own means, far sooner than by hypothesis.
DRAWS = st.integers(min_value=0, max_value=2**64 - 1).map(lambda seed: Scale(seed=seed).random("lignes"))
NBSP = "\u00a0"


def each(texts: Sequence[str]) -> list[Any]:
    """Name the texts of a table by what they are, as far as it can be printed."""
    return [pytest.param(text, id=ascii(text)[1:41] + f"-{rank}") for rank, text in enumerate(texts)]


def is_read(text: str) -> None:
    """See that a text is read by lines, as by events."""
    assert trials.tried(text) == (trials.BY_LINES, "")


def is_left(text: str) -> None:
    """See that nothing is concluded from a text, and nothing kept of it."""
    by, wrong = trials.tried(text)

    assert by != trials.BY_LINES, "read by lines"
    assert wrong == ""


def is_kept(text: str) -> None:
    """See that the promise holds for a text; show one as short as may be for which it does not."""
    wrong = trials.tried(text)[1]

    assert wrong == "", repr(trials.shortened(text))


# -- indentation -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    each(
        [
            "a: 1\n",
            "a: 1",
            "a:\n",
            "a:",
            "\n\na: 1\n\n\n",
            "a: 1\nb:",
            "a:\nb:\nc:\n",
            "a:\n b:\n  c:\n   d: 1\ne: 2\n",
            "a:\n        b: 1\nc:\n b: 2\n",
            "a:\n  b:\n    c: 1\n  d:\n      e: 1\nf: 1\n",
            "a:\n- 1\n- 2\nb: 3\n",
            "a:\n  - 1\n  - 2\nb: 3\n",
            "a:\n      - 1\n      - 2\n",
            "a:\n  b:\n  - 1\n  c: 2\nd: 3\n",
            "a:\n  b:\n  - 1\nd: 3\n",
            "a:\n- b: 1\n  c: 2\n- b: 3\n",
            "a:\n  -   b: 1\n      c: 2\n  - b: 3\n",
            "a:\n-    1\n- 2\n",
            "a:\n- b:\n  - 1\n  - c: 2\n    d:\n    - 3\n- e:\n",
            "a:\n- b:\n    c: 1\n  d: 2\n",
            "a:\n- b:\n- c:\n",
            "a:\n  b:\n    - c:\n        d: 1\n      e: 2\n    - 3\n  f: 4\n",
            "a:\n- 1\n\n\n- 2\n   \n- 3\n",
            "a:\n\n\n  b: 1\n",
            "a: \n  b: 1\n",
            "a:    \nb:\n",
        ]
    ),
)
def test_indentation_is_read(text: str) -> None:
    """Mappings and lists at any depth, lists in the column of their key, and keys without a value are read."""
    is_read(text)


@pytest.mark.parametrize(
    "text",
    each(
        [
            "",
            "\n",
            "# rien\n",
            " a: 1\n",
            "  a: 1\n  b: 2\n",
            "- 1\n- 2\n",
            "a\n",
            "a: 1\n b: 2\n",
            "a:\n  b: 1\n c: 2\n",
            "a:\n    b: 1\n  c: 2\n",
            "a: 1\n  b: 2\n",
            "a: 1\n- 2\n",
            "a: 1\n  - 2\n",
            "a:\n  b: 1\n- 2\n",
            "a:\n  - 1\n - 2\n",
            "a:\n  - 1\n- 2\n",
            "a:\n- 1\n  - 2\n",
            "a:\n- 1\n b: 2\n",
            "a:\n  - 1\n  b: 2\n",
            "a:\n- b: 1\n c: 2\n",
            "a:\n- b: 1\n   c: 2\n",
            "a:\n-\n  b: 1\n",
            "a:\n- \n  b: 1\n",
            "a:\n-\n- 1\n",
            "a:\n- # b\n- 1\n",
            "a:\n- - 1\n  - 2\n",
            "a:\n- - - 1\n",
            "a: - 1\n",
            "a:\n  b\n",
            "a:\n  b: c\n    d\n",
            "a: b\n c\n",
            "a: b\n\n  c\n",
            "a: b\n# c\n  d\n",
            "a:\n- b\n  c\n",
            "a:\n  [1]\n",
            "a:\n  'b'\n",
            "a: 1\nb\n",
            "a: 1\nb\nc: 2\n",
        ]
    ),
)
def test_doubtful_indentation_is_left(text: str) -> None:
    """A line that is not where the lines before make room for it, or that continues one of them, is left to events."""
    is_left(text)


# -- comments --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    each(
        [
            "# a\na: 1 # b\n# c",
            "a: # b\n",
            "a:   # b\n  c: 1   # d: e [ ' \"\n",
            "a:\n# b\n  c: 1\n      # d\n# e\n  f: 2\n",
            "a:\n- 1 # b\n  # c\n# d\n- 2\n",
            "a:\n- b: 1\n# c\n  d: 2\n",
            "a: 'b # c' # d\n",
            'a: "b" # "c"\n',
            "a: [1, 2] # [1]\n",
            "a: [1,\n  2] # ]\nb: 3\n",
            "a: 1 #\n",
            "a: 1 ##### é\n",
            "a:\n#b\n",
        ]
    ),
)
def test_comments_are_read(text: str) -> None:
    """A comment says nothing, wherever it stands and whatever its indentation."""
    is_read(text)


@pytest.mark.parametrize(
    "text",
    each(
        [
            "a: b#c\n",
            "a: b#c # d\n",
            "a:# b\n",
            "a: 'b'# c\n",
            "a: [1]# b\n",
            "a: [1, # b\n  2]\n",
            "a: [1,\n  # b\n  2]\n",
            "a: {b: 1 # c\n}\n",
            "a: ['#']\n",
            "a: 1 #\tb\n",
            "a: 1\t# b\n",
            "a: >- # b\n  c\n",
            "a: [1, 2] # [\n",
        ]
    ),
)
def test_doubtful_comments_are_left(text: str) -> None:
    """A `#` that may belong to a value, or stands within a collection, is left to events."""
    is_left(text)


# -- keys ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    each([f"{key}: 1\nz:\n- {key}: {{{key}: 1}}\n" for key in ("a", "_", "A1_b", "yes", "x" * 100, "Oui")]),
)
def test_keys_are_read(text: str) -> None:
    """A key of letters, digits and underscores is read at the beginning of a line, after a dash and between braces."""
    is_read(text)


@pytest.mark.parametrize(
    "text",
    each(
        [
            form.format(key)
            for form in (
                "{}: 1\n",
                "z:\n- {}: 1\n",
                "z: {{{}: 1}}\n",
                "z: {{a: 1, {}: 1}}\n",
                "z:\n  {}:\n    b: 1\n",
            )
            for key in (
                *(
                    "null",
                    "~",
                    "oui",
                    "non",
                    "true",
                    "false",
                    "1",
                    "1.5",
                    "",
                    "''",
                    "'a'",
                    '"a"',
                    "<<",
                    "a b",
                    "a-b",
                ),
                *(
                    "clé",
                    "a.b",
                    "? a",
                    "&x a",
                    "*x",
                    "!t a",
                    "a ",
                    "[a]",
                    "-",
                    "x" * 101,
                    "x" * 1100,
                    "\ufeffa",
                    "a\t",
                ),
            )
        ]
    ),
)
def test_other_keys_are_left(text: str) -> None:
    """A key that may be no text, that is quoted, tagged, merged or very long, is left to events."""
    is_left(text)


@pytest.mark.parametrize(
    "text",
    each(
        [
            "a: 1\na: 2\n",
            "a:\nb: 1\na:\n  c: 1\n",
            "a:\n  b: 1\n  b: 2\n",
            "a:\n- b: 1\n  b: 2\n",
            "a: {b: 1, b: 2}\n",
            "a: [{b: 1, c: 2, b: 3}]\n",
        ]
    ),
)
def test_a_key_twice_is_left(text: str) -> None:
    """A key written twice in a mapping is left to events, which refuse it."""
    is_left(text)


# -- scalars ---------------------------------------------------------------------------------------------

PLAIN = (
    *(
        "0",
        "12",
        "-3",
        "-0",
        "1.50",
        "0.1",
        "3.0",
        "-0.5",
        "01004",
        "007",
        "1_000",
        "1e3",
        "0x1F",
        "0o17",
        "12:30",
    ),
    *("9" * 30, "9" * 31, "-" + "9" * 30, "-" + "9" * 31, "1." + "9" * 29, "0." + "9" * 30, "1." + "9" * 40),
    *("1,5", "1.2.3", "1 000", "12 %", "-1-2", "-3 x", "2026-09-30", "2026-09-30T12:00:00", "30/09/2026"),
    *(
        "oui",
        "non",
        "true",
        "false",
        "null",
        "~",
        "Oui",
        "NULL",
        "yes",
        "no",
        "on",
        "y",
        "oui non",
        "null ~",
        "~x",
    ),
    *(
        "x",
        "été",
        "deux mots",
        "deux  mots",
        "a:b",
        "a:-b",
        "http://x.fr/a?b=c&d",
        "a-b",
        "a - b",
        "a, b",
        "a,",
        "a]",
    ),
    *(
        "a[1]",
        "a}",
        "a{b}",
        "a'b",
        'a"b"',
        "a&b",
        "a*",
        "a!",
        "a|b",
        "a>",
        "a >",
        "a |",
        "a%",
        "a@b",
        "a`",
        "a?",
        "a ?",
    ),
    *(
        "=",
        "<<",
        "^",
        "$",
        "(a)",
        "/",
        "\\n",
        "a\\",
        "+1",
        "+",
        "é",
        "«\u00a0a\u00a0»",
        "1\u202f234,56 €",
        "\u00a0",
    ),
    *("\u00a0a", "a\u00a0", "\u00a0 a", "a:\u00a0b", "𝒳", "\U0001f3e0 a", "日本", "a’b…", "_", "¬", "٣"),
)


@pytest.mark.parametrize("value", each(PLAIN))
def test_plain_scalars_are_read(value: str) -> None:
    """A scalar without quotes has the value that events give it, after a key, a dash, both, and with a comment."""
    is_read(f"a: {value}\nb:   {value}  \nc:\n- {value}\n- d: {value} # e\n  f: {value}\ng: {value}")


@pytest.mark.parametrize("value", each([one for one in PLAIN if not set(one) & set(":,[]{}?")]))
def test_plain_scalars_within_are_read(value: str) -> None:
    """A scalar without quotes has the value that events give it between brackets and braces."""
    is_read(f"a: [{value}, {value} , {{b: {value}}}]\nb: {{c: {value}, d:   {value}  }}\nc: [\n{value}\n]\n")


@pytest.mark.parametrize(
    "value",
    each(
        [
            *(
                "é: b",
                "a b:",
                "a :",
                "a : b",
                ": a",
                ":a",
                ":",
                "a::b",
                "a:\u3000b : c",
                "- a",
                "-",
                "--",
                "-x",
                "-.5",
                ".5",
            ),
            *(
                "...",
                "---",
                "--- a",
                "[",
                "]",
                "{",
                "}",
                "[a",
                "a]: b",
                "[a] b",
                "[a]]",
                "[[a]",
                "{a}",
                "{a:1}",
                "{a: 1",
            ),
            *(
                "'",
                '"',
                "'''",
                "''''",
                "'a''b'",
                "'a'b",
                '"a"b',
                "'a",
                '"a',
                '"a\\"b"',
                '"\\n"',
                '"\\"',
                '"a\\',
                "'a' 'b'",
            ),
            *(
                "&a",
                "&a b",
                "*a",
                "!t",
                "!t a",
                "!!str 1",
                "! a",
                "| a",
                "> a",
                "|x",
                "?",
                "? a",
                "?a",
                "@a",
                "`a",
                "%a",
            ),
            *(",", ", a", "a#b", "a\tb", "\ta", "a\t", "\t", "a\rb", "\r\r", "a\x07", "\x00", "\x1b", "\x7f"),
            *(
                "a\x85b",
                "\u2028",
                "a\u2029b",
                "\ufeff",
                "a\ufeff",
                "\ufffe",
                "\uffff",
                "\ud800",
                "a\x9f",
                "\x1fa",
            ),
            *(
                "'\t'",
                '"a\tb"',
                "'\x07'",
                "'\u2028'",
                '"\ufeff"',
                "'a\rb'",
                "'a\nb'",
                '"a\n  b"',
                "'a\n\n  b'",
                '"a\\\n b"',
            ),
        ]
    ),
)
def test_other_scalars_are_left(value: str) -> None:
    """A scalar that begins by a sign, holds an odd character or an unclosed quote is left to events."""
    for form in ("a: {}\nb: 1\n", "a:\n- {}\n", "a:\n- b: {}\n", "a: [{}, 1]\n", "a: {{b: {}}}\n"):
        is_left(form.format(value))


@pytest.mark.parametrize(
    "value",
    each(
        [
            *(
                "''",
                '""',
                "'a'",
                '"a"',
                "'oui'",
                '"12"',
                "'null'",
                "' a '",
                '"  "',
                "'a: b'",
                '"a: b"',
                "'- a'",
                "':'",
            ),
            *(
                "'a \"b\" c'",
                '"l\'été"',
                "'[a'",
                '"]"',
                "'{}, }'",
                "'\\n'",
                "'---'",
                "'&a *b !c'",
                "'% @ `'",
                "'? a'",
            ),
            *(f"'{NBSP}a{NBSP}'", "'𝒳'", "'" + "x" * 1100 + "'", "'| >'", "'a,b'", "','"),
        ]
    ),
)
def test_quoted_scalars_are_read(value: str) -> None:
    """What is between quotes, without escape, is a text as it stands, whatever the signs it holds."""
    is_read(f"a: {value}\nb:\n- {value} # c\n- d: {value}\ne: [{value},{value} , {{f: {value}}}]\ng: {value}")


@pytest.mark.parametrize("value", each(["'#'", "'a # b'", '" #"', '"#"']))
def test_quoted_hashes_are_read_out_of_collections(value: str) -> None:
    """A `#` between quotes begins no comment."""
    is_read(f"a: {value}\nb:\n- {value} # c\n- d: {value}\n")


# -- collections -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    each(
        [
            *(
                "[]",
                "{}",
                "[ ]",
                "{ }",
                "[1]",
                "[ 1 ]",
                "[1,2]",
                "[1 ,2 ]",
                "[a b, c]",
                "[[]]",
                "[{}, []]",
                "{a: []}",
            ),
            *(
                "{a: 1}",
                "{ a: 1 }",
                "{a:   1,b: 2}",
                "{a: {b: {c: [1, {d: 2}]}}}",
                "[oui, ~, -1, 0.5, 'a', \"b\"]",
            ),
            *("[\n1\n]", "[\n  1,\n  2\n  ]", "{\n  a: 1,\n  b: 2\n}", "[1,\n2]", "[1,\n\n\n2]"),
            *(
                "[1,\r\n  2\r\n]",
                "[[1, 2],\n [3, 4]]",
                "{a: [1,\n 2],\n b: 3}",
                "{a: 1,\nb: 2,\n          c: 3}",
            ),
            *(
                "[-1,\n-2]",
                "['a',\n  'b: c']",
                "[1,\r2]",
                "{a: 1,\r\rb: 2}",
                "['{', '}']",
                "[a'b]",
                "[a'b, 'c']",
            ),
        ]
    ),
)
def test_collections_are_read(value: str) -> None:
    """A collection between brackets or braces is read, on its line or on several, whatever their indentation."""
    is_read(f"a: {value}\nb:\n- {value}\n- c: {value} # d\n  e: 1\nf: {value}  ")


@pytest.mark.parametrize(
    "value",
    each(
        [
            *(
                "[,]",
                "[1,]",
                "[1, ]",
                "[,1]",
                "[1,,2]",
                "{,}",
                "{a: 1,}",
                "{,a: 1}",
                "{a: 1,,b: 2}",
                "{a}",
                "{a, b}",
            ),
            *(
                "{a:}",
                "{a: }",
                "{a:1}",
                "{a: , b: 1}",
                "{'a': 1}",
                '{"a":1}',
                "{1: a}",
                "{: a}",
                "{? a: 1}",
                "{[a]: 1}",
            ),
            *(
                "[a: b]",
                "[a: 1, 2]",
                "[? a]",
                "['a': 1]",
                "[: a]",
                "[a:]",
                "[a::b]",
                "[http://x]",
                "{a: b: c}",
                "{a: b:c}",
            ),
            *(
                "[- 1]",
                "[-]",
                "[- a]",
                "[-a]",
                "[a b\nc]",
                "[a\nb]",
                "['a\n b']",
                "[\n- 1]",
                "[1 2\n3]",
                "[*a]",
                "[&a 1]",
            ),
            *(
                "[!t 1]",
                "[|]",
                "[>-\n a]",
                "[%a]",
                "[@a]",
                "[`a]",
                "[.5]",
                "[a]b]",
                "[a]]",
                "[[a]",
                "[a}",
                "{a: 1]",
            ),
            *(
                "['a' b]",
                "['a''b']",
                '["a\\"b"]',
                "['a'\n'b']",
                "[1,\t2]",
                "[1,\n\t2]",
                "[\t]",
                "[a\tb]",
                "[1\x85]",
                "[\ufeff]",
            ),
            *(
                "[\n---\n]",
                "[\n--- 1\n]",
                "[\n...\n]",
                "[\n... 1]",
                "[\n%a\n]",
                "[1,\n---\n2]",
                "{a: 1,\n...\nb: 2}",
                "[\n?\n]",
            ),
            *(
                "[1] 2",
                "[1], 2",
                "[1]: 2",
                "{a: 1}: 2",
                "[1] [2]",
                "[1]\n  2",
                "[1\n  ]: 2",
                "{a\n: 1}",
                "{a:\n 1}",
                "{a: \n1}",
            ),
            *(
                "[",
                "{",
                "[1",
                "[1,",
                "{a: [1}",
                "[a: \n]",
                "[1,\r---\r2]",
                "[a\rb]",
                "['\r']",
                "[1, #\n2]",
                "[a #\n]",
            ),
        ]
    ),
)
def test_doubtful_collections_are_left(value: str) -> None:
    """Trailing and double commas, pairs in a list, values on several lines, markers of documents are left to events."""
    for form in ("a: {}\nb: 1\n", "a:\n- {}\n", "a:\n- b: {}\n  c: 1\n"):
        is_left(form.format(value))


@pytest.mark.parametrize("opening", ["a:", "- a:"])
@pytest.mark.parametrize("levels", [0, 1, 10, 20, 23, 24, 25, 26, 40, 62, 63, 64])
def test_depth_is_never_more_than_events_admit(opening: str, levels: int) -> None:
    """Collections in one another, by indentation and then by brackets, are read or refused alike, read when few."""
    step = len(opening)
    lines = ["z:", *(" " * (step * rank + 1) + opening for rank in range(levels))]
    for brackets in (1, 10, 23, 24, 25, 36, 37, 38, 39, 40, 62, 63, 64, 100):
        last = " " * (step * levels + 1) + "b: " + "[" * brackets + "]" * brackets
        by, wrong = trials.tried("\n".join([*lines, last]))

        assert wrong == ""
        assert by == trials.BY_LINES or levels + brackets > 20


# -- texts below their key -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    each(
        [
            "a: {}\n  b\n",
            "a: {}\n b\n c: d\n - e\n # f\n [\nb: 1\n",
            "a: {}\n      b  c\n      d\n\n\nb: 1\n",
            "a: {}\n  b\n\n",
            "a: {}\n  b\n # c\n# d\nb: 1\n",
            "a: {}\n  b\n\n# c\n",
            "a:\n  b: {}\n    c\n    d\n   # e\n  f: 1\n",
            "a:\n  b: {}\n    c\ng: 1\n",
            "a:\n- b: {}\n    c\n    d\n  e: {}\n   f\n- 1\n",
            "a: {}\r\n  b\r\n  c\r\n\r\nb: 1\r\n",
            "a:   {}\n  ---\n  ...\n  %a\n  'b\n  \"c\n",
            f"a: {{}}\n  {NBSP}b{NBSP}\n  𝒳 é\n",
        ]
    ),
)
def test_texts_are_read(text: str) -> None:
    """A text below its key, all its lines at one depth, is read with its folding and its last line end."""
    for sign in (">-", ">", "|", "|-"):
        is_read(text.replace("{}", sign))


@pytest.mark.parametrize(
    "text",
    each(
        [
            "a: {}\n  b",
            "a: {}\n  b\n  ",
            "a: {}\n  b\n   ",
            "a: {}\n  b\n  \nb: 1\n",
            "a: {}\n  b\n    \nb: 1\n",
            "a: {}\n  b\n    \r\nb: 1\n",
            "a: {}\n  b\n\n    \nb: 1\n",
            "a: {}\n  b\n\n\n  \n",
            "a: {}\n  b\n \n   \n",
            "a: {}\n  b\n\n  c\n",
            "a: {}\n  b\n\n  # c\n",
            "a: {}\n  b\n    c\n  d\n",
            "a: {}\n    b\n  c\n",
            "a: {}\n  b \n",
            "a: {}\n  b\n  c \nb: 1\n",
            "a: {}\n  b\tc\n",
            "a: {}\n\tb\n",
            "a: {}\n  b\n\tc\n",
            "a: {}\n  b\n\t\n",
            "a: {}\n\n  b\n",
            "a: {}\n    \n  b\n",
            "a: {}\n",
            "a: {}",
            "a: {}\nb: 1\n",
            "a: {}\nb\n",
            "a: {}\n---\n",
            "a: {}\n  b\n---\nc: 1\n",
            "a: {}\n  b\n...\n",
            "a:\n  b: {}\n  c\n",
            "a:\n  b: {}\n  c: 1\n",
            "a:\n  b: {}\n c\n",
            "a:\n- b: {}\n  c\n",
            "a:\n- b: {}\n c\n",
            "a:\n- {}\n  b\n",
            "a: {}\n  b\r  c\nd: 1\n",
            "a: {}\r  b\r",
            "a: {} \n  b\n",
            "a: {} # b\n  c\n",
            "a: {}+\n  b\n",
            "a: {}2\n   b\n",
            "a: {}\n  b\x07\n",
            "a: {}\n  b\u2028c\n",
            "a: {}\n  \ufeffb\n",
            "{}\n  b\n",
            "a: {}\n  b\n   c: 1\n",
        ]
    ),
)
def test_doubtful_texts_are_left(text: str) -> None:
    """Blank lines within or deep after a text, deeper lines, spaces at the end, other headers are left to events."""
    for sign in (">-", ">", "|", "|-"):
        is_left(text.replace("{}", sign))


# -- ends of lines, documents, characters ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    each(
        [
            "a: 1\r\nb:\r\n  - 2\r\n  - {c: 3}\r\n\r\n# d\r\ne: 'f'\r\n",
            "a: 1\r\nb: 2\nc: 3\r\n",
            "a: 1\r",
            "a: 1\n\r\n\r\nb: 2",
            "a:\r\nb: x \r\n  \r\nc: 1 # d\r\n",
        ]
    ),
)
def test_ends_of_lines_are_read(text: str) -> None:
    """Lines end by LF or CRLF, in one file too, and offsets count both characters."""
    is_read(text)


@pytest.mark.parametrize(
    "text",
    each(
        [
            *(
                "a: 1\rb: 2\r",
                "a: 1\rb: 2\n",
                "a: 1\r\rb: 2",
                "a: 1\r\r\nb: 2",
                "\ra: 1\n",
                "a:\r  b: 1\n",
                "# a\rb: 1\n",
            ),
            *(
                "a: 1 # b\rc: 2\n",
                "a: 1\n\rb: 2\n",
                "---\na: 1\n",
                "a: 1\n---\n",
                "a: 1\n...\n",
                "a: 1\n...\nb: 2\n",
                "%YAML 1.1\n",
            ),
            *(
                "a: 1\n--- b\n",
                "%YAML 1.1\n---\na: 1\n",
                "%a: 1\n",
                "a: 1\n%b: 2\n",
                "a: 1\n---\nb: 2\n",
                "--- a\n",
                "---",
            ),
            *(
                "a:\n\tb: 1\n",
                "a:\t1\n",
                "a: 1\t\n",
                "\ta: 1\n",
                "a:\n- \tb\n",
                "a:\n-\tb\n",
                "a: 1\n\t\nb: 2\n",
                "a: 1\n \t# b\n",
            ),
            *(
                "\ufeffa: 1\n",
                "a: 1\n\ufeffb: 2\n",
                "a: 1\x00\n",
                "a: 1\x85b: 2\n",
                "a: 1\u2028b: 2\n",
                "a: 1 # \x07\n",
                "\x0ca: 1\n",
            ),
            *(
                "a: 1\x0bb: 2\n",
                "a: 1\x1cb: 2\n",
                "a: 1\n\xa0\nb: 2\n",
                "a: 1\n\xa0b: 2\n",
                "a:\xa01\n",
                "\u3000a: 1\n",
            ),
            *(
                "a: &x 1\nb: *x\n",
                "a: !t 1\n",
                "a:\n  <<: {b: 1}\n",
                "? a\n: 1\n",
                "a:\n  ? b\n",
                "{a: 1}\n",
                "[a]\n",
                "'a'\n",
            ),
            *(
                "a: 1\n}\n",
                "a: 1\n]\n",
                "a: 1\n: 2\n",
                "a: 1\n- \n",
                "a: 1\n?\n",
                "a: 1\n'b': 2\n",
                "!!map\na: 1\n",
                "&x\na: 1\n",
            ),
        ]
    ),
)
def test_other_documents_are_left(text: str) -> None:
    """Lone carriage returns, markers, directives, tabs, odd characters, anchors, tags are left to events."""
    is_left(text)


@pytest.mark.parametrize(
    "text",
    each(
        [
            "a: b" + " " * 50_000 + ": c",
            "a:" + " " * 50_000 + ": c",
            "a:\n- " + " " * 50_000 + ": c",
            "a: ''" + " " * 50_000 + "b",
            "a: [" + "] " * 50_000 + "b",
            "a: >-\n" + " " * 50_000 + "b" * 50_000 + " \nc: 1",
            "a: {" + ", ".join(f"k{rank}: 1" for rank in range(20_000)) + ", k0: 2}",
            "".join(f"k{rank}: |\n  a\n" for rank in range(20_000)) + "\t",
        ]
    ),
)
def test_long_lines_are_soon_given_up(text: str) -> None:
    """What a line costs grows as it does: fifty thousand spaces are soon read, where trying each again would take hours."""
    assert read_lines(text, {}) is None


# -- real and drawn texts --------------------------------------------------------------------------------


EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))


@pytest.mark.parametrize("path", [pytest.param(one, id=str(one.relative_to(ROOT))) for one in EXAMPLES])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_examples_are_read(path: Path, end: str) -> None:
    """Every example is read by lines, whatever ends them."""
    is_read(path.read_text("utf-8").replace("\n", end))


def test_what_the_program_writes_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dossier that the program makes of a workbook is read by lines."""
    book, made = str(tmp_path / "d.xlsx"), tmp_path / "d"
    assert run(["exporter", str(ROOT / "examples" / "benjoin-fautif"), "-o", book]) == 0
    assert run(["importer", book, "-o", str(made)]) == 0
    capsys.readouterr()
    files = sorted(made.glob("*.yaml"))

    assert len(files) > 5
    for path in files:
        is_read(path.read_text("utf-8"))


def test_two_readings_share_no_container() -> None:
    """What a caller does to what it read changes nothing for another, nor for the same line further on."""
    text = "a:\n- {b: [1], c: {}}\n- {b: [1], c: {}}\n"
    first, second = read_lines(text, {}), read_lines(text, {})
    assert first is not None
    first["a"][0]["b"].append(2)
    first["a"][0]["c"]["d"] = 3

    assert first["a"][1] == {"b": [1], "c": {}}
    assert second == read_lines(text, {}) == {"a": [{"b": [1], "c": {}}] * 2}


def test_neighbours_of_a_model_are_read_alike() -> None:
    """One character more, less or other, anywhere in a text that has all that is read: many are read, all alike."""
    texts = list(trials.neighbours())
    is_read(texts[0])
    for text in texts[::3]:
        is_kept(text)


@settings(max_examples=1500)
@given(DRAWS)
def test_generated_texts_are_read_alike(rng: random.Random) -> None:
    """A text of any pieces of YAML, in any order, is read by lines as by events, or left to them."""
    is_kept(trials.generated(rng))


@settings(max_examples=1000)
@given(DRAWS)
def test_changed_dossiers_are_read_alike(rng: random.Random) -> None:
    """A dossier of which lines or characters are changed is read by lines as by events, or left to them."""
    text = trials.excerpt(rng)
    for _ in range(rng.randint(1, 3)):
        text = trials.changed(text, rng)

    is_kept(text)


@settings(max_examples=300)
@given(
    st.text(alphabet="ab:-,[]{}&*!|>'\"%@#?~ \n\t\r01.é\\\u2028\xa0", max_size=40),
    st.sampled_from(["", "a:\n- ", "a: ["]),
)
def test_any_signs_are_read_alike(text: str, opening: str) -> None:
    """Any mixture of the signs of YAML is read by lines as by events, or left to them."""
    is_kept(opening + text)


@settings(max_examples=300)
@given(DRAWS)
def test_the_document_is_the_same_without_lines(rng: random.Random) -> None:
    """A file gives the same data, errors and places whether lines are read or events alone."""
    raw = trials.drawn(rng).encode("utf-8", "replace")
    document = parse_yaml(raw, "d.yaml")
    with patch("rsaudit.loading.yaml_reading.read_lines", return_value=None) as lines:
        expected = parse_yaml(raw, "d.yaml")

    assert lines.called or document.errors
    assert document.errors == expected.errors
    assert document.text == expected.text
    assert bool(document.marks) == bool(expected.marks)
    if not document.errors:
        assert trials.spelled(document.data, document.marks) == trials.spelled(expected.data, expected.marks)


@settings(max_examples=60)
@given(DRAWS)
def test_without_libyaml_texts_are_read_alike(rng: random.Random) -> None:
    """The promise holds with the parser that PyYAML has of its own, used where libyaml is missing."""
    with patch("rsaudit.loading.yaml_events.CParser", None):
        is_kept(trials.drawn(rng))


def test_drawn_texts_are_often_read_by_lines() -> None:
    """What is drawn tries the reader: near half is read by lines, and as much is left, refused or not."""
    rng = Scale().random("lignes")
    shares = Counter(trials.tried(trials.drawn(rng))[0] for _ in range(800))

    assert shares[trials.BY_LINES] > 200
    assert shares[trials.BY_EVENTS] > 80
    assert shares[trials.REFUSED] > 200
