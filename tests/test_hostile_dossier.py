"""A dossier with an attack in every free text comes out inert of every command and format, read by other readers."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from hostile import ATTACKS, CARRIED, write_hostile_dossier, write_hostile_ruleset

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.cli.session import Session

    Run = Callable[..., subprocess.CompletedProcess[bytes]]

DAY = ("--date", "2026-09-30")
LATER = ("--date", "2027-04-30")
#: Each command, with the formats it writes; `{}` stands for the dossier, `{before}` and `{after}` for two reports.
COMMANDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "audit": (
        ("audit", "{}", *DAY, "--seuil", "aucun", "--tout", "-r", "reunion", "-r", "accompagnement"),
        ("terminal", "html", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv", "xlsx"),
    ),
    "diffusion": (
        ("audit", "{}", *DAY, "--seuil", "aucun", "--diffusion"),
        ("terminal", "html", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv", "xlsx"),
    ),
    "pieces": (("pieces", "{}", *DAY), ("terminal", "html", "json", "markdown", "csv")),
    "grille": (("grille", "{}", *DAY, "--tirage", "3"), ("terminal", "html", "xlsx")),
    "calendrier": (("calendrier", "{}", *DAY), ("terminal", "html", "ics")),
    "comparer": (("comparer", "{before}", "{after}"), ("terminal", "html", "json", "markdown")),
}
#: Those that print on the standard output alone.
PRINTED: dict[str, tuple[str, ...]] = {
    "valider": ("valider", "{}"),
    "expliquer": ("expliquer", "depot-maximum", "--dossier", "{}", "--objet", "C-022", *DAY),
}
WRITTEN = [(name, kind) for name, (_, kinds) in COMMANDS.items() for kind in kinds]
_UNSEEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
_TAGS = frozenset(
    re.findall(
        r"\w+",
        "html head meta title style body a header p h1 h2 h3 h4 nav ul ol li main section div dl dt dd table caption "
        "colgroup col thead tbody tr th td span article figure figcaption details summary svg desc text line rect "
        "path circle footer strong em br time label g",
    )
)
_FORMULA = re.compile(r"[=+\-@\t\r]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, session: Session) -> Path:
    """Write the hostile dossier."""
    made = tmp_path_factory.mktemp("hostile") / "dossier"
    made.mkdir()
    write_hostile_dossier(made, session)
    (made / "residence.yaml").rename(made.parent / "hostile.yaml")
    return made.parent


@pytest.fixture(scope="module")
def written(folder: Path, program: Run) -> dict[tuple[str, str], bytes]:
    """Run every command once, and keep each format it wrote and what it said beside."""
    dossier = str(folder / "hostile.yaml")
    reports = {}
    for name, day in (("before", DAY), ("after", LATER)):
        reports[name] = str(folder / f"{name}.json")
        run = program("audit", dossier, *day, "--seuil", "aucun", "-o", reports[name])
        assert run.returncode == 0, run.stderr
    found: dict[tuple[str, str], bytes] = {}
    for name, (arguments, kinds) in COMMANDS.items():
        paths = {kind: folder / f"{name}.{kind}" for kind in kinds}
        filled = [one.format(dossier, **reports) for one in arguments]
        run = program(*filled, *(f"-o{kind}:{path}" for kind, path in paths.items()))
        assert run.returncode in {0, 1}, run.stderr
        found[name, "messages"] = run.stdout + run.stderr
        found |= {(name, kind): path.read_bytes() for kind, path in paths.items()}
    for name, arguments in PRINTED.items():
        run = program(*(one.format(dossier) for one in arguments))
        assert run.returncode == 0, run.stderr
        found[name, "messages"] = run.stdout + run.stderr
    return found


def test_every_free_text_it_has_holds_an_attack(tmp_path: Path, session: Session) -> None:
    """The attacks are in the texts of every section, and every attack is somewhere."""
    sown = write_hostile_dossier(tmp_path, session)
    text = (tmp_path / "residence.yaml").read_text("utf-8")

    assert len(sown) > 80
    assert {one.partition(".")[0] for one in sown} >= {
        "residence",
        "batiment",
        "contrats",
        "finances",
        "controle",
    }
    for attack in ATTACKS:
        assert json.dumps(attack)[1:-1].partition("\\udb")[0] in text


@pytest.mark.parametrize(
    ("name", "kind"),
    [one for one in WRITTEN if one[1] != "xlsx"] + [(name, "messages") for name in (*COMMANDS, *PRINTED)],
)
def test_nothing_unseen_comes_out(written: dict[tuple[str, str], bytes], name: str, kind: str) -> None:
    """No control character, escape sequence, direction mark or invisible sign is written as it is."""
    text = written[name, kind].decode("utf-8-sig").replace("\r\n", "\n")

    assert not _UNSEEN.search(text), _UNSEEN.search(text)
    assert "\r" not in text


#: What shows no free text of this dossier: nothing of it can come out of there.
SILENT = {("audit", "gitlab"), ("pieces", "csv")}


@pytest.mark.parametrize(("name", "kind"), [one for one in WRITTEN if one[1] not in {"xlsx", "sarif", "ics"}])
def test_the_attacks_were_there(written: dict[tuple[str, str], bytes], name: str, kind: str) -> None:
    """What is inert was given: each format shows some text of the dossier."""
    text = written[name, kind].decode("utf-8")

    found = re.search(r"alert|z.{0,6}\.invalid|END:VEVENT|SUM|7\*7|fdp", text.replace("\\", ""))
    assert name == "diffusion" or bool(found) is ((name, kind) not in SILENT)


@dataclass
class _Elements(HTMLParser):
    """Notes the elements, attributes and addresses of a page as a browser would find them."""

    found: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in {"href", "src"}}


@pytest.mark.parametrize(("name", "kind"), [one for one in WRITTEN if one[1] == "html"])
def test_pages_hold_no_element_of_the_dossier(
    written: dict[tuple[str, str], bytes], name: str, kind: str
) -> None:
    """A page has the elements and attributes of our templates alone, its links stay in it, its policy is first."""
    text = written[name, kind].decode("utf-8")
    page = _Elements()
    page.feed(text)

    assert page.found <= _TAGS, page.found - _TAGS
    assert not [one for one in page.attributes if one.startswith("on") or one in {"style", "src", "srcset"}]
    assert all(link.startswith("#") for link in page.links), page.links
    assert text.index("Content-Security-Policy") < text.index("<style")
    assert text.count("</style>") == text.count("<style") == 1


@pytest.mark.parametrize(("name", "kind"), [one for one in WRITTEN if one[1] in {"json", "sarif", "gitlab"}])
def test_json_is_read(written: dict[tuple[str, str], bytes], name: str, kind: str) -> None:
    """What is JSON is read as JSON."""
    assert json.loads(written[name, kind])


def test_sarif_markdown_is_inert(written: dict[tuple[str, str], bytes]) -> None:
    """The Markdown of SARIF holds no link, picture or HTML of the dossier."""
    for name in ("audit", "diffusion"):
        run = json.loads(written[name, "sarif"])["runs"][0]
        told = [one["help"]["markdown"] for one in run["tool"]["driver"]["rules"] if "help" in one]
        told += [one["message"]["markdown"] for one in run["results"] if "markdown" in one["message"]]

        assert told
        assert not [one for one in told if re.search(r"(?<!\\)\]\((?!#)|<(?!br>)[a-z/!]", one)]


def test_markdown_is_inert(written: dict[tuple[str, str], bytes]) -> None:
    """A reader of Markdown finds no link, picture or HTML of the dossier."""
    reader = MarkdownIt("gfm-like", {"linkify": False})
    for name in ("audit", "diffusion", "pieces", "comparer"):
        page = _Elements()
        page.feed(reader.render(written[name, "markdown"].decode("utf-8")))

        assert not page.found & {"script", "img", "style", "svg", "iframe"}
        assert not [one for one in page.links if not one.startswith("#")], page.links
        assert not [one for one in page.attributes if one.startswith("on")]


@pytest.mark.parametrize("name", ["audit", "diffusion"])
def test_xml_is_read(written: dict[tuple[str, str], bytes], name: str) -> None:
    """A reader of JUnit finds our suites and cases, and as many failures as the report says."""
    root = Tree.fromstring(written[name, "junit"])  # noqa: S314 - written just now

    assert {one.tag for one in root.iter()} <= {
        *("testsuites", "testsuite", "testcase", "properties", "property"),
        *("failure", "error", "skipped", "system-out", "system-err"),
    }
    assert int(root.get("failures", "0")) == len(list(root.iter("failure")))


@pytest.mark.parametrize(("name", "kind"), [one for one in WRITTEN if one[1] == "csv"])
def test_csv_has_no_formula(written: dict[tuple[str, str], bytes], name: str, kind: str) -> None:
    """No cell begins as a formula unless it is a number, and each line has its columns."""
    rows = list(csv.reader(io.StringIO(written[name, kind].decode("utf-8-sig"), newline=""), delimiter=";"))
    cells = [cell for row in rows for cell in row]

    assert len({len(row) for row in rows}) == 1
    assert [one for one in cells if _FORMULA.match(one) and not re.fullmatch(r"-?[\d\s,]+", one)] == []


@pytest.mark.parametrize(("name", "kind"), [one for one in WRITTEN if one[1] == "xlsx"])
def test_workbooks_have_no_formula(written: dict[tuple[str, str], bytes], name: str, kind: str) -> None:
    """No cell is a formula or a link."""
    book = load_workbook(io.BytesIO(written[name, kind]))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]

    assert cells
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]


@pytest.mark.parametrize("name", ["audit", "diffusion"])
def test_the_dossier_commands_nothing(written: dict[tuple[str, str], bytes], name: str) -> None:
    """The only commands of the log of a job are ours: an annotation with its file or its title."""
    lines = written[name, "github"].decode("utf-8").splitlines()
    commands = [line for line in lines if re.match(r"\s*(::|##\[)", line)]

    assert commands
    assert all(re.match(r"::(error|warning|notice) (file|title)=", line) for line in commands)


def test_the_calendar_holds_its_events_alone(written: dict[tuple[str, str], bytes]) -> None:
    """No text of the dossier opens or closes a component of the calendar."""
    text = written["calendrier", "ics"].decode("utf-8").replace("\r\n ", "")
    lines = text.replace("\r\n", "\n").split("\n")

    assert [line for line in lines if line.startswith("BEGIN:")].count("BEGIN:VCALENDAR") == 1
    assert {line for line in lines if line.startswith(("BEGIN:", "END:"))} <= {
        f"{edge}:{part}"
        for edge in ("BEGIN", "END")
        for part in ("VCALENDAR", "VEVENT", "VALARM", "VTIMEZONE")
    }
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 0
    assert all(re.match(r"[A-Z-]+[;:]", line) for line in lines if line)


def _is_inert(text: str) -> None:
    page = _Elements()
    page.feed(text)
    assert page.found <= _TAGS, page.found - _TAGS
    assert not [one for one in page.attributes if one.startswith("on") or one in {"style", "src", "srcset"}]
    assert not [one for one in page.links if not re.fullmatch(r"#[^:]*|[ab]\.html", one)], page.links
    assert text.count("</style>") == text.count("<style") == 1
    assert not _UNSEEN.search(text.replace("\r\n", "\n"))


@pytest.mark.parametrize(
    "tables",
    [
        ("--envoi", "15-novembre"),
        ("--fiche", "convention"),
        ("--plateforme", "logements"),
        ("--plateforme", "locaux-collectifs"),
    ],
)
def test_what_is_sent_holds_no_formula_and_nothing_unseen(
    folder: Path, program: Run, tables: tuple[str, str]
) -> None:
    """No cell of the tables sent to an administration is a formula, a link or an invisible sign."""
    target = folder / f"{tables[1]}.xlsx"
    run = program("exporter", str(folder / "hostile.yaml"), *tables, *DAY, "-o", str(target))
    assert run.returncode == 0, run.stderr
    cells = [cell for page in load_workbook(target) for row in page.iter_rows() for cell in row]

    assert any(cell.value is not None for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert not [cell.value for cell in cells if isinstance(cell.value, str) and _UNSEEN.search(cell.value)]


def test_a_dossier_exported_has_no_formula(tmp_path: Path, session: Session, program: Run) -> None:
    """Texts that a workbook carries stay texts; those it would lose are refused, and nothing is written."""
    write_hostile_dossier(tmp_path, session, CARRIED)
    (tmp_path / "residence.yaml").rename(tmp_path / "d.yaml")
    run = program("exporter", str(tmp_path / "d.yaml"), "-o", str(tmp_path / "d.xlsx"))
    assert run.returncode == 0, run.stderr
    cells = [cell for page in load_workbook(tmp_path / "d.xlsx") for row in page.iter_rows() for cell in row]
    assert any("alert(1)" in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]

    write_hostile_dossier(tmp_path, session)
    (tmp_path / "residence.yaml").rename(tmp_path / "lost.yaml")
    run = program("exporter", str(tmp_path / "lost.yaml"), "-o", str(tmp_path / "lost.xlsx"))
    assert (run.returncode, (tmp_path / "lost.xlsx").exists()) == (3, False)
    assert not _UNSEEN.search(run.stderr.decode())


def test_the_guide_of_a_hostile_ruleset_is_inert(tmp_path: Path, program: Run) -> None:
    """The guide holds none of the elements that the titles of a référentiel write."""
    write_hostile_ruleset(tmp_path / "r/accompagnement")
    target = tmp_path / "guide.html"
    ruleset = str(tmp_path / "r/accompagnement")
    run = program("regles", "-r", ruleset, "--guide", *DAY, "-o", str(target))
    assert run.returncode == 0, run.stderr

    assert "alert(1)" in target.read_text("utf-8")
    _is_inert(target.read_text("utf-8"))


def test_a_portfolio_is_inert(folder: Path, program: Run) -> None:
    """The page of a portfolio and its JSON hold nothing that a dossier, its name included, could make act."""
    text = (folder / "hostile.yaml").read_bytes()
    names = ("a.yaml", "b.yaml", "<img src=x onerror=alert(1)>.yaml")
    for name in names:
        (folder / name).write_bytes(text)
    (folder / "parc").mkdir()
    run = program(
        "audit",
        *(str(folder / name) for name in names),
        *(*DAY, "--seuil", "aucun", "-o", f"html:{folder / 'parc'}/", "-o", f"json:{folder / 'parc.json'}"),
    )
    assert run.returncode == 0, run.stderr
    text_of_index = (folder / "parc/index.html").read_text("utf-8")
    page = _Elements()
    page.feed(text_of_index)

    # The page sorts and filters: its script and its boxes are ours, and one script alone is there.
    assert page.found <= _TAGS | {"script", "fieldset", "legend", "input"}, page.found - _TAGS
    assert text_of_index.count("<script") == text_of_index.count("</script>") == 1
    assert not [one for one in page.attributes if one.startswith("on") or one in {"style", "src", "srcset"}]
    assert all(re.fullmatch(r"(#|[^:/]+\.html)[^:]*", link) for link in page.links), page.links
    assert text_of_index.count("</style>") == text_of_index.count("<style") == 1
    written = [text_of_index, (folder / "parc.json").read_text("utf-8"), (run.stdout + run.stderr).decode()]
    assert not [found for one in written if (found := _UNSEEN.search(one))]
    json.loads(written[1])


def test_a_report_reproduced_is_told_inert(folder: Path, program: Run) -> None:
    """What `rejouer` says of a report, reproduced or not, holds no sign unseen."""
    dossier, report = folder / "again.yaml", folder / "again.json"
    dossier.write_bytes((folder / "hostile.yaml").read_bytes())
    assert program("audit", str(dossier), *DAY, "--seuil", "aucun", "-o", str(report)).returncode == 0
    same = program("rejouer", str(report), str(dossier))
    known = json.loads(report.read_text("utf-8"))
    report.write_text(json.dumps(known).replace("alert(1)", "alert(2)"), encoding="utf-8")
    other = program("rejouer", str(report), str(dossier))

    assert (same.returncode, other.returncode) == (0, 1), other.stderr
    for run in (same, other):
        assert not _UNSEEN.search((run.stdout + run.stderr).decode())
