"""`rsaudit audit`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import completion, deliveries, destinations, outcome, processes, streams
from rsaudit.cli.judging import STRICT, THRESHOLDS, Judge, Orders
from rsaudit.cli.session import audit_day, one_of
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say
from rsaudit.model import RenderOptions

if TYPE_CHECKING:
    from rsaudit.loading import DossierRef

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

#: Below this many bytes of dossiers for each process, starting one costs more than it saves.
WORTH_A_PROCESS = 1_000_000


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
    team: Annotated[int | None, typer.Option("--processus", metavar="N", help=say.PROCESSES_HELP)] = None,
) -> int:
    """Audit dossiers and return the exit code."""
    from rsaudit.engine import AuditOptions

    one_of("--seuil", threshold, THRESHOLDS)
    if strict is not None:
        one_of("--strict", strict, STRICT)
    if team is not None and team < 1:
        raise UsageError(say.NO_PROCESS, say.BAD_WORD_HINT)
    wanted = destinations.parse(output or [], format_)
    destinations.check_writable(wanted)
    judge = Judge(
        Orders(
            day=audit_day(day),
            named=tuple(ruleset or ()),
            options=AuditOptions(
                rules=tuple(rule or ()),
                require_pieces=require_pieces,
                keep_passes=show_passes or any(one.format != "terminal" for one in wanted),
            ),
            formats=tuple(one.format for one in wanted),
            render=RenderOptions(
                show_passes=show_passes,
                colour=streams.colour_wanted(),
                width=streams.terminal_width(),
                public=public,
            ),
            threshold=threshold,
            strict=strict,
        )
    )
    references = find(paths)
    if len(references) > 1:
        destinations.check_portfolio(wanted, len(references))
    return _run(judge, references, wanted, team)


def _run(
    judge: Judge, references: list[DossierRef], wanted: list[destinations.Destination], team: int | None
) -> int:
    """Judge the dossiers and deliver each report when its turn comes; return the exit code of the run."""
    sizes = [reference.size() for reference in references] if len(references) > 1 else [0]
    if team is None:
        team = min(processes.available(), sum(sizes) // WORTH_A_PROCESS)
    judge.rulesets  # noqa: B018 - read once, before the processes part, and before anything is written
    codes: set[int] = set()
    counts = False
    with deliveries.opened(wanted, len(references)) as writer:
        results = processes.in_order(judge, references, sizes, min(team, len(references)))
        for judged in streams.progress(results, len(references)):
            writer.deliver(judged.path, judged.parts)
            codes.add(judged.code)
            counts = counts or judged.counts
    return outcome.worst(codes) if counts else outcome.INPUT


def find(paths: list[str]) -> list[DossierRef]:
    """Return the dossiers of the paths, each once; tell what was passed over.

    Raises `InputUnreadableError` when a path holds none.
    """
    from rsaudit.loading import find_dossiers

    found: dict[DossierRef, None] = {}
    for path in paths:
        references, notices = find_dossiers(Path(path))
        for notice in notices:
            streams.tell(notice)
        if not references:
            raise InputUnreadableError(say.no_dossier(path), say.NO_DOSSIER_HINT)
        found.update(dict.fromkeys(references))
    return list(found)
