"""A compiled référentiel written and read back: each rule understood when asked, and never trusted blindly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct
from msgspec.json import encode
from msgspec.structs import astuple

from rsaudit.conditions import sharing
from rsaudit.conditions.arranging import parts
from rsaudit.conditions.plans import Linker, Program, RangeProgram
from rsaudit.ruleset import entries, entry_writing
from rsaudit.ruleset.compiled import CompiledRule, Printed, Reads
from rsaudit.ruleset.entries import KeptDeclaration, KeptRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.cli.session import Session
    from rsaudit.conditions.plans import Plan


def test_an_entry_gives_back_what_a_rule_states(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written and read back, a référentiel has the same rules, words, fields and plans, without its cases."""
    compiled = session.ruleset(session.folder("accompagnement"))
    monkeypatch.setattr(entry_writing, "written", attrgetter("parts"))  # plans in full, to be compared

    found = entries.read(entry_writing.write(compiled), lambda: compiled)

    assert found.rule_ids == compiled.rule_ids
    for before, after in zip(compiled.rules, found.rules, strict=True):
        assert (after.rule.id, after.rule.title, after.rule.requirements) == (
            before.rule.id,
            before.rule.title,
            before.rule.requirements,
        )
        assert (after.fields, after.reads()) == (before.fields, before.reads())
        assert [one.test.plan for one in after.conditions] == [one.test.plan for one in before.conditions]
        assert after.blocks == before.blocks
        for name in KeptDeclaration.__struct_fields__:
            kept, stated = getattr(after.rule, name), getattr(before.rule, name)
            assert kept == stated or (kept.question, kept.place) == (stated.question, stated.place)
        assert not hasattr(after.rule, "cases")
        assert {verdict: len(said) for verdict, said in after.messages.items()} == {
            verdict: len(said) for verdict, said in before.messages.items()
        }
    assert found.requirement_ids == tuple(one.id for one in compiled.ruleset.requirements)
    assert [(one.id, one.section) for one in found.ruleset.requirements] == [
        (one.id, one.section) for one in compiled.ruleset.requirements
    ]


