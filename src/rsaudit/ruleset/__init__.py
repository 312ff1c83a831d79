"""Référentiels: folders of rule files -> rules checked, composed and compiled."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rsaudit.ruleset.cache import cached
    from rsaudit.ruleset.compilation import compile_ruleset
    from rsaudit.ruleset.compiled import (
        CompiledCondition,
        CompiledElement,
        CompiledPlaceholder,
        CompiledReview,
        CompiledRule,
        CompiledRuleset,
        Sentence,
    )
    from rsaudit.ruleset.composition import load_ruleset
    from rsaudit.ruleset.declarations import ParameterNote, Reading, Requirement, Rule, Ruleset
    from rsaudit.ruleset.profile import profile_of

#: Where each name is; a module is imported when one of its names is asked: an audit needs few of them.
_HOMES = {
    "CompiledCondition": "compiled",
    "CompiledElement": "compiled",
    "CompiledPlaceholder": "compiled",
    "CompiledReview": "compiled",
    "CompiledRule": "compiled",
    "CompiledRuleset": "compiled",
    "ParameterNote": "declarations",
    "Reading": "declarations",
    "Requirement": "declarations",
    "Rule": "declarations",
    "Ruleset": "declarations",
    "Sentence": "compiled",
    "cached": "cache",
    "compile_ruleset": "compilation",
    "load_ruleset": "composition",
    "profile_of": "profile",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{home}"), name)


__all__ = [
    "CompiledCondition",
    "CompiledElement",
    "CompiledPlaceholder",
    "CompiledReview",
    "CompiledRule",
    "CompiledRuleset",
    "ParameterNote",
    "Reading",
    "Requirement",
    "Rule",
    "Ruleset",
    "Sentence",
    "cached",
    "compile_ruleset",
    "load_ruleset",
    "profile_of",
]
