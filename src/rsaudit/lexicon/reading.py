"""The folder `lexique/` of a référentiel -> a lexicon, checked: patterns, fields, words, exigences, both kinds of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.errors import RulesetError
from rsaudit.lexicon.declarations import Entry, Kind, Lexicon, Proposal
from rsaudit.messages import lexicon as say
from rsaudit.messages import ruleset as words
from rsaudit.messages import typographic
from rsaudit.phrases import Pattern, PatternError, parse_pattern
from rsaudit.ruleset.reading import SourceFile
from rsaudit.shapes import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rsaudit.validation import Schemas

FOLDER = "lexique"
TO_TYPE = "a_saisir"


def load_lexicon(folder: Path, schemas: Schemas, requirements: Iterable[str]) -> Lexicon | None:
    """Read the lexicon of a référentiel, or return `None` when it has none.

    Raises `RulesetError` with the file and line of whatever is wrong: a pattern, a field that does not exist, a word
    it does not admit, an exigence unknown, an entry without a case of each kind.
    """
    entries: list[Entry] = []
    known = set(requirements)
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        source = SourceFile(path, f"{folder.name}/{FOLDER}/{path.name}", "lexique")
        theme = typographic(source.data["theme"])
        entries.extend(_entry(source, data, theme, schemas, known) for data in source.data["entrees"])
    if not entries:
        return None
    _refuse_doubles(folder.name, entries)
    return Lexicon(ruleset=folder.name, entries=tuple(entries))


def _entry(
    source: SourceFile, data: Mapping[str, Any], theme: str, schemas: Schemas, requirements: set[str]
) -> Entry:
    for identifier in data.get("exigences") or ():
        if identifier not in requirements:
            raise _wrong(source, data, "exigences", say.unknown_requirement(identifier))
    found = {bool(case["releve"]) for case in data["cas"]}
    if found != {True, False}:
        raise _wrong(source, data, "cas", say.BOTH_CASES)
    return Entry(
        id=data["id"],
        theme=theme,
        title=typographic(data["titre"]),
        kind=Kind(data["nature"]),
        documents=tuple(data["documents"]),
        patterns=_patterns(source, data, "motifs"),
        exceptions=_patterns(source, data, "sauf"),
        why=typographic(data["pourquoi"]),
        requirements=tuple(data.get("exigences") or ()),
        proposals=_proposals(source, data, "propose", schemas),
        if_absent=_proposals(source, data, "si_absente", schemas),
        cases=tuple((case["texte"], bool(case["releve"])) for case in data["cas"]),
    )


def _wrong(source: SourceFile, container: Any, key: str | int, why: str) -> RulesetError:
    position = source.locator.nearest(container, key)
    place = ":".join(
        [source.name, *(str(n) for n in (position and (position.line, position.column)) or () if n)]
    )
    return RulesetError(say.wrong_entry(place, why), words.INVALID_FILE_HINT)


def _patterns(source: SourceFile, data: Mapping[str, Any], key: str) -> tuple[Pattern, ...]:
    found = []
    for rank, text in enumerate(data.get(key) or ()):
        try:
            found.append(parse_pattern(text))
        except PatternError as error:
            raise _wrong(source, data[key], rank, str(error)) from error
    return tuple(found)


def _proposals(
    source: SourceFile, data: Mapping[str, Any], key: str, schemas: Schemas
) -> tuple[Proposal, ...]:
    found = []
    for entry in data.get(key) or ():
        why = _refusal(entry["champ"], entry["valeur"], schemas)
        if why is not None:
            raise _wrong(source, entry, "champ", why)
        found.append(Proposal(path=entry["champ"], value=entry["valeur"], document=entry.get("document")))
    return tuple(found)


def _refusal(path: str, value: Any, schemas: Schemas) -> str | None:
    """Say why a value cannot be proposed for a field, or return `None`."""
    section, *names = path.split(".")
    root = schemas.sections.get(section)
    shape: Mapping[str, Any] | None = root
    for name in names:
        shape = resolve((shape.get("properties") or {}).get(name) or {}, root) if shape and root else None
    if not shape or root is None:
        return say.unknown_field(path)
    if value == TO_TYPE:
        return None
    return _word_refusal(path, value, shape, root)


def _word_refusal(path: str, value: Any, shape: Mapping[str, Any], root: Mapping[str, Any]) -> str | None:
    branches = [resolve(branch, root) for branch in shape.get("anyOf") or (shape,)]
    rows = next((branch for branch in branches if branch.get("type") == "array"), None)
    if rows is None:
        admitted = [word for branch in branches for word in branch.get("enum") or ()]
        return None if value in admitted else say.unknown_word(path, value)
    item = resolve(rows["items"], root)
    for key, part in (value if isinstance(value, dict) else {"": value}).items():
        field = resolve((item.get("properties") or {}).get(key) or {}, root) if key else item
        if not field or ("enum" in field and part not in field["enum"]):
            return say.unknown_word(f"{path}.{key}".rstrip("."), part)
    return None


def _refuse_doubles(ruleset: str, entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise RulesetError(say.duplicate_entry(ruleset, entry.id), words.INVALID_FILE_HINT)
        seen.add(entry.id)
