"""Completion of the command line by the shell: the words of each option, read from what is shipped, nothing compiled."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rsaudit import resources
from rsaudit.cli.session import one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SHELLS = ("bash", "zsh", "fish", "powershell")
_PROGRAM, _VARIABLE = "rsaudit", "_RSAUDIT_COMPLETE"


def asked() -> bool:
    """Say whether it is the shell that runs the program, to complete what is being typed."""
    return _VARIABLE in os.environ


def install() -> None:
    """Teach the command-line library every shell, PowerShell included."""
    from typer._completion_classes import completion_init

    completion_init()


def script(shell: str) -> str:
    """Return what a shell must read to complete the commands. Raises `UsageError` for a shell it does not know."""
    from typer._completion_shared import get_completion_script

    one_of("--completion", shell, SHELLS)
    return get_completion_script(prog_name=_PROGRAM, complete_var=_VARIABLE, shell=shell) + "\n"


def offered(complete: Callable[[str], list[str]]) -> Callable[[str], list[str]] | None:
    """Return a completer when the shell asks for one: the library would look into each of them at every start."""
    return complete if asked() else None


def among(words: Iterable[str]) -> Callable[[str], list[str]]:
    """Make a completer of a fixed list of words."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def formats(incomplete: str) -> list[str]:
    """Complete the name of a format of report."""
    from rsaudit.output import FORMATS

    return among(FORMATS)(incomplete)


def rulesets(incomplete: str) -> list[str]:
    """Complete the id of a shipped référentiel."""
    heads = resources.rulesets_folder().glob("*/referentiel.yaml")
    return among(sorted(head.parent.name for head in heads))(incomplete)


def rules(incomplete: str) -> list[str]:
    """Complete the id of a rule of a shipped référentiel: the name of its file."""
    return among(sorted({path.stem for path in resources.rulesets_folder().glob("*/*/*.yaml")}))(incomplete)
