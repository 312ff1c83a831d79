"""What to ask for: the pieces and data that would let every undecided constat be decided, by piece and by holder.

Pure: a `Report` and the names of the schemas in, a `Demand` out. Who holds what is said by the schemas.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.messages import demands as say
from rsaudit.messages.engine import UNSEEN_ROWS
from rsaudit.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rsaudit.model import Finding, InputError, Missing, Piece, Report
    from rsaudit.vocabulary import Vocabulary

_KEY = re.compile(r"\[([^\[\]]*)\]")


class State(StrEnum):
    """What is to be done about a piece, in the order of a letter."""

    ABSENT = "piece_absente"
    """No piece of this kind is in the register."""
    ILLEGIBLE = "page_illisible"
    """The piece is there and cannot be read whole."""
    SILENT = "piece_muette"
    """The document was read and says nothing of it: something else must."""
    RECEIVED = "a_relever"
    """The piece is there and readable: nobody wrote down what it says."""


STATE_ORDER: tuple[State, ...] = tuple(State)


class Need(Struct, frozen=True, kw_only=True):
    """One datum, with all the subjects that lack it and all the rules that wait for it."""

    title: str
    path: str
    """Static path: no row is named in it."""
    subjects: tuple[str, ...]
    reasons: tuple[str, ...]
    rules: tuple[str, ...]


class Request(Struct, frozen=True, kw_only=True):
    """One kind of piece, or one piece of the register, and the data to find in it."""

    state: State
    natures: tuple[str, ...]
    label: str
    holder: str | None
    """Who is asked first, as printed; `None` when the schemas name no piece."""
    also: tuple[str, ...]
    """Who else holds it."""
    pieces: tuple[str, ...]
    """The pieces of the register it is about."""
    needs: tuple[Need, ...]


class Undecided(Struct, frozen=True, kw_only=True):
    """A rule that no piece would decide by itself, and why."""

    title: str
    reasons: tuple[str, ...]


class Demand(Struct, frozen=True, kw_only=True):
    """All that is to be asked for one residence."""

    tool: str
    residence: str
    folder: str
    as_of: date
    requests: tuple[Request, ...]
    undecided: tuple[Undecided, ...]
    notice: str | None
    judged: bool
    errors: tuple[InputError, ...]
    reasons: tuple[str, ...]
    """Why nothing was judged, when nothing was."""


def demand(report: Report, vocabulary: Vocabulary) -> Demand:
    """Draw from a report the list of what would decide each `non_verifiable`."""
    requests: dict[tuple[object, ...], Request] = {}
    undecided: dict[str, Undecided] = {}
    for finding in _open(report):
        asked = [one for one in finding.missing if not _beyond_pieces(one)]
        for missing in asked:
            one = _request(missing, finding, report.pieces, vocabulary)
            key = (one.state, one.natures, one.pieces)
            requests[key] = _with_need(requests[key], one.needs[0]) if key in requests else one
        if not asked:
            undecided[finding.rule] = _undecided(finding, undecided.get(finding.rule))
    order = list(vocabulary.holder_labels().values())
    return Demand(
        tool=report.tool,
        residence=report.dossier,
        folder=report.path,
        as_of=report.audit_date,
        requests=tuple(sorted(requests.values(), key=lambda one: _rank(one, order))),
        undecided=tuple(undecided.values()),
        notice=report.example_notice,
        judged=bool(report.obligations),
        errors=tuple(error for error in report.errors if error.severity == "erreur"),
        reasons=tuple(one.out_of_scope for one in report.rulesets if one.out_of_scope),
    )


def _open(report: Report) -> Iterator[Finding]:
    for obligation in report.obligations:
        yield from (one for one in obligation.findings if one.verdict is Verdict.NON_VERIFIABLE)


def _beyond_pieces(missing: Missing) -> bool:
    """Say whether what lacks is no datum of the dossier: a value of the law, a choice between rows."""
    return missing.path == missing.title


def _rank(request: Request, holders: list[str]) -> tuple[int, int, int, tuple[str, ...]]:
    received = request.state is State.RECEIVED
    holder = holders.index(request.holder) if request.holder in holders else len(holders)
    return int(received), 0 if received else holder, STATE_ORDER.index(request.state), request.natures


def _request(
    missing: Missing, finding: Finding, register: tuple[Piece, ...], vocabulary: Vocabulary
) -> Request:
    state, pieces = _state(missing, register)
    natures = missing.natures
    if state is State.ILLEGIBLE:  # what is asked is a copy of these pieces, whatever else could tell
        natures = tuple(dict.fromkeys(one.nature for one in pieces if one.nature is not None)) or natures
    holders = list(dict.fromkeys(holder for code in natures for holder in vocabulary.holders(code)))
    return Request(
        state=state,
        natures=natures,
        label=say.either([vocabulary.piece(code) for code in natures]) or say.NO_PIECE_NAMED,
        holder=holders[0] if holders else None,
        also=tuple(holders[1:]),
        pieces=tuple(say.piece_phrase(one) for one in pieces),
        needs=(
            Need(
                title=_title(missing, vocabulary),
                path=_KEY.sub("", missing.path),
                subjects=tuple(_KEY.findall(missing.path)[-1:]),
                reasons=(_reason(missing.reason),) if missing.reason else (),
                rules=(finding.title,),
            ),
        ),
    )


def _title(missing: Missing, vocabulary: Vocabulary) -> str:
    """Name a datum with what it is a datum of: alone, « Statut » says nothing."""
    above = _KEY.sub("", missing.path).rpartition(".")[0]
    return f"{vocabulary.field(above).title} – {missing.title}" if vocabulary.known(above) else missing.title


def _reason(reason: str) -> str:
    """Say what to give, where the report says that rows were not shown."""
    return say.WHOLE_TABLE if reason == UNSEEN_ROWS else reason


def _state(missing: Missing, register: tuple[Piece, ...]) -> tuple[State, list[Piece]]:
    """Say what is to be done, and about which pieces of the register."""
    cited = [one for one in register if missing.source is not None and one.ref == missing.source.piece]
    if any(_cannot_read(one, missing) for one in cited):
        return State.ILLEGIBLE, cited
    known = [one for one in register if one.nature in missing.natures]
    if missing.silent:
        return State.SILENT, known
    if not known:
        return State.ABSENT, []
    unreadable = [one for one in known if _is_damaged(one)]
    return (State.ILLEGIBLE, unreadable) if unreadable else (State.RECEIVED, known)


def _cannot_read(piece: Piece, missing: Missing) -> bool:
    """Say whether the page cited around the datum is one that cannot be read."""
    page = missing.source.page if missing.source is not None else None
    if page is None or not piece.illegible_pages:
        return _is_damaged(piece)
    return page in {str(number) for number in piece.illegible_pages}


def _is_damaged(piece: Piece) -> bool:
    return bool(piece.illegible_pages) or piece.legibility in {"partielle", "illisible"}


def _with_need(request: Request, need: Need) -> Request:
    """Add a datum to a request, once for all its subjects."""
    kept = list(request.needs)
    for index, known in enumerate(kept):
        if (known.title, known.path) == (need.title, need.path):
            kept[index] = replace(
                known,
                subjects=tuple(dict.fromkeys((*known.subjects, *need.subjects))),
                reasons=tuple(dict.fromkeys((*known.reasons, *need.reasons))),
                rules=tuple(dict.fromkeys((*known.rules, *need.rules))),
            )
            break
    else:
        kept.append(need)
    return replace(request, needs=tuple(kept))


def _undecided(finding: Finding, known: Undecided | None) -> Undecided:
    told = [f"{one.title} ({one.reason})" if one.reason else one.title for one in finding.missing]
    told += [finding.reason] if finding.reason else []
    told = told or [finding.message]
    reasons = (*(known.reasons if known else ()), *told)
    return Undecided(title=finding.title, reasons=tuple(dict.fromkeys(reasons)))
