"""French sentences of the condition language: what is wrong in a condition and how to write it; why a value is unknown.

Each error is a pair (message, hint). Causes of the unknown are put in words by `describe`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, format_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

Problem = tuple[str, str]

KIND_NAMES = {
    "bool": "une condition (vrai ou faux)",
    "number": "un nombre",
    "date": "une date",
    "duration": "une durée",
    "text": "un texte",
    "word": "un mot",
    "reference": "une référence",
    "item": "un objet",
    "list": "une liste",
}


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the known name that looks most like `name`, if one does."""
    from difflib import get_close_matches

    found = get_close_matches(name, sorted(set(candidates)), n=1, cutoff=0.6)
    return found[0] if found else None


def suggest(name: str, candidates: Iterable[str], otherwise: str) -> str:
    """Propose the nearest known name, else say something useful."""
    found = nearest(name, candidates)
    return f"Vouliez-vous écrire « {found} » ?" if found else otherwise


# -- reading ---------------------------------------------------------------------------------------------


def too_long(limit: int) -> Problem:
    """Refuse an expression over the length limit."""
    return (
        f"l’expression dépasse {limit} caractères",
        "La découper : un fait dérivé, ou des noms locaux sous « avec ».",
    )


def word_too_long(limit: int) -> Problem:
    """Refuse a name or a text over the length limit."""
    return (
        f"un nom ou un texte dépasse {limit} caractères",
        "Aucun champ, mot ou paramètre n’est si long : vérifier les guillemets et les espaces.",
    )


def too_deep(limit: int) -> Problem:
    """Refuse an expression nested over the depth limit."""
    return (
        f"plus de {limit} niveaux imbriqués",
        "Nommer une partie de l’expression sous « avec », ou en faire un fait.",
    )


def unexpected_character(character: str) -> Problem:
    """Refuse a character the language does not use."""
    hints = {
        "&": "Écrire « et ».",
        "|": "Écrire « ou ».",
        "'": 'Un texte s’écrit entre guillemets droits : "T1\'".',
        "’": 'Un texte s’écrit entre guillemets droits : "T1\'".',
        "«": 'Un texte s’écrit entre guillemets droits : "…".',
        "“": 'Un texte s’écrit entre guillemets droits : "…".',
        "≤": "Écrire « <= ».",
        "≥": "Écrire « >= ».",
        "≠": "Écrire « != ».",
        "×": "Écrire « * ».",
        "÷": "Écrire « / ».",
        "%": "Un taux est un paramètre de type « part ».",
    }
    name = "un caractère de contrôle" if not character.isprintable() else f"« {character} »"
    return f"caractère inattendu : {name}", hints.get(character, "Le retirer.")


UNCLOSED_TEXT: Problem = ("texte sans guillemet fermant", 'Un texte s’écrit entre guillemets droits : "…".')
ACCENTED_NAME: Problem = (
    "un nom s’écrit sans accent",
    "Les clés du dossier et les noms des référentiels n’ont que des lettres sans accent, des chiffres et « _ ».",
)
EMPTY: Problem = ("expression vide", "Écrire une condition, par exemple « contrat.statut = en_cours ».")
CHAINED: Problem = (
    "deux comparaisons à la suite",
    "Écrire « a <= b et b <= c ».",
)
BAD_PATH: Problem = ("nom de champ attendu après le point", "Écrire par exemple « contrat.depot_garantie ».")
WHERE_WITHOUT_ACCENT: Problem = (
    "« ou » à la place de « où »",
    "Le filtre d’une liste s’écrit avec un accent : « nombre(c dans LISTE où CONDITION) ».",
)
AT_NEEDS_PARAMETER: Problem = (
    "« (au: …) » ne suit qu’un paramètre",
    "Écrire « nom_du_parametre(au: date) » ou « nom_du_parametre[cle](au: date) ».",
)
BRACKETS_NEED_PARAMETER: Problem = (
    "les crochets ne suivent qu’un paramètre",
    "Une table de paramètres s’interroge par « nom[cle1, cle2] » ; une liste du dossier se parcourt par nombre, tous, un…",
)


