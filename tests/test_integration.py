"""What a repository of dossiers uses: pre-commit hooks, GitHub action, GitLab template, their script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rsaudit.output import FORMATS

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "integration" / "auditer.sh"
FILES = (".pre-commit-hooks.yaml", "action.yml", "integration/auditer.sh", "integration/gitlab-ci.yml")

#: Stands for rsaudit: says what it was asked, writes what it must, and ends as told.
STAND_IN = f"""#!{sys.executable}
import json, os, sys
from pathlib import Path
Path(os.environ["ASKED"]).write_text(json.dumps(sys.argv[1:]), encoding="utf-8")
for word in sys.argv:
    if word.startswith("markdown:"):
        Path(word.partition(":")[2]).write_text("# Résumé\\n", encoding="utf-8")
print("::error file=a.yaml::écart")
sys.exit(int(os.environ["CODE"]))
"""


def help_of(*command: str) -> str:
    """Read the help of the program, or of one of its commands."""
    done = subprocess.run(
        [sys.executable, "-m", "rsaudit", *command, "--help"], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def step(tmp_path: Path) -> Any:
    """Run the script as a step of continuous integration would, with settings given by the environment."""
    program = tmp_path / "programme" / "rsaudit"
    program.parent.mkdir()
    program.write_text(STAND_IN, encoding="utf-8")
    program.chmod(0o755)

    def run(code: int = 0, **settings: str) -> tuple[int, str, list[str]]:
        asked = tmp_path / "demande.json"
        environment = {
            "PATH": os.environ["PATH"],
            "ASKED": str(asked),
            "CODE": str(code),
            "RSAUDIT_PROGRAMME": str(program),
            "TMPDIR": str(tmp_path),
            **settings,
        }
        done = subprocess.run(
            ["bash", str(SCRIPT)], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        words: list[str] = yaml.safe_load(asked.read_text(encoding="utf-8"))
        return done.returncode, done.stdout, words

    return run


@pytest.mark.parametrize("code", [0, 1, 3, 4, 5])
def test_the_exit_code_is_that_of_the_audit(step: Any, code: int, tmp_path: Path) -> None:
    """The step ends as the audit does, after the summary of the job was written, even when it fails."""
    summary = tmp_path / "resume.md"
    summary.write_text("avant\n", encoding="utf-8")
    found, output, words = step(code, GITHUB_STEP_SUMMARY=str(summary), RSAUDIT_DATE="2026-09-30")

    assert found == code
    assert output.startswith("::error ")
    assert summary.read_text(encoding="utf-8") == "avant\n# Résumé\n"
    assert "github:-" in words


def test_settings_become_options(step: Any) -> None:
    """Each setting becomes its option; what is empty is not given."""
    _, _, words = step(
        RSAUDIT_DATE="2026-09-30",
        RSAUDIT_SEUIL="majeur",
        RSAUDIT_STRICT="pieces",
        RSAUDIT_DIFFUSION="oui",
        RSAUDIT_REFERENTIEL="reunion  accompagnement",
        RSAUDIT_RAPPORTS="html:a.html\n\nsarif:b.sarif\n",
        RSAUDIT_CHEMIN="résidences du nord",
    )

    assert words == [
        *("audit", "--date", "2026-09-30", "--seuil", "majeur", "--strict", "pieces", "--diffusion"),
        *("--referentiel", "reunion", "--referentiel", "accompagnement"),
        *("--sortie", "html:a.html", "--sortie", "sarif:b.sarif", "--", "résidences du nord"),
    ]


def test_without_settings_today_is_the_date(step: Any) -> None:
    """Without a date, the audit is still given one: the step says of which day it speaks."""
    _, _, words = step()

    assert words[:1] == ["audit"]
    assert re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", words[words.index("--date") + 1])
    assert words[-2:] == ["--", "."]


def test_settings_run_nothing(step: Any, tmp_path: Path) -> None:
    """A setting that looks like a command is only a word."""
    hostile = "$(touch piege) `touch piege`; touch piege"
    step(
        RSAUDIT_CHEMIN=f"--sortie {hostile}",
        RSAUDIT_DATE=hostile,
        RSAUDIT_SEUIL=hostile,
        RSAUDIT_REFERENTIEL=hostile,
        RSAUDIT_RAPPORTS=hostile,
    )

    assert not (tmp_path / "piege").exists()


def test_nothing_is_left_behind(step: Any, tmp_path: Path) -> None:
    """The temporary file of the summary is removed."""
    step(GITHUB_STEP_SUMMARY=str(tmp_path / "resume.md"))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["demande.json", "programme", "resume.md"]


def test_the_action_interpolates_nothing() -> None:
    """No expression of the action is written into a script: values pass through the environment."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

    assert action["runs"]["using"] == "composite"
    for one in action["runs"]["steps"]:
        assert "${{" not in one["run"]
    used = set(re.findall(r"inputs\.([a-z]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert used == set(action["inputs"])


def test_hooks_see_the_files_of_a_dossier() -> None:
    """The hooks are given every file of a dossier, once for all of them, and no other."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    assert [hook["entry"] for hook in hooks] == ["rsaudit valider", "rsaudit audit"]
    for hook in hooks:
        assert hook["require_serial"] is True
        for name in ("residence.yaml", "a/b/contrats.yaml", "a/reglement_interieur.yaml", "a/reponses.yaml"):
            assert re.search(hook["files"], name)
        for name in ("a/ma_residence.yaml", "residence.yml", "a/residence.yaml.orig", "docker-compose.yaml"):
            assert not re.search(hook["files"], name)
    sections = {path.name.removesuffix(".schema.json") for path in (ROOT / "schemas").glob("*.schema.json")}
    named = set(re.findall(r"[a-z_]{6,}", hooks[0]["files"])) & sections
    assert {"residence", "batiment", "contrats", "reglement_interieur", "finances", "vie_sociale"} <= named


@pytest.mark.parametrize("name", [*FILES, "docs/integration-continue.md"])
def test_options_and_formats_exist(name: str) -> None:
    """Every command, option and format that these files use is one of the program."""
    text = (ROOT / name).read_text(encoding="utf-8")
    known = set(re.findall(r"(?<![\w-])--?[a-z]+\b", help_of("audit")))
    lines = [
        line for line in text.splitlines() if "options+=" in line or re.search(r"rsaudit audit|-o ", line)
    ]
    used = {word for line in lines for word in re.findall(r"(?<![\w-])--?[a-z]+\b", line)}

    assert used <= known
    commands = set(re.findall(r"(?:entry: |[>-] |^)rsaudit ([a-z]+)", text, re.MULTILINE))
    assert commands <= set(re.findall(r"^  ([a-z]+) ", help_of(), re.MULTILINE))
    assert set(re.findall(r"(?:-o |--sortie \"?)([a-z]+):", text)) <= set(FORMATS)


def test_the_template_gives_gitlab_its_reports() -> None:
    """The files that GitLab is told of are those that the audit writes."""
    template = yaml.safe_load((ROOT / "integration" / "gitlab-ci.yml").read_text(encoding="utf-8"))
    job = template[".rsaudit"]
    script = " ".join(job["script"])

    assert f"-o gitlab:{job['artifacts']['reports']['codequality']}" in script
    assert f"-o junit:{job['artifacts']['reports']['junit']}" in script
    assert template["rsaudit-echeances"]["allow_failure"] is True
