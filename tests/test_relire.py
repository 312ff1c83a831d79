"""`rsaudit relire` as its user meets it: a listing without a terminal, questions in front of one."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from made import docx, odt, pdf
from rsaudit.lexicon.confirmation import Confirmed, brought
from rsaudit.lexicon.search import Hit
from rsaudit.loading.yaml_reading import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.cli.session import Session

PLAIN = ROOT / "tests/relecture/reglement-sobre.txt"
DOUBTFUL = ROOT / "tests/relecture/reglement-a-relire.txt"
NBSP = "\u00a0"


def test_a_plain_reglement_raises_nothing(program: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """A règlement that grants what is due has no passage to read again and lacks no mention."""
    done = program("relire", str(PLAIN))
    text = done.stdout.decode()

    assert (done.returncode, done.stderr) == (0, b"")
    assert "Aucun passage du lexique n’a été relevé." in text
    assert "Toutes les mentions attendues par le lexique ont été trouvées." in text


def test_what_is_met_in_a_doubtful_one(program: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """Each clause met on the ground is pointed at, quoted, and proposed with its source; the code stays 0."""
    done = program("relire", str(DOUBTFUL))
    text = done.stdout.decode()

    assert done.returncode == 0
    assert text.count("\n   À regarder") == text.count("À écrire dans") + text.count("Aucun champ du dossier")
    for excerpt in (
        "lit n° 2",
        "9 h à 21 h",
        "passe-partout",
        "reprise et vidée",
        "d’introduire de l’alcool",
        "facturée 15 €",
        "sous un mois après le départ",
        "à tour de rôle",
    ):
        assert excerpt in text
    assert "     visites: horaires\n     source: {clause: article 2}\n" in text
    assert "     acces_urgence: non_mentionne\n" in text


def test_every_format_gives_the_same_passages(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """Word, OpenDocument and PDF give the same passages as the text; the PDF gives pages."""
    lines = [line for line in DOUBTFUL.read_text(encoding="utf-8").splitlines() if line]
    (tmp_path / "r.docx").write_bytes(docx([" ".join(lines[3:4]), *lines[:3], *lines[4:]]))
    paragraphs = DOUBTFUL.read_text(encoding="utf-8").replace("\n\n", "\f").replace("\n", " ").split("\f")
    (tmp_path / "r.odt").write_bytes(odt(paragraphs))
    (tmp_path / "r.pdf").write_bytes(pdf([lines]))

    def titles(path: Path) -> set[str]:
        text = program("relire", str(path)).stdout.decode().split("MENTIONS")[0]
        return {line.split(". ", 1)[1] for line in text.splitlines() if line[:1].isdigit() and ". " in line}

    expected = titles(DOUBTFUL)
    assert len(expected) > 15
    assert titles(tmp_path / "r.pdf") == expected
    assert "page\u00a01, article 2" in program("relire", str(tmp_path / "r.pdf")).stdout.decode()
    assert expected - titles(tmp_path / "r.odt") == set()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["relire", "absent.pdf"], 3, "n’existe pas"),
        (["relire", "README.md", "--document", "autre"], 2, "--document"),
        (["relire", "README.md", "-r", "accompagnement"], 2, "lexique"),
        (["relire", "README.md", "--piece", "P-1"], 2, "--dossier"),
        (["relire", str(PLAIN), "--dossier", "examples/benjoin", "--piece", "P-99"], 2, "P-99"),
        (["relire", "pyproject.toml"], 3, "ne finit pas par"),
    ],
)
def test_refusals(
    program: Callable[..., subprocess.CompletedProcess[bytes]], arguments: list[str], code: int, said: str
) -> None:
    """What cannot be read or asked is said in French, with its code and nothing on standard output."""
    done = program(*arguments)

    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr.decode()


def test_the_piece_is_found_in_the_register(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """With a dossier, the proposals cite the only registered piece of that kind."""
    text = program("relire", str(DOUBTFUL), "--dossier", "examples/benjoin").stdout.decode()

    assert "source: {piece: P-14, clause: article 2}" in text


def dialogue(arguments: list[str], answers: str) -> tuple[int, str]:
    """Run the program in front of a terminal that types the answers, and return its code and what it shows."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "rsaudit", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
    )
    os.close(theirs)
    os.write(ours, answers.encode())
    shown = b""
    try:
        while chunk := os.read(ours, 65_536):
            shown += chunk
    except OSError:  # the terminal closes with its last user
        pass
    os.close(ours)
    return done.wait(timeout=60), shown.decode()


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Copy an example to be completed."""
    return shutil.copytree(ROOT / "examples/benjoin", tmp_path / "benjoin")


def test_confirming_one_by_one(tmp_path: Path, dossier: Path) -> None:
    """Only what is confirmed is written, with its source, a value replaced only when asked; the rest keeps its bytes."""
    document = tmp_path / "r.md"
    document.write_text(
        "Article 4\n\nLes visites sont admises de 8 h à 21 h.\n\nArticle 5\n\nAucun animal n’est accepté.\n\n"
        "Article 6\n\nIl est interdit de changer la serrure.\n",
        encoding="utf-8",
    )
    before = (dossier / "reglement_interieur.yaml").read_text(encoding="utf-8")
    code, shown = dialogue(
        ["relire", str(document), "--dossier", str(dossier)],
        "peut-être\no\no\nde 8 h à 21 h\nn\no\nq\n",
    )
    after = (dossier / "reglement_interieur.yaml").read_text(encoding="utf-8")

    assert code == 0, shown
    assert "Répondre o, n ou q." in shown
    assert "Le dossier dit déjà" in shown
    data = parse_yaml(after.encode(), "r").data
    assert (data["visites"], data["visites_horaires"]) == ("horaires", "de 8 h à 21 h")
    assert data["animaux"] == "categories_dangereuses_interdites"
    assert data["clauses_restrictives"] == [
        {
            "ref": "CL-1",
            "document": "reglement_interieur",
            "theme": "serrure",
            "source": {"piece": "P-14", "clause": "article 6"},
        }
    ]
    assert data["source"]["clause"] == "articles 7 à 19 ; article 4"
    changed = [line for line in before.splitlines() if line not in after.splitlines()]
    assert [line.split(":")[0] for line in changed] == ["visites", "clauses_restrictives", "source"]


def test_stopping_at_once_writes_nothing(dossier: Path) -> None:
    """Stopping before any confirmation leaves every file as it was."""
    before = {path.name: path.read_bytes() for path in dossier.iterdir()}
    code, shown = dialogue(["relire", str(DOUBTFUL), "--dossier", str(dossier)], "q\n")

    assert code == 0
    assert "Rien n’a été confirmé" in shown
    assert {path.name: path.read_bytes() for path in dossier.iterdir()} == before


# -- what confirmed values bring -------------------------------------------------------------------------


def hit(clause: str, page: int | None = None) -> Hit:
    """Make a passage."""
    return Hit(entry=None, paragraph=9, at=0, page=page, clause=clause, excerpt="")  # type: ignore[arg-type]


def test_sources_are_completed_never_replaced(session: Session) -> None:
    """A citation of the same piece gains a clause, one of another piece is kept; pages are not mixed."""
    sections = session.schemas.sections
    values = [
        Confirmed(path="reglement_interieur.visites", value="libres", hit=hit("article 1", 2)),
        Confirmed(path="reglement_interieur.animaux", value="interdits", hit=hit("article 2", 3)),
        Confirmed(path="reglement_interieur.expulsion", value="non_mentionne", hit=None),
    ]
    section = brought(values, "P-1", {}, sections)["reglement_interieur"]
    assert section["source"] == {"piece": "P-1", "page": 2, "clause": "article 1 ; article 2"}
    other = {"reglement_interieur": {"source": {"piece": "P-9", "clause": "x"}}}
    kept = brought(values, "P-1", other, sections)["reglement_interieur"]
    assert kept["source"] == {"piece": "P-9", "clause": "x"}


def test_lists_grow(session: Session) -> None:
    """A list of words keeps its words, a list of objects its rows; a row gets a reference nobody has."""
    data = {
        "contrats": {"contrat_type": {"motifs_resiliation_gestionnaire": ["impaye"]}},
        "finances": {"sommes_exigees": {"etendue": "complete", "lignes": [{"ref": "SE-1"}]}},
    }
    found = brought(
        [
            Confirmed(
                path="contrats.contrat_type.motifs_resiliation_gestionnaire", value="convenance", hit=None
            ),
            Confirmed(path="finances.sommes_exigees", value={"nature": "penalite"}, hit=None),
            Confirmed(path="finances.sommes_exigees", value={"nature": "autre"}, hit=None),
        ],
        None,
        data,
        session.schemas.sections,
    )

    assert found["contrats"]["contrat_type"]["motifs_resiliation_gestionnaire"] == ["impaye", "convenance"]
    refs = [row["ref"] for row in found["finances"]["sommes_exigees"]]
    assert len(set(refs) | {"SE-1"}) == 3
