"""The profile of a référentiel: which rule, or which of its elements, stands where. Drawing it is not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.model import Profile, ProfilePart, ProfilePlace

if TYPE_CHECKING:
    from rsaudit.ruleset.declarations import Rule, Ruleset


def profile_of(ruleset: Ruleset) -> Profile | None:
    """Give every rule that says its place to the part of its chapter, in the order of the exigences."""
    plan = ruleset.profile
    if plan is None:
        return None
    order = {requirement.id: rank for rank, requirement in enumerate(ruleset.requirements)}
    rules = sorted(
        (rule for rule in ruleset.rules if rule.profile_role is not None),
        key=lambda rule: (min(order.get(one, len(order)) for one in rule.requirements), rule.id),
    )
    return Profile(
        title=plan.title,
        references_title=plan.references_title,
        references=plan.references,
        parts=tuple(
            ProfilePart(
                chapter=chapter,
                kind=kind,
                places=tuple(place for rule in rules if rule.chapter == chapter for place in _places(rule)),
            )
            for chapter, kind in plan.parts
        ),
    )


def _places(rule: Rule) -> list[ProfilePlace]:
    """One place for each element; a rule without elements has one, its constats sharing it."""
    role = rule.profile_role or ""
    if not rule.elements:
        return [ProfilePlace(rule=rule.id, element=None, role=role)]
    return [
        ProfilePlace(rule=rule.id, element=one.key, role=role, references=one.references)
        for one in rule.elements
    ]
