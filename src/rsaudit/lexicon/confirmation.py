"""Passages that a person has confirmed -> what they bring to a dossier, each with the place it is read at. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.loading.cells import CellType, cell_type
from rsaudit.shapes import at, identifiers, resolve, table_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rsaudit.lexicon.search import Hit
    from rsaudit.vocabulary import Vocabulary

SOURCE, PIECE, PAGE, CLAUSE = "source", "piece", "page", "clause"
_LONGEST_CLAUSE = 200
ROWS = "lignes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A value a person has read in a passage, or in the silence of the document."""

    path: str
    value: Any
    hit: Hit | None
    """`None` for a mention the document does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The field a proposal bears on, as its schema describes it."""

    shape: Mapping[str, Any]
    root: Mapping[str, Any]
    item: Mapping[str, Any] | None
    """Schema of the rows, when the field is a list of objects."""
    is_list: bool

    @property
    def cell(self) -> CellType | None:
        """What a person may type for it, or `None` for a list of objects."""
        return cell_type(self.shape, self.root)


def target(path: str, sections: Mapping[str, Mapping[str, Any]]) -> Target:
    """Find the field at a path that the lexicon has checked."""
    section, *names = path.split(".")
    root = sections[section]
    shape: Mapping[str, Any] = root
    for name in names:
        shape = resolve(shape["properties"][name], root)
    branches = [resolve(branch, root) for branch in shape.get("anyOf") or (shape,)]
    rows = next((branch for branch in branches if branch.get("type") == "array"), None)
    item = resolve(rows["items"], root) if rows else None
    return Target(
        shape=shape,
        root=root,
        item=item if item and item.get("type") == "object" else None,
        is_list=rows is not None,
    )


def source_of(hit: Hit | None, piece: str | None) -> dict[str, Any]:
    """Return the `source` that a passage gives: what is not known is left out."""
    found: dict[str, Any] = {}
    if piece is not None:
        found[PIECE] = piece
    if hit is not None and hit.page is not None:
        found[PAGE] = hit.page
    if hit is not None:
        found[CLAUSE] = hit.clause or f"paragraphe {hit.paragraph}"
    return found


def brought(
    confirmed: Sequence[Confirmed],
    piece: str | None,
    data: Mapping[str, Any],
    sections: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the sections that confirmed values make, to be laid over a dossier.

    A list of words receives its old words and the new ones; a list of objects receives a row with a reference of its
    own. The `source` of an object that already cites the same piece is completed; one that cites another is kept.
    """
    result: dict[str, Any] = {}
    for entry in confirmed:
        found = target(entry.path, sections)
        *parents, last = entry.path.split(".")
        existing = _at(data, parents)
        holder = _made(result, parents)
        if found.item is not None:
            rows = holder.setdefault(last, [])
            known = [*table_rows(existing.get(last)), *rows]
            rows.append(_row(entry, piece, found.item, found.root, known))
            continue
        if found.is_list:
            words = holder.setdefault(last, list(existing.get(last) or ()))
            words.extend([entry.value] if entry.value not in words else [])
        else:
            holder[last] = entry.value
        cited = source_of(entry.hit, piece)
        if cited:
            holder[SOURCE] = _joined(holder.get(SOURCE) or existing.get(SOURCE), cited)
    return result


def current(path: str, data: Mapping[str, Any]) -> Any:
    """Return what the dossier says of a field, or `None`."""
    *parents, last = path.split(".")
    return _at(data, parents).get(last)


def piece_for(paths: Iterable[str], data: Mapping[str, Any], vocabulary: Vocabulary) -> list[str]:
    """Return the registered pieces of a kind that holds every one of these fields."""
    kinds = [set(vocabulary.field(path).pieces) for path in paths]
    shared = set.intersection(*kinds) if kinds else set()
    return [name for name, nature in _register(data, vocabulary) if nature in shared]


def registered(data: Mapping[str, Any], vocabulary: Vocabulary) -> list[str]:
    """Return every registered piece."""
    return [name for name, _ in _register(data, vocabulary)]


def _register(data: Mapping[str, Any], vocabulary: Vocabulary) -> list[tuple[str, Any]]:
    """Return the pieces of the dossier with their kind."""
    *parents, nature = str(vocabulary.role("nature_de_piece")).split(".")
    pieces = table_rows(at(data, parents))
    return [(str(row["ref"]), row.get(nature)) for row in pieces if row.get("ref") is not None]


def _at(data: Mapping[str, Any], parents: Sequence[str]) -> Mapping[str, Any]:
    found = at(data, parents)
    return found if isinstance(found, dict) else {}


def _made(result: dict[str, Any], parents: Sequence[str]) -> dict[str, Any]:
    current = result
    for name in parents:
        current = current.setdefault(name, {})
    return current


def _row(
    entry: Confirmed,
    piece: str | None,
    item: Mapping[str, Any],
    root: Mapping[str, Any],
    known: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    (identifier,) = identifiers(item)
    example = str(resolve(item["properties"][identifier], root)["examples"][0])
    prefix = example.rstrip("0123456789")
    taken = {str(row.get(identifier)) for row in known}
    rank = next(n for n in range(1, len(taken) + 2) if f"{prefix}{n}" not in taken)
    row = {identifier: f"{prefix}{rank}", **entry.value}
    cited = source_of(entry.hit, piece)
    return {**row, SOURCE: cited} if cited else row


def _joined(existing: Mapping[str, Any] | None, cited: Mapping[str, Any]) -> dict[str, Any]:
    """Complete a citation of the same piece with one more clause; a page stays true only if all are on it."""
    if not existing:
        return dict(cited)
    if existing.get(PIECE) != cited.get(PIECE):
        return dict(existing)
    joined = dict(existing)
    clauses = [text for text in (existing.get(CLAUSE), cited.get(CLAUSE)) if text]
    if len(clauses) == 2 and str(clauses[1]) not in str(clauses[0]).split(" ; "):
        text = " ; ".join(str(clause) for clause in clauses)
        joined[CLAUSE] = text if len(text) <= _LONGEST_CLAUSE else clauses[0]
    elif clauses:
        joined[CLAUSE] = clauses[0]
    if PAGE in cited and PAGE not in existing and not existing.get(CLAUSE):
        joined[PAGE] = cited[PAGE]
    return joined
