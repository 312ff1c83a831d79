"""The words of the program: verdicts, positions, findings, reports. Data only; imports nothing of ours."""

from __future__ import annotations

# The types of the fields are read back at run time, to rebuild a report from JSON.
import datetime  # noqa: TC003
from collections.abc import Iterable  # noqa: TC003
from datetime import date  # noqa: TC003
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction

from msgspec import Struct, field

Number = int | Decimal | Fraction


class Verdict(StrEnum):
    """What is concluded about one subject, from the French key used in every machine format."""

    CONFORME = "conforme"
    ECART = "ecart"
    REMARQUE = "remarque"
    NON_VERIFIABLE = "non_verifiable"
    A_VERIFIER = "a_verifier"
    NON_CONCERNE = "non_concerne"
    DEROGATION = "derogation"
    SIGNALEMENT = "signalement"


class Severity(StrEnum):
    """How grave an écart is: a right of the resident, an organisation that is due, a form or a delay."""

    MAJEUR = "majeur"
    SIGNIFICATIF = "significatif"
    MINEUR = "mineur"


class Force(StrEnum):
    """What a rule's failure means: an écart, a remarque, or never a breach."""

    OBLIGATION = "obligation"
    RECOMMANDATION = "recommandation"
    INFORMATION = "information"


class Rank(StrEnum):
    """The rank of the text a rule rests on, from the law down to good practice."""

    LOI = "loi"
    REGLEMENT = "reglement"
    CONVENTION = "convention"
    CAHIER_DES_CHARGES = "cahier_des_charges"
    ENGAGEMENT_LOCAL = "engagement_local"
    BONNE_PRATIQUE = "bonne_pratique"


class DeadlineKind(StrEnum):
    """What a deadline is (`echeance_nature`): an act to do once, one that comes back, the end of a validity."""

    ONCE = "acte"
    RECURRING = "retour"
    END = "fin"


class Support(StrEnum):
    """What a finding rests on (`appui`)."""

    PIECE_CITEE = "piece_citee"
    DECLARE = "declare"
    CALCULE = "calcule"
    CONSTATE_SUR_PLACE = "constate_sur_place"


#: Worst first; within ECART, by gravity (see `worst_key`).
VERDICT_ORDER: tuple[Verdict, ...] = (
    Verdict.ECART,
    Verdict.REMARQUE,
    Verdict.NON_VERIFIABLE,
    Verdict.A_VERIFIER,
    Verdict.DEROGATION,
    Verdict.SIGNALEMENT,
    Verdict.CONFORME,
    Verdict.NON_CONCERNE,
)
#: Verdicts beside which no conflicting norm is told.
UNRESERVED = frozenset({Verdict.CONFORME, Verdict.NON_CONCERNE, Verdict.SIGNALEMENT})
SEVERITY_ORDER: tuple[Severity, ...] = (Severity.MAJEUR, Severity.SIGNIFICATIF, Severity.MINEUR)


class Position(Struct, frozen=True, kw_only=True):
    """Where a datum is written.

    Lines and columns count from 1; `cell` is « feuille Contrats, cellule F12 » or « ligne 12, colonne x » in a table.
    """

    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None


class Correction(Struct, frozen=True):
    """What to type instead of something refused, when it is certain: never a guess."""

    text: str
    """As it is typed in YAML, quotes included."""
    of_key: bool = False
    """It replaces the key, not its value."""


class InputError(Struct, frozen=True, kw_only=True):
    """One thing wrong with an input: data with a position, never an exception. Texts are French."""

    code: str
    """Stable kebab-case name of the kind of error."""
    message: str
    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None
    found: str | None = None
    expected: str | None = None
    severity: str = "erreur"
    """`erreur` (the dossier is not judged) or `avertissement` (told, and judged all the same)."""
    correction: Correction | None = None


class Source(Struct, frozen=True, kw_only=True):
    """What the dossier cites for a fact."""

    piece: str | None = None
    page: str | None = None
    clause: str | None = None


class Piece(Struct, frozen=True, kw_only=True):
    """A document of the register of pieces."""

    ref: str
    nature: str | None = None
    """Code of its kind."""
    title: str | None = None
    date: datetime.date | None = None
    version: str | None = None
    received: datetime.date | None = None
    legibility: str | None = None
    """`complete`, `partielle` or `illisible`; unknown when the register does not say."""
    illegible_pages: tuple[int, ...] = ()


