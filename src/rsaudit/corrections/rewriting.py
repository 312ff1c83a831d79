"""The text of a YAML file with the certain corrections put in; everything else stays as it was typed.

Another job than `rsaudit.amending.editing`, which is told what a text must say and compares values: a misspelled value, a
key or a file that breaks its schema is corrected by its line and column, and the text may say nothing valid before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rsaudit.loading.yaml_events import scalars

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsaudit.loading.yaml_events import Scalar
    from rsaudit.model import InputError


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text corrected, and what was put right."""

    text: str
    applied: tuple[InputError, ...]


def rewrite(text: str, errors: Iterable[InputError]) -> Rewritten:
    """Put the certain corrections in the text of a YAML file; everything else stays as it was typed.

    `errors` are those of this file: their lines and columns count in `text`. One whose place holds no single value
    is left out.
    """
    wanted = {(error.line, error.column): error for error in errors if error.correction is not None}
    pieces: list[str] = []
    applied: list[InputError] = []
    done = 0
    found = list(scalars(text)) if wanted else []
    for rank, one in enumerate(found):
        error = wanted.get((one.line, one.column))
        if error is None or error.correction is None:
            continue
        target = one if error.correction.of_key or not one.is_key else _next(found, rank)
        if target is None or target.start < done:
            continue
        pieces += [text[done : target.start], error.correction.text]
        done = target.end
        applied.append(error)
    pieces.append(text[done:])
    return Rewritten("".join(pieces), tuple(applied))


def _next(found: Sequence[Scalar], rank: int) -> Scalar | None:
    """Return the value written after a key, when it is a scalar."""
    following = found[rank + 1] if rank + 1 < len(found) else None
    return following if following is not None and following.value_of == rank else None
