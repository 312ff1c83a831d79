"""French sentences about what a dossier may hold."""

from __future__ import annotations

from typing import Any

from rsaudit.messages import NBSP, count_noun, typographic

BROKEN_SCHEMA_HINT = "L’installation de rsaudit est abîmée : la refaire."
VALIDATORS_DISAGREE = "Les deux validateurs de schéma se contredisent sur ce dossier : il n’est pas jugé."
VALIDATORS_DISAGREE_HINT = "C’est un défaut de rsaudit, pas du dossier : signaler le message et la version."
NOTHING = "une valeur vide"
LIST = "une liste"
BLOCK = "un bloc de clés"
REQUIRED = "cette clé est obligatoire."
YES_OR_NO = typographic("écrire « oui » ou « non », ou ôter la clé si on ne sait pas")
A_DATE = "une date (2026-09-30)"
A_REAL_DATE = typographic("écrire un jour qui existe, sous la forme AAAA-MM-JJ")
A_NUMBER = "un nombre (1234.50)"
AN_INTEGER = "un nombre entier"
A_TEXT = "un texte"
A_LIST = "une liste"
A_BLOCK = "un bloc de clés"
OTHER = "écrire une valeur de la forme que décrit le schéma"
PERSON = typographic(
    "le dossier ne recueille ni identité, ni naissance, ni nationalité, ni santé : ôter cette clé et désigner la personne par un code."
)
OUTSIDE_CONVENTION = typographic(
    " Un logement vu mais absent de la convention s’ajoute à la table avec « hors_convention: oui »."
)
_LONGEST_LIST = 14


def broken_schema(name: str) -> str:
    """Say that a shipped schema cannot be read."""
    return f"Le schéma « {name} » ne se lit pas."


def text_of(length: int) -> str:
    """Say the size of a text that must not be shown."""
    return f"un texte de {count_noun(length, 'caractère')}"


def instead(found: str, expected: str) -> str:
    """Say what was found, and what to write."""
    return typographic(f"trouvé {found} ; {expected}.")


def wanted(expectation: str) -> str:
    """Turn an expectation into what to write."""
    return f"écrire {expectation}"


def either(parts: list[str]) -> str:
    """Join the branches of a union."""
    return " ou ".join(dict.fromkeys(parts))


def word(value: Any) -> str:
    """Write a word of an enumeration as it is typed."""
    return str(value)


def one_of(words: list[str]) -> str:
    """List the words admitted."""
    if len(words) == 1:
        return f"« {words[0]} »"
    if len(words) > _LONGEST_LIST:
        return f"l’un des mots {', '.join(words[:_LONGEST_LIST])}…"
    return f"l’un des mots {', '.join(words)}"


def near(close: list[str]) -> str:
    """Suggest the nearest word."""
    return f" (le plus proche est « {close[0]} »)" if close else ""


def for_example(text: str, example: str) -> str:
    """Add an example."""
    return f"{text}, par exemple « {example} »"


def unknown_key(close: list[str], known: list[str]) -> str:
    """Say that a key is not known, with the nearest one."""
    if close:
        return typographic(f"clé inconnue ; la plus proche est « {close[0]} ».")
    listed = ", ".join(known) if len(known) <= _LONGEST_LIST else ", ".join(known[:_LONGEST_LIST]) + "…"
    return typographic(f"clé inconnue ; clés admises : {listed}.")


def at_least(limit: str) -> str:
    """Say a minimum."""
    return f"la valeur est d’au moins {limit}"


def at_most(limit: str) -> str:
    """Say a maximum."""
    return f"la valeur est d’au plus {limit}"


def more_than(limit: str) -> str:
    """Say a strict minimum."""
    return f"la valeur est supérieure à {limit}"


def at_most_characters(limit: int) -> str:
    """Say a greatest length."""
    return f"au plus {count_noun(limit, 'caractère')}"


def at_least_characters(limit: int) -> str:
    """Say a least length."""
    return f"au moins {count_noun(limit, 'caractère')}"


def at_least_items(limit: int) -> str:
    """Say a least number of items."""
    return f"au moins {count_noun(limit, 'élément')}"


def total_too_small(total: int, rows: int) -> str:
    """Say that a total is smaller than what is shown."""
    return f"l’effectif total ({total}) est plus petit que le nombre de lignes ({rows})."


def total_differs(total: int, rows: int) -> str:
    """Say that a complete table does not have its total."""
    return typographic(
        f"la table est dite complète pour {total}, mais elle a {count_noun(rows, 'ligne')} : compléter, ou écrire « etendue: echantillon »."
    )


def duplicate(name: str, first: int) -> str:
    """Say that an identifier is used twice."""
    return typographic(
        f"l’identifiant « {name} » sert déjà, à l’élément n° {first} : donner un autre identifiant."
    )


def too_many_decimals(value: str, limit: int) -> str:
    """Say that a number is too precise."""
    return f"trouvé {value}{NBSP}; au plus {count_noun(limit, 'décimale')}."


def unknown_reference(found: str, table: str, close: list[str], hint: str) -> str:
    """Say that a reference names nothing."""
    suggestion = f" Le plus proche est « {close[0]} »." if close else ""
    return typographic(f"{found} ne se trouve pas dans {table}.{suggestion}{hint}")


def seems_personal(sign: str) -> str:
    """Warn that a free text seems to tell who a person is, without repeating it."""
    return typographic(
        f"ce texte semble contenir {sign} : le dossier n’en recueille pas ; l’ôter, et désigner la personne par un code."
    )


def absent_section(section: str) -> str:
    """Say that a section is missing altogether."""
    return typographic(f"La section « {section} » manque : l’écrire, avec au moins ses clés obligatoires.")
