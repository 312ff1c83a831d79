"""The dossier as programs see it: sections, references both ways, derived facts remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.conditions.datatypes import Item, Table
from rsaudit.conditions.reading import Reverse, rows
from rsaudit.conditions.texts import normal_form
from rsaudit.conditions.values import Missing, NotUnique, Rows, Unknown, Unseen, Value

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.conditions.scope import Fact, Scope
    from rsaudit.conditions.values import Frame


_UNSET = Unknown()


class World:
    """One dossier at one date, for the programs of one référentiel. Keeps the data alive and remembers facts."""

    def __init__(self, data: dict[str, Any], *, as_of: date | Unknown, scope: Scope) -> None:
        """Look at `data` (sections by name) on a day."""
        self.data = data
        self.as_of = as_of
        self._scope = scope
        self._facts: dict[tuple[Fact, int], Value] = {}
        self._indexes: dict[str, tuple[dict[str, dict[str, Any]], Rows]] = {}
        self._reverse: dict[tuple[str, str], tuple[dict[str, list[Any]], list[tuple[Any, Any]], Rows]] = {}
        self._frames: dict[int, Frame] = {}

    def frame(self, scope: Scope) -> Frame:
        """Return a frame for the programs of a scope; a name not yet given a value is unknown."""
        return [self, *[_UNSET] * scope.width]

    def section(self, name: str) -> Value:
        """Return a section; an absent one is an unknown that names it."""
        found = self.data.get(name)
        return Unknown((Missing(self.data, name),)) if found is None else found

    def fact_of(self, fact: Fact, owner: dict[str, Any] | None) -> Value:
        """Return a derived fact of the dossier, or of an item; computed once."""
        key = (fact, id(owner))
        known = self._facts.get(key, self)
        if known is not self:
            return known
        scope = fact.scope
        frame = self.frame(scope)
        if owner is not None:
            frame[fact.slot] = owner
        value = fact.run(frame)
        self._facts[key] = value
        return value

    # -- references ------------------------------------------------------------------------------------

    def _table(self, path: str) -> Rows:
        section, *rest = path.split(".")
        owner: Any = self.section(section)
        for key in rest[:-1]:
            owner = owner.get(key) if isinstance(owner, dict) else None
            if owner is None:
                return Rows([], unseen_high=None, unseen_causes=(Unseen(self.data, path),))
        kind = self._scope.catalogue.at(path)
        assert isinstance(kind, Table)  # noqa: S101 - references were checked by the catalogue
        return rows(owner, rest[-1], kind, ())  # type: ignore[no-any-return]

    def item(self, table: str, code: str) -> Value:
        """Return the item of a table that a reference names."""
        index = self._indexes.get(table)
        if index is None:
            kind = self._scope.catalogue.at(table)
            assert isinstance(kind, Table)  # noqa: S101
            assert isinstance(kind.item, Item)  # noqa: S101
            identifier = kind.item.identifier[0]
            found = self._table(table)
            named = {
                normal_form(str(row[identifier])): row
                for row in found.items
                if row.get(identifier) is not None
            }
            index = self._indexes[table] = (named, found)
        item = index[0].get(normal_form(code))
        if item is not None:
            return item
        return Unknown(index[1].unseen_causes or (NotUnique("aucun", table),))

    def referring(self, step: Reverse, owner: dict[str, Any]) -> Value:
        """Return the rows of a table whose field names `owner`."""
        key = (step.source.path, step.field)
        index = self._reverse.get(key)
        if index is None:
            found = self._table(step.source.path)
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
