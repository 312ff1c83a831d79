"""The JSON report, public interface of the program: every key always present, and a reader of what it wrote.

One table gives the French key of each field of the model; writing and reading both follow it and the types.
Numbers are exact: a decimal as it is, a quotient that no decimal can write as « 9/43 » in a string.
"""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from json.encoder import encode_basestring
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from msgspec.structs import replace

from rsaudit.errors import InputUnreadableError
from rsaudit.messages.output import (
    REPORT_ADVICE,
    UNSEEN,
    report_incoherent,
    report_not_json,
    report_wrong,
)
from rsaudit.model import (
    SEVERITY_ORDER,
    VERDICT_ORDER,
    Answer,
    Block,
    Chapter,
    Control,
    Finding,
    Fingerprint,
    Heading,
    InputError,
    LegalText,
    Masked,
    Measure,
    Missing,
    Obligation,
    Observation,
    Piece,
    Position,
    Profile,
    ProfilePart,
    ProfilePlace,
    ProfileReference,
    RenderOptions,
    Report,
    Retired,
    RulesetSummary,
    Sample,
    Since,
    Source,
    Stale,
    Summary,
    Verdict,
)
from rsaudit.output.diffusion import prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

Data = Any
"""Plain data, as `json` gives it: nothing is known of it until it has been read."""

#: Version of this format: any change of a key or of its meaning makes a new one.
VERSION = "1"
#: Version and keys of the file that holds the reports of a portfolio.
PORTFOLIO_VERSION = "1"
PORTFOLIO = ("version", "outil", "dossiers")
_PASSES = {Verdict.CONFORME, Verdict.NON_CONCERNE}
MAX_DIGITS = 40
"""Beyond, a number read back is refused: a short text must not become a huge number."""

