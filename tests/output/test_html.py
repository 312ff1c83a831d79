"""The HTML report, read back by a parser: closed, escaped, nothing external, counts that add up."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rsaudit.messages.output import GLOSSARY, LIMITS, SELF_CHECK, VERDICT_SIGNS, headline
from rsaudit.model import Fingerprint, RenderOptions, Severity, Verdict
from rsaudit.output.html import css_string, render

from .golden import check_golden
from .sample import (
    clean_report,
    controlled_report,
    hostile_report,
    invalid_report,
    large_report,
    sample_report,
    summarise,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsaudit.model import Report

OPTIONS = RenderOptions()
PUBLIC = RenderOptions(public=True)
MAKERS = [sample_report, controlled_report, clean_report, invalid_report, hostile_report, large_report]
_VOID = frozenset({"meta", "col", "br"})


@dataclass
class Page(HTMLParser):
    """A page as its parser sees it: tags in order, and the text of each element that matters."""

    text: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    style: str = ""
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the whole page."""
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        assert len(dict(attrs)) == len(attrs), "un attribut deux fois"
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")
        if tag not in _VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element of a drawing that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open, and no other."""
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text of the sheet, of the cells and of the page."""
        if self.opened and self.opened[-1] == "style":
            self.style += data
            return
        self.words.append(data)
        if {"th", "td"} & set(self.opened):
            self.rows[-1][-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Give the attributes of the elements of that name."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def shown(self) -> str:
        """Give all the text without its spaces: what is told, not how it is set."""
        return squeezed("".join(self.words))

    def says(self, text: str) -> bool:
        """Say whether a text is shown, whatever its spaces."""
        return squeezed(text) in self.shown


def squeezed(text: str) -> str:
    """Take the spaces out of a text."""
    return "".join(text.split())


def page(report: Report, options: RenderOptions = OPTIONS) -> Page:
    """Write a report and read its page."""
    return Page(render(report, options))


def test_page_is_as_recorded() -> None:
    """The page of the sample is the one that was looked at and accepted."""
    check_golden("rapport.html", render(sample_report(), OPTIONS))


def test_communicable_page_is_as_recorded() -> None:
    """The communicable page of the sample is the one that was looked at and accepted."""
    check_golden("rapport-diffusion.html", render(sample_report(), PUBLIC))


@pytest.mark.parametrize("options", [OPTIONS, PUBLIC])
@pytest.mark.parametrize("make", MAKERS)
def test_structure_is_closed(make: Callable[[], Report], options: RenderOptions) -> None:
    """Elements nest and close, identifiers are unique, links lead somewhere, headings step by one."""
    found = page(make(), options)
    identifiers = [one["id"] for _, one in found.tags if "id" in one]
    labels = [name for _, one in found.tags for name in (one.get("aria-labelledby") or "").split()]
    links = [(one["href"] or "").removeprefix("#") for one in found.named("a")]
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]

    assert found.opened == []
    assert [name for name, number in Counter(identifiers).items() if number > 1] == []
    assert set(labels) | set(links) <= set(identifiers)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("make", MAKERS)
def test_nothing_external_and_no_script(make: Callable[[], Report]) -> None:
    """No script, no style but ours, no address, no event: the page is its one file."""
    found = page(make())
    names = {tag for tag, _ in found.tags}
    attributes = {name for _, one in found.tags for name in one}

    assert not names & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "image", "use"}
    assert not [name for name in attributes if name.startswith("on")]
    assert not attributes & {"src", "style", "srcset", "action", "xlink:href", "background"}
    assert all((one["href"] or "").startswith("#") for one in found.named("a"))
    assert "url(" not in found.style
    assert "@import" not in found.style


