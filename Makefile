# Doudi. `make` lists what can be done. Needs only make and Python 3.11 or newer; everything else goes into .venv.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PYTEST := $(BIN)/pytest -q
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
# One worker more than cores: some test is always waiting for a server that it has started.
WAITING := -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist loadfile --no-loadscope-reorder
COUNTED := engine and not slow and not mutants
QUICK := tests/engine tests/contracts tests/rulebook \
	$(wildcard tests/scenarios tests/web/duties tests/web/journal tests/web/matters tests/web/reports tests/web/triage)
LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup demo test quick long mutants faults hostile powercut siege proxy check browser words lock bench
.DELETE_ON_ERROR:

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup: .venv/.base ## install Doudi into .venv, at the locked versions

demo: .venv/.base ## serve the demo town at http://127.0.0.1:8000 (PORT=8000); what people did in it is kept
	$(BIN)/doudi demo --port $(PORT)

test: .venv/.dev ## every test: the engine and its coverage, the rest on SQLite, what can differ on PostgreSQL, in a browser
	@failed=0; \
	$(PYTEST) $(PARALLEL) -m "$(COUNTED)" --cov=doudi.engine --cov-branch --cov-fail-under=95 tests/engine tests/rulebook || failed=1; \
	$(PYTEST) $(WAITING) -m "not browser and not mutants and not ($(COUNTED))" tests || failed=1; \
	$(PYTEST) $(WAITING) -m "not browser and not mutants" --database=postgres tests || failed=1; \
	$(PYTEST) $(PARALLEL) -m browser tests/browser || failed=1; \
	exit $$failed

quick: .venv/.dev ## in a minute or two: the engine, the contracts, the way of a matter
	$(PYTEST) $(PARALLEL) -m "not browser and not slow and not mutants" $(QUICK)

long: .venv/.dev ## a long proof by its name (NAME=mutants); without one, the list
	@$(BIN)/python -m tests.long $(NAME)

mutants faults hostile powercut siege proxy: # by the names that they had
	@$(MAKE) --no-print-directory long NAME=$@

browser: .venv/.dev ## only the tests that drive Chromium
	$(PYTEST) -m browser tests

check: .venv/.dev ## format, lint, types, contracts of the house, translations complete
	$(BIN)/ruff format --check --quiet src tests bench
	$(BIN)/ruff check src tests bench
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
