"""What a value refused by its schema was surely meant to be, and how it is typed; nothing is ever guessed.

A spelling is certain when only one admitted value can be read in it: a decimal comma, a day written the French way,
a word that differs by its capitals, accents or separators. A likely typing error is suggested elsewhere, never applied.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from rsaudit.loading.cells import CellError, cell_type, read_cell
from rsaudit.loading.yaml_scalars import resolve_plain
from rsaudit.patterns import pattern
from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SEPARATORS = pattern(r"[\s_’'-]+")
_COUNTED = pattern(r"([0-9]{1,3}) ?([a-z]+)\Z")
_UNQUOTED = pattern(r"[A-Za-z0-9_.-]+(?: [A-Za-z0-9_.-]+)*\Z")


# -- what was meant --------------------------------------------------------------------------------------


def meant_value(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """Return the admitted value that `value` surely writes, or `None`."""
    if not isinstance(value, str):
        return None
    candidates = {repr(found): found for found in _readings(value, schema, root) if found is not None}
    return next(iter(candidates.values())) if len(candidates) == 1 else None


def meant_word(value: str, words: Iterable[str]) -> str | None:
    """Return the only word that has the letters of `value`, capitals, accents and separators apart."""
    found = [word for word in words if _letters(word) == _letters(value)]
    return found[0] if len(found) == 1 else None


def _readings(value: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Any]:
    shape = resolve(schema, root)
    branches = [resolve(branch, root) for branch in shape.get("anyOf") or (shape,)]
    kind = cell_type(shape, root)
    words = [word for branch in branches for word in branch.get("enum", ()) if isinstance(word, str)]
    if words and (kind is None or kind.kind != "booleen"):
        yield meant_word(value, words)
    if kind is not None and kind.kind in {"nombre", "entier", "booleen", "date"}:
        try:
            yield read_cell(value, kind)
        except CellError:
            return
    for branch in branches:
        form = branch.get("pattern")
        if form is not None:
            yield from (text for text in _respaced(value) if re.search(form, text, re.ASCII))


def _respaced(value: str) -> Iterator[str]:
    """Yield the same text without its spaces, or as « number unit » when that is what it says."""
    bare = "".join(value.split())
    if bare.isdigit() and bare != value:
        yield bare
    counted = _COUNTED.match(value.strip().lower())
    if counted is not None:
        yield f"{int(counted.group(1))} {counted.group(2)}"


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _SEPARATORS.sub("_", "".join(char for char in plain if not unicodedata.combining(char))).strip("_")


# -- how it is written -----------------------------------------------------------------------------------


def written(value: Any) -> str:
    """Write a value as YAML reads it back, with quotes only where they are needed."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if not isinstance(value, str):
        return str(value)
    if _UNQUOTED.match(value) and resolve_plain(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
