"""Lexicons of référentiels: passages of a règlement or a model contract worth reading again. A hit is no verdict."""

from rsaudit.lexicon.declarations import Entry, Kind, Lexicon, Proposal
from rsaudit.lexicon.reading import TO_TYPE, load_lexicon
from rsaudit.lexicon.search import Hit, Review, failures, review

__all__ = [
    "TO_TYPE",
    "Entry",
    "Hit",
    "Kind",
    "Lexicon",
    "Proposal",
    "Review",
    "failures",
    "load_lexicon",
    "review",
]
