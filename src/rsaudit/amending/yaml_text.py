"""A YAML text edited where it stands: what is not changed keeps its bytes, comments and layout included.

A round-trip library would rewrite the whole file in its own manner (quotes, widths, flow mappings); an inspector who
compares two versions must see only what changed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from rsaudit.loading.yaml_events import resolve_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLAIN = re.compile(r"[^\W_]([^:#,\[\]{}&*!|>'\"%@`\n\t\\]|:(?=\S))*\Z")
_WIDTH = 110
_STEP = 2
Steps = tuple[str | int, ...]


@dataclass(slots=True)
class _Edits:
    """What is to be done to the collections and values of a text."""

    values: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    """`id(node)` → (node, new value)."""
    keys: dict[int, tuple[Any, dict[str, Any]]] = field(default_factory=dict)
    """`id(mapping)` → (mapping, keys to add)."""
    items: dict[int, tuple[Any, list[Any]]] = field(default_factory=dict)
    """`id(sequence)` → (sequence, items to add)."""


class YamlText:
    """One YAML file being edited: tell the changes, then ask for the text."""

    def __init__(self, text: str, order: Mapping[tuple[str, ...], Sequence[str]] | None = None) -> None:
        """Read a text that our loader accepts; `order` gives, by path without indexes, the usual order of keys."""
        self._text = text
        self._order = order or {}
        self._root = yaml.compose(text, Loader=yaml.SafeLoader) if text.strip() else None
        self._edits = _Edits()
        self._new: dict[str, Any] = {}
        self._paths: dict[int, tuple[str, ...]] = {}

    def set(self, steps: Steps, value: Any) -> None:
        """Give a value to a key; the mappings on the way are made when they are absent."""
        if self._root is None:
            _nest(self._new, steps, value)
            return
        node: Any = self._root
        for rank, step in enumerate(steps):
            if isinstance(node, yaml.MappingNode):
                found = _value(node, str(step))
                if found is None:
                    self._add_key(node, steps, rank, value)
                    return
                if rank == len(steps) - 1 or _is_null(found):
                    rest = steps[rank + 1 :]
                    self._replace(found, _nested(rest, value) if rest else value)
                    return
                node = found
            else:
                node = node.value[step]
        raise KeyError(steps)

    def append(self, steps: Steps, items: Sequence[Any]) -> None:
        """Add items at the end of a list; the list is made when it is absent."""
        pending = self.pending(steps)
        node = self._find(steps)
        if isinstance(pending, list):
            pending.extend(items)
        elif node is None or _is_null(node):
            self.set(steps, list(items))
        elif not isinstance(node, yaml.SequenceNode):
            raise KeyError(steps)
        elif not node.value:
            self._replace(node, [*self._replaced(node), *items])
        else:
            self._edits.items.setdefault(id(node), (node, []))[1].extend(items)

    def result(self) -> str:
        """Return the edited text."""
        if self._root is None:
            return self._text + render(self._new)
        splices: list[tuple[int, int, str]] = []
        for node, value in self._edits.values.values():
            splices.append(self._replacement(node, value))
        for node, keys in self._edits.keys.values():
            splices.extend(self._additions(node, keys))
        for node, items in self._edits.items.values():
            splices.append(self._appended(node, items))
        text = self._text
        newline = "\r\n" if "\r\n" in text else "\n"
        for at, end, replacement in sorted(splices, key=lambda splice: splice[:2], reverse=True):
            text = text[:at] + replacement.replace("\n", newline) + text[end:]
        return text

    # -- what is asked ---------------------------------------------------------------------------------

    def _find(self, steps: Steps) -> Any:
        node: Any = self._root
        for step in steps:
            if isinstance(node, yaml.MappingNode):
                node = _value(node, str(step))
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                return None
        return node

    def pending(self, steps: Steps) -> Any:
        """Return what is about to be written at a place that the text does not have yet; `None` for nothing."""
        node = self._root
        if node is None:
            return _inside(self._new, steps)
        for rank, step in enumerate(steps):
            if isinstance(node, yaml.MappingNode):
                found = _value(node, str(step))
                if found is None:
                    _, added = self._edits.keys.get(id(node), (node, {}))
                    return _inside(added, steps[rank:])
                if id(found) in self._edits.values:
                    return _inside(self._edits.values[id(found)][1], steps[rank + 1 :])
                node = found
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                return None
        return None

    def _replaced(self, node: Any) -> list[Any]:
        return list(self._edits.values[id(node)][1]) if id(node) in self._edits.values else []

    def _replace(self, node: Any, value: Any) -> None:
        earlier = self._edits.values.get(id(node))
        if earlier is not None and isinstance(earlier[1], dict) and isinstance(value, dict):
            value = _merged(earlier[1], value)
        self._edits.values[id(node)] = (node, value)

    def _add_key(self, node: Any, steps: Steps, rank: int, value: Any) -> None:
        keys = self._edits.keys.setdefault(id(node), (node, {}))[1]
        self._paths[id(node)] = tuple(step for step in steps[:rank] if isinstance(step, str))
        _nest(keys, steps[rank:], value)

    # -- what is written -------------------------------------------------------------------------------

    def _replacement(self, node: Any, value: Any) -> tuple[int, int, str]:
        start, end = node.start_mark.index, _end(node, self._text)
        if start == end:  # a key without value: « visites: »
            return start, end, " " + flow(value)
        if isinstance(value, list) and not _is_short(flow(value), node.start_mark.column):
            indent = self._alone_after_its_key(node)
            if indent is not None:  # « points: [] »: too long for one line, the rows take one each
                start = len(self._text[:start].rstrip(" "))
                return start, end, "".join("\n" + _item(item, indent + _STEP) for item in value)
        return start, end, flow(value)

    def _alone_after_its_key(self, node: Any) -> int | None:
        """Return the indent of a key whose line holds nothing but it and this value; `None` otherwise."""
        start, end = node.start_mark.index, _end(node, self._text)
        before = self._text[self._text.rfind("\n", 0, start) + 1 : start]
        after = self._text[end : self._line_end(node)]
        if not re.fullmatch(r" *[\w-]+: *", before) or after.strip():
            return None
        return len(before) - len(before.lstrip(" "))

    def _additions(self, node: Any, keys: Mapping[str, Any]) -> list[tuple[int, int, str]]:
        if node.flow_style or not node.value:
            inside = ", ".join(f"{_scalar(key)}: {flow(value)}" for key, value in keys.items())
            at = node.end_mark.index - 1
            before = self._text[:at].rstrip()
            glue = "" if before.endswith(("{", ",")) else ", "
            return [(len(before), len(before), glue + inside)]
        indent = node.start_mark.column
        order = list(self._order.get(self._paths[id(node)], ()))
        grouped: dict[int, list[str]] = {}
        for key in sorted(keys, key=lambda name: order.index(name) if name in order else len(order)):
            at = self._line_end(self._anchor(node, key, order))
            grouped.setdefault(at, []).append(_block(key, keys[key], indent))
        return [(at, at, "".join("\n" + text for text in texts)) for at, texts in grouped.items()]

    def _anchor(self, node: Any, key: str, order: Sequence[str]) -> Any:
        """Return the value after which a new key goes: the last one that usually comes before it, else the last."""
        if key in order:
            before = set(order[: order.index(key)])
            for name, value in reversed(node.value):
                if name.value in before:
                    return value
        return node.value[-1][1]

    def _appended(self, node: Any, items: Sequence[Any]) -> tuple[int, int, str]:
        if node.flow_style:
            before = self._text[: node.end_mark.index - 1].rstrip()
            glue = "" if before.endswith(",") else ","
            return len(before), len(before), glue + " " + ", ".join(flow(item) for item in items)
        at = self._line_end(node.value[-1])
        indent = node.start_mark.column
        return at, at, "".join("\n" + _item(item, indent) for item in items)

    def _line_end(self, node: Any) -> int:
        end = _end(node, self._text)
        newline = self._text.find("\n", end)
        at = len(self._text) if newline < 0 else newline
        return at - 1 if at and self._text[at - 1 : at + 1] == "\r\n" else at


def _value(node: Any, key: str) -> Any:
    return next((value for name, value in node.value if name.value == key), None)


def _is_null(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and resolve_plain(node.value) is None


def _end(node: Any, text: str) -> int:
    """Return where the written form of a node ends, without the blank or commented lines after it."""
    if isinstance(node, yaml.ScalarNode):
        start = node.start_mark.index
        return start + len(text[start : node.end_mark.index].rstrip())
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last, text)


def _inside(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value.get(str(step)) if isinstance(value, dict) else None
    return value


def _nest(keys: dict[str, Any], steps: Steps, value: Any) -> None:
    first, *rest = steps
    if not rest:
        keys[str(first)] = value
        return
    inner = keys.setdefault(str(first), {})
    _nest(inner, tuple(rest), value)


def _nested(steps: Steps, value: Any) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    _nest(keys, steps, value)
    return keys


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        lower = merged.get(key)
        merged[key] = _merged(lower, value) if isinstance(lower, dict) and isinstance(value, dict) else value
    return merged


# -- values ----------------------------------------------------------------------------------------------


def render(data: Mapping[str, Any]) -> str:
    """Write a mapping as block YAML, short lists and rows on one line."""
    return "".join(_block(key, value, 0) + "\n" for key, value in data.items())


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    if _PLAIN.match(text) and text == text.strip() and isinstance(resolve_plain(text), str):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """Write a text between double quotes; what is no printable character is escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda match: f"\\u{ord(match.group()):04x}", quoted
    )


