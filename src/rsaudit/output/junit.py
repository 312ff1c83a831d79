"""JUnit XML: a suite per chapter, a case per obligation; no clock, no machine.

An écart fails. What nothing decides (missing datum, point of a visit), what a derogation covers and what does
not concern the residence is skipped, with its reason: never a pass. A dossier not judged gives errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rsaudit.messages import NBSP, RANK_LABELS, format_date
from rsaudit.messages.formats import NOTHING_JUDGED, already_told, error_place, ruleset_phrase
from rsaudit.messages.output import (
    LIMITS,
    answer_sentence,
    follow_phrases,
    frame_phrase,
    headline,
    legal,
    place_in_file,
    verdict_label,
)
from rsaudit.model import VERDICT_ORDER, Verdict
from rsaudit.output import view
from rsaudit.output.diffusion import printable
from rsaudit.output.locations import file_of, repository_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsaudit.model import Finding, Missing, Obligation, RenderOptions, Report
    from rsaudit.output.view import ChapterView, Group

SKIPPED = frozenset({Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER, Verdict.DEROGATION, Verdict.NON_CONCERNE})
"""Neither passed nor failed: nothing is concluded, or a derogation covers it."""
_SUBJECTS = 12


def render(report: Report, options: RenderOptions) -> str:
    """Write the report as JUnit XML."""
    report = printable(report, options, hidden=True)
    suites = list(_suites(report))
    totals = {
        name: str(sum(int(one.get(name, "0")) for one in suites)) for name in ("tests", "failures", "errors")
    }
    root = Element("testsuites", {"name": f"rsaudit {report.dossier}", **totals})
    root.extend(suites)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suites(report: Report) -> Iterator[Element]:
    if not report.valid:
        yield _invalid(report)
        return
    views = view.chapters(report)
    if not views:
        yield _nothing(report)
    for index, chapter in enumerate(views):
        yield _chapter(report, chapter, with_notices=index == 0)


def _suite(report: Report, name: str, cases: list[Element]) -> Element:
    """Make a suite: its counts, what the report is and is not, then its cases."""
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    suite = Element("testsuite", {"name": name, **{key: str(value) for key, value in counts.items()}})
    properties = SubElement(suite, "properties")
    for key, text in (
        ("dossier", report.dossier),
        ("date_audit", report.audit_date.isoformat()),
        ("cadre", frame_phrase(report.control)),
        ("limites", LIMITS),
    ):
        SubElement(properties, "property", {"name": key, "value": text})
    suite.extend(cases)
    return suite


# --- A dossier that was judged


def _chapter(report: Report, chapter: ChapterView, *, with_notices: bool) -> Element:
    rows = chapter.obligations
    name = f"{chapter.ruleset.title} – {chapter.chapter.title}"
    suite = _suite(report, name, [_case(report, row) for row in rows])
    properties = suite.find("properties")
    for verdict in VERDICT_ORDER:
        counts = {
            "obligations": sum(row.verdict is verdict for row in rows),
            "constats": sum(row.counts.get(verdict, 0) for row in rows),
        }
        for what, number in counts.items():
            if properties is not None:
                SubElement(properties, "property", {"name": f"{what}.{verdict}", "value": str(number)})
    if with_notices:
        SubElement(suite, "system-out").text = "\n".join(_introduction(report))
    return suite


def _case(report: Report, row: Obligation) -> Element:
    groups = view.groups_of(row, [row.verdict])
    position = groups[0].findings[0].position if groups else None
    case = Element(
        "testcase",
        {
            "classname": f"{row.ruleset}.{row.chapter}",
            "name": f"{row.rule} – {row.title}",
            "file": file_of(report, position),
        },
    )
    row_shown = view.shown_row(row)
    if row_shown is None:
        SubElement(
            case, "skipped", {"message": f"{verdict_label(row.verdict, row.severity)}{NBSP}: {_told(report)}"}
        )
        return case
    row = row_shown
    details = "\n".join(_details(row))
    label = verdict_label(row.verdict, row.severity)
    if row.verdict is Verdict.ECART:
        kind = row.severity.value if row.severity else row.verdict.value
        said = f"{label}{NBSP}: {_headline(row)}"
        SubElement(case, "failure", {"type": kind, "message": said}).text = details
        return case
    if row.verdict in SKIPPED:
        SubElement(case, "skipped", {"message": f"{label}{NBSP}: {_headline(row)}"})
    SubElement(case, "system-out").text = details if details.startswith(label) else f"{label}\n{details}"
    return case


def _told(report: Report) -> str:
    day = report.since.audit_date if report.since is not None else None
    return already_told(day) if day is not None else ""


def _headline(row: Obligation) -> str:
    """Say on one line whom the verdict is about, or its reason."""
    groups = view.groups_of(row, [row.verdict])
    findings = [one for group in groups for one in group.findings]
    reasons = list(dict.fromkeys(one.reason for one in findings if one.reason))
    if row.question and row.verdict is Verdict.A_VERIFIER:
        return row.question
    if len(findings) == 1:
        return findings[0].message
    said = " ; ".join(filter(None, (view.statement(group, _SUBJECTS) for group in groups)))
    return f"{said} ({reasons[0]})" if len(reasons) == 1 else said


def _details(row: Obligation) -> Iterator[str]:
    """Give every finding of a rule that is not a pass, then what the rule rests on and asks."""
    wanted = [verdict for verdict in VERDICT_ORDER if verdict is not Verdict.CONFORME]
    for group in view.groups_of(row, wanted):
        yield from _group(group, row.reserve)
    for group in view.groups_of(row, [Verdict.CONFORME]):
        yield f"{NBSP}: ".join(filter(None, (verdict_label(group.verdict), view.statement(group, _SUBJECTS))))
    for label, text in (
        ("Réserve", row.reserve),
        ("Texte", f"{legal(row.text)} ({RANK_LABELS[row.rank]})"),
        ("Exigences", ", ".join(row.requirements)),
        ("À regarder", row.look_at),
        ("À faire", row.remedy),
        ("Preuve attendue", row.proof),
    ):
        if text:
            yield f"{label}{NBSP}: {text}"


def _group(group: Group, reserve: str | None) -> Iterator[str]:
    label = verdict_label(group.verdict, group.severity, not_yet_due=group.not_yet_due)
    for one in group.findings:
        yield " – ".join(filter(None, (label, _place(one), one.message)))
        yield from (f"  {text}" for text in _finding(one, reserve))


def _place(one: Finding) -> str:
    return place_in_file(one.position) if one.position else ""


def _finding(one: Finding, reserve: str | None) -> Iterator[str]:
    granted = one.derogation or one.response
    for label, text in (
        ("Observé", one.observed),
        ("Attendu", one.expected),
        ("Calcul", one.computation),
        ("Raison", one.reason),
        ("Réserve", one.reserve if one.reserve != reserve else None),
        ("Échéance", format_date(one.deadline) if one.deadline else None),
        ("Dérogation ou réponse", answer_sentence(granted) if granted else None),
        ("Manque", " ; ".join(_gap(gap) for gap in one.missing)),
    ):
        if text:
            yield f"{label}{NBSP}: {text}"


def _gap(gap: Missing) -> str:
    return f"{gap.title} ({gap.path})" + (f", {gap.piece}" if gap.piece else "")


# --- A dossier that was not


def _invalid(report: Report) -> Element:
    cases = []
    for number, error in enumerate(report.errors, start=1):
        case = Element(
            "testcase",
            {
                "classname": "dossier",
                "name": f"{number:04d} {error.code} – {error_place(error)}",
                "file": repository_path(error.file),
            },
        )
        found = [f"Trouvé{NBSP}: {error.found}"] if error.found else []
        expected = [f"Attendu{NBSP}: {error.expected}"] if error.expected else []
        text = "\n".join([error_place(error), error.message, *found, *expected])
        if error.severity == "erreur":
            SubElement(case, "error", {"type": error.code, "message": error.message}).text = text
        else:
            SubElement(case, "system-out").text = text
        cases.append(case)
    return _suite(report, headline(report), cases)


def _nothing(report: Report) -> Element:
    """Say that no rule was run: a case skipped, since an empty report would look like a success."""
    case = Element(
        "testcase", {"classname": "dossier", "name": NOTHING_JUDGED, "file": file_of(report, None)}
    )
    SubElement(case, "skipped", {"message": headline(report)})
    SubElement(case, "system-out").text = "\n".join(_introduction(report))
    return _suite(report, NOTHING_JUDGED, [case])


def _introduction(report: Report) -> Iterable[str]:
    yield headline(report)
    if report.example_notice:
        yield report.example_notice
    yield from (ruleset_phrase(one) for one in report.rulesets)
    yield from (f"{error_place(error)}{NBSP}: {error.message}" for error in report.errors)
    yield from report.notices
    yield from follow_phrases(report.since)
