"""The condition language: three-valued, bounded, exact. Its meaning is in docs/langage.md."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rsaudit.conditions.aggregates import Selection
    from rsaudit.conditions.building import tested
    from rsaudit.conditions.catalogue import Catalogue
    from rsaudit.conditions.datatypes import Type
    from rsaudit.conditions.errors import ExpressionError
    from rsaudit.conditions.grammar import parse, parse_range
    from rsaudit.conditions.nodes import Node
    from rsaudit.conditions.parameters import ParameterDeclaration, ParameterEntry
    from rsaudit.conditions.plans import Program, RangeProgram
    from rsaudit.conditions.printer import unparse
    from rsaudit.conditions.programs import (
        ANYTHING,
        TraceLine,
        check,
        check_and_compile,
        compile_node,
        compile_range,
        paths_read,
        trace,
        type_of,
    )
    from rsaudit.conditions.reading import PathRead
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
    from rsaudit.conditions.world import Names, World

#: Where each name is; a module is imported when one of its names is asked: an audit needs few of them.
_HOMES = {
    "ANYTHING": "programs",
    "Catalogue": "catalogue",
    "Cause": "values",
    "Contradiction": "values",
    "Duration": "values",
    "ExpressionError": "errors",
    "FactDeclaration": "scope",
    "Missing": "values",
    "Names": "world",
    "Node": "nodes",
    "NotInForce": "values",
    "NotUnique": "values",
    "OffScale": "values",
    "ParameterDeclaration": "parameters",
    "ParameterEntry": "parameters",
    "PathRead": "reading",
    "Program": "plans",
    "RangeProgram": "plans",
    "Rows": "values",
    "Scope": "scope",
    "Selection": "aggregates",
    "Silent": "values",
    "TraceLine": "programs",
    "Type": "datatypes",
    "Unknown": "values",
    "Unseen": "values",
    "World": "world",
    "check": "programs",
    "check_and_compile": "programs",
    "compile_node": "programs",
    "compile_range": "programs",
    "merge_causes": "values",
    "parse": "grammar",
    "parse_range": "grammar",
    "paths_read": "programs",
    "same_text": "texts",
    "tested": "building",
    "trace": "programs",
    "type_of": "programs",
    "unparse": "printer",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{home}"), name)


__all__ = [
    "ANYTHING",
    "Catalogue",
    "Cause",
    "Contradiction",
    "Duration",
    "ExpressionError",
    "FactDeclaration",
    "Missing",
    "Names",
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
    "check_and_compile",
    "compile_node",
    "compile_range",
    "merge_causes",
    "parse",
    "parse_range",
    "paths_read",
    "same_text",
    "tested",
    "trace",
    "type_of",
    "unparse",
]
