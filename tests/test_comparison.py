"""Comparing two reports: each constat followed once, its direction, its cause, and never a cause guessed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from output.sample import sample_report
from rsaudit.comparison import (
    BREACHES,
    FOLLOWED,
    UNSETTLED,
    CauseKind,
    Direction,
    State,
    by_identifier,
    compare,
    compare_all,
    direction,
    earlier_of,
    follow,
    numbers,
)
from rsaudit.model import Answer, Measure, Missing, Severity, Verdict

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from rsaudit.model import Finding, Obligation, Report

ROOT = Path(__file__).resolve().parent.parent


def findings(report: Report) -> list[Finding]:
    """Give every constat of a report."""
    return list(by_identifier(report).values())


def first(report: Report, verdict: Verdict) -> Finding:
    """Give the first constat of a verdict."""
    return next(one for one in findings(report) if one.verdict is verdict)


def with_finding(report: Report, identifier: str, **changes: Any) -> Report:
    """Change one constat of a report."""

    def changed(row: Obligation) -> Obligation:
        kept = (replace(one, **changes) if one.identifier == identifier else one for one in row.findings)
        return replace(row, findings=tuple(kept))

    return replace(report, obligations=tuple(map(changed, report.obligations)))


def without(report: Report, identifier: str) -> Report:
    """Take one constat out of a report."""
    rows = (
        replace(row, findings=tuple(one for one in row.findings if one.identifier != identifier))
        for row in report.obligations
    )
    return replace(report, obligations=tuple(rows))


# ---- states ----


def test_the_same_report_holds_nothing_new() -> None:
    """A report compared with itself only has persistent constats, all the same, and no cause."""
    report = sample_report()
    found = compare(report, report)

    assert {(one.state, one.direction) for one in found.changes} == {(State.PERSISTENT, Direction.SAME)}
    assert len(found.changes) == sum(one.verdict in FOLLOWED for one in findings(report))
    assert all(one.causes == () for one in found.changes)


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        (Verdict.CONFORME, Verdict.ECART, State.NEW),
        (Verdict.NON_VERIFIABLE, Verdict.ECART, State.NEW),
        (Verdict.ECART, Verdict.CONFORME, State.RESOLVED),
        (Verdict.ECART, Verdict.NON_CONCERNE, State.RESOLVED),
        (Verdict.ECART, Verdict.NON_VERIFIABLE, State.LOST),
        (Verdict.ECART, Verdict.A_VERIFIER, State.LOST),
        (Verdict.CONFORME, Verdict.NON_VERIFIABLE, State.LOST),
        (Verdict.REMARQUE, Verdict.REMARQUE, State.PERSISTENT),
        (Verdict.ECART, Verdict.DEROGATION, State.PERSISTENT),
        (Verdict.NON_VERIFIABLE, Verdict.CONFORME, None),
        (Verdict.CONFORME, Verdict.CONFORME, None),
        (Verdict.NON_CONCERNE, Verdict.NON_VERIFIABLE, None),
    ],
)
def test_each_pair_of_verdicts_has_one_state(before: Verdict, after: Verdict, state: State | None) -> None:
    """What was decided and no longer is, is neither resolved nor persistent; a derogation resolves nothing."""
    report = sample_report()
    identifier = first(report, Verdict.ECART).identifier
    severities = [Severity.MAJEUR if verdict is Verdict.ECART else None for verdict in (before, after)]
    pair = [
        with_finding(report, identifier, verdict=verdict, severity=severity)
        for verdict, severity in zip((before, after), severities, strict=True)
    ]
    found = {one.identifier: one for one in compare(*pair).changes}

    assert (found[identifier].state if identifier in found else None) is state


def test_a_constat_gone_is_not_resolved() -> None:
    """An écart whose subject is no longer in the dossier cannot be compared: nothing shows that it was lifted."""
    report = sample_report()
    one = first(report, Verdict.ECART)
    change = next(
        c for c in compare(report, without(report, one.identifier)).changes if c.identifier == one.identifier
    )

    assert change.state is State.LOST
    assert not change.worse


VERDICTS = st.sampled_from(sorted(Verdict))


@given(st.lists(st.tuples(VERDICTS, VERDICTS), min_size=1, max_size=6))
def test_each_constat_followed_is_told_once(verdicts: list[tuple[Verdict, Verdict]]) -> None:
    """Whatever the verdicts, each identifier has one change at most, and every écart of either report has one."""
    before = after = sample_report()
    for one, (was, now) in zip(findings(before), verdicts, strict=False):
        before = with_finding(before, one.identifier, verdict=was)
        after = with_finding(after, one.identifier, verdict=now)
    changes = compare(before, after).changes
    told = [one.identifier for one in changes]

    assert len(told) == len(set(told))
    breaches = {
        one.identifier for report in (before, after) for one in findings(report) if one.verdict in BREACHES
    }
    assert breaches <= set(told)


# ---- direction ----


def measured(margin: Decimal | int, **changes: Any) -> Finding:
    """Give an écart with a measure of that margin."""
    measure = Measure(value=Decimal(500), limit=Decimal(450), direction="maximum", unit="€", margin=margin)
    return replace(first(sample_report(), Verdict.ECART), measure=measure, **changes)


@given(st.decimals(-100, 0, places=2), st.decimals(-100, 0, places=2))
def test_a_margin_decides_the_direction(was: Decimal, now: Decimal) -> None:
    """With a measure, a smaller margin is graver, a larger one less grave, an equal one the same."""
    found = direction(measured(was), measured(now))

    expected = Direction.SAME if was == now else Direction.WORSE if now < was else Direction.BETTER
    assert found is expected


def test_gravity_comes_before_the_margin() -> None:
    """A graver écart is worse whatever its margin."""
    before = measured(-50, severity=Severity.MINEUR)

    assert direction(before, measured(-1, severity=Severity.MAJEUR)) is Direction.WORSE
    assert direction(measured(-1, severity=Severity.MAJEUR), before) is Direction.BETTER


def test_without_a_measure_another_value_has_no_direction() -> None:
    """What is observed changed and nothing measures it: told otherwise, neither better nor worse."""
    before = replace(first(sample_report(), Verdict.ECART), measure=None, observed="4 mois")

    assert direction(before, replace(before, observed="6 mois")) is Direction.OTHER
    assert direction(before, before) is Direction.SAME


def test_two_units_are_not_compared() -> None:
    """A measure in another unit says nothing of the direction."""
    before = measured(-5)
    other = replace(before, measure=replace(before.measure, unit="m²", margin=-1), observed="autre")  # type: ignore[type-var]

    assert direction(before, other) is Direction.OTHER


def test_fewer_missing_data_is_better() -> None:
    """Of what is not verifiable, fewer missing fields is better, others is another thing."""
    gaps = [Missing(path=f"contrats.{name}", title=name) for name in "abc"]
    before = replace(first(sample_report(), Verdict.NON_VERIFIABLE), missing=tuple(gaps[:2]))

    assert direction(before, replace(before, missing=(gaps[0],))) is Direction.BETTER
    assert direction(before, replace(before, missing=(gaps[2],))) is Direction.OTHER
    assert direction(before, replace(before, missing=tuple(gaps))) is Direction.OTHER


# ---- causes ----


def lifted(**changes: Any) -> tuple[Report, Report, str]:
    """Give two reports where one écart is lifted, the second with other changes."""
    before = sample_report()
    one = first(before, Verdict.ECART)
    before = with_rows(before, reads=("contrats.contrats",))
    after = with_finding(before, one.identifier, verdict=Verdict.CONFORME, severity=None)
    return before, replace(after, **changes), one.identifier


def with_rows(report: Report, **changes: Any) -> Report:
    """Change every obligation of a report."""
    return replace(report, obligations=tuple(replace(row, **changes) for row in report.obligations))


def causes(before: Report, after: Report, identifier: str) -> list[CauseKind]:
    """Give the causes of one change."""
    found = next(one for one in compare(before, after).changes if one.identifier == identifier)
    return [cause.kind for cause in found.causes]


def renewed(report: Report, role: str) -> Any:
    """Give the fingerprints of a report, those of a role changed."""
    return tuple(replace(one, sha256="9" * 64) if one.role == role else one for one in report.fingerprints)


def blocks(report: Report) -> Any:
    """Give the blocks of a report, changed."""
    return tuple(replace(one, sha256="8" * 64) for one in report.blocks)


def test_one_difference_is_the_cause() -> None:
    """Time alone, the tool alone: when one thing differs, it is the cause."""
    report = sample_report()

    assert causes(*lifted(audit_date=report.audit_date + timedelta(days=1))) == [CauseKind.TIME]
    assert causes(*lifted(tool="rsaudit 99.0")) == [CauseKind.TOOL]


def test_a_change_that_the_rule_does_not_read_is_no_cause() -> None:
    """The dossier is a cause only where the rule reads a block that changed."""
    report = sample_report()
    changed = {"fingerprints": renewed(report, "table"), "blocks": blocks(report)}

    assert causes(*lifted(**changed)) == [CauseKind.DOSSIER]
    before, after, identifier = lifted(**changed)
    other = ("batiment.logements",)
    assert causes(with_rows(before, reads=other), with_rows(after, reads=other), identifier) == []


def test_without_blocks_any_change_of_the_dossier_is_possible() -> None:
    """A report that says nothing of its blocks (made public) leaves the dossier possible for every constat."""
    before, after, identifier = lifted(fingerprints=renewed(sample_report(), "dossier"), blocks=())

    assert causes(before, after, identifier) == [CauseKind.DOSSIER]


def test_several_differences_are_all_told() -> None:
    """When the dossier and the date both changed, both are told and none is chosen."""
    report = sample_report()
    found = causes(
        *lifted(
            audit_date=report.audit_date + timedelta(days=40),
            fingerprints=renewed(report, "table"),
            blocks=blocks(report),
        )
    )

    assert found == [CauseKind.DOSSIER, CauseKind.TIME]


def test_the_file_of_another_rule_is_no_cause() -> None:
    """A référentiel is a cause through the file of the rule, its parameters or the derived facts; no other rule's."""
    report = sample_report()
    one = first(report, Verdict.ECART)
    model = next(f for f in report.fingerprints if f.role == "referentiel")

    def found(name: str) -> list[CauseKind]:
        added = replace(model, file=name)
        return causes(*lifted(fingerprints=(*report.fingerprints, added)))

    assert found(f"{one.ruleset}/{one.chapter}/{one.rule}.yaml") == [CauseKind.RULESET]
    assert found(f"{one.ruleset}/parametres.yaml") == [CauseKind.RULESET]
    assert found("faits.yaml") == [CauseKind.RULESET]
    assert found(f"{one.ruleset}/{one.chapter}/une-autre-regle.yaml") == []
    assert found(f"{one.ruleset}/base.yaml") == []
    assert found("un-autre/parametres.yaml") == []


