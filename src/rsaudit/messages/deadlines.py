"""French words of the calendar of deadlines, on screen, on paper and in a calendar program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, RANK_LABELS, count_noun, format_date, typographic
from rsaudit.messages.formats import ESTABLISHED

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.deadlines import Calendar, Deadline, Unread

#: Status → heading of its part, and what that part holds.
STATUS_TITLES: dict[str, str] = {
    "non_tenue": "Échéances non tenues",
    "terme_passe": "Termes passés",
    "a_etablir": "Échéances passées dont on ignore si elles ont été tenues",
    "a_venir": "Échéances à venir",
}
STATUS_NOTES: dict[str, str] = {
    "non_tenue": typographic(
        "Le dossier montre que le jour est passé sans l’acte, ou que l’acte est venu après."
    ),
    "terme_passe": typographic("Ce qui avait une durée est arrivé à son terme."),
    "a_etablir": typographic("Une donnée ou un regard manque : rien n’est conclu."),
    "a_venir": typographic("De ce qui revient, la prochaine échéance seulement."),
}
#: What a calendar program shows before the title of what is not simply to come.
STATUS_MARKS: dict[str, str] = {
    "non_tenue": "Non tenue",
    "terme_passe": "Terme passé",
    "a_etablir": "À établir",
    "a_venir": "",
}
TITLE = "Calendrier des échéances"
NOTHING = "Aucune échéance connue."
IF_DUE = typographic("si l’obligation s’applique : le dossier ne permet pas de le dire")
LIMITS = typographic(
    "Établi sur pièces, d’après les dates du dossier : une échéance absente d’ici n’est pas une échéance qui n’existe pas."
)


def calendar_title(calendar: Calendar) -> str:
    """Name a calendar: its only residence, or how many there are."""
    if len(calendar.residences) == 1:
        return typographic(f"{TITLE} : {calendar.residences[0]}")
    return typographic(f"{TITLE} : {count_noun(len(calendar.residences), 'résidence')}")


def as_of_phrase(day: date) -> str:
    """Say at which date a calendar is drawn."""
    return f"Au {format_date(day)}"


def delay_phrase(days: int) -> str:
    """Say how far a day is (« dans 46 jours », « il y a 3 jours »)."""
    if days == 0:
        return "aujourd’hui"
    counted = count_noun(abs(days), "jour")
    return f"dans {counted}" if days > 0 else f"il y a {counted}"


def established(tool: str, day: date) -> str:
    """Sign a document of ours."""
    return f"{ESTABLISHED} {tool} au {format_date(day)}."


def unread_phrase(one: Unread) -> str:
    """Say why a dossier has no calendar."""
    if one.errors:
        return typographic(f"{one.folder} : non examiné, {count_noun(one.errors, 'erreur')} à corriger.")
    why = " ".join(one.reasons) or "Aucune règle n’a été retenue."
    return typographic(f"{one.residence} ({one.folder}) : {why}")


def subjects_phrase(deadline: Deadline, limit: int = 12) -> str:
    """List the subjects of a deadline, the first ones only beyond a limit."""
    subjects = deadline.subjects
    if len(subjects) <= limit + 1:
        return ", ".join(subjects)
    return f"{', '.join(subjects[:limit])} et {len(subjects) - limit}{NBSP}autres"


def event_title(deadline: Deadline) -> str:
    """Write the line that a calendar program shows."""
    mark = STATUS_MARKS[deadline.status]
    title = f"{deadline.title} ({deadline.residence})"
    return typographic(f"{mark} : {title}") if mark else title


def event_lines(deadline: Deadline, text: str, as_of: date) -> list[str]:
    """Write what a calendar program shows when an event is opened; `text` names the text it rests on."""
    labelled = (
        ("Au plus tard le", format_date(deadline.day)),
        ("Concerne", subjects_phrase(deadline)),
        ("Réserve", "" if deadline.sure else IF_DUE),
        ("Observé", " ; ".join(deadline.observed)),
        ("À faire", deadline.remedy),
        ("Preuve", deadline.proof),
        ("Texte", f"{text} ({RANK_LABELS[deadline.rank]})"),
        ("Dossier lu au", format_date(as_of)),
    )
    return [typographic(f"{label} : {said}") for label, said in labelled if said]
