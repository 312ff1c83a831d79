"""What breaks the schemas in a dossier, in French and with positions: data, never an exception."""

from __future__ import annotations

from rsaudit.profile import Schemas
from rsaudit.profile import read_schemas as load_schemas

__all__ = ["Schemas", "load_schemas"]
