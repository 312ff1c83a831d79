"""Programs that read the dossier: paths, lists, references, facts, parameters. The hot path of an audit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from rsaudit.conditions.calendar_dates import parse_date, parse_duration
from rsaudit.conditions.exact import percent
from rsaudit.conditions.texts import normal_form
from rsaudit.conditions.values import (
    Causes,
    Contradiction,
    Frame,
    Missing,
    Rows,
    Run,
    Silent,
    Unknown,
    Unseen,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROWS, EXTENT, TOTAL = "lignes", "etendue", "effectif_total"
"""Keys of the object form of a table."""
COMPLETE = "complete"


class Shape(Struct, frozen=True):
    """What reading a value needs to know of its type."""

    kind: str
    silent: Sequence[str] = ()
    low: Any = None
    high: Any = None
    percent: bool = False
    has_extent: bool = False


class PathRead(Struct, frozen=True, array_like=True):
    """A field an expression reads: from a variable or a section, by keys, up to the first reference walked."""

    root: str
    keys: tuple[str, ...]
    is_subject: bool
    """It starts from the variable the rule ranges over."""
    direct: bool
    """False when it is read through a derived fact or an aggregate."""
    path: str
    """Static path in the schemas."""


class Key(Struct, frozen=True):
    """Read a field; `silent` are the words it may hold instead of an object to walk into."""

    name: str
    silent: Sequence[str] = ()


class Hop(Struct, frozen=True):
    """Go from a reference to the item it names, in the table at `table`."""

    table: str
    identifier: str
    has_extent: bool


class FactStep(Struct, frozen=True):
    """Read a derived fact of the item."""

    fact: str
    shape: Shape


class Reverse(Struct, frozen=True):
    """List the rows of the table at `source` whose `field` names this item."""

    source: str
    has_extent: bool
    field: str
    identifier: str


Step = Key | Hop | FactStep | Reverse


def section(name: str) -> Run:
    """Read a section; an absent one is an unknown that names it."""

    def evaluate(frame: Frame) -> Value:
        found = frame[0].data.get(name)
        return frame[0].section(name) if found is None else found

    return evaluate


def path(base: Run, steps: tuple[Step, ...], kind: Shape, slot: int | None = None) -> Run:
    """Follow steps from an item to a value of a type; `slot` is the place of the item when the path starts from one."""
    if kind.kind in {"list", "item"}:
        return _followed(base, steps, kind)
    if slot is not None and len(steps) == 1 and isinstance(steps[0], Key):
        return _field(slot, steps[0].name, kind)
    run = _followed(base, steps, kind)
    match steps:
        case (Key(name=name, silent=[]), Hop(table=table), Key(name=field)) if (
            slot is not None and as_written(kind)
        ):
            return _field_of_named(slot, name, table, field, run)
        case (FactStep(fact=name),) if slot is not None:
            return _fact(slot, name, run)
        case (*walk, Key(name=field)) if moves := _moves(walk):
            return _field_at_end(base, moves, field, kind, run)
    return run


def _followed(base: Run, steps: tuple[Step, ...], kind: Shape) -> Run:
    *walk, last = steps
    read = _last(last, kind)
    if not walk:
        return lambda frame: read(base(frame), frame, ())
    walkers = [(_walker(step), _names_below(steps[index:])) for index, step in enumerate(walk)]
    ends_with_hop = isinstance(walk[-1], Hop)

    def evaluate(frame: Frame) -> Value:
        current = base(frame)
        for follow, lost in walkers:
            if current.__class__ is Unknown:
                return _below(current, kind, lost)
            current = follow(current, frame)
        if ends_with_hop and current.__class__ is Unknown:
            return _below(current, kind, ())
        return read(current, frame, ())

    return evaluate


def _names_below(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Return the keys still to be read, unless a reference stands between: it is then the one that is missing."""
    if any(isinstance(step, Hop) for step in steps):
        return ()
    return tuple(step.name for step in steps if isinstance(step, Key))


def _below(found: Unknown, kind: Shape, names: tuple[str, ...]) -> Value:
    """Return what is known below a parent that is not: a list nobody showed, or a value of its type."""
    causes = _extended(found.causes, names)
    if kind.kind == "list":
        unseen = tuple(Unseen(c.container, c.key) if c.__class__ is Missing else c for c in causes)
        return _not_shown(kind, unseen)
    return absent(kind, causes, opaque=found.opaque)


