"""Values brought to one form, as the schemas say: synonyms, codes written as numbers, nothing else changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from rsaudit.loading.by_schema import ByField, BySchema
from rsaudit.shapes import resolve

_Written = Callable[[Any, Any], str | None]
_NUMBERS = ("number", "integer")
#: What a plain value has not.
_COMPOSED = frozenset({"anyOf", "items", "properties"})
#: What is looked at in the schema of a field.
_KEYWORDS = _COMPOSED | {"enum", "type", "x-synonymes"}


def normalise(content: Any, schema: Mapping[str, Any], written: _Written) -> None:
    """Bring the content of a section to its normal form, in place.

    `written(container, key)` gives the spelling of a plain scalar.
    """
    section = _SECTIONS(schema)
    _Normaliser(section, written).object(content, section.plan(schema.get("properties") or {}))


class _Value(Struct, frozen=True):
    """What a plain value may need."""

    synonyms: Mapping[str, str]
    is_text: bool
    """A number or a word such as `oui` is the text that was typed."""


class _Inside(Struct, frozen=True):
    """What a field may hold: one of several objects, rows, or plain values; of objects and rows, their fields."""

    objects: list[Mapping[str, Any]]
    rows: Mapping[str, Any] | None
    items: _Value


class _ObjectPlan(Struct, frozen=True):
    """The fields of an object that may need something done."""

    synonyms: dict[str, Mapping[str, str]]
    texts: set[str]
    inside: dict[str, _Inside]


class _Section:
    """What a section schema asks of each object under it, understood when the first is met."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._root = schema
        self._field = ByField(schema, _KEYWORDS, self._understood)
        self.plan = BySchema(self._plan)

    def _plan(self, fields: Mapping[str, Any]) -> _ObjectPlan:
        plan = _ObjectPlan({}, set(), {})
        for name, prop in fields.items():
            field = self._field(prop)
            if isinstance(field, _Inside):
                plan.inside[name] = field
                continue
            if field.synonyms:
                plan.synonyms[name] = field.synonyms
            if field.is_text:
                plan.texts.add(name)
        return plan

    def _understood(self, shape: Mapping[str, Any]) -> _Inside | _Value:
        if _COMPOSED.isdisjoint(shape):
            return _value(shape, [shape])
        branches = [resolve(branch, self._root) for branch in shape.get("anyOf") or (shape,)]
        objects = [branch.get("properties") or {} for branch in branches if branch.get("type") == "object"]
        arrays = [branch for branch in branches if branch.get("type") == "array"]
        if objects or arrays:
            item = resolve(arrays[0].get("items") or {}, self._root) if arrays else {}
            rows = item.get("properties") or {} if item.get("type") == "object" else None
            return _Inside(objects, rows, _value(item, [item]))
        return _value(shape, branches)


def _value(shape: Mapping[str, Any], branches: list[Mapping[str, Any]]) -> _Value:
    is_text = any(map(_is_text, branches)) and all(branch.get("type") not in _NUMBERS for branch in branches)
    return _Value(shape.get("x-synonymes") or {}, is_text)


_SECTIONS = BySchema(_Section)


class _Normaliser:
    """One walk over the content of a section."""

    def __init__(self, section: _Section, written: _Written) -> None:
        self._plan = section.plan
        self._written = written

    def object(self, value: Any, plan: _ObjectPlan) -> None:
        if not isinstance(value, dict):
            return
        synonyms, texts, inside = plan.synonyms, plan.texts, plan.inside
        for key, child in value.items():
            kind = child.__class__
            if kind is str:
                if key in synonyms:
                    value[key] = synonyms[key].get(child, child)
            elif kind is dict or kind is list:
                if key in inside:
                    self._inside(child, inside[key])
            elif key in texts and child is not None:
                value[key] = self._typed(child, value, key, synonyms.get(key) or {})

    def _typed(self, value: Any, container: Any, key: Any, synonyms: Mapping[str, str]) -> Any:
        """Return the text that was typed for a value that is none."""
        text = self._written(container, key) or value
        return synonyms.get(text, text) if isinstance(text, str) else text

    def _inside(self, value: Any, field: _Inside) -> None:
        if isinstance(value, dict):
            fields = next((one for one in field.objects if not one.keys().isdisjoint(value)), None)
            if fields is not None:
                self.object(value, self._plan(fields))
        elif field.rows is not None:
            plan = self._plan(field.rows)
            for row in value:
                self.object(row, plan)
        else:
            self._items(value, field.items)

    def _items(self, value: list[Any], items: _Value) -> None:
        for index, child in enumerate(value):
            if isinstance(child, str):
                value[index] = items.synonyms.get(child, child)
            elif items.is_text and child is not None and not isinstance(child, dict | list):
                value[index] = self._typed(child, value, index, items.synonyms)


def _is_text(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string" and bool not in map(type, schema.get("enum") or ())
