"""The dossier as programs see it: sections, references both ways, derived facts remembered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol

from rsaudit.conditions.errors import ExpressionError
from rsaudit.conditions.reading import Hop, Reverse, Shape, rows
from rsaudit.conditions.texts import normal_form
from rsaudit.conditions.values import Missing, NotUnique, Rows, Unknown, Unseen, Value
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.conditions.parameters import Parameter
    from rsaudit.conditions.values import Frame, Run


_UNSET = Unknown()
MOST_VISITS = 12_000_000
"""Items of lists that the programs of a référentiel may go through on one dossier: fifteen times what the shipped rules
go through on twenty thousand contracts, and a few seconds of work for a référentiel made to last."""
MOST_VISITS_OF_A_RULE = 3_000_000


class Names(Protocol):
    """What the programs of a référentiel share: the width of their frames, their facts and their parameters."""

    @property
    def width(self) -> int:
        """How many places a frame needs."""

    def fact(self, key: str) -> tuple[int, Run]:
        """Return the place of the item in the frame of a fact, and its program."""

    def parameter(self, name: str) -> Parameter:
        """Return a parameter ready to be read."""


class World:
    """One dossier at one date, for the programs of one référentiel. Keeps the data alive and remembers facts."""

    def __init__(self, data: dict[str, Any], *, as_of: date | Unknown, scope: Names) -> None:
        """Look at `data` (sections by name) on a day."""
        self.data = data
        self.as_of = as_of
        self.known: dict[str, Any] = {}
        """What programs worth the same wherever they stand gave, by the name that `arranging` gives them."""
        self._scope = scope
        self._visits = 0
        self._allowed = MOST_VISITS_OF_A_RULE
        self._facts: dict[str, tuple[int, Run, Frame, dict[int, Value]]] = {}
        self._parameters: dict[str, Parameter] = {}
        self._indexes: dict[str, tuple[dict[str, dict[str, Any]], Rows]] = {}
        self.named: defaultdict[str, dict[str, Value]] = defaultdict(dict)
        """Table → code → the item that the code names, as far as they were looked for."""
        self._reverse: dict[tuple[str, str], tuple[dict[str, list[Any]], list[tuple[Any, Any]], Rows]] = {}

    def frame(self, scope: Names) -> Frame:
        """Return a frame for the programs of a scope; a name not yet given a value is unknown."""
        frame: Frame = [_UNSET] * (scope.width + 1)
        frame[0] = self
        return frame

    def next_rule(self) -> None:
        """Let another rule go through as many items as any, the whole remaining bounded."""
        self._allowed = min(MOST_VISITS, self._visits + MOST_VISITS_OF_A_RULE)

    def visit(self, count: int) -> None:
        """Count items gone through. Raises `ExpressionError` beyond what an honest référentiel needs."""
        self._visits += count
        if self._visits > self._allowed:
            raise ExpressionError(say.TOO_MUCH_WORK[0], 1, say.TOO_MUCH_WORK[1])

    def section(self, name: str) -> Value:
        """Return a section; an absent one is an unknown that names it."""
        found = self.data.get(name)
        return Unknown((Missing(self.data, name),)) if found is None else found

    def fact_of(self, key: str, owner: dict[str, Any] | None) -> Value:
        """Return a derived fact of the dossier, or of an item; computed once."""
        found = self._facts.get(key)
        if found is None:
            slot, run = self._scope.fact(key)
            found = self._facts[key] = (slot, run, [None, *self.frame(self._scope)[1:]], {})
        slot, run, blank, known = found
        value = known.get(id(owner), self)
        if value is self:
            frame = blank.copy()
            frame[0] = self  # not kept in the blank: a world that holds itself waits for the collector
            if owner is not None:
                frame[slot] = owner
            value = known[id(owner)] = run(frame)
        return value

    def parameter(self, name: str) -> Parameter:
        """Return a parameter."""
        found = self._parameters.get(name)
        if found is None:
            found = self._parameters[name] = self._scope.parameter(name)
        return found

    # -- references ------------------------------------------------------------------------------------

    def _table(self, path: str, *, has_extent: bool) -> Rows:
        section, *rest = path.split(".")
        owner: Any = self.section(section)
        for key in rest[:-1]:
            owner = owner.get(key) if isinstance(owner, dict) else None
            if owner is None:
                return Rows([], unseen_high=None, unseen_causes=(Unseen(self.data, path),))
        return rows(owner, rest[-1], Shape("list", has_extent=has_extent), ())  # type: ignore[no-any-return]

    def item(self, step: Hop, code: str) -> Value:
        """Return the item of a table that a reference names; each code is looked for once."""
        known = self.named[step.table]
        found = known.get(code)
        if found is None:
            found = known[code] = self._item(step, code)
        return found

    def _item(self, step: Hop, code: str) -> Value:
        index = self._indexes.get(step.table)
        if index is None:
            found = self._table(step.table, has_extent=step.has_extent)
            named = {
                normal_form(str(row[step.identifier])): row
                for row in found.items
                if row.get(step.identifier) is not None
            }
            index = self._indexes[step.table] = (named, found)
        item = index[0].get(normal_form(code))
        if item is not None:
            return item
        return Unknown(index[1].unseen_causes or (NotUnique("aucun", step.table),))

    def referring(self, step: Reverse, owner: dict[str, Any]) -> Value:
        """Return the rows of a table whose field names `owner`."""
        key = (step.source, step.field)
        index = self._reverse.get(key)
        if index is None:
            found = self._table(step.source, has_extent=step.has_extent)
            named: dict[str, list[Any]] = {}
            lost: list[tuple[Any, Any]] = []
            for row in found.items:
                code = row.get(step.field)
                if code is None:
                    lost.append((row, (Missing(row, step.field),)))
                else:
                    named.setdefault(normal_form(str(code)), []).append(row)
            index = self._reverse[key] = (named, lost, found)
        named, lost, found = index
        code = owner.get(step.identifier)
        if code is None:
            return Rows([], unseen_high=None, unseen_causes=(Missing(owner, step.identifier),))
        high = found.unseen_high
        return Rows(
            named.get(normal_form(str(code)), []),
            tuple(lost),
            0,
            high,
            found.unseen_causes if high != 0 else (),
        )
