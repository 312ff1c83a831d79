"""French words of the guide of the rules."""

from __future__ import annotations

NATURES = {
    "auto": "automatique, sur les données",
    "piece": "documentaire, sur les pièces",
    "constat": "manuel, sur place",
    "info": "informatif, hors décompte",
}
ACTIONS = {"remplace": "remplacée", "desactive": "désactivée"}
REQUIREMENTS = "Exigences"
TEXT = "Texte et place"
BASIS = "Fondement"
RANK = "Rang et force"
MESSAGES = "Ce que dit le rapport"
BREACH = "en cas d’écart"
GRAVITY = "Gravité"
WHY = "Pourquoi"
ASKED = "Ce qui est demandé"
CONDITIONS = "Conditions exactes"
PROOF = "Preuve attendue"
REMEDY = "Mesure proposée"
PIECE = "Pièce"


def when(condition: str) -> str:
    """Write when something holds."""
    return f"si {condition}"


def otherwise(reason: str) -> str:
    """Write why a rule does not apply."""
    return f"sinon, {reason}"


def unconditional(gravity: str, *, alone: bool) -> str:
    """Write a gravity without condition."""
    return f"{gravity}, dans tous les cas" if alone else f"{gravity}, dans les autres cas"
