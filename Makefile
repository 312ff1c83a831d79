# Prépare, essaie, éprouve. `make` seul rappelle ce qui existe.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PRET := $(VENV)/.pret

# The program starts hundreds of times in the tests: its modules are compiled once, whatever the machine says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: bench portable aide demo test test-complet solidite lint types imports wheel traductions propre
aide:
	@echo "make demo          prépare tout et audite une résidence d’exemple"
	@echo "make test          prépare tout et passe les tests (Python seul)"
	@echo "make bench         mesure le programme à côté de ses pairs (docs/performances.md)"
	@echo "make test-complet  ajoute navigateur, LibreOffice et validateurs extérieurs"
	@echo "make portable      prépare un dossier pour Windows, sans installation"
	@echo "make solidite      campagnes longues : chacune imprime ses chiffres (docs/solidite.md)"
	@echo "make lint types imports   contrôles du code"

$(PRET): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	@touch $(PRET)

demo: $(PRET)
	@$(BIN)/rsaudit audit examples/benjoin-fautif --date 2026-09-30 --seuil aucun -o - -o rapport.html

test: $(PRET)
	$(BIN)/python -m pytest -n auto -q

test-complet: $(PRET) test
	bash tests/complet/preparer.sh
	$(BIN)/python -m pytest -q tests/complet

solidite: $(PRET)
	$(BIN)/python -m solidite $(CAMPAGNES)

lint: $(PRET)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(PRET)
	$(BIN)/mypy

imports: $(PRET)
	$(BIN)/lint-imports

wheel: $(PRET)
	rm -rf dist
	PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m build --quiet

portable: $(PRET)
	$(BIN)/python portable/construire.py

traductions: $(PRET)
	$(BIN)/pybabel compile -i src/rsaudit/locale/fr/LC_MESSAGES/messages.po -o src/rsaudit/locale/fr/LC_MESSAGES/messages.mo

propre:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis node_modules rapport.html

# Mesure le programme installé à côté de ses pairs, sur les mêmes fichiers. Il y faut aussi npm. Options : ARGS="--dossiers 260".
BENCH := .bench
bench:
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --constraint constraints.txt . check-jsonschema yamllint
	npm install --prefix bench --no-package-lock --ignore-scripts --no-save --silent @stoplight/spectral-cli@6
	$(BENCH)/bin/python bench/mesurer.py $(ARGS)
