#!/usr/bin/env bash
# Refait les images de la documentation, d’après les commandes de ses pages : il faut chromium, LibreOffice et pdftoppm
# (tests/complet/preparer.sh les installe).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec "${PYTHON:-.venv/bin/python}" docs/images/refaire.py
