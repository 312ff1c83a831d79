"""The program as its user meets it: codes, streams, outputs, refusals; never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from conftest import ROOT
from rsaudit.cli import outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = ("--date", "2026-09-30")
GOOD, FAULTY, INVALID = "examples/benjoin", "examples/benjoin-fautif", "examples/invalide"
SMALL = "examples/identite-seule.yaml"
LIMITS = "Examen sur pièces"


class Result:
    """What a run gave: its code, its report, its notices."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8")


def plain(text: str) -> str:
    """Give a text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def rsaudit(program: Callable[..., subprocess.CompletedProcess[bytes]]) -> Callable[..., Result]:
    """Run the program; whatever happens, no traceback is shown."""

    def run(*arguments: object, **options: Any) -> Result:
        result = Result(program(*map(str, arguments), **options))
        assert "Traceback" not in result.out + result.err
        return result

    return run


# -- exit codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([GOOD], 0),
        ([FAULTY], 1),
        ([GOOD, "--seuil", "majuer"], 2),
        ([INVALID], 3),
        ([GOOD, FAULTY], 1),
        ([FAULTY, INVALID], 3),
    ],
)
def test_exit_code(rsaudit: Callable[..., Result], arguments: list[str], code: int) -> None:
    """Exit code."""
    assert rsaudit("audit", *arguments, *DAY).code == code


@pytest.mark.parametrize("threshold", ["majeur", "significatif", "mineur", "remarque", "aucun"])
def test_threshold(rsaudit: Callable[..., Result], threshold: str) -> None:
    """Threshold."""
    assert rsaudit("audit", GOOD, *DAY, "--seuil", threshold).code == 0
    assert rsaudit("audit", FAULTY, *DAY, "--seuil", threshold).code == (threshold != "aucun")
    assert rsaudit("audit", INVALID, *DAY, "--seuil", threshold).code == 3


def test_threshold_lets_a_lesser_finding_through(rsaudit: Callable[..., Result]) -> None:
    """Threshold lets a lesser finding through."""
    report = json.loads(rsaudit("audit", FAULTY, *DAY, "--format", "json").out)
    severity = {
        entry["regle"]: entry["gravite"] for entry in report["obligations"] if entry["verdict"] == "ecart"
    }
    order = ["majeur", "significatif", "mineur"]
    lesser = next(rule for rule, found in severity.items() if found != "majeur")
    only = ("audit", FAULTY, *DAY, "--regle", lesser)
    for threshold in order:
        reached = order.index(severity[lesser]) <= order.index(threshold)
        assert rsaudit(*only, "--seuil", threshold).code == int(reached)


@pytest.mark.parametrize(
    ("dossier", "strict", "code"),
    [
        (GOOD, "pieces", 0),
        (GOOD, "tout", 0),
        ("examples/foyer-soleil", "pieces", 0),
        ("examples/foyer-soleil", "tout", 1),
        (SMALL, "pieces", 1),
        (SMALL, "tout", 1),
    ],
)
def test_strict(rsaudit: Callable[..., Result], dossier: str, strict: str, code: int) -> None:
    """Strict."""
    assert rsaudit("audit", dossier, *DAY, "--strict", strict).code == code


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Interrompu"),
        (ZeroDivisionError("secret"), 5, "Erreur imprévue (ZeroDivisionError"),
        (RecursionError("secret"), 5, "Erreur imprévue (RecursionError"),
    ],
)
def test_unforeseen_and_interrupted(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    raised: BaseException,
    code: int,
    said: str,
) -> None:
    """Unforeseen and interrupted."""

    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("rsaudit.cli.commands.audit.find", fail)
    assert outcome.guarded(["audit", GOOD]) == code
    streams = capsys.readouterr()
    assert said in streams.err
    assert not streams.out
    assert "secret" not in streams.err
    assert "Traceback" not in streams.err


def test_worst_of_several() -> None:
    """Worst of several."""
    assert outcome.worst([0, 1, 3]) == 3
    assert outcome.worst([1, 0]) == 1
    assert outcome.worst([3, 4, 1]) == 4
    assert outcome.worst([]) == 0


# -- refused commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["adit"], "« audit »"),
        (["audit", GOOD, "--sueil", "aucun"], "« --seuil »"),
        (["audit", GOOD, "--format", "jsn"], "« json »"),
        (["audit", GOOD, "--seuil", "majuer"], "« majeur »"),
        (["audit", GOOD, "--strict", "piece"], "« pieces »"),
        (["audit", GOOD, "-r", "reunio"], "« reunion »"),
        (["audit", GOOD, "--regle", "depot-maximun"], "« depot-maximum »"),
        (["expliquer", "depot-maximun"], "« depot-maximum »"),
        (["tester", "reunio"], "« reunion »"),
        (["regles", "--format", "jsno"], "« json »"),
        (["regles", "-r", "reunio"], "« reunion »"),
    ],
)
def test_unknown_word_suggests_the_nearest(
    rsaudit: Callable[..., Result], arguments: list[str], said: str
) -> None:
    """Unknown word suggests the nearest."""
    result = rsaudit(*arguments)
    assert result.code == 2
    assert f"Vouliez-vous dire {said} ?" in result.err
    assert not result.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage :"),
        (["audit"], "Il manque l’argument « CHEMIN… »"),
        (["expliquer", "a", "b"], "Argument en trop (b)"),
        (["audit", GOOD, "--date"], "attend une valeur"),
        (["audit", GOOD, "--date", "2026-02-30"], "« 2026-02-30 » n’est pas une date"),
        (["audit", GOOD, "--date", "2026-9-30"], "AAAA-MM-JJ"),
        (["audit", GOOD, "--date", "30/09/2026"], "Écrire 2026-09-30."),
        (["audit", GOOD, "--date", "31/02/2026"], "AAAA-MM-JJ"),
        (["audit", GOOD, "-o", "rapport"], "ne dit pas son format"),
        (["audit", GOOD, "-o", "rapport.pdf"], "imprimer « dans un fichier PDF »"),
        (["audit", GOOD, "-o", "html:"], "ne donne pas de chemin"),
        (["audit", GOOD, "-o", "-", "-o", "json:-"], "Deux rapports"),
        (["audit", GOOD, FAULTY, "-o", "rapport.html"], "2 ont été audités"),
    ],
)
def test_usage(rsaudit: Callable[..., Result], arguments: list[str], said: str) -> None:
    """Usage."""
    result = rsaudit(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


# -- inputs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["audit", "valider"])
def test_missing_path(rsaudit: Callable[..., Result], command: str) -> None:
    """Missing path."""
    result = rsaudit(command, "nulle-part")
    assert (result.code, result.out) == (3, "")
    assert "nulle-part » n’existe pas." in result.err
    assert "entre guillemets" in result.err


def test_a_misspelt_path_suggests_its_neighbour(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """A path that does not exist suggests what is beside it under nearly that name."""
    (tmp_path / "jamroses").mkdir()
    result = rsaudit("audit", tmp_path / "jamrose")
    assert result.code == 3
    assert "dire «\u00a0jamroses\u00a0»\u202f?" in result.err


@pytest.mark.parametrize("name", ["rapport.html", "Reglement.DOCX", "convention.pdf", "ancien.xls"])
def test_a_document_is_no_dossier(rsaudit: Callable[..., Result], tmp_path: Path, name: str) -> None:
    """A report or a document given for the dossier is told at once; inside a dossier's folder, it means that dossier."""
    (tmp_path / name).write_bytes(b"x")
    result = rsaudit("audit", tmp_path / name)
    assert (result.code, result.out) == (3, "")
    assert "n’est pas le dossier d’une résidence" in result.err
    (tmp_path / "residence.yaml").write_text(
        "format: 1\nterritoire: la_reunion\ncategorie: residence_sociale\n"
    )
    assert rsaudit("valider", tmp_path / name).code == 0


