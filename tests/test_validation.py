"""Schema violations: what is said of each, all at once, without showing what must not be shown."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rsaudit.errors import InputUnreadableError, RsauditError
from rsaudit.loading import find_dossiers, from_data, load
from rsaudit.resources import schemas_folder
from rsaudit.shapes import resolve
from rsaudit.validation import load_schemas, violations
from rsaudit.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rsaudit.model import InputError

SCHEMAS = load_schemas(schemas_folder())
IDENTITY = {"format": 1, "territoire": "la_reunion", "categorie": "residence_sociale"}


def found(**sections: Any) -> list[InputError]:
    """Return what is wrong with sections, beside a right identity."""
    return violations(from_data({"residence": dict(IDENTITY), **sections}, SCHEMAS, name="x"), SCHEMAS)


def told(**sections: Any) -> str:
    """Return the only message, with plain spaces."""
    (error,) = found(**sections)
    return error.message.replace("\u00a0", " ").replace("\u202f", " ")


def contract(**fields: Any) -> dict[str, Any]:
    """Make a section of one contract."""
    return {"contrats": [{"ref": "C-1", **fields}]}


def test_a_right_dossier() -> None:
    """A dossier that breaks nothing has no error, and a null value is only unknown."""
    assert found() == []
    assert found(contrats=contract(titulaires=None, logement=None)) == []


def test_nothing_in_a_list_of_texts_is_no_text(tmp_path: Path) -> None:
    """A null member of a list is refused as such; it never becomes the text that stands for it in the file."""
    path = tmp_path / "d.yaml"
    head = "\n".join(f"  {key}: {value}" for key, value in IDENTITY.items())
    agreement = "  agrements:\n  - {ref: A-1, nature: ilgls, territoires: ['974', null, ~]}"
    path.write_text(f"residence:\n{head}\n{agreement}\n", encoding="utf-8")
    (reference,), _ = find_dossiers(path)

    dossier = load(reference, SCHEMAS)

    assert dossier.data["residence"]["agrements"][0]["territoires"] == ["974", None, None]
    assert [(error.line, error.found, error.expected) for error in violations(dossier, SCHEMAS)] == [
        (6, "une valeur vide", "écrire un texte")
    ] * 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"titulaire": 1},
            "contrats.contrats[C-1].titulaire : clé inconnue ; la plus proche est « titulaires ».",
        ),
        ({"titulaires": "deux"}, "trouvé « deux » ; écrire un nombre entier."),
        ({"titulaires": 1.5}, "écrire un nombre entier."),
        ({"titulaires": -1}, "trouvé -1 ; la valeur est d’au moins 0."),
        ({"titulaires": [1]}, "trouvé une liste ; écrire un nombre entier."),
        ({"statut": "en_cour"}, "(le plus proche est « en_cours »)"),
        ({"statut": "zzz"}, "l’un des mots en_cours, termine."),
        ({"entree_residence": "2026-02-30"}, "trouvé « 2026-02-30 » ; écrire un jour qui existe"),
        ({"entree_residence": "hier"}, "une date"),
        ({"source": {"piece": "P-1", "pages": 3}}, "la plus proche est « page »"),
        ({"source": "P-1"}, "contrats.contrats[C-1].source : trouvé « P-1 » ; écrire un bloc de clés."),
    ],
)
def test_messages(fields: dict[str, Any], message: str) -> None:
    """Each violation says where, what was found and what to write."""
    assert message in told(contrats=contract(**fields))


def test_decimals() -> None:
    """An amount with more decimals than its unit has is refused, exactly."""
    assert "trouvé 300.125 ; au plus 2 décimales." in told(
        contrats=contract(depot_garantie=Decimal("300.125"))
    )
    assert found(contrats=contract(depot_garantie=Decimal("300.10"))) == []


@pytest.mark.parametrize("key", ["nom", "prenom", "date_naissance", "nationalite", "numero_nir", "sante"])
def test_personal_data(key: str) -> None:
    """A key that would hold the identity of a person is refused for what it is, its value not shown."""
    message = told(contrats=contract(**{key: "Untel"}))

    assert "ôter cette clé" in message
    assert "Untel" not in message


def test_required() -> None:
    """A missing field is placed where its object is, and a missing section is named."""
    assert "contrats.contrats[1].ref : cette clé est obligatoire." in told(
        contrats={"contrats": [{"titulaires": 1}]}
    )
    (absent,) = violations(from_data({}, SCHEMAS, name="x"), SCHEMAS)
    assert absent.code == "section-absente"


def test_partial_asks_nothing_of_what_is_absent() -> None:
    """A partial dossier may lack what is required and what is referred to, not break the rest."""
    data = {"contrats": {"contrats": [{"logement": "9", "statut": "zzz"}]}, "batiment": {"logements": []}}
    dossier = from_data(data, SCHEMAS, name="x")

    assert [error.code for error in violations(dossier, SCHEMAS, partial=True)] == ["mot"]


def test_union_says_its_branch() -> None:
    """In a field of several shapes, the error is of the shape that was meant."""
    assert "contrats.contrats : trouvé 3 ; écrire une liste ou un bloc de clés." in told(
        contrats={"contrats": 3}
    )
    rows = {"etendue": "complete", "lignes": [], "fichie": "x"}
    assert "contrats.contrats.fichie : clé inconnue" in told(contrats={"contrats": rows})


def test_duplicate_identifier() -> None:
    """An identifier used twice names the first."""
    rows = [{"ref": "C-1"}, {"ref": "C-2"}, {"ref": "C-1"}]

    assert "l’identifiant « C-1 » sert déjà, à l’élément n° 1" in told(contrats={"contrats": rows})


def test_compound_identifier() -> None:
    """Rows named by two fields are the same only when both are."""
    rows = [
        {"logement": "1", "date": "2026-01-01"},
        {"logement": "1", "date": "2026-01-02"},
        {"logement": "1", "date": "2026-01-01"},
    ]
    paths = Vocabulary(SCHEMAS.sections).paths()
    name = next(path.split(".", 1)[1] for path in paths if len(SCHEMAS.identifiers(path)) == 2)
    errors = found(batiment={name: rows})

    assert [error.code for error in errors].count("identifiant-en-double") == 1


def test_what_rows_are_called_by() -> None:
    """The rows of a list, whole or within another, have the fields that their schema names; nothing else has any."""
    assert SCHEMAS.identifiers("contrats.contrats") == ("ref",)
    assert SCHEMAS.identifiers("residence.pieces") == ("ref",)
    assert SCHEMAS.identifiers("residence.gestionnaire") == ()
    for path in ("", "inconnue", "residence", "residence.nom", "residence.nom.inconnu", "inconnue.contrats"):
        assert SCHEMAS.identifiers(path) == ()


def test_unknown_reference() -> None:
    """A reference to nothing suggests the nearest, and how to add a dwelling outside the convention."""
    message = told(batiment={"logements": [{"numero": "A-101"}]}, contrats=contract(logement="A-102"))

    assert "« A-102 » ne se trouve pas dans batiment.logements. Le plus proche est « A-101 »." in message
    assert "hors_convention: oui" in message


def test_references_that_cannot_be_judged() -> None:
    """A reference to an absent table or to a sample is not an error, nor one that differs by its case only."""
    sample = {"logements": {"etendue": "echantillon", "lignes": [{"numero": "A-101"}]}}

    assert found(contrats=contract(logement="A-102")) == []
    assert found(batiment=sample, contrats=contract(logement="A-102")) == []
    assert found(batiment={"logements": [{"numero": "A-101"}]}, contrats=contract(logement="a-101")) == []


@pytest.mark.parametrize(
    ("extent", "total", "message"),
    [
        ("complete", 1, "plus petit que le nombre de lignes (2)"),
        ("echantillon", 1, "plus petit que le nombre de lignes (2)"),
        ("complete", 3, "dite complète pour 3, mais elle a 2 lignes"),
        ("echantillon", 3, None),
        ("complete", 2, None),
    ],
)
def test_totals(extent: str, total: int, message: str | None) -> None:
    """A total agrees with the rows of its table."""
    table = {"etendue": extent, "effectif_total": total, "lignes": [{"ref": "A"}, {"ref": "B"}]}

    if message is None:
        assert found(contrats={"contrats": table}) == []
    else:
        assert message in told(contrats={"contrats": table})


def test_long_and_free_texts_are_not_shown() -> None:
    """A long text, or one in a field of free text, is told by its size only."""
    long = "secret " * 10
    errors = violations(
        from_data({"residence": {**IDENTITY, "avertissement": ""}}, SCHEMAS, name="x"), SCHEMAS
    )

    assert "un texte de 70 caractères" in told(contrats=contract(statut=long))
    assert "secret" not in told(contrats=contract(statut=long))
    assert "un texte de 0 caractère" in errors[0].message.replace("\u00a0", " ")


def test_a_section_that_is_no_block(tmp_path: Path) -> None:
    """A section that is a value or a list is told at its line, by its name, and each only once."""
    path = tmp_path / "x.yaml"
    path.write_text("batiment: 12\nresidence: bonjour\ncontrats: []\n")
    dossier = load(find_dossiers(path)[0][0], SCHEMAS)
    errors = violations(dossier, SCHEMAS)

    assert [(error.line, error.column) for error in errors] == [(1, 1), (2, 1), (3, 1)]
    assert [error.message.split(" : ")[0] for error in errors] == ["batiment", "residence", "contrats"]


def test_all_errors_at_once_in_order(tmp_path: Path) -> None:
    """Every violation of every file is told at once, sorted by file, line and column."""
    (tmp_path / "residence.yaml").write_text("format: 2\nterritoire: lune\ncategorie: residence_sociale\n")
    (tmp_path / "contrats.yaml").write_text(
        "contrats:\n  - {zzz: 1, titulaires: -1}\n  - {ref: A, statut: x}\n"
    )
    errors = violations(load(find_dossiers(tmp_path)[0][0], SCHEMAS), SCHEMAS)

    assert [(error.file.rsplit("/", 1)[-1], error.line, error.column, error.code) for error in errors] == [
        ("contrats.yaml", 2, 5, "obligatoire"),
        ("contrats.yaml", 2, 6, "cle-inconnue"),
        ("contrats.yaml", 2, 14, "borne"),
        ("contrats.yaml", 3, 14, "mot"),
        ("residence.yaml", 1, 1, "mot"),
        ("residence.yaml", 2, 1, "mot"),
    ]


def test_a_warning_does_not_hide_an_absent_section(tmp_path: Path) -> None:
    """A dossier with a warning only is still asked for its required sections."""
    path = tmp_path / "x.yaml"
    path.write_text("contrats:\n  contrats: {etendue: complete, fichier: c.csv}\n")
    (tmp_path / "c.csv").write_bytes("ref\nC-é\n".encode("cp1252"))
    dossier = load(find_dossiers(path)[0][0], SCHEMAS)

    assert [error.severity for error in dossier.errors] == ["avertissement"]
    assert "section-absente" in [error.code for error in violations(dossier, SCHEMAS)]


def test_validators_that_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the fast validator says invalid and the judge finds nothing, the dossier is not judged: exit code 5."""

    class Never:
        def is_valid(self, data: Any) -> bool:
            return False

    monkeypatch.setattr("rsaudit.validation.Schemas.gate", lambda self, name: Never())
    with pytest.raises(RsauditError) as caught:
        found()

    assert caught.value.exit_code == 5
    assert "se contredisent" in caught.value.message


