"""Every construct of the language on a small residence, and everything it refuses."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsaudit.conditions import (
    ExpressionError,
    NotInForce,
    NotUnique,
    OffScale,
    ParameterDeclaration,
    ParameterEntry,
    Scope,
    Silent,
    Unknown,
    parse,
    unparse,
)

from .small import CATALOGUE, checked, computed, told, worth

_TRUTHS = {"vrai": True, "faux": False, "inconnu": None}


def _known(**foyer: Any) -> dict[str, Any]:
    return {name: value for name, value in foyer.items() if value is not None}


def _complete(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"etendue": "complete", "lignes": list(rows)}


def _sample(total: int | None, *rows: dict[str, Any]) -> dict[str, Any]:
    return {"etendue": "echantillon", "lignes": list(rows)} | (
        {} if total is None else {"effectif_total": total}
    )


# -- logic -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, "inconnu", True),
        (False, True, False, True),
        (False, False, False, False),
        (False, None, False, "inconnu"),
        (None, True, "inconnu", True),
        (None, False, False, "inconnu"),
        (None, None, "inconnu", "inconnu"),
    ],
)
def test_kleene_tables(left: Any, right: Any, both: Any, either: Any) -> None:
    """`et` and `ou` of three values."""
    data = _known(meuble=left, collectif=right)

    assert told("foyer.meuble et foyer.collectif", **data) == both
    assert told("foyer.meuble ou foyer.collectif", **data) == either


@pytest.mark.parametrize(("value", "expected"), [(True, False), (False, True), (None, "inconnu")])
def test_negation(value: Any, expected: Any) -> None:
    """`non` of three values."""
    assert told("non foyer.meuble", **_known(meuble=value)) == expected


def test_precedence() -> None:
    """`non` binds before `et`, `et` before `ou`."""
    assert told("foyer.meuble ou foyer.meuble et non foyer.meuble", meuble=True) is True
    assert unparse(parse("((non a) et b) ou c")) == "non a et b ou c"


# -- arithmetic and comparisons --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        (
            "foyer.redevance + foyer.charges",
            {"redevance": Decimal("0.1"), "charges": Decimal("0.2")},
            Decimal("0.3"),
        ),
        ("foyer.places - foyer.occupees", {"places": 10}, (-290, 10)),
        ("foyer.places * foyer.ecart", {"places": 2, "ecart": -3}, -6),
        ("foyer.places * foyer.occupees", {"places": 2}, (0, 600)),
        ("foyer.ecart * foyer.places", {"ecart": -1}, (-300, 0)),
        ("foyer.places / foyer.occupees", {"places": 1, "occupees": 3}, Fraction(1, 3)),
        ("foyer.places / foyer.occupees", {"places": 1}, "inconnu"),
        ("foyer.places / foyer.occupees", {"places": 1, "occupees": 0}, "inconnu"),
        ("foyer.surface / (foyer.occupees + 1)", {"surface": 14}, (Fraction(14, 301), 14)),
        ("-foyer.places", {"places": 3}, -3),
        ("-foyer.places", {}, (-300, 0)),
        ("foyer.taux", {"taux": 30}, Decimal("0.30")),
        ("foyer.taux", {}, (0, 1)),
        ("foyer.taux * foyer.redevance", {"taux": 50, "redevance": 10}, 5),
        ("arrondi(foyer.ecart, 1)", {"ecart": Decimal("0.25")}, Decimal("0.3")),
        ("arrondi(foyer.ecart, 0)", {"ecart": Decimal("2.5")}, 3),
        ("plus_petit(foyer.places, foyer.occupees)", {"places": 5}, (0, 5)),
        ("plus_grand(foyer.places, foyer.occupees)", {"places": 5}, (5, 300)),
        ("foyer.places <= foyer.occupees", {"places": 0}, True),
        ("foyer.places < foyer.occupees", {"places": 300}, False),
        ("foyer.places <= foyer.occupees", {"places": 1}, "inconnu"),
        ("foyer.places = foyer.occupees", {}, "inconnu"),
        ("foyer.places = foyer.places", {}, "inconnu"),
        ("foyer.surface = 0", {}, False),
        ("foyer.surface != 0", {}, True),
        ("foyer.places = 1", {"places": 1}, True),
        ("foyer.taux = seuil", {"taux": 30}, True),
    ],
)
def test_arithmetic_and_comparisons(text: str, data: dict[str, Any], expected: Any) -> None:
    """Numbers are exact, and bounded when unknown."""
    assert told(text, **data) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Les Épicéas", "LES ÉPICÉAS", True),
        ("l’Orée", "l'Orée", True),
        ("Saint-Jean", "Saint\u2011Jean", True),
        (" La\u00a0Cité ", "la cité", True),
        ("e\u0301t\u00e9", "été", True),
        ("Orée", "Oree", False),
        ("Orée", None, "inconnu"),
    ],
)
def test_texts(left: str, right: str | None, expected: Any) -> None:
    """Texts are equal but for case, spaces, hyphens, apostrophes."""
    assert told("foyer.nom = foyer.ville", **_known(nom=left, ville=right)) == expected


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("foyer.statut = ouverte", {"statut": "ouverte"}, True),
        ("foyer.statut != ouverte", {"statut": "ouverte"}, False),
        ("foyer.statut = ouverte", {}, "inconnu"),
        ("foyer.statut dans [ouverte, fermee]", {"statut": "fermee"}, True),
        ("lit dans foyer.equipements", {"equipements": ["lit"]}, True),
        ("lit dans foyer.equipements", {"equipements": []}, False),
        ("lit dans foyer.equipements", {}, "inconnu"),
        ("foyer.gestion = aucun", {"gestion": "aucun"}, True),
        ("foyer.depot = non_mentionne", {"depot": 12}, False),
        ("foyer.depot = non_mentionne", {"depot": "aucun"}, False),
        ("foyer.depot = non_mentionne", {"depot": "non_mentionne"}, True),
        ("foyer.depot = non_mentionne", {}, "inconnu"),
        ("existe(foyer.depot)", {"depot": "aucun"}, False),
        ("existe(foyer.depot)", {"depot": 1}, True),
        ("existe(foyer.depot)", {}, "inconnu"),
        ("existe(foyer.depot) et foyer.depot <= plafond", {"depot": "aucun"}, False),
        ("existe(foyer.depot) et foyer.depot <= plafond", {"depot": 200}, True),
        ("a_defaut(foyer.depot, 0)", {"depot": "aucun"}, 0),
        ("a_defaut(foyer.depot, 0)", {}, "inconnu"),
        ("a_defaut(foyer.depot, 0)", {"depot": 5}, 5),
        ("etabli(foyer.meuble, foyer.places)", {"meuble": True, "places": 2}, 2),
        ("etabli(foyer.meuble, foyer.places)", {"meuble": False, "places": 2}, "inconnu"),
        ("recouper(foyer.places, foyer.occupees)", {"places": 2}, 2),
        ("recouper(foyer.places, foyer.occupees)", {"places": 2, "occupees": 3}, "inconnu"),
    ],
)
def test_words_and_silence(text: str, data: dict[str, Any], expected: Any) -> None:
    """Words, lists of words, and what a document does not say."""
    assert told(text, **data) == expected


@pytest.mark.parametrize("absent", [{}, {"places": None}])
def test_null_is_absent(absent: dict[str, Any]) -> None:
    """`null` is unknown, like an absent key."""
    assert told("foyer.places", **absent) == (0, 300)


def test_a_silent_word_is_the_cause() -> None:
    """An operation on a silent word is unknown because of that word."""
    (cause,) = worth("foyer.depot = non_mentionne ou foyer.depot < plafond", depot="aucun").causes
    assert isinstance(cause, Silent)
    assert cause.word == "aucun"


def test_causes_are_those_of_the_unknown_operands() -> None:
    """`et` keeps the causes of its unknown operands only."""
    value = worth("foyer.meuble et foyer.collectif et foyer.places = 1", collectif=True, places=1)
    assert [cause.key for cause in value.causes] == ["meuble"]


# -- dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("foyer.ouverture + 1 mois", {"ouverture": "2026-01-31"}, date(2026, 2, 28)),
        ("foyer.ouverture + 1 an", {"ouverture": "2024-02-29"}, date(2025, 2, 28)),
        ("foyer.ouverture + 1 jour", {"ouverture": "2026-12-31"}, date(2027, 1, 1)),
        ("foyer.ouverture - 1 mois", {"ouverture": "2026-03-31"}, date(2026, 2, 28)),
        ("foyer.ouverture + trois * 1 mois", {"ouverture": "2026-01-31"}, date(2026, 4, 30)),
        (
            "foyer.fermeture <= foyer.ouverture + 1 mois",
            {"ouverture": "2026-01-15", "fermeture": "2026-02-15"},
            True,
        ),
        (
            "foyer.fermeture <= foyer.ouverture + 1 mois",
            {"ouverture": "2026-01-15", "fermeture": "2026-02-16"},
            False,
        ),
        ("foyer.ouverture <= date_audit", {"ouverture": "2026-06-30"}, True),
        (
            "jours(foyer.ouverture, foyer.fermeture)",
            {"ouverture": "2026-01-01", "fermeture": "2026-01-31"},
            30,
        ),
        ("jours(foyer.ouverture, foyer.fermeture)", {"ouverture": "2026-01-01"}, "inconnu"),
        ("annee(foyer.ouverture)", {"ouverture": "2026-05-01"}, 2026),
        ("date(annee(foyer.ouverture), 1, 1)", {"ouverture": "2026-05-01"}, date(2026, 1, 1)),
        ("foyer.preavis = foyer.delai", {"preavis": "12 mois", "delai": "1 an"}, True),
        ("foyer.preavis < foyer.delai", {"preavis": "8 jours", "delai": "1 mois"}, True),
        ("foyer.preavis <= foyer.delai", {"preavis": "30 jours", "delai": "1 mois"}, "inconnu"),
        ("foyer.preavis <= delai_legal", {"preavis": "28 jours"}, True),
        ("nombre(a dans annees(foyer.ouverture, date_audit))", {"ouverture": "2024-12-31"}, 3),
        ("nombre(d dans echeances(1, 1, foyer.ouverture, date_audit))", {"ouverture": "2024-01-01"}, 3),
        (
            "un(d dans echeances(1, 1, foyer.ouverture, date_audit) : d = foyer.fermeture)",
            {"ouverture": "2024-02-01", "fermeture": "2025-01-01"},
            True,
        ),
    ],
)
def test_dates(text: str, data: dict[str, Any], expected: Any) -> None:
    """Calendar dates, delays, years and deadlines."""
    assert told(text, **data) == expected


# -- lists -----------------------------------------------------------------------------------------------

_TWO = _complete({"lits": 1, "occupee": True}, {"lits": 3, "occupee": False})
_ONE_POSSIBLE = _complete({"lits": 1, "occupee": True}, {"lits": 3})
_SHORT = _sample(2, {"lits": 1, "occupee": True})
_ALL = "r dans foyer.chambres"
_OCCUPIED = "r dans foyer.chambres où r.occupee"


@pytest.mark.parametrize(
    ("text", "chambres", "expected"),
    [
        (f"nombre({_ALL})", [], 0),
        (f"nombre({_ALL})", None, (0, None)),
        (f"nombre({_ALL})", [{"lits": 1}], (1, None)),
        (f"nombre({_ALL})", _TWO, 2),
        (f"nombre({_ALL})", _SHORT, 2),
        (f"nombre({_ALL})", _sample(None, {}), (1, None)),
        (f"nombre({_ALL})", {"etendue": "echantillon", "effectif_total": 7}, 7),
        (f"nombre({_OCCUPIED})", _ONE_POSSIBLE, (1, 2)),
        (f"nombre({_OCCUPIED})", _SHORT, (1, 2)),
        (f"somme({_ALL} : r.lits)", _TWO, 4),
        (f"somme({_ALL} : r.lits)", _complete({"lits": 1}, {}), (1, 5)),
        (f"somme({_ALL} : r.lits)", _SHORT, (1, 5)),
        (f"somme({_OCCUPIED} : r.lits)", _ONE_POSSIBLE, (1, 4)),
        (f"somme({_OCCUPIED} : -r.lits)", _ONE_POSSIBLE, (-4, -1)),
        (f"tous({_ALL} : r.occupee)", [], True),
        (f"un({_ALL} : r.occupee)", [], False),
        (f"tous({_ALL} : r.occupee)", _TWO, False),
        (f"tous({_ALL} : r.occupee)", _SHORT, "inconnu"),
        (f"un({_ALL} : r.occupee)", _SHORT, True),
        (f"un({_ALL} : non r.occupee)", _SHORT, "inconnu"),
        (f"tous({_OCCUPIED} : r.lits <= 1)", _ONE_POSSIBLE, "inconnu"),
        (f"un({_OCCUPIED} : r.lits <= 1)", _ONE_POSSIBLE, True),
        (f"part({_ALL} : r.occupee)", _TWO, Fraction(1, 2)),
        (f"part({_ALL} : r.occupee)", _SHORT, (Fraction(1, 2), 1)),
        (f"part({_ALL} : r.occupee)", [], "inconnu"),
        (f"part({_OCCUPIED} : r.lits <= 1)", _ONE_POSSIBLE, (Fraction(1, 2), 1)),
        (f"min({_ALL} : r.lits)", _TWO, 1),
        (f"max({_ALL} : r.lits)", _TWO, 3),
        (f"min({_ALL} : r.lits)", _SHORT, (0, 1)),
        (f"max({_ALL} : r.lits)", _SHORT, (1, 4)),
        (f"min({_ALL} : r.lits)", _sample(1), (0, 4)),
        (f"max({_OCCUPIED} : r.lits)", _ONE_POSSIBLE, (1, 3)),
        (f"min({_ALL} : r.lits)", [], "inconnu"),
        (f"distincts({_ALL} : r.lits)", _complete({"lits": 1}, {"lits": 1}), 1),
        (f"distincts({_ALL} : r.lits)", _complete({"lits": 1}, {}), (1, 2)),
        (f"distincts({_ALL} : r.lits)", _SHORT, (1, 2)),
        (f"le_seul({_OCCUPIED}).lits", _TWO, 1),
        (f"le_seul({_OCCUPIED}).lits", _ONE_POSSIBLE, "inconnu"),
        (f"le_seul({_ALL}).lits", _TWO, "inconnu"),
        (f"le_seul({_ALL}).lits", [], "inconnu"),
    ],
)
def test_lists(text: str, chambres: Any, expected: Any) -> None:
    """Lists whole, sampled, absent, filtered by what is known or not."""
    assert told(text, **_known(chambres=chambres)) == expected


@pytest.mark.parametrize("most", ["foyer.depot", f"max({_ALL} : foyer.depot)", f"min({_ALL} : foyer.depot)"])
@pytest.mark.parametrize("depot", ["aucun", None])
def test_an_extreme_of_silent_words_has_no_bound(most: str, depot: str | None) -> None:
    """What the document does not say bounds nothing, alone or as an extreme: no comparison with it is decided."""
    text = f"plus_petit({most}, foyer.redevance) > foyer.charges"
    assert isinstance(computed(text, depot=depot, redevance=100, charges=200, chambres=_TWO), Unknown)


@pytest.mark.parametrize(
    ("chambres", "kind"),
    [(_complete(), "aucun"), (_complete({}, {}), "plusieurs")],
)
def test_le_seul_says_why(chambres: Any, kind: str) -> None:
    """No item, or several: the cause says which."""
    (cause,) = worth(f"le_seul({_ALL}).lits", chambres=chambres).causes
    assert isinstance(cause, NotUnique)
    assert cause.kind == kind


def test_references_are_walked_both_ways() -> None:
    """From a contract to its room, and from a room to its contracts."""
    data = {
        "chambres": _complete({"code": "A1", "lits": 1}, {"code": "A2", "lits": 2}),
        "contrats": _complete({"chambre": "a1", "signe": True}),
    }
    assert told("somme(c dans foyer.contrats : c.chambre.lits)", **data) == 1
    assert told("nombre(r dans foyer.chambres où un(c dans r.contrats : c.signe))", **data) == 1


# -- parameters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("plafond", {}, 200),
        ("plafond(au: foyer.ouverture)", {"ouverture": "2025-12-31"}, 100),
        ("plafond(au: foyer.ouverture)", {"ouverture": "2026-01-01"}, 200),
        ("plafond(au: foyer.ouverture)", {"ouverture": "2024-12-31"}, "inconnu"),
        ("plafond(au: foyer.ouverture)", {}, "inconnu"),
        ("surface_minimale[foyer.places]", {"places": 2}, 16),
        ("surface_minimale[foyer.places]", {"places": 9}, 30),
        ("surface_minimale[foyer.places]", {"places": 3}, "inconnu"),
        ("surface_minimale[foyer.places]", {}, "inconnu"),
        ("bareme[foyer.nature]", {}, (10, 30)),
        ("bareme[foyer]", {}, "error"),
        ("bareme[pension]", {}, 30),
        ("bareme[pension](au: foyer.ouverture)", {"ouverture": "2020-01-01"}, 30),
        ("seuil", {}, Decimal("0.3")),
    ],
)
def test_parameters(text: str, data: dict[str, Any], expected: Any) -> None:
    """Dated values and tables."""
    if expected == "error":
        with pytest.raises(ExpressionError):
            told(text, **data)
    else:
        assert told(text, **data) == expected


@pytest.mark.parametrize(
    ("text", "data", "cause"),
    [
        ("plafond(au: foyer.ouverture)", {"ouverture": "2024-12-31"}, NotInForce),
        ("surface_minimale[foyer.places]", {"places": 3}, OffScale),
    ],
)
def test_parameters_say_why(text: str, data: dict[str, Any], cause: type) -> None:
    """Not in force, off the scale: the cause says so."""
    assert isinstance(worth(text, **data).causes[-1], cause)


def test_overlapping_entries_are_refused() -> None:
    """Two values on one day are an error."""
    entries = (ParameterEntry(value=1), ParameterEntry(since=date(2026, 1, 1), value=2))
    with pytest.raises(ExpressionError, match="chevauchent"):
        Scope(CATALOGUE, (), [ParameterDeclaration(name="p", type="nombre", entries=entries)])


# -- refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("foyer.plases = 1", "champ inconnu"),
        ("foier.places = 1", "nom inconnu"),
        ("foyer.statut = ouvert", "ouvert"),
        ("foyer.redevance <= foyer.surface", "unités différentes"),
        ("foyer.redevance + foyer.surface", "unités différentes"),
        ("foyer.redevance * foyer.surface", "deux unités"),
        ("foyer.redevance < foyer.places", "unités différentes"),
        ("foyer.places <= 30", "seuls 0 et 1"),
        ("foyer.ouverture + 3 mois", "seuls 0 et 1"),
        ("0 <= foyer.places", "condition toujours vraie"),
        ("foyer.places < 0", "condition toujours fausse"),
        ("vrai", "condition toujours vraie"),
        ("foyer.depot <= plafond", "n’a pas été testé"),
        ("foyer.nom < foyer.ville", "pas d’ordre"),
        ("foyer.places = foyer.nom", "ne compare pas"),
        ("foyer.places et foyer.meuble", "attendu"),
        (
            "un(r dans foyer.chambres : un(s dans foyer.chambres : s.lits < r.lits))",
            "à l’intérieur d’elle-même",
        ),
        ("foyer.fermeture - foyer.ouverture", "ne se retranche pas"),
        ("foyer.ouverture + foyer.places", "ne s’ajoute pas"),
        ("foyer.chambres.lits = 1", "lits"),
        ("foyer.statut = foyer.nature", ""),
        ("foyer.statut", ""),
        ("plafond[1] = 0", ""),
        ("bareme <= plafond", "clés"),
        ("existe(1)", ""),
    ],
)
def test_what_is_refused_when_a_ruleset_loads(text: str, message: str) -> None:
    """A mistake is said before any dossier is read."""
    if text == "foyer.statut":
        assert checked(text).kind == "word"
        return
    with pytest.raises(ExpressionError) as error:
        checked(text)
    assert message in str(error.value).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_nearest_name_is_proposed() -> None:
    """An unknown field is answered by the one it looks like."""
    with pytest.raises(ExpressionError) as error:
        checked("foyer.plases = 1")
    assert "places" in str(error.value.hint)
    assert error.value.column == 7


# -- text and tree ---------------------------------------------------------------------------------------

_TEXTS = [
    "vrai",
    "foyer.meuble et (foyer.collectif ou non foyer.meuble)",
    "non (a et b)",
    "(a + b) * c / d - -e",
    "a - (b - c)",
    "a / (b * c)",
    'nom = "Les Épicéas"',
    "x dans [a, b]",
    "x dans []",
    "p[k, 1](au: d + 1 mois)",
    "p(au: d)",
    "somme(r dans foyer.chambres où r.occupee : r.lits * 0.5)",
    "le_seul(r dans foyer.chambres où r.occupee).lits <= 1",
    "tous(r dans foyer.chambres : existe(r.code) et r.code != aucun)",
    "un(d dans echeances(1, 1, a, b) : d < date_audit)",
    "(a < b) = c",
]


@pytest.mark.parametrize("text", _TEXTS)
def test_reading_back_gives_the_same_tree(text: str) -> None:
    """Written again and read again, an expression says the same."""
    node = parse(text)

    assert unparse(parse(unparse(node))) == unparse(node)


# -- hostile texts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "(" * 1000,
        "(" * 40 + "a" + ")" * 40,
        "non " * 400 + "a",
        "-" * 500 + "a",
        "a" + ".b" * 400,
        "[" * 500,
        "a et " * 400 + "a",
        "9" * 400,
        "x" * 2001,
        "1 < 2 < 3",
        "__import__('os')",
        "a; b",
        "a\x00b",
        "été = 1",
        '"ouvert',
        "a == b",
        "un(x dans y)",
        "nombre(x dans y ou z)",
        "foyer.",
        "f(x)",
    ],
)
def test_hostile_texts_are_refused(text: str) -> None:
    """Whatever is written, the answer is an error of the language."""
    with pytest.raises(ExpressionError):
        checked(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text breaks the reader."""
    try:
        checked(text)
    except ExpressionError:
        return


@pytest.mark.parametrize("seed", range(200))
def test_any_words_are_read_or_refused(seed: int) -> None:
    """No sequence of words of the language breaks the reader, the checker or the printer."""
    chosen = random.Random(seed)  # noqa: S311 - no secret
    words = [
        *"()[],.:=<>+-*/",
        "et",
        "ou",
        "non",
        "où",
        "dans",
        "tous",
        "un",
        "nombre",
        "le_seul",
        "r",
        "foyer",
    ]
    words += [
        "places",
        "chambres",
        "plafond",
        "bareme",
        "existe",
        "1",
        "mois",
        "0",
        "au",
        '"a"',
        "vrai",
        "a_defaut",
    ]
    text = " ".join(chosen.choices(words, k=chosen.randint(1, 14)))
    try:
        checked(text)
    except ExpressionError:
        return
