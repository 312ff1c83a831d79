"""Measures the program beside its peers, on the same files, in the same run: `make bench`.

Each line of the table is one goal. Every figure is the median of alternated runs; a ratio is the median of the ratios
of each round, so that a machine that slows down slows both sides. Nothing is asserted: it is read.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from corpus import Corpus, Written
from machine import Cost, alternated, described, ratio
from peers import (
    bare_load,
    check_jsonschema,
    one_schema,
    our_findings,
    program,
    spectral,
    spectral_findings,
    yamllint,
)

DAY = "2026-09-30"
#: Every obligation of a portfolio that is not met or not known to be, its file and its line; its text has a line a dossier.
EACH = ("--format", "github")
RULES = tuple(
    line.split("'")[1]
    for line in (Path(__file__).parent / "vingt-regles.js").read_text(encoding="utf-8").splitlines()
    if line.startswith("    '") and ": " in line
)


@dataclass(frozen=True, slots=True)
class Line:
    """One goal: what is compared, the ratio or figure found, what must be reached and what is aimed at."""

    label: str
    found: float
    must: float
    aim: float | None = None
    unit: str = "×"
    least: bool = False
    """The figure must be at least what is asked; otherwise at most."""

    @property
    def kept(self) -> bool:
        """Say whether what must be reached is."""
        return self.found >= self.must if self.least else self.found <= self.must

    def written(self) -> str:
        """Write the line of the table."""
        aim = "–" if self.aim is None else _number(self.aim)
        sign = "≥" if self.least else "≤"
        state = "tenu" if self.kept else "manqué"
        return f"| {self.label} | {_number(self.found)} {self.unit} | {sign} {_number(self.must)} | {aim} | {state} |"


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def audit(*arguments: str | Path) -> list[str]:
    """Return the command of an audit by the installed program, complete référentiel."""
    return [program("rsaudit"), "audit", *map(str, arguments), "--date", DAY, "--seuil", "aucun"]


class Bench:
    """One run of all the measures asked for."""

    def __init__(self, folder: Path, rounds: int) -> None:
        """Write corpora in `folder` and run every program `rounds` times."""
        self.folder = folder
        self.rounds = rounds
        self.lines: list[Line] = []
        self.notes: list[str] = []
        self.schema = one_schema(folder)

    def small(self) -> None:
        """Measure one dossier of 20 contracts, then of 200."""
        for contracts, musts, aims in (
            (20, (0.45, 0.90, 0.22), (0.25, 0.50, 0.12)),
            (200, (0.25, 0.25, 0.25), (0.12, 0.12, 0.12)),
        ):
            corpus = Corpus()
            path = corpus.write(self.folder / f"d{contracts}.yaml", corpus.dossier(1, contracts))
            costs = alternated(
                {
                    "rsaudit": audit(path),
                    "check-jsonschema": check_jsonschema(self.schema, [path]),
                    "yamllint": yamllint([path]),
                    "spectral": spectral(str(path)),
                },
                self.rounds,
            )
            self._told(f"{contracts} contrats ({corpus.written.size // 1000} ko)", costs)
            for peer, must, aim in zip(
                ("check-jsonschema", "yamllint", "spectral"), musts, aims, strict=True
            ):
                self.lines.append(
                    Line(f"{contracts} contrats / {peer}", ratio(costs, "rsaudit", peer), must, aim)
                )
            if contracts == 20:
                self.lines.append(Line("mémoire, 20 contrats", costs["rsaudit"].peak, 48, unit="Mio"))
            else:
                self._html(path)

    def _html(self, path: Path) -> None:
        page = self.folder / "rapport.html"
        # A page is waited for until the disk has it: more rounds, for the disk has its moods.
        costs = alternated({"audit": audit(path), "html": audit(path, "-o", page)}, 3 * self.rounds)
        self.lines.append(Line("HTML de 200 contrats / audit", ratio(costs, "html", "audit"), 1.5))

    def twenty_rules(self, dossiers: int, contracts: int) -> None:
        """Measure a portfolio by twenty rules alone, the same in spectral; the findings must agree."""
        corpus = Corpus()
        written = corpus.portfolio(self.folder / "vingt", dossiers, contracts)
        pattern = str(self.folder / "vingt" / "**" / "*.yaml")
        rules = [part for name in RULES for part in ("--regle", name)]
        ours = audit(self.folder / "vingt", "--processus", "1", *EACH, *rules)
        self._agree(written, pattern, rules)
        costs = alternated(
            {
                "rsaudit": ours,
                "spectral": spectral(pattern),
                "check-jsonschema": check_jsonschema(self.schema, written.paths),
            },
            max(1, self.rounds // 3),
        )
        self._told(f"{dossiers} dossiers, 20 règles", costs, written)
        self.lines.append(Line("20 règles / spectral", ratio(costs, "rsaudit", "spectral"), 0.40, 0.25))
        self.lines.append(
            Line("20 règles / check-jsonschema", ratio(costs, "rsaudit", "check-jsonschema"), 0.09, 0.05)
        )

    def _agree(self, written: Written, pattern: str, rules: list[str]) -> None:
        """Refuse to compare two programs that do not find the same things."""
        reports = self.folder / "rapports"
        reports.mkdir(exist_ok=True)
        subprocess.run(
            audit(self.folder / "vingt", *rules, "-o", f"json:{reports}/"), check=True, capture_output=True
        )
        mine: dict[str, int] = {}
        for path in reports.glob("*.json"):
            for rule, count in our_findings(json.loads(path.read_text(encoding="utf-8"))).items():
                mine[rule] = mine.get(rule, 0) + count
        theirs = spectral_findings(pattern, self.folder)
        if mine != theirs:
            raise SystemExit(f"Les constats diffèrent : rsaudit {mine}, spectral {theirs}")
        self.notes.append(
            f"Constats égaux des vingt règles, règle par règle : {sum(mine.values())} sur {written.dossiers} dossiers."
        )

    def portfolio(self, dossiers: int, contracts: int, rounds: int) -> None:
        """Measure a portfolio in full, by one and by two processes, beside the bare load of its files."""
        corpus = Corpus()
        folder = self.folder / f"parc{dossiers}"
        written = corpus.portfolio(folder, dossiers, contracts)
        part, few = self._tenth(folder, written)
        costs = alternated(
            {
                "un processus": audit(folder, "--processus", "1"),
                "deux processus": audit(folder, "--processus", "2"),
                "chaque obligation": audit(folder, "--processus", "1", *EACH),
                "CSafeLoader": bare_load(folder),
            },
            rounds,
        )
        tenth = alternated({"dixième": audit(part, "--processus", "1")}, 1)["dixième"]
        self._told(f"{written.dossiers} dossiers, {written.contracts} contrats", costs, written)
        self.notes.append(
            f"{few} dossiers : {_number(tenth.median)} s, {tenth.peak:.0f} Mio ; "
            f"{written.dossiers} : {_number(costs['un processus'].median)} s, {costs['un processus'].peak:.0f} Mio."
        )
        self.lines.append(
            Line("portefeuille / CSafeLoader", ratio(costs, "un processus", "CSafeLoader"), 0.80, 0.45)
        )
        self.lines.append(
            Line(
                "portefeuille, chaque obligation / CSafeLoader",
                ratio(costs, "chaque obligation", "CSafeLoader"),
                0.80,
            )
        )
        speed = ratio(costs, "un processus", "deux processus")
        self.lines.append(Line("deux processus, gain", speed, 1.6, least=True))
        self.lines.append(Line("mémoire du portefeuille", costs["un processus"].peak, 100, unit="Mio"))
        growth = costs["un processus"].peak / tenth.peak
        self.lines.append(Line("mémoire, dix fois plus de dossiers", growth, 1.1))

    def _tenth(self, folder: Path, written: Written) -> tuple[Path, int]:
        """Copy a tenth of a portfolio, its largest dossier and one in ten of the others: what differs is their number."""
        part = self.folder / "partie"
        few = sorted(written.paths, key=lambda one: one.stat().st_size, reverse=True)[::10]
        for path in few:
            copy = part / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        return part, len(few)

    def growth(self) -> None:
        """Measure one dossier whose tables are CSV, from 20 to 20,000 contracts."""
        corpus = Corpus()
        sizes = (20, 200, 2000, 20000)
        commands = {
            str(size): audit(corpus.write_with_tables(self.folder / f"csv{size}", corpus.dossier(size, size)))
            for size in sizes
        }
        costs = alternated(commands, max(1, self.rounds // 3))
        self._told("tables CSV", costs)
        for small, large in pairwise(sizes):
            found = ratio(costs, str(large), str(small))
            self.lines.append(Line(f"CSV, de {small} à {large} contrats", found, 11))

    def _told(self, title: str, costs: dict[str, Cost], written: Written | None = None) -> None:
        spoiled = (
            f" ({written.size // 1_000_000} Mo, {written.spoiled} contrats fautifs, {written.lacking} incomplets)"
            if written
            else ""
        )
        self.notes.append(
            f"{title}{spoiled} : "
            + " ; ".join(
                f"{name} {_number(cost.median)} s (processeur {_number(cost.work)} s, {cost.peak:.0f} Mio)"
                for name, cost in costs.items()
            )
            + "."
        )

    def written(self) -> str:
        """Write the table and its notes, in Markdown."""
        rows = [
            "| Comparé | Mesuré | Il faut | Visé | |",
            "| --- | --- | --- | --- | --- |",
            *(line.written() for line in self.lines),
        ]
        return "\n".join([*rows, "", *(f"- {note}" for note in self.notes), ""])


def main() -> None:
    """Run the measures asked for and print the table."""
    parser = argparse.ArgumentParser(
        description="Mesure rsaudit à côté de ses pairs, sur les mêmes fichiers."
    )
    parser.add_argument("--tours", type=int, default=9, help="tours alternés des petites mesures")
    parser.add_argument(
        "--dossiers", type=int, default=2600, help="dossiers du portefeuille (54 contrats chacun)"
    )
    parser.add_argument("--tours-portefeuille", type=int, default=1)
    parser.add_argument(
        "--sans", action="append", default=[], help="petits, regles, portefeuille, croissance"
    )
    options = parser.parse_args()
    print(described())
    with tempfile.TemporaryDirectory(prefix="rsaudit-bench-") as name:
        bench = Bench(Path(name), options.tours)
        if "petits" not in options.sans:
            bench.small()
        if "croissance" not in options.sans:
            bench.growth()
        if "regles" not in options.sans:
            bench.twenty_rules(max(2, options.dossiers // 10), options.dossiers * 14000 // 2600)
        if "portefeuille" not in options.sans:
            bench.portfolio(options.dossiers, options.dossiers * 140000 // 2600, options.tours_portefeuille)
        print(bench.written())
    sys.exit(0)


if __name__ == "__main__":
    main()
