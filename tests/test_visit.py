"""The sheet of a visit: what it asks, where, in which dwellings; what comes back from it, and what it never loses."""

from __future__ import annotations

import io
import shutil
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook

from conftest import ROOT
from output.sample import HOSTILE
from rsaudit.answering import Change, Row, compared, entries, read
from rsaudit.cases import lay_over
from rsaudit.cli.session import Session
from rsaudit.engine import audit
from rsaudit.loading import find_dossiers
from rsaudit.messages import visit as words
from rsaudit.model import Verdict
from rsaudit.output.visit import render_html, render_text
from rsaudit.output.visit_workbook import render
from rsaudit.reception import receive, receive_data
from rsaudit.visit import Draw, Point, Sheet, drawn, dwellings, points, sheet

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.loading import Dossier
    from rsaudit.model import Report

DAY = date(2026, 9, 30)
_SESSION = Session()
_RULESETS = _SESSION.rulesets(["reunion"])
SAMPLED = {"decence-en-pratique", "equipements-en-pratique"}
"""Points on the residence that are looked at dwelling by dwelling."""


def _judged(dossier: Dossier) -> Report:
    return audit(dossier, _RULESETS, as_of=DAY, vocabulary=_SESSION.vocabulary)


def _example(name: str = "benjoin-fautif") -> Dossier:
    return receive(find_dossiers(ROOT / "examples" / name)[0][0], _SESSION.schemas)


@pytest.fixture(scope="module")
def visit() -> tuple[Sheet, Report]:
    """Give the sheet of the faulty example for three dwellings."""
    dossier = _example()
    report = _judged(dossier)
    made = sheet(report, dossier, _SESSION.vocabulary, visited=["103", "207", "301"])
    return made, report


# -- what is asked -------------------------------------------------------------------------------------------


def test_every_open_point_is_asked_once_in_the_order_of_a_visit(visit: tuple[Sheet, Report]) -> None:
    """From the street to the interviews, each open constat is there; what is seen in dwellings is on their pages."""
    made, report = visit
    places = [place for place, _ in made.parts]
    assert places == [place for place in words.PLACE_TITLES if place in places]
    common = [point.identifier for _, found in made.parts for point in found]
    waiting = {
        one.identifier
        for row in report.obligations
        for one in row.findings
        if one.verdict is Verdict.A_VERIFIER
    }
    assert len(set(common)) == len(common)
    assert set(common) | {point.identifier for page in made.pages for point in page.points} == waiting
    assert [page.dwelling for page in made.pages] == ["103", "207", "301"]
    assert all({point.rule for point in page.points} == SAMPLED for page in made.pages)


def test_without_dwellings_what_is_seen_in_them_stays_in_its_place() -> None:
    """No dwelling chosen, the questions on dwellings are asked in their place, and it is said how to choose."""
    dossier = _example()
    made = sheet(_judged(dossier), dossier, _SESSION.vocabulary)
    assert {point.rule for place, found in made.parts if place == "logement" for point in found} >= SAMPLED
    assert "--tirage" in render_text(made)


def test_a_point_on_a_dwelling_is_asked_on_its_page_or_counted() -> None:
    """A point whose subject is a dwelling goes to its page; those of dwellings not visited are counted, not lost."""
    rows = [{"numero": number, "type": "T1"} for number in ("101", "102")]
    data = lay_over(
        _RULESETS[0].ruleset.base, {"batiment": {"logements": {"etendue": "complete", "lignes": rows}}}
    )
    dossier = receive_data(data, _SESSION.schemas, name="essai")
    report = _judged(dossier)
    row = next(one for one in report.obligations if one.rule == "decence-en-pratique")
    (model,) = row.findings
    findings = tuple(
        replace(
            model,
            identifier=f"reunion/decence-en-pratique/{number}",
            subject=f"le logement {number}",
            path=f"batiment.logements[{number}]",
        )
        for number in ("101", "102")
    )
    only = replace(report, obligations=(replace(row, findings=findings),))
    made = sheet(only, dossier, _SESSION.vocabulary, visited=["102"])
    assert [point.subject_key for point in made.pages[0].points] == ["102"]
    assert made.unvisited == 1
    assert "1 point reste" in render_text(made).replace("\u00a0", " ")
    assert made.total == 2


