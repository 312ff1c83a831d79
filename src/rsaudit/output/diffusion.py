"""The version of a report that may be communicated: no line on one dwelling or contract, no individual sum.

Done on the Report itself, before any format, so that no format can forget it. A rule on the rows of a table
keeps one finding per verdict (« 3 contrats sur 40 »); its counts and the summary are untouched.
"""

from __future__ import annotations

import re
from operator import is_
from typing import TYPE_CHECKING, TypeVar, cast

from msgspec import Struct, json
from msgspec.structs import astuple, replace

from rsaudit.messages import VERDICT_LABELS
from rsaudit.messages.engine import UNSEEN_KEY
from rsaudit.messages.formats import (
    COMMUNICABLE,
    COUNTS_VEILED,
    LEAST_COUNT,
    REFERENCE_HIDDEN,
    WITHHELD_ERROR,
    count_phrase,
    veiled_phrase,
    without_small_counts,
)
from rsaudit.messages.output import inert, is_inert
from rsaudit.model import Force
from rsaudit.output.view import GROUPED, key_of, shown, split_subject
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rsaudit.model import (
        Answer,
        Finding,
        InputError,
        Missing,
        Obligation,
        Position,
        RenderOptions,
        Report,
        Since,
        Summary,
    )

    Redact = Callable[[str], str]

_Drawn = TypeVar("_Drawn")
_KEY = pattern(r"\[([^\[\]]*)\]")
_YEAR = pattern(r"l[’']année (?:19|20)[0-9]{2}")
_TIME = pattern(r"(?:19|20)[0-9]{2}(?:-[0-9]{2}-[0-9]{2})?")


def prepared(report: Report, options: RenderOptions) -> Report:
    """Return the report that a format must draw: its communicable version when that is what is asked."""
    return communicable(report) if options.public else report


def printable(
    report: Report,
    options: RenderOptions,
    *,
    hidden: bool = False,
    drawn: Callable[[Obligation], bool] | None = None,
) -> Report:
    """Return the report that a format must draw, its texts made harmless to print.

    What `--depuis` hides is left out unless the format has a mark of its own for it (`hidden`). A format that draws few
    obligations says which (`drawn`): the others are left out, and their texts are not looked at.
    """
    if drawn is None:
        return as_written(harmless(report), options, hidden=hidden)
    told = as_written(report, options, hidden=hidden)
    return harmless(replace(told, obligations=tuple(filter(drawn, told.obligations))))


def as_written(report: Report, options: RenderOptions, *, hidden: bool = False) -> Report:
    """Return the report that a format must draw, its texts as they are: the format must see to them."""
    drawn = prepared(report, options)
    return drawn if hidden else shown(drawn)


def harmless(report: Report) -> Report:
    """Return the report with every text made harmless to print, once for all formats."""
    return cleaned(report)


def cleaned(value: _Drawn) -> _Drawn:
    """Return what is drawn, a structure or a list of them, with every text made harmless to print."""
    return cast("_Drawn", _walked(value) if isinstance(value, Struct) else _cleaned(value))


def _cleaned(value: object) -> object:
    """Clean a value of a report; what is already clean is returned as it is, not copied."""
    if type(value) is str:
        clean = inert(value)
        return value if clean == value else clean
    if isinstance(value, tuple):
        items = tuple([_cleaned(item) for item in value])
        return value if all(map(is_, items, value)) else items
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        cleaned = {key: _cleaned(item) for key, item in value.items()}
        return value if all(map(is_, cleaned.values(), value.values())) else cleaned
    return value if not isinstance(value, Struct) or _is_clean(value) else _walked(value)


def _walked(value: Struct) -> Struct:
    """Clean a structure field by field."""
    changed = {}
    for name in value.__struct_fields__:
        given = getattr(value, name)
        if (made := _cleaned(given)) is not given:
            changed[name] = made
    return replace(value, **changed) if changed else value


