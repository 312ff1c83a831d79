"""French sentences of the workbook of a dossier: its sheets, its help, what is wrong in its cells."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsaudit.messages import format_number, typographic

if TYPE_CHECKING:
    from collections.abc import Iterable

OF_THE_TABLE = "Table"
EMPTY_LIST = "aucun"
GUIDE = "Mode d’emploi"
LISTS = "Listes"
EARLY = "◆"
HEADINGS = ("", "Rubrique", "Donnée", "À écrire", "Pièce", "Valeur")
NEXT_VALUES = "Suite de la liste"
NONE_EXISTS = "Il n’y en a pas (écrire « oui »)"
BLANK_TITLE = "Dossier à remplir"


MARK = "Repère"
MARK_HELP = typographic(
    "Numéro de la ligne, à reprendre dans les feuilles qui la complètent. Il ne sert qu’à ce classeur."
)


def same_mark(mark: str) -> str:
    """Say that two rows bear the same mark."""
    return typographic(f"le repère {mark} sert déjà à une autre ligne : en donner un autre.")


def _t(text: str) -> str:
    return typographic(text)


NONE_EXISTS = _t(NONE_EXISTS)
NONE_EXISTS_HELP = _t(
    "Écrire « oui » quand il n’existe aucune ligne à mettre dans cette table. Laisser vide quand on ne sait pas : une "
    "table vide veut dire « inconnu », jamais « il n’y en a pas »."
)
ONE_OF_THE_LIST = _t("Choisir une valeur de la liste, ou laisser la cellule vide si on ne sait pas.")
A_DATE = _t("Écrire une date JJ/MM/AAAA, ou laisser la cellule vide si on ne sait pas.")
A_NUMBER = _t("Écrire un nombre, ou laisser la cellule vide si on ne sait pas.")
REFUSED = "Valeur non admise"

GUIDE_LINES: tuple[tuple[str, str], ...] = tuple(
    (kind, _t(text))
    for kind, text in (
        ("titre", "Le dossier d’une résidence sociale"),
        (
            "texte",
            (
                "Ce classeur est un dossier complet : il peut être rempli, envoyé par courriel et contrôlé tel quel. "
                "Chaque feuille est une section ou une table ; le sommaire est plus bas."
            ),
        ),
        ("titre", "Comment remplir"),
        (
            "texte",
            (
                "Écrire dans les cellules blanches. Les en-têtes sont protégés (sans mot de passe) : les changer rendrait "
                "le classeur illisible."
            ),
        ),
        (
            "texte",
            (
                "Une cellule vide veut dire « on ne sait pas », jamais « non » ni « zéro ». Écrire « non », « aucun », "
                "« non mentionné » ou 0 quand on le sait."
            ),
        ),
        (
            "texte",
            (
                "« Non mentionné » se dit d’un document qui a été lu et qui n’en parle pas ; une cellule vide, d’un document "
                "qui n’a pas été lu."
            ),
        ),
        (
            "texte",
            (
                "Le signe ◆ marque ce qui se remplit dès avant la signature de la convention ; le reste attend que la "
                "résidence soit en service."
            ),
        ),
        (
            "texte",
            (
                "Passer la souris sur un en-tête montre son explication : le sens, l’unité, les valeurs admises et la pièce "
                "où lire la donnée."
            ),
        ),
        (
            "texte",
            (
                "Dates : JJ/MM/AAAA. Nombres : avec une virgule (1 234,50). Taux : 30 veut dire 30 % ; ne pas écrire 0,30. "
                "Durées : « 1 mois », « 8 jours », « 2 ans »."
            ),
        ),
        (
            "texte",
            (
                "Quand une donnée est une liste (feuilles de faits), une valeur par cellule, vers la droite ; dans une table, "
                "les valeurs se séparent par « | »."
            ),
        ),
        (
            "texte",
            (
                "Étendue d’une table : « complète » si toutes les lignes y sont, « échantillon » sinon ; l’effectif total dit "
                "alors combien il y en a."
            ),
        ),
        (
            "texte",
            (
                "Les colonnes « Source » disent dans quelle pièce du registre, à quelle page et dans quelle clause le fait "
                "se lit."
            ),
        ),
        (
            "texte",
            "Aucun nom, aucune date de naissance, aucune nationalité, rien sur la santé : les résidents sont des codes.",
        ),
        ("titre", "Ensuite"),
        ("code", "rsaudit valider classeur.xlsx"),
        ("texte", "dit ce qui est mal écrit, feuille et cellule à l’appui ;"),
        ("code", "rsaudit audit classeur.xlsx -o rapport.html"),
        ("texte", "écrit le rapport ;"),
        ("code", "rsaudit importer classeur.xlsx -o mon-dossier"),
        ("texte", "en fait un dossier de fichiers YAML."),
        ("titre", "Sommaire"),
    )
)
SUMMARY_HEADINGS = ("Feuille", "◆", "Ce qu’elle contient")


def joined(titles: Iterable[str]) -> str:
    """Join the titles from a row down to a field: « Source – Pièce »."""
    return " – ".join(titles)


def of_parent(title: str, parent: str) -> str:
    """Say that the rows of a table belong to those of another."""
    return _t(
        f"{title} Chaque ligne appartient à une ligne de la feuille « {parent} », désignée par les premières colonnes."
    )


# -- help ------------------------------------------------------------------------------------------------

EXPECTED = {
    "nombre": "nombre",
    "entier": "nombre entier",
    "booleen": "oui / non",
    "date": "JJ/MM/AAAA",
    "texte": "texte",
}


def expected(kind: str, unit: str | None, *, words: bool, closed: bool, many: bool) -> str:
    """Say in a few words what a cell holds."""
    if closed:
        plain = "choisir dans la liste"
    elif unit and kind in {"nombre", "entier"}:
        plain = _t(unit)
    else:
        plain = EXPECTED[kind]
    if words and not closed and kind != "booleen":
        plain = f"{plain}, ou choisir"
    return f"{plain} ; une valeur par cellule" if many else plain


def help_text(
    description: str,
    unit: str | None,
    words: list[str],
    examples: list[str],
    pieces: list[str],
    *,
    early: bool,
) -> str:
    """Write the comment of a field: meaning, unit, accepted values, example, piece."""
    lines = [description]
    if unit:
        lines.append(_t(f"Unité : {unit}."))
    if words:
        lines.append(_t(f"Valeurs : {' ; '.join(words)}."))
    if examples:
        lines.append(_t(f"Exemple : {' ; '.join(examples)}."))
    if pieces:
        lines.append(_t(f"Où le lire : {' ; '.join(pieces)}."))
    if early:
        lines.append(_t("◆ Se remplit dès avant la signature de la convention."))
    return "\n".join(line for line in lines if line)


def empty_list_help(sheet: str) -> str:
    """Explain the mark of a nested list."""
    return _t(
        f"Les lignes s’écrivent dans la feuille « {sheet} ». Choisir « {EMPTY_LIST} » ici quand on sait qu’il n’y en a "
        "aucune ; laisser vide sinon."
    )


def number(value: int | Decimal) -> str:
    """Write a number whole, the French way but without separators."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",")


