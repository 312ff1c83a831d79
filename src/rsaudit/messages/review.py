"""French sentences of the reading of a règlement or a model contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.messages import NBSP, count_noun, enumerate_french
from rsaudit.messages import typographic as _t

if TYPE_CHECKING:
    from collections.abc import Iterable

REVIEW_HELP = _t(
    "Signale dans un règlement intérieur ou un contrat type les passages à relire et les mentions attendues, "
    "et propose les champs à remplir. Rien n’y est jugé."
)
DOCUMENT_HELP = _t("Document à lire : .txt, .md, .docx, .odt ou PDF fait de texte.")
KIND_HELP = _t("Ce que le document est : reglement_interieur (par défaut) ou contrat.")
RULESET_HELP = _t("Référentiel dont employer le lexique. Répétable. Par défaut : ceux qui en ont un.")
DOSSIER_HELP = _t(
    "Dossier où écrire ce que vous confirmez, passage par passage, si l’on est devant un terminal."
)
PIECE_HELP = _t("Référence de ce document au registre des pièces du dossier.")
NO_LEXICON = _t("Aucun des référentiels demandés n’a de lexique.")
NO_LEXICON_HINT = _t("Retirer -r, ou nommer un référentiel qui a un dossier lexique/.")
WHICH_PIECE_HINT = _t("Ajouter --piece avec la bonne référence.")
PIECE_WITHOUT_DOSSIER = _t("« --piece » désigne une pièce d’un dossier : il faut aussi « --dossier ».")
PIECE_WITHOUT_DOSSIER_HINT = _t("Ajouter --dossier, ou retirer --piece.")

LIMITS = _t(
    "Lecture par mots repérés : un passage relevé n’est pas un verdict, et un passage non relevé n’est pas un accord. "
    "Lire chaque passage dans le document avant d’écrire au dossier."
)
PIECE_TO_NAME = _t(
    "À chaque source, ajouter piece : la référence de ce document au registre des pièces ; "
    "--dossier la trouve, ou --piece la donne."
)
TO_READ = "à lire"
DOUBTFUL = "PASSAGES À RELIRE"
ABSENT = "MENTIONS ATTENDUES, NON TROUVÉES"
EXPECTED = "MENTIONS ATTENDUES, TROUVÉES"
NONE_DOUBTFUL = _t("Aucun passage du lexique n’a été relevé.")
NONE_ABSENT = _t("Toutes les mentions attendues par le lexique ont été trouvées.")
ABSENT_NOTE = _t(
    "Le lexique ne les a pas reconnues ; elles peuvent être écrites autrement. À confirmer en lisant le document."
)
ASK = _t("Confirmez-vous ? o = oui, n = non, q = arrêter ici")
ASK_REPLACE = _t("Le remplacer ? o = oui, n = non")
NOTHING_CONFIRMED = _t("Rien n’a été confirmé : le dossier n’est pas changé.")
NOT_UNDERSTOOD = _t("Répondre o, n ou q.")
KEPT = _t("Gardé tel quel.")


def read(name: str, paragraphs: int, pages: int | None, entries: int, rulesets: Iterable[str]) -> str:
    """Say what was read and with what."""
    size = f"{count_noun(pages, 'page')}, " if pages is not None else ""
    return _t(
        f"{name} : {size}{count_noun(paragraphs, 'paragraphe')} ; lexique {enumerate_french(list(rulesets))} "
        f"({count_noun(entries, 'entrée')})."
    )


def place(page: int | None, paragraph: int, clause: str | None) -> str:
    """Write « page 2, article 4 », or « article 4, paragraphe 12 » when there are no pages."""
    parts = [f"page{NBSP}{page}"] if page is not None else []
    parts += [clause] if clause else []
    if page is None or clause is None:
        parts.append(f"paragraphe{NBSP}{paragraph}")
    return ", ".join(parts)


def passage(rank: int, title: str, theme: str, where: str, excerpt: str) -> str:
    """Write one passage to read again."""
    return f"{rank}. {title} [{theme}]\n   {where}{NBSP}: «{NBSP}{excerpt}{NBSP}»"


def mention(rank: int, title: str, theme: str) -> str:
    """Write one expected mention that was not found."""
    return f"{rank}. {title} [{theme}]"


def found_mention(title: str, where: str, fields: Iterable[str]) -> str:
    """Write one expected mention that was found, and the fields it bears on."""
    return f"- {title}{NBSP}: {where} ({', '.join(fields)})"


def why(text: str, requirements: Iterable[str]) -> str:
    """Say what to look at, and which exigences depend on it."""
    listed = ", ".join(requirements)
    return f"   À regarder{NBSP}: {text}" + (f" ({listed})" if listed else "")


def nothing_to_write() -> str:
    """Say that an entry points at a passage and bears on no field."""
    return _t("   Aucun champ du dossier n’en dépend directement.")


def to_write(file: str) -> str:
    """Introduce the YAML of a proposal."""
    return f"   À écrire dans {file} si vous confirmez{NBSP}:"


def to_type(key: str, hint: str) -> str:
    """Write, as a YAML comment, a field whose value must be read in the passage."""
    return f"# {key}: … à lire dans le passage ({hint})"


def hint(kind: str, words: Iterable[str]) -> str:
    """Say what a field accepts, in short."""
    names = {
        "nombre": "un nombre",
        "entier": "un nombre entier",
        "booleen": "oui ou non",
        "date": "AAAA-MM-JJ",
        "mots": "un ou plusieurs mots",
        "texte": "un texte court",
    }
    listed = list(words)
    if kind == "texte" and listed:
        return " | ".join(listed)
    return names[kind] + (f", ou {' | '.join(listed)}" if listed else "")


def choose(title: str, field: str, admitted: str) -> str:
    """Ask for a value to be read in the passage; an empty answer passes."""
    return _t(f"{title} ({field}) : {admitted} ; vide pour passer")


def already(value: str) -> str:
    """Say that the dossier says something else."""
    return _t(f"Le dossier dit déjà « {value} ».")


def several_pieces(pieces: Iterable[str]) -> str:
    """Say that several registered pieces may be this document."""
    return _t(f"Plusieurs pièces du dossier peuvent être ce document : {', '.join(pieces)}.")


def unknown_piece(piece: str) -> str:
    """Say that a piece is not in the register."""
    return _t(f"La pièce « {piece} » n’est pas au registre des pièces du dossier.")


def other_source(path: str) -> str:
    """Say that a citation of another piece was kept."""
    return _t(f"{path} cite déjà une autre pièce : cette source est gardée, à vérifier.")


def no_piece() -> str:
    """Say that no registered piece is this document."""
    return _t(
        "Aucune pièce de cette nature n’est au registre du dossier : les sources n’auront pas de référence de pièce."
    )


def lexicon_cases(entries: int, cases: int, failures: int) -> str:
    """Say how the cases of a lexicon went."""
    if failures:
        return _t(f"  lexique : {count_noun(failures, 'texte en échec', 'textes en échec')} sur {cases}")
    return _t(
        f"  lexique : {count_noun(entries, 'entrée')}, {count_noun(cases, 'texte réussi', 'textes réussis')}"
    )


def lexicon_failed(entry: str, text: str, wanted: bool) -> str:
    """Write a text that an entry did not treat as it should."""
    expected = "relevé" if wanted else "laissé"
    return f"  ÉCHEC lexique, {entry}{NBSP}: devait être {expected}\n      «{NBSP}{text}{NBSP}»"