class Missing(Struct, frozen=True, kw_only=True):
    """A datum that would decide a finding, placed at its nearest existing parent."""

    path: str
    title: str
    """French label of the field, from its schema."""
    file: str | None = None
    line: int | None = None
    piece: str | None = None
    """Kind of piece where one finds it (« CTYP, contrat type »)."""
    reason: str | None = None
    """Why it is not known when it is not simply absent (hors barème, texte non en vigueur…)."""
    natures: tuple[str, ...] = ()
    """Codes of the kinds of pieces where one finds it; empty when no piece would tell."""
    source: Source | None = None
    """What the dossier cites for what surrounds the datum."""
    silent: bool = False
    """The document was read, and says nothing of it."""


class LegalText(Struct, frozen=True, kw_only=True):
    """The text a rule rests on, as printed."""

    document: str
    article: str | None = None
    place: str | None = None
    basis: str | None = None
    """National text behind a local one (`fondement`)."""


class Measure(Struct, frozen=True, kw_only=True):
    """A value compared with a limit. `value` and `limit` are exact; `unit` as in the schemas."""

    value: Number | date
    limit: Number | date
    direction: str
    """`maximum`, `minimum` or `egal`."""
    unit: str | None = None
    margin: Number | None = None
    """limit − value for a maximum, value − limit for a minimum; days for dates. Negative when broken."""
    series: str | None = None
    """What gathers it with others in a drawing (« T1, LLTS »)."""


class Observation(Struct, frozen=True, kw_only=True):
    """What was seen in one dwelling of a sample."""

    dwelling: str
    verdict: str
    comment: str | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What a person said of a point (`reponses.yaml`), or the derogation that covers an écart."""

    role: str | None = None
    date: datetime.date | None = None
    verdict: str | None = None
    comment: str | None = None
    until: datetime.date | None = None
    authority: str | None = None
    text: str | None = None
    seen: int | None = None
    """How many dwellings were seen, of `total`."""
    total: int | None = None
    observations: tuple[Observation, ...] = ()
    """What was seen in each, when it was noted."""
    decides: bool = True
    """False for what the manager wrote in a control: shown, and without effect."""


class Finding(Struct, frozen=True, kw_only=True):
    """One constat: a rule, a subject, a verdict, and all that is needed to defend or contest it."""

    identifier: str
    """référentiel/rule/subject[/element]: stable between runs, never an index."""
    number: str | None = None
    """E-01, R-01…: rank in the report."""
    ruleset: str
    chapter: str
    rule: str
    title: str
    rank: Rank
    force: Force
    requirements: tuple[str, ...]
    verdict: Verdict
    severity: Severity | None = None
    subject: str | None = None
    """French name of the subject (« le contrat C-003 »)."""
    element: str | None = None
    """French name of the element of a required list."""
    message: str
    observed: str | None = None
    expected: str | None = None
    measure: Measure | None = None
    computation: str | None = None
    """How the measure is computed, in figures, when it is more than a field."""
    reason: str | None = None
    """Why the rule does not apply, or why nothing can be decided."""
    not_yet_due: bool = False
    reserve: str | None = None
    deadline: date | None = None
    """The day it is due at the latest; of what recurs, the next one."""
    deadline_kind: DeadlineKind | None = None
    last_due: date | None = None
    """Of what recurs, the last day that has passed, on which the verdict bears."""
    support: Support | None = None
    missing: tuple[Missing, ...] = ()
    position: Position | None = None
    path: str | None = None
    source: Source | None = None
    other_positions: tuple[Position, ...] = ()
    text: LegalText
    proof: str
    remedy: str
    derogation: Answer | None = None
    response: Answer | None = None
    hidden: bool = False
    """Left out of the lists: no worse than in the report given with `--depuis`."""


class Passes(Struct, frozen=True, kw_only=True):
    """The subjects on which a rule concludes the same with nothing to settle, told together: only named (`Keep.NAMED`)."""

    verdict: Verdict
    """`conforme` or `non_concerne`."""
    element: str | None
    """French name of the element of a required list."""
    subjects: tuple[str, ...]
    """French name of each subject, in the order of the dossier."""
    keys: tuple[str, ...]
    """What stands for each of them in the identifier of its constat."""
    reasons: tuple[str, ...]
    """The different reasons why the rule does not apply to them."""


class Obligation(Struct, frozen=True, kw_only=True):
    """One rule as a row of the report: its worst verdict and the findings kept, passes counted even when not kept."""

    ruleset: str
    chapter: str
    rule: str
    title: str
    number: str | None
    rank: Rank
    force: Force
    requirements: tuple[str, ...]
    text: LegalText
    verdict: Verdict
    severity: Severity | None
    counts: dict[Verdict, int]
    findings: tuple[Finding, ...]
    passes: tuple[Passes, ...] = ()
    """Those of its constats that are only named, none of which is among its findings."""
    proof: str
    remedy: str
    reserve: str | None = None
    """Reserve of all the findings that may carry one; each has its own otherwise."""
    question: str | None = None
    """Manual points: what to ask."""
    look_at: str | None = None
    place: str | None = None
    """Manual points: where on the visit (exterieur, hall, parties_communes, bureau, logement, entretiens)."""
    figure: str | None = None
    piece: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    """Texts of the readings (`lectures`) the rule relies on."""
    reads: tuple[str, ...] = ()
    """Blocks of the dossier (`Block.path`) that the rule reads, through derived facts too."""
    subjects: int | None = None
    """How many subjects were judged, when the passes of some are only counted."""


class Chapter(Struct, frozen=True, kw_only=True):
    """A chapter of a référentiel, in reading order."""

    id: str
    title: str


class ProfileReference(Struct, frozen=True, kw_only=True):
    """A value of another text's list, beside which a profile is read."""

    id: str
    title: str


