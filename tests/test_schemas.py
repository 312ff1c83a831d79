"""The schemas of a dossier keep to one closed profile, so that every tool that reads them agrees."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from rsaudit.resources import schemas_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

Node = dict[str, Any]

PUBLISHED = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(schemas_folder().glob("*.schema.json"))
}
SECTIONS = {
    name: schema
    for name, schema in PUBLISHED.items()
    if not schema.get("$id", "").startswith("urn:rsaudit:format:") and name != "rapport"
}

STRUCTURE = frozenset(
    [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "minItems",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "$ref",
        "anyOf",
    ]
)
NOTES = frozenset(["$schema", "$id", "$defs", "title", "description", "examples"])
ANNOTATIONS = frozenset(
    [
        "x-identifiant",
        "x-reference",
        "x-unite",
        "x-decimales",
        "x-total",
        "x-piece",
        "x-synonymes",
        "x-libelles",
        "x-avant-signature",
        "x-libre",
        "x-nomme",
        "x-commun",
        "x-role",
        "x-repere",
        "x-herite",
        "x-feuille",
        "x-choix",
        "x-mots-avant-signature",
        "x-detenteurs",
        "x-libelles-detenteurs",
    ]
)
SIMPLE_TYPES = frozenset(["string", "number", "integer", "boolean", "array", "object"])
BOOLEAN_WORDS: Node = {"type": ["boolean", "string"], "enum": [True, False, "oui", "non"]}
SILENCES = frozenset(["aucun", "non_mentionne"])
INLINE_TABLE = frozenset(["etendue", "effectif_total", "lignes"])
FILE_TABLE = frozenset(["etendue", "effectif_total", "fichier", "feuille"])

PERSONAL = frozenset(
    [
        "nom",
        "noms",
        "prenom",
        "prenoms",
        "patronyme",
        "naissance",
        "age",
        "nationalite",
        "sante",
        "maladie",
        "handicap",
        "nir",
        "religion",
        "courriel",
        "email",
        "telephone",
        "auteur",
        "signature_manuscrite",
    ]
)
#: Facts whose name holds one of these words and which say nothing of a person.
IMPERSONAL = frozenset(["residence.nom", "part_financement_sante", "absence_sante"])


def walk(node: Node, where: str) -> Iterator[tuple[str, Node]]:
    """Yield every subschema with its place."""
    yield where, node
    for group in ("properties", "$defs"):
        for name, child in node.get(group, {}).items():
            yield from walk(child, f"{where}.{name}")
    if "items" in node:
        yield from walk(node["items"], f"{where}[]")
    for index, child in enumerate(node.get("anyOf", [])):
        yield from walk(child, f"{where}|{index}")


def properties(section: str) -> Iterator[tuple[str, str, Node]]:
    """Yield every property of a section: its place, its name, its schema."""
    for where, node in walk(SECTIONS[section], section):
        for name, child in node.get("properties", {}).items():
            yield f"{where}.{name}", name, child


def resolved(section: str, node: Node) -> Node:
    """Follow a local reference to its definition."""
    while "$ref" in node:
        node = SECTIONS[section]["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def rows(section: str, node: Node) -> Node:
    """Return the item schema of a list or of a table, and any other schema as it is."""
    node = resolved(section, node)
    if "anyOf" in node:
        node = resolved(section, node["anyOf"][0])
    return resolved(section, node["items"]) if "items" in node else node


def union_problem(node: Node) -> str | None:
    """Say why an `anyOf` is none of the named unions."""
    branches = node["anyOf"]
    if len(branches) == 2:
        value, words = branches
        if set(words) != {"enum"} or not set(words["enum"]) <= SILENCES:
            return "the second branch must be {enum: [aucun and/or non_mentionne]}"
        if value.get("type") in ("array", "object", "boolean") or value.get("$ref") == "#/$defs/booleen":
            return "a boolean, a list or an object has no silent word"
        return None
    if len(branches) != 3:
        return "neither « T or a silent word » nor a table"
    listed, inline, filed = branches
    if listed.get("type") != "array":
        return "the first branch of a table is its list"
    for branch, names, needed in (
        (inline, INLINE_TABLE, {"etendue", "lignes"}),
        (filed, FILE_TABLE, {"etendue", "fichier"}),
    ):
        if set(branch.get("properties", {})) - {"source"} != names or set(branch["required"]) != needed:
            return f"a branch of the table must hold {sorted(names)} and require {sorted(needed)}"
    if inline["properties"]["lignes"].get("items") != listed["items"]:
        return "lignes must have the rows of the plain list"
    return None


def type_problem(node: Node) -> str | None:
    """Say why the `type` of a schema is outside the profile."""
    kind = node.get("type")
    if isinstance(kind, list):
        return None if {key: node.get(key) for key in BOOLEAN_WORDS} == BOOLEAN_WORDS else "a list of types"
    if kind is not None and kind not in SIMPLE_TYPES:
        return f"unknown type {kind}"
    if kind == "object" and (node.get("additionalProperties") is not False or "properties" not in node):
        return "an open object"
    if kind == "array" and "items" not in node:
        return "a list of anything"
    if kind == "string" and not {"enum", "const", "maxLength"} & set(node):
        return "an unbounded string"
    return None


def pattern_problem(node: Node) -> str | None:
    """Say why a pattern could be read differently, or slowly, by another engine."""
    pattern = node.get("pattern")
    if pattern is None:
        return None
    outside = re.sub(r"\[[^\]]*\]", "", pattern)
    checks = {
        "no maxLength": "maxLength" not in node,
        "not ASCII": not pattern.isascii(),
        "not anchored": not (pattern.startswith("^") and pattern.endswith("$")),
        "a class that depends on the engine": bool(re.search(r"\\[a-zA-Z]", pattern)),
        "a dot outside a class": "." in re.sub(r"\\\.", "", outside),
        "a repeated group": bool(re.search(r"\)[*+{]", outside)),
        "a nested quantifier": bool(re.search(r"[*+}][*+{]", outside)),
    }
    return next((f"pattern: {problem}" for problem, found in checks.items() if found), None)


def schema_problem(node: Node) -> str | None:
    """Say why a subschema is outside the closed profile."""
    if unknown := set(node) - STRUCTURE - NOTES - ANNOTATIONS:
        return f"keywords outside the profile: {sorted(unknown)}"
    if not set(node) & {"type", "$ref", "enum", "const", "anyOf"}:
        return "admits anything"
    if "anyOf" in node and (problem := union_problem(node)):
        return problem
    if not node.get("$ref", "#/$defs/").startswith("#/$defs/"):
        return "a reference out of the file"
    return type_problem(node) or pattern_problem(node)


def words_of(section: str, node: Node) -> set[str]:
    """Return the words that a schema admits by enumeration."""
    node = resolved(section, node)
    found = {word for word in node.get("enum", []) if isinstance(word, str)}
    for branch in node.get("anyOf", []):
        found |= words_of(section, branch)
    return found


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_schema_is_valid(name: str) -> None:
    """JSON Schema 2020-12 itself accepts each published file."""
    Draft202012Validator.check_schema(PUBLISHED[name])


def test_a_schema_carries_the_name_of_its_section() -> None:
    """The `$id` says which section a file describes."""
    assert {name: schema["$id"] for name, schema in SECTIONS.items()} == {
        name: f"urn:rsaudit:schema:{name}" for name in SECTIONS
    }


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_the_profile_is_closed(section: str) -> None:
    """Only the keywords and unions that all readers of the schemas share are used."""
    problems = {
        where: problem
        for where, node in walk(SECTIONS[section], section)
        if (problem := schema_problem(node))
    }
    assert problems == {}


@pytest.mark.parametrize(
    "node",
    [
        {"type": "string"},
        {"type": "object", "properties": {}},
        {"type": ["string", "null"]},
        {"type": "string", "maxLength": 9, "pattern": "^(a+)+$"},
        {"type": "string", "maxLength": 9, "pattern": r"^\d+$"},
        {"type": "string", "pattern": "^[a-z]$"},
        {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "integer"}]},
        {"oneOf": [{"type": "integer"}]},
        {},
    ],
)
def test_the_check_of_the_profile_sees(node: Node) -> None:
    """The check of the profile is not blind."""
    assert schema_problem(node) is not None


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_property_explains_itself(section: str) -> None:
    """Editors show a label, a meaning and an example for every field."""
    silent = [
        where
        for where, _, node in properties(section)
        if not (node.get("title") and node.get("description") and node.get("examples"))
        or node["title"].endswith(".")
    ]
    assert silent == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_example_is_valid(section: str) -> None:
    """An example that its own field would refuse teaches a mistake."""
    definitions = SECTIONS[section].get("$defs", {})
    wrong = []
    for where, _, node in properties(section):
        validator = Draft202012Validator(
            {**node, "$defs": definitions}, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        wrong += [
            (where, example, error.message)
            for example in node["examples"]
            for error in validator.iter_errors(example)
        ]
    assert wrong == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_the_french_shown_is_well_set(section: str) -> None:
    """Texts shown as they are have curved apostrophes and no-break spaces."""
    bad = re.compile(r"[^\W\d_]'[^\W\d_]| [;:!?»]|« ")
    shown = [
        (where, text)
        for where, node in walk(SECTIONS[section], section)
        for text in (node.get("title", ""), node.get("description", ""), *node.get("x-libelles", {}).values())
        if bad.search(text)
    ]
    assert shown == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_labels_and_synonyms_name_words_of_their_list(section: str) -> None:
    """A label or a synonym of a word that does not exist is a misspelling."""
    strangers = []
    for where, node in walk(SECTIONS[section], section):
        named = set(node.get("x-libelles", {})) | set(node.get("x-synonymes", {}).values())
        strangers += [(where, word) for word in sorted(named - words_of(section, node))]
    assert strangers == []


def test_common_definitions_are_the_same_everywhere() -> None:
    """A definition repeated under one name has one content."""
    known: dict[str, tuple[str, Node]] = {}
    different = []
    for section, schema in SECTIONS.items():
        for name, definition in schema.get("$defs", {}).items():
            first, reference = known.setdefault(name, (section, definition))
            if definition != reference:
                different.append((name, first, section))
    assert different == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_identifiers_are_required_fields(section: str) -> None:
    """What identifies an item is always written."""
    wrong = []
    for where, node in walk(SECTIONS[section], section):
        identifier = node.get("x-identifiant", [])
        names = [identifier] if isinstance(identifier, str) else identifier
        wrong += [
            (where, name)
            for name in names
            if name not in node["properties"] or name not in node.get("required", [])
        ]
    assert wrong == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_roles_are_written_beside_fields(section: str) -> None:
    """What says which part a field plays in the reports is written at the field itself, where alone it is looked for."""
    of_fields = [id(child) for _, _, child in properties(section)]
    nodes = walk(SECTIONS[section], section)
    assert [
        where for where, node in nodes if {"x-role", "x-repere"} & set(node) and id(node) not in of_fields
    ] == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_references_lead_to_identifiers(section: str) -> None:
    """A reference names the field that identifies the items it points to."""
    lost = []
    for where, node in walk(SECTIONS[section], section):
        if "x-reference" not in node:
            continue
        target, *path, field = node["x-reference"].split(".")
        item: Node = SECTIONS.get(target, {})
        for name in path:
            item = rows(target, item.get("properties", {}).get(name, {}))
        if not item or item.get("x-identifiant") != field:
            lost.append((where, node["x-reference"]))
    assert lost == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_a_list_refers_to_no_row(section: str) -> None:
    """No list of codes is said to refer to rows: references are checked one by one, and none of a list would be."""
    assert [
        where
        for where, node in walk(SECTIONS[section], section)
        if (
            "x-reference" in node
            and (node.get("type") == "array" or any("items" in branch for branch in node.get("anyOf", ())))
        )
        or "x-reference" in node.get("items", {})
    ] == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_pieces_are_named_by_their_code(section: str) -> None:
    """Pieces where a fact is found are kinds of the register of pieces."""
    codes = set(SECTIONS["residence"]["$defs"]["piece"]["properties"]["nature"]["enum"])
    unknown = []
    for where, node in walk(SECTIONS[section], section):
        named = node.get("x-piece", [])
        unknown += [
            (where, code) for code in ([named] if isinstance(named, str) else named) if code not in codes
        ]
    assert unknown == []


def test_every_kind_of_piece_has_a_holder() -> None:
    """Whoever asks for a piece knows whom to ask: each kind names its holders, each holder has its words."""
    nature = SECTIONS["residence"]["$defs"]["piece"]["properties"]["nature"]
    holders, words = nature["x-detenteurs"], nature["x-libelles-detenteurs"]
    assert list(holders) == nature["enum"]
    assert all(holders.values())
    assert {holder for named in holders.values() for holder in named} == set(words)


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_no_field_names_a_person(section: str) -> None:
    """No field invites an identity, a birth, a nationality or a health datum."""
    personal = [
        where
        for where, name, _ in properties(section)
        if PERSONAL & set(name.split("_")) and not IMPERSONAL & {where, name}
    ]
    assert personal == []


def test_a_dossier_needs_only_what_identifies_it() -> None:
    """Absence is unknown: only the format, the territory and the category are due."""
    assert {section: schema["required"] for section, schema in SECTIONS.items() if "required" in schema} == {
        "residence": ["format", "territoire", "categorie"]
    }


def test_nothing_required_may_be_null() -> None:
    """What a section requires is never null: what is valid with its null values is valid without them."""
    judged = 0
    for name, root in SECTIONS.items():
        for where, node in walk(root, name):
            for key in node.get("required", ()):
                asked = {"$defs": root.get("$defs", {}), **node["properties"][key]}
                assert not Draft202012Validator(asked).is_valid(None), f"{where}.{key}"
                judged += 1
    assert judged > 100