def example(value: Any) -> str:
    """Write an example of a schema as one would type it in a cell."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | Decimal):
        return number(value)
    if isinstance(value, str):
        year, _, rest = value.partition("-")
        month, _, day = rest.partition("-")
        is_day = len(value) == len("AAAA-MM-JJ") and all(part.isdigit() for part in (year, month, day))
        return f"{day}/{month}/{year}" if is_day else value
    return " | ".join(example(one) for one in value) if isinstance(value, list) else ""


# -- what is wrong ---------------------------------------------------------------------------------------

NOT_A_WORKBOOK = _t(
    "Le fichier n’est pas un classeur XLSX lisible : l’ouvrir dans le tableur et l’enregistrer de nouveau au format .xlsx."
)
ENCRYPTED = _t(
    "Le classeur est protégé par un mot de passe, ou à l’ancien format .xls : l’enregistrer sans mot de passe au format .xlsx."
)
MACROS = _t("Le classeur contient des macros : l’enregistrer au format .xlsx, sans macro.")
LINKS = _t(
    "Le classeur reprend des valeurs d’autres fichiers, que le dossier ne contient pas : les remplacer par leur valeur "
    "(menu Données, Modifier les liens, Rompre la liaison), puis l’enregistrer."
)
ENTITIES = _t("Le classeur contient une définition d’entité XML, qu’aucun tableur n’écrit : il n’est pas lu.")
NO_SHEET = _t(
    "Ce classeur n’a aucune feuille d’un dossier : en partir d’un qui est fait par « rsaudit exporter --vide », ou importer "
    "celui-ci avec « rsaudit importer »."
)
NO_HEADINGS = _t("Les en-têtes de la feuille sont introuvables : les rétablir d’après un classeur neuf.")
NO_STORED_VALUE = _t(
    "la formule n’a pas de valeur enregistrée : ouvrir le classeur dans un tableur, l’enregistrer, ou écrire la valeur"
)
AN_ERROR = _t("la formule donne une erreur : corriger la formule, ou écrire la valeur")
A_PERCENTAGE = _t("un pourcentage là où il faut un nombre : ôter le format « % » et écrire la valeur")
DATE_FOR_A_TEXT = _t(
    "le tableur a fait une date de ce qui doit rester un texte : mettre la cellule au format Texte et écrire de nouveau"
)
EMPTY_AND_ROWS = _t(
    "il est écrit qu’il n’y en a pas, et des lignes suivent : vider cette cellule, ou supprimer les lignes"
)
NO_KEY = _t("la ligne ne dit pas à quoi elle appartient : remplir les premières colonnes")


def too_many_cells(limit: int) -> str:
    """Say that the workbook is too large."""
    return _t(
        f"Le classeur a plus de {format_number(limit)} cellules : supprimer les lignes et colonnes inutiles, y compris "
        "les mises en forme qui débordent du tableau."
    )


def unknown_sheet(name: str, close: list[str]) -> str:
    """Say that a sheet is none of a dossier's."""
    near = f" Est-ce « {close[0]} » ?" if close else ""
    return _t(f"La feuille « {name} » n’est pas une feuille du dossier : elle n’est pas lue.{near}")


