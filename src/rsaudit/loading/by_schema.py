"""What is worked out of a schema once, however many values it describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Worked = TypeVar("_Worked")


class BySchema(Generic[_Worked]):
    """Gives what a function makes of a schema; the function is called once for each."""

    def __init__(self, make: Callable[[Mapping[str, Any]], _Worked]) -> None:
        """Keep the function; each schema met is held, so that its `id` stays its own."""
        self._make = make
        self._known: dict[int, tuple[Mapping[str, Any], _Worked]] = {}

    def __call__(self, schema: Mapping[str, Any]) -> _Worked:
        """Return what is made of a schema."""
        known = self._known.get(id(schema))
        if known is None:
            known = self._known[id(schema)] = (schema, self._make(schema))
        return known[1]


class ByField(Generic[_Worked]):
    """Gives what a function makes of a field; called once for all that only refer to one definition of their schema."""

    def __init__(
        self, root: Mapping[str, Any], keywords: frozenset[str], make: Callable[[Mapping[str, Any]], _Worked]
    ) -> None:
        """Keep the schema, the function, which is given a field with its reference followed, and what it looks at."""
        self._root = root
        self._keywords = keywords
        self._make = make
        self._referred: dict[str, _Worked] = {}

    def __call__(self, prop: Mapping[str, Any]) -> _Worked:
        """Return what is made of a field."""
        if "$ref" not in prop or not self._keywords.isdisjoint(prop):
            return self._make(resolve(prop, self._root))
        target = prop["$ref"]
        if target not in self._referred:
            self._referred[target] = self._make(resolve({"$ref": target}, self._root))
        return self._referred[target]
