"""YAML read by events: what values mean, what is refused, and where each error is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsaudit.loading import read_yaml
from rsaudit.loading.yaml_document import _STRETCH, MAX_ERRORS, YamlDocument
from rsaudit.loading.yaml_reading import MAX_BYTES, parse_yaml

if TYPE_CHECKING:
    from rsaudit.model import InputError

ENGLISH = ("expected", "found", "while", "Traceback", "could not", "invalid", "Permission")


def value_of(text: str) -> Any:
    """Read one value."""
    document = parse_yaml(f"k: {text}\n".encode(), "x.yaml")
    assert document.errors == []
    return document.data["k"]


def refusal(raw: str | bytes) -> InputError:
    """Read what must be refused, for one reason."""
    document = parse_yaml(raw.encode() if isinstance(raw, str) else raw, "x.yaml")
    assert document.data == {}
    assert document.marks == {}
    (error,) = document.errors
    assert not any(word in error.message for word in ENGLISH)
    return error


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("oui", True),
        ("non", False),
        ("true", True),
        ("false", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Oui", "Oui"),
        ("'oui'", "oui"),
        ("", None),
        ("~", None),
        ("null", None),
        ("''", ""),
        ("12", 12),
        ("-3", -3),
        ("01000", "01000"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("+5", "+5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("12:30", "12:30"),
        ("2026-09-30", "2026-09-30"),
        ("'12'", "12"),
        ("1.50", Decimal("1.50")),
        ("0.1", Decimal("0.1")),
        ("3.0", 3),
        ("1,5", "1,5"),
        ("1.2.3", "1.2.3"),
        ("-", None),
    ],
)
def test_plain_values(written: str, value: Any) -> None:
    """A word is what YAML 1.2 makes of it, oui and non are booleans, and nothing else is guessed."""
    if written == "-":
        assert value_of("[-1]") == [-1]
        return
    found = value_of(written)

    assert found == value
    assert type(found) is type(value)


def test_numbers_beyond_thirty_digits_stay_text() -> None:
    """A number too long to be a datum is kept as it is written."""
    assert value_of("9" * 30) == int("9" * 30)
    assert value_of("9" * 31) == "9" * 31
    assert value_of("1." + "9" * 29) == Decimal("1." + "9" * 29)
    assert value_of("1." + "9" * 40) == "1." + "9" * 40


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_decimals_round_trip(number: Decimal) -> None:
    """A decimal is read exactly as it is written, never through a binary float."""
    assert Decimal(value_of(f"{number:f}")) == number


@pytest.mark.parametrize(
    ("raw", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "cle-en-double", 3, 1),
        ("a: 1\nb: *x\n", "alias", 2, 4),
        ("a: &x 1\n", "ancre", 1, 4),
        ("a: !!str 1\n", "etiquette", 1, 4),
        ("a: !python/object:os.system x\n", "etiquette", 1, 4),
        ("%YAML 1.2\n---\na: 1\n", "directive", 1, 1),
        ("a:\n  <<: {b: 1}\n", "cle-de-fusion", 2, 3),
        ("a: 1\n---\nb: 2\n", "plusieurs-documents", 2, 1),
        ("a:\n\tb: 1\n", "syntaxe", 2, 1),
        ("a: b: c\n", "syntaxe", 1, 5),
        ('a: "b\nc: 1\n', "syntaxe", 1, 4),
        ("a: [1, 2\n", "syntaxe", 1, 4),
        ("a: @b\n", "syntaxe", 1, 4),
        ("- a\n- b\n", "pas-de-cles", 1, 1),
        ("bonjour\n", "pas-de-cles", 1, 1),
        ("", "fichier-vide", None, None),
        ("# rien\n", "fichier-vide", None, None),
        ("---\n", "fichier-vide", None, None),
        ("a: 1\n12: b\n", "cle-non-texte", 2, 1),
        ("oui: b\n", "cle-non-texte", 1, 1),
        ("? [a]\n: b\n", "cle-non-texte", 1, 3),
        ("a:\n  ? \n  : b\n", "cle-vide", 2, 4),
        (b"a: 1\nb: \xe9t\xe9\n", "encodage", 2, 4),
        (b"a: 1\nb: x\0\n", "caractere-nul", 2, 5),
        ("a: \u2028b\n", "saut-de-ligne-invisible", 1, 4),
        ("a: 1\nb: c\u0085d\n", "saut-de-ligne-invisible", 2, 5),
        ("é: 1\nb: c\x07\n", "caractere-de-commande", 2, 5),
        ("a: 1\n".encode("utf-16"), "utf-16", None, None),
    ],
)
def test_refusals(raw: str | bytes, code: str, line: int | None, column: int | None) -> None:
    """Each thing YAML allows and a dossier does not is refused once, in French, at its exact place."""
    error = refusal(raw)

    assert (error.code, error.line, error.column) == (code, line, column)


def test_duplicate_names_both_lines() -> None:
    """A key written twice is placed at the second and names the line of the first."""
    error = refusal("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n")

    assert (error.line, error.column) == (5, 3)
    assert "ligne 3" in error.message
    assert "«\u00a0c\u00a0»" in error.message


def test_latin_1_says_the_letter() -> None:
    """A file in Windows-1252 is told as such, with the letter read there."""
    assert "«\u00a0é\u00a0»" in refusal("a: été\n".encode("cp1252")).message


def test_tab_says_spaces() -> None:
    """A tab in the indentation is named, not called a syntax error."""
    assert "Tabulation" in refusal("a:\n\tb: 1\n").message


def test_depth_limit() -> None:
    """Sixty-four levels pass and the sixty-fifth is refused where it opens."""
    assert parse_yaml(("a: " + "[" * 63 + "]" * 63).encode(), "x.yaml").errors == []
    error = refusal("a: " + "[" * 64 + "]" * 64)

    assert (error.code, error.line, error.column) == ("trop-profond", 1, 67)


@pytest.mark.parametrize("raw", ["a: " + "[" * 50_000, "a: " + "{b: " * 50_000, "- " * 50_000])
def test_fifty_thousand_brackets(raw: str) -> None:
    """A file of brackets is refused without filling the stack."""
    assert refusal(raw).code in {"trop-profond", "pas-de-cles", "syntaxe"}


def test_billion_laughs() -> None:
    """Aliases that would unfold into billions of values are refused one by one, never followed."""
    lines = ["a: &a [lol, lol]"]
    lines += [f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    document = parse_yaml("\n".join(lines).encode(), "x.yaml")

    assert document.data == {}
    assert {error.code for error in document.errors} == {"ancre", "alias"}


def test_too_large() -> None:
    """A file above thirty-two mebibytes is refused before it is read."""
    error = refusal(b"a" * (MAX_BYTES + 1))

    assert error.code == "fichier-trop-gros"
    assert "32\u00a0Mio" in error.message


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of values has a limit, told where it is passed."""
    monkeypatch.setattr("rsaudit.loading.yaml_document.MAX_NODES", 10)
    monkeypatch.setattr("rsaudit.loading.yaml_events.MAX_NODES", 10)

    assert refusal("a:\n" + "".join(f"  - {i}\n" for i in range(20))).code == "trop-de-valeurs"


