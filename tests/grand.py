"""A large dossier: the faulty example, its dwellings and its contracts repeated under other numbers."""

from __future__ import annotations

import csv
import shutil
from itertools import count
from typing import TYPE_CHECKING

from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

#: Each table, its columns that name a row or another one, and the line of YAML that says how many rows it has.
TABLES = {
    "logements.csv": (("numero",), "batiment.yaml", "effectif_total: 44"),
    "contrats.csv": (("ref", "logement"), "contrats.yaml", "effectif_total: 47"),
}


def write_large_dossier(folder: Path, *, contracts: int) -> None:
    """Write a dossier of that many running contracts or a few more."""
    shutil.copytree(ROOT / "examples/benjoin-fautif", folder)
    with (folder / "contrats.csv").open(encoding="utf-8", newline="") as lines:
        running = sum(row["statut"] == "en_cours" for row in csv.DictReader(lines, delimiter=";"))
    blocks = next(number for number in count(1) if number * running >= contracts)
    for name, (columns, section, total) in TABLES.items():
        written = _repeat(folder / name, columns, blocks)
        path = folder / section
        text = path.read_text("utf-8")
        assert text.count(total) == 1, (section, total)
        path.write_text(text.replace(total, f"effectif_total: {written}"), "utf-8")


def _repeat(path: Path, columns: tuple[str, ...], blocks: int) -> int:
    """Repeat the rows of a table, each time under other names; return their number."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter=";")
        headings, rows = list(reader.fieldnames or ()), list(reader)
    every = [
        {
            key: f"{value}-{block}" if key in columns and value and block else value
            for key, value in row.items()
        }
        for block in range(blocks)
        for row in rows
    ]
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, headings, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)
    return len(every)
