"""`rsaudit expliquer`: a rule as a jurist reads it, or its evaluation line by line on a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import completion, outcome, streams
from rsaudit.cli.commands.audit import find
from rsaudit.cli.session import Session, audit_day
from rsaudit.errors import InputUnreadableError, UsageError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.ruleset import CompiledRule, CompiledRuleset

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.EXPLAIN_HELP, epilog=say.EXIT_CODES)
def expliquer(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="ID", help=say.EXPLAIN_RULE_HELP, autocompletion=completion.offered(completion.rules)
        ),
    ],
    path: Annotated[
        str | None, typer.Option("--dossier", metavar="CHEMIN", help=say.EXPLAIN_DOSSIER_HELP)
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--objet", metavar="X", help=say.EXPLAIN_SUBJECT_HELP)
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--referentiel",
            "-r",
            metavar="NOM|DOSSIER",
            help=say.RULESET_HELP,
            autocompletion=completion.offered(completion.rulesets),
        ),
    ] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="AAAA-MM-JJ", help=say.DATE_HELP)] = None,
) -> int:
    """Print what a rule asks and why, or how it was evaluated."""
    from rsaudit.explanation import describe

    session = Session()
    ruleset, compiled = _find(session.rulesets(list(names or [])), rule)
    as_of = audit_day(day)
    if path is None:
        content = describe(ruleset, compiled, as_of=as_of, vocabulary=session.vocabulary)
    else:
        content = _evaluation(session, ruleset, compiled, path, subject, as_of)
    streams.write_report(content + "\n")
    return outcome.DONE


def _find(rulesets: list[CompiledRuleset], name: str) -> tuple[CompiledRuleset, CompiledRule]:
    wanted = name.rsplit("/", 1)[-1]
    for ruleset in rulesets:
        for rule in ruleset.rules:
            if rule.rule.id == wanted or wanted in rule.rule.requirements:
                return ruleset, rule
    known = [rule.rule.id for ruleset in rulesets for rule in ruleset.rules]
    raise UsageError(say.unknown_rule(name, known), say.UNKNOWN_RULE_HINT)


def _evaluation(
    session: Session,
    ruleset: CompiledRuleset,
    compiled: CompiledRule,
    path: str,
    subject: str | None,
    as_of: date,
) -> str:
    from rsaudit.explanation import evaluation
    from rsaudit.reception import receive

    references = find([path])
    if len(references) != 1:
        raise UsageError(say.one_dossier(path, len(references)), say.ONE_DOSSIER_HINT)
    dossier = receive(references[0], session.schemas)
    serious = [error for error in dossier.errors if error.severity == "erreur"]
    if serious:
        raise InputUnreadableError(say.invalid_dossier(dossier.path, len(serious)), say.INVALID_DOSSIER_HINT)
    return evaluation(ruleset, compiled, dossier, as_of=as_of, vocabulary=session.vocabulary, subject=subject)
