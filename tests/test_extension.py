"""An extension laid over its parent: what it adds, replaces and inherits, and what is refused."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from rsaudit import resources
from rsaudit.errors import RulesetError
from rsaudit.ruleset import cached, compile_ruleset, load_ruleset

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.cli.session import Session
    from rsaudit.ruleset import CompiledRuleset

NAME = "departement-974-essai"
EXTENSION = ROOT / "examples" / "referentiels" / NAME
REPLACED = "dernier-compte-rendu-au-hall"
ADDED = {"deux-reunions-du-comite", "numeros-utiles-affiches"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the extension, away from any sibling: its parent is the shipped one."""
    return shutil.copytree(EXTENSION, tmp_path / NAME)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_rules_are_composed_and_keep_their_origin() -> None:
    parent = load_ruleset(resources.rulesets_folder() / "reunion")
    composed = load_ruleset(EXTENSION)
    origins = {rule.id: rule.origin for rule in composed.rules}

    assert len(origins) == len(composed.rules)
    assert set(origins) == {rule.id for rule in parent.rules} | ADDED
    assert {rule for rule, origin in origins.items() if origin == NAME} == ADDED | {REPLACED}
    assert {origin for rule, origin in origins.items() if rule not in ADDED | {REPLACED}} == {"reunion"}
    assert [(one.rule, one.action) for one in composed.overrides] == [(REPLACED, "remplace")]
    assert {one.id for one in composed.requirements} == {one.id for one in parent.requirements} | {
        "DPT-1",
        "DPT-2",
        "DPT-3",
    }
    assert composed.facts == parent.facts


def test_a_parameter_has_the_values_and_the_origin_of_the_extension() -> None:
    composed = load_ruleset(EXTENSION)
    (note,) = [one for one in composed.parameter_notes if one.name == "alerte_agrement"]
    (declared,) = [one for one in composed.parameters if one.name == "alerte_agrement"]

    assert note.origin == NAME
    assert note.reason
    assert [entry.since for entry in declared.entries] == [None, date(2027, 1, 1)]
    assert all(entry.source for entry in declared.entries)


def test_a_rule_disabled_is_gone(copy: Path) -> None:
    edit(
        copy / "referentiel.yaml",
        "chapitres:",
        "desactive:\n- { regle: taille-humaine, source: Essai, raison: Essai }\nchapitres:",
    )
    assert "taille-humaine" not in {rule.id for rule in load_ruleset(copy).rules}


def test_the_report_says_which_rules_were_not_applied(
    copy: Path, program: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    """A rule not yet in force, or disabled by the référentiel, is told with its dates or its reason."""
    (path,) = copy.rglob("deux-reunions-du-comite.yaml")
    edit(path, "\nchapitre:", "\nen_vigueur: { depuis: 2027-01-01 }\nchapitre:")
    edit(
        copy / "referentiel.yaml",
        "chapitres:",
        "desactive:\n- { regle: taille-humaine, source: Arrêté, raison: Essai }\nchapitres:",
    )
    run = program(
        "audit", "examples/benjoin", "--date", "2026-09-30", "-r", str(copy), "--format", "markdown"
    )
    said = run.stdout.decode().replace("\u00a0", " ").replace("\u202f", " ")

    assert "n’a pas été appliquée au 30/09/2026 : elle est en vigueur depuis le 01/01/2027." in said
    assert "La règle « taille-humaine » n’a pas été appliquée" in said
    assert "Essai ; Arrêté" in said


def test_a_sibling_is_preferred_to_the_shipped_parent(copy: Path) -> None:
    rulesets = resources.rulesets_folder()
    sibling = shutil.copytree(rulesets / "reunion", copy.parent / "reunion")
    shutil.copy(rulesets / "faits.yaml", copy.parent)
    edit(sibling / "bati" / "taille-humaine.yaml", "titre: ", "titre: Essai, ")
    (rule,) = [one for one in load_ruleset(copy).rules if one.id == "taille-humaine"]
    assert rule.title.startswith("Essai, ")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "referentiel.yaml",
            "\nremplace:",
            "\ndesactive:",
            "la règle « dernier-compte-rendu-au-hall » existe dans le parent ; son remplacement n’est pas annoncé",
        ),
        (
            "referentiel.yaml",
            "regle: dernier-compte-rendu-au-hall",
            "regle: dernier-compte-rendu-au-hal",
            "« dernier-compte-rendu-au-hal », que son parent n’a pas. Le plus proche est « dernier-compte-rendu-au-hall »",
        ),
        (
            "referentiel.yaml",
            "parent: reunion",
            f"parent: {NAME}",
            "s’étend lui-même par la chaîne de ses parents",
        ),
        ("referentiel.yaml", "parent: reunion", "parent: reunio", "Aucun référentiel nommé « reunio »"),
        (
            "referentiel.yaml",
            "parent: reunion\n",
            "",
            "« dernier-compte-rendu-au-hall » sans avoir de parent",
        ),
        (
            "parametres.yaml",
            "  raison: ",
            "  # ",
            "donne d’autres valeurs au paramètre « alerte_agrement » sans en dire la raison",
        ),
    ],
)
def test_refused(copy: Path, file: str, old: str, new: str, said: str) -> None:
    edit(copy / file, old, new)
    with pytest.raises(RulesetError) as refused:
        load_ruleset(copy)
    assert said in str(refused.value)
    assert refused.value.hint


def test_two_extensions_of_each_other_are_refused(copy: Path) -> None:
    other = shutil.copytree(copy, copy.parent / "autre")
    edit(other / "referentiel.yaml", f"id: {NAME}", "id: autre")
    edit(other / "referentiel.yaml", "parent: reunion", f"parent: {NAME}")
    edit(copy / "referentiel.yaml", "parent: reunion", "parent: autre")
    with pytest.raises(RulesetError, match="s’étend lui-même"):
        load_ruleset(copy)


@pytest.mark.parametrize(
    "changed", ["reunion/bati/taille-humaine.yaml", "reunion/parametres.yaml", "faits.yaml"]
)
def test_the_cache_follows_the_shipped_parent(
    copy: Path, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    shipped = shutil.copytree(resources.rulesets_folder(), tmp_path / "livres" / "rulesets")
    monkeypatch.setattr(resources, "rulesets_folder", lambda: shipped)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    reads: list[Path] = []

    def load(folder: Path) -> CompiledRuleset:
        reads.append(folder)
        return compile_ruleset(load_ruleset(folder), session.catalogue)

    for _ in range(2):
        cached(copy, "essai", load)
    assert len(reads) == 1
    with (shipped / changed).open("a", encoding="utf-8") as stream:
        stream.write("# changé\n")
    cached(copy, "essai", load)
    assert len(reads) == 2


def test_the_program_tries_it_and_shows_origins(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    folder = f"examples/referentiels/{NAME}"
    tried = program("tester", folder)
    assert tried.returncode == 0, tried.stdout.decode()
    listed = program("regles", "-r", folder).stdout.decode().splitlines()
    lines = {line.split()[0]: line for line in listed if " — " in line and line.startswith("  ")}
    assert lines["taille-humaine"].endswith("[de reunion]")
    assert not any("[de " in lines[rule] for rule in ADDED | {REPLACED})


def test_it_serves_from_the_cache_as_from_its_files(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    first = session.ruleset(EXTENSION, with_cases=False)
    again = session.ruleset(EXTENSION, with_cases=False)
    assert [rule.rule.origin for rule in first.rules] == [rule.rule.origin for rule in again.rules]
