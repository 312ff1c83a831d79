"""French text -> words, and word patterns found in them in linear time. Knows no document and no dossier."""

from rsaudit.phrases.patterns import Pattern, PatternError, parse_pattern
from rsaudit.phrases.words import Scope, Word, fold, scopes, words

__all__ = ["Pattern", "PatternError", "Scope", "Word", "fold", "parse_pattern", "scopes", "words"]