def test_a_page_says_what_the_dossier_says_of_its_dwelling(visit: tuple[Sheet, Report]) -> None:
    """The facts of a dwelling are printed with their French names, to be compared with what is seen."""
    facts = dict(visit[0].pages[0].facts)
    assert facts["Type"].startswith("T")
    assert facts["Surface habitable"].endswith("m²")
    assert facts["Meublé"] in {"oui", "non"}


# -- the draw ------------------------------------------------------------------------------------------------

_NUMBERS = st.lists(st.text("0123456789AB", min_size=1, max_size=4), unique=True, min_size=1, max_size=60)


@given(numbers=_NUMBERS, seed=st.text(max_size=12), size=st.integers(1, 60))
def test_a_draw_is_made_again_and_grows(numbers: list[str], seed: str, size: int) -> None:
    """The same seed draws the same dwellings, in the dossier's order; a larger draw holds the smaller one."""
    size = min(size, len(numbers))
    first = drawn(numbers, Draw(size=size, seed=seed), "R")
    assert first == drawn(numbers, Draw(size=size, seed=seed), "R")
    assert len(first) == size
    assert [number for number in numbers if number in first] == first
    if size > 1:
        assert set(drawn(numbers, Draw(size=size - 1, seed=seed), "R")) < set(first)


def test_another_seed_or_residence_draws_others() -> None:
    """Over forty-four dwellings, six seeds do not draw the same six, nor do two residences."""
    numbers = [str(number) for number in range(101, 145)]
    draws = {tuple(drawn(numbers, Draw(size=6, seed=str(seed)), "R")) for seed in range(6)}
    assert len(draws) == 6
    assert drawn(numbers, Draw(size=6, seed="1"), "R") != drawn(numbers, Draw(size=6, seed="1"), "S")


def test_a_sample_of_dwellings_does_not_make_a_total() -> None:
    """When the dossier lists only some dwellings, the sheet does not pretend to know how many there are."""
    for total, expected in ((44, 44), (None, None)):
        table: dict[str, Any] = {"etendue": "echantillon", "lignes": [{"numero": "101"}]}
        table |= {"effectif_total": total} if total else {}
        data = lay_over(_RULESETS[0].ruleset.base, {"batiment": {"logements": table}})
        dossier = receive_data(data, _SESSION.schemas, name="essai")
        assert dwellings(dossier, _SESSION.vocabulary) == (["101"], expected)


# -- the workbook --------------------------------------------------------------------------------------------


def _filled(made: Sheet, cells: dict[tuple[str, int, str], Any]) -> bytes:
    """Fill cells of the workbook: (sheet, line, heading) → value."""
    book = load_workbook(io.BytesIO(render(made)))
    for (name, line, heading), value in cells.items():
        page = book[name]
        column = next(cell.column for cell in page[1] if cell.value == heading)
        page.cell(line, column).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _names(made: Sheet) -> list[str]:
    return load_workbook(io.BytesIO(render(made))).sheetnames