@pytest.mark.parametrize("make", MAKERS)
def test_policy_allows_the_one_sheet(make: Callable[[], Report]) -> None:
    """The policy forbids everything but the sheet of the page, named by its hash, and comes before it."""
    found = page(make())
    (policy,) = [one for one in found.named("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    digest = b64encode(hashlib.sha256(found.style.encode()).digest()).decode()

    assert policy["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert [tag for tag, _ in found.tags].index("style") > found.tags.index(("meta", policy))


def test_hostile_texts_stay_texts() -> None:
    """The page of a hostile dossier has the same elements as that of the sample."""
    report = replace(hostile_report(), fingerprints=sample_report().fingerprints)
    hostile, plain = page(report), page(sample_report())
    tables = Counter(tag for tag, _ in hostile.tags if tag not in {"span"})

    assert tables == Counter(tag for tag, _ in plain.tags if tag not in {"span"})
    assert hostile.says("<script>alert(1)</script>")


def test_running_header_is_inert() -> None:
    """The name in the running header can neither close its string nor the sheet."""
    written = css_string('"}</style><script>\\a\n')

    assert re.fullmatch(r'"(?:[A-Za-z0-9]|\\[0-9a-f]{6})*"', written)
    assert css_string("Les Filaos") == '"Les\\000020Filaos"'


@pytest.mark.parametrize("make", [sample_report, controlled_report, clean_report])
def test_first_part_says_what_it_is(make: Callable[[], Report]) -> None:
    """Page one has the residence, the frame, the référentiels, dates, samples, headline and limits."""
    report = make()
    header, contents, *parts = re.split(r"(?:1\.Synthèse)", page(report).shown)
    first = header + parts[0].split("2.Écartsetremarques")[0]

    for text in (report.dossier, headline(report), LIMITS, "version 2024.1 du 06/05/2024", "30/09/2026"):
        assert squeezed(text) in first
    assert "40contratsexaminéssur44" in first
    assert ("Contrôleconduitpar" in first) == (report.control.frame == "controle")
    assert (squeezed(SELF_CHECK) in first) == (report.control.frame == "autocontrole")
    assert squeezed(report.example_notice or "") in first
    assert contents


def test_counts_add_up() -> None:
    """The two columns of counts end with their own sums."""
    report = sample_report()
    rows = [row for row in page(report).rows if len(row) == 3 and row[1].strip().isdigit()]
    counted = [row for row in rows if row[0][:1] in set(VERDICT_SIGNS.values())]
    (total,) = [row for row in rows if row[0] == "Total"]

    assert [int(total[1]), int(total[2])] == [sum(int(row[at]) for row in counted) for at in (1, 2)]
    assert int(total[1]) == len(report.obligations)


def test_table_of_breaches_is_whole() -> None:
    """Each obligation in écart has one row of twelve cells, the last three of them empty."""
    rows = [row for row in page(sample_report()).rows if len(row) == 12]
    header, *others = rows

    assert header[-3:] == ["Délai", "Réponse du gestionnaire", "Position après réponse"]
    kept = [row for row in others if row != header]
    assert [row[0].strip()[:4] for row in kept] == ["E-01", "E-02", "E-03", "E-04", "R-01", "R-02"]
    assert all(row[-3:] == ["", "", ""] for row in kept)
    assert squeezed("18 contrats sur 40 : C-001, C-003") in squeezed(kept[1][1])
    assert "pièce\u00a0CTYP, page\u00a04, clause\u00a08" in kept[1][5]


def test_tables_are_told_to_screen_readers() -> None:
    """Each table has a caption and headings with their scope, each wide part is reached by the keyboard."""
    found = page(sample_report())

    assert len(found.named("caption")) == len(found.named("table"))
    assert all(one.get("scope") in {"col", "row"} for one in found.named("th"))
    parts = [one for one in found.named("div") if "defile" in (one.get("class") or "")]
    assert len(parts) >= len(found.named("table"))
    assert all(one.get("tabindex") == "0" and one.get("role") in {"region", "group"} for one in parts)
    assert found.named("html") == [{"lang": "fr"}]


def test_verdicts_are_read_without_colour() -> None:
    """Each badge has its sign and its words."""
    written = render(sample_report(), OPTIONS)
    badges = re.findall(r'<span class="verdict v-(\w+)[^>]*>(\S+) ([^<]+)</span>', written)

    assert {verdict for verdict, _, _ in badges} == {one.value for one in Verdict}
    assert all(sign == VERDICT_SIGNS[Verdict(verdict)] and words for verdict, sign, words in badges)


def test_every_verdict_and_rule_is_in_the_detail() -> None:
    """The detail has each obligation with its text, its rank, and all its subjects, passes included."""
    detail = page(sample_report()).shown.split("7.Détailparchapitre")[-1]

    for row in sample_report().obligations:
        assert squeezed(row.title) in detail
    assert "22,10" not in detail  # a pass is its name, on one line
    assert squeezed("21 contrats sur 40 : C-002, C-004") in detail
    assert squeezed("La surface se lit avant toute tolérance") in detail


def test_annexes_are_there() -> None:
    """Rules not applied and why, readings, warnings, fingerprints, words in full, a blank signature."""
    found = page(sample_report())

    for text in (
        "ce référentiel ne s’applique pas",
        "moins de trente résidents",
        "a expiré le 31/08/2026",
        "1f" * 32,
        "Signature",
        *(term for term, _ in GLOSSARY),
    ):
        assert found.says(text)


def test_a_ruleset_has_one_fingerprint() -> None:
    """The many files of a référentiel are one row, whose fingerprint anyone can compute again."""
    report = sample_report()
    files = tuple(
        Fingerprint(file=f"rs-modele/{name}.yaml", sha256=digit * 64, role="referentiel")
        for name, digit in (("b", "2"), ("a", "1"))
    )
    found = page(replace(report, fingerprints=(*report.fingerprints[:2], *files)))
    listed = f"{'1' * 64}  rs-modele/a.yaml\n{'2' * 64}  rs-modele/b.yaml\n"
    rows = [[cell.strip() for cell in row] for row in found.rows if len(row) == 3]

    assert [row for row in rows if row[0].startswith("rs-modele")] == [
        ["rs-modele (2\u00a0fichiers)", "référentiel", hashlib.sha256(listed.encode()).hexdigest()]
    ]
    assert found.says("2" * 64)


def test_page_one_lists_the_gravest() -> None:
    """Beyond what a page holds, page one says how many écarts the table has besides."""
    report = sample_report()
    row = next(one for one in report.obligations if one.rule == "depot-garantie-plafond")
    rows = tuple(replace(row, rule=f"regle-{at}", number=f"E-{at:02d}") for at in range(1, 41))
    first = page(replace(report, obligations=rows)).shown.split("2.Écartsetremarques")[1]

    assert "E-30" in first
    assert "E-31" not in first
    assert squeezed("Et 10 autres écarts") in first


def test_what_all_say_is_said_once() -> None:
    """In the detail, the sentence and the values that all the subjects share stand above their table, once."""
    detail = page(sample_report()).shown.split("7.Détailparchapitre")[-1]
    start = detail.index(squeezed("Séjours de plus de dix-huit mois"))
    stays = detail[start : detail.index(squeezed("Contenu du règlement intérieur"), start)]

    assert stays.count(squeezed("Ce constat n’est pas en lui-même un motif de fin du contrat.")) == 1
    assert stays.count(squeezed("Le séjour du contrat C-00")) >= 2
    assert stays.count(squeezed("calculé")) == 1


def test_invalid_dossier_gives_its_errors() -> None:
    """A dossier that was not judged has its errors in a table, and no count."""
    found = page(invalid_report())

    assert found.says("Le dossier n’a pas été examiné")
    assert found.says("ligne 3, colonne depot_garantie")
    assert not found.says("Décomptes")


def test_nothing_judged_is_one_sentence() -> None:
    """Out of scope is said, and nothing is called conforme."""
    report = replace(sample_report(), obligations=(), summary=summarise(()))

    assert page(report).says(headline(report))


def test_communicable_page_names_nobody() -> None:
    """The communicable version has no contract, no dwelling, no individual amount, and still its counts."""
    found = page(sample_report(), PUBLIC)

    assert not re.search(r"C-0\d\d|logement10\d|523,40|19,99|523\.40", found.shown)
    assert found.says("18 contrats sur 40")
    assert not found.says("contrats.csv, ligne")
    assert found.says("Version communicable")


def test_a_large_report_stays_light() -> None:
    """Four hundred contracts make a page well under three megabytes, whatever their verdicts."""
    report = large_report(400)
    worst = tuple(
        replace(
            row,
            findings=tuple(replace(one, verdict=row.verdict, severity=row.severity) for one in row.findings),
        )
        for row in report.obligations
    )

    assert len(render(report, OPTIONS).encode()) < 1_000_000
    assert len(render(replace(report, obligations=worst), OPTIONS).encode()) < 3_000_000


def test_gravities_of_one_rule_are_told_apart() -> None:
    """When the subjects of a rule are not all as grave, each gravity has its own list."""
    report = sample_report()
    row = next(one for one in report.obligations if one.rule == "depot-garantie-plafond")
    findings = tuple(
        replace(one, severity=Severity.MINEUR) if one.subject == "le contrat C-003" else one
        for one in row.findings
    )
    rows = tuple(replace(row, findings=findings) if one is row else one for one in report.obligations)
    found = page(replace(report, obligations=rows))

    assert found.says("Écart majeur : 17 contrats sur 40")
    assert found.says("Écart mineur : 1 contrat sur 40 : C-003")