# -- what an error may show ------------------------------------------------------------------------------


def leaves(schema: Any, root: Any, make: Any, path: str) -> Iterator[tuple[str, bool, Any]]:
    """Yield every field of a section: its path, whether its text is free, and how to make data that hold it."""
    for name, prop in (schema.get("properties") or {}).items():
        shape = resolve(prop, root)
        branches = [resolve(branch, root) for branch in shape.get("anyOf") or (shape,)]

        def here(value: Any, name: str = name, make: Any = make) -> Any:
            return make({name: value})

        yield f"{path}.{name}", any(one.get("x-libre") for one in (shape, *branches)), here
        for branch in branches:
            if branch.get("type") == "object":
                yield from leaves(branch, root, here, f"{path}.{name}")
            item = resolve(branch.get("items") or {}, root)
            if item.get("type") == "object":
                yield from leaves(item, root, lambda row, here=here: here([row]), f"{path}.{name}[]")


MARK = "secretX"


@pytest.mark.parametrize("section", list(SCHEMAS.sections))
def test_no_error_tells_what_it_should_not(section: str) -> None:
    """Whatever is wrong in whatever field, no long value, and no value at all of a free text, is repeated."""
    told: dict[str, int] = {}
    schema = SCHEMAS.sections[section]
    for path, free, make in leaves(schema, schema, lambda data: data, section):
        wrong: list[Any] = [MARK * 6, MARK * 60, [MARK * 6], {MARK * 6: MARK * 6}]
        for value in [*wrong, MARK] if free else wrong:
            data = {"residence": dict(IDENTITY)}
            data[section] = {**data.get(section, {}), **make(value)}
            errors = violations(from_data(data, SCHEMAS, name="x"), SCHEMAS)
            told[path] = told.get(path, 0) + len(errors)
            for error in errors:
                words = [error.message, error.found or "", error.expected or ""]
                assert all(MARK * 5 not in text for text in words), (path, error.message)
                assert not free or isinstance(value, dict) or MARK not in "".join(words), path

    assert all(told.values())


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"type": "\xff"}'])
def test_a_schema_that_cannot_be_read(tmp_path: Path, text: bytes) -> None:
    """A schema is read when first asked for; one that is no schema is named, and the others serve all the same."""
    (tmp_path / "residence.schema.json").write_bytes(text)
    (tmp_path / "contrats.schema.json").write_bytes(b'{"maximum": 0.1}')
    schemas = load_schemas(tmp_path)
    assert list(schemas.sections) == ["residence", "contrats"]
    assert schemas.sections["contrats"] == {"maximum": Decimal("0.1")}
    with pytest.raises(InputUnreadableError, match=r"residence\.schema\.json"):
        schemas.sections["residence"]


def test_the_digest_of_the_schemas(tmp_path: Path) -> None:
    """Any change of a schema, or of its name, changes the digest."""
    digests = set()
    for name, text in [("a", b"{}"), ("a", b"{ }"), ("b", b"{}"), ("a", b"")]:
        (tmp_path / f"{name}.schema.json").write_bytes(text)
        digests.add(load_schemas(tmp_path).digest)
        (tmp_path / f"{name}.schema.json").unlink()
    assert len(digests) == 4
