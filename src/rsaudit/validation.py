"""Schema violations of a dossier, phrased in French, with positions, all at once.

jsonschema-rs may only say « valid » sooner; jsonschema judges and gives the errors. What JSON Schema cannot say
(calendar days, decimals, unique identifiers, references, totals) is read from the `x-` annotations.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import DecodeError, Struct, field
from msgspec.json import Decoder

from rsaudit import resources
from rsaudit.digests import blake2b
from rsaudit.errors import InputUnreadableError, RsauditError
from rsaudit.gates import gate
from rsaudit.loading.by_schema import ByField, BySchema
from rsaudit.loading.yaml_document import clip
from rsaudit.messages import validation as say
from rsaudit.model import Correction, InputError
from rsaudit.patterns import pattern
from rsaudit.persons import sign_of_heading, signs
from rsaudit.shapes import identifiers, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rsaudit.loading import Dossier, Locator, YamlFile

SECTION_ORDER = (
    "residence",
    "batiment",
    "contrats",
    "reglement_interieur",
    "finances",
    "vie_sociale",
    "controle",
    "reponses",
    "derogations",
)
_ENDING = ".schema.json"
_ROWS, _EXTENT, _TOTAL, _FILE = "lignes", "etendue", "effectif_total", "fichier"
_SHORT = 30
_NAMES_NOTHING = frozenset({type(None), dict, list})
_ISO_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DAY_LENGTH = len("AAAA-MM-JJ")


class _Parsed(Mapping[str, dict[str, Any]]):
    """Schemas by name, with exact decimals; each is understood when it is first asked for.

    Asking for one raises `InputUnreadableError` when it cannot be understood.
    """

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = texts
        self._known: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        found = self._known.get(name)
        if found is None:
            try:
                found = self._known[name] = _DECODER.decode(self._texts[name])
            except DecodeError as error:
                raise _unreadable(name) from error
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, name: object) -> bool:
        return name in self._texts


_DECODER = Decoder(dict[str, Any], float_hook=Decimal)


class Schemas(Struct, frozen=True, dict=True):
    """The schemas of the sections of a dossier, and of our own formats."""

    texts: dict[str, bytes]
    """Every schema as it is written."""

    @cached_property
    def sections(self) -> Mapping[str, dict[str, Any]]:
        """Return the schema of each section, in the order of the sections."""
        return _Parsed({name: self.texts[name] for name in SECTION_ORDER if name in self.texts})

    @cached_property
    def formats(self) -> Mapping[str, dict[str, Any]]:
        """Return the schema of each of our own formats."""
        return _Parsed({name: text for name, text in self.texts.items() if name not in SECTION_ORDER})

    def identifiers(self, path: str) -> tuple[str, ...]:
        """Return the identifying fields of the rows of the list at a static path; most often none or one."""
        return identifiers(self.rows_at(path))

    def rows_at(self, path: str) -> Mapping[str, Any]:
        """Return the schema of the rows of the list at a static path; nothing when there is no such list."""
        holder, is_list = self._holder(path)
        return holder if is_list else {}

    _holders: dict[str, tuple[Mapping[str, Any], bool]] = field(default_factory=dict)

    def _holder(self, path: str) -> tuple[Mapping[str, Any], bool]:
        """Return the schema of the objects at a static path, and whether they are the rows of a list."""
        found = self._holders.get(path)
        if found is None:
            root = self.sections.get(path.split(".", 1)[0], {})
            above, _, name = path.rpartition(".")
            shape = resolve(_fields(self._holder(above)[0]).get(name) or {}, root) if above else root
            rows = _rows(_branches(shape, root), root)
            own = shape if shape.get("type") == "object" else {}
            found = self._holders[path] = (own, False) if rows is None else (rows, True)
        return found

    @cached_property
    def digest(self) -> str:
        """Return a hash of every schema: what was checked against them is no longer, when one changes."""
        digest = blake2b(digest_size=32)
        for name, text in sorted(self.texts.items()):
            digest.update(f"{name}\0{len(text)}\0".encode())
            digest.update(text)
        return digest.hexdigest()

    _gates: dict[str, Any] = field(default_factory=dict)

    def gate(self, name: str) -> Any:
        """Return the fast validator of a schema."""
        if name not in self._gates:
            self._gates[name] = gate(self.texts[name])
        return self._gates[name]

    @cached_property
    def checks(self) -> Mapping[str, _SectionCheck]:
        """Return what the annotations ask of each section."""
        return {section: _SectionCheck(section, schema) for section, schema in self.sections.items()}


def load_schemas(folder: Path) -> Schemas:
    """Read the schemas of a folder.

    Raises `InputUnreadableError` when one cannot be read.
    """
    texts: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        name = path.name.removesuffix(_ENDING)
        if name != path.name:
            try:
                texts[name] = path.read_bytes()
            except OSError as error:
                raise _unreadable(name) from error
    return Schemas(texts=texts)


def _unreadable(name: str) -> InputUnreadableError:
    return InputUnreadableError(say.broken_schema(name + _ENDING), say.BROKEN_SCHEMA_HINT)


def violations(dossier: Dossier, schemas: Schemas, *, partial: bool = False) -> list[InputError]:
    """Return what is wrong with a dossier, sorted by position.

    `partial` asks nothing of what is absent: neither required fields nor the targets of references.
    """
    broken = any(error.severity == "erreur" for error in dossier.errors)
    problems: list[InputError] = [] if partial or broken else _absent_sections(dossier, schemas)
    for section, content in dossier.data.items():
        schema = schemas.sections.get(section)
        if schema is not None:
            reporter = _Reporter(dossier.locator, dossier.data, section, schema)
            # No section requires a field that may be null: valid with its null values, it is valid without them.
            if partial or not schemas.gate(section).is_valid(content):
                problems.extend(_schema_errors(reporter, _gate(schemas, section), content, partial=partial))
            problems.extend(
                schemas.checks[section].run(content, reporter, dossier.data, schemas, partial=partial)
            )
    # One value may break two keywords for one reason: it is said once.
    unique = {(e.file, e.line, e.column, e.cell, e.message): e for e in reversed(problems)}
    return sorted(
        unique.values(),
        key=lambda error: (error.file, error.line or 0, error.column or 0, error.cell or "", error.message),
    )


def _absent_sections(dossier: Dossier, schemas: Schemas) -> list[InputError]:
    """Report the sections left out although their schema requires something."""
    return [
        InputError(code="section-absente", message=say.absent_section(section), file=dossier.path)
        for section, schema in schemas.sections.items()
        if schema.get("required") and section not in dossier.data
    ]


def check_format(kind: str, document: YamlFile) -> list[InputError]:
    """Return what is wrong with one of our own files (rule, parameters…), as for a dossier."""
    if not _FORMATS:
        _FORMATS.append(load_schemas(resources.schemas_folder()))
    schemas = _FORMATS[0]
    schema = schemas.formats[kind]
    reporter = _Reporter(document.locator, document.data, "", schema)
    return _schema_errors(reporter, lambda: schemas.gate(kind), document.data, partial=False)


_FORMATS: list[Schemas] = []


def _gate(schemas: Schemas, section: str) -> Callable[[], Any]:
    return lambda: schemas.gate(section)


# -- what JSON Schema says -------------------------------------------------------------------------------


class _Reporter:
    """Turns a place in the data into an error with its position."""

    def __init__(self, locator: Locator, data: Any, section: str, schema: Mapping[str, Any]) -> None:
        self.locator = locator
        self.data = data
        self.section = section
        self.schema = schema

    def error(
        self,
        container: Any,
        key: Any,
        code: str,
        message: str,
        *,
        found: str | None = None,
        expected: str | None = None,
        correction: Correction | None = None,
        severity: str = "erreur",
    ) -> InputError:
        if key is None and self.section and not isinstance(container, dict | list):
            # A section that is a single value holds nothing: it is named by its key in the dossier.
            container, key = self.data, self.section
        position = (
            self.locator.nearest(container, key) if key is not None else self.locator.item_position(container)
        )
        if key is None:
            path = self.locator.item_path(container, _SHORT)
        else:
            named = clip(key, _SHORT) if isinstance(key, str) else key
            path = self.locator.path(container, named, _SHORT)
        return InputError(
            code=code,
            message=f"{path} : {message}" if path else message,
            file=position.file if position else self.section,
            line=position.line if position else None,
            column=position.column if position else None,
            cell=position.cell if position else None,
            found=found,
            expected=expected,
            correction=correction,
            severity=severity,
        )


def _schema_errors(
    reporter: _Reporter,
    gate: Callable[[], Any],
    content: Any,
    *,
    partial: bool,
) -> list[InputError]:
    pruned = _without_nulls(content)
    if not partial and gate().is_valid(pruned):
        return []
    import jsonschema

    validator = _validator(jsonschema, reporter.schema, partial=partial)
    errors = [
        error for error in validator.iter_errors(pruned) if not (partial and error.validator == "required")
    ]
    if not partial and not errors:
        raise RsauditError(say.VALIDATORS_DISAGREE, say.VALIDATORS_DISAGREE_HINT)
    return [told for error in errors for told in _told(error, reporter, content, partial=partial)]


_VALIDATORS: dict[tuple[int, bool], tuple[Any, Any]] = {}


def _validator(jsonschema: Any, schema: Mapping[str, Any], *, partial: bool) -> Any:
    key = (id(schema), partial)
    if key not in _VALIDATORS:
        used = _without_required(schema) if partial else schema
        _VALIDATORS[key] = (schema, jsonschema.Draft202012Validator(used))
    return _VALIDATORS[key][1]


def _without_required(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _without_required(value) for key, value in schema.items() if key != "required"}
    return [_without_required(value) for value in schema] if isinstance(schema, list) else schema


def _without_nulls(value: Any) -> Any:
    """Return the data without null values, the same object when there is none."""
    if value.__class__ is dict:
        kept = {key: _without_nulls(child) for key, child in value.items() if child is not None}
        same = len(kept) == len(value) and all(kept[key] is value[key] for key in kept)
        return value if same else kept
    if value.__class__ is list:
        items = [_without_nulls(child) for child in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value


def _told(error: Any, reporter: _Reporter, content: Any, *, partial: bool) -> Iterator[InputError]:
    """Say one error of the validator, gone down to the branch of a union that was meant."""
    if error.validator == "anyOf":
        chosen = _meant(error, reporter.schema)
        inner = [
            e
            for e in error.context
            if e.schema_path[0] == chosen and not (partial and e.validator == "required")
        ]
        if inner and (not _is_plain(error.instance) or all(e.validator != "type" for e in inner)):
            for deeper in inner:
                yield from _told(deeper, reporter, content, partial=partial)
            return
    container, key = _locate(content, list(error.absolute_path))
    sentences = _SENTENCES.get(error.validator, _other)
    yield from sentences(error, reporter, container, key)


def _nearest(word: str, known: Iterable[str], n: int) -> list[str]:
    """Return the nearest words, as the standard library finds them; it is imported for an error only."""
    from difflib import get_close_matches as nearest

    return nearest(word, list(known), n=n)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _meant(error: Any, root: Mapping[str, Any]) -> int:
    """Choose the branch of a union by the shape of the value."""
    branches = [resolve(branch, root) for branch in error.schema["anyOf"]]
    value = error.instance
    for index, branch in enumerate(branches):
        kind = branch.get("type")
        if isinstance(value, list) and kind == "array":
            return index
        if isinstance(value, dict) and kind == "object":
            has_file = _FILE in (branch.get("properties") or {})
            if has_file == (_FILE in value):
                return index
    return 0


def _locate(content: Any, path: list[Any]) -> tuple[Any, Any]:
    """Return the container and the key a path ends at, in the data as written."""
    container, key = content, None
    current = content
    for step in path:
        container, key = current, step
        current = current[step]
    return container, key


def _schema_of(error: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    return resolve(error.schema, root) if isinstance(error.schema, dict) else {}


def shown(value: Any, *, free: bool = False) -> str:
    """Write a value found, if it may be shown: a number, a date, a boolean, a short word; else its type and size."""
    if value is None:
        return say.NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, str):
        return f"« {value} »" if len(value) <= _SHORT and not free else say.text_of(len(value))
    return say.LIST if isinstance(value, list) else say.BLOCK


def _one(error: Any, reporter: _Reporter, container: Any, key: Any, code: str, expected: str) -> InputError:
    free = bool(_schema_of(error, reporter.schema).get("x-libre"))
    found = shown(error.instance, free=free)
    correction = _certain(error, reporter.schema)
    if correction is not None:
        expected = say.wanted(correction.text)
    return reporter.error(
        container,
        key,
        code,
        say.instead(found, expected),
        found=found,
        expected=expected,
        correction=correction,
    )


def _certain(error: Any, root: Mapping[str, Any]) -> Correction | None:
    """Return what was surely meant, provided the schema admits it."""
    import jsonschema

    from rsaudit.corrections.meaning import meant_value, written

    meant = meant_value(error.instance, error.schema, root)
    if meant is None:
        return None
    judge = jsonschema.Draft202012Validator({"$defs": root.get("$defs", {}), **error.schema})
    return Correction(written(meant)) if judge.is_valid(meant) else None


def _wrong_type(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    yield _one(
        error, reporter, container, key, "type", say.wanted(_expectation(error.schema, reporter.schema))
    )


def _expectation(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """Say what a field expects, with an example when the schema gives one."""
    shape = resolve(schema, root)
    if "anyOf" in shape:
        examples = [example for example in shape.get("examples") or () if isinstance(example, str)]
        parts = [
            _expectation({**resolve(branch, root), **({"examples": examples} if examples else {})}, root)
            for branch in shape["anyOf"]
        ]
        return say.either(parts)
    kind = shape.get("type")
    if "enum" in shape:
        return say.one_of([say.word(value) for value in shape["enum"] if not isinstance(value, bool)])
    if shape.get("format") == "date":
        return say.A_DATE
    names = {
        "number": say.A_NUMBER,
        "integer": say.AN_INTEGER,
        "string": say.A_TEXT,
        "array": say.A_LIST,
        "object": say.A_BLOCK,
    }
    text = names.get(str(kind), say.A_TEXT)
    examples = list(shape.get("examples") or ())
    return say.for_example(text, str(examples[0])) if examples and kind == "string" else text


def _wrong_word(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    values = error.schema.get("enum", [error.schema.get("const")])
    if any(isinstance(value, bool) for value in values):
        yield _one(error, reporter, container, key, "booleen", say.YES_OR_NO)
        return
    words = [say.word(value) for value in values]
    close = _nearest(str(error.instance), words, n=1)
    yield _one(error, reporter, container, key, "mot", say.one_of(words) + say.near(close))


def _union(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    yield _one(
        error, reporter, container, key, "type", say.wanted(_expectation(error.schema, reporter.schema))
    )


def _missing(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    owner = container if key is None else container[key]
    for name in error.validator_value:
        if name not in error.instance:
            yield reporter.error(owner, name, "obligatoire", say.REQUIRED)


def _unknown_key(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    from rsaudit.corrections.meaning import meant_word, written

    owner = container if key is None else container[key]
    known = list(error.schema.get("properties") or ())
    for name in error.instance:
        if name in known:
            continue
        if sign_of_heading(name) is not None:
            yield reporter.error(owner, name, "donnee-personnelle", say.PERSON)
            continue
        meant = meant_word(name, known)
        close = [meant] if meant else _nearest(name, known, n=1)
        free = meant is not None and meant not in error.instance
        yield reporter.error(
            owner,
            name,
            "cle-inconnue",
            say.unknown_key(close, known),
            correction=Correction(written(meant), of_key=True) if free else None,
        )


def _bound(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    limit = error.validator_value
    texts = {"minimum": say.at_least, "maximum": say.at_most, "exclusiveMinimum": say.more_than}
    yield _one(error, reporter, container, key, "borne", texts[error.validator](str(limit)))


def _length(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    limit = error.validator_value
    texts = {
        "maxLength": say.at_most_characters,
        "minLength": say.at_least_characters,
        "minItems": say.at_least_items,
    }
    yield _one(error, reporter, container, key, "longueur", texts[error.validator](limit))


def _pattern(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    yield _one(
        error, reporter, container, key, "forme", say.wanted(_expectation(error.schema, reporter.schema))
    )


def _other(error: Any, reporter: _Reporter, container: Any, key: Any) -> Iterator[InputError]:
    yield _one(error, reporter, container, key, "forme", say.OTHER)


_SENTENCES: dict[str, Callable[[Any, _Reporter, Any, Any], Iterator[InputError]]] = {
    "type": _wrong_type,
    "enum": _wrong_word,
    "const": _wrong_word,
    "anyOf": _union,
    "required": _missing,
    "additionalProperties": _unknown_key,
    "minimum": _bound,
    "maximum": _bound,
    "exclusiveMinimum": _bound,
    "maxLength": _length,
    "minLength": _length,
    "minItems": _length,
    "pattern": _pattern,
}


# -- what the annotations say ----------------------------------------------------------------------------


def _fields(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return schema.get("properties") or {}


def _branches(shape: Mapping[str, Any], root: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the branches of a union, or the shape that is none."""
    return [resolve(branch, root) for branch in shape["anyOf"]] if "anyOf" in shape else [shape]


