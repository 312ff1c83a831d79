"""Changes of values in a YAML text, every other byte left as it is: comments, order, blank lines, quotes, line ends.

Values are compared as our loader reads them; only what differs is written again. A line that a new dossier offers as a
comment (« #champ: ») gives its place to the value it was waiting for. A round-trip library would write the whole file
again in its own manner; whoever compares two versions must see only what changed.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from rsaudit.amending.differences import FILE, ROWS
from rsaudit.amending.rendering import STEP, Renderer, is_nothing, same
from rsaudit.shapes import identifiers, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHEET = "feuille"
BOM, CRLF = "\ufeff", "\r\n"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Edit:
    """A piece of text to replace."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """The schema of a value, and what writes values of its section."""

    schema: Mapping[str, Any]
    renderer: Renderer

    def of(self, name: str) -> Shape:
        """Return the shape of a field."""
        return Shape((self.schema.get("properties") or {}).get(name) or {}, self.renderer)

    def taken_by(self, value: Any) -> Shape:
        """Return the branch a value takes, references followed."""
        return Shape(self.renderer.shape(value, self.schema), self.renderer)

    @property
    def item(self) -> Shape:
        """Return the shape of the items of a list."""
        found = resolve(self.schema.get("items") or {}, self.renderer.root)
        return Shape(found, self.renderer)

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Return the identifying fields of an object."""
        return identifiers(self.schema)


@dataclass(frozen=True, slots=True)
class Whole:
    """The shape of a dossier in one file: each section has its own schema."""

    sections: Mapping[str, Mapping[str, Any]]

    @property
    def schema(self) -> Mapping[str, Any]:
        """Return the sections as the fields of an object."""
        return {"properties": self.sections}

    rows_in_line: bool = False

    def of(self, name: str) -> Shape:
        """Return the shape of a section."""
        found = self.sections.get(name) or {}
        return Shape(found, Renderer(found, rows_in_line=self.rows_in_line))


