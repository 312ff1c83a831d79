"""The valid examples against the published schemas, as a user of check-jsonschema judges them, without our program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from check_jsonschema import main
from click.testing import CliRunner

from rsaudit.resources import schemas_folder

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
#: `invalide` is made of faults.
DOSSIERS = ("benjoin", "benjoin-fautif", "epicea", "foyer-soleil")
FILES = sorted(path for dossier in DOSSIERS for path in (EXAMPLES / dossier).glob("*.yaml"))
SINGLE_FILES = sorted(EXAMPLES.glob("*.yaml"))


def check(schema: Path, *files: Path) -> tuple[int, str]:
    """Run check-jsonschema, and give its exit code and what it says."""
    done = CliRunner().invoke(main, ["--schemafile", str(schema), *map(str, files)])
    return done.exit_code, done.output


def schema_of(section: str) -> Path:
    """Find the published schema of a section."""
    return schemas_folder() / f"{section}.schema.json"


def test_there_are_examples() -> None:
    """Every dossier has sections, and every file of a dossier is a section with a schema."""
    assert {path.parent.name for path in FILES} == set(DOSSIERS)
    assert [path for path in FILES if not schema_of(path.stem).is_file()] == []
    assert len(SINGLE_FILES) == 2


@pytest.mark.parametrize("section", sorted({path.stem for path in FILES}))
def test_sections_are_valid(section: str) -> None:
    """The files of a section, in all the examples, are valid."""
    code, said = check(schema_of(section), *(path for path in FILES if path.stem == section))

    assert code == 0, said


def test_single_files_are_valid(tmp_path: Path) -> None:
    """The sections of the examples written in one file are valid."""
    sections = {path.stem for path in FILES}
    schema = tmp_path / "dossier.schema.json"
    schema.write_text(
        json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "required": ["residence"],
                "properties": {one: {"$ref": schema_of(one).as_uri()} for one in sorted(sections)},
                "additionalProperties": False,
            }
        ),
        encoding="utf-8",
    )
    code, said = check(schema, *SINGLE_FILES)

    assert code == 0, said


def test_a_fault_is_seen() -> None:
    """The schemas are read for good: the example made of faults is refused, section by section."""
    for section in ("residence", "batiment", "contrats"):
        code, said = check(schema_of(section), EXAMPLES / "invalide" / f"{section}.yaml")

        assert code == 1, said
