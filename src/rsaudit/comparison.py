"""Two reports of one residence: what is resolved, remains, is new or can no longer be compared, and why.

Everything is worked out from the two reports alone. A cause is told only when something the constat rests on
differs; when several differ, all are told as possible and none is chosen.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.model import Masked, Retired, Since, Stale, Verdict, worst_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rsaudit.model import Answer, Finding, Number, Obligation, Report

#: What a comparison follows; a derogation covers an écart, it does not lift it.
BREACHES = frozenset({Verdict.ECART, Verdict.REMARQUE})
FOLLOWED = BREACHES | {Verdict.DEROGATION}
UNDECIDED = frozenset({Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER})
#: What `--depuis` may hide: all that someone still has to settle.
UNSETTLED = UNDECIDED | BREACHES
_PASSED = frozenset({Verdict.CONFORME, Verdict.NON_CONCERNE, Verdict.SIGNALEMENT})
#: Sections that say what people answered, not what the residence is.
_ANSWERS = frozenset({"reponses", "derogations", "controle"})
_FACTS = frozenset({"dossier", "table", "commun"})
#: Files of a référentiel that change no verdict: the ground of its cases, the list of what it covers.
_SILENT_FILES = frozenset({"base.yaml", "exigences.yaml"})


class State(StrEnum):
    """Where a constat stands in the second report."""

    NEW = "nouveau"
    """An écart or a remarque that the first report did not show."""
    PERSISTENT = "persistant"
    RESOLVED = "resolu"
    """Decided otherwise: conforme, or not concerned."""
    LOST = "incomparable"
    """Decided before, and now undecided or gone: neither resolved nor remaining."""


class Direction(StrEnum):
    """How a persistent constat moved."""

    SAME = "meme"
    WORSE = "aggrave"
    BETTER = "attenue"
    OTHER = "modifie"
    """Told otherwise, without a measure that says in which direction."""


class CauseKind(StrEnum):
    """What may have changed a constat."""

    DOSSIER = "dossier"
    ANSWER = "reponse"
    RULESET = "referentiel"
    TOOL = "outil"
    TIME = "temps"
    OPTIONS = "options"


class Cause(Struct, frozen=True, kw_only=True):
    """One thing that differs between the two reports and on which a constat rests."""

    kind: CauseKind
    details: tuple[str, ...] = ()
    """Blocks of the dossier, files of the référentiel, versions."""
    expired: date | None = None
    """Last day of the answer or derogation that no longer counts."""


class Change(Struct, frozen=True, kw_only=True):
    """One constat followed; `before` or `after` is `None` when it is in one report only."""

    identifier: str
    state: State
    direction: Direction | None
    before: Finding | None
    after: Finding | None
    causes: tuple[Cause, ...]
    """One: it is the cause. Several: each is possible. None: nothing known explains the change."""

    @property
    def worse(self) -> bool:
        """Say whether it is new or graver than before."""
        return self.state is State.NEW or self.direction is Direction.WORSE


class Comparison(Struct, frozen=True, kw_only=True):
    """Two reports and every followed constat, each once, by identifier."""

    before: Report
    after: Report
    changes: tuple[Change, ...]

    @property
    def comparable(self) -> bool:
        """Say whether both dossiers were examined."""
        return self.before.valid and self.after.valid


class Comparisons(Struct, frozen=True, kw_only=True):
    """Two files of reports, one dossier or a portfolio, compared dossier by dossier."""

    tool: str
    compared: tuple[Comparison, ...]
    gone: tuple[Report, ...] = ()
    """Dossiers of the first file only."""
    added: tuple[Report, ...] = ()
    """Dossiers of the second file only."""

    @property
    def worse(self) -> bool:
        """Say whether something is new or graver than before."""
        return any(change.worse for one in self.compared for change in one.changes) or any(
            map(self.followed_in, self.added)
        )

    @staticmethod
    def followed_in(report: Report) -> int:
        """Count the écarts and remarques of a report."""
        return sum(one.verdict in BREACHES for one in by_identifier(report).values())


def compare_all(earlier: Sequence[Report], later: Sequence[Report], *, tool: str) -> Comparisons:
    """Compare two files of reports: dossiers are paired by path, else by a name that only one has.

    Two reports alone are always compared.
    """
    if len(earlier) == len(later) == 1:
        return Comparisons(tool=tool, compared=(compare(earlier[0], later[0]),))
    left = list(earlier)
    compared: list[Comparison] = []
    added: list[Report] = []
    for one in later:
        match = _match(one, left, later)
        if match is None:
            added.append(one)
        else:
            left.remove(match)
            compared.append(compare(match, one))
    return Comparisons(tool=tool, compared=tuple(compared), gone=tuple(left), added=tuple(added))


def _match(one: Report, left: Sequence[Report], later: Sequence[Report]) -> Report | None:
    by_path = [other for other in left if other.path == one.path]
    if by_path:
        return by_path[0]
    taken = {other.path for other in later}
    by_name = [other for other in left if other.dossier == one.dossier and other.path not in taken]
    alone = sum(other.dossier == one.dossier for other in later) == 1
    return by_name[0] if alone and len(by_name) == 1 else None


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports, constat by constat, by their stable identifiers."""
    if not (before.valid and after.valid):
        return Comparison(before=before, after=after, changes=())
    earlier, later = by_identifier(before), by_identifier(after)
    differences = _Differences(before, after)
    changes = []
    for identifier in sorted({*earlier, *later}):
        was, now = earlier.get(identifier), later.get(identifier)
        state = _state(identifier, was, now, after)
        if state is None:
            continue
        moved = direction(was, now) if state is State.PERSISTENT and was and now else None
        same = moved is Direction.SAME
        changes.append(
            Change(
                identifier=identifier,
                state=state,
                direction=moved,
                before=was,
                after=now,
                causes=() if same else differences.causes(was, now),
            )
        )
    return Comparison(before=before, after=after, changes=tuple(changes))


