"""`rsaudit importer` and what it reads: état locatif, files of the State platform, list of conventions."""

from __future__ import annotations

import io
import shutil
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from rsaudit.cli.session import Session
from rsaudit.errors import InputUnreadableError
from rsaudit.intake import Grid, Intake, headed, read_grid, read_map, saved_map, shipped_maps, take
from rsaudit.intake.personal import looks_like_names, sign_of
from rsaudit.loading.yaml_reading import parse_yaml
from rsaudit.persons import Sign

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence
    from pathlib import Path

SECTIONS = Session().schemas.sections
MAPS = {found.id: found for found in shipped_maps(SECTIONS)}
PLATFORM = [
    "Numéro du logement",
    "Type (liste)",
    "Financement",
    "Surface habitable par local (m²)",
    "Redevance maximale par logement prise en compte pour le calcul de l'APL",
]


def book(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """Make a workbook of its sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def taken(folder: Path, content: bytes | str, map_id: str = "etat-locatif", name: str = "t.csv") -> Intake:
    """Read a table with a shipped map."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    columns = MAPS[map_id]
    grid = read_grid(path, (columns.sheet,) if columns.sheet else ())
    return take(headed(grid, columns.known), columns, SECTIONS, {})


def errors(intake: Intake) -> list[tuple[str, str | None]]:
    """Return the kind and the cell of each error, warnings left out."""
    return [(error.code, error.cell) for error in intake.errors if error.severity == "erreur"]


# -- état locatif ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", " "])
def test_french_cells(tmp_path: Path, space: str) -> None:
    """Amounts with any space, units and French dates are read exactly; a blank cell is unknown."""
    found = taken(
        tmp_path,
        f"N° logement;Surface;Type;Date d'entrée;Équivalent loyer;Redevance\n"
        f"101;12,5{space}m²;T1’;01/03/2025;1{space}234,50;450{space}€\n102;;T1 bis;;;\n",
    ).dossiers[""]

    assert found["batiment"]["logements"] == [
        {"numero": "101", "surface_habitable": Decimal("12.5"), "type": "T1'"},
        {"numero": "102", "type": "T1 bis"},
    ]
    assert found["contrats"]["contrats"] == [
        {
            "ref": "C-001",
            "logement": "101",
            "date_effet": "2025-03-01",
            "equivalent_loyer": Decimal("1234.50"),
            "redevance": 450,
        }
    ]


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ("101;T1;1.234;01/03/2025", "Redevance"),
        ("101;T1;450;31/02/2025", "Date d'entrée"),
        ("101;T9;450;01/03/2025", "Type"),
        ("101;T1;quatre cents;01/03/2025", "Redevance"),
        ("Jean Dupont;T1;450;01/03/2025", "N° logement"),
    ],
)
def test_doubtful_cells_are_refused_at_their_place(tmp_path: Path, cells: str, heading: str) -> None:
    """An ambiguous number, a day that does not exist, an unknown word or a name in a code is refused, by cell."""
    found = taken(
        tmp_path, f"N° logement;Type;Redevance;Date d'entrée\n100;T1;400;01/01/2025\n{cells}\n99;;;\n98;;;\n"
    )

    assert errors(found) == [("cellule", f"ligne 3, colonne {heading}")]
    assert not any("Dupont" in error.message for error in found.errors)


def test_windows_1252(tmp_path: Path) -> None:
    """A table in Windows-1252 is read right, with a notice; one in another encoding is refused by cell."""
    text = "N° logement;Type;Réservataire\n101;T1’;Préfecture\n"
    right = taken(tmp_path, text.encode("cp1252"))
    assert right.dossiers[""]["batiment"]["logements"][0]["reservataire"] == "prefet"
    assert [error.code for error in right.errors] == ["windows-1252"]
    mac = b"N logement;Type;R\x8eservataire\n101;T1;Pr\x8efecture\n"
    wrong = taken(tmp_path, mac.replace(b"R\x8eservataire", b"Contingent"))
    assert errors(wrong) == [("cellule", "ligne 2, colonne Contingent")]


def test_columns_unknown_missing_double(tmp_path: Path) -> None:
    """An unknown column is told and left; a missing or double one stops."""
    unknown = taken(tmp_path, "N° logement;Couleur\n101;bleu\n")
    assert [(error.code, error.severity) for error in unknown.errors] == [
        ("colonne-inconnue", "avertissement")
    ]
    assert "Couleur" in unknown.errors[0].message
    assert errors(taken(tmp_path, "Type;Redevance\nT1;400\n"))[0][0] == "colonne-absente"
    assert errors(taken(tmp_path, "N° logement;Lot\n101;101\n"))[0][0] == "colonne-en-double"