def _is_clean(value: Struct) -> bool:
    """Say whether no text of a structure, nor of what it holds, needs cleaning; in doubt it does.

    Written as JSON, it is one text to look into, where the control characters begin with a backslash. Nearly all
    structures are clean, and a long report holds a hundred thousand values, most of them those of its other constats:
    what the structures of a list hold is looked at once for all.
    """
    distinct: set[object] = set()
    others: list[object] = []
    for given in astuple(value):
        if not isinstance(given, tuple):
            others.append(given)
            continue
        for item in given:
            try:
                distinct.update(astuple(item) if isinstance(item, Struct) else (item,))
            except TypeError:  # it holds a mapping
                others.append(item)
    try:
        written = _WRITER.encode((tuple(distinct), others))
    except (TypeError, ValueError):  # half a surrogate pair, a key that is no text
        return False
    rest = written.translate(None, _ORDINARY)
    return b"\\" not in rest and is_inert(rest.decode())


_WRITER = json.Encoder(enc_hook=str)
#: The bytes that stand for themselves in JSON, and that no text need be cleaned of.
_ORDINARY = bytes(set(range(0x20, 0x7F)) - {ord("\\")})


def communicable(report: Report) -> Report:
    """Return the version of a report that may be communicated; doing it twice changes nothing more."""
    redact = _redactor(report)
    kept = [redact(notice) for notice in report.notices if notice != COMMUNICABLE]
    # What is only named would tell nothing that may be communicated: the counts hold it.
    rows = tuple(_communicable_row(replace(row, passes=()), redact) for row in report.obligations)
    veiled = [COUNTS_VEILED] if any(map(_counted_otherwise, report.obligations, rows)) else []
    return replace(
        report,
        summary=_summary_of(report, rows),
        options={**report.options, "diffusion": True},
        # The hash of a block that holds one amount would tell it to who tries them all.
        blocks=(),
        since=None if report.since is None else _since_without_rows(report.since, redact),
        errors=tuple(_without_value(error) for error in report.errors),
        notices=(COMMUNICABLE, *veiled, *(notice for notice in kept if not _has_figures(notice))),
        obligations=rows,
        pieces=tuple(replace(piece, title=None) for piece in report.pieces),
    )


def _counted_otherwise(before: Obligation, after: Obligation) -> bool:
    return before.counts != after.counts


def _summary_of(report: Report, rows: tuple[Obligation, ...]) -> Summary:
    """Count the findings again where a row hides how many there are, or the total would tell it."""
    findings = dict(report.summary.findings)
    for before, after in zip(report.obligations, rows, strict=True):
        for verdict in findings:
            findings[verdict] += after.counts.get(verdict, 0) - before.counts.get(verdict, 0)
    return replace(report.summary, findings=findings)


def _since_without_rows(since: Since, redact: Redact) -> Since:
    """Keep of the constats no longer made those that no row of a table is the subject of."""
    kept = [one for one in since.stale if one.subject is None or not _has_figures(one.subject)]
    return replace(since, stale=tuple(replace(one, subject=_maybe(one.subject, redact)) for one in kept))


def ranges_over_rows(row: Obligation) -> bool:
    """Say whether a rule is about rows of a table (contracts, dwellings…), not the residence or its years.

    In doubt it is: what a report communicates too little can be asked for, the contrary cannot be undone.
    """
    named = [one for one in row.findings if _names_a_row(one)]
    if not named:
        return False
    subjects = {one.subject for one in named}
    on_a_document = len(subjects) == 1 and not _has_figures(subjects.pop() or "")
    return not (on_a_document and all(one.path and "[" not in one.path for one in named))


def _names_a_row(finding: Finding) -> bool:
    """Say whether the subject may be a row: not the residence, a year or a day, rows never shown, a count."""
    key, path = key_of(finding), finding.path or ""
    if finding.subject is None or key == UNSEEN_KEY or _YEAR.fullmatch(finding.subject):
        return False
    if key == GROUPED:
        return (finding.observed, finding.measure, finding.computation, finding.path) != (None,) * 4
    return _TIME.fullmatch(key) is None or f"[{key}]" in path


