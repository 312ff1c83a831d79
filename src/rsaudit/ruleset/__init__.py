"""Référentiels: folders of rule files -> rules checked, composed and compiled."""

from rsaudit.ruleset.cache import cached
from rsaudit.ruleset.compilation import (
    CompiledCondition,
    CompiledElement,
    CompiledPlaceholder,
    CompiledReview,
    CompiledRule,
    CompiledRuleset,
    Sentence,
    compile_ruleset,
)
from rsaudit.ruleset.composition import load_ruleset, parent_folder
from rsaudit.ruleset.declarations import ParameterNote, Reading, Requirement, Rule, Ruleset
from rsaudit.ruleset.profile import profile_of

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
    "parent_folder",
    "profile_of",
]
