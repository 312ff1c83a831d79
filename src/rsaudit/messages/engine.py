"""French sentences the engine says by itself, when no rule owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import (
    NBSP,
    answer_word,
    count_noun,
    format_date,
    format_number,
    seen_dwellings,
    typographic,
)

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.model import Answer, Observation

ANSWER = "réponse"
DEROGATION = "dérogation"


def _about(rule: str, subject: str | None) -> str:
    return f"« {rule} » (objet {subject})" if subject else f"« {rule} »"


def unknown_rule(kind: str, rule: str) -> str:
    """Say that an entry names no rule of the audit."""
    return f"La {kind} qui vise « {rule} » ne correspond à aucune règle jouée : elle est ignorée."


def automatic_rule(rule: str, subject: str | None) -> str:
    """Say that an answer speaks of what its rule decides by itself."""
    return (
        f"La réponse à {_about(rule, subject)} ne décide rien : la règle conclut d’elle-même, "
        "sur les données du dossier ; elle est ignorée."
    )


def unused_answer(rule: str, subject: str | None) -> str:
    """Say that an answer speaks of nothing that was judged."""
    return (
        f"La réponse à {_about(rule, subject)} ne décide rien : la règle n’a pas d’objet ou d’élément de ce nom ; "
        "elle est ignorée."
    )


def no_derogation(rule: str, subject: str | None) -> str:
    """Say that a rule accepts no derogation."""
    return f"La dérogation à {_about(rule, subject)} est refusée : aucun texte connu ne permet de déroger à cette règle."


def other_derogation(rule: str, subject: str | None, authority: str, text: str) -> str:
    """Say that a derogation is not the one its rule accepts."""
    return (
        f"La dérogation à {_about(rule, subject)} est refusée : la règle n’admet que celle qu’accorde "
        f"« {authority} » au titre de « {text} »."
    )


def unused_derogation(rule: str, subject: str | None) -> str:
    """Say that a derogation covers nothing."""
    return f"La dérogation à {_about(rule, subject)} ne couvre aucun écart : elle est ignorée."


def contradictory(rule: str, subject: str | None) -> str:
    """Say that two answers of one day contradict each other."""
    return (
        f"Deux réponses du même jour à {_about(rule, subject)} se contredisent : aucune n’est retenue. "
        "N’en garder qu’une."
    )


def miscounted(rule: str, said: int, counted: int) -> str:
    """Say that the number of dwellings seen is not that of what was noted in each."""
    return (
        f"La réponse à « {rule} » annonce {count_noun(said, 'logement vu', 'logements vus')} et en détaille "
        f"{format_number(counted)} : elle est ignorée."
    )


def more_seen_than_all(rule: str, seen: int, total: int) -> str:
    """Say that more dwellings were seen than there are."""
    return (
        f"La réponse à « {rule} » compte {count_noun(seen, 'logement vu', 'logements vus')} "
        f"sur {format_number(total)} : elle est ignorée."
    )


def milder_than_seen(rule: str, verdict: str, worse: Observation) -> str:
    """Say that an answer concludes better than what was seen in a dwelling."""
    return (
        f"La réponse à « {rule} » conclut « {answer_word(verdict)} », alors qu’elle note au logement {worse.dwelling} "
        f"« {answer_word(worse.verdict)} » : elle est ignorée."
    )


def dated_after(kind: str, rule: str, day: date) -> str:
    """Say that an entry is younger than the audit."""
    return (
        f"La {kind} à « {rule} » est datée du {format_date(day)}, après la date d’audit : elle est ignorée."
    )


def expired(kind: str, rule: str, day: date) -> str:
    """Say that an entry is no longer valid."""
    return f"La {kind} à « {rule} » valait jusqu’au {format_date(day)} inclus : elle est ignorée."


def manager_in_control(kind: str, rule: str, subject: str | None, answer: Answer) -> str:
    """Show, in a control, what the manager wrote and that decides nothing."""
    if kind == DEROGATION:
        day = f" le {format_date(answer.date)}" if answer.date else ""
        said = f"accordée par « {answer.authority} »{day} au titre de « {answer.text} »"
        return (
            f"Le dossier invoque une dérogation à {_about(rule, subject)}, {said}. Dans un contrôle, elle ne couvre "
            "aucun écart tant que l’inspecteur ne l’a pas reprise."
        )
    comment = f" {answer.comment}" if answer.comment else ""
    return (
        f"Le gestionnaire a répondu « {answer_word(answer.verdict or '')} » à {_about(rule, subject)}. "
        f"Dans un contrôle, sa réponse ne décide rien.{comment}"
    )


def letter(reference: str | None, day: date | None) -> str | None:
    """Write the letter that opens a control."""
    if reference is None and day is None:
        return None
    parts = ["lettre", reference or "", f"du {format_date(day)}" if day is not None else ""]
    return " ".join(part for part in parts if part)


UNKNOWN = "non renseigné"
NONE = "aucun"
YES = "oui"
NO = "non"
UNSEEN_KEY = "lignes-non-montrees"
NOTHING_TO_JUDGE = "Aucun objet de ce genre dans le dossier."
CONDITION_NOT_MET = "La condition d’application n’est pas remplie."
UNSEEN_ROWS = "des lignes n’ont pas été montrées"
OFF_SCALE = "hors barème"
CONTRADICTION = "deux relevés du même fait se contredisent"


def unseen_rows(fewest: int, most: int | None) -> str:
    """Name the rows that nobody showed."""
    if most is None:
        return "lignes non montrées"
    if fewest == most:
        return count_noun(most, "ligne non montrée", "lignes non montrées")
    return f"au plus {count_noun(most, 'ligne non montrée', 'lignes non montrées')}"


def unseen_reason(fewest: int, most: int | None) -> str:
    """Say why a rule stays open on rows nobody showed."""
    if most is None:
        return "Le tableau manque ou n’est qu’un échantillon : les lignes non montrées restent à voir."
    return f"Échantillon{NBSP}: {unseen_rows(fewest, most)}."


def silent(word: str) -> str:
    """Say that a document was read and says nothing."""
    return f"le dossier porte « {word} »".replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")


def rule_not_in_force(title: str, since: date | None, until: date | None, day: date) -> str:
    """Say that a rule was not applied because it is not in force on the day of the audit."""
    begins = f" depuis le {format_date(since)}" if since else ""
    ends = f" jusqu’au {format_date(until)}" if until else ""
    return typographic(
        f"La règle « {title} » n’a pas été appliquée au {format_date(day)} : elle est en vigueur{begins}{ends}."
    )


def rule_disabled(rule: str, ruleset: str, reason: str, source: str) -> str:
    """Say that a référentiel disables a rule of the one it extends, why and by which text."""
    return typographic(
        f"La règle « {rule} » n’a pas été appliquée : le référentiel « {ruleset} » la désactive ({reason} ; {source})."
    )


def not_in_force(day: date | None) -> str:
    """Say that no value of a parameter is in force."""
    if day is None:
        return "la date à laquelle lire la valeur n’est pas connue"
    return f"aucune valeur connue au {format_date(day)}"


def not_unique(kind: str) -> str:
    """Say why « le seul » is nobody."""
    return {"aucun": "aucune ligne ne correspond", "plusieurs": "plusieurs lignes correspondent"}.get(
        kind, "on ne sait quelle ligne correspond"
    )


def bounded(shown: str, *, least: bool) -> str:
    """Write the bound that is known of a value."""
    return f"au moins {shown}" if least else f"au plus {shown}"


def between(low: str, high: str) -> str:
    """Write the two bounds that are known of a value."""
    return f"{low} à {high}"


def answered(question: str, answer: Answer) -> str:
    """Write the answer given on a point to appreciate."""
    who = {"gestionnaire": "le gestionnaire", "inspecteur": "l’inspecteur"}.get(
        answer.role or "", "une personne habilitée"
    )
    day = f" le {format_date(answer.date)}" if answer.date else ""
    seen = f" ({seen_dwellings(answer)})" if answer.seen is not None else ""
    comment = f" {answer.comment}" if answer.comment else ""
    return (
        f"{question} Réponse donnée par {who}{day}{NBSP}: {answer_word(answer.verdict or '')}{seen}.{comment}"
    )


_ELEMENT_WORDS = {
    "conforme": "conforme",
    "non_verifiable": "non renseigné",
    "a_verifier": "à apprécier",
    "non_concerne": "non concerné",
}


def element_message(message: str, title: str, verdict: str) -> str:
    """Name the element of a required list beside the sentence of its rule."""
    word = _ELEMENT_WORDS.get(verdict)
    inside = f"{title}{NBSP}: {word}" if word else title
    return f"{message.removesuffix('.')} ({inside})."


def default_message(verdict: str, title: str) -> str:
    """Speak for a rule that has no sentence of its own for a verdict."""
    return {
        "conforme": f"{title}{NBSP}: le dossier montre ce que le texte demande.",
        "non_verifiable": f"{title}{NBSP}: une donnée manque pour conclure.",
        "a_verifier": f"{title}{NBSP}: à apprécier.",
        "non_concerne": f"{title}{NBSP}: sans objet ici.",
    }.get(verdict, title)


def may_not_apply(title: str) -> str:
    """Say that one cannot tell whether a rule on each of several subjects applies at all: none of them is named."""
    return f"{title}{NBSP}: une donnée manque pour dire si la règle s’applique."


NO_PIECE = "Aucune pièce n’est citée à l’appui."


def out_of_scope(opening: str, reason: str) -> str:
    """Say in one sentence why a référentiel does not apply."""
    return f"{opening}{NBSP}: {reason}."