@pytest.mark.parametrize(
    "above", ["", "ÉTAT LOCATIF\n", "ÉTAT LOCATIF;;\nRésidence Les Jamroses;;30/09/2026\n\n"]
)
@pytest.mark.parametrize("total", ["TOTAL;;900", ";Sous-total étage 1;900", "Total général : 2 lots;;900"])
def test_a_printed_table_has_a_title_and_totals(tmp_path: Path, above: str, total: str) -> None:
    """What stands above the headings is passed over and told; a row of totals is no dwelling, and told."""
    found = taken(tmp_path, f"{above}Lot;Type;Redevance\nT-1;T1;450\n2;T1;450\n{total}\n")

    assert [row["numero"] for row in found.dossiers[""]["batiment"]["logements"]] == ["T-1", "2"]
    assert errors(found) == []
    assert [error.code for error in found.errors] == (["lignes-au-dessus"] if above else [])
    assert [notice for notice in found.notices if "total" in notice] != []


@pytest.mark.parametrize("word", ["Libre", "Vacant", "Travaux"])
def test_a_vacant_dwelling_has_no_contract(tmp_path: Path, word: str) -> None:
    """A redevance printed for a vacant dwelling makes no contract, and it is told; for an occupied one it does."""
    found = taken(tmp_path, f"Lot;Situation;Redevance\n1;{word};450\n2;Occupé;450\n")

    data = found.dossiers[""]
    assert [row["numero"] for row in data["batiment"]["logements"]] == ["1", "2"]
    assert [row["logement"] for row in data["contrats"]["contrats"]] == ["2"]
    assert sum("contrats.contrats" in notice for notice in found.notices) == 1


AMOUNTS = "Équivalent loyer;Équivalent charges;Prestations;Redevance;APL;Dépôt;Impayé;Sortie"


@pytest.mark.parametrize(
    ("heading", "empty"),
    [
        ("Entrée", ""),
        ("N° contrat", "-"),
        ("Réf. occupant", "VACANT"),
        ("Nb occupants", "0"),
        ("Résident", ""),
        ("Résident", "Vacant depuis mars"),
        ("Résident", "Néant"),
        ("Situation", ""),
        ("Référent", "Mme Payet"),
    ],
)
def test_amounts_alone_make_no_contract(tmp_path: Path, heading: str, empty: str) -> None:
    """A row that shows amounts and nobody gives its dwelling only; how many were so is told, and where."""
    amounts = "310;90;23;423;0;423;120;31/01/2026"
    found = taken(tmp_path, f"Lot;{heading};{AMOUNTS}\n1;{empty};{amounts}\n2;{empty};{amounts}\n")

    assert errors(found) == []
    assert found.dossiers[""] == {"batiment": {"logements": [{"numero": "1"}, {"numero": "2"}]}}
    (notice,) = [notice for notice in found.notices if "ni occupant ni contrat" in notice]
    assert "2\u00a0lignes" in notice
    assert "(lignes 2, 3)" in notice


@pytest.mark.parametrize(
    ("heading", "filled"),
    [
        ("Entrée", "01/03/2025"),
        ("Entrée dans la résidence", "01/03/2025"),
        ("Signé le", "01/03/2025"),
        ("N° contrat", "C-7"),
        ("Nb occupants", "1"),
        ("Titulaires", "1"),
        ("APL", "250"),
        ("Origine", "Direct"),
        ("Résident", "Payet"),
        ("N° CAF", "1234567"),
        ("Situation", "Loué"),
    ],
)
def test_what_shows_an_occupant_makes_a_contract(tmp_path: Path, heading: str, filled: str) -> None:
    """One sign of an occupant is enough, a column of names that is dropped included; nothing of it is repeated."""
    found = taken(tmp_path, f"Lot;{heading};Redevance\n1;{filled};450\n2;;450\n")

    assert [row["logement"] for row in found.dossiers[""]["contrats"]["contrats"]] == ["1"]
    assert "Payet" not in str(found)
    assert sum("1\u00a0ligne ne montre" in notice for notice in found.notices) == 1


def test_rows_that_disagree(tmp_path: Path) -> None:
    """A dwelling said twice in the same words is one; said in two ways, it is refused."""
    same = taken(tmp_path, "Logement;Type;Entrée\n1;T1;01/01/2020\n1;T1;01/01/2024\n").dossiers[""]
    assert (len(same["batiment"]["logements"]), len(same["contrats"]["contrats"])) == (1, 2)
    assert errors(taken(tmp_path, "Logement;Type\n1;T1\n1;T2\n"))[0][0] == "ligne-en-double"


