"""A référentiel from a stranger is data: it reads no file, reaches no network, runs no code, and always ends.

Each attempt is a real folder given to the command line; one audit runs as its user runs it, watched from inside by an
audit hook that sees every file opened, every process started, every connection.
"""

from __future__ import annotations

import copy
import itertools
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from conftest import ROOT
from grand import write_large_dossier
from rsaudit.cli import run
from rsaudit.cli.session import Session
from rsaudit.conditions.world import MOST_VISITS, MOST_VISITS_OF_A_RULE, World
from rsaudit.engine import AuditOptions, audit
from rsaudit.errors import RulesetError
from rsaudit.loading import find_dossiers
from rsaudit.reception import receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DAY = ("--date", "2026-09-30")
GOOD = ROOT / "examples" / "benjoin"
HIDDEN = "XYZZY-CACHE"
SECONDS = 60
"""Of computation, in one attempt: more than any takes on a slow machine, and far less than for ever."""

HEAD = """\
id: etranger
titre: Référentiel venu d’ailleurs
version: 1.0.0
date: 2026-09-30
opposable: oui
portee: Toutes.
chapitres:
- { id: c, titre: C }
"""
RULE = {
    "id": "regle",
    "titre": "Une règle",
    "chapitre": "c",
    "exigences": ["RUN-I-1"],
    "texte": {"document": "Texte", "article": "1"},
    "rang": "loi",
    "force": "obligation",
    "gravite": "mineur",
    "exiger": 'residence.departement = "974"',
    "messages": {"conforme": "Oui.", "ecart": "Non."},
    "preuve": "Une pièce.",
    "remede": "Rien.",
    "cas": [
        {"nom": "a", "dossier": {"residence": {"departement": "974"}}, "attendu": "conforme"},
        {"nom": "b", "dossier": {"residence": {"departement": "05"}}, "attendu": "ecart"},
        {"nom": "c", "dossier": {}, "attendu": "non_verifiable"},
    ],
}
REQUIREMENTS = (
    "exigences:\n- { id: RUN-I-1, section: S, nature: auto, force: obligation, resume: Un résumé. }\n"
)

WATCH = """\
import json, os, sys
seen = {"files": [], "acts": []}
ACTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill")
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        seen["files"].append(os.path.abspath(arguments[0]))
    elif event.startswith(ACTS):
        seen["acts"].append(event)
sys.addaudithook(hook)
import atexit
def tell():
    found = json.dumps(seen)
    with open(os.environ["VU"], "w") as stream:
        stream.write(found)
atexit.register(tell)
"""


def ruleset(folder: Path, rule: Any = None, **files: str) -> Path:
    """Write a référentiel of one rule; more files, or other contents, by name (« c/x.yaml » is `c__x_yaml`)."""
    target = folder / "etranger"
    (target / "c").mkdir(parents=True)
    (target / "referentiel.yaml").write_text(HEAD, "utf-8")
    (target / "exigences.yaml").write_text(REQUIREMENTS, "utf-8")
    (target / "c" / "regle.yaml").write_text(
        json.dumps({**RULE, **(rule or {})}, ensure_ascii=False), "utf-8"
    )
    for name, text in files.items():
        path = target / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return target


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What an audit gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def audited(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Audit]:
    """Audit with a référentiel; whatever it is, the program ends soon and shows no traceback."""

    def judge(folder: Path, dossier: Path = GOOD, *options: str) -> Audit:
        start = time.process_time()
        code = run(["audit", str(dossier), *DAY, "-r", str(folder), *options])
        lasted = time.process_time() - start
        captured = capsysbinary.readouterr()
        done = Audit(code=code, out=captured.out.decode(), err=captured.err.decode().replace("\u00a0", " "))
        assert "Traceback" not in done.err
        assert code in {0, 1, 4}
        assert lasted < SECONDS
        return done

    return judge


def test_the_harmless_one(audited: Any, tmp_path: Path) -> None:
    """The référentiel the attempts start from is judged."""
    done = audited(ruleset(tmp_path), GOOD, "--format", "csv")

    assert (done.code, done.err) == (0, "")
    assert "etranger" in done.out


