"""French sentences about files that cannot be read, and about what is written in them."""

from __future__ import annotations

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
ALIAS = _t("Les renvois « *nom » ne sont pas admis : recopier la valeur elle-même, ou la placer dans communs/.")
ANCHOR = _t("Les ancres « &nom » ne sont pas admises : retirer l’ancre ; une valeur qui commence par « & » se met entre guillemets.")
TAG = _t("Les étiquettes « !type » ne sont pas admises : retirer l’étiquette ; une valeur qui commence par « ! » se met entre guillemets.")
DIRECTIVE = _t("Les directives « % » en tête de fichier ne sont pas admises : retirer cette ligne.")
MERGE_KEY = _t("La clé de fusion « << » n’est pas admise : recopier les clés voulues, ou les placer dans communs/.")
KEY_NOT_TEXT = _t("Une clé doit être un mot : {found} n’en est pas un. Écrire une clé du format, en lettres.")
COMPLEX_KEY = _t("Une clé doit être un mot, non une liste ni un bloc : écrire « clé: valeur ».")
EMPTY_KEY = _t("Une clé manque avant les deux-points : écrire « clé: valeur ».")
DUPLICATE_KEY = _t("La clé « {key} » est écrite deux fois, d’abord ligne {first} : n’en garder qu’une.")
TOO_DEEP = _t("Plus de {limit} niveaux d’imbrication : le fichier n’est pas un dossier ; vérifier les crochets et l’indentation.")
TOO_MANY_NODES = _t("Plus de {limit} valeurs dans un seul fichier : le partager, ou placer les longues tables dans un fichier CSV.")
TOO_MANY_ERRORS = _t("Trop d’erreurs dans ce fichier : les suivantes ne sont pas listées. Corriger les premières, puis relancer.")
TOO_LARGE = _t("Le fichier pèse {size}, au-delà de la limite de {limit} : placer les longues tables dans un fichier CSV.")
NUL = _t("Caractère nul (octet 00) : ce n’est pas un fichier texte. Vérifier que le bon fichier a été donné.")
CONTROL = _t("Caractère de commande invisible ({code}) : le supprimer, ou ressaisir la ligne.")
LINE_SEPARATOR = _t("Saut de ligne invisible ({code}) que les éditeurs n’affichent pas : le supprimer, puis revenir à la ligne normalement.")
UTF16 = _t("Le fichier est enregistré en UTF-16 : l’enregistrer de nouveau en « UTF-8 » (menu Enregistrer sous, Encodage).")
NOT_UTF8 = _t("L’octet {byte} n’est pas de l’UTF-8 : vérifier que le bon fichier a été donné, puis l’enregistrer en « UTF-8 ».")
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
        _t("Deux-points manquants : écrire « clé: valeur », avec un espace après les deux-points, ou « - valeur » dans une liste."),
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
        _t("Barre oblique inverse mal employée entre guillemets droits doubles : l’écrire « \\\\ », ou employer des apostrophes droites."),
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
        _t("Bloc de texte mal introduit : écrire « | » ou « > » seul après les deux-points, puis le texte en retrait sur les lignes suivantes."),
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
SYNTAX_OTHER = _t("Le fichier n’est pas du YAML correct à cet endroit : vérifier l’alignement, les guillemets et les deux-points.")


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