def test_the_workbook_locks_all_but_the_answers(visit: tuple[Sheet, Report]) -> None:
    """Verdicts are chosen in a list; headings, questions and keys are locked, answers are not."""
    made, _ = visit
    book = load_workbook(io.BytesIO(render(made)))
    assert book.sheetnames == ["Visite", "Points", "Logement 103", "Logement 207", "Logement 301"]
    for name in book.sheetnames[1:]:
        page = book[name]
        headings = {cell.value: cell.column for cell in page[1]}
        assert page.protection.sheet
        assert page.freeze_panes == "A2"
        for heading, column in headings.items():
            assert page.cell(1, column).protection.locked
            wanted = heading not in {"Verdict", "Vu le", "Observations"}
            assert page.cell(2, column).protection.locked is wanted, heading
        lists = [one.formula1 for one in page.data_validations.dataValidation if one.type == "list"]
        assert lists == ['"conforme,écart,remarque,non concerné"']
        first = page.column_dimensions[page.cell(1, headings["Logement"]).column_letter]
        assert first.hidden
        assert first.max == headings["Repère"], "the last two columns are hidden together"
    assert render(made) == render(made)


def test_hostile_texts_are_inert(visit: tuple[Sheet, Report]) -> None:
    """A formula stays a text, markup is escaped, controls are shown as lost."""
    made, _ = visit
    place, (first, *others) = made.parts[0]
    hostile = replace(first, title="=1+1", question=HOSTILE, subject=HOSTILE, said=HOSTILE)
    spoiled = replace(made, residence=HOSTILE, parts=((place, (hostile, *others)), *made.parts[1:]))
    page = load_workbook(io.BytesIO(render(spoiled)))["Points"]
    assert page.cell(2, 2).data_type == "s"
    assert page.cell(2, 2).value == "=1+1"
    assert "<script>" not in render_html(spoiled)
    assert "\x1b" not in render_text(spoiled) + render_html(spoiled)


def test_what_is_filled_comes_back(visit: tuple[Sheet, Report]) -> None:
    """A row with a verdict is an answer, on its own day or that of the visit; a blank row is none."""
    made, report = visit
    known = {point.identifier: point for point, _ in points(report)}
    raw = _filled(
        made,
        {
            ("Points", 2, "Verdict"): "Conforme",
            ("Points", 2, "Observations"): "Arrêt à 180 m.",
            ("Points", 3, "Verdict"): "non concerné",
            ("Points", 3, "Vu le"): datetime(2026, 9, 23),
        },
    )
    found = read(raw, "f.xlsx", _names(made), known)
    assert found.errors == ()
    assert found.role == "inspecteur"
    assert [(row.verdict, row.day, row.comment) for row in found.rows] == [
        ("conforme", "2026-09-22", "Arrêt à 180 m."),
        ("non_concerne", "2026-09-23", None),
    ]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({("Points", 2, "Verdict"): "bof"}, "« bof » n’est pas un verdict"),
        ({("Points", 2, "Observations"): "Vu."}, "sans verdict"),
        ({("Points", 2, "Verdict"): "conforme", ("Points", 2, "Repère"): "x/y/z"}, "aucun point"),
        ({("Points", 2, "Verdict"): "conforme", ("Visite", 2, "Vu le"): None}, "Le jour de la visite manque"),
        ({("Visite", 2, "Rôle de qui répond"): "ministre"}, "« ministre » n’est pas un rôle"),
        ({("Visite", 2, "Rôle de qui répond"): None}, "ne dit pas le rôle"),
        ({("Points", 2, "Verdict"): "conforme", ("Points", 2, "Vu le"): "hier"}, "Vu le"),
    ],
)
def test_what_is_wrong_in_a_sheet_is_placed(
    visit: tuple[Sheet, Report], cells: dict[tuple[str, int, str], Any], said: str
) -> None:
    """Whatever cannot be used is told with its sheet and its line; nothing is guessed."""
    made, report = visit
    known = {point.identifier: point for point, _ in points(report)}
    found = read(_filled(made, cells), "f.xlsx", _names(made), known)
    assert any(said in error.message.replace("\u00a0", " ") for error in found.errors)
    assert all(error.cell for error in found.errors)


# -- answers -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def point(visit: tuple[Sheet, Report]) -> Point:
    """Give a point that is looked at in dwellings."""
    return visit[0].pages[0].points[0]


