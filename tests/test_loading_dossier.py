"""Dossiers: found in folders, read with their tables and common blocks, never outside of what was given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from rsaudit.errors import InputUnreadableError
from rsaudit.loading import Dossier, find_dossiers, from_data, inherit, load
from rsaudit.resources import schemas_folder
from rsaudit.validation import load_schemas, violations

SCHEMAS = load_schemas(schemas_folder())
IDENTITY = "format: 1\nterritoire: la_reunion\ncategorie: residence_sociale\n"


def write(folder: Path, **files: str | bytes) -> Path:
    """Write files, « a__b_yaml » for a/b.yaml."""
    for name, content in {"residence_yaml": IDENTITY, **files}.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(path: Path) -> Dossier:
    """Find and load the only dossier of a path."""
    ((reference,), _) = find_dossiers(path)
    return load(reference, SCHEMAS)


def codes(dossier: Dossier) -> list[str]:
    """Return the kinds of errors of a dossier."""
    return [error.code for error in dossier.errors]


def table(name: str) -> str:
    """Write a section whose table is a file."""
    return f"contrats:\n  etendue: complete\n  fichier: {name}\n"


# -- finding ---------------------------------------------------------------------------------------------


def test_any_file_of_a_folder_means_the_dossier(tmp_path: Path) -> None:
    """The folder, its residence.yaml and any other of its files all mean the same dossier."""
    write(tmp_path, contrats_yaml="contrats: []\n")

    for path in (tmp_path, tmp_path / "residence.yaml", tmp_path / "contrats.yaml"):
        assert [one.path for one in find_dossiers(path)[0]] == [tmp_path]


def test_search(tmp_path: Path) -> None:
    """Dossiers are found in order, in folders and single files, hidden folders and links being counted."""
    write(tmp_path / "b")
    write(tmp_path / "a" / "deep")
    write(tmp_path / ".cache")
    write(tmp_path / "communs")
    (tmp_path / "c.yaml").write_text("residence: {format: 1}\n")
    (tmp_path / "notes.yaml").write_text("rien: 1\n")
    (tmp_path / "link").symlink_to(tmp_path / "b")
    found, notices = find_dossiers(tmp_path)

    assert [one.path.relative_to(tmp_path).as_posix() for one in found] == ["a/deep", "b", "c.yaml"]
    assert notices == ["Non suivis\u00a0: 1 lien symbolique et 1 dossier caché."]
    assert not any(one.shown.startswith("/") for one in found)


def test_unreadable_paths(tmp_path: Path) -> None:
    """A path that does not exist, or is a pipe, stops with exit code 3."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "absent", tmp_path / "pipe"):
        with pytest.raises(InputUnreadableError) as caught:
            find_dossiers(path)
        assert caught.value.exit_code == 3


