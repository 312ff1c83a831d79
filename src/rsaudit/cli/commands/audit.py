"""`rsaudit audit`: the main job.

Its annotations are no texts, as they are in other modules: the library would evaluate each of them twice at every start.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from rsaudit.cli import completion, deliveries, destinations, outcome, processes, streams
from rsaudit.cli.judging import Earlier, Judge, Orders
from rsaudit.cli.reports import NO_EARLIER, read_earlier
from rsaudit.cli.session import audit_day, one_of
from rsaudit.cli.settings import STRICT, THRESHOLDS, Settings, settings_for
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say
from rsaudit.messages import settings as words
from rsaudit.model import Keep, RenderOptions

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
            "--format",
            "-f",
            metavar="FORMAT",
            help=say.FORMAT_HELP,
            autocompletion=completion.offered(completion.formats),
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
            autocompletion=completion.offered(completion.rulesets),
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            "--regle", metavar="ID", help=say.RULE_HELP, autocompletion=completion.offered(completion.rules)
        ),
    ] = None,
    threshold: Annotated[
        str | None,
        typer.Option(
            "--seuil",
            metavar="GRAVITE",
            help=say.THRESHOLD_HELP,
            autocompletion=completion.offered(completion.among(THRESHOLDS)),
        ),
    ] = None,
    strict: Annotated[
        str | None,
        typer.Option(
            "--strict",
            metavar="pieces|tout|aucun",
            help=say.STRICT_HELP,
            autocompletion=completion.offered(completion.among(STRICT)),
        ),
    ] = None,
    require_pieces: Annotated[
        bool | None,
        typer.Option("--exiger-pieces/--sans-exiger-pieces", help=say.REQUIRE_PIECES_HELP),
    ] = None,
    show_passes: Annotated[bool, typer.Option("--tout", help=say.ALL_HELP)] = False,
    public: Annotated[bool | None, typer.Option("--diffusion/--sans-diffusion", help=say.PUBLIC_HELP)] = None,
    since: Annotated[str | None, typer.Option("--depuis", metavar="RAPPORT", help=say.SINCE_HELP)] = None,
    changed: Annotated[bool, typer.Option("--modifies", help=say.CHANGED_HELP)] = False,
    team: Annotated[int | None, typer.Option("--processus", metavar="N", help=say.PROCESSES_HELP)] = None,
) -> int:
    """Audit dossiers and return the exit code."""
    from rsaudit.engine import AuditOptions

    chosen = _chosen(
        paths,
        date=day,
        referentiel=tuple(ruleset) if ruleset else None,
        regle=tuple(rule) if rule else None,
        seuil=threshold,
        strict=strict,
        exiger_pieces=require_pieces,
        diffusion=public,
        depuis=since,
    )
    if team is not None and team < 1:
        raise UsageError(say.NO_PROCESS, say.BAD_WORD_HINT)
    wanted = destinations.parse(output or [], format_)
    destinations.check_writable(wanted)
    earlier = _earlier(chosen.depuis)
    references = find(paths, changed=changed)
    if not references:
        return outcome.DONE
    several = len(references) > 1
    if several:
        destinations.check_portfolio(wanted, len(references))
    judge = Judge(
        Orders(
            day=audit_day(chosen.date),
            named=chosen.referentiel or (),
            options=AuditOptions(
                rules=chosen.regle or (),
                require_pieces=chosen.exiger_pieces or False,
                keep=_keep(
                    wanted,
                    several=several,
                    strict=chosen.strict not in {None, "aucun"},
                    passes=show_passes or earlier is not None,
                    public=chosen.diffusion or False,
                ),
            ),
            formats=tuple(one.format for one in wanted),
            joined=tuple(several and not one.folder for one in wanted),
            portfolio=several,
            render=RenderOptions(
                show_passes=show_passes,
                colour=streams.colour_wanted(),
                width=streams.terminal_width(),
                public=chosen.diffusion or False,
            ),
            threshold=chosen.seuil or "mineur",
            strict=chosen.strict,
            earlier=earlier,
        )
    )
    return _run(judge, references, wanted, team)


def _keep(
    wanted: list[destinations.Destination], *, several: bool, strict: bool, passes: bool, public: bool
) -> Keep:
    """Say what must be built for what is shown and counted (`strict` counts what is not certain as an écart).

    The passes tell whether an earlier constat is lifted or gone.
    """
    from rsaudit.output import FORMATS

    formats = {one.format for one in wanted}
    if passes or (public and formats != {"terminal"}):
        return Keep.EVERYTHING
    if several and not strict and formats == {"terminal"} and not any(one.folder for one in wanted):
        return Keep.WORDED if public else Keep.BREACHES  # a line each
    return max(FORMATS[name].needs for name in formats)


def _chosen(paths: list[str], **given: Any) -> Settings:
    """Lay the options of the command line over the settings of the repository."""
    one_of("--seuil", given["seuil"] or "mineur", THRESHOLDS)
    one_of("--strict", given["strict"] or "aucun", STRICT)
    settings = settings_for(paths)
    if settings.file is not None:
        streams.tell(words.used(settings.shown))
    return replace(settings, **{name: value for name, value in given.items() if value is not None})


def _earlier(path: str | None) -> Earlier | None:
    """Read the earlier reports to follow. Raises `InputUnreadableError` as for any report."""
    return None if path in {None, NO_EARLIER} else read_earlier(str(path))


def _run(
    judge: Judge, references: list["DossierRef"], wanted: list[destinations.Destination], team: int | None
) -> int:
    """Judge the dossiers and deliver each report when its turn comes; return the exit code of the run."""
    sizes = [reference.size() for reference in references] if len(references) > 1 else [0]
    if team is None:
        team = min(processes.available(), sum(sizes) // WORTH_A_PROCESS)
    judge.rulesets  # noqa: B018 - read once, before the processes part, and before anything is written
    codes: set[int] = set()
    counts = False
    with deliveries.opened(wanted, len(references), public=judge.orders.render.public) as writer:
        results = processes.in_order(judge, references, sizes, min(team, len(references)))
        for judged in streams.progress(results, len(references)):
            writer.deliver(judged)
            codes.add(judged.code)
            counts = counts or judged.counts
    return outcome.worst(codes) if counts else outcome.INPUT


def find(paths: list[str], *, changed: bool = False) -> list["DossierRef"]:
    """Return the dossiers of the paths, each once; tell what was passed over.

    The files of a change (`changed`) that are of no dossier are passed over; else, a path that holds none raises
    `InputUnreadableError`.
    """
    from rsaudit.loading import find_dossiers, owners

    found: dict[DossierRef, None] = {}
    for path in paths:
        if changed:
            found.update(dict.fromkeys(owners(Path(path))))
            continue
        references, notices = find_dossiers(Path(path))
        for notice in notices:
            streams.tell(notice)
        if not references:
            raise InputUnreadableError(say.no_dossier(path), say.NO_DOSSIER_HINT)
        found.update(dict.fromkeys(references))
    return list(found)
