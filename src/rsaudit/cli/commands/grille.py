"""`rsaudit grille`: the sheet of a visit, to carry or to fill in, and the answers that come back from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import destinations, documents, outcome, streams
from rsaudit.cli.commands.audit import find
from rsaudit.cli.session import audit_day
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say
from rsaudit.messages import visit as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsaudit.answering import Entry
    from rsaudit.cli.judging import Judge
    from rsaudit.loading import Dossier, DossierRef
    from rsaudit.model import Report
    from rsaudit.visit import Draw, Sheet

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

FORMATS = ("terminal", "html", "xlsx")
_ANSWERS, _LIST = "reponses", "points"


@app.command(help=say.SHEET_HELP, epilog=say.EXIT_CODES)
def grille(
    path: Annotated[str, typer.Argument(metavar="DOSSIER", help=say.ONE_PATH_HELP)],
    numbers: Annotated[
        str | None, typer.Option("--logements", metavar="N,N…", help=say.DWELLINGS_HELP)
    ] = None,
    size: Annotated[int | None, typer.Option("--tirage", metavar="N", help=say.DRAW_HELP)] = None,
    seed: Annotated[str | None, typer.Option("--graine", metavar="TEXTE", help=say.SEED_HELP)] = None,
    format_: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help=say.SHEET_FORMAT_HELP)
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--sortie", "-o", metavar="[FORMAT:]CHEMIN", help=say.DOCUMENT_OUTPUT_HELP),
    ] = None,
    filled: Annotated[
        str | None, typer.Option("--reprendre", metavar="GRILLE.xlsx", help=say.FILLED_HELP)
    ] = None,
    replace: Annotated[bool, typer.Option("--remplacer", help=say.REPLACE_HELP)] = False,
    day: Annotated[str | None, typer.Option("--date", metavar="AAAA-MM-JJ", help=say.DATE_HELP)] = None,
    ruleset: Annotated[
        list[str] | None, typer.Option("--referentiel", "-r", metavar="NOM|DOSSIER", help=say.RULESET_HELP)
    ] = None,
) -> int:
    """Write the sheet of a visit, or bring its answers back, and return the exit code."""
    drawing = (numbers, size, seed, format_, *(output or ()))
    if filled is not None and any(one is not None for one in drawing):
        raise UsageError(say.SHEET_OR_BACK, say.BAD_WORD_HINT)
    if replace and filled is None:
        raise UsageError(say.REPLACE_ALONE, say.BAD_WORD_HINT)
    if (numbers is not None and size is not None) or (seed is not None and size is None):
        raise UsageError(say.DRAW_OR_NAMED, say.BAD_WORD_HINT)
    judge = documents.judge(day=audit_day(day), named=list(ruleset or []))
    reference = _only(path)
    if filled is not None:
        return _bring_back(judge, reference, filled, replace=replace)
    wanted = destinations.parse_document(output or [], format_, FORMATS)
    destinations.check_writable(wanted)
    _keep_filled(wanted)
    dossier, report = _judged(judge, reference, with_answers=True)
    if not report.obligations:
        documents.tell_errors(report)
        return outcome.INPUT
    sheet = _sheet(judge, dossier, report, numbers, size, seed)
    documents.publish(wanted, lambda name: _render(name, sheet))
    return outcome.DONE


def _only(path: str) -> DossierRef:
    references = find([path])
    if len(references) != 1:
        raise UsageError(say.one_dossier(path, len(references)), say.ONE_DOSSIER_HINT)
    return references[0]


def _keep_filled(wanted: Sequence[destinations.Destination]) -> None:
    """Refuse to write a workbook where one is: it may hold what someone wrote on a visit."""
    for destination in wanted:
        if destination.format == "xlsx" and destination.path is not None and destination.path.exists():
            raise InputUnreadableError(say.sheet_exists(destination.path.name), say.SHEET_EXISTS_HINT)


def _judged(judge: Judge, reference: DossierRef, *, with_answers: bool) -> tuple[Dossier, Report]:
    """Read a dossier and judge it; without its answers, every point is open again."""
    from rsaudit.engine import audit
    from rsaudit.reception import receive

    dossier = receive(reference, judge.session.schemas)
    seen = dossier
    if not with_answers:
        from msgspec.structs import replace

        seen = replace(dossier, data={key: value for key, value in dossier.data.items() if key != _ANSWERS})
    report = audit(
        seen,
        judge.rulesets,
        as_of=judge.orders.day,
        vocabulary=judge.session.vocabulary,
        options=judge.orders.options,
        named=frozenset(judge.orders.named),
    )
    return dossier, report


# -- going out -------------------------------------------------------------------------------------------


def _sheet(
    judge: Judge, dossier: Dossier, report: Report, numbers: str | None, size: int | None, seed: str | None
) -> Sheet:
    from rsaudit.visit import Draw, drawn, dwellings, sheet

    known, _ = dwellings(dossier, judge.session.vocabulary)
    visited: list[str] = []
    draw: Draw | None = None
    if size is not None:
        if not 1 <= size <= len(known):
            raise UsageError(say.bad_draw(size, len(known)), say.DRAW_HINT)
        draw = Draw(size=size, seed=seed or report.audit_date.isoformat())
        visited = drawn(known, draw, report.dossier)
    elif numbers is not None:
        visited = _named(numbers, known)
    return sheet(report, dossier, judge.session.vocabulary, visited=visited, draw=draw)


def _named(numbers: str, known: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(part.strip() for part in numbers.split(",") if part.strip()))
    for number in wanted:
        if number not in known:
            raise UsageError(say.unknown_dwelling(number, list(known)), say.DWELLING_HINT)
    return wanted


def _render(name: str, sheet: Sheet) -> str | bytes:
    if name == "xlsx":
        from rsaudit.output.visit_workbook import render

        return render(sheet)
    from rsaudit.output import visit

    return visit.render_html(sheet) if name == "html" else visit.render_text(sheet)


# -- coming back -----------------------------------------------------------------------------------------


def _bring_back(judge: Judge, reference: DossierRef, filled: str, *, replace: bool) -> int:
    """Lay the answers of a filled sheet in the dossier: all of them or, when some differ unasked, none."""
    from rsaudit.answering import Change, compared, entries, laid, read
    from rsaudit.loading.ordinary import ordinary_bytes
    from rsaudit.loading.recognition import sheet_names
    from rsaudit.loading.yaml_reading import MAX_BYTES
    from rsaudit.visit import dwellings, points

    if reference.path.suffix.lower() == ".xlsx":
        raise InputUnreadableError(words.workbook_dossier(reference.shown), words.WORKBOOK_HINT)
    dossier, report = _judged(judge, reference, with_answers=False)
    if not report.obligations:
        documents.tell_errors(report)
        return outcome.INPUT
    path = Path(filled)
    try:
        raw = ordinary_bytes(path, MAX_BYTES)
    except OSError as error:
        raise InputUnreadableError(say.unreadable_sheet(filled), words.SHEET_HINT) from error
    known = {point.identifier: point for point, _ in points(report)}
    said = read(raw, path.name, sheet_names(path), known)
    if said.errors:
        streams.tell("\n".join(say.input_error(error) for error in said.errors))
        raise InputUnreadableError(say.unreadable_sheet(filled), words.FIX_SHEET_HINT)
    total = dwellings(dossier, judge.session.vocabulary)[1]
    existing = (dossier.data.get(_ANSWERS) or {}).get(_LIST) or []
    outcomes = compared(existing, entries(said.rows, role=said.role, total=total))
    streams.write_report("".join(f"{words.outcome_line(one)}\n" for one in outcomes))
    differing = [one for one in outcomes if one.change is Change.DIFFERENT]
    if differing and not replace:
        raise InputUnreadableError(words.differences(len(differing)), words.DIFFERENT_HINT)
    changed = [one for one in outcomes if one.change is not Change.UNCHANGED]
    if not changed:
        streams.tell(words.nothing_taken())
        return outcome.DONE
    answers = laid(existing, changed)
    _check(judge, dossier, answers)
    target, content = _edited(judge, reference, dossier, answers)
    destinations.write(target, content)
    streams.tell(words.taken(len(changed), target.as_posix()))
    return outcome.DONE


def _check(judge: Judge, dossier: Dossier, answers: Sequence[Entry]) -> None:
    """Refuse answers that the schemas of the dossier would refuse once written."""
    from rsaudit.loading import from_data
    from rsaudit.validation import violations

    trial = from_data({**dossier.data, _ANSWERS: {_LIST: answers}}, judge.session.schemas, name=dossier.name)
    errors = [
        error for error in violations(trial, judge.session.schemas) if error.message.startswith(_ANSWERS)
    ]
    if any(error.severity == "erreur" for error in errors):
        raise InputUnreadableError(errors[0].message, words.INVALID_ANSWERS_HINT)


def _edited(
    judge: Judge, reference: DossierRef, dossier: Dossier, answers: Sequence[Entry]
) -> tuple[Path, str]:
    """Return the file that holds the answers, edited in place: what is not changed keeps its bytes."""
    from rsaudit.amending.editing import update, update_whole

    alone = reference.path.is_file()
    target = reference.path if alone else reference.path / f"{_ANSWERS}.yaml"
    text = target.read_bytes().decode("utf-8") if target.exists() else ""  # line ends as they are
    before = dossier.data.get(_ANSWERS) or {}
    after = {**before, _LIST: answers}
    sections = judge.session.schemas.sections
    if alone:
        return target, update_whole(text, {_ANSWERS: before}, {_ANSWERS: after}, sections, rows_in_line=True)[
            0
        ]
    return target, update(text, before, after, sections[_ANSWERS], rows_in_line=True)[0]
