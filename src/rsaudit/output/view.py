"""A report arranged for human readers: groups of subjects, rows, missing data, points of a visit."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.messages import (
    NBSP,
    SUPPORT_LABELS,
    count_noun,
    enumerate_french,
    format_date,
    format_number,
    typographic,
)
from rsaudit.messages.formats import plural_french
from rsaudit.messages.output import PLACE_ORDER, answer_sentence, cited, measure_phrase, place_in_file
from rsaudit.model import (
    UNRESERVED,
    VERDICT_ORDER,
    Chapter,
    Finding,
    Obligation,
    Position,
    Report,
    RulesetSummary,
    Severity,
    Verdict,
    worst_key,
)
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rsaudit.model import Passes

GROUPED = "*"
"""Stands for the subject in the identifier of a grouped finding; no code of a dossier is written so."""
_ARTICLE = pattern(r"(?:le |la |les |l[’'])", re.IGNORECASE)
_CODED = pattern(r"(.*[ ’'])(\S*\d\S*)")
_UNSETTLED = {Verdict.ECART, Verdict.REMARQUE, Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER}
_LINKS = frozenset({"de", "du", "des", "d’", "à", "au", "aux", "en", "n°", "pour", "par"})
_OF_ANOTHER = pattern(r" (?:du|des|de la|de l[’']) ?", re.IGNORECASE)
"""Before what a subject belongs to, which its own label names."""
_REASONS = 3
"""Reasons not to apply a rule that are all written; beyond, one stands for them."""
_RESERVED = 12
"""Subjects that a reserve names when it is not about all."""
_SENTENCE = pattern(r"(?<=[.!?]) (?=[A-ZÀ-Ý«])")
_INDEX = pattern(r"\[[^\[\]]*\]")
_NOUN, _LABEL = itemgetter(0), itemgetter(1)
"""The two parts of the name of a subject."""

_Conclusion: TypeAlias = "tuple[Verdict, Severity | None, bool, str | None]"
"""What the findings of a group have in common: verdict, gravity, whether it is due later, element."""


class Group(Struct, frozen=True, kw_only=True):
    """The findings of one rule that reach one conclusion on one element, said together."""

    verdict: Verdict
    severity: Severity | None
    not_yet_due: bool
    element: str | None
    findings: tuple[Finding, ...]
    """Those of its constats that are written one by one; the others are only named."""
    subjects: str
    """« 18 contrats sur 40 », « le contrat C-003 », or nothing for a rule on the whole residence."""
    labels: tuple[str, ...]
    """« C-001 », « C-003 »… when there are several subjects."""
    reasons: tuple[str, ...]
    """The different reasons why the rule does not apply, when it does not."""
    whole: bool
    """All the subjects of the rule are in it: to list them says no more than to count them."""


class Told(Struct, frozen=True, kw_only=True):
    """Findings told together: what they all say once, then what each says apart."""

    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    said: tuple[str, ...]
    """The sentences of their messages that all of them say."""
    facts: tuple[tuple[str, str], ...]
    """Label and text of what else all of them say."""
    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    """What each finding says under each heading; empty when nothing differs."""


class Said(Struct, frozen=True, kw_only=True):
    """A value printed once, with the subjects that have it when the others have another."""

    text: str
    labels: tuple[str, ...]


class Row(Struct, frozen=True, kw_only=True):
    """An obligation in a list: one conclusion of it, with what all its findings say."""

    obligation: Obligation
    groups: tuple[Group, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give the findings of all its groups."""
        return tuple(one for group in self.groups for one in group.findings)


class Gap(Struct, frozen=True, kw_only=True):
    """A field that would decide, once for all the subjects that lack it."""

    title: str
    path: str
    places: tuple[str, ...]
    reasons: tuple[str, ...]
    subjects: tuple[str, ...]
    """What each rule says of the subjects that lack it (« 3 contrats sur 40 : … »)."""
    rules: tuple[str, ...]
    """Titles of the rules it would decide."""


