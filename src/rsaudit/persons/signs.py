"""The signs of an identity in a free text, a cell or the heading of a column."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

from rsaudit.patterns import pattern


class Sign(StrEnum):
    """What a text seems to hold; the value is its French name."""

    NAME = "un nom de personne"
    BIRTH = "une date de naissance"
    TELEPHONE = "un numéro de téléphone"
    EMAIL = "une adresse électronique"
    SOCIAL_SECURITY = "un numéro de sécurité sociale"
    NATIONALITY = "une nationalité"
    HEALTH = "un état de santé"


_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_WORD = rf"{_CAPITAL}[\w’'-]+"
_CIVILITY = pattern(
    rf"(?<!\w)(?:M\.|MM\.|Mr\.?|Mmes?|Mlles?|Messieurs|Monsieur|Madame|Mesdames|Mademoiselle|Dr|Docteur)\s+(?:{_CAPITAL}\.\s*)?{_WORD}"
)
_PAIR = pattern(rf"(?<![\w’'-])(?=({_WORD})\s+({_WORD}))")
_BORN = pattern(r"(?<!\w)n[ée]e?(?:\(e\))?\s+(?:le|en|à)\s", re.IGNORECASE)
_TELEPHONE = pattern(
    r"(?<![\w.,/-])(?:(?:\+|00)[ .]?(?:33|262|508|59[046]|68[179])[ .]?(?:\(0\))?[ .]?[1-9]|0[1-9])(?:[ .-]?[0-9]{2}){4}(?![\w-])"
)
_EMAIL = pattern(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_SOCIAL_SECURITY = pattern(
    r"(?<![\w.,/-])[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:97[1-6] ?[0-9]{2}|(?:[0-9]{2}|2[AB]) ?[0-9]{3}) ?[0-9]{3}(?: ?[0-9]{2})?(?!\w)"
)
#: The fewest digits of each: most texts have less, and need not be searched. A department of Corsica has a letter.
_TELEPHONE_DIGITS, _SOCIAL_SECURITY_DIGITS = 10, 12
#: Every civility holds one of these; most texts hold none, and need not be searched either.
_CIVILITIES = ("M.", "Mr", "Mme", "Mlle", "Mes", "Mon", "Mad", "Dr", "Doc")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\t", " "))

_HEADINGS = {
    Sign.NAME: [
        "nom",
        "noms",
        "prenom",
        "prenoms",
        "patronyme",
        "patronymes",
        "civilite",
        "identite",
        "titulaire_nom",
        "locataire",
    ],
    Sign.BIRTH: ["naissance", "naissances", "ne", "nee", "age", "ages"],
    Sign.TELEPHONE: ["tel", "telephone", "telephones", "portable", "mobile"],
    Sign.EMAIL: ["email", "mail", "courriel", "courriels"],
    Sign.SOCIAL_SECURITY: ["nir", "insee_nir", "ssn"],
    Sign.NATIONALITY: ["nationalite", "nationalites"],
    Sign.HEALTH: ["sante", "pathologie", "pathologies", "handicap", "handicaps", "maladie"],
}
_PHRASES = {
    Sign.SOCIAL_SECURITY: ("securite sociale", "numero ss", "n ss", "no ss"),
    Sign.EMAIL: ("e mail", "adresse electronique"),
}
#: Headings that hold one of these words and name a thing.
_OF_A_THING = frozenset(
    [
        "residence",
        "commune",
        "logement",
        "programme",
        "operation",
        "bailleur",
        "gestionnaire",
        "proprietaire",
        "rue",
        "fichier",
    ]
)


def signs(text: str) -> list[Sign]:
    """Return what a text seems to tell of a person, in the order of `Sign`; most often nothing."""
    plain = text.translate(_SPACES)
    found = []
    if _has_civility(plain) or _has_full_name(plain):
        found.append(Sign.NAME)
    digits = sum(map(str.isdigit, plain))
    if digits and _BORN.search(plain):
        found.append(Sign.BIRTH)
    if digits >= _TELEPHONE_DIGITS and _TELEPHONE.search(plain):
        found.append(Sign.TELEPHONE)
    if "@" in plain and _EMAIL.search(plain):
        found.append(Sign.EMAIL)
    if digits >= _SOCIAL_SECURITY_DIGITS and any(
        _is_social_security(match.group()) for match in _SOCIAL_SECURITY.finditer(plain)
    ):
        found.append(Sign.SOCIAL_SECURITY)
    return found


def sign_of_heading(heading: str) -> Sign | None:
    """Return what a column or a key of this name would tell of a person, or `None`."""
    words = re.findall(r"[a-z0-9]+", folded(heading))
    joined = " ".join(words)
    for sign, phrases in _PHRASES.items():
        if any(phrase in joined for phrase in phrases):
            return sign
    if _OF_A_THING & set(words):
        return None
    return next((sign for sign, names in _HEADINGS.items() if set(names) & set(words)), None)


def folded(text: str) -> str:
    """Return a text without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


@cache
def first_names() -> frozenset[str]:
    """Return common first names, without accents. A few hundred: a sign, not a census."""
    return _words("prenoms.txt")


@cache
def _places() -> frozenset[str]:
    """Return the words after which two capitalised words name a place or a body."""
    return _words("lieux.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / name).read_text(encoding="utf-8").split())


def _has_civility(text: str) -> bool:
    return any(start in text for start in _CIVILITIES) and _CIVILITY.search(text) is not None


def _has_full_name(text: str) -> bool:
    """Say whether a first name stands beside a capitalised word that is no common word of a place or a body."""
    names = first_names()
    for match in _PAIR.finditer(text):
        first, second = (folded(word).strip("'’-") for word in match.groups())
        if names.isdisjoint(f"{first}-{second}".replace("’", "-").replace("'", "-").split("-")):
            continue
        before = re.findall(r"[\w]+", folded(text[: match.start()]))
        if not before or not _places() & set(before[-3:]):
            return not _places() & {first, second}
    return False


def _is_social_security(text: str) -> bool:
    """Check the key of fifteen digits in a row; thirteen digits, or groups as on a card, are enough of a sign."""
    digits = text.replace(" ", "").replace("2A", "19").replace("2B", "18")
    if len(digits) == 13 or " " in text:
        return True
    return int(digits[13:]) == 97 - int(digits[:13]) % 97
