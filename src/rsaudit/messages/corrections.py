"""French sentences about the corrected copy of a dossier."""

from __future__ import annotations

from rsaudit.messages import typographic

CORRECTED = "copie corrigée"
TAKEN_HINT = typographic("Donner avec -o un autre chemin : rien n’est jamais remplacé.")


def taken(name: str) -> str:
    """Say that the place of the copy is taken."""
    return typographic(f"« {name} » existe déjà.")


def cannot_copy(name: str, reason: str) -> str:
    """Say that the copy could not be written."""
    detail = f" ({reason})" if reason else ""
    return typographic(f"La copie « {name} » n’a pas pu être écrite{detail} ; le dossier est intact.")
