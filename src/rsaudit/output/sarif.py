"""SARIF 2.1.0: one result per finding, passes included, with the rules, their help, and stable fingerprints.

A dossier that cannot be judged has no result: its errors are notifications of a failed invocation.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rsaudit.messages import FORCE_LABELS, RANK_LABELS, enumerate_french, format_date
from rsaudit.messages.formats import RULESETS_FOLDER, already_told, with_reserve
from rsaudit.messages.output import (
    LIMITS,
    answer_sentence,
    follow_phrases,
    frame_phrase,
    legal,
    sample_phrase,
    verdict_label,
)
from rsaudit.model import Severity, Verdict
from rsaudit.output.diffusion import printable
from rsaudit.output.locations import file_of, repository_path
from rsaudit.output.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsaudit.model import (
        Finding,
        Fingerprint,
        InputError,
        Missing,
        Obligation,
        Position,
        RenderOptions,
        Report,
    )

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION = "2.1.0"
RULESETS = "REFERENTIELS"
"""Base of the artifacts that come with the program, not with the dossier."""

KINDS: dict[Verdict, str] = {
    Verdict.ECART: "fail",
    Verdict.REMARQUE: "fail",
    Verdict.DEROGATION: "fail",
    Verdict.NON_VERIFIABLE: "open",
    Verdict.A_VERIFIER: "review",
    Verdict.CONFORME: "pass",
    Verdict.NON_CONCERNE: "notApplicable",
    Verdict.SIGNALEMENT: "informational",
}
LEVELS: dict[Severity, str] = {
    Severity.MAJEUR: "error",
    Severity.SIGNIFICATIF: "warning",
    Severity.MINEUR: "note",
}
_ROLES: dict[str, str] = {
    "dossier": "analysisTarget",
    "table": "analysisTarget",
    "commun": "analysisTarget",
    "referentiel": "policy",
}


def render(report: Report, options: RenderOptions) -> str:
    """Write the report as a SARIF log of one run."""
    report = printable(report, options, hidden=True)
    log = {"$schema": SCHEMA, "version": VERSION, "runs": [_run(report)]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _run(report: Report) -> dict[str, Any]:
    rules = list(dict.fromkeys(_rule_id(row) for row in report.obligations)) if report.valid else []
    indexes = {rule: index for index, rule in enumerate(rules)}
    return {
        "tool": {"driver": _driver(report)},
        "automationDetails": {"id": f"rsaudit/{_uri(report.path)}/"},
        "language": "fr",
        "columnKind": "unicodeCodePoints",
        "defaultEncoding": "utf-8",
        "originalUriBaseIds": {RULESETS: {"description": _message(RULESETS_FOLDER)}},
        "invocations": [_invocation(report)],
        "artifacts": [_artifact(report, one) for one in report.fingerprints],
        "results": [
            _result(report, one, indexes[_rule_id(row)])
            for row in (report.obligations if report.valid else ())
            for one in row.findings
        ],
        "properties": _properties(report),
    }


def _message(text: str) -> dict[str, str]:
    """Wrap a text: its braces are not placeholders, and its brackets never make a link."""
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _uri(path: str) -> str:
    return quote(path, safe="/")


def _kept(items: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: SARIF has no null."""
    return {key: value for key, value in items.items() if value is not None and value not in ("", [], {})}


# --- The tool and its rules


def _driver(report: Report) -> dict[str, Any]:
    name, _, version = report.tool.partition(" ")
    seen: dict[str, dict[str, Any]] = {}
    for row in report.obligations if report.valid else ():
        seen.setdefault(_rule_id(row), _rule(row))
    return _kept({"name": name, "version": version, "language": "fr"}) | {"rules": list(seen.values())}


def _rule_id(row: Obligation) -> str:
    return f"{row.ruleset}/{row.rule}"


