"""French sentences about tables received: état locatif, files of the State platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, count_noun
from rsaudit.messages import typographic as _t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAP_HINT = _t(
    "docs/importer.md montre un fichier de correspondance ; --correspondance en écrit un à compléter."
)
TABLE_HINT = _t("Donner un fichier .csv ou .xlsx dont la première ligne porte les titres des colonnes.")
NAMES = "un nom de personne"
_LINES_SHOWN = 10
ODD_SIGN = _t("un signe a été mal lu : enregistrer la table en UTF-8, ou corriger la cellule")
PERSON_IN_CELL = _t(
    "la cellule semble désigner une personne : elle n’est pas reprise ; écrire un code opaque"
)


def map_unreadable(name: str) -> str:
    """Say that a map cannot be read."""
    return f"La correspondance «{NBSP}{name}{NBSP}» ne se lit pas."


def no_parent(file: str, name: str) -> str:
    """Say that a map completes one that does not exist."""
    return _t(f"{file} : aucune correspondance livrée ne s’appelle « {name} ».")


def unknown_field(file: str, path: str) -> str:
    """Say that a map names a field that does not exist."""
    return _t(f"{file} : « {path} » n’est pas un champ du dossier.")


def empty(name: str) -> str:
    """Say that a table holds nothing that can be read."""
    return f"La table «{NBSP}{name}{NBSP}» est vide ou démesurée."


def no_map(name: str, titles: Iterable[str]) -> str:
    """Say that no map recognises a table."""
    return _t(f"« {name} » n’est pas une table reconnue. Tables connues : {' ; '.join(titles)}.")


NO_MAP_HINT = _t(
    "Renommer les colonnes comme le montre docs/importer.md, ou ajouter --correspondance fichier.yaml et le compléter."
)


def recognised(name: str, title: str) -> str:
    """Say as what a table is read."""
    return _t(f"{name} : lu comme « {title} ».")


def personal(heading: str, what: str) -> str:
    """Say that a column is dropped because it tells who people are."""
    return _t(
        f"Colonne « {heading} » écartée : elle semble contenir {what}. Rien n’en est repris ; "
        "les occupants n’ont que des références opaques."
    )


def unknown_column(heading: str) -> str:
    """Say that a column is not taken."""
    return _t(f"Colonne « {heading} » non reprise : elle ne correspond à aucun champ connu.")


def missing_column(title: str) -> str:
    """Say that a column without which nothing can be read is absent."""
    return _t(f"Il manque la colonne « {title} ».")


def blank_required(title: str) -> str:
    """Say that a row lacks what names it."""
    return _t(f"La ligne n’a pas de « {title} » : la compléter, ou l’ôter.")


def not_a_choice(choices: list[str]) -> str:
    """Say which words are admitted."""
    return _t(f"valeur non admise ; écrire l’une de : {', '.join(choices)}")


def conflicting_rows(named: str) -> str:
    """Say that two rows say different things of one object."""
    return _t(f"Deux lignes disent deux choses différentes de {named} : n’en garder qu’une.")


def rows_above(line: int) -> str:
    """Say that the headings are not on the first row, and that nothing is taken above them."""
    return _t(f"Les titres des colonnes sont à la ligne {line} : ce qui est au-dessus n’est pas repris.")


def total_passed(line: int) -> str:
    """Say that a row of totals is passed over."""
    return _t(f"Ligne {line} non reprise : c’est un total.")


def no_object(line: int, table: str, word: str) -> str:
    """Say that a row says itself that it holds none of a table's objects."""
    return _t(f"Ligne {line} : rien n’est repris dans {table}, car elle dit « {word} ».")


def not_shown(table: str, lines: Sequence[int]) -> str:
    """Say how many rows hold amounts and nothing that shows an object of a table, and where they are."""
    first = ", ".join(map(str, lines[:_LINES_SHOWN])) + (", …" if len(lines) > _LINES_SHOWN else "")
    rows = count_noun(len(lines), "ligne ne montre", "lignes ne montrent")
    return _t(
        f"{rows} ni occupant ni contrat (ligne{'s' * (len(lines) > 1)} {first}) : rien n’en est repris dans {table}, "
        "car un logement vide affiche aussi des montants. S’il est occupé, donner une date d’entrée, une référence ou "
        "la situation du logement."
    )


def rows_passed(count: int) -> str:
    """Say how many rows are of no concern."""
    return _t(
        f"{count_noun(count, 'ligne laissée', 'lignes laissées')} : ce ne sont pas des résidences sociales."
    )


# -- what an import changes ------------------------------------------------------------------------------

NOTHING_NEW = _t("Rien de nouveau : le dossier dit déjà tout cela.")
TRIED = _t("Essai : rien n’a été écrit.")
TABLES_TO_SAY = _t(
    "Une table sans « etendue » est tenue pour un échantillon : écrire « etendue: complete » si elle montre tout."
)
CONFLICT_HINT = _t(
    "Vérifier ces valeurs, puis ajouter --remplacer pour prendre celles de la table (commentaires et mise en page sont gardés)."
)


def differences_of(dossier: str, additions: int, rows: int, changes: int) -> str:
    """Count what an import would do to a dossier."""
    return _t(
        f"{dossier} : {count_noun(additions, 'valeur ajoutée', 'valeurs ajoutées')}, "
        f"{count_noun(rows, 'ligne ajoutée', 'lignes ajoutées')}, "
        f"{count_noun(changes, 'valeur différente', 'valeurs différentes')}."
    )


def addition(path: str, value: str) -> str:
    """Write a value that the dossier did not have."""
    return f"  + {path}{NBSP}: {value}"


def change(path: str, before: str, after: str) -> str:
    """Write a value that the dossier has otherwise."""
    return f"  ~ {path}{NBSP}: {before} → {after}"


def more(count: int) -> str:
    """Say how many differences are not listed."""
    return _t(f"  … et {count_noun(count, 'autre')}.")


def new_dossier(path: str, sections: list[str]) -> str:
    """Say that a dossier is begun."""
    return _t(
        f"{path} : nouveau dossier ({', '.join(sections)}). Compléter residence.yaml, puis « rsaudit valider {path} »."
    )


def conflicts(count: int) -> str:
    """Say that values of the dossier would be replaced."""
    verb = "diffère" if count < 2 else "diffèrent"
    return _t(f"{count_noun(count, 'valeur')} {verb} de celles du dossier : rien n’a été écrit.")


def map_written(path: str) -> str:
    """Say that a map was written, to be completed."""
    return _t(
        f"Correspondance écrite : {path}. Y donner un champ aux colonnes qui n’en ont pas, ou « laisser: oui », puis relancer."
    )