def _has_figures(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _redactor(report: Report) -> Redact:
    """Make the function that hides, in any sentence, the reference of a row that some finding is about."""
    findings = [one for row in report.obligations for one in row.findings]
    names = {name for one in findings for name in _codes(one)}
    names |= {name for row in report.obligations if ranges_over_rows(row) for name in _subjects(row)}
    if not names:
        return str
    ordered = sorted(names, key=lambda name: (-len(name), name))
    named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)
    return lambda text: named.sub(REFERENCE_HIDDEN, text)


def _codes(finding: Finding) -> Iterable[str]:
    """Give the codes of rows to hide wherever they are: those that no ordinary word or number can be."""
    paths = [finding.path or "", *(gap.path for gap in finding.missing)]
    for key in (key for path in paths for key in _KEY.findall(path)):
        if len(key) > 2 and _has_figures(key) and any(character.isalpha() for character in key):
            yield key


def _subjects(row: Obligation) -> Iterable[str]:
    """Give the names of the rows that a rule is about, with and without their article."""
    for one in row.findings:
        if one.subject is not None and _names_a_row(one):
            yield one.subject
            noun, label = split_subject(one)
            if noun:
                yield f"{noun} {label}"


def _communicable_row(row: Obligation, redact: Redact) -> Obligation:
    if not ranges_over_rows(row):
        if row.force is Force.INFORMATION:
            redact = _veiling(redact)
        return replace(row, findings=tuple(_without_rows(one, redact) for one in row.findings))
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for one in row.findings:
        # Rows never shown, already a count, stay apart.
        key = (
            one.verdict,
            one.severity,
            one.element,
            one.not_yet_due,
            one.hidden,
            None if _names_a_row(one) else one.subject,
        )
        groups.setdefault(key, []).append(one)
    total = subject_total(row)
    nouns = {split_subject(one)[0] for one in row.findings if _names_a_row(one)}
    noun = nouns.pop() if len(nouns) == 1 else ""
    kept = [
        _grouped(row, ones, noun, total, redact) if _names_a_row(ones[0]) else _without_rows(ones[0], redact)
        for ones in groups.values()
    ]
    told = replace(row, findings=tuple(kept))
    counted = [len({one.subject for one in ones}) for ones in groups.values() if _names_a_row(ones[0])]
    few = row.force is Force.INFORMATION and min(counted, default=LEAST_COUNT) < LEAST_COUNT
    return _veiled(told, counted, noun or "sujet") if few else told


def _veiling(redact: Redact) -> Redact:
    return lambda text: without_small_counts(redact(text))


def _veiled(row: Obligation, counted: list[int], noun: str) -> Obligation:
    """Hide how many rows each finding of an information is about: one small count would follow from the others."""
    sizes = iter(counted)
    findings = tuple(
        _told_of(one, veiled_phrase(noun, few=next(sizes) < LEAST_COUNT)) if key_of(one) == GROUPED else one
        for one in row.findings
    )
    counts = {verdict: sum(one.verdict is verdict for one in findings) for verdict in row.counts}
    return replace(row, findings=findings, counts=counts)


def _told_of(finding: Finding, subject: str) -> Finding:
    said = f"{subject[:1].upper()}{subject[1:]}. {VERDICT_LABELS[finding.verdict]}."
    return replace(finding, subject=subject, message=said)


def subject_total(row: Obligation) -> int | None:
    """Count the subjects of a rule; unknown when not all is kept and a subject has several findings."""
    seen = len({one.subject for one in row.findings if key_of(one) != UNSEEN_KEY})
    left_out = sum(row.counts.values()) - len(row.findings)
    if left_out <= 0:
        return seen
    return None if any(one.element for one in row.findings) else seen + left_out


