"""Regular expressions compiled when first used: most runs use few of those that their modules have."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Waiting:
    """Stands for an expression; what is asked of it compiles it, then answers without this detour."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)  # `re` keeps what it compiled
        setattr(self, name, found)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return the expression of a text, compiled at its first use."""
    return cast("re.Pattern[AnyStr]", _Waiting(text, flags))
