"""Data of a dossier -> YAML as one would write it by hand, in the order of the schemas. Read again, it is the same data."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from rsaudit.loading.yaml_scalars import resolve_plain
from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsaudit.loading.dossier import SectionSchemas

WIDTH = 110
"""Columns beyond which what could stand on one line is written on several."""
STEP = 2
_SHORT = 3
"""Fields of an object that may stand on one line, as a citation has."""
#: Texts that need no quotes, in a block or between braces: letters, then signs that mean nothing to YAML.
_PLAIN = re.compile(r"[^\W_](?:[\w ’()./%€°²³·–—-]*[\w’)./%€°²³])?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
#: Words that other readers of YAML take for booleans or nothing.
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "oui", "non", "true", "false", "null"])


class Unknown(Enum):
    """What is answered « je ne sais pas »: a key without value, wherever it is copied."""

    UNKNOWN = ""


UNKNOWN = Unknown.UNKNOWN


def scalar(value: Any, decimals: int | None = None) -> str:
    """Write one value; a decimal gets at least `decimals` digits after its point."""
    if value is UNKNOWN:
        return ""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return _decimal(value, decimals)
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if _is_plain(text) else _quoted(text)


def _quoted(text: str) -> str:
    """Write a text between double quotes; what is no printable character is escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)


def _is_plain(text: str) -> bool:
    """Say whether a text needs no quotes, for us and for readers that take digits for numbers."""
    if not _PLAIN.fullmatch(text) or text.casefold() in _WORDS or resolve_plain(text) != text:
        return False
    return _DAY.fullmatch(text) is not None or any(char.isalpha() for char in text)


def _decimal(value: Decimal, decimals: int | None) -> str:
    exponent = value.as_tuple().exponent
    if decimals is not None and isinstance(exponent, int) and -exponent < decimals:
        return f"{value:.{decimals}f}"
    return f"{value:f}"