PERSONAL = {
    "Nom": "HOARAU",
    "Prénom": "Marie",
    "Occupant": "Payet",
    "Né le": "12/05/1990",
    "Date de naissance": "12/05/1990",
    "Tél.": "0692 12 34 56",
    "Courriel": "a@b.fr",
    "N° sécurité sociale": "1 90 05 97 411 123 45",
    "Nationalité": "x",
    # By what they hold, whatever their heading.
    "Colonne A": "Jean Dupont",
    "Colonne B": "jean.dupont@exemple.fr",
    "Colonne C": "+262 692 12 34 56",
    "Colonne D": "190059741112345",
    "Colonne E": "14/07/1985",
    "Référence occupant": "DUPONT",
}


@pytest.mark.parametrize(("heading", "value"), PERSONAL.items())
def test_personal_columns_are_dropped_and_told(tmp_path: Path, heading: str, value: str) -> None:
    """A column that tells who a person is, by its heading or its content, is dropped, told, and repeated nowhere."""
    found = taken(tmp_path, f"N° logement;{heading};Redevance\n101;{value};400\n")

    assert errors(found) == []
    (notice,) = found.notices
    assert heading in notice
    assert value not in str(found.dossiers) + notice + str([error.message for error in found.errors])
    assert found.dossiers[""]["contrats"]["contrats"][0]["ref"] == "C-001"


def test_impersonal_columns_are_kept() -> None:
    """Columns that only resemble personal ones are not dropped."""
    assert sign_of("Nom de la résidence", ["Le Benjoin"], (), mapped=False) is None
    assert sign_of("Date d'entrée", ["12/05/1990"], (), mapped=True) is None
    assert sign_of("Date de travaux", ["12/05/2021", "01/03/2024"], (), mapped=False) is None
    assert sign_of("X", [date(1980, 1, 1)], (), mapped=False) is Sign.BIRTH
    assert not looks_like_names(["C-014", "C-015"])
    assert looks_like_names(["HOARAU", "Payet", "C-1"])


def test_references_are_kept_from_one_import_to_the_next(tmp_path: Path) -> None:
    """A contract known by its dwelling and its date keeps its code; a new one takes the next free code."""
    path = tmp_path / "t.csv"
    path.write_text("Logement;Entrée;Nom\n2;01/01/2020;B\n1;02/02/2021;A\n", encoding="utf-8")
    existing = {"contrats": {"contrats": [{"ref": "C-001", "logement": "1", "date_effet": "2021-02-02"}]}}
    rows = take(read_grid(path, ()), MAPS["etat-locatif"], SECTIONS, {"": existing}).dossiers[""]["contrats"][
        "contrats"
    ]

    assert {row["logement"]: row["ref"] for row in rows} == {"1": "C-001", "2": "C-002"}


def test_workbook_cells(tmp_path: Path) -> None:
    """Numbers, dates and texts of a workbook are read for what they are; a failed formula is refused by cell."""
    rows = [
        ["Logement", "Type", "Redevance", "Entrée"],
        [101, "T1'", 450.1, datetime(2025, 3, 1)],
        ["102", "T2", "#N/A", datetime(2025, 4, 1)],
    ]
    found = taken(tmp_path, book({"Feuil1": rows}), name="t.xlsx")

    assert errors(found) == [("cellule", "feuille Feuil1, cellule C3")]
    rows[2][2] = "1 234,50"
    found = taken(tmp_path, book({"Feuil1": rows}), name="t.xlsx")
    assert [row.get("redevance") for row in found.dossiers[""]["contrats"]["contrats"]] == [
        Decimal("450.1"),
        Decimal("1234.5"),
    ]


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=4))
def test_any_cells(rows: list[list[str]]) -> None:
    """Whatever the cells hold, they are read or refused, and what is refused has a place."""
    grid = Grid(
        file="t",
        sheet=None,
        line=1,
        headings=("Logement", "Redevance", "Entrée"),
        rows=tuple(
            (n, tuple(cell if cell.strip() else None for cell in row)) for n, row in enumerate(rows, 2)
        ),
    )
    for error in take(grid, MAPS["etat-locatif"], SECTIONS, {}).errors:
        assert error.cell or error.code in {"table-vide", "ligne-en-double"}


# -- the State platform ----------------------------------------------------------------------------------