def _row(point: Point, dwelling: str | None, verdict: str, **given: Any) -> Row:
    return Row(
        point=point, verdict=verdict, dwelling=dwelling, **{"day": "2026-09-22", "comment": None, **given}
    )


@pytest.mark.parametrize(
    ("seen", "summed"),
    [
        (["conforme", "conforme"], "conforme"),
        (["conforme", "ecart", "conforme"], "ecart"),
        (["remarque", "conforme"], "remarque"),
        (["non_concerne", "conforme"], "conforme"),
        (["non_concerne", "non_concerne"], "non_concerne"),
    ],
)
def test_dwellings_sum_up_to_the_worst(point: Point, seen: list[str], summed: str) -> None:
    """One answer for all the dwellings seen, as grave as the gravest, with each of them and the total."""
    rows = [_row(point, str(rank), verdict) for rank, verdict in enumerate(seen)]
    (entry,) = entries(rows, role="inspecteur", total=44)
    assert entry["verdict"] == summed
    assert [one["verdict"] for one in entry["par_logement"]] == seen
    assert entry["logements_total"] == 44
    assert "logements_total" not in entries(rows, role="inspecteur", total=None)[0]


def test_an_answer_never_writes_over_another_unasked(point: Point) -> None:
    """The same answer changes nothing, another day follows, the same day and role with other words differs."""
    (entry,) = entries([_row(point, None, "conforme")], role="inspecteur", total=44)
    for change, known in (
        (Change.UNCHANGED, {**entry, "jusqu_au": "2027-01-01"}),
        (Change.DIFFERENT, {**entry, "verdict": "ecart"}),
        (Change.DIFFERENT, {**entry, "commentaire": "Autre chose."}),
        (Change.ADDED, {**entry, "date": "2025-01-01"}),
        (Change.ADDED, {**entry, "role": "gestionnaire"}),
        (Change.ADDED, {**entry, "objet": "103"}),
    ):
        (one,) = compared([known], [entry])
        assert one.change is change, known


# -- the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Copy the faulty example where it can be written."""
    return shutil.copytree(ROOT / "examples/benjoin-fautif", tmp_path / "dossier")


def _fill(path: Path, verdict: str = "conforme") -> Path:
    book = load_workbook(path)
    for name in book.sheetnames[1:]:
        page = book[name]
        column = next(cell.column for cell in page[1] if cell.value == "Verdict")
        for line in range(2, (page.max_row if name != "Points" else 2) + 1):
            page.cell(line, column).value = verdict
    filled = path.with_name("remplie.xlsx")
    book.save(filled)
    return filled


def test_out_and_back(
    program: Callable[..., subprocess.CompletedProcess[bytes]], dossier: Path, tmp_path: Path
) -> None:
    """A draw goes out, comes back filled, and the next report says how many dwellings were seen."""
    blank, date_ = tmp_path / "g.xlsx", ("--date", "2026-09-30")
    (dossier / "reponses.yaml").write_text("# À garder.\npoints: []  # vide\n", encoding="utf-8")
    done = program("grille", str(dossier), *date_, "--tirage", "6", "-o", str(blank))
    assert (done.returncode, done.stdout) == (0, b"")
    filled = _fill(blank)

    back = program("grille", str(dossier), *date_, "--reprendre", str(filled))
    assert back.returncode == 0, back.stderr.decode()
    written = (dossier / "reponses.yaml").read_text(encoding="utf-8")
    assert written.startswith("# À garder.\npoints:")
    report = program("audit", str(dossier), *date_, "--tout", "--seuil", "aucun").stdout.decode()
    assert "vu 6\u00a0logements sur 44" in report

    again = program("grille", str(dossier), *date_, "--reprendre", str(filled))
    assert again.returncode == 0
    assert (dossier / "reponses.yaml").read_text(encoding="utf-8") == written

    other = _fill(blank, "écart")
    refused = program("grille", str(dossier), *date_, "--reprendre", str(other))
    assert refused.returncode == 3
    assert "Différente" in refused.stdout.decode()
    assert (dossier / "reponses.yaml").read_text(encoding="utf-8") == written
    asked = program("grille", str(dossier), *date_, "--reprendre", str(other), "--remplacer")
    assert asked.returncode == 0
    changed = (dossier / "reponses.yaml").read_text(encoding="utf-8")
    assert changed.startswith("# À garder.\npoints:")
    assert "conforme" not in changed


