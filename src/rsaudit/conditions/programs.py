"""Checking, compiling, ranging, tracing: what the rest of the program asks of the language."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.conditions.arranging import Places, arranged, arranged_range
from rsaudit.conditions.building import Builder, fail, flatten
from rsaudit.conditions.datatypes import Item, Ref, Table, Type, Words
from rsaudit.conditions.nodes import (
    Aggregate,
    AsOf,
    Call,
    Choice,
    Field,
    Length,
    Lookup,
    Name,
    Node,
    Number,
    Quoted,
    Truth,
)
from rsaudit.conditions.parameters import ANY_DAY
from rsaudit.conditions.plans import Program, RangeProgram
from rsaudit.conditions.printer import unparse
from rsaudit.conditions.reading import PathRead
from rsaudit.conditions.values import Frame, Run, Unknown, Value
from rsaudit.conditions.world import World
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsaudit.conditions.plans import Plan
    from rsaudit.conditions.scope import Scope

ANYTHING = "*"
"""A guard that admits silence everywhere: sentences may print any field."""


def _builder(scope: Scope, guards: Iterable[str] = ()) -> Builder:
    known = frozenset(guards)
    return Builder(scope, known, lenient=ANYTHING in known)


def program_of(plan: Plan, scope: Scope) -> Program:
    """Return the program of a plan built in a scope, which keeps clear of the places it fills."""
    places = Places(plan, scope.free_place)
    program = Program(arranged(plan, places, often=scope.ranges()))
    scope.fill(places.next)
    return program


def check(node: Node, scope: Scope, expected: str, *, guards: Iterable[str] = ()) -> Type:
    """Check an expression: names, types, units, words, silence, constants. Return its type.

    Raises `ExpressionError`; `expected` is `bool`, `number`, `date`, `list` or `any`.
    """
    return check_and_compile(node, scope, expected, guards=guards)[0]


def check_and_compile(
    node: Node, scope: Scope, expected: str, *, guards: Iterable[str] = ()
) -> tuple[Type, Program]:
    """Check an expression as `check` does; return its type and its program."""
    built = _builder(scope, guards).build(node)
    if expected != "any" and built.type.kind != expected:
        raise fail(say.wrong_kind(expected, built.type.kind), node)
    program = program_of(built.plan, scope)
    if expected == "bool":
        _refuse_constant(program.run, node, scope)
    return built.type, program


def _refuse_constant(run: Run, node: Node, scope: Scope) -> None:
    """Refuse a condition already decided with every field unknown."""
    if isinstance(node, Truth):
        raise fail(say.constant_condition(node.value), node)
    world = World({}, as_of=ANY_DAY, scope=scope)
    frame = world.frame(scope)
    for _, binding in scope.bindings():
        frame[binding.slot] = {} if isinstance(binding.type, Item) else Unknown(())
    value = run(frame)
    if value.__class__ is not Unknown:
        raise fail(say.constant_condition(bool(value)), node)


def type_of(node: Node, scope: Scope) -> Type:
    """Return the type of an expression already checked."""
    return Builder(scope, lenient=True).build(node).type


def compile_node(node: Node, scope: Scope) -> Program:
    """Compile an expression already checked."""
    return program_of(Builder(scope, lenient=True).build(node).plan, scope)


def compile_range(variable: str, source: Node, where: Node | None, scope: Scope) -> RangeProgram:
    """Declare the variable of a range in `scope` and compile it. Raises `ExpressionError`."""
    builder = Builder(scope)
    built = builder.build(source)
    if not isinstance(built.type, Table | Words):
        raise fail(say.wrong_kind("list", built.type.kind), source)
    item = built.type.item
    slot = scope.declare(variable, item, ranges=built.type.path)
    scope.subject = variable
    condition = None
    if where is not None:
        check(where, scope, "bool")
        condition = Builder(scope).build(where).plan
    places = Places(condition or built.plan, scope.free_place)
    plans = arranged_range(slot, built.plan, condition, places, often=False)
    scope.fill(places.next)
    return RangeProgram(slot, built.type.path if isinstance(item, Item) else None, *plans)


# -- what an expression reads ----------------------------------------------------------------------------


def paths_read(node: Node, scope: Scope, *, direct: bool = True) -> list[PathRead]:
    """Return the fields an expression reads, facts walked into, in reading order."""
    return list(_reads(node, scope, direct=direct, depth=0))


def _children(node: Node) -> Iterator[Node]:
    for entry in fields(node):
        value = getattr(node, entry.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part):
                yield part  # type: ignore[misc]


def _reads(node: Node, scope: Scope, *, direct: bool, depth: int) -> Iterator[PathRead]:
    if depth > 24:
        return
    if isinstance(node, Field):
        yield from _path_read(node, scope, direct=direct, depth=depth)
        return
    if isinstance(node, Name):
        fact = scope.library.facts.get((None, node.name))
        if scope.binding(node.name) is None and fact is not None:
            yield from _reads(fact.declaration.node, fact.scope, direct=False, depth=depth + 1)
        return
    if isinstance(node, Aggregate):
        yield from _reads(node.source, scope, direct=direct, depth=depth)
        inner, _, _, _ = Builder(scope, lenient=True).range(node.variable, node.source, None)
        for part in (node.where, node.body):
            if part is not None:
                yield from _reads(part, inner, direct=False, depth=depth)
        return
    for child in _children(node):
        yield from _reads(child, scope, direct=direct, depth=depth)


def _path_read(node: Field, scope: Scope, *, direct: bool, depth: int) -> Iterator[PathRead]:
    base, names = flatten(node)
    if not isinstance(base, Name):
        yield from _reads(base, scope, direct=direct, depth=depth)
        return
    binding = scope.binding(base.name)
    kind: Any = binding.type if binding is not None else scope.catalogue.section(base.name)
    keys: list[str] = []
    walked = False
    path = kind.path if isinstance(kind, Item) else base.name
    for field in names:
        if isinstance(kind, Ref):
            yield _made(base, keys, scope, direct=direct, path=path)
            walked = True
            found = scope.catalogue.at(kind.table)
            kind = found.item if isinstance(found, Table) else None
            keys = []
        if not isinstance(kind, Item):
            return
        fact = scope.library.facts.get((kind.path, field.name))
        inner = kind.fields(field.name)
        if inner is None and fact is not None:
            for read in _reads(fact.declaration.node, fact.scope, direct=False, depth=depth + 1):
                own = not walked and not keys and read.root == fact.declaration.variable
                yield PathRead(
                    base.name if own else read.root,
                    read.keys,
                    own and base.name == scope.subject,
                    False,
                    read.path,
                )
            return
        path = f"{kind.path}.{field.name}"
        keys.append(field.name)
        kind = inner
    if keys and not walked:
        yield _made(base, keys, scope, direct=direct, path=path)
    elif walked:
        yield PathRead("", tuple(keys), False, False, path)


def _made(base: Name, keys: list[str], scope: Scope, *, direct: bool, path: str) -> PathRead:
    is_subject = base.name == scope.subject and scope.binding(base.name) is not None
    return PathRead(base.name, tuple(keys), is_subject, direct, path)


# -- trace -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One sub-expression evaluated: what it is, what it is worth, where its data are."""

    depth: int
    text: str
    value: Value
    type: Type
    causes: tuple[Any, ...]
    reads: tuple[tuple[Any, str], ...]
    """(container, key) of the data read by this very sub-expression."""