# -- code ------------------------------------------------------------------------------------------------

CODE = [
    "__import__('os').system('touch vu')",
    "open('/etc/passwd').read() = 'x'",
    "().__class__.__bases__[0].__subclasses__() = 1",
    "residence.__class__ = 'x'",
    "residence.nom.__len__() = 1",
    "eval('1') = 1",
    "lambda: 1",
    'residence.departement = "974" ; import os',
    "{{7*7}} = 49",
    "${jndi:ldap://x} = 1",
    "`id` = 1",
    'residence.departement := "974"',
    "[x for x in residence]",
]


@pytest.mark.parametrize("text", CODE)
def test_code_in_a_condition(
    audited: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """What would be code elsewhere is a condition that is not understood: refused with its place."""
    monkeypatch.chdir(tmp_path)
    done = audited(ruleset(tmp_path, {"exiger": text}))

    assert done.code == 4
    assert "regle.yaml" in done.err
    assert not (tmp_path / "vu").exists()


@pytest.mark.parametrize(
    "text",
    ["{__import__('os')}", "{residence.__dict__}", "{open('/etc/passwd')}", "{{config}}", "{0.__class__}"],
)
def test_code_in_a_sentence(audited: Any, tmp_path: Path, text: str) -> None:
    """A sentence is no template of another language."""
    messages = {"conforme": text, "ecart": "Non."}

    assert audited(ruleset(tmp_path, {"messages": messages})).code == 4


@pytest.mark.parametrize("text", ["{% for x in y %}", "%(nom)s", "<script>alert(1)</script>", "\\x1b[31m"])
def test_foreign_syntax_is_text(audited: Any, tmp_path: Path, text: str) -> None:
    """The syntax of another language in a title is printed as it is written, made harmless."""
    folder = ruleset(tmp_path, {"titre": text})

    done = audited(folder, GOOD, "--format", "html")

    assert done.code == 0
    assert "<script>alert(1)</script>" not in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch vu']\n",
        "a: !!python/name:os.system\n",
        "a: &a [*a]\n",
        "<<: {a: 1}\n",
        "a: " + "[" * 5000,
        "%YAML 1.1\n---\na: 1\n---\nb: 2\n",
    ],
)
def test_hostile_yaml(audited: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Tags, aliases, merges, depths and several documents are refused in a rule as in a dossier."""
    monkeypatch.chdir(tmp_path)
    done = audited(ruleset(tmp_path, c__regle_yaml=text))

    assert done.code == 4
    assert not (tmp_path / "vu").exists()


# -- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["c/lien.yaml", "parametres.yaml", "lectures.yaml", "base.yaml", "exigences.yaml"]
)
def test_a_link_is_not_followed(audited: Any, tmp_path: Path, name: str) -> None:
    """A file of a référentiel that is a symbolic link is refused, and nothing of its target is shown."""
    folder = ruleset(tmp_path)
    (tmp_path / "secret.yaml").write_text(f"{HIDDEN}: {HIDDEN}\n", "utf-8")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "secret.yaml")

    done = audited(folder)

    assert done.code == 4
    assert name.rsplit("/", 1)[-1] in done.err
    assert HIDDEN not in done.err + done.out


def test_a_linked_folder_is_not_entered(audited: Any, tmp_path: Path) -> None:
    """A folder behind a link is refused too."""
    folder = ruleset(tmp_path)
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "ailleurs" / "x.yaml").write_text(f"{HIDDEN}: 1\n", "utf-8")
    (folder / "d").symlink_to(tmp_path / "ailleurs")

    done = audited(folder)

    assert done.code == 4
    assert HIDDEN not in done.err


def test_a_linked_parent(audited: Any, tmp_path: Path) -> None:
    """The folder of a parent that is a link is not entered."""
    folder = ruleset(tmp_path, referentiel_yaml=HEAD + "parent: autre\n")
    away = tmp_path / "ailleurs"
    away.mkdir()
    (away / "referentiel.yaml").write_text(HEAD.replace("etranger", "autre"), "utf-8")
    (tmp_path / "autre").symlink_to(away)

    done = audited(folder)

    assert done.code == 4
    assert "autre est un lien symbolique" in done.err


@pytest.mark.parametrize("parent", ["../secret", "/etc", "..", ".", "etranger", "../etranger", "C:\\x"])
def test_a_parent_elsewhere(audited: Any, tmp_path: Path, parent: str) -> None:
    """A parent is a name, never a path, and never oneself."""
    folder = ruleset(tmp_path, referentiel_yaml=HEAD + f"parent: '{parent}'\n")

    assert audited(folder).code == 4


def test_too_many_parents(audited: Any, tmp_path: Path) -> None:
    """A long line of parents is refused."""
    folder = ruleset(tmp_path, referentiel_yaml=HEAD + "parent: a0\n")
    for rank in range(40):
        (tmp_path / f"a{rank}").mkdir()
        (tmp_path / f"a{rank}" / "referentiel.yaml").write_text(
            HEAD.replace("etranger", f"a{rank}") + f"parent: a{rank + 1}\n", "utf-8"
        )

    done = audited(folder)

    assert done.code == 4
    assert "parents" in done.err


@pytest.mark.parametrize("name", ["parametres.yaml", "c/autre.yaml", "../faits.yaml"])
def test_a_pipe(audited: Any, tmp_path: Path, name: str) -> None:
    """A named pipe is no file: it is refused, not waited for."""
    folder = ruleset(tmp_path)
    os.mkfifo(folder / name)

    done = audited(folder)

    assert done.code == 4
    assert "n’est pas un fichier ordinaire" in done.err


def test_what_is_opened_and_done(tmp_path: Path) -> None:
    """During an audit, only the program, the dossier, the référentiel and the cache are opened; nothing else is done."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(WATCH, "utf-8")
    folder = ruleset(tmp_path)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(site), str(ROOT / "src")]),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "VU": str(tmp_path / "vu.json"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "rsaudit", "audit", str(GOOD), *DAY, "-r", str(folder), "--format", "csv"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    seen = json.loads((tmp_path / "vu.json").read_text("utf-8"))

    assert done.returncode == 0, done.stderr.decode()
    assert str(folder / "c" / "regle.yaml") in seen["files"]
    assert seen["acts"] == []
    python = {os.path.realpath(place) for place in (sys.prefix, sys.base_prefix)} | {sys.prefix}
    allowed = (str(ROOT / "src"), str(ROOT / "rulesets"), str(ROOT / "schemas"), str(GOOD), str(tmp_path))
    read_only = (*allowed, *python, str(ROOT / "rsaudit.toml"), "/usr/share/zoneinfo", "/usr/lib/locale")
    assert [name for name in seen["files"] if not name.startswith(read_only)] == []


# -- time and memory -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1 = 1" + " et 1 = 1" * 500,
        "(" * 40 + "1 = 1" + ")" * 40,
        "non " * 100 + "(1 = 1)",
        'residence.departement = "' + "9" * 3000 + '"',
    ],
)
def test_long_and_deep_conditions(audited: Any, tmp_path: Path, text: str) -> None:
    """A condition too long, too deep, or already decided, is refused."""
    assert audited(ruleset(tmp_path, {"exiger": text})).code == 4