def foreign_operator(written: str, ours: str) -> Problem:
    """Refuse an operator of another language."""
    return f"« {written} » ne s’emploie pas ici", f"Écrire « {ours} »."


def expected(what: str, found: str) -> Problem:
    """Say what the reader of the expression waited for."""
    return f"{what} attendu, « {found} » trouvé" if found else f"{what} attendu à la fin de l’expression", (
        "Relire l’expression à cet endroit : un mot, un opérateur ou une parenthèse manque."
    )


def trailing(found: str) -> Problem:
    """Refuse what follows a complete expression."""
    return (
        f"« {found} » en trop après l’expression",
        "Relier les deux parties par « et » ou « ou », ou retirer la fin.",
    )


def unknown_function(name: str, known: Iterable[str]) -> Problem:
    """Refuse a function the language does not have."""
    names = sorted(known)
    return f"fonction inconnue « {name} »", suggest(name, names, f"Fonctions connues : {', '.join(names)}.")


def aggregate_shape(name: str, *, body: bool) -> Problem:
    """Show how an aggregate is written."""
    inside = "x dans LISTE où CONDITION" + (" : VALEUR" if body else "")
    return f"« {name} » s’écrit {name}({inside})", "La partie « où CONDITION » est facultative."


def arity(name: str, wanted: int) -> Problem:
    """Refuse a call with the wrong number of arguments."""
    count = f"{wanted} valeur" + ("s" if wanted > 1 else "")
    return f"« {name} » demande {count}", "Séparer les valeurs par des virgules."


# -- names -----------------------------------------------------------------------------------------------


def unknown_name(name: str, known: Iterable[str]) -> Problem:
    """Refuse a name that is no section, variable, fact or parameter."""
    return f"nom inconnu « {name} »", suggest(
        name, known, "Ce n’est ni une section, ni une variable, ni un fait, ni un paramètre."
    )


def unknown_field(name: str, owner: str, known: Iterable[str]) -> Problem:
    """Refuse a field that no schema describes."""
    names = list(known)
    shown = ", ".join(names[:8]) + ("…" if len(names) > 8 else "")
    return f"champ inconnu « {name} » dans « {owner} »", suggest(name, names, f"Champs connus : {shown}.")


def no_field_of(name: str, kind: str) -> Problem:
    """Refuse a field asked of a value that has none."""
    return f"pas de champ « {name} » sur {kind_name(kind)}", "Seuls un objet ou une référence ont des champs."


def field_of_list(name: str, path: str) -> Problem:
    """Refuse a field asked of a whole list."""
    return (
        f"« {path} » est une liste : « {name} » se lit sur un de ses objets",
        f"Écrire par exemple « tous(x dans {path} : x.{name} … ) ».",
    )


def ambiguous_reverse(name: str, paths: Sequence[str]) -> Problem:
    """Refuse a reverse reference that may be several tables."""
    return f"« {name} » peut désigner {' ou '.join(paths)}", "Parcourir la table entière avec un filtre."


def unknown_word(word: str, words: Sequence[str]) -> Problem:
    """Refuse a word outside the enumeration it is compared with."""
    shown = ", ".join(words[:10]) + ("…" if len(words) > 10 else "")
    return f"mot « {word} » hors de l’énumération", suggest(word, words, f"Mots admis : {shown}.")


def disjoint_words(left: Sequence[str], right: Sequence[str]) -> Problem:
    """Refuse a comparison of two enumerations without a common word."""
    return (
        f"aucun mot commun aux deux énumérations ({', '.join(left[:4])}… et {', '.join(right[:4])}…)",
        "Comparer deux champs qui partagent des mots.",
    )


