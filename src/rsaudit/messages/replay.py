"""French sentences of `rejouer`: reproduced, not reproduced, or nothing concluded and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import count_noun, format_date, typographic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsaudit.model import Report

HELP = "Dit si un rapport JSON est, à l’octet près, celui que donnent ses entrées."
EXIT_CODES = (
    "Codes de retour : 0 reproduit ; 1 non reproduit ; 2 mauvaise commande ; 3 entrées qui ne sont pas celles du "
    "rapport, ou illisibles : rien n’est conclu ; 4 référentiel cassé ; 5 imprévu ; 130 interrompu."
)
REPORT_HELP = "Rapport JSON à vérifier."
DOSSIER_HELP = "Dossier dont il est tiré (par défaut : le chemin qu’il indique)."
RULESET_HELP = "Dossier d’un référentiel non livré que le rapport a joué. Répétable."
SINCE_HELP = "Rapport antérieur que le rapport a suivi, s’il en a suivi un."
DIFFERENT_HINT = typographic("Rien n’est conclu : ni que le rapport est fidèle, ni qu’il ne l’est pas.")
PORTFOLIO = typographic(
    "Ce fichier tient plusieurs dossiers : il n’a pas les conformités, et ne se rejoue pas."
)
PORTFOLIO_HINT = "Donner le rapport JSON d’un seul dossier."
GIVE_EARLIER_HINT = "C’est le fichier donné à « rsaudit audit --depuis »."
GIVE_RULESET_HINT = "Donner son dossier avec -r."
_SHOWN = 10


def one_dossier(path: str, count: int) -> str:
    """Say that a path must hold the one dossier of the report."""
    return typographic(f"« {path} » contient {count_noun(count, 'dossier')} ; le rapport n’en a qu’un.")


def missing_ruleset(name: str) -> str:
    """Say that a référentiel of the report is neither shipped nor given."""
    return typographic(f"Le rapport a joué le référentiel « {name} », qui n’est pas livré avec ce programme.")


def missing_earlier(name: str) -> str:
    """Say that the earlier report followed must be given."""
    return typographic(f"Le rapport suit un rapport antérieur ({name}) : le donner avec --depuis.")


def reproduced(report: Report) -> str:
    """Say that the report is the one its inputs give."""
    return typographic(
        f"Reproduit : mêmes entrées, mêmes options, même version ({report.tool}), audit du "
        f"{format_date(report.audit_date)} ; le rapport est le même, à l’octet près."
    )


def not_reproduced(places: list[str]) -> str:
    """Say that the same inputs give another report, and where it differs."""
    shown = [f"- {place}" for place in places[:_SHOWN]]
    if len(places) > _SHOWN:
        shown.append(
            typographic(f"- et {count_noun(len(places) - _SHOWN, 'autre endroit', 'autres endroits')}")
        )
    said = "Non reproduit : avec les mêmes entrées, les mêmes options et la même version, le rapport serait autre."
    where = "Ce qui diffère (à gauche le fichier donné) :" if shown else "Seule la mise en forme diffère."
    return "\n".join([typographic(said), typographic(where), *shown])


def not_concluded(differences: Iterable[str]) -> str:
    """List the inputs that differ, and conclude nothing."""
    said = typographic("Les entrées ne sont pas celles du rapport :")
    return "\n".join([said, *(f"- {one}" for one in differences), DIFFERENT_HINT])


def other_tool(before: str, after: str) -> str:
    """Say that another version of the program is running."""
    return typographic(f"programme : {before} pour le rapport, {after} ici")


def other_options(name: str) -> str:
    """Say that an option cannot be that of the report."""
    return typographic(f"option « {name} »")


def changed_file(name: str) -> str:
    """Say that a file has not the content it had."""
    return typographic(f"{name} : le contenu a changé")


def lost_file(name: str) -> str:
    """Say that a file read for the report is not read now."""
    return typographic(f"{name} : lu pour le rapport, pas ici")


def other_file(name: str) -> str:
    """Say that a file is read now and was not for the report."""
    return typographic(f"{name} : lu ici, pas pour le rapport")


def place(path: str, before: str, after: str) -> str:
    """Write one place where two reports differ."""
    return typographic(f"{path} : {before} → {after}")
