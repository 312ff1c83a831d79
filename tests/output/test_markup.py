"""What a page has by hundreds, written without a template: escaped as a template would."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from rsaudit.model import VERDICT_ORDER, Severity, Verdict
from rsaudit.output import shapes
from rsaudit.output.markup import badge, escaped, listed_labels, named

TEXTS = st.text(st.sampled_from("&<>\"'\0\n é–") | st.characters(codec="utf-8"), max_size=12)


@given(st.lists(TEXTS, max_size=6))
def test_texts_escaped_together_are_as_escaped_apart(texts: list[str]) -> None:
    """Whatever they hold, what stands between them included, each is escaped as it would be alone."""
    assert escaped(texts) == [str(escape(one)) for one in texts]


@given(TEXTS)
def test_a_drawing_escapes_as_the_library_does(words: str) -> None:
    """The words of a drawing are written as `html.escape` writes them."""
    assert f">{html.escape(words)}</text>" in shapes.text(0, 0, words)


def test_a_label_that_looks_like_a_code_is_written_as_one() -> None:
    """A short label without space is a code; no label is taken for markup."""
    assert named(("C-003", "le <b>hall</b>", "<i>")) == (
        '<span class="code">C-003</span>, le &lt;b&gt;hall&lt;/b&gt;, <span class="code">&lt;i&gt;</span>'
    )
    assert named(()) == ""
    assert named(("x" * 24, "x" * 25)) == f'<span class="code">{"x" * 24}</span>, {"x" * 25}'


def test_labels_are_shortened_when_that_spares_some() -> None:
    """Beyond a limit the others are counted, never a single one."""
    assert listed_labels(("a b", "c d", "e f"), 2) == "a b, c d, e f"
    assert listed_labels(("a b", "c d", "e f", "g h"), 2) == "a b, c d et 2 autres"


def test_each_conclusion_has_its_badge() -> None:
    """Sign, words and look tell the conclusions and the gravities apart."""
    every = [badge(one) for one in VERDICT_ORDER] + [badge(Verdict.ECART, one) for one in Severity]

    assert len(set(every)) == len(every)
    assert badge(Verdict.ECART, Severity.MAJEUR) == (
        '<span class="verdict v-ecart g-majeur">✗ Écart majeur</span>'
    )
    assert badge(Verdict.NON_CONCERNE, None, True) == (
        '<span class="verdict v-non_concerne">– Pas encore dû</span>'
    )