def test_platform_dwellings(tmp_path: Path) -> None:
    """The platform's file is read on its sheet, from row 3 or from the one cell Data!E2 says; loans keep their maximum."""
    rows = [
        PLATFORM,
        ["exemple", "T1", "PLUS", 10, 1],
        ["101", "T1'", "LLTS", 20.4, 452.18],
        ["102", "T1'", "LLTS", 20.4, 452.18],
        ["103", "T1 bis", "PLS_DOM", "30,5 m²", 501.19],
    ]
    found = taken(
        tmp_path, book({"Autre": [["x"]], "Logements": rows}), "plateforme-logements", "t.xlsx"
    ).dossiers[""]
    assert [row["numero"] for row in found["batiment"]["logements"]] == ["101", "102", "103"]
    assert [(row["ref"], row["type"], row["montant"]) for row in found["finances"]["plafonds_redevance"]] == [
        ("PL-001", "T1'", Decimal("452.18")),
        ("PL-002", "T1 bis", Decimal("501.19")),
    ]
    data = [[None] * 5, [None, None, None, None, 2]]
    moved = taken(
        tmp_path, book({"Logements": rows, "Data": data}), "plateforme-logements", "t.xlsx"
    ).dossiers[""]
    assert moved["batiment"]["logements"][0]["numero"] == "exemple"


def test_platform_rooms(tmp_path: Path) -> None:
    """Collective rooms are read with their area and number, under references of our own."""
    rows = [["Type de local", "Surface habitable", "Nombre"], [], ["Laverie", 18.4, 1], ["Salle", 20, 2]]
    found = taken(
        tmp_path, book({"Locaux Collectifs": rows}), "plateforme-locaux-collectifs", "t.xlsx"
    ).dossiers[""]

    assert found["batiment"]["locaux_collectifs"] == [
        {"ref": "LC-001", "designation": "Laverie", "surface": Decimal("18.4"), "nombre": 1},
        {"ref": "LC-002", "designation": "Salle", "surface": 20, "nombre": 2},
    ]


CONVENTIONS = (
    "N° opération SIAP;N° convention;N° avenant;Statut;Commune;Code postal;Code INSEE;Nom opération;Instructeur;"
    "Type de financement;Nb logements;Nature de l'opération;Adresse;Raison sociale bailleur;SIRET bailleur;"
    "Date de signature;Montant loyer au m2;Livraison;Date de fin de conventionnement\n"
    "20221;974-1;;5. Signée;Saint-Paul;97460;97415;Les Filaos;Marie Payet;LLTS;20;RESISDENCESOCIALE;1 rue X;"
    "Bailleur Y;12345678900012;01/02/2023;;;31/12/2040\n"
    "20222;974-2;;5. Signée;Saint-Denis;97400;97411;Villa Z;Marie Payet;PLUS;5;LOGEMENTSORDINAIRES;2 rue X;Y;;;;;\n"
    "20223;974-3;;5. Signée;Saint-Denis;97400;97411;Le Lagon;Marie Payet;PLAI;8;PENSIONSDEFAMILLE;3 rue X;Y;;;;;\n"
)


