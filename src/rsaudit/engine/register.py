"""The register of pieces of a dossier, read by the roles its schema gives to fields: no dossier key is known here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from rsaudit.model import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsaudit.vocabulary import Vocabulary

#: Field of `Piece` → role of the field that holds it.
_ROLES = {
    "ref": "piece_ref",
    "nature": "nature_de_piece",
    "title": "piece_titre",
    "date": "piece_date",
    "version": "piece_version",
    "received": "piece_recue_le",
    "legibility": "piece_lisibilite",
    "illegible_pages": "piece_pages_illisibles",
}
_DATES = ("date", "received")


def register(data: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[Piece, ...]:
    """Return the pieces of the register, in its order; none when the dossier has no register."""
    rows, fields = vocabulary.rows_of(data, _ROLES["ref"]), {}
    for name, role in _ROLES.items():
        path = vocabulary.role(role)
        fields[name] = path.rsplit(".", 1)[-1] if path else ""
    return tuple(_piece({name: row.get(key) for name, key in fields.items()}) for row in rows)


def _piece(values: dict[str, Any]) -> Piece:
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["illegible_pages"] = tuple(values["illegible_pages"] or ())
    return Piece(**values)
