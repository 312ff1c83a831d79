"""A dossier as a workbook: sheets derived from the schemas, written for managers and read back value for value."""

from __future__ import annotations

from rsaudit.workbook.layout import Layout, layout_of
from rsaudit.workbook.reading import read, read_bytes

__all__ = ["Layout", "layout_of", "read", "read_bytes"]