_LEAVES = (Truth, Number, Length, Quoted, Choice)


def trace(node: Node, scope: Scope, frame: Frame, depth: int = 0) -> list[TraceLine]:
    """Evaluate an expression line by line, outermost first."""
    lines: list[TraceLine] = []
    _trace(node, scope, frame, depth, lines)
    return lines


def _trace(node: Node, scope: Scope, frame: Frame, depth: int, lines: list[TraceLine]) -> None:
    if isinstance(node, _LEAVES) or (isinstance(node, Name) and not scope.knows(node.name)):
        return
    builder = Builder(scope, lenient=True)
    builder.bare = True
    built = builder.build(node)
    value = built.run(frame)
    if not isinstance(built.type, Item):
        causes = value.causes if value.__class__ is Unknown else ()
        lines.append(TraceLine(depth, unparse(node), value, built.type, causes, _places(node, scope, frame)))
    if isinstance(node, Field | Aggregate | Name):
        return
    if isinstance(node, Lookup | AsOf):
        parts = node.keys if isinstance(node, Lookup) else (node.day,)
        for part in parts:
            _trace(part, scope, frame, depth + 1, lines)
        return
    if isinstance(node, Call) and node.function == "existe":
        return
    for child in _children(node):
        _trace(child, scope, frame, depth + 1, lines)


def _places(node: Node, scope: Scope, frame: Frame) -> tuple[tuple[Any, str], ...]:
    """Locate the datum a path reads, as far as the data go."""
    if not isinstance(node, Field):
        return ()
    base, names = flatten(node)
    container: Any = Builder(scope, lenient=True).build(base).run(frame)
    for field in names[:-1]:
        if not isinstance(container, dict):
            return ()
        found = container.get(field.name)
        if not isinstance(found, dict):
            return ((container, field.name),)
        container = found
    return ((container, names[-1].name),) if isinstance(container, dict) else ()
