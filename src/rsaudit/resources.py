"""Where the shipped schemas and référentiels are, in a checkout as in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def data_root() -> Path:
    """Return the folder that holds `schemas/` and `rulesets/`.

    The checkout wins when the package runs from `src/`: an editable install may leave an older copy beside it.
    """
    if _PACKAGE.parent.name == "src" and (_CHECKOUT / "schemas").is_dir():
        return _CHECKOUT
    return _PACKAGE / "_donnees"


def schemas_folder() -> Path:
    """Return the folder of the JSON Schemas."""
    return data_root() / "schemas"


def rulesets_folder() -> Path:
    """Return the folder of the shipped référentiels."""
    return data_root() / "rulesets"


def parent_folder(folder: Path, parent: str) -> Path:
    """Return where the parent of a référentiel is: beside it, else among those shipped."""
    sibling = folder.parent / parent
    shipped = rulesets_folder() / parent
    found = (sibling / "referentiel.yaml").is_file() or not (shipped / "referentiel.yaml").is_file()
    return sibling if found else shipped
