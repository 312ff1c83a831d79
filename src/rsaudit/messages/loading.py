"""French sentences about files that cannot be read, and about what is written in them."""

from __future__ import annotations

import errno

from rsaudit.messages import NBSP, format_number, typographic

KIB = 1024
MIB = KIB * KIB


def _t(text: str) -> str:
    return typographic(text)


# -- YAML ------------------------------------------------------------------------------------------------

EMPTY_FILE = _t("Le fichier est vide : y écrire au moins une clé et sa valeur, par exemple « format: 1 ».")
NOT_A_MAPPING = {
    "list": _t(
        "Le fichier contient une liste, or il faut des clés : écrire « clé: valeur » sans tiret au premier niveau."
    ),
    "scalar": _t(
        "Le fichier contient une seule valeur, or il faut des clés : écrire une ligne « clé: valeur » par donnée."
    ),
}
SEVERAL_DOCUMENTS = _t(
    "Le fichier contient plusieurs documents séparés par « --- » : n’en garder qu’un par fichier."
)
ALIAS = _t(
    "Les renvois « *nom » ne sont pas admis : recopier la valeur elle-même, ou la placer dans communs/."
)
ANCHOR = _t(
    "Les ancres « &nom » ne sont pas admises : retirer l’ancre ; une valeur qui commence par « & » se met entre guillemets."
)
TAG = _t(
    "Les étiquettes « !type » ne sont pas admises : retirer l’étiquette ; une valeur qui commence par « ! » se met entre guillemets."
)
DIRECTIVE = _t("Les directives « % » en tête de fichier ne sont pas admises : retirer cette ligne.")
MERGE_KEY = _t(
    "La clé de fusion « << » n’est pas admise : recopier les clés voulues, ou les placer dans communs/."
)
KEY_NOT_TEXT = _t("Une clé doit être un mot : {found} n’en est pas un. Écrire une clé du format, en lettres.")
COMPLEX_KEY = _t("Une clé doit être un mot, non une liste ni un bloc : écrire « clé: valeur ».")
EMPTY_KEY = _t("Une clé manque avant les deux-points : écrire « clé: valeur ».")
DUPLICATE_KEY = _t("La clé « {key} » est écrite deux fois, d’abord ligne {first} : n’en garder qu’une.")
TOO_DEEP = _t(
    "Plus de {limit} niveaux d’imbrication : le fichier n’est pas un dossier ; vérifier les crochets et l’indentation."
)
TOO_MANY_NODES = _t(
    "Plus de {limit} valeurs dans un seul fichier : le partager, ou placer les longues tables dans un fichier CSV."
)
TOO_MANY_ERRORS = _t(
    "Trop d’erreurs dans ce fichier : les suivantes ne sont pas listées. Corriger les premières, puis relancer."
)
TOO_LARGE = _t(
    "Le fichier pèse {size}, au-delà de la limite de {limit} : placer les longues tables dans un fichier CSV."
)
NUL = _t("Caractère nul (octet 00) : ce n’est pas un fichier texte. Vérifier que le bon fichier a été donné.")
CONTROL = _t("Caractère de commande invisible ({code}) : le supprimer, ou ressaisir la ligne.")
LINE_SEPARATOR = _t(
    "Saut de ligne invisible ({code}) que les éditeurs n’affichent pas : le supprimer, puis revenir à la ligne normalement."
)
UTF16 = _t(
    "Le fichier est enregistré en UTF-16 : l’enregistrer de nouveau en « UTF-8 » (menu Enregistrer sous, Encodage)."
)
NOT_UTF8 = _t(
    "L’octet {byte} n’est pas de l’UTF-8 : vérifier que le bon fichier a été donné, puis l’enregistrer en « UTF-8 »."
)
LOOKS_CP1252 = _t(
    "L’octet {byte} n’est pas de l’UTF-8. Le fichier semble être en Windows-1252 (« {char} » à cet endroit) : "
    "l’enregistrer de nouveau en « UTF-8 » (menu Enregistrer sous, Encodage)."
)

