"""The text of a table cell -> a value of its field's type, the French way; whatever is doubtful is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from rsaudit.messages import cells as say
from rsaudit.patterns import pattern
from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007\t", " "))
_PLAIN = pattern(r"-?[0-9]+(?:[.,][0-9]+)?\Z")
_GROUPED = pattern(r"-?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?\Z")
_AMBIGUOUS = pattern(r"-?[0-9]{1,3}\.[0-9]{3}\Z")
_FRENCH_DATE = pattern(r"([0-9]{2})/([0-9]{2})/([0-9]{4})\Z")
_ISO_DATE = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
#: Unit of a field → what may be written after its numbers. A sum of money without a period is by the month.
_UNITS = {
    "€": pattern(r"\s*€(?: ?/ ?mois)?\Z"),
    "€/an": pattern(r"\s*€(?: ?/ ?an)?\Z"),
    "€/m³": pattern(r"\s*€(?: ?/ ?m[³3])?\Z"),
    "m²": pattern(r"\s*m[²2]\Z"),
    "m": pattern(r"\s*m\Z"),
    "%": pattern(r"\s*%\Z"),
    "l": pattern(r"\s*[lL]\Z"),
    "ETP": pattern(r"\s*ETP\Z"),
}
_BOOLEANS = {"oui": True, "non": False, "true": True, "false": False, "vrai": True, "faux": False}
_MOST_DIGITS = 30
LIST_SEPARATOR = "|"


class CellError(ValueError):
    """A cell cannot be read: the French sentence says why and what to write."""


class CellType(Struct, frozen=True, kw_only=True):
    """What a column expects, from the schema of its field."""

    kind: str
    """nombre, entier, booleen, date, mots, texte."""
    words: tuple[str, ...] = ()
    """Words admitted beside the type (`aucun`, `non_mentionne`), or all of them for an enumeration."""
    synonyms: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    """Unit of a number, the only one that may be written after it."""


def read_cell(text: str, kind: CellType) -> Any:
    """Return the value of a cell; a blank one is `None`, that is unknown. Raises `CellError`."""
    plain = text.translate(_SPACES).strip()
    if not plain:
        return None
    if plain in kind.words:
        return plain
    return _READERS[kind.kind](plain, kind)


def _number(text: str, kind: CellType) -> Any:
    unit = _UNITS.get(kind.unit or "")
    bare = unit.sub("", text) if unit is not None else text
    if _AMBIGUOUS.match(bare):
        raise CellError(say.ambiguous(bare))
    if not _PLAIN.match(bare) and not _GROUPED.match(bare):
        raise CellError(say.NOT_A_NUMBER)
    digits = bare.replace(" ", "").replace(",", ".")
    if len(digits) > _MOST_DIGITS:
        raise CellError(say.TOO_MANY_DIGITS)
    return exact(Decimal(digits))


def exact(value: Decimal) -> int | Decimal:
    """Return a decimal, as an integer when it is one."""
    whole = int(value)
    return whole if whole == value else value


def _integer(text: str, kind: CellType) -> Any:
    value = _number(text, kind)
    if not isinstance(value, int):
        raise CellError(say.NOT_AN_INTEGER)
    return value


def _boolean(text: str, kind: CellType) -> Any:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise CellError(say.NOT_A_BOOLEAN)
    return value


def _date(text: str, kind: CellType) -> Any:
    match = _FRENCH_DATE.match(text)
    iso = f"{match.group(3)}-{match.group(2)}-{match.group(1)}" if match else text
    try:
        if not _ISO_DATE.match(iso):
            raise ValueError(iso)
        return date.fromisoformat(iso).isoformat()
    except ValueError as error:
        raise CellError(say.NOT_A_DATE) from error


def _text(text: str, kind: CellType) -> Any:
    return kind.synonyms.get(text, text)


def _words(text: str, kind: CellType) -> Any:
    return [
        kind.synonyms.get(part.strip(), part.strip()) for part in text.split(LIST_SEPARATOR) if part.strip()
    ]


_READERS = {
    "nombre": _number,
    "entier": _integer,
    "booleen": _boolean,
    "date": _date,
    "mots": _words,
    "texte": _text,
}


def cell_types(item: Mapping[str, Any], root: Mapping[str, Any], prefix: str = "") -> dict[str, CellType]:
    """Return what each column of a table expects, nested objects as « source.piece »."""
    found: dict[str, CellType] = {}
    for name, raw in (item.get("properties") or {}).items():
        schema = resolve(raw, root)
        if schema.get("type") == "object":
            found.update(cell_types(schema, root, f"{prefix}{name}."))
        else:
            kind = cell_type(schema, root)
            if kind is not None:
                found[prefix + name] = kind
    return found


def cell_type(schema: Mapping[str, Any], root: Mapping[str, Any]) -> CellType | None:
    """Return what a cell of one field expects, or `None` when a cell cannot hold it."""
    synonyms = schema.get("x-synonymes") or {}
    if "anyOf" in schema:
        branches = [resolve(branch, root) for branch in schema["anyOf"]]
        words = tuple(word for branch in branches for word in branch.get("enum", ()) if isinstance(word, str))
        typed = next((branch for branch in branches if "enum" not in branch), None)
        inner = cell_type(typed, root) if typed is not None else None
        unit = schema.get("x-unite") or (inner.unit if inner else None)
        return CellType(kind=inner.kind if inner else "texte", words=words, synonyms=synonyms, unit=unit)
    if schema.get("type") == "array":
        items = resolve(schema.get("items") or {}, root)
        if items.get("type") == "object":
            return None
        return CellType(kind="mots", synonyms=items.get("x-synonymes") or {})
    values = schema.get("enum")
    if values and any(isinstance(value, bool) for value in values):
        return CellType(kind="booleen")
    if values and all(isinstance(value, int) for value in values):
        return CellType(kind="entier")
    kind = {"number": "nombre", "integer": "entier"}.get(str(schema.get("type")), "texte")
    if schema.get("format") == "date":
        kind = "date"
    return CellType(kind=kind, synonyms=synonyms, unit=schema.get("x-unite"))
