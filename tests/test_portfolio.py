"""Several dossiers in one run: joined where a format's readers expect it, one file each elsewhere."""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
import shutil
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from output.sample import hostile_report, invalid_report, sample_report
from rsaudit.cli.judging import Judge, Orders
from rsaudit.engine import AuditOptions
from rsaudit.loading import find_dossiers, owners
from rsaudit.messages import count_noun
from rsaudit.model import Fingerprint, RenderOptions, Severity, Verdict
from rsaudit.output.json_report import parse_all, render_without_passes
from rsaudit.output.portfolio_index import (
    Deadline,
    Index,
    Totals,
    gravest_first,
    next_deadlines,
    render_index,
    rules_in_breach,
    shared_breaches,
    state_of,
    summarise,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable

    from rsaudit.cli.session import Session
    from rsaudit.output.portfolio_index import Entry

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = RenderOptions()

DAY = ("--date", "2026-09-30", "--seuil", "aucun")
TWO = ("examples/benjoin-fautif", "examples/petite-residence.yaml")


def test_machine_formats_hold_every_dossier(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """SARIF, JUnit, GitLab and CSV hold all the dossiers of a run in one well-formed file."""
    outputs = [f"-o{name}:{tmp_path / name}" for name in ("sarif", "junit", "gitlab", "csv")]
    run = program("audit", *TWO, *DAY, *outputs)
    assert run.returncode == 0, run.stderr

    assert len(json.loads((tmp_path / "sarif").read_bytes())["runs"]) == 2
    junit = Tree.fromstring((tmp_path / "junit").read_bytes())  # noqa: S314 - written just now
    assert int(junit.get("tests", "0")) == len(list(junit.iter("testcase")))
    assert isinstance(json.loads((tmp_path / "gitlab").read_bytes()), list)
    rows = list(csv.reader(io.StringIO((tmp_path / "csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert sum(row == rows[0] for row in rows) == 1


def test_a_folder_gets_one_report_a_dossier(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """`-o html:dossier/` writes one report for each dossier audited."""
    run = program("audit", *TWO, *DAY, "-o", f"html:{tmp_path}/", "-o", f"json:{tmp_path}/")

    assert run.returncode == 0, run.stderr
    assert len(list(tmp_path.glob("*.html"))) == 3  # and their index
    assert all(json.loads(path.read_bytes())["version"] for path in tmp_path.glob("*.json"))


def test_one_file_is_refused_before_any_work(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """A format that holds one dossier refuses several, says what to do, and writes nothing."""
    run = program("audit", *TWO, *DAY, "-o", str(tmp_path / "r.html"))

    assert run.returncode == 2
    assert "rapports/" in run.stderr.decode()
    assert not list(tmp_path.iterdir())


# ---- one page for all ----


def entries() -> list[Entry]:
    """Give three dossiers: one with écarts, the same elsewhere with a common block, one invalid."""
    report = sample_report()
    row = next(row for row in report.obligations if row.verdict is Verdict.ECART)
    file = next(one.position.file for one in row.findings if one.verdict is Verdict.ECART and one.position)
    common = Fingerprint(file=file, sha256="a" * 64, role="commun")
    reports = [
        replace(report, path="parc/a", dossier="A", fingerprints=(common,)),
        replace(report, path="parc/b", dossier="B", fingerprints=(common,)),
        replace(invalid_report(), path="parc/c", dossier="C"),
    ]
    return [summarise(one, OPTIONS) for one in reports]


def totals_of(entries: Iterable[Entry]) -> str:
    """Fold dossiers into the totals of a terminal."""
    totals = Totals()
    for entry in entries:
        totals.add(entry)
    return totals.render()


def test_a_rule_is_one_row_with_its_dossiers() -> None:
    """Each rule in écart is told once, with every dossier where it is."""
    rows = rules_in_breach(entries())

    assert len({row.rule for row in rows}) == len(rows)
    assert all([entry.path for entry, _ in row.where] == ["parc/a", "parc/b"] for row in rows)
    assert rows[0].severity is Severity.MAJEUR


def test_a_breach_of_a_common_block_is_told_once() -> None:
    """A breach written in a common block is one row, with the residences that take it."""
    rows = shared_breaches(entries())

    assert rows
    assert all([entry.path for entry in row.where] == ["parc/a", "parc/b"] for row in rows)
    alone = [replace(one, shared=()) if one.path == "parc/b" else one for one in entries()]
    assert all([entry.path for entry in row.where] == ["parc/a"] for row in shared_breaches(alone))


def test_deadlines_are_those_to_come() -> None:
    """The page tells deadlines from the day of the audit on, the nearest first, across the dossiers."""
    found = next_deadlines(entries())

    days = [one.day for one, _ in found]
    assert days == sorted(days)
    assert all(one.day >= entry.audit_date for one, entry in found)


@given(st.lists(st.lists(st.tuples(st.integers(0, 40), st.sampled_from("AB")), max_size=8), max_size=12))
def test_totals_are_those_of_all_the_dossiers(days: list[list[tuple[int, str]]]) -> None:
    """Folded as the dossiers pass, in whatever order, the totals tell the nearest deadlines and the counts of all."""
    first = entries()[0]
    passing = [
        replace(
            first,
            path=f"parc/{rank:02d}",
            deadlines=tuple(
                Deadline(day=first.audit_date + timedelta(days=day), title=title) for day, title in coming
            ),
        )
        for rank, coming in enumerate(days)
    ]
    nearest = next_deadlines(passing)[:10]

    for order in (passing, passing[::-1]):
        lines = totals_of(order).splitlines()
        told = [line for line in lines if line.startswith("- ") and line[2].isdigit()]

        assert [f"- {one.day:%d/%m/%Y}\u00a0: {one.title} ({entry.path})" for one, entry in nearest] == told
        assert lines[1].startswith(count_noun(len(passing), "dossier examiné", "dossiers examinés"))
        assert sum(first.breaches.values()) * len(passing) == sum(
            int(number.replace("\u202f", ""))
            for number in re.findall(r"([\d\u202f]+)\u00a0écarts? ", lines[2])
        )


def test_totals_keep_only_what_they_print() -> None:
    """Nothing is kept of a dossier told; its path alone if it takes a breach of a common block."""
    first = entries()[0]
    alone = replace(first, shared=())

    assert kept_of(alone, 2000) == pytest.approx(kept_of(alone, 20), abs=20)
    assert kept_of(first, 2000) - kept_of(first, 20) < 1980 * 20
    assert len(first.shared) > 1


def kept_of(entry: Entry, dossiers: int) -> int:
    """Weigh what totals keep of so many dossiers, each with its own path, name, headline, deadlines and numbers."""
    totals = Totals()
    for rank in range(dossiers):
        totals.add(
            replace(
                entry,
                path=f"parc/{rank:04d}",
                name=f"Résidence {rank}",
                headline=f"{rank} écarts",
                obligations=dict(entry.obligations),
                failures=tuple(replace(one, number=f"E-{rank}") for one in entry.failures),
                deadlines=tuple(replace(one, title=f"{one.title} {rank}") for one in entry.deadlines),
            )
        )
    return len(pickle.dumps(totals))


def test_the_page_keeps_once_what_dossiers_have_alike() -> None:
    """The page is the same whether equal parts of its dossiers are one object or several."""
    index = Index()
    for entry in entries():
        index.add(entry, f"{entry.name}.html")

    assert index.render(public=False) == render_index(
        [replace(entry, file=f"{entry.name}.html") for entry in entries()], public=False
    )


def test_what_no_format_shows_is_not_made(session: Session) -> None:
    """What a portfolio shows of a dossier is made for the lines of a terminal and the index of pages alone."""
    (reference,), _ = find_dossiers(ROOT / "examples" / "identite-seule.yaml")

    def shown(name: str, *, joined: bool) -> bool:
        judge = Judge(Orders(day=date(2026, 9, 30), named=(), options=AuditOptions(), portfolio=True))
        judge.session = session
        judge.orders = replace(judge.orders, formats=(name,), joined=(joined,))
        return judge(reference).entry is not None

    assert shown("terminal", joined=True)
    assert shown("html", joined=False)
    assert not shown("json", joined=True)
    assert not shown("terminal", joined=False)


def test_a_dossier_not_examined_is_never_last_nor_clean() -> None:
    """An invalid dossier comes first, says its errors, and is filtered apart from those without écart."""
    ordered = gravest_first(entries())

    assert [state_of(one) for one in ordered] == ["invalide", "majeur", "majeur"]
    assert "20" not in ordered[0].headline
    assert "erreur" in ordered[0].headline
    assert "1\u00a0dossier non examiné" in totals_of(entries())


def test_the_page_is_inert_and_whole_without_script() -> None:
    """Its policy allows one style and one script by their hash; every dossier is in the page that no script has run."""
    links = {"parc/a": "parc-a.html", "parc/b": "parc-b.html"}
    told = [replace(one, file=links.get(one.path)) for one in entries()]
    page = render_index([*told, summarise(hostile_report(), OPTIONS)], public=False)
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])  # type: ignore[index]

    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; "
        r"script-src 'sha256-[^']+'",
        policy,
    )
    assert page.count("<script") == 1
    assert not re.search(r"<[^<>]*\son\w+=", page)
    addresses = re.findall(r'<[^<>]*\s(?:href|src)="([^"]*)"', page)
    assert set(addresses) - set(links.values()) <= {
        "#contenu",
        "#dossiers",
        "#regles",
        "#communs",
        "#echeances",
    }
    assert all(f'href="{link}"' in page for link in links.values())
    assert page.count('<tr class="etat-') == 4


def test_a_report_without_passes_keeps_its_counts() -> None:
    """In a portfolio a report loses its passes, keeps its counts and what is not due yet, and is read back."""
    whole = sample_report()
    (report,) = parse_all(render_without_passes(whole, OPTIONS))
    kept = [one for row in report.obligations for one in row.findings]

    assert report.summary == whole.summary
    assert not any(one.verdict is Verdict.CONFORME for one in kept)
    assert any(one.not_yet_due for one in kept)


@pytest.fixture(scope="module")
def portfolio(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[bytes]]:
    """Audit a folder of dossiers that share a règlement, one of them invalid, into a folder and one file."""
    place = tmp_path_factory.mktemp("parc")
    for name in ("un", "deux"):
        shutil.copytree(ROOT / "examples" / "foyer-soleil", place / "dossiers" / name)
    shutil.move(place / "dossiers" / "un" / "communs", place / "dossiers" / "communs")
    shutil.rmtree(place / "dossiers" / "deux" / "communs")
    common = place / "dossiers" / "communs" / "reglement.yaml"
    text = common.read_text(encoding="utf-8")
    assert "animaux:" in text
    common.write_text(re.sub(r"(?m)^( *animaux:).*$", r"\1 interdits", text), encoding="utf-8")
    shutil.copytree(ROOT / "examples" / "invalide", place / "dossiers" / "faux")
    shutil.copytree(ROOT / "examples" / "invalide", place / "dossiers" / ".cache")
    (place / "rapports").mkdir()
    (place / "rsaudit.toml").write_text("# les blocs communs se cherchent jusqu’ici\n", encoding="utf-8")
    run = program(
        *("audit", "dossiers", *DAY, "-o", "terminal:-", "-o", "html:rapports/", "-o", "json:parc.json"),
        cwd=place,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    return place, run


def test_a_portfolio_is_one_line_each_and_goes_on(
    portfolio: tuple[Path, subprocess.CompletedProcess[bytes]],
) -> None:
    """Each dossier has one line, an invalid one too, and its code is that of the whole; a hidden folder is counted."""
    _, run = portfolio
    lines = run.stdout.decode().splitlines()

    assert run.returncode == 3
    assert [line.split()[0] for line in lines[:3]] == ["dossiers/deux", "dossiers/faux", "dossiers/un"]
    assert "n’a pas été examiné" in lines[1]
    assert "communs/reglement.yaml" in run.stdout.decode()
    assert "dossiers/deux, dossiers/un" in run.stdout.decode()


def test_the_index_links_to_every_report(
    portfolio: tuple[Path, subprocess.CompletedProcess[bytes]],
) -> None:
    """Every link of the index leads to a report written beside it."""
    place, _ = portfolio
    page = (place / "rapports" / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^"#]+)"', page))

    assert links == {path.name for path in (place / "rapports").iterdir()} - {"index.html"}
    assert len(links) == 3


def test_the_file_of_a_portfolio_is_valid_and_followed(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
    portfolio: tuple[Path, subprocess.CompletedProcess[bytes]],
) -> None:
    """One file holds all the reports, each valid; given back with `--depuis`, nothing is new and the code says so."""
    place, _ = portfolio
    data = json.loads((place / "parc.json").read_bytes())
    schema = json.loads((ROOT / "schemas" / "rapport.schema.json").read_text(encoding="utf-8"))
    for report in data["dossiers"]:
        jsonschema.Draft202012Validator(schema).validate(report)
        assert not any(one["verdict"] == "conforme" for one in report["constats"])

    day = ("--date", "2026-09-30")
    where = {"cwd": place, "env": {"PYTHONPATH": str(ROOT / "src")}}
    assert program("audit", "dossiers/un", "dossiers/deux", *day, **where).returncode == 1
    run = program("audit", "dossiers/un", "dossiers/deux", *day, "--depuis", "parc.json", **where)
    assert run.returncode == 0, run.stderr
    assert "masquées" in run.stdout.decode()


def test_two_dossiers_never_share_a_file(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Paths that would give one file name give two: no report replaces another of the same run."""
    source = ROOT / "examples" / "identite-seule.yaml"
    for name in ("a/b.yaml", "a-b.yaml", "index.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(source, tmp_path / name)
    (tmp_path / "r").mkdir()
    run = program(
        *("audit", "a", "a-b.yaml", "index.yaml", *DAY, "-o", "html:r/"),
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "src")},
    )

    assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [
        *("a-b-2.html", "a-b.html", "index-2.html", "index.html")
    ]


def test_dossiers_shown_alike_have_each_their_report(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Dossiers given from elsewhere under one name each have a file, and the index leads each to its own."""
    for name in ("un", "deux", "trois"):
        (tmp_path / name).mkdir()
        text = (ROOT / "examples" / "identite-seule.yaml").read_text(encoding="utf-8")
        renamed = re.sub(r"(?m)^( *nom:).*$", rf"\1 Résidence {name}", text, count=1)
        (tmp_path / name / "dossier.yaml").write_text(renamed, encoding="utf-8")
    given = [str(tmp_path / name / "dossier.yaml") for name in ("un", "deux", "trois")]
    (tmp_path / "r").mkdir()
    run = program(
        *("audit", *given, *DAY, "-o", "html:./"), cwd=tmp_path / "r", env={"PYTHONPATH": str(ROOT / "src")}
    )
    assert run.returncode == 0, run.stderr

    index = (tmp_path / "r" / "index.html").read_text(encoding="utf-8")
    links = dict(re.findall(r'<th scope="row"><a href="([^"#]+)">([^<]*)</a></th>', index))
    assert sorted(links.values()) == ["Résidence deux", "Résidence trois", "Résidence un"]
    assert all(name in (tmp_path / "r" / file).read_text(encoding="utf-8") for file, name in links.items())


# ---- which dossier a file is of ----


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository: two dossiers that share blocks, a single-file dossier and its table, other files."""
    for name in (
        *("parc/a/residence.yaml", "parc/a/tables/contrats.csv", "parc/b/residence.yaml"),
        *("parc/communs/reglement.yaml", "autres/seul.yaml", "autres/logements.csv", "autres/divers.csv"),
        *("parc/a/communs/propre.yaml", "notes.yaml", "donnees.xlsx"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x: 1\n", encoding="utf-8")
    (tmp_path / "autres/seul.yaml").write_text(
        "residence:\n  nom: x\nbatiment:\n  logements: {fichier: logements.csv}\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "dossiers"),
    [
        ("parc/a/residence.yaml", ["parc/a"]),
        ("parc/a/tables/contrats.csv", ["parc/a"]),
        ("parc/a/deja_supprime.yaml", ["parc/a"]),
        ("parc/communs/reglement.yaml", ["parc/a", "parc/b"]),
        ("parc/a/communs/propre.yaml", ["parc/a"]),
        ("autres/seul.yaml", ["autres/seul.yaml"]),
        ("autres/logements.csv", ["autres/seul.yaml"]),
        ("autres/divers.csv", []),
        ("notes.yaml", []),
        ("donnees.xlsx", []),
    ],
)
def test_a_file_means_its_dossiers(tree: Path, file: str, dossiers: list[str]) -> None:
    """Any file of a dossier means it, a common block all that may take it; any other file none. Absolute or not."""
    assert [one.shown for one in owners(Path(file))] == dossiers
    assert [one.shown for one in owners(tree / file)] == dossiers


def test_from_inside_a_dossier_its_files_mean_it(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from a folder of the dossier, a file still means the dossier around it."""
    monkeypatch.chdir(tree / "parc" / "a" / "tables")

    assert [one.path.resolve() for one in owners(Path("contrats.csv"))] == [tree / "parc" / "a"]