@pytest.mark.parametrize("command", ["audit", "valider"])
def test_folder_without_dossier(rsaudit: Callable[..., Result], tmp_path: Path, command: str) -> None:
    """Folder without dossier."""
    (tmp_path / "notes.txt").write_text("rien", encoding="utf-8")
    result = rsaudit(command, tmp_path)
    assert (result.code, result.out) == (3, "")
    assert "Aucun dossier de résidence" in result.err
    assert "residence.yaml" in result.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Le fichier est vide"),
        (b"# rien\n", "vide"),
        (b"- a\n- b\n", "contient une liste"),
        (b"residence:\n\tnom: x\n", "Tabulation"),
        ("residence:\n  nom: café\n".encode("latin-1"), "n’est pas de l’UTF-8"),
        (b"residence: [\n", "dossier.yaml"),
        (b"\x00\x01\x02", "dossier.yaml"),
    ],
    ids=["empty", "comment", "list", "tab", "latin-1", "unclosed", "binary"],
)
@pytest.mark.parametrize("command", ["audit", "valider"])
def test_unreadable_dossier(
    rsaudit: Callable[..., Result], tmp_path: Path, command: str, content: bytes, said: str
) -> None:
    """Unreadable dossier."""
    path = tmp_path / "dossier.yaml"
    path.write_bytes(content)
    result = rsaudit(command, path)
    assert result.code == 3
    assert "dossier.yaml" in result.out
    assert said in result.out.replace("\n", " ")
    assert str(tmp_path) not in result.out


