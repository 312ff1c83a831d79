"""Several dossiers together: one line each, which rule fails where, what they share, what comes due.

Of each dossier the page keeps an `Entry`: its counts and a few lines, never its report. A terminal has told it once its
line is written: its `Totals` keep counts, the nearest deadlines, and who takes the breaches of common blocks.
"""

from __future__ import annotations

import sys
from datetime import date  # noqa: TC003 - a field of the entries, which another process rebuilds
from typing import TYPE_CHECKING, TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from rsaudit.messages import portfolio as words
from rsaudit.messages.output import headline, inert
from rsaudit.model import SEVERITY_ORDER, Severity, Verdict, awaited, worst_key
from rsaudit.output.diffusion import cleaned, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rsaudit.model import Finding, Obligation, RenderOptions, Report

_Kept = TypeVar("_Kept")
_BREACHES = (Verdict.ECART, Verdict.REMARQUE)
_DEADLINES = 8
"""Deadlines kept of each dossier."""
_LISTED_DEADLINES = 60
"""Deadlines of the page; beyond, how many there are is said."""
_TOLD_DEADLINES = 10
"""Deadlines told on a terminal."""


class Failure(Struct, frozen=True, kw_only=True):
    """An obligation in écart, or a recommendation not followed, in one dossier."""

    rule: str
    """référentiel/rule."""
    title: str
    number: str | None
    verdict: Verdict
    severity: Severity | None
    hidden: bool
    """All of it was told by the report given with `--depuis`."""


class Shared(Struct, frozen=True, kw_only=True):
    """A breach written in a block common to several dossiers."""

    rule: str
    title: str
    element: str | None
    place: str
    verdict: Verdict
    severity: Severity | None
    message: str


class Deadline(Struct, frozen=True, kw_only=True):
    """A day by which something is due."""

    day: date
    title: str


class Entry(Struct, frozen=True, kw_only=True):
    """What a portfolio shows of one dossier."""

    path: str
    name: str
    valid: bool
    judged: bool
    audit_date: date
    tool: str
    headline: str
    obligations: dict[Verdict, int]
    breaches: dict[Severity, int]
    failures: tuple[Failure, ...]
    shared: tuple[Shared, ...]
    deadlines: tuple[Deadline, ...]
    masked: int
    """Obligations that `--depuis` leaves out whole."""
    followed: bool
    """An earlier report was given for this dossier."""
    file: str | None = None
    """The report of the dossier, beside the page."""


def summarise(report: Report, options: RenderOptions) -> Entry:
    """Keep of a report what a portfolio shows of it, its texts made harmless to print."""
    # What is kept is cleaned, not the report: it is a hundredth of it.
    drawn = printable(report, options, hidden=True) if options.public else report
    rows = [row for row in drawn.obligations if row.verdict in _BREACHES]
    return cleaned(
        Entry(
            path=drawn.path,
            name=drawn.dossier,
            valid=drawn.valid,
            judged=bool(report.obligations),
            audit_date=drawn.audit_date,
            tool=sys.intern(drawn.tool),
            headline=headline(drawn),
            obligations=dict(drawn.summary.obligations),
            breaches=dict(drawn.summary.breaches),
            failures=tuple(map(_failure, rows)),
            shared=tuple(_shared(drawn, rows)),
            deadlines=tuple(_deadlines(drawn)),
            masked=sum(one.whole for one in drawn.since.masked) if drawn.since is not None else 0,
            followed=drawn.since is not None and drawn.since.audit_date is not None,
        )
    )


def _failure(row: Obligation) -> Failure:
    told = [one for one in row.findings if one.verdict in _BREACHES]
    return Failure(
        rule=sys.intern(f"{row.ruleset}/{row.rule}"),
        title=sys.intern(row.title),
        number=row.number,
        verdict=row.verdict,
        severity=row.severity,
        hidden=bool(told) and all(one.hidden for one in told),
    )


