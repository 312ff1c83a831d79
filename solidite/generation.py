"""Small schemas, dossiers, expressions and référentiels drawn at random: what two evaluators are compared on."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import (
    Catalogue,
    FactDeclaration,
    ParameterDeclaration,
    ParameterEntry,
    parse,
)
from rsaudit.model import Chapter, Force, LegalText, Position, Rank, Severity, Verdict
from rsaudit.ruleset import Rule, Ruleset
from rsaudit.ruleset.declarations import Condition, Element, Range, Review, SeverityCase

if TYPE_CHECKING:
    import random

AS_OF = date(2026, 2, 28)
LARGEST = 3

_BOOL: dict[str, Any] = {"type": "boolean"}
_INT: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": LARGEST}
_DATE: dict[str, Any] = {"type": "string", "format": "date"}
_SPAN: dict[str, Any] = {"type": "string", "pattern": "^[0-9]+ (jours|mois)$", "maxLength": 12}
_WORD: dict[str, Any] = {"enum": ["rouge", "vert"]}
_QUIET_WORD: dict[str, Any] = {"enum": ["rouge", "vert", "non_mentionne"]}
_SILENCE: dict[str, Any] = {"enum": ["aucun", "non_mentionne"]}
_QUIET_INT: dict[str, Any] = {"anyOf": [_INT, _SILENCE]}
_QUIET_DATE: dict[str, Any] = {"anyOf": [_DATE, _SILENCE]}
_CODE: dict[str, Any] = {"type": "string", "maxLength": 8}


def _table(cells: dict[str, Any]) -> dict[str, Any]:
    rows = {"type": "array", "items": {"type": "object", "properties": cells, "x-identifiant": "ref"}}
    whole = {
        "type": "object",
        "properties": {
            "etendue": {"enum": ["complete", "echantillon"]},
            "effectif_total": {"type": "integer"},
            "lignes": rows,
        },
    }
    return {"anyOf": [rows, whole]}


_CELLS = {"x": _INT, "y": _INT, "z": _INT, "b": _BOOL, "c": _BOOL}
_MORE = {"w": _WORD, "o": _QUIET_INT, "d": _DATE}
ROWS: dict[str, dict[str, Any]] = {
    "t": {"ref": _CODE, **_CELLS, **_MORE},
    "u": {"ref": _CODE, **_CELLS, "v": {**_CODE, "x-reference": "f.t.ref"}},
}
SCALARS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("p1", "p2", "p3"), _BOOL),
    **dict.fromkeys(("n1", "n2", "n3"), _INT),
    "w": _WORD,
    "m": _QUIET_WORD,
    "o": _QUIET_INT,
    **dict.fromkeys(("d1", "d2"), _DATE),
    "e": _QUIET_DATE,
    "s": _SPAN,
}
SCHEMA = {
    "type": "object",
    "properties": {
        **SCALARS,
        "k": {"type": "array", "items": _WORD},
        "i": {"type": "object", "properties": {"b": _BOOL, "x": _INT}},
        **{name: _table(cells) for name, cells in ROWS.items()},
    },
}
CATALOGUE = Catalogue.from_schemas({"f": SCHEMA})

Dossier = dict[str, Any]

# -- dossiers ------------------------------------------------------------------------------------------------

_MONTH_ENDS = (
    "2024-01-31",
    "2024-02-28",
    "2024-02-29",
    "2025-02-28",
    "2025-03-31",
    "2025-08-31",
    "2026-01-31",
)
_DAYS = (*_MONTH_ENDS, AS_OF.isoformat(), "2026-02-27", "2026-03-01", "2025-11-30", "2028-02-29")
_LENGTHS = ("0 jours", "1 jours", "28 jours", "29 jours", "31 jours", "1 mois", "2 mois", "12 mois")


def value_of(schema: dict[str, Any], rng: random.Random) -> Any:
    """Draw a value of a field."""
    if "anyOf" in schema:
        return value_of(rng.choice(schema["anyOf"]), rng)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    if schema["type"] == "boolean":
        return rng.random() < 0.5
    if schema["type"] == "integer":
        return rng.randint(0, LARGEST)
    return rng.choice(_DAYS if schema.get("format") == "date" else _LENGTHS)


def cells(table: str, names: list[str], rng: random.Random, unknown: float, rank: int) -> Dossier:
    """Draw a row: its code, and those of the cells named that are known."""
    row: Dossier = {"ref": f"{table}{rank}"}
    for name in names:
        if name in {"ref", "v"} or rng.random() < unknown:
            continue
        row[name] = value_of(ROWS[table][name], rng)
    return row


def dossier(text: str, rng: random.Random, unknown: float) -> Dossier:
    """Draw a dossier for an expression: what it reads, each thing unknown with some probability."""
    data: Dossier = {}
    for name in read(text, SCALARS):
        if rng.random() >= unknown:
            data[name] = value_of(SCALARS[name], rng)
    if rng.random() >= unknown:
        data["k"] = rng.sample(["rouge", "vert"], rng.randint(0, 2))
    if rng.random() >= unknown:
        data["i"] = {
            name: value_of(schema, rng)
            for name, schema in (("b", _BOOL), ("x", _INT))
            if rng.random() >= unknown
        }
    for name in ROWS:
        table = _drawn_table(name, rng, unknown)
        if table is not None:
            data[name] = table
    _refer(data, rng, unknown)
    return data


def _drawn_table(name: str, rng: random.Random, unknown: float) -> Any:
    rows = [cells(name, list(ROWS[name]), rng, unknown, rank) for rank in range(rng.choice((0, 1, 1, 2, 3)))]
    if rng.random() >= unknown:
        return {"etendue": "complete", "lignes": rows}
    form = rng.randrange(4)
    if form == 0:
        return None
    if form == 1:
        return rows
    if form == 2:
        return {"etendue": "echantillon", "lignes": rows}
    return {"etendue": "echantillon", "effectif_total": len(rows) + rng.randint(0, 1), "lignes": rows}


def _refer(data: Dossier, rng: random.Random, unknown: float) -> None:
    codes = [row["ref"] for row in rows_of(data.get("t"))]
    for row in rows_of(data.get("u")):
        if codes and rng.random() >= unknown:
            row["v"] = rng.choice(codes)


def rows_of(raw: Any) -> list[Dossier]:
    """Return the rows a table shows."""
    return raw if isinstance(raw, list) else (raw or {}).get("lignes") or []


def read(text: str, names: Any) -> list[str]:
    """Return the scalar fields an expression reads; the others change nothing."""
    return [name for name in names if re.search(rf"\bf\.{name}\b", text)]


# -- expressions ---------------------------------------------------------------------------------------------

_SIGNS = ("<", "<=", ">", ">=", "=", "!=")


class Expressions:
    """Draws any expression of the language on the small schema; it may be refused when it is compiled."""

    def __init__(self, rng: random.Random, names: tuple[str, ...] = ()) -> None:
        self.rng = rng
        self.names = names
        """Local names of a rule, of type number."""

    def one(self, *choices: Any) -> Any:
        """Draw one of these."""
        return self.rng.choice(choices)

    def condition(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        """Draw a condition inside the lists opened."""
        kinds = ["leaf", "leaf", "order", "date", "word"]
        if depth:
            kinds += ["join", "join", "join", "not", "list", "list", "span", "exists", "established"]
        return str(getattr(self, f"_{self.one(*kinds)}")(depth, opened))

    def _leaf(self, _: int, opened: tuple[str, ...]) -> str:
        own = [f"r{name}.{cell}" for name in opened for cell in "bc"]
        hops = ["ru.v.b"] if "u" in opened else []
        return str(self.one("f.p1", "f.p2", "f.p3", "f.i.b", "ouvert", *own, *own, *hops))

    def _word(self, _: int, opened: tuple[str, ...]) -> str:
        own = ["rt.w = vert", "rt.w != rouge"] if "t" in opened else []
        return str(
            self.one(
                "f.w = vert", "f.w != rouge", "f.m = non_mentionne", "f.m != vert", "f.m dans [rouge, non_mentionne]",
                "rouge dans f.k", "f.w dans f.k", "un(mot dans f.k : mot = vert)", "tous(mot dans f.k : mot dans [rouge])",
                "nombre(mot dans f.k où mot != rouge) >= 1", "f.o = aucun", "f.o dans [aucun, non_mentionne]", *own,
            )
        )  # fmt: skip

    def _order(self, depth: int, opened: tuple[str, ...]) -> str:
        below = max(0, depth - 1)
        return f"{self.number(below, opened)} {self.one(*_SIGNS)} {self.number(below, opened)}"

    def _date(self, depth: int, opened: tuple[str, ...]) -> str:
        below = max(0, depth - 1)
        return f"{self.day(below, opened)} {self.one(*_SIGNS)} {self.day(below, opened)}"

    def _span(self, depth: int, opened: tuple[str, ...]) -> str:
        return f"{self.length(depth - 1, opened)} {self.one(*_SIGNS)} {self.length(depth - 1, opened)}"

    def _exists(self, _: int, opened: tuple[str, ...]) -> str:
        own = ["existe(rt.o)"] if "t" in opened else []
        return str(self.one("existe(f.o)", "existe(f.e)", "existe(f.m)", *own))

    def _established(self, depth: int, opened: tuple[str, ...]) -> str:
        return f"etabli({self.condition(depth - 1, opened)}, {self.condition(depth - 1, opened)})"

    def _join(self, depth: int, opened: tuple[str, ...]) -> str:
        word = self.one("et", "ou")
        return f"({self.condition(depth - 1, opened)} {word} {self.condition(depth - 1, opened)})"

    def _not(self, depth: int, opened: tuple[str, ...]) -> str:
        return f"non ({self.condition(depth - 1, opened)})"

    def _list(self, depth: int, opened: tuple[str, ...]) -> str:
        return self.over(self.one("tous", "un"), depth, opened, self.condition)

    def number(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        """Draw a number."""
        own = [f"r{name}.{cell}" for name in opened for cell in "xyz"]
        own += ["ru.v.x"] if "u" in opened else []
        own += ["rt.cote", "rt.o"] if "t" in opened else []
        simple = ("f.n1", "f.n2", "f.n3", "f.i.x", "0", "1", "seuil", "total", "f.o", "a_defaut(f.o, 0)")
        leaf = str(self.one(*simple, *own, *own, *self.names, *self.names))
        kind = self.one("leaf", "list", "list", "sum", "call", "dated") if depth else "leaf"
        if kind == "list":
            return self._folded(depth, opened)
        if kind == "sum":
            sign = self.one("+", "-", "*", "/")
            return f"({self.number(depth - 1, opened)} {sign} {self.number(depth - 1, opened)})"
        if kind == "dated":
            return str(self.one(f"seuil(au: {self.day(depth - 1, opened)})", "bareme[f.w]", "tranche[f.n1]"))
        if kind == "call":
            first, second = self.number(depth - 1, opened), self.number(depth - 1, opened)
            days = f"jours({self.day(0, opened)}, {self.day(0, opened)})"
            return str(self.one(f"plus_petit({first}, {second})", f"plus_grand({first}, {second})", days,
                                f"arrondi({first} / (1 + 1 + 1), 1)", "recouper(f.n1, f.n2)"))  # fmt: skip
        return leaf

    def _folded(self, depth: int, opened: tuple[str, ...]) -> str:
        name = self.one("nombre", "somme", "min", "max", "part", "distincts", "le_seul")
        if name == "le_seul":
            found = self.over(name, depth, opened, None)
            return f"{found}.x" if found.startswith("le_seul") else found
        body = None if name == "nombre" else self.condition if name == "part" else self.number
        return self.over(name, depth, opened, body)

    def day(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        """Draw a day."""
        leaf = str(
            self.one(
                "f.d1", "f.d2", "f.e", "date_audit", "pivot", *(["rt.d", "rt.d"] if "t" in opened else [])
            )
        )
        kind = self.one("leaf", "shift", "shift", "call", "list") if depth else "leaf"
        if kind == "shift":
            return f"{self.day(depth - 1, opened)} {self.one('+', '-')} {self.length(depth - 1, opened)}"
        if kind == "call":
            first, second = self.day(depth - 1, opened), self.day(depth - 1, opened)
            return str(self.one(f"plus_petit({first}, {second})", f"date(annee({first}), 1, 1)"))
        if kind == "list" and "t" not in opened:
            return self.over(self.one("min", "max"), depth, opened, lambda d, o: self.day(d, o), only="t")
        return leaf

    def length(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        """Draw a duration."""
        many = (
            [f"{self.number(0, opened)} * 1 jour", f"{self.number(0, opened)} * 1 mois"] if depth > 0 else []
        )
        return str(self.one("f.s", "delai", "1 mois", "1 jour", "1 an", *many))

    def over(self, name: str, depth: int, opened: tuple[str, ...], body: Any, only: str | None = None) -> str:
        """Draw an aggregate over a list that is not open."""
        closed = [one for one in ROWS if one not in opened and only in {None, one}]
        if not closed:
            return self.condition(0, opened) if name in {"tous", "un"} else self.number(0, opened)
        chosen = self.one(*closed)
        source = "rt.u" if chosen == "u" and "t" in opened and self.one(True, False) else f"f.{chosen}"
        inside = (*opened, chosen)
        where = f" où {self.condition(depth - 1, inside)}" if self.one(True, False) else ""
        tail = f" : {body(depth - 1, inside)}" if body is not None else ""
        return f"{name}(r{chosen} dans {source}{where}{tail})"


# -- what the law promises to decide -------------------------------------------------------------------------


class Fragment:
    """Draws conditions of the fragment for which the language promises to decide whatever every completion decides."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.scalars = ["p1", "p2", "p3", "n1", "n2", "n3"]

    def condition(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        """Draw a condition."""
        kind = self.rng.choice(["leaf", "order", *(["join", "join", "not", "list"] if depth else [])])
        below = max(0, depth - 1)
        if kind == "leaf":
            own = [f"r{name}.{cell}" for name in opened for cell in "bc"]
            return self.rng.choice(["f.p1", "f.p2", "f.p3", *own, *own])
        if kind == "order":
            return f"{self.number(below, opened)} {self.rng.choice(_SIGNS[:4])} {self.number(below, opened)}"
        if kind == "not":
            return f"non ({self.condition(below, opened)})"
        if kind == "list":
            return self._over(self.rng.choice(["tous", "un"]), depth, opened)
        return f"({self.condition(below, opened)} {self.rng.choice(['et', 'ou'])} {self.condition(below, opened)})"

    def number(self, depth: int, opened: tuple[str, ...] = ()) -> str:
        """Draw a number."""
        kind = self.rng.choice(["leaf", *(["list", "list", "sum"] if depth else [])])
        if kind == "list":
            return self._over(self.rng.choice(["nombre", "somme", "part", "min", "max"]), depth, opened)
        if kind == "sum":
            sign = self.rng.choice("+-*")
            return f"({self.number(depth - 1, opened)} {sign} {self.number(depth - 1, opened)})"
        own = [f"r{name}.{cell}" for name in opened for cell in "xyz"]
        return self.rng.choice(["f.n1", "f.n2", "f.n3", "0", "1", *own, *own])

    def _over(self, name: str, depth: int, opened: tuple[str, ...]) -> str:
        closed = [one for one in ROWS if one not in opened]
        if not closed:
            return self.condition(0, opened) if name in {"tous", "un"} else self.number(0, opened)
        chosen = self.rng.choice(closed)
        inside = (*opened, chosen)
        where = f" où {self.condition(depth - 1, inside)}" if self.rng.random() < 0.5 else ""
        body = self.condition if name in {"tous", "un", "part"} else self.number
        tail = "" if name == "nombre" else f" : {body(depth - 1, inside)}"
        return f"{name}(r{chosen} dans f.{chosen}{where}{tail})"


def once_dossier(text: str, rng: random.Random, unknown: float) -> Dossier:
    """Draw a dossier whose unknowns the expression reads once each: the rest of what it reads is known."""
    free, inside = _depths(text)
    data: Dossier = {
        name: value_of(SCALARS[name], rng)
        for name in read(text, SCALARS)
        if not (free.count(name) == 1 and name not in inside and rng.random() < unknown)
    }
    for table in ROWS:
        if f"f.{table}" not in text:
            continue
        alone = text.count(f"f.{table}") == 1 and table not in inside
        loose = [cell for cell in _CELLS if alone and len(re.findall(rf"\br{table}\.{cell}\b", text)) == 1]
        data[table] = _once_table(table, loose if _unnested(text, table) else [], rng, unknown, alone=alone)
    return data


def _once_table(table: str, loose: list[str], rng: random.Random, unknown: float, *, alone: bool) -> Any:
    rows = []
    for rank in range(rng.choice((0, 1, 2, 2, 3))):
        row = cells(table, list(_CELLS), rng, 0, rank)
        for cell in loose:
            if rng.random() < unknown:
                del row[cell]
        rows.append(row)
    every_cell_once = alone and set(loose) == set(_CELLS)
    if every_cell_once and rng.random() < unknown:
        return {"etendue": "echantillon", "effectif_total": len(rows) + rng.randint(1, 2), "lignes": rows}
    return {"etendue": "complete", "lignes": rows}


def _depths(text: str) -> tuple[list[str], set[str]]:
    """Return the names read outside every list, as often as they are, and those read inside one."""
    free: list[str] = []
    inside: set[str] = set()
    depth = 0
    stack: list[bool] = []
    for part in re.findall(r"\w+\(|\(|\)|\bf\.\w+", text):
        if part.endswith("("):
            stack.append(len(part) > 1)
            depth += len(part) > 1
        elif part == ")":
            depth -= stack.pop()
        elif depth > 1 or (depth == 1 and part.removeprefix("f.") not in ROWS):
            inside.add(part.removeprefix("f."))
        else:
            free.append(part.removeprefix("f."))
    return free, inside


def _unnested(text: str, table: str) -> bool:
    """Say whether no other list is opened inside the one over this table, so that each cell is read once."""
    start = text.index(f"f.{table}")
    depth = 0
    for part in re.findall(r"\w+\(|\(|\)", text[start:]):
        if part == ")":
            depth -= 1
            if depth < 0:
                return True
        else:
            if len(part) > 1:
                return False
            depth += 1
    return True


# -- référentiels --------------------------------------------------------------------------------------------

PARAMETERS = (
    ParameterDeclaration(
        name="seuil",
        type="nombre",
        entries=(
            ParameterEntry(since=date(2024, 2, 29), until=date(2025, 2, 28), value=1),
            ParameterEntry(since=date(2025, 3, 31), until=AS_OF - timedelta(days=1), value=3),
            ParameterEntry(since=AS_OF, value=2),
        ),
    ),
    ParameterDeclaration(name="delai", type="duree", entries=(ParameterEntry(value="1 mois"),)),
    ParameterDeclaration(name="pivot", type="date", entries=(ParameterEntry(value="2025-08-31"),)),
    ParameterDeclaration(
        name="bareme",
        type="nombre",
        keys=("f.w",),
        entries=(ParameterEntry(rows=((("rouge",), 1), (("vert",), 3))),),
    ),
    ParameterDeclaration(
        name="tranche",
        type="nombre",
        keys=("f.n1",),
        entries=(ParameterEntry(rows=(((0,), 0), ((1,), 2), ((">= 3",), 3))),),
    ),
)
"""The dated values that expressions may read; one has gaps, one has a key without row."""
_COTES = ("ligne.x + ligne.y", "plus_grand(ligne.x - ligne.y, 0)", "nombre(autre dans ligne.u où autre.b)")
_TOTALS = ("somme(ligne dans f.t : ligne.x)", "nombre(ligne dans f.t où ligne.b)", "f.n1 + f.n3")
_OPEN = ("f.p1 et f.p2", "un(ligne dans f.t : ligne.c)", "f.w = vert ou f.p3")


READ_BY_FACTS = "f.p1 f.p2 f.p3 f.n1 f.n3 f.w"
"""The scalar fields that a derived fact may read."""


def facts(rng: random.Random) -> tuple[FactDeclaration, ...]:
    """Draw the derived facts that expressions may read."""
    return (
        FactDeclaration(name="ouvert", node=parse(rng.choice(_OPEN))),
        FactDeclaration(name="total", node=parse(rng.choice(_TOTALS))),
        FactDeclaration(name="cote", node=parse(rng.choice(_COTES)), table="f.t", variable="ligne"),
    )


def ruleset(rule: Rule, rng: random.Random) -> Ruleset:
    """Make a référentiel of one rule."""
    return Ruleset(
        **_empty(Ruleset)
        | {
            "id": "essai",
            "version": "1",
            "date": AS_OF,
            "binding": True,
            "case_date": AS_OF,
            "chapters": (Chapter(id="c", title="C"),),
            "rules": (rule,),
            "facts": facts(rng),
            "parameters": PARAMETERS,
        }
    )


def _empty(kind: Any) -> dict[str, Any]:
    """Return fields for what is declared and not used here: nothing, or an empty tuple, text or dictionary."""
    empty = {"tuple": (), "str": "", "dict": {}, "bool": False}
    return {
        field.name: empty.get(re.split(r"\W", str(field.type))[0]) if "None" not in str(field.type) else None
        for field in fields(kind)
    }


def rule(rng: random.Random) -> tuple[Rule, str]:
    """Draw a rule, and all it writes."""
    texts: list[str] = []

    def condition(opened: tuple[str, ...] = (), names: tuple[str, ...] = (), depth: int = 2) -> Any:
        texts.append(Expressions(rng, names).condition(depth, opened))
        return parse(texts[-1])

    def number(opened: tuple[str, ...], names: tuple[str, ...]) -> Any:
        texts.append(Expressions(rng, names).number(2, opened))
        return parse(texts[-1])

    table = rng.choice((None, "t", "u"))
    opened = (table,) if table else ()
    names = tuple(f"local{rank}" for rank in range(rng.randint(0, 2)))
    local = tuple((name, number(opened, names[:rank])) for rank, name in enumerate(names))
    way = rng.choice(("exiger", "exiger", "elements", "signaler"))
    force = Force.INFORMATION if way == "signaler" else rng.choice((Force.OBLIGATION, Force.RECOMMANDATION))
    return _made_rule(
        rng,
        force=force,
        conditions=tuple(Condition(test=condition(depth=1)) for _ in range(rng.randint(0, 1))),
        range=None if table is None else Range(
            variable=f"r{table}", items=parse(f"f.{table}"), where=condition(opened, depth=1) if rng.random() < 0.5 else None
        ),
        subject_conditions=tuple(Condition(test=condition(opened, names, 1)) for _ in range(rng.randint(0, 2))),
        locals=local,
        reviews=tuple(Review(when=condition(opened, names, 1)) for _ in range(rng.randint(0, 1))),
        require=condition(opened, names) if way == "exiger" else None,
        signal=condition(opened, names) if way == "signaler" else None,
        elements=tuple(
            Element(
                key=key, title=key, require=condition(opened, names, 1),
                conditions=tuple(Condition(test=condition(opened, names, 1)) for _ in range(rng.randint(0, 1))),
                review=tuple(Review(when=condition(opened, names, 1)) for _ in range(rng.randint(0, 1))),
            )
            for key in ("a", "b")
        ) if way == "elements" else (),
        value_date=parse(rng.choice(("f.d1", "f.d2 - 1 mois", "date_audit"))) if rng.random() < 0.3 else None,
    ), " ; ".join([*texts, f"f.d1 f.d2 {READ_BY_FACTS}"])  # fmt: skip


def once_rule(rng: random.Random) -> tuple[Rule, str]:
    """Draw a rule of the fragment: one verdict, by conditions in which each unknown may be read once."""
    fragment = Fragment(rng)
    written = [fragment.condition(2) for _ in range(3)]
    return _made_rule(
        rng,
        force=Force.OBLIGATION,
        conditions=(Condition(test=parse(written[0])),) if rng.random() < 0.7 else (),
        reviews=(Review(when=parse(written[1])),) if rng.random() < 0.5 else (),
        require=parse(written[2]),
    ), " ; ".join(written)


def _made_rule(rng: random.Random, *, force: Force, **parts: Any) -> Rule:
    return Rule(
        **_empty(Rule)
        | {
            "id": "regle",
            "chapter": "c",
            "text": LegalText(document="Essai"),
            "rank": Rank.LOI,
            "force": force,
            "severities": (SeverityCase(severity=Severity.MINEUR),) if force is Force.OBLIGATION else (),
            "lapsed": rng.choice((Verdict.NON_VERIFIABLE, Verdict.A_VERIFIER)),
            "position": Position(file="essai"),
        }
        | parts
    )