def test_all_errors_at_once_up_to_a_limit() -> None:
    """Every refusal of a file is told at once, and a flood of them is cut short and says so."""
    few = parse_yaml(b"a: *x\nb: &y 1\na: 2\n", "x.yaml")
    many = parse_yaml("".join(f"a{i}: *x\n" for i in range(200)).encode(), "x.yaml")

    assert [error.code for error in few.errors] == ["alias", "ancre", "cle-en-double"]
    assert len(many.errors) == MAX_ERRORS + 1
    assert many.errors[-1].code == "trop-d-erreurs"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_positions(end: str, start: str) -> None:
    """Every key and item has its line and column, whatever the ends of lines and the byte order mark."""
    text = end.join(["é: 1", "liste:", "  - 𝒳 a: 2", "  - {b: 3, c: [4, 5]}", "f: 6"]).replace("𝒳 a", "a")
    read = read_yaml((start + text + end).encode(), "x.yaml")
    where = {}
    for container, key in (
        (read.data, "é"),
        (read.data["liste"], 0),
        (read.data["liste"][0], "a"),
        (read.data["liste"][1], "c"),
        (read.data["liste"][1]["c"], 1),
        (read.data, "f"),
    ):
        position = read.locator.position(container, key)
        assert position is not None
        where[key] = (position.line, position.column)

    assert where == {"é": (1, 1), 0: (3, 5), "a": (3, 5), "c": (4, 12), 1: (4, 19), "f": (5, 1)}


def test_decomposed_accents_are_the_same_key() -> None:
    """A key typed with a combining accent is the same as with a composed one."""
    assert parse_yaml("e\u0301: 1\n".encode(), "x.yaml").data == {"é": 1}


def test_no_position_outlives_its_data() -> None:
    """A file with errors leaves no mark, since later data may take the place of its own in memory."""
    document = parse_yaml(b"a: *x\nb: {c: 1}\n", "x.yaml")

    assert document.errors
    assert document.marks == {}


@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    """No bytes make the reader fail: they give data, or errors in French."""
    document = parse_yaml(raw, "x.yaml")

    assert document.errors or isinstance(document.data, dict)
    for error in document.errors:
        assert not any(word in error.message for word in ENGLISH)


@given(st.text(alphabet="ab:-,[]{}&*!|>'\"%@#?~ \n\t01.é\\\u2028", max_size=60))
def test_any_punctuation(text: str) -> None:
    """No mixture of the signs of YAML makes the reader fail, and positions stay inside the file."""
    document = parse_yaml(text.encode(), "x.yaml")

    for error in document.errors:
        assert not any(word in error.message for word in ENGLISH)
        assert error.line is None or 1 <= error.line <= text.count("\n") + text.count("\u2028") + 1


_PIECES = st.lists(
    st.sampled_from(["\n", "\r\n", "é", "a: b", " " * 61, "\n" * 97, "x" * (_STRETCH - 1)]), max_size=40
)


@given(_PIECES, st.sampled_from(["", "\r"]), st.data())
def test_where_an_offset_is(pieces: list[str], alone: str, data: st.DataObject) -> None:
    """Its line is told by the ends of lines before it, and its column by the last one, however long the text is."""
    text = alone.join(pieces)
    document = YamlDocument(file="x.yaml", text=text)
    for offset in data.draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=8)):
        before = text[:offset]
        if before.endswith("\r") and text[offset : offset + 1] == "\n":
            continue  # within an end of line: nothing is there
        lines = before.splitlines(keepends=True)
        if not lines or lines[-1].endswith(("\n", "\r")):
            lines.append("")
        assert document.line_and_column(offset) == (len(lines), len(lines[-1]) + 1)
