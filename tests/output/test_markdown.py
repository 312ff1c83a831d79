"""Markdown, read back by a Markdown parser: tables keep their columns, and no foreign text becomes markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from rsaudit.model import RenderOptions
from rsaudit.output.markdown import TICKET_BYTES, document, escape, render

from .golden import check_golden
from .sample import HOSTILE, clean_report, hostile_report, invalid_report, large_report, sample_report

if TYPE_CHECKING:
    from markdown_it.token import Token

    from rsaudit.model import Report

OPTIONS = RenderOptions()
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens_of(text: str) -> list[Token]:
    """Parse a text; tokens inside paragraphs and cells come after their container."""
    found = []
    for token in PARSER.parse(text):
        found.append(token)
        found.extend(token.children or [])
    return found


def tables_of(text: str) -> list[list[list[str]]]:
    """Read the tables: rows of cells, in plain text."""
    tables: list[list[list[str]]] = []
    for token in PARSER.parse(text):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and tables and token.level >= 4:
            tables[-1][-1].append("".join(child.content for child in token.children or []))
    return tables


def test_golden() -> None:
    """The report of the sample is the one that was reviewed."""
    check_golden("rapport.md", render(sample_report(), OPTIONS))


@pytest.mark.parametrize("report", [sample_report(), hostile_report(), invalid_report(), clean_report()])
def test_every_row_has_the_columns_of_its_table(report: Report) -> None:
    """No text adds or removes a cell."""
    for table in tables_of(render(report, RenderOptions(show_passes=True))):
        assert {len(row) for row in table} == {len(table[0])}


def test_hostile_text_is_only_text() -> None:
    """A hostile report has no HTML, no link, no image, no code, and no emphasis but ours."""
    text = render(hostile_report(), RenderOptions(show_passes=True))
    kinds = {token.type for token in tokens_of(text)}

    assert not kinds & {"html_inline", "html_block", "link_open", "image", "code_inline", "em_open", "s_open"}
    assert not kinds & {"fence", "code_block", "hr"}
    plain = render(sample_report(), RenderOptions(show_passes=True))
    assert text.count("\n") == plain.count("\n")


def test_text_comes_back_whole() -> None:
    """What is escaped reads as it was written, but for the marks that keep it from calling anyone."""
    (token,) = (
        one for one in PARSER.parse(escape("a|b*c_d`e`[f](g)<h>&amp;i \\j ~ {l}")) if one.type == "inline"
    )

    assert "".join(child.content for child in token.children or []) == "a|b*c_d`e`[f](g)<h>&amp;i \\j ~ {l}"


@pytest.mark.parametrize(
    "text", ["@prefet", "projet#12", "!34", "$5", "%6", "~étiquette", "a@b.fr", "^alert#1"]
)
def test_nobody_is_called(text: str) -> None:
    """A sign that notifies a person or points at another ticket is parted from the word after it."""
    assert not re.search(r"[@#!$%^~](?=\w)", escape(text))


@pytest.mark.parametrize("text", ["http://x.example", "HTTPS://x.example", "www.x.example", "ftp://x"])
def test_no_address_becomes_a_link(text: str) -> None:
    """An address is not turned into a link by a forge that links bare addresses."""
    assert not re.search(r"://|www\.", escape(text), re.IGNORECASE)


def test_a_ticket_takes_it() -> None:
    """Whatever the dossier, the report holds in a comment, and says how many rows it leaves out."""
    report = hostile_report()
    wide = document(report, OPTIONS, 20_000)

    assert len(render(large_report(4_000), OPTIONS).encode()) <= TICKET_BYTES
    assert len(wide.encode()) <= 20_000
    assert "dans le rapport complet" in wide


def test_the_headings_of_a_cut_report_stay() -> None:
    """A report cut short keeps its counts and the names of its parts."""
    text = document(sample_report(), OPTIONS, 8_000)

    assert "## Décompte" in text
    assert "## À apprécier sur place" in text


def test_a_dossier_not_judged_has_only_errors() -> None:
    """An invalid dossier gives its errors and no count."""
    text = render(invalid_report(), OPTIONS)

    assert [len(table) for table in tables_of(text)] == [3]
    assert "Décompte" not in text


def test_the_sample_of_hostile_text_is_hostile() -> None:
    """The text used here does become markup when it is not escaped: the tests above can fail."""
    kinds = {token.type for token in tokens_of("Texte " + HOSTILE.replace("\n", " "))}

    assert {"html_inline", "code_inline"} <= kinds