def reserved_name(name: str) -> Problem:
    """Refuse to declare a word of the language."""
    return f"« {name} » est un mot du langage", "Choisir un autre nom."


def bad_name(name: str) -> Problem:
    """Refuse a declared name that could never be written."""
    return (
        f"« {name} » n’est pas un nom",
        "Un nom a des lettres minuscules sans accent, des chiffres et « _ ».",
    )


def circular_fact(names: Sequence[str]) -> Problem:
    """Refuse a derived fact that needs itself."""
    return (
        f"le fait « {names[-1]} » dépend de lui-même ({' → '.join(names)})",
        "Un fait ne peut reposer que sur d’autres.",
    )


def facts_too_deep(limit: int) -> Problem:
    """Refuse too long a chain of derived facts."""
    return f"plus de {limit} faits reposent l’un sur l’autre", "Réduire la chaîne des faits dérivés."


def fact_unit(name: str, declared: str | None, found: str | None) -> Problem:
    """Refuse a fact whose declared unit is not that of its value."""
    return (
        f"le fait « {name} » est déclaré en {declared or 'nombre sans unité'} et vaut des {found or 'nombres sans unité'}",
        "Corriger « unite » ou la formule.",
    )


def fact_of_table(name: str, table: str) -> Problem:
    """Refuse a fact declared on a list that no schema describes."""
    return (
        f"le fait « {name} » porte sur la table inconnue « {table} »",
        "Donner le chemin d’une table du dossier.",
    )


def fact_hides_field(name: str, table: str) -> Problem:
    """Refuse a fact named like a field of the same table."""
    return f"le fait « {name} » porte le nom d’un champ de « {table} »", "Choisir un autre nom."


def duplicate_name(name: str) -> Problem:
    """Refuse two facts or parameters of one name."""
    return f"deux déclarations portent le nom « {name} »", "Choisir un autre nom."


# -- types -----------------------------------------------------------------------------------------------


def kind_name(kind: str) -> str:
    """Name a type in French."""
    return KIND_NAMES.get(kind, kind)


def wrong_kind(wanted: str, found: str) -> Problem:
    """Refuse a value of another type than wanted."""
    return (
        f"{kind_name(wanted)} attendu, {kind_name(found)} trouvé",
        "Vérifier le champ : son type est dans le schéma.",
    )


def incomparable(left: str, right: str) -> Problem:
    """Refuse a comparison between two types."""
    return (
        f"on ne compare pas {kind_name(left)} avec {kind_name(right)}",
        "Comparer deux valeurs de même type.",
    )


def no_order(kind: str) -> Problem:
    """Refuse an order on what has none."""
    return f"{kind_name(kind)} n’a pas d’ordre", "Seuls nombres, dates et durées se comparent par < <= > >=."


def unit_mismatch(operator: str, left: str | None, right: str | None) -> Problem:
    """Refuse two units where one is wanted."""
    return (
        f"unités différentes de part et d’autre de « {operator} » : {left or 'sans unité'} et {right or 'sans unité'}",
        "Comparer ou additionner des valeurs de même unité ; un taux (%) se lit comme une part sans unité.",
    )


def two_units(operator: str, left: str | None, right: str | None) -> Problem:
    """Refuse a product or quotient of two units."""
    return (
        f"« {operator} » entre deux unités ({left} et {right})",
        "Un produit a au plus une unité ; un quotient aussi, ou deux unités égales.",
    )


