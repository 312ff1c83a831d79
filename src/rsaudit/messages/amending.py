"""French sentences about what an import changes in a dossier."""

from __future__ import annotations

from rsaudit.messages import NBSP
from rsaudit.messages import typographic as _t

TABLE_IN_WORKBOOK_HINT = _t(
    "Enregistrer cette table en CSV et le dire au dossier, ou y reporter les lignes à la main."
)

ROW_NOT_HERE_HINT = _t("La corriger dans le fichier commun, ou écrire la table dans ce dossier.")


def row_not_here(path: str) -> str:
    """Say that a row to change is not written in the files of the dossier itself."""
    return f"«{NBSP}{path}{NBSP}» n’est pas écrit dans ce dossier mais dans un fichier commun, que rsaudit ne change pas."


CANNOT_SAY_HINT = _t(
    "Rien n’a été écrit. Y reporter les valeurs à la main, puis vérifier le dossier avec « rsaudit valider »."
)


def cannot_say(name: str) -> str:
    """Say that a file edited would not be read as it must."""
    return f"«{NBSP}{name}{NBSP}» ne peut pas être complété sans risque{NBSP}: relu, il ne dirait pas les valeurs apportées."


def table_in_workbook(name: str) -> str:
    """Say that a table kept in a workbook is not edited."""
    return f"La table «{NBSP}{name}{NBSP}» est un classeur{NBSP}: rsaudit n’y écrit pas."


PLAIN_LIST_HINT = _t(
    "Dans le fichier YAML, écrire sous la clé « etendue: complete », puis « lignes: », et décaler ses lignes de deux espaces."
)


def plain_list(place: str) -> str:
    """Say that a table written as a plain list cannot be given an extent where it stands."""
    return _t(f"{place} : la table est écrite comme une simple liste, qui n’a pas de place pour son étendue.")