class ProfilePlace(Struct, frozen=True, kw_only=True):
    """What a rule, or one of its elements, shows in a profile; its state is the verdict of its constats."""

    rule: str
    element: str | None
    """Key of the element: the last part of the constat's identifier; `None` for the whole rule."""
    role: str
    """`presence` (something exists, is missing, is unknown), `couverture` (each constat's measure is the share
    covered of the thing of the same key in the same part) or `maniere` (a way of doing, without share)."""
    references: tuple[str, ...] = ()


class ProfilePart(Struct, frozen=True, kw_only=True):
    """A chapter as a part of a profile: an axis, a form or a landmark, with its places in reading order."""

    chapter: str
    kind: str
    """`axe`, `forme` or `repere`."""
    places: tuple[ProfilePlace, ...]


class Profile(Struct, frozen=True, kw_only=True):
    """What a good-practice référentiel draws instead of écarts."""

    title: str
    references_title: str | None = None
    references: tuple[ProfileReference, ...] = ()
    parts: tuple[ProfilePart, ...] = ()


class RulesetSummary(Struct, frozen=True, kw_only=True):
    """A référentiel as a report names it."""

    id: str
    title: str
    version: str
    date: date
    scope: str
    """Its field, in one French sentence."""
    binding: bool
    """False for good practice: a part of its own in the report."""
    out_of_scope: str | None = None
    """Why it does not apply to this residence; then none of its rules was run."""
    chapters: tuple[Chapter, ...] = ()
    requirement_count: int = 0
    parent: str | None = None
    """The référentiel it extends."""
    profile: Profile | None = None
    """How its constats are drawn together; `None` for a référentiel without profile."""


class Fingerprint(Struct, frozen=True, kw_only=True):
    """An input of the audit, named relatively and hashed."""

    file: str
    sha256: str
    role: str
    """dossier, table, commun, reponses, derogations, controle, referentiel, depuis."""


class Block(Struct, frozen=True, kw_only=True):
    """What one key of a section holds once read (tables, common blocks, inheritance included), hashed."""

    path: str
    """section.key."""
    sha256: str


class Masked(Struct, frozen=True, kw_only=True):
    """An obligation with constats left out of the lists because an earlier report already told them."""

    ruleset: str
    rule: str
    number: str | None
    title: str
    verdict: Verdict
    severity: Severity | None
    count: int
    """Constats left out."""
    whole: bool
    """Nothing of the obligation is left to tell."""


class Stale(Struct, frozen=True, kw_only=True):
    """A constat of the earlier report that the present one no longer makes."""

    identifier: str
    number: str | None
    title: str
    subject: str | None
    before: Verdict
    now: Verdict | None
    """`None` when the constat is not in the present report at all."""


class Retired(Struct, frozen=True, kw_only=True):
    """A number once given to an obligation that has none now: it is given to no other."""

    rule: str
    """référentiel/rule."""
    number: str


class Since(Struct, frozen=True, kw_only=True):
    """The earlier report given with `--depuis`, and what it changes in this one."""

    audit_date: date | None
    """`None` when the file holds no report of this dossier: everything is then new."""
    tool: str | None
    masked: tuple[Masked, ...] = ()
    stale: tuple[Stale, ...] = ()
    retired: tuple[Retired, ...] = ()


class Heading(Struct, frozen=True, kw_only=True):
    """A line of the identity block of page one, drawn from `referentiel.yaml` headings (label, printed value)."""

    label: str
    value: str


class Sample(Struct, frozen=True, kw_only=True):
    """A table that shows only part of what exists (« 10 contrats examinés sur 40 »)."""

    path: str
    title: str
    examined: int
    total: int | None


class Control(Struct, frozen=True, kw_only=True):
    """The frame of the audit (`controle.yaml`); an auto-contrôle by default."""

    frame: str = "autocontrole"
    """`autocontrole` or `controle`."""
    authority: str | None = None
    ground: str | None = None
    letter: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    visit: date | None = None
    status: str | None = None
    """`provisoire` or `definitif`."""


