"""The fast validator: all that judges in a schema, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema_rs import validator_for
from msgspec.structs import fields

from conftest import ROOT
from rsaudit.gates import Judging, gate
from rsaudit.loading import find_dossiers, load
from rsaudit.resources import schemas_folder
from rsaudit.validation import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = load_schemas(schemas_folder())
#: Keywords that only speak: `format` too, whose days are looked at apart.
SPEAKING = {"$schema", "$id", "title", "description", "examples", "format"}
#: Under these keywords are the schemas of a schema: named, listed, or one.
NAMED, LISTED, ONE = {"properties", "$defs"}, {"anyOf"}, {"items", "additionalProperties"}
#: Put in the place of a value: nothing is valid everywhere, and each is valid somewhere.
INTRUDERS = (
    None,
    True,
    -1,
    1,
    10**12,
    0.5,
    "",
    "x",
    "x" * 5000,
    "2026-02-30",
    "oui",
    [],
    [None],
    {},
    {"x": 1},
)
SECTIONS = ("residence", "batiment", "contrats", "reglement_interieur", "finances", "vie_sociale", "controle")


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(schema, dict):
        return
    yield schema
    for name, child in schema.items():
        inner = (
            child.values() if name in NAMED else child if name in LISTED else [child] if name in ONE else ()
        )
        for one in inner:
            yield from _schemas(one)


@pytest.mark.parametrize("name", SCHEMAS.texts)
def test_every_keyword_judges_or_speaks(name: str) -> None:
    """A keyword unknown here would be ignored by the fast validator: what it forbids would pass."""
    judging = {one.encode_name for one in fields(Judging)}
    used = {key for schema in _schemas(json.loads(SCHEMAS.texts[name])) for key in schema}

    assert {key for key in used - SPEAKING if not key.startswith("x-")} <= judging


def _spoiled(value: Any) -> Iterator[Any]:
    """Yield a value spoiled in each of its places: replaced, left out, with a key that nobody knows."""
    yield from INTRUDERS
    if isinstance(value, dict):
        yield {**value, "intrus": 1}
        for key, child in value.items():
            yield {other: kept for other, kept in value.items() if other != key}
            yield from ({**value, key: one} for one in _spoiled(child))
    elif isinstance(value, list) and value:
        yield from ([one, *value[1:3]] for one in _spoiled(value[0]))
        yield from ([*value[:2], one] for one in INTRUDERS)


@pytest.mark.parametrize("section", SECTIONS)
def test_it_says_what_the_whole_schema_says(section: str) -> None:
    """A section right or spoiled anywhere is valid for the fast validator when it is for the whole schema, only then."""
    (reference,), _ = find_dossiers(ROOT / "examples/benjoin")
    content = load(reference, SCHEMAS).data[section]
    text = SCHEMAS.texts[section]
    fast, whole = gate(text), validator_for(text.decode())
    met: Counter[bool] = Counter()

    assert fast.is_valid(content)
    for spoiled in _spoiled(deepcopy(content)):
        wanted = whole.is_valid(spoiled)
        met[wanted] += 1
        assert fast.is_valid(spoiled) is wanted

    assert met[True] > 5
    assert met[False] > 50
