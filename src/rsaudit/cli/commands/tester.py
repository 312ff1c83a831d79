"""`rsaudit tester`: check a référentiel, run its cases, print what it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rsaudit.cli import completion, outcome, streams
from rsaudit.cli.session import Session
from rsaudit.messages import cases as words
from rsaudit.messages import cli as say
from rsaudit.messages import review

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.ruleset import CompiledRuleset

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(help=say.TEST_HELP, epilog=say.EXIT_CODES)
def tester(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REFERENTIEL…]",
            help=say.TEST_PATHS_HELP,
            autocompletion=completion.offered(completion.rulesets),
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--tout", help=say.TEST_ALL_HELP)] = False,
) -> int:
    """Run the cases and return 1 when one fails, or an exigence has no rule."""
    session = Session()
    failed = False
    read: set[str] = set()
    folders = [session.folder(name) for name in names] if names else session.shipped()
    compiled = [session.ruleset(folder) for folder in folders]
    for folder, ruleset in zip(folders, compiled, strict=True):
        failed |= _one(session, folder, ruleset, verbose=verbose)
        read |= _fields_read(ruleset)
    if len(compiled) > 1:
        streams.write_report(words.total_coverage([_covered(ruleset) for ruleset in compiled]) + "\n")
    unread = sorted(set(session.vocabulary.paths()) - read)
    streams.write_report(words.unread_fields(unread, listed=verbose) + "\n")
    return outcome.FOUND if failed else outcome.DONE


def _one(session: Session, folder: Path, ruleset: CompiledRuleset, *, verbose: bool) -> bool:
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
    lexicon_failed = _lexicon(session, folder, ruleset, lines)
    lines.append(words.verdict(len(results), len(failures)))
    streams.write_report("\n".join(lines) + "\n")
    return bool(failures) or bool(found.uncovered) or lexicon_failed


def _lexicon(session: Session, folder: Path, ruleset: CompiledRuleset, lines: list[str]) -> bool:
    """Run the cases of the référentiel’s own lexicon, when it has one."""
    from rsaudit.lexicon import failures, load_lexicon

    known = [requirement.id for requirement in ruleset.ruleset.requirements]
    lexicon = load_lexicon(folder, session.schemas, known)
    if lexicon is None:
        return False
    failed = failures(lexicon)
    lines.extend(review.lexicon_failed(*failure) for failure in failed)
    cases = sum(len(entry.cases) for entry in lexicon.entries)
    lines.append(review.lexicon_cases(len(lexicon.entries), cases, len(failed)))
    return bool(failed)


def _covered(ruleset: CompiledRuleset) -> tuple[int, int]:
    from rsaudit.cases import coverage

    found = coverage(ruleset)
    return found.requirements - len(found.uncovered), found.requirements


def _fields_read(ruleset: CompiledRuleset) -> set[str]:
    """Return the static paths that some rule, heading or coherence reads, with every parent of each."""
    paths = {path for rule in ruleset.rules for path in rule.fields} | set(ruleset.fields)
    return paths | {path.rsplit(".", count)[0] for path in paths for count in range(1, path.count(".") + 1)}
