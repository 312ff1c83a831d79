"""The report as one HTML file: no script, no external resource, every text escaped, its own policy."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from rsaudit import messages
from rsaudit.messages import formats, output, typographic
from rsaudit.model import SEVERITY_ORDER, Severity, Verdict
from rsaudit.output import view
from rsaudit.output.diffusion import printable
from rsaudit.output.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.model import Finding, Obligation, RenderOptions, Report
    from rsaudit.output.view import Group

_TEMPLATES = Path(__file__).parent / "templates"
_LABELS = 40
"""Subjects listed in a cell of the table of écarts; the detail has them all."""
_REASONS = 3
"""Reasons not to apply a rule that are all written; beyond, one stands for them."""
#: Findings that a table tells one by one; the others are said on one line for each rule.
_TOLD = (
    Verdict.ECART,
    Verdict.REMARQUE,
    Verdict.NON_VERIFIABLE,
    Verdict.A_VERIFIER,
    Verdict.DEROGATION,
    Verdict.SIGNALEMENT,
)
_LISTED = (Verdict.CONFORME, Verdict.NON_CONCERNE)


class FrenchTypography(Extension):
    """Gives the fixed French text of the templates its no-break spaces, and touches no other."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Set the text between the tags of a template."""
        for token in stream:
            yield Token(token.lineno, "data", typographic(token.value)) if token.type == "data" else token


def render(report: Report, options: RenderOptions) -> str:
    """Write the report as one HTML page."""
    whole = printable(report, options, hidden=True)
    drawn = view.shown(whole)
    style = _style(drawn)
    context = {
        "report": drawn,
        "public": options.public,
        "style": Markup(style),  # noqa: S704 - our own sheet, where the texts of the report are CSS escapes
        "policy": policy(style),
        **_arranged(drawn),
        **_counted(whole),
    }
    return environment().get_template("rapport.html").render(context)


def page(template: str, header: tuple[str, str, str], **context: object) -> str:
    """Write another page of ours than the report: its style, its policy, three texts in its running header."""
    style = style_sheet(*header)
    return (
        environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - our own sheet, where the texts are CSS escapes
            policy=policy(style),
            **context,
        )
    )


def environment() -> Environment:
    """Give the environment of the templates: all escaped, nothing undefined, French typography."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[FrenchTypography],
        finalize=_present,
    )
    made.globals.update(
        Verdict=Verdict,
        SEVERITIES=SEVERITY_ORDER,
        RANKS=messages.RANK_LABELS,
        FORCES=messages.FORCE_LABELS,
        SUPPORTS=messages.SUPPORT_LABELS,
        SIGNS=output.VERDICT_SIGNS,
        PLACES=output.PLACE_LABELS,
        ROLES=output.ROLE_LABELS,
        NOT_YET_DUE=output.NOT_YET_DUE,
        GLOSSARY=output.GLOSSARY,
        LIMITS=output.LIMITS,
        NOTHING_NEW=output.NOTHING_NEW,
        FOLLOW_UP=output.FOLLOW_UP,
        COMMUNICABLE=formats.COMMUNICABLE,
        LABELS=_LABELS,
        statement=view.statement,
        said=view.said,
        places=view.places,
        grouped_places=view.grouped_places,
        sources=view.sources,
        reserves=view.reserves,
        label_of=view.label_of,
        legal=output.legal,
        cited=output.cited,
        place_in_file=output.place_in_file,
        measure_phrase=output.measure_phrase,
        verdict_label=output.verdict_label,
        answer_sentence=output.answer_sentence,
        error_place=formats.error_place,
        date=messages.format_date,
        number=messages.format_number,
        count_noun=messages.count_noun,
        messages_of=_messages_of,
        gravities=_gravities,
        reasons=_reasons,
        told=_told,
        listed=_listed,
    )
    return made


def _present(value: object) -> object:
    """Refuse to print an absent value: a template says what stands for it."""
    if value is None:
        raise ValueError(value)
    return value


def _arranged(report: Report) -> dict[str, Any]:
    """Give the lists of each part of the page."""
    breaches = (Verdict.ECART, Verdict.REMARQUE)
    return {
        "headline": output.headline(report),
        "frame": output.frame_phrase(report.control),
        "samples": [output.sample_phrase(one) for one in report.samples],
        "counts": view.counts(report),
        "binding": view.rows_of(report, *breaches, binding=True),
        "practice": view.rows_of(report, *breaches, binding=False),
        "pieces": view.missing(report),
        "loose": view.undecided_without_field(report),
        "visit": view.to_look_at(report),
        "derogations": view.rows_of(report, Verdict.DEROGATION),
        "not_due": view.not_yet_due(report),
        "told_only": view.rows_of(report, Verdict.SIGNALEMENT),
        "chapters": view.chapters(report),
        "anchors": {
            (row.ruleset, row.rule): f"regle-{rank}" for rank, row in enumerate(report.obligations, 1)
        },
        "left_out": view.rows_of(report, Verdict.NON_CONCERNE),
        "readings": sorted({reading for row in report.obligations for reading in row.readings}),
        "warnings": [one for one in report.errors if one.severity != "erreur"],
        "errors": [one for one in report.errors if one.severity == "erreur"],
    }


def _counted(report: Report) -> dict[str, Any]:
    """Give what counts and draws all findings, those that an earlier report told included."""
    findings = [one for row in report.obligations for one in row.findings]
    return {
        "severities": {one: sum(finding.severity is one for finding in findings) for one in SEVERITY_ORDER},
        "drawings": [(one, Markup(one.svg)) for one in figures(report)],  # noqa: S704 - figures escapes its texts
        "follow_up": output.follow_phrases(report.since),
        "masked": bool(report.since and report.since.masked),
    }


def _messages_of(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Give the different messages of some findings."""
    return tuple(dict.fromkeys(one.message for one in findings))


def _gravities(groups: tuple[Group, ...]) -> tuple[Severity | None, ...]:
    return tuple(dict.fromkeys(group.severity for group in groups))


def _reasons(group: Group) -> str:
    """Say why a rule does not apply: each reason once, or the first when they differ too much."""
    reasons = list(dict.fromkeys(one.reason or one.message for one in group.findings))
    if len(reasons) > _REASONS:
        return f"par exemple, {reasons[0]}"
    return " ".join(reasons) if all(one.endswith(".") for one in reasons) else " ; ".join(reasons)


def _told(row: Obligation) -> tuple[Group, ...]:
    return view.groups_of(row, _TOLD)


def _listed(row: Obligation) -> tuple[Group, ...]:
    return view.groups_of(row, _LISTED)


# ---- style and policy ----


def _style(report: Report) -> str:
    """Give the style sheet, the residence and the date in its running header."""
    day = f"Audit du {messages.format_date(report.audit_date)}"
    return style_sheet(report.dossier, day, "Examen sur pièces")


def style_sheet(subject: str, day: str, frame: str) -> str:
    """Give the style sheet, three texts in its running header."""
    sheet = (_TEMPLATES / "rapport.css").read_text("utf-8")
    for mark, text in {"@residence@": subject, "@audit@": day, "@cadre@": frame}.items():
        sheet = sheet.replace(mark, css_string(text))
    return sheet


def css_string(text: str) -> str:
    """Write a text as a CSS string where anything but plain letters and digits is escaped: none closes it."""
    plain = "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):06x}" for one in text)
    return f'"{plain}"'


def policy(style: str) -> str:
    """Allow the one inline style sheet, by its hash, and nothing else."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
