"""Word patterns: what each construct finds, what it leaves, and a cost that no text and no pattern can blow up."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsaudit.phrases import PatternError, parse_pattern, scopes, words


def found(pattern: str, text: str) -> str | None:
    """Return the folded words of the first match, or `None`."""
    compiled = parse_pattern(pattern)
    for scope in scopes(text):
        span = compiled.find(scope)
        if span is not None:
            return " ".join(word.text for word in scope.words[span[0] : span[1] + 1])
    return None


@pytest.mark.parametrize(
    ("pattern", "text", "match"),
    [
        ("règlement intérieur", "Le REGLEMENT INTERIEUR", "reglement interieur"),
        ("interdit*", "sont interdites.", "interdites"),
        ("interdit", "sont interdites.", None),
        ("introduire d'alcool", "n’introduire d’alcool", "introduire d alcool"),
        ("passe-partout", "un passe‑partout", "passe partout"),
        ("cœur", "au cœur", "coeur"),
        ("efficace", "e\ufb03cace", "efficace"),
        ("(a | b c) d", "b c d", "b c d"),
        ("(a | b c) d", "b d", None),
        ("ne? peut", "il peut", "peut"),
        ("a …2 b", "a x y b", "a x y b"),
        ("a …2 b", "a x y z b", None),
        ("a … b", "a b", "a b"),
        ("a b", "a. b", None),
        ("a b", "art. b", None),
        ("art 5 b", "art. 5 b", "art 5 b"),
        ("a … b", "Il y a : x ; b", "a b"),
        ("x … b", "Il y a : x ; b", None),
        ("<heure>", "jusqu’à 21h30", "21 h"),
        ("<heure>", "jusqu’à 21 heures", "21 heures"),
        ("<heure>", "à minuit", "minuit"),
        ("<heure>", "21 jours", None),
        ("<montant>", "soit 1 234,50 €", "50 €"),
        ("<montant>", "soit 15 euros", "15 euros"),
        ("<duree>", "pendant trois mois", "trois mois"),
        ("<nombre> lits", "12 lits", "12 lits"),
    ],
)
def test_each_construct(pattern: str, text: str, match: str | None) -> None:
    """A pattern finds what it says, whatever accents, ligatures, apostrophes and hyphens, and nothing else."""
    assert found(pattern, text) == match


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(a",
        "a)",
        "a | | b",
        "…",
        "x?",
        "(a? | b?)",
        "<inconnu>",
        "a …0 b",
        "a …21 b",
        "*",
        "a*b",
        "?",
        "((((((a))))))",
        "a " * 300,
    ],
)
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    """What is no pattern, or could match nothing at all, is refused when it is read."""
    with pytest.raises(PatternError):
        parse_pattern(pattern)


@given(st.lists(st.sampled_from(["a", "b", "c", "ab", "x"]), max_size=12), st.integers(1, 3), st.booleans())
def test_same_as_a_regular_expression(text: list[str], gap: int, optional: bool) -> None:
    """A sequence with a gap and an alternative is met where the equivalent regular expression is."""
    mark = "?" if optional else ""
    pattern = parse_pattern(f"a (b | c x){mark} …{gap} (ab | x)")
    expected = re.search(
        rf"\ba (?:(?:b|c x) ){mark}(?:\w+ ){{0,{gap}}}(?:ab|x) ", "".join(f"{w} " for w in text)
    )
    scope = scopes(" ".join(text))

    assert bool(scope and pattern.find(scope[0])) == bool(expected)


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    """Any text is cut into words that stand where they are said to be, in order."""
    cut = words(text)

    assert all(text[word.start : word.end] for word in cut)
    assert [word.start for word in cut] == sorted(word.start for word in cut)
    assert sum(len(scope.words) - scope.lead for scope in scopes(text)) <= len(cut)


def test_the_cost_is_linear() -> None:
    """The pattern and the text that make backtracking engines explode take a time proportional to the text."""
    pattern = parse_pattern("a …20 a …20 a …20 a …20 a …20 z")
    (short,) = scopes("a " * 2_000)
    (long,) = scopes("a " * 8_000)

    def spent(scope: object) -> float:
        start = time.process_time()
        assert pattern.find(scope) is None  # type: ignore[arg-type]
        return time.process_time() - start

    assert spent(long) < 12 * max(spent(short), 0.01)
