"""Lexicons: each case of each entry, what a broken one says, and hits placed where a person will look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rsaudit.cli.session import Session
from rsaudit.documents.model import Paragraph
from rsaudit.errors import RulesetError
from rsaudit.lexicon import Kind, Lexicon, load_lexicon, review
from rsaudit.lexicon.search import matches
from rsaudit.phrases import Present, scopes

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.lexicon import Review

_SESSION = Session()
_LEXICONS = [lexicon for folder in _SESSION.shipped() if (lexicon := _SESSION.lexicon(folder))]
_CASES = [
    pytest.param(entry, text, wanted, id=f"{lexicon.ruleset}/{entry.id}/{rank}")
    for lexicon in _LEXICONS
    for entry in lexicon.entries
    for rank, (text, wanted) in enumerate(entry.cases, 1)
]
REUNION = next(lexicon for lexicon in _LEXICONS if lexicon.ruleset == "reunion")


@pytest.mark.parametrize(("entry", "text", "wanted"), _CASES)
def test_case(entry: object, text: str, wanted: bool) -> None:
    """An entry is met in the texts it must be met in, and leaves its false friends."""
    assert matches(entry, text) is wanted  # type: ignore[arg-type]


def paragraphs(*texts: str, items: tuple[int, ...] = ()) -> list[Paragraph]:
    """Return numbered paragraphs, all under one clause."""
    return [
        Paragraph(number=n, text=text, clause="article 1", pages=((0, n),), is_item=n in items)
        for n, text in enumerate(texts, 1)
    ]


def sought(*texts: str, items: tuple[int, ...] = (), document: str = "reglement_interieur") -> Review:
    """Seek the shipped lexicon in paragraphs."""
    return review(paragraphs(*texts, items=items), REUNION, document)


def ids(found: Review) -> list[str]:
    """Return the ids of the doubtful passages."""
    return [hit.entry.id for hit in found.doubtful]


def test_a_hit_says_where_and_shows_the_sentence() -> None:
    """A hit names its paragraph, its page and its clause, and quotes its sentence alone."""
    (hit,) = sought(
        "Bienvenue.", "Ici, on se respecte. La présence d’animaux est impossible. Merci."
    ).doubtful

    assert (hit.paragraph, hit.page, hit.clause) == (2, 2, "article 1")
    assert hit.excerpt == "La présence d’animaux est impossible."


def test_an_enumeration_is_read_with_its_introduction() -> None:
    """An item of a list is read after the sentence that introduces it, be they one paragraph or several."""
    assert ids(sought("Il est interdit :", "d’introduire de l’alcool ;", "de fumer.", items=(2, 3))) == [
        "alcool-interdit"
    ]
    assert ids(sought("Il est conseillé :", "d’éviter l’alcool.", items=(2,))) == []


@pytest.mark.parametrize(
    "text",
    [
        "La présence d’ani-\nmaux est inter-\ndite.",
        "La présence d’ani\u00admaux est inter\u00addite.",
        "LA PRESENCE D'ANIMAUX EST INTERDITE.",
        "La pre\u0301sence d’animaux est interdite.",
        "La présence\nd’animaux\nest interdite.",
    ],
)
def test_typography_hides_nothing(text: str) -> None:
    """Words cut at a line end, soft hyphens, capitals, combined accents and line breaks are read through."""
    assert ids(sought(text)) == ["animaux-interdits"]


def test_a_compound_cut_at_its_hyphen_is_read_too() -> None:
    """« passe-partout » cut at its own hyphen is still two words."""
    assert ids(sought("La direction détient un passe-\npartout.")) == ["entree-sans-demande"]


def test_the_page_of_a_word_after_cut_ones() -> None:
    """The page told is that of the passage, even after words joined on the page before."""
    text = "Un règle-\nment inté-\nrieur.\nLes animaux sont interdits."
    place = text.index("Les animaux")
    (hit,) = review(
        [Paragraph(number=1, text=text, clause=None, pages=((0, 1), (place, 2)))],
        REUNION,
        "reglement_interieur",
    ).doubtful

    assert hit.page == 2


def test_expected_mentions() -> None:
    """What is expected is found once, or told absent; entries for another kind of document are not sought."""
    found = sought("Le conseil de concertation se réunit.", "Le conseil de concertation donne son avis.")

    assert [hit.paragraph for hit in found.expected if hit.entry.id == "conseil-de-concertation"] == [1]
    assert "reste-a-vivre" in {entry.id for entry in found.absent}
    assert all(entry.kind is Kind.EXPECTED for entry in found.absent)
    assert "mention-resiliation" not in {entry.id for entry in found.absent}
    assert "mention-resiliation" in {entry.id for entry in sought("Rien.", document="contrat").absent}


GOOD = """theme: Essai
entrees:
- id: un
  titre: Un
  nature: a_relire
  documents: [reglement_interieur]
  motifs: ["chat*"]
  pourquoi: Parce que.
  exigences: [X-1]
  propose:
  - { champ: reglement_interieur.animaux, valeur: interdits }
  cas:
  - { texte: un chat, releve: oui }
  - { texte: un chien, releve: non }
"""


def loaded(folder: Path, text: str) -> Lexicon | None:
    """Load a lexicon of one file."""
    (folder / "lexique").mkdir()
    (folder / "lexique/essai.yaml").write_text(text, encoding="utf-8")
    return load_lexicon(folder, _SESSION.schemas, ["X-1"])


def test_a_good_lexicon(tmp_path: Path) -> None:
    """A good file is read; a référentiel without the folder has no lexicon."""
    assert load_lexicon(tmp_path, _SESSION.schemas, []) is None
    lexicon = loaded(tmp_path, GOOD)

    assert lexicon is not None
    assert [entry.id for entry in lexicon.entries] == ["un"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chat*", "(chat", "essai.yaml:7:"),
        ("X-1", "X-2", "« X-2 »"),
        ("reglement_interieur.animaux", "reglement_interieur.animal", "n’est pas un champ"),
        ("valeur: interdits", "valeur: interdit", "n’admet pas"),
        ("releve: non", "releve: oui", "qu’elle laisse"),
        ("nature: a_relire", "nature: autre", "essai.yaml:5"),
        ("pourquoi: Parce que.", "pourqoui: x", "pourqoui"),
        ("entrees:\n", "entrees:\n" + GOOD.split("entrees:\n", 1)[1], "deux entrées"),
    ],
)
def test_a_broken_lexicon_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A pattern, a field, a word, an exigence or a case that is wrong stops the run, naming the file."""
    with pytest.raises(RulesetError) as caught:
        loaded(tmp_path, GOOD.replace(old, new, 1))

    assert said.replace(" ", "\u00a0") in str(caught.value).replace(" ", "\u00a0")


def test_nothing_is_put_aside_that_would_be_found() -> None:
    """The quick look at the words of a sentence never hides a match, whatever the pattern and the text."""
    texts = [scope for entry in REUNION.entries for text, _ in entry.cases for scope in scopes(text)]
    met = 0
    for entry in REUNION.entries:
        for pattern in (*entry.patterns, *entry.exceptions):
            for scope in texts:
                if pattern.find(scope) is not None:
                    met += 1
                    assert pattern.may_be_in(Present(scope)), pattern.text
    assert met > len(REUNION.entries)
