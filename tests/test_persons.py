"""Signs of an identity are told and never repeated; places, bodies, references and dates are left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsaudit.persons import Sign, sign_of_heading, signs


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("M. Dupont a signé", Sign.NAME),
        ("Madame K. Hoarau", Sign.NAME),
        ("Mme\u00a0DUPONT", Sign.NAME),
        ("Jean Dupont, gardien", Sign.NAME),
        ("PAYET Marie-Claude", Sign.NAME),
        ("le résident Mohamed Ben Ali", Sign.NAME),
        ("appeler le 0692 12 34 56", Sign.TELEPHONE),
        ("tél. 06.92.12.34.56", Sign.TELEPHONE),
        ("+262 692 12 34 56", Sign.TELEPHONE),
        ("écrire à a.b@exemple.re", Sign.EMAIL),
        ("2 85 03 974 11 123 45", Sign.SOCIAL_SECURITY),
        ("1850397411123", Sign.SOCIAL_SECURITY),
        ("1 85 03 2A 004 123", Sign.SOCIAL_SECURITY),
        ("0692123456", Sign.TELEPHONE),
        ("né le 12/03/1985", Sign.BIRTH),
    ],
)
def test_signs(text: str, sign: Sign) -> None:
    """What tells who a person is, in its usual spellings."""
    assert signs(text) == [sign]


@pytest.mark.parametrize(
    "civility",
    [
        "M.",
        "MM.",
        "Mr",
        "Mr.",
        "Mme",
        "Mmes",
        "Mlle",
        "Mlles",
        "Messieurs",
        "Monsieur",
        "Madame",
        "Mesdames",
        "Mademoiselle",
        "Dr",
        "Docteur",
    ],
)
def test_every_civility(civility: str) -> None:
    """A civility before a capitalised word tells a name, wherever it stands in the text."""
    assert signs(f"{civility} Xyloz") == [Sign.NAME]
    assert signs(f"signé de ({civility}\u202fA. Xyloz)") == [Sign.NAME]


@pytest.mark.parametrize(
    "text",
    [
        "Madame la directrice",
        "M. le préfet",
        "12 rue Jean Jaurès",
        "Association Abbé Pierre",
        "résidence Claude Monet",
        "foyer Pierre et Marie Curie",
        "Saint-Denis, Sainte-Marie",
        "Saint Denis",
        "Cahier des charges de La Réunion",
        "Arrêté du 3 avril 2023",
        "SIRET 12345678900012",
        "convention 974/2024/01.80.416/123",
        "Avis du 14/04/2026, page 12",
        "du 01 02 2024 au 03 04 2024",
        "Procès-verbal n° 2024-0612",
        "1 234 567 890 €",
        "la résidence est née en centre-ville",
        "",
    ],
)
def test_no_sign(text: str) -> None:
    """A place, a body, a title, a reference, a date, a sum is no person."""
    assert signs(text) == []


def test_key_of_fifteen_digits() -> None:
    """Fifteen digits in a row are a social security number only with their key."""
    number = 1850397411123
    key = 97 - number % 97
    assert signs(f"{number}{key:02}") == [Sign.SOCIAL_SECURITY]
    assert signs(f"{number}{key % 97 + 1:02}") == []


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    """Any text is read, and nothing is found twice."""
    assert len(set(signs(text))) == len(signs(text))


@pytest.mark.parametrize(
    ("heading", "sign"),
    [
        ("Nom du résident", Sign.NAME),
        ("PRÉNOM", Sign.NAME),
        ("Date de naissance", Sign.BIRTH),
        ("N° de sécurité sociale", Sign.SOCIAL_SECURITY),
        ("Téléphone portable", Sign.TELEPHONE),
        ("E-mail", Sign.EMAIL),
        ("Nationalité", Sign.NATIONALITY),
        ("Numéro du logement", None),
        ("Nom du logement", None),
        ("Nom opération", None),
        ("Raison sociale bailleur", None),
        ("nombre", None),
        ("Réf. occupant", None),
    ],
)
def test_headings(heading: str, sign: Sign | None) -> None:
    """A column is known by its heading, whatever its capitals and accents."""
    assert sign_of_heading(heading) is sign


def test_a_free_text_is_warned_about(program: Any, tmp_path: Any) -> None:
    """A name in a free text is told with its place and not repeated; the dossier stays valid; a street is no person."""
    (tmp_path / "r.yaml").write_text(
        "residence:\n  format: 1\n  territoire: la_reunion\n  categorie: residence_sociale\n"
        "  adresse: 3 rue Jean Jaurès\n  gestionnaire: {denomination: Fondation Marie Durand}\n"
        "  precision: le gardien est Jean Dupont\n",
        "utf-8",
    )

    done = program("valider", "r.yaml", cwd=tmp_path)
    shown = done.stdout.decode().replace("\u00a0", " ").replace("\u202f", " ")

    assert done.returncode == 0
    assert "r.yaml : bien formé, 1 avertissement\n" in shown
    assert "r.yaml:7:3 : residence.precision : ce texte semble contenir un nom de personne" in shown
    assert "Dupont" not in shown
