"""Files -> a `Dossier`: plain data, where each datum is written, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.source.locator import Locator
from rsaudit.source.yaml_events import YamlDocument, parse_yaml

if TYPE_CHECKING:
    from rsaudit.model import InputError

__all__ = ["LocatedFile", "Locator", "YamlDocument", "parse_yaml", "read_yaml"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocatedFile:
    """A YAML file that is no dossier: its data, where each key is, what is wrong with its writing."""

    file: str
    data: dict[str, Any]
    locator: Locator
    errors: list[InputError]


def read_yaml(raw: bytes, name: str) -> LocatedFile:
    """Read the bytes of a YAML file (a rule, a référentiel…) called `name` in messages. Never raises."""
    document = parse_yaml(raw, name)
    return LocatedFile(
        file=name,
        data=document.data,
        locator=Locator(document.data, documents=[document]),
        errors=document.errors,
    )
