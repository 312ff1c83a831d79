"""Folders and files -> dossiers: sections gathered, tables read, common blocks laid under, values normalised."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from rsaudit.digests import sha256
from rsaudit.errors import InputUnreadableError
from rsaudit.loading.by_schema import BySchema
from rsaudit.loading.locator import Locator
from rsaudit.loading.normal import normalise
from rsaudit.loading.ordinary import ordinary_bytes
from rsaudit.loading.recognition import holds_dossier, is_workbook
from rsaudit.loading.yaml_document import YamlDocument, clip
from rsaudit.loading.yaml_reading import MAX_BYTES, parse_yaml
from rsaudit.messages import loading as say
from rsaudit.model import Fingerprint, InputError
from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rsaudit.loading.tables import TableContent

MAIN = "residence.yaml"
COMMON = "communs"
SETTINGS = "rsaudit.toml"
YAML = {".yaml", ".yml"}
TABLES = {".csv", ".xlsx"}
#: Documents and reports that one gives for the dossier they are about.
NOT_DOSSIERS = {".html", ".htm", ".pdf", ".doc", ".docx", ".odt", ".xls", ".ods"}
ROWS, EXTENT, TOTAL, FILE, SHEET, BLOCK = (
    "lignes",
    "etendue",
    "effectif_total",
    "fichier",
    "feuille",
    "commun",
)
ROLES = {"controle": "controle", "reponses": "reponses", "derogations": "derogations"}


class SectionSchemas(Protocol):
    """What the loader needs of the schemas."""

    @property
    def sections(self) -> Mapping[str, Mapping[str, Any]]:
        """The schema of each section, by name."""

    def identifiers(self, path: str) -> tuple[str, ...]:
        """Return the identifying fields of the rows of the list at a static path."""


class DossierRef(Struct, frozen=True, kw_only=True):
    """A dossier found and not yet read."""

    path: Path
    """Folder that holds residence.yaml, single YAML file, or workbook."""
    shown: str
    """How the path is written in messages and reports: relative, with slashes."""
    root: Path
    """Folder nothing is read outside of."""

    def size(self) -> int:
        """Return the bytes of its files, to tell a large dossier from a small one; what cannot be read counts 0."""
        try:
            if not self.path.is_dir():
                return self.path.stat().st_size
            with os.scandir(self.path) as entries:
                return sum(entry.stat().st_size for entry in entries if entry.is_file())
        except OSError:
            return 0


class Dossier(Struct, kw_only=True):
    """One residence: its data, where they are written, and what is wrong with them."""

    name: str
    path: str
    data: dict[str, Any]
    locator: Locator
    errors: list[InputError] = field(default_factory=list)
    fingerprints: list[Fingerprint] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def samples(self) -> Iterator[tuple[str, int, int | None]]:
        """Yield the tables that show only part of what exists: path, rows shown, total if known."""
        for section, content in self.data.items():
            for name, table in content.items() if isinstance(content, dict) else ():
                if isinstance(table, dict) and table.get(EXTENT) == "echantillon":
                    yield f"{section}.{name}", len(table.get(ROWS) or ()), table.get(TOTAL)


# -- finding ---------------------------------------------------------------------------------------------


def find_dossiers(path: Path) -> tuple[list[DossierRef], list[str]]:
    """Return the dossiers at or below a path, in a stable order, and what was passed over.

    Raises `InputUnreadableError` when the path does not exist or is neither a file nor a folder.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise InputUnreadableError(say.not_found(str(path), _near(path)), say.NOT_FOUND_HINT) from error
    if stat.S_ISREG(mode):
        found = owners(path)
        if not found and path.suffix.lower() in NOT_DOSSIERS:
            raise InputUnreadableError(say.not_a_dossier(str(path)), say.NOT_A_DOSSIER_HINT)
        return found or [_reference(path, path)], []
    if not stat.S_ISDIR(mode):
        raise InputUnreadableError(say.cannot_read(str(path), say.NOT_A_FILE), say.READ_HINT)
    if (path / MAIN).is_file():
        return [_reference(path, path)], []
    found = []
    counts = {"links": 0, "hidden": 0}
    try:
        _search(path, _root(path), found, counts)
    except OSError as error:
        raise InputUnreadableError(say.cannot_read(str(path), say.cause(error)), say.READ_HINT) from error
    return found, [say.passed_over(**counts)] if any(counts.values()) else []


