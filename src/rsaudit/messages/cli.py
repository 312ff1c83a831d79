"""French sentences of the command line: help, usage errors, notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsaudit.messages import FORCE_LABELS, SEVERITY_LABELS, count_noun, format_date
from rsaudit.messages.loading import READ_HINT, cause
from rsaudit.messages.output import inert

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.model import InputError
    from rsaudit.ruleset import Rule

PROGRAM_HELP = (
    "Audite sur pièces le dossier d’une résidence sociale : ce qui est conforme, ce qui s’écarte du texte, "
    "ce qui manque pour conclure."
)
EXIT_CODES = (
    "Codes de retour : 0 terminé ; 1 constat au moins aussi grave que --seuil ; 2 mauvaise commande ; "
    "3 entrée ou sortie inutilisable, ou rien à juger ; 4 référentiel cassé ; 5 imprévu ; 130 interrompu."
)
JOB_AUDIT = "Auditer"
JOB_DOSSIER = "Préparer un dossier"
JOB_RULES = "Connaître et éprouver les référentiels"
VERSION_HELP = "Affiche la version."
HELP_OPTION = "Affiche cette aide."
COMPLETION_HELP = "Affiche le script qui complète les commandes dans ce terminal (voir le README)."
PROGRESS = "Dossiers audités"
INTERRUPTED = "Interrompu : rien n’a été écrit à moitié."


def failure(message: str, hint: str) -> str:
    """Write an error and what to do about it."""
    return f"Erreur : {message}\n{hint}" if hint else f"Erreur : {message}"


def system_failure(error: OSError) -> tuple[str, str]:
    """Say that the system refused a file that nobody expected it to refuse, and what to do; its folder is not told."""
    name = str(error.filename or "").replace("\\", "/").rpartition("/")[2][:80]
    why = f" ({found})" if (found := cause(error)) else ""
    return f"{f'« {name} »' if name else 'Un fichier'} n’a pas pu être lu ou écrit{why}.", READ_HINT


def try_help(command: str) -> str:
    """Point at the help of a command."""
    return f"« {command} --help » donne l’aide."


def unforeseen(kind: str, place: str) -> str:
    """Own a defect of the program, without its data."""
    where = f" ({kind}, {place})" if place else f" ({kind})"
    return (
        f"Erreur imprévue{where}.\n"
        "C’est un défaut de rsaudit, pas du dossier : l’audit s’arrête là. "
        "Signaler ces deux lignes avec la commande employée."
    )


AUDIT_HELP = "Audite un ou plusieurs dossiers et écrit le rapport."
PATHS_HELP = "Dossier d’une résidence, fichier YAML, ou dossier qui en contient plusieurs."
FORMAT_HELP = "terminal, html, json, sarif, junit, github, gitlab, markdown, csv ou xlsx."
OUTPUT_HELP = "Fichier à écrire ; son nom dit le format. Répétable. « - » est la sortie standard."
DATE_HELP = "Jour auquel juger le droit et les délais (par défaut : aujourd’hui)."
RULESET_HELP = "Référentiel à jouer. Répétable. Par défaut : ceux dont le texte lie la résidence."
RULE_HELP = "Ne jouer que cette règle. Répétable."
THRESHOLD_HELP = "Gravité à partir de laquelle le code de retour est 1 : majeur, significatif, mineur (par défaut), remarque ou aucun."
SINCE_HELP = (
    "Rapport JSON antérieur, d’un dossier ou d’un parc : garde ses numéros et ne détaille que ce qui est nouveau "
    "ou aggravé (« aucun » : ne rien suivre)."
)
CHANGED_HELP = "Les chemins sont des fichiers modifiés : chacun désigne son dossier, les autres sont ignorés."
WHOLE_REPORT_HINT = "Donner le rapport complet, écrit sans --diffusion."
STRICT_HELP = "Rendre aussi 1 s’il manque des pièces (pieces) ou s’il reste un point à apprécier (tout)."
REQUIRE_PIECES_HELP = "Tenir pour non vérifiable ce qui est conforme sans pièce citée."
ALL_HELP = "Lister aussi ce qui est conforme et ce qui n’est pas concerné."
PROCESSES_HELP = "Nombre de processus (par défaut : un par cœur dès que cela fait gagner du temps)."
PUBLIC_HELP = "Version communicable : ni ligne de logement ou de contrat, ni montant individuel."

EXPORT_HELP = "Écrit un dossier dans un classeur à remplir ou à envoyer."
FILING_HELP = "Écrire les tableaux d’un envoi au lieu du classeur : 15-novembre."
FORM_HELP = "Écrire les tableaux d’une fiche au lieu du classeur : convention."
PLATFORM_HELP = (
    "Écrire un fichier à déposer sur la plateforme de conventionnement : logements ou locaux-collectifs."
)
EXPORT_DATE_HELP = "Jour auquel lire les tableaux (par défaut : aujourd’hui)."
EXPORT_PATH_HELP = "Dossier d’une résidence, fichier YAML ou classeur."
EXPORT_OUTPUT_HELP = "Classeur à écrire (.xlsx)."
BLANK_HELP = "Classeur vide, à faire remplir : aucun dossier n’est donné."
OVERWRITE_HELP = "Remplacer ce qui existe déjà à cet endroit."
IMPORT_HELP = "Porte dans un dossier YAML ce que l’on a déjà : classeur rempli, état locatif, fichiers de la plateforme de l’État."
IMPORT_PATH_HELP = (
    "Classeur fait par « rsaudit exporter » ; état locatif en CSV ou XLSX ; logements, locaux collectifs ou liste de "
    "conventions de la plateforme de conventionnement."
)
MAP_HELP = (
    "Correspondance entre les colonnes et les champs. Si le fichier n’existe pas, il est écrit, à compléter."
)
TRIAL_HELP = "Montrer les différences sans rien écrire."
IMPORT_OUTPUT_HELP = "Dossier à écrire, ou un seul fichier si son nom finit par .yaml."
NO_EXPORT_OUTPUT = "Il manque le classeur à écrire."
NO_EXPORT_OUTPUT_HINT = "Écrire -o classeur.xlsx."
NO_IMPORT_OUTPUT = "Il manque le dossier à écrire."
NO_IMPORT_OUTPUT_HINT = "Écrire -o mon-dossier, ou -o mon-dossier.yaml pour un seul fichier."
WHAT_TO_EXPORT = "Donner un dossier à exporter, ou --vide, mais pas les deux."
WHAT_TO_EXPORT_HINT = "« rsaudit exporter --vide -o classeur.xlsx » écrit un classeur à remplir."
REPLACE_HINT = "Ajouter --remplacer pour l’écraser, ou choisir un autre nom."
IMPORT_REPLACE_HINT = (
    "Ajouter --remplacer pour y porter les valeurs importées (commentaires et mise en page sont gardés), ou choisir un "
    "autre nom."
)
FIX_FIRST_HINT = "Corriger ce qui précède, puis relancer : rien n’a été écrit."
UNKNOWN_KIND_HINT = (
    "« importer » lit un classeur de « rsaudit exporter », un état locatif (.csv ou .xlsx), un fichier de la plateforme de "
    "l’État. Un règlement ou un contrat se lit avec « rsaudit relire »."
)

UNKNOWN_RULESET_HINT = (
    "« rsaudit regles » liste les référentiels livrés ; on peut aussi donner le chemin d’un dossier."
)
BAD_DATE_HINT = "Écrire un jour qui existe, sous la forme AAAA-MM-JJ : 2026-09-30."
BAD_WORD_HINT = "« --help » explique chaque option."
PDF_HINT = "Écrire -o rapport.html, l’ouvrir dans un navigateur, puis imprimer « dans un fichier PDF »."
OUTPUT_HINT = "Écrire -o rapport.html, ou -o format:chemin quand le nom du fichier ne dit pas le format."
NO_OUTPUT_FOLDER_HINT = "Créer ce dossier, ou donner un autre chemin."
NOT_OURS_HINT = "Choisir un autre nom, ou déplacer ce fichier : seul un rapport de rsaudit est remplacé."
NOT_WRITABLE_HINT = "Vérifier les droits et la place disponible, ou choisir un autre dossier."
NO_DOSSIER_HINT = (
    "Un dossier de résidence contient residence.yaml, ou tient dans un seul fichier YAML ; "
    "le dossier examples/ en donne plusieurs."
)
NO_PROCESS = "--processus veut un nombre d’au moins 1."
WORKER_LOST = "Un des processus de l’audit s’est arrêté sans rien dire."
WORKER_LOST_HINT = "La mémoire a pu manquer : recommencer avec --processus 1."
UNKNOWN_COMMAND_HINT = "« rsaudit --help » dit ce que fait chacune."
UNKNOWN_RULE_HINT = "« rsaudit regles » liste les règles de chaque référentiel."
FOLDER_HINT = "Créer un dossier et écrire -o html:rapports/ : un fichier par dossier audité."
TWO_STANDARD_OUTPUTS = "Deux rapports sont demandés sur la sortie standard."


def _listed(words: object) -> str:
    return ", ".join(str(word) for word in words)  # type: ignore[attr-defined]


def _near(word: str, known: object) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, [str(name) for name in known], n=1)  # type: ignore[attr-defined]
    return f" Vouliez-vous dire « {close[0]} » ?" if close else ""


def several_to_export(count: int) -> str:
    """Say that a workbook holds one dossier."""
    return f"Un classeur tient un seul dossier, et il y en a {count} à cet endroit."


def not_a_workbook_name(name: str) -> str:
    """Say that the name of a workbook does not end as one."""
    return f"« {name} » n’est pas un nom de classeur : il finit par .xlsx."


def exists(name: str) -> str:
    """Say that something stands where a file would be written."""
    return f"« {name} » existe déjà : il n’est pas remplacé."


def unusable(name: str, count: int) -> str:
    """Say that a dossier has errors and is not written elsewhere."""
    return f"« {name} » a {count_noun(count, 'erreur', 'erreurs')}."


def unknown_kind(name: str) -> str:
    """Say that a file is nothing that can be imported."""
    return f"« {name} » n’est d’aucune sorte connue : il n’est pas importé."


def unknown_ruleset(name: str, known: list[str]) -> str:
    """Say that no référentiel has that name."""
    return f"Le référentiel « {name} » n’existe pas.{_near(name, known)} Ceux qui sont livrés : {_listed(known)}."


def unknown_command(name: str, known: list[str]) -> str:
    """Say that no command has that name."""
    return f"La commande « {name} » n’existe pas.{_near(name, known)} Les commandes : {_listed(known)}."


def unknown_option(name: str, near: object) -> str:
    """Say that a command has no such option."""
    return f"L’option « {name} » n’existe pas.{_near(name, near)}"


def quoted(message: str) -> str:
    """Put between French quotation marks what the command-line library puts between apostrophes."""
    return re.sub(r"'([^']*)'", r"« \1 »", message)


def unknown_rule(name: str, known: object) -> str:
    """Say that no rule played has that id."""
    return f"La règle « {name} » n’existe pas.{_near(name, known)}"


def bad_date(text: str) -> str:
    """Say that a day does not exist."""
    return f"« {text} » n’est pas une date."


def bad_date_hint(meant: date | None) -> str:
    """Say how a day is written: the day meant, when it is certain."""
    return f"Écrire {meant.isoformat()}." if meant else BAD_DATE_HINT


def bad_word(option: str, value: str, known: tuple[str, ...]) -> str:
    """Say that the word of an option is not one of its words."""
    return f"{option} n’admet pas « {value} ».{_near(value, known)} Valeurs admises : {_listed(known)}."


def empty_output(text: str) -> str:
    """Say that an output has no path."""
    return f"« {text} » ne donne pas de chemin."


def unknown_ending(text: str, known: list[str]) -> str:
    """Say that a file name does not tell its format."""
    return f"Le nom « {text} » ne dit pas son format. Formats : {_listed(known)}."


def output_is_folder(name: str) -> str:
    """Say that an output is a folder."""
    return f"La sortie « {name} » est un dossier."


def no_output_folder(name: str) -> str:
    """Say that the folder of an output does not exist."""
    return f"Le dossier « {name} », où écrire, n’existe pas."


def not_ours(name: str) -> str:
    """Say that an output would replace a file that is not ours."""
    return f"Le fichier « {name} » existe et n’est pas un rapport de rsaudit : il n’est pas remplacé."


def not_writable(name: str) -> str:
    """Say that nothing can be written in a folder."""
    return f"On ne peut pas écrire dans « {name} »."


def cannot_write(name: str, reason: str) -> str:
    """Say that a report could not be written."""
    detail = f" ({reason})" if reason else ""
    return f"Le rapport « {name} » n’a pas pu être écrit{detail} ; ce qui s’y trouvait est intact."


def no_dossier(path: str) -> str:
    """Say that a path holds no dossier."""
    return f"Aucun dossier de résidence dans « {path} »."


def written(path: str) -> str:
    """Say where a report is."""
    return f"Rapport écrit : {path}"


VALIDATE_HELP = "Vérifie qu’un dossier est bien formé, sans le juger."
VALIDATE_FORMAT_HELP = "terminal ou json (pour un éditeur)."
CORRECT_HELP = "Écrire une copie où ce qui est certain est corrigé, et montrer la différence."
CORRECT_OUTPUT_HELP = "Avec --corriger, où écrire la copie. Par défaut : à côté, sous le nom « …-corrige »."
CORRECT_ONLY = "« -o » va avec « --corriger »."
CORRECT_IN_TERMINAL = "« --corriger » montre une différence à lire : il n’a pas d’autre format."
CORRECT_ONLY_HINT = "Ajouter --corriger, ou retirer l’option."
NOTHING_CERTAIN = "Rien qui se corrige à coup sûr : aucune copie n’est écrite."
TEST_HELP = "Vérifie un référentiel, joue ses cas et dit ce qu’il couvre."
TEST_PATHS_HELP = "Référentiels à éprouver, par leur nom ou leur dossier (par défaut : ceux qui sont livrés)."
TEST_ALL_HELP = "Lister aussi les cas réussis et les champs que rien ne lit."
RULES_HELP = "Liste les référentiels et leurs règles."
RULES_WHICH_HELP = "Référentiel à lister. Répétable. Par défaut : tous ceux qui sont livrés."
RULES_FORMAT_HELP = "terminal ou json."
RULES_GUIDE_HELP = "Écrire le guide des règles, page HTML à lire ou à imprimer."
RULES_OUTPUT_HELP = "Avec --guide, fichier HTML à écrire. Par défaut : la sortie standard."
RULES_DATE_HELP = "Avec --guide, date des valeurs en vigueur. Par défaut : aujourd’hui."
GUIDE_ONLY = "« -o » et « --date » vont avec « --guide »."
GUIDE_ONLY_HINT = "Ajouter --guide, ou retirer l’option."
GUIDE_IS_HTML = "Le guide s’écrit en HTML seulement."
GUIDE_IS_HTML_HINT = "Donner à -o un fichier qui finit par .html, sans --format."
EXPLAIN_HELP = "Explique une règle comme un juriste la lit, ou son évaluation sur un dossier."
EXPLAIN_RULE_HELP = "Identifiant de la règle, ou d’une exigence qu’elle couvre."
EXPLAIN_DOSSIER_HELP = "Dossier sur lequel montrer l’évaluation, ligne à ligne."
EXPLAIN_SUBJECT_HELP = "Ne montrer que ce sujet : un contrat, un logement, une année."
ONE_DOSSIER_HINT = "Donner le chemin d’un seul dossier."
INVALID_DOSSIER_HINT = "« rsaudit valider » liste les erreurs et leur place."


def one_dossier(path: str, count: int) -> str:
    """Say that a path must hold exactly one dossier."""
    return f"« {path} » contient {count} dossiers."


def invalid_dossier(path: str, count: int) -> str:
    """Say that a dossier cannot be evaluated."""
    return f"Le dossier « {path} » n’est pas valide ({count_noun(count, 'erreur')})."


def validated(path: str, errors: int, warnings: int) -> str:
    """Say in one line whether a dossier is well formed."""
    told = f", {count_noun(warnings, 'avertissement')}" if warnings else ""
    if errors:
        return f"{path} : {count_noun(errors, 'erreur')}{told}"
    return f"{path} : bien formé{told}"


def corrected(count: int, path: str) -> str:
    """Say what was corrected, and where the copy is."""
    return f"\n{count_noun(count, 'correction certaine', 'corrections certaines')}, dans la copie {path}. Ce qu’il y reste à faire :"


def input_error(error: InputError) -> str:
    """Write one error of a dossier with its place."""
    if error.cell:
        place = f"{error.file}, {error.cell}"
    else:
        place = ":".join([error.file, *(str(n) for n in (error.line, error.column) if n is not None)])
    return f"  {inert(place)} : {inert(error.message)}"


def ruleset_heading(identifier: str, title: str, version: str, day: date) -> str:
    """Name a référentiel."""
    return f"{identifier} — {title}, version {version} du {format_date(day)}"


def extends(parent: str) -> str:
    """Say which référentiel another extends."""
    return f"  Étend « {parent} »."


def rule_line(rule: Rule, ruleset: str) -> str:
    """Write a rule on one line: id, title, what it covers, force and gravity, and its origin if inherited."""
    grades = "/".join(dict.fromkeys(SEVERITY_LABELS[case.severity] for case in rule.severities))
    force = f"{FORCE_LABELS[rule.force]}, {grades}" if grades else FORCE_LABELS[rule.force]
    origin = f" [de {rule.origin}]" if rule.origin != ruleset else ""
    return f"  {rule.id} — {rule.title} ({', '.join(rule.requirements)} ; {force}){origin}"


COMPARE_HELP = (
    "Compare deux rapports JSON d’une résidence ou d’un parc, et dit la cause de chaque changement."
)
COMPARE_BEFORE_HELP = "Rapport JSON de l’audit le plus ancien."
COMPARE_AFTER_HELP = "Rapport JSON de l’audit le plus récent."
FAIL_IF_NEW_HELP = "Rendre 1 si un écart ou une remarque est nouveau ou aggravé."
READ_REPORT_HINT = "Donner un rapport écrit par « rsaudit audit -o rapport.json »."


def communicable_report(path: str) -> str:
    """Say that a communicable report cannot be followed."""
    return f"Le rapport « {path} » est une version communicable : il ne nomme pas ses sujets."


def unreadable_report(path: str) -> str:
    """Say that a report cannot be read."""
    return f"Le rapport « {path} » ne se lit pas."


def one_dossier_a_file(name: str, count: int) -> str:
    """Say that a format holds one dossier only."""
    return f"Le format {name} n’écrit qu’un dossier par fichier, et {count} ont été audités."


def folder_without_format(text: str) -> str:
    """Say that a folder of reports must say its format."""
    return f"« {text} » est un dossier : dire le format des rapports à y écrire."


def not_a_file(path: str) -> str:
    """Say that a path is no file."""
    return f"« {path} » n’est pas un fichier qui se lit."


def file_written(path: str) -> str:
    """Say that a file was written."""
    return f"Écrit : {path}"


JOB_FOLLOW = "Préparer la suite"
CALENDAR_HELP = "Donne les échéances d’un ou plusieurs dossiers : à venir, non tenues, à établir."
CALENDAR_FORMAT_HELP = "terminal, html ou ics (agenda)."
PIECES_HELP = "Dresse la liste des pièces et des données à demander pour que tout soit décidable."
PIECES_FORMAT_HELP = "terminal (à coller dans une lettre), markdown, html, json ou csv."
DOCUMENT_OUTPUT_HELP = "Fichier à écrire ; son nom dit le format. Répétable. « - » est la sortie standard."


def document_is_a_file(text: str) -> str:
    """Say that one document is written, whatever the number of dossiers."""
    return f"« {text} » est un dossier : cette commande écrit un seul document."


def written_document(path: str) -> str:
    """Say where a document is."""
    return f"Document écrit : {path}"


def not_judged(path: str, errors: list[InputError]) -> str:
    """List what is wrong in a dossier that could not be judged."""
    return "\n".join([validated(path, len(errors), 0), *map(input_error, errors)])


SHEET_HELP = "Écrit la grille de visite de ce qui reste à apprécier, et en reprend les réponses."
SHEET_FORMAT_HELP = "terminal, html (à imprimer) ou xlsx (à remplir)."
ONE_PATH_HELP = "Dossier d’une résidence, ou fichier YAML."
DWELLINGS_HELP = "Logements à visiter, par leur numéro : une page chacun."
DRAW_HELP = "Nombre de logements à tirer au sort ; le même tirage se refait."
SEED_HELP = "Graine du tirage. Par défaut : la date de l’audit."
FILLED_HELP = "Grille remplie dont écrire les réponses dans le dossier."
REPLACE_HELP = "Avec --reprendre, remplacer les réponses du même jour et du même rôle qui diffèrent."
SHEET_OR_BACK = "« --reprendre » lit une grille remplie : il ne va qu’avec --remplacer, --date et -r."
REPLACE_ALONE = "« --remplacer » va avec « --reprendre »."
DRAW_OR_NAMED = "Choisir les logements par --logements, ou par --tirage (et --graine)."
DRAW_HINT = "Demander au plus autant de logements que le dossier en liste."
DWELLING_HINT = "Écrire les numéros du dossier, séparés par des virgules : --logements 103,207."
SHEET_EXISTS_HINT = (
    "Choisir un autre nom, ou déplacer ce classeur : il peut porter ce qui a été vu sur place."
)


def bad_draw(size: int, known: int) -> str:
    """Say that so many dwellings cannot be drawn."""
    return f"On ne peut pas tirer {count_noun(size, 'logement')} : le dossier en liste {known}."


def unknown_dwelling(number: str, known: list[str]) -> str:
    """Say that the dossier has no dwelling of that number."""
    return f"Le dossier ne liste pas de logement « {number} ».{_near(number, known)}"


def sheet_exists(name: str) -> str:
    """Say that a workbook is never written over."""
    return f"Le classeur « {name} » existe : il n’est pas remplacé."


def unreadable_sheet(path: str) -> str:
    """Say that a filled sheet cannot be used."""
    return f"La grille « {path} » n’a pas été reprise."


def not_a_folder_name(name: str) -> str:
    """Say that a new dossier is a folder."""
    return f"« {name} » n’est pas un nom de dossier."