# The commonest paths read at once what is plainly there.


def _field(slot: int, name: str, kind: Shape) -> Run:
    """Read one field of a variable."""
    missing = absence(kind)
    if as_written(kind):

        def evaluate(frame: Frame) -> Value:
            owner = frame[slot]
            raw = owner.get(name)
            return missing(owner, name) if raw is None else raw

        return evaluate
    convert, plain = scalar(kind), plain_classes(kind)
    if plain or kind.kind == "number":

        def evaluate_plain(frame: Frame) -> Value:
            owner = frame[slot]
            raw = owner.get(name)
            if raw.__class__ in plain:
                return raw
            return missing(owner, name) if raw is None else convert(raw, owner, name)

        return evaluate_plain
    parsed = _parsed(kind)

    def evaluate_parsed(frame: Frame) -> Value:
        owner = frame[slot]
        raw = owner.get(name)
        known = parsed.get(raw)
        if known is not None:
            return known
        return missing(owner, name) if raw is None else convert(raw, owner, name)

    return evaluate_parsed


def field_is(slot: int, name: str, word: str) -> Run:
    """Say whether a field of a variable holds a word."""
    missing = absence(Shape("word"))

    def evaluate(frame: Frame) -> Value:
        owner = frame[slot]
        raw = owner.get(name)
        return missing(owner, name) if raw is None else raw == word

    return evaluate


def _field_of_named(slot: int, name: str, table: str, field: str, otherwise: Run) -> Run:
    """Read one field, a value as it is written, of the item that a field of a variable names."""

    def evaluate(frame: Frame) -> Value:
        raw = frame[0].named[table].get(frame[slot].get(name), _NOTHING).get(field)
        return otherwise(frame) if raw is None else raw

    return evaluate


def field_of_named_is(slot: int, name: str, table: str, field: str, word: str, otherwise: Run) -> Run:
    """Say whether a field of the item that a field of a variable names holds a word."""

    def evaluate(frame: Frame) -> Value:
        raw = frame[0].named[table].get(frame[slot].get(name), _NOTHING).get(field)
        return otherwise(frame) if raw is None else raw == word

    return evaluate


def _moves(walk: Sequence[Step]) -> list[tuple[str, Sequence[str], str | None]]:
    """Return the fields walked through, the words they may hold instead, the tables they name an item of; or nothing."""
    moves: list[tuple[str, Sequence[str], str | None]] = []
    for step in walk:
        match step:
            case Key(name=name, silent=silent):
                moves.append((name, silent, None))
            case Hop(table=table) if moves:
                moves[-1] = (*moves[-1][:2], table)
            case _:
                return []
    return moves


def _field_at_end(
    base: Run, moves: list[tuple[str, Sequence[str], str | None]], field: str, kind: Shape, otherwise: Run
) -> Run:
    """Read one field of the item that a path leads to."""
    plain, convert = plain_classes(kind), scalar(kind)

    def evaluate(frame: Frame) -> Value:
        item = base(frame)
        for name, silent, table in moves:
            found = item.get(name)
            if found is None or (silent and found in silent):
                return otherwise(frame)
            item = found if table is None else frame[0].named[table].get(found, _NOTHING)
        raw = item.get(field)
        if raw.__class__ in plain:
            return raw
        return otherwise(frame) if raw is None else convert(raw, item, field)

    return evaluate


def _fact(slot: int, name: str, otherwise: Run) -> Run:
    """Read a derived fact of a variable."""

    def evaluate(frame: Frame) -> Value:
        owner = frame[slot]
        return frame[0].fact_of(name, owner) if owner.__class__ is dict else otherwise(frame)

    return evaluate


def as_written(kind: Shape) -> bool:
    """Say whether whatever is written is already a value of a type."""
    return kind.kind in {"word", "bool"}


def plain_classes(kind: Shape) -> frozenset[type]:
    """Return the classes of the raw data that are already values of a type; none when each is to be read."""
    if kind.kind == "number" and not kind.percent:
        return frozenset((int, Decimal))
    if as_written(kind):
        return frozenset((str, bool))
    return frozenset((str,)) if kind.kind in {"text", "reference"} and not kind.silent else frozenset()


_NOTHING: dict[str, Any] = {}
"""An item that is not found."""


