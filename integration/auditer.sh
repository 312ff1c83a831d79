#!/usr/bin/env bash
# Un audit dans une étape d’intégration continue : les réglages viennent de l’environnement (RSAUDIT_…), le code de
# retour est celui de rsaudit. Sur GitHub, annote les fichiers et complète le résumé de la tâche.
set -euo pipefail

jour=${RSAUDIT_DATE:-$(TZ=Europe/Paris date +%F)}
options=(--date "$jour" --seuil "${RSAUDIT_SEUIL:-mineur}")
if [[ -n ${RSAUDIT_STRICT:-} ]]; then
  options+=(--strict "$RSAUDIT_STRICT")
fi
if [[ ${RSAUDIT_DIFFUSION:-non} == oui ]]; then
  options+=(--diffusion)
fi
read -r -a referentiels <<< "${RSAUDIT_REFERENTIEL:-}"
for nom in ${referentiels[@]+"${referentiels[@]}"}; do
  options+=(--referentiel "$nom")
done
while IFS= read -r rapport; do
  if [[ -n $rapport ]]; then
    options+=(--sortie "$rapport")
  fi
done <<< "${RSAUDIT_RAPPORTS:-}"

resume=
if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  resume=$(mktemp)
  trap 'rm -f "$resume"' EXIT
  options+=(--sortie github:- --sortie "markdown:$resume")
fi

code=0
"${RSAUDIT_PROGRAMME:-rsaudit}" audit "${options[@]}" -- "${RSAUDIT_CHEMIN:-.}" || code=$?
if [[ -n $resume ]]; then
  cat "$resume" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
