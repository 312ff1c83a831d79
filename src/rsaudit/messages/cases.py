"""French sentences about the cases of rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INVALID = "dossier d’essai invalide"
NOT_EVALUATED = "règle non évaluée"
NO_SUCH_SUBJECT = "sujet introuvable"


def subjects(verdicts: Mapping[str, str]) -> str:
    """Write a table subject → verdict on one line."""
    return ", ".join(f"{subject} : {verdict}" for subject, verdict in verdicts.items())


def graded(verdict: str, severity: str | None) -> str:
    """Write a verdict with its gravity."""
    return f"{verdict} ({severity})"


def messages(texts: Iterable[str]) -> str:
    """Join the messages of an obligation that was not what a case expects."""
    return " | ".join(list(texts)[:3])
