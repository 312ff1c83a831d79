#!/usr/bin/env bash
# Installe ce que demandent les essais complets et qui n’est pas en Python : LibreOffice, le schéma officiel SARIF ; et
# un lecteur JUnit. Ce qui est déjà là n’est pas repris.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v soffice > /dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libreoffice-calc libreoffice-writer > /dev/null
fi

# Tous d’un coup : sans fichier package.json, npm retirerait ce qu’un appel précédent a posé.
modules=(@microsoft/jest-sarif@1.0.0-beta.0)
for module in "${modules[@]}"; do
  if [[ ! -d node_modules/${module%@*} ]]; then
    npm install --prefix . --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --silent "${modules[@]}"
    break
  fi
done

.venv/bin/python -m pip install --quiet junitparser==5.0.3
