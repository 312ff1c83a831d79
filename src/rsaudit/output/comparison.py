"""A comparison of reports as text, Markdown, HTML or JSON, all drawn from the same lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rsaudit.messages import comparison as words
from rsaudit.messages.output import LIMITS
from rsaudit.output.diffusion import cleaned
from rsaudit.output.json_report import dumps, encode
from rsaudit.output.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rsaudit.comparison import Cause, Change, Comparison, Comparisons
    from rsaudit.model import Finding, Report

#: Version of the JSON form.
VERSION = "1"
_SUBJECTS = 12


class Entry(Struct, frozen=True, kw_only=True):
    """The changes of one rule that have the same story, told together."""

    number: str | None
    title: str
    subjects: tuple[str, ...]
    lines: tuple[str, ...]


class Part(Struct, frozen=True, kw_only=True):
    """One list: its title, what it means, its entries."""

    title: str
    explained: str | None
    count: int
    entries: tuple[Entry, ...]


class Page(Struct, frozen=True, kw_only=True):
    """One dossier compared."""

    title: str
    lines: tuple[str, ...]
    parts: tuple[Part, ...]


def render(name: str, comparisons: Comparisons) -> str:
    """Write a comparison in the format of that name."""
    made = {"terminal": _terminal, "markdown": _markdown, "html": _html, "json": _json}
    return made[name](cleaned(comparisons) if name != "json" else comparisons)


# ---- the lists ----


def pages(comparisons: Comparisons) -> list[Page]:
    """Arrange each dossier compared."""
    return [_page(one) for one in comparisons.compared]


def _page(comparison: Comparison) -> Page:
    lines = [words.between(comparison), words.headline(comparison)]
    other = words.other_name(comparison)
    parts = tuple(_parts(comparison)) if comparison.comparable else ()
    return Page(
        title=comparison.after.dossier,
        lines=(*([other] if other else []), *lines),
        parts=parts,
    )


def _parts(comparison: Comparison) -> Iterator[Part]:
    for key, title in words.LISTS.items():
        changes = [one for one in comparison.changes if words.key_of(one) == key]
        if changes:
            yield Part(
                title=title,
                explained=words.EXPLAINED.get(key),
                count=len(changes),
                entries=tuple(_entries(changes)),
            )


def _entries(changes: Sequence[Change]) -> Iterator[Entry]:
    grouped: dict[tuple[object, ...], list[Change]] = {}
    for one in changes:
        shown = _shown(one)
        story = (words.state_label(one.before), words.state_label(one.after), one.causes)
        grouped.setdefault((shown.ruleset, shown.rule, *story), []).append(one)
    for ones in grouped.values():
        yield _entry(ones)


def _shown(change: Change) -> Finding:
    shown = change.after or change.before
    assert shown is not None  # noqa: S101 - a change is in one report at least
    return shown


def _entry(changes: list[Change]) -> Entry:
    first = changes[0]
    shown = _shown(first)
    lines = [words.moved(words.state_label(first.before), words.state_label(first.after))]
    if len(changes) == 1:
        lines += [shown.message] if first.state.value != "resolu" else []
        if first.before is not None and first.after is not None:
            lines += [said] if (said := words.observed(first.before, first.after)) else []
    if first.direction is None or first.direction.value != "meme":
        lines.append(words.cause_phrase(first.causes))
    return Entry(
        number=words.number(*(_number(side for side in sides if side) for sides in _sides(changes))),
        title=shown.title,
        subjects=tuple(text for one in changes if (text := words.subject_phrase(_shown(one)))),
        lines=tuple(lines),
    )


def _sides(changes: list[Change]) -> tuple[list[Finding | None], list[Finding | None]]:
    return [one.before for one in changes], [one.after for one in changes]


def _number(findings: Iterable[Finding]) -> str | None:
    return next((one.number for one in findings if one.number), None)


def _listed(subjects: Sequence[str]) -> str:
    if len(subjects) <= _SUBJECTS + 1:
        return ", ".join(subjects)
    return f"{', '.join(subjects[:_SUBJECTS])} et {len(subjects) - _SUBJECTS} autres"


def _heading(entry: Entry) -> str:
    number = f"{entry.number} " if entry.number else ""
    subjects = f" – {_listed(entry.subjects)}" if entry.subjects else ""
    return f"{number}{entry.title}{subjects}"


def _others(comparisons: Comparisons) -> list[str]:
    return [
        *(words.added(one, comparisons.followed_in(one)) for one in comparisons.added),
        *(words.gone(one) for one in comparisons.gone),
    ]


# ---- text and Markdown ----


def _terminal(comparisons: Comparisons) -> str:
    lines: list[str] = []
    for page in pages(comparisons):
        lines += [page.title, *page.lines]
        for part in page.parts:
            lines += [
                "",
                f"{part.title.upper()} ({part.count})",
                *([part.explained] if part.explained else []),
            ]
            for entry in part.entries:
                lines += [f"- {_heading(entry)}", *(f"  {text}" for text in entry.lines)]
        lines.append("")
    others = [f"- {text}" for text in _others(comparisons)]
    lines += [*others, ""] if others else []
    return "\n".join([*lines, LIMITS]) + "\n"


def _markdown(comparisons: Comparisons) -> str:
    blocks: list[str] = [f"# {words.TITLE}"]
    for page in pages(comparisons):
        blocks += [f"## {escape(page.title)}", *(escape(text) for text in page.lines)]
        for part in page.parts:
            blocks.append(f"### {part.title} ({part.count})")
            blocks += [escape(part.explained)] if part.explained else []
            blocks.append("\n".join(_item(entry) for entry in part.entries))
    others = _others(comparisons)
    if others:
        blocks += ["## Dossiers d’un seul fichier", "\n".join(f"- {escape(text)}" for text in others)]
    return "\n\n".join([*blocks, LIMITS]) + "\n"


def _item(entry: Entry) -> str:
    return "\n".join([f"- **{escape(_heading(entry))}**", *(f"  {escape(text)}  " for text in entry.lines)])


# ---- HTML ----


def _html(comparisons: Comparisons) -> str:
    from rsaudit.output.html import page

    days = {one.after.audit_date for one in comparisons.compared}
    day = max(days).strftime("%d/%m/%Y") if days else ""
    return page(
        "comparaison.html",
        (words.TITLE, f"Audit du {day}" if day else "", "Examen sur pièces"),
        title=words.TITLE,
        pages=pages(comparisons),
        others=_others(comparisons),
        tool=comparisons.tool,
        limits=LIMITS,
        heading=_heading,
    )


# ---- JSON ----


def _json(comparisons: Comparisons) -> str:
    return dumps(as_data(comparisons)) + "\n"


def as_data(comparisons: Comparisons) -> dict[str, Any]:
    """Give a comparison as plain data under its French keys."""
    return {
        "version": VERSION,
        "outil": comparisons.tool,
        "dossiers": [_dossier(one) for one in comparisons.compared],
        "nouveaux_dossiers": [_named(one) for one in comparisons.added],
        "dossiers_disparus": [_named(one) for one in comparisons.gone],
    }


def _named(report: Report) -> dict[str, Any]:
    return {"nom": report.dossier, "chemin": report.path}


def _dossier(comparison: Comparison) -> dict[str, Any]:
    counts = {"_".join(filter(None, key)): 0 for key in words.LISTS}
    for one in comparison.changes:
        counts["_".join(filter(None, words.key_of(one)))] += 1
    return {
        "dossier": _named(comparison.after),
        "avant": _report(comparison.before),
        "apres": _report(comparison.after),
        "comparable": comparison.comparable,
        "synthese": {**counts, "total": len(comparison.changes)},
        "changements": [_change(one) for one in comparison.changes],
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        **_named(report),
        "date_audit": report.audit_date.isoformat(),
        "outil": report.tool,
        "referentiels": [{"id": one.id, "version": one.version} for one in report.rulesets],
    }


def _change(change: Change) -> dict[str, Any]:
    shown = _shown(change)
    return {
        "identifiant": change.identifier,
        "etat": change.state.value,
        "sens": change.direction.value if change.direction is not None else None,
        "regle": f"{shown.ruleset}/{shown.rule}",
        "titre": shown.title,
        "objet": shown.subject,
        "element": shown.element,
        "avant": _side(change.before),
        "apres": _side(change.after),
        "causes": [_cause(one) for one in change.causes],
        "cause_certaine": len(change.causes) == 1,
    }


def _side(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {
        "numero": finding.number,
        "verdict": finding.verdict.value,
        "gravite": finding.severity.value if finding.severity else None,
        "message": finding.message,
        "observe": finding.observed,
        "attendu": finding.expected,
        "mesure": encode(finding.measure),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "cause": cause.kind.value,
        "precisions": list(cause.details),
        "echue_le": cause.expired.isoformat() if cause.expired is not None else None,
    }
