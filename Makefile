# Doudi. `make` lists what can be done. Needs only make and Python 3.11 or newer; everything else goes into .venv.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PYTEST := $(BIN)/pytest -q
PARALLEL := -n auto --dist loadfile
QUICK := tests/engine tests/contracts tests/rulebook \
	$(wildcard tests/scenarios tests/web/duties tests/web/journal tests/web/matters tests/web/reports tests/web/triage)
LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup demo test quick mutants hostile faults powercut check browser words lock bench
.DELETE_ON_ERROR:

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup: .venv/.base ## install Doudi into .venv, at the locked versions

demo: .venv/.base ## serve the demo town at http://127.0.0.1:8000 (PORT=8000); what people did in it is kept
	$(BIN)/doudi demo --port $(PORT)

test: .venv/.dev ## every test: on SQLite, then the database tests on PostgreSQL, then in a browser
	@failed=0; \
	$(PYTEST) $(PARALLEL) -m "not browser and not mutants" --cov=doudi.engine --cov-branch --cov-fail-under=95 tests || failed=1; \
	$(PYTEST) $(PARALLEL) -m "not browser and not mutants" --database=postgres tests || failed=1; \
	$(PYTEST) -m browser tests || failed=1; \
	exit $$failed

quick: .venv/.dev ## in less than a minute: the engine, the contracts, the way of a matter
	$(PYTEST) $(PARALLEL) -m "not browser and not slow and not mutants" $(QUICK)

mutants: .venv/.dev ## faults made by hand in the services and in the proofs, each to be met by a test; takes minutes
	$(PYTEST) -m mutants tests/model tests/engine/rules

faults: .venv/.dev ## kill -9 in intake, import, job and migration, 50 times each on both databases; takes half an hour
	DOUDI_FAULT_ROUNDS=50 $(PYTEST) -s tests/faults
	DOUDI_FAULT_ROUNDS=50 $(PYTEST) -s --database=postgres tests/faults

powercut: .venv/.dev ## power cuts on a disk of our own, 20 on SQLite and 10 on PostgreSQL; needs root, Linux
	$(BIN)/python -m tests.faults.powercut

hostile: .venv/.dev ## ten thousand requests and two thousand files that nobody should have to trust; takes minutes
	DOUDI_HOSTILE=long $(PYTEST) -s tests/hostile

browser: .venv/.dev ## only the tests that drive Chromium
	$(PYTEST) -m browser tests

check: .venv/.dev ## lint, types of the engine, contracts of the house, translations complete
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -m "not browser" tests/contracts

words: .venv/.dev ## bring the English catalogue up to date with the source and compile it
	$(BIN)/python -m tests.contracts.catalogue

bench: .venv/.dev ## measure published figures (NAME=rules, NAME=rules.decide.200)
	@test -n "$(NAME)" || { echo "Say which: make bench NAME=…"; exit 2; }
	$(BIN)/python -m bench $(NAME)

lock: .venv/.dev ## write the lock files anew from pyproject.toml
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock -o requirements-dev.lock

# The stamps lie in .venv: whoever deletes it starts anew.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Doudi needs Python 3.11 or newer; say where it is: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "This Python cannot make environments; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.base: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
