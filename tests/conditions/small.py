"""A small residence, its schema, and a way to ask what an expression is worth on it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import (
    Catalogue,
    ParameterDeclaration,
    ParameterEntry,
    Scope,
    Unknown,
    World,
    check,
    compile_node,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

AUDIT = date(2026, 6, 30)
_WORDS = {"enum": ["aucun", "non_mentionne"]}


def table(fields: dict[str, Any], **notes: Any) -> dict[str, Any]:
    """Describe a table in its two forms."""
    rows = {"type": "array", "items": {"type": "object", "properties": fields, **notes}}
    whole = {
        "etendue": {"enum": ["complete", "echantillon"]},
        "effectif_total": {"type": "integer"},
        "lignes": rows,
    }
    return {"anyOf": [rows, {"type": "object", "properties": whole}]}


_EUROS = {"type": "number", "minimum": 0, "x-unite": "EUR"}
_DAY = {"type": "string", "format": "date"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "meuble": {"type": "boolean"},
        "collectif": {"type": "boolean"},
        "places": {"type": "integer", "minimum": 0, "maximum": 300},
        "occupees": {"type": "integer", "minimum": 0, "maximum": 300},
        "redevance": _EUROS,
        "charges": _EUROS,
        "surface": {"type": "number", "minimum": 7, "x-unite": "m2"},
        "taux": {"type": "number", "minimum": 0, "maximum": 100, "x-unite": "%"},
        "ecart": {"type": "number"},
        "statut": {"enum": ["ouverte", "fermee"]},
        "nature": {"enum": ["foyer", "pension"]},
        "gestion": {"anyOf": [{"enum": ["directe", "deleguee"]}, _WORDS]},
        "depot": {"anyOf": [_EUROS, _WORDS]},
        "nom": {"type": "string"},
        "ville": {"type": "string"},
        "ouverture": _DAY,
        "fermeture": _DAY,
        "preavis": {"type": "string", "pattern": "^[0-9]+ (jours|mois|ans)$"},
        "delai": {"type": "string", "pattern": "^[0-9]+ (jours|mois|ans)$"},
        "equipements": {"type": "array", "items": {"enum": ["lit", "table", "armoire"]}},
        "chambres": table(
            {
                "code": {"type": "string"},
                "surface": {"type": "number", "minimum": 7, "maximum": 50, "x-unite": "m2"},
                "lits": {"type": "integer", "minimum": 0, "maximum": 4},
                "occupee": {"type": "boolean"},
                "etage": {"enum": ["rez", "premier"]},
            },
            **{"x-identifiant": "code"},
        ),
        "contrats": table(
            {
                "chambre": {"type": "string", "x-reference": "foyer.chambres.code"},
                "signe": {"type": "boolean"},
                "debut": _DAY,
            }
        ),
    },
}
CATALOGUE = Catalogue.from_schemas({"foyer": SCHEMA})
PARAMETERS = (
    ParameterDeclaration(
        name="plafond",
        type="nombre",
        unit="EUR",
        entries=(
            ParameterEntry(since=date(2025, 1, 1), until=date(2025, 12, 31), value=100),
            ParameterEntry(since=date(2026, 1, 1), value=200),
        ),
    ),
    ParameterDeclaration(
        name="surface_minimale",
        type="nombre",
        unit="m2",
        keys=("foyer.places",),
        entries=(ParameterEntry(rows=(((1,), 9), ((2,), 16), ((">= 4",), 30))),),
    ),
    ParameterDeclaration(
        name="bareme",
        type="nombre",
        unit="EUR",
        keys=("foyer.nature",),
        entries=(ParameterEntry(rows=((("foyer",), 10), (("pension",), 30))),),
    ),
    ParameterDeclaration(name="seuil", type="part", entries=(ParameterEntry(value=30),)),
    ParameterDeclaration(name="trois", type="nombre", entries=(ParameterEntry(value=3),)),
    ParameterDeclaration(name="trente", type="nombre", entries=(ParameterEntry(value=30),)),
    ParameterDeclaration(name="delai_legal", type="duree", entries=(ParameterEntry(value="1 mois"),)),
    ParameterDeclaration(name="trente_jours", type="duree", entries=(ParameterEntry(value="30 jours"),)),
    ParameterDeclaration(name="huit_jours", type="duree", entries=(ParameterEntry(value="8 jours"),)),
    ParameterDeclaration(name="douze_mois", type="duree", entries=(ParameterEntry(value="12 mois"),)),
)


def checked(text: str, parameters: Iterable[ParameterDeclaration] = PARAMETERS) -> Any:
    """Check an expression as a référentiel does, a condition's constancy included."""
    scope = Scope(CATALOGUE, (), parameters)
    node = parse(text)
    found = check(node, scope, "any")
    if found.kind == "bool":
        check(node, scope, "bool")
    return found


def worth(text: str, **foyer: Any) -> Any:
    """Return what an expression is worth on a residence, as the program holds it."""
    check(parse(text), Scope(CATALOGUE, (), PARAMETERS), "any")
    return computed(text, **foyer)


def computed(text: str, **foyer: Any) -> Any:
    """Return the same of an expression that a référentiel would be refused."""
    scope = Scope(CATALOGUE, (), PARAMETERS)
    program = compile_node(parse(text), scope)
    return program(World({"foyer": foyer}, as_of=AUDIT, scope=scope).frame(scope))


def told(text: str, **foyer: Any) -> Any:
    """Return the same, an unknown value as `"inconnu"` or as its (low, high) ends."""
    value = worth(text, **foyer)
    if not isinstance(value, Unknown):
        return value
    return "inconnu" if value.low is None and value.high is None else (value.low, value.high)