def by_identifier(report: Report) -> dict[str, Finding]:
    """Return the constats of a report by their identifier."""
    return {one.identifier: one for row in report.obligations for one in row.findings}


def _state(identifier: str, was: Finding | None, now: Finding | None, after: Report) -> State | None:
    followed = was is not None and was.verdict in FOLLOWED
    if now is not None and now.verdict in FOLLOWED:
        if followed:
            return State.PERSISTENT
        return State.NEW if now.verdict in BREACHES else None
    if now is not None and now.verdict in UNDECIDED:
        decided = followed or (was is not None and was.verdict is Verdict.CONFORME)
        return State.LOST if decided else None
    if not followed:
        return None
    if now is not None or _surely_passed(identifier, after):
        return State.RESOLVED
    return State.LOST


def _surely_passed(identifier: str, report: Report) -> bool:
    """Say whether a constat that is not listed is one of the passes its report counts and does not list.

    Only a rule with one constat on the residence itself tells it; of several subjects, the one may be gone.
    """
    ruleset, rule, subject, *element = identifier.split("/")
    for row in report.obligations:
        if (row.ruleset, row.rule) == (ruleset, rule) and subject == "residence" and not element:
            counted = {verdict for verdict, number in row.counts.items() if number}
            return not row.findings and sum(row.counts.values()) == 1 and counted <= _PASSED
    return False


# ---- graver or not ----


def direction(before: Finding, after: Finding) -> Direction:
    """Say how a constat moved between two reports that both make it."""
    was, now = worst_key(before.verdict, before.severity), worst_key(after.verdict, after.severity)
    if was != now:
        comparable = {before.verdict, after.verdict} <= FOLLOWED
        if not comparable:
            return Direction.OTHER
        return Direction.WORSE if now < was else Direction.BETTER
    if after.verdict is Verdict.NON_VERIFIABLE and (before.missing or after.missing):
        return _less_missing(before, after)
    margins = _margins(before, after)
    if margins is not None and margins[0] != margins[1]:
        return Direction.WORSE if margins[1] < margins[0] else Direction.BETTER
    return Direction.SAME if _told(before, margins) == _told(after, margins) else Direction.OTHER


def _less_missing(before: Finding, after: Finding) -> Direction:
    was, now = ({(gap.path, gap.reason) for gap in one.missing} for one in (before, after))
    if was == now:
        return Direction.SAME
    return Direction.BETTER if now < was else Direction.OTHER


def _margins(before: Finding, after: Finding) -> tuple[Number, Number] | None:
    was, now = before.measure, after.measure
    if was is None or now is None or (was.direction, was.unit) != (now.direction, now.unit):
        return None
    if was.direction == "egal" or was.margin is None or now.margin is None:
        return None
    return was.margin, now.margin


def _told(finding: Finding, margins: object) -> tuple[object, ...]:
    """Return what a constat says; with an equal margin, its values say all, else its sentence too."""
    values = (finding.observed, finding.expected)
    return values if margins is not None else (*values, finding.message)


# ---- why ----


