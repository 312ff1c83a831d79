"""Tree -> type and plan in one pass: names resolved, types and units checked. `plans` makes programs of plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import plans
from rsaudit.conditions.calendar_dates import make_duration
from rsaudit.conditions.datatypes import (
    Bool,
    Date,
    Item,
    Num,
    Ref,
    Span,
    Table,
    Text,
    Type,
    Word,
    Words,
    dimension,
)
from rsaudit.conditions.errors import ExpressionError
from rsaudit.conditions.nodes import (
    Aggregate,
    AsOf,
    Call,
    Chain,
    Choice,
    Comparison,
    Field,
    Length,
    Logic,
    Lookup,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Quoted,
    Truth,
)
from rsaudit.conditions.printer import unparse
from rsaudit.conditions.signatures import FUNCTIONS, checked
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from rsaudit.conditions.parameters import Parameter
    from rsaudit.conditions.plans import Plan
    from rsaudit.conditions.scope import Scope
    from rsaudit.conditions.values import Run

_ORDERED = {"number", "date", "duration"}


@dataclass(frozen=True, slots=True)
class Built:
    """An expression with its type and the plan of the program that evaluates it on a frame."""

    type: Type
    plan: Plan
    static: str | None = None
    """The list a path names, for the rule on nested ranges."""

    @property
    def run(self) -> Run:
        """The program, linked anew."""
        return plans.link(self.plan)


def fail(problem: say.Problem, node: Node) -> ExpressionError:
    """Return the error of a problem at the column of a node."""
    return ExpressionError(problem[0], node.column, problem[1])


class Builder:
    """Builds the expressions of one scope. `guards` are the paths already tested with `existe`."""

    def __init__(self, scope: Scope, guards: frozenset[str] = frozenset(), *, lenient: bool = False) -> None:
        self.scope = scope
        self.guards = guards
        self.lenient = lenient
        """In sentences any value may be printed, silent or not."""
        self.bare = False
        """Set while the operand of `existe` or of a comparison with a word is built: silence is then expected."""

    # -- entry -----------------------------------------------------------------------------------------

    def build(self, node: Node) -> Built:
        """Resolve a node; raise `ExpressionError` when it means nothing."""
        return getattr(self, f"_{type(node).__name__.lower()}")(node)  # type: ignore[no-any-return]

    def typed(self, node: Node, *kinds: str) -> Built:
        """Resolve a node of one of these kinds."""
        built = self.build(node)
        if built.type.kind not in kinds:
            raise fail(say.wrong_kind(kinds[0], built.type.kind), node)
        return built

    # -- literals --------------------------------------------------------------------------------------

    def _truth(self, node: Truth) -> Built:
        return Built(Bool(), _constant(node.value))

    def _number(self, node: Number) -> Built:
        if node.value not in {0, 1}:
            raise fail(say.NUMBER_NOT_ALLOWED, node)
        return Built(Num(low=node.value, high=node.value, zero=node.value == 0), _constant(node.value))

    def _length(self, node: Length) -> Built:
        if node.count not in {0, 1}:
            raise fail(say.NUMBER_NOT_ALLOWED, node)
        return Built(Span(), _constant(make_duration(node.count, node.unit)))

    def _quoted(self, node: Quoted) -> Built:
        return Built(Text(), _constant(node.value))

    def _choice(self, node: Choice) -> Built:
        raise fail(say.LIST_LITERAL_ALONE, node)

    # -- names and paths -------------------------------------------------------------------------------

    def _name(self, node: Name) -> Built:
        binding = self.scope.binding(node.name)
        if binding is not None:
            slot = binding.slot
            return Built(binding.type, ["slot", slot])
        if node.name == "date_audit":
            return Built(Date(), ["audit_day"])
        section = self.scope.catalogue.section(node.name)
        if section is not None:
            return Built(section, ["section", node.name])
        fact = self.scope.library.facts.get((None, node.name))
        if fact is not None:
            return Built(fact.type, ["fact", fact.key])
        if node.name in self.scope.library.parameters:
            return self._parameter(node, self.scope.library.parameters[node.name], (), None)
        raise fail(say.unknown_name(node.name, self.scope.names()), node)

    def _field(self, node: Field) -> Built:
        base, names = flatten(node)
        owner = self.build(base)
        steps: list[Plan] = []
        kind = owner.type
        for position, field in enumerate(names):
            if isinstance(kind, Ref):
                table = self._target(kind, field)
                kind = table.item
                assert isinstance(kind, Item)  # noqa: S101 - a reference names an item
                steps.append(["hop", kind.path, kind.identifier[0], table.has_extent])
            if isinstance(kind, Table | Words):
                raise fail(say.field_of_list(field.name, kind.path), field)
            if not isinstance(kind, Item):
                raise fail(say.no_field_of(field.name, kind.kind), field)
            kind, step = self._step(kind, field, last=position == len(names) - 1)
            steps.append(step)
        static = kind.path if isinstance(kind, Table | Words) else None
        self._check_silence(node, kind)
        return Built(kind, ["path", owner.plan, steps, _shape(kind)], static)

    def _target(self, kind: Ref, field: Field) -> Table:
        found = self.scope.catalogue.at(kind.table)
        if not isinstance(found, Table) or not isinstance(found.item, Item):
            raise fail(say.no_field_of(field.name, "reference"), field)
        return found

    def _step(self, owner: Item, field: Field, *, last: bool) -> tuple[Type, Plan]:
        found = owner.fields(field.name)
        fact = self.scope.library.facts.get((owner.path, field.name))
        if found is not None:
            silent = () if isinstance(found, Item) else getattr(found, "silent", ())
            return found, ["key", field.name, sorted(silent)]
        if fact is not None:
            return fact.type, ["fact", fact.key, _shape(fact.type)]
        reverse = [
            pair
            for pair in self.scope.catalogue.referrers(owner.path)
            if pair[0].rsplit(".", 1)[-1] == field.name
        ]
        if len(reverse) > 1:
            raise fail(say.ambiguous_reverse(field.name, [path for path, _ in reverse]), field)
        if reverse:
            source = self.scope.catalogue.at(reverse[0][0])
            assert isinstance(source, Table)  # noqa: S101 - the catalogue only lists tables
            return source, ["reverse", source.path, source.has_extent, reverse[0][1], owner.identifier[0]]
        known = [*owner.names(), *self.scope.library.facts_of(owner.path)]
        raise fail(say.unknown_field(field.name, owner.path, known), field)

    def _check_silence(self, node: Node, kind: Type) -> None:
        silent: frozenset[str] = getattr(kind, "silent", frozenset())
        if silent and not isinstance(kind, Word) and not self.bare and not self.lenient:
            path = unparse(node)
            if path not in self.guards:
                raise fail(say.untested_silence(path, sorted(silent)), node)

    def _lookup(self, node: Lookup) -> Built:
        return self._parametric(node.base, node.keys, None, node)

    def _asof(self, node: AsOf) -> Built:
        if isinstance(node.base, Lookup):
            return self._parametric(node.base.base, node.base.keys, node.day, node)
        return self._parametric(node.base, (), node.day, node)

    def _parametric(self, base: Node, keys: tuple[Node, ...], day: Node | None, node: Node) -> Built:
        if not isinstance(base, Name) or base.name not in self.scope.library.parameters:
            raise fail(say.AT_NEEDS_PARAMETER, node)
        return self._parameter(node, self.scope.library.parameters[base.name], keys, day)

    def _parameter(self, node: Node, parameter: Parameter, keys: tuple[Node, ...], day: Node | None) -> Built:
        if len(keys) != len(parameter.key_types):
            if not keys:
                raise fail(say.PARAMETER_NEEDS_KEYS, node)
            raise fail(say.key_count(parameter.name, len(parameter.key_types)), node)
        built = [self._key(key, kind) for key, kind in zip(keys, parameter.key_types, strict=True)]
        when = self._day(day)
        return Built(parameter.type, ["parameter", parameter.name, built, when])

    def _key(self, key: Node, kind: Type) -> Plan:
        word = self._word_of(key)
        if word is not None:
            return _constant(word)
        outer, self.bare = self.bare, True
        built = self.build(key)
        self.bare = outer
        if built.type.kind != kind.kind:
            raise fail(say.wrong_kind(kind.kind, built.type.kind), key)
        return built.plan

    def _day(self, day: Node | None) -> Plan:
        if day is not None:
            return self.typed(day, "date").plan
        if self.scope.dating is not None:
            node, scope = self.scope.dating
            return Builder(scope, lenient=True).typed(node, "date").plan
        return ["audit_day"]

    # -- logic -----------------------------------------------------------------------------------------

    def _logic(self, node: Logic) -> Built:
        outer = self.guards
        operands = []
        for operand in node.operands:
            operands.append(self.typed(operand, "bool").plan)
            if node.word == "et":
                self.guards = self.guards | tested(operand)
            else:
                self.guards = self.guards | tested_when_false(operand)
        self.guards = outer
        return Built(Bool(), ["and" if node.word == "et" else "or", operands])

    def _not(self, node: Not) -> Built:
        return Built(Bool(), ["not", self.typed(node.operand, "bool").plan])

    # -- comparisons -----------------------------------------------------------------------------------

    def _word_of(self, node: Node) -> str | None:
        """Return the word a node writes, if it is no name of the scope."""
        if isinstance(node, Quoted):
            return node.value
        return node.name if isinstance(node, Name) and not self.scope.knows(node.name) else None

    def _comparison(self, node: Comparison) -> Built:
        if node.operator == "dans":
            return self._membership(node)
        left_word, right_word = self._word_of(node.left), self._word_of(node.right)
        if left_word is not None and right_word is not None:
            raise fail(say.WORD_ALONE, node)
        if right_word is not None or left_word is not None:
            if node.operator not in {"=", "!="}:
                raise fail(say.no_order("word"), node)
            path, word = (node.left, right_word) if right_word is not None else (node.right, left_word)
            plan = self._is_word(path, str(word))
            return Built(Bool(), ["not", plan] if node.operator == "!=" else plan)
        return self._compare(node)

    def _is_word(self, path: Node, word: str) -> Plan:
        outer, self.bare = self.bare, True
        built = self.build(path)
        self.bare = outer
        kind = built.type
        if isinstance(kind, Word):
            if word not in kind.words:
                raise fail(say.unknown_word(word, kind.words), path)
            return ["word", built.plan, word]
        if word in getattr(kind, "silent", ()):
            return ["silent", built.plan, word]
        if kind.kind in {"text", "reference"}:
            return ["text", built.plan, word]
        raise fail(say.unknown_word(word, sorted(getattr(kind, "silent", ()))), path)

    def _membership(self, node: Comparison) -> Built:
        if isinstance(node.right, Choice):
            tests = []
            for item in node.right.items:
                word = self._word_of(item)
                tests.append(
                    self._is_word(node.left, word)
                    if word is not None
                    else self._compare_nodes("=", node.left, item, node)
                )
            return Built(Bool(), ["or", tests] if tests else _constant(False))
        listed = self.build(node.right)
        if not isinstance(listed.type, Words):
            raise fail(say.wrong_kind("list", listed.type.kind), node.right)
        word = self._word_of(node.left)
        if word is not None:
            if listed.type.words and word not in listed.type.words:
                raise fail(say.unknown_word(word, listed.type.words), node.left)
            return Built(Bool(), ["contains", listed.plan, _constant(word), listed.type.item.kind != "word"])
        value = self.build(node.left)
        if value.type.kind not in {"word", "text", "reference"}:
            raise fail(say.wrong_kind("word", value.type.kind), node.left)
        return Built(Bool(), ["contains", listed.plan, value.plan, listed.type.item.kind != "word"])

    def _compare(self, node: Comparison) -> Built:
        return Built(Bool(), self._compare_nodes(node.operator, node.left, node.right, node))

    def _compare_nodes(self, operator: str, left_node: Node, right_node: Node, node: Node) -> Plan:
        left, right = self.build(left_node), self.build(right_node)
        kinds = {left.type.kind, right.type.kind}
        if kinds <= {"text", "reference"}:
            kinds = {"text"}
        if len(kinds) > 1:
            raise fail(say.incomparable(left.type.kind, right.type.kind), node)
        kind = kinds.pop()
        if isinstance(left.type, Num) and isinstance(right.type, Num):
            self._same_unit(operator, left.type, right.type, node)
        if (
            isinstance(left.type, Word)
            and isinstance(right.type, Word)
            and not set(left.type.words) & set(right.type.words)
        ):
            raise fail(say.disjoint_words(left.type.words, right.type.words), node)
        if operator in {"=", "!="}:
            if kind in {"list", "item"}:
                raise fail(say.no_order(kind), node)
            plan = ["equal", left.plan, right.plan]
            return ["not", plan] if operator == "!=" else plan
        if kind not in _ORDERED:
            raise fail(say.no_order(kind), node)
        return ["ordered", operator, left.plan, right.plan]

    def _same_unit(self, operator: str, left: Num, right: Num, node: Node) -> None:
        if left.zero or right.zero or dimension(left.unit) == dimension(right.unit):
            return
        raise fail(say.unit_mismatch(operator, left.unit, right.unit), node)

    # -- arithmetic ------------------------------------------------------------------------------------

    def _negative(self, node: Negative) -> Built:
        built = self.typed(node.operand, "number")
        zero = _constant(0)
        return Built(Num(unit=getattr(built.type, "unit", None)), ["arithmetic", "-", zero, built.plan])

    def _chain(self, node: Chain) -> Built:
        built = self.build(node.operands[0])
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            built = self._operation(operator, built, self.build(operand), operand)
        return built

    def _operation(self, operator: str, left: Built, right: Built, node: Node) -> Built:
        if left.type.kind == "date":
            if right.type.kind == "date":
                raise fail(say.DATE_MINUS_DATE, node)
            if right.type.kind != "duration" or operator not in "+-":
                raise fail(say.NUMBER_AFTER_DATE, node)
            sign = 1 if operator == "+" else -1
            return Built(Date(), ["shifted", left.plan, right.plan, sign])
        if right.type.kind == "date":
            raise fail(say.DATE_FIRST, node)
        if operator == "*" and {left.type.kind, right.type.kind} == {"number", "duration"}:
            number, span = (left, right) if left.type.kind == "number" else (right, left)
            return Built(Span(), ["repeated", number.plan, span.plan])
        if not isinstance(left.type, Num) or not isinstance(right.type, Num):
            other = right if isinstance(left.type, Num) else left
            raise fail(say.wrong_kind("number", other.type.kind), node)
        return Built(
            self._result(operator, left.type, right.type, node),
            ["arithmetic", operator, left.plan, right.plan],
        )

    def _result(self, operator: str, left: Num, right: Num, node: Node) -> Num:
        first, second = dimension(left.unit), dimension(right.unit)
        if operator in "+-":
            self._same_unit(operator, left, right, node)
            unit = left.unit if not left.zero else right.unit
            return Num(unit=unit, year=left.year and not right.year)
        if operator == "*":
            if first is not None and second is not None:
                raise fail(say.two_units(operator, left.unit, right.unit), node)
            return Num(unit=first or second)
        if second is None:
            return Num(unit=first or "%")
        if first != second:
            raise fail(say.two_units(operator, left.unit, right.unit), node)
        return Num(unit="%")

    # -- calls -----------------------------------------------------------------------------------------

    def _call(self, node: Call) -> Built:
        if node.function == "existe":
            outer, self.bare = self.bare, True
            built = self.build(node.arguments[0])
            self.bare = outer
            if not isinstance(node.arguments[0], Field | Name):
                raise fail(say.EXISTS_NEEDS_PATH, node)
            return Built(Bool(), ["exists", built.plan])
        arguments = [self._argument(node, rank) for rank in range(len(node.arguments))]
        spec = FUNCTIONS[node.function]
        for argument, part, kinds in zip(arguments, node.arguments, spec.kinds, strict=True):
            if argument.type.kind not in kinds:
                raise fail(say.wrong_kind(kinds[0], argument.type.kind), part)
        if spec.same:
            self._alike(arguments[0], arguments[1], node)
        return Built(
            spec.result([argument.type for argument in arguments]),
            ["call", node.function, [argument.plan for argument in arguments]],
        )

    def _argument(self, node: Call, rank: int) -> Built:
        """Build one argument; the first of `a_defaut` is expected to be silent, the second of `etabli` to be guarded."""
        outer_bare, outer_guards = self.bare, self.guards
        self.bare = outer_bare or (node.function == "a_defaut" and rank == 0)
        if node.function == "etabli" and rank == 1:
            self.guards = self.guards | tested(node.arguments[0])
        built = self.build(node.arguments[rank])
        self.bare, self.guards = outer_bare, outer_guards
        return built

    def _alike(self, left: Built, right: Built, node: Node) -> None:
        if left.type.kind != right.type.kind:
            raise fail(say.incomparable(left.type.kind, right.type.kind), node)
        if isinstance(left.type, Num) and isinstance(right.type, Num):
            self._same_unit("=", left.type, right.type, node)

    def range(
        self, variable: str, source_node: Node, where_node: Node | None
    ) -> tuple[Scope, int, Built, Plan | None]:
        """Open the scope of a range over a list: (scope, slot, list, filter)."""
        source = self.build(source_node)
        if not isinstance(source.type, Table | Words):
            raise fail(say.wrong_kind("list", source.type.kind), source_node)
        static = source.static or source.type.path
        if static in self.scope.ranged() and static in {
            binding.ranges for _, binding in self.scope.bindings() if binding.slot in self._open_ranges()
        }:
            raise fail(say.NESTED_SAME_LIST, source_node)
        scope = self.scope.child()
        slot = scope.declare(variable, source.type.item, ranges=static)
        inner = Builder(scope, self.guards, lenient=self.lenient)
        inner.inside = (*self.inside, slot)
        where = inner.typed(where_node, "bool").plan if where_node is not None else None
        return scope, slot, source, where

    inside: tuple[int, ...] = ()
    """Slots of the aggregates being built: a list is not ranged over inside an aggregate over itself."""

    def _open_ranges(self) -> tuple[int, ...]:
        return self.inside

    def _aggregate(self, node: Aggregate) -> Built:
        scope, slot, source, where = self.range(node.variable, node.source, node.where)
        body = None
        if node.body is not None:
            guards = self.guards | (tested(node.where) if node.where is not None else frozenset())
            inner = Builder(scope, guards, lenient=self.lenient)
            inner.inside = (*self.inside, slot)
            body = inner.build(node.body)
        kind = checked(node, source.type, body.type if body is not None else None)
        path = getattr(source.type, "path", "")
        inner_plan = body.plan if body is not None else None
        return Built(kind, ["aggregate", node.function, slot, path, source.plan, where, inner_plan])


def _constant(value: Any) -> Plan:
    return ["constant", plans.written(value)]


def _shape(kind: Type) -> Plan:
    """Write what reading a value of a type needs to know of it."""
    return [
        kind.kind,
        sorted(getattr(kind, "silent", ())),
        plans.written(getattr(kind, "low", None)),
        plans.written(getattr(kind, "high", None)),
        getattr(kind, "percent", False),
        getattr(kind, "has_extent", False),
    ]


def flatten(node: Field) -> tuple[Node, list[Field]]:
    """Return what a path starts from, and the fields it walks, in order."""
    names: list[Field] = []
    current: Node = node
    while isinstance(current, Field):
        names.append(current)
        current = current.base
    return current, names[::-1]


def tested(node: Node | None) -> frozenset[str]:
    """Return the paths whose silence `node` settles once it holds: tested, or named as silent."""
    if isinstance(node, Logic):
        parts = [tested(operand) for operand in node.operands]
        if node.word == "et":
            return frozenset().union(*parts)
        return parts[0].intersection(*parts[1:])
    if isinstance(node, Call) and node.function == "existe":
        return frozenset({unparse(node.arguments[0])})
    if (
        isinstance(node, Comparison)
        and node.operator in {"=", "!=", "dans"}
        and isinstance(node.left, Field | Name)
    ):
        return frozenset({unparse(node.left)})
    if isinstance(node, Not):
        return tested_when_false(node.operand)
    return frozenset()


def tested_when_false(node: Node) -> frozenset[str]:
    """Return the paths whose silence `node` settles once it does not hold."""
    if isinstance(node, Not):
        return tested(node.operand)
    if isinstance(node, Comparison):
        return tested(node)
    if isinstance(node, Logic):
        parts = [tested_when_false(operand) for operand in node.operands]
        return frozenset().union(*parts) if node.word == "ou" else parts[0].intersection(*parts[1:])
    return frozenset()