def test_markup_in_a_name_is_only_text(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Markup in a name is only text."""
    lines = (ROOT / SMALL).read_text(encoding="utf-8").splitlines()
    named = [line if not line.startswith("  nom:") else '  nom: "Les [/b] [bold]Pins"' for line in lines]
    assert named != lines
    path = tmp_path / "r.yaml"
    path.write_text("\n".join(named) + "\n", encoding="utf-8")
    result = rsaudit("audit", path, *DAY)
    assert result.code == 0
    assert result.out.startswith("Les [/b] [bold]Pins")
    for name in ("html", "json", "markdown", "sarif", "junit", "csv", "github"):
        assert rsaudit("audit", path, *DAY, "--format", name).code == 0


def test_invalid_dossier_beside_a_good_one(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Invalid dossier beside a good one."""
    shutil.copytree(ROOT / GOOD, tmp_path / "un")
    shutil.copytree(ROOT / INVALID, tmp_path / "deux")
    result = rsaudit("audit", tmp_path, *DAY)
    assert result.code == 3
    lines = plain(result.out).splitlines()
    assert any("deux" in line and "pas été examiné" in line for line in lines)
    assert any("Le Benjoin" in line and "Aucun écart" in line for line in lines)
    assert result.out.count(LIMITS) >= 1


def test_what_is_passed_over_is_told_on_the_error_stream(
    rsaudit: Callable[..., Result], tmp_path: Path
) -> None:
    """What is passed over is told on the error stream."""
    shutil.copytree(ROOT / GOOD, tmp_path / "un")
    (tmp_path / "lien").symlink_to(tmp_path / "un")
    result = rsaudit("audit", tmp_path, *DAY, "--format", "json")
    assert result.code == 0
    json.loads(result.out)
    assert result.err.strip()


# -- outputs ---------------------------------------------------------------------------------------------


def test_standard_output_carries_the_report_alone(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Standard output carries the report alone."""
    path = tmp_path / "r.html"
    result = rsaudit("audit", GOOD, *DAY, "-o", "json:-", "-o", path)
    assert json.loads(result.out)["obligations"]
    assert result.err == f"Rapport écrit : {path}\n"
    assert path.read_bytes() == rsaudit("audit", GOOD, *DAY, "--format", "html").raw
    assert rsaudit("audit", GOOD, *DAY).err == ""


def test_several_outputs_in_one_run(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Several outputs in one run."""
    names = ["r.html", "r.json", "r.sarif", "r.xml", "r.md", "r.csv", "r.xlsx", "r.txt"]
    outputs = [f"-o{tmp_path / name}" for name in names] + [f"-ogitlab:{tmp_path / 'qualite.json'}"]
    result = rsaudit("audit", FAULTY, *DAY, *outputs)
    assert (result.code, result.out) == (1, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "qualite.json"])
    assert all(path.stat().st_size for path in tmp_path.iterdir())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert rsaudit("audit", FAULTY, *DAY, *outputs).code == 1, "ours: replaced"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_dash_is_standard_output(rsaudit: Callable[..., Result]) -> None:
    """Dash is standard output."""
    assert rsaudit("audit", GOOD, *DAY, "-o", "-").raw == rsaudit("audit", GOOD, *DAY).raw


@pytest.mark.parametrize("name", ["r.html", "r.json", "r.sarif", "r.xml", "r.md", "r.csv", "r.xlsx", "r.txt"])
def test_a_file_that_is_not_ours_is_kept(rsaudit: Callable[..., Result], tmp_path: Path, name: str) -> None:
    """A file that is not ours is kept."""
    path = tmp_path / name
    path.write_text("mes notes\n", encoding="utf-8")
    other = tmp_path / "autre.html"
    result = rsaudit("audit", GOOD, *DAY, "-o", other, "-o", path)
    assert (result.code, result.out) == (3, "")
    assert "n’est pas un rapport de rsaudit" in result.err
    assert path.read_text(encoding="utf-8") == "mes notes\n"
    assert not other.exists(), "nothing is written when one output is refused"


def test_our_report_is_replaced_and_keeps_its_rights(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Our report is replaced and keeps its rights."""
    path = tmp_path / "r.json"
    rsaudit("audit", GOOD, *DAY, "-o", path)
    path.chmod(0o640)
    rsaudit("audit", FAULTY, *DAY, "-o", path)
    assert "benjoin-fautif" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["r.json"], "no temporary file is left"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("absent/r.html", "n’existe pas"),
        ("fichier/r.html", "n’existe pas"),
        ("dossier.html", "est un dossier"),
    ],
)
def test_output_that_cannot_be_written(
    rsaudit: Callable[..., Result], tmp_path: Path, output: str, said: str
) -> None:
    """Output that cannot be written."""
    (tmp_path / "fichier").write_text("x", encoding="utf-8")
    (tmp_path / "dossier.html").mkdir()
    result = rsaudit("audit", GOOD, *DAY, "-o", tmp_path / output)
    assert (result.code, result.out) == (3, "")
    assert said in result.err


@pytest.mark.parametrize("arguments", [["audit", GOOD, *DAY, "--tout"], ["regles"], ["--help"]])
def test_reader_that_closes(arguments: list[str]) -> None:
    """Reader that closes."""
    command = [sys.executable, "-m", "rsaudit", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert told == b""


# -- the machine -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1"},
        {"TZ": "Pacific/Kiritimati"},
        {"TZ": "Pacific/Midway"},
        {"LANG": "de_DE.UTF-8", "LANGUAGE": "de"},
        {"NO_COLOR": ""},
        {"TERM": "dumb", "COLUMNS": "40"},
        {"FORCE_COLOR": "1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["terminal", "json", "html"])
def test_same_bytes_on_any_machine(rsaudit: Callable[..., Result], env: dict[str, str], name: str) -> None:
    """Same bytes on any machine."""
    arguments = ("audit", FAULTY, *DAY, "--format", name)
    found, plain = rsaudit(*arguments, env=env), rsaudit(*arguments)
    assert found.raw == plain.raw
    assert "\x1b" not in found.out
    assert found.err == plain.err


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}], ids=str)
def test_errors_are_french_on_any_console(rsaudit: Callable[..., Result], env: dict[str, str]) -> None:
    """Errors are french on any console."""
    assert "La commande « adit » n’existe pas." in rsaudit("adit", env=env).err


def test_a_run_ends_at_once_and_leaves_nothing_undone(tmp_path: Path) -> None:
    """Its memory is not given back piece by piece; all is written, what was to be done at the end is, its code is kept."""
    code = (
        "import atexit, sys; from rsaudit.cli import main; kept = type('Kept', (), {"
        "'__del__': lambda self: sys.stderr.write('piece by piece')})();"
        "atexit.register(lambda: print('à la fin', file=sys.stderr));"
        f"sys.argv = ['rsaudit', 'audit', {str(FAULTY)!r}, '--date', '2026-09-30', '--format', 'json']; main()"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)

    assert (done.returncode, done.stderr.decode()) == (1, "à la fin\n")
    assert json.loads(done.stdout)["dossier"]


def test_a_run_without_streams_ends_with_its_code() -> None:
    """A program started without standard streams, or whose streams are closed, still ends with its code."""
    for before in ("sys.stdout = sys.stderr = None", "sys.stdout.close()"):
        code = (
            "import sys; from rsaudit import cli;"
            f"sys.argv = ['rsaudit']; cli.run = lambda _: exec({before!r}) or 3; cli.main()"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (3, b""), before


# -- the cache -------------------------------------------------------------------------------------------


def test_cache_never_changes_a_byte(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Cache never changes a byte."""
    env = {"XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    arguments = ("audit", FAULTY, *DAY, "--format", "json")
    cold = rsaudit(*arguments, env=env)
    entries = sorted((tmp_path / "rsaudit").glob("*.json"))
    assert entries
    kept = {path: path.read_bytes() for path in entries}

    def same() -> None:
        assert rsaudit(*arguments, env=env).raw == cold.raw

    same()
    assert {path: path.read_bytes() for path in entries} == kept, "a good entry is used, not written again"
    damages: list[Callable[[bytes], bytes]] = [
        lambda _: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"majeur", b"mineur"),
        lambda _: b"{}",
        lambda raw: b"0" * 64 + raw[64:],
    ]
    for damage in damages:
        for path, raw in kept.items():
            path.write_bytes(damage(raw))
        same()
        assert {path: path.read_bytes() for path in entries} == kept, "a damaged entry is made again"
    shutil.rmtree(tmp_path / "rsaudit")
    same()
    shutil.rmtree(tmp_path / "rsaudit")
    (tmp_path / "rsaudit").write_text("un fichier à sa place", encoding="utf-8")
    same()
    assert rsaudit(*arguments, env={**env, "XDG_CACHE_HOME": "/dev/null/rien"}).raw == cold.raw


def test_entry_of_another_version_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, session: Any
) -> None:
    """Entry of another version is not used."""
    from rsaudit.ruleset import cache, cached, compile_ruleset, load_ruleset

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    folder = session.folder("accompagnement")
    read: list[Path] = []

    def load(path: Path) -> Any:
        read.append(path)
        return compile_ruleset(load_ruleset(path), session.catalogue)

    for version in ("0.1.0", "0.1.0", "9.9.9"):
        monkeypatch.setattr(cache, "__version__", version)
        cached(folder, session.schemas.digest, load)
    assert len(read) == 2
    assert len(list((tmp_path / "rsaudit").iterdir())) == 2


def test_entries_written_longest_ago_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, session: Any
) -> None:
    """A référentiel that is being written does not fill the disk; nothing but entries is removed."""
    from rsaudit.ruleset import cache, cached, compile_ruleset, load_ruleset

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(cache, "_MOST_ENTRIES", 3)
    folder = tmp_path / "rsaudit"
    folder.mkdir()
    others = [folder / "notes.json", folder / f"{'0' * 64}.txt"]
    old = [folder / f"{rank:064x}.json" for rank in range(4)]
    for rank, path in enumerate([*others, *old]):
        path.write_bytes(b"")
        os.utime(path, (rank, rank))
    ruleset = session.folder("accompagnement")

    def load(path: Path) -> Any:
        return compile_ruleset(load_ruleset(path), session.catalogue)

    cached(ruleset, session.schemas.digest, load)

    left = set(folder.iterdir())
    assert {*others, *old[2:]} < left
    assert len(left) == len(others) + 3


