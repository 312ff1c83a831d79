"""The shell completes commands, formats, référentiels and rules."""

from __future__ import annotations

from typing import Any

import pytest

from rsaudit.cli.completion import SHELLS


def completed(program: Any, line: str) -> list[str]:
    """Return what bash would propose at the end of a line."""
    words = f"rsaudit {line}"
    done = program(
        env={
            "_RSAUDIT_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        }
    )
    assert done.returncode == 0
    assert done.stderr == b""
    return done.stdout.decode().split()


@pytest.mark.parametrize(
    ("line", "among"),
    [
        ("val", "valider"),
        ("audit --format ht", "html"),
        ("audit --seuil maj", "majeur"),
        ("audit --referentiel reu", "reunion"),
        ("audit --regle depot-max", "depot-maximum"),
        ("expliquer surface-min", "surface-minimale"),
        ("tester haut", "hautes-alpes-epicea"),
        ("--completion z", "zsh"),
    ],
)
def test_completes(program: Any, line: str, among: str) -> None:
    """What is begun is completed by the words of its place, and by nothing that begins otherwise."""
    found = completed(program, line)

    assert among in found
    assert all(word.startswith(line.split(" ")[-1]) for word in found)


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts(program: Any, shell: str) -> None:
    """Each shell gets its own script, on standard output."""
    done = program("--completion", shell)

    assert done.returncode == 0
    assert b"_RSAUDIT_COMPLETE" in done.stdout


def test_unknown_shell(program: Any) -> None:
    """A shell that is not known is refused with those that are."""
    done = program("--completion", "ksh")

    assert done.returncode == 2
    assert "bash, zsh, fish, powershell" in done.stderr.decode()
