"""Dossiers of any content, drawn from the schemas: what a property of dossiers is tried on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What one types, with signs that a spreadsheet or YAML could take for something else.
LETTERS = "abcé ÀœT1'’\u00a0\u202f=+-@#:,;.|{}[]\"\\/%€²–\n\t0129_x~&*!?"
_DAYS = st.dates(date(1850, 1, 1), date(2199, 12, 31)).map(str)


def dossiers(sections: Mapping[str, Mapping[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw dossiers that keep to the schemas, each field present or not; references may point at nothing."""
    return st.fixed_dictionaries(
        {}, optional={name: _object(schema, schema) for name, schema in sections.items()}
    )


def _object(schema: Mapping[str, Any], root: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    needed = schema.get("required", ())
    fields = {
        name: _value(prop, root)
        for name, prop in schema["properties"].items()
        if not (name == "commun" and schema.get("x-commun"))
    }
    return st.fixed_dictionaries(
        {name: fields[name] for name in needed},
        optional={name: value for name, value in fields.items() if name not in needed},
    )


def _value(prop: Mapping[str, Any], root: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    shape = resolve(prop, root)
    if "anyOf" in shape:
        branches = [resolve(branch, root) for branch in shape["anyOf"]]
        # A table kept in a file of its own is read as rows: only its rows are drawn.
        kept = [branch for branch in branches if "fichier" not in (branch.get("properties") or {})]
        return st.one_of([_value({**branch}, root) for branch in kept])
    if "const" in shape:
        return st.just(shape["const"])
    if "enum" in shape:
        return st.sampled_from(
            [word for word in shape["enum"] if not isinstance(word, str) or word not in ("oui", "non")]
        )
    if shape.get("type") == "object":
        return _object(shape, root)
    if shape.get("type") == "array":
        return _list(shape, root)
    if shape.get("type") in {"number", "integer"}:
        return _number(shape)
    return _DAYS if shape.get("format") == "date" else _text(shape)


def _list(shape: Mapping[str, Any], root: Mapping[str, Any]) -> st.SearchStrategy[list[Any]]:
    item = resolve(shape["items"], root)
    keys = item.get("x-identifiant")
    keys = (keys,) if isinstance(keys, str) else tuple(keys or ())
    unique = (lambda row: tuple(row[key] for key in keys)) if keys else None
    return st.lists(_value(item, root), max_size=3, unique_by=unique, min_size=shape.get("minItems", 0))


def _number(shape: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    least = shape.get("minimum", shape.get("exclusiveMinimum", -(10**6)))
    most = shape.get("maximum", 10**20)
    if shape["type"] == "integer":
        return st.integers(int(least), int(most))
    places = shape.get("x-decimales", 3)
    drawn = st.decimals(least, most, places=places, allow_nan=False).filter(
        lambda value: "exclusiveMinimum" not in shape or value > least
    )
    return drawn.map(lambda value: int(value) if value == int(value) else Decimal(f"{value:f}"))


def _text(shape: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "pattern" in shape:
        most = shape["maxLength"]
        found = st.from_regex(shape["pattern"].removesuffix("$") + r"\Z", fullmatch=True)
        return found.filter(lambda text: len(text) <= most)
    drawn = st.text(LETTERS, min_size=max(1, shape.get("minLength", 1)), max_size=min(30, shape["maxLength"]))
    return drawn.filter(lambda text: bool(text.strip()))
