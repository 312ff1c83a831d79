#!/usr/bin/env bash
# Refait les références des exemples ; à relire à l'œil avant de les garder.
cd "$(dirname "$0")/../.."
programme=${1:-.venv/bin/rsaudit}
for exemple in benjoin benjoin-fautif petite-residence.yaml foyer-soleil identite-seule.yaml invalide epicea; do
    "$programme" audit "examples/$exemple" --date 2026-09-30 >"tests/golden/exemples/$(basename "$exemple" .yaml).txt" 2>/dev/null
done
