"""French words of the machine formats: what SARIF, JUnit, tickets and spreadsheets print around a finding."""

from __future__ import annotations

from rsaudit.messages import NBSP, count_noun, enumerate_french, format_number, typographic

COMMUNICABLE = typographic(
    "Version communicable : ce qui touche un logement ou un contrat est regroupé, "
    "sans référence ni montant individuel."
)
WITHHELD_ERROR = typographic("Le détail n’est pas communiqué ; il figure dans le rapport complet.")
REFERENCE_HIDDEN = "(référence non communiquée)"


def plural_french(noun: str) -> str:
    """Give the plural of a common French noun (contrat, travail, eau, avis)."""
    if noun.endswith(("s", "x", "z")):
        return noun
    if noun.endswith(("eau", "eu")):
        return noun + "x"
    if noun.endswith("al"):
        return noun[:-2] + "aux"
    return noun + "s"


def out_of(number: int, total: int, noun: str) -> str:
    """Write « 3 contrats sur 40 »."""
    return f"{count_noun(number, noun, plural_french(noun))} sur {format_number(total)}"


def and_others(names: list[str], shown: int) -> str:
    """Write the first names of a list, then how many others there are."""
    if len(names) <= shown:
        return enumerate_french(names)
    left = len(names) - shown
    return f"{', '.join(names[:shown])} et {format_number(left)}{NBSP}autre{'s' if left > 1 else ''}"
