"""A new dossier: explained from the schemas, without what does not concern the residence; filled in by questions."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from rsaudit.authoring.relevance import relevance_of
from rsaudit.cli.session import Session
from rsaudit.loading import find_dossiers, read_yaml
from rsaudit.reception import read
from rsaudit.resources import schemas_folder

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[bytes]]

CHOSEN = ("--territoire", "la_reunion", "--categorie", "residence_sociale")
WAITING = re.compile(r"^#( *(?:- )?[a-z_0-9]+:.*| +# .*)$", re.MULTILINE)


def made(program: Run, folder: Path, *options: str) -> Path:
    """Make a new dossier."""
    done = program("nouveau", str(folder), *options)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    return folder


def test_a_chosen_dossier_is_valid_and_unfinished_one_says_what_is_missing(
    program: Run, tmp_path: Path
) -> None:
    """With territory and category it is valid at once; without, exactly these two are asked for."""
    session = Session()
    whole = read(find_dossiers(made(program, tmp_path / "a", *CHOSEN))[0][0], session.schemas)
    assert whole.errors == []
    assert whole.data == {
        "residence": {"format": 1, "territoire": "la_reunion", "categorie": "residence_sociale"}
    }
    bare = read(find_dossiers(made(program, tmp_path / "b"))[0][0], session.schemas)
    assert sorted(error.message.split(" :")[0] for error in bare.errors) == [
        "residence.categorie",
        "residence.territoire",
    ]
    assert all(error.line for error in bare.errors)


def test_every_waiting_line_is_a_field(program: Run, tmp_path: Path) -> None:
    """Its comments, uncommented, are YAML that holds every field of the schemas and no other."""
    folder = made(program, tmp_path / "neuf")
    session = Session()
    seen = set()
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        document = read_yaml(WAITING.sub(r"\1", text).encode(), path.name)
        assert document.errors == [], path.name
        seen |= {f"{path.stem}.{key}" for key in keys(document.data)}
    expected = {one for one in session.vocabulary.paths() if not re.search(r"\.(commun|source)(\.|$)", one)}
    assert expected - seen == set()
    assert {
        one for one in seen - expected if not one.endswith((".etendue", ".effectif_total", ".source"))
    } == set()


def keys(value: object) -> set[str]:
    """Return the static paths of every key."""
    found = set()
    if isinstance(value, dict):
        for key, child in value.items():
            below = keys(child)
            if key == "lignes":
                found |= below
            else:
                found |= {key} | {f"{key}.{one}" for one in below}
    elif isinstance(value, list):
        for child in value:
            found |= keys(child)
    return found


def test_each_field_is_explained(program: Run, tmp_path: Path) -> None:
    """Meaning, unit, accepted words, example, piece and weight stand above the line that waits."""
    text = (made(program, tmp_path / "neuf", *CHOSEN) / "contrats.yaml").read_text(encoding="utf-8")
    plain = re.sub(r"\n# +# ", " ", text).replace("\u00a0", " ").replace("\u202f", " ")
    found = re.search(r"Dépôt de garantie\. [^#]*\n# +depot_garantie:", plain[plain.index("#    - ref:") :])
    assert found is not None
    for part in ("Unité : €", "S’écrit : un nombre", "Exemple : ", "Où le lire : CSIG", "en dépend"):
        assert part in found.group()


@pytest.mark.parametrize(
    ("options", "there", "absent"),
    [
        (("--organisation", "foyer_soleil"), ["batiment:mouvements"], []),
        (("--organisation", "site_unique"), ["batiment:sites"], ["batiment:mouvements"]),
        (("--residents", "12"), ["vie_sociale:comite"], ["vie_sociale:conseil"]),
        (("--residents", "90"), ["vie_sociale:comite", "vie_sociale:conseil"], []),
        (
            ("--stade", "avant_signature"),
            ["contrats:contrat_type"],
            ["contrats:contrats", "contrats:departs"],
        ),
        (("--stade", "en_service"), ["contrats:contrat_type", "contrats:contrats"], []),
        ((), ["batiment:mouvements", "vie_sociale:conseil"], ["finances:montant_fixe"]),
    ],
)
def test_only_what_concerns_the_residence(
    program: Run, tmp_path: Path, options: tuple[str, ...], there: list[str], absent: list[str]
) -> None:
    """Choices leave out what no rule that may apply reads, and nothing else of these."""
    folder = made(program, tmp_path / "neuf", *CHOSEN, *options)
    for wanted, names in ((True, there), (False, absent)):
        for name in names:
            section, key = name.split(":")
            text = (folder / f"{section}.yaml").read_text(encoding="utf-8")
            assert bool(re.search(rf"^#?{key}:", text, re.MULTILINE)) is wanted, name


def test_a_field_left_out_is_read_by_no_rule_that_applies() -> None:
    """A field is idle only if each rule that reads it is out of scope or not applicable."""
    session = Session()
    rulesets = session.rulesets([], with_cases=False)
    supposed = {"residence": {"territoire": "la_reunion", "categorie": "residence_sociale"}}
    everything, some = relevance_of(rulesets, {}), relevance_of(rulesets, supposed)
    assert everything.idle == frozenset()
    assert some.idle
    for path in some.idle:
        readers = {c.ruleset.id for c in rulesets for rule in c.rules if path in rule.fields}
        assert readers
        assert "reunion" not in readers


def test_what_most_rules_wait_for_comes_first(program: Run, tmp_path: Path) -> None:
    """In a file, weights go down from one group to the next."""
    text = (made(program, tmp_path / "neuf", *CHOSEN) / "reglement_interieur.yaml").read_text(
        encoding="utf-8"
    )
    plain = re.sub(r"\n# (?=[^# ])", " ", text.replace("\u00a0", " "))
    weights = [int(one) for one in re.findall(r"(\d+) règles? en dépend(?:ent)?\.\n#[a-z_]+:", plain)]
    assert len(weights) > 10
    assert weights == sorted(weights, reverse=True)


def test_schemas_stand_beside_for_editors(program: Run, tmp_path: Path) -> None:
    """Each file opens with a relative line that editors follow to a copy of its schema."""
    folder = made(program, tmp_path / "neuf")
    for path in folder.glob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=schemas/{path.stem}.schema.json"
        copy = folder / "schemas" / f"{path.stem}.schema.json"
        assert copy.read_bytes() == (schemas_folder() / copy.name).read_bytes()


def test_nothing_is_overwritten(program: Run, tmp_path: Path) -> None:
    """A folder that holds anything is refused and left as it is."""
    (tmp_path / "notes.txt").write_text("à garder", encoding="utf-8")
    done = program("nouveau", str(tmp_path))
    assert done.returncode == 3
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--territoire", "reunion"), "la_reunion"),
        (("--residents", "beaucoup"), "nombre entier"),
    ],
)
def test_a_bad_choice_is_refused(program: Run, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """An unknown word is a usage error that lists the known ones; nothing is made."""
    done = program("nouveau", str(tmp_path / "neuf"), *options)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert not (tmp_path / "neuf").exists()


# -- the questions, in a real terminal -------------------------------------------------------------------


class Terminal:
    """The program in a terminal of its own, as a person meets it."""

    def __init__(self, *arguments: str) -> None:
        self.shown = self.waiting = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pid, self.channel = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.environ["NO_COLOR"] = "1"
            # Whoever runs the tests in the background may have this signal ignored; a person at a terminal has not.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execv(sys.executable, [sys.executable, "-m", "rsaudit", *arguments])  # noqa: S606 - our own program

    def until(self, text: str, seconds: float = 90) -> str:
        """Read until a text is shown, and return what was shown since the last time."""
        end = time.monotonic() + seconds
        while text not in self.waiting:
            ready, _, _ = select.select([self.channel], [], [], max(0, end - time.monotonic()))
            assert ready, f"« {text} » n’est pas venu ; montré : {self.waiting[-800:]}"
            try:
                read_now = os.read(self.channel, 65_536)
            except OSError:
                break
            self.waiting += self.decoder.decode(read_now).replace("\u00a0", " ")
        before, found, self.waiting = self.waiting.partition(text)
        self.shown += before + found
        return before + found

    def answer(self, text: str) -> None:
        """Type a line."""
        os.write(self.channel, f"{text}\n".encode())

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        self.until("\0")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def values(folder: Path) -> str:
    """Return the lines of the identity that say something."""
    text = (folder / "residence.yaml").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if line and not line.startswith("#"))


def test_questions_stop_resume_refuse_and_write_at_once(tmp_path: Path) -> None:
    """Each answer is on disk before the next question; a bad one is refused; stopping loses nothing."""
    folder = tmp_path / "neuf"
    talk = Terminal("nouveau", str(folder), "--questions", *CHOSEN)
    talk.until("Stade")
    talk.until("> ")
    talk.answer("ouverte")
    assert "choisir une valeur de la liste" in talk.until("> ")
    talk.answer("3")
    talk.until("Organisation")
    assert "stade: en_service" in values(folder)
    talk.until("> ")
    talk.answer("?")
    assert "foyer central" in talk.until("> ")
    talk.answer("je ne sais pas")
    talk.until("Acte de soumission")
    assert "organisation:" in values(folder)
    talk.until("> ")
    talk.answer("stop")
    assert talk.ended() == 0

    again = Terminal("nouveau", str(folder), "--questions")
    assert "Acte de soumission" in again.until("> ")
    assert "Stade" not in again.shown
    assert "Organisation [" not in again.shown
    again.answer("convention")
    again.until("Date de l’état")
    again.until("> ")
    again.answer("31/02/2026")
    assert "ce n’est pas une date" in again.until("> ")
    again.answer("30/09/2026")
    again.until("> ")
    os.write(again.channel, b"\x03")
    assert again.ended() == 0
    assert "date_etat: 2026-09-30" in values(folder)
    assert "  soumission: convention" in values(folder)
    session = Session()
    assert read(find_dossiers(folder)[0][0], session.schemas).errors == []


def test_rows_are_asked_one_field_at_a_time(program: Run, tmp_path: Path) -> None:
    """A table can be said empty, or given rows; a row without its reference, or with one already used, is refused."""
    folder = made(program, tmp_path / "neuf", *CHOSEN)
    section = folder / "residence.yaml"
    section.write_text("format: 1\nterritoire: la_reunion\ncategorie: residence_sociale\n", encoding="utf-8")
    before_agrements = "\n" * 40
    done = program("nouveau", str(folder), "--questions", input=(before_agrements + "stop\n").encode())
    assert done.returncode == 0
    answered = read_yaml(section.read_bytes(), "residence.yaml").data
    assert set(answered) > {"format", "stade", "date_etat"}
    # The lists of the section are asked for next: proprietors, then agreements.
    shown = program(
        "nouveau", str(folder), "--questions", input=b"oui\n\nA 1\nje ne sais pas\n"
    ).stderr.decode()
    assert "cette donnée est nécessaire" in shown
    assert "ref: A 1" in section.read_text(encoding="utf-8")
