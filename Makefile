# `make help` lists the targets. Nothing but make, git and Python 3.11+ with venv needs to be there before.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
PYTEST := $(BIN)/python -m pytest
# Neighbours run in one process and share what their module makes; who is done first takes from the end of the other.
SIDE_BY_SIDE := -n $(JOBS) --dist worksteal
WITH_SERVERS := $(BIN)/python -m tests.support.servers

.PHONY: help run test test-long bench lint format lock assets screenshots clean
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/.installed ## Start Stowplan with a demo organisation and an AWS simulator, all on loopback
	@sh scripts/system_packages.sh run
	@exec $(BIN)/python scripts/run.py

test: .venv/.installed .venv/checkov/.installed node_modules/.installed ## Run all tests: those of database and broker on PostgreSQL and Redis, then everything on SQLite
	@sh scripts/system_packages.sh run test
	$(WITH_SERVERS) $(PYTEST) -m "stack and not long" $(SIDE_BY_SIDE)
	$(PYTEST) -m "not long" $(SIDE_BY_SIDE)

test-long: .venv/.installed .venv/checkov/.installed node_modules/.installed ## Run what takes longer: large random runs, kill tests, soak
	@sh scripts/system_packages.sh run test
	$(WITH_SERVERS) $(PYTEST) -m "stack and long"
	$(PYTEST) -m long $(SIDE_BY_SIDE)

bench: .venv/.installed ## Time designs and decision tables, documents and apply, each beside its peers
	$(BIN)/python -m benchmarks.tables
	$(BIN)/python -m benchmarks.design
	$(BIN)/python -m benchmarks.documents
	$(BIN)/python -m benchmarks.apply

lint: .venv/.installed node_modules/.installed ## Check style, types, layers, rules, questionnaire, migrations, lock files and the compose file
	sh scripts/lint.sh

format: .venv/.installed ## Put the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.installed ## Write the three requirements files with exact versions and hashes
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --output-file requirements-dev.txt requirements-dev.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --output-file requirements-checkov.txt requirements-checkov.in

assets: ## Copy the browser libraries of package-lock.json into static/vendor
	sh scripts/assets.sh

screenshots: .venv/.installed ## Make the pictures of README and guides anew
	@sh scripts/system_packages.sh run test
	$(BIN)/python -m scripts.screenshots

clean: ## Remove what can be made again; the data in var/ stays
	rm -rf .venv node_modules staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Stowplan needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install the package python3-venv."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch $@

# checkov cannot be installed beside our own dependencies: it pins others.
.venv/checkov/.installed: requirements-checkov.txt .venv/.installed
	$(PYTHON) -m venv .venv/checkov
	.venv/checkov/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-checkov.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@sh scripts/system_packages.sh lint
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
