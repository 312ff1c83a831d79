"""French sentences of `comparer`: what each change is called, and how its causes are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, count_noun, enumerate_french, format_date, typographic
from rsaudit.messages.output import verdict_label

if TYPE_CHECKING:
    from rsaudit.comparison import Cause, Change, Comparison
    from rsaudit.model import Finding, Report

TITLE = "Comparaison de deux rapports"
EXIT_CODES = (
    "Codes de retour : 0 terminé ; 1 avec --echouer-si-nouveau, un écart ou une remarque est nouveau ou aggravé ; "
    "2 mauvaise commande ; 3 fichier illisible ou dossier qui n’avait pas pu être examiné ; 5 imprévu ; 130 interrompu."
)
FORMATS_HELP = "terminal, markdown, json ou html."
#: Title of each list, by state and direction, in reading order.
LISTS: dict[tuple[str, str | None], str] = {
    ("nouveau", None): "Nouveaux",
    ("persistant", "aggrave"): "Persistants, aggravés",
    ("incomparable", None): "Qu’on ne peut plus comparer",
    ("resolu", None): "Résolus",
    ("persistant", "attenue"): "Persistants, atténués",
    ("persistant", "modifie"): "Persistants, dits autrement",
    ("persistant", "meme"): "Persistants, inchangés",
}
#: What is said of each list, for who does not know the words.
EXPLAINED: dict[tuple[str, str | None], str] = {
    ("nouveau", None): typographic("Écarts et remarques que le premier rapport ne montrait pas."),
    ("incomparable", None): typographic(
        "Le premier rapport concluait, le second ne le peut plus : une donnée, un sujet ou une règle manque. "
        "Ni résolu, ni persistant."
    ),
    ("persistant", "modifie"): typographic(
        "La conclusion est la même et ce qui est observé a changé, sans mesure qui dise dans quel sens."
    ),
}
_COUNTED: tuple[tuple[tuple[str, str | None], str, str], ...] = (
    (("nouveau", None), "nouveau", "nouveaux"),
    (("persistant", "aggrave"), "aggravé", "aggravés"),
    (("incomparable", None), "qu’on ne peut plus comparer", "qu’on ne peut plus comparer"),
    (("resolu", None), "résolu", "résolus"),
    (("persistant", "attenue"), "atténué", "atténués"),
    (("persistant", "modifie"), "dit autrement", "dits autrement"),
    (("persistant", "meme"), "inchangé", "inchangés"),
)
_OPTIONS = {
    "regles": "--regle",
    "referentiels": "les référentiels joués",
    "exiger_pieces": "--exiger-pieces",
    "diffusion": "--diffusion",
}
UNKNOWN_CAUSE = "non établie : rien de ce que les deux rapports disent de leurs entrées ne l’explique"
NOT_JUDGED = "non examiné"


def between(comparison: Comparison) -> str:
    """Name the two reports compared."""
    before, after = comparison.before, comparison.after
    return typographic(
        f"Du rapport du {format_date(before.audit_date)} ({before.tool}) "
        f"au rapport du {format_date(after.audit_date)} ({after.tool})."
    )


def other_name(comparison: Comparison) -> str | None:
    """Say that the two reports bear different names, when nothing else ties them."""
    before, after = comparison.before, comparison.after
    if before.dossier == after.dossier or before.path == after.path:
        return None
    return typographic(
        f"Les deux rapports ne portent ni le même nom ni le même chemin (« {before.dossier} », « {before.path} » ; "
        f"« {after.dossier} », « {after.path} ») : vérifier qu’il s’agit de la même résidence."
    )


def headline(comparison: Comparison) -> str:
    """Count each list in words, by constat."""
    if not comparison.comparable:
        return not_comparable(comparison)
    counts = {key: 0 for key, _, _ in _COUNTED}
    for change in comparison.changes:
        counts[key_of(change)] += 1
    said = [count_noun(counts[key], one, many) for key, one, many in _COUNTED if counts[key]]
    return typographic(
        f"Constats : {', '.join(said)}." if said else "Aucun écart ni remarque, ni avant ni après."
    )


def not_comparable(comparison: Comparison) -> str:
    """Say which of the two dossiers was not examined, and how many errors stopped it."""
    parts = []
    for which, report in (("premier", comparison.before), ("second", comparison.after)):
        if not report.valid:
            errors = sum(error.severity == "erreur" for error in report.errors)
            parts.append(
                f"dans le {which} rapport, le dossier n’a pas été examiné ({count_noun(errors, 'erreur')} à corriger)"
            )
    return typographic(f"Rien ne se compare : {enumerate_french(parts)}.")


def key_of(change: Change) -> tuple[str, str | None]:
    """Return the list a change belongs to."""
    return change.state.value, change.direction.value if change.direction is not None else None


def added(report: Report, count: int) -> str:
    """Say that only the second file holds a dossier, and what it shows."""
    return typographic(
        f"{report.dossier} ({report.path}) : dossier absent du premier fichier ; "
        f"{count_noun(count, 'écart ou remarque', 'écarts ou remarques')}, tous nouveaux."
        if count
        else f"{report.dossier} ({report.path}) : dossier absent du premier fichier ; ni écart ni remarque."
    )


def gone(report: Report) -> str:
    """Say that only the first file holds a dossier."""
    return typographic(
        f"{report.dossier} ({report.path}) : dossier absent du second fichier ; rien n’en est conclu."
    )


def state_label(finding: Finding | None) -> str:
    """Name the conclusion of a constat in one report."""
    if finding is None:
        return "non relevé"
    return verdict_label(finding.verdict, finding.severity, not_yet_due=finding.not_yet_due)


def cause_phrase(causes: tuple[Cause, ...]) -> str:
    """Tell why a constat changed: the cause, or all that are possible."""
    if not causes:
        return typographic(f"Cause {UNKNOWN_CAUSE}.")
    if len(causes) == 1:
        return typographic(f"Cause : {_cause(causes[0], alone=True)}.")
    named = " ; ".join(_cause(cause, alone=False) for cause in causes)
    return typographic(f"Causes possibles : {named}.")


def _cause(cause: Cause, *, alone: bool) -> str:
    details = list(cause.details)
    if cause.kind == "temps":
        return "le temps seul" if alone else "le temps"
    if cause.kind == "reponse":
        if cause.expired is not None:
            return f"une réponse ou une dérogation échue le {format_date(cause.expired)}"
        return "une réponse ou une dérogation donnée, modifiée ou retirée"
    if cause.kind == "options":
        return f"ce qui a été demandé ({', '.join(_OPTIONS[one] for one in details)})"
    named = {
        "dossier": "le dossier",
        "referentiel": "le texte ou un paramètre du référentiel",
        "outil": "le programme",
    }[cause.kind]
    return f"{named} ({', '.join(details)})" if details else named


def number(before: str | None, after: str | None) -> str | None:
    """Write a number as the first report gave it, and as the second does when it is another."""
    if after is None or before == after:
        return before
    return f"{after} (second rapport)" if before is None else f"{before} ({after} au second rapport)"


def subject_phrase(finding: Finding) -> str:
    """Name what a constat is about."""
    parts = [part for part in (finding.subject, finding.element) if part]
    return " – ".join(parts)


def moved(before: str, after: str) -> str:
    """Write the conclusions before and after."""
    return typographic(f"Avant : {before}. Maintenant : {after}.") if before != after else f"{after}."


def observed(before: Finding, after: Finding) -> str | None:
    """Write the values before and after, when both are told and differ."""
    if not before.observed or not after.observed or before.observed == after.observed:
        return None
    return f"Observé{NBSP}: {before.observed} → {after.observed}"
