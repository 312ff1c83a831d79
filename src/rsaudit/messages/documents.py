"""French sentences about the documents that are read as text: règlements, model contracts."""

from __future__ import annotations

from rsaudit.messages import NBSP, count_noun
from rsaudit.messages import typographic as _t

GIVE_ANOTHER = _t("Donner un fichier .txt, .md, .docx, .odt ou un PDF fait de texte.")
SAVE_AGAIN = _t(
    "Si le document vient d’une source sûre, l’ouvrir dans un traitement de texte et l’enregistrer de nouveau."
)
UNREADABLE_HINT = _t("Vérifier que c’est un fichier ordinaire et qu’on a le droit de le lire.")
COPY_IT = _t("Copier le fichier lui-même, puis donner la copie.")
SHORTEN = _t("Donner le seul règlement, sans ses annexes, ou le couper en plusieurs fichiers.")
UNPROTECT = _t("Enregistrer le document sans mot de passe.")
SCANNED_HINT = _t("Demander le document d’origine, ou un PDF passé à la reconnaissance de caractères.")

LINK = _t("c’est un lien symbolique, qui n’est pas suivi")
NOT_A_FILE = _t("ce n’est pas un fichier ordinaire")
NOT_TEXT = _t("ce n’est pas du texte")
EMPTY = _t("il ne contient aucun texte")
PROTECTED = _t("il est protégé par un mot de passe")
BROKEN_ARCHIVE = _t("son contenu est abîmé ou n’est pas celui que son nom annonce")
LINK_INSIDE = _t("il contient un lien vers un autre fichier")
TWICE = _t("il contient deux fois la même partie")
OVERSIZED = _t("une fois décompressé, il est démesuré")
TOO_DEEP = _t("ses éléments sont imbriqués trop profondément")
DECLARES_ENTITIES = _t("il déclare des entités ou une grammaire, ce qu’aucun traitement de texte n’écrit")
BROKEN_XML = _t("son contenu est abîmé")
TOO_MUCH_TEXT = _t("il contient trop de texte")
TOO_MANY_PAGES = _t("il a trop de pages")
BROKEN_PDF = _t("ce PDF est abîmé, ou d’une forme que rsaudit ne lit pas")
TOO_SLOW = _t("sa lecture ne se termine pas dans le temps permis")
SCANNED = _t("ce PDF ne contient pas de texte, seulement des images de pages")


def refused(name: str, why: str) -> str:
    """Say that a document is not read, and why."""
    return f"«{NBSP}{name}{NBSP}» n’est pas lu{NBSP}: {why}."


def too_large(size: str, limit: str) -> str:
    """Say that a file is larger than a règlement can be."""
    return f"il pèse {size}, plus que les {limit} admis"


def unknown_ending(known: list[str]) -> str:
    """Say which kinds of documents are read."""
    return f"son nom ne finit pas par {', '.join(known[:-1])} ou {known[-1]}"


def pages_without_text(pages: list[int]) -> str:
    """Tell the pages of a PDF on which nothing was read."""
    listed = ", ".join(str(page) for page in pages[:12]) + (", …" if len(pages) > 12 else "")
    return _t(
        f"{count_noun(len(pages), 'page')} sans texte lisible ({listed}) : "
        "image ou page blanche, à lire à l’œil."
    )


READ_AS_CP1252 = _t("Le texte est en Windows-1252 et a été lu ainsi ; vérifier les accents des extraits.")
