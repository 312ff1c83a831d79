"""The README shows what the program says today, and names commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

from rsaudit.cli.app import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_excerpt_is_from_a_real_report() -> None:
    """Each line of the excerpt is in the golden report of the faulty example, in the same order."""
    excerpt = README.split("```text\n", 1)[1].split("```", 1)[0].splitlines()
    golden = (ROOT / "tests/golden/exemples/benjoin-fautif.txt").read_text(encoding="utf-8").splitlines()

    places = [golden.index(line) for line in excerpt if line not in {"", "…"}]
    assert places == sorted(places)
    assert len(places) > 5


def test_the_commands_named_exist() -> None:
    """Each command the README shows is one of the program's."""
    named = set(re.findall(r"^rsaudit ([a-z]+)", README, re.MULTILINE))

    assert named
    assert named <= set(COMMANDS)


def test_the_rules_and_examples_named_exist() -> None:
    """Each path and rule the README shows is there."""
    rules = {path.stem for path in (ROOT / "rulesets").rglob("*.yaml")}
    for rule in re.findall(r"rsaudit expliquer ([a-z0-9-]+)", README):
        assert rule in rules
    for path in re.findall(r"examples/[a-z0-9./-]+", README):
        assert (ROOT / path.rstrip(".")).exists()
