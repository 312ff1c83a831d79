"""French words of the machine formats: what SARIF, JUnit, tickets and spreadsheets print around a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, NNBSP, count_noun, format_date, format_number, typographic
from rsaudit.messages.output import verdict_label
from rsaudit.model import Severity
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.model import InputError, RulesetSummary, Verdict

COMMUNICABLE = typographic(
    "Version communicable : ce qui touche un logement ou un contrat est regroupé, "
    "sans référence ni montant individuel."
)
SEVERITY_COUNTS: dict[Severity, str] = {
    Severity.MAJEUR: "Écarts majeurs",
    Severity.SIGNIFICATIF: "Écarts significatifs",
    Severity.MINEUR: "Écarts mineurs",
}
LEAST_COUNT = 5
"""The least count of persons that is told of what is only an information, in a version that may be communicated."""
_SMALL_COUNT = pattern(
    rf"\b(?:[1-{LEAST_COUNT - 1}]|une?|deux|trois|quatre)[ {NBSP}\u202f]"
    r"(résident|personne|ménage|contrat|occupant|étudiant|enfant|départ|séjour)(?:e?s)?\b"
)
COUNTS_VEILED = typographic(
    "Les effectifs de moins de cinq ne sont pas communiqués dans ce qui n’est donné que pour information ; "
    "les décomptes tiennent ces constats pour un seul par conclusion."
)
WITHHELD_ERROR = typographic("Le détail n’est pas communiqué ; il figure dans le rapport complet.")
KEYWORD = "rsaudit"
"""Keyword of a workbook of ours."""
SIGNED = "rsaudit – "
"""Opens the last line of a log of ours."""
ESTABLISHED = "Établi par"
"""Opens the last line of a document of ours that is no report of an audit."""
DECLARED_ONLY = "Conformes, déclarés sans pièce citée"
INPUT_ERROR = "Erreur de saisie (dossier non examiné)"
INPUT_WARNING = "Avertissement"
NOTHING_JUDGED = "Aucune règle examinée"
RULESETS_FOLDER = "Dossier des référentiels livrés avec le programme"
REFERENCE_HIDDEN = "(référence non communiquée)"


def short_label(verdict: Verdict, severity: Severity | None = None) -> str:
    """Name a verdict without its explanation (« Écart majeur », « Remarque »)."""
    return verdict_label(verdict, severity).split(" (", 1)[0]


def bare_label(verdict: Verdict) -> str:
    """Name a verdict in the one or two words that a narrow column holds (« Écart », « Conforme »)."""
    return short_label(verdict).removesuffix(" sur pièces")


def plural_french(noun: str) -> str:
    """Give the plural of a common French noun (contrat, travail, eau, avis)."""
    if noun.endswith(("s", "x", "z")):
        return noun
    if noun.endswith(("eau", "eu")):
        return noun + "x"
    if noun.endswith("al"):
        return noun[:-2] + "aux"
    return noun + "s"


def count_phrase(number: int, total: int | None, noun: str) -> str:
    """Write « 3 contrats sur 40 », or « 3 contrats » when the total is not known."""
    counted = count_noun(number, noun, plural_french(noun))
    return counted if total is None else f"{counted} sur {format_number(total)}"


def veiled_phrase(noun: str, *, few: bool) -> str:
    """Write a count that is not communicated: below the least that is, or the others of the same rule."""
    nouns = plural_french(noun)
    return f"moins de {LEAST_COUNT}{NBSP}{nouns}" if few else f"les autres {nouns}"


def without_small_counts(text: str) -> str:
    """Hide in a sentence the counts of persons below the least that is communicated."""
    return _SMALL_COUNT.sub(lambda found: veiled_phrase(found[1], few=True), text)


def with_reserve(message: str, reserve: str | None) -> str:
    """Print beside a message the reserve that names a conflicting norm."""
    return f"{message} Réserve{NBSP}: {reserve}" if reserve else message


def error_place(error: InputError) -> str:
    """Write where an input is wrong (« contrats.csv, ligne 3, colonne depot_garantie »)."""
    if error.cell:
        return f"{error.file}, {error.cell}"
    named = (("ligne", error.line), ("colonne", error.column))
    return ", ".join([error.file, *(f"{word}{NBSP}{value}" for word, value in named if value is not None)])


def ruleset_phrase(ruleset: RulesetSummary) -> str:
    """Name a référentiel with its version, and why it was left out when it was."""
    if ruleset.out_of_scope:
        return f"{ruleset.title}{NBSP}: {ruleset.out_of_scope}"
    kind = "" if ruleset.binding else " (bonnes pratiques)"
    return f"{ruleset.title}{kind}, version {ruleset.version} du {format_date(ruleset.date)}"


def state_phrase(state: date | None) -> str:
    """Say on which day the facts of the dossier were taken."""
    return f"le {format_date(state)}" if state else "date d’état non renseignée"


def left_out_phrase(number: int) -> str:
    """Say how many rows of a table were not written."""
    return f"{count_noun(number, 'ligne')} de plus dans le rapport complet."


def annotations_left_out(number: int, limit: int) -> str:
    """Say how many annotations were not made, and why."""
    counted = count_noun(number, "autre point n’est pas annoté", "autres points ne sont pas annotés")
    return typographic(
        f"{counted} : une étape n’en montre que {limit} par niveau. "
        "Le résumé de la tâche et le rapport complet les donnent tous."
    )


def others_in_findings(number: int) -> str:
    """Say how many texts a cell leaves to the sheet of all findings."""
    return typographic(f"Et {count_noun(number, 'autre')} : voir la feuille « Tous les constats ».")


def already_told(day: date) -> str:
    """Say of a finding that an earlier report told it, and that it is no worse now."""
    return f"Inchangé ou moins grave depuis le rapport du {format_date(day)}{NNBSP}; il reste compté."
