"""A new dossier: every field that concerns a residence, as a comment that explains it, derived from the schemas."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.amending.rendering import STEP, WIDTH, scalar
from rsaudit.messages import authoring as say
from rsaudit.messages import typographic
from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsaudit.authoring.relevance import Relevance

SOURCE, ROWS, FILE, SHARED = "source", "lignes", "fichier", "commun"
SCHEMAS = "schemas"
"""Folder of the copies of the schemas, beside the files of the dossier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What decides which fields are written, and how they are explained."""

    relevance: Relevance
    known: Mapping[str, Any]
    """Values already chosen, by static path."""
    only_early: bool
    """Leave out what waits for the residence to be open."""
    piece: Callable[[str], str]


def sections(schemas: Mapping[str, Mapping[str, Any]], guide: Guide) -> dict[str, str]:
    """Return the text of each section of a new dossier; one that has nothing to say for now is left out."""
    found = {}
    for section, schema in schemas.items():
        body = _Section(schema, guide).entries(schema, section, 0, commented=False)
        if body:
            head = [say.editor_line(f"{SCHEMAS}/{section}.schema.json"), *_comment(say.opening(schema), "# ")]
            found[section] = "\n".join([*head, *body]) + "\n"
    return found


def _comment(text: str, prefix: str) -> list[str]:
    return [
        line
        for part in text.splitlines()
        for line in textwrap.wrap(
            typographic(part),
            WIDTH,
            initial_indent=prefix,
            subsequent_indent=prefix,
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


class _Section:
    """The lines of one section."""

    def __init__(self, root: Mapping[str, Any], guide: Guide) -> None:
        self.root = root
        self.guide = guide

    def entries(self, schema: Mapping[str, Any], path: str, indent: int, *, commented: bool) -> list[str]:
        """Return the lines of an object's fields, those that most rules wait for first."""
        lines: list[str] = []
        for name, prop in self._ordered(schema, path):
            shape = resolve(prop, self.root)
            required = name in schema.get("required", ())
            lines += self._entry(
                name, shape, f"{path}.{name}", indent, commented=commented, required=required
            )
        return lines

    def _ordered(self, schema: Mapping[str, Any], path: str) -> list[tuple[str, Mapping[str, Any]]]:
        required = schema.get("required", ())
        kept = [
            (name, prop)
            for name, prop in (schema.get("properties") or {}).items()
            if not (name == SHARED and schema.get("x-commun"))
            and self._kept(resolve(prop, self.root), f"{path}.{name}", required=name in required)
        ]
        return sorted(
            kept,
            key=lambda one: (
                one[0] not in required,
                one[0] == SOURCE,
                -self._weight(resolve(one[1], self.root), f"{path}.{one[0]}"),
            ),
        )

    def _kept(self, shape: Mapping[str, Any], path: str, *, required: bool) -> bool:
        if required or path in self.guide.known:
            return True
        if path.endswith(f".{SOURCE}"):
            return True
        if self.guide.only_early and not shape.get("x-avant-signature"):
            return False
        children = self._children(shape)
        if not children:
            return self.guide.relevance.concerns(path)
        below = [
            (f"{path}.{name}", resolve(prop, self.root)) for name, prop in children.items() if name != SOURCE
        ]
        kept = [child for child in below if self._kept(child[1], child[0], required=False)]
        # What no rule reads (a reference, a remark) does not keep alone an object whose facts do not matter.
        return bool(kept) and (
            len(kept) == len(below) or any(self._weight(child[1], child[0]) for child in kept)
        )

    def _children(self, shape: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields of an object, or of the rows of a list."""
        for branch in shape.get("anyOf") or (shape,):
            branch = resolve(branch, self.root)
            if branch.get("type") == "array":
                branch = resolve(branch.get("items") or {}, self.root)
            if branch.get("type") == "object":
                found: Mapping[str, Any] = branch.get("properties") or {}
                return found
        return {}

    def _weight(self, shape: Mapping[str, Any], path: str) -> int:
        children = self._children(shape)
        own = self.guide.relevance.weight(path)
        return max(
            [
                own,
                *(
                    self._weight(resolve(prop, self.root), f"{path}.{name}")
                    for name, prop in children.items()
                ),
            ]
        )

    def _entry(
        self, name: str, shape: Mapping[str, Any], path: str, indent: int, *, commented: bool, required: bool
    ) -> list[str]:
        known = self.guide.known.get(path)
        active = not commented and (required or known is not None)
        mark = "" if active else "#"
        if name == SOURCE:
            return [f"{mark}{' ' * indent}{name}:"]
        lines = [] if commented else [""]
        lines += self._explained(shape, path, indent, commented=commented, required=required)
        if active:
            constant = shape.get("const") if known is None else known
            return [
                *lines,
                f"{' ' * indent}{name}:" + (f" {scalar(constant)}" if constant is not None else ""),
            ]
        lines.append(f"{mark}{' ' * indent}{name}:")
        return [*lines, *self._below(shape, path, indent)]

    def _explained(
        self, shape: Mapping[str, Any], path: str, indent: int, *, commented: bool, required: bool
    ) -> list[str]:
        prefix = f"#{' ' * indent}# " if commented else "# "
        weight = self.guide.relevance.weight(path)
        return _comment(
            say.explanation(shape, self._words(shape), self._pieces(shape), weight, required=required), prefix
        )

    def _words(self, shape: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the words a field admits, each with its meaning."""
        value = resolve(shape.get("items") or {}, self.root) if shape.get("type") == "array" else shape
        branches = [resolve(branch, self.root) for branch in value.get("anyOf") or (value,)]
        labels: dict[str, str] = {}
        for branch in (*branches, value):
            labels.update(branch.get("x-libelles") or {})
        words = [word for branch in branches for word in branch.get("enum", ())]
        if any(isinstance(word, bool) for word in words):
            return [("oui", ""), ("non", "")]
        return [(str(word), labels.get(str(word), "")) for word in words]

    def _pieces(self, shape: Mapping[str, Any]) -> list[str]:
        pieces = shape.get("x-piece") or ()
        return [self.guide.piece(code) for code in ((pieces,) if isinstance(pieces, str) else pieces)]

    def _below(self, shape: Mapping[str, Any], path: str, indent: int) -> list[str]:
        """Return what an object or a table holds, all of it waiting."""
        inner = indent + STEP
        if shape.get("type") == "object":
            return self.entries(shape, path, inner, commented=True)
        for branch in shape.get("anyOf") or (shape,):
            branch = resolve(branch, self.root)
            if ROWS in (branch.get("properties") or {}):
                settings = [name for name in branch["properties"] if name not in (ROWS, SOURCE)]
                head = [line for name in settings for line in self._setting(branch, name, path, inner)]
                rows = branch["properties"][ROWS]
                return [
                    *head,
                    f"#{' ' * inner}{SOURCE}:",
                    f"#{' ' * inner}{ROWS}:",
                    *self._row(rows, path, inner + STEP),
                ]
        return self._row(shape, path, inner) if shape.get("type") == "array" else []

    def _setting(self, table: Mapping[str, Any], name: str, path: str, indent: int) -> list[str]:
        shape = resolve(table["properties"][name], self.root)
        required = name in table.get("required", ())
        return self._entry(name, shape, f"{path}.{name}", indent, commented=True, required=required)

    def _row(self, rows: Mapping[str, Any], path: str, indent: int) -> list[str]:
        """Return one waiting row: its dash stands on the line of its first field."""
        item = resolve(rows.get("items") or {}, self.root)
        if item.get("type") != "object":
            return []
        lines = self.entries(item, path, indent + STEP, commented=True)
        field = f"#{' ' * (indent + STEP)}"
        first = next((rank for rank, line in enumerate(lines) if not line.startswith(f"{field}#")), None)
        if first is not None:
            lines[first] = f"#{' ' * indent}- {lines[first].removeprefix(field)}"
        return lines
