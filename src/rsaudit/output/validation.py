"""What is wrong with dossiers, as JSON: for editors, which place each error and may offer its correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.output.json_report import dumps, error_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.model import InputError

VERSION = "1"


def render(dossiers: Sequence[tuple[str, Sequence[InputError]]]) -> str:
    """Write each dossier (its path) with its errors, those of the JSON report and the certain correction beside."""
    return f"{dumps({'version': VERSION, 'dossiers': [_dossier(*one) for one in dossiers]})}\n"


def _dossier(path: str, errors: Sequence[InputError]) -> dict[str, Any]:
    return {
        "chemin": path,
        "valide": not any(error.severity == "erreur" for error in errors),
        "erreurs": [{**error_data(error), "correction": _correction(error)} for error in errors],
    }


def _correction(error: InputError) -> dict[str, str] | None:
    if error.correction is None:
        return None
    return {"remplace": "cle" if error.correction.of_key else "valeur", "texte": error.correction.text}
