"""`rsaudit regles`: list the référentiels and their rules."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rsaudit import __version__
from rsaudit.cli import completion, destinations, outcome, streams
from rsaudit.cli.session import Session, audit_day, one_of
from rsaudit.errors import UsageError
from rsaudit.messages import cli as say
from rsaudit.messages import format_date

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.ruleset import CompiledRuleset, Rule

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.RULES_HELP, epilog=say.EXIT_CODES)
def regles(
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--referentiel",
            "-r",
            metavar="NOM|DOSSIER",
            help=say.RULES_WHICH_HELP,
            autocompletion=completion.offered(completion.rulesets),
        ),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="terminal|json", help=say.RULES_FORMAT_HELP)
    ] = "terminal",
    guide: Annotated[bool, typer.Option("--guide", help=say.RULES_GUIDE_HELP)] = False,
    output: Annotated[
        str | None, typer.Option("--sortie", "-o", metavar="CHEMIN", help=say.RULES_OUTPUT_HELP)
    ] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="AAAA-MM-JJ", help=say.RULES_DATE_HELP)] = None,
) -> int:
    """Print the rules of the référentiels."""
    one_of("--format", format_, ("terminal", "json"))
    if guide:
        return _guide(list(names or []), format_, output, audit_day(day))
    if output is not None or day is not None:
        raise UsageError(say.GUIDE_ONLY, say.GUIDE_ONLY_HINT)
    compiled = Session().rulesets(list(names or []))
    if format_ == "json":
        content = json.dumps([_ruleset(entry) for entry in compiled], ensure_ascii=False, indent=2)
    else:
        content = "\n".join(_text(entry) for entry in compiled)
    streams.write_report(content + "\n")
    return outcome.DONE


def _guide(names: list[str], format_: str, output: str | None, day: date) -> int:
    """Write the guide, whole or not at all, over nothing but a page of ours."""
    from rsaudit.guide import guide_data
    from rsaudit.output.guide import render_guide

    (destination,) = destinations.parse([output or destinations.STANDARD_OUTPUT], "html")
    if (destination.format != "html" and destination.path is not None) or format_ != "terminal":
        raise UsageError(say.GUIDE_IS_HTML, say.GUIDE_IS_HTML_HINT)
    destinations.check_writable([destination])
    session = Session()
    content = render_guide(
        [guide_data(entry, as_of=day, vocabulary=session.vocabulary) for entry in session.rulesets(names)],
        tool=f"rsaudit {__version__}",
        day=format_date(day),
    )
    if destination.path is None:
        streams.write_report(content + "\n")
    else:
        destinations.write(destination.path, content + "\n")
        streams.tell(say.written(destination.path.as_posix()))
    return outcome.DONE


def _ruleset(compiled: CompiledRuleset) -> dict[str, Any]:
    ruleset = compiled.ruleset
    return {
        "id": ruleset.id,
        "titre": ruleset.title,
        "version": ruleset.version,
        "date": ruleset.date.isoformat(),
        "portee": ruleset.scope_text,
        "parent": ruleset.parent,
        "regles": [_rule(rule.rule) for rule in compiled.rules],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "titre": rule.title,
        "chapitre": rule.chapter,
        "origine": rule.origin,
        "exigences": list(rule.requirements),
        "texte": {
            "document": rule.text.document,
            "article": rule.text.article,
            "place": rule.text.place,
            "fondement": rule.text.basis,
        },
        "rang": rule.rank.value,
        "force": rule.force.value,
        "gravite": [case.severity.value for case in rule.severities],
        "cas": dict(sorted(_expected(rule).items())),
    }


def _expected(rule: Rule) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case in rule.cases:
        expected = case["attendu"]
        counts.update([expected] if isinstance(expected, str) else set(expected.values()))
    return counts


def _text(compiled: CompiledRuleset) -> str:
    ruleset = compiled.ruleset
    lines = [
        say.ruleset_heading(ruleset.id, ruleset.title, ruleset.version, ruleset.date),
        f"  {ruleset.scope_text}",
    ]
    if ruleset.parent:
        lines.append(say.extends(ruleset.parent))
    for chapter in ruleset.chapters:
        rules = [rule.rule for rule in compiled.rules if rule.rule.chapter == chapter.id]
        if rules:
            lines.append(f"\n{chapter.title}")
            lines.extend(say.rule_line(rule, ruleset.id) for rule in rules)
    return "\n".join(lines) + "\n"