def _near(path: Path) -> str | None:
    """Return the name, beside a path that does not exist, that it may have been meant for."""
    try:
        names = [entry.name for entry in path.parent.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(path.name, sorted(names), n=1)), None)


def owners(path: Path) -> list[DossierRef]:
    """Return the dossiers that a file is of, whether it is still there or not; none for a file of no dossier.

    Any file below a dossier folder means that dossier, but a workbook that is a dossier of its own; a file of
    `communs/` means every dossier that may take it; a table beside single-file dossiers means those that name it.
    """
    if is_workbook(path) and path.is_file() and holds_dossier(path):
        return [_reference(path, path)]
    for folder in _above(path):
        if folder.name == COMMON:
            return _that_may_take(folder.parent)
        if (folder / MAIN).is_file():
            return [_reference(folder, path)]
    if path.suffix in YAML and path.is_file() and _looks_like_dossier(path):
        return [_reference(path, path)]
    return _that_name(path) if path.suffix.lower() in TABLES else []


def _above(path: Path) -> Iterator[Path]:
    """Yield the folders a file is in, the nearest first, written as the path itself: relative, or absolute."""
    for folder in Path(os.path.abspath(path)).parents:  # noqa: PTH100 - without following links
        yield folder if path.is_absolute() else Path(os.path.relpath(folder))


def _that_may_take(folder: Path) -> list[DossierRef]:
    if (folder / MAIN).is_file():
        return [_reference(folder, folder)]
    found: list[DossierRef] = []
    _search(folder, _root(folder), found, {"links": 0, "hidden": 0})
    return found


def _that_name(table: Path) -> list[DossierRef]:
    """Return the single-file dossiers beside a table that name it."""
    if not table.parent.is_dir():
        return []
    beside = (one for one in sorted(table.parent.iterdir()) if one.suffix in YAML and one.is_file())
    name = table.name.encode()
    return [_reference(one, one) for one in beside if _looks_like_dossier(one) and name in one.read_bytes()]


def _search(folder: Path, root: Path, found: list[DossierRef], counts: dict[str, int]) -> None:
    """Add to `found` the dossiers below a folder; all have the one `root`, looked for once and held once."""
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink():
            counts["links"] += 1
        elif entry.name.startswith("."):
            counts["hidden"] += entry.is_dir()
        elif entry.is_dir() and entry.name != COMMON:
            if (entry / MAIN).is_file():
                found.append(DossierRef(path=entry, shown=_shown(entry), root=root))
            else:
                _search(entry, root, found, counts)
        elif entry.is_file() and _looks_like_dossier(entry):
            found.append(DossierRef(path=entry, shown=_shown(entry), root=root))


def _looks_like_dossier(path: Path) -> bool:
    """Say whether a lone file is a dossier, without reading it whole: a YAML file that opens a section, a workbook."""
    if is_workbook(path):
        return holds_dossier(path)
    if path.suffix not in YAML:
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(65_536)
    except OSError:
        return True
    return head.startswith(b"residence:") or b"\nresidence:" in head


def _reference(path: Path, given: Path) -> DossierRef:
    audited = given if given.is_dir() else path if path.is_dir() else path.parent
    return DossierRef(path=path, shown=_shown(path), root=_root(audited))


def _root(audited: Path) -> Path:
    """Return the audited folder, or the nearest parent that holds rsaudit.toml."""
    start = audited.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), start)


def _shown(path: Path) -> str:
    """Write a path relative to here when it can be; never an absolute one."""
    if not path.is_absolute():
        return path.as_posix()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name


# -- loading ---------------------------------------------------------------------------------------------


def load(reference: DossierRef, schemas: SectionSchemas) -> Dossier:
    """Read a dossier whole. What is wrong with its files is in `errors`, with positions."""
    return _Loader(reference, schemas).run()


def from_data(data: dict[str, Any], schemas: SectionSchemas, *, name: str) -> Dossier:
    """Make a dossier of data already in memory, written in no file."""
    locator = Locator(data, identifiers=schemas.identifiers)
    for section, content in data.items():
        if section in schemas.sections:
            normalise(content, schemas.sections[section], lambda container, key: str(container[key]))
    return Dossier(name=name, path=name, data=data, locator=locator)


