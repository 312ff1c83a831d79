"""Values brought to one form, as the schemas say: synonyms, codes written as numbers, nothing else changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rsaudit.loading.cells import resolve

_Step = Callable[[Any, Any, Any], Any]


class Normaliser:
    """Brings the content of one section to its normal form, in place."""

    def __init__(self, schema: Mapping[str, Any], written: Callable[[Any, Any], str | None]) -> None:
        """Read a section schema; `written(container, key)` gives the spelling of a plain scalar."""
        self._root = schema
        self._written = written
        self._plans: dict[int, dict[str, _Step]] = {}
        self._kept: list[Any] = []

    def apply(self, content: Any) -> None:
        """Normalise the content of the section."""
        self._object(content, self._root)

    def _object(self, value: Any, schema: Mapping[str, Any]) -> None:
        if not isinstance(value, dict):
            return
        plan = self._plan(schema)
        for key, child in value.items():
            step = plan.get(key)
            if step is not None and child is not None:
                value[key] = step(child, value, key)

    def _plan(self, schema: Mapping[str, Any]) -> dict[str, _Step]:
        """Return what to do to each field of an object that may need something done."""
        known = self._plans.get(id(schema))
        if known is None:
            known = {}
            self._plans[id(schema)] = known
            self._kept.append(schema)
            for name, prop in (schema.get("properties") or {}).items():
                step = self._step(prop)
                if step is not None:
                    known[name] = step
        return known

    def _step(self, prop: Mapping[str, Any]) -> _Step | None:
        shape = resolve(prop, self._root)
        branches = [resolve(branch, self._root) for branch in shape.get("anyOf") or (shape,)]
        objects = [branch for branch in branches if branch.get("type") == "object"]
        arrays = [branch for branch in branches if branch.get("type") == "array"]
        if objects or arrays:
            return self._container_step(objects, arrays)
        synonyms = shape.get("x-synonymes") or {}
        wants_text = any(_is_text(branch) for branch in branches) and not any(
            branch.get("type") in {"number", "integer"} for branch in branches
        )
        if not synonyms and not wants_text:
            return None
        return lambda value, container, key: self._scalar(
            value, container, key, synonyms, wants_text=wants_text
        )

    def _scalar(
        self, value: Any, container: Any, key: Any, synonyms: Mapping[str, str], *, wants_text: bool
    ) -> Any:
        if wants_text and not isinstance(value, str | dict | list):
            value = self._written(container, key) or value
        return synonyms.get(value, value) if isinstance(value, str) else value

    def _container_step(self, objects: list[Mapping[str, Any]], arrays: list[Mapping[str, Any]]) -> _Step:
        item = resolve(arrays[0].get("items") or {}, self._root) if arrays else {}

        def step(value: Any, container: Any, key: Any) -> Any:
            if isinstance(value, list):
                self._items(value, item)
            elif isinstance(value, dict):
                for schema in objects:
                    if set(value) & set(schema.get("properties") or {}):
                        self._object(value, schema)
                        break
            return value

        return step

    def _items(self, value: list[Any], item: Mapping[str, Any]) -> None:
        if item.get("type") == "object":
            for child in value:
                self._object(child, item)
            return
        synonyms = item.get("x-synonymes") or {}
        wants_text = _is_text(item)
        if synonyms or wants_text:
            for index, child in enumerate(value):
                value[index] = self._scalar(child, value, index, synonyms, wants_text=wants_text)


def _is_text(schema: Mapping[str, Any]) -> bool:
    if schema.get("type") != "string":
        return False
    return not any(isinstance(value, bool) for value in schema.get("enum") or ())