class PieceGaps(Struct, frozen=True, kw_only=True):
    """The fields to find in one piece."""

    piece: str | None
    gaps: tuple[Gap, ...]


class ChapterView(Struct, frozen=True, kw_only=True):
    """A chapter with its obligations."""

    ruleset: RulesetSummary
    chapter: Chapter
    obligations: tuple[Obligation, ...]


def opening_rulesets(report: Report) -> Sequence[RulesetSummary]:
    """Return the référentiels to name at the head of a report.

    One that does not apply is told there only to who asked for it by name, or when none applies.
    """
    applied = [one for one in report.rulesets if not one.out_of_scope]
    return applied if applied and not report.options.get("referentiels") else report.rulesets


def shortened(labels: Sequence[str], limit: int | None) -> str:
    """List labels, the first ones only beyond a limit."""
    if limit is None or len(labels) <= limit + 1:
        return ", ".join(labels)
    left = len(labels) - limit
    return f"{', '.join(labels[:limit])} et {format_number(left)}{NBSP}autres"


def statement(group: Group, limit: int | None = None) -> str:
    """Say which subjects a group is about, and on which element."""
    said = group.subjects
    if group.labels:
        said = typographic(f"{said} : {shortened(group.labels, limit)}")
    if group.element is None:
        return said
    return f"{group.element} ({said})" if group.labels else group.element


# ---- what an earlier report told ----


def shown(report: Report) -> Report:
    """Return the report without what `--depuis` hides; its summary and the counts of its rows still hold all."""
    if report.since is None or not report.since.masked:
        return report
    rows = tuple(row for row in map(shown_row, report.obligations) if row is not None)
    return replace(report, obligations=rows)


def shown_row(row: Obligation) -> Obligation | None:
    """Return an obligation without its hidden findings, its verdict that of what is left to settle.

    `None` when all of that is hidden: its passes alone would make it look conforme.
    """
    if not any(one.hidden for one in row.findings):
        return row
    kept = tuple(one for one in row.findings if not one.hidden)
    if not any(one.verdict in _UNSETTLED for one in kept):
        return None
    worst = min(kept, key=lambda one: worst_key(one.verdict, one.severity))
    return replace(row, findings=kept, verdict=worst.verdict, severity=worst.severity)


# ---- subjects ----


def split_subject(finding: Finding) -> tuple[str, str]:
    """Split the name of a subject into its noun and its own label (« contrat », « C-003 »)."""
    return _split(finding.subject or "", key_of(finding))


def key_of(finding: Finding) -> str:
    """Return the part of an identifier that stands for the subject."""
    parts = finding.identifier.split("/", 3)
    return parts[2] if len(parts) > 2 else ""


@lru_cache(maxsize=4096)
def _split(subject: str, key: str) -> tuple[str, str]:
    before, found, after = subject.rpartition(f" {key}") if key else ("", "", "")
    if found and not after[:1].isalnum():
        return _noun(before + " "), key  # « le logement 208 (T1) »
    coded = _CODED.fullmatch(subject)
    if coded and _ARTICLE.match(subject):
        return _noun(coded[1]), coded[2]
    return "", subject


def _noun(stem: str) -> str:
    """Keep the noun of « le contrat  », « la réunion du  », « le départ du contrat  » (not « rapport d’activité »)."""
    words = _ARTICLE.sub("", stem, count=1).split(" ")
    while words and (not words[-1] or words[-1].lower() in _LINKS):
        words.pop()
    return _OF_ANOTHER.split(" ".join(words), maxsplit=1)[0]


def _plural(noun: str) -> str:
    """Put « contrat », « compte de résultat » in the plural, up to the first preposition."""
    words = noun.split(" ")
    stop = next((index for index, word in enumerate(words) if word.lower() in _LINKS), len(words))
    return " ".join([plural_french(word) for word in words[:stop]] + words[stop:])


