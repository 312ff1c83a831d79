"""The other programs, on the same files: a YAML parser alone, two checkers, a rules engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rsaudit import resources

HERE = Path(__file__).resolve().parent
SECTIONS = ("residence", "batiment", "contrats", "reglement_interieur", "finances", "vie_sociale")
#: Twenty rules on one contract at a time, that both programs can hold: rule of ours → (JSONPath, JavaScript test).
BARE_LOAD = (
    "import sys, yaml\n"
    "from pathlib import Path\n"
    "for name in sys.argv[1:]:\n"
    "    for path in sorted(Path(name).rglob('*.yaml')) if Path(name).is_dir() else [Path(name)]:\n"
    "        yaml.load(path.read_text(encoding='utf-8'), Loader=yaml.CSafeLoader)\n"
)


def bare_load(*paths: Path) -> list[str]:
    """Return the command that only loads YAML files with libyaml: the yardstick."""
    return [sys.executable, "-c", BARE_LOAD, *map(str, paths)]


def program(name: str) -> str:
    """Return a Python program installed beside this interpreter, or found on the path."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} manque : « make bench » l’installe dans son environnement.")
    return found


def one_schema(folder: Path) -> Path:
    """Write the schemas of the sections as the schema of one file that holds them all."""
    properties, definitions = {}, {}
    for section in SECTIONS:
        schema = json.loads(
            (resources.schemas_folder() / f"{section}.schema.json").read_text(encoding="utf-8")
        )
        definitions[section] = schema
        properties[section] = {"$ref": schema["$id"]}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "$defs": definitions,
    }
    path = folder / "dossier.schema.json"
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


def check_jsonschema(schema: Path, files: list[Path]) -> list[str]:
    """Return the command that checks files against the one schema."""
    return [program("check-jsonschema"), "--schemafile", str(schema), *map(str, files)]


def yamllint(files: list[Path]) -> list[str]:
    """Return the command that lints files, its default rules but the length of lines."""
    return [program("yamllint"), "-d", "{extends: default, rules: {line-length: disable}}", *map(str, files)]


def spectral(files: str, *, format_: str = "text") -> list[str]:
    """Return the command that plays the twenty rules on the files of a pattern."""
    home = Path(os.environ.get("BENCH_NODE", HERE / "node_modules"))
    command = home / ".bin" / "spectral"
    if not command.exists():
        raise SystemExit("spectral manque : « make bench » l’installe par npm.")
    return [str(command), "lint", files, "--ruleset", str(HERE / "vingt-regles.js"), "--format", format_]


def spectral_findings(files: str, folder: Path) -> dict[str, int]:
    """Return how many times each of the twenty rules fires, by spectral."""
    target = folder / "spectral.json"
    command = [*spectral(files, format_="json"), "--output", str(target)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr)
    found: dict[str, int] = {}
    for entry in json.loads(target.read_text(encoding="utf-8")):
        found[entry["code"]] = found.get(entry["code"], 0) + 1
    return found


def our_findings(report: dict[str, Any]) -> dict[str, int]:
    """Return how many écarts and remarques each rule of a report of ours has."""
    found: dict[str, int] = {}
    for finding in report["constats"]:
        if finding["verdict"] in {"ecart", "remarque"}:
            found[finding["regle"]] = found.get(finding["regle"], 0) + 1
    return found