_POSITION = {"file": "fichier", "line": "ligne", "column": "colonne", "cell": "cellule"}
_RULE = {
    "ruleset": "referentiel",
    "chapter": "chapitre",
    "rule": "regle",
    "title": "titre",
    "rank": "rang",
    "force": "force",
    "requirements": "exigences",
    "verdict": "verdict",
    "severity": "gravite",
}
#: The French key of each field, in the order written.
KEYS: dict[type, dict[str, str]] = {
    Control: {
        "frame": "cadre",
        "authority": "autorite",
        "ground": "fondement",
        "letter": "lettre",
        "period_start": "periode_debut",
        "period_end": "periode_fin",
        "visit": "visite",
        "status": "statut",
    },
    Chapter: {"id": "id", "title": "titre"},
    RulesetSummary: {
        "id": "id",
        "title": "titre",
        "version": "version",
        "date": "date",
        "scope": "portee",
        "binding": "contraignant",
        "out_of_scope": "hors_champ",
        "chapters": "chapitres",
        "requirement_count": "nombre_exigences",
        "parent": "etend",
        "profile": "profil",
    },
    Profile: {
        "title": "titre",
        "references_title": "titre_renvois",
        "references": "renvois",
        "parts": "parties",
    },
    ProfileReference: {"id": "id", "title": "titre"},
    ProfilePart: {"chapter": "chapitre", "kind": "genre", "places": "places"},
    ProfilePlace: {"rule": "regle", "element": "element", "role": "role", "references": "renvois"},
    Fingerprint: {"file": "fichier", "sha256": "sha256", "role": "role"},
    Block: {"path": "chemin", "sha256": "sha256"},
    Masked: {
        "ruleset": "referentiel",
        "rule": "regle",
        "number": "numero",
        "title": "titre",
        "verdict": "verdict",
        "severity": "gravite",
        "count": "constats",
        "whole": "en_entier",
    },
    Stale: {
        "identifier": "identifiant",
        "number": "numero",
        "title": "titre",
        "subject": "objet",
        "before": "avant",
        "now": "maintenant",
    },
    Retired: {"rule": "regle", "number": "numero"},
    Since: {
        "audit_date": "date_audit",
        "tool": "outil",
        "masked": "masques",
        "stale": "perimes",
        "retired": "numeros_retires",
    },
    InputError: {
        **_POSITION,
        "code": "code",
        "message": "message",
        "found": "trouve",
        "expected": "attendu",
        "severity": "niveau",
    },
    Heading: {"label": "libelle", "value": "valeur"},
    Sample: {"path": "chemin", "title": "titre", "examined": "examines", "total": "total"},
    Position: _POSITION,
    Missing: {
        "path": "chemin",
        "title": "titre",
        "file": "fichier",
        "line": "ligne",
        "piece": "piece",
        "reason": "raison",
        "natures": "natures",
        "source": "source",
        "silent": "muet",
    },
    Piece: {
        "ref": "ref",
        "nature": "nature",
        "title": "titre",
        "date": "date",
        "version": "version",
        "received": "recue_le",
        "legibility": "lisibilite",
        "illegible_pages": "pages_illisibles",
    },
    Observation: {"dwelling": "numero", "verdict": "verdict", "comment": "commentaire"},
    Source: {"piece": "piece", "page": "page", "clause": "clause"},
    LegalText: {"document": "document", "article": "article", "place": "place", "basis": "fondement"},
    Measure: {
        "value": "valeur",
        "limit": "limite",
        "direction": "sens",
        "unit": "unite",
        "margin": "marge",
        "series": "serie",
    },
    Answer: {
        "role": "role",
        "date": "date",
        "verdict": "verdict",
        "comment": "commentaire",
        "until": "jusqua",
        "authority": "autorite",
        "text": "texte",
        "seen": "logements_vus",
        "total": "logements_total",
        "observations": "par_logement",
        "decides": "retenue",
    },
    Obligation: {
        "number": "numero",
        **_RULE,
        "counts": "decompte",
        "text": "texte",
        "proof": "preuve",
        "remedy": "remede",
        "reserve": "reserve",
        "question": "question",
        "look_at": "regarder",
        "place": "lieu",
        "figure": "figure",
        "piece": "pieces",
        "readings": "lectures",
        "reads": "lit",
    },
    Finding: {
        "identifier": "identifiant",
        "number": "numero",
        **_RULE,
        "subject": "objet",
        "element": "element",
        "message": "message",
        "observed": "observe",
        "expected": "attendu",
        "measure": "mesure",
        "computation": "calcul",
        "reason": "raison",
        "not_yet_due": "pas_encore_du",
        "reserve": "reserve",
        "deadline": "echeance",
        "deadline_kind": "echeance_nature",
        "last_due": "echeance_passee",
        "support": "appui",
        "missing": "manque",
        "path": "chemin",
        "source": "source",
        "other_positions": "autres_positions",
        "text": "texte",
        "proof": "preuve",
        "remedy": "remede",
        "derogation": "derogation",
        "response": "reponse",
        "hidden": "masque",
    },
}
_TOP = (
    "version",
    "outil",
    "options",
    "dossier",
    "date_audit",
    "controle",
    "referentiels",
    "empreintes",
    "blocs",
    "depuis",
    "erreurs",
    "avis",
    "avertissement",
    "identite",
    "echantillons",
    "pieces",
    "synthese",
    "obligations",
    "constats",
)
_FRACTION = re.compile(r"-?[0-9]{1,4000}/[0-9]{1,4000}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def render(report: Report, options: RenderOptions) -> str:
    """Write the report as JSON, indented, keys in a fixed order."""
    return f"{dumps(as_data(prepared(report, options)))}\n"


def render_without_passes(report: Report, options: RenderOptions) -> str:
    """Write the report without its passes: its counts still hold them, and what is not due yet stays."""
    drawn = prepared(report, options)
    rows = tuple(
        replace(
            row, findings=tuple(one for one in row.findings if one.verdict not in _PASSES or one.not_yet_due)
        )
        for row in drawn.obligations
    )
    return f"{dumps(as_data(replace(drawn, obligations=rows)))}\n"


def as_data(report: Report) -> dict[str, Any]:
    """Give the report as plain data under its French keys; numbers stay exact."""
    findings = [one for row in report.obligations for one in row.findings]
    return {
        "version": report.version,
        "outil": report.tool,
        "options": dict(sorted(report.options.items())),
        "dossier": {"nom": report.dossier, "chemin": report.path, "date_etat": encode(report.state_date)},
        "date_audit": encode(report.audit_date),
        "controle": encode(report.control),
        "referentiels": encode(report.rulesets),
        "empreintes": encode(report.fingerprints),
        "blocs": encode(report.blocks),
        "depuis": encode(report.since),
        "erreurs": encode(report.errors),
        "avis": list(report.notices),
        "avertissement": report.example_notice,
        "identite": encode(report.headings),
        "echantillons": encode(report.samples),
        "pieces": encode(report.pieces),
        "synthese": _summary_data(report.summary),
        "obligations": encode(report.obligations),
        "constats": [_finding_data(one) for one in findings],
    }


def _summary_data(summary: Summary) -> dict[str, Any]:
    return {
        "obligations": _counts_data(summary.obligations),
        "constats": _counts_data(summary.findings),
        "ecarts": {one.value: summary.breaches.get(one, 0) for one in SEVERITY_ORDER},
        "declares_sans_piece": summary.declared_only,
        "pas_encore_dus": summary.not_yet_due,
    }


def error_data(error: InputError) -> dict[str, Any]:
    """Write one error of a dossier, as the list `erreurs` holds it."""
    data: dict[str, Any] = encode(error)
    return data


def _counts_data(counts: dict[Any, int]) -> dict[str, int]:
    """Write one count per verdict, and the total."""
    written = {one.value: counts.get(one, 0) for one in VERDICT_ORDER}
    return {**written, "total": sum(written.values())}


def _finding_data(finding: Finding) -> dict[str, Any]:
    """Write a finding with its position laid flat."""
    data: dict[str, Any] = {}
    for name, key in KEYS[Finding].items():
        if key == "chemin":
            data.update(encode(finding.position or _Nowhere))
        data[key] = encode(getattr(finding, name))
    return data


class _Nowhere:
    """Stands for a position that is not known: its keys are written, empty."""


def encode(value: Data) -> Data:
    """Give a value of a report as plain data under its French keys."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return exact(value)
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return _counts_data(value)
    if value is _Nowhere:
        return dict.fromkeys(_POSITION.values())
    keys = KEYS.get(type(value))
    if keys is None:
        return value
    return {key: encode(getattr(value, name)) for name, key in keys.items()}


def exact(value: Fraction) -> int | Decimal | str:
    """Give a quotient as a decimal when one writes it exactly, else as « numerator/denominator »."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1 or places > MAX_DIGITS:
        return f"{value.numerator}/{value.denominator}"
    digits = value.numerator * 10**places // value.denominator
    return (
        Decimal((int(digits < 0), tuple(int(one) for one in str(abs(digits))), -places)) if places else digits
    )


# ---- text ----


def dumps(data: Data) -> str:
    """Write plain data as JSON: decimals exactly, and no character that hides or drives a terminal."""
    parts: list[str] = []
    _write(data, "\n", parts)
    return "".join(parts)


def _write(value: Data, margin: str, parts: list[str]) -> None:
    """Add a value to the parts; `margin` is a line break and the indent of what holds it."""
    inner = f"{margin}  "
    if isinstance(value, str):
        parts.append(_quoted(value))
    elif value is None:
        parts.append("null")
    elif isinstance(value, dict) and value:
        for index, (key, one) in enumerate(value.items()):
            parts.append(f"{',' if index else '{'}{inner}{_quoted(key)}: ")
            _write(one, inner, parts)
        parts.append(f"{margin}}}")
    elif isinstance(value, list) and value:
        for index, one in enumerate(value):
            parts.append(f"{',' if index else '['}{inner}")
            _write(one, inner, parts)
        parts.append(f"{margin}]")
    else:
        parts.append(_number(value) if isinstance(value, Decimal) else json.dumps(value))


def _quoted(text: str) -> str:
    return UNSEEN.sub(_escaped, encode_basestring(text))


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(value)
    return format(value, "f") if abs(value.adjusted()) <= MAX_DIGITS else str(value)


# ---- reading back ----


class _WrongError(Exception):
    """A place of the report and what was expected there."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(place, expected)
        self.place = place
        self.expected = expected


def parse(text: str) -> Report:
    """Read a report back; anything wrong in it is told in French and nothing is guessed."""
    return parse_data(_loaded(text))


def parse_all(text: str) -> tuple[Report, ...]:
    """Read the reports of a file: one report, or a portfolio that holds several."""
    data = _loaded(text)
    if not (isinstance(data, dict) and "dossiers" in data):
        return (parse_data(data),)
    top = _object_or_refused(data, PORTFOLIO, "")
    if top["version"] != PORTFOLIO_VERSION or not isinstance(top["dossiers"], list):
        raise InputUnreadableError(report_wrong("version", f"« {PORTFOLIO_VERSION} »"), REPORT_ADVICE)
    return tuple(parse_data(one) for one in top["dossiers"])


def parse_data(data: Data) -> Report:
    """Read a report from plain data. Raises `InputUnreadableError`."""
    try:
        report = _report(data)
    except _WrongError as error:
        raise InputUnreadableError(report_wrong(error.place, error.expected), REPORT_ADVICE) from None
    _check_counts(report)
    return report


def _object_or_refused(data: Data, keys: Iterable[str], place: str) -> dict[str, Any]:
    try:
        return _object(data, keys, place)
    except _WrongError as error:
        raise InputUnreadableError(report_wrong(error.place, error.expected), REPORT_ADVICE) from None


def _loaded(text: str) -> Data:
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            parse_float=_short_decimal,
            parse_int=_short_integer,
            parse_constant=_refused,
            object_pairs_hook=_without_twins,
        )
    except json.JSONDecodeError as error:
        raise InputUnreadableError(report_not_json(error.lineno, error.colno), REPORT_ADVICE) from None
    except (RecursionError, ValueError, ArithmeticError):
        raise InputUnreadableError(report_not_json(None, None), REPORT_ADVICE) from None


def _short_decimal(text: str) -> Decimal:
    number = Decimal(text)
    if number and (abs(number.adjusted()) > MAX_DIGITS or len(number.as_tuple().digits) > 2 * MAX_DIGITS):
        raise ValueError(text)
    return number


def _short_integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(text)
    return int(text)


def _refused(text: str) -> None:
    raise ValueError(text)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(pairs)
    return found


def _report(data: Data) -> Report:
    top = _object(data, _TOP, "")
    if top["version"] != VERSION:
        raise _WrongError("version", f"« {VERSION} »")
    dossier = _object(top["dossier"], ("nom", "chemin", "date_etat"), "dossier")
    hints = _hints(Report)

    def decoded(name: str, key: str) -> Data:
        return _decode(hints[name], top[key], key)

    return Report(
        version=VERSION,
        tool=decoded("tool", "outil"),
        dossier=_decode(str, dossier["nom"], "dossier.nom"),
        path=_decode(str, dossier["chemin"], "dossier.chemin"),
        state_date=_decode(hints["state_date"], dossier["date_etat"], "dossier.date_etat"),
        audit_date=decoded("audit_date", "date_audit"),
        options=_options(top["options"]),
        control=decoded("control", "controle"),
        rulesets=decoded("rulesets", "referentiels"),
        fingerprints=decoded("fingerprints", "empreintes"),
        blocks=decoded("blocks", "blocs"),
        since=decoded("since", "depuis"),
        errors=decoded("errors", "erreurs"),
        notices=decoded("notices", "avis"),
        headings=decoded("headings", "identite"),
        samples=decoded("samples", "echantillons"),
        pieces=decoded("pieces", "pieces"),
        summary=_summary(top["synthese"]),
        obligations=_obligations(top["obligations"], top["constats"]),
        example_notice=decoded("example_notice", "avertissement"),
    )


def _options(data: Data) -> dict[str, str | bool | list[str] | None]:
    if not isinstance(data, dict):
        raise _WrongError("options", "un objet")
    for key, value in data.items():
        items = value if isinstance(value, list) else [value]
        allowed = str if isinstance(value, list) else (str, bool, NoneType)
        if not all(isinstance(item, allowed) for item in items):
            raise _WrongError(f"options.{key}", "un texte, un booléen, une liste de textes ou null")
    return data


def _summary(data: Data) -> Summary:
    keys = ("obligations", "constats", "ecarts", "declares_sans_piece", "pas_encore_dus")
    found = _object(data, keys, "synthese")
    severities = _object(found["ecarts"], [one.value for one in SEVERITY_ORDER], "synthese.ecarts")
    return Summary(
        obligations=_counts(found["obligations"], "synthese.obligations"),
        findings=_counts(found["constats"], "synthese.constats"),
        breaches={
            one: _count(severities[one.value], f"synthese.ecarts.{one.value}") for one in SEVERITY_ORDER
        },
        declared_only=_count(found["declares_sans_piece"], "synthese.declares_sans_piece"),
        not_yet_due=_count(found["pas_encore_dus"], "synthese.pas_encore_dus"),
    )


def _counts(data: Data, place: str) -> dict[Any, int]:
    found = _object(data, (*(one.value for one in VERDICT_ORDER), "total"), place)
    counts = {one: _count(found[one.value], f"{place}.{one.value}") for one in VERDICT_ORDER}
    if found["total"] != sum(counts.values()):
        raise _WrongError(f"{place}.total", "la somme des décomptes")
    return counts


def _count(value: Data, place: str) -> int:
    number: int = _decode(int, value, place)
    if number < 0:
        raise _WrongError(place, "un entier positif ou nul")
    return number


def _obligations(rows: Data, findings: Data) -> tuple[Obligation, ...]:
    """Read the rows, then give each its findings."""
    decoded: tuple[Obligation, ...] = _decode(tuple[Obligation, ...], rows, "obligations")
    by_rule: dict[tuple[str, str], list[Finding]] = {(row.ruleset, row.rule): [] for row in decoded}
    if len(by_rule) != len(decoded):
        raise _WrongError("obligations", "une seule ligne par règle")
    if not isinstance(findings, list):
        raise _WrongError("constats", "une liste")
    for index, data in enumerate(findings):
        one = _finding(data, f"constats[{index}]")
        if (one.ruleset, one.rule) not in by_rule:
            raise _WrongError(f"constats[{index}].regle", "une règle de « obligations »")
        by_rule[one.ruleset, one.rule].append(one)
    return tuple(replace(row, findings=tuple(by_rule[row.ruleset, row.rule])) for row in decoded)


def _finding(data: Data, place: str) -> Finding:
    _object(data, (*KEYS[Finding].values(), *_POSITION.values()), place)
    where = {key: data[key] for key in _POSITION.values()}
    nowhere = all(value is None for value in where.values())
    position = None if nowhere else _decode(Position, where, place)
    return Finding(position=position, **_fields(Finding, data, place))


def _fields(kind: type, data: dict[str, Any], place: str) -> dict[str, Any]:
    hints = _hints(kind)
    return {
        name: _decode(hints[name], data[key], f"{place}.{key}" if place else key)
        for name, key in KEYS[kind].items()
    }


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _object(data: Data, keys: Iterable[str], place: str) -> dict[str, Any]:
    """Check that an object has exactly these keys."""
    wanted = list(keys)
    if not isinstance(data, dict):
        raise _WrongError(place or "le rapport", "un objet")
    for key in wanted:
        if key not in data:
            raise _WrongError(f"{place}.{key}" if place else key, "cette clé, au besoin avec null")
    for key in data:
        if key not in wanted:
            raise _WrongError(
                f"{place}.{key}"[-60:] if place else key[:60], "retirer cette clé, inconnue d’un rapport"
            )
    return data


def _decode(hint: Data, value: Data, place: str) -> Data:
    """Read a value as its type in the model says."""
    origin: Data = get_origin(hint)
    if origin in (Union, UnionType):
        return _union(get_args(hint), value, place)
    if origin is tuple:
        if not isinstance(value, list):
            raise _WrongError(place, "une liste")
        item = get_args(hint)[0]
        return tuple(_decode(item, one, f"{place}[{index}]") for index, one in enumerate(value))
    if origin is dict:
        return _counts(value, place)
    if hint in KEYS:
        _object(value, KEYS[hint].values(), place)
        extra: dict[str, Any] = {"findings": ()} if hint is Obligation else {}
        return hint(**_fields(hint, value, place), **extra)
    return _scalar(hint, value, place)


def _union(hints: tuple[Any, ...], value: Data, place: str) -> Data:
    if value is None and NoneType in hints:
        return None
    kinds = [one for one in hints if one is not NoneType]
    if len(kinds) == 1:
        return _decode(kinds[0], value, place)
    return _quantity(value, place, dates=date in kinds)


def _quantity(value: Data, place: str, *, dates: bool) -> int | Decimal | Fraction | date:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        above, below = value.split("/")
        if int(below):
            return Fraction(int(above), int(below))
    if dates and isinstance(value, str) and _DATE.fullmatch(value):
        return _date(value, place)
    raise _WrongError(place, "un nombre, un quotient « 9/43 » ou une date" if dates else "un nombre")


def _scalar(hint: Data, value: Data, place: str) -> Data:
    if hint is date:
        return _date(value, place)
    if isinstance(hint, type) and issubclass(hint, Enum):
        words = [one.value for one in hint]
        if value not in words:
            raise _WrongError(place, f"un de ces mots : {', '.join(words)}")
        return hint(value)
    names = {str: "un texte", bool: "true ou false", int: "un entier"}
    if type(value) is not hint:
        raise _WrongError(place, names[hint])
    return value


def _date(value: Data, place: str) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _WrongError(place, "une date AAAA-MM-JJ")


def _check_counts(report: Report) -> None:
    """Refuse a report whose summary is not that of its rows."""
    for verdict in VERDICT_ORDER:
        rows = sum(row.verdict is verdict for row in report.obligations)
        findings = sum(row.counts[verdict] for row in report.obligations)
        if (rows, findings) != (report.summary.obligations[verdict], report.summary.findings[verdict]):
            raise InputUnreadableError(report_incoherent(verdict.value), REPORT_ADVICE)
