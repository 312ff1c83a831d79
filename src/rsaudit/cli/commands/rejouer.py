"""`rsaudit rejouer`: whether a JSON report is the one that its inputs, its options and this version give."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from rsaudit import __version__
from rsaudit.cli import outcome, streams
from rsaudit.cli.reports import read_earlier, read_text
from rsaudit.errors import InputUnreadableError
from rsaudit.messages import cli as say
from rsaudit.messages import replay as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.cli.judging import Earlier
    from rsaudit.loading import DossierRef
    from rsaudit.model import Report

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=words.HELP, epilog=words.EXIT_CODES)
def rejouer(
    report: Annotated[str, typer.Argument(metavar="RAPPORT.json", help=words.REPORT_HELP)],
    dossier: Annotated[str | None, typer.Argument(metavar="[DOSSIER]", help=words.DOSSIER_HELP)] = None,
    ruleset: Annotated[
        list[str] | None, typer.Option("--referentiel", "-r", metavar="DOSSIER", help=words.RULESET_HELP)
    ] = None,
    since: Annotated[str | None, typer.Option("--depuis", metavar="RAPPORT", help=words.SINCE_HELP)] = None,
) -> int:
    """Return 0 when the report is reproduced byte for byte, 1 when it is not, 3 when its inputs differ."""
    from rsaudit.output.json_report import parse_all

    text = read_text(report)
    found = parse_all(text)
    if len(found) != 1:
        raise InputUnreadableError(words.PORTFOLIO, words.PORTFOLIO_HINT)
    known = found[0]
    tool = f"rsaudit {__version__}"
    if known.tool != tool:
        streams.write_report(words.not_concluded([words.other_tool(known.tool, tool)]) + "\n")
        return outcome.INPUT
    again, written = _again(known, dossier, list(ruleset or ()), since)
    differences = list(_inputs(known, again))
    if differences:
        streams.write_report(words.not_concluded(differences) + "\n")
        return outcome.INPUT
    if written == text:
        streams.write_report(words.reproduced(known) + "\n")
        return outcome.DONE
    streams.write_report(
        words.not_reproduced(list(_places(json.loads(text), json.loads(written), ""))) + "\n"
    )
    return outcome.FOUND


def _again(known: Report, dossier: str | None, folders: list[str], since: str | None) -> tuple[Report, str]:
    """Judge the dossier again as the report says it was; return the new report, and its JSON.

    Raises `InputUnreadableError` when something the report was made from is not given.
    """
    from rsaudit.cli.judging import Judge, Orders
    from rsaudit.engine import AuditOptions
    from rsaudit.model import RenderOptions
    from rsaudit.output import render

    options = known.options
    render_options = RenderOptions(public=options.get("diffusion") is True)
    judge = Judge(
        Orders(
            day=known.audit_date,
            named=tuple(_rulesets(_words(options.get("referentiels")), folders)),
            options=AuditOptions(
                rules=tuple(_words(options.get("regles"))),
                require_pieces=options.get("exiger_pieces") is True,
            ),
            render=render_options,
            earlier=_earlier(known, since),
        )
    )
    report = judge.report(_reference(dossier or known.path, known))
    return report, str(render("json", report, render_options))


def _earlier(known: Report, path: str | None) -> Earlier | None:
    """Read the earlier report that the report follows, under the name it had."""
    named = next((one for one in known.fingerprints if one.role == "depuis"), None)
    if named is None:
        return None
    if path is None:
        raise InputUnreadableError(words.missing_earlier(named.file), words.GIVE_EARLIER_HINT)
    found = read_earlier(path)
    return replace(found, fingerprint=replace(found.fingerprint, file=named.file))


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _rulesets(names: list[str], folders: list[str]) -> Iterator[str]:
    """Return each référentiel by its name when it is shipped, else by the folder given for it."""
    from rsaudit.cli.session import Session

    shipped = {path.name for path in Session.shipped()}
    given = {Path(folder).resolve().name: folder for folder in folders}
    for name in names:
        if name not in shipped and name not in given:
            raise InputUnreadableError(words.missing_ruleset(name), words.GIVE_RULESET_HINT)
        yield given.get(name, name)


def _reference(path: str, known: Report) -> DossierRef:
    """Find the dossier, written as the report writes it, with the common blocks it was given."""
    from rsaudit.loading import find_dossiers

    references, _ = find_dossiers(Path(path))
    if len(references) != 1:
        raise InputUnreadableError(words.one_dossier(path, len(references)), say.NO_DOSSIER_HINT)
    found = references[0]
    folder = found.path if found.path.is_dir() else found.path.parent
    inside = known.path if found.path.is_dir() else os.path.dirname(known.path)  # noqa: PTH120 - of a report
    above = max(
        (
            Path(os.path.relpath(one.file, inside or ".")).parts.count("..")
            for one in known.fingerprints
            if one.role == "commun"
        ),
        default=0,
    )
    root = folder.resolve()
    for _ in range(above):
        root = root.parent
    return replace(found, shown=known.path, root=root if above else found.root)


def _inputs(known: Report, again: Report) -> Iterator[str]:
    """Tell each input of the report that is not the same now."""
    for name in sorted({*known.options, *again.options}):
        if known.options.get(name) != again.options.get(name) and name != "diffusion":
            yield words.other_options(name)
    before, after = ({(one.role, one.file): one.sha256 for one in r.fingerprints} for r in (known, again))
    for role, file in sorted({*before, *after}):
        if (role, file) not in after:
            yield words.lost_file(file)
        elif (role, file) not in before:
            yield words.other_file(file)
        elif before[role, file] != after[role, file]:
            yield words.changed_file(file)


def _places(before: Any, after: Any, path: str) -> Iterator[str]:
    """Give the places where two JSON values differ, the deepest that tell it."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from _places(before[key], after[key], f"{path}.{key}" if path else key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _places(one, other, f"{path}[{index}]")
    elif before != after or type(before) is not type(after):
        yield words.place(path, _clip(before), _clip(after))


def _clip(value: Any) -> str:
    from rsaudit.messages.output import inert

    text = inert(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 60 else f"{text[:57]}…"
