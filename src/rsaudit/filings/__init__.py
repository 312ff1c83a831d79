"""Tables drawn from a dossier for those who must receive them. What they hold is data; a datum that is absent says so."""

from rsaudit.filings.filling import Filled, FilledSheet, fill
from rsaudit.filings.reading import Filing, load_filings

__all__ = ["Filing", "Filled", "FilledSheet", "fill", "load_filings"]