def test_conventions_begin_a_portfolio(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """The 19-column export gives one dossier a residence; ordinary housing is passed over, the instructor is not taken."""
    (tmp_path / "c.csv").write_text(CONVENTIONS, encoding="utf-8-sig")
    done = program("importer", str(tmp_path / "c.csv"), "-o", str(tmp_path / "parc"))

    assert done.returncode == 0, done.stderr.decode()
    assert sorted(path.name for path in (tmp_path / "parc").iterdir()) == [
        "le-lagon-20223",
        "les-filaos-20221",
    ]
    text = (tmp_path / "parc/les-filaos-20221/residence.yaml").read_text(encoding="utf-8")
    data = parse_yaml(text.encode(), "r").data
    assert (data["categorie"], data["commune"]) == ("residence_sociale", "Saint-Paul")
    assert data["conventions_apl"][0]["date_fin"] == "2040-12-31"
    assert "Payet" not in text + done.stderr.decode() + done.stdout.decode()
    assert "1\u00a0ligne laissée" in done.stderr.decode()


# -- maps ------------------------------------------------------------------------------------------------


def test_a_map_is_written_completed_and_used(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """`--correspondance` writes what it recognised; once completed, it is used; a trial writes neither."""
    table, columns, target = tmp_path / "e.csv", tmp_path / "carte.yaml", tmp_path / "d"
    table.write_text("Appt;Loyer CC;Nom\n101;450;X\n", encoding="utf-8")
    arguments = ["importer", str(table), "-o", str(target), "--correspondance", str(columns)]
    assert program(*arguments, "--essai").returncode == 3
    assert not columns.exists()
    assert program(*arguments).returncode == 3
    text = columns.read_text(encoding="utf-8")
    assert "titres: [Appt]" in text
    assert "laisser: oui" in text
    completed = text.replace(
        "{titres: [Appt]}", "{titres: [Appt], champ: batiment.logements.numero}"
    ).replace("{titres: [Loyer CC]}", "{titres: [Loyer CC], champ: contrats.contrats.redevance}")
    columns.write_text(
        completed + "constantes:\n- {champ: contrats.contrats.statut, valeur: en_cours}\n", encoding="utf-8"
    )
    done = program(*arguments)
    assert done.returncode == 0, done.stderr.decode()
    contracts = parse_yaml((target / "contrats.yaml").read_bytes(), "c").data["contrats"]
    assert contracts == [{"ref": "C-001", "logement": "101", "statut": "en_cours", "redevance": 450}]
    assert columns.read_text(encoding="utf-8").startswith(completed[:40])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titre: x\n", "obligatoire"),
        ("titre: x\ntables: [{chemin: a}]\ncolonnes: [{titres: [a], champ: a.b}]\n", "n’est pas un champ"),
        ("titre: x\nparent: y\ntables: [{chemin: a}]\ncolonnes: [{titres: [a]}]\n", "aucune correspondance"),
        ("titre: [", "m.yaml:1"),
    ],
)
def test_a_broken_map_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A map that is not one, or names what does not exist, is refused with its file."""
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputUnreadableError) as caught:
        read_map(tmp_path / "m.yaml", SECTIONS)
    assert said in str(caught.value)


def test_a_saved_map_reads_as_the_shipped_one(tmp_path: Path) -> None:
    """What a map saved from a table gives is what the table gave."""
    from rsaudit.amending.rendering import render

    path = tmp_path / "t.csv"
    path.write_text("N° logement;Type;Redevance;Nom\n101;T1;450;X\n", encoding="utf-8")
    grid = read_grid(path, ())
    (tmp_path / "m.yaml").write_text(render(saved_map(grid, MAPS["etat-locatif"])), encoding="utf-8")
    saved = take(grid, read_map(tmp_path / "m.yaml", SECTIONS), SECTIONS, {})

    assert saved.dossiers == take(grid, MAPS["etat-locatif"], SECTIONS, {}).dossiers


# -- into a dossier that exists --------------------------------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Copy an example to import into."""
    return shutil.copytree(ROOT / "examples/benjoin", tmp_path / "benjoin")


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_differences_are_told_and_nothing_is_replaced_unasked(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path, dossier: Path
) -> None:
    """A trial and a refusal leave every byte; `--remplacer` changes the cells concerned and keeps comments."""
    table = tmp_path / "e.csv"
    table.write_text("N° logement;Surface;Type\n101;99,5;T1'\n", encoding="utf-8")
    before = contents(dossier)
    arguments = ["importer", str(table), "-o", str(dossier)]
    trial = program(*arguments, "--essai")
    assert (trial.returncode, contents(dossier)) == (0, before)
    assert "batiment.logements[101].surface_habitable" in trial.stdout.decode()
    refused = program(*arguments)
    assert (refused.returncode, contents(dossier)) == (3, before)
    assert "--remplacer" in refused.stderr.decode()
    done = program(*arguments, "--remplacer")
    assert done.returncode == 0
    after = contents(dossier)
    assert [name for name in before if after[name] != before[name]] == ["logements.csv"]
    changed = [
        line
        for line, old in zip(
            after["logements.csv"].splitlines(), before["logements.csv"].splitlines(), strict=True
        )
        if line != old
    ]
    assert len(changed) == 1
    assert b"99,5" in changed[0]
    assert "Rien de nouveau" in program(*arguments).stdout.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"a;b\n1;2\n", "table reconnue"),
        ("t.csv", b"", "vide"),
        ("t.pdf", b"%PDF", "t.pdf"),
        ("t.xlsx", b"PK", "t.xlsx"),
        ("t.csv", b"N logement\n\x81\n", "81"),
    ],
)
def test_files_that_are_no_table(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
    tmp_path: Path,
    name: str,
    content: bytes,
    said: str,
) -> None:
    """What is no table is refused in French with code 3, and nothing is written."""
    (tmp_path / name).write_bytes(content)
    done = program("importer", str(tmp_path / name), "-o", str(tmp_path / "d"))

    assert (done.returncode, done.stdout) == (3, b"")
    assert said in done.stderr.decode()
    assert not (tmp_path / "d").exists()
