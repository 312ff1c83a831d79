"""A référentiel folder -> `Ruleset`, laid over its parent when it extends one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from rsaudit.errors import RulesetError
from rsaudit.messages import ruleset as say
from rsaudit.messages import typographic
from rsaudit.resources import parent_folder
from rsaudit.ruleset import reading
from rsaudit.ruleset.bounds import MAX_ANCESTORS, beside, files_of
from rsaudit.ruleset.declarations import Ruleset
from rsaudit.ruleset.reading import SourceFile

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.conditions import ParameterDeclaration
    from rsaudit.ruleset.declarations import Override, ParameterNote, Rule


def load_ruleset(folder: Path, *, _children: tuple[str, ...] = ()) -> Ruleset:
    """Read the référentiel of `folder`, with the parent it extends (a sibling folder, else a shipped one).

    Raises `RulesetError` naming the file and the line of whatever cannot be read.
    """
    if not (folder / "referentiel.yaml").is_file():
        raise RulesetError(say.no_ruleset(folder.name), say.NO_RULESET_HINT)
    files_of(str(folder))
    if len(_children) > MAX_ANCESTORS:
        raise RulesetError(say.too_many_ancestors(_children[0], MAX_ANCESTORS), say.CIRCULAR_PARENT_HINT)
    head = SourceFile(folder / "referentiel.yaml", f"{folder.name}/referentiel.yaml", "referentiel")
    if head.data["id"] != folder.name:
        raise RulesetError(say.wrong_folder(head.data["id"], folder.name), say.WRONG_FOLDER_HINT)
    parent_id = head.data.get("parent")
    if parent_id in {folder.name, *_children}:
        raise RulesetError(say.circular_parent(folder.name), say.CIRCULAR_PARENT_HINT)
    parent = (
        load_ruleset(parent_folder(folder, parent_id), _children=(*_children, folder.name))
        if parent_id
        else None
    )
    return _assemble(folder, head, parent)


def _assemble(folder: Path, head: SourceFile, parent: Ruleset | None) -> Ruleset:
    origin = folder.name
    parts = _Parts(folder)
    rules = [reading.read_rule(parts.rule(path), origin) for path in reading.rule_files(folder)]
    _check_names(folder, rules)
    overrides = reading.read_overrides(head)
    facts, fact_titles = parts.facts(parent)
    parameters, notes = parts.parameters(origin)
    source_text = head.data.get("texte") or {"titre": head.data["titre"]}
    scope, out_of_scope = reading.read_scope(head)
    own = Ruleset(
        id=origin,
        title=typographic(head.data["titre"]),
        version=head.data["version"],
        date=date.fromisoformat(head.data["date"]),
        source_title=typographic(source_text["titre"]),
        source_author=source_text.get("auteur"),
        source_reference=source_text.get("reference"),
        binding=bool(head.data["opposable"]),
        scope_text=typographic(head.data["portee"]),
        scope=scope,
        out_of_scope=out_of_scope,
        case_date=date.fromisoformat(head.data.get("date_des_cas") or head.data["date"]),
        chapters=reading.read_chapters(head),
        rules=tuple(rules),
        facts=tuple(facts),
        fact_titles=fact_titles,
        parameters=tuple(parameters),
        parameter_notes=tuple(notes),
        requirements=tuple(parts.optional("exigences", reading.read_requirements)),
        readings=tuple(parts.optional("lectures", reading.read_readings)),
        opposition=reading.read_opposition(head),
        headings=reading.read_headings(head),
        coherences=reading.read_coherences(head),
        profile=reading.read_profile(head),
        overrides=overrides,
        base=parts.base(),
        parent=parent.id if parent else None,
        files=((head.name, head.sha256), *parts.files),
    )
    if parent is None:
        _refuse_overrides(origin, overrides)
        return own
    return _extend(parent, own)


class _Parts:
    """The files of one référentiel folder, read on demand, their fingerprints gathered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[tuple[str, str]] = []

    def _read(self, path: Path, name: str, kind: str | None) -> SourceFile:
        source = SourceFile(path, name, kind)
        self.files.append((name, source.sha256))
        return source

    def rule(self, path: Path) -> SourceFile:
        name = f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"
        return self._read(path, name, "regle")

    def optional(self, stem: str, read: Any) -> Any:
        path = self.folder / f"{stem}.yaml"
        return read(self._read(path, f"{self.folder.name}/{stem}.yaml", stem)) if path.is_file() else []

    def parameters(self, origin: str) -> tuple[list[ParameterDeclaration], list[ParameterNote]]:
        path = self.folder / "parametres.yaml"
        if not path.is_file():
            return [], []
        return reading.read_parameters(self._read(path, f"{origin}/parametres.yaml", "parametres"), origin)

    def facts(self, parent: Ruleset | None) -> tuple[list[Any], dict[str, tuple[str, str]]]:
        path = self.folder.parent / "faits.yaml"
        if parent is not None or not beside(str(path)):
            return [], {}
        return reading.read_facts(self._read(path, "faits.yaml", "faits"))

    def base(self) -> dict[str, Any]:
        path = self.folder / "base.yaml"
        return self._read(path, f"{self.folder.name}/base.yaml", None).data if path.is_file() else {}


