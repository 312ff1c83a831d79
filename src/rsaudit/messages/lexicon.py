"""French sentences about lexicons: their patterns, their entries, their cases."""

from __future__ import annotations

from rsaudit.messages import NBSP
from rsaudit.messages import typographic as _t

TOO_LONG = _t("le motif est trop long : le couper en plusieurs")
TOO_DEEP = _t("trop de parenthèses l’une dans l’autre")
UNBALANCED = _t("une parenthèse n’est pas fermée, ou l’est sans être ouverte")
EMPTY_ALTERNATIVE = _t("un choix est vide : écrire un mot de chaque côté de la barre")
MATCHES_NOTHING = _t("le motif peut ne rien désigner : rendre au moins un mot obligatoire")


def unreadable(text: str) -> str:
    """Say that a piece of pattern is no word."""
    return _t(
        f"« {text} » n’est pas un mot : un motif est fait de mots, de « … » et de choix entre parenthèses"
    )


def unknown_class(name: str, known: list[str]) -> str:
    """Say that a class of words does not exist."""
    return _t(f"« <{name}> » n’existe pas ; il y a {', '.join(f'<{word}>' for word in known)}")


def wrong_gap(most: int) -> str:
    """Say how long a gap may be."""
    return _t(f"« … » va de 1 à {most} mots")


BOTH_CASES = _t("il faut au moins un texte que l’entrée relève, et un qu’elle laisse")


def wrong_entry(place: str, why: str) -> str:
    """Say where a lexicon is wrong."""
    return f"{place}{NBSP}: {why}."


def unknown_requirement(identifier: str) -> str:
    """Say that an entry names no exigence."""
    return _t(f"« {identifier} » n’est pas une exigence du référentiel")


def unknown_field(path: str) -> str:
    """Say that an entry proposes a field that does not exist."""
    return _t(f"« {path} » n’est pas un champ du dossier")


def unknown_word(path: str, value: object) -> str:
    """Say that an entry proposes a value its field does not admit."""
    return _t(f"« {path} » n’admet pas « {value} »")


def duplicate_entry(ruleset: str, identifier: str) -> str:
    """Say that two entries have one id."""
    return _t(f"{ruleset} : deux entrées du lexique s’appellent « {identifier} ».")
