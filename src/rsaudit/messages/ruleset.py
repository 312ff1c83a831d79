"""French sentences about broken référentiels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsaudit.model import InputError, Position

UNREADABLE_HINT = "Vérifier le chemin donné à --referentiel et les droits de lecture."
INVALID_FILE_HINT = "Corriger le fichier, puis relancer « rsaudit tester »."


def unreadable(name: str) -> str:
    """Say that a file of a référentiel cannot be read."""
    return f"Référentiel illisible : {name}."


LINK_HINT = "Un référentiel est fait de fichiers ordinaires, dans son seul dossier : recopier le fichier voulu à sa place."
TOO_MANY_HINT = "Vérifier que ce dossier est bien un référentiel ; en retirer ce qui n’en fait pas partie."
SHOWN = 80
"""Characters of what is written in a référentiel that an error shows at most."""


def link(name: str) -> str:
    """Say that a file or a folder of a référentiel is a link."""
    return f"{name} est un lien symbolique : rien n’est lu derrière un lien."


def not_a_file(name: str) -> str:
    """Say that something in a référentiel is neither a file nor a folder."""
    return f"{name} n’est pas un fichier ordinaire."


def too_many_files(name: str, most: int) -> str:
    """Say that a référentiel has too many files."""
    return f"Le référentiel « {name} » a trop de fichiers : plus de {format_number(most)}."


def too_large(name: str, most: int) -> str:
    """Say that the files of a référentiel are too large."""
    return f"Le référentiel « {name} » est trop gros : plus de {format_number(most >> 20)} Mio."


def too_many_ancestors(name: str, most: int) -> str:
    """Say that too many parents follow one another."""
    return f"Le référentiel « {name} » a plus de {most} parents à la suite."


def place(position: Position | None) -> str:
    """Write a position as `file:line:column`."""
    if position is None:
        return ""
    numbers = [str(number) for number in (position.line, position.column) if number is not None]
    return ":".join([position.file, *numbers])


def invalid_file(errors: Sequence[InputError]) -> str:
    """List what is wrong in a file of a référentiel."""
    lines = [f"{_error_place(error)} : {error.message}" for error in errors]
    return "Référentiel invalide.\n" + "\n".join(lines)


def _error_place(error: InputError) -> str:
    return ":".join([error.file, *(str(n) for n in (error.line, error.column) if n is not None)])


def broken_expression(position: Position | None, text: str, problem: str, column: int) -> str:
    """Show an expression that cannot be read, with a caret under the column at fault."""
    if " ".join(text.split()) == text:
        start = max(0, min(column - SHOWN // 2, len(text) - SHOWN))
        shown, mark = text[start : start + SHOWN], "… " if start else ""
        caret = " " * (len(mark) + column - 1 - start)
        return f"{place(position)} : {problem}\n  {mark}{shown}{' …' if start + SHOWN < len(text) else ''}\n  {caret}^"
    return f"{place(position)} : {problem} (caractère {column} de l’expression)"


def broken_rule(position: Position | None, rule: str, problem: str) -> str:
    """Say what is wrong with one rule."""
    return f"{place(position)} : règle « {rule} » : {problem}"


def several(problems: Iterable[str]) -> str:
    """Gather the problems of a référentiel."""
    return "Référentiel invalide.\n" + "\n".join(problems)


NO_RULESET_HINT = "Un référentiel est un dossier qui contient referentiel.yaml ; « rsaudit regles » liste ceux qui sont livrés."
WRONG_FOLDER_HINT = "Donner au dossier le nom de l’identifiant, ou l’inverse."
CIRCULAR_PARENT_HINT = "Un référentiel ne peut s’étendre lui-même : corriger « parent »."
WRONG_FILE_HINT = "Donner au fichier le nom de la règle, suivi de « .yaml »."
DUPLICATE_RULE_HINT = "Un identifiant ne sert qu’une fois : renommer l’une des deux règles."
WRONG_CHAPTER_HINT = "Ranger la règle dans le sous-dossier qui porte le nom de son chapitre."
OVERRIDE_HINT = (
    "Une extension annonce ce qu’elle remplace ou désactive dans son parent, avec la source et la raison "
    "(« remplace », « desactive » de referentiel.yaml ; « raison » d’un paramètre)."
)


def no_ruleset(name: str) -> str:
    """Say that a folder holds no référentiel."""
    return f"Aucun référentiel nommé « {name} » : referentiel.yaml est introuvable."


def wrong_folder(identifier: str, folder: str) -> str:
    """Say that a référentiel and its folder have two names."""
    return f"Le référentiel « {identifier} » est rangé dans un dossier nommé « {folder} »."


def circular_parent(name: str) -> str:
    """Say that a référentiel extends itself."""
    return f"Le référentiel « {name} » s’étend lui-même par la chaîne de ses parents."


def wrong_file(file: str, rule: str) -> str:
    """Say that a rule and its file have two names."""
    return f"{file} : la règle s’appelle « {rule} », son fichier devrait s’appeler « {rule}.yaml »."


def duplicate_rule(rule: str, first: str, second: str) -> str:
    """Say that an id is used twice."""
    return f"La règle « {rule} » est écrite deux fois : {first} et {second}."


def wrong_chapter_folder(file: str, chapter: str) -> str:
    """Say that a rule is not in the folder of its chapter."""
    return f"{file} : la règle est du chapitre « {chapter} » mais n’est pas dans son dossier."


def override_without_parent(ruleset: str, rule: str) -> str:
    """Say that a référentiel without parent replaces a rule."""
    return f"Le référentiel « {ruleset} » remplace ou désactive « {rule} » sans avoir de parent."


def unknown_override(ruleset: str, rule: str, known: list[str]) -> str:
    """Say that what is replaced does not exist in the parent."""
    return f"Le référentiel « {ruleset} » vise la règle « {rule} », que son parent n’a pas.{nearest(rule, known)}"


def undeclared_replacement(position: Position, rule: str) -> str:
    """Say that a rule takes the id of one of its parent without saying so."""
    return (
        f"{place(position)} : la règle « {rule} » existe dans le parent ; son remplacement n’est pas annoncé."
    )


def parameter_without_reason(ruleset: str, name: str) -> str:
    """Say that a parameter of the parent is replaced without a reason."""
    return (
        f"Le référentiel « {ruleset} » donne d’autres valeurs au paramètre « {name} » sans en dire la raison."
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word, or say nothing."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1)
    return f" Le plus proche est « {close[0]} »." if close else ""


ONE_WAY = "une règle juge d’une seule façon : « exiger », « elements », « signaler » ou « manuel »"
INFORMATION_SIGNALS = "« signaler » va avec « force: information », et seulement avec elle"
UNGRADED = "une obligation a une gravité, et sa liste de cas finit par « sinon »"
GRADED_FOR_NOTHING = "seule une obligation a une gravité"
RESERVED_MAJOR = (
    "une règle sous réserve n’est jamais « majeur » : donner la réserve par cas, ou baisser la gravité"
)

COVERAGE_WITHOUT_MEASURE = "« profil: couverture » veut une « mesure » : la part couverte"


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that a rule names something its référentiel does not declare."""
    return f"{kind} inconnue : « {name} ».{nearest(name, known)}".replace(
        "chapitre inconnue", "chapitre inconnu"
    )


def missing_message(verdict: str) -> str:
    """Say that a rule has no sentence for its main verdict."""
    return f"il manque le message du verdict « {verdict} »"


def unused_parameter(ruleset: str, name: str) -> str:
    """Say that nothing reads a parameter."""
    return f"{ruleset}/parametres.yaml : le paramètre « {name} » ne sert à aucune règle"


def unused_local(name: str) -> str:
    """Say that nothing reads a local name."""
    return f"le nom local « {name} » (avec) ne sert à rien"
