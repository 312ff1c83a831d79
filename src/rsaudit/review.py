"""The reading of a document as text for a person: passages, mentions, and the YAML each would give once confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsaudit.amending.rendering import render
from rsaudit.lexicon import TO_TYPE
from rsaudit.lexicon.confirmation import SOURCE, Confirmed, brought, source_of, target
from rsaudit.messages import review as say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rsaudit.documents import Document
    from rsaudit.lexicon import Entry, Hit, Proposal, Review
    from rsaudit.vocabulary import Vocabulary

_INDENT = "     "


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What is needed to phrase a reading."""

    sections: Mapping[str, Mapping[str, Any]]
    vocabulary: Vocabulary
    document: str
    """Kind of document: its proposals only are shown."""
    piece: str | None = None


def listing(document: Document, found: Review, rulesets: Sequence[str], entries: int, reader: Reader) -> str:
    """Write the whole reading."""
    lines = [
        say.read(document.name, len(document.paragraphs), document.pages, entries, rulesets),
        *document.notices,
        say.LIMITS,
        *([] if reader.piece else [say.PIECE_TO_NAME]),
        "",
        say.DOUBTFUL,
    ]
    for rank, hit in enumerate(found.doubtful, 1):
        lines += ["", *passage(rank, hit, reader)]
    if not found.doubtful:
        lines += ["", say.NONE_DOUBTFUL]
    lines += ["", say.ABSENT, say.ABSENT_NOTE if found.absent else say.NONE_ABSENT]
    for rank, entry in enumerate(found.absent, 1):
        lines += ["", *mention(rank, entry, reader)]
    if found.expected:
        lines += ["", say.EXPECTED, ""]
        lines += [
            say.found_mention(hit.entry.title, where(hit), _fields(hit, reader)) for hit in found.expected
        ]
    return "\n".join(lines) + "\n"


def where(hit: Hit) -> str:
    """Say where a passage is."""
    return say.place(hit.page, hit.paragraph, hit.clause)


def passage(rank: int, hit: Hit, reader: Reader) -> list[str]:
    """Write one passage and what it would give."""
    return [
        say.passage(rank, hit.entry.title, hit.entry.theme, where(hit), hit.excerpt),
        say.why(hit.entry.why, hit.entry.requirements),
        *_written(meant(hit.entry.proposals, reader.document), hit, reader),
    ]


def mention(rank: int, entry: Entry, reader: Reader) -> list[str]:
    """Write one expected mention that is absent and what its absence would give."""
    return [
        say.mention(rank, entry.title, entry.theme),
        say.why(entry.why, entry.requirements),
        *_written(meant(entry.if_absent, reader.document), None, reader),
    ]


def meant(proposals: Sequence[Proposal], document: str) -> list[Proposal]:
    """Return the proposals made for a kind of document."""
    return [proposal for proposal in proposals if proposal.document in {None, document}]


def _fields(hit: Hit, reader: Reader) -> list[str]:
    """Return « champ: valeur » for each proposal of an expected mention that was found."""
    return [
        render({proposal.path: say.TO_READ if proposal.value == TO_TYPE else proposal.value}).strip()
        for proposal in meant(hit.entry.proposals, reader.document)
    ]


def _written(proposals: Sequence[Proposal], hit: Hit | None, reader: Reader) -> Iterator[str]:
    if not proposals:
        yield say.nothing_to_write()
        return
    by_section: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by_section.setdefault(proposal.path.split(".", 1)[0], []).append(proposal)
    for section, group in by_section.items():
        yield say.to_write(f"{section}.yaml")
        yield from (_INDENT + line for line in _yaml(group, hit, reader))


def _yaml(proposals: Sequence[Proposal], hit: Hit | None, reader: Reader) -> Iterator[str]:
    section = proposals[0].path.split(".", 1)[0]
    known = [
        Confirmed(path=proposal.path, value=proposal.value, hit=hit)
        for proposal in proposals
        if proposal.value != TO_TYPE
    ]
    data = brought(known, reader.piece, {}, reader.sections).get(section, {})
    for proposal in proposals:
        if proposal.value == TO_TYPE:
            yield say.to_type(proposal.path.split(".", 1)[1], field_hint(proposal.path, reader))
    if not known and source_of(hit, reader.piece):
        data = {SOURCE: source_of(hit, reader.piece)}
    yield from render(data).splitlines()


def field_hint(path: str, reader: Reader) -> str:
    """Say what a field accepts."""
    found = target(path, reader.sections)
    cell = found.cell
    words = [
        word for word in found.shape.get("enum") or (cell.words if cell else ()) if isinstance(word, str)
    ]
    return say.hint(cell.kind if cell else "texte", words if not cell or cell.kind != "booleen" else ())
