"""The sheet of a visit: what only a look can settle, in the order one walks, with a page per dwelling seen.

Pure: a `Report` and the dossier it judged in, a `Sheet` out; the draw of dwellings depends on what it is given alone.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rsaudit.messages import format_quantity
from rsaudit.messages import visit as say
from rsaudit.messages.output import PLACE_ORDER
from rsaudit.model import Answer, LegalText, Rank, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rsaudit.loading import Dossier
    from rsaudit.model import Control, Finding, Obligation, Report
    from rsaudit.vocabulary import Vocabulary

DWELLING = "logement"
"""Place of what is looked at in dwellings."""
_ROLE = "numero_de_logement"


class Point(Struct, frozen=True, kw_only=True):
    """One thing to appreciate about one subject."""

    identifier: str
    rule: str
    subject_key: str | None
    """Key of the subject in an answer (`objet`); `None` for the residence."""
    element_key: str | None
    place: str | None
    title: str
    question: str
    look_at: str | None
    proof: str
    subject: str | None
    """As printed: « le logement 103 », the element of a list."""
    said: str | None
    """What the dossier says of it, when that is more than the question."""
    answer: Answer | None
    """What the manager answered, without effect in a control."""
    text: LegalText
    rank: Rank


class Page(Struct, frozen=True, kw_only=True):
    """A dwelling to visit: what the dossier says of it, and what to look at."""

    dwelling: str
    facts: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]


class Draw(Struct, frozen=True, kw_only=True):
    """How dwellings were drawn: the same seed draws the same ones again."""

    size: int
    seed: str


class Sheet(Struct, frozen=True, kw_only=True):
    """All that is looked at in one visit."""

    tool: str
    residence: str
    as_of: date
    control: Control
    notice: str | None
    parts: tuple[tuple[str | None, tuple[Point, ...]], ...]
    """Points by place of the visit, those without a place last."""
    pages: tuple[Page, ...]
    draw: Draw | None
    total: int | None
    """How many dwellings the residence has; unknown when the dossier shows only some."""
    unvisited: int
    """Points on dwellings that are not visited."""


def dwellings(dossier: Dossier, vocabulary: Vocabulary) -> tuple[list[str], int | None]:
    """Return the numbers of the dwellings that the dossier lists, in its order, and how many there are in all."""
    rows = vocabulary.rows_of(dossier.data, _ROLE)
    table = _table(vocabulary)
    total = next((total for path, _, total in dossier.samples() if path == table), len(rows))
    return [dossier.locator.name(row) for row in rows], total


def drawn(numbers: Sequence[str], draw: Draw, residence: str) -> list[str]:
    """Draw dwellings: the first by hash of the seed, the residence and the number; then in the dossier's order.

    A larger draw with one seed holds the smaller ones; a dwelling added does not change the rank of the others.
    """

    def rank(number: str) -> str:
        return hashlib.sha256(f"{draw.seed}\0{residence}\0{number}".encode()).hexdigest()

    chosen = set(sorted(numbers, key=rank)[: draw.size])
    return [number for number in numbers if number in chosen]


def sheet(
    report: Report,
    dossier: Dossier,
    vocabulary: Vocabulary,
    *,
    visited: Sequence[str] = (),
    draw: Draw | None = None,
) -> Sheet:
    """Arrange the open points of a report for a visit of these dwellings."""
    table = _table(vocabulary)
    common: list[Point] = []
    by_dwelling: dict[str, list[Point]] = {number: [] for number in visited}
    unvisited = 0
    for point, finding in points(report):
        owner = _dwelling_of(finding, point, table)
        if owner is None and point.place == DWELLING and visited:
            for found in by_dwelling.values():
                found.append(point)
        elif owner is None or not visited:
            common.append(point)
        elif owner in by_dwelling:
            by_dwelling[owner].append(point)
        else:
            unvisited += 1
    facts = {dossier.locator.name(row): row for row in vocabulary.rows_of(dossier.data, _ROLE)}
    return Sheet(
        tool=report.tool,
        residence=report.dossier,
        as_of=report.audit_date,
        control=report.control,
        notice=report.example_notice,
        parts=tuple(_by_place(common)),
        pages=tuple(
            Page(dwelling=number, facts=tuple(_facts(facts[number], table, vocabulary)), points=tuple(found))
            for number, found in by_dwelling.items()
        ),
        draw=draw,
        total=dwellings(dossier, vocabulary)[1],
        unvisited=unvisited,
    )


def points(report: Report) -> Iterator[tuple[Point, Finding]]:
    """Yield the points that wait for someone, each with its constat, in the order of the report."""
    for obligation in report.obligations:
        for finding in obligation.findings:
            if finding.verdict is Verdict.A_VERIFIER:
                yield _point(obligation, finding), finding


def _point(obligation: Obligation, finding: Finding) -> Point:
    key = finding.identifier.removeprefix(f"{finding.ruleset}/{finding.rule}/")
    element = None
    if finding.element is not None:
        key, _, element = key.rpartition("/")
    question = obligation.question or finding.message
    return Point(
        identifier=finding.identifier,
        rule=finding.rule,
        subject_key=key if finding.subject is not None else None,
        element_key=element,
        place=obligation.place,
        title=obligation.title,
        question=question,
        look_at=obligation.look_at,
        proof=finding.proof,
        subject=", ".join(part for part in (finding.subject, finding.element) if part) or None,
        said=finding.message if finding.message != question else None,
        answer=finding.response,
        text=obligation.text,
        rank=obligation.rank,
    )


def _by_place(found: Sequence[Point]) -> Iterator[tuple[str | None, tuple[Point, ...]]]:
    for place in (*PLACE_ORDER, None):
        here = tuple(
            one for one in found if one.place == place or (place is None and one.place not in PLACE_ORDER)
        )
        if here:
            yield place, here


def _table(vocabulary: Vocabulary) -> str:
    """Return the path of the table of dwellings."""
    return (vocabulary.role(_ROLE) or "").rpartition(".")[0]


def _dwelling_of(finding: Finding, point: Point, table: str) -> str | None:
    """Return the number of the dwelling that is the subject of a constat, if it is one."""
    prefix = f"{table}[{point.subject_key}]"
    if point.subject_key is not None and (finding.path or "").startswith(prefix):
        return point.subject_key
    return None


def _facts(row: dict[str, Any], table: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Write what the dossier says of a dwelling, field by field."""
    own = (vocabulary.role(_ROLE) or "").rpartition(".")[2]
    for key, value in row.items():
        path = f"{table}.{key}"
        if key == own or not vocabulary.known(path):
            continue
        name = vocabulary.field(path)
        if isinstance(value, bool):
            yield name.title, say.YES if value else say.NO
        elif isinstance(value, int | Decimal):
            yield name.title, format_quantity(value, name.unit)
        elif isinstance(value, str):
            yield name.title, name.words.get(value, value)
