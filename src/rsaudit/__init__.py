"""rsaudit: a compliance auditor for French *résidences sociales*."""

__version__ = "0.1.0"
