"""French sentences of a portfolio: one line a dossier, the totals, the filters of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, SEVERITY_LABELS, count_noun, format_date, typographic
from rsaudit.messages.output import LIMITS, verdict_label
from rsaudit.model import SEVERITY_ORDER, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.output.portfolio_index import Deadline, Entry, SharedRow

TITLE = "Parc de résidences"
#: Filters of the page: the word of a dossier’s state, and its label.
FILTERS: dict[str, str] = {
    "majeur": "Au moins un écart majeur",
    "significatif": "Au plus un écart significatif",
    "mineur": "Au plus un écart mineur",
    "sans-ecart": "Aucun écart relevé",
    "invalide": "Non examiné (erreurs à corriger)",
    "hors-champ": "Aucun référentiel applicable",
}
_SHOWN = 10


def title(count: int) -> str:
    """Name the page."""
    return f"{TITLE}{NBSP}: {count_noun(count, 'dossier')}"


def line(entry: Entry) -> str:
    """Write one dossier on one line: its path, its name, its headline."""
    name = "" if entry.name == entry.path else f" ({entry.name})"
    masked = (
        typographic(f" {count_noun(entry.masked, 'obligation masquée', 'obligations masquées')}.")
        if entry.masked
        else ""
    )
    return f"{entry.path}{name}{NBSP}: {entry.headline}{masked}"


def summary(entries: Sequence[Entry]) -> list[str]:
    """Count the dossiers, then the obligations in écart of all of them."""
    invalid = sum(not one.valid for one in entries)
    outside = sum(one.valid and not one.judged for one in entries)
    parts = [f"{count_noun(len(entries) - invalid - outside, 'dossier examiné', 'dossiers examinés')}"]
    if invalid:
        parts.append(count_noun(invalid, "dossier non examiné", "dossiers non examinés"))
    if outside:
        parts.append(count_noun(outside, "dossier hors du champ", "dossiers hors du champ"))
    grades = [
        count_noun(number, f"écart {SEVERITY_LABELS[severity]}", f"écarts {SEVERITY_LABELS[severity]}s")
        for severity in SEVERITY_ORDER
        if (number := sum(one.breaches.get(severity, 0) for one in entries))
    ]
    undecided = sum(one.obligations.get(Verdict.NON_VERIFIABLE, 0) for one in entries)
    look = sum(one.obligations.get(Verdict.A_VERIFIER, 0) for one in entries)
    grades += [count_noun(undecided, "point non vérifiable", "points non vérifiables")] if undecided else []
    grades += (
        [count_noun(look, "point à apprécier sur place", "points à apprécier sur place")] if look else []
    )
    found = [f"En tout, par obligation et par dossier : {', '.join(grades)}."] if grades else []
    return [typographic(f"{' ; '.join(parts)}."), *(typographic(text) for text in found)]


def totals(
    entries: Sequence[Entry], shared: Sequence[SharedRow], deadlines: Sequence[tuple[Deadline, Entry]]
) -> str:
    """Write the totals of a portfolio, what common blocks share, and the next deadlines."""
    lines = ["", *summary(entries)]
    if shared:
        lines += ["", typographic("Dans des blocs communs :")]
        for row in shared:
            where = ", ".join(entry.path for entry in row.where)
            verdict = verdict_label(row.breach.verdict, row.breach.severity)
            lines.append(
                f"- {row.breach.title} [{verdict}], {row.breach.place}{NBSP}: "
                f"{count_noun(len(row.where), 'dossier')} ({where})"
            )
    if deadlines:
        lines += ["", typographic("Prochaines échéances :")]
        lines += [
            f"- {format_date(one.day)}{NBSP}: {one.title} ({entry.path})" for one, entry in deadlines[:_SHOWN]
        ]
    return "\n".join([*lines, "", DETAIL, LIMITS])


DETAIL = typographic(
    "Le détail d’un dossier : « rsaudit audit » avec son seul chemin, ou -o html:rapports/ pour un rapport par dossier "
    "et leur index."
)
