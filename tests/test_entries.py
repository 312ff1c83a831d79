"""A compiled référentiel written and read back: each rule understood when asked, and never trusted blindly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsaudit.ruleset import entries
from rsaudit.ruleset.entries import KeptRules

if TYPE_CHECKING:
    from rsaudit.cli.session import Session


def test_an_entry_gives_back_what_a_rule_states(session: Session) -> None:
    """Written and read back, a référentiel has the same rules, words, fields and plans, without its cases."""
    compiled = session.ruleset(session.folder("accompagnement"))

    found = entries.read(entries.write(compiled), lambda: compiled)

    assert found.rule_ids == compiled.rule_ids
    for before, after in zip(compiled.rules, found.rules, strict=True):
        assert (after.rule.id, after.rule.title, after.rule.requirements) == (
            before.rule.id,
            before.rule.title,
            before.rule.requirements,
        )
        assert (after.fields, after.reads()) == (before.fields, before.reads())
        assert [one.test.plan for one in after.conditions] == [one.test.plan for one in before.conditions]
        assert after.rule.cases == ()
        assert {verdict: len(said) for verdict, said in after.messages.items()} == {
            verdict: len(said) for verdict, said in before.messages.items()
        }
    assert found.requirement_ids == tuple(one.id for one in compiled.ruleset.requirements)
    assert [(one.id, one.section) for one in found.ruleset.requirements] == [
        (one.id, one.section) for one in compiled.ruleset.requirements
    ]


def test_a_rule_that_makes_no_sense_is_compiled_again(session: Session) -> None:
    """A line of an entry that is no rule is not an error: the référentiel is compiled from its files."""
    compiled = session.ruleset(session.folder("accompagnement"))
    asked: list[Any] = []

    def again() -> Any:
        asked.append(1)
        return compiled

    rules = KeptRules([b"{}", b"[", b'{"plain":{"slot":0},"empty":[],"rest":{}}'], None, again)  # type: ignore[arg-type]

    assert [rules[rank].rule.id for rank in range(3)] == list(compiled.rule_ids[:3])
    assert len(asked) == 1


def test_words_that_make_no_sense_are_compiled_again(session: Session) -> None:
    """A part that waits to be understood is no more trusted than a line: the rule compiled from its files answers."""
    compiled = session.ruleset(session.folder("accompagnement"))
    head, shared, requirements, first, *lines = entries.write(compiled).split(b"\n")
    assert len(json.loads(requirements)["t"]) == len(compiled.ruleset.requirements)
    told = json.loads(first)
    told["rest"]["messages"] = {"?": 0}
    written = [head, shared, b"[]", json.dumps(told).encode(), *lines]

    found = entries.read(b"\n".join(written), lambda: compiled)

    assert found.rules[0].rule is not compiled.rules[0].rule
    assert found.rules[0].messages is compiled.rules[0].messages
    assert list(found.ruleset.requirements) == list(compiled.ruleset.requirements)
