"""The example dossiers, changed in one place, received and judged as the program does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsaudit.cases import lay_over
from rsaudit.cli.session import Session
from rsaudit.engine import AuditOptions, audit
from rsaudit.loading import find_dossiers, from_data, inherit, load
from rsaudit.model import Verdict
from rsaudit.validation import violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsaudit.loading import Dossier
    from rsaudit.model import Finding, Report
    from rsaudit.ruleset import CompiledRule, CompiledRuleset

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 9, 30)
EXAMPLES = (
    "benjoin",
    "benjoin-fautif",
    "foyer-soleil",
    "epicea",
    "petite-residence.yaml",
    "identite-seule.yaml",
)
"""Every example that can be judged."""
CONFORM = ("petite-residence.yaml", "benjoin", "foyer-soleil", "epicea")
"""Those that show no écart, the shortest first."""

SESSION = Session()
Path_ = tuple[str | int, ...]
"""Where a value is in a dossier: keys and ranks."""


@cache
def rulesets() -> tuple[CompiledRuleset, ...]:
    """Return the shipped référentiels, compiled once."""
    return tuple(SESSION.rulesets([]))


@cache
def rules() -> dict[str, tuple[CompiledRuleset, CompiledRule]]:
    """Return every rule of every shipped référentiel, by « référentiel/rule »."""
    return {
        f"{compiled.ruleset.id}/{rule.rule.id}": (compiled, rule)
        for compiled in rulesets()
        for rule in compiled.rules
    }


@cache
def data_of(example: str) -> dict[str, Any]:
    """Return what an example says, as read from its files; to be copied before it is changed."""
    dossier = load(find_dossiers(ROOT / "examples" / example)[0][0], SESSION.schemas)
    assert dossier.errors == []
    return dossier.data


def received(data: dict[str, Any]) -> Dossier:
    """Receive data as a dossier, as the program does."""
    dossier = from_data(data, SESSION.schemas, name="essai")
    dossier.errors.extend(violations(dossier, SESSION.schemas))
    if not dossier.errors:
        inherit(dossier.data, SESSION.schemas.sections)
    return dossier


def judged(dossier: Dossier, names: Iterable[str] = (), day: date = DAY) -> Report:
    """Judge a dossier by the rules named « référentiel/rule », by all of them without a name."""
    wanted = set(names)
    options = AuditOptions(rules=tuple(name.split("/")[1] for name in wanted))
    owners = {name.split("/")[0] for name in wanted}
    used = [compiled for compiled in rulesets() if not wanted or compiled.ruleset.id in owners]
    return audit(dossier, used, as_of=day, vocabulary=SESSION.vocabulary, options=options)


def findings(report: Report) -> Iterator[Finding]:
    """Yield every constat."""
    return (finding for obligation in report.obligations for finding in obligation.findings)


def passes(report: Report) -> set[str]:
    """Return the identifiers of the constats « conforme »."""
    return {finding.identifier for finding in findings(report) if finding.verdict is Verdict.CONFORME}


def verdicts(report: Report) -> dict[str, str]:
    """Return the verdict of each obligation, by « référentiel/rule »."""
    return {f"{one.ruleset}/{one.rule}": one.verdict.value for one in report.obligations}


@cache
def whole(example: str) -> Report:
    """Return the report of an example as it is."""
    return judged(received(lay_over({}, data_of(example))))


# -- changing one place --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Absent:
    """No value: the key is taken away."""


ABSENT = Absent()


def changed(example: str, path: Path_, value: Any) -> dict[str, Any]:
    """Return a copy of an example with another value at a path; `ABSENT` takes it away."""
    data: dict[str, Any] = lay_over({}, data_of(example))
    holder: Any = data
    for key in path[:-1]:
        holder = holder[key]
    if value is ABSENT:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return data


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield the leaves: the value of a key, not the member of a list. A table is a leaf too, besides those of its rows."""
    if isinstance(value, dict):
        for key, child in value.items():
            if not isinstance(child, dict):
                yield (*path, key), child
            yield from leaves(child, (*path, key))
    elif isinstance(value, list):
        for rank, child in enumerate(value):
            yield from leaves(child, (*path, rank))


_OF_TABLE = ("lignes", "etendue", "effectif_total", "fichier", "feuille")


def field_of(path: Path_) -> str:
    """Return the static path of a leaf; what says how whole a table is belongs to the table."""
    return ".".join(key for key in path if isinstance(key, str) and key not in _OF_TABLE)


@cache
def readers(field: str) -> tuple[str, ...]:
    """Return the rules that read a field, or a field above or below it.

    Above: the field may be inherited by what stands there. A row's identifier and its references tell which row is which:
    every rule that reads the table reads them.
    """
    table = field.rpartition(".")[0]
    named = field in _joining()
    return tuple(
        name
        for name, (_, rule) in rules().items()
        if any(
            read == field or read.startswith(f"{field}.") or field.startswith(f"{read}.")
            or (named and (read == table or read.startswith(f"{table}.")))
            for read in rule.fields
        )
    )  # fmt: skip


@cache
def _joining() -> frozenset[str]:
    """Return the fields that name rows: identifiers and references."""
    kinds = ((path, SESSION.catalogue.at(path)) for path in SESSION.catalogue.paths())
    references = {path for path, kind in kinds if kind is not None and kind.kind == "reference"}
    return identifiers() | references


@cache
def identifiers() -> frozenset[str]:
    """Return the fields that name the row they are in."""
    return frozenset(
        f"{path}.{key}"
        for path in SESSION.catalogue.paths()
        for key in getattr(getattr(SESSION.catalogue.at(path), "item", None), "identifier", ())
    )


def at(path: Path_) -> str:
    """Write a path as a person would."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
