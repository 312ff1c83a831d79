"""The report as one HTML file: no script, no external resource, every text escaped, its own policy."""

from __future__ import annotations

import hashlib
from binascii import b2a_base64
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined
from markupsafe import Markup
from msgspec.structs import replace

from rsaudit import messages
from rsaudit.messages import formats, output, portfolio
from rsaudit.model import SEVERITY_ORDER, VERDICT_ORDER, Severity, Verdict
from rsaudit.output import compiled, markup, view
from rsaudit.output.diffusion import printable
from rsaudit.output.figures import figures

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from jinja2.ext import Extension

    from rsaudit.model import Finding, Fingerprint, Obligation, Position, RenderOptions, Report
    from rsaudit.output.profile import Drawing
    from rsaudit.output.view import Group, Told

_TEMPLATES = Path(__file__).parent / "templates"
COMPILED = _TEMPLATES.with_name("compiles")
"""Where a wheel has the templates, compiled; a checkout has none."""
_LABELS = 40
"""Subjects listed in a cell of the table of écarts; the detail has them all."""
_FIRST = 30
"""Écarts listed on page one, gravest first; the table has them all."""
_RULESET_ROLE = "referentiel"
#: Findings that are said on one line for each rule; a table tells the others one by one.
_LISTED = (Verdict.CONFORME, Verdict.NON_CONCERNE)


def render(report: Report, options: RenderOptions) -> str:
    """Write the report as one HTML page."""
    whole = _from_dossier(printable(report, options, hidden=True))
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


def interactive_page(template: str, header: tuple[str, str, str], *, script: str, **context: object) -> str:
    """Write a page that one script of ours makes easier to use, and that says all without it."""
    source = (_TEMPLATES / script).read_text("utf-8")
    style = style_sheet(*header)
    return (
        environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - our own sheet, where the texts are CSS escapes
            script=Markup(source),  # noqa: S704 - our own script, where no text of a dossier goes
            policy=f"{policy(style)}; script-src '{_hash(source)}'",
            **context,
        )
    )


@cache
def environment() -> Environment:
    """Give the environment of the templates, compiled already where the wheel has them so."""
    return environment_of(compiled.loader(_TEMPLATES, COMPILED))


def compile_pages(folder: Path) -> None:
    """Compile the templates of all the pages into a folder, for a wheel."""
    compiled.compile_into(folder, environment_of(FileSystemLoader(_TEMPLATES)), _TEMPLATES)


def environment_of(loader: BaseLoader) -> Environment:
    """Make an environment of templates: all escaped, nothing undefined, French typography (compiled ones have theirs)."""
    typography: tuple[type[Extension], ...] = ()
    if not isinstance(loader, ModuleLoader):
        from rsaudit.output.typesetting import FrenchTypography

        typography = (FrenchTypography,)
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=typography,
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
        FILTERS=portfolio.FILTERS,
        GRAVITIES=messages.SEVERITY_LABELS,
        FOLLOW_UP=output.FOLLOW_UP,
        COMMUNICABLE=formats.COMMUNICABLE,
        LABELS=_LABELS,
        FIRST=_FIRST,
        CONTESTED=(Verdict.ECART, Verdict.REMARQUE),
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
        bare_label=formats.bare_label,
        answer_sentence=output.answer_sentence,
        error_place=formats.error_place,
        date=messages.format_date,
        number=messages.format_number,
        named=markup.named,
        listed_labels=markup.listed_labels,
        badge=markup.badge,
        text_and_rank=markup.text_and_rank,
        one_statement=markup.one_statement,
        value_lines=markup.value_lines,
        finding_lines=markup.finding_lines,
        file_lines=markup.file_lines,
        count_noun=messages.count_noun,
        messages_of=_messages_of,
        gravities=_gravities,
        reasons=view.reasons,
        parts=_parts,
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
    spared = view.rows_of(report, Verdict.NON_CONCERNE)
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
        "not_due": view.not_yet_due(spared),
        "told_only": view.rows_of(report, Verdict.SIGNALEMENT),
        "chapters": view.chapters(report),
        "anchors": {
            (row.ruleset, row.rule): f"regle-{rank}" for rank, row in enumerate(report.obligations, 1)
        },
        "left_out": view.left_out(spared),
        "readings": _readings(report),
        "inputs": [one for one in report.fingerprints if not _in_ruleset(one)],
        "ruleset_files": _ruleset_files(report),
        "warnings": [one for one in report.errors if one.severity != "erreur"],
        "errors": [one for one in report.errors if one.severity == "erreur"],
    }


