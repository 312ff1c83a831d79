"""A compiled référentiel -> its entry: `entries` says how one is written, and reads it back."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, json

from rsaudit.conditions import plans
from rsaudit.conditions.plans import Program, RangeProgram
from rsaudit.conditions.sharing import Sharing, written
from rsaudit.ruleset.compiled import (
    CompiledCondition,
    CompiledElement,
    CompiledPlaceholder,
    CompiledReview,
    CompiledRule,
    CompiledRuleset,
    Printed,
)
from rsaudit.ruleset.entries import NOTHING, PARTS, KeptDeclaration, KeptPoint

if TYPE_CHECKING:
    from rsaudit.ruleset.declarations import Rule

_DECLARATIONS = "rsaudit.ruleset.declarations"
#: Read only to play cases or to print the guide.
_UNUSED = {"cases", "base", "parameter_notes", "fact_titles", "rules", "parameters", "facts"}


def write(compiled: CompiledRuleset) -> bytes:
    """Write a compiled référentiel."""
    library: Any = compiled.scope
    library = library.library
    sharing = Sharing()
    facts = {
        key: [fact.program and fact.slot, sharing.plan(fact.program.plan)]
        for key, fact in library.by_key.items()
    }
    declared = {
        name: [_encode(parameter.declaration), [_key_note(kind) for kind in parameter.key_types]]
        for name, parameter in library.parameters.items()
    }
    lines = [
        _head(compiled, sharing),
        {"width": library.width, "facts": facts, "parameters": declared},
        _encode(compiled.ruleset.requirements),
        *(_line(rule, sharing) for rule in compiled.rules),
    ]
    lines.insert(0, sharing.table())
    return b"\n".join(json.encode(line, enc_hook=written) for line in lines)


def _head(compiled: CompiledRuleset, sharing: Sharing) -> dict[str, Any]:
    return {
        "ruleset": _encode(replace(compiled.ruleset, requirements=())),
        "applies": _part(compiled.applies, sharing),
        "out_of_scope": _part(compiled.out_of_scope, sharing),
        "rule_ids": compiled.rule_ids,
        "requirement_ids": compiled.requirement_ids,
        "headings": _part(compiled.headings, sharing),
        "coherences": _part(compiled.coherences, sharing),
        "fields": sorted(compiled.fields),
        "profile": _encode(compiled.profile),
    }


def _line(rule: CompiledRule, sharing: Sharing) -> dict[str, Any]:
    found = {name: value for name in PARTS if (value := getattr(rule, name)) != NOTHING[name]}
    return {
        "rule": _declaration(rule.rule),
        "blocks": rule.blocks,
        "reads": rule.reads(),
        "slot": rule.slot,
        "subject_table": rule.subject_table,
        "count": len(found),
        "parts": {name: _part(value, sharing) for name, value in found.items()},
    }


def _part(value: Any, sharing: Sharing) -> Any:
    """Write a part of a rule by what it is; its reader knows what each place holds."""
    match value:
        case Program():
            return sharing.plan(value.plan)
        case RangeProgram():
            where = sharing.plan(value.where) if value.where is not None else None
            return [value.slot, value.table, sharing.plan(value.source), where]
        case CompiledPlaceholder():
            return [sharing.plan(value.program.plan), _notes(value.type), value.singular, value.plural]
        case CompiledCondition():
            return [_part(one, sharing) for one in (value.test, value.otherwise, value.upcoming)]
        case CompiledReview():
            return [_part(one, sharing) for one in (value.when, value.motive)]
        case CompiledElement():
            found = {name: getattr(value, name) for name in value.__struct_fields__}
            told = {name: _part(one, sharing) for name, one in found.items() if one is not None}
            return {**told, "reads": value.reads()}
        case Printed():
            return _notes(value)
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [_part(one, sharing) for one in value]
        case dict():
            return {key: _part(one, sharing) for key, one in value.items()}
        case _:
            return value


def _declaration(rule: Rule) -> KeptDeclaration:
    """Return what is kept of what a rule declares."""
    kept = {name: getattr(rule, name) for name in KeptDeclaration.__struct_fields__}
    if rule.manual is not None:
        kept["manual"] = KeptPoint(
            **{name: getattr(rule.manual, name) for name in KeptPoint.__struct_fields__}
        )
    return KeptDeclaration(**kept)


def _key_note(kind: Any) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "silent": sorted(kind.silent),
        "words": list(getattr(kind, "words", ())),
        "low": plans.written(getattr(kind, "low", None)),
        "high": plans.written(getattr(kind, "high", None)),
        "integer": getattr(kind, "integer", False),
    }


# -- values ----------------------------------------------------------------------------------------------


def _encode(value: Any) -> Any:
    if value is None or value.__class__ in {bool, int, str}:
        return value
    if isinstance(value, Enum):
        return {"e": [type(value).__name__, value.value]}
    if isinstance(value, Decimal):
        return {"x": str(value)}
    if isinstance(value, date):
        return {"j": value.isoformat()}
    if isinstance(value, frozenset):
        return {"g": sorted(value)}
    if isinstance(value, tuple | list):
        items = [_encode(item) for item in value]
        if isinstance(value, list):
            return items
        return {"t" if any(item.__class__ in {dict, list} for item in items) else "u": items}
    if isinstance(value, dict):
        return {"d": [[_encode(key), _encode(child)] for key, child in value.items()]}
    if is_dataclass(value) or isinstance(value, Struct):
        return _object(value)
    raise TypeError(type(value).__name__)


def _object(value: Any) -> dict[str, Any]:
    declared = value.__class__.__module__ == _DECLARATIONS
    kept = {}
    for name in _names(value):
        child = getattr(value, name)
        if declared and (name in _UNUSED or _holds_expression(child)):
            child = type(child)() if isinstance(child, tuple | dict) else None
        kept[name] = _encode(child)
    plain = {name: child for name, child in kept.items() if child.__class__ not in {dict, list}}
    return {"c": [type(value).__name__, plain, {n: child for n, child in kept.items() if n not in plain}]}


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, Struct):
        return value.__struct_fields__
    return tuple(entry.name for entry in fields(value))


def _holds_expression(value: Any) -> bool:
    """Say whether a declaration holds an expression: programs stand for it once it is compiled."""
    if isinstance(value, tuple | list):
        return any(map(_holds_expression, value))
    if isinstance(value, dict):
        return any(map(_holds_expression, value.values()))
    if value.__class__.__module__ == "rsaudit.conditions.nodes":
        return True
    if value.__class__.__module__ == _DECLARATIONS:
        return any(_holds_expression(getattr(value, entry.name)) for entry in fields(value))
    return False


def _notes(kind: Printed) -> dict[str, Any]:
    notes = dict(vars(kind))
    if "low" in notes:
        notes["low"] = plans.written(notes["low"])
    if "item" in notes:
        notes["item"] = _notes(notes["item"])
    return notes
