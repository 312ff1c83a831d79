"""The house rules of rules: what every shipped référentiel owes its readers, whatever it asks."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from rsaudit.cases import coverage, lay_over, play_case
from rsaudit.cli.session import Session
from rsaudit.model import Force, Rank, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rsaudit.model import Finding

_SESSION = Session()
_FORMATS = (_SESSION.schemas, _SESSION.vocabulary)
_RULESETS = {compiled.ruleset.id: compiled for compiled in _SESSION.rulesets([])}
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

#: Points where another norm says otherwise → the rules that meet it, and the name of that norm in their reserve.
_DISPUTED = {
    1: (["plafond-de-l-agls"], "circulaire du 9 mai 2025"),
    2: (["signalement-de-l-impaye-a-la-caf"], "R.824-1"),
    3: (["signalement-de-l-impaye-a-la-caf"], "R.824-4"),
    4: (["reservation-du-prefet"], "R.441-5-2"),
    6: (["part-des-etudiants", "admission-d-un-etudiant"], "convention-type"),
    9: (["clause-d-impaye-termes-consecutifs", "seuil-d-impaye-au-debut-du-preavis"], "convention-type"),
    34: (["agrement-du-gestionnaire"], "R.353-159"),
    35: (["statut-du-proprietaire"], "convention-type"),
    36: (["financement-social-outre-mer", "financement-des-satellites"], "R.861-20"),
    37: (["surface-minimale"], "janvier 2024"),
    38: (["surface-minimale", "surface-et-menage-reel"], "R.822-25"),
    40: (["equipement-du-logement", "equipements-en-pratique"], "arrêté du 3 avril 2023"),
    52: (["menage-et-sanitaires-dans-les-charges", "facture-fourni-explique-et-quittance"], "n° 87-713"),
    57: (["part-des-logements-en-alt"], "L.851-1"),
}
#: Verdicts that a reserve tempers.
_OPEN = {Verdict.ECART, Verdict.REMARQUE, Verdict.A_VERIFIER}
_MET = [
    pytest.param(rule, norm, id=f"{point}-{rule}")
    for point, (rules, norm) in _DISPUTED.items()
    for rule in rules
]


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
        **{
            verdict.value: _plain(_text(said))
            for verdict, said in rule.messages.items()
            if verdict not in {Verdict.CONFORME, Verdict.NON_CONCERNE}
        },
        **{f"motif {rank}": _plain(_text(review.motive)) for rank, review in enumerate(rule.reviews)},
    }
    silent = {
        verdict: text
        for verdict, text in spoken.items()
        if _PERSONAL.search(text) and not text.rstrip().endswith(_NO_GROUND)
    }

    assert silent == {}


@pytest.mark.parametrize(("rule_id", "norm"), _MET)
def test_a_disputed_point_names_the_other_norm_and_is_never_grave(rule_id: str, norm: str) -> None:
    """Where the local text meets another norm, the constat names it, and no such constat is « majeur »."""
    met = [one for one in _played(rule_id) if norm in _plain(one.reserve or "")]

    assert any(one.verdict in {Verdict.ECART, Verdict.A_VERIFIER} for one in met)
    assert [one.identifier for one in met if one.severity is Severity.MAJEUR] == []


@pytest.mark.parametrize("rule", [param for param in _RULES if param.values[0].reserves])
def test_what_carries_a_reserve_is_never_grave(rule: Any) -> None:
    """A rule that owns a reserve never gives, with it, a grave breach in any of its cases."""
    grave = [
        one.message
        for one in _played(rule.id, rule.position.file.split("/")[0])
        if one.reserve and one.severity is Severity.MAJEUR
    ]

    assert grave == []


@pytest.mark.parametrize("rule", [param for param in _RULES if param.values[0].force is Force.OBLIGATION])
def test_an_obligation_says_why_it_is_as_grave(rule: Any) -> None:
    """The guide tells what is at stake in each breach: a right, safety, a sum; else an organisation, a form, a delay."""
    assert rule.severity_reason


@pytest.mark.parametrize(
    "rule",
    [
        param
        for param in _RULES
        if param.values[0].rank in _LESSER - {Rank.BONNE_PRATIQUE}
        and param.values[0].force is not Force.INFORMATION
    ],
)
def test_a_local_demand_says_so_until_the_residence_is_bound(rule: Any) -> None:
    """What only a local text asks carries its reserve, unless the dossier shows the act that binds the residence."""
    compiled = _RULESETS[rule.position.file.split("/")[0]]
    bound = next(each for each in compiled.rules if each.rule.id == rule.id)
    case = next(each for each in rule.cases if _OPEN & set(_verdicts(each)))
    told = {
        act: [
            one.reserve or ""
            for row in play_case(compiled, bound, _under(case, act), *_FORMATS).obligations
            for one in row.findings
            if one.verdict in _OPEN
        ]
        for act in ("convention", "aucune")
    }

    assert told["aucune"]
    assert all("ne montre pas l’acte qui" in _plain(one) for one in told["aucune"])
    assert not any("ne montre pas l’acte qui" in _plain(one) for one in told["convention"])


def _verdicts(case: Mapping[str, Any]) -> list[str]:
    expected = case["attendu"]
    return [expected] if isinstance(expected, str) else list(expected.values())


def _under(case: Mapping[str, Any], act: str) -> dict[str, Any]:
    """Lay over a case the act that submits the residence to the local text."""
    dossier = lay_over(case.get("dossier") or {}, {"residence": {"cahier_des_charges": {"soumission": act}}})
    return {**case, "dossier": dossier}


@cache
def _played(rule_id: str, name: str = "reunion") -> list[Finding]:
    """Give the constats of every case of a rule."""
    compiled = _RULESETS[name]
    rule = next(each for each in compiled.rules if each.rule.id == rule_id)
    return [
        one
        for case in rule.rule.cases
        for row in play_case(compiled, rule, case, *_FORMATS).obligations
        for one in row.findings
    ]