def _counted(report: Report) -> dict[str, Any]:
    """Give what counts and draws all findings, those that an earlier report told included."""
    severities = Counter(one.severity for row in report.obligations for one in row.findings)
    return {
        "severities": {one: severities[one] for one in SEVERITY_ORDER},
        "drawings": [(one, Markup(one.svg)) for one in figures(report)],  # noqa: S704 - figures escapes its texts
        "profiles": [(one, Markup(one.svg)) for one in _profiles(report)],  # noqa: S704 - shapes escapes its texts
        "follow_up": output.follow_phrases(report.since),
        "masked": bool(report.since and report.since.masked),
    }


def _profiles(report: Report) -> list[Drawing]:
    """Draw the profiles, where a référentiel has one: good practice alone does."""
    if all(one.profile is None for one in report.rulesets):
        return []
    from rsaudit.output.profile import profiles

    return profiles(report)


def _messages_of(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Give the different messages of some findings."""
    return tuple(dict.fromkeys(one.message for one in findings))


def _gravities(groups: tuple[Group, ...]) -> tuple[Severity | None, ...]:
    return tuple(dict.fromkeys(group.severity for group in groups))


def _parts(row: Obligation) -> tuple[tuple[Told, ...], tuple[Group, ...]]:
    """Give what is told of a rule, then its findings that are only counted and named: none when it has but one."""
    groups = view.groups_of(row, VERDICT_ORDER)
    if len(row.findings) == 1 == sum(row.counts.values()):
        return view.told_together(groups), ()
    listed = tuple(group for group in groups if group.verdict in _LISTED)
    return view.told_together(group for group in groups if group.verdict not in _LISTED), listed


def _readings(report: Report) -> dict[str, tuple[str, str]]:
    """Give each reading of a report its anchor and its short name."""
    every = sorted({reading for row in report.obligations for reading in row.readings})
    return {text: (f"lecture-{rank}", text.partition(". ")[0]) for rank, text in enumerate(every, 1)}


def _from_dossier(report: Report) -> Report:
    """Name the files of the dossier from its folder, which the page names once."""
    folder = f"{report.path}/"

    def named(file: str) -> str:
        return file.removeprefix(folder)

    def placed(position: Position | None) -> Position | None:
        return replace(position, file=named(position.file)) if position else None

    rows = []
    for row in report.obligations:
        findings = tuple(
            one
            if one.position is None and not one.missing
            else replace(
                one,
                position=placed(one.position),
                other_positions=tuple(replace(at, file=named(at.file)) for at in one.other_positions),
                missing=tuple(replace(gap, file=gap.file and named(gap.file)) for gap in one.missing),
            )
            for one in row.findings
        )
        rows.append(replace(row, findings=findings))
    return replace(
        report,
        obligations=tuple(rows),
        errors=tuple(replace(one, file=named(one.file)) for one in report.errors),
        fingerprints=tuple(replace(one, file=named(one.file)) for one in report.fingerprints),
    )


def _in_ruleset(one: Fingerprint) -> bool:
    """Say whether a file is one of the many of a référentiel."""
    return one.role == _RULESET_ROLE and "/" in one.file


def _ruleset_files(report: Report) -> list[tuple[str, list[Fingerprint], str]]:
    """Gather the files of each référentiel: its folder, its files, and one fingerprint for all of them."""
    folders: dict[str, list[Fingerprint]] = {}
    for one in report.fingerprints:
        if _in_ruleset(one):
            folders.setdefault(one.file.partition("/")[0], []).append(one)
    return [(folder, files, _together(files)) for folder, files in folders.items()]


def _together(files: list[Fingerprint]) -> str:
    """Hash the list that `sha256sum` would print of these files, sorted by name."""
    listed = "".join(f"{one.sha256}  {one.file}\n" for one in sorted(files, key=lambda one: one.file))
    return hashlib.sha256(listed.encode()).hexdigest()


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


def template_text(name: str) -> str:
    """Give the text of a file beside the templates."""
    return (_TEMPLATES / name).read_text("utf-8")


def css_string(text: str) -> str:
    """Write a text as a CSS string where anything but plain letters and digits is escaped: none closes it."""
    plain = "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):06x}" for one in text)
    return f'"{plain}"'


def policy(style: str) -> str:
    """Allow the one inline style sheet, by its hash, and nothing else."""
    return f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    digest = b2a_base64(hashlib.sha256(text.encode()).digest(), newline=False).decode("ascii")
    return f"sha256-{digest}"
