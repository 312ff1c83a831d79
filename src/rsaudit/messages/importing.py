"""French sentences about laying a whole dossier onto an existing one."""

from __future__ import annotations

from rsaudit.messages import count_noun, typographic

_SHOWN = 20

CANNOT_SAY_HINT = typographic(
    "Rien n’a été écrit. Corriger cette valeur à la main (elle peut venir d’un fichier de communs/), puis relancer ; ou "
    "importer dans un nouveau dossier."
)
UNCHANGED = "Le dossier dit déjà la même chose : rien n’est écrit."
BROKEN_TARGET_HINT = typographic(
    "Le corriger d’abord (« rsaudit valider »), ou importer dans un nouveau dossier."
)


def cannot_say(path: str) -> str:
    """Say that the files of a dossier cannot be made to say a value."""
    return typographic(f"Le dossier existant ne peut pas recevoir {path}.")


def changed(paths: tuple[str, ...], withdrawn: tuple[str, ...]) -> str:
    """List what an import changes, what it withdraws first: it is what one must read."""
    lines = [f"  {path} : retiré, car le classeur n’en dit rien" for path in withdrawn]
    lines += [f"  {path}" for path in paths if path not in withdrawn]
    shown = "\n".join(lines[:_SHOWN])
    more = len(paths) - _SHOWN
    rest = f"\n  et {count_noun(more, 'autre')}" if more > 0 else ""
    return typographic(f"{count_noun(len(paths), 'valeur change', 'valeurs changent')} :\n{shown}{rest}")


def detached(file: str) -> str:
    """Say that a table is now written in the YAML."""
    return typographic(
        f"La table {file} a changé : ses lignes sont maintenant dans le YAML, et ce fichier, gardé tel quel, n’est plus lu."
    )


def exists(path: str) -> str:
    """Say that a folder holds something that is no dossier."""
    return typographic(f"« {path} » existe déjà et n’est pas un dossier de résidence.")
