"""From a dossier and référentiels to a report. Pure: no file, no clock, no print; knows no dossier key."""

from rsaudit.engine.audit import AuditOptions, audit

__all__ = ["AuditOptions", "audit"]
