"""French words of `expliquer`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from rsaudit.messages import (
    FORCE_LABELS,
    NBSP,
    RANK_LABELS,
    SEVERITY_LABELS,
    VERDICT_LABELS,
    format_date,
    typographic,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsaudit.model import Finding, Position
    from rsaudit.ruleset import ParameterNote, Reading, Requirement, Rule

REQUIRED = "Ce qui est demandé"
VALUES = "Valeurs en vigueur à la date"
READINGS = "Lectures retenues"
RESERVE = "Réserve"
PROOF = "Preuve attendue, mesure proposée, pièce"
CASES = "Cas éprouvés"
WHEN = "s’applique si"
FOR_EACH = "pour chaque"
WHEN_SUBJECT = "pour ce sujet, si"
WITH = "avec"
REVIEW_WHEN = "à apprécier si"
QUESTION = "question"
LOOK_AT = "regarder"
REQUIRE = "exige"
NO_SUBJECT_HINT = "Sans --objet, tous les sujets sont montrés."


def title(identifier: str, text: str) -> str:
    """Write the head of an explanation."""
    return f"{identifier} — {text}"


def legal(rule: Rule) -> str:
    """Write the text, its rank, and what a failure means."""
    text = rule.text
    parts = [text.document, text.article or "", text.place or ""]
    place = ", ".join(part for part in parts if part)
    basis = f"\nFondement{NBSP}: {text.basis}" if text.basis else ""
    grades = "/".join(dict.fromkeys(SEVERITY_LABELS[case.severity] for case in rule.severities))
    graded = f", gravité {grades}" if grades else ""
    return f"{place} (rang{NBSP}: {RANK_LABELS[rule.rank]}){basis}\nForce{NBSP}: {FORCE_LABELS[rule.force]}{graded}"


def requirements(rule: Rule, known: Iterable[Requirement]) -> list[str]:
    """Write the exigences a rule covers."""
    return [f"{entry.id}{NBSP}: {entry.summary}" for entry in known if entry.id in rule.requirements]


def section(heading: str, lines: Iterable[str]) -> list[str]:
    """Write a titled block, or nothing when it is empty."""
    kept = [f"  {line}" for line in lines if line]
    return ["", heading, *kept] if kept else []


def labelled(label: str, text: str) -> str:
    """Write « label : text »."""
    return f"{label}{NBSP}: {text}"


def parameter(note: ParameterNote, as_of: date) -> Iterable[str]:
    """Write the entries of a parameter, the one in force marked."""
    for entry in note.entries:
        since, until = entry.get("depuis"), entry.get("jusqua")
        bounds = " ".join(
            part
            for part in (
                f"depuis le {_day(since)}" if since else "",
                f"jusqu’au {_day(until)}" if until else "",
            )
            if part
        )
        state = "en vigueur" if in_force(entry, as_of) else "hors vigueur"
        yield (
            f"{note.title}{NBSP}: {entry_value(note, entry)} "
            f"({', '.join(part for part in (bounds, state) if part)}) — {typographic(entry['source'])}"
        )


def in_force(entry: dict[str, Any], as_of: date) -> bool:
    """Say whether an entry holds on a day."""
    day = as_of.isoformat()
    return (entry.get("depuis") or day) <= day <= (entry.get("jusqua") or day)


def entry_value(note: ParameterNote, entry: dict[str, Any]) -> str:
    """Write the value of an entry with its unit, or its whole table."""
    unit = f"{NBSP}{note.unit}" if note.unit else f"{NBSP}%" if note.type == "part" else ""
    if "valeur" not in entry:
        return _table(entry["table"], unit)
    return _day(entry["valeur"]) if note.type == "date" else f"{entry['valeur']}{unit}".replace(".", ",")


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))


def _table(rows: list[dict[str, Any]], unit: str) -> str:
    return " ; ".join(f"{', '.join(str(key) for key in row['cle'])} → {row['valeur']}{unit}" for row in rows)


def reading(entry: Reading) -> str:
    """Write a reading: question, answer, reason."""
    return f"{entry.id}. {entry.question} {entry.reading} ({entry.reason})"


def case(entry: dict[str, Any]) -> str:
    """Write a case on one line."""
    expected = entry["attendu"]
    shown = (
        expected
        if isinstance(expected, str)
        else ", ".join(f"{key} : {value}" for key, value in expected.items())
    )
    return f"{entry['nom']} → {shown}"


def verdict(finding: Finding) -> str:
    """Head the evaluation of one subject."""
    grade = f" ({SEVERITY_LABELS[finding.severity]})" if finding.severity else ""
    subject = finding.subject or "la résidence"
    element = f", {finding.element}" if finding.element else ""
    return f"{subject}{element}{NBSP}: {VERDICT_LABELS[finding.verdict]}{grade}\n  {finding.message}"


def trace_line(depth: int, text: str, shown: str, value: Any, places: Iterable[Position | None]) -> str:
    """Write a sub-expression, its value or bounds, and where it is written."""
    where = ", ".join(f"{p.file}:{p.line}" if p.line else p.file for p in places if p is not None)
    bounds = ""
    low, high = getattr(value, "low", None), getattr(value, "high", None)
    if low is not None or high is not None:
        bounds = f" [{_end(low, '−∞')} ; {_end(high, '+∞')}]"
    place = f"  ({where})" if where else ""
    return f"    {'  ' * depth}{text} → {shown}{bounds}{place}"


def _end(value: Any, infinite: str) -> str:
    if value is None:
        return infinite
    return format_date(value) if hasattr(value, "isoformat") else str(value)


def no_subject(name: str, known: list[str]) -> str:
    """Say that a rule does not range over that subject."""
    shown = ", ".join(known[:12])
    return f"La règle ne porte pas sur « {name} ». Sujets : {shown}{'…' if len(known) > 12 else ''}."
