"""The condition language: three-valued, bounded, exact. Its meaning is in docs/langage.md."""

from rsaudit.conditions.aggregates import Selection
from rsaudit.conditions.building import tested
from rsaudit.conditions.catalogue import Catalogue
from rsaudit.conditions.datatypes import Type
from rsaudit.conditions.errors import ExpressionError
from rsaudit.conditions.grammar import parse, parse_range
from rsaudit.conditions.nodes import Node, from_json, to_json
from rsaudit.conditions.parameters import ParameterDeclaration, ParameterEntry
from rsaudit.conditions.plans import Program
from rsaudit.conditions.printer import unparse
from rsaudit.conditions.programs import (
    ANYTHING,
    PathRead,
    RangeProgram,
    TraceLine,
    check,
    compile_node,
    compile_range,
    paths_read,
    trace,
    type_of,
)
from rsaudit.conditions.scope import FactDeclaration, Scope
from rsaudit.conditions.texts import same_text
from rsaudit.conditions.values import (
    Cause,
    Contradiction,
    Duration,
    Missing,
    NotInForce,
    NotUnique,
    OffScale,
    Rows,
    Silent,
    Unknown,
    Unseen,
    merge_causes,
)
from rsaudit.conditions.world import World

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
    "Rows",
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
    "same_text",
    "tested",
    "to_json",
    "trace",
    "type_of",
    "unparse",
]
