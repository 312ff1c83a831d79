"""What a repository of dossiers uses: pre-commit hooks, GitHub action, GitLab template, their script."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rsaudit.output import FORMATS

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "integration" / "auditer.sh"
FILES = (
    ".pre-commit-hooks.yaml",
    "action.yml",
    "integration/auditer.sh",
    "integration/echeances.sh",
    "integration/gitlab-ci.yml",
)

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
        *("audit", "--date", "2026-09-30", "--referentiel", "reunion", "--referentiel", "accompagnement"),
        *("--seuil", "majeur", "--strict", "pieces", "--diffusion"),
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
    assert "github.event.pull_request.base.sha" in action["inputs"]["base"]["default"]
    assert used == set(action["inputs"])


def test_hooks_see_the_files_of_a_dossier() -> None:
    """The hooks are given every file that may be of a dossier, all in one call, and find the dossiers themselves."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    assert [hook["entry"] for hook in hooks] == ["rsaudit valider --modifies", "rsaudit audit --modifies"]
    for hook in hooks:
        assert hook["require_serial"] is True
        for name in ("residence.yaml", "a/tables/contrats.csv", "a/logements.xlsx", "communs/reglement.yaml"):
            assert re.search(hook["files"], name)
        for name in ("a/residence.yaml.orig", "README.md", "a/plan.pdf"):
            assert not re.search(hook["files"], name)


@pytest.mark.parametrize("name", [*FILES, "docs/integration-continue.md"])
def test_options_and_formats_exist(name: str) -> None:
    """Every command, option and format that these files use is one of the program."""
    text = (ROOT / name).read_text(encoding="utf-8")
    known = set(
        re.findall(r"(?<![\w-])--?[a-z]+\b", help_of("audit") + help_of("comparer") + help_of("valider"))
    )
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
    job = template["rsaudit"]
    script = " ".join(job["script"])

    assert f"-o gitlab:{job['artifacts']['reports']['codequality']}" in script
    assert f"-o junit:{job['artifacts']['reports']['junit']}" in script
    assert template["rsaudit-echeances"]["allow_failure"] is True


# ---- on a sample repository, with the real program ----


def git(folder: Path, *arguments: str) -> str:
    """Run git in a repository, without the settings of this machine."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{role}_{what}": "essai@example.org"
            for role in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository: a main branch whose dossiers already have écarts, and a branch that adds one."""
    folder = tmp_path_factory.mktemp("depot")
    shutil.copytree(ROOT / "examples" / "benjoin-fautif", folder / "dossiers" / "benjoin")
    shutil.copytree(ROOT / "examples" / "benjoin", folder / "dossiers" / "conforme")
    (folder / "rsaudit.toml").write_text('date = 2026-09-30\nseuil = "mineur"\n', encoding="utf-8")
    program = folder / ".programme"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rsaudit "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    git(folder, "init", "-q", "-b", "principale")
    git(folder, "add", "dossiers", "rsaudit.toml")
    git(folder, "commit", "-qm", "base")
    git(folder, "checkout", "-qb", "demande")
    file = folder / "dossiers" / "conforme" / "reglement_interieur.yaml"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(r"(?m)^( *comite_duree_mandat:).*$", r"\1 48 mois", text)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    git(folder, "commit", "-qam", "mandat")
    return folder


def run_script(repository: Path, name: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts in the repository with the real program, as a step would."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(repository),
        "PYTHONPATH": str(ROOT / "src"),
        "RSAUDIT_PROGRAMME": str(repository / ".programme"),
        "RSAUDIT_CHEMIN": "dossiers",
        **settings,
    }
    return subprocess.run(
        ["bash", str(ROOT / "integration" / name)],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_merge_request_fails_only_on_what_it_adds(repository: Path, tmp_path: Path) -> None:
    """The écart added fails the step and is the only one annotated, in a file of the repository; the old ones do not."""
    summary = tmp_path / "resume.md"
    run = run_script(repository, "auditer.sh", RSAUDIT_BASE="principale", GITHUB_STEP_SUMMARY=str(summary))
    annotations = re.findall(r"^::(\w+) file=([^,]+),", run.stdout, re.MULTILINE)

    assert run.returncode == 1, run.stderr
    assert annotations == [("warning", "dossiers/conforme/reglement_interieur.yaml")]
    assert (repository / annotations[0][1]).is_file()
    assert "ne sont pas détaillés" in summary.read_text(encoding="utf-8")
    assert git(repository, "status", "--porcelain", "--untracked-files=no") == ""
    assert len(git(repository, "worktree", "list").splitlines()) == 1

    same = run_script(repository, "auditer.sh", RSAUDIT_BASE="demande")
    assert same.returncode == 0, same.stderr


def test_a_base_that_is_not_there_is_told(repository: Path) -> None:
    """A base out of a shallow copy, or written like an option, is an error that says what to do; nothing is audited."""
    for base in ("0" * 40, "--help"):
        run = run_script(repository, "auditer.sh", RSAUDIT_BASE=base)
        assert run.returncode == 3
        assert "fetch-depth" in run.stderr
        assert not run.stdout


def test_the_schedule_tells_what_time_brought(repository: Path, tmp_path: Path) -> None:
    """The same dossiers at two dates: what changed is told with time as its cause, and nothing is blocked."""
    page = tmp_path / "echeances.html"
    settings = {"RSAUDIT_DATE": "2027-02-15", "RSAUDIT_JOURS": "120", "RSAUDIT_COMPARAISON": str(page)}
    run = run_script(repository, "echeances.sh", **settings)

    assert run.returncode == 0, run.stderr
    assert "le temps seul" in run.stdout
    assert "Causes possibles" not in run.stdout
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run_script(repository, "echeances.sh", RSAUDIT_ECHOUER="oui", **settings).returncode == 1


def test_the_gitlab_jobs_run(repository: Path) -> None:
    """The lines of the GitLab template, run as a runner would, fail the merge request on what it adds alone."""
    template = yaml.safe_load((ROOT / "integration" / "gitlab-ci.yml").read_text(encoding="utf-8"))
    binaries = repository / ".bin"
    binaries.mkdir(exist_ok=True)
    shutil.copy(repository / ".programme", binaries / "rsaudit")

    def run(job: str, **variables: str) -> subprocess.CompletedProcess[str]:
        given = {
            name: value["value"] if isinstance(value, dict) else value
            for name, value in template["variables"].items()
        }
        lines = [line for line in template[".rsaudit"]["before_script"] if "pip install" not in line]
        script = "\n".join(["set -e", *lines, *template[job]["script"]])
        environment = {
            **given,
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(repository),
            "PYTHONPATH": str(ROOT / "src"),
            "RSAUDIT_CHEMIN": "dossiers",
            "RSAUDIT_DATE": "2026-09-30",
            **variables,
        }
        return subprocess.run(
            ["sh", "-c", script], cwd=repository, env=environment, capture_output=True, text=True, check=False
        )

    base = git(repository, "merge-base", "principale", "demande")
    added = run("rsaudit", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert added.returncode == 1, added.stderr
    quality = yaml.safe_load((repository / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert [one["severity"] for one in quality if one["severity"] != "info"] == ["major"]
    head = git(repository, "rev-parse", "HEAD")
    assert run("rsaudit", CI_MERGE_REQUEST_DIFF_BASE_SHA=head).returncode == 0
    late = run("rsaudit-echeances", RSAUDIT_DATE="2027-02-15", RSAUDIT_JOURS="120")
    assert late.returncode == 0, late.stderr
    assert (repository / "echeances.html").is_file()
    assert not (repository / ".rsaudit").exists()
