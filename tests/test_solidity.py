"""What a report must never do: a conformity out of silence, two écarts for one fact, a rule that nothing fires.

The whole campaigns are run by `make solidite`; here each is run on a small sample, always the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from solidite.campaign import Scale, campaigns
from solidite.campaigns import firing, mutants
from solidite.examples import EXAMPLES, whole

if TYPE_CHECKING:
    from solidite.campaign import Campaign

_CAMPAIGNS = campaigns()
_MUTATIONS = [
    pytest.param(entry, id=f"{entry['exemple']}:{'.'.join(map(str, entry['chemin']))}:{rank}")
    for rank, entry in enumerate(firing.frozen()["mutations"])
]


@pytest.mark.parametrize("campaign", [pytest.param(one, id=name) for name, one in _CAMPAIGNS.items()])
def test_a_sample_of_a_campaign_keeps_its_promise(campaign: Campaign) -> None:
    """Each campaign of `make solidite` holds on the sample drawn from the first seed."""
    outcome = campaign.run(Scale(short=True))

    assert outcome.failures == []
    assert any(isinstance(figure, int) and figure > 0 for figure in outcome.figures.values())


@pytest.mark.parametrize("example", EXAMPLES)
def test_one_fact_gives_one_ecart_in_an_example(example: str) -> None:
    """Two rules are in écart at the same place of an example only when one says that they share it."""
    assert firing.doubled(whole(example)) == []


@pytest.mark.parametrize("entry", _MUTATIONS)
def test_a_mutation_fires_its_rules_and_no_other(entry: dict[str, Any]) -> None:
    """One value changed in a conform dossier changes the verdict of the rules named, and of no other."""
    assert firing.play(entry, every=False) == []


def test_a_wrong_listing_of_a_mutation_is_told() -> None:
    """A frozen change that lists a verdict too few, or another, is refused."""
    entry = firing.frozen()["mutations"][0]

    assert firing.play({**entry, "change": {}}, every=False) != []


def test_a_rule_left_as_it_is_is_no_mutant_and_one_that_asks_the_contrary_is_noticed() -> None:
    """The cases pass on the rule itself, and tell the rule negated."""
    own = next(one.ruleset for one in mutants.rulesets().values() if one.ruleset.id == "reunion")
    rule = next(one for one in own.rules if one.id == "depot-maximum")
    negated = next(
        changed for name, changed in mutants.rule_mutants(rule) if name.startswith("exiger") and "non" in name
    )
    same = mutants.Mutant(name="la même", ruleset=replace(own, rules=(rule,)), rules=(rule.id,))

    assert not mutants.noticed(same)
    assert mutants.noticed(replace(same, ruleset=replace(own, rules=(negated,))))
