"""`rsaudit relire`: passages of a règlement or a model contract to read again, confirmed one by one."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rsaudit.cli import destinations, outcome, streams
from rsaudit.cli.session import Session, one_of
from rsaudit.errors import UsageError
from rsaudit.messages import cli as words
from rsaudit.messages import review as say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsaudit.lexicon import Hit, Lexicon, Proposal, Review
    from rsaudit.lexicon.confirmation import Confirmed
    from rsaudit.loading import Dossier, DossierRef
    from rsaudit.review import Reader

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)

KINDS = ("reglement_interieur", "contrat")


@app.command(help=say.REVIEW_HELP, epilog=words.EXIT_CODES)
def relire(
    path: Annotated[str, typer.Argument(metavar="DOCUMENT", help=say.DOCUMENT_HELP)],
    kind: Annotated[str, typer.Option("--document", metavar="NATURE", help=say.KIND_HELP)] = KINDS[0],
    names: Annotated[
        list[str] | None, typer.Option("--referentiel", "-r", metavar="NOM|DOSSIER", help=say.RULESET_HELP)
    ] = None,
    target: Annotated[str | None, typer.Option("--dossier", metavar="CHEMIN", help=say.DOSSIER_HELP)] = None,
    piece: Annotated[str | None, typer.Option("--piece", metavar="REF", help=say.PIECE_HELP)] = None,
) -> int:
    """Read one document; a hit is no finding, so the code is 0 whatever is found."""
    from rsaudit.documents import open_document
    from rsaudit.lexicon import review
    from rsaudit.review import listing

    one_of("--document", kind, KINDS)
    if piece is not None and target is None:
        raise UsageError(say.PIECE_WITHOUT_DOSSIER, say.PIECE_WITHOUT_DOSSIER_HINT)
    session = Session()
    lexicon, rulesets = _lexicon(session, list(names or []))
    document = open_document(Path(path))
    found = review(document.paragraphs, lexicon, kind)
    reader, reference, dossier = _reader(session, kind, target, piece, found)
    if dossier is None or reference is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        entries = sum(kind in entry.documents for entry in lexicon.entries)
        streams.write_report(listing(document, found, rulesets, entries, reader))
        return outcome.DONE
    return _confirm(session, reference, dossier, found, reader)


def _lexicon(session: Session, names: list[str]) -> tuple[Lexicon, list[str]]:
    from rsaudit.lexicon import Lexicon

    folders = [session.folder(name) for name in names] if names else session.shipped()
    found = [lexicon for folder in folders if (lexicon := session.lexicon(folder)) is not None]
    if not found:
        raise UsageError(say.NO_LEXICON, say.NO_LEXICON_HINT)
    entries = {entry.id: entry for lexicon in found for entry in lexicon.entries}
    rulesets = list(dict.fromkeys(lexicon.ruleset for lexicon in found))
    return Lexicon(ruleset=rulesets[0], entries=tuple(entries.values())), rulesets


def _reader(
    session: Session, kind: str, target: str | None, piece: str | None, found: Review
) -> tuple[Reader, DossierRef | None, Dossier | None]:
    from rsaudit.cli.commands.audit import find
    from rsaudit.cli.commands.exporter import refuse_errors
    from rsaudit.reception import read
    from rsaudit.review import Reader

    reference = dossier = None
    if target is not None:
        references = find([target])
        if len(references) != 1:
            raise UsageError(words.one_dossier(target, len(references)), words.ONE_DOSSIER_HINT)
        reference, dossier = references[0], read(references[0], session.schemas)
        refuse_errors(dossier)
        piece = _piece(session, dossier, found, kind, piece)
    reader = Reader(
        sections=session.schemas.sections, vocabulary=session.vocabulary, document=kind, piece=piece
    )
    return reader, reference, dossier


def _piece(session: Session, dossier: Dossier, found: Review, kind: str, piece: str | None) -> str | None:
    """Return the reference of the document: the one given, else the only registered piece of its kind."""
    from rsaudit.lexicon.confirmation import piece_for, registered
    from rsaudit.review import meant

    if piece is not None:
        if piece not in registered(dossier.data, session.vocabulary):
            raise UsageError(say.unknown_piece(piece), say.WHICH_PIECE_HINT)
        return piece
    entries = [*(hit.entry for hit in (*found.doubtful, *found.expected)), *found.absent]
    proposals = [p for entry in entries for p in meant((*entry.proposals, *entry.if_absent), kind)]
    candidates = piece_for({p.path for p in proposals}, dossier.data, session.vocabulary)
    if len(candidates) > 1:
        raise UsageError(say.several_pieces(candidates), say.WHICH_PIECE_HINT)
    if not candidates:
        streams.tell(say.no_piece())
    return candidates[0] if candidates else None


# -- in front of a terminal ------------------------------------------------------------------------------


def _confirm(session: Session, reference: DossierRef, dossier: Dossier, found: Review, reader: Reader) -> int:
    """Show each passage, ask, and write what is confirmed; stopping keeps what was confirmed before."""
    from rsaudit.amending import differences, plan
    from rsaudit.lexicon.confirmation import brought

    confirmed: list[Confirmed] = []
    with contextlib.suppress(EOFError):  # the end of the answers: what was confirmed before is kept
        for shown, hit, proposals in _questions(found, reader):
            streams.write_report("\n" + "\n".join(shown) + "\n")
            answer = _ask(say.ASK, "onq")
            if answer == "q":
                break
            if answer == "o":
                confirmed.extend(_values(session, hit, proposals, dossier, reader))
    if not confirmed:
        streams.tell(say.NOTHING_CONFIRMED)
        return outcome.DONE
    sections = session.schemas.sections
    changes = differences(dossier.data, brought(confirmed, reader.piece, dossier.data, sections), sections)
    files = plan(reference, changes, sections).files
    destinations.write_all({path: text.encode("utf-8") for path, text in files.items()})
    for path in files:
        streams.tell(words.file_written(path.as_posix()))
    return outcome.DONE


def _questions(found: Review, reader: Reader) -> Iterator[tuple[list[str], Hit | None, list[Proposal]]]:
    from rsaudit.review import meant, mention, passage

    for rank, hit in enumerate((*found.doubtful, *found.expected), 1):
        proposals = meant(hit.entry.proposals, reader.document)
        if proposals:
            yield passage(rank, hit, reader), hit, proposals
    for rank, entry in enumerate(found.absent, 1):
        proposals = meant(entry.if_absent, reader.document)
        if proposals:
            yield mention(rank, entry, reader), None, proposals


def _values(
    session: Session, hit: Hit | None, proposals: list[Proposal], dossier: Dossier, reader: Reader
) -> Iterator[Confirmed]:
    from rsaudit.lexicon import TO_TYPE
    from rsaudit.lexicon.confirmation import Confirmed, current, target

    for proposal in proposals:
        value = _typed(session, proposal.path, reader) if proposal.value == TO_TYPE else proposal.value
        if value is None:
            continue
        known = current(proposal.path, dossier.data)
        replaces = not target(proposal.path, reader.sections).is_list and known not in (None, value)
        if replaces:
            streams.write_report(say.already(_shown(known)) + "\n")
            if _ask(say.ASK_REPLACE, "on") == "n":
                streams.write_report(say.KEPT + "\n")
                continue
        yield Confirmed(path=proposal.path, value=value, hit=hit)


def _typed(session: Session, path: str, reader: Reader) -> Any:
    """Ask for a value until it is one of its field, or nothing is answered."""
    from rsaudit.lexicon.confirmation import Confirmed, brought, target
    from rsaudit.loading.cells import CellError, read_cell
    from rsaudit.reception import receive_data
    from rsaudit.review import field_hint

    cell = target(path, reader.sections).cell
    title = reader.vocabulary.field(path).title
    while text := _prompt(say.choose(title, path, field_hint(path, reader))):
        if cell is None:
            return None
        try:
            value = read_cell(text, cell)
        except CellError as error:
            streams.write_report(f"{error}\n")
            continue
        data = brought([Confirmed(path=path, value=value, hit=None)], None, {}, reader.sections)
        errors = receive_data(data, session.schemas, name="").errors
        if not errors:
            return value
        streams.write_report(f"{errors[0].message}\n")
    return None


def _ask(question: str, admitted: str) -> str:
    while True:
        answer = _prompt(question).casefold()[:1]
        if answer and answer in admitted:
            return answer
        streams.write_report(say.NOT_UNDERSTOOD + "\n")


def _prompt(question: str) -> str:
    streams.write_report(f"{question} > ")
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


def _shown(value: Any) -> str:
    return ("oui" if value else "non") if isinstance(value, bool) else str(value)