SYNTAX: tuple[tuple[str, str, str], ...] = (
    (
        "",
        "mapping values are not allowed",
        _t(
            "Deux-points inattendus : ou bien la ligne est mal alignée avec les précédentes, ou bien la valeur contient « : » "
            "et doit être mise entre guillemets."
        ),
    ),
    (
        "",
        "block sequence entries are not allowed",
        _t("Tiret de liste inattendu : passer à la ligne après les deux-points et aligner les tirets."),
    ),
    (
        "",
        "tab character",
        _t("Tabulation dans l’indentation : la remplacer par des espaces."),
    ),
    (
        "",
        "could not find expected ':'",
        _t(
            "Deux-points manquants : écrire « clé: valeur », avec un espace après les deux-points, ou « - valeur » dans une liste."
        ),
    ),
    (
        "quoted scalar",
        "unexpected end of stream",
        _t("Guillemet jamais refermé : ajouter le guillemet fermant."),
    ),
    (
        "quoted scalar",
        "document indicator",
        _t("Guillemet jamais refermé avant « --- » : ajouter le guillemet fermant."),
    ),
    (
        "quoted scalar",
        "escape",
        _t(
            "Barre oblique inverse mal employée entre guillemets droits doubles : l’écrire « \\\\ », ou employer des apostrophes droites."
        ),
    ),
    (
        "quoted scalar",
        "hexdecimal",
        _t("Code de caractère mal écrit entre guillemets : ressaisir le caractère lui-même."),
    ),
    (
        "flow sequence",
        "",
        _t("Crochet « [ » jamais refermé, ou virgule manquante : vérifier la liste entre crochets."),
    ),
    (
        "flow mapping",
        "",
        _t("Accolade « { » jamais refermée, ou virgule manquante : vérifier le bloc entre accolades."),
    ),
    (
        "block scalar",
        "",
        _t(
            "Bloc de texte mal introduit : écrire « | » ou « > » seul après les deux-points, puis le texte en retrait sur les lignes suivantes."
        ),
    ),
    (
        "block mapping",
        "did not find expected key",
        _t(
            "Ligne mal alignée ou valeur mal fermée : aligner la clé sur ses voisines ; entre apostrophes droites, "
            "doubler toute apostrophe, ou employer des guillemets droits doubles."
        ),
    ),
    (
        "block collection",
        "",
        _t("Ligne mal alignée dans une liste : commencer chaque élément par un tiret, tous alignés."),
    ),
    (
        "",
        "cannot start any token",
        _t("Une valeur ne peut commencer par ce caractère : la mettre entre guillemets droits."),
    ),
    ("alias", "", ALIAS),
    ("anchor", "", ANCHOR),
    ("tag", "", TAG),
    ("directive", "", DIRECTIVE),
    ("", "YAML directive", DIRECTIVE),
    ("", "incompatible YAML document", DIRECTIVE),
    ("", "undefined tag handle", TAG),
    ("", "<document start>", SEVERAL_DOCUMENTS),
    (
        "",
        "expected node content",
        _t("Crochet, accolade ou virgule inattendus : vérifier qu’ils vont par paires."),
    ),
)
SYNTAX_TAB = SYNTAX[2][2]
SYNTAX_OTHER = _t(
    "Le fichier n’est pas du YAML correct à cet endroit : vérifier l’alignement, les guillemets et les deux-points."
)


def syntax(context: str, problem: str) -> str:
    """Say in French what the YAML parser could not read."""
    for wanted_context, wanted_problem, sentence in SYNTAX:
        if wanted_context in context and wanted_problem in problem:
            return sentence
    return SYNTAX_OTHER


def size(octets: int) -> str:
    """Write a size in Mio, or Kio below one."""
    if octets >= MIB:
        return f"{format_number(octets // MIB)}{NBSP}Mio"
    return f"{format_number(max(1, octets // KIB))}{NBSP}Kio"


def quoted(text: str) -> str:
    """Write « text »."""
    return f"«{NBSP}{text}{NBSP}»"


# -- places ----------------------------------------------------------------------------------------------


def csv_cell(line: int, column: str) -> str:
    """Write « ligne 12, colonne depot_garantie »."""
    return f"ligne {line}, colonne {column}"


def sheet_cell(sheet: str, cell: str) -> str:
    """Write « feuille Contrats, cellule F12 »."""
    return f"feuille {sheet}, cellule {cell}"


def row_place(sheet: str | None, line: int) -> str | None:
    """Write where a whole row is."""
    return f"feuille {sheet}, ligne {line}" if sheet is not None else f"ligne {line}"


# -- tables ----------------------------------------------------------------------------------------------

BROKEN_CSV = _t("La table ne se lit pas : un guillemet n’est pas refermé, ou elle a trop de cellules.")
EMPTY_TABLE = _t("La table est vide : la première ligne porte les noms des colonnes.")
TOO_MANY_CELLS = _t("La ligne a plus de cellules que l’en-tête : vérifier les séparateurs et les guillemets.")
READ_AS_CP1252 = _t(
    "La table est en Windows-1252 et a été lue ainsi : l’enregistrer en UTF-8 lève le doute sur les accents."
)
BROKEN_WORKBOOK = _t(
    "Le classeur ne se lit pas : l’enregistrer de nouveau au format .xlsx, sans mot de passe."
)
FORMULA_ERROR = _t("la formule est en erreur : corriger la cellule")
NUMBER_FOR_A_DATE = _t("c’est un nombre, il faut une date : donner à la cellule le format Date")


