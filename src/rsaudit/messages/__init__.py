"""French sentences not owned by a rule: formats of numbers and dates, labels of enumerations.

Each room that speaks has its module here; this one holds what all share.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rsaudit.model import Force, Number, Rank, Severity, Support, Verdict

if TYPE_CHECKING:
    from datetime import date

    from rsaudit.model import Answer

NBSP = "\u00a0"
NNBSP = "\u202f"

VERDICT_LABELS: dict[Verdict, str] = {
    Verdict.CONFORME: "Conforme sur pièces",
    Verdict.ECART: "Écart (obligation non respectée)",
    Verdict.REMARQUE: "Remarque (bonne pratique non suivie)",
    Verdict.NON_VERIFIABLE: "Donnée ou pièce manquante",
    Verdict.A_VERIFIER: "À apprécier sur place",
    Verdict.NON_CONCERNE: "Non concerné",
    Verdict.DEROGATION: "Écart couvert par une dérogation",
    Verdict.SIGNALEMENT: "Pour information, hors décompte",
}
SEVERITY_LABELS: dict[Severity, str] = {
    Severity.MAJEUR: "majeur",
    Severity.SIGNIFICATIF: "significatif",
    Severity.MINEUR: "mineur",
}
RANK_LABELS: dict[Rank, str] = {
    Rank.LOI: "loi",
    Rank.REGLEMENT: "règlement",
    Rank.CONVENTION: "convention",
    Rank.CAHIER_DES_CHARGES: "cahier des charges",
    Rank.ENGAGEMENT_LOCAL: "engagement local",
    Rank.BONNE_PRATIQUE: "bonne pratique",
}
FORCE_LABELS: dict[Force, str] = {
    Force.OBLIGATION: "obligation",
    Force.RECOMMANDATION: "recommandation",
    Force.INFORMATION: "information",
}
SUPPORT_LABELS: dict[Support, str] = {
    Support.PIECE_CITEE: "pièce citée",
    Support.DECLARE: "déclaré, sans pièce citée",
    Support.CALCULE: "calculé",
    Support.CONSTATE_SUR_PLACE: "constaté sur place",
}

_EXACT = Context(prec=80)


def format_date(value: date) -> str:
    """Write a date as JJ/MM/AAAA."""
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def round_half_up(value: Number, places: int) -> Decimal:
    """Round half up to `places` decimals: used for display and `arrondi` only, never before a comparison."""
    if isinstance(value, Fraction):
        whole, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
        if 2 * rest >= value.denominator:
            whole += 1
        signed = whole if value.numerator >= 0 else -whole
        return Decimal(signed).scaleb(-places, _EXACT)
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_EXACT)


def format_number(value: Number, places: int | None = None) -> str:
    """Write a number the French way: narrow no-break spaces in thousands, decimal comma.

    Without `places`, an integer stays one and anything else keeps its decimals (two for a fraction).
    """
    if places is None:
        if isinstance(value, int):
            places = 0
        elif isinstance(value, Decimal):
            # The decimals it needs, not those typed: 0.40 in a file is 0.4 in a workbook.
            exponent = value.normalize().as_tuple().exponent
            places = max(0, -exponent) if isinstance(exponent, int) else 0
        else:
            places = 0 if value.denominator == 1 else 2
    text = f"{round_half_up(value, places):,f}"
    return text.replace(",", NNBSP).replace(".", ",").replace("-", "\u2212")


def format_quantity(value: Number, unit: str | None) -> str:
    """Write a number with its unit; a percentage arrives as a part (0,3) and is written « 30 % »."""
    if unit is None:
        return format_number(value)
    if unit == "%":
        return f"{_hundredths(value)}{NBSP}%"
    places = 2 if unit.startswith("€") or unit == "m²" else None
    symbol = {"€/mois": "€ par mois", "€/an": "€ par an"}.get(unit, unit).replace(" ", NBSP)
    return f"{format_number(value, places)}{NBSP}{symbol}"


def points(gap: Number) -> str:
    """Write the gap between two percentages, which arrives as a part, never negative: « 3 points » between 30 % and 33 %."""
    shown = round_half_up(gap * 100, 2)
    if not shown:
        return f"moins de 0,01{NBSP}point"
    return f"{_hundredths(gap)}{NBSP}{'point' if shown < 2 else 'points'}"


def _hundredths(part: Number) -> str:
    shown = part * 100
    return format_number(shown, 0 if shown == int(shown) else 2)


def enumerate_french(items: list[str]) -> str:
    """Join « a, b et c »."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} et {items[-1]}"


def count_noun(number: int, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun agreed (0 and 1 are singular in French)."""
    noun = singular if abs(number) < 2 else (plural or singular + "s")
    return f"{format_number(number)}{NBSP}{noun}"


_ANSWER_WORDS = {"ecart": "écart", "non_concerne": "non concerné"}


def answer_word(verdict: str) -> str:
    """Write the verdict of an answer (« écart », « non concerné »)."""
    return _ANSWER_WORDS.get(verdict, verdict)


def seen_dwellings(answer: Answer) -> str:
    """Write « vu 6 logements sur 44 », or that the number of all is not known."""
    seen = f"vu {count_noun(answer.seen or 0, 'logement')}"
    return f"{seen} sur {format_number(answer.total)}" if answer.total is not None else seen


def typographic(text: str) -> str:
    """Give a French sentence its no-break spaces and curved apostrophes (before ; : ! ? » % €, after «)."""
    for sign in (";", "!", "?"):
        text = text.replace(f" {sign}", f"{NNBSP}{sign}")
    text = text.replace(" :", f"{NBSP}:").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")
    text = text.replace(" %", f"{NBSP}%").replace(" €", f"{NBSP}€").replace(" m²", f"{NBSP}m²")
    return text.replace("'", "’")
