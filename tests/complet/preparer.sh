#!/usr/bin/env bash
# Installe ce que demandent les essais complets et qui n’est pas en Python : un navigateur, LibreOffice, de quoi lire un
# PDF, une police ; les modules de package.json (navigateur piloté, accessibilité, schéma officiel SARIF) ; un lecteur
# JUnit, un lecteur d’agendas et pre-commit. Ce qui est déjà là n’est pas repris.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Commande qui prouve la présence, puis paquet Debian.
paquets=()
present() { command -v "$1" > /dev/null; }
present chromium || present chromium-browser || paquets+=(chromium)
present soffice || present libreoffice || paquets+=(libreoffice-calc libreoffice-writer)
{ present pdftotext && present pdfinfo; } || paquets+=(poppler-utils)
{ present fc-list && fc-list | grep -qi dejavu; } || compgen -G '/usr/share/fonts/truetype/dejavu/*.ttf' > /dev/null \
  || paquets+=(fonts-dejavu)
{ present node && present npm; } || paquets+=(nodejs npm)

if (( ${#paquets[@]} )); then
  if ! present apt-get; then
    echo "Il manque : ${paquets[*]} (noms Debian). Installez-les avec votre gestionnaire de paquets, puis relancez." >&2
    exit 1
  fi
  if (( EUID != 0 )); then
    echo "Il manque : ${paquets[*]}. Installez-les, puis relancez :" >&2
    echo "  sudo apt-get update && sudo apt-get install ${paquets[*]}" >&2
    exit 1
  fi
  echo "Installation de : ${paquets[*]}"
  installer() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${paquets[@]}" > /dev/null; }
  # La liste des paquets peut manquer (image neuve) ou dater : elle n’est refaite que si l’installation échoue.
  if ! installer 2> /dev/null; then
    apt-get update -qq
    if ! installer; then
      echo "L’installation a échoué. Il manque toujours : ${paquets[*]}." >&2
      exit 1
    fi
  fi
fi

# Posé à la première fois, et refait quand package.json a changé.
if [[ ! -e node_modules/.pret || package.json -nt node_modules/.pret ]]; then
  if ! npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent; then
    echo "npm n’a pas pu installer les modules de package.json : vérifiez l’accès au registre npm." >&2
    exit 1
  fi
  touch node_modules/.pret
fi

.venv/bin/python -m pip install --quiet junitparser==5.0.3 icalendar==7.3.2 pre-commit==4.7.0