# -- référentiels ----------------------------------------------------------------------------------------


def test_broken_ruleset(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Broken ruleset."""
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    folder = tmp_path / "rulesets" / "reunion"
    path = folder / "admission" / "depot-maximum.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(index for index, line in enumerate(lines) if line.startswith("titre:"))
    lines[number] = lines[number].replace("titre:", "titer:")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for arguments in (("audit", GOOD, *DAY, "-r", folder), ("tester", folder), ("regles", "-r", folder)):
        result = rsaudit(*arguments)
        assert (result.code, result.out) == (4, "")
        assert f"depot-maximum.yaml:{number + 1}" in result.err
        assert "titer" in result.err
        assert "la plus proche est « titre »" in plain(result.err)


def test_typo_in_a_condition(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Typo in a condition."""
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    folder = tmp_path / "rulesets" / "reunion"
    path = folder / "admission" / "depot-maximum.yaml"
    text = path.read_text(encoding="utf-8")
    assert "depot_garantie" in text
    path.write_text(text.replace("depot_garantie", "depot_garanti"), encoding="utf-8")
    result = rsaudit("audit", GOOD, *DAY, "-r", folder)
    assert (result.code, result.out) == (4, "")
    assert "depot-maximum.yaml:" in result.err
    assert "« depot_garantie »" in plain(result.err)


def test_folder_that_is_no_ruleset(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Folder that is no ruleset."""
    result = rsaudit("audit", GOOD, "-r", tmp_path)
    assert (result.code, result.out) == (4, "")
    assert "referentiel.yaml" in result.err


# -- the other commands ----------------------------------------------------------------------------------


def test_other_commands(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Other commands."""
    assert rsaudit("valider", GOOD).code == 0
    assert rsaudit("valider", INVALID).code == 3
    assert rsaudit("tester").code == 0
    assert {entry["id"] for entry in json.loads(rsaudit("regles", "--format", "json").out)} == {
        "accompagnement",
        "hautes-alpes-epicea",
        "reunion",
    }
    assert rsaudit("expliquer", "depot-maximum").code == 0
    assert rsaudit("expliquer", "depot-maximum", "--dossier", GOOD, *DAY).code == 0
    assert rsaudit("expliquer", "depot-maximum", "--dossier", INVALID, *DAY).code == 3
    before, after = tmp_path / "avant.json", tmp_path / "apres.json"
    rsaudit("audit", GOOD, *DAY, "-o", before)
    rsaudit("audit", FAULTY, *DAY, "-o", after)
    assert rsaudit("comparer", before, before, "--echouer-si-nouveau").code == 0
    assert rsaudit("comparer", before, after).code == 0
    assert rsaudit("comparer", before, after, "--echouer-si-nouveau").code == 1
    after.write_text("[1", encoding="utf-8")
    assert rsaudit("comparer", before, after).code == 3
    after.write_text("{}", encoding="utf-8")
    assert rsaudit("comparer", before, after).code == 3
    after.write_text("[" * 100_000, encoding="utf-8")
    assert rsaudit("comparer", before, after).code == 3
    assert rsaudit("comparer", before, tmp_path).code == 3


def test_version(rsaudit: Callable[..., Result]) -> None:
    """Version."""
    result = rsaudit("--version")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("rsaudit ")


def test_runs_from_any_folder(rsaudit: Callable[..., Result], tmp_path: Path) -> None:
    """Runs from any folder."""
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])}
    assert rsaudit("audit", ROOT / GOOD, *DAY, cwd=tmp_path, env=environment).code == 0