@dataclass(slots=True)
class Editor:
    """Edits gathered on one text, whose lines end as Unix ends them."""

    text: str
    edits: list[Edit] = field(default_factory=list)
    detached: list[str] = field(default_factory=list)
    """Files of tables whose rows are now written in the YAML itself."""

    def update(self, before: Mapping[str, Any], after: Mapping[str, Any], shape: Shape | Whole) -> None:
        """Gather what makes the text say `after`, where it says `before`."""
        node = yaml.compose(self.text, Loader=_Loader)
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, before, after, shape)
        else:
            self._onto_nothing(after, shape)

    def applied(self, original: str) -> str:
        """Make the edits in the text whose line ends were not brought to Unix ones; what is new ends as it does."""
        # How many signs of `original` are not in `self.text` before each place: the first half of Windows line ends.
        dropped = [match.start() - rank for rank, match in enumerate(re.finditer(CRLF, original))]
        newline = CRLF if dropped else "\n"
        text = original
        # From the end; at one place, what was told first (what goes deepest) is written first.
        ranked = sorted(
            enumerate(self.edits), key=lambda one: (one[1].start, one[1].end, one[0]), reverse=True
        )
        for _, edit in ranked:
            start, end = (place + bisect_left(dropped, place) for place in (edit.start, edit.end))
            text = text[:start] + edit.text.replace("\n", newline) + text[end:]
        return text

    def _onto_nothing(self, after: Mapping[str, Any], shape: Shape | Whole) -> None:
        """Fill a text that holds nothing but comments."""
        self._insert_all(_Block(0, 0, len(self.text), None), after, list(after), shape)

    # -- mappings --------------------------------------------------------------------------------------

    def _mapping(
        self,
        node: yaml.MappingNode,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        shape: Shape | Whole,
    ) -> None:
        after = self._with_rows_where_they_are(node, before, after)
        entries = [(str(key.value), key, value) for key, value in node.value]
        gone = [
            name for name, _, _ in entries if is_nothing(after.get(name)) and not is_nothing(before.get(name))
        ]
        for name, key, value in entries:
            if name not in gone and not is_nothing(after.get(name)):
                self._value(
                    key, value, before.get(name), after[name], shape.of(name), flow=bool(node.flow_style)
                )
        written = {name for name, _, _ in entries}
        added = [
            name
            for name, value in after.items()
            if name not in written and not is_nothing(value) and not alike(before.get(name), value)
        ]
        if not (node.flow_style and added and len(gone) == len(entries)):
            self._delete_entries(node, gone)
        if not added:
            return
        if node.flow_style:
            self._add_to_flow(node, {name: after[name] for name in added}, shape, gone)
        else:
            self._add_to_block(node, after, added, shape, gone)

    def _with_rows_where_they_are(
        self, node: yaml.MappingNode, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Leave a table in its own file when its rows are the same; else its rows come into the YAML."""
        files = {
            str(key.value): str(value.value) for key, value in node.value if str(key.value) in (FILE, SHEET)
        }
        if FILE not in files or ROWS not in after:
            return after
        if alike(before.get(ROWS), after[ROWS]):
            return {**{name: value for name, value in after.items() if name != ROWS}, **files}
        self.detached.append(files[FILE])
        for name in files:
            self._delete_entries(node, [name])
        return after

    def _delete_entries(self, node: yaml.MappingNode, names: Sequence[str]) -> None:
        spans = [
            _Span(key.start_mark.index, self._end(value, key.end_mark.index + 1), str(key.value) in names)
            for key, value in node.value
        ]
        self._delete(spans, flow=bool(node.flow_style))

    def _delete(self, spans: list[_Span], *, flow: bool) -> None:
        for rank, span in enumerate(spans):
            if not span.gone:
                continue
            kept_after = any(not other.gone for other in spans[rank + 1 :])
            alone = self.text[self._line_start(span.start) : span.start].strip() == ""
            if not flow and alone:
                self.edits.append(Edit(self._line_start(span.start), self._line_end(span.end) + 1, ""))
            elif kept_after:
                self.edits.append(Edit(span.start, spans[rank + 1].start, ""))
            else:
                self.edits.append(Edit(spans[rank - 1].end if rank else span.start, span.end, ""))

    def _add_to_flow(
        self, node: yaml.MappingNode, added: Mapping[str, Any], shape: Shape | Whole, gone: Sequence[str]
    ) -> None:
        kept = [(key, value) for key, value in node.value if str(key.value) not in gone]
        shapes = {name: shape.of(name) for name in added}
        parts = [
            f"{name}: {shapes[name].renderer.flow(value, shapes[name].schema)}"
            for name, value in added.items()
        ]
        if kept:
            key, value = kept[-1]
            place = self._end(value, key.end_mark.index + 1)
            self.edits.append(Edit(place, place, "".join(f", {part}" for part in parts)))
        else:
            self.edits.append(Edit(node.start_mark.index + 1, node.end_mark.index - 1, ", ".join(parts)))

    def _add_to_block(
        self,
        node: yaml.MappingNode,
        after: Mapping[str, Any],
        added: Sequence[str],
        shape: Shape | Whole,
        gone: Sequence[str],
    ) -> None:
        kept = [(str(key.value), key, value) for key, value in node.value if str(key.value) not in gone]
        first = node.value[0][0]
        block = _Block(
            first.start_mark.column,
            self._line_start(first.start_mark.index),
            self._block_end(node),
            {name: self._line_end(self._end(value, key.end_mark.index + 1)) for name, key, value in kept},
        )
        self._insert_all(block, after, added, shape)

    def _insert_all(
        self, block: _Block, after: Mapping[str, Any], added: Sequence[str], shape: Shape | Whole
    ) -> None:
        """Write new entries: at the line that waits for each, else after the entry that precedes it in the schema."""
        order = list(shape.schema.get("properties") or {})
        rank = {name: place for place, name in enumerate(order)}
        for name in sorted(added, key=lambda one: rank.get(one, len(rank))):
            child = shape.of(name)
            lines = child.renderer.entry(name, after[name], child.schema, block.indent)
            waiting = self._waiting(name, block)
            if waiting is not None:
                self._take_place(waiting, name, after[name], shape, block, lines)
                continue
            ends = block.ends or {}
            earlier = [other for other in ends if rank.get(other, -1) < rank.get(name, len(rank))]
            if ends:
                last = max(earlier or ends, key=lambda one: ends[one])
                self._insert_line(ends[last], lines)
            else:
                self._insert_at_start(block, lines)

    def _insert_at_start(self, block: _Block, lines: list[str]) -> None:
        """Write lines where nothing is kept: before what goes, or after the comments that are all there is."""
        if block.ends is None:
            self._insert_line(block.end, lines)
        else:
            self.edits.append(Edit(block.start, block.start, "\n".join(lines) + "\n"))

    def _insert_line(self, place: int, lines: list[str]) -> None:
        """Write lines after the one that ends at a place."""
        text = "\n".join(lines)
        at_start = place == 0 or (place >= len(self.text) and self.text.endswith("\n"))
        self.edits.append(Edit(place, place, f"{text}\n" if at_start else f"\n{text}"))

    # -- lines that wait -------------------------------------------------------------------------------

    def _waiting(self, name: str, block: _Block) -> re.Match[str] | None:
        """Return the commented line that offers an entry of a block."""
        pattern = re.compile(rf"^#{' ' * block.indent}{re.escape(name)}:[^\n]*$", re.MULTILINE)
        return pattern.search(self.text, self._comment_start(block.start, block.indent), block.end)

    def _take_place(
        self,
        waiting: re.Match[str],
        name: str,
        value: Any,
        shape: Shape | Whole,
        block: _Block,
        lines: list[str],
    ) -> None:
        inner = shape.of(name).taken_by(value)
        if not isinstance(value, dict) or not inner.schema.get("properties") or ROWS in value:
            self.edits.append(Edit(waiting.start(), waiting.end(), "\n".join(lines)))
            return
        self.edits.append(Edit(waiting.start(), waiting.end(), f"{' ' * block.indent}{name}:"))
        below = _Block(
            block.indent + STEP, waiting.end(), self._comment_end(waiting.end(), block.indent), None
        )
        rest = []
        for key in value:
            if is_nothing(value[key]):
                continue
            found = self._waiting(key, below)
            entry = inner.renderer.entry(key, value[key], inner.of(key).schema, below.indent)
            if found is None:
                rest.extend(entry)
            else:
                self._take_place(found, key, value[key], inner, below, entry)
        if rest:
            self.edits.append(Edit(waiting.end(), waiting.end(), "\n" + "\n".join(rest)))

    def _comment_start(self, place: int, indent: int) -> int:
        """Return where the comments above a place that go as deep as an indent begin."""
        while place:
            above = self._line_start(place - 1)
            if not re.match(rf"#{' ' * indent}|[ \t]*\n", self.text[above:place]):
                break
            place = above
        return place

    def _comment_end(self, place: int, indent: int) -> int:
        """Return where the comments that go deeper than an indent end."""
        deeper = re.compile(rf"\n#{' ' * (indent + STEP)}[^\n]*")
        while found := deeper.match(self.text, place):
            place = found.end()
        return place

    # -- values ----------------------------------------------------------------------------------------

    def _value(
        self, key: yaml.Node, node: yaml.Node, before: Any, after: Any, shape: Shape, *, flow: bool
    ) -> None:
        if alike(before, after):
            return
        taken = shape.taken_by(after)
        if (
            isinstance(node, yaml.MappingNode)
            and isinstance(after, dict)
            and isinstance(before, dict)
            and node.value
        ):
            self._mapping(node, before, after, taken)
        elif isinstance(node, yaml.SequenceNode) and isinstance(after, list) and isinstance(before, list):
            if not self._sequence(node, before, after, taken):
                self._replace(key, node, after, shape, flow=flow)
        else:
            self._replace(key, node, after, shape, flow=flow)

    def _replace(self, key: yaml.Node, node: yaml.Node, after: Any, shape: Shape, *, flow: bool) -> None:
        colon = key.end_mark.index + 1
        if flow:
            text = shape.renderer.flow(after, shape.schema)
            self.edits.append(Edit(node.start_mark.index, self._end(node, colon), text))
            return
        name, indent = str(key.value), key.start_mark.column
        lines = shape.renderer.entry(name, after, shape.schema, indent)
        head = f"{' ' * indent}{name}:"
        short = lines[0].removeprefix(head)
        plain = isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">") and len(lines) == 1
        if plain and self._end(node, colon) > colon:
            self.edits.append(Edit(node.start_mark.index, self._end(node, colon), short.removeprefix(" ")))
        else:
            self.edits.append(Edit(colon, self._end(node, colon), "\n".join([short, *lines[1:]])))

    def _sequence(self, node: yaml.SequenceNode, before: list[Any], after: list[Any], shape: Shape) -> bool:
        """Change the items of a list one by one; say no when it must be written whole."""
        item = shape.item
        old, new = _names(before, after, item)
        kept = [name for name in new if name in old]
        if (
            len(set(old)) < len(old)
            or len(set(new)) < len(new)
            or not kept
            or len(node.value) != len(before)
            or kept != [name for name in old if name in new]
        ):
            return False
        flow = bool(node.flow_style)
        places = dict(zip(old, zip(node.value, before, strict=True), strict=True))
        for name, value in zip(new, after, strict=True):
            if name in places and not alike(places[name][1], value):
                child, was = places[name]
                if not isinstance(child, yaml.MappingNode) or not isinstance(was, dict) or not child.value:
                    return False
                self._mapping(child, was, value, item)
        spans = [
            _Span(self._item_start(child, flow=flow), self._end(child), name not in new)
            for name, (child, _) in places.items()
        ]
        self._delete(spans, flow=flow)
        self._add_items(
            node, list(zip(new, after, strict=True)), {n: c for n, (c, _) in places.items()}, item
        )
        return True

    def _add_items(
        self,
        node: yaml.SequenceNode,
        items: list[tuple[Any, Any]],
        places: Mapping[Any, yaml.Node],
        item: Shape,
    ) -> None:
        flow = bool(node.flow_style)
        first = next(places[name] for name, _ in items if name in places)
        previous: yaml.Node | None = None
        for name, value in items:
            if name in places:
                previous = places[name]
            elif flow:
                text = item.renderer.flow(value, item.schema)
                place = first.start_mark.index if previous is None else self._end(previous)
                self.edits.append(Edit(place, place, f"{text}, " if previous is None else f", {text}"))
            else:
                dash = self._item_start(first, flow=False)
                lines = _like(previous or first, item).item(value, item.schema, dash - self._line_start(dash))
                if previous is None:
                    start = self._line_start(dash)
                    self.edits.append(Edit(start, start, "\n".join(lines) + "\n"))
                else:
                    self._insert_line(self._line_end(self._end(previous)), lines)

    # -- places ----------------------------------------------------------------------------------------

    def _item_start(self, node: yaml.Node, *, flow: bool) -> int:
        start: int = node.start_mark.index
        return start if flow else self.text.rfind("-", 0, start)

    def _line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end

    def _end(self, node: yaml.Node, least: int = 0) -> int:
        """Return where the last sign of a node is, comments and blank lines after it left out."""
        end: int = node.end_mark.index
        if isinstance(node, yaml.ScalarNode):
            if not node.value and node.style is None:
                return least or int(node.start_mark.index)
            return len(self.text[:end].rstrip()) if node.style in ("|", ">") else end
        assert isinstance(node, yaml.CollectionNode)  # noqa: S101 - YAML has no other
        if node.flow_style or not node.value:
            return end
        last = node.value[-1]
        if isinstance(node, yaml.MappingNode):
            return self._end(last[1], last[0].end_mark.index + 1)
        return self._end(last)

    def _block_end(self, node: yaml.MappingNode) -> int:
        """Return where a block ends, the comments that follow and go as deep included."""
        key, value = node.value[-1]
        place = self._line_end(self._end(value, key.end_mark.index + 1))
        indent = key.start_mark.column
        follows = re.compile(rf"\n(?:#{' ' * indent}[^\n]*|[ \t]*)(?=\n|\Z)")
        while found := follows.match(self.text, place):
            if found.end() == place:
                break
            place = found.end()
        return place


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    gone: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of entries: its indent, where it is, where each entry's last line ends."""

    indent: int
    start: int
    end: int
    ends: Mapping[str, int] | None


def _like(row: yaml.Node, item: Shape) -> Renderer:
    """Return what writes a row as the one it stands beside is written: on one line, or on several."""
    if not isinstance(row, yaml.MappingNode):
        return item.renderer
    return Renderer(item.renderer.root, rows_in_line=bool(row.flow_style))


def _names(before: list[Any], after: list[Any], item: Shape) -> tuple[list[Any], list[Any]]:
    """Return names for the items of two lists: one item before and after has one name.

    Objects that nothing identifies, or whose identifier is used twice, are matched in their order.
    """
    old, new = [_name(one, item) for one in before], [_name(one, item) for one in after]
    twice = len(set(old)) < len(old) or len(set(new)) < len(new)
    if not all(isinstance(one, dict) for one in (*before, *after)) or (item.identifiers and not twice):
        return old, new
    ranks: dict[int, int] = {}
    for what, start, end, other, other_end in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if what in ("equal", "replace"):
            ranks.update(zip(range(other, other_end), range(start, end), strict=False))
    return list(range(len(old))), [ranks.get(rank, len(old) + rank) for rank in range(len(new))]


def _name(value: Any, item: Shape) -> Any:
    """Return what tells an item of a list from the others."""
    if isinstance(value, dict):
        keys = item.identifiers
        return tuple(str(value.get(key)) for key in keys) if keys else repr(sorted(value.items(), key=str))
    return (type(value).__name__, str(value))


def alike(before: Any, after: Any) -> bool:
    """Say whether two values say the same."""
    if is_nothing(before) or is_nothing(after):
        return is_nothing(before) and is_nothing(after)
    if isinstance(before, dict) and isinstance(after, dict):
        return all(alike(before.get(key), after.get(key)) for key in {**before, **after})
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(alike, before, after))
    return same(before, after)


def update(
    text: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    schema: Mapping[str, Any],
    *,
    rows_in_line: bool = False,
) -> tuple[str, list[str]]:
    """Return a section's text changed from `before` to `after`, and the files of tables no longer read.

    `rows_in_line` says how the rows of a table that has none yet are written; the others follow those they join.
    """
    return _updated(text, before, after, Shape(schema, Renderer(schema, rows_in_line=rows_in_line)))


def update_whole(
    text: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    sections: Mapping[str, Mapping[str, Any]],
    *,
    rows_in_line: bool = False,
) -> tuple[str, list[str]]:
    """Do the same of a dossier that is one file."""
    return _updated(text, before, after, Whole(sections, rows_in_line=rows_in_line))


def _updated(
    text: str, before: Mapping[str, Any], after: Mapping[str, Any], shape: Shape | Whole
) -> tuple[str, list[str]]:
    mark = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    editor = Editor(body.replace(CRLF, "\n"))
    editor.update(before, after, shape)
    return mark + editor.applied(body), editor.detached
