"""A report made by hand, rich enough for every format: all verdicts, gravities and kinds of measures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rsaudit.model import (
    UNRESERVED,
    VERDICT_ORDER,
    Answer,
    Block,
    Chapter,
    Control,
    DeadlineKind,
    Finding,
    Fingerprint,
    Force,
    Heading,
    InputError,
    LegalText,
    Measure,
    Missing,
    Obligation,
    Observation,
    Piece,
    Position,
    Rank,
    Report,
    RulesetSummary,
    Sample,
    Severity,
    Source,
    Summary,
    Support,
    Verdict,
    worst_key,
)

BINDING = "rs-modele"
PRACTICE = "bonnes-pratiques"
AUDIT_DATE = date(2026, 9, 30)

#: What a hostile dossier may hold in any of its texts.
HOSTILE = (
    "</td><script>alert(1)</script> ]]> & \"'` [/b][red]x[/] {{7*7}} "
    "=cmd|'/C calc'!A0 ::error::x %0A\r\n\n::warning::y\t"
    "\x1b[31mrouge\x1b[0m\x1b]8;;http://x\x07 \x00\x9b31m \u202eetxet\u2066 \u200f\u2028\ufeff "
    "| `a` <!-- --> </style><img src=x onerror=alert(1)> javascript:alert(1)"
)


def _text(article: str, *, basis: str | None = None, place: str | None = None) -> LegalText:
    return LegalText(document="Cahier des charges modèle", article=article, place=place, basis=basis)


def _finding(rule: dict[str, Any], key: str, verdict: Verdict, message: str, **given: Any) -> Finding:
    """Make a finding of a rule: `key` is the subject, with its element after a slash."""
    shared = {
        name: rule[name]
        for name in (
            "ruleset",
            "chapter",
            "rule",
            "title",
            "rank",
            "force",
            "requirements",
            "text",
            "proof",
            "remedy",
        )
    }
    shared["number"] = rule["number"] if verdict in (Verdict.ECART, Verdict.REMARQUE) else None
    shared["reserve"] = None if verdict in UNRESERVED else rule.get("reserve")
    if verdict is Verdict.ECART:
        shared["severity"] = given.pop("severity", Severity.SIGNIFICATIF)
    suffix = f"/{key}" if key else ""
    identifier = f"{rule['ruleset']}/{rule['rule']}{suffix}"
    return Finding(**{**shared, "identifier": identifier, "verdict": verdict, "message": message, **given})


def _rule(chapter: str, rule: str, title: str, article: str, **given: Any) -> dict[str, Any]:
    """Hold what a rule and its findings share."""
    return {
        "ruleset": BINDING,
        "chapter": chapter,
        "rule": rule,
        "title": title,
        "number": None,
        "rank": Rank.CAHIER_DES_CHARGES,
        "force": Force.OBLIGATION,
        "requirements": (f"RS-{article.replace(' ', '')}",),
        "text": _text(article),
        "proof": "La pièce corrigée et datée.",
        "remedy": "Corriger la pièce et la transmettre.",
        **given,
    }


def _obligation(rule: dict[str, Any], findings: list[Finding], **given: Any) -> Obligation:
    worst = min(findings, key=lambda one: worst_key(one.verdict, one.severity))
    counts = {verdict: sum(one.verdict is verdict for one in findings) for verdict in VERDICT_ORDER}
    return Obligation(
        **rule,
        verdict=worst.verdict,
        severity=worst.severity,
        counts=counts,
        findings=tuple(findings),
        **given,
    )


def _row(table: str, line: int, column: str) -> Position:
    return Position(file=table, line=line, cell=f"ligne {line}, colonne {column}")


def _surfaces() -> Obligation:
    rule = _rule(
        "bati",
        "surface-habitable-minimale",
        "Surface habitable minimale",
        "III",
        number="E-01",
        rank=Rank.REGLEMENT,
        requirements=("RS-III-12", "RS-III-13"),
        text=_text("III", basis="Arrêté modèle, annexe II", place="p. 7"),
        reserve="L’arrêté modifié admet une tolérance de 10 % plus large que celle du cahier des charges.",
        proof="Le plan coté du logement, ou l’attestation de surface.",
        remedy="Réaffecter le logement à un type dont il respecte le minimum.",
    )
    findings = []
    sizes = {"101": "22.10", "102": "17.5", "103": None, "104": "20", "105": "19.99", "106": "24.75"}
    for index, (dwelling, size) in enumerate(sizes.items()):
        place = Position(file="batiment.yaml", line=14 + 6 * index, column=9)
        path = f"batiment.logements[{dwelling}].surface_habitable"
        shared: dict[str, Any] = {"subject": f"le logement {dwelling}", "position": place, "path": path}
        if size is None:
            gap = Missing(
                path=path,
                title="Surface habitable",
                file="batiment.yaml",
                line=26,
                piece="PLAN, plan coté",
                natures=("PLAN",),
                source=Source(piece="P-01", page="4"),
            )
            message = "La surface habitable du logement 103 n’est pas renseignée."
            findings.append(
                _finding(
                    rule,
                    dwelling,
                    Verdict.NON_VERIFIABLE,
                    message,
                    missing=(gap,),
                    reason="donnée absente",
                    **shared,
                )
            )
            continue
        value = Decimal(size)
        broken = value < 20
        shared["measure"] = Measure(value=value, limit=20, direction="minimum", unit="m²", margin=value - 20)
        shared["observed"] = f"{size.replace('.', ',')}\u00a0m²"
        shared["expected"] = "au moins 20,00\u00a0m²"
        shared["support"] = Support.PIECE_CITEE
        shared["source"] = Source(piece="PLAN", page="3")
        shared["computation"] = "20,00\u00a0m² × (1 − 0\u00a0%) = 20,00\u00a0m²"
        verdict = Verdict.ECART if broken else Verdict.CONFORME
        message = f"Le logement {dwelling} (T1) mesure {shared['observed']} ; le minimum est 20,00\u00a0m²."
        if broken:
            shared["severity"] = Severity.MAJEUR
        findings.append(_finding(rule, dwelling, verdict, message, **shared))
    reading = (
        "La surface se lit avant toute tolérance lorsque le dossier ne dit pas la nature de l’opération."
    )
    return _obligation(rule, findings, figure="surfaces", piece=("PLAN",), readings=(reading,))


def _parking() -> Obligation:
    rule = _rule("bati", "stationnement", "Places de stationnement", "III-17", rank=Rank.ENGAGEMENT_LOCAL)
    granted = Answer(
        role="préfecture",
        date=date(2024, 5, 2),
        until=date(2027, 5, 1),
        authority="Préfet",
        text="Arrêté de dérogation n° 2024-118",
        comment="Terrain en pente.",
    )
    message = "Le dossier compte 4 places pour 44 logements ; le cahier des charges en demande 11."
    found = _finding(
        rule,
        "",
        Verdict.DEROGATION,
        message,
        observed="4 places",
        expected="au moins 11 places",
        measure=Measure(value=4, limit=11, direction="minimum", margin=-7),
        derogation=granted,
        support=Support.DECLARE,
        position=Position(file="batiment.yaml", line=3, column=3),
        path="batiment.places_stationnement",
    )
    return _obligation(rule, [found])


def _lifts() -> Obligation:
    rule = _rule(
        "bati",
        "accessibilite-parties-communes",
        "Accessibilité des parties communes",
        "III-20",
        proof="Une photographie datée du cheminement, de l’entrée à l’ascenseur.",
    )
    found = _finding(
        rule,
        "",
        Verdict.A_VERIFIER,
        "La pièce décrit un cheminement accessible ; seule la visite dit s’il l’est.",
        reason="point à constater sur place",
    )
    return _obligation(
        rule,
        [found],
        question="Le cheminement jusqu’à l’ascenseur est-il praticable en fauteuil ?",
        look_at="Largeur des portes, ressauts, hauteur des commandes.",
        place="hall",
    )


def _deposits() -> Obligation:
    rule = _rule(
        "contrats",
        "depot-garantie-plafond",
        "Montant du dépôt de garantie",
        "V-3",
        number="E-02",
        rank=Rank.CONVENTION,
        proof="Le contrat modifié, ou le justificatif du remboursement du trop-perçu.",
        remedy="Ramener le dépôt à un mois de redevance et rendre la différence.",
    )
    findings = []
    for index in range(1, 41):
        ref = f"C-{index:03d}"
        line = index + 1
        broken = index % 2 == 1 and index < 36
        amount = Decimal("523.40") if broken else Decimal("412.15")
        place = _row("contrats.csv", line, "depot_garantie")
        path = f"contrats.contrats[{ref}].depot_garantie"
        if index == 40:
            gap = Missing(
                path=path,
                title="Dépôt de garantie",
                file="contrats.csv",
                line=line,
                piece="CTYP, contrat type",
            )
            findings.append(
                _finding(
                    rule,
                    ref,
                    Verdict.NON_VERIFIABLE,
                    f"Le dépôt de garantie du contrat {ref} n’est pas renseigné.",
                    missing=(gap,),
                    reason="donnée absente",
                    subject=f"le contrat {ref}",
                    position=place,
                    path=path,
                )
            )
            continue
        printed = f"{str(amount).replace('.', ',')}\u00a0€"
        findings.append(
            _finding(
                rule,
                ref,
                Verdict.ECART if broken else Verdict.CONFORME,
                f"Le contrat {ref} demande un dépôt de {printed} ; "
                "le plafond est un mois de redevance, 412,15\u00a0€.",
                **({"severity": Severity.MAJEUR} if broken else {}),
                subject=f"le contrat {ref}",
                observed=printed,
                expected="au plus 412,15\u00a0€",
                measure=Measure(
                    value=amount,
                    limit=Decimal("412.15"),
                    direction="maximum",
                    unit="€",
                    margin=Decimal("412.15") - amount,
                ),
                support=Support.DECLARE,
                position=place,
                path=path,
                source=Source(piece="CTYP", page="4", clause="8"),
                other_positions=(_row("contrats.csv", line, "redevance"),),
            )
        )
    return _obligation(rule, findings, piece=("CTYP",))


def _charges() -> Obligation:
    rule = _rule(
        "contrats",
        "redevance-plafond",
        "Redevance et plafond de la convention",
        "V-1",
        rank=Rank.CONVENTION,
        proof="L’avis d’échéance du mois.",
    )
    amounts = ["398.20", "401", "412.15", "377.77", "455.00", "460.10"]
    findings = []
    for index, amount in enumerate(amounts, start=1):
        ref = f"C-{index:03d}"
        value = Decimal(amount)
        limit = Decimal("412.15") if value < 430 else Decimal("498.6")
        findings.append(
            _finding(
                rule,
                ref,
                Verdict.CONFORME,
                f"La redevance du contrat {ref} ne dépasse pas le plafond de la convention.",
                subject=f"le contrat {ref}",
                observed=f"{amount.replace('.', ',')}\u00a0€ par mois",
                expected="au plus le plafond de la convention",
                measure=Measure(
                    value=value,
                    limit=limit,
                    direction="maximum",
                    unit="€/mois",
                    margin=limit - value,
                    series="T1 LLTS" if value < 430 else "T2 LLS",
                ),
                support=Support.PIECE_CITEE,
                source=Source(piece="AVIS"),
                position=_row("contrats.csv", index + 1, "redevance"),
                path=f"contrats.contrats[{ref}].redevance",
            )
        )
    return _obligation(rule, findings, figure="redevances")


def _efforts() -> Obligation:
    rule = _rule(
        "contrats",
        "taux-effort",
        "Taux d’effort des résidents",
        "V-9",
        number="R-01",
        force=Force.RECOMMANDATION,
        proof="Le calcul du taux d’effort à l’entrée.",
        remedy="Revoir le reste à charge avec le résident.",
    )
    findings = []
    for index, (part, whole) in enumerate([(9, 43), (1, 3), (3, 10), (2, 7)], start=1):
        ref = f"C-{index:03d}"
        value = Fraction(part, whole)
        limit = Decimal("0.3")
        above = value > Fraction(3, 10)
        findings.append(
            _finding(
                rule,
                ref,
                Verdict.REMARQUE if above else Verdict.CONFORME,
                f"Le taux d’effort du contrat {ref} se compare à 30\u00a0%."
                " Ce constat n’est pas en lui-même un motif de fin du contrat.",
                subject=f"le contrat {ref}",
                observed="33,33\u00a0%" if above else "moins de 30\u00a0%",
                expected="au plus 30\u00a0%",
                measure=Measure(
                    value=value, limit=limit, direction="maximum", unit="%", margin=Fraction(3, 10) - value
                ),
                computation=f"{part * 10},00\u00a0€ ÷ {whole * 10},00\u00a0€",
                support=Support.CALCULE,
                position=_row("contrats.csv", index + 1, "ressources"),
                path=f"contrats.contrats[{ref}]",
            )
        )
    return _obligation(rule, findings, figure="efforts")


def _stays() -> Obligation:
    rule = _rule(
        "contrats", "sejour-long", "Séjours de plus de dix-huit mois", "IV-2", force=Force.INFORMATION
    )
    findings = [
        _finding(
            rule,
            ref,
            Verdict.SIGNALEMENT if stays else Verdict.NON_CONCERNE,
            f"Le séjour du contrat {ref} dépasse dix-huit mois : "
            "le gestionnaire propose un point sur la suite du parcours."
            " Ce constat n’est pas en lui-même un motif de fin du contrat."
            if stays
            else f"Le séjour du contrat {ref} n’atteint pas dix-huit mois.",
            subject=f"le contrat {ref}",
            reason=None if stays else "séjour plus court",
            support=Support.CALCULE,
            position=_row("contrats.csv", index + 1, "date_entree"),
            path=f"contrats.contrats[{ref}].date_entree",
        )
        for index, (ref, stays) in enumerate([("C-001", True), ("C-002", False), ("C-003", True)], start=1)
    ]
    return _obligation(rule, findings)


def _rules_of_the_house() -> Obligation:
    rule = _rule(
        "vie_sociale",
        "reglement-interieur-contenu",
        "Contenu du règlement intérieur",
        "VI-1",
        number="E-03",
        rank=Rank.LOI,
        text=LegalText(
            document="Code de la construction et de l’habitation", article="L. 633-2", place="alinéa 6"
        ),
        proof="Le règlement intérieur modifié et daté.",
        remedy="Compléter le règlement intérieur, après avis du conseil de concertation.",
    )
    place = Position(file="reglement_interieur.yaml", line=21, column=5)
    shared: dict[str, Any] = {
        "subject": "le règlement intérieur",
        "position": place,
        "support": Support.PIECE_CITEE,
    }
    findings = [
        _finding(
            rule,
            "visites",
            Verdict.ECART,
            "La pièce indique des horaires de visite ; "
            "cette clause est susceptible d’être réputée non écrite.",
            element="les visites",
            observed="visites de 8 h à 21 h",
            expected="visites libres",
            path="reglement_interieur.visites.regime",
            source=Source(piece="RI", page="2", clause="art. 5"),
            **shared,
        ),
        _finding(
            rule,
            "hebergement",
            Verdict.CONFORME,
            "Le règlement intérieur dit comment héberger un tiers.",
            element="l’hébergement d’un tiers",
            path="reglement_interieur.hebergement.regime",
            source=Source(piece="RI", page="2", clause="art. 6"),
            **shared,
        ),
        _finding(
            rule,
            "lieux",
            Verdict.NON_VERIFIABLE,
            "Le dossier ne dit pas si le règlement intérieur traite des lieux communs.",
            element="les lieux communs",
            path="reglement_interieur.themes.lieux_communs",
            missing=(
                Missing(
                    path="reglement_interieur.themes.lieux_communs",
                    title="Usage des lieux communs",
                    file="reglement_interieur.yaml",
                    line=12,
                    piece="RI, règlement intérieur",
                ),
            ),
            **shared,
        ),
    ]
    return _obligation(rule, findings, piece=("RI",))


def _committee() -> Obligation:
    rule = _rule("vie_sociale", "conseil-concertation", "Conseil de concertation", "VI-4", rank=Rank.LOI)
    found = _finding(
        rule,
        "",
        Verdict.NON_CONCERNE,
        "La résidence loge moins de trente résidents.",
        reason="moins de trente résidents",
    )
    return _obligation(rule, [found])


def _meeting() -> Obligation:
    rule = _rule(
        "vie_sociale",
        "reunion-annuelle",
        "Réunion annuelle des résidents",
        "VI-5",
        proof="Le compte rendu de la réunion.",
    )
    found = _finding(
        rule,
        "2026",
        Verdict.NON_CONCERNE,
        "La réunion de 2026 peut se tenir jusqu’au 31/12/2026.",
        subject="l’année 2026",
        reason="pas encore dû",
        not_yet_due=True,
        deadline=date(2026, 12, 31),
        deadline_kind=DeadlineKind.RECURRING,
    )
    past = _finding(
        rule,
        "2025",
        Verdict.CONFORME,
        "La réunion de 2025 s’est tenue.",
        subject="l’année 2025",
        deadline=date(2025, 12, 31),
        deadline_kind=DeadlineKind.ONCE,
        support=Support.DECLARE,
        position=Position(file="vie_sociale.yaml", line=9, column=3),
        path="vie_sociale.reunions[2025]",
    )
    return _obligation(rule, [past, found], figure="echeances")


def _display() -> Obligation:
    rule = _rule(
        "vie_sociale", "affichage-convention", "Affichage de la convention", "VI-7", rank=Rank.CONVENTION
    )
    seen = Answer(
        role="inspecteur",
        date=date(2026, 9, 12),
        verdict="conforme",
        comment="Vue dans le hall, à hauteur d’yeux.",
        until=date(2027, 9, 11),
        seen=2,
        total=44,
        observations=(
            Observation(dwelling="103", verdict="conforme"),
            Observation(dwelling="207", verdict="non_concerne", comment="Logement vide."),
        ),
    )
    found = _finding(
        rule,
        "",
        Verdict.CONFORME,
        "La convention est affichée dans le hall.",
        response=seen,
        support=Support.CONSTATE_SUR_PLACE,
    )
    return _obligation(
        rule,
        [found],
        question="La convention est-elle affichée ?",
        look_at="Le panneau du hall.",
        place="hall",
    )


def _yearly_letter() -> Obligation:
    rule = _rule(
        "gestion",
        "envoi-15-novembre",
        "Envoi annuel avant le 15 novembre",
        "VII-2",
        number="E-04",
        rank=Rank.CONVENTION,
        proof="L’accusé de réception de l’envoi.",
        remedy="Transmettre sans attendre le bilan de l’année et prévoir la prochaine échéance.",
    )
    late = _finding(
        rule,
        "2025",
        Verdict.ECART,
        "L’envoi de 2025 porte la date du 02/12/2025 ; il était attendu le 15/11/2025 au plus tard.",
        severity=Severity.MINEUR,
        subject="l’année 2025",
        observed="02/12/2025",
        expected="au plus tard le 15/11/2025",
        measure=Measure(value=date(2025, 12, 2), limit=date(2025, 11, 15), direction="maximum", margin=-17),
        deadline=date(2025, 11, 15),
        deadline_kind=DeadlineKind.ONCE,
        support=Support.PIECE_CITEE,
        position=Position(file="finances.yaml", line=31, column=5),
        path="finances.envois[2025].date",
        source=Source(piece="ENVOI", page="1"),
    )
    return _obligation(rule, [late], figure="echeances")


def _approval() -> Obligation:
    rule = _rule("gestion", "agrement-validite", "Validité de l’agrément", "VII-1", rank=Rank.LOI)
    kept = _finding(
        rule,
        "",
        Verdict.CONFORME,
        "L’agrément court jusqu’au 01/03/2028.",
        measure=Measure(value=AUDIT_DATE, limit=date(2028, 3, 1), direction="maximum", margin=518),
        deadline=date(2028, 3, 1),
        deadline_kind=DeadlineKind.END,
        observed="agrément du 01/03/2023",
        expected="en vigueur au 30/09/2026",
        support=Support.PIECE_CITEE,
        position=Position(file="residence.yaml", line=12, column=3),
        path="residence.agrement.date",
        source=Source(piece="AGR", page="1"),
    )
    return _obligation(rule, [kept], figure="echeances")


def _accounts() -> Obligation:
    rule = _rule("gestion", "compte-activite", "Compte rendu d’activité", "VII-4")
    gap = Missing(
        path="finances.compte_rendu.date",
        title="Date du compte rendu d’activité",
        file="finances.yaml",
        line=1,
        piece="CRA, compte rendu d’activité",
        reason="la date d’état précède l’échéance",
    )
    found = _finding(
        rule,
        "",
        Verdict.NON_VERIFIABLE,
        "Le dossier ne dit pas quand le compte rendu d’activité a été envoyé.",
        missing=(gap,),
        reason="donnée absente",
        position=Position(file="finances.yaml", line=1),
        path="finances.compte_rendu",
    )
    return _obligation(rule, [found], piece=("CRA",))


def _welcome() -> Obligation:
    rule = _rule(
        "accueil",
        "livret-accueil",
        "Livret d’accueil",
        "Fiche 2",
        ruleset=PRACTICE,
        number="R-02",
        rank=Rank.BONNE_PRATIQUE,
        force=Force.RECOMMANDATION,
        text=LegalText(document="Guide des bonnes pratiques", article="fiche 2"),
        proof="Le livret d’accueil.",
        remedy="Écrire un livret et le remettre à l’entrée.",
    )
    found = _finding(
        rule,
        "",
        Verdict.REMARQUE,
        "La pièce indique « <b>livret</b> à venir » & rien d’autre [red]",
        observed="absent",
        expected="un livret remis à l’entrée",
        support=Support.DECLARE,
        position=Position(file="vie_sociale.yaml", line=2, column=1),
        path="vie_sociale.livret",
    )
    return _obligation(rule, [found])


def summarise(obligations: tuple[Obligation, ...]) -> Summary:
    """Count by obligation and by finding."""
    findings = [one for row in obligations for one in row.findings]
    return Summary(
        obligations={
            verdict: sum(row.verdict is verdict for row in obligations) for verdict in VERDICT_ORDER
        },
        findings={verdict: sum(row.counts[verdict] for row in obligations) for verdict in VERDICT_ORDER},
        breaches={severity: sum(row.severity is severity for row in obligations) for severity in Severity},
        declared_only=sum(
            one.verdict is Verdict.CONFORME and one.support is Support.DECLARE for one in findings
        ),
        not_yet_due=sum(one.not_yet_due for one in findings),
    )


def sample_report() -> Report:
    """Return the report shared by the tests of all formats."""
    obligations = (
        _surfaces(),
        _parking(),
        _lifts(),
        _deposits(),
        _charges(),
        _efforts(),
        _stays(),
        _rules_of_the_house(),
        _committee(),
        _meeting(),
        _display(),
        _yearly_letter(),
        _approval(),
        _accounts(),
        _welcome(),
    )
    return Report(
        version="1",
        tool="rsaudit 0.1.0",
        dossier="Résidence Les Filaos <test>",
        path="dossiers/filaos",
        state_date=date(2026, 9, 1),
        audit_date=AUDIT_DATE,
        options={
            "date": "2026-09-30",
            "referentiel": [BINDING, PRACTICE],
            "seuil": "mineur",
            "strict": None,
            "exiger_pieces": False,
        },
        control=Control(),
        rulesets=(
            RulesetSummary(
                id=BINDING,
                title="Résidences sociales, cahier des charges modèle",
                version="2024.1",
                date=date(2024, 5, 6),
                scope="Les résidences sociales du territoire modèle.",
                binding=True,
                chapters=(
                    Chapter(id="bati", title="Bâti et logements"),
                    Chapter(id="contrats", title="Contrats et redevances"),
                    Chapter(id="vie_sociale", title="Vie sociale et règlement intérieur"),
                    Chapter(id="gestion", title="Gestion et transmissions"),
                ),
                requirement_count=61,
            ),
            RulesetSummary(
                id=PRACTICE,
                title="Guide des bonnes pratiques",
                version="2019.2",
                date=date(2019, 12, 1),
                scope="Toutes les résidences sociales, à titre de conseil.",
                binding=False,
                chapters=(Chapter(id="accueil", title="Accueil des résidents"),),
                requirement_count=9,
            ),
            RulesetSummary(
                id="pensions-de-famille",
                title="Pensions de famille",
                version="2023.1",
                date=date(2023, 1, 1),
                scope="Les pensions de famille.",
                binding=True,
                out_of_scope="La résidence est une résidence sociale classique : "
                "ce référentiel ne s’applique pas.",
            ),
        ),
        fingerprints=(
            Fingerprint(file="residence.yaml", sha256="0" * 64, role="dossier"),
            Fingerprint(file="contrats.csv", sha256="1f" * 32, role="table"),
            Fingerprint(file="../communs/reglement.yaml", sha256="ab" * 32, role="commun"),
            Fingerprint(file="rs-modele/referentiel.yaml", sha256="cd" * 32, role="referentiel"),
        ),
        blocks=(Block(path="contrats.contrats", sha256="2e" * 32),),
        errors=(
            InputError(
                code="reponse-expiree",
                message="La réponse au point « affichage-tarifs » a expiré le 31/08/2026 ; elle est ignorée.",
                file="reponses.yaml",
                line=12,
                column=5,
                severity="avertissement",
            ),
        ),
        notices=("Une réponse à la règle automatique « depot-garantie-plafond » est ignorée.",),
        headings=(
            Heading(label="Nom de la résidence", value="Résidence Les Filaos <test>"),
            Heading(label="Gestionnaire", value="Association Modèle"),
            Heading(label="Convention APL", value="n° 974-2019-12, signée le 04/02/2019"),
            Heading(label="Agrément", value="du 01/03/2023, jusqu’au 01/03/2028"),
            Heading(label="Logements", value="44"),
            Heading(label="Résidents", value="non renseigné"),
        ),
        samples=(
            Sample(path="contrats.contrats", title="contrats", examined=40, total=44),
            Sample(path="batiment.logements", title="logements", examined=6, total=None),
        ),
        pieces=(
            Piece(
                ref="P-01", nature="PLAN", title="Plans cotés", legibility="partielle", illegible_pages=(4,)
            ),
            Piece(ref="P-02", nature="CAPL", title="Convention", date=date(2019, 2, 4), version="2"),
        ),
        summary=summarise(obligations),
        obligations=obligations,
        example_notice="Exemple inventé pour les essais : il ne dit rien d’une résidence réelle.",
    )


def controlled_report() -> Report:
    """Return the sample in the frame of a State control."""
    control = Control(
        frame="controle",
        authority="DEETS du territoire modèle",
        ground="Convention APL, article 19",
        letter="Lettre de mission n° 12 du 01/06/2026",
        period_start=date(2025, 1, 1),
        period_end=date(2026, 6, 30),
        visit=date(2026, 9, 12),
        status="provisoire",
    )
    return replace(sample_report(), control=control)


def clean_report() -> Report:
    """Return a report where everything is conforme or does not concern the residence."""
    kept = tuple(
        row for row in sample_report().obligations if row.verdict in (Verdict.CONFORME, Verdict.NON_CONCERNE)
    )
    return replace(sample_report(), obligations=kept, summary=summarise(kept), errors=(), notices=())


def invalid_report() -> Report:
    """Return the report of a dossier that could not be judged."""
    error = InputError(
        code="type",
        message="« depot_garantie » attend un montant en euros.",
        file="contrats.csv",
        line=3,
        column=14,
        cell="ligne 3, colonne depot_garantie",
        found="un texte de 12 caractères",
        expected="un nombre, par exemple 412,15",
    )
    worse = InputError(
        code="syntaxe", message="Une tabulation ne peut pas ouvrir une ligne.", file="batiment.yaml"
    )
    return replace(
        sample_report(), errors=(error, worse), obligations=(), summary=summarise(()), headings=(), samples=()
    )


def large_report(contracts: int = 400) -> Report:
    """Return the sample with its rules on contracts stretched to that many contracts."""
    stretched = []
    for row in sample_report().obligations:
        if row.chapter != "contrats":
            stretched.append(row)
            continue
        findings = []
        for index in range(contracts):
            model = row.findings[index % len(row.findings)]
            ref = f"C-{index + 1:04d}"
            key = model.identifier.rsplit("/", 1)[1]
            findings.append(
                replace(
                    model,
                    identifier=model.identifier.replace(key, ref),
                    subject=f"le contrat {ref}",
                    message=model.message.replace(key, ref),
                    path=(model.path or "").replace(key, ref),
                    position=_row("contrats.csv", index + 2, "depot_garantie"),
                )
            )
        counts = {verdict: sum(one.verdict is verdict for one in findings) for verdict in VERDICT_ORDER}
        stretched.append(replace(row, findings=tuple(findings), counts=counts))
    return replace(sample_report(), obligations=tuple(stretched), summary=summarise(tuple(stretched)))


#: Fields that the program itself writes, never the dossier: ids, keys of closed lists, hashes.
_OURS = {
    "version",
    "tool",
    "options",
    "sha256",
    "ruleset",
    "chapter",
    "rule",
    "id",
    "direction",
    "unit",
    "figure",
}
_OURS |= {"place", "frame", "status", "number", "identifier", "severity", "code", "requirements"}


def _poison(value: Any, name: str = "") -> Any:
    if name in _OURS or isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return f"{HOSTILE} {value}"
    if isinstance(value, tuple):
        return tuple(_poison(item, name) for item in value)
    if isinstance(value, Struct):
        return replace(
            value, **{name: _poison(getattr(value, name), name) for name in value.__struct_fields__}
        )
    return value


def hostile_report() -> Report:
    """Return the sample with hostile text in every field that a dossier or a référentiel may fill."""
    poisoned: Report = _poison(sample_report())
    return poisoned
