"""From a dossier and référentiels to a report. Pure: no file, no clock, no print; knows no dossier key."""

from rsaudit.engine.audit import AuditOptions, Keep, audit

__all__ = ["AuditOptions", "Keep", "audit"]
