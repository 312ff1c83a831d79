"""What the commands that draw a document from an audit share: the reports it is drawn from, and its writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.cli import destinations, outcome, streams
from rsaudit.cli.commands.audit import find
from rsaudit.cli.judging import Judge, Orders
from rsaudit.messages import cli as say
from rsaudit.model import RenderOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from rsaudit.model import Report


def judge(*, day: date, named: list[str]) -> Judge:
    """Make a judge that keeps every constat, passes included: a document is drawn from all of them."""
    from rsaudit.engine import AuditOptions

    return Judge(
        Orders(
            day=day,
            named=tuple(named),
            options=AuditOptions(),
            formats=(),
            render=RenderOptions(),
            threshold="aucun",
            strict=None,
        )
    )


def audited(paths: list[str], ruling: Judge) -> list[Report]:
    """Audit the dossiers of some paths, whole; tell on the error stream what is wrong in those that cannot be."""
    references = find(paths)
    reports = [ruling.report(one) for one in streams.progress(references, len(references))]
    for report in reports:
        tell_errors(report)
    return reports


def tell_errors(report: Report) -> None:
    """Tell on the error stream what is wrong in a dossier that could not be judged."""
    serious = [error for error in report.errors if error.severity == "erreur"]
    if serious:
        streams.tell(say.not_judged(report.path, serious))


def code(reports: Sequence[Report]) -> int:
    """Return the exit code: 3 when a dossier is invalid, or when nothing was judged at all."""
    judged = any(report.obligations for report in reports)
    return outcome.DONE if judged and all(report.valid for report in reports) else outcome.INPUT


def publish(wanted: Sequence[destinations.Destination], render: Callable[[str], str | bytes]) -> None:
    """Write one document in each of its formats. Raises `InputUnreadableError` when one cannot be written."""
    for destination in wanted:
        content = render(destination.format)
        if destination.path is None:
            streams.write_report(content)
        else:
            destinations.write(destination.path, content)
            streams.tell(say.written_document(destination.path.as_posix()))