DATE_MINUS_DATE: Problem = (
    "une date ne se retranche pas d’une date",
    "Écrire « jours(d1, d2) » pour compter les jours.",
)
DATE_FIRST: Problem = ("la date vient en premier", "Écrire « date + durée ».")
NUMBER_AFTER_DATE: Problem = (
    "un nombre ne s’ajoute pas à une date",
    "Écrire une durée : « date + n * 1 jour », ou un paramètre de type « duree ».",
)
TOO_MANY_SHIFTS: Problem = ("trop de durées ajoutées à une date", "Additionner moins de durées.")
NUMBER_NOT_ALLOWED: Problem = (
    "un seuil ne s’écrit pas dans une condition : seuls 0 et 1 sont admis",
    "En faire un paramètre daté de parametres.yaml, avec sa source.",
)
NESTED_SAME_LIST: Problem = (
    "une liste parcourue à l’intérieur d’elle-même",
    "En faire un fait du dossier (calculé une fois), ou passer par une référence (« contrat.logement.contrats »).",
)


def nested_too_deep(limit: int) -> Problem:
    """Refuse too many lists ranged over one inside the other."""
    return f"plus de {limit} listes imbriquées", "En faire un fait dérivé."


def untested_silence(path: str, words: Sequence[str]) -> Problem:
    """Refuse a field that may be silent used without having been tested."""
    return (
        f"« {path} » peut valoir {' ou '.join(words)} et n’a pas été testé",
        f"Le tester d’abord : « existe({path}) et … », dans la même condition ou dans « si ».",
    )


def constant_condition(value: bool) -> Problem:
    """Refuse a condition that is decided whatever the dossier says."""
    word = "vraie" if value else "fausse"
    return f"condition toujours {word}, quel que soit le dossier", "La retirer, ou corriger la comparaison."


PARAMETER_NEEDS_KEYS: Problem = (
    "ce paramètre est une table : il lui faut ses clés",
    "Écrire « nom[cle1, cle2] », dans l’ordre de « cles ».",
)
PARAMETER_HAS_NO_KEYS: Problem = ("ce paramètre n’est pas une table", "L’écrire sans crochets.")


def key_count(name: str, wanted: int) -> Problem:
    """Refuse a table asked with the wrong number of keys."""
    count = f"{wanted} clé" + ("s" if wanted > 1 else "")
    return f"la table « {name} » demande {count}", "Les donner dans l’ordre de « cles »."


EXISTS_NEEDS_PATH: Problem = ("« existe » demande un champ", "Écrire « existe(contrat.depot_garantie) ».")
WORD_ALONE: Problem = (
    "deux mots sans champ à comparer",
    "L’un des deux côtés doit être un champ, un fait ou un paramètre.",
)
LIST_LITERAL_ALONE: Problem = (
    "une liste de mots ne s’emploie qu’après « dans »",
    "Écrire « champ dans [a, b] ».",
)


# -- parameters ------------------------------------------------------------------------------------------


def parameter_problem(name: str, problem: str) -> str:
    """Name the parameter at fault."""
    return f"paramètre « {name} » : {problem}"


def overlap(first: date | None, second: date | None) -> str:
    """Say that two entries hold on a same day."""
    days = [format_date(day) if day else "l’origine" for day in (first, second)]
    return f"les valeurs depuis {days[0]} et depuis {days[1]} se chevauchent"


OVERLAP_HINT = "Terminer la première (« jusqua ») la veille de la seconde."
NO_ENTRY = "aucune valeur"
REVERSED_ENTRY = "une valeur finit avant de commencer"
VALUE_OR_TABLE = "chaque entrée a une valeur, ou une table quand le paramètre a des clés"
PARAMETER_HINT = "Voir la page « langage » : types nombre, part, duree, date, mot."


def unknown_type(kind: str) -> str:
    """Refuse a type of parameter."""
    return f"type inconnu « {kind} »"


def bad_value(kind: str, value: object) -> str:
    """Refuse a value that is not of the type of its parameter."""
    return f"« {value} » n’est pas une valeur de type « {kind} »"


def bad_key(path: str, value: object) -> str:
    """Refuse a key that the field of the dossier cannot take."""
    return f"la clé « {value} » n’est pas une valeur de « {path} »"


def unknown_key_field(path: str) -> str:
    """Refuse keys taken from a field that no schema describes."""
    return f"la clé « {path} » n’est pas un champ du dossier"