def _walker(step: Step) -> Callable[[dict[str, Any], Frame], Value]:
    """Return what follows one step of a path that goes on."""
    if isinstance(step, Hop):
        return lambda current, frame: frame[0].item(step, current)
    if not isinstance(step, Key):
        return lambda current, frame: Unknown((Contradiction(),), opaque=True)
    name, silent = step.name, step.silent

    def follow(current: dict[str, Any], frame: Frame) -> Value:
        found = current.get(name)
        if found is None:
            return Unknown((Missing(current, name),))
        if silent and found in silent:
            return Unknown((Silent(current, name, found),), opaque=True, word=found)
        return found

    return follow


def _last(step: Step, kind: Shape) -> Callable[[Value, Frame, tuple[str, ...]], Value]:
    if isinstance(step, FactStep):

        def read_fact(owner: Value, frame: Frame, _: tuple[str, ...]) -> Value:
            if owner.__class__ is Unknown:
                return absent(step.shape, _extended(owner.causes, ()), opaque=owner.opaque)
            return frame[0].fact_of(step.fact, owner)

        return read_fact
    if isinstance(step, Reverse):
        return lambda owner, frame, _: reverse(step, owner, frame)
    if kind.kind == "list":
        return lambda owner, frame, names: rows(owner, step.name, kind, names)  # type: ignore[union-attr]
    if kind.kind == "item":
        return lambda owner, frame, _: _object(owner, step.name)  # type: ignore[union-attr]
    convert = scalar(kind)
    name = step.name  # type: ignore[union-attr]
    return lambda owner, frame, names: (
        convert(None, owner, name) if owner.__class__ is Unknown else convert(owner.get(name), owner, name)
    )


def _object(owner: Value, name: str) -> Value:
    if owner.__class__ is Unknown:
        return Unknown(_extended(owner.causes, (name,)), opaque=owner.opaque)
    found = owner.get(name)
    return Unknown((Missing(owner, name),)) if found is None else found


def _extended(causes: Causes, names: tuple[str, ...]) -> Causes:
    """Lengthen the missing key of an absent parent by what was to be read below it."""
    if not names:
        return causes
    rest = ".".join(names)
    return tuple(
        Missing(cause.container, f"{cause.key}.{rest}") if cause.__class__ is Missing else cause
        for cause in causes
    )


def absent(kind: Shape, causes: Causes, *, opaque: bool = False) -> Unknown:
    """Return what is known of an unknown value of a type: its bounds, unless the field may be silent."""
    low, high, unsettled = _extremes(kind)
    return Unknown(causes, None, None, True) if opaque else Unknown(causes, low, high, unsettled)


def _extremes(kind: Shape) -> tuple[Any, Any, bool]:
    """Return the bounds of a value of a type, and whether it may be none at all."""
    silent = bool(kind.silent) and kind.kind != "word"
    return (None, None, silent) if silent or kind.kind != "number" else (kind.low, kind.high, False)


def absence(kind: Shape) -> Callable[[Any, str], Unknown]:
    """Return what makes the value of a datum that is not there: `missing(owner, key)`."""
    low, high, unsettled = _extremes(kind)

    def missing(owner: Any, key: str) -> Unknown:
        if owner.__class__ is Unknown:
            return absent(kind, _extended(owner.causes, (key,)), opaque=owner.opaque)
        return Unknown((Missing(owner, key),), low, high, unsettled)

    return missing


def scalar(kind: Shape) -> Callable[[Any, Any, str], Value]:
    """Return what turns a raw datum into a value: `convert(raw, owner, key)`."""
    silent, missing = frozenset(kind.silent), absence(kind)
    if kind.kind == "number":
        is_percent = kind.percent

        def number(raw: Any, owner: Any, key: str) -> Value:
            if raw is None:
                return missing(owner, key)
            if raw.__class__ is str:
                return Unknown((Silent(owner, key, raw),), opaque=True, word=raw)
            return percent(raw) if is_percent else raw

        return number
    if kind.kind in {"word", "bool"}:
        return lambda raw, owner, key: missing(owner, key) if raw is None else raw
    parse, parsed = _PARSERS.get(kind.kind, str), _parsed(kind)

    def text(raw: Any, owner: Any, key: str) -> Value:
        known = parsed.get(raw)
        if known is not None:
            return known
        if raw is None:
            return missing(owner, key)
        if raw in silent:
            return Unknown((Silent(owner, key, raw),), opaque=True, word=raw)
        known = parse(raw)
        if known is None:
            return Unknown((Missing(owner, key),), opaque=True)
        if len(parsed) < _MOST_PARSED:
            parsed[raw] = known
        return known

    return text