class _Loader:
    """One dossier being read."""

    def __init__(self, reference: DossierRef, schemas: SectionSchemas) -> None:
        self.reference = reference
        self.schemas = schemas
        self.folder = reference.path if reference.path.is_dir() else reference.path.parent
        self.data: dict[str, Any] = {}
        self.errors: list[InputError] = []
        self.fingerprints: list[Fingerprint] = []
        main = f"{reference.shown}/{MAIN}" if reference.path.is_dir() else reference.shown
        self.locator = Locator(self.data, file=main, identifiers=schemas.identifiers)
        self.documents: list[YamlDocument] = []
        self.replaced: list[Any] = []
        """Containers a merged one stands for, held so that no later container takes their `id`."""

    def run(self) -> Dossier:
        if self.reference.path.is_dir():
            self._folder()
        else:
            self._single()
        if not any(error.severity == "erreur" for error in self.errors):
            for section in list(self.data):
                self._section(section)
        return Dossier(
            name=self.reference.path.stem
            if self.reference.path.is_file()
            else self.reference.path.resolve().name,
            path=self.reference.shown,
            data=self.data,
            locator=self.locator,
            errors=self.errors,
            fingerprints=self.fingerprints,
        )

    def _folder(self) -> None:
        for section in self.schemas.sections:
            path = self.reference.path / f"{section}.yaml"
            if path.is_symlink():
                self.errors.append(InputError(code="lien", message=say.LINK, file=self._name(path)))
            elif path.exists():
                document = self._yaml(path, ROLES.get(section, "dossier"))
                if document is not None:
                    self.data[section] = document.data
                elif self.documents and _only_comments(self.documents[-1]):
                    self.errors.pop()
        self._unknown_files()

    def _unknown_files(self) -> None:
        known = list(self.schemas.sections)
        for path in sorted(self.reference.path.glob("*.y*ml")):
            if path.suffix in YAML and (path.stem not in known or path.suffix != ".yaml"):
                from difflib import get_close_matches

                close = get_close_matches(path.stem, known, n=1)
                self.errors.append(
                    InputError(
                        code="fichier-inconnu",
                        message=say.unknown_section(path.name, close, known),
                        file=self._name(path),
                        severity="avertissement" if path.stem not in known and not close else "erreur",
                    )
                )

    def _single(self) -> None:
        document = self._yaml(self.reference.path, "dossier")
        if document is None:
            return
        known = list(self.schemas.sections)
        for key, content in document.data.items():
            if key in self.schemas.sections:
                if content is not None:
                    self.data[key] = content
                continue
            from difflib import get_close_matches

            position = self.locator.position(document.data, key)
            self.errors.append(
                InputError(
                    code="section-inconnue",
                    message=say.unknown_section(key, get_close_matches(key, known, n=1), known),
                    file=document.file,
                    line=position.line if position else None,
                    column=position.column if position else None,
                )
            )
        self.locator.add_merged(self.data, dict.fromkeys(self.data, document.data))

    def _name(self, path: Path) -> str:
        """Write the path of a file of the dossier as the dossier itself is written."""
        if self.reference.path.is_file():
            base = self.reference.shown.rpartition("/")[0]
        else:
            base = self.reference.shown
        relative = Path(os.path.relpath(path, self.folder)).as_posix()
        return os.path.normpath(f"{base}/{relative}" if base and base != "." else relative).replace(
            os.sep, "/"
        )

    def _bytes(self, path: Path, role: str) -> bytes | None:
        """Read an ordinary file and note its fingerprint; anything else is an error of the dossier."""
        name = self._name(path)
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                message = say.TOO_LARGE.format(size=say.size(size), limit=say.size(MAX_BYTES))
                self.errors.append(InputError(code="fichier-trop-gros", message=message, file=name))
                return None
            raw = ordinary_bytes(path, MAX_BYTES)
        except OSError as error:
            message = f"{say.cannot_read(name, say.cause(error))} {say.READ_HINT}"
            self.errors.append(InputError(code="illisible", message=message, file=name))
            return None
        fingerprint = Fingerprint(file=name, sha256=sha256(raw).hexdigest(), role=role)
        if fingerprint not in self.fingerprints:
            self.fingerprints.append(fingerprint)
        return raw

    def _yaml(self, path: Path, role: str) -> YamlDocument | None:
        raw = self._bytes(path, role)
        if raw is None:
            return None
        document = parse_yaml(raw, self._name(path))
        self.errors.extend(document.errors)
        self.documents.append(document)
        self.locator.add_document(document, document.data)
        return None if document.errors else document

    # -- sections --------------------------------------------------------------------------------------

    def _section(self, section: str) -> None:
        schema = self.schemas.sections[section]
        content = self._with_common(self.data[section], schema, schema)
        self.data[section] = content
        if isinstance(content, dict):
            self._tables(content, schema)
            normalise(content, schema, self._written)

    def _written(self, container: Any, key: Any) -> str | None:
        for document in self.documents:
            if id(container) in document.marks:
                return document.spelled(container, key)
        value = container[key]
        return None if isinstance(value, bool) else str(value)

    # -- common blocks ---------------------------------------------------------------------------------

    def _with_common(self, content: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
        """Lay the object's keys over the common block it names, here and in its nested objects."""
        if not isinstance(content, dict):
            return content
        if schema.get("x-commun") and isinstance(content.get(BLOCK), str):
            content = self._laid_over(content)
        for key, shape in _STRUCTURES(root)(schema).items():
            child = content.get(key)
            if isinstance(child, dict) and shape.get("type") == "object":
                content[key] = self._with_common(child, shape, root)
            elif isinstance(child, list) and shape.get("type") == "array":
                item = shape.get("items") or {}
                if item.get("x-commun"):
                    content[key][:] = [self._with_common(entry, item, root) for entry in child]
        return content

    def _laid_over(self, content: dict[str, Any]) -> dict[str, Any]:
        path = self._common_path(content)
        document = self._yaml(path, "commun") if path is not None else None
        if document is None:
            return content
        if BLOCK in document.data:
            self._report(document.data, BLOCK, "commun-en-chaine", say.COMMON_CYCLE)
            return content
        return self._merge(
            document.data, {key: value for key, value in content.items() if key != BLOCK}, content
        )

    def _merge(self, below: dict[str, Any], above: dict[str, Any], origin: dict[str, Any]) -> dict[str, Any]:
        self.replaced += (below, origin)
        merged = dict(below)
        origins = dict.fromkeys(below, below)
        for key, value in above.items():
            if value is None:
                continue
            lower = below.get(key)
            merged[key] = (
                self._merge(lower, value, value)
                if isinstance(lower, dict) and isinstance(value, dict)
                else value
            )
            origins[key] = origin
        self.locator.add_merged(merged, origins)
        return merged

    def _common_path(self, content: dict[str, Any]) -> Path | None:
        name = content[BLOCK]
        file = name if Path(name).suffix in YAML else f"{name}.yaml"
        if not self._is_inside_name(file):
            self._report_outside(content, BLOCK, file)
            return None
        folder = self.folder.resolve()
        while True:
            candidate = folder / COMMON / file
            if _is_file(candidate) and not _crosses_link(folder, Path(COMMON, file)):
                return candidate
            if folder in {self.reference.root, folder.parent}:
                self._report(
                    content,
                    BLOCK,
                    "commun-introuvable",
                    say.NO_COMMON.format(name=say.quoted(clip(file, 80))),
                )
                return None
            folder = folder.parent

    @staticmethod
    def _is_inside_name(name: str) -> bool:
        parts = Path(name).parts
        return not Path(name).is_absolute() and ".." not in parts and ":" not in name and "\\" not in name

    def _report_outside(self, container: Any, key: str, name: str) -> None:
        """Say that a path leaves the dossier, or that it is written as on one system only."""
        slashed = name.replace("\\", "/")
        if slashed != name and self._is_inside_name(slashed):
            self._report(container, key, "separateur", say.backslash(clip(slashed, 80)))
        else:
            self._report(container, key, "hors-du-dossier", say.OUTSIDE)

    def _report(self, container: Any, key: str, code: str, message: str) -> None:
        position = self.locator.nearest(container, key)
        self.errors.append(
            InputError(
                code=code,
                message=message,
                file=position.file if position else self.reference.shown,
                line=position.line if position else None,
                column=position.column if position else None,
            )
        )

    # -- tables ----------------------------------------------------------------------------------------

    def _tables(
        self, content: dict[str, Any], root: Mapping[str, Any], schema: Mapping[str, Any] | None = None
    ) -> None:
        for key, shape in _STRUCTURES(root)(schema or root).items():
            value = content.get(key)
            if not isinstance(value, dict):
                continue
            if isinstance(value.get(FILE), str) and "anyOf" in shape:
                self._table(content, key, value, shape, root)
            elif shape.get("type") == "object":
                self._tables(value, root, shape)

    def _table(
        self,
        content: dict[str, Any],
        key: str,
        value: dict[str, Any],
        shape: Mapping[str, Any],
        root: Mapping[str, Any],
    ) -> None:
        from rsaudit.loading.cells import cell_types  # most dossiers have no table in a file of its own

        item = next(
            resolve(branch.get("items") or {}, root)
            for branch in (resolve(branch, root) for branch in shape["anyOf"])
            if branch.get("type") == "array"
        )
        table = self._table_content(value, cell_types(item, root), titles_of(item, root))
        if table is None:
            return
        self.errors.extend(table.errors)
        laid = {name: entry for name, entry in value.items() if name not in {FILE, SHEET}}
        laid[ROWS] = table.rows
        self.locator.add_merged(laid, dict.fromkeys(laid, value) | {ROWS: value})
        for row, place in zip(table.rows, table.places, strict=True):
            self.locator.add_row(row, place)
        content[key] = laid

    def _table_content(self, value: dict[str, Any], types: Any, titles: Any) -> TableContent | None:
        name = value[FILE]
        path = self.folder / name
        if not self._is_inside_name(name):
            self._report_outside(value, FILE, name)
        elif path.suffix.lower() not in TABLES:
            self._report(value, FILE, "table", say.TABLE_ENDING)
        elif _crosses_link(self.folder, Path(name)):
            self._report(value, FILE, "lien", say.LINK)
        elif not _exists(path):
            self._report(value, FILE, "table-introuvable", say.missing_table(clip(name, 80)))
        else:
            raw = self._bytes(path, "table")
            if raw is not None:
                from rsaudit.loading.tables import read_csv, read_xlsx

                if path.suffix.lower() == ".csv":
                    return read_csv(raw, self._name(path), types, titles)
                return read_xlsx(raw, self._name(path), value.get(SHEET), types, titles)
        return None


def _structures(root: Mapping[str, Any]) -> BySchema[dict[str, Mapping[str, Any]]]:
    """Return what gives the fields of an object of a section that may hold more than a value, each resolved.

    So are the items of a list: resolved at each dossier, they would each time be another schema to hold.
    """

    def resolved(prop: Mapping[str, Any]) -> Mapping[str, Any]:
        shape = resolve(prop, root)
        return {**shape, "items": resolve(shape["items"], root)} if "items" in shape else shape

    def read(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        shapes = {key: resolved(prop) for key, prop in (schema.get("properties") or {}).items()}
        return {
            key: shape
            for key, shape in shapes.items()
            if "anyOf" in shape or shape.get("type") in ("object", "array")
        }

    return BySchema(read)


_STRUCTURES = BySchema(_structures)


def _only_comments(document: YamlDocument) -> bool:
    """Say whether a file is a form nobody has filled in yet: comments, and not a single key."""
    codes = [error.code for error in document.errors]
    return codes == ["fichier-vide"] and any(line.startswith("#") for line in document.text.splitlines())


def _exists(path: Path) -> bool:
    """Say whether something has this name; a name no system admits names nothing."""
    try:
        path.stat()
    except (OSError, ValueError) as error:
        return isinstance(error, PermissionError)
    return True


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _crosses_link(folder: Path, inside: Path) -> bool:
    """Say whether a path below a folder goes through a symbolic link, at its end or on its way."""
    steps = [folder / inside, *(folder / parent for parent in inside.parents if parent != Path())]
    try:
        return any(step.is_symlink() for step in steps)
    except OSError:
        return False


def titles_of(item: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, str]:
    """Return the French title of each column of a table."""
    return {
        name: resolve(prop, root).get("title", name) for name, prop in (item.get("properties") or {}).items()
    }