def _rule(row: Obligation) -> dict[str, Any]:
    lines = _help(row)
    text = "\n".join(f"{label}\u00a0: {value}" for label, value in lines)
    markdown = "\n".join(f"- **{escape(label)}**\u00a0: {escape(value)}" for label, value in lines)
    return {
        "id": _rule_id(row),
        "name": "".join(word.capitalize() for word in row.rule.split("-")),
        "shortDescription": _message(row.title),
        "fullDescription": _message(f"{row.title}. {legal(row.text)}."),
        "help": {**_message(text), "markdown": markdown},
        "defaultConfiguration": {"level": LEVELS[row.severity] if row.severity else "warning"},
        "properties": {
            "tags": [row.rank.value, row.force.value, row.chapter, *row.requirements],
            "referentiel": row.ruleset,
            "chapitre": row.chapter,
            "rang": row.rank.value,
            "force": row.force.value,
            "exigences": list(row.requirements),
        },
    }


def _help(row: Obligation) -> list[tuple[str, str]]:
    """Say of a rule what it rests on, what it asks and what would lift an écart."""
    lines = [
        ("Texte", legal(row.text)),
        ("Rang et force", f"{RANK_LABELS[row.rank]}, {FORCE_LABELS[row.force]}"),
        ("Exigences", enumerate_french(list(row.requirements))),
        ("Question", row.question or ""),
        ("À regarder", row.look_at or ""),
        ("À faire", row.remedy),
        ("Preuve attendue", row.proof),
        ("Réserve", row.reserve or ""),
        *(("Lecture", reading) for reading in row.readings),
    ]
    return [(label, value) for label, value in lines if value]


# --- Findings


def _result(report: Report, one: Finding, index: int) -> dict[str, Any]:
    failed = KINDS[one.verdict] == "fail"
    return _kept(
        {
            "ruleId": f"{one.ruleset}/{one.rule}",
            "ruleIndex": index,
            "kind": KINDS[one.verdict],
            "level": _level(one) if failed else "none",
            "message": _message(with_reserve(one.message, one.reserve)),
            "locations": [_location(report, one.position, one.path)],
            "relatedLocations": [
                {"id": number, **_location(report, position)}
                for number, position in enumerate(one.other_positions, start=1)
            ],
            "partialFingerprints": _fingerprints(report, one),
            "suppressions": _suppressions(report, one),
            "properties": _finding_properties(one),
        }
    )


def _level(one: Finding) -> str:
    if one.verdict is Verdict.REMARQUE:
        return "note"
    return LEVELS[one.severity] if one.severity else "warning"


def _fingerprints(report: Report, one: Finding) -> dict[str, str]:
    """Make a finding recognisable from run to run by what it is about, wherever its lines go."""
    digest = hashlib.sha256(f"{report.path}\n{one.identifier}".encode()).hexdigest()
    # The second name is the only one that code scanning compares; it would else hash the text of the line.
    return {"identifiant/v1": digest, "primaryLocationLineHash": f"{digest[:16]}:1"}


def _suppressions(report: Report, one: Finding) -> list[dict[str, str]]:
    if one.hidden and report.since is not None and report.since.audit_date is not None:
        told = already_told(report.since.audit_date)
        return [{"kind": "external", "status": "accepted", "justification": told}]
    if one.verdict is not Verdict.DEROGATION:
        return []
    reason = answer_sentence(one.derogation) if one.derogation else ""
    return [_kept({"kind": "external", "status": "accepted", "justification": reason})]


def _location(report: Report, position: Position | None, path: str | None = None) -> dict[str, Any]:
    region = _region(position.line, position.column, position.cell) if position else {}
    physical = {"artifactLocation": {"uri": _uri(file_of(report, position))}, "region": region}
    return _kept(
        {
            "physicalLocation": _kept(physical),
            "logicalLocations": [{"fullyQualifiedName": path}] if path else [],
            "message": _message(position.cell) if position and position.cell else None,
        }
    )