def test_a_single_file_keeps_its_comments(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """In a dossier of one file the answers are a section of it; the rest keeps its bytes."""
    path = tmp_path / "r.yaml"
    before = (ROOT / "examples/petite-residence.yaml").read_text(encoding="utf-8")
    head, _, tail = before.partition("reponses:")
    assert tail, "the example answers its points"
    kept = head.rstrip().replace("\n", "\r\n")
    path.write_bytes(f"{kept}\r\n# fin\r\n".encode())
    blank = tmp_path / "g.xlsx"
    assert program("grille", str(path), "--date", "2026-09-30", "-o", str(blank)).returncode == 0
    book = load_workbook(blank)
    book["Points"]["H2"], book["Visite"]["B2"] = "conforme", datetime(2026, 9, 20)
    book.save(tmp_path / "f.xlsx")
    done = program("grille", str(path), "--date", "2026-09-30", "--reprendre", str(tmp_path / "f.xlsx"))
    assert done.returncode == 0, done.stderr.decode()
    after = path.read_bytes().decode()
    lines = after.split("\n")
    assert set(f"{kept}\r\n# fin\r\n".split("\n")) <= set(lines)
    assert "reponses:\r" in lines
    assert after.endswith("# fin\r\n")
    assert program("valider", str(path)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["examples/benjoin", "--logements", "103", "--tirage", "2"], 2, "par --logements, ou par --tirage"),
        (["examples/benjoin", "--graine", "x"], 2, "par --logements, ou par --tirage"),
        (["examples/benjoin", "--logements", "999"], 2, "ne liste pas de logement « 999 »"),
        (["examples/benjoin", "--tirage", "45"], 2, "On ne peut pas tirer 45"),
        (["examples/benjoin", "--tirage", "0"], 2, "On ne peut pas tirer 0"),
        (["examples/benjoin", "--remplacer"], 2, "va avec « --reprendre »"),
        (["examples/benjoin", "--reprendre", "f.xlsx", "--tirage", "2"], 2, "lit une grille remplie"),
        (["examples/benjoin", "--reprendre", "nulle-part.xlsx"], 3, "n’a pas été reprise"),
        (["examples/benjoin", "--reprendre", "README.md"], 3, "n’est pas une grille de visite"),
        (["examples/invalide"], 3, "examples/invalide/residence.yaml"),
        (["examples"], 2, "dossiers"),
    ],
)
def test_refusals(
    program: Callable[..., subprocess.CompletedProcess[bytes]], arguments: list[str], code: int, said: str
) -> None:
    """What cannot be done is refused in French, by its code, and nothing is written."""
    done = program("grille", *arguments, "--date", "2026-09-30")
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr.decode().replace("\u00a0", " ")
    assert "Traceback" not in done.stderr.decode()


def test_a_filled_workbook_is_never_written_over(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Neither another sheet nor a report replaces a workbook that may hold what was seen."""
    path = tmp_path / "g.xlsx"
    command = ("grille", "examples/benjoin-fautif", "--date", "2026-09-30", "-o", str(path))
    assert program(*command).returncode == 0
    before = path.read_bytes()
    assert program(*command).returncode == 3
    audit_ = ("audit", "examples/benjoin", "--date", "2026-09-30", "-o", str(path))
    assert program(*audit_).returncode == 3
    assert path.read_bytes() == before
