"""French sentences about cells of tables."""

from __future__ import annotations

from rsaudit.messages import typographic

NOT_A_NUMBER = typographic("ce n’est pas un nombre : écrire par exemple 1 234,50")
NOT_AN_INTEGER = typographic("il faut un nombre entier")
TOO_MANY_DIGITS = typographic("le nombre a trop de chiffres")
NOT_A_BOOLEAN = typographic("écrire « oui » ou « non », ou laisser vide si on ne sait pas")
NOT_A_DATE = typographic("ce n’est pas une date : écrire JJ/MM/AAAA, ou AAAA-MM-JJ")


def ambiguous(text: str) -> str:
    """Say that a point may be a decimal point or a thousands separator."""
    plain = text.replace(".", "")
    return typographic(
        f"« {text} » est ambigu (milliers ou décimales ?) : écrire {plain} ou {text.replace('.', ',')}"
    )
