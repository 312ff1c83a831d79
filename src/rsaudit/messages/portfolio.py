"""French sentences of a portfolio: one line a dossier, the totals, the filters of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, SEVERITY_LABELS, count_noun, format_date, typographic
from rsaudit.messages.output import LIMITS, verdict_label
from rsaudit.model import SEVERITY_ORDER, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.output.portfolio_index import Deadline, Entry, Shared, Tally

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


def summary(tally: Tally) -> list[str]:
    """Count the dossiers, then the obligations in écart of all of them."""
    examined = tally.dossiers - tally.invalid - tally.outside
    parts = [f"{count_noun(examined, 'dossier examiné', 'dossiers examinés')}"]
    if tally.invalid:
        parts.append(count_noun(tally.invalid, "dossier non examiné", "dossiers non examinés"))
    if tally.outside:
        parts.append(count_noun(tally.outside, "dossier hors du champ", "dossiers hors du champ"))
    grades = [
        count_noun(number, f"écart {SEVERITY_LABELS[severity]}", f"écarts {SEVERITY_LABELS[severity]}s")
        for severity in SEVERITY_ORDER
        if (number := tally.breaches.get(severity, 0))
    ]
    undecided = tally.obligations.get(Verdict.NON_VERIFIABLE, 0)
    look = tally.obligations.get(Verdict.A_VERIFIER, 0)
    grades += [count_noun(undecided, "point non vérifiable", "points non vérifiables")] if undecided else []
    grades += (
        [count_noun(look, "point à apprécier sur place", "points à apprécier sur place")] if look else []
    )
    found = [f"En tout, par obligation et par dossier : {', '.join(grades)}."] if grades else []
    return [typographic(f"{' ; '.join(parts)}."), *(typographic(text) for text in found)]


def totals(
    tally: Tally,
    shared: Sequence[tuple[Shared, Sequence[str]]],
    deadlines: Sequence[tuple[Deadline, str]],
) -> str:
    """Write the totals of a portfolio, what common blocks share, and the next deadlines, each with its dossiers."""
    lines = ["", *summary(tally)]
    if shared:
        lines += ["", typographic("Dans des blocs communs :")]
        for breach, paths in shared:
            verdict = verdict_label(breach.verdict, breach.severity)
            lines.append(
                f"- {breach.title} [{verdict}], {breach.place}{NBSP}: "
                f"{count_noun(len(paths), 'dossier')} ({', '.join(paths)})"
            )
    if deadlines:
        lines += ["", typographic("Prochaines échéances :")]
        lines += [f"- {format_date(one.day)}{NBSP}: {one.title} ({path})" for one, path in deadlines]
    return "\n".join([*lines, "", DETAIL, LIMITS])


DETAIL = typographic(
    "Le détail d’un dossier : « rsaudit audit » avec son seul chemin, ou -o html:rapports/ pour un rapport par dossier "
    "et leur index."
)
