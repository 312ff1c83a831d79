"""Each case written in a rule file gives the verdict the text commands."""

from __future__ import annotations

from typing import Any

import pytest

from rsaudit.cases import run_case
from rsaudit.cli.session import Session

_SESSION = Session()
_CASES = [
    pytest.param(compiled, rule, case, id=f"{compiled.ruleset.id}/{rule.rule.id}/{case['nom']}")
    for compiled in _SESSION.rulesets([])
    for rule in compiled.rules
    for case in rule.rule.cases
]


@pytest.mark.parametrize(("compiled", "rule", "case"), _CASES)
def test_a_case_gives_the_verdict_of_the_text(compiled: Any, rule: Any, case: Any) -> None:
    """A rule answers each of its cases as the text does."""
    result = run_case(compiled, rule, case, _SESSION.schemas, _SESSION.vocabulary)

    assert result.obtained == result.expected, result.detail