def expiring(report: Report, until: date) -> Answer:
    """Give an answer that counts until a day."""
    return Answer(role="inspecteur", date=report.audit_date, verdict="conforme", until=until)


def test_an_answer_that_expired_is_the_cause() -> None:
    """A point answered, undecided again once its answer has lapsed: the answer is the cause, not the dossier."""
    report = sample_report()
    one = first(report, Verdict.A_VERIFIER)
    until = report.audit_date + timedelta(days=10)
    before = with_finding(report, one.identifier, verdict=Verdict.CONFORME, response=expiring(report, until))
    after = replace(
        report, audit_date=until + timedelta(days=1), fingerprints=renewed(report, "table"), blocks=()
    )
    change = next(c for c in compare(before, after).changes if c.identifier == one.identifier)

    assert change.state is State.LOST
    assert [(cause.kind, cause.expired) for cause in change.causes] == [(CauseKind.ANSWER, until)]


def test_a_derogation_that_expired_makes_the_breach_worse() -> None:
    """An écart no longer covered is persistent and graver, and its derogation is the cause."""
    report = sample_report()
    one = first(report, Verdict.ECART)
    until = report.audit_date + timedelta(days=10)
    covered = with_finding(
        report,
        one.identifier,
        verdict=Verdict.DEROGATION,
        severity=None,
        derogation=Answer(authority="Préfet", until=until),
    )
    after = replace(report, audit_date=until + timedelta(days=1))
    change = next(c for c in compare(covered, after).changes if c.identifier == one.identifier)

    assert (change.state, change.direction) == (State.PERSISTENT, Direction.WORSE)
    assert [cause.kind for cause in change.causes] == [CauseKind.ANSWER]
    assert change.worse


