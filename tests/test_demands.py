"""What to ask for: every undecided constat is covered, by piece and by holder; what is there is not asked again."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from conftest import ROOT
from output.sample import HOSTILE, invalid_report, sample_report
from rsaudit.cli.session import Session
from rsaudit.demands import State, demand
from rsaudit.engine import audit
from rsaudit.loading import find_dossiers
from rsaudit.model import Missing, Piece, Report, Source, Verdict
from rsaudit.output.demands import render
from rsaudit.reception import receive

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

DAY = date(2026, 9, 30)
_SESSION = Session()
_RULESETS = _SESSION.rulesets([], with_cases=False)
FORMATS = ("terminal", "markdown", "html", "json", "csv")
DATUM = "residence.conventions_apl.date_signature"


def _audited(example: str) -> Report:
    dossier = receive(find_dossiers(ROOT / "examples" / example)[0][0], _SESSION.schemas)
    return audit(dossier, _RULESETS, as_of=DAY, vocabulary=_SESSION.vocabulary)


def _lacking(*missing: Missing, pieces: tuple[Piece, ...] = (), name: str = "Essai") -> Report:
    row = sample_report().obligations[0]
    finding = next(one for one in row.findings if one.verdict is Verdict.NON_VERIFIABLE)
    found = replace(finding, missing=missing, reason=None)
    rows = (replace(row, findings=(found,)),)
    return replace(sample_report(), obligations=rows, pieces=pieces, example_notice=None, dossier=name)


def _missing(**given: Any) -> Missing:
    return Missing(**{"path": DATUM, "title": "Signée le", "natures": ("CAPL",), **given})


def _states(report: Report) -> list[tuple[State, tuple[str, ...]]]:
    return [(one.state, one.pieces) for one in demand(report, _SESSION.vocabulary).requests]


@pytest.mark.parametrize("example", ["identite-seule.yaml", "epicea", "benjoin-fautif"])
def test_every_undecided_constat_is_covered(example: str) -> None:
    """Each `non_verifiable` has all its data asked for, or a line that says why no piece would do."""
    report = _audited(example)
    drawn = demand(report, _SESSION.vocabulary)
    asked = {need.path for request in drawn.requests for need in request.needs}
    loose = {row.title for row in drawn.undecided}
    open_findings = [
        one for row in report.obligations for one in row.findings if one.verdict is Verdict.NON_VERIFIABLE
    ]
    for finding in open_findings:
        data = {
            "".join(part.partition("]")[2] or part for part in gap.path.split("[")) for gap in finding.missing
        }
        assert data & asked or finding.title in loose, finding.identifier
    assert bool(drawn.requests or drawn.undecided) is bool(open_findings)
    paths = [
        (need.title, need.path, request.label, request.state)
        for request in drawn.requests
        for need in request.needs
    ]
    assert len(set(paths)) == len(paths), "each datum is asked once of each piece"


@pytest.mark.parametrize(
    ("missing", "pieces", "expected"),
    [
        (_missing(), (), (State.ABSENT, ())),
        (_missing(), (Piece(ref="P-1", nature="CTYP"),), (State.ABSENT, ())),
        (_missing(), (Piece(ref="P-1", nature="CAPL"),), (State.RECEIVED, ("P-1",))),
        (
            _missing(),
            (Piece(ref="P-1", nature="CAPL", illegible_pages=(7, 8)),),
            (State.ILLEGIBLE, ("P-1 (pages illisibles\u00a0: 7 et 8)",)),
        ),
        (
            _missing(),
            (Piece(ref="P-1", nature="CAPL", legibility="illisible"),),
            (State.ILLEGIBLE, ("P-1 (illisible)",)),
        ),
        (_missing(), (Piece(ref="P-1", nature="CAPL", legibility="complete"),), (State.RECEIVED, ("P-1",))),
        # The page cited beside the datum decides for a piece that is read only in part.
        (
            _missing(source=Source(piece="P-1", page="3")),
            (Piece(ref="P-1", nature="CAPL", illegible_pages=(7,)), Piece(ref="P-2", nature="CAPL")),
            (State.ILLEGIBLE, ("P-1 (page illisible\u00a0: 7)",)),
        ),
        (
            _missing(source=Source(piece="P-1", page="7")),
            (Piece(ref="P-1", nature="RINT", illegible_pages=(7,)),),
            (State.ILLEGIBLE, ("P-1 (page illisible\u00a0: 7)",)),
        ),
        (_missing(silent=True), (Piece(ref="P-1", nature="CAPL"),), (State.SILENT, ("P-1",))),
    ],
)
def test_an_absent_piece_is_not_an_illegible_page(
    missing: Missing, pieces: tuple[Piece, ...], expected: tuple[State, tuple[str, ...]]
) -> None:
    """Absent, illegible, silent, or there and still to be read: four things to do, never mixed."""
    assert _states(_lacking(missing, pieces=pieces)) == [expected]


def test_an_illegible_piece_is_asked_as_itself() -> None:
    """A better copy is asked of the piece that was cited, once for all the data it should give."""
    copy = Piece(ref="P-1", nature="FICH", legibility="partielle")
    gaps = [_missing(path=f"residence.{name}", source=Source(piece="P-1")) for name in ("nom", "commune")]
    (request,) = demand(_lacking(*gaps, pieces=(copy,)), _SESSION.vocabulary).requests
    assert (request.state, request.natures, len(request.needs)) == (State.ILLEGIBLE, ("FICH",), 2)


def test_who_holds_a_piece_comes_from_the_schemas() -> None:
    """A piece is asked of whoever holds it first, and says who else has it."""
    plan, convention = _missing(natures=("PLAN",), path="batiment.x"), _missing()
    found = demand(_lacking(convention, plan), _SESSION.vocabulary).requests
    assert [one.holder for one in found] == ["le gestionnaire", "le propriétaire"]
    assert "le propriétaire" in found[0].also
    text = str(render("terminal", [demand(_lacking(convention, plan), _SESSION.vocabulary)]))
    assert text.index("À DEMANDER AU GESTIONNAIRE") < text.index("À DEMANDER AU PROPRIÉTAIRE")


def test_one_datum_is_said_once_for_all_its_rows() -> None:
    """Forty contracts that lack one datum make one line that names them."""
    gaps = [
        _missing(path=f"contrats.contrats[C-{rank:03d}].redevance", title="Redevance") for rank in range(40)
    ]
    (request,) = demand(_lacking(*gaps), _SESSION.vocabulary).requests
    (need,) = request.needs
    assert need.subjects[0] == "C-000"
    assert len(need.subjects) == 40
    assert need.path == "contrats.contrats.redevance"
    assert need.title == "Contrats – Redevance"


def test_what_no_piece_would_lift_stands_apart() -> None:
    """A value that the law no longer gives is asked of nobody."""
    lapsed = Missing(path="plafond", title="plafond", reason="aucune valeur connue au 30/09/2026")
    drawn = demand(_lacking(lapsed), _SESSION.vocabulary)
    assert drawn.requests == ()
    assert drawn.undecided[0].reasons == ("plafond (aucune valeur connue au 30/09/2026)",)


@pytest.mark.parametrize("name", FORMATS)
def test_a_hostile_dossier_is_inert(name: str) -> None:
    """Nothing of a dossier opens markup, a formula or a line of its own."""
    hostile = _lacking(
        _missing(title=HOSTILE, reason=HOSTILE),
        pieces=(Piece(ref="=1+1", nature="CAPL", title=HOSTILE, illegible_pages=(1,)),),
        name=HOSTILE,
    )
    written = render(name, [demand(hostile, _SESSION.vocabulary)])
    text = written.decode() if isinstance(written, bytes) else written
    assert "\x1b" not in text
    assert "\u202e" not in text
    if name in {"html", "markdown"}:
        assert "<script>" not in text
    if name == "json":
        json.loads(text)
    if name == "csv":
        assert ";=1+1" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_an_invalid_dossier_is_said(name: str) -> None:
    """A dossier that could not be judged asks for nothing, and says why where someone reads."""
    text = render(name, [demand(invalid_report(), _SESSION.vocabulary)])
    if name in {"terminal", "markdown", "html"}:
        assert "Dossier non examiné" in str(text)


# -- the command ---------------------------------------------------------------------------------------------


def test_the_list_of_a_bare_dossier(program: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """A dossier that says nothing but its identity is told every piece to bring."""
    done = program("pieces", "examples/identite-seule.yaml", "--date", "2026-09-30")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    for said in ("AGR (agrément)", "CTYP (contrat type)", "PLAN (plans", "Gestionnaire – Statut"):
        assert said in text


def test_every_format_in_one_run(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Several dossiers make one document in each format, the same bytes twice; another's file is kept."""
    names = ("p.txt", "p.md", "p.html", "p.json", "p.csv")
    command = (
        *("pieces", "examples/identite-seule.yaml", "examples/benjoin", "--date", "2026-09-30"),
        *(f"-o{tmp_path / name}" for name in names),
    )
    assert program(*command).returncode == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(first) == sorted(names)
    assert program(*command).returncode == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    data = json.loads(first["p.json"])
    assert [len(one["demandes"]) > 0 for one in data["residences"]] == [True, False]
    mine = tmp_path / "mien.md"
    mine.write_text("# Mes notes\n", encoding="utf-8")
    assert program(*command, "-o", str(mine)).returncode == 3
    assert mine.read_text(encoding="utf-8") == "# Mes notes\n"


def test_invalid_dossiers_give_their_errors(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """An invalid dossier gives 3 and its errors on the error stream."""
    done = program("pieces", "examples/invalide", "--date", "2026-09-30")
    assert done.returncode == 3
    assert "examples/invalide/residence.yaml" in done.stderr.decode()
