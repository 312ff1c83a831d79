"""French sentences of the tables drawn from a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import count_noun, format_date
from rsaudit.messages import typographic as _t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.filings import FilledSheet

FRONT = "Présentation"
ABSENT = "donnée absente"
LIMITS = _t(
    "Tableaux tirés du dossier tel qu’il est écrit ; « donnée absente » n’est jamais un zéro. À vérifier et à compléter "
    "avant tout envoi."
)
NO_OUTPUT_HINT = _t("Écrire -o tableaux.xlsx.")
ONE_ONLY = _t("« --envoi », « --fiche » et « --plateforme » ne vont pas ensemble, ni avec « --vide ».")
ONE_ONLY_HINT = _t("Lancer une commande pour chacun.")
DATE_ALONE = _t("« --date » va avec « --envoi », « --fiche » ou « --plateforme ».")
DATE_ALONE_HINT = _t("Retirer --date, ou dire quels tableaux écrire.")


def summary(filled: FilledSheet) -> str:
    """Say in one line what a table is, for whom, how long and what it lacks."""
    sheet = filled.sheet
    parts = [sheet.title or sheet.name]
    if sheet.recipient:
        parts.append(f"pour : {sheet.recipient}")
    if sheet.on:
        parts.append(f"valeurs au {format_date(filled.day)}")
    parts.append(count_noun(len(filled.rows), "ligne"))
    if filled.absent:
        parts.append(count_noun(len(filled.absent), "donnée absente", "données absentes"))
    return _t(" ; ".join(parts) + ".")


def notes(filled: FilledSheet) -> Iterator[str]:
    """Say, under a table, what it does not show or does not know."""
    if filled.unseen:
        yield _t("Le dossier ne montre qu’une partie de cette table, ou ne dit pas qu’elle est complète.")
    if filled.doubtful:
        listed = ", ".join(filled.doubtful[:20]) + (", …" if len(filled.doubtful) > 20 else "")
        yield _t(f"Lignes dont le dossier ne dit pas si elles ont leur place ici : {listed}.")


def told(filled: FilledSheet) -> Iterator[str]:
    """Tell, beside a file that holds no note, what is absent from it."""
    for row, column in filled.absent[:40]:
        yield _t(f"{filled.sheet.name}, {row} : « {column} » est absent du dossier, la cellule reste vide.")
    if len(filled.absent) > 40:
        yield _t(
            f"… et {count_noun(len(filled.absent) - 40, 'autre cellule vide', 'autres cellules vides')}."
        )
    yield from (f"{filled.sheet.name} : {note}" for note in notes(filled))
