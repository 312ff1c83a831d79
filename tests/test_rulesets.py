"""The house rules of rules: what every shipped référentiel owes its readers, whatever it asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from rsaudit.cases import coverage
from rsaudit.cli.session import Session
from rsaudit.model import Rank, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

_RULESETS = {compiled.ruleset.id: compiled for compiled in Session().rulesets([])}
_RULES = [
    pytest.param(compiled.rule, id=f"{name}/{compiled.rule.id}")
    for name, ruleset in _RULESETS.items()
    for compiled in ruleset.rules
]

#: Ranks whose breach is never grave: they bind by agreement, or not at all.
_LESSER = {Rank.CAHIER_DES_CHARGES, Rank.ENGAGEMENT_LOCAL, Rank.BONNE_PRATIQUE}

#: Words of a court, or of another status than the resident's. A third party is « hébergé », a resident never is.
_UNSAID = re.compile(
    r"\binfractions?\b|\bill[ée]ga\w*|\binjonctions?\b|\bmises? en demeure\b|\blocataires?\b"
    r"|(?<!tiers )\bhébergés?\b(?! (?:par|chez|dans|au|en)\b)",
    re.IGNORECASE,
)
#: What a resident pays is a redevance; a part of it is equivalent to a rent, and has that name.
_RENT = re.compile(
    r"(?<!équivalent )(?<!équivalente au )(?<!assimilable au )\bloyers?\b(?! et (?:aux )?charges)", re.I
)

_PERSONAL = re.compile(r"\bséjours?\b|\bressources\b|\bhébergées?\b", re.IGNORECASE)
_NO_GROUND = "Ce constat n’est pas, à lui seul, un motif de mettre fin au contrat."

#: Points on which the text is weaker than it sounds → exigences; a rule that covers one of them says so.
_DOUBTFUL = {
    1: ("RUN-VB-1",),
    2: ("RUN-IVA-19",),
    3: ("RUN-IVA-19",),
    4: ("RUN-IVA-1",),
    6: ("RUN-I-4", "RUN-I-5"),
    9: ("RUN-IVA-18",),
    34: ("RUN-II-1",),
    35: ("RUN-II-3",),
    36: ("RUN-II-6",),
    37: ("RUN-III-13",),
    38: ("RUN-III-12",),
    40: ("RUN-III-8", "RUN-III-5"),
    52: ("RUN-VA-7",),
    57: ("RUN-I-8",),
}


def _text(template: Any) -> str:
    """Return the words of a sentence, its values left out."""
    return "".join(part if isinstance(part, str) else "…" for part in template or ())


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _sentences(rule: Any) -> Iterator[tuple[str, str]]:
    """Yield every sentence of a rule that a report prints."""
    yield "titre", rule.title
    for verdict, template in rule.messages.items():
        yield verdict.value, _text(template)
    for name in ("subject", "observed", "expected", "computation"):
        yield name, _text(getattr(rule, name))
    for element in rule.elements:
        yield f"{element.key}.titre", element.title
        for name in ("observed", "expected", "message"):
            yield f"{element.key}.{name}", _text(getattr(element, name))
    yield "preuve", rule.proof
    yield "remede", rule.remedy
    for _, reserve in rule.every_reserve:
        yield "reserve", reserve.text
    if rule.manual is not None:
        yield "question", rule.manual.question
        yield "constater", rule.manual.look_at
        yield "preuve du point", rule.manual.proof


def test_each_requirement_has_a_rule() -> None:
    """The shipped référentiels are covered whole: their 175 exigences have a rule each."""
    found = [coverage(ruleset) for ruleset in _RULESETS.values()]

    assert sum(each.requirements for each in found) == 175
    assert [each.uncovered for each in found] == [()] * len(found)


@pytest.mark.parametrize("name", _RULESETS)
def test_each_limit_is_proved(name: str) -> None:
    """Each side of each limit has a case with the verdict the text commands, and each exigence a rule."""
    found = coverage(_RULESETS[name])

    assert (found.uncovered, found.unproved) == ((), ())


@pytest.mark.parametrize("rule", _RULES)
def test_a_lesser_text_never_gives_a_grave_breach(rule: Any) -> None:
    """What rests on a local text or on good practice alone is never « majeur », nor is what carries a plain reserve."""
    elements = (severities for element in rule.elements for severities in element.severities)
    grave = any(case.severity is Severity.MAJEUR for case in (*rule.severities, *elements))

    assert not (grave and rule.rank in _LESSER)
    assert not (grave and any(reserve.when is None for _, reserve in rule.every_reserve))


@pytest.mark.parametrize("rule", _RULES)
def test_a_rule_speaks_as_a_report_must(rule: Any) -> None:
    """No sentence borrows the words of a court, nor calls a resident a tenant or what he pays a rent."""
    said = [
        (where, found.group())
        for where, text in _sentences(rule)
        for found in (_UNSAID.search(text), _RENT.search(_plain(text)))
        if found
    ]

    assert said == []


@pytest.mark.parametrize("rule", [param for param in _RULES if param.values[0].range is not None])
def test_a_constat_on_a_person_says_it_is_no_ground(rule: Any) -> None:
    """What is said of one person's stay, resources or guests ends by saying it does not end a contract."""
    spoken = {
        verdict: _plain(_text(rule.messages.get(verdict)))
        for verdict in (Verdict.ECART, Verdict.REMARQUE)
        if rule.messages.get(verdict)
    }
    silent = {
        verdict: text
        for verdict, text in spoken.items()
        if _PERSONAL.search(text) and not text.rstrip().endswith(_NO_GROUND)
    }

    assert silent == {}


@pytest.mark.parametrize("point", _DOUBTFUL)
def test_a_doubtful_text_is_told_with_a_reserve(point: int) -> None:
    """Where the local text meets another that says otherwise, a rule that covers it says so."""
    covering = [
        compiled.rule
        for compiled in _RULESETS["reunion"].rules
        if set(compiled.rule.requirements) & set(_DOUBTFUL[point])
    ]

    assert any(rule.every_reserve for rule in covering), [rule.id for rule in covering]