def test_unreadable_folder_is_said_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses is said in French, never in its own words."""

    def refuse(self: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(InputUnreadableError, match="droits insuffisants"):
        find_dossiers(tmp_path)


# -- reading ---------------------------------------------------------------------------------------------


def test_folder_and_single_file_say_the_same(tmp_path: Path) -> None:
    """The same facts in a folder or in one file make the same data."""
    write(tmp_path / "d", contrats_yaml="contrats:\n  - {ref: 12, titulaires: 1}\n")
    single = tmp_path / "d.yaml"
    body = IDENTITY.replace("\n", "\n  ").rstrip()
    single.write_text(f"residence:\n  {body}\ncontrats:\n  contrats:\n    - {{ref: 12, titulaires: 1}}\n")
    one, other = read(tmp_path / "d"), read(single)

    assert one.data == other.data
    assert one.data["contrats"]["contrats"][0]["ref"] == "12"
    assert one.errors == other.errors == []
    assert [one.name, other.name] == ["d", "d"]


def test_unknown_sections(tmp_path: Path) -> None:
    """A section mistyped is an error with the nearest; another YAML file only a warning, and all is judged."""
    write(tmp_path / "a", contrat_yaml="x: 1\n")
    write(
        tmp_path / "b",
        zzzzzz_yaml="x: 1\n",
        contrats_yaml=table("c.csv"),
        c_csv="ref;titulaires\nC-1;1\n",
    )
    (tmp_path / "c.yaml").write_text("residence: {format: 1}\nbatimen: {}\n")
    mistyped, noted, single = read(tmp_path / "a"), read(tmp_path / "b"), read(tmp_path / "c.yaml")

    assert [(error.code, error.severity) for error in mistyped.errors] == [("fichier-inconnu", "erreur")]
    assert "«\u00a0contrats\u00a0»" in mistyped.errors[0].message
    assert [(error.code, error.severity) for error in noted.errors] == [("fichier-inconnu", "avertissement")]
    assert noted.data["contrats"]["contrats"]["lignes"] == [{"ref": "C-1", "titulaires": 1}]
    assert [(error.code, error.line, error.column) for error in single.errors] == [("section-inconnue", 2, 1)]


def test_a_broken_file_does_not_move_the_errors_of_others(tmp_path: Path) -> None:
    """Beside a file that cannot be read, the errors of the others keep their own file and line."""
    rows = "".join(f"  - ref: S-{rank}\n    adresse: x\n" for rank in range(300))
    wrong = "".join(f"  - ref: C-{rank}\n    zzz: 3\n" for rank in range(3))
    write(tmp_path, batiment_yaml=f"a: *x\nsites:\n{rows}", contrats_yaml=f"contrats:\n{wrong}")
    found = violations(read(tmp_path), SCHEMAS)

    assert [(Path(error.file).name, error.line) for error in found] == [
        ("contrats.yaml", 3),
        ("contrats.yaml", 5),
        ("contrats.yaml", 7),
    ]


def test_codes_keep_their_spelling(tmp_path: Path) -> None:
    """A code written as a number is read as it is spelled."""
    write(tmp_path, batiment_yaml="logements:\n  - numero: 1.50\n  - numero: 01000\n  - numero: oui\n")

    rows = read(tmp_path).data["batiment"]["logements"]
    assert [row["numero"] for row in rows] == ["1.50", "01000", "oui"]


# -- tables ----------------------------------------------------------------------------------------------


def test_table_rows_and_places(tmp_path: Path) -> None:
    """The rows of a table file are placed in it, and the file has its fingerprint."""
    write(tmp_path, contrats_yaml=table("c.csv"), c_csv="ref;titulaires\nC-1;1\n")
    dossier = read(tmp_path)
    rows = dossier.data["contrats"]["contrats"]["lignes"]
    position = dossier.locator.position(rows[0], "titulaires")

    assert rows == [{"ref": "C-1", "titulaires": 1}]
    assert position is not None
    assert position.cell == "ligne 2, colonne titulaires"
    assert dossier.locator.path(rows[0], "titulaires") == "contrats.contrats[C-1].titulaires"
    assert {one.role for one in dossier.fingerprints} == {"dossier", "table"}


def test_windows_1252_table_is_judged(tmp_path: Path) -> None:
    """A table in Windows-1252 gives its rows, with a warning."""
    write(tmp_path, contrats_yaml=table("c.csv"), c_csv="ref;titulaires\nC-é;1\n".encode("cp1252"))
    dossier = read(tmp_path)

    assert codes(dossier) == ["windows-1252"]
    assert len(dossier.data["contrats"]["contrats"]["lignes"]) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd", "hors-du-dossier"),
        ("../c.csv", "hors-du-dossier"),
        ("/etc/passwd", "hors-du-dossier"),
        ("a/../../c.csv", "hors-du-dossier"),
        ("'C:\\c.csv'", "hors-du-dossier"),
        ("'..\\c.csv'", "hors-du-dossier"),
        ("'tables\\c.csv'", "separateur"),
        ("c.txt", "table"),
        ("absent.csv", "table-introuvable"),
        ("lien.csv", "lien"),
        ("dossier/c.csv", "lien"),
        ("pipe.csv", "illisible"),
        ("vrai.csv", "illisible"),
        ("a" * 5000 + ".csv", "table-introuvable"),
    ],
)
def test_tables_never_leave_the_dossier(tmp_path: Path, name: str, code: str) -> None:
    """A table above, elsewhere, behind a link, or that is no ordinary file is an error at its own line."""
    outside = write(tmp_path / "outside", c_csv="ref\nC-1\n")
    folder = write(tmp_path / "d", contrats_yaml=table(name))
    (folder / "lien.csv").symlink_to(outside / "c.csv")
    (folder / "dossier").symlink_to(outside)
    (folder / "vrai.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    dossier = read(folder)

    assert codes(dossier) == [code]
    assert len(dossier.errors[0].message) < 300
    if code != "illisible":
        assert (dossier.errors[0].line, dossier.errors[0].column) == (3, 3)


def test_section_behind_a_link(tmp_path: Path) -> None:
    """A section that is a link, even a broken one, is refused and not passed over."""
    folder = write(tmp_path / "d")
    (folder / "contrats.yaml").symlink_to(tmp_path / "absent.yaml")

    assert codes(read(folder)) == ["lien"]


def test_unreadable_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose rights forbid reading is an error of the dossier, in French."""
    write(tmp_path)

    def refuse(path: Path, most: int) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("rsaudit.loading.dossier.ordinary_bytes", refuse)
    dossier = read(tmp_path)

    assert codes(dossier) == ["illisible"]
    assert "droits insuffisants" in dossier.errors[0].message
    assert "denied" not in dossier.errors[0].message


