// Twenty rules of the référentiel of La Réunion, said again for spectral: same ids, same findings.
// An absent value is never a finding, as in ours, where it is « non vérifiable ».
const known = (value) => value !== undefined && value !== null;
const when = (test) => (value) => (test(value) ? [{ message: 'écart' }] : []);
const rule = (given, test) => ({
  given,
  severity: 'error',
  resolved: false,
  message: '{{error}}',
  then: { function: when(test) },
});
const running = "$.contrats.contrats.lignes[?(@.statut == 'en_cours')]";
const document = (given, test) => rule(given, (value) => known(value) && test(value));

export default {
  rules: {
    'depot-maximum': rule(
      running,
      (c) =>
        known(c.depot_garantie) &&
        known(c.redevance_a_la_prise_d_effet) &&
        c.depot_garantie > c.redevance_a_la_prise_d_effet,
    ),
    'etat-des-lieux-d-entree': rule(running, (c) => c.etat_des_lieux_entree === 'aucun'),
    'reglement-signe-et-paraphe': rule(
      running,
      (c) => known(c.reglement_remis) && c.reglement_remis !== 'annexe_signe_paraphe',
    ),
    'calendrier-du-depot-etale': rule(
      running,
      (c) => c.depot_echelonne === true && c.depot_calendrier_au_contrat === false,
    ),
    'admission-d-un-etudiant': rule(running, (c) => c.etudiants > 0 && c.etudiant_motif_ecrit === false),
    'coin-nuit': rule(
      '$.batiment.logements.lignes[*]',
      (l) => known(l.couchage) && !['chambre', 'coin_nuit'].includes(l.couchage),
    ),
    'chaque-type-a-son-plafond': {
      ...rule('$', () => false),
      then: {
        function: (d) => {
          const types = new Set(d.finances.plafonds_redevance.lignes.map((p) => p.type));
          const without = d.batiment.logements.lignes.filter((l) => known(l.type) && !types.has(l.type));
          return without.map(() => ({ message: 'écart' }));
        },
      },
    },
    'absence-pour-sante-au-contrat': document(
      '$.contrats.contrat_type.absence_sante',
      (value) => value === 'resiliation_possible',
    ),
    'opposabilite-au-contrat-type': document(
      '$.contrats.contrat_type.nouveau_gestionnaire',
      (value) => value === 'nouveau_contrat',
    ),
    'reglement-annexe-au-contrat-type': document(
      '$.contrats.contrat_type.annexes.reglement_interieur',
      (value) => value === false,
    ),
    'sommes-dues-pendant-le-preavis-au-contrat': document(
      '$.contrats.contrat_type.dus_preavis_gestionnaire',
      (value) => value === 'preavis_entier',
    ),
    'recensement-si-siao': document('$.vie_sociale.siao.places_recensees', (value) => value === false),
    'alcool-dans-le-logement': document(
      '$.reglement_interieur.alcool_logement',
      (value) => !['non_limite', 'non_mentionne'].includes(value),
    ),
    'caractere-privatif-du-domicile': document(
      '$.reglement_interieur.caractere_privatif',
      (value) => value !== 'garanti',
    ),
    'expulsion-au-reglement': document(
      '$.reglement_interieur.expulsion',
      (value) => value !== 'decision_de_justice',
    ),
    'existence-de-partenariats': document('$.vie_sociale.partenariats', (value) => {
      const rows = Array.isArray(value) ? value : value.lignes;
      return known(rows) && rows.length === 0;
    }),
    'charges-au-forfait': document(
      '$.finances.mode_charges',
      (value) => !['forfait', 'non_mentionne'].includes(value),
    ),
    'espace-de-convivialite': document('$.batiment.locaux_collectifs.lignes', (value) =>
      value.every((local) => known(local.usage) && local.usage !== 'convivialite'),
    ),
    'prestations-obligatoires-fournies': rule(
      "$.finances.prestations.lignes[?(@.nature == 'obligatoire')]",
      (p) => p.prix > 0 && p.fournie === false,
    ),
    'facture-separee-des-prestations-facultatives': rule(
      "$.finances.prestations.lignes[?(@.nature == 'facultative')]",
      (p) => p.prix > 0 && known(p.facturation) && p.facturation !== 'facture_separee',
    ),
  },
};
