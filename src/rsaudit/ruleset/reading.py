"""A folder of rule files -> declarations, each file validated, every expression parsed.

Composition with a parent is in `composition`; checks against the schemas are in `compilation`.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsaudit.conditions import (
    ExpressionError,
    FactDeclaration,
    ParameterDeclaration,
    ParameterEntry,
    parse,
    parse_range,
)
from rsaudit.errors import RulesetError
from rsaudit.loading import read_yaml
from rsaudit.loading.ordinary import ordinary_bytes
from rsaudit.messages import ruleset as say
from rsaudit.messages import typographic
from rsaudit.model import (
    Chapter,
    DeadlineKind,
    Force,
    LegalText,
    Position,
    ProfileReference,
    Rank,
    Severity,
    Verdict,
)
from rsaudit.ruleset.bounds import MAX_BYTES, files_of
from rsaudit.ruleset.declarations import (
    Condition,
    Element,
    Limit,
    ManualPoint,
    MeasureSpec,
    OppositionReserve,
    Override,
    ParameterNote,
    ProfilePlan,
    Range,
    Reading,
    Requirement,
    Reserve,
    Review,
    Rule,
    SeverityCase,
)
from rsaudit.ruleset.templates import parse_template
from rsaudit.validation import check_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.conditions import Node
    from rsaudit.loading import Locator
    from rsaudit.ruleset.declarations import Template

RESERVED = {"referentiel.yaml", "parametres.yaml", "exigences.yaml", "lectures.yaml", "base.yaml"}
LEXICON = "lexique"
"""Folder of the passages to read again: no rules, and read by `lexicon`."""


class SourceFile:
    """One YAML file of a référentiel: its data, where each key is, and its fingerprint."""

    def __init__(self, path: Path, name: str, kind: str | None) -> None:
        """Read and validate `path`, called `name` in messages, against the format `kind`.

        Raises `RulesetError` listing what is wrong, with lines.
        """
        self.name = name
        try:
            raw = ordinary_bytes(path, MAX_BYTES)
        except OSError as error:
            raise RulesetError(say.unreadable(name), say.UNREADABLE_HINT) from error
        self.sha256 = hashlib.sha256(raw).hexdigest()
        document = read_yaml(raw, name)
        if document.errors:
            raise RulesetError(say.invalid_file(document.errors), say.INVALID_FILE_HINT)
        self.data: dict[str, Any] = document.data
        self.locator: Locator = document.locator
        errors = check_format(kind, document) if kind else []
        if errors:
            raise RulesetError(say.invalid_file(errors), say.INVALID_FILE_HINT)

    def node(self, container: Any, key: str | int) -> Node:
        """Parse the expression written under `key`; raise `RulesetError` with file, line and column."""
        try:
            return parse(str(container[key]))
        except ExpressionError as error:
            raise self.broken(container, key, error) from error

    def template(self, container: Any, key: str | int) -> Template:
        """Parse the sentence written under `key`."""
        try:
            return parse_template(str(container[key]))
        except ExpressionError as error:
            raise self.broken(container, key, error) from error

    def broken(self, container: Any, key: str | int, error: ExpressionError) -> RulesetError:
        """Turn an error of the condition language into one that says where it is written."""
        position = self.locator.position(container, key)
        return RulesetError(
            say.broken_expression(position, str(container[key]), error.message, error.column), error.hint
        )


def rule_files(folder: Path) -> Iterator[Path]:
    """Yield the rule files of a référentiel, in a stable order."""
    yield from (
        path
        for path in sorted(map(Path, files_of(str(folder))))
        if path.relative_to(folder).as_posix() not in RESERVED
        and path.relative_to(folder).parts[0] != LEXICON
    )


def read_rule(source: SourceFile, origin: str) -> Rule:
    """Read one rule file, already validated."""
    data = source.data
    messages = data.get("messages") or {}
    return Rule(
        id=data["id"],
        title=typographic(data["titre"]),
        chapter=data["chapitre"],
        requirements=tuple(data["exigences"]),
        text=_legal_text(data["texte"]),
        rank=Rank(data["rang"]),
        force=Force(data["force"]),
        severities=_severities(source, data),
        severity_reason=typographic(data["motif_gravite"]) if data.get("motif_gravite") else None,
        since=_date((data.get("en_vigueur") or {}).get("depuis")),
        until=_date((data.get("en_vigueur") or {}).get("jusqua")),
        conditions=_conditions(source, data, "si"),
        range=_range(source, data),
        subject=_template(source, data, "objet"),
        subject_conditions=_conditions(source, data, "si_sujet"),
        locals=tuple((name, source.node(data["avec"], name)) for name in data.get("avec") or {}),
        reviews=_reviews(source, data),
        require=_node(source, data, "exiger"),
        elements=_elements(source, data),
        signal=_node(source, data, "signaler"),
        manual=_manual(data.get("manuel")),
        value_date=_node(source, data, "valeur_au"),
        lapsed=Verdict(data.get("hors_validite") or "non_verifiable"),
        readings=tuple(data.get("lectures") or ()),
        messages={Verdict(key): source.template(messages, key) for key in messages},
        observed=_template(source, data, "observe"),
        expected=_template(source, data, "attendu"),
        computation=_template(source, data, "calcul"),
        measure=_measure(source, data),
        figure=data.get("figure"),
        profile_role=data.get("profil"),
        **_deadlines(source, data),
        proof=typographic(data["preuve"]),
        remedy=typographic(data["remede"]),
        piece=_list(data.get("piece")),
        reserves=_reserves(source, data.get("reserve")),
        derogation=_derogation(data.get("derogation")),
        shares=tuple(rule for entry in data.get("partage") or () for rule in entry["avec"]),
        cases=tuple(data["cas"]),
        origin=origin,
        position=Position(file=source.name, line=1, column=1),
    )


def _node(source: SourceFile, data: Any, key: str) -> Node | None:
    return source.node(data, key) if data.get(key) is not None else None


def _template(source: SourceFile, data: Any, key: str) -> Template | None:
    return source.template(data, key) if data.get(key) is not None else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _list(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _legal_text(data: dict[str, Any]) -> LegalText:
    return LegalText(
        document=typographic(data["document"]),
        article=typographic(data["article"]),
        place=typographic(data["place"]) if data.get("place") else None,
        basis=typographic(data["fondement"]) if data.get("fondement") else None,
    )


def _severities(source: SourceFile, data: Any) -> tuple[SeverityCase, ...]:
    value = data.get("gravite")
    if value is None:
        return ()
    if isinstance(value, str):
        return (SeverityCase(severity=Severity(value)),)
    cases = []
    for entry in value:
        if "si" in entry:
            cases.append(SeverityCase(severity=Severity(entry["alors"]), when=source.node(entry, "si")))
        else:
            cases.append(SeverityCase(severity=Severity(entry["sinon"])))
    return tuple(cases)


def _conditions(source: SourceFile, data: Any, key: str) -> tuple[Condition, ...]:
    value = data.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (Condition(test=source.node(data, key)),)
    return tuple(
        Condition(
            test=source.node(entry, "condition"),
            otherwise=_template(source, entry, "sinon"),
            upcoming=bool(entry.get("a_venir")),
        )
        for entry in value
    )


def _range(source: SourceFile, data: Any) -> Range | None:
    if data.get("pour_chaque") is None:
        return None
    try:
        variable, items, where = parse_range(data["pour_chaque"])
    except ExpressionError as error:
        raise source.broken(data, "pour_chaque", error) from error
    return Range(variable=variable, items=items, where=where)


def _reviews(source: SourceFile, data: Any) -> tuple[Review, ...]:
    value = data.get("a_verifier_si")
    if value is None:
        return ()
    if isinstance(value, str):
        return (Review(when=source.node(data, "a_verifier_si")),)
    return tuple(
        Review(when=source.node(entry, "condition"), motive=source.template(entry, "motif"))
        for entry in value
    )


def _elements(source: SourceFile, data: Any) -> tuple[Element, ...]:
    elements = data.get("elements") or {}
    result = []
    for key, entry in elements.items():
        result.append(
            Element(
                key=key,
                title=typographic(entry["titre"]),
                require=source.node(entry, "exiger"),
                conditions=_conditions(source, entry, "si"),
                review=_reviews(source, entry),
                severities=_severities(source, entry),
                observed=_template(source, entry, "observe"),
                expected=_template(source, entry, "attendu"),
                message=_template(source, entry, "message"),
                reserves=_reserves(source, entry.get("reserve")),
                references=tuple(entry.get("renvois") or ()),
            )
        )
    return tuple(result)


def _manual(data: dict[str, Any] | None) -> ManualPoint | None:
    if data is None:
        return None
    return ManualPoint(
        question=typographic(data["question"]),
        look_at=typographic(data["regarder"]),
        proof=typographic(data["preuve"]),
        place=data["lieu"],
    )


def _measure(source: SourceFile, data: Any) -> MeasureSpec | None:
    measure = data.get("mesure")
    if measure is None:
        return None
    return MeasureSpec(
        value=source.node(measure, "valeur"),
        limit=source.node(measure, "limite"),
        direction=measure["sens"],
        series=_template(source, measure, "serie"),
    )


def _deadlines(source: SourceFile, data: Any) -> dict[str, Any]:
    """Read the day it is due: of an act, of what recurs (the last and the next), or the end of a validity."""
    value = data.get("echeance")
    kind = DeadlineKind.ONCE if value is not None else None
    deadline = last = None
    if isinstance(value, str):
        deadline = source.node(data, "echeance")
    elif value is not None and "fin" in value:
        kind, deadline = DeadlineKind.END, source.node(value, "fin")
    elif value is not None:
        kind = DeadlineKind.RECURRING
        deadline, last = source.node(value, "prochaine"), source.node(value, "derniere")
    return {"deadline": deadline, "last_due": last, "deadline_kind": kind}


def _reserves(source: SourceFile, value: Any) -> tuple[Reserve, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (Reserve(text=typographic(value)),)
    entries = [value] if isinstance(value, dict) else value
    return tuple(
        Reserve(text=typographic(entry["texte"]), when=_node(source, entry, "si")) for entry in entries
    )


def _derogation(data: dict[str, Any] | None) -> tuple[str, str] | None:
    return (typographic(data["autorite"]), typographic(data["texte"])) if data else None


def read_facts(source: SourceFile) -> tuple[list[FactDeclaration], dict[str, tuple[str, str]]]:
    """Read the derived facts and their French titles and definitions."""
    facts, titles = [], {}
    for entry in source.data["faits"]:
        facts.append(
            FactDeclaration(
                name=entry["nom"],
                table=entry.get("de"),
                variable=entry.get("variable"),
                node=source.node(entry, "valeur"),
                unit=entry.get("unite"),
            )
        )
        titles[entry["nom"]] = (typographic(entry["titre"]), typographic(entry["definition"]))
    return facts, titles


def read_parameters(
    source: SourceFile, origin: str
) -> tuple[list[ParameterDeclaration], list[ParameterNote]]:
    """Read the dated parameters, for the language and for the guide."""
    declarations, notes = [], []
    for entry in source.data["parametres"]:
        declarations.append(
            ParameterDeclaration(
                name=entry["nom"],
                type=entry["type"],
                unit=entry.get("unite"),
                keys=tuple(entry.get("cles") or ()),
                entries=tuple(_parameter_entry(value) for value in entry["valeurs"]),
            )
        )
        notes.append(
            ParameterNote(
                name=entry["nom"],
                title=typographic(entry["titre"]),
                type=entry["type"],
                unit=entry.get("unite"),
                origin=origin,
                reason=entry.get("raison"),
                entries=tuple(entry["valeurs"]),
            )
        )
    return declarations, notes


def _parameter_entry(entry: dict[str, Any]) -> ParameterEntry:
    table = entry.get("table")
    return ParameterEntry(
        since=_date(entry.get("depuis")),
        until=_date(entry.get("jusqua")),
        value=entry.get("valeur"),
        rows=tuple((tuple(row["cle"]), row["valeur"]) for row in table) if table is not None else None,
        source=typographic(entry["source"]),
    )


def read_requirements(source: SourceFile) -> list[Requirement]:
    """Read the binding statements of the source text and their limits."""
    return [
        Requirement(
            id=entry["id"],
            section=entry["section"],
            nature=entry["nature"],
            force=entry["force"],
            summary=typographic(entry["resume"]),
            limits=tuple(
                Limit(
                    id=f"{entry['id']}/{limit['id']}",
                    statement=typographic(limit["enonce"]),
                    expected=Verdict(limit["attendu"]),
                )
                for limit in entry.get("limites") or ()
            ),
        )
        for entry in source.data["exigences"]
    ]


def read_readings(source: SourceFile) -> list[Reading]:
    """Read how open points of the text are settled."""
    return [
        Reading(
            id=entry["id"],
            requirements=tuple(entry["exigences"]),
            question=typographic(entry["question"]),
            reading=typographic(entry["lecture"]),
            reason=typographic(entry["raison"]),
        )
        for entry in source.data["lectures"]
    ]


def read_scope(source: SourceFile) -> tuple[tuple[Condition, ...], Template | None]:
    """Read the scope of a référentiel and the sentence said outside it."""
    return _conditions(source, source.data, "champ"), _template(source, source.data, "hors_champ")


def read_opposition(source: SourceFile) -> tuple[OppositionReserve, ...]:
    """Read the reserves joined to every rule of some ranks."""
    return tuple(
        OppositionReserve(
            ranks=tuple(Rank(rank) for rank in entry["rangs"]),
            reserve=Reserve(text=typographic(entry["reserve"]), when=_node(source, entry, "si")),
        )
        for entry in source.data.get("opposabilite") or ()
    )


def read_headings(source: SourceFile) -> tuple[tuple[str, Template], ...]:
    """Read the identity lines of page one."""
    return tuple(
        (typographic(entry["titre"]), source.template(entry, "valeur"))
        for entry in source.data.get("entete") or ()
    )


def read_coherences(source: SourceFile) -> tuple[tuple[Node, Template], ...]:
    """Read the coherence checks, told but never breaches of law."""
    return tuple(
        (source.node(entry, "si"), source.template(entry, "message"))
        for entry in source.data.get("coherences") or ()
    )


def read_profile(source: SourceFile) -> ProfilePlan | None:
    """Read the parts of the profile a référentiel draws, if it draws one."""
    data = source.data.get("profil")
    if data is None:
        return None
    references = data.get("renvois") or {}
    return ProfilePlan(
        title=typographic(data["titre"]),
        references_title=typographic(references["titre"]) if references else None,
        references=tuple(
            ProfileReference(id=entry["id"], title=typographic(entry["titre"]))
            for entry in references.get("valeurs") or ()
        ),
        parts=tuple((entry["chapitre"], entry["genre"]) for entry in data["parties"]),
    )


def read_overrides(source: SourceFile) -> tuple[Override, ...]:
    """Read what an extension replaces or disables in its parent."""
    return tuple(
        Override(rule=entry["regle"], action=action, source=entry["source"], reason=entry["raison"])
        for action in ("remplace", "desactive")
        for entry in source.data.get(action) or ()
    )


def read_chapters(source: SourceFile) -> tuple[Chapter, ...]:
    """Read the chapters, in the order of the text."""
    return tuple(
        Chapter(id=entry["id"], title=typographic(entry["titre"])) for entry in source.data["chapitres"]
    )