def _region(line: int | None, column: int | None, cell: str | None) -> dict[str, int]:
    """Point at a line, and at a column where that is one of the text, not one of a table."""
    if line is None:
        return {}
    return {"startLine": line} if column is None or cell else {"startLine": line, "startColumn": column}


def _finding_properties(one: Finding) -> dict[str, Any]:
    return _kept(
        {
            "identifiant": one.identifier,
            "numero": one.number,
            "verdict": one.verdict.value,
            "libelle": verdict_label(one.verdict, one.severity, not_yet_due=one.not_yet_due),
            "gravite": one.severity.value if one.severity else None,
            "objet": one.subject,
            "element": one.element,
            "observe": one.observed,
            "attendu": one.expected,
            "calcul": one.computation,
            "raison": one.reason,
            "reserve": one.reserve,
            "echeance": one.deadline.isoformat() if one.deadline else None,
            "appui": one.support.value if one.support else None,
            "manque": [_gap(gap) for gap in one.missing],
            "derogation": answer_sentence(one.derogation) if one.derogation else None,
            "reponse": answer_sentence(one.response) if one.response else None,
        }
    )


def _gap(gap: Missing) -> dict[str, Any]:
    return _kept(
        {
            "chemin": gap.path,
            "titre": gap.title,
            "fichier": gap.file,
            "ligne": gap.line,
            "piece": gap.piece,
            "raison": gap.reason,
        }
    )


# --- Inputs and what was said of them


def _artifact(report: Report, one: Fingerprint) -> dict[str, Any]:
    location = {"uri": _uri(repository_path(one.file))}
    if one.role == "referentiel":
        location["uriBaseId"] = RULESETS
    return {
        "location": location,
        "roles": [_ROLES.get(one.role, "userSpecifiedConfiguration")],
        "hashes": {"sha-256": one.sha256},
        "encoding": "utf-8",
    }


def _invocation(report: Report) -> dict[str, Any]:
    notifications = [_notification(report, error) for error in report.errors]
    notifications += [{"level": "note", "message": _message(notice)} for notice in _notices(report)]
    return {"executionSuccessful": report.valid, "toolExecutionNotifications": notifications}


def _notices(report: Report) -> Iterable[str]:
    yield from report.notices
    yield from follow_phrases(report.since)
    yield from (one.out_of_scope for one in report.rulesets if one.out_of_scope)


def _notification(report: Report, error: InputError) -> dict[str, Any]:
    region = _region(error.line, error.column, error.cell)
    physical = {"artifactLocation": {"uri": _uri(repository_path(error.file))}, "region": region}
    words = [error.message, f"Attendu\u00a0: {error.expected}." if error.expected else ""]
    return {
        "descriptor": {"id": error.code},
        "level": "error" if error.severity == "erreur" else "warning",
        "message": _message(" ".join(word for word in words if word)),
        "locations": [
            _kept(
                {
                    "physicalLocation": _kept(physical),
                    "message": _message(error.cell) if error.cell else None,
                }
            )
        ],
    }


def _properties(report: Report) -> dict[str, Any]:
    summary = report.summary
    return {
        "dossier": report.dossier,
        "date_audit": report.audit_date.isoformat(),
        "date_etat": report.state_date.isoformat() if report.state_date else "",
        "cadre": frame_phrase(report.control),
        "limites": LIMITS,
        "avertissement": report.example_notice or "",
        "echantillons": [sample_phrase(one) for one in report.samples],
        "referentiels": [f"{one.id} {one.version} ({format_date(one.date)})" for one in report.rulesets],
        "synthese": {
            "obligations": {verdict.value: summary.obligations.get(verdict, 0) for verdict in Verdict},
            "constats": {verdict.value: summary.findings.get(verdict, 0) for verdict in Verdict},
            "gravites": {severity.value: summary.breaches.get(severity, 0) for severity in Severity},
        },
    }