def _rows(branches: list[Mapping[str, Any]], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema of the objects that a list holds; `None` when no branch is one, or of plain values."""
    array = next((branch for branch in branches if branch.get("type") == "array"), None)
    item = resolve(array.get("items") or {}, root) if array is not None else {}
    return item if item.get("type") == "object" else None


class _TextCheck(Struct, frozen=True, kw_only=True):
    """What the annotations ask of the text of one field."""

    words: frozenset[str]
    """Words admitted whatever the rest says."""
    is_date: bool
    is_free: bool
    """A text where anything may be written, and where a person must not be named."""
    reference: str | None


class _Nested(Struct, frozen=True, kw_only=True):
    """What a field may hold: an object, or the rows of a list or table; of either, the fields."""

    fields: Mapping[str, Any] | None = None
    rows: Mapping[str, Any] | None = None
    """Those of no row, when the list is of plain values."""
    identifiers: tuple[str, ...] = ()
    """Those of the rows."""


class _FieldCheck(Struct, frozen=True):
    """What the annotations ask of one field."""

    text: _TextCheck | None = None
    decimals: int | None = None
    nested: _Nested | None = None


class _ObjectPlan(Struct, frozen=True):
    """What to check in an object: only the fields whose text, decimals or content the annotations speak of."""

    texts: dict[str, _TextCheck]
    decimals: dict[str, int]
    nested: dict[str, _Nested]


#: What there is something to check for: most fields are a word, a boolean or a count, and have none.
_CHECKED = frozenset({"anyOf", "format", "items", "properties", "x-decimales", "x-libre", "x-reference"})
#: What is looked at in the schema of a field.
_KEYWORDS = _CHECKED | {"enum", "type", "x-identifiant", "x-nomme"}


class _SectionCheck:
    """Checks calendar days, decimals, identifiers, references and totals of one section."""

    def __init__(self, section: str, schema: Mapping[str, Any]) -> None:
        self.section = section
        self.schema = schema
        self.plan = BySchema(self._plan)
        """Gives what to check in an object, from its fields."""
        self._field = ByField(schema, _KEYWORDS, self._understood)

    def run(
        self,
        content: Any,
        reporter: _Reporter,
        data: dict[str, Any],
        schemas: Schemas,
        *,
        partial: bool,
    ) -> list[InputError]:
        """Return what is wrong with the content of the section."""
        walk = _Walk(self, reporter, data, schemas, partial=partial)
        walk.object(content, self.plan(_fields(self.schema)))
        return walk.found

    def _plan(self, fields: Mapping[str, Any]) -> _ObjectPlan:
        plan = _ObjectPlan({}, {}, {})
        for name, prop in fields.items():
            check = self._field(prop)
            if check.text is not None:
                plan.texts[name] = check.text
            if check.decimals is not None:
                plan.decimals[name] = check.decimals
            if check.nested is not None:
                plan.nested[name] = check.nested
        return plan

    def _understood(self, shape: Mapping[str, Any]) -> _FieldCheck:
        if _CHECKED.isdisjoint(shape):
            return _FieldCheck()
        branches = _branches(shape, self.schema)
        every = (shape, *branches) if "anyOf" in shape else branches
        reference = next((one["x-reference"] for one in every if "x-reference" in one), None)
        is_date = any(branch.get("format") == "date" for branch in branches)
        is_free = not shape.get("x-nomme") and any(one.get("x-libre") for one in every)
        text = None
        if is_date or is_free or reference is not None:
            words = frozenset(w for b in branches for w in b.get("enum", ()) if isinstance(w, str))
            text = _TextCheck(words=words, is_date=is_date, is_free=is_free, reference=reference)
        decimals = next((one["x-decimales"] for one in every if "x-decimales" in one), None)
        return _FieldCheck(text, decimals, self._nested(shape, branches))

    def _nested(self, shape: Mapping[str, Any], branches: list[Mapping[str, Any]]) -> _Nested | None:
        kinds = [branch.get("type") for branch in branches]
        if "array" in kinds:
            item = _rows(branches, self.schema)
            return _Nested() if item is None else _Nested(rows=_fields(item), identifiers=identifiers(item))
        return _Nested(fields=_fields(shape)) if "object" in kinds else None


class _Names(dict[str, None]):
    """The identifiers of the rows of a table, in their order."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(names))

    @cached_property
    def forms(self) -> dict[str, str]:
        """Return each by the form under which it is equal to others; needed only of a name met nowhere as such."""
        return {_plain(name): name for name in self}


class _Walk:
    """One walk over the content of a section."""

    def __init__(
        self,
        check: _SectionCheck,
        reporter: _Reporter,
        data: dict[str, Any],
        schemas: Schemas,
        *,
        partial: bool,
    ) -> None:
        self.check = check
        self.reporter = reporter
        self.data = data
        self.schemas = schemas
        self.partial = partial
        self.found: list[InputError] = []
        self._targets: dict[str, _Names | None] = {}

    def object(self, value: Any, plan: _ObjectPlan) -> None:
        if not isinstance(value, dict):
            return
        texts, decimals, nested = plan.texts, plan.decimals, plan.nested
        for name, child in value.items():
            kind = child.__class__
            if kind is str:
                if name in texts and child not in texts[name].words:
                    self._text(value, name, child, texts[name])
            elif kind is dict or kind is list:
                if name in nested:
                    self._container(child, nested[name])
            elif kind is Decimal and name in decimals:
                self._decimals(value, name, child, decimals[name])

    def _container(self, child: Any, field: _Nested) -> None:
        if field.fields is not None and isinstance(child, dict):
            self.object(child, self.check.plan(field.fields))
            return
        rows = child
        if isinstance(child, dict):
            rows = child.get(_ROWS)
            self._totals(child, rows)
        if field.rows is None or not isinstance(rows, list):
            return
        self._identifiers(rows, field.identifiers)
        plan = self.check.plan(field.rows)
        for row in rows:
            self.object(row, plan)

    def _totals(self, table: dict[str, Any], rows: Any) -> None:
        total = table.get(_TOTAL)
        if not isinstance(total, int) or not isinstance(rows, list):
            return
        if total < len(rows):
            self._add(table, _TOTAL, "effectif", say.total_too_small(total, len(rows)))
        elif table.get(_EXTENT) == "complete" and total != len(rows):
            self._add(table, _TOTAL, "effectif", say.total_differs(total, len(rows)))

    def _identifiers(self, rows: list[Any], keys: tuple[str, ...]) -> None:
        if not keys:
            return
        seen: dict[tuple[Any, ...], int] = {}
        for rank, row in enumerate(rows, 1):
            values = tuple(map(row.get, keys)) if isinstance(row, dict) else ()
            if not values or not _NAMES_NOTHING.isdisjoint(map(type, values)):
                continue
            if values in seen:
                self._add(
                    row,
                    keys[0],
                    "identifiant-en-double",
                    say.duplicate("-".join(map(str, values)), seen[values]),
                )
            seen.setdefault(values, rank)

    def _text(self, owner: Any, name: str, value: str, check: _TextCheck) -> None:
        if check.is_date and len(value) == _DAY_LENGTH and not _may_be_day(value):
            self._add(owner, name, "date", say.instead(shown(value), say.A_REAL_DATE))
        if check.is_free:
            for sign in signs(value):
                self._add(owner, name, "personne", say.seems_personal(sign), severity="avertissement")
        if check.reference is not None and not self.partial:
            self._reference(owner, name, value, check.reference)

    def _decimals(self, owner: Any, name: str, value: Decimal, most: int) -> None:
        if _decimals_of(value) > most and _decimals_of(value.normalize()) > most:
            self._add(owner, name, "decimales", say.too_many_decimals(str(value), most))

    def _reference(self, owner: Any, name: str, value: str, target: str) -> None:
        known = self._known(target)
        if known is None or value in known or _plain(value) in known.forms:
            return
        close = _nearest(value, sorted(known.forms.values()), n=1)
        table = target.rsplit(".", 1)[0]
        hint = say.OUTSIDE_CONVENTION if "hors_convention" in _fields(self.schemas.rows_at(table)) else ""
        self._add(owner, name, "reference", say.unknown_reference(shown(value), table, close, hint))

    def _known(self, target: str) -> _Names | None:
        """Return the identifiers of a complete table; `None` when nothing can be said of it."""
        if target not in self._targets:
            section, *middle, key = target.split(".")
            table: Any = self.data.get(section)
            for step in middle:
                table = table.get(step) if isinstance(table, dict) else None
            rows = table.get(_ROWS) if isinstance(table, dict) else table
            complete = isinstance(table, list) or (
                isinstance(table, dict) and table.get(_EXTENT) == "complete"
            )
            if not complete or not isinstance(rows, list):
                self._targets[target] = None
            else:
                self._targets[target] = _Names(
                    row[key] for row in rows if isinstance(row, dict) and isinstance(row.get(key), str)
                )
        return self._targets[target]

    def _add(self, owner: Any, key: str, code: str, message: str, severity: str = "erreur") -> None:
        self.found.append(self.reporter.error(owner, key, code, message, severity=severity))


def _plain(text: str) -> str:
    from rsaudit.conditions.texts import normal_form

    return normal_form(text)


def _decimals_of(value: Decimal) -> int:
    """Return how many decimals a number is written with; none when it is no number."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


@lru_cache(maxsize=4096)
def _may_be_day(text: str) -> bool:
    """Say whether a text is a day of the calendar, or not written as one: the schema then says what it is not."""
    if not _ISO_DAY.match(text):
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
