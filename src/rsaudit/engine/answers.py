"""What people said of a residence: answers to points to appreciate, derogations, the frame of a control.

Nothing here reads a file: the entries arrive as plain data, already valid against their schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from rsaudit.messages import engine as say
from rsaudit.model import Answer, Control

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTROL = "controle"
MANAGER = "gestionnaire"


@dataclass(slots=True)
class Entry:
    """One answer or derogation, and whether something in the audit used it."""

    rule: str
    subject: str | None
    element: str | None
    answer: Answer
    used: bool = False

    def covers(self, rule: str, subject: str | None, element: str | None) -> bool:
        """Say whether this entry speaks of that constat; an entry without subject speaks of all of them."""
        return (
            self.rule in {rule, rule.rsplit("/", 1)[-1]}
            and self.subject in {None, subject}
            and self.element in {None, element}
        )


class Answers:
    """The answers and derogations of a dossier that count at the audit date, and what to say of the others."""

    def __init__(self, data: Mapping[str, Any], *, as_of: date, control: Control) -> None:
        """Sort the entries of `data`: those that decide, those only shown."""
        self.notices: list[str] = []
        self._as_of = as_of
        self._shown_only = control.frame == CONTROL
        self._answers = self._entries((data.get("reponses") or {}).get("points"), say.ANSWER)
        self._derogations = self._entries((data.get("derogations") or {}).get("accordees"), say.DEROGATION)

    def answer(self, rule: str, subject: str | None, element: str | None) -> Answer | None:
        """Return the answer that settles a point to appreciate, the most precise first."""
        return self._find(self._answers, rule, subject, element)

    def derogation(self, rule: str, subject: str | None, element: str | None) -> Answer | None:
        """Return the derogation that covers an écart."""
        return self._find(self._derogations, rule, subject, element)

    def unused(self, known_rules: Iterable[str]) -> list[str]:
        """Say which entries decided nothing, and why: unknown rule, or nothing to answer."""
        known = set(known_rules)
        notices = []
        for kind, entries in ((say.ANSWER, self._answers), (say.DEROGATION, self._derogations)):
            for entry in entries:
                if entry.rule not in known and entry.rule.rsplit("/", 1)[-1] not in known:
                    notices.append(say.unknown_rule(kind, entry.rule))
                elif not entry.used:
                    notices.append(say.unused_entry(kind, entry.rule, entry.subject))
        return notices

    def _find(
        self, entries: list[Entry], rule: str, subject: str | None, element: str | None
    ) -> Answer | None:
        matching = [entry for entry in entries if entry.covers(rule, subject, element)]
        if not matching:
            return None
        best = max(
            matching,
            key=lambda entry: (
                entry.subject is not None,
                entry.element is not None,
                entry.answer.date or date.min,
            ),
        )
        for entry in matching:
            entry.used = True
        return best.answer

    def _entries(self, raw: list[dict[str, Any]] | None, kind: str) -> list[Entry]:
        kept = []
        for entry in raw or []:
            answer = _answer(entry)
            rejected = self._rejected(kind, entry["regle"], answer)
            if rejected:
                self.notices.append(rejected)
            else:
                kept.append(Entry(entry["regle"], entry.get("objet"), entry.get("element"), answer))
        return kept

    def _rejected(self, kind: str, rule: str, answer: Answer) -> str | None:
        if answer.date is not None and answer.date > self._as_of:
            return say.dated_after(kind, rule, answer.date)
        if answer.until is not None and answer.until < self._as_of:
            return say.expired(kind, rule, answer.until)
        if self._shown_only and answer.role == MANAGER:
            return say.manager_in_control(kind, rule, answer)
        return None


def _answer(entry: Mapping[str, Any]) -> Answer:
    return Answer(
        role=entry.get("role"),
        date=_day(entry.get("date")),
        verdict=entry.get("verdict"),
        comment=_comment(entry),
        until=_day(entry.get("jusqu_au")),
        authority=entry.get("autorite"),
        text=entry.get("texte"),
    )


def _comment(entry: Mapping[str, Any]) -> str | None:
    seen, total = entry.get("logements_vus"), entry.get("logements_total")
    parts = [entry.get("commentaire")] if entry.get("commentaire") else []
    if seen is not None and total is not None:
        parts.append(say.seen_dwellings(seen, total))
    return " ".join(str(part) for part in parts) or None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def read_control(data: Mapping[str, Any]) -> Control:
    """Read the frame of the audit; without `controle`, an auto-contrôle."""
    raw = data.get("controle") or {}
    letter = raw.get("lettre") or {}
    period = raw.get("periode") or {}
    return Control(
        frame=raw.get("cadre") or "autocontrole",
        authority=raw.get("autorite"),
        ground=raw.get("fondement"),
        letter=say.letter(letter.get("reference"), _day(letter.get("date"))),
        period_start=_day(period.get("debut")),
        period_end=_day(period.get("fin")),
        visit=_day((raw.get("visite") or {}).get("date")),
        status=raw.get("statut"),
    )