class _Differences:
    """What differs between two reports, asked constat by constat."""

    def __init__(self, before: Report, after: Report) -> None:
        self.before = before
        self.after = after
        self.rows = [
            {(row.ruleset, row.rule): row for row in report.obligations} for report in (before, after)
        ]
        self.blocks = _changed(*({one.path: one.sha256 for one in r.blocks} for r in (before, after)))
        self.blocks_known = bool(before.blocks and after.blocks)
        self.facts_differ = _contents(before) != _contents(after)
        self.files = _changed(*(_ruleset_files(report) for report in (before, after)))

    def causes(self, was: Finding | None, now: Finding | None) -> tuple[Cause, ...]:
        """Return what may explain that a constat changed."""
        answer = _answer_cause(was, now, self.after)
        if answer is not None and _answer_suffices(was, now):
            return (answer,)
        shown = now or was
        assert shown is not None  # noqa: S101 - a change is in one report at least
        key = (shown.ruleset, shown.rule)
        found = (
            self._options(key),
            self._dossier(key),
            answer,
            self._ruleset(key),
            self._tool(),
            self._time(),
        )
        return tuple(cause for cause in found if cause is not None)

    def _pair(self, key: tuple[str, str]) -> tuple[Obligation | None, Obligation | None]:
        return self.rows[0].get(key), self.rows[1].get(key)

    def _options(self, key: tuple[str, str]) -> Cause | None:
        changed = _changed(self.before.options, self.after.options)
        if None in self._pair(key):
            ran = [key[0] in {one.id for one in report.rulesets} for report in (self.before, self.after)]
            relevant = changed & {"regles"} if all(ran) else {"referentiels"}
        else:
            relevant = changed & {"exiger_pieces", "diffusion"}
        return Cause(kind=CauseKind.OPTIONS, details=tuple(sorted(relevant))) if relevant else None

    def _dossier(self, key: tuple[str, str]) -> Cause | None:
        if not self.facts_differ:
            return None
        if not self.blocks_known:
            return Cause(kind=CauseKind.DOSSIER)
        was, now = self._pair(key)
        changed = {path for path in self.blocks if path.split(".", 1)[0] not in _ANSWERS}
        if was is not None and now is not None:
            # What a section says of its own source decides what its constats rest on.
            reads = {*was.reads, *now.reads}
            reads |= {f"{path.split('.', 1)[0]}.source" for path in reads}
            changed &= reads
        return Cause(kind=CauseKind.DOSSIER, details=tuple(sorted(changed))) if changed else None

    def _ruleset(self, key: tuple[str, str]) -> Cause | None:
        ruleset, rule = key
        lineage = _lineage(ruleset, self.before) | _lineage(ruleset, self.after)
        files = sorted(file for file in self.files if _bears_on(file, rule, lineage))
        if not files:
            return None
        versions = [
            next((one.version for one in report.rulesets if one.id == ruleset), None)
            for report in (self.before, self.after)
        ]
        moved = () if versions[0] == versions[1] or None in versions else (" → ".join(map(str, versions)),)
        return Cause(kind=CauseKind.RULESET, details=(*moved, *files))

    def _tool(self) -> Cause | None:
        if self.before.tool == self.after.tool:
            return None
        return Cause(kind=CauseKind.TOOL, details=(f"{self.before.tool} → {self.after.tool}",))

    def _time(self) -> Cause | None:
        return None if self.before.audit_date == self.after.audit_date else Cause(kind=CauseKind.TIME)


def _changed(before: object, after: object) -> set[str]:
    assert isinstance(before, dict)  # noqa: S101 - narrowed for the type checker
    assert isinstance(after, dict)  # noqa: S101 - the same
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def _contents(report: Report) -> set[str]:
    """Return the hashes of what describes the residence, whatever its files are called and where they are."""
    return {one.sha256 for one in report.fingerprints if one.role in _FACTS}


def _ruleset_files(report: Report) -> dict[str, str]:
    return {one.file: one.sha256 for one in report.fingerprints if one.role == "referentiel"}


def _lineage(ruleset: str, report: Report) -> set[str]:
    """Return a référentiel and those it may take from; one that only others extend is none of them."""
    parents = {one.id: one.parent for one in report.rulesets}
    lineage, current = {ruleset}, parents.get(ruleset)
    while current is not None and current not in lineage:
        lineage.add(current)
        if current not in parents:  # not run by itself: what it extends is not told
            folders = {file.split("/", 1)[0] for file in _ruleset_files(report) if "/" in file}
            lineage |= folders - set(parents)
        current = parents.get(current)
    return lineage


def _bears_on(file: str, rule: str, lineage: set[str]) -> bool:
    """Say whether a file of a référentiel may change what a rule concludes: a rule is a file of its own."""
    parts = file.split("/")
    if len(parts) == 1:
        return True  # the derived facts, common to all
    if parts[0] not in lineage:
        return False
    if len(parts) == 2:
        return parts[1] not in _SILENT_FILES
    return parts[-1].removesuffix(".yaml") == rule


