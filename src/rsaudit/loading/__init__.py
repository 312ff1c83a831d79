"""Files -> data and positions: YAML by events, tables in CSV and XLSX, dossiers in folders or single files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from rsaudit.loading.dossier import Dossier, DossierRef, find_dossiers, from_data, load, owners
from rsaudit.loading.inheritance import inherit
from rsaudit.loading.locator import Locator
from rsaudit.loading.yaml_reading import parse_yaml

if TYPE_CHECKING:
    from rsaudit.model import InputError


class YamlFile(Struct, kw_only=True):
    """One YAML file that is not a dossier: its data, its errors, where its keys are."""

    file: str
    data: dict[str, Any]
    locator: Locator
    errors: list[InputError] = field(default_factory=list)


def read_yaml(raw: bytes, name: str) -> YamlFile:
    """Read the bytes of a YAML file called `name` in messages. Never raises: what is wrong is in `errors`."""
    document = parse_yaml(raw, name)
    locator = Locator(document.data, file=name)
    locator.add_document(document, document.data)
    return YamlFile(file=name, data=document.data, locator=locator, errors=document.errors)


__all__ = [
    "Dossier",
    "DossierRef",
    "Locator",
    "YamlFile",
    "find_dossiers",
    "from_data",
    "inherit",
    "load",
    "owners",
    "read_yaml",
]
