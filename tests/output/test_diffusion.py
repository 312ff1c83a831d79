"""The communicable version names nobody and gives no individual sum, and every format draws it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from rsaudit.messages.engine import UNSEEN_KEY
from rsaudit.messages.formats import COMMUNICABLE, COUNTS_VEILED, REFERENCE_HIDDEN, without_small_counts
from rsaudit.model import Missing, RenderOptions, Verdict
from rsaudit.output import FORMATS, render
from rsaudit.output.diffusion import communicable, harmless, printable, ranges_over_rows

from .sample import hostile_report, invalid_report, large_report, sample_report, summarise
from .test_xlsx import cells_of

if TYPE_CHECKING:
    from rsaudit.model import Report

PUBLIC = RenderOptions(public=True)

#: References and sums of single contracts and dwellings in the sample.
INDIVIDUAL = ("C-001", "C-0", "523,40", "523.4", "412,15", "17,5", "19,99", "logement 102", "logement 103")


def written(name: str) -> str:
    """Write the communicable sample in a format, as text."""
    found = render(name, sample_report(), PUBLIC)
    if name == "xlsx":
        assert isinstance(found, bytes)
        return "\n".join(str(cell) for rows in cells_of(found).values() for row in rows for cell in row)
    return found.decode() if isinstance(found, bytes) else found


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_names_a_contract_or_a_sum(name: str) -> None:
    """A communicable report holds no reference and no sum of one contract or one dwelling."""
    text = written(name)

    assert [one for one in INDIVIDUAL if one in text] == []


def test_subjects_are_counted() -> None:
    """The findings of a rule on contracts become one per verdict, with its number."""
    row = next(
        row for row in communicable(sample_report()).obligations if row.rule == "depot-garantie-plafond"
    )

    assert [one.subject for one in row.findings] == [
        "18\u00a0contrats sur 40",
        "21\u00a0contrats sur 40",
        "1\u00a0contrat sur 40",
    ]
    assert row.counts == {verdict: row.counts[verdict] for verdict in Verdict}


def test_counts_are_untouched() -> None:
    """What is grouped is still counted one by one, but for the information whose counts are not told."""
    report = sample_report()
    public = communicable(report)
    kept = {row.rule: row.counts for row in public.obligations if row.rule != "sejour-long"}

    assert public.summary.obligations == report.summary.obligations
    assert public.summary.breaches == report.summary.breaches
    assert kept == {row.rule: row.counts for row in report.obligations if row.rule != "sejour-long"}


def test_what_is_not_individual_stays() -> None:
    """A finding on the règlement, on a year or on the residence keeps its message and its place."""
    report = sample_report()
    kept = {one.identifier: one for row in communicable(report).obligations for one in row.findings}
    rows = [row for row in report.obligations if not ranges_over_rows(row)]
    originals = [one for row in rows for one in row.findings]

    assert {row.rule for row in report.obligations} - {row.rule for row in rows} == {
        "surface-habitable-minimale",
        "depot-garantie-plafond",
        "redevance-plafond",
        "taux-effort",
        "sejour-long",
    }
    for one in originals:
        assert kept[one.identifier].message == one.message
        assert kept[one.identifier].position == one.position


@pytest.mark.parametrize("make", [sample_report, hostile_report, invalid_report, large_report])
def test_twice_is_once(make: object) -> None:
    """Making a communicable report communicable changes nothing more."""
    assert callable(make)
    once = communicable(make())

    assert communicable(once) == once


def test_passes_left_out_are_still_in_the_total() -> None:
    """When only what is not conforme was kept, the total still counts the passes."""
    report = sample_report()
    rows = tuple(
        replace(row, findings=tuple(one for one in row.findings if one.verdict is not Verdict.CONFORME))
        for row in report.obligations
    )
    public = communicable(replace(report, obligations=rows))
    row = next(row for row in public.obligations if row.rule == "depot-garantie-plafond")

    assert row.findings[0].subject == "18\u00a0contrats sur 40"


def test_a_finding_on_the_residence_does_not_name_a_contract() -> None:
    """A message on the whole residence, a missing field and a notice lose the reference they hold."""
    report = sample_report()
    gap = Missing(path="contrats.contrats[C-007].titulaires", title="Titulaires", file="contrats.csv", line=8)
    rows = []
    for row in report.obligations:
        if row.rule == "compte-activite":
            told = replace(row.findings[0], message="Le contrat C-007 ne dit rien.", missing=(gap, gap))
            rows.append(replace(row, findings=(told,)))
        else:
            rows.append(row)
    notices = ("Réponse sur C-007.", "Réponse sur C-999.", "Rien.")
    public = communicable(replace(report, obligations=tuple(rows), notices=notices))
    found = next(row for row in public.obligations if row.rule == "compte-activite").findings[0]

    assert "C-007" not in found.message
    assert found.missing == (replace(gap, path="contrats.contrats[].titulaires", line=None),)
    assert public.notices == (COMMUNICABLE, COUNTS_VEILED, f"Réponse sur {REFERENCE_HIDDEN}.", "Rien.")


def test_errors_lose_what_they_quote() -> None:
    """An error keeps its kind and its file, not the value or the row it speaks of."""
    for error in communicable(invalid_report()).errors:
        assert error.code
        assert error.file
        assert (error.line, error.column, error.cell, error.found, error.expected) == (None,) * 5
        assert "depot_garantie" not in error.message


def test_harmless_texts_are_not_copied() -> None:
    """A report without hostile text is returned as it is; a hostile one has no control character left."""
    report = sample_report()

    assert harmless(report) == report
    assert harmless(report).obligations is report.obligations
    assert "\\x1b" not in repr(printable(hostile_report(), RenderOptions()))


def test_rows_never_shown_are_a_count_already() -> None:
    """What is said of the rows that a sample does not show stays, and is not one more subject."""
    report = sample_report()
    row = next(row for row in report.obligations if row.rule == "depot-garantie-plafond")
    unseen = replace(
        row.findings[-1],
        identifier=f"{row.ruleset}/{row.rule}/{UNSEEN_KEY}",
        subject="4\u00a0lignes non montrées",
        message="Échantillon\u00a0: 4\u00a0lignes non montrées.",
        missing=(),
    )
    counts = row.counts | {Verdict.NON_VERIFIABLE: row.counts[Verdict.NON_VERIFIABLE] + 1}
    sampled = replace(row, findings=(*row.findings, unseen), counts=counts)
    found = communicable(replace(report, obligations=(sampled,))).obligations[0].findings

    assert found[0].subject == "18\u00a0contrats sur 40"
    assert found[-1].message == unseen.message


@pytest.mark.parametrize(
    ("key", "subject", "path"),
    [
        ("C-9", "le contrat C-9", None),
        ("AB", "le contrat AB", "contrats.contrats[AB].depot"),
        ("AB", "Contrats AB", None),
        ("2025", "le logement 2025", "batiment.logements[2025].surface"),
        ("*", "3 sur 4", "contrats.contrats[C-1].depot"),
    ],
)
def test_in_doubt_a_subject_is_a_row(key: str, subject: str, path: str | None) -> None:
    """A rule whose subject may be a contract or a dwelling is grouped, however it is named and placed."""
    report = sample_report()
    row = report.obligations[0]
    told = replace(row.findings[1], identifier=f"{row.ruleset}/{row.rule}/{key}", subject=subject, path=path)
    (found,) = (
        communicable(replace(report, obligations=(replace(row, findings=(told,)),))).obligations[0].findings
    )

    assert found.measure is None
    assert found.observed is None
    assert subject not in found.message


def information(*stays: bool) -> Report:
    """Make a report whose information on stays is about some contracts and not about others."""
    report = sample_report()
    row = next(one for one in report.obligations if one.rule == "sejour-long")
    yes, no = row.findings[:2]
    findings = []
    for at, stay in enumerate(stays):
        key = f"C-{at:03d}"
        model = yes if stay else no
        findings.append(
            replace(
                model,
                identifier=f"{row.ruleset}/{row.rule}/{key}",
                subject=f"le contrat {key}",
                path=f"contrats.contrats[{key}].date_entree",
            )
        )
    counts = {verdict: sum(one.verdict is verdict for one in findings) for verdict in row.counts}
    rows = (replace(row, findings=tuple(findings), counts=counts),)
    return replace(report, obligations=rows, summary=summarise(rows))


def texts(report: Report) -> str:
    """Give what every format of a communicable report writes."""
    written = []
    for name in FORMATS:
        found = render(name, report, PUBLIC)
        if name == "xlsx":
            assert isinstance(found, bytes)
            found = "\n".join(str(cell) for rows in cells_of(found).values() for row in rows for cell in row)
        written.append(found.decode() if isinstance(found, bytes) else found)
    return "\n".join(written)


@pytest.mark.parametrize(
    ("stays", "others", "subjects"),
    [
        (5, 6, ["5\u00a0contrats sur 11", "6\u00a0contrats sur 11"]),
        (4, 7, ["moins de 5\u00a0contrats", "les autres contrats"]),
        (7, 4, ["les autres contrats", "moins de 5\u00a0contrats"]),
        (3, 0, ["moins de 5\u00a0contrats"]),
    ],
)
def test_small_counts_of_persons_are_not_told(stays: int, others: int, subjects: list[str]) -> None:
    """An information on four contracts does not say that they are four, nor do the others let it be counted."""
    report = information(*[True] * stays, *[False] * others)
    public = communicable(report)
    (row,) = public.obligations
    hidden = min(stays, others or 9) < 5

    assert [one.subject for one in row.findings] == subjects
    assert sum(row.counts.values()) == sum(public.summary.findings.values())
    assert (row.counts != report.obligations[0].counts) == hidden
    assert (COUNTS_VEILED in public.notices) == hidden
    assert communicable(public) == public
    for number in (stays, others) if hidden else ():
        assert not re.search(
            rf"\b{number}[\s\u00a0]contrats?\b", texts(report).replace("moins de 5\u00a0contrats", "")
        )


def test_the_statement_of_a_breach_keeps_its_count() -> None:
    """An écart on one contract still says that it is one: the count is what the procedure is about."""
    found = communicable(sample_report())
    row = next(row for row in found.obligations if row.rule == "depot-garantie-plafond")

    assert row.findings[-1].subject == "1\u00a0contrat sur 40"
    assert found.summary.findings[Verdict.ECART] == sample_report().summary.findings[Verdict.ECART]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4\u00a0résidents sur 43 sont étudiants", "moins de 5\u00a0résidents sur 43 sont étudiants"),
        ("5\u00a0résidents sur 43", "5\u00a0résidents sur 43"),
        ("14 résidents, 24 ménages", "14 résidents, 24 ménages"),
        ("une personne âgée", "moins de 5\u00a0personnes âgée"),
        ("1\u00a0logement", "1\u00a0logement"),
    ],
)
def test_a_sentence_loses_its_small_counts(text: str, told: str) -> None:
    """Below five, a count of persons in a sentence is not told; five is, and so is what counts no person."""
    assert without_small_counts(text) == told