def row_length(wanted: int) -> str:
    """Refuse a row that has not one value per key."""
    return f"une ligne de la table n’a pas {wanted} clé(s)"


# -- running ---------------------------------------------------------------------------------------------

NUMBER_TOO_LARGE: Problem = (
    "un nombre calculé est trop long",
    "Revoir les produits et quotients du fait ou de la règle.",
)
TOO_MUCH_WORK: Problem = (
    "trop de calculs sur ce dossier : des listes sont parcourues les unes dans les autres",
    "Passer par les renvois d’une ligne à l’autre, ou par un fait dérivé, au lieu de comparer chaque ligne à toutes.",
)


# -- causes of the unknown -------------------------------------------------------------------------------


def field_missing(key: str) -> str:
    """Say that a datum is not in the dossier."""
    return f"« {key} » n’est pas renseigné"


def field_silent(key: str, word: str) -> str:
    """Say that the document is silent, or that there is none."""
    return f"« {key} » vaut {word}"


def rows_unseen(key: str) -> str:
    """Say that a table shows only part of its rows."""
    return f"« {key} » ne montre qu’une partie des lignes"


def parameter_not_in_force(name: str, day: date | None) -> str:
    """Say that a parameter has no value on a day."""
    if day is None:
        return f"la date à laquelle lire « {name} » n’est pas connue"
    return f"« {name} » n’a pas de valeur au {format_date(day)}"


def parameter_off_scale(name: str, key: Sequence[object]) -> str:
    """Say that a table has no row for a key."""
    return f"« {name} » n’a pas de ligne pour {', '.join(str(part) for part in key)} (hors barème)"


def not_unique(kind: str, path: str) -> str:
    """Say why no single item could be taken."""
    return {
        "aucun": f"aucun objet de « {path} » ne répond à la condition",
        "plusieurs": f"plusieurs objets de « {path} » répondent à la condition",
    }.get(kind, f"on ne sait pas quel objet de « {path} » répond à la condition")


CONTRADICTION = "deux relevés du même fait se contredisent"
ZERO_DIVISOR = "diviseur nul"
OUT_OF_CALENDAR = "date hors du calendrier"
NOT_WHOLE = "nombre entier attendu"
NOTHING_IN = "aucun objet retenu"
SPANS_OVERLAP = "durées de deux sortes que l’on ne peut départager"


# -- reading an evaluation -------------------------------------------------------------------------------

TRUE, FALSE, UNKNOWN = "vrai", "faux", "inconnu"


def between(low: str | None, high: str | None) -> str:
    """Write the bounds of a number or a date."""
    if low is None and high is None:
        return UNKNOWN
    if low is None:
        return f"{UNKNOWN}, au plus {high}"
    if high is None:
        return f"{UNKNOWN}, au moins {low}"
    return f"{UNKNOWN}, entre {low} et {high}"


def rows_shown(count: int) -> str:
    """Count the rows of a list."""
    return f"{count}{NBSP}ligne{'s' if count > 1 else ''}"


def rows_bounds(count: int, possible: int, low: int, high: int | None) -> str:
    """Count rows shown, rows that may belong, rows not shown."""
    parts = [rows_shown(count)]
    if possible:
        parts.append(f"{possible} incertaine{'s' if possible > 1 else ''}")
    if high is None:
        parts.append(
            f"au moins {low} non montrée{'s' if low > 1 else ''}" if low else "un nombre inconnu non montré"
        )
    elif high:
        parts.append(f"{high} non montrée{'s' if high > 1 else ''}")
    return ", ".join(parts)


NOT_ESTABLISHED = "le dossier est arrêté avant la date à laquelle ce fait pouvait s’établir"
EMPTY_SHARE = "aucun élément sur lequel calculer une part"
EMPTY_EXTREME = "aucun élément à comparer"
