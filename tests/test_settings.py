"""`rsaudit.toml`: the options of a repository, every error by line, and the command line that wins."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rsaudit.cli.settings import KEYS, Settings, read, settings_for
from rsaudit.errors import InputUnreadableError, UsageError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
WHOLE = """\
# Réglages du dépôt
date = 2026-09-30
referentiel = [
    "reunion",  # le cahier des charges
]
regle = "depot-maximum"
seuil = "majeur"
strict = "pieces"
exiger_pieces = true
diffusion = false
depuis = "rapports/base.json"
"""


def written(folder: Path, text: str) -> Path:
    """Write a file of settings."""
    path = folder / "rsaudit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    """Give what is told of a file of settings."""
    with pytest.raises(InputUnreadableError) as caught:
        read(written(folder, text))
    return caught.value.message.splitlines()


def test_every_key_is_read(tmp_path: Path) -> None:
    """Each key gives its option; a date may be written as one of TOML, a word stands for a list of one."""
    settings = read(written(tmp_path, WHOLE))

    assert settings.date == "2026-09-30"
    assert settings.referentiel == ("reunion",)
    assert settings.regle == ("depot-maximum",)
    assert (settings.seuil, settings.strict) == ("majeur", "pieces")
    assert (settings.exiger_pieces, settings.diffusion) == (True, False)
    assert settings.depuis is not None
    assert Path(settings.depuis).name == "base.json"
    assert all(getattr(settings, key) is not None for key in KEYS)


def test_every_error_is_told_with_its_line(tmp_path: Path) -> None:
    """All that is wrong is told at once, at the line where its key starts, with the nearest word."""
    told = problems(
        tmp_path,
        'date = "2026-02-30"\n\n# un commentaire\nseuill = "majeur"\nregle = [\n  "a",\n  3,\n]\n'
        'strict = "piece"\nexiger_pieces = "oui"\n[tableau]\nx = 1\n',
    )

    assert [int(re.search(r"ligne (\d+)", one)[1]) for one in told] == [1, 4, 5, 9, 10, 11]  # type: ignore[index]
    assert "« seuil »" in told[1].replace("\u00a0", " ")
    assert "« pieces »" in told[3].replace("\u00a0", " ")
    assert "true ou false" in told[4]


@pytest.mark.parametrize(
    ("text", "line"),
    [('date = "2026-09-30"\nseuil majeur\n', 2), ('seuil = "majeur"\nseuil = "mineur"\n', 2)],
)
def test_what_is_not_toml_is_told_in_french(tmp_path: Path, text: str, line: int) -> None:
    """A line that is not TOML, or a key given twice, is told with its line and without a word of English."""
    (told,) = problems(tmp_path, text)

    assert f"ligne {line}" in told
    assert "Expected" not in told
    assert "overwrite" not in told


def test_a_binary_or_huge_file_is_refused(tmp_path: Path) -> None:
    """A file that is not text, or far too large, is refused without being read further."""
    (tmp_path / "rsaudit.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputUnreadableError):
        read(tmp_path / "rsaudit.toml")
    (tmp_path / "rsaudit.toml").write_bytes(b"#" * 70_000)
    with pytest.raises(InputUnreadableError):
        read(tmp_path / "rsaudit.toml")


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    """The file of a folder is that of all the dossiers below it, unless one is nearer; two at once are refused."""
    written(tmp_path, 'seuil = "majeur"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    other = tmp_path / "c"
    other.mkdir()
    written(other, 'seuil = "mineur"\n')

    assert settings_for([str(inner)]).seuil == "majeur"
    assert settings_for([str(other)]).seuil == "mineur"
    assert settings_for([str(other / "residence.yaml")]).seuil == "mineur"
    with pytest.raises(UsageError):
        settings_for([str(inner), str(other)])


def test_without_a_file_nothing_is_set() -> None:
    """A repository without settings has none."""
    assert settings_for([str(ROOT / "examples")]) == Settings()


def test_every_key_is_documented() -> None:
    """The page of the settings has a section for each key, and names no other."""
    page = (ROOT / "docs" / "reglages.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^### `(\w+)`$", page, re.MULTILINE)) == set(KEYS)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with one dossier and its settings."""
    source = (ROOT / "examples" / "petite-residence.yaml").read_text(encoding="utf-8")
    (tmp_path / "dossier.yaml").write_text(source, encoding="utf-8")
    written(tmp_path, 'date = "2026-09-30"\nregle = ["depot-maximum"]\nexiger_pieces = true\n')
    return tmp_path


def test_the_command_line_wins(
    program: Callable[..., subprocess.CompletedProcess[bytes]], repository: Path
) -> None:
    """The options of the repository are used and told; each option of the command line replaces its own."""
    run = program(
        "audit", "dossier.yaml", "--format", "json", cwd=repository, env={"PYTHONPATH": str(ROOT / "src")}
    )
    report = json.loads(run.stdout)
    assert report["date_audit"] == "2026-09-30"
    assert report["options"]["regles"] == ["depot-maximum"]
    assert report["options"]["exiger_pieces"] is True
    assert "rsaudit.toml" in run.stderr.decode()

    other = ("--date", "2026-10-01", "--regle", "decence-en-pratique", "--sans-exiger-pieces")
    run = program(
        "audit",
        "dossier.yaml",
        "--format",
        "json",
        *other,
        cwd=repository,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    report = json.loads(run.stdout)
    assert report["date_audit"] == "2026-10-01"
    assert report["options"]["regles"] == ["decence-en-pratique"]
    assert report["options"]["exiger_pieces"] is False


def test_wrong_settings_stop_the_run(
    program: Callable[..., subprocess.CompletedProcess[bytes]], repository: Path
) -> None:
    """A wrong file gives 3, its lines, and nothing is audited."""
    written(repository, 'seuill = "majeur"\n')
    run = program("audit", "dossier.yaml", cwd=repository, env={"PYTHONPATH": str(ROOT / "src")})

    assert run.returncode == 3
    assert b"rsaudit.toml, ligne 1" in run.stderr
    assert not run.stdout
