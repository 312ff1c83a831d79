#!/usr/bin/env bash
# Ce que le temps seul a changé : les mêmes dossiers audités à deux dates (aujourd’hui et RSAUDIT_JOURS jours plus tôt,
# 31 par défaut), puis comparés. Écrit la comparaison sur la sortie standard, dans le résumé de la tâche sur GitHub, et
# dans RSAUDIT_COMPARAISON si ce fichier est demandé. Ne bloque personne, sauf si RSAUDIT_ECHOUER vaut « oui ».
set -euo pipefail

programme=${RSAUDIT_PROGRAMME:-rsaudit}
chemin=${RSAUDIT_CHEMIN:-.}
jour=${RSAUDIT_DATE:-$(TZ=Europe/Paris date +%F)}
avant=$(date -d "$jour - ${RSAUDIT_JOURS:-31} days" +%F)
communes=(--seuil aucun --strict aucun --depuis aucun)
read -r -a referentiels <<< "${RSAUDIT_REFERENTIEL:-}"
for nom in ${referentiels[@]+"${referentiels[@]}"}; do
  communes+=(--referentiel "$nom")
done
if [[ ${RSAUDIT_DIFFUSION:-non} == oui ]]; then
  communes+=(--diffusion)
fi
travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT

# 3 : un dossier ne se lit pas ; la comparaison le dit et porte sur les autres.
for date in "$avant" "$jour"; do
  code=0
  "$programme" audit "${communes[@]}" --date "$date" --sortie "json:$travail/$date.json" -- "$chemin" || code=$?
  if [[ ($code -ne 0 && $code -ne 3) || ! -s $travail/$date.json ]]; then
    exit "$code"
  fi
done

options=(--sortie terminal:-)
if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  options+=(--sortie "markdown:$travail/resume.md")
fi
if [[ -n ${RSAUDIT_COMPARAISON:-} ]]; then
  options+=(--sortie "$RSAUDIT_COMPARAISON")
fi
if [[ ${RSAUDIT_ECHOUER:-non} == oui ]]; then
  options+=(--echouer-si-nouveau)
fi
code=0
"$programme" comparer "${options[@]}" -- "$travail/$avant.json" "$travail/$jour.json" || code=$?
if [[ -f $travail/resume.md ]]; then
  cat "$travail/resume.md" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
