"""Dossiers to measure on: made from the conform example, as many contracts as wanted, a known share of them spoiled.

Everything is drawn from a seed: the same corpus on any machine. Nothing here is ever committed.
"""

from __future__ import annotations

import json
import random
import re
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rsaudit import resources
from rsaudit.loading import find_dossiers, load
from rsaudit.validation import load_schemas

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "benjoin"
SECTIONS = ("residence", "batiment", "contrats", "reglement_interieur", "finances", "vie_sociale")
#: One contract in ten is spoiled by one of these, and one in ten lacks one of those.
SPOILED: tuple[dict[str, Any], ...] = (
    {"depot_garantie": 900},
    {"etat_des_lieux_entree": "aucun"},
    {"reglement_remis": "non_annexe"},
    {"depot_echelonne": True, "depot_calendrier_au_contrat": False},
    {"etudiants": 1, "etudiant_motif_ecrit": False},
    {"redevance": Decimal("999.00")},
)
#: One dossier in ten has a règlement spoiled by one of these.
SPOILED_RULES: tuple[dict[str, Any], ...] = (
    {"expulsion": "automatique"},
    {"alcool_logement": "interdit"},
    {"caractere_privatif": "contredit"},
)
LACKING = (
    "date_signature",
    "depot_garantie",
    "etat_des_lieux_entree",
    "occupants",
    "orientation_siao",
    "redevance",
    "ressources_mensuelles",
)
SHARE = 10
_PLAIN = re.compile(r"[a-z][a-z0-9_]*\Z")
_WORDS = {"oui", "non", "true", "false", "null", "yes", "no", "on", "off", "y", "n"}


@dataclass(slots=True)
class Written:
    """What was written: how many dossiers, contracts, bytes, and how many contracts were spoiled or lack a datum."""

    dossiers: int = 0
    contracts: int = 0
    size: int = 0
    spoiled: int = 0
    lacking: int = 0
    paths: list[Path] = field(default_factory=list)


class Corpus:
    """Makes dossiers of any number of contracts from one seed."""

    def __init__(self, seed: int = 2026) -> None:
        """Read the example once."""
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        schemas = load_schemas(resources.schemas_folder())
        data = load(find_dossiers(EXAMPLE)[0][0], schemas).data
        self.base = {section: data[section] for section in SECTIONS}
        rows = self.base["contrats"]["contrats"]["lignes"]
        dwellings = {row["numero"]: row for row in self.base["batiment"]["logements"]["lignes"]}
        self.pairs = [(row, dwellings[row["logement"]]) for row in rows if row["statut"] == "en_cours"]
        self.written = Written()

    def dossier(self, rank: int, contracts: int) -> dict[str, Any]:
        """Make one dossier."""
        data = deepcopy(self.base)
        code = f"{rank:04d}"
        data["residence"]["identifiant"] = f"RS-974-{code}"
        data["residence"]["nom"] = f"Résidence {code} (fictive)"
        rows, dwellings = [], []
        for number in range(1, contracts + 1):
            contract, dwelling = self._pair(number)
            rows.append(contract)
            dwellings.append(dwelling)
        data["batiment"]["logements"] = {
            "etendue": "complete",
            "effectif_total": contracts,
            "lignes": dwellings,
        }
        data["contrats"]["contrats"] = {"etendue": "complete", "effectif_total": contracts, "lignes": rows}
        data["contrats"]["departs"] = {"etendue": "complete", "effectif_total": 0, "lignes": []}
        data["contrats"]["tiers_heberges"] = []
        data["finances"]["eau"].pop("releves", None)
        signals = data["vie_sociale"]["siao"]["signalements"]
        for rank, row in enumerate(signals["lignes"] if isinstance(signals, dict) else signals):
            row["logement"] = f"L{rank % contracts + 1:05d}"
        if self.random.randrange(SHARE) == 0:
            data["reglement_interieur"].update(self.random.choice(SPOILED_RULES))
        self.written.dossiers += 1
        self.written.contracts += contracts
        return data

    def _pair(self, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        contract, dwelling = map(dict, self.random.choice(self.pairs))
        contract["ref"] = f"C-{number:05d}"
        contract["logement"] = dwelling["numero"] = f"L{number:05d}"
        dice = self.random.randrange(SHARE)
        if dice == 0:
            contract.update(self.random.choice(SPOILED))
            self.written.spoiled += 1
        elif dice == 1:
            contract.pop(self.random.choice(LACKING), None)
            self.written.lacking += 1
        return contract, dwelling

    def write(self, path: Path, data: dict[str, Any]) -> Path:
        """Write a dossier in one YAML file."""
        text = "\n".join(_lines(data, 0)) + "\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.written.size += len(text.encode())
        self.written.paths.append(path)
        return path

    def write_with_tables(self, folder: Path, data: dict[str, Any]) -> Path:
        """Write a dossier in a folder, its two long tables in CSV."""
        folder.mkdir(parents=True, exist_ok=True)
        for section, table in (("contrats", "contrats"), ("batiment", "logements")):
            rows = data[section][table].pop("lignes")
            data[section][table]["fichier"] = f"{table}.csv"
            (folder / f"{table}.csv").write_text(_csv(rows), encoding="utf-8")
        for section, content in data.items():
            (folder / f"{section}.yaml").write_text("\n".join(_lines(content, 0)) + "\n", encoding="utf-8")
        return folder

    def portfolio(self, folder: Path, dossiers: int, contracts: int) -> Written:
        """Write a portfolio: dossiers of unequal sizes that hold so many contracts together."""
        weights = [self.random.lognormvariate(0, 0.6) for _ in range(dossiers)]
        sizes = [max(5, round(contracts * weight / sum(weights))) for weight in weights]
        sizes[-1] = max(5, sizes[-1] + contracts - sum(sizes))
        self.written = Written()
        for rank, size in enumerate(sizes, 1):
            self.write(folder / f"{rank // 100:02d}" / f"dossier-{rank:04d}.yaml", self.dossier(rank, size))
        return self.written


def _lines(value: Any, depth: int) -> list[str]:
    margin = "  " * depth
    lines: list[str] = []
    entries = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, child in entries:
        opening = f"{margin}- " if key is None else f"{margin}{key}:"
        if isinstance(child, dict | list) and child:
            inner = _lines(child, depth + 1)
            if key is None:
                lines.append(opening + inner[0].lstrip())
                lines += inner[1:]
            else:
                lines.append(opening)
                lines += inner
        else:
            lines.append(f"{opening}{'' if key is None else ' '}{_scalar(child)}")
    return lines


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    if isinstance(value, str):
        plain = _PLAIN.match(value) and value not in _WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return str(value)


def _csv(rows: list[dict[str, Any]]) -> str:
    columns = list(
        dict.fromkeys(key for row in rows for key, value in row.items() if not isinstance(value, dict))
    )
    lines = [";".join(columns)]
    lines += [";".join(_cell(row.get(column)) for column in columns) for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)
