"""What names mean where an expression stands: variables and local names, derived facts, parameters, sections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rsaudit.conditions.datatypes import Item, Num, Table, Type, dimension
from rsaudit.conditions.errors import ExpressionError
from rsaudit.conditions.grammar import RESERVED
from rsaudit.conditions.parameters import Parameter, ParameterDeclaration, key_types
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsaudit.conditions.building import Built
    from rsaudit.conditions.catalogue import Catalogue
    from rsaudit.conditions.nodes import Node
    from rsaudit.conditions.plans import Program
    from rsaudit.conditions.values import Run

FIRST_SLOT = 1
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_MAX_FACT_CHAIN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDeclaration:
    """A derived fact: `name` is read like a field of the rows of `table`, or of the dossier when there is none."""

    name: str
    node: Node
    table: str | None = None
    variable: str | None = None
    """How the formula calls the row."""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that holds a value at run time."""

    slot: int
    type: Type
    ranges: str | None = None
    """The list its values are taken from one after the other."""


class Fact:
    """A derived fact, resolved and compiled when it is first needed."""

    def __init__(self, declaration: FactDeclaration, library: Library) -> None:
        self.name = declaration.name
        self.declaration = declaration
        self._library = library
        self.slot = FIRST_SLOT

    @cached_property
    def scope(self) -> Scope:
        """The scope its formula is written in."""
        scope = Scope.over(self._library)
        if self.declaration.table is not None and self.declaration.variable is not None:
            found = self._library.catalogue.at(self.declaration.table)
            item = found.item if isinstance(found, Table) else found
            if not isinstance(item, Item):
                raise ExpressionError(*_at_start(say.fact_of_table(self.name, self.declaration.table)))
            self.slot = scope.declare(self.declaration.variable, item, ranges=self.declaration.table)
        return scope

    @cached_property
    def built(self) -> Built:
        """Its formula, resolved and compiled; raises `ExpressionError` when it is wrong or depends on itself."""
        from rsaudit.conditions.building import Builder

        with self._library.entering(self):
            return Builder(self.scope).build(self.declaration.node)

    @property
    def key(self) -> str:
        """How plans name it."""
        table = self.declaration.table
        return self.name if table is None else f"{table}.{self.name}"

    @cached_property
    def program(self) -> Program:
        """Its formula, compiled."""
        from rsaudit.conditions.programs import program_of

        return program_of(self.built.plan, self.scope)

    @cached_property
    def type(self) -> Type:
        """The type of its value, in its declared unit."""
        found = self.built.type
        unit = self.declaration.unit
        if unit is None or not isinstance(found, Num):
            return found
        if not found.zero and dimension(unit) != dimension(found.unit):
            raise ExpressionError(*_at_start(say.fact_unit(self.name, unit, found.unit)))
        return Num(unit=unit, low=found.low, high=found.high, integer=found.integer, silent=found.silent)


class _Chain:
    """Notes the facts being resolved, to refuse circles."""

    def __init__(self, library: Library, fact: Fact) -> None:
        self.library = library
        self.fact = fact

    def __enter__(self) -> None:
        chain = self.library.chain
        if self.fact in chain:
            names = [fact.name for fact in (*chain[chain.index(self.fact) :], self.fact)]
            raise ExpressionError(*_at_start(say.circular_fact(names)))
        if len(chain) >= _MAX_FACT_CHAIN:
            raise ExpressionError(*_at_start(say.facts_too_deep(_MAX_FACT_CHAIN)))
        chain.append(self.fact)

    def __exit__(self, *_: object) -> None:
        self.library.chain.pop()


class Library:
    """What all the scopes of a référentiel share."""

    def __init__(
        self,
        catalogue: Catalogue,
        facts: Iterable[FactDeclaration],
        parameters: Iterable[ParameterDeclaration],
    ) -> None:
        self.catalogue = catalogue
        self.chain: list[Fact] = []
        self.frame = [FIRST_SLOT]
        """How many places a frame needs: the most that any scope does."""
        self.facts: dict[tuple[str | None, str], Fact] = {}
        self.by_key: dict[str, Fact] = {}
        self.parameters: dict[str, Parameter] = {}
        for declaration in facts:
            self._add_fact(declaration)
        for parameter in parameters:
            self._check_name(parameter.name)
            if parameter.name in self.parameters or (None, parameter.name) in self.facts:
                raise ExpressionError(*_at_start(say.duplicate_name(parameter.name)))
            self.parameters[parameter.name] = Parameter(parameter, key_types(parameter, catalogue))

    def _add_fact(self, declaration: FactDeclaration) -> None:
        self._check_name(declaration.name)
        key = (declaration.table, declaration.name)
        if key in self.facts:
            raise ExpressionError(*_at_start(say.duplicate_name(declaration.name)))
        fact = Fact(declaration, self)
        self.facts[key] = self.by_key[fact.key] = fact

    def _check_name(self, name: str) -> None:
        if name in RESERVED:
            raise ExpressionError(*_at_start(say.reserved_name(name)))
        if _NAME.match(name) is None:
            raise ExpressionError(*_at_start(say.bad_name(name)))

    @property
    def width(self) -> int:
        """How many places a frame needs."""
        return self.frame[0]

    def entering(self, fact: Fact) -> _Chain:
        """Guard the resolution of a fact against circles."""
        return _Chain(self, fact)

    def facts_of(self, table: str | None) -> Iterator[str]:
        """Yield the names of the facts of a table (of the dossier for `None`)."""
        return (name for owner, name in self.facts if owner == table)