@lru_cache(maxsize=128)
def _split_all(subjects: tuple[str, ...], keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Split the names of subjects: those of one table are the subjects of many rules."""
    return tuple(map(_split, subjects, keys))


def _called(
    findings: Iterable[Finding], passes: Iterable[Passes] = ()
) -> tuple[list[str], list[tuple[str, str]]]:
    """List how the subjects of some findings, and those that are only named, are called; then split."""
    subjects: list[str] = []
    pairs: list[tuple[str, str]] = []
    for named in passes:
        subjects += named.subjects
        pairs += _split_all(named.subjects, named.keys)
    for one in findings:
        if one.subject:
            subjects.append(one.subject)
            pairs.append(split_subject(one))
    return subjects, pairs


def _subject_total(row: Obligation) -> int | None:
    """Count the subjects of a rule; unknown when nobody counted those left out and a subject has several findings."""
    subjects, pairs = _called(row.findings, row.passes)
    coded = set(compress(subjects, map(_NOUN, pairs)))
    seen = len(coded or set(subjects))
    left_out = sum(row.counts.values()) - len(row.findings) - sum(len(one.subjects) for one in row.passes)
    if left_out <= 0:
        return seen
    return row.subjects if any(one.element for one in row.findings) else seen + left_out


def groups_of(row: Obligation, wanted: Iterable[Verdict]) -> tuple[Group, ...]:
    """Gather the findings of some verdicts by gravity and element, worst first."""
    kept = set(wanted)
    if kept.isdisjoint(row.counts):
        return ()
    gathered: dict[_Conclusion, tuple[list[Passes], list[Finding]]] = {}
    for named in row.passes:
        if named.verdict in kept:
            gathered.setdefault((named.verdict, None, False, named.element), ([], []))[0].append(named)
    for one in row.findings:
        if one.verdict in kept:
            key = (one.verdict, one.severity, one.not_yet_due, one.element)
            gathered.setdefault(key, ([], []))[1].append(one)
    if not gathered:
        return ()
    total = _subject_total(row)
    ordered = sorted(gathered.items(), key=lambda item: worst_key(item[0][0], item[0][1]))
    return tuple(_group(key, passes, findings, total) for key, (passes, findings) in ordered)


def _group(key: _Conclusion, passes: list[Passes], findings: list[Finding], total: int | None) -> Group:
    subjects, labels = _subjects(findings, passes, total)
    verdict, severity, not_yet_due, element = key
    reasons = [reason for named in passes for reason in named.reasons]
    if verdict is Verdict.NON_CONCERNE:
        reasons += [one.reason or one.message for one in findings]
    return Group(
        verdict=verdict,
        severity=severity,
        not_yet_due=not_yet_due,
        element=element,
        findings=tuple(findings),
        subjects=subjects,
        labels=labels,
        reasons=tuple(dict.fromkeys(reasons)),
        whole=total is not None and len(labels) == total,
    )


def _subjects(
    findings: list[Finding], passes: list[Passes], total: int | None
) -> tuple[str, tuple[str, ...]]:
    subjects, split = _called(findings, passes)
    named = list(dict.fromkeys(subjects))
    if not named:
        return "", ()
    # The only one, or already grouped: « 3 contrats sur 40 », « moins de 5 contrats ».
    if len(named) == 1 and (total in (0, 1) or named[0][:1].isdigit() or _is_grouped(findings)):
        return named[0], ()
    pairs = list(dict.fromkeys(split))
    coded = [pair for pair in pairs if pair[0]] or pairs
    nouns = set(map(_NOUN, coded))
    noun = nouns.pop() if len(nouns) == 1 else ""
    counted = count_noun(len(coded), noun or "sujet", _plural(noun or "sujet"))
    if total is not None:
        counted = f"{counted} sur {format_number(total)}"
    return counted, tuple(map(_LABEL, pairs))


def _is_grouped(findings: Sequence[Finding]) -> bool:
    return bool(findings) and key_of(findings[0]) == GROUPED


def label_of(finding: Finding) -> str:
    """Give the short name of a subject."""
    return split_subject(finding)[1]


# ---- what a group says, once or apart ----


def told_together(found: Iterable[Group]) -> tuple[Told, ...]:
    """Gather groups of findings by conclusion, what they share said once."""
    gathered: dict[tuple[Verdict, Severity | None, bool], list[Group]] = {}
    for group in found:
        gathered.setdefault((group.verdict, group.severity, group.not_yet_due), []).append(group)
    return tuple(_told(tuple(groups)) for groups in gathered.values())


def _told(groups: tuple[Group, ...]) -> Told:
    findings = tuple(one for group in groups for one in group.findings)
    common, own = _split_messages([one.message for one in findings])
    facts, headings, columns = [], [], []
    if any(own):
        headings.append("Constat")
        columns.append(own)
    for label, text_of, apart in _FACTS:
        texts = [text_of(one) or "" for one in findings]
        if len(set(texts)) == 1:
            facts += [(label, texts[0])] if texts[0] else []
        elif apart:
            headings.append(label)
            columns.append(texts)
    return Told(
        groups=groups,
        findings=findings,
        said=(common,) if common else (),
        facts=tuple(facts),
        headings=tuple(headings),
        lines=tuple(zip(*columns, strict=True)) if columns else (),
    )


def _split_messages(messages: list[str]) -> tuple[str, list[str]]:
    """Take out the last sentences that all the messages share; a message that is only that has none left."""
    if len(messages) == 1:
        return messages[0], [""]
    sentences = [_SENTENCE.split(message) for message in messages]
    shortest = min(len(one) for one in sentences)
    kept = next(
        (at for at in range(shortest) if len({one[len(one) - 1 - at] for one in sentences}) > 1), shortest
    )
    common = " ".join(sentences[0][len(sentences[0]) - kept :])
    return common, [" ".join(one[: len(one) - kept]) for one in sentences]


def _where(finding: Finding) -> str | None:
    told = [place_in_file(finding.position)] if finding.position else []
    told += [cited(finding.source)] if finding.source else []
    return " ; ".join(filter(None, told)) or None


def _measured(finding: Finding, *, computed: bool) -> str | None:
    """Give the measure of a finding, according to whether its computation is told besides."""
    shown = finding.measure is not None and bool(finding.computation) is computed
    return measure_phrase(finding.measure) if shown and finding.measure else None


#: What is told of findings beside their message: label, text, and whether it has a column where it differs.
_FACTS: tuple[tuple[str, Callable[[Finding], str | None], bool], ...] = (
    ("Observé", lambda one: one.observed, True),
    ("Attendu", lambda one: one.expected, True),
    ("Mesure", lambda one: _measured(one, computed=True), False),
    ("Mesure", lambda one: _measured(one, computed=False), True),
    ("Calcul", lambda one: one.computation, True),
    ("Échéance", lambda one: format_date(one.deadline) if one.deadline else None, True),
    ("Raison", lambda one: one.reason, True),
    ("Réserve", lambda one: one.reserve, True),
    ("Dérogation", lambda one: answer_sentence(one.derogation) if one.derogation else None, True),
    ("Réponse", lambda one: answer_sentence(one.response) if one.response else None, True),
    ("Où", _where, True),
    ("Voir aussi", lambda one: " ; ".join(grouped_places(one.other_positions)), False),
    ("Appui", lambda one: SUPPORT_LABELS[one.support] if one.support else None, False),
)


# ---- rows ----


def ordered_obligations(report: Report) -> list[Obligation]:
    """Give the obligations in reading order: référentiel, chapter, then the order of the report."""
    return [row for view in chapters(report) for row in view.obligations]


def chapters(report: Report) -> list[ChapterView]:
    """Arrange the obligations by référentiel and chapter; a chapter left out of its list comes last."""
    views = []
    for ruleset in report.rulesets:
        rows: dict[str, list[Obligation]] = {chapter.id: [] for chapter in ruleset.chapters}
        for row in report.obligations:
            if row.ruleset == ruleset.id:
                rows.setdefault(row.chapter, []).append(row)
        titled = {chapter.id: chapter for chapter in ruleset.chapters}
        views += [
            ChapterView(
                ruleset=ruleset,
                chapter=titled.get(one) or Chapter(id=one, title=one),
                obligations=tuple(kept),
            )
            for one, kept in rows.items()
            if kept
        ]
    return views


def rows_of(report: Report, *verdicts: Verdict, binding: bool | None = None) -> list[Row]:
    """List the obligations that have findings of these verdicts, by gravity then in reading order."""
    allowed = {one.id for one in report.rulesets if binding is None or one.binding is binding}
    rows = []
    for obligation in ordered_obligations(report):
        groups = groups_of(obligation, verdicts) if obligation.ruleset in allowed else ()
        if groups:
            rows.append(Row(obligation=obligation, groups=groups))
    return sorted(rows, key=lambda row: worst_key(row.groups[0].verdict, row.groups[0].severity))


def said(findings: Sequence[Finding], field: str) -> tuple[Said, ...]:
    """List the different values of a printed field, each with its subjects unless all have the same."""
    values: dict[str, list[str]] = {}
    for one in findings:
        text = getattr(one, field)
        if text:
            values.setdefault(text, []).append(one.element or label_of(one))
    if len(values) == 1 and len(next(iter(values.values()))) == len(findings):
        return (Said(text=next(iter(values)), labels=()),)
    return tuple(
        Said(text=text, labels=tuple(who for who in dict.fromkeys(labels) if who))
        for text, labels in values.items()
    )


def places(findings: Iterable[Finding], limit: int = 12) -> tuple[str, ...]:
    """Say where in the files, the lines of one file together."""
    return grouped_places([one.position for one in findings if one.position is not None], limit)


def grouped_places(positions: Sequence[Position], limit: int = 12) -> tuple[str, ...]:
    """Write positions by file (« contrats.csv, lignes 2, 4 et 6 »)."""
    by_file: dict[str, list[Position]] = {}
    for position in dict.fromkeys(positions):
        by_file.setdefault(position.file, []).append(position)
    written: list[str] = []
    for file, ones in by_file.items():
        lines = sorted({one.line for one in ones if one.line is not None})
        if len(ones) > 1 and lines and all(one.line is not None for one in ones):
            numbers = [str(line) for line in lines]
            listed = shortened(numbers, limit) if len(numbers) > limit + 1 else enumerate_french(numbers)
            written.append(f"{file}, ligne{'s' if len(lines) > 1 else ''}{NBSP}{listed}")
        else:
            written.extend(place_in_file(one) for one in ones[:limit])
            if len(ones) > limit:
                written.append(f"et {format_number(len(ones) - limit)}{NBSP}autres")
    return tuple(written)


def sources(findings: Iterable[Finding], limit: int = 6) -> tuple[str, ...]:
    """Say which pieces are cited, each once."""
    named = [text for one in findings if one.source is not None and (text := cited(one.source))]
    distinct = tuple(dict.fromkeys(named))
    if len(distinct) <= limit + 1:
        return distinct
    return (*distinct[:limit], f"et {format_number(len(distinct) - limit)}{NBSP}autres")


def reserves(findings: Sequence[Finding]) -> tuple[str, ...]:
    """List the conflicting norms of some findings, each after the ones it is about unless it is about all."""
    open_to_it = [one for one in findings if one.verdict not in UNRESERVED]
    return tuple(
        typographic(f"{shortened(one.labels, _RESERVED)} : {one.text}") if one.labels else one.text
        for one in said(open_to_it, "reserve")
    )


# ---- what is missing, what to look at ----


def missing(report: Report) -> list[PieceGaps]:
    """List the fields that would decide what is not verifiable, by piece, each field once."""
    found: dict[tuple[str, str, str], list[tuple[Row, Finding, Position | None, str | None]]] = {}
    for row in rows_of(report, Verdict.NON_VERIFIABLE):
        for one in row.findings:
            for gap in one.missing:
                piece = gap.piece or ", ".join(row.obligation.piece)
                place = Position(file=gap.file, line=gap.line) if gap.file else None
                key = (piece, gap.title, _INDEX.sub("[]", gap.path))
                found.setdefault(key, []).append((row, one, place, gap.reason))
    by_piece: dict[str, list[Gap]] = {}
    for (piece, title, path), uses in found.items():
        by_piece.setdefault(piece, []).append(_gap(title, path, uses))
    return [
        PieceGaps(piece=piece or None, gaps=tuple(gaps))
        for piece, gaps in sorted(by_piece.items(), key=lambda item: (not item[0], item[0]))
    ]


def _gap(title: str, path: str, uses: list[tuple[Row, Finding, Position | None, str | None]]) -> Gap:
    by_rule: dict[str, tuple[Row, list[Finding]]] = {}
    for row, one, _, _ in uses:
        by_rule.setdefault(row.obligation.rule, (row, []))[1].append(one)
    subjects = []
    for row, findings in by_rule.values():
        elements = enumerate_french(list(dict.fromkeys(one.element for one in findings if one.element)))
        counted, labels = _subjects(findings, [], _subject_total(row.obligation))
        counted = f"{elements} ({counted})" if elements and counted else elements or counted
        subjects.append(typographic(f"{counted} : {shortened(labels, 12)}") if labels else counted)
    return Gap(
        title=title,
        path=path,
        places=grouped_places([place for _, _, place, _ in uses if place is not None]),
        reasons=tuple(dict.fromkeys(reason for *_, reason in uses if reason)),
        subjects=tuple(dict.fromkeys(text for text in subjects if text)),
        rules=tuple(dict.fromkeys(row.obligation.title for row, _ in by_rule.values())),
    )


def left_out(spared: Iterable[Row]) -> list[tuple[str, list[tuple[Obligation, Group]]]]:
    """List what does not apply by the reasons why, each reason once; what is only not due yet is told elsewhere."""
    found: dict[str, list[tuple[Obligation, Group]]] = {}
    for row in spared:
        for group in row.groups:
            if not group.not_yet_due:
                found.setdefault(reasons(group), []).append((row.obligation, group))
    return list(found.items())


def reasons(group: Group) -> str:
    """Say why a rule does not apply: each reason once, or the first when they differ too much."""
    told = group.reasons
    if len(told) > _REASONS:
        return f"par exemple, {told[0]}"
    return " ".join(told) if all(one.endswith(".") for one in told) else " ; ".join(told)


def undecided_without_field(report: Report) -> list[Row]:
    """List what is not verifiable for another reason than a field one could fill."""
    rows = []
    for row in rows_of(report, Verdict.NON_VERIFIABLE):
        kept = tuple(group for group in row.groups if not any(one.missing for one in group.findings))
        if kept:
            rows.append(Row(obligation=row.obligation, groups=kept))
    return rows


def to_look_at(report: Report) -> list[Row]:
    """List the points that only a look can settle, in the order of a visit."""
    rank = {place: index for index, place in enumerate(PLACE_ORDER)}
    rows = rows_of(report, Verdict.A_VERIFIER)
    return sorted(rows, key=lambda row: rank.get(row.obligation.place or "", len(rank)))


def not_yet_due(spared: Iterable[Row]) -> list[Row]:
    """List what is not due yet, by deadline, among what does not apply."""
    rows = []
    for row in spared:
        kept = tuple(group for group in row.groups if group.not_yet_due)
        if kept:
            rows.append(Row(obligation=row.obligation, groups=kept))
    return sorted(
        rows, key=lambda row: min((str(one.deadline) for one in row.findings if one.deadline), default="~")
    )


def counts(report: Report) -> list[tuple[Verdict, int, int]]:
    """Give, for each verdict, its number of obligations and of findings."""
    summary = report.summary
    return [(one, summary.obligations.get(one, 0), summary.findings.get(one, 0)) for one in VERDICT_ORDER]
