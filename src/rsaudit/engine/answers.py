"""What people said of a residence: answers to points to appreciate, derogations, the frame of a control.

Nothing here reads a file: the entries arrive as plain data, already valid against their schemas. An entry that
decides nothing is never lost in silence: `Answers.notices` and `Answers.unused` say which and why.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.conditions import same_text
from rsaudit.messages import engine as say
from rsaudit.model import Answer, Control, Observation, Severity, Verdict, worst_key

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTROL = "controle"
MANAGER = "gestionnaire"
Admitted = tuple[str, str]
"""The authority that may grant a derogation to a rule, and the text that allows it."""


class Entry(Struct):
    """One answer or derogation, and what came of it."""

    rule: str
    subject: str | None
    element: str | None
    answer: Answer
    used: bool = False
    automatic: bool = False
    """It speaks of a constat that its rule decides by itself."""

    def names(self, rule: str) -> bool:
        """Say whether this entry names that rule, with or without its référentiel."""
        return self.rule in {rule, rule.rsplit("/", 1)[-1]}

    def covers(self, rule: str, subject: str | None, element: str | None) -> bool:
        """Say whether this entry speaks of that constat; an entry without subject speaks of all of them."""
        return self.names(rule) and self.subject in {None, subject} and self.element in {None, element}


class Answers:
    """The answers and derogations of a dossier that count at the audit date, and what to say of the others."""

    def __init__(self, data: Mapping[str, Any], *, as_of: date, control: Control) -> None:
        """Sort the entries of `data`: those that decide, those only shown, those set aside."""
        self.notices: list[str] = []
        self._as_of = as_of
        self._in_control = control.frame == CONTROL
        self._answers = self._entries((data.get("reponses") or {}).get("points"), say.ANSWER)
        self._derogations = self._entries((data.get("derogations") or {}).get("accordees"), say.DEROGATION)
        self._spoken = {entry.rule for entry in (*self._answers, *self._derogations)}

    def speaks_of(self, rule: str) -> bool:
        """Say whether an answer or a derogation names a rule: where none does, nobody need be asked."""
        return bool(self._spoken) and (rule in self._spoken or rule.rsplit("/", 1)[-1] in self._spoken)

    def answer(self, rule: str, subject: str | None, element: str | None) -> Answer | None:
        """Return the answer to a point to appreciate, the most precise then the latest first.

        One that does not decide is returned only where none decides. Two answers of one day that contradict each
        other decide nothing, and it is told.
        """
        matching = [entry for entry in self._answers if entry.covers(rule, subject, element)]
        for entry in matching:
            entry.used = True
        deciding = [entry for entry in matching if entry.answer.decides]
        best = _best(deciding or matching)
        if len({entry.answer.verdict for entry in best}) > 1:
            self.notices.append(say.contradictory(rule.rsplit("/", 1)[-1], subject))
            return None
        return best[0].answer if best else None

    def decided_alone(self, rule: str, subject: str | None, element: str | None) -> None:
        """Note that a rule decides a constat by itself: an answer to it is told and ignored."""
        for entry in self._answers:
            if entry.covers(rule, subject, element):
                entry.automatic = True

    def derogation(
        self, rule: str, subject: str | None, element: str | None, admitted: Admitted
    ) -> Answer | None:
        """Return the derogation that covers an écart, granted by the authority and the text the rule admits."""
        matching = [
            entry
            for entry in self._derogations
            if entry.covers(rule, subject, element)
            and entry.answer.decides
            and _admits(admitted, entry.answer)
        ]
        for entry in matching:
            entry.used = True
        best = _best(matching)
        return best[0].answer if best else None

    def unused(self, known: Mapping[str, Admitted | None]) -> list[str]:
        """Say which entries decided nothing, and why; `known` gives what each rule judged admits."""
        notices = []
        for entry in self._answers:
            if not _named(entry, known):
                notices.append(say.unknown_rule(say.ANSWER, entry.rule))
            elif not entry.used and entry.answer.decides:
                told = say.automatic_rule if entry.automatic else say.unused_answer
                notices.append(told(entry.rule, entry.subject))
        for entry in self._derogations:
            admitted = _named(entry, known)
            if not admitted:
                notices.append(say.unknown_rule(say.DEROGATION, entry.rule))
            elif not entry.used and entry.answer.decides:
                notices.append(_why_not(entry, admitted))
        return notices

    def _entries(self, raw: list[dict[str, Any]] | None, kind: str) -> list[Entry]:
        kept = []
        for written in raw or []:
            entry = Entry(written["regle"], written.get("objet"), written.get("element"), _answer(written))
            rejected = self._rejected(kind, written, entry.answer)
            if rejected is not None:
                self.notices.append(rejected)
                continue
            if self._in_control and not _independent(kind, entry.answer):
                entry.answer = replace(entry.answer, decides=False)
                self.notices.append(say.manager_in_control(kind, entry.rule, entry.subject, entry.answer))
            kept.append(entry)
        return kept

    def _rejected(self, kind: str, written: Mapping[str, Any], answer: Answer) -> str | None:
        """Say why an entry is set aside; `None` when it is not."""
        rule = written["regle"]
        if answer.date is not None and answer.date > self._as_of:
            return say.dated_after(kind, rule, answer.date)
        if answer.until is not None and answer.until < self._as_of:
            return say.expired(kind, rule, answer.until)
        return _incoherent(written, answer)


def _independent(kind: str, answer: Answer) -> bool:
    """Say whether, in a control, an entry may decide: a derogation whose author is not said may be the manager’s."""
    return answer.role != MANAGER and (kind == say.ANSWER or answer.role is not None)


def _best(entries: list[Entry]) -> list[Entry]:
    """Keep the most precise entries of the latest day: several only when nothing tells them apart."""

    def rank(entry: Entry) -> tuple[bool, bool, date]:
        return entry.subject is not None, entry.element is not None, entry.answer.date or date.min

    first = max(map(rank, entries), default=None)
    return [entry for entry in entries if rank(entry) == first]


def _named(entry: Entry, known: Mapping[str, Admitted | None]) -> list[Admitted | None]:
    """List what the rules that an entry names admit: empty when it names none that was judged."""
    return [admitted for rule, admitted in known.items() if entry.names(rule)]


def _admits(admitted: Admitted, answer: Answer) -> bool:
    authority, text = admitted
    return same_text(answer.authority or "", authority) and same_text(answer.text or "", text)


def _why_not(entry: Entry, admitted: list[Admitted | None]) -> str:
    allowed = [one for one in admitted if one is not None]
    if not allowed:
        return say.no_derogation(entry.rule, entry.subject)
    if not any(_admits(one, entry.answer) for one in allowed):
        return say.other_derogation(entry.rule, entry.subject, *allowed[0])
    return say.unused_derogation(entry.rule, entry.subject)


def _incoherent(written: Mapping[str, Any], answer: Answer) -> str | None:
    """Say in what an answer contradicts itself; `None` when it does not."""
    said = written.get("logements_vus")
    if answer.observations and said is not None and said != len(answer.observations):
        return say.miscounted(written["regle"], said, len(answer.observations))
    if answer.seen is not None and answer.total is not None and answer.seen > answer.total:
        return say.more_seen_than_all(written["regle"], answer.seen, answer.total)
    worse = [one for one in answer.observations if _rank(one.verdict) < _rank(answer.verdict)]
    if worse:
        return say.milder_than_seen(written["regle"], answer.verdict or "", worse[0])
    return None


def _rank(verdict: str | None) -> tuple[int, int]:
    return worst_key(
        Verdict(verdict or Verdict.CONFORME), Severity.MAJEUR if verdict == Verdict.ECART else None
    )


def _answer(entry: Mapping[str, Any]) -> Answer:
    observations = tuple(
        Observation(dwelling=one["numero"], verdict=one["verdict"], comment=one.get("commentaire"))
        for one in entry.get("par_logement") or ()
    )
    return Answer(
        role=entry.get("role"),
        date=_day(entry.get("date")),
        verdict=entry.get("verdict"),
        comment=entry.get("commentaire"),
        until=_day(entry.get("jusqu_au")),
        authority=entry.get("autorite"),
        text=entry.get("texte"),
        seen=len(observations) or entry.get("logements_vus"),
        total=entry.get("logements_total"),
        observations=observations,
    )


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
