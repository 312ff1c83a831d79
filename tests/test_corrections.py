"""What is certain is corrected, in a copy that shows the difference; what is only likely is never touched."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from rsaudit.corrections.meaning import meant_value, meant_word, written
from rsaudit.corrections.rewriting import rewrite
from rsaudit.loading import read_yaml
from rsaudit.model import Correction, InputError

if TYPE_CHECKING:
    from pathlib import Path

AMOUNT = {"type": "number", "minimum": 0, "x-unite": "€"}
AREA = {"type": "number", "x-unite": "m²"}
DAY = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "maxLength": 10}
TRUTH = {"enum": ["oui", "non", True, False]}
REGIME = {"type": "string", "enum": ["libre", "en_cours", "t1_bis", "t1bis"]}
DURATION = {"type": "string", "pattern": "^[0-9]{1,4} (jour|jours|mois|an|ans)$"}
NUMBER_14 = {"type": "string", "pattern": "^[0-9]{14}$"}
OR_SILENT = {"anyOf": [AMOUNT, {"enum": ["non_mentionne"]}]}


@pytest.mark.parametrize(
    ("value", "schema", "meant"),
    [
        ("12,5", AMOUNT, Decimal("12.5")),
        ("1 234,50 €", AMOUNT, Decimal("1234.50")),
        ("42 m²", AREA, 42),
        ("31/12/2025", DAY, "2025-12-31"),
        ("Oui", TRUTH, True),
        ("NON", TRUTH, False),
        ("En cours", REGIME, "en_cours"),
        ("Libre", REGIME, "libre"),
        ("123 456 789 00012", NUMBER_14, "12345678900012"),
        ("3mois", DURATION, "3 mois"),
        ("8 Jours", DURATION, "8 jours"),
        ("Non mentionné", OR_SILENT, "non_mentionne"),
        ("12,5", OR_SILENT, Decimal("12.5")),
    ],
)
def test_certain(value: str, schema: dict[str, Any], meant: Any) -> None:
    """A French spelling of an admitted value is read for what it is."""
    assert meant_value(value, schema, {}) == meant


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("1.234", AMOUNT),
        ("12,5 m²", AMOUNT),
        ("450 €", AREA),
        ("12 34", AMOUNT),
        ("un peu", AMOUNT),
        ("31/02/2025", DAY),
        ("31/12/25", DAY),
        ("12/2025", DAY),
        ("peut-être", TRUTH),
        ("libr", REGIME),
        ("t1 bis?", REGIME),
        ("", REGIME),
        ("123 456", NUMBER_14),
        ("trois mois", DURATION),
        (12, REGIME),
        (None, AMOUNT),
        (["12,5"], AMOUNT),
    ],
)
def test_doubtful(value: Any, schema: dict[str, Any]) -> None:
    """What may be read in two ways, or only nearly, is not corrected."""
    assert meant_value(value, schema, {}) is None


def test_one_word_only() -> None:
    """A spelling that two words share names neither."""
    assert meant_word("T1-bis", ["t1 bis", "t1_bis"]) is None
    assert meant_word("Dépôt garantie", ["depot_garantie", "depot"]) == "depot_garantie"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "oui"), (Decimal("12.50"), "12.50"), ("T1 bis", "T1 bis"), ("0123", "0123"), ("12", '"12"')],
)
def test_written(value: Any, text: str) -> None:
    """A value is typed as YAML reads it back, with quotes only where they are needed."""
    assert written(value) == text


@given(st.text(max_size=12) | st.decimals(allow_nan=False, allow_infinity=False, places=2) | st.booleans())
def test_written_is_read_back(value: Any) -> None:
    """Whatever is typed is read back as the same value, or, for a character YAML refuses, not read at all."""
    document = read_yaml(f"a: {written(value)}\n".encode("utf-8", "replace"), "x")

    assert document.errors or document.data["a"] == value


# -- in the text -----------------------------------------------------------------------------------------

TEXT = """\
# un commentaire
Nom: x   # gardé
table:
  - {prix: 12,5€, mot: "en cours"}
  - prix: 'a'
