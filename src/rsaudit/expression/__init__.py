"""The condition language: three-valued, bounded, exact. Its meaning is in docs/langage.md."""

from rsaudit.expression.aggregates import Selection
from rsaudit.expression.building import tested
from rsaudit.expression.catalogue import Catalogue
from rsaudit.expression.datatypes import Type
from rsaudit.expression.errors import ExpressionError
from rsaudit.expression.grammar import parse, parse_range
from rsaudit.expression.nodes import Node, from_json, to_json
from rsaudit.expression.parameters import ParameterDeclaration, ParameterEntry
from rsaudit.expression.printer import unparse
from rsaudit.expression.programs import (
    ANYTHING,
    PathRead,
    Program,
    RangeProgram,
    TraceLine,
    check,
    compile_node,
    compile_range,
    paths_read,
    trace,
)
from rsaudit.expression.scope import FactDeclaration, Scope
from rsaudit.expression.values import (
    Cause,
    Contradiction,
    Duration,
    Missing,
    NotInForce,
    NotUnique,
    OffScale,
    Silent,
    Unknown,
    Unseen,
    merge_causes,
)
from rsaudit.expression.world import World

__all__ = [
    "ANYTHING",
    "Catalogue",
    "Cause",
    "Contradiction",
    "Duration",
    "ExpressionError",
    "FactDeclaration",
    "Missing",
    "Node",
    "NotInForce",
    "NotUnique",
    "OffScale",
    "ParameterDeclaration",
    "ParameterEntry",
    "PathRead",
    "Program",
    "RangeProgram",
    "Scope",
    "Selection",
    "Silent",
    "TraceLine",
    "Type",
    "Unknown",
    "Unseen",
    "World",
    "check",
    "compile_node",
    "compile_range",
    "from_json",
    "merge_causes",
    "parse",
    "parse_range",
    "paths_read",
    "tested",
    "to_json",
    "trace",
    "unparse",
]
