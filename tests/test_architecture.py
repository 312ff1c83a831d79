"""What the code is allowed to know: layers, field names, libraries."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = ROOT / "src/rsaudit"
#: Copies of former modules, read by nothing.
FORMER = ("expression/", "source/", "schema.py")
#: What a dossier says of the residence. `reponses`, `derogations` and `controle` are what an auditor says to the
#: engine, which reads them itself.
SECTIONS = ("residence", "batiment", "contrats", "finances", "reglement_interieur", "vie_sociale")
GENERIC = ("engine", "ruleset", "conditions")
#: Words that are also the name of a field, with the reason they may stand in the code.
ALLOWED: dict[str, str] = {
    "etendue": "any table says whether it is whole",
    "effectif_total": "any table says how many rows exist",
    "fichier": "any table may be in a file of its own",
    "composition": "the module that lays a référentiel over its parent",
    "date_etat": "the day of the dossier, printed at the head of every report",
    "gestionnaire": "a word of the auditor’s answers: who gives them",
    "avertissement": "a role and a severity: the notice of a fictional example",
}
OWNERS: dict[str, set[str]] = {
    "yaml": {"loading/yaml_events.py", "amending/editing.py"},
    "openpyxl": {"loading/tables.py", "workbook/archive.py"},
    "xlsxwriter": {
        "output/xlsx.py",
        "output/visit_workbook.py",
        "workbook/writing.py",
        "filings/writing.py",
    },
    "jinja2": {"output/html.py", "output/compiled.py", "output/typesetting.py"},
    "rich": {"output/terminal.py"},
    "jsonschema": {"validation.py"},
    "jsonschema_rs": {"gates.py"},
    "pypdf": {"documents/pdf_process.py"},
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Give each module of the program with its tree."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(FORMER):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Return the libraries a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_layers() -> None:
    """Imports go one way."""
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or shutil.which(
        "lint-imports"
    )
    assert linter is not None, "import-linter is not installed"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout


def test_each_library_has_its_owner() -> None:
    """A library is imported by the module that owns it, and the command line keeps its own."""
    known = (
        set(OWNERS)
        | {"typer", "click", "rsaudit", "_typeshed", "markupsafe", "msgspec"}
        | {"_sha2", "_sha256"}  # of the standard library, one until Python 3.11, the other since
        | sys.stdlib_module_names
    )
    for name, tree in modules():
        used = imported(tree)
        assert used <= known, name
        for library in used & set(OWNERS):
            assert name in OWNERS[library], f"{name} imports {library}"
        if used & {"typer", "click"}:
            assert name.startswith("cli/"), name


def field_names(schema: Any) -> Iterator[str]:
    """Give the names of the fields of a schema."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for child in schema.values():
            yield from field_names(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from field_names(child)


def test_engine_knows_no_field() -> None:
    """No name of a field of the dossier is written in what judges it: référentiels name fields, code does not."""
    names = {
        name
        for section in SECTIONS
        if (path := ROOT / f"schemas/{section}.schema.json").exists()
        for name in field_names(json.loads(path.read_text(encoding="utf-8")))
        if len(name) >= 7
    }
    # The words of the référentiels themselves are no fields of the dossier.
    for grammar in ("regle", "referentiel", "lectures", "parametres", "exigences", "faits"):
        names -= set(field_names(json.loads((ROOT / f"schemas/{grammar}.schema.json").read_text("utf-8"))))
    assert len(names) > 100
    met = []
    for name, tree in modules():
        if name == "cases.py" or name.startswith(tuple(f"{package}/" for package in GENERIC)):
            met += [
                f"{name}:{node.lineno}: {node.value}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and node.value in names and node.value not in ALLOWED
            ]
    assert met == []


def test_plain_audit_loads_nothing_it_does_not_use(tmp_path: Path) -> None:
    """Once the référentiels are in the cache, an audit on a terminal opens no heavy library."""
    code = (
        "import sys; from rsaudit.cli import run;"
        "code = run(['audit', 'examples/benjoin', '--date', '2026-09-30']);"
        "sys.stderr.write(' '.join(sorted(sys.modules))); sys.exit(code)"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=False
        )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.decode().split())
    assert "rsaudit.engine" in loaded
    assert not loaded & {
        "jinja2",
        "openpyxl",
        "xlsxwriter",
        "jsonschema",
        "rich",
        "multiprocessing",
        "zipfile",
        "hashlib",
        "_hashlib",
    }
    # What reads, checks and compiles référentiels stays shut: the rules come ready from the cache.
    making = ("conditions.building", "conditions.datatypes", "conditions.grammar", "conditions.nodes")
    making += ("ruleset.compilation", "ruleset.composition", "ruleset.declarations", "ruleset.reading")
    assert not loaded & {f"rsaudit.{name}" for name in making}
