"""The files of `tableaux/` -> filings, every expression checked against the schemas and compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit import resources
from rsaudit.conditions import (
    ANYTHING,
    ExpressionError,
    Scope,
    check,
    compile_node,
    compile_range,
    parse,
    parse_range,
    paths_read,
)
from rsaudit.messages import typographic
from rsaudit.ruleset.reading import SourceFile, read_facts

if TYPE_CHECKING:
    from rsaudit.conditions import Catalogue, Node, Program, RangeProgram, Type

FACTS = "faits.yaml"
PLATFORM = "plateforme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One expression to print under a heading."""

    title: str
    program: Program
    type: Type
    path: str | None
    """The field it reads, when it reads one: its words have labels."""
    admitted: tuple[str, ...]
    raw: bool
    """Words are written as the dossier writes them: a platform admits no other spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table."""

    name: str
    title: str | None
    recipient: str | None
    first_row: int
    on: tuple[int, int] | None
    """Day and month at which its values are read."""
    scope: Scope
    range: RangeProgram
    columns: tuple[Cell, ...]
    bottom: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """The tables of one occasion."""

    id: str
    use: str
    title: str
    scope: Scope
    heading: tuple[Cell, ...]
    sheets: tuple[Sheet, ...]


def load_filings(catalogue: Catalogue, use: str) -> dict[str, Filing]:
    """Return the filings of one use, by id. Raises `RulesetError` with the file and line of what is wrong."""
    facts_path = resources.rulesets_folder() / FACTS
    facts, _ = read_facts(SourceFile(facts_path, FACTS, "faits"))
    found = {}
    for path in sorted((resources.data_root() / "tableaux").glob("*.yaml")):
        source = SourceFile(path, f"tableaux/{path.name}", "tableau")
        if source.data["usage"] == use:
            scope = Scope(catalogue, facts=facts)
            found[path.stem] = _filing(path.stem, source, scope)
    return found


def _filing(identifier: str, source: SourceFile, scope: Scope) -> Filing:
    data = source.data
    return Filing(
        id=identifier,
        use=data["usage"],
        title=typographic(data["titre"]),
        scope=scope,
        heading=tuple(_cell(source, entry, scope) for entry in data.get("entete") or ()),
        sheets=tuple(_sheet(source, entry, scope) for entry in data["feuilles"]),
    )


def _sheet(source: SourceFile, data: Any, scope: Scope) -> Sheet:
    inner = scope.child()
    try:
        variable, items, where = parse_range(data["pour_chaque"])
        ranged = compile_range(variable, items, where, inner)
    except ExpressionError as error:
        raise source.broken(data, "pour_chaque", error) from error
    on = data.get("au")
    return Sheet(
        name=data["nom"],
        title=typographic(data["titre"]) if data.get("titre") else None,
        recipient=typographic(data["destinataire"]) if data.get("destinataire") else None,
        first_row=data.get("premiere_ligne") or 2,
        on=(on["jour"], on["mois"]) if on else None,
        scope=inner,
        range=ranged,
        columns=tuple(_cell(source, entry, inner) for entry in data["colonnes"]),
        bottom=tuple(_cell(source, entry, scope) for entry in data.get("bas") or ()),
    )


def _cell(source: SourceFile, entry: Any, scope: Scope) -> Cell:
    node = _node(source, entry)
    try:
        kind = check(node, scope, "any", guards=(ANYTHING,))
    except ExpressionError as error:
        raise source.broken(entry, "valeur", error) from error
    reads = paths_read(node, scope)
    return Cell(
        title=entry["titre"],
        program=compile_node(node, scope),
        type=kind,
        path=reads[-1].path if reads else None,
        admitted=tuple(entry.get("admis") or ()),
        raw=source.data["usage"] == PLATFORM,
    )


def _node(source: SourceFile, entry: Any) -> Node:
    try:
        return parse(entry["valeur"])
    except ExpressionError as error:
        raise source.broken(entry, "valeur", error) from error