def unknown_heading(name: str, close: list[str]) -> str:
    """Say that a heading is none of its sheet's, though cells are filled below it."""
    near = f" Est-ce « {close[0]} » ?" if close else ""
    return _t(
        f"L’en-tête « {name} » n’est pas de cette feuille, et des cellules sont remplies.{near} Rétablir l’en-tête, ou vider "
        "ces cellules."
    )


def double_heading(name: str) -> str:
    """Say that a heading is written twice."""
    return _t(f"L’en-tête « {name} » est écrit deux fois : n’en garder qu’un.")


def unknown_line(rubric: str, name: str, close: list[str]) -> str:
    """Say that a line of a form is no field."""
    near = f" Est-ce « {close[0]} » ?" if close else ""
    shown = f"{rubric} – {name}" if rubric else name
    return _t(
        f"« {shown} » n’est pas une donnée de cette feuille, et sa valeur est remplie.{near} Rétablir son nom."
    )


def outside(place: str) -> str:
    """Say that a cell without heading is filled."""
    return _t(
        f"une valeur est écrite hors du tableau ({place}) : la déplacer sous un en-tête, ou la supprimer"
    )


def bad_value(heading: str, why: str) -> str:
    """Say what is wrong with the value of a cell, and of which field."""
    return _t(f"{heading} : {why}.")


def one_of(words: list[str], close: list[str]) -> str:
    """Say which words a cell admits."""
    near = f" (peut-être « {close[0]} »)" if close else ""
    return _t(f"choisir une valeur de la liste{near} : {', '.join(f'« {word} »' for word in words)}")


def no_parent(sheet: str, key: str) -> str:
    """Say that the row a line belongs to does not exist."""
    return _t(f"aucune ligne « {key} » dans la feuille « {sheet} » : corriger l’une ou l’autre")


def lost(path: str) -> str:
    """Say that a value cannot be carried by a workbook."""
    return _t(f"La valeur de {path} ne peut pas être portée sans perte par un classeur.")


LOST_HINT = _t("Simplifier cette valeur (signe de commande, espace seul), ou garder le dossier en YAML.")
