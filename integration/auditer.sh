#!/usr/bin/env bash
# Un audit dans une étape d’intégration continue : les réglages viennent de l’environnement (RSAUDIT_…), le code de
# retour est celui de rsaudit. Sur GitHub, annote les fichiers et complète le résumé de la tâche.
# Avec RSAUDIT_BASE (une branche ou un commit), la base de la demande de fusion est auditée à la même date, dans une
# copie de travail à part : l’étape n’échoue que sur ce que la demande ajoute ou aggrave.
set -euo pipefail

programme=${RSAUDIT_PROGRAMME:-rsaudit}
chemin=${RSAUDIT_CHEMIN:-.}
communes=()
# La date fixée par rsaudit.toml vaut des deux côtés ; sans elle et sans RSAUDIT_DATE, c’est le jour même.
if [[ -n ${RSAUDIT_DATE:-} ]] || ! grep -qs '^[[:space:]]*date[[:space:]]*=' rsaudit.toml; then
  communes+=(--date "${RSAUDIT_DATE:-$(TZ=Europe/Paris date +%F)}")
fi
read -r -a referentiels <<< "${RSAUDIT_REFERENTIEL:-}"
for nom in ${referentiels[@]+"${referentiels[@]}"}; do
  communes+=(--referentiel "$nom")
done
options=()
if [[ -n ${RSAUDIT_SEUIL:-} ]]; then
  options+=(--seuil "$RSAUDIT_SEUIL")
fi
if [[ -n ${RSAUDIT_STRICT:-} ]]; then
  options+=(--strict "$RSAUDIT_STRICT")
fi
if [[ ${RSAUDIT_DIFFUSION:-non} == oui ]]; then
  options+=(--diffusion)
fi
while IFS= read -r rapport; do
  if [[ -n $rapport ]]; then
    options+=(--sortie "$rapport")
  fi
done <<< "${RSAUDIT_RAPPORTS:-}"

travail=$(mktemp -d)
nettoyer() {
  if [[ -d $travail/base ]]; then
    git worktree remove --force "$travail/base" > /dev/null 2>&1 || true
  fi
  rm -rf "$travail"
}
trap nettoyer EXIT

# Écrit le rapport de la base dans $travail/base.json ; rien si elle n’a aucun dossier à ce chemin.
auditer_la_base() {
  local commit ancetre prefixe code=0 fichier
  if ! commit=$(git rev-parse --verify --quiet --end-of-options "$RSAUDIT_BASE^{commit}"); then
    echo "Erreur : la base « $RSAUDIT_BASE » n’est pas dans cette copie du dépôt." >&2
    echo "Récupérer l’historique entier (fetch-depth: 0 sur GitHub, GIT_DEPTH: 0 sur GitLab)." >&2
    exit 3
  fi
  ancetre=$(git merge-base "$commit" HEAD) || ancetre=$commit
  prefixe=$(git rev-parse --show-prefix)
  git worktree add --quiet --detach "$travail/base" "$ancetre"
  # Les mêmes réglages des deux côtés : ceux de la demande.
  while IFS= read -r -d '' fichier; do
    if [[ -d $travail/base/$(dirname "$fichier") ]]; then
      cp "$(git rev-parse --show-toplevel)/$fichier" "$travail/base/$fichier"
    fi
  done < <(git ls-files -z --full-name -- ':(top,glob)**/rsaudit.toml')
  if [[ ! -e $travail/base/$prefixe$chemin ]]; then
    echo "La base n’a rien à « $chemin » : tout est nouveau." >&2
    return
  fi
  (cd "$travail/base/$prefixe" && "$programme" audit ${communes[@]+"${communes[@]}"} --seuil aucun --strict aucun \
    --sans-diffusion --depuis aucun --sortie "json:$travail/base.json" -- "$chemin") || code=$?
  # 3 : un dossier de la base ne se lit pas ; les autres servent de base.
  if [[ $code -ne 0 && $code -ne 3 ]]; then
    exit "$code"
  fi
}

if [[ -n ${RSAUDIT_BASE:-} ]]; then
  auditer_la_base
  if [[ -s $travail/base.json ]]; then
    options+=(--depuis "$travail/base.json")
  fi
fi
if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  options+=(--sortie github:- --sortie "markdown:$travail/resume.md")
fi

code=0
"$programme" audit ${communes[@]+"${communes[@]}"} ${options[@]+"${options[@]}"} -- "$chemin" || code=$?
if [[ -f $travail/resume.md ]]; then
  cat "$travail/resume.md" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