liste: [12/01/2025, b]
"""


def at(line: int, column: int, text: str, *, of_key: bool = False) -> InputError:
    """Make an error whose correction is certain."""
    return InputError(
        code="c", message="m", file="x", line=line, column=column, correction=Correction(text, of_key)
    )


def test_rewrite() -> None:
    """A value, a key, an item are replaced where they stand; comments, quotes and layout of the rest are kept."""
    errors = [
        at(2, 1, "nom", of_key=True),
        at(4, 6, "12.5"),
        at(4, 22, "en_cours"),
        at(5, 5, "3"),
        at(6, 9, "2025-01-12"),
    ]

    done = rewrite(TEXT.replace("12,5€", '"12,5 €"'), errors)

    assert done.text == (
        "# un commentaire\nnom: x   # gardé\ntable:\n  - {prix: 12.5, mot: en_cours}\n"
        "  - prix: 3\nliste: [2025-01-12, b]\n"
    )


def test_rewrite_leaves_what_is_no_value() -> None:
    """A place that holds no single value, or nothing at all, is left as it is, and not said to be corrected."""
    done = rewrite(TEXT, [at(3, 1, "5"), at(40, 1, "5")])

    assert done.text == TEXT
    assert done.applied == ()


@given(st.lists(st.text("abcé »:,[]{}#'\"\n-0 ", max_size=8), max_size=5))
def test_rewrite_nothing(parts: list[str]) -> None:
    """Without a correction, no byte of any text changes."""
    text = "\n".join(parts)

    assert rewrite(text, []).text == text


# -- through the program ---------------------------------------------------------------------------------


@pytest.fixture
def invalid(tmp_path: Path) -> Path:
    """Copy the invalid example."""
    return shutil.copytree(ROOT / "examples" / "invalide", tmp_path / "dossier")


def test_corrects_a_copy(program: Any, invalid: Path) -> None:
    """The copy has the certain corrections and nothing else; the dossier is untouched; what is left is listed."""
    before = {path.name: path.read_bytes() for path in invalid.iterdir()}

    done = program("valider", "dossier", "--corriger", cwd=invalid.parent)
    shown = done.stdout.decode()

    assert {path.name: path.read_bytes() for path in invalid.iterdir()} == before
    copy = invalid.parent / "dossier-corrige"
    changed = [name for name, raw in before.items() if (copy / name).read_bytes() != raw]
    assert sorted(changed) == ["batiment.yaml", "contrats.yaml", "residence.yaml"]
    assert "date_mise_en_service: 2024-03-15" in (copy / "residence.yaml").read_text("utf-8")
    assert "organisaton" in (copy / "residence.yaml").read_text("utf-8")
    assert "-territoire: la reunion\n+territoire: la_reunion" in shown
    assert "dossier-corrige : 15 erreurs" in shown.replace("\u00a0", " ")
    assert done.returncode == 3


def test_never_replaces(program: Any, invalid: Path) -> None:
    """A place that is taken is refused, and stays as it was."""
    taken = invalid.parent / "pris"
    taken.mkdir()

    done = program("valider", "dossier", "--corriger", "-o", "pris", cwd=invalid.parent)

    assert done.returncode == 3
    assert "existe déjà" in done.stderr.decode()
    assert list(taken.iterdir()) == []


def test_a_single_file(program: Any, tmp_path: Path) -> None:
    """A dossier of one file is corrected into one file, which may then be valid."""
    text = (ROOT / "examples" / "petite-residence.yaml").read_text("utf-8")
    (tmp_path / "r.yaml").write_text(text.replace("stade: en_service", "stade: En service"), "utf-8")

    done = program("valider", "r.yaml", "--corriger", cwd=tmp_path)

    assert done.returncode == 0, done.stdout.decode()
    assert (tmp_path / "r-corrige.yaml").read_text("utf-8") == text


def test_nothing_certain(program: Any, tmp_path: Path) -> None:
    """When nothing is certain, no copy is written, and the errors are listed."""
    (tmp_path / "r.yaml").write_text(
        "residence: {format: 1, territoire: ici, categorie: residence_sociale}\n", "utf-8"
    )

    done = program("valider", "r.yaml", "--corriger", cwd=tmp_path)

    assert done.returncode == 3
    assert [path.name for path in tmp_path.iterdir()] == ["r.yaml"]
    assert "aucune copie" in done.stdout.decode()


def test_json_for_editors(program: Any) -> None:
    """Each error has its place, and the correction an editor may offer."""
    done = program("valider", "examples/invalide", "--format", "json")
    (dossier,) = json.loads(done.stdout)["dossiers"]

    assert done.returncode == 3
    assert dossier["chemin"] == "examples/invalide"
    assert not dossier["valide"]
    day = next(error for error in dossier["erreurs"] if "date_mise_en_service" in error["message"])
    assert (day["fichier"], day["ligne"], day["colonne"]) == ("examples/invalide/residence.yaml", 10, 1)
    assert day["correction"] == {"remplace": "valeur", "texte": "2024-03-15"}
    key = next(error for error in dossier["erreurs"] if "organisaton" in error["message"])
    assert key["correction"] is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["examples/invalide", "-o", "x"],
        ["examples/invalide", "--corriger", "--format", "json"],
        ["examples", "--corriger"],
    ],
)
def test_refused(program: Any, arguments: list[str]) -> None:
    """What does not go together is a usage error."""
    assert program("valider", *arguments).returncode == 2
