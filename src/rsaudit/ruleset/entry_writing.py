"""A compiled référentiel -> its entry: `entries` says how one is written, and reads it back."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, json, structs

from rsaudit.conditions import plans
from rsaudit.conditions.plans import Program, RangeProgram
from rsaudit.conditions.sharing import Sharing, written
from rsaudit.ruleset.compiled import CompiledPlaceholder, CompiledRule, CompiledRuleset, Printed, Reads
from rsaudit.ruleset.entries import PARTS, KeptDeclaration, KeptPoint

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
        name: [_encode(parameter.declaration, sharing), [_key_note(kind) for kind in parameter.key_types]]
        for name, parameter in library.parameters.items()
    }
    lines = [
        _encode(
            structs.replace(compiled, rules=(), ruleset=replace(compiled.ruleset, requirements=())), sharing
        ),
        {"width": library.width, "facts": facts, "parameters": declared},
        _encode(compiled.ruleset.requirements, sharing),
        *(_line(rule, sharing) for rule in compiled.rules),
    ]
    lines.insert(0, sharing.table())
    return b"\n".join(json.encode(line, enc_hook=written) for line in lines)


def _line(rule: CompiledRule, sharing: Sharing) -> dict[str, Any]:
    kept = {name: _encode(getattr(rule, name), sharing) for name in sorted(PARTS)}
    empty = [name for name in kept if getattr(rule, name) == ()]
    plain = {name: child for name, child in kept.items() if child.__class__ not in {dict, list}}
    rest = {name: kept[name] for name in kept if name not in plain and name not in empty}
    declaration = _declaration(rule.rule)
    told = {"rule": declaration, "blocks": rule.blocks, "reads": rule.reads()}
    return {**told, "plain": plain, "empty": empty, "rest": rest}


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


def _encode(value: Any, sharing: Sharing) -> Any:  # noqa: C901 - one line a kind of value
    if value is None or value.__class__ in {bool, int, str}:
        return value
    if isinstance(value, Program):
        return {"p": sharing.plan(value.plan)}
    if isinstance(value, RangeProgram):
        where = sharing.plan(value.where) if value.where is not None else None
        return {"r": [value.slot, value.table, sharing.plan(value.source), where]}
    if isinstance(value, Reads):
        return {"a": [list(read) for read in value()]}
    if isinstance(value, Printed):
        return {"k": _notes(value)}
    if isinstance(value, CompiledPlaceholder):
        return {"h": [sharing.plan(value.program.plan), _notes(value.type), value.singular, value.plural]}
    if isinstance(value, Enum):
        return {"e": [type(value).__name__, value.value]}
    if isinstance(value, Decimal):
        return {"x": str(value)}
    if isinstance(value, date):
        return {"j": value.isoformat()}
    if isinstance(value, frozenset):
        return {"g": sorted(value)}
    if isinstance(value, tuple | list):
        items = [_encode(item, sharing) for item in value]
        if isinstance(value, list):
            return items
        if any(isinstance(item, CompiledPlaceholder) for item in value):
            return {"z": items}
        return {"t" if any(item.__class__ in {dict, list} for item in items) else "u": items}
    if isinstance(value, dict):
        return {"d": [[_encode(key, sharing), _encode(child, sharing)] for key, child in value.items()]}
    if is_dataclass(value) or isinstance(value, Struct):
        return _object(value, sharing)
    return {"s": 0}


def _object(value: Any, sharing: Sharing) -> dict[str, Any]:
    declared = value.__class__.__module__ == _DECLARATIONS
    kept = {}
    for name in _names(value):
        child = getattr(value, name)
        if declared and (name in _UNUSED or _holds_expression(child)):
            child = type(child)() if isinstance(child, tuple | dict) else None
        kept[name] = _encode(child, sharing)
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
