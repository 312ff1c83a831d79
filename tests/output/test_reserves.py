"""A conflicting norm is told beside the constats it is about, and beside no other."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from msgspec.structs import replace

from conftest import ROOT
from rsaudit.model import Verdict, shared_reserve
from rsaudit.output.view import reserves

from .sample import sample_report

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

_FINDINGS = next(
    row for row in sample_report().obligations if row.rule == "reglement-interieur-contenu"
).findings
_TEXT = "Une autre norme le permet."


def test_a_reserve_of_all_is_told_once() -> None:
    """When all that may carry a reserve have the same one, it names nobody; a pass does not count."""
    told = [replace(one, reserve=None if one.verdict is Verdict.CONFORME else _TEXT) for one in _FINDINGS]

    assert reserves(told) == (_TEXT,)
    assert shared_reserve(told) == _TEXT


def test_a_reserve_of_one_item_names_it() -> None:
    """When one item alone has a reserve, the line names it, and the rule has none of its own."""
    first, *others = _FINDINGS
    told = [replace(first, reserve=_TEXT), *others]

    assert reserves(told) == (f"les visites\u00a0: {_TEXT}",)
    assert reserves(others) == ()
    assert shared_reserve(told) is None


def test_a_rule_says_it_of_its_item(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Two items of one rule in écart: only the one whose text meets another carries the reserve."""
    dossier = shutil.copytree(ROOT / "examples/benjoin", tmp_path / "benjoin")
    path = dossier / "finances.yaml"
    text = path.read_text("utf-8")
    for field in ("menage_parties_communes", "entretien_sanitaires"):
        assert f"\n{field}: charges\n" in text
        text = text.replace(f"\n{field}: charges\n", f"\n{field}: prestation_facultative\n")
    path.write_text(text, "utf-8")
    rule = ("--regle", "menage-et-sanitaires-dans-les-charges")
    run = program("audit", str(dossier), "--date", "2026-09-30", *rule, "--format", "json")
    found = {one["identifiant"].rsplit("/", 1)[1]: one for one in json.loads(run.stdout)["constats"]}

    assert {one["verdict"] for one in found.values()} == {"ecart"}
    assert "87-713" in found["menage_parties_communes"]["reserve"]
    assert found["entretien_sanitaires"]["reserve"] is None
