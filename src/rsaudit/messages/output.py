"""French words of the reports, and the one function that makes a foreign text harmless to print."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from rsaudit.messages import (
    NBSP,
    SEVERITY_LABELS,
    VERDICT_LABELS,
    answer_word,
    count_noun,
    enumerate_french,
    format_date,
    format_number,
    format_quantity,
    points,
    seen_dwellings,
    typographic,
)
from rsaudit.model import SEVERITY_ORDER, Severity, Verdict
from rsaudit.patterns import pattern

if TYPE_CHECKING:
    from rsaudit.model import (
        Answer,
        Control,
        LegalText,
        Masked,
        Measure,
        Number,
        Observation,
        Position,
        Report,
        Sample,
        Since,
        Source,
        Stale,
    )

# Written as ranges, not by Unicode category: same bytes whatever the Unicode tables of this Python.
_BREAKS = pattern("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
#: Characters that hide, or that drive a terminal or the direction of a text.
UNSEEN = pattern(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff\U0001fffe\U0001ffff\U0010fffe\U0010ffff]"
)


#: Characters of French sentences, none of them unseen: a text that has no other needs no expression to be known so.
_PLAIN = frozenset(
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    "\u00a0\u202f«»°²³·×àâäçèéêëîïôöùûüÿÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŸœŒæÆ–—‘’“”…•€→≥≤✗✓○≈"
)


def is_inert(text: str) -> bool:
    """Say whether a text is printable anywhere as it is."""
    return _PLAIN.issuperset(text) or UNSEEN.search(text) is None


def inert(text: str) -> str:
    """Make a text of the dossier printable anywhere: one line, no control character, no direction mark.

    Line breaks become a space; what is invisible or drives a terminal becomes « � », so that it is seen.
    """
    if _PLAIN.issuperset(text):
        return text
    return UNSEEN.sub("\ufffd", _BREAKS.sub(" ", text))


#: A sign beside the word, so that a verdict is read without colour.
VERDICT_SIGNS: dict[Verdict, str] = {
    Verdict.ECART: "✗",
    Verdict.REMARQUE: "!",
    Verdict.NON_VERIFIABLE: "?",
    Verdict.A_VERIFIER: "○",
    Verdict.DEROGATION: "≈",
    Verdict.SIGNALEMENT: "i",
    Verdict.CONFORME: "✓",
    Verdict.NON_CONCERNE: "–",
}
NOT_YET_DUE = "Pas encore dû"
PLACE_LABELS: dict[str, str] = {
    "exterieur": "à l’extérieur",
    "hall": "dans le hall",
    "parties_communes": "dans les parties communes",
    "bureau": "au bureau",
    "logement": "dans un logement",
    "entretiens": "en entretien",
}
#: The order of a visit, from the street to the interviews.
PLACE_ORDER: tuple[str, ...] = tuple(PLACE_LABELS)
ROLE_LABELS: dict[str, str] = {
    "dossier": "dossier",
    "table": "tableau",
    "commun": "bloc commun",
    "reponses": "réponses",
    "derogations": "dérogations",
    "controle": "cadre du contrôle",
    "referentiel": "référentiel",
}
FIGURE_TITLES: dict[str, str] = {
    "surfaces": "Surfaces habitables et minimums",
    "redevances": "Redevances et plafonds",
    "efforts": "Taux d’effort et cible",
    "echeances": "Échéances",
}
PROFILE_STATES: dict[Verdict, str] = {
    Verdict.CONFORME: "existe",
    Verdict.ECART: "manque",
    Verdict.REMARQUE: "manque",
    Verdict.DEROGATION: "manque",
    Verdict.NON_VERIFIABLE: "n’est pas connu",
    Verdict.A_VERIFIER: "à apprécier sur place",
    Verdict.NON_CONCERNE: "sans objet",
    Verdict.SIGNALEMENT: "pour information",
}
PROFILE_LEGEND = typographic(
    "Carré plein : l’élément existe. Carré vide marqué d’une croix : il manque. "
    "Carré pointillé : il n’est pas connu (?), ou il reste à apprécier sur place (○). "
    "Barre : la part couverte. Le profil décrit ce qui est offert ; il ne mesure ni ne classe personne."
)
DIRECTION_LABELS: dict[str, str] = {"maximum": "au plus", "minimum": "au moins", "egal": "exactement"}

SELF_CHECK = typographic("Auto-contrôle établi par le gestionnaire ; ce n’est pas un contrôle de l’État.")
LIMITS = typographic(
    "Examen sur pièces : ce rapport dit ce que montrent les pièces et les données du dossier ; "
    "il ne décrit pas les pratiques, que seule une visite peut constater. Il n’est pas une décision."
)
GLOSSARY: tuple[tuple[str, str], ...] = tuple(
    (term, typographic(meaning))
    for term, meaning in (
        (
            "Constat",
            "ce que le dossier montre d’un sujet (logement, contrat, clause) au regard d’une règle.",
        ),
        (
            "Obligation",
            "une règle du référentiel ; elle prend la plus grave des conclusions de ses constats.",
        ),
        (
            "Conforme sur pièces",
            "les pièces montrent ce que le texte demande ; la pratique n’a pas été observée.",
        ),
        ("Écart majeur", "il touche un droit du résident, la sécurité ou une somme supérieure à un maximum."),
        ("Écart significatif", "il touche une organisation qui est due."),
        ("Écart mineur", "il tient à la forme ou à un délai."),
        ("Remarque", "une recommandation n’est pas suivie ; ce n’est pas le manquement à une obligation."),
        ("Donnée ou pièce manquante", "rien n’est conclu ; le rapport nomme ce qui permettrait de conclure."),
        ("À apprécier sur place", "seul un regard ou un jugement humain peut conclure."),
        ("Non concerné", "la règle ne s’applique pas à ce cas ; la raison est donnée."),
        (NOT_YET_DUE, "l’échéance n’est pas arrivée à la date de l’audit."),
        (
            "Écart couvert par une dérogation",
            "l’autorité compétente l’a admis ; il n’est jamais compté comme conforme.",
        ),
        (
            "Pour information, hors décompte",
            "un fait porté à la connaissance du lecteur ; jamais un manquement.",
        ),
        ("Réserve", "une autre norme dit autrement ; le lecteur est averti du conflit."),
        ("Lecture", "la manière dont un point laissé ouvert par le texte a été compris."),
        (
            "Rang",
            "la place du texte dans l’ordre des normes, de la loi à la bonne pratique.",
        ),
        ("Référentiel", "l’ensemble daté des règles tirées d’un texte."),
        ("Date d’état", "le jour auquel les faits du dossier ont été relevés."),
        ("Redevance", "ce que paie le résident : équivalent du loyer et des charges, et prestations."),
        ("Empreinte", "un nombre calculé sur un fichier, qui change dès que le fichier change."),
    )
)


def verdict_label(verdict: Verdict, severity: Severity | None = None, *, not_yet_due: bool = False) -> str:
    """Name a verdict in full words, with the gravity of an écart."""
    if not_yet_due:
        return NOT_YET_DUE
    if severity is not None:
        return f"Écart {SEVERITY_LABELS[severity]}"
    return VERDICT_LABELS[verdict]


def headline(report: Report) -> str:
    """Say in words, by obligation, what was found; never a score, and « conforme » only if all is decided."""
    if not report.valid:
        errors = sum(error.severity == "erreur" for error in report.errors)
        return typographic(f"Le dossier n’a pas été examiné : {count_noun(errors, 'erreur')} à corriger.")
    counts = report.summary.obligations
    if not any(counts.values()):
        return _nothing_judged(report)
    parts = _counted_parts(report)
    if counts.get(Verdict.ECART, 0):
        return typographic(f"{' ; '.join(parts)}.")
    if parts:
        return typographic(f"Aucun écart relevé, mais tout n’est pas acquis : {' ; '.join(parts)}.")
    passes = counts.get(Verdict.CONFORME, 0)
    if not passes:
        return "Aucun écart relevé, et rien qui puisse être dit conforme."
    conform = count_noun(passes, "obligation conforme", "obligations conformes")
    return typographic(f"Aucun écart relevé ; {conform} sur pièces.")


def _nothing_judged(report: Report) -> str:
    if any(one.out_of_scope for one in report.rulesets):
        return typographic(
            "Rien n’a été examiné : aucun référentiel ne s’applique à cette résidence. Un référentiel de bonnes "
            "pratiques se demande par son nom, avec -r ; « rsaudit regles » liste ceux qui existent."
        )
    return typographic("Rien n’a été examiné : aucune règle n’a été retenue.")


def _counted_parts(report: Report) -> list[str]:
    """List what is not conforme, gravest first, each with its number of obligations."""
    counts = report.summary.obligations
    breaches = counts.get(Verdict.ECART, 0)
    parts = [f"{count_noun(breaches, 'écart')}{_gravities(report, breaches)}"] if breaches else []
    for verdict, singular, plural in (
        (Verdict.REMARQUE, "remarque", "remarques"),
        (
            Verdict.NON_VERIFIABLE,
            "point non vérifiable faute de données",
            "points non vérifiables faute de données",
        ),
        (Verdict.A_VERIFIER, "point à apprécier sur place", "points à apprécier sur place"),
        (Verdict.DEROGATION, "écart couvert par une dérogation", "écarts couverts par une dérogation"),
    ):
        if number := counts.get(verdict, 0):
            parts.append(count_noun(number, singular, plural))
    return parts


def _gravities(report: Report, breaches: int) -> str:
    named = [
        (number, severity)
        for severity in SEVERITY_ORDER
        if (number := report.summary.breaches.get(severity, 0))
    ]
    if len(named) == 1 and named[0][0] == breaches:
        label = SEVERITY_LABELS[named[0][1]]
        return f" {label}{'s' if breaches > 1 else ''}"
    words = [count_noun(number, SEVERITY_LABELS[severity]) for number, severity in named]
    return f", dont {enumerate_french(words)}" if words else ""


def legal(text: LegalText) -> str:
    """Name a text with its article, the place in it, and the national text behind it."""
    article = text.article and re.sub(r"\b([LRDA]\.) (?=\d)", rf"\1{NBSP}", text.article)
    if article is not None and re.match(r"[LRDA]\.?\s?\*?\d|\d|[IVX]+\b", article):
        article = f"article{NBSP}{article}"
    named = ", ".join(part for part in (text.document, article, text.place) if part)
    return typographic(f"{named} (fondement : {text.basis})") if text.basis else named


def place_in_file(position: Position) -> str:
    """Write a position for a reader (« contrats.csv, ligne 12, colonne depot_garantie »)."""
    if position.cell:
        return f"{position.file}, {position.cell}"
    if position.line is None:
        return position.file
    return f"{position.file}, ligne{NBSP}{position.line}"


def place_to_open(position: Position) -> str:
    """Write a position as editors open it (« contrats.csv:12:3 »)."""
    parts = [position.file, *(str(one) for one in (position.line, position.column) if one is not None)]
    place = ":".join(parts)
    if position.cell and not position.cell.startswith("ligne"):
        return f"{place} ({position.cell})"
    return place


def cited(source: Source) -> str:
    """Write what the dossier cites (« pièce CTYP, page 4, clause 8 »)."""
    named = (("pièce", source.piece), ("page", source.page), ("clause", source.clause))
    return ", ".join(f"{word}{NBSP}{value}" for word, value in named if value)


def quantity(value: Number | date, unit: str | None) -> str:
    """Write a measured value, a date included."""
    if isinstance(value, date):
        return format_date(value)
    return _quantity(value, unit) if value else format_quantity(value, unit)


#: Many measures have the same limit. Equal values of one type are written alike, but for zeros of either sign.
_quantity = lru_cache(maxsize=1024, typed=True)(format_quantity)


def margin_phrase(measure: Measure) -> str:
    """Say by how much the limit is kept or broken (« dépasse de 111,25 € », « 17 jours de retard »)."""
    margin = measure.margin
    if margin is None:
        return ""
    if margin == 0:
        return "juste à la limite"
    size = -margin if margin < 0 else margin
    if isinstance(measure.limit, date):
        days = count_noun(int(size), "jour")
        return f"{days} de retard" if margin < 0 else f"{days} de marge"
    gap = points(size) if measure.unit == "%" else quantity(size, measure.unit)
    if margin >= 0:
        return f"marge de {gap}"
    return {"maximum": f"dépasse de {gap}", "minimum": f"manque {gap}"}.get(
        measure.direction, f"écart de {gap}"
    )


def covered_phrase(measure: Measure) -> str:
    """Write a share covered (« 44 sur 44 »)."""
    return f"{quantity(measure.value, measure.unit)} sur {quantity(measure.limit, measure.unit)}"


def measure_phrase(measure: Measure) -> str:
    """Write a comparison in words (« 523,40 € ; au plus 412,15 € ; dépasse de 111,25 € »)."""
    parts = [
        quantity(measure.value, measure.unit),
        f"{DIRECTION_LABELS[measure.direction]} {quantity(measure.limit, measure.unit)}",
        margin_phrase(measure),
    ]
    return typographic(" ; ".join(part for part in parts if part))


def sample_phrase(sample: Sample) -> str:
    """Say what part of a table was seen (« 10 contrats examinés sur 40 »)."""
    noun = sample.title.lower()
    seen = f"{format_number(sample.examined)}{NBSP}{noun}"
    if sample.total is None:
        return typographic(f"{seen} examinés ; l’effectif total n’est pas renseigné")
    return f"{seen} examinés sur {format_number(sample.total)}"


def frame_phrase(control: Control) -> str:
    """Say in which frame the audit is made; a self-check unless the dossier says otherwise."""
    if control.frame != "controle":
        return SELF_CHECK
    named = [
        f"Contrôle conduit par {control.authority}" if control.authority else "Contrôle",
        f"fondement : {control.ground}" if control.ground else "",
        control.letter or "",
        period_phrase(control),
        f"visite du {format_date(control.visit)}" if control.visit else "",
        status_phrase(control),
    ]
    return typographic(" ; ".join(part for part in named if part) + ".")


def period_phrase(control: Control) -> str:
    """Write the period under control."""
    start, end = control.period_start, control.period_end
    if start and end:
        return f"période du {format_date(start)} au {format_date(end)}"
    if start:
        return f"période à partir du {format_date(start)}"
    return f"période jusqu’au {format_date(end)}" if end else ""


def status_phrase(control: Control) -> str:
    """Write whether the report is provisional or final."""
    return {"provisoire": "rapport provisoire", "definitif": "rapport définitif"}.get(
        control.status or "", ""
    )


NO_EFFECT = "sans effet dans un contrôle"


def answer_sentence(answer: Answer) -> str:
    """Write who answered, what, when and until when, on which sample, and what was seen in each dwelling."""
    parts = [
        answer.authority or answer.role,
        answer.text,
        f"le {format_date(answer.date)}" if answer.date else None,
        answer_word(answer.verdict) if answer.verdict else None,
        seen_dwellings(answer) if answer.seen is not None else None,
        f"jusqu’au {format_date(answer.until)}" if answer.until else None,
        None if answer.decides else NO_EFFECT,
    ]
    said = ", ".join(part for part in parts if part)
    seen = " ; ".join(_observation(one) for one in answer.observations)
    details = " ".join(filter(None, (answer.comment, f"[{seen}]" if seen else "")))
    return typographic(f"{said} : {details}") if details else said


def _observation(one: Observation) -> str:
    comment = f" ({one.comment})" if one.comment else ""
    return f"logement {one.dwelling}, {answer_word(one.verdict)}{comment}"


# ---- what is followed from an earlier report ----

FOLLOW_UP = "Suivi"
NOTHING_NEW = typographic(
    "Rien de nouveau ni d’aggravé ; ce qui est inchangé est compté et n’est pas détaillé."
)
_STALE_LISTED = 12


def follow_phrases(since: Since | None) -> list[str]:
    """Say what is left out of the lists because an earlier report told it, and which of its entries are stale."""
    if since is None:
        return []
    if since.audit_date is None:
        return [typographic("Le rapport antérieur donné ne parle pas de ce dossier : tout est montré.")]
    phrases = [_masked_phrase(since, format_date(since.audit_date))]
    if since.stale:
        phrases.append(_stale_phrase(since))
    return [typographic(phrase) for phrase in phrases]


def _masked_phrase(since: Since, day: str) -> str:
    if not since.masked:
        return f"Depuis le rapport du {day}, rien n’est masqué : tout ce qui reste à régler est montré."
    whole = [one for one in since.masked if one.whole]
    partly = [one for one in since.masked if not one.whole]
    findings = sum(one.count for one in since.masked)
    counted = count_noun(findings, "constat inchangé ou moins grave", "constats inchangés ou moins graves")
    parts = [
        (
            f"Depuis le rapport du {day}, {counted} "
            f"{'n’est pas détaillé' if findings == 1 else 'ne sont pas détaillés'} ; les décomptes les comprennent."
        )
    ]
    if whole:
        parts.append(f"En entier : {' ; '.join(_masked_name(one) for one in whole)}.")
    if partly:
        named = " ; ".join(f"{_masked_name(one)} ({count_noun(one.count, 'constat')})" for one in partly)
        parts.append(f"En partie : {named}.")
    return " ".join(parts)


def _masked_name(one: Masked) -> str:
    number = f"{one.number} " if one.number else ""
    return f"{number}{one.title} [{verdict_label(one.verdict, one.severity)}]"


def _stale_phrase(since: Since) -> str:
    named = [_stale_name(one) for one in since.stale[:_STALE_LISTED]]
    if len(since.stale) > _STALE_LISTED:
        named.append(f"et {count_noun(len(since.stale) - _STALE_LISTED, 'autre')}")
    counted = count_noun(
        len(since.stale),
        "constat du rapport antérieur n’est plus fait",
        "constats du rapport antérieur ne sont plus faits",
    )
    return f"{counted} : {' ; '.join(named)}."


def _stale_name(one: Stale) -> str:
    number = f"{one.number} " if one.number else ""
    subject = f", {one.subject}" if one.subject else ""
    state = verdict_label(one.now) if one.now is not None else "absent de ce rapport"
    return f"{number}{one.title}{subject} (maintenant : {state})"


# ---- a JSON report read back ----

REPORT_ADVICE = typographic("Donner un rapport écrit par « rsaudit audit --format json », sans le modifier.")


def report_not_json(line: int | None, column: int | None) -> str:
    """Say that a report is not JSON, and where it stops being so."""
    where = f" à la ligne {line}, colonne {column}" if line is not None else ""
    return f"Ce rapport ne peut pas être relu\u00a0: ce n’est pas du JSON valide{where}."


def report_wrong(place: str, expected: str) -> str:
    """Say where a report is not as it should be, and what is expected there."""
    return typographic(f"Ce rapport ne peut pas être relu : à « {inert(place)} » il faut {expected}.")


def report_incoherent(verdict: str) -> str:
    """Say that the counts of a report are not those of its findings."""
    return typographic(
        f"Ce rapport ne peut pas être relu : le décompte « {verdict} » n’est pas celui de ses lignes."
    )
