"""Values brought to one form, as the schemas say: synonyms, codes written as numbers, nothing else changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from rsaudit.loading.by_schema import BySchema
from rsaudit.shapes import resolve

_Written = Callable[[Any, Any], str | None]
_NUMBERS = ("number", "integer")


def normalise(content: Any, schema: Mapping[str, Any], written: _Written) -> None:
    """Bring the content of a section to its normal form, in place.

    `written(container, key)` gives the spelling of a plain scalar.
    """
    _Normaliser(_SECTIONS(schema), written).object(content, schema)


class _Inside(Struct, frozen=True):
    """What a field may hold: one of several objects, or items."""

    objects: list[Mapping[str, Any]]
    item: Mapping[str, Any]


class _ObjectPlan(Struct, frozen=True):
    """The fields of an object that may need something done."""

    synonyms: dict[str, Mapping[str, str]]
    texts: set[str]
    """Those where a number or a word such as `oui` is the text that was typed."""
    inside: dict[str, _Inside]


class _Section:
    """What a section schema asks of each object under it, understood when the first is met."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._root = schema
        self.plan = BySchema(self._plan)

    def _plan(self, schema: Mapping[str, Any]) -> _ObjectPlan:
        plan = _ObjectPlan({}, set(), {})
        for name, prop in (schema.get("properties") or {}).items():
            shape = resolve(prop, self._root)
            branches = [resolve(branch, self._root) for branch in shape.get("anyOf") or (shape,)]
            objects = [branch for branch in branches if branch.get("type") == "object"]
            arrays = [branch for branch in branches if branch.get("type") == "array"]
            if objects or arrays:
                item = resolve(arrays[0].get("items") or {}, self._root) if arrays else {}
                plan.inside[name] = _Inside(objects, item)
                continue
            if shape.get("x-synonymes"):
                plan.synonyms[name] = shape["x-synonymes"]
            if any(map(_is_text, branches)) and not any(one.get("type") in _NUMBERS for one in branches):
                plan.texts.add(name)
        return plan


_SECTIONS = BySchema(_Section)


class _Normaliser:
    """One walk over the content of a section."""

    def __init__(self, section: _Section, written: _Written) -> None:
        self._plan = section.plan
        self._written = written

    def object(self, value: Any, schema: Mapping[str, Any]) -> None:
        if not isinstance(value, dict):
            return
        plan = self._plan(schema)
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

    def _inside(self, value: Any, plan: _Inside) -> None:
        if isinstance(value, list):
            self._items(value, plan.item)
            return
        for schema in plan.objects:
            if not (schema.get("properties") or {}).keys().isdisjoint(value):
                self.object(value, schema)
                return

    def _items(self, value: list[Any], item: Mapping[str, Any]) -> None:
        if item.get("type") == "object":
            for child in value:
                self.object(child, item)
            return
        synonyms = item.get("x-synonymes") or {}
        wants_text = _is_text(item)
        for index, child in enumerate(value):
            if isinstance(child, str):
                value[index] = synonyms.get(child, child)
            elif wants_text and child is not None and not isinstance(child, dict | list):
                value[index] = self._typed(child, value, index, synonyms)


def _is_text(schema: Mapping[str, Any]) -> bool:
    if schema.get("type") != "string":
        return False
    return not any(isinstance(value, bool) for value in schema.get("enum") or ())