def flow(value: Any) -> str:
    """Write a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(child) for child in value) + "]"
    return _scalar(value)


def _is_short(text: str, indent: int) -> bool:
    return len(text) + indent <= _WIDTH


def _block(key: str, value: Any, indent: int) -> str:
    head = f"{' ' * indent}{_scalar(key)}:"
    if isinstance(value, dict) and value:
        line = flow(value)
        is_leaf = not any(isinstance(child, dict | list) for child in value.values())
        if is_leaf and key == "source" and _is_short(line, indent + len(key) + 2):
            return f"{head} {line}"
        return head + "".join("\n" + _block(name, child, indent + _STEP) for name, child in value.items())
    if isinstance(value, list) and value:
        line = flow(value)
        if not any(isinstance(child, dict | list) for child in value) and _is_short(
            line, indent + len(key) + 2
        ):
            return f"{head} {line}"
        return head + "".join("\n" + _item(child, indent + _STEP) for child in value)
    return f"{head} {flow(value)}"


def _item(value: Any, indent: int) -> str:
    dash = f"{' ' * indent}- "
    if not isinstance(value, dict) or not value:
        return dash + flow(value)
    line = flow(value)
    if _is_short(line, indent + 2):
        return dash + line
    lines = [_block(name, child, indent + _STEP) for name, child in value.items()]
    return dash + "\n".join(lines)[indent + _STEP :]
