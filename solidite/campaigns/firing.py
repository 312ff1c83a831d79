"""Each rule fired by one value changed in a conform example; what fires is frozen beside each change."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from rsaudit.loading import read_yaml
from rsaudit.model import Verdict
from solidite.campaign import Campaign, Outcome, Scale
from solidite.examples import (
    ABSENT,
    ROOT,
    changed,
    field_of,
    judged,
    readers,
    received,
    rules,
    verdicts,
    whole,
)

if TYPE_CHECKING:
    from rsaudit.model import Report

FIRES = frozenset({"ecart", "remarque", "signalement"})
"""What firing is: an écart or a remarque, a signalement for a rule of information. A manual point is fired by an answer."""
_FROZEN = ROOT / "tests" / "mutations.yaml"
_FEW = 12


@cache
def frozen() -> dict[str, Any]:
    """Return the changes kept, and the rules that none fires, with the reason."""
    return read_yaml(_FROZEN.read_bytes(), _FROZEN.name).data


def fired() -> set[str]:
    """Return the rules that a change kept fires."""
    return {
        rule
        for entry in frozen()["mutations"]
        for rule, verdict in entry["change"].items()
        if verdict in FIRES
    }


def quiet() -> dict[str, str]:
    """Return the rules said to be fired by no single change, and why."""
    return {rule: group["raison"] for group in frozen()["sans_mutation"] for rule in group["regles"]}


def short(name: str) -> str:
    """Return how a rule is called in the file: by its id, with its référentiel when two share it."""
    rule = name.split("/")[1]
    return name if sum(one.endswith(f"/{rule}") for one in rules()) > 1 else rule


def play(entry: dict[str, Any], *, every: bool) -> list[str]:
    """Return what does not happen as written: verdicts changed beside those listed, or one fact that gives two écarts."""
    path = tuple(entry["chemin"])
    value = entry["valeur"]
    if isinstance(value, dict) and "retirer" in value:
        path, value = (*path, value["retirer"]), ABSENT
    listed = {name for name in rules() if short(name) in entry["change"]}
    names = () if every or path[0] in {"reponses", "derogations"} else {*readers(field_of(path)), *listed}
    dossier = received(changed(entry["exemple"], path, value))
    told = f"{entry['exemple']}, {'.'.join(map(str, path))}"
    if dossier.errors:
        return [f"{told} : refusé : {dossier.errors[0].message}"]
    report = judged(dossier, names)
    before = verdicts(whole(entry["exemple"]))
    found = {
        short(name): verdict for name, verdict in verdicts(report).items() if verdict != before.get(name)
    }
    wrong = [] if found == entry["change"] else [f"{told} : {found} au lieu de {entry['change']}"]
    return wrong + [f"{told} : un fait, deux écarts : {pair}" for pair in doubled(report)]


def doubled(report: Report) -> list[tuple[str, str, str]]:
    """Return the pairs of rules in écart on the same field, without either saying that it shares it.

    A path that stops at a row (« contrats.contrats[C-022] ») names no field: it is not compared.
    """
    at: dict[str, set[str]] = {}
    for obligation in report.obligations:
        for finding in obligation.findings:
            if finding.verdict is Verdict.ECART and finding.path and not finding.path.endswith("]"):
                at.setdefault(finding.path, set()).add(finding.rule)
    shared = {(rule.rule.id, other) for _, rule in rules().values() for other in rule.rule.shares}
    return [
        (path, one, other)
        for path, names in at.items()
        for one, other in combinations(sorted(names), 2)
        if not {(one, other), (other, one)} & shared
    ]


def _run(scale: Scale) -> Outcome:
    outcome = Outcome()
    for entry in scale.chosen(frozen()["mutations"], _FEW, "mutations"):
        outcome.count("changements joués")
        outcome.failures += play(entry, every=not scale.short)
    every = {short(name) for name in rules()}
    outcome.figures |= {
        "règles": len(every),
        "règles déclenchées par un seul changement": len(fired()),
        "règles que rien ne déclenche, avec leur raison": len(quiet()),
    }
    outcome.remarks += [f"rien ne déclenche « {rule} » : {reason}" for rule, reason in quiet().items()]
    outcome.failures += [
        f"ni déclenchée ni excusée : {rule}" for rule in sorted(every - fired() - set(quiet()))
    ]
    outcome.failures += [f"excusée, mais déclenchée : {rule}" for rule in sorted(fired() & set(quiet()))]
    outcome.failures += [f"inconnue : {rule}" for rule in sorted((fired() | set(quiet())) - every)]
    return outcome


CAMPAIGN = Campaign(
    name="declenchement",
    promise="chaque règle est déclenchée par une seule valeur changée d’un exemple conforme, et seules changent celles qui sont dites.",
    run=_run,
)