def _parsed(kind: Shape) -> dict[str, Any]:
    """Return the texts already read as values of a type."""
    return _PARSED.setdefault((_PARSERS.get(kind.kind, str), frozenset(kind.silent)), {})


_PARSERS: dict[str, Callable[[str], Any]] = {"date": parse_date, "duration": parse_duration}
_PARSED: dict[tuple[Any, frozenset[str]], dict[str, Any]] = {}
"""The texts already read as dates or durations, by how they are read and the words among them that are not."""
_MOST_PARSED = 20_000


# -- lists -----------------------------------------------------------------------------------------------


def rows(owner: Value, name: str, kind: Shape, names: tuple[str, ...]) -> Value:
    """Read a list: what is shown, and how much is not."""
    if owner.__class__ is Unknown:
        causes = tuple(
            Unseen(cause.container, f"{cause.key}.{name}") if cause.__class__ is Missing else cause
            for cause in owner.causes
        )
        return _not_shown(kind, causes)
    raw = owner.get(name)
    if raw is None:
        return _not_shown(kind, (Unseen(owner, name),))
    if raw.__class__ is list:
        if not kind.has_extent or not raw:
            return Rows(raw)
        return Rows(raw, unseen_high=None, unseen_causes=(Unseen(owner, name),))
    if raw.__class__ is str:
        return _not_shown(kind, (Silent(owner, name, raw),))
    shown = raw.get(ROWS)
    total = raw.get(TOTAL)
    if raw.get(EXTENT) == COMPLETE and shown is not None:
        return Rows(shown)
    shown = shown or []
    low, high = (max(0, total - len(shown)),) * 2 if total is not None else (0, None)
    return Rows(
        shown, unseen_low=low, unseen_high=high, unseen_causes=(Unseen(owner, name),) if high != 0 else ()
    )


def _not_shown(kind: Shape, causes: Causes) -> Rows:
    """Return a list of which nothing is shown; a member of a list of words, which has no fields, is wholly unknown."""
    return Rows(
        [], unseen_high=None, unseen_causes=causes, ghost=None if kind.has_extent else Unknown(causes)
    )


def reverse(step: Reverse, owner: Value, frame: Frame) -> Value:
    """List the rows that refer to an item; a row without its reference may be one of them."""
    if owner.__class__ is Unknown:
        return Rows([], unseen_high=None, unseen_causes=owner.causes)
    return frame[0].referring(step, owner)


def contains(listed: Run, wanted: Run, *, fold: bool) -> Run:
    """`mot dans liste`: faux only when the whole list is known."""

    def evaluate(frame: Frame) -> Value:
        found, word = listed(frame), wanted(frame)
        if word.__class__ is Unknown:
            return Unknown(word.causes)
        frame[0].visit(len(found.items))
        items = [normal_form(item) for item in found.items] if fold else found.items
        if (normal_form(word) if fold else word) in items:
            return True
        return Unknown(found.unseen_causes) if found.unseen_high != 0 else False

    return evaluate


def exists(run: Run) -> Run:
    """`existe`: faux on a silent word, vrai on a value, inconnu when absent."""

    def evaluate(frame: Frame) -> Value:
        value = run(frame)
        if value.__class__ is Unknown:
            return False if value.word is not None else Unknown(value.causes)
        if value.__class__ is Rows:
            return Unknown(value.unseen_causes) if value.unseen_high != 0 and not value.items else True
        return value not in ("aucun", "non_mentionne") if value.__class__ is str else True

    return evaluate


# -- facts and parameters --------------------------------------------------------------------------------


def fact(key: str) -> Run:
    """Read a fact of the dossier."""
    return lambda frame: frame[0].fact_of(key, None)


def parameter(name: str, keys: tuple[Run, ...], day: Run) -> Run:
    """Read a parameter at a day, for keys when it is a table."""
    if not keys:
        return lambda frame: frame[0].parameter(name).at(day(frame))
    if len(keys) == 1:
        (key,) = keys
        return lambda frame: frame[0].parameter(name).lookup(day(frame), (key(frame),))
    return lambda frame: frame[0].parameter(name).lookup(day(frame), tuple([key(frame) for key in keys]))
