"""`rsaudit regles`: list the référentiels and their rules."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rsaudit.cli import outcome, streams
from rsaudit.cli.session import Session, one_of
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from rsaudit.ruleset import CompiledRuleset, Rule

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.RULES_HELP, epilog=say.EXIT_CODES)
def regles(
    names: Annotated[
        list[str] | None,
        typer.Option("--referentiel", "-r", metavar="NOM|DOSSIER", help=say.RULES_WHICH_HELP),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="terminal|json", help=say.RULES_FORMAT_HELP)
    ] = "terminal",
) -> int:
    """Print the rules of the référentiels."""
    one_of("--format", format_, ("terminal", "json"))
    compiled = Session().rulesets(list(names or []))
    if format_ == "json":
        content = json.dumps([_ruleset(entry) for entry in compiled], ensure_ascii=False, indent=2)
    else:
        content = "\n".join(_text(entry) for entry in compiled)
    streams.write_report(content + "\n")
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