def _shape(value: Any) -> Any:
    """Return what a part of a rule holds, programs by their plans, whatever it is kept in."""
    if isinstance(value, Program):
        return {"plan": json.loads(json.dumps(value.plan))}
    if isinstance(value, RangeProgram):
        return json.loads(json.dumps([value.slot, value.table, value.source, value.where]))
    if isinstance(value, Reads):
        return [list(astuple(one)) for one in value()]
    if isinstance(value, Printed):
        return {name: _shape(one) for name, one in vars(value).items()}
    if isinstance(value, Struct):
        return {name: _shape(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {name: _shape(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_shape(one) for one in value]
    return value


@pytest.mark.parametrize("name", ["accompagnement", "hautes-alpes-epicea", "reunion"])
def test_an_entry_gives_back_every_part_of_every_rule(
    session: Session, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """No part of a rule is lost, gained or changed on the way, nor of what its référentiel says above them."""
    compiled = session.ruleset(session.folder(name))
    monkeypatch.setattr(entry_writing, "written", attrgetter("parts"))

    found = entries.read(entry_writing.write(compiled), lambda: pytest.fail("something made no sense"))

    for before, after in zip(compiled.rules, found.rules, strict=True):
        for part in set(CompiledRule.__struct_fields__) - {"rule", "scope"}:
            assert _shape(getattr(after, part)) == _shape(getattr(before, part)), (before.rule.id, part)
    for part in ("applies", "out_of_scope", "headings", "coherences", "fields", "profile", "requirement_ids"):
        assert _shape(getattr(found, part)) == _shape(getattr(compiled, part)), part


def _plans(session: Session) -> list[Plan]:
    rules = session.ruleset(session.folder("reunion")).rules
    return [one.test.plan for rule in rules for one in (*rule.conditions, *rule.subject_conditions)]


def _distinct(plans: list[Plan]) -> set[str]:
    def each(plan: Plan) -> Iterator[str]:
        yield repr(plan)
        for part in parts(plan):
            yield from each(part)

    return {one for plan in plans for one in each(plan)}


def test_a_plan_repeated_is_written_once_and_found_by_its_number(session: Session) -> None:
    """Numbers replaced by the plans they stand for, what is written is what was to be; nothing is written twice."""
    plans = _plans(session)
    known = sharing.Sharing()
    shared = [known.plan(plan) for plan in plans]
    table = known.table()

    def numbered(one: sharing.Shared) -> Any:
        return one.parts if one.number is None else {"number": one.number}

    def whole(part: Any) -> Any:
        if isinstance(part, dict) and "number" in part:
            return whole(told[part["number"]])
        return [whole(one) for one in part] if isinstance(part, list) else part

    told = json.loads(encode(table, enc_hook=numbered))
    written = json.loads(encode(shared, enc_hook=numbered))

    assert [whole(plan) for plan in written] == json.loads(json.dumps(plans))
    numbers = json.dumps([told, written]).count('{"number":')
    assert numbers >= 2 * len(table) > 100
    assert len({json.dumps(whole(one)) for one in told}) == len(table)
    operations = json.dumps([told, written], ensure_ascii=False).count('["path", ')
    assert operations == sum(one.startswith("['path', ") for one in _distinct(plans))


def test_a_plan_repeated_is_linked_once() -> None:
    """Two programs whose plans are alike are one function; a plan given in full is linked each time."""
    known = sharing.Sharing()
    alike = ["ordered", "<", ["slot", 1], ["constant", 3]]
    shared = [known.plan(plan) for plan in (["not", alike], ["exists", alike], alike)]
    told = json.loads(encode([known.table(), shared], enc_hook=sharing.written))
    link = Linker([json.dumps(one).encode() for one in told[0]])  # type: ignore[misc]

    assert told == [[alike], [["not", 0], ["exists", 0], 0]]
    assert link(told[1][2]) is link(0)
    assert link(alike) is not link(alike)
    assert link(told[1][0])([None, 2]) is False


def test_words_of_one_value_are_looked_for_at_once_wherever_they_are_written() -> None:
    """`x dans [a, b]` says the same, whether its comparisons are repeated elsewhere or not."""
    comparisons = [["word", ["slot", 1], word] for word in ("oui", "non")]
    link = Linker([json.dumps(one).encode() for one in (["slot", 1], *comparisons)])  # type: ignore[misc]
    programs = [
        link(["or", comparisons]),
        link(["or", [["word", 0, "oui"], ["word", 0, "non"]]]),
        link(["or", [1, 2]]),
        link(["or", [1, comparisons[1]]]),
    ]

    for value, wanted in (("oui", True), ("non", True), ("peut-être", False)):
        assert [run([None, value]) for run in programs] == [wanted] * 4


def test_a_rule_that_makes_no_sense_is_compiled_again(session: Session) -> None:
    """A line of an entry that is no rule is not an error: the référentiel is compiled from its files."""
    compiled = session.ruleset(session.folder("accompagnement"))
    asked: list[Any] = []
    told = json.loads(entry_writing.write(compiled).split(b"\n")[7])
    parts_of = told["parts"]
    others = {"what_no_rule_has": 0, **dict(list(parts_of.items())[1:])}
    unknown = json.dumps({**told, "parts": others}).encode()
    lost = json.dumps({**told, "parts": dict(list(parts_of.items())[1:])}).encode()

    def again() -> Any:
        asked.append(1)
        return compiled

    rules = KeptRules([b"{}", b"[", b'{"slot":0,"parts":{}}', unknown, lost], None, again)  # type: ignore[arg-type]

    assert [rules[rank].rule.id for rank in range(5)] == list(compiled.rule_ids[:5])
    assert len(asked) == 1


def test_words_that_make_no_sense_are_compiled_again(session: Session) -> None:
    """A part that waits to be understood is no more trusted than a line: the rule compiled from its files answers."""
    compiled = session.ruleset(session.folder("accompagnement"))
    repeated, head, shared, requirements, first, *lines = entry_writing.write(compiled).split(b"\n")
    assert len(json.loads(requirements)["t"]) == len(compiled.ruleset.requirements)
    told = json.loads(first)
    told["parts"]["messages"] = {"?": 0}
    written = [repeated, head, shared, b"[]", json.dumps(told).encode(), *lines]

    found = entries.read(b"\n".join(written), lambda: compiled)

    assert found.rules[0].rule is not compiled.rules[0].rule
    assert found.rules[0].messages is compiled.rules[0].messages
    assert list(found.ruleset.requirements) == list(compiled.ruleset.requirements)
