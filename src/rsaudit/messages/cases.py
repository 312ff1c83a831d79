"""French sentences about the cases of rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, count_noun

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


def timed(verdict: str, *, coming: bool) -> str:
    """Write a verdict, and whether the rule is said to apply later."""
    return f"{verdict}, {'pas encore dû' if coming else 'pas à venir'}"


def messages(texts: Iterable[str]) -> str:
    """Join the messages of an obligation that was not what a case expects."""
    return " | ".join(list(texts)[:3])


def heading(ruleset: str, version: str, rules: int, cases: int) -> str:
    """Name the référentiel under test."""
    return f"{ruleset} {version}{NBSP}: {count_noun(rules, 'règle')}, {count_noun(cases, 'cas', 'cas')}"


def failed(rule: str, name: str, expected: str, obtained: str, detail: str) -> str:
    """Write a case that failed, with what the rule said."""
    said = f"\n      {detail}" if detail else ""
    return f"  ÉCHEC {rule}, cas «{NBSP}{name}{NBSP}»\n      attendu {expected} ; obtenu {obtained}{said}"


def passed(rule: str, name: str, obtained: str) -> str:
    """Write a case that passed."""
    return f"  réussi {rule}, cas «{NBSP}{name}{NBSP}» ({obtained})"


def coverage(requirements: int, uncovered: Iterable[str], limits: int, unproved: Iterable[str]) -> str:
    """Write how many exigences have a rule and how many limits a case."""
    lacking, open_limits = list(uncovered), list(unproved)
    lines = [f"  exigences couvertes{NBSP}: {requirements - len(lacking)} sur {requirements}"]
    if lacking:
        lines.append(f"    sans règle{NBSP}: {', '.join(lacking)}")
    lines.append(f"  limites éprouvées{NBSP}: {limits - len(open_limits)} sur {limits}")
    if open_limits:
        lines.append(f"    sans cas{NBSP}: {', '.join(open_limits)}")
    return "\n".join(lines)


def total_coverage(counts: Iterable[tuple[int, int]]) -> str:
    """Write the exigences covered over all référentiels."""
    pairs = list(counts)
    return f"Exigences couvertes en tout{NBSP}: {sum(a for a, _ in pairs)} sur {sum(b for _, b in pairs)}"


def verdict(cases: int, failures: int) -> str:
    """Say whether the cases agree."""
    if failures:
        return f"  {count_noun(failures, 'cas en échec', 'cas en échec')} sur {cases}\n"
    return f"  {count_noun(cases, 'cas réussi', 'cas réussis')}\n"


def unread_fields(paths: list[str], *, listed: bool) -> str:
    """Say how many fields of the schemas nothing reads."""
    if not paths:
        return "Tous les champs du dossier servent à une règle, à un en-tête ou à un tableau."
    head = f"Champs du dossier que rien ne lit{NBSP}: {len(paths)}"
    return head + ("\n" + "\n".join(f"  {path}" for path in paths) if listed else " (--tout les liste)")