def _grouped(
    row: Obligation, findings: list[Finding], noun: str, total: int | None, redact: Redact
) -> Finding:
    """Melt the findings of one verdict into one that names nobody."""
    first = findings[0]
    number = len({one.subject for one in findings})
    subject = count_phrase(number, total, noun or "sujet")
    segments = [row.ruleset, row.rule, GROUPED, first.verdict.value]
    segments += [first.severity.value] if first.severity else []
    segments += ["a_venir"] if first.not_yet_due else []
    segments += ["masque"] if first.hidden else []
    segments += [first.element] if first.element else []
    reasons = {one.reason for one in findings}
    files = sorted({one.position.file for one in findings if one.position is not None})
    return replace(
        first,
        identifier="/".join(segments),
        subject=subject,
        message=f"{subject}. {VERDICT_LABELS[first.verdict]}.",
        observed=None,
        expected=None,
        measure=None,
        computation=None,
        reason=_without_figures(reasons.pop(), redact) if len(reasons) == 1 else None,
        reserve=" ".join(dict.fromkeys(one.reserve for one in findings if one.reserve)) or None,
        deadline=None,
        missing=_merged(gap for one in findings for gap in one.missing),
        position=replace(_bare(first.position), file=files[0]) if first.position and files else None,
        path=None,
        source=None,
        other_positions=(),
        derogation=None,
        response=None,
    )


def _without_figures(text: str | None, redact: Redact) -> str | None:
    """Keep a sentence common to several subjects only if it holds no figure, hence no amount and no date."""
    return None if text is None or _has_figures(text) else redact(text)


def _without_rows(finding: Finding, redact: Redact) -> Finding:
    """Take out of a finding on the residence what it says of one row of a table."""
    return replace(
        finding,
        message=redact(finding.message),
        observed=_maybe(finding.observed, redact),
        expected=_maybe(finding.expected, redact),
        computation=_maybe(finding.computation, redact),
        reason=_maybe(finding.reason, redact),
        missing=_merged(finding.missing),
        position=None if finding.position is None else _bare(finding.position, tables_only=True),
        path=None if finding.path is None else _KEY.sub("[]", finding.path),
        other_positions=tuple(dict.fromkeys(_bare(one, tables_only=True) for one in finding.other_positions)),
        derogation=_without_dwellings(finding.derogation, redact),
        response=_without_dwellings(finding.response, redact),
    )


def _without_dwellings(answer: Answer | None, redact: Redact) -> Answer | None:
    """Keep of an answer what it concludes and on how many dwellings, not what was seen in each."""
    if answer is None:
        return None
    return replace(answer, comment=_maybe(answer.comment, redact), observations=())


def _maybe(text: str | None, redact: Redact) -> str | None:
    return None if text is None else redact(text)


def _bare(position: Position, *, tables_only: bool = False) -> Position:
    """Keep the file of a position, and its line only where that is not the line of a table."""
    if tables_only and position.cell is None:
        return position
    return replace(position, line=None, column=None, cell=None)


def _merged(gaps: Iterable[Missing]) -> tuple[Missing, ...]:
    """Say each missing field once, whatever the rows that lack it."""
    merged: dict[tuple[str, str, str | None], Missing] = {}
    for gap in map(_without_row, gaps):
        merged.setdefault((gap.path, gap.title, gap.piece), gap)
    return tuple(merged.values())


def _without_row(gap: Missing) -> Missing:
    if "[" not in gap.path:
        return gap
    reason = None if gap.reason and _has_figures(gap.reason) else gap.reason
    return replace(gap, path=_KEY.sub("[]", gap.path), line=None, reason=reason, source=None)


def _without_value(error: InputError) -> InputError:
    """Keep of an error in the dossier its kind and its file: its message may quote what a row holds."""
    return replace(
        error, message=WITHHELD_ERROR, line=None, column=None, cell=None, found=None, expected=None
    )
