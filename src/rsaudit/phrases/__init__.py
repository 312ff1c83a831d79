"""French text -> words, and word patterns found in them in linear time. Knows no document and no dossier."""

from rsaudit.phrases.patterns import Pattern, PatternError, Present, parse_pattern
from rsaudit.phrases.words import Scope, Word, fold, scopes, words

__all__ = ["Pattern", "PatternError", "Present", "Scope", "Word", "fold", "parse_pattern", "scopes", "words"]