def _check_names(folder: Path, rules: list[Rule]) -> None:
    seen: dict[str, str] = {}
    for rule in rules:
        file = rule.position.file
        stem = file.rsplit("/", 1)[-1].removesuffix(".yaml")
        if stem != rule.id:
            raise RulesetError(say.wrong_file(file, rule.id), say.WRONG_FILE_HINT)
        if rule.id in seen:
            raise RulesetError(say.duplicate_rule(rule.id, seen[rule.id], file), say.DUPLICATE_RULE_HINT)
        if file.split("/")[1:-1] != [rule.chapter]:
            raise RulesetError(say.wrong_chapter_folder(file, rule.chapter), say.WRONG_CHAPTER_HINT)
        seen[rule.id] = file


def _refuse_overrides(origin: str, overrides: tuple[Override, ...]) -> None:
    if overrides:
        raise RulesetError(say.override_without_parent(origin, overrides[0].rule), say.OVERRIDE_HINT)


def _extend(parent: Ruleset, own: Ruleset) -> Ruleset:
    """Lay an extension over its parent: rules added, replaced or disabled; parameters given other values."""
    inherited = {rule.id: rule for rule in parent.rules}
    removed = {override.rule: override.action for override in own.overrides}
    for rule_id in removed:
        if rule_id not in inherited:
            raise RulesetError(say.unknown_override(own.id, rule_id, list(inherited)), say.OVERRIDE_HINT)
    for rule in own.rules:
        if rule.id in inherited and removed.get(rule.id) != "remplace":
            raise RulesetError(say.undeclared_replacement(rule.position, rule.id), say.OVERRIDE_HINT)
    kept = [rule for rule in parent.rules if rule.id not in removed]
    own_parameters = {parameter.name for parameter in own.parameters}
    inherited_parameters = {parameter.name for parameter in parent.parameters}
    for note in own.parameter_notes:
        if note.name in inherited_parameters and not note.reason:
            raise RulesetError(say.parameter_without_reason(own.id, note.name), say.OVERRIDE_HINT)
    chapters = {chapter.id: chapter for chapter in (*parent.chapters, *own.chapters)}
    return replace(
        own,
        chapters=tuple(chapters.values()),
        rules=(*kept, *own.rules),
        facts=parent.facts,
        fact_titles=parent.fact_titles,
        parameters=(*(p for p in parent.parameters if p.name not in own_parameters), *own.parameters),
        parameter_notes=(
            *(n for n in parent.parameter_notes if n.name not in own_parameters),
            *own.parameter_notes,
        ),
        requirements=(*parent.requirements, *own.requirements),
        readings=(*parent.readings, *own.readings),
        opposition=(*parent.opposition, *own.opposition),
        headings=own.headings or parent.headings,
        coherences=(*parent.coherences, *own.coherences),
        overrides=(*parent.overrides, *own.overrides),
        profile=own.profile or parent.profile,
        scope=own.scope or parent.scope,
        out_of_scope=own.out_of_scope or parent.out_of_scope,
        base=own.base or parent.base,
        files=(*parent.files, *own.files),
    )
