"""`rsaudit audit`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import completion, destinations, outcome, streams
from rsaudit.cli.session import Session, audit_day, one_of
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say
from rsaudit.model import RenderOptions, Severity, Verdict

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.loading import DossierRef
    from rsaudit.model import Report
    from rsaudit.ruleset import CompiledRuleset

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

THRESHOLDS = ("majeur", "significatif", "mineur", "remarque", "aucun")
STRICT = ("pieces", "tout")


@app.command(help=say.AUDIT_HELP, epilog=say.EXIT_CODES)
def audit(
    paths: Annotated[list[str], typer.Argument(metavar="CHEMIN…", help=say.PATHS_HELP)],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help=say.FORMAT_HELP, autocompletion=completion.formats
        ),
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option("--sortie", "-o", metavar="[FORMAT:]CHEMIN", help=say.OUTPUT_HELP)
    ] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="AAAA-MM-JJ", help=say.DATE_HELP)] = None,
    ruleset: Annotated[
        list[str] | None,
        typer.Option(
            "--referentiel",
            "-r",
            metavar="NOM|DOSSIER",
            help=say.RULESET_HELP,
            autocompletion=completion.rulesets,
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option("--regle", metavar="ID", help=say.RULE_HELP, autocompletion=completion.rules),
    ] = None,
    threshold: Annotated[
        str,
        typer.Option(
            "--seuil", metavar="GRAVITE", help=say.THRESHOLD_HELP, autocompletion=completion.among(THRESHOLDS)
        ),
    ] = "mineur",
    strict: Annotated[
        str | None,
        typer.Option(
            "--strict", metavar="pieces|tout", help=say.STRICT_HELP, autocompletion=completion.among(STRICT)
        ),
    ] = None,
    require_pieces: Annotated[bool, typer.Option("--exiger-pieces", help=say.REQUIRE_PIECES_HELP)] = False,
    show_passes: Annotated[bool, typer.Option("--tout", help=say.ALL_HELP)] = False,
    public: Annotated[bool, typer.Option("--diffusion", help=say.PUBLIC_HELP)] = False,
) -> int:
    """Audit dossiers and return the exit code."""
    one_of("--seuil", threshold, THRESHOLDS)
    if strict is not None:
        one_of("--strict", strict, STRICT)
    wanted = destinations.parse(output or [], format_)
    destinations.check_writable(wanted)
    session = Session()
    job = _Job(
        session=session,
        day=audit_day(day),
        named=list(ruleset or []),
        rules=tuple(rule or ()),
        require_pieces=require_pieces,
        keep_passes=show_passes or any(destination.format != "terminal" for destination in wanted),
    )
    references = find(paths)
    if len(references) > 1:
        destinations.check_portfolio(wanted, len(references))
    reports = [job.report(reference) for reference in references]
    options = RenderOptions(
        show_passes=show_passes, colour=streams.colour_wanted(), width=streams.terminal_width(), public=public
    )
    _deliver(reports, wanted, options)
    return (
        outcome.worst([exit_code(report, threshold, strict) for report in reports])
        if any(judged(report) or not report.valid for report in reports)
        else outcome.INPUT
    )


def find(paths: list[str]) -> list[DossierRef]:
    """Return the dossiers of the paths, each once; tell what was passed over.

    Raises `InputUnreadableError` when a path holds none.
    """
    from rsaudit.loading import find_dossiers

    found: list[DossierRef] = []
    for path in paths:
        references, notices = find_dossiers(Path(path))
        for notice in notices:
            streams.tell(notice)
        if not references:
            raise InputUnreadableError(say.no_dossier(path), say.NO_DOSSIER_HINT)
        found.extend(reference for reference in references if reference not in found)
    return found


class _Job:
    """What is common to every dossier of a run."""

    def __init__(
        self,
        *,
        session: Session,
        day: date,
        named: list[str],
        rules: tuple[str, ...],
        require_pieces: bool,
        keep_passes: bool,
    ) -> None:
        from rsaudit.engine import AuditOptions

        self.session = session
        self.day = day
        self.named = named
        self.options = AuditOptions(rules=rules, require_pieces=require_pieces, keep_passes=keep_passes)
        self._rulesets: list[CompiledRuleset] | None = None

    @property
    def rulesets(self) -> list[CompiledRuleset]:
        if self._rulesets is None:
            self._rulesets = self.session.rulesets(self.named, with_cases=False)
            if not self.named:
                self._rulesets = [compiled for compiled in self._rulesets if compiled.ruleset.binding]
            known = {rule.rule.id for compiled in self._rulesets for rule in compiled.rules}
            for wanted in self.options.rules:
                if wanted not in known:
                    raise UsageError(say.unknown_rule(wanted, known), say.UNKNOWN_RULE_HINT)
        return self._rulesets

    def report(self, reference: DossierRef) -> Report:
        from rsaudit.engine import audit as judge
        from rsaudit.reception import receive

        return judge(
            receive(reference, self.session.schemas),
            self.rulesets,
            as_of=self.day,
            vocabulary=self.session.vocabulary,
            options=self.options,
            named=frozenset(self.named),
        )


def _deliver(reports: list[Report], wanted: list[destinations.Destination], options: RenderOptions) -> None:
    from rsaudit.output import render
    from rsaudit.output.portfolio import combine

    for destination in wanted:
        parts = [render(destination.format, report, options) for report in reports]
        if destination.folder:
            for report, part in zip(reports, parts, strict=True):
                _write(destinations.inside(destination, report.path), part)
            continue
        content = combine(destination.format, parts)
        assert content is not None  # noqa: S101 - checked before the first dossier was read
        if destination.path is None:
            streams.write_report(content)
        else:
            _write(destination.path, content)


def _write(path: Path, content: str | bytes) -> None:
    destinations.write(path, content)
    streams.tell(say.written(path.as_posix()))


def judged(report: Report) -> bool:
    """Say whether at least one rule was evaluated."""
    return bool(report.obligations)


def exit_code(report: Report, threshold: str, strict: str | None) -> int:
    """Return the exit code of one report."""
    if not report.valid:
        return outcome.INPUT
    if threshold != "aucun" and any(_reaches(o.verdict, o.severity, threshold) for o in report.obligations):
        return outcome.FOUND
    counts = report.summary.findings
    if strict is not None and counts[Verdict.NON_VERIFIABLE]:
        return outcome.FOUND
    if strict == "tout" and counts[Verdict.A_VERIFIER]:
        return outcome.FOUND
    return outcome.DONE


def _reaches(verdict: Verdict, severity: Severity | None, threshold: str) -> bool:
    rank = THRESHOLDS.index(threshold)
    if verdict is Verdict.ECART and severity is not None:
        return THRESHOLDS.index(severity.value) <= rank
    return verdict is Verdict.REMARQUE and rank >= THRESHOLDS.index("remarque")
