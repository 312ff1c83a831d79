"""French sentences of a new dossier: what each field means, and the questions that fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.messages import count_noun, typographic
from rsaudit.messages.workbook import example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HOW = (
    "Pour remplir : ôter le « # » devant une clé et écrire sa valeur après les deux-points. Une clé laissée en commentaire, "
    "ou sans valeur, veut dire « on ne sait pas », jamais « non ».\n"
    "« source: {piece: P-01, page: 3, clause: article 8} » dit où un fait se lit ; P-01 est une ligne du registre des pièces."
)
_KINDS = {
    "number": "un nombre (1234.50)",
    "integer": "un nombre entier",
    "string": "un texte",
    "array": "une liste",
}


def editor_line(schema: str) -> str:
    """Tell editors where the schema of the file is."""
    return f"# yaml-language-server: $schema={schema}"


def opening(schema: Mapping[str, Any]) -> str:
    """Open a file: what it holds, how to fill it in."""
    return typographic(f"{schema['title']}. {schema.get('description', '')}\n{_HOW}")


def explanation(
    shape: Mapping[str, Any],
    words: Sequence[tuple[str, str]],
    pieces: Sequence[str],
    weight: int,
    *,
    required: bool,
) -> str:
    """Explain a field: meaning, unit, accepted values, example, piece, and how many rules wait for it."""
    parts = [
        f"{shape.get('title', '')}{' (obligatoire)' if required else ''}. {shape.get('description', '')}"
    ]
    if words:
        parts.append(f"Valeurs : {', '.join(_word(word, label) for word, label in words)}.")
    elif shape.get("format") == "date" or _is_date(shape):
        parts.append("S’écrit AAAA-MM-JJ.")
    elif shape.get("type") == "array" and not any(isinstance(one, str) for one in _first(shape)):
        pass
    elif shape.get("type") in _KINDS:
        parts.append(f"S’écrit : {_KINDS[shape['type']]}.")
    if shape.get("x-unite"):
        parts.append(f"Unité : {shape['x-unite']}.")
    shown = [example_in_yaml(one) for one in shape.get("examples") or () if not isinstance(one, dict)]
    if not words and any(shown):
        parts.append(f"Exemple : {' ou '.join(one for one in shown if one)}.")
    if pieces:
        parts.append(f"Où le lire : {' ; '.join(pieces)}.")
    if weight:
        parts.append(f"{count_noun(weight, 'règle en dépend', 'règles en dépendent')}.")
    return typographic(" ".join(parts))


def _first(shape: Mapping[str, Any]) -> list[Any]:
    """Return the items of the first example of a list."""
    examples = shape.get("examples") or [[]]
    return examples[0] if isinstance(examples[0], list) else []


def _is_date(shape: Mapping[str, Any]) -> bool:
    return any(branch.get("$ref") == "#/$defs/date" for branch in shape.get("anyOf") or ())


def _word(word: str, label: str) -> str:
    plain = word.replace("_", " ")
    return f"{word} ({label})" if label and label != plain else word


def example_in_yaml(value: Any) -> str:
    """Write an example as one would in the file."""
    if isinstance(value, list):
        return (
            "[" + ", ".join(example_in_yaml(one) for one in value) + "]"
            if value and not isinstance(value[0], dict)
            else ""
        )
    return str(value) if not isinstance(value, bool) else example(value)


# -- the command -----------------------------------------------------------------------------------------

NEW_HELP = (
    "Prépare un dossier neuf, où chaque donnée est expliquée ; avec --questions, le remplit au terminal."
)
NEW_PATH_HELP = "Dossier à créer (ou à poursuivre, avec --questions)."
CHOICE_HELP = {
    "territoire": "Territoire de la résidence.",
    "categorie": "Catégorie de la résidence.",
    "stade": "Où en est la résidence.",
    "organisation": "Organisation ; foyer_soleil ajoute ce qui touche aux satellites.",
}
RESIDENTS_HELP = "Nombre de résidents titulaires d’un contrat : écarte ce qui ne les concerne pas. Il n’est pas écrit au dossier."
QUESTIONS_HELP = "Poser les questions une à une ; chaque réponse est écrite aussitôt, et l’on peut s’arrêter."
NEW_EXISTS_HINT = typographic(
    "Choisir un autre nom ; « rsaudit nouveau DOSSIER --questions » poursuit un dossier commencé."
)
ONE_FILE_HINT = typographic("Donner le nom d’un dossier, sans .yaml ni .xlsx.")
NOT_A_COUNT_HINT = "Écrire un nombre entier, par exemple --residents 24."


def not_a_count(text: str) -> str:
    """Say that a number of residents is none."""
    return typographic(f"« {text} » n’est pas un nombre de résidents.")


def created(folder: str, files: int) -> str:
    """Say what was made."""
    return typographic(
        f"Dossier préparé : {folder} ({count_noun(files, 'fichier', 'fichiers')} à remplir, et leurs schémas)."
    )


def first_fields(fields: Sequence[tuple[str, str, int]]) -> str:
    """List the fields that most rules wait for: file, title, rules."""
    lines = [
        f"  {file} : {title} ({count_noun(weight, 'règle', 'règles')})" for file, title, weight in fields
    ]
    return typographic("À remplir d’abord, car le plus de règles en dépendent :\n" + "\n".join(lines))


def next_step(folder: str) -> str:
    """Say what to do next."""
    return typographic(f"Ensuite : « rsaudit valider {folder} » dit ce qui est mal écrit ou manque encore.")


# -- the questions ---------------------------------------------------------------------------------------

INTRODUCTION = typographic(
    "Une réponse par ligne. Entrée ou « je ne sais pas » : la donnée reste inconnue. « ? » : explication. « stop » : s’arrêter ; "
    "tout ce qui est répondu est déjà écrit, la même commande reprendra ici."
)
UNKNOWN_WORDS = frozenset(["", "je ne sais pas", "jnsp", "inconnu"])
STOP_WORDS = frozenset(["stop", "fin", "quitter"])
HELP_WORD = "?"
STOPPED = typographic(
    "Arrêté. Toutes les réponses sont écrites ; la même commande reprendra à cette question."
)
FINISHED = typographic("Toutes les questions ont été posées.")
PROMPT = "> "
ADD_ROW = typographic("Ajouter une ligne ? (oui / non)")
FIRST_ROW = typographic("Y a-t-il des lignes à écrire ? (oui / non, il n’y en a pas / je ne sais pas)")
YES_NO = frozenset(["oui", "o"]), frozenset(["non", "n"])
SEVERAL_VALUES = typographic(
    "Plusieurs réponses se séparent par des virgules ; « aucun » si la liste est vide."
)
WANTS_YES_OR_NO = typographic("Répondre « oui » ou « non », ou « je ne sais pas ».")
REFUSED = typographic("Réponse non écrite : {why}")


def screen(title: str, rank: int, total: int) -> str:
    """Head a screen: its title, and how far one is."""
    return typographic(f"── {title} ({rank}/{total}) ──")


def question(rubric: str, title: str, expected: str, *, required: bool) -> str:
    """Ask for one field."""
    name = f"{rubric} – {title}" if rubric else title
    return typographic(f"{name}{' (obligatoire)' if required else ''} [{expected}]")


def choices(labels: Sequence[str]) -> str:
    """List the words a field admits, numbered."""
    return "\n".join(f"  {rank}. {label}" for rank, label in enumerate(labels, 1))


def row_title(title: str, rank: int) -> str:
    """Head the questions of one row."""
    return typographic(f"{title}, ligne {rank}")


def required_answer() -> str:
    """Say that a field cannot stay unknown."""
    return typographic("cette donnée est nécessaire ; répondre, ou « stop »")