def test_an_option_that_leaves_a_rule_out_is_the_cause() -> None:
    """A rule not played the second time is not compared, and what was asked is the cause."""
    report = sample_report()
    row = next(row for row in report.obligations if row.verdict is Verdict.ECART)
    after = replace(
        report,
        obligations=tuple(one for one in report.obligations if one is not row),
        options={**report.options, "regles": ["autre"]},
    )
    changes = [c for c in compare(report, after).changes if c.before in row.findings]

    assert changes
    assert {c.state for c in changes} == {State.LOST}
    assert {c.causes[0].kind for c in changes} == {CauseKind.OPTIONS}


# ---- several dossiers ----


def test_dossiers_are_paired_by_path_then_by_a_name_of_their_own() -> None:
    """A dossier moved keeps its name; two of one name are not guessed."""
    one = sample_report()
    a, b = replace(one, path="a", dossier="A"), replace(one, path="b", dossier="B")
    moved = replace(b, path="c")
    found = compare_all((a, b), (a, moved), tool="x")

    assert [(c.before.path, c.after.path) for c in found.compared] == [("a", "a"), ("b", "c")]
    twins = compare_all((a, b), (a, moved, replace(moved, path="d")), tool="x")
    assert len(twins.compared) == 1
    assert {report.path for report in twins.added} == {"c", "d"}
    assert [report.path for report in twins.gone] == ["b"]
    assert twins.worse  # a new dossier with écarts is new