class Scope:
    """Names and their places in a frame. A child sees its parent's names and adds its own."""

    def __init__(
        self,
        catalogue: Catalogue,
        facts: Iterable[FactDeclaration] = (),
        parameters: Iterable[ParameterDeclaration] = (),
    ) -> None:
        """Open the scope of a référentiel; raise `ExpressionError` when a parameter is wrongly declared."""
        library = Library(catalogue, facts, parameters)
        self._open(library, {}, library.frame)

    def _open(self, library: Library, names: dict[str, Binding], width: list[int]) -> None:
        self.library = library
        self.subject: str | None = None
        """The variable of `pour_chaque`, once its range is compiled."""
        self.dating: tuple[Node, Scope] | None = None
        self._names = names
        self._width = width
        self._next = max((binding.slot + 1 for binding in names.values()), default=FIRST_SLOT)
        self._filled = FIRST_SLOT

    @classmethod
    def over(cls, library: Library) -> Scope:
        """Open an empty scope over a library."""
        scope = cls.__new__(cls)
        scope._open(library, {}, library.frame)
        return scope

    def child(self) -> Scope:
        """Open a scope inside this one."""
        scope = Scope.__new__(Scope)
        scope._open(self.library, dict(self._names), self._width)
        scope._next = self._next
        scope.subject = self.subject
        scope.dating = self.dating
        return scope

    @property
    def catalogue(self) -> Catalogue:
        """The types of the dossier."""
        return self.library.catalogue

    @property
    def value_date(self) -> Node | None:
        """The date at which parameters are read when the rule says so (`valeur_au`)."""
        return self.dating[0] if self.dating else None

    @value_date.setter
    def value_date(self, node: Node | None) -> None:
        self.dating = (node, self) if node is not None else None

    @property
    def width(self) -> int:
        """How many places a frame needs."""
        return self._width[0]

    def fact(self, key: str) -> tuple[int, Run]:
        """Return the place of the item in the frame of a fact, and its program."""
        found = self.library.by_key[key]
        run = found.program.run
        return found.slot, run

    def parameter(self, name: str) -> Parameter:
        """Return a parameter."""
        return self.library.parameters[name]

    def declare(self, name: str, type: Type, *, ranges: str | None = None) -> int:  # noqa: A002
        """Bind a name to a place of the frame and return it; raise `ExpressionError` for a word of the language."""
        if name in RESERVED:
            raise ExpressionError(*_at_start(say.reserved_name(name)))
        if _NAME.match(name) is None:
            raise ExpressionError(*_at_start(say.bad_name(name)))
        slot = max(self._next, self._filled)
        self._next = slot + 1
        self._width[0] = max(self._width[0], self._next)
        self._names[name] = Binding(slot, type, ranges)
        return slot

    def binding(self, name: str) -> Binding | None:
        """Return what a bound name holds."""
        return self._names.get(name)

    def bindings(self) -> Iterator[tuple[str, Binding]]:
        """Yield the bound names."""
        yield from self._names.items()

    def knows(self, name: str) -> bool:
        """Say whether a bare name means something here (else it is a word)."""
        return (
            name in self._names
            or name == "date_audit"
            or (None, name) in self.library.facts
            or name in self.library.parameters
            or self.catalogue.section(name) is not None
        )

    def names(self) -> list[str]:
        """Return every bare name that means something here."""
        return [
            *self._names,
            *self.catalogue.sections,
            *self.library.facts_of(None),
            *self.library.parameters,
            "date_audit",
        ]

    @property
    def free_place(self) -> int:
        """The first place that no name holds."""
        return self._next

    def fill(self, end: int) -> None:
        """Note that a program written here fills places up to `end`: a name declared later holds one above them."""
        self._filled = max(self._filled, end)
        self._width[0] = max(self._width[0], end)

    def ranges(self) -> bool:
        """Say whether what is written here runs for each row of a list."""
        return any(binding.ranges is not None for binding in self._names.values())

    def ranged(self) -> list[str]:
        """Return the lists being ranged over here."""
        return [binding.ranges for binding in self._names.values() if binding.ranges is not None]


def _at_start(problem: say.Problem) -> tuple[str, int, str]:
    return problem[0], 1, problem[1]