def _shared(report: Report, rows: Iterable[Obligation]) -> Iterator[Shared]:
    common = {one.file for one in report.fingerprints if one.role == "commun"}
    found: dict[Shared, None] = {}
    for row in rows if common else ():
        for one in row.findings:
            if one.verdict in _BREACHES and one.position is not None and one.position.file in common:
                found[cleaned(_one_shared(one))] = None
    yield from found


def _one_shared(one: Finding) -> Shared:
    assert one.position is not None  # noqa: S101 - it is in a common file
    place = one.position.file if one.position.line is None else f"{one.position.file}:{one.position.line}"
    return Shared(
        rule=f"{one.ruleset}/{one.rule}",
        title=one.title,
        element=one.element,
        place=place,
        verdict=one.verdict,
        severity=one.severity,
        message=one.message,
    )


def _deadlines(report: Report) -> list[Deadline]:
    """Return the next deadlines, each rule and day once."""
    coming = {
        (one.deadline, inert(row.title))
        for row in report.obligations
        for one in row.findings
        if one.deadline is not None and one.deadline >= report.audit_date and awaited(one)
    }
    return [Deadline(day=day, title=sys.intern(title)) for day, title in sorted(coming)[:_DEADLINES]]


# ---- across the dossiers ----


class RuleRow(Struct, frozen=True, kw_only=True):
    """One rule in écart, and the dossiers where it is."""

    title: str
    rule: str
    verdict: Verdict
    severity: Severity | None
    """The gravest of all the dossiers."""
    where: tuple[tuple[Entry, Failure], ...]


class SharedRow(Struct, frozen=True, kw_only=True):
    """One breach of a common block, and the dossiers that take it."""

    breach: Shared
    where: tuple[Entry, ...]


def rules_in_breach(entries: Sequence[Entry]) -> list[RuleRow]:
    """List the rules that fail somewhere: the gravest first, then those of most dossiers."""
    found: dict[str, list[tuple[Entry, Failure]]] = {}
    for entry in entries:
        for failure in entry.failures:
            found.setdefault(failure.rule, []).append((entry, failure))
    rows = []
    for rule, where in found.items():
        worst = min((one for _, one in where), key=lambda one: worst_key(one.verdict, one.severity))
        rows.append(
            RuleRow(
                title=worst.title,
                rule=rule,
                verdict=worst.verdict,
                severity=worst.severity,
                where=tuple(where),
            )
        )
    return sorted(rows, key=lambda row: (worst_key(row.verdict, row.severity), -len(row.where), row.rule))


def shared_breaches(entries: Sequence[Entry]) -> list[SharedRow]:
    """List the breaches written in common blocks, each once with the dossiers that take it."""
    found: dict[Shared, list[Entry]] = {}
    for entry in entries:
        for one in entry.shared:
            found.setdefault(one, []).append(entry)
    rows = [SharedRow(breach=one, where=tuple(where)) for one, where in found.items()]
    return sorted(rows, key=lambda row: _gravest_shared_first(row.breach, len(row.where)))


def _gravest_shared_first(breach: Shared, dossiers: int) -> tuple[object, ...]:
    return worst_key(breach.verdict, breach.severity), -dossiers, breach.rule, breach.place


def next_deadlines(entries: Sequence[Entry]) -> list[tuple[Deadline, Entry]]:
    """List the next deadlines of all the dossiers, the nearest first."""
    found = [(one, entry) for entry in entries for one in entry.deadlines]
    return sorted(found, key=lambda pair: _nearest_first(pair[0], pair[1].path))


def _nearest_first(deadline: Deadline, path: str) -> tuple[date, str, str]:
    return deadline.day, path, deadline.title