# -- common blocks ---------------------------------------------------------------------------------------


def test_nearest_common_block_and_local_keys(tmp_path: Path) -> None:
    """The nearest communs/ is used, what is written locally wins, and each key is placed where it is written."""
    write(
        tmp_path,
        communs__m_yaml="intitule: bail\n",
        a__communs__m_yaml="intitule: bail\nmentions: {identite: oui, resiliation: non}\n",
        a__r__residence_yaml=IDENTITY,
        a__r__contrats_yaml="contrat_type:\n  commun: m\n  mentions: {resiliation: oui}\n",
        rsaudit_toml="",
    )
    dossier = read(tmp_path / "a" / "r")
    block = dossier.data["contrats"]["contrat_type"]
    places = [
        dossier.locator.position(*one)
        for one in ((block, "intitule"), (block["mentions"], "identite"), (block["mentions"], "resiliation"))
    ]

    assert dossier.errors == []
    assert block == {"intitule": "bail", "mentions": {"identite": True, "resiliation": True}}
    assert [(Path(one.file).name, one.line) for one in places if one] == [
        ("m.yaml", 1),
        ("m.yaml", 2),
        ("contrats.yaml", 3),
    ]


def test_common_block_is_never_outside(tmp_path: Path) -> None:
    """A communs/ above what was given, or behind a link, is not used."""
    write(tmp_path, communs__m_yaml="intitule: bail\n")
    above = write(tmp_path / "a", contrats_yaml="contrat_type: {commun: m}\n")
    linked = write(tmp_path / "b", contrats_yaml="contrat_type: {commun: m}\n")
    (linked / "communs").symlink_to(tmp_path / "communs")

    assert codes(read(above)) == ["commun-introuvable"]
    assert codes(read(linked)) == ["commun-introuvable"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../m", "hors-du-dossier"),
        ("/etc/m", "hors-du-dossier"),
        ("absent", "commun-introuvable"),
        ("chaine", "commun-en-chaine"),
        ("a" * 5000, "commun-introuvable"),
    ],
)
def test_wrong_common_blocks(tmp_path: Path, name: str, code: str) -> None:
    """A common block elsewhere, absent, or that calls another is refused."""
    write(tmp_path, communs__chaine_yaml="commun: m\n", contrats_yaml=f"contrat_type:\n  commun: {name}\n")

    assert codes(read(tmp_path)) == [code]


# -- inheritance -----------------------------------------------------------------------------------------


def inherited(sites: Any, **row: Any) -> dict[str, Any]:
    """Return a dwelling after inheritance."""
    data: dict[str, Any] = {
        "residence": {"categorie": "residence_sociale"},
        "batiment": {"sites": sites, "logements": [{"numero": "1", **row}]},
    }
    inherit(data, SCHEMAS.sections)
    result: dict[str, Any] = data["batiment"]["logements"][0]
    return result


def test_inheritance() -> None:
    """A row takes what it does not say from its only site, its own site or the residence, and keeps what it says."""
    only = {"etendue": "complete", "lignes": [{"ref": "S", "operation": "neuf"}]}
    fjt = {"ref": "F", "categorie": "residence_fjt"}

    assert inherited(only) == {
        "numero": "1",
        "site": "S",
        "operation": "neuf",
        "categorie": "residence_sociale",
    }
    assert inherited(only, operation="ancien")["operation"] == "ancien"
    assert inherited([fjt], site="F")["categorie"] == "residence_fjt"
    assert "categorie" not in inherited([fjt], site="absent")
    assert inherited(None)["categorie"] == "residence_sociale"


def test_a_sample_of_sites_gives_no_site() -> None:
    """The only row of a sample is not the only site."""
    assert "site" not in inherited({"etendue": "echantillon", "lignes": [{"ref": "S"}]})


def test_from_data() -> None:
    """Data already in memory makes a dossier with no position and the same names."""
    dossier = from_data({"contrats": {"contrats": [{"ref": "C-1"}]}}, SCHEMAS, name="x")
    row = dossier.data["contrats"]["contrats"][0]

    assert dossier.locator.path(row, "ref") == "contrats.contrats[C-1].ref"
    assert dossier.locator.position(row, "ref") is None
