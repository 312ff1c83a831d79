"""What a campaign is: a promise, a way to try it at two scales, figures and failures."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much of a campaign is run: all of it, one part of it, or a small seeded sample."""

    seed: int = 1
    short: bool = False
    part: int = 1
    parts: int = 1
    """This run does the `part`-th of `parts`, from 1."""

    def random(self, *about: object) -> random.Random:
        """Return draws that depend on the seed and on what they are for, on nothing else."""
        return random.Random(" ".join(map(str, ("rsaudit", self.seed, *about))))

    def chosen(self, items: Sequence[T], few: int, about: object) -> list[T]:
        """Return the items to try: this part's share, or `few` of them drawn."""
        if self.short:
            return self.random(about).sample(items, min(few, len(items)))
        return list(items[self.part - 1 :: self.parts])


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a campaign found: figures to print, failures that break its promise, remarks. Texts are French."""

    figures: dict[str, int | str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def count(self, label: str, more: int = 1) -> None:
        """Add to a figure."""
        self.figures[label] = int(self.figures.get(label, 0)) + more

    def fail(self, told: str) -> None:
        """Note a failure, and say it at once: a campaign of an hour may be stopped before its end."""
        self.failures.append(told)
        sys.stderr.write(f"   ✗ {told}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A promise and how it is tried. A module of `solidite.campaigns` that holds one is run; nothing else to edit."""

    name: str
    promise: str
    """One French sentence."""
    run: Callable[[Scale], Outcome]


def campaigns() -> dict[str, Campaign]:
    """Return every campaign by name: those that the modules of `solidite.campaigns` call `CAMPAIGN`."""
    package = import_module("solidite.campaigns")
    modules = [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]
    return {module.CAMPAIGN.name: module.CAMPAIGN for module in modules}