def _answer_cause(was: Finding | None, now: Finding | None, after: Report) -> Cause | None:
    given = [_deciding(one) for one in (was, now)]
    if given[0] == given[1]:
        return None
    lapsed = [
        before.until
        for before, later in zip(*given, strict=True)
        if before is not None and later is None and _expired(before, after)
    ]
    return Cause(kind=CauseKind.ANSWER, expired=lapsed[0] if lapsed else None)


def _deciding(finding: Finding | None) -> tuple[Answer | None, Answer | None]:
    """Return the answer and the derogation that decide a constat; one only shown changes nothing."""
    if finding is None:
        return None, None
    response, derogation = finding.response, finding.derogation
    return (
        response if response is not None and response.decides else None,
        derogation if derogation is not None and derogation.decides else None,
    )


def _expired(answer: Answer, report: Report) -> bool:
    return answer.until is not None and answer.until < report.audit_date


def _answer_suffices(was: Finding | None, now: Finding | None) -> bool:
    """Say whether, without the answers, both reports say the same: a point to appreciate, or an écart."""
    bare = {_without_answer(one) for one in (was, now)}
    return len(bare) == 1 and None not in bare


def _without_answer(finding: Finding | None) -> Verdict | None:
    if finding is None:
        return None
    response, derogation = _deciding(finding)
    if response is not None:
        return Verdict.A_VERIFIER
    return Verdict.ECART if derogation is not None else finding.verdict


# ---- followed from an earlier report ----


def numbers(report: Report) -> dict[str, str]:
    """Return the number of each obligation (référentiel/rule → E-01), those retired before included."""
    retired = {one.rule: one.number for one in report.since.retired} if report.since else {}
    given = {f"{row.ruleset}/{row.rule}": row.number for row in report.obligations if row.number is not None}
    return {**retired, **given}


def follow(report: Report, earlier: Report | None) -> Report:
    """Return the report with what an earlier one already told marked as hidden; its counts are untouched.

    Hidden: what both leave to settle and is the same or less grave now. `earlier` is `None` when the file given
    holds no report of this dossier: nothing is hidden.
    """
    if earlier is None:
        return replace(report, since=Since(audit_date=None, tool=None))
    known = by_identifier(earlier)
    rows = tuple(_hidden_row(row, known) for row in report.obligations)
    carried = numbers(earlier)
    given = {f"{row.ruleset}/{row.rule}" for row in rows if row.number is not None}
    since = Since(
        audit_date=earlier.audit_date,
        tool=earlier.tool,
        masked=tuple(masked for row in rows if (masked := _masked(row)) is not None),
        stale=_stale(known, by_identifier(report)) if report.valid else (),
        retired=tuple(
            Retired(rule=rule, number=number) for rule, number in sorted(carried.items()) if rule not in given
        ),
    )
    return replace(report, obligations=rows, since=since)


def _hidden_row(row: Obligation, known: dict[str, Finding]) -> Obligation:
    findings = tuple(
        replace(one, hidden=True) if _no_worse(known.get(one.identifier), one) else one
        for one in row.findings
    )
    return replace(row, findings=findings)


def _no_worse(before: Finding | None, now: Finding) -> bool:
    if before is None or not {before.verdict, now.verdict} <= UNSETTLED:
        return False
    return direction(before, now) in {Direction.SAME, Direction.BETTER}


def _masked(row: Obligation) -> Masked | None:
    hidden = [one for one in row.findings if one.hidden]
    if not hidden:
        return None
    worst = min(hidden, key=lambda one: worst_key(one.verdict, one.severity))
    return Masked(
        ruleset=row.ruleset,
        rule=row.rule,
        number=row.number,
        title=row.title,
        verdict=worst.verdict,
        severity=worst.severity,
        count=len(hidden),
        whole=not any(one.verdict in UNSETTLED and not one.hidden for one in row.findings),
    )


def _stale(known: dict[str, Finding], present: dict[str, Finding]) -> tuple[Stale, ...]:
    found = []
    for identifier, before in sorted(known.items()):
        now = present.get(identifier)
        if before.verdict in UNSETTLED and (now is None or now.verdict not in UNSETTLED):
            found.append(
                Stale(
                    identifier=identifier,
                    number=before.number,
                    title=before.title,
                    subject=before.subject,
                    before=before.verdict,
                    now=now.verdict if now is not None else None,
                )
            )
    return tuple(found)


def earlier_of(path: str, reports: Sequence[Report], *, alone: bool) -> Report | None:
    """Return the earlier report of the dossier at a path: the one of that path, or the only one for the only dossier."""
    if alone and len(reports) == 1:
        return reports[0]
    return next((one for one in reports if one.path == path), None)
