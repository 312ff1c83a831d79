"""The table of all findings, one row each: what CSV and XLSX both write, before either gives it its form."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from rsaudit.messages import FORCE_LABELS, RANK_LABELS, SEVERITY_LABELS, SUPPORT_LABELS, VERDICT_LABELS
from rsaudit.messages.formats import INPUT_ERROR, INPUT_WARNING, already_told
from rsaudit.messages.output import (
    DIRECTION_LABELS,
    FOLLOW_UP,
    NOT_YET_DUE,
    answer_sentence,
    cited,
    legal,
    place_in_file,
)
from rsaudit.output import view

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.model import Answer, Finding, InputError, Measure, Missing, Number, Report


class Quantity(Struct, frozen=True, kw_only=True):
    """A number with its unit: a spreadsheet must be able to add it up."""

    value: Number
    unit: str | None = None


Cell: TypeAlias = str | int | date | Quantity | None
"""What a cell may hold; `None` is blank."""


class Column(Struct, frozen=True, kw_only=True):
    """A column: its heading, its width in characters, and how a finding fills it."""

    heading: str
    width: int
    cell: Callable[[Finding], Cell]


class Sheet(Struct, frozen=True, kw_only=True):
    """A table as a spreadsheet shows it: headings, then rows."""

    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: list[list[Cell]]


FIRST_HEADINGS = ("Numéro", "Conclusion", "Gravité", "Référentiel", "Chapitre")
"""Headings of the first columns, by which a file of ours is known."""


def findings_sheet(report: Report) -> Sheet:
    """List every finding of the report, in reading order; a dossier not judged has its errors instead."""
    columns = (*_first_columns(report), *_COLUMNS, *_follow_up(report))
    if report.valid:
        found = [one for row in view.ordered_obligations(report) for one in row.findings]
        rows = [[column.cell(one) for column in columns] for one in found]
    else:
        rows = [_error_row(error, [column.heading for column in columns]) for error in report.errors]
    return Sheet(
        headings=tuple(column.heading for column in columns),
        widths=tuple(column.width for column in columns),
        rows=rows,
    )


def errors_sheet(report: Report) -> Sheet:
    """List what is wrong in a dossier that could not be judged."""
    headings = ("Nature", "Fichier", "Ligne", "Colonne", "Cellule", "Erreur", "Trouvé", "Attendu", "Code")
    rows: list[list[Cell]] = [
        [
            error.severity,
            error.file,
            error.line,
            error.column,
            error.cell,
            error.message,
            error.found,
            error.expected,
            error.code,
        ]
        for error in report.errors
    ]
    return Sheet(headings=headings, widths=(14, 28, 8, 9, 28, 60, 30, 40, 22), rows=rows)


def _first_columns(report: Report) -> tuple[Column, ...]:
    """Give the columns that need the names of référentiels and chapters."""
    rulesets = {one.id: one.title for one in report.rulesets}
    chapters = {(one.id, chapter.id): chapter.title for one in report.rulesets for chapter in one.chapters}
    cells: tuple[tuple[int, Callable[[Finding], Cell]], ...] = (
        (9, lambda one: one.number),
        (24, _verdict),
        (12, lambda one: SEVERITY_LABELS[one.severity] if one.severity else None),
        (26, lambda one: rulesets.get(one.ruleset, one.ruleset)),
        (22, lambda one: chapters.get((one.ruleset, one.chapter), one.chapter)),
    )
    return tuple(
        Column(heading=heading, width=width, cell=cell)
        for heading, (width, cell) in zip(FIRST_HEADINGS, cells, strict=True)
    )


def _follow_up(report: Report) -> tuple[Column, ...]:
    """Give, in a report followed from an earlier one, the column that tells what it had told already."""
    if report.since is None:
        return ()
    told = already_told(report.since.audit_date) if report.since.audit_date is not None else None
    return (Column(heading=FOLLOW_UP, width=34, cell=lambda one: told if one.hidden else None),)


def _verdict(one: Finding) -> str:
    return NOT_YET_DUE if one.not_yet_due else VERDICT_LABELS[one.verdict]


_COLUMNS: tuple[Column, ...] = (
    Column(heading="Obligation", width=34, cell=lambda one: one.title),
    Column(heading="Texte", width=36, cell=lambda one: legal(one.text)),
    Column(heading="Rang", width=14, cell=lambda one: RANK_LABELS[one.rank]),
    Column(heading="Force", width=15, cell=lambda one: FORCE_LABELS[one.force]),
    Column(heading="Exigences", width=18, cell=lambda one: ", ".join(one.requirements)),
    Column(heading="Objet", width=24, cell=lambda one: one.subject),
    Column(heading="Élément", width=24, cell=lambda one: one.element),
    Column(heading="Constat", width=60, cell=lambda one: one.message),
    Column(heading="Réserve", width=40, cell=lambda one: one.reserve),
    Column(heading="Observé", width=24, cell=lambda one: one.observed),
    Column(heading="Attendu", width=24, cell=lambda one: one.expected),
    Column(heading="Valeur", width=14, cell=lambda one: _side(one.measure, "value")),
    Column(
        heading="Sens",
        width=10,
        cell=lambda one: DIRECTION_LABELS[one.measure.direction] if one.measure else None,
    ),
    Column(heading="Limite", width=14, cell=lambda one: _side(one.measure, "limit")),
    Column(heading="Marge", width=14, cell=lambda one: _margin(one.measure)),
    Column(heading="Unité", width=10, cell=lambda one: _unit(one.measure)),
    Column(heading="Calcul", width=34, cell=lambda one: one.computation),
    Column(heading="Raison", width=30, cell=lambda one: one.reason),
    Column(heading="Données manquantes", width=40, cell=lambda one: " ; ".join(map(_gap, one.missing))),
    Column(heading="Échéance", width=12, cell=lambda one: one.deadline),
    Column(heading="Appui", width=20, cell=lambda one: SUPPORT_LABELS[one.support] if one.support else None),
    Column(heading="Pièce citée", width=26, cell=lambda one: cited(one.source) if one.source else None),
    Column(heading="Fichier", width=24, cell=lambda one: one.position.file if one.position else None),
    Column(heading="Ligne", width=8, cell=lambda one: one.position.line if one.position else None),
    Column(heading="Cellule", width=26, cell=lambda one: one.position.cell if one.position else None),
    Column(heading="Chemin", width=32, cell=lambda one: one.path),
    Column(
        heading="Autres positions",
        width=30,
        cell=lambda one: " ; ".join(map(place_in_file, one.other_positions)),
    ),
    Column(heading="À faire", width=44, cell=lambda one: one.remedy),
    Column(heading="Preuve attendue", width=40, cell=lambda one: one.proof),
    Column(heading="Dérogation", width=34, cell=lambda one: _answer(one.derogation)),
    Column(heading="Réponse", width=34, cell=lambda one: _answer(one.response)),
    Column(heading="Identifiant", width=36, cell=lambda one: one.identifier),
)


def _side(measure: Measure | None, side: str) -> Cell:
    if measure is None:
        return None
    given = measure.value if side == "value" else measure.limit
    return given if isinstance(given, date) else Quantity(value=given, unit=measure.unit)


def _margin(measure: Measure | None) -> Cell:
    if measure is None or measure.margin is None:
        return None
    return Quantity(value=measure.margin, unit=_unit(measure))


def _unit(measure: Measure | None) -> str | None:
    """Name the unit of a measure; the margin between two dates is in days."""
    if measure is None:
        return None
    return "jours" if isinstance(measure.limit, date) else measure.unit


def _gap(gap: Missing) -> str:
    parts = [gap.title, f"({gap.path})", f"dans {gap.piece}" if gap.piece else "", gap.reason or ""]
    return " ".join(part for part in parts if part)


def _answer(answer: Answer | None) -> str | None:
    return answer_sentence(answer) if answer else None


def _error_row(error: InputError, headings: list[str]) -> list[Cell]:
    """Put an error of the dossier in the columns of the findings, so that one file always has one shape."""
    filled: dict[str, Cell] = {
        "Conclusion": INPUT_ERROR if error.severity == "erreur" else INPUT_WARNING,
        "Constat": error.message,
        "Observé": error.found,
        "Attendu": error.expected,
        "Fichier": error.file,
        "Ligne": error.line,
        "Cellule": error.cell,
        "Identifiant": error.code,
    }
    return [filled.get(heading) for heading in headings]
