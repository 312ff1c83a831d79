"""A dossier full of hostile text comes out inert in every format: no control character, no direction mark.

What each format must do of its own (formulas, commands, markup…) is in its own test.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict, replace

from rsaudit.messages.output import UNSEEN, inert, is_inert
from rsaudit.model import InputError, Measure, Missing, RenderOptions, Source
from rsaudit.output import FORMATS, github, render
from rsaudit.output.diffusion import cleaned

from .sample import HOSTILE, hostile_report, invalid_report, sample_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.model import Report

_UNSEEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u206f\ufeff]")


def hostile_errors() -> Report:
    """Make the report of a dossier not judged, whose errors quote hostile text."""
    errors = tuple(
        replace(error, message=HOSTILE, found=HOSTILE, expected=HOSTILE, cell=HOSTILE, file=f"{HOSTILE}.yaml")
        for error in invalid_report().errors
    )
    return replace(invalid_report(), errors=(*errors, InputError(code="x", message=HOSTILE, file=HOSTILE)))


def texts_of(name: str, report: Report, options: RenderOptions) -> list[str]:
    """Give the texts that a format writes: the parts of a workbook, the report otherwise."""
    found = render(name, report, options)
    if name == "xlsx":
        assert isinstance(found, bytes)
        with ZipFile(BytesIO(found)) as parts:
            return [parts.read(part).decode().replace("\r\n", "\n") for part in parts.namelist()]
    if name == "csv":
        assert isinstance(found, bytes)
        return [found.decode("utf-8-sig").replace("\r\n", "\n")]
    assert isinstance(found, str)
    return [found]


@pytest.mark.parametrize("options", [RenderOptions(), RenderOptions(public=True, show_passes=True)])
@pytest.mark.parametrize(("name", "make"), list(product(FORMATS, [hostile_report, hostile_errors])))
def test_nothing_unseen_comes_out(name: str, make: Callable[[], Report], options: RenderOptions) -> None:
    """No control character, no escape sequence, no direction mark, no carriage return is written as it is."""
    for text in texts_of(name, make(), options):
        # JSON may hold these two separators as they are.
        shown = re.sub("[\u2028\u2029]", "", text) if name == "json" else text

        assert not _UNSEEN.search(shown)
        assert "\r" not in shown


def test_nor_in_the_summary_of_a_job() -> None:
    """The summary of a GitHub job is as inert as the rest."""
    assert not _UNSEEN.search(github.summary(hostile_report(), RenderOptions()))


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"html", "xlsx"}))
def test_lines_are_ours(name: str) -> None:
    """A hostile text makes no line of its own."""
    options = RenderOptions(width=None)
    report = replace(hostile_report(), fingerprints=sample_report().fingerprints)
    (hostile,) = texts_of(name, report, options)
    (plain,) = texts_of(name, sample_report(), options)

    assert hostile.count("\n") == plain.count("\n")


def test_every_unseen_character_is_known_as_such() -> None:
    """The short way of knowing a text harmless passes no character that the long way would change."""
    every = map(chr, range(0x110000))

    assert [char for char in every if is_inert(char) != (UNSEEN.search(char) is None)] == []
    assert not is_inert("a\tb")
    assert is_inert("« 1\u202f234,56\u00a0€ »")


def the_long_way(value: object) -> object:
    """Clean every text of a value, one after the other."""
    if type(value) is str:
        return inert(value)
    if isinstance(value, tuple | list):
        return type(value)(map(the_long_way, value))
    if isinstance(value, dict):
        return {key: the_long_way(one) for key, one in value.items()}
    return replace(value, **the_long_way(asdict(value))) if isinstance(value, Struct) else value  # type: ignore[arg-type]


def test_no_unseen_character_hides_in_a_structure() -> None:
    """Whether a structure needs cleaning is told at once from all its texts, and no character escapes that."""
    every = list(map(chr, range(0x110000)))
    clean = Source(piece="".join(filter(is_inert, every)))

    assert cleaned(clean) is clean
    assert [
        char
        for char in every
        if not is_inert(char) and cleaned((Source(piece=f"a{char}b"),)) != (Source(piece=inert(f"a{char}b")),)
    ] == []


#: Texts as dossiers have them, quotation marks and backslashes included, and halves of surrogate pairs.
TEXTS = st.text(
    st.characters(exclude_categories=()) | st.sampled_from('\\"/n\n\t\x1b\x7f\u2028\ufeffé'), max_size=6
)


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from([Decimal("1.50"), Fraction(1, 3), 7]))
def test_cleaning_at_once_is_cleaning_one_by_one(
    name: str, key: str, option: str, path: str, value: Decimal | Fraction | int
) -> None:
    """A report is cleaned as if each of its texts were looked at, whatever else is in the structures."""
    report = sample_report()
    row = report.obligations[0]
    finding = replace(
        row.findings[0],
        subject=name,
        measure=Measure(value=value, limit=value, direction="maximum", unit=path),
        missing=(Missing(path=path, title=name, source=Source(clause=option)),),
    )
    made = replace(
        report,
        options={key: option, "regles": [option, name]},
        obligations=(*report.obligations, replace(row, findings=(finding,))),
    )

    assert cleaned(made) == the_long_way(made)
    assert cleaned([made]) == [the_long_way(made)]
