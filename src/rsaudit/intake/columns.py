"""Column maps: which field each heading stands for. They are files beside the référentiels, or the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit import resources
from rsaudit.errors import InputUnreadableError
from rsaudit.loading import read_yaml
from rsaudit.loading.ordinary import ordinary_bytes
from rsaudit.loading.yaml_reading import MAX_BYTES
from rsaudit.messages import intake as say
from rsaudit.phrases import fold, words
from rsaudit.shapes import resolve
from rsaudit.validation import check_format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rsaudit.loading import YamlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column a map knows."""

    path: str | None
    """Field it fills; `None` for one that is left, or still to be told."""
    titles: tuple[str, ...]
    heading: str | None
    """Exact heading of an exported file."""
    required: bool
    left: bool
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An opaque code given to the rows that have none."""

    path: str
    prefix: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """What shows that a row holds an object of a table: amounts alone do not."""

    fields: tuple[str, ...]
    mute_headings: frozenset[tuple[str, ...]]
    """Folded headings of personal columns that show nothing."""
    words_for_none: tuple[frozenset[str], ...]
    """Folded words which, in a cell, say that nobody is there."""

    def shown_by(self, text: str) -> bool:
        """Say whether what a cell holds shows something: « - », « 0 » and « vacant » do not."""
        said = set(words_of(text))
        return any(word.strip("0") for word in said) and not any(none <= said for none in self.words_for_none)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """What becomes of the columns of one kind of table."""

    id: str
    title: str
    sheet: str | None
    first_row: int | None
    first_row_cell: tuple[str, str] | None
    """Sheet and cell that may say another first row."""
    by_words: bool
    tables: Mapping[str, str | None]
    """Path → extent, when the map says it."""
    barred: Mapping[str, tuple[str, tuple[Any, ...]]]
    """Path of a table → field and words of it that say that the row holds no such object."""
    witnesses: Mapping[str, Witnesses]
    """Path of a table → what shows that a row holds such an object; any field does for a table without."""
    columns: tuple[Column, ...]
    constants: tuple[tuple[str, Any], ...]
    copies: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]
    one_dossier_by: str | None
    kept: tuple[tuple[str, ...], tuple[str, ...]] | None
    """Headings, and the values of rows to keep."""
    personal: tuple[str, ...]
    totals: tuple[str, ...]
    """What the first cell of a row of totals begins with."""
    is_fallback: bool
    """The map one completes when none recognises a table."""

    def column(self, heading: str) -> Column | None:
        """Return the column a heading is, or `None`."""
        wanted = words_of(heading)
        for column in self.columns:
            for title in column.titles:
                known = words_of(title)
                if known == wanted or (self.by_words and set(known) <= set(wanted)):
                    return column
        return None

    def known(self, headings: Sequence[str]) -> int:
        """Return how many headings are known."""
        return len(self._found(headings))

    def _found(self, headings: Sequence[str]) -> list[Column]:
        return [column for heading in headings if heading and (column := self.column(heading)) is not None]

    def matched(self, headings: Sequence[str]) -> int:
        """Return how many headings are known, or 0 when a required one is absent."""
        found = self._found(headings)
        if any(column.required and column not in found for column in self.columns):
            return 0
        return len(found)

    def is_total(self, text: str) -> bool:
        """Say whether a row whose first cell is this text is a total, and no object."""
        said = words_of(text)
        return any(said[: len(words)] == words for words in map(words_of, self.totals))


def words_of(heading: str) -> tuple[str, ...]:
    """Return the folded words of a heading, « numéro » and « n° » being one."""
    found = (word.text for word in words(heading.replace("n°", "n ").replace("N°", "n ")))
    same = {"numero": "n", "no": "n", "nombre": "nb", "reference": "ref", "m2": "m"}
    return tuple(
        same.get(word, word) for word in found if word not in {"de", "du", "des", "d", "l", "la", "le"}
    )


def shipped_maps(sections: Mapping[str, Mapping[str, Any]]) -> list[ColumnMap]:
    """Return the maps that come with the program."""
    folder = resources.data_root() / "correspondances"
    return [read_map(path, sections) for path in sorted(folder.glob("*.yaml"))]


def read_map(path: Path, sections: Mapping[str, Mapping[str, Any]]) -> ColumnMap:
    """Read a map and the one it completes.

    Raises `InputUnreadableError` with the file, the line and what is wrong, a field that does not exist included.
    """
    try:
        raw = ordinary_bytes(path, MAX_BYTES)
    except OSError as error:
        raise InputUnreadableError(say.map_unreadable(path.name), say.MAP_HINT) from error
    document = read_yaml(raw, path.name)
    errors = document.errors or check_format("correspondance", document)
    if errors:
        lines = [f"{error.file}:{error.line or 1} : {error.message}" for error in errors]
        raise InputUnreadableError("\n".join(lines), say.MAP_HINT)
    parent = _parent(document, sections)
    found = _made(path.stem, document.data, parent)
    _check_fields(found, path.name, sections)
    return found


def _parent(document: YamlFile, sections: Mapping[str, Mapping[str, Any]]) -> ColumnMap | None:
    name = document.data.get("parent")
    if name is None:
        return None
    path = resources.data_root() / "correspondances" / f"{name}.yaml"
    if not path.is_file():
        raise InputUnreadableError(say.no_parent(document.file, name), say.MAP_HINT)
    return read_map(path, sections)


def _made(identifier: str, data: Mapping[str, Any], parent: ColumnMap | None) -> ColumnMap:
    start = data.get("depart") or {}
    cell = (start["feuille"], start["cellule"]) if "cellule" in start and "feuille" in start else None
    own = tuple(_column(entry) for entry in data["colonnes"])
    kept = data.get("garder")
    tables = {entry["chemin"]: entry.get("etendue") for entry in data["tables"]}
    return ColumnMap(
        id=identifier,
        title=data["titre"],
        sheet=data.get("feuille") or (parent.sheet if parent else None),
        first_row=start.get("ligne") or (parent.first_row if parent else None),
        first_row_cell=cell or (parent.first_row_cell if parent else None),
        by_words=data.get("entetes") == "mots" or bool(parent and parent.by_words),
        tables={**(parent.tables if parent else {}), **tables},
        barred={
            **(parent.barred if parent else {}),
            **{
                entry["chemin"]: (entry["sauf"]["champ"], tuple(entry["sauf"]["valeurs"]))
                for entry in data["tables"]
                if "sauf" in entry
            },
        },
        witnesses={
            **(parent.witnesses if parent else {}),
            **{
                entry["chemin"]: _witnesses(entry["temoins"])
                for entry in data["tables"]
                if "temoins" in entry
            },
        },
        columns=(*own, *(parent.columns if parent else ())),
        constants=(
            *(parent.constants if parent else ()),
            *((entry["champ"], entry["valeur"]) for entry in data.get("constantes") or ()),
        ),
        copies=(
            *(parent.copies if parent else ()),
            *((entry["champ"], entry["de"]) for entry in data.get("copies") or ()),
        ),
        references=(
            *(parent.references if parent else ()),
            *(
                Reference(path=entry["champ"], prefix=entry["prefixe"], by=tuple(entry["selon"]))
                for entry in data.get("references") or ()
            ),
        ),
        one_dossier_by=data.get("un_dossier_par") or (parent.one_dossier_by if parent else None),
        kept=(tuple(kept["titres"]), tuple(kept["valeurs"])) if kept else (parent.kept if parent else None),
        totals=(*(data.get("totaux") or ()), *(parent.totals if parent else ())),
        is_fallback=bool(data.get("repli")),
        personal=(*(data.get("personnel") or ()), *(parent.personal if parent else ())),
    )


def _witnesses(entry: Mapping[str, Any]) -> Witnesses:
    return Witnesses(
        fields=tuple(entry["champs"]),
        mute_headings=frozenset(words_of(title) for title in entry.get("sauf_titres") or ()),
        words_for_none=tuple(frozenset(words_of(text)) for text in entry.get("sauf_mots") or ()),
    )


def _column(entry: Mapping[str, Any]) -> Column:
    return Column(
        path=entry.get("champ"),
        titles=tuple(entry["titres"]),
        heading=entry.get("ecrire"),
        required=bool(entry.get("obligatoire")),
        left=bool(entry.get("laisser")),
        values={fold(str(key)): value for key, value in (entry.get("valeurs") or {}).items()},
    )


def _check_fields(found: ColumnMap, file: str, sections: Mapping[str, Mapping[str, Any]]) -> None:
    paths = [column.path for column in found.columns if column.path]
    paths += [path for path, _ in found.constants]
    paths += [path for pair in found.copies for path in pair]
    paths += [path for path, _ in found.barred.values()]
    paths += [path for witnesses in found.witnesses.values() for path in witnesses.fields]
    for path in paths:
        if field_of(path, sections) is None:
            raise InputUnreadableError(say.unknown_field(file, path), say.MAP_HINT)


def field_of(
    path: str, sections: Mapping[str, Mapping[str, Any]]
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """Return the schema of a field, tables walked through their rows, and the schema of its section."""
    section, *names = path.split(".")
    root = sections.get(section)
    shape = root
    for name in names:
        if shape is None or root is None:
            return None
        properties = rows_schema(shape, root).get("properties") or {}
        shape = resolve(properties[name], root) if name in properties else None
    return (shape, root) if shape is not None and root is not None else None


def rows_schema(shape: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the rows of a table, or the schema itself when it is no table."""
    for branch in shape.get("anyOf") or (shape,):
        plain = resolve(branch, root)
        if plain.get("type") == "array":
            return resolve(plain["items"], root)
    return shape