def test_numbers_that_double(audited: Any, tmp_path: Path) -> None:
    """A number squared again and again is stopped long before it fills the memory."""
    names = [f"n{rank}" for rank in range(60)]
    local = {"n0": "nombre(l dans batiment.logements) + 7"}
    local |= {name: f"{before} * {before}" for before, name in itertools.pairwise(names)}

    done = audited(ruleset(tmp_path, {"avec": local, "exiger": f"{names[-1]} > 0"}))

    assert done.code == 4
    assert "regle" in done.err


def test_lists_within_lists(audited: Any, tmp_path: Path) -> None:
    """Quantifiers over different lists, one inside the other, end with the name of the rule before they tire anyone."""
    rows = "".join(f"  - {{ref: C-{rank}, titulaires: 1}}\n" for rank in range(2000))
    dwellings = "".join(f"  - {{numero: L-{rank}, surface_habitable: 20}}\n" for rank in range(2000))
    dossier = tmp_path / "grand.yaml"
    pieces = "".join(f"  - {{ref: P-{rank}, nature: FICH, titre: Une fiche}}\n" for rank in range(2000))
    dossier.write_text(
        "residence:\n  format: 1\n  territoire: la_reunion\n  categorie: residence_sociale\n"
        f"  date_etat: 2026-09-30\n  pieces:\n{pieces}"
        f"contrats:\n contrats:\n  etendue: complete\n  lignes:\n{rows}"
        f"batiment:\n logements:\n  etendue: complete\n  lignes:\n{dwellings}",
        "utf-8",
    )
    deep = (
        "tous(a dans contrats.contrats : tous(b dans batiment.logements : tous(c dans residence.pieces : "
        "c.titre != a.ref et c.titre != b.numero)))"
    )

    done = audited(ruleset(tmp_path, {"exiger": deep}), dossier)

    assert done.code == 4
    assert "etranger/c/regle.yaml:1:1 : règle « regle » : trop de calculs" in done.err


