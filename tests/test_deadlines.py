"""The calendar: what a deadline is on the day of the audit, in words, on paper and in a calendar program."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from output.sample import HOSTILE, invalid_report, sample_report
from rsaudit.deadlines import Status, calendar
from rsaudit.model import DeadlineKind, Finding, Obligation, Report, Verdict
from rsaudit.output import icalendar
from rsaudit.output.calendar import render_html, render_text

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

DAY = date(2026, 9, 30)
ONCE, RECURRING, END = DeadlineKind.ONCE, DeadlineKind.RECURRING, DeadlineKind.END
PAST, TODAY, SOON = date(2026, 6, 30), DAY, date(2026, 11, 15)


def _finding(verdict: Verdict, **given: Any) -> Finding:
    model = sample_report().obligations[0].findings[0]
    blank = {"severity": None, "reason": None, "response": None, "not_yet_due": False, "subject": None}
    return replace(model, **{**blank, "observed": None, "element": None, "verdict": verdict, **given})


def _report(*findings: Finding, **given: Any) -> Report:
    row: Obligation = replace(sample_report().obligations[0], findings=findings)
    return replace(sample_report(), obligations=(row,), **given)


def _days(*findings: Finding) -> list[tuple[date, Status]]:
    return [(one.day, one.status) for one in calendar([_report(*findings)]).deadlines]


@pytest.mark.parametrize(
    ("verdict", "kind", "deadline", "last_due", "expected"),
    [
        # An act to do once: done, it is awaited no more; not done, its day is to come, kept until it has passed.
        (Verdict.CONFORME, ONCE, SOON, None, []),
        (Verdict.CONFORME, ONCE, PAST, None, []),
        (Verdict.ECART, ONCE, SOON, None, [(SOON, Status.COMING)]),
        (Verdict.ECART, ONCE, TODAY, None, [(TODAY, Status.COMING)]),
        (Verdict.ECART, ONCE, date(2026, 9, 29), None, [(date(2026, 9, 29), Status.MISSED)]),
        (Verdict.DEROGATION, ONCE, PAST, None, [(PAST, Status.MISSED)]),
        (Verdict.NON_VERIFIABLE, ONCE, PAST, None, [(PAST, Status.UNDECIDED)]),
        (Verdict.A_VERIFIER, ONCE, SOON, None, [(SOON, Status.COMING)]),
        # What comes back: the next is always announced, the last is shown when it was not kept.
        (Verdict.CONFORME, RECURRING, SOON, PAST, [(SOON, Status.COMING)]),
        (Verdict.ECART, RECURRING, SOON, PAST, [(PAST, Status.MISSED), (SOON, Status.COMING)]),
        (Verdict.NON_VERIFIABLE, RECURRING, SOON, PAST, [(PAST, Status.UNDECIDED), (SOON, Status.COMING)]),
        # A validity: its end is shown however conform it is, and once it has passed unless something else holds.
        (Verdict.CONFORME, END, SOON, None, [(SOON, Status.COMING)]),
        (Verdict.CONFORME, END, PAST, None, []),
        (Verdict.ECART, END, PAST, None, [(PAST, Status.ENDED)]),
        (Verdict.A_VERIFIER, END, PAST, None, [(PAST, Status.ENDED)]),
        # Without a known day, nothing is shown.
        (Verdict.ECART, None, None, None, []),
    ],
)
def test_what_a_day_is(
    verdict: Verdict,
    kind: DeadlineKind | None,
    deadline: date | None,
    last_due: date | None,
    expected: list[tuple[date, Status]],
) -> None:
    """The kind of a deadline, its day and the verdict say whether it comes, was missed, or cannot be told."""
    found = _days(_finding(verdict, deadline_kind=kind, deadline=deadline, last_due=last_due))
    assert found == expected


def test_what_concerns_nobody_has_no_deadline_unless_it_is_only_not_due_yet() -> None:
    """A rule that does not apply is silent; one that will apply announces its day."""
    given: dict[str, Any] = {"deadline_kind": RECURRING, "deadline": SOON, "last_due": PAST}
    assert _days(_finding(Verdict.NON_CONCERNE, reason="aucun comité", **given)) == []
    due = _finding(Verdict.NON_CONCERNE, reason="pas encore", not_yet_due=True, **given)
    assert _days(due) == [(SOON, Status.COMING)]


def test_subjects_of_one_day_are_said_together() -> None:
    """Two subjects of one rule due the same day make one line that names both; another day makes another."""
    given: dict[str, Any] = {"deadline_kind": ONCE}
    found = calendar(
        [
            _report(
                _finding(Verdict.ECART, subject="le départ C-1", deadline=PAST, **given),
                _finding(Verdict.ECART, subject="le départ C-2", deadline=PAST, **given),
                _finding(Verdict.ECART, subject="le départ C-3", deadline=SOON, **given),
            )
        ]
    ).deadlines
    assert [one.subjects for one in found] == [("le départ C-1", "le départ C-2"), ("le départ C-3",)]


def test_a_deadline_that_may_not_apply_says_so() -> None:
    """When the dossier does not tell whether a rule applies, its day comes with that reserve."""
    (one,) = calendar(
        [_report(_finding(Verdict.NON_VERIFIABLE, deadline_kind=RECURRING, deadline=SOON))]
    ).deadlines
    assert not one.sure
    drawn = calendar([_report(_finding(Verdict.NON_VERIFIABLE, deadline_kind=RECURRING, deadline=SOON))])
    assert "si l’obligation s’applique" in render_text(drawn, None)
    assert "si l’obligation s’applique" in render_html(drawn)


def test_a_dossier_not_judged_is_named() -> None:
    """An invalid dossier has a line in the calendar of the others, never their place."""
    drawn = calendar([sample_report(), invalid_report()])
    assert len(drawn.residences) == 1
    assert "2 erreurs à corriger" in render_text(drawn, None).replace("\u00a0", " ")


# -- the calendar file ---------------------------------------------------------------------------------------


def _events(text: str) -> list[str]:
    return re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text.replace("\r\n ", ""), re.DOTALL)


def test_the_file_is_folded_and_ended_as_its_standard_asks() -> None:
    """No line is longer than 75 octets, each ends by CR LF, no character is cut in two."""
    drawn = calendar([sample_report()])
    raw = icalendar.render(drawn).encode()
    lines = raw.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 for line in lines)
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode()
    assert len(_events(raw.decode())) == len(drawn.deadlines) > 0


def test_identifiers_are_stable_and_distinct() -> None:
    """The same deadlines give the same bytes; a day that has passed keeps the identifier it had to come."""
    late = _report(_finding(Verdict.ECART, deadline_kind=ONCE, deadline=SOON))
    passed = replace(late, audit_date=date(2026, 12, 1))
    before, after = icalendar.render(calendar([late])), icalendar.render(calendar([passed]))
    uid = re.compile(r"UID:(.+)\r\n")
    assert uid.findall(before) == uid.findall(after)
    assert "SUMMARY:Non tenue" in after
    assert before == icalendar.render(calendar([late]))
    every = uid.findall(
        icalendar.render(calendar([sample_report(), replace(sample_report(), path="b/autre")]))
    )
    assert len(set(every)) == len(every) > 1


def test_a_hostile_text_makes_no_property_of_its_own() -> None:
    """Line breaks, semicolons and commas of a dossier stay inside the text that holds them."""
    hostile = f"{HOSTILE}\r\nBEGIN:VEVENT\r\nSUMMARY:faux"
    drawn = calendar([_report(_finding(Verdict.ECART, deadline_kind=ONCE, deadline=SOON), dossier=hostile)])
    text = icalendar.render(drawn).replace("\r\n ", "")
    assert text.count("\r\nBEGIN:VEVENT\r\n") == 1
    assert text.count("\r\nSUMMARY:") == 1
    assert "<script>" not in render_html(drawn)
    assert "\x1b" not in render_text(drawn, None) + text


# -- the command ---------------------------------------------------------------------------------------------

FAULTY = ("calendrier", "examples/benjoin-fautif", "--date", "2026-09-30")


def test_the_next_is_announced_and_the_missed_is_shown(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """The faulty example missed its report of June and its budget of November; the next ones are announced."""
    done = program(*FAULTY)
    text = done.stdout.decode().replace("\u00a0", " ")
    assert (done.returncode, done.stderr) == (0, b"")
    missed, rest = text.split("TERMES PASSÉS")
    ended, coming = rest.split("ÉCHÉANCES À VENIR")
    assert "30/06/2026  Rapport d’activité envoyé à la DEETS au 30 juin (il y a 92 jours)" in missed
    assert "15/11/2025  Pièces de l’année envoyées au préfet" in missed
    assert "03/05/2026  Agrément ILGLS du gestionnaire" in ended
    assert "30/06/2027  Rapport d’activité envoyé à la DEETS au 30 juin (dans 273 jours)" in coming
    assert "15/11/2026  Pièces de l’année envoyées au préfet" in coming


def test_the_date_moves_the_calendar(program: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """Seen from the day itself a deadline is still to come; the next day it has passed."""
    for day, said in (("2026-11-15", "(aujourd’hui)"), ("2026-11-16", "(il y a 1 jour)")):
        done = program("calendrier", "examples/benjoin", "--date", day)
        text = done.stdout.decode().replace("\u00a0", " ")
        assert f"15/11/2026  Pièces de l’année envoyées au préfet au 15 novembre {said}" in text


def test_every_format_in_one_run(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Several dossiers make one calendar; ours is replaced, byte for byte, and another's file never is."""
    outputs = [f"-o{tmp_path / name}" for name in ("c.html", "c.ics", "c.txt")]
    command = ("calendrier", "examples/benjoin", "examples/foyer-soleil", "--date", "2026-09-30", *outputs)
    assert program(*command).returncode == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(first) == ["c.html", "c.ics", "c.txt"]
    assert program(*command).returncode == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert "2\u00a0résidences" in first["c.txt"].decode()
    other = tmp_path / "agenda.ics"
    other.write_text("BEGIN:VCALENDAR\r\nPRODID:-//moi//\r\n", encoding="utf-8")
    assert program(*FAULTY, "-o", str(other)).returncode == 3
    assert b"//moi//" in other.read_bytes()


def test_invalid_and_out_of_scope_dossiers(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """An invalid dossier gives its errors and 3, beside the calendar of the others; nothing judged gives 3."""
    done = program("calendrier", "examples/invalide", "examples/benjoin", "--date", "2026-09-30")
    assert done.returncode == 3
    assert "examples/invalide/residence.yaml" in done.stderr.decode()
    assert "ÉCHÉANCES À VENIR" in done.stdout.decode()
    alone = program("calendrier", "examples/invalide", "--date", "2026-09-30")
    assert alone.returncode == 3
    assert "Traceback" not in alone.stderr.decode()
    folder = program(*FAULTY, "-o", "ics:dossier/")
    assert folder.returncode == 2
    assert "un seul document" in folder.stderr.decode()
