"""Facts laid over a dossier: what differs is told, files keep their layout, a second time changes nothing."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from rsaudit.amending import Kind, YamlText, differences, plan, render
from rsaudit.errors import InputUnreadableError
from rsaudit.loading import find_dossiers, load
from rsaudit.loading.yaml_events import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.cli.session import Session

TEXT = """# En tête
visites: libres   # lues le 3 mars
vide:
liste: []
bloc:
  - un
  - deux   # dernier

table: {lignes: [{ref: A, prix: 1.50}]}   # en ligne
profond:
  # avant
  cle: valeur

# Fin
source: {piece: P-1, page: 2}
"""


def read(text: str) -> dict[str, Any]:
    """Read YAML with our loader, which must accept it."""
    document = parse_yaml(text.encode(), "t.yaml")
    assert document.errors == []
    return document.data


def edited(*edits: tuple[str, tuple[Any, ...], Any], text: str = TEXT) -> str:
    """Apply edits to a text."""
    editor = YamlText(text, {(): ["visites", "horaires", "vide", "liste"]})
    for kind, steps, value in edits:
        getattr(editor, kind)(steps, value)
    return editor.result()


def test_only_what_changes_is_touched() -> None:
    """A value is replaced where it stands: comments, blank lines and the other lines keep their bytes."""
    after = edited(("set", ("visites",), "horaires"), ("set", ("source", "page"), 3))

    assert after == TEXT.replace("visites: libres ", "visites: horaires ").replace("page: 2", "page: 3")


def test_a_new_key_goes_after_the_one_that_usually_precedes_it() -> None:
    """A new key takes the place the schema gives it, after the comment of the line before."""
    after = edited(("set", ("horaires",), "de 8 h à 21 h"))

    assert "visites: libres   # lues le 3 mars\nhoraires: de 8 h à 21 h\nvide:" in after


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("set", ("vide",), "x"), "vide: x\n"),
        (("append", ("liste",), [{"a": 1}]), "liste: [{a: 1}]\n"),
        (("append", ("bloc",), ["trois"]), "  - deux   # dernier\n  - trois\n"),
        (("append", ("table", "lignes"), [{"ref": "B"}]), "[{ref: A, prix: 1.50}, {ref: B}]"),
        (("set", ("table", "lignes", 0, "nom"), "n"), "{ref: A, prix: 1.50, nom: n}"),
        (("set", ("profond", "autre"), True), "  cle: valeur\n  autre: oui\n"),
        (("set", ("neuf", "a", "b"), 1), "source: {piece: P-1, page: 2}\nneuf:\n  a:\n    b: 1\n"),
        (("set", ("vide", "a"), "b"), "vide: {a: b}\n"),
    ],
)
def test_each_kind_of_place(edit: Any, expected: str) -> None:
    """Keys and items are added in block and in line, under what is absent, empty or null."""
    after = edited(edit)

    assert expected in after
    read(after)


def test_several_edits_at_one_place() -> None:
    """Items and keys added one after the other all stay, in their order."""
    after = read(
        edited(
            ("append", ("liste",), [1]),
            ("append", ("liste",), [2]),
            ("append", ("bloc",), ["c"]),
            ("append", ("bloc",), ["d"]),
            ("set", ("neuf", "a"), 1),
            ("set", ("neuf", "b"), 2),
        )
    )

    assert (after["liste"], after["bloc"], after["neuf"]) == (
        [1, 2],
        ["un", "deux", "c", "d"],
        {"a": 1, "b": 2},
    )


def test_windows_line_ends_and_no_last_one() -> None:
    """A text with Windows line ends, or without a last one, is added to as it is."""
    assert edited(("set", ("b",), 2), text="a: 1") == "a: 1\nb: 2"
    assert read(edited(("set", ("b",), 2), text="a: 1\r\nc: 3\r\n")) == {"a": 1, "c": 3, "b": 2}


SCALARS = st.one_of(
    st.booleans(),
    st.integers(min_value=-(10**9), max_value=10**9),
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=30),
    st.sampled_from(
        ["oui", "non", "null", "~", "", "1.0", "01000", "2026-01-01", "T1'", "a: b", "# x", "- y", "é"]
    ),
)
KEYS = st.from_regex(r"[a-z]{2,8}_[a-z]{2,8}", fullmatch=True)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def plain(value: Any) -> Any:
    """Return a value as our loader gives it back: integers for whole decimals, text in NFC."""
    import unicodedata

    if isinstance(value, Decimal):
        return int(value) if value == int(value) else value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: plain(child) for key, child in value.items()}
    return [plain(child) for child in value] if isinstance(value, list) else value


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    """Any value written, alone or into a file, is read back as it was, and the rest is unchanged."""
    assert read(render(data)) == plain(data)
    after = read(edited(*(("set", (key,), value) for key, value in data.items())))

    assert {key: after[key] for key in data} == plain(data)
    assert {key: after[key] for key in read(TEXT)} == read(TEXT)


# -- a dossier -------------------------------------------------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Copy an example to be changed."""
    return shutil.copytree(ROOT / "examples/benjoin", tmp_path / "benjoin")


BROUGHT: dict[str, Any] = {
    "residence": {"commune": "Saint-Denis", "nom": "Autre nom", "precision": "ajoutée"},
    "batiment": {
        "logements": {
            "lignes": [
                {"numero": "101", "surface_habitable": Decimal("99.50")},
                {"numero": "999", "type": "T2", "meuble": True},
            ]
        }
    },
    "finances": {"tarifs": [{"ref": "TA-1", "redevance": Decimal("1.25")}, {"ref": "TA-N", "type": "T3"}]},
}