def _visits(session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return the items that the rules of a référentiel go through on a dossier: all of them, and the one that needs most."""
    counts: dict[int, list[int]] = {}
    visit, next_rule = World.visit, World.next_rule

    def counted(self: World, count: int) -> None:
        counts.setdefault(id(self), [0])[-1] += count
        visit(self, count)

    def noted(self: World) -> None:
        counts.setdefault(id(self), []).append(0)
        next_rule(self)

    rulesets = session.rulesets([])
    dossier = receive(find_dossiers(folder)[0][0], session.schemas)
    with monkeypatch.context() as patch:
        patch.setattr(World, "visit", counted)
        patch.setattr(World, "next_rule", noted)
        audit(
            dossier, rulesets, as_of=date(2026, 9, 30), vocabulary=session.vocabulary, options=AuditOptions()
        )
    return max(map(sum, counts.values())), max(map(max, counts.values()))


def test_an_honest_ruleset_is_far_from_the_limits(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the shipped rules go through grows as the rows do, and stays far below the limits on 20 000 contracts."""
    write_large_dossier(tmp_path / "a", contracts=80)
    write_large_dossier(tmp_path / "b", contracts=160)
    small, _ = _visits(session, tmp_path / "a", monkeypatch)
    large, most = _visits(session, tmp_path / "b", monkeypatch)

    assert small > 80
    assert large < 2.2 * small
    assert large / 160 * 20_000 * 15 < MOST_VISITS
    assert most / 160 * 20_000 * 30 < MOST_VISITS_OF_A_RULE


def test_too_many_files(audited: Any, tmp_path: Path) -> None:
    """A référentiel of a great many files is refused before they are read."""
    folder = ruleset(tmp_path)
    for rank in range(5001):
        (folder / "c" / f"r{rank}.yaml").write_bytes(b"x")

    done = audited(folder)

    assert done.code == 4
    assert "trop de fichiers" in done.err


def test_too_many_bytes(audited: Any, tmp_path: Path) -> None:
    """A référentiel of more than 64 Mio is refused before it is read."""
    folder = ruleset(tmp_path)
    for rank in range(3):
        with (folder / "c" / f"r{rank}.yaml").open("wb") as stream:
            stream.truncate(30 << 20)

    done = audited(folder)

    assert done.code == 4
    assert "trop gros" in done.err


def test_hidden_files_are_none_of_it(audited: Any, tmp_path: Path) -> None:
    """What a référentiel keeps hidden, its history for instance, is neither read nor counted."""
    folder = ruleset(tmp_path)
    (folder / ".git").mkdir()
    (folder / ".git" / "x.yaml").write_text("]", "utf-8")
    (folder / ".git" / "lien").symlink_to("/")

    assert audited(folder).code == 0


# -- what errors show ------------------------------------------------------------------------------------


LONG = "k" + "qzj" * 60


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(child, dict | list):
            yield from _leaves(child, (*path, key))
        else:
            yield (*path, key)


def _hostile_rules() -> Iterator[dict[str, Any]]:
    """Yield the rule with something long in place of each value, beside each key, and inside each expression."""
    whole = {
        **RULE,
        "pour_chaque": "l dans batiment.logements",
        "si": [{"condition": 'residence.departement = "974"', "sinon": "Ailleurs."}],
        "avec": {"n": "nombre(l dans batiment.logements)"},
        "exiger": "n > 0",
    }
    yield whole
    for path in list(_leaves(whole)):
        for new in (
            LONG,
            {LONG: LONG},
            f"{LONG} > 1",
            f'residence.departement = "{LONG}"',
            f"residence.{LONG} = 1",
        ):
            rule = copy.deepcopy(whole)
            if not path:
                yield {**rule, LONG: new}
                continue
            holder = rule
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = new
            yield rule


def _refusal(folder: Path, session: Session) -> str:
    """Return why a référentiel is refused; nothing for a good one."""
    try:
        session.ruleset(folder)
    except RulesetError as error:
        return str(error).replace("\u00a0", " ")
    return ""


def test_an_error_shows_little_of_what_is_written(tmp_path: Path) -> None:
    """Whatever is wrong in a référentiel, its error shows no more than 80 characters in a row of what is written there."""
    session = Session()
    refusals = []
    for rank, rule in enumerate(_hostile_rules()):
        folder = ruleset(tmp_path / str(rank))
        (folder / "c" / "regle.yaml").write_text(json.dumps(rule, ensure_ascii=False), "utf-8")
        refusals.append(_refusal(folder, session))

    assert refusals[0] == ""
    assert sum(map(bool, refusals)) > 100
    shown = [text for text in refusals if any(LONG[at : at + 81] in text for at in (0, 1, 2, 3))]
    assert shown == []


def test_the_place_of_a_long_expression_is_shown() -> None:
    """The part of a long expression around its fault is shown, the fault marked under it."""
    from rsaudit.messages.ruleset import broken_expression

    text = " et ".join(["residence.categorie != 1"] * 6) + " et && residence"
    shown = broken_expression(None, text, "faute", text.index("&&") + 1).split("\n")

    assert len(shown[1].strip("… ")) <= 80
    assert shown[1][shown[2].index("^") :].startswith("&&")


def test_nothing_is_kept_from_one_dossier_to_the_next(program: Any, tmp_path: Path) -> None:
    """What lists within lists compute once is computed again for the next dossier, the first time as from the cache."""
    rule = {
        "exiger": "tous(a dans contrats.contrats : tous(b dans batiment.logements : tous(c dans residence.pieces : "
        'a.titulaires > 0 et b.surface_habitable > 0 et existe(c.titre) et residence.departement = "974")))'
    }
    folder = ruleset(tmp_path, rule)
    (tmp_path / "dossiers").mkdir()
    for name, department in (("a", "974"), ("b", "05"), ("c", "974")):
        (tmp_path / "dossiers" / f"{name}.yaml").write_text(
            "residence:\n  format: 1\n  territoire: la_reunion\n  categorie: residence_sociale\n"
            f"  departement: '{department}'\n  pieces: [{{ref: P-1, nature: FICH, titre: Une}}]\n"
            "contrats: {contrats: {etendue: complete, lignes: [{ref: C-1, titulaires: 1}]}}\n"
            "batiment: {logements: {etendue: complete, lignes: [{numero: '1', surface_habitable: 20}]}}\n",
            "utf-8",
        )
    for _ in ("compiled", "from the cache"):
        done = program(
            *("audit", "dossiers", *DAY, "-r", str(folder), "--format", "csv", "--processus", "1"),
            cwd=tmp_path,
            env={"XDG_CACHE_HOME": str(tmp_path / "cache")},
        )
        rows = [line for line in done.stdout.decode().splitlines() if "Une règle" in line]
        found = ["Conforme" in row and "Écart" not in row for row in rows]

        assert found == [True, False, True], done.stdout.decode()
