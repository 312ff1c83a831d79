"""What users install is few, pinned, and told with its licence."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from typing import TYPE_CHECKING

from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DOCUMENT = (ROOT / "docs" / "dependances.md").read_text("utf-8")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def normal(name: str) -> str:
    """Return a name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(name: str, seen: set[str]) -> Iterator[str]:
    """Yield a distribution and all that it needs here, extras apart."""
    if normal(name) in seen:
        return
    seen.add(normal(name))
    yield name
    for requirement in metadata.requires(name) or ():
        marker = requirement.partition(";")[2]
        if "extra" not in marker and "python_version <" not in marker and "platform_system" not in marker:
            match = NAME.match(requirement)
            assert match is not None
            yield from needed(match.group(), seen)


def rows() -> dict[str, str]:
    """Return the distributions of the page, with the row of each."""
    lines = [line for line in DOCUMENT.splitlines() if line.startswith("| ") and "---" not in line]
    return {normal(line.split("|")[1].strip()): line for line in lines if "| paquet |" not in line}


def test_every_dependency_is_told() -> None:
    """What the program needs, directly or not, has its row, and no row is left of what it needs no more."""
    direct = [NAME.match(one).group() for one in PROJECT["project"]["dependencies"]]  # type: ignore[union-attr]
    seen: set[str] = set()
    all_needed = {normal(name) for one in direct for name in needed(one, seen)}
    on_windows = {"colorama"}
    before_3_13 = {"typing-extensions"}

    assert set(rows()) - on_windows - before_3_13 == all_needed - before_3_13


def test_licences_are_right() -> None:
    """The licence told is the one each distribution declares."""
    for name, row in rows().items():
        if name == "colorama":
            continue
        found = metadata.metadata(name)
        declared = found.get("License-Expression") or found.get("License") or ""
        classes = " ".join(found.get_all("Classifier") or [])
        told = re.search(r"\b(MIT|ISC|PSF|BSD)", row)
        assert told is not None
        assert told.group() in declared + classes, name


def test_every_dependency_is_pinned() -> None:
    """The versions that were tried are written, names and versions only."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {normal(line.split("==")[0]) for line in lines}

    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines)
    assert set(rows()) <= pinned
