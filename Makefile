# One page of commands. Only python3 (3.11 or newer) and make are assumed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Many processes run the same source: compiled once, it is read from the cache.
export PYTHONDONTWRITEBYTECODE =

LOCK   := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
          --generate-hashes --no-emit-index-url --no-header --no-emit-package kabar pyproject.toml

.PHONY: help run sandbox test coverage fix audit bench bench-search lock messages clean

help: ## show these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.run ## run the bot with the settings in .env
	$(BIN)/kabar run

sandbox: $(VENV)/.run ## try everything with no Telegram account: a local stand-in, a sample newsroom, the real bot
	$(BIN)/kabar sandbox

test: $(VENV)/.dev ## install what is needed and run every check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# While mypy runs, all tests are compiled once: else each worker would do so for itself.
	$(BIN)/pytest --collect-only -qq >/dev/null 2>&1 & $(BIN)/mypy; checked=$$?; wait; exit $$checked
	$(BIN)/lint-imports
	$(BIN)/pytest -n 4 --dist worksteal

coverage: $(VENV)/.dev ## show which lines the tests reach, by package (slower than the tests alone)
	$(BIN)/pytest -n 4 --dist worksteal --cov --cov-report json --cov-report ''
	$(BIN)/python -m tests.support.coverage_table

fix: $(VENV)/.dev ## run the checks without the tests and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(VENV)/.dev ## look up known vulnerabilities of the dependencies
	$(BIN)/python -m tests.support.audit

bench: $(VENV)/.dev ## print the figures that README quotes (`python -m benchmarks --help` lists them)
	$(BIN)/python -m benchmarks

bench-search: $(VENV)/.dev ## print those of the search alone (ARTICLES=100000 for a larger archive, QUERIES=400 for more of each kind)
	$(BIN)/python -m benchmarks.searching $(or $(ARTICLES),0) $(QUERIES)

lock: $(VENV)/.dev ## pin the dependencies afresh, with hashes for every platform
	$(PIP) install uv
	$(LOCK) --extra build -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock

messages: $(VENV)/.dev ## bring the catalogues up to date with the messages in the code
	$(BIN)/python -m tests.support.catalogues

clean: ## remove what the commands above created (never .env, never the database)
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Kabar needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements-dev.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
