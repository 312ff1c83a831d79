"""`rsaudit tester`: check a référentiel, run its cases, print what it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import completion, outcome, streams
from rsaudit.cli.session import Session
from rsaudit.messages import cases as words
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from rsaudit.ruleset import CompiledRuleset

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.TEST_HELP, epilog=say.EXIT_CODES)
def tester(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REFERENTIEL…]", help=say.TEST_PATHS_HELP, autocompletion=completion.rulesets
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--tout", help=say.TEST_ALL_HELP)] = False,
) -> int:
    """Run the cases and return 1 when one fails, or an exigence has no rule."""
    session = Session()
    failed = False
    read: set[str] = set()
    compiled = session.rulesets(list(names or []))
    for ruleset in compiled:
        failed |= _one(session, ruleset, verbose=verbose)
        read |= _fields_read(ruleset)
    if len(compiled) > 1:
        streams.write_report(words.total_coverage([_covered(ruleset) for ruleset in compiled]) + "\n")
    unread = sorted(set(session.vocabulary.paths()) - read)
    streams.write_report(words.unread_fields(unread, listed=verbose) + "\n")
    return outcome.FOUND if failed else outcome.DONE


def _one(session: Session, ruleset: CompiledRuleset, *, verbose: bool) -> bool:
    from rsaudit.cases import coverage, run_cases

    results = list(run_cases(ruleset, session.schemas, session.vocabulary))
    failures = [result for result in results if not result.passed]
    lines = [words.heading(ruleset.ruleset.id, ruleset.ruleset.version, len(ruleset.rules), len(results))]
    lines.extend(
        words.failed(result.rule, result.name, result.expected, result.obtained, result.detail)
        for result in failures
    )
    if verbose:
        lines.extend(
            words.passed(result.rule, result.name, result.obtained) for result in results if result.passed
        )
    found = coverage(ruleset)
    lines.append(words.coverage(found.requirements, found.uncovered, found.limits, found.unproved))
    lines.append(words.verdict(len(results), len(failures)))
    streams.write_report("\n".join(lines) + "\n")
    return bool(failures) or bool(found.uncovered)


def _covered(ruleset: CompiledRuleset) -> tuple[int, int]:
    from rsaudit.cases import coverage

    found = coverage(ruleset)
    return found.requirements - len(found.uncovered), found.requirements


def _fields_read(ruleset: CompiledRuleset) -> set[str]:
    """Return the static paths that some rule, heading or coherence reads, with every parent of each."""
    paths = {path for rule in ruleset.rules for path in rule.fields} | set(ruleset.fields)
    return paths | {path.rsplit(".", count)[0] for path in paths for count in range(1, path.count(".") + 1)}