def unknown_column(heading: str, close: list[str]) -> str:
    """Say that a column is no field."""
    near = f" Le champ le plus proche est {quoted(close[0])}." if close else ""
    return f"Colonne inconnue{NBSP}: {quoted(heading)}.{near} La renommer, ou l’ôter de la table."


def duplicate_column(heading: str) -> str:
    """Say that a field has two columns."""
    return f"Deux colonnes donnent le même champ{NBSP}: {quoted(heading)}. N’en garder qu’une."


def unknown_sheet(name: str, known: list[str]) -> str:
    """Say that a workbook has no such sheet."""
    return f"Le classeur n’a pas de feuille {quoted(name)}. Feuilles{NBSP}: {', '.join(known)}."


def bad_cell(heading: str, why: str) -> str:
    """Say what is wrong with a cell."""
    return f"Colonne {quoted(heading)}{NBSP}: {why}."


# -- dossiers --------------------------------------------------------------------------------------------


def not_found(path: str, near: str | None = None) -> str:
    """Say that nothing is at a path, and what is there that has nearly its name."""
    meant = _t(f" Vouliez-vous dire {quoted(near)} ?") if near else ""
    return f"{quoted(path)} n’existe pas.{meant}"


def not_a_dossier(path: str) -> str:
    """Say that a document was given where a dossier is wanted."""
    return f"{quoted(path)} n’est pas le dossier d’une résidence."


def cannot_read(path: str, why: str) -> str:
    """Say that a file cannot be read."""
    return f"{quoted(path)} ne se lit pas{f' ({why})' if why else ''}."


_CAUSES = {
    errno.EACCES: "droits insuffisants",
    errno.EPERM: "droits insuffisants",
    errno.ELOOP: "liens symboliques en boucle",
    errno.ENAMETOOLONG: "nom trop long",
    errno.EISDIR: "c’est un dossier",
    errno.EIO: "erreur du disque",
    errno.ENODEV: "ce n’est pas un fichier ordinaire",
    errno.EFBIG: "trop gros",
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota de disque atteint",
    errno.EROFS: "disque en lecture seule",
}


def cause(error: OSError) -> str:
    """Say in French why the system refused, when it is known."""
    return _CAUSES.get(error.errno or 0, "")


READ_HINT = _t("Vérifier le chemin et les droits de lecture.")
NOT_FOUND_HINT = _t(
    'Vérifier le chemin, lu depuis le dossier où l’on est ; s’il contient une espace, l’écrire entre guillemets : "mon dossier".'
)
NOT_A_DOSSIER_HINT = _t(
    "Donner le dossier qui contient residence.yaml, un fichier .yaml, ou le classeur de « rsaudit exporter ». "
    "Un règlement ou un contrat se lit avec « rsaudit relire »."
)
NOT_A_FILE = _t("ce n’est ni un fichier ordinaire ni un dossier")
OUTSIDE = _t("Le chemin sort du dossier audité : placer le fichier à côté du dossier, ou dans communs/.")


def backslash(path: str) -> str:
    """Say how a path is separated, on every system."""
    return _t(f"Un chemin s’écrit avec « / », pour être lu de même partout : {path}.")


LINK = _t("Les liens symboliques ne sont pas suivis : copier le fichier lui-même.")
NO_COMMON = _t(
    "Bloc commun introuvable : {name} n’est dans aucun communs/ du dossier ni de ses parents, jusqu’au dossier audité."
)
COMMON_CYCLE = _t("Un bloc commun ne peut en appeler un autre : écrire ses clés directement.")
TABLE_ENDING = _t("Une table est un fichier .csv ou .xlsx.")


def missing_table(name: str) -> str:
    """Say that a table named by a dossier cannot be found."""
    return f"La table {quoted(name)} est introuvable à côté du dossier."


def unknown_section(name: str, close: list[str], known: list[str]) -> str:
    """Say that a key or a file is no section."""
    near = f" La plus proche est {quoted(close[0])}." if close else ""
    return f"{quoted(name)} n’est pas une section du dossier.{near} Sections{NBSP}: {', '.join(known)}."


def passed_over(links: int, hidden: int) -> str:
    """Count what a search for dossiers did not enter."""
    parts = []
    if links:
        parts.append(f"{links} lien{'s' if links > 1 else ''} symbolique{'s' if links > 1 else ''}")
    if hidden:
        parts.append(f"{hidden} dossier{'s' if hidden > 1 else ''} caché{'s' if hidden > 1 else ''}")
    return f"Non suivis{NBSP}: {' et '.join(parts)}."
