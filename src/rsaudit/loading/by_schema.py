"""What is worked out of a schema once, however many values it describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

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
