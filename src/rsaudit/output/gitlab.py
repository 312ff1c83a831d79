"""GitLab code quality: one entry per écart, remarque and undecided finding, recognisable from run to run."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from rsaudit.messages import NBSP
from rsaudit.messages.formats import with_reserve
from rsaudit.messages.output import follow_phrases, verdict_label
from rsaudit.model import Severity, Verdict, worst_key
from rsaudit.output.diffusion import printable
from rsaudit.output.locations import file_of, repository_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.model import Finding, Obligation, RenderOptions, Report

LEVELS: dict[Severity, str] = {
    Severity.MAJEUR: "blocker",
    Severity.SIGNIFICATIF: "major",
    Severity.MINEUR: "minor",
}
LISTED = (Verdict.ECART, Verdict.REMARQUE, Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER)
"""What a merge request must show: a change that leaves something undecided is not a clean one."""


def render(report: Report, options: RenderOptions) -> str:
    """Write the report as a GitLab code quality artifact."""
    report = printable(report, options, drawn=_is_listed)
    entries = list(_findings(report)) if report.valid else list(_errors(report))
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _is_listed(row: Obligation) -> bool:
    return any(one.verdict in LISTED for one in row.findings)


def _findings(report: Report) -> Iterator[dict[str, Any]]:
    findings = [one for row in report.obligations for one in row.findings if one.verdict in LISTED]
    for one in sorted(findings, key=lambda one: worst_key(one.verdict, one.severity)):
        label = verdict_label(one.verdict, one.severity)
        text = f"{label}{NBSP}: {with_reserve(one.message, one.reserve)}"
        line = one.position.line if one.position else None
        yield _entry(
            report,
            text=text,
            check=f"{one.ruleset}/{one.rule}",
            key=one.identifier,
            severity=_severity(one),
            path=file_of(report, one.position),
            line=line,
        )
    phrases = follow_phrases(report.since)
    if phrases:
        yield _entry(
            report,
            text=" ".join(phrases),
            check="rsaudit/depuis",
            key="depuis",
            severity="info",
            path=file_of(report, None),
            line=None,
        )


def _severity(one: Finding) -> str:
    return LEVELS[one.severity] if one.verdict is Verdict.ECART and one.severity else "info"


def _errors(report: Report) -> Iterator[dict[str, Any]]:
    for number, error in enumerate(report.errors):
        grave = error.severity == "erreur"
        yield _entry(
            report,
            text=f"{error.message} Attendu{NBSP}: {error.expected}." if error.expected else error.message,
            check=f"dossier/{error.code}",
            key=f"{error.code}\n{error.file}\n{error.line}\n{error.cell}\n{number}",
            severity="blocker" if grave else "info",
            path=repository_path(error.file),
            line=error.line,
        )


def _entry(
    report: Report, *, text: str, check: str, key: str, severity: str, path: str, line: int | None
) -> dict[str, Any]:
    """Make an entry; the fingerprint holds no line, so that a finding that moves is not a new one."""
    digest = hashlib.sha256(f"{report.path}\n{key}".encode()).hexdigest()
    return {
        "type": "issue",
        "engine_name": "rsaudit",
        "description": text,
        "check_name": check,
        "fingerprint": digest,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line or 1}},
    }
