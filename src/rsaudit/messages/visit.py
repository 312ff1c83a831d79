"""French words of the sheet of a visit, on paper and in the workbook that comes back filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import (
    NBSP,
    answer_word,
    count_noun,
    enumerate_french,
    format_date,
    format_number,
    typographic,
)
from rsaudit.messages.formats import ESTABLISHED

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.answering import Entry, Outcome
    from rsaudit.visit import Draw, Sheet

TITLE = "Grille de visite"
YES, NO = "oui", "non"
#: Verdict of an answer → the word written in the sheet, in the order of its list.
VERDICTS: dict[str, str] = {
    verdict: answer_word(verdict) for verdict in ("conforme", "ecart", "remarque", "non_concerne")
}
ROLES: tuple[str, ...] = ("inspecteur", "gestionnaire", "autre")
PLACE_TITLES: dict[str | None, str] = {
    "exterieur": "À l’extérieur",
    "hall": "Dans le hall",
    "parties_communes": "Dans les parties communes",
    "bureau": "Au bureau",
    "logement": "Dans les logements",
    "entretiens": "En entretien",
    None: "Sur pièces, sans lieu fixé",
}
NOTHING = typographic("Rien à apprécier : aucun point n’attend de réponse.")
HOW = typographic(
    "Cocher une conclusion par point ; ce qui n’est pas vu reste blanc. Ne noter ni nom de personne ni donnée de santé."
)
NO_DWELLING = typographic(
    "Aucun logement n’est choisi : --logements 103,207 ou --tirage 6 donnent une page par logement visité."
)
VISIT_SHEET = "Visite"
POINTS_SHEET = "Points"
DWELLING_SHEET = "Logement"
#: Columns of the workbook: key → heading; the last two find the point again and are hidden.
COLUMNS: dict[str, str] = {
    "lieu": "Lieu",
    "obligation": "Obligation",
    "question": "Question",
    "regarder": "À regarder",
    "preuve": "Preuve",
    "sujet": "Objet",
    "dossier": "Ce que dit le dossier",
    "verdict": "Verdict",
    "vu_le": "Vu le",
    "observations": "Observations",
    "logement": "Logement",
    "repere": "Repère",
}
VISIT_COLUMNS: dict[str, str] = {
    "role": "Rôle de qui répond",
    "vu_le": "Vu le",
    "logements": "Logements visités",
    "tirage": "Tirage",
}


def title(residence: str) -> str:
    """Name the sheet of one residence."""
    return typographic(f"{TITLE} : {residence}")


def dwelling_title(number: str) -> str:
    """Name the page of a dwelling."""
    return f"{DWELLING_SHEET} {number}"


def established(tool: str, day: date) -> str:
    """Say from what the sheet is drawn."""
    return f"{ESTABLISHED} {tool} d’après l’audit sur pièces au {format_date(day)}."


def sample_phrase(sheet: Sheet) -> str:
    """Say which dwellings are to be seen, of how many."""
    if not sheet.pages:
        return NO_DWELLING
    numbers = enumerate_french([page.dwelling for page in sheet.pages])
    seen = count_noun(len(sheet.pages), "logement")
    total = f" sur {format_number(sheet.total)}" if sheet.total is not None else ""
    return typographic(f"À voir : {seen}{total} ({numbers}).")


def draw_phrase(draw: Draw | None) -> str:
    """Say how the dwellings were drawn, so that anyone may draw them again."""
    if draw is None:
        return ""
    return typographic(
        f"Tirage au sort de {count_noun(draw.size, 'logement')}, graine « {draw.seed} » : "
        f"--tirage {draw.size} --graine {draw.seed} redonne les mêmes."
    )


def unvisited_phrase(number: int) -> str:
    """Say how many points wait in dwellings that are not visited."""
    counted = count_noun(number, "point reste", "points restent")
    return typographic(f"{counted} à apprécier dans des logements qui ne sont pas visités.") if number else ""


# -- what comes back ---------------------------------------------------------------------------------------


def unknown_point(key: str) -> str:
    """Say that a line of the sheet is about nothing of the dossier."""
    return typographic(f"Le repère « {key} » ne correspond à aucun point à apprécier de ce dossier.")


def unknown_verdict(word: str) -> str:
    """Say that a verdict is none of the list."""
    return typographic(f"« {word} » n’est pas un verdict ; écrire {', '.join(VERDICTS.values())}.")


def unknown_role(word: str) -> str:
    """Say that a role is none of the list."""
    return typographic(f"« {word} » n’est pas un rôle ; écrire {', '.join(ROLES)}.")


NO_ROLE = typographic("La feuille « Visite » ne dit pas le rôle de qui répond.")
NO_DAY = typographic("Le jour de la visite manque : l’écrire sur la ligne, ou dans la feuille « Visite ».")
NO_VERDICT = typographic(
    "Une observation est écrite sans verdict : choisir un verdict, ou effacer l’observation."
)
NOT_A_SHEET = typographic("Ce classeur n’est pas une grille de visite : la feuille « Visite » manque.")
SHEET_HINT = "Donner une grille écrite par « rsaudit grille DOSSIER -o grille.xlsx », remplie."
FIX_SHEET_HINT = "Corriger ces cellules et recommencer : rien n’a été repris."
DIFFERENT_HINT = "Ajouter --remplacer pour écrire ce que dit la grille ; rien n’a été repris."
INVALID_ANSWERS_HINT = "Corriger la grille ou le dossier, puis recommencer : rien n’a été repris."
WORKBOOK_HINT = "Faire d’abord du classeur un dossier de fichiers : rsaudit importer."


def workbook_dossier(path: str) -> str:
    """Say that answers are not laid in a workbook."""
    return typographic(
        f"Le dossier « {path} » est un classeur : les réponses s’écrivent dans un dossier de fichiers."
    )


def about(entry: Entry) -> str:
    """Name what an answer is about."""
    parts = [str(entry[key]) for key in ("regle", "objet", "element") if entry.get(key) is not None]
    return " / ".join(parts)


def said(entry: Entry) -> str:
    """Write what an answer says, on one line."""
    seen = entry.get("par_logement") or ()
    number = len(seen) or entry.get("logements_vus")
    total = entry.get("logements_total")
    sample = ""
    if number:
        sample = f"vu {count_noun(int(number), 'logement')}" + (
            f" sur {format_number(total)}" if total else ""
        )
    comments = [entry.get("commentaire"), *(one.get("commentaire") for one in seen)]
    parts = [answer_word(str(entry.get("verdict"))), sample, *comments]
    return " ; ".join(str(part) for part in parts if part)


def outcome_line(one: Outcome) -> str:
    """Write what an answer brought back does."""
    text = f"{about(one.entry)}{NBSP}: {said(one.entry)}"
    if one.change == "inchangee":
        return f"Inchangée : {text}"
    if one.change == "differente":
        before = said(one.before or {})
        return f"Différente : {text}\n  dans le dossier, le {_day(one.before)}{NBSP}: {before}"
    follows = f" (suit celle du {_day(one.before)}, {said(one.before)})" if one.before else ""
    return f"Ajoutée : {text}{follows}"


def _day(entry: Entry | None) -> str:
    from datetime import date

    return format_date(date.fromisoformat(str((entry or {}).get("date"))))


def taken(number: int, path: str) -> str:
    """Say how many answers were written, and where."""
    return typographic(f"{count_noun(number, 'réponse écrite', 'réponses écrites')} : {path}")


def nothing_taken() -> str:
    """Say that the sheet brought nothing new."""
    return "La grille n’apporte rien de nouveau : le dossier n’est pas changé."


def differences(number: int) -> str:
    """Say that answers of the dossier would be changed."""
    return (
        f"{count_noun(number, 'réponse du dossier dit', 'réponses du dossier disent')} autre chose, "
        "le même jour et du même rôle."
    )


def cell_error(place: str, message: str) -> str:
    """Place what is wrong in a sheet."""
    return f"{place}{NBSP}: {message}"
