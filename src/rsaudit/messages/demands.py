"""French words of the list of pieces and data to ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, count_noun, enumerate_french, format_date, format_number, typographic
from rsaudit.messages.formats import ESTABLISHED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rsaudit.demands import Demand, Need
    from rsaudit.model import Piece

TITLE = "Pièces et renseignements à demander"
HEADINGS = (
    *("Résidence", "N°", "État", "Pièce", "Au registre", "À demander à", "Détenue aussi par"),
    *("Donnée", "Objets", "Raison", "Champ", "Pour juger"),
)
NOTHING = typographic("Rien à demander : aucun point n’est resté non vérifiable faute de donnée.")
NO_PIECE_NAMED = "Renseignements"
WHOLE_TABLE = "tout le tableau"
NO_PIECE_TITLE = "Aucune pièce n’est désignée"
NO_HOLDER_TITLE = "Renseignements à donner"
RECEIVED_TITLE = "Pièces déjà reçues : à relire"
RECEIVED_NOTE = typographic(
    "Ces pièces sont au registre et se lisent : la donnée est à y relever, ou une version plus complète à demander."
)
UNDECIDED_TITLE = "Ce qu’aucune pièce ne lève à elle seule"
#: State → heading of its part in a letter.
STATE_TITLES: dict[str, str] = {
    "piece_absente": "Pièces absentes du registre",
    "page_illisible": "Pages illisibles : une copie lisible est demandée",
    "piece_muette": "Documents lus qui n’en disent rien : à compléter par un autre écrit",
    "a_relever": "Données à relever",
}
STATE_LABELS: dict[str, str] = {
    "piece_absente": "pièce absente",
    "page_illisible": "page illisible",
    "piece_muette": "document muet",
    "a_relever": "pièce reçue, donnée à relever",
}
_ASKED = {"le ": "au ", "la ": "à la ", "l’": "à l’"}


def title(residence: str) -> str:
    """Name the list of one residence."""
    return typographic(f"{TITLE} : {residence}")


def established(tool: str, day: date) -> str:
    """Say from what the list is drawn."""
    return f"{ESTABLISHED} {tool} d’après l’audit sur pièces au {format_date(day)}."


def part_title(holder: str | None, state: str) -> str:
    """Name a part of the list: what is to be done about its pieces."""
    return STATE_TITLES[state] if holder is not None else NO_PIECE_TITLE


def asked_of(holder: str | None) -> str:
    """Write « À demander au gestionnaire »."""
    if holder is None:
        return NO_HOLDER_TITLE
    for article, contracted in _ASKED.items():
        if holder.startswith(article):
            return f"À demander {contracted}{holder.removeprefix(article)}"
    return f"À demander à {holder}"


def either(labels: Sequence[str]) -> str:
    """Write « CTYP (contrat type) ou CSIG (contrats signés) »."""
    return f"{', '.join(labels[:-1])} ou {labels[-1]}" if len(labels) > 1 else "".join(labels)


def piece_phrase(piece: Piece) -> str:
    """Name a piece of the register and what of it cannot be read."""
    named = ", ".join(
        part
        for part in (
            piece.ref,
            piece.title,
            f"version {piece.version}" if piece.version else None,
            f"du {format_date(piece.date)}" if piece.date else None,
        )
        if part
    )
    if piece.illegible_pages:
        pages = enumerate_french([str(page) for page in piece.illegible_pages])
        word = "pages illisibles" if len(piece.illegible_pages) > 1 else "page illisible"
        return f"{named} ({word}{NBSP}: {pages})"
    unread = {"illisible": "illisible", "partielle": "lisible en partie"}.get(piece.legibility or "")
    return f"{named} ({unread})" if unread else named


def also_phrase(holders: Sequence[str]) -> str:
    """Say who else holds a piece."""
    return typographic(f"Détenue aussi par {enumerate_french(list(holders))}") if holders else ""


def subjects_phrase(need: Need, limit: int | None) -> str:
    """List the rows that lack a datum, the first ones only beyond a limit."""
    subjects = need.subjects
    if not subjects:
        return ""
    counted = count_noun(len(subjects), "ligne")
    if limit is None or len(subjects) <= limit + 1:
        listed = ", ".join(subjects)
    else:
        listed = f"{', '.join(subjects[:limit])} et {format_number(len(subjects) - limit)}{NBSP}autres"
    return typographic(f"{counted} : {listed}")


def need_phrase(need: Need, limit: int | None = 12) -> str:
    """Write a datum with the rows that lack it and why."""
    details = [text for text in (subjects_phrase(need, limit), *need.reasons) if text]
    return typographic(f"{need.title} ({' ; '.join(details)})") if details else need.title


def rules_phrase(need: Need, limit: int) -> str:
    """Say what a datum would let one judge, the first rules only beyond a limit."""
    left = len(need.rules) - limit
    listed = " ; ".join(need.rules if left <= 1 else need.rules[:limit])
    others = f" et {format_number(left)}{NBSP}autres règles" if left > 1 else ""
    return typographic(f"Pour juger : {listed}{others}.")


def not_judged(one: Demand) -> str:
    """Say why nothing can be asked for a dossier."""
    if one.errors:
        return typographic(
            f"Dossier non examiné : {count_noun(len(one.errors), 'erreur')} à corriger d’abord."
        )
    return " ".join(one.reasons) or "Aucune règle n’a été retenue."
