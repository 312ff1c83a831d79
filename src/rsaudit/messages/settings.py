"""French sentences of `rsaudit.toml`: what is wrong in it, where, and what to write."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from rsaudit.messages import typographic

if TYPE_CHECKING:
    from collections.abc import Iterable

HINT = typographic("Corriger le fichier ; docs/reglages.md décrit chaque clé.")
SYNTAX_HINT = typographic(
    'Écrire une clé par ligne, « seuil = "majeur" », les textes entre guillemets droits.'
)
SEVERAL_FILES_HINT = "Auditer séparément les dossiers qui n’ont pas les mêmes réglages."
A_DATE = typographic('une date qui existe : "2026-09-30"')
SOME_WORDS = typographic('un texte, ou une liste de textes non vide : ["reunion"]')
A_PATH = typographic('un chemin, entre guillemets : "rapports/base.json"')
TRUE_OR_FALSE = "true ou false, sans guillemets"


def _near(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return typographic(f" Vouliez-vous dire « {close[0]} » ?") if close else ""


def unreadable(name: str) -> str:
    """Say that the settings cannot be read."""
    return typographic(f"Le fichier de réglages {name} ne se lit pas, ou n’est pas en UTF-8.")


def too_large(name: str) -> str:
    """Say that the file is too large to be one of settings."""
    return typographic(f"Le fichier {name} est trop gros pour être un fichier de réglages.")


def syntax(name: str, line: int, column: int | None, *, twice: bool) -> str:
    """Say where the file is not TOML."""
    where = f"{name}, ligne {line}" + (f", colonne {column}" if column is not None else "")
    what = "cette clé est donnée deux fois" if twice else "cette ligne n’est pas du TOML"
    return typographic(f"{where} : {what}.")


def at_line(name: str, line: int, problem: str) -> str:
    """Put a problem at its line."""
    return typographic(f"{name}, ligne {line} : {problem}")


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Say that a key is not one of the settings, with the nearest."""
    known = list(known)
    return typographic(f"« {key} » n’est pas un réglage.{_near(key, known)} Réglages : {', '.join(known)}.")


def bad_value(key: str, expected: str) -> str:
    """Say what a key expects."""
    return typographic(f"« {key} » attend {expected}.")


def one_of(value: object, words: tuple[str, ...]) -> str:
    """Say which words a key admits, with the nearest."""
    near = _near(value, words).rstrip(" ?") if isinstance(value, str) else ""
    close = f" (au lieu de « {value} »{',' + near.replace('Vouliez-vous dire', 'peut-être') if near else ''})"
    quoted = ", ".join(f'"{word}"' for word in words)
    return typographic(f"un de ces mots : {quoted}{close if isinstance(value, str) else ''}")


def several_files(files: list[str]) -> str:
    """Say that the dossiers have several files of settings."""
    return typographic(f"Ces dossiers ont plusieurs fichiers de réglages : {', '.join(files)}.")


def used(path: str) -> str:
    """Say which settings are used."""
    return typographic(f"Réglages lus : {path}")