class Renderer:
    """Writes values of one section, each as its schema describes it."""

    def __init__(self, schema: Mapping[str, Any], *, rows_in_line: bool = False) -> None:
        """Read the schema of the section; with `rows_in_line`, a row of a table stands on one line when it may."""
        self.root = schema
        self.rows_in_line = rows_in_line

    def entries(self, content: Mapping[str, Any], schema: Mapping[str, Any], indent: int = 0) -> list[str]:
        """Return the lines of the entries of an object; what is unknown or empty is left out."""
        properties = schema.get("properties") or {}
        known = [name for name in properties if name in content]
        lines = []
        for name in (*known, *(name for name in content if name not in properties)):
            if not is_nothing(content[name]):
                lines.extend(self.entry(name, content[name], properties.get(name) or {}, indent))
        return lines

    def entry(self, name: str, value: Any, prop: Mapping[str, Any], indent: int = 0) -> list[str]:
        """Return the lines of one entry."""
        head = f"{' ' * indent}{name}:"
        short = self.short(value, prop)
        if short is not None and len(head) + 1 + len(short) <= WIDTH:
            return [f"{head} {short}".rstrip(" ")]
        shape = self.shape(value, prop)
        if isinstance(value, dict):
            return [head, *self.entries(value, shape, indent + STEP)]
        if isinstance(value, list):
            return [head, *self.items(value, shape.get("items") or {}, indent + STEP)]
        return [f"{head} {scalar(value, decimals(shape))}"]

    def items(self, values: Iterable[Any], item: Mapping[str, Any], indent: int) -> list[str]:
        """Return the lines of the items of a list."""
        return [line for value in values for line in self.item(value, item, indent)]

    def item(self, value: Any, item: Mapping[str, Any], indent: int) -> list[str]:
        """Return the lines of one item of a list."""
        shape = resolve(item, self.root)
        dash = f"{' ' * indent}- "
        if not isinstance(value, dict):
            return [dash + self.flow(value, shape)]
        if self.rows_in_line:
            line = dash + self.flow(value, shape)
            if len(line) <= WIDTH:
                return [line]
        lines = self.entries(value, shape, indent + STEP)
        return [dash + lines[0].lstrip(" "), *lines[1:]] if lines else [dash + "{}"]

    def short(self, value: Any, prop: Mapping[str, Any]) -> str | None:
        """Write a value on one line, or return `None` when it holds objects: a citation or a list of words may be short."""
        shape = self.shape(value, prop)
        if isinstance(value, list):
            if any(isinstance(one, dict | list) for one in value):
                return None
            return "[" + ", ".join(scalar(one) for one in value) + "]"
        if isinstance(value, dict):
            if any(isinstance(one, dict | list | Unknown) for one in value.values()) or len(value) > _SHORT:
                return None
            properties = shape.get("properties") or {}
            parts = [
                f"{name}: {scalar(value[name], decimals(resolve(properties.get(name) or {}, self.root)))}"
                for name in sorted(value, key=lambda name: (*properties, name).index(name))
                if value[name] is not None
            ]
            return "{" + ", ".join(parts) + "}"
        return scalar(value, decimals(shape))

    def flow(self, value: Any, prop: Mapping[str, Any]) -> str:
        """Write a value on one line, whatever it holds."""
        shape = self.shape(value, prop)
        if isinstance(value, dict):
            properties = shape.get("properties") or {}
            parts = [
                f"{name}: {self.flow(one, properties.get(name) or {})}"
                for name, one in value.items()
                if not is_nothing(one)
            ]
            return "{" + ", ".join(parts) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(one, shape.get("items") or {}) for one in value) + "]"
        return scalar(value, decimals(shape))

    def shape(self, value: Any, prop: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the branch of a schema that a value takes."""
        shape = resolve(prop, self.root)
        branches = [resolve(branch, self.root) for branch in shape.get("anyOf") or (shape,)]
        for branch in branches:
            properties = branch.get("properties") or {}
            if isinstance(value, list) and branch.get("type") == "array":
                return branch
            if isinstance(value, dict) and properties and set(value) <= set(properties):
                return branch
        return next((branch for branch in branches if "x-decimales" in branch), shape)


def decimals(shape: Mapping[str, Any]) -> int | None:
    """Return the digits a field is written with, when it is a sum or an area."""
    found = shape.get("x-decimales")
    return found if isinstance(found, int) else None


def is_nothing(value: Any) -> bool:
    """Say whether a value says nothing: unknown, or an object in which nothing is known."""
    return value is None or (isinstance(value, dict) and all(is_nothing(one) for one in value.values()))


def sections(data: Mapping[str, Any], schemas: SectionSchemas) -> dict[str, str]:
    """Return the YAML text of each section of a dossier that says something."""
    return {
        name: "\n".join(Renderer(schema).entries(data[name], schema)) + "\n"
        for name, schema in schemas.sections.items()
        if not is_nothing(data.get(name))
    }


def single(data: Mapping[str, Any], schemas: SectionSchemas) -> str:
    """Return the YAML text of a whole dossier in one file."""
    parts = []
    for name, schema in schemas.sections.items():
        if not is_nothing(data.get(name)):
            parts.append("\n".join([f"{name}:", *Renderer(schema).entries(data[name], schema, STEP)]) + "\n")
    return "\n".join(parts)


def render(content: Mapping[str, Any]) -> str:
    """Return YAML text that no schema describes, short rows on one line."""
    return "".join(f"{line}\n" for line in Renderer({}, rows_in_line=True).entries(content, {}))


def flow(value: Any) -> str:
    """Write a value that no schema describes on one line."""
    return Renderer({}).flow(value, {})


_YES, _NO = "oui", "non"


def same(before: Any, after: Any) -> bool:
    """Say whether two plain values are one; a boolean may be written as a word."""
    one, other = _word(before), _word(after)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _word(value: Any) -> Any:
    return {_YES: True, _NO: False}.get(value, value) if isinstance(value, str) else value