def test_differences_are_applied_and_then_gone(dossier: Path, session: Session) -> None:
    """Every difference told is in the files planned, in YAML and in CSV; once written, none is left."""
    reference = find_dossiers(dossier)[0][0]
    before = load(reference, session.schemas)
    changes = differences(before.data, BROUGHT, session.schemas.sections)

    kinds = {change.shown: change.kind for change in changes}
    assert kinds["residence.nom"] is Kind.CHANGED
    assert kinds["residence.precision"] is Kind.ADDED
    assert kinds["batiment.logements[999]"] is Kind.NEW_ROW
    assert kinds["batiment.logements[101].surface_habitable"] is Kind.CHANGED
    assert kinds["finances.tarifs[TA-1].redevance"] is Kind.CHANGED
    for path, text in plan(reference, changes, session.schemas.sections).files.items():
        path.write_text(text, encoding="utf-8", newline="")
    after = load(reference, session.schemas)
    assert after.errors == []
    assert differences(after.data, BROUGHT, session.schemas.sections) == []
    untouched = [row for row in before.data["batiment"]["logements"]["lignes"] if row["numero"] != "101"]
    assert [
        r for r in after.data["batiment"]["logements"]["lignes"] if r["numero"] not in {"101", "999"}
    ] == untouched


def test_the_lines_not_concerned_keep_their_bytes(dossier: Path, session: Session) -> None:
    """A file changed in one place differs from what it was on that line only; the others are not in the plan."""
    reference = find_dossiers(dossier)[0][0]
    data = load(reference, session.schemas).data
    changes = differences(data, {"finances": {"modulation": "cas_par_cas"}}, session.schemas.sections)
    files = plan(reference, changes, session.schemas.sections).files

    assert [path.name for path in files] == ["finances.yaml"]
    old = (dossier / "finances.yaml").read_text(encoding="utf-8").splitlines()
    new = files[dossier / "finances.yaml"].splitlines()
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [
        ("modulation: bareme_surface", "modulation: cas_par_cas")
    ]


def test_a_single_file_dossier(tmp_path: Path, session: Session) -> None:
    """A dossier in one file is changed in that file."""
    path = tmp_path / "petite.yaml"
    shutil.copy(ROOT / "examples/petite-residence.yaml", path)
    reference = find_dossiers(path)[0][0]
    data = load(reference, session.schemas).data
    brought = {"residence": {"precision": "ajoutée"}, "finances": {"modulation": "cas_par_cas"}}
    files = plan(
        reference, differences(data, brought, session.schemas.sections), session.schemas.sections
    ).files

    after = read(files[path])
    assert after["residence"]["precision"] == "ajoutée"
    assert after["finances"]["modulation"] == "cas_par_cas"


def test_rows_that_take_the_place_of_an_empty_list_have_a_line_each() -> None:
    """« points: [] » becomes block rows, at the indent of its key; a short list stays on its line."""
    rows = [{"regle": f"une-regle-assez-longue-{rank}", "verdict": "conforme"} for rank in range(3)]
    text = YamlText("# gardé\nreponses:\n  points: []\nautre: 1\n")
    text.append(("reponses", "points"), rows)
    assert text.result() == (
        "# gardé\nreponses:\n  points:\n"
        "    - {regle: une-regle-assez-longue-0, verdict: conforme}\n"
        "    - {regle: une-regle-assez-longue-1, verdict: conforme}\n"
        "    - {regle: une-regle-assez-longue-2, verdict: conforme}\n"
        "autre: 1\n"
    )
    short = YamlText("points: []\n")
    short.append(("points",), [{"regle": "a"}])
    assert short.result() == "points: [{regle: a}]\n"
    flow = YamlText("{points: [], autre: 1}\n")
    flow.append(("points",), rows)
    assert flow.result().startswith("{points: [{regle:")


@pytest.mark.parametrize("text", ["", "# rien encore\n", "etabli: oui\n", "contrats:\n", "contrats: []\n"])
@pytest.mark.parametrize("extent", [None, "complete"])
def test_every_row_is_written_where_the_table_does_not_exist_yet(
    tmp_path: Path, session: Session, text: str, extent: str | None
) -> None:
    """Rows brought to a dossier that has no such table, only comments say, are all written, in their order."""
    shutil.copytree(ROOT / "examples/benjoin", tmp_path / "d")
    text = text.replace("etabli: oui", "contrat_type: {etabli: oui}")
    (tmp_path / "d" / "contrats.yaml").write_text(text, encoding="utf-8")
    rows = [{"ref": f"C-{rank:03d}", "logement": "103"} for rank in range(1, 4)]
    brought = {"contrats": {"contrats": {"etendue": extent, "lignes": rows} if extent else rows}}
    sections = session.schemas.sections
    reference = find_dossiers(tmp_path / "d")[0][0]
    changes = differences(load(reference, session.schemas).data, brought, sections)
    if text == "contrats: []\n" and extent:
        with pytest.raises(InputUnreadableError, match="simple liste"):
            plan(reference, changes, sections)
        return
    for path, content in plan(reference, changes, sections).files.items():
        path.write_text(content, encoding="utf-8", newline="")

    after = load(reference, session.schemas).data
    assert after["contrats"]["contrats"] == brought["contrats"]["contrats"]
    assert differences(after, brought, sections) == []