# ---- --depuis ----


def test_following_the_same_report_hides_all_that_is_unsettled() -> None:
    """Followed from itself, a report hides all that is left to settle, and its counts are untouched."""
    report = sample_report()
    found = follow(report, report)

    hidden = {one.identifier for one in findings(found) if one.hidden}
    assert hidden == {one.identifier for one in findings(report) if one.verdict in UNSETTLED}
    assert found.summary == report.summary
    assert found.since is not None
    assert sum(one.count for one in found.since.masked) == len(hidden)
    assert found.since.stale == ()


def test_only_what_is_no_worse_is_hidden() -> None:
    """A smaller margin, another value without measure, a datum lost: shown; a larger margin: hidden."""
    report = sample_report()
    identifier = first(report, Verdict.ECART).identifier
    base = with_finding(report, identifier, severity=Severity.MINEUR, measure=measured(-10).measure)

    def hidden(**changes: Any) -> bool:
        found = follow(with_finding(base, identifier, **changes), base)
        return by_identifier(found)[identifier].hidden

    assert hidden()
    assert hidden(measure=measured(-9).measure)
    assert not hidden(measure=measured(-11).measure)
    assert not hidden(measure=None, observed="autre chose")
    assert not hidden(verdict=Verdict.NON_VERIFIABLE, severity=None)
    assert not hidden(severity=Severity.MAJEUR)


def test_stale_entries_are_told() -> None:
    """What the earlier report asked and this one no longer does is told, lifted or gone."""
    report = sample_report()
    ones = [one for one in findings(report) if one.verdict is Verdict.ECART][:2]
    after = with_finding(report, ones[0].identifier, verdict=Verdict.CONFORME, severity=None)
    after = without(after, ones[1].identifier)
    since = follow(after, report).since

    assert since is not None
    assert {(one.identifier, one.now) for one in since.stale} == {
        (ones[0].identifier, Verdict.CONFORME),
        (ones[1].identifier, None),
    }