class Summary(Struct, frozen=True, kw_only=True):
    """The two counts, never mixed, each adding up to its total."""

    obligations: dict[Verdict, int]
    findings: dict[Verdict, int]
    breaches: dict[Severity, int]
    """Obligations in écart, by gravity."""
    declared_only: int | None
    """Findings « conforme » that rest on no cited piece; `None` when nobody asked (below `Keep.REPORTED`)."""
    not_yet_due: int
    """Findings `non_concerne` because they are not due yet."""


class Report(Struct, frozen=True, kw_only=True):
    """One audit of one dossier: what every format is drawn from."""

    version: str
    """Version of the JSON report format."""
    tool: str
    dossier: str
    """Name of the residence, or of its folder when it has none."""
    path: str
    """Relative path of the dossier as given."""
    state_date: date | None
    """`residence.date_etat`: the day the facts were taken."""
    audit_date: date
    options: dict[str, str | bool | list[str] | None]
    control: Control
    rulesets: tuple[RulesetSummary, ...]
    fingerprints: tuple[Fingerprint, ...]
    blocks: tuple[Block, ...] = ()
    errors: tuple[InputError, ...]
    notices: tuple[str, ...] = ()
    """Things told once: answers ignored, derogations expired, incoherences of the dossier…"""
    headings: tuple[Heading, ...] = ()
    samples: tuple[Sample, ...] = ()
    pieces: tuple[Piece, ...] = ()
    """The register of pieces of the dossier."""
    summary: Summary
    obligations: tuple[Obligation, ...]
    example_notice: str | None = None
    """A sentence the dossier itself wants on page one (`residence.avertissement`)."""
    since: Since | None = None
    """What is followed from an earlier report, with `--depuis`."""

    @property
    def valid(self) -> bool:
        """Say whether the dossier could be judged."""
        return not any(error.severity == "erreur" for error in self.errors)


def worst_key(verdict: Verdict, severity: Severity | None) -> tuple[int, int]:
    """Return a sort key: the smaller, the worse."""
    return _WORST[verdict], _GRAVEST[severity]


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts."""
    return min(verdicts, key=_WORST.__getitem__)


_WORST = {verdict: rank for rank, verdict in enumerate(VERDICT_ORDER)}
_GRAVEST: dict[Severity | None, int] = {
    **{severity: rank for rank, severity in enumerate(SEVERITY_ORDER)},
    None: len(SEVERITY_ORDER),
}


def shared_reserve(findings: Iterable[Finding]) -> str | None:
    """Return the reserve of some findings when all those that may carry one have the same."""
    told = {one.reserve for one in findings if one.verdict not in UNRESERVED}
    return told.pop() if len(told) == 1 else None


def awaited(finding: Finding) -> bool:
    """Say whether its deadline is still to come: an act once done is awaited no more, what applies to nobody never."""
    if finding.verdict is Verdict.NON_CONCERNE:
        # Without a reason, the rule applies and only has nothing to say yet.
        return finding.not_yet_due or (finding.reason is None and finding.response is None)
    return finding.verdict is not Verdict.CONFORME or finding.deadline_kind is not DeadlineKind.ONCE


class Keep(IntEnum):
    """The constats built as objects; the others are only counted. Verdicts and their counts never depend on it."""

    BREACHES = 0
    """Écarts, remarques, derogations, and what has a deadline to come, of which only the verdict, the gravity and the days
    are told: what a line on a dossier is made of. Where a block is shared by several dossiers, they have their words and
    places too. The head of the report is left out, and what passes rest on is not looked at."""
    WORDED = 1
    """The same with their words and places: what a line that may be communicated is made of."""
    UNSETTLED = 2
    """Écarts, remarques, derogations, what could not be verified and what a human must judge, with their words and places:
    what a change of files is annotated with. What passes rest on is not looked at."""
    REPORTED = 3
    """All but the passes of subjects, save those that have a deadline to come: what a terminal lists."""
    NAMED = 4
    """All, but the passes of subjects only named: together, or one by one where they have a day or where a drawing shows
    their measures, without their words and places. What a page lists."""
    EVERYTHING = 5


class RenderOptions(Struct, frozen=True, kw_only=True):
    """What a format may be asked: everything else is in the report."""

    show_passes: bool = False
    """`--tout`: list the passes."""
    colour: bool = False
    width: int | None = None
    """Terminal columns; `None` means never wrap."""
    public: bool = False
    """`--diffusion`: no dwelling or contract line, no individual amount."""
    extra: dict[str, str] = field(default_factory=dict)