def gravest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Order the dossiers: not examined, then by écarts majeurs, significatifs, mineurs; by path when equal."""
    return sorted(
        entries,
        key=lambda one: (
            one.valid,
            *(-one.breaches.get(severity, 0) for severity in SEVERITY_ORDER),
            -one.obligations.get(Verdict.REMARQUE, 0),
            one.path,
        ),
    )


def state_of(entry: Entry) -> str:
    """Return the word by which a dossier is filtered: the gravest it shows."""
    if not entry.valid:
        return "invalide"
    if not entry.judged:
        return "hors-champ"
    worst = next((one for one in SEVERITY_ORDER if entry.breaches.get(one, 0)), None)
    return worst.value if worst is not None else "sans-ecart"


# ---- folded as they pass ----


class Tally(Struct, kw_only=True):
    """How many dossiers there are, and how many obligations of each kind in all of them."""

    dossiers: int = 0
    invalid: int = 0
    outside: int = 0
    """Dossiers that no référentiel is about."""
    breaches: dict[Severity, int] = field(default_factory=dict)
    obligations: dict[Verdict, int] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Count one more dossier."""
        self.dossiers += 1
        self.invalid += not entry.valid
        self.outside += entry.valid and not entry.judged
        for severity, number in entry.breaches.items():
            self.breaches[severity] = self.breaches.get(severity, 0) + number
        for verdict, number in entry.obligations.items():
            self.obligations[verdict] = self.obligations.get(verdict, 0) + number


class Totals:
    """What a terminal tells below the lines of the dossiers; of each, only what is printed there is kept."""

    def __init__(self) -> None:
        """Begin with no dossier."""
        self._tally = Tally()
        self._shared: dict[Shared, list[str]] = {}
        self._deadlines: list[tuple[Deadline, str]] = []

    def add(self, entry: Entry) -> None:
        """Take what one more dossier adds."""
        self._tally.add(entry)
        for breach in entry.shared:
            self._shared.setdefault(breach, []).append(entry.path)
        known = [*self._deadlines, *((one, entry.path) for one in entry.deadlines)]
        self._deadlines = sorted(known, key=lambda pair: _nearest_first(*pair))[:_TOLD_DEADLINES]

    def render(self) -> str:
        """Write the totals, what common blocks share, then the next deadlines."""
        shared = sorted(self._shared.items(), key=lambda pair: _gravest_shared_first(pair[0], len(pair[1])))
        return words.totals(self._tally, shared, self._deadlines)


# ---- written ----


def render_line(entry: Entry) -> str:
    """Write one dossier on one line."""
    return words.line(entry)


class Index:
    """The page of a portfolio, told of its dossiers as they pass: what several have alike is kept once."""

    def __init__(self) -> None:
        """Begin with no dossier."""
        self._entries: list[Entry] = []
        self._known: dict[object, object] = {}

    def add(self, entry: Entry, file: str) -> None:
        """Take one more dossier, whose report is in a file beside the page; a name not fit to print is no link."""
        self._entries.append(
            replace(
                entry,
                file=file if inert(file) == file else None,
                failures=self._once(entry.failures),
                shared=self._once(entry.shared),
                deadlines=self._once(entry.deadlines),
            )
        )

    def _once(self, items: tuple[_Kept, ...]) -> tuple[_Kept, ...]:
        """Return the items, each the first that was met of those equal to it."""
        return tuple([cast("_Kept", self._known.setdefault(item, item)) for item in items])

    def render(self, *, public: bool) -> str:
        """Write the page."""
        return render_index(self._entries, public=public)


def render_index(entries: Sequence[Entry], *, public: bool) -> str:
    """Write the page of a portfolio."""
    from rsaudit.output.html import interactive_page

    ordered = gravest_first(entries)
    deadlines = next_deadlines(entries)
    tally = Tally()
    for entry in entries:
        tally.add(entry)
    day = entries[0].audit_date.strftime("%d/%m/%Y")
    return interactive_page(
        "parc.html",
        (words.TITLE, f"Audit du {day}", "Examen sur pièces"),
        script="parc.js",
        title=words.title(len(entries)),
        day=day,
        entries=ordered,
        public=public,
        summary=words.summary(tally),
        rules=rules_in_breach(entries),
        shared=shared_breaches(entries),
        deadlines=deadlines[:_LISTED_DEADLINES],
        deadlines_left=len(deadlines) - _LISTED_DEADLINES,
        followed=any(one.followed for one in entries),
        state_of=state_of,
        tool=entries[0].tool,
    )