def test_a_number_is_never_given_twice() -> None:
    """A number retired by a report is kept through the next, so that no other obligation receives it."""
    report = sample_report()
    row = next(row for row in report.obligations if row.number)
    key = f"{row.ruleset}/{row.rule}"
    second = follow(replace(report, obligations=tuple(r for r in report.obligations if r is not row)), report)
    third = follow(second, second)

    assert numbers(second)[key] == row.number
    assert numbers(third)[key] == row.number


def test_a_file_without_this_dossier_hides_nothing() -> None:
    """The report of another dossier hides nothing, and it is told."""
    report = sample_report()
    found = follow(report, earlier_of("ailleurs", (report,), alone=False))

    assert found.since is not None
    assert found.since.audit_date is None
    assert not any(one.hidden for one in findings(found))
    assert earlier_of("ailleurs", (report,), alone=True) is report


# ---- through the program ----

DAY = "2026-09-30"


@pytest.fixture(scope="module")
def reports(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str]:
    """Write the JSON reports of one dossier at two dates."""
    folder = tmp_path_factory.mktemp("rapports")
    paths = []
    for day in (DAY, "2027-02-15"):
        path = folder / f"{day}.json"
        run = program("audit", "examples/benjoin-fautif", "--date", day, "--seuil", "aucun", "-o", str(path))
        assert run.returncode == 0, run.stderr
        paths.append(str(path))
    return paths[0], paths[1]


def test_time_alone_is_told_as_such(
    program: Callable[..., subprocess.CompletedProcess[bytes]], reports: tuple[str, str]
) -> None:
    """One dossier at two dates: whatever changed is due to time alone, and a new écart gives 1 when asked."""
    run = program("comparer", *reports, "--format", "json")
    data = json.loads(run.stdout)
    changes = data["dossiers"][0]["changements"]

    assert run.returncode == 0, run.stderr
    assert data["dossiers"][0]["synthese"]["nouveau"] > 0
    assert {cause["cause"] for one in changes for cause in one["causes"]} == {"temps"}
    assert program("comparer", *reports, "--echouer-si-nouveau").returncode == 1
    assert program("comparer", reports[0], reports[0], "--echouer-si-nouveau").returncode == 0


def test_every_format_counts_the_same(
    program: Callable[..., subprocess.CompletedProcess[bytes]], reports: tuple[str, str], tmp_path: Path
) -> None:
    """Text, Markdown and HTML give each list with the count that the JSON gives; files of ours are replaced."""
    outputs = {name: tmp_path / f"c.{name}" for name in ("json", "md", "html", "txt")}
    for _ in range(2):
        run = program("comparer", *reports, *(f"-o{path}" for path in outputs.values()))
        assert run.returncode == 0, run.stderr
    counts = json.loads(outputs["json"].read_text(encoding="utf-8"))["dossiers"][0]["synthese"]

    for name in ("md", "html", "txt"):
        text = outputs[name].read_text(encoding="utf-8").lower()
        for key, title in (("nouveau", "nouveaux"), ("resolu", "résolus"), ("persistant_meme", "inchangés")):
            assert f"{title} ({counts[key]})" in text, (name, key)


def test_a_file_that_is_no_report_is_refused(
    program: Callable[..., subprocess.CompletedProcess[bytes]], reports: tuple[str, str], tmp_path: Path
) -> None:
    """Anything else than a report gives 3 and a sentence."""
    other = tmp_path / "autre.json"
    other.write_text('{"dossiers": 3, "version": "1", "outil": "x"}', encoding="utf-8")
    for path in (str(other), str(tmp_path / "absent.json")):
        run = program("comparer", path, reports[0])
        assert run.returncode == 3
        assert b"Erreur" in run.stderr
        assert not run.stdout
