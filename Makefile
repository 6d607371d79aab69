# Two commands matter: `make run` and `make test`. Both work on a bare machine with Python ≥ 3.11 and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONFIG ?= config.toml
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help run test check format bench bench-queue evaluate fuzz classifiers crash procedures screens paint lock clean browser bench-replay bench-letter letters

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements-test.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

run: $(VENV)/.run ## migrate and start everything on config.toml, with demonstration data
	@exec $(BIN)/gateway serve --config $(CONFIG) --demonstration

browser: # Chromium and a Persian font, where they are absent and apt can bring them
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	  && apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium fonts-noto-core >/dev/null; } \
	  || echo 'Chromium is absent and could not be installed: browser tests will be reported as skipped.'

test: $(VENV)/.test browser ## the whole suite, PostgreSQL and browser included
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses 3 --dist worksteal $(PYTEST_ARGS)

check: $(VENV)/.test ## lint, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.test ## let ruff format and fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## throughput beside a raw reference measured in the same run
	$(BIN)/python -m tests.bench

bench-queue: $(VENV)/.test ## the queue's page, counts and search at ten thousand tickets and at a million
	$(BIN)/python -m tests.bench.queue

letters: $(VENV)/.test ## the letters of 1399 made up in each kind of database; the suite does it in one
	EVERY_DATABASE=1 $(BIN)/python -m pytest -q tests/gateway/test_demo_command.py

bench-letter: $(VENV)/.test ## the dashboard and the letter at ten thousand closed tickets and at a million
	$(BIN)/python -m tests.bench.letter

bench-replay: $(VENV)/.test ## a hundred thousand stored reports read again, by the rules as shipped and by a changed one
	$(BIN)/python -m tests.bench.replay

evaluate: $(VENV)/.test ## how well messages are understood, on the half of the labelled set no rule was made on
	$(BIN)/python -m tests.normalizer.evaluation $(EVALUATE_ARGS)

fuzz: $(VENV)/.test ## two million texts nobody wrote through the normalizer (FUZZ_ARGS='--seed 7 --seconds 600')
	$(BIN)/python -m tests.normalizer.fuzz $(FUZZ_ARGS)

classifiers: $(VENV)/.test ## learn intents and categories anew from the labelled set's dev half
	$(BIN)/gateway train tests/normalizer/messages.jsonl tests/normalizer/data/messages-dev-*.jsonl tests/normalizer/data/train-*.jsonl \
	  --out normalizer/data/classifiers.json

crash: $(VENV)/.test ## thirty kill -9 under load, then count what was lost or doubled
	$(BIN)/python -m tests.crash --kills 30

procedures: $(VENV)/.run ## docs/procedures.md from the procedures' data
	$(BIN)/python -m ticketing.manual docs/procedures.md

screens: $(VENV)/.test browser ## a picture of every screen into docs/screens
	$(BIN)/python -m tests.screens

paint: $(VENV)/.test browser ## first paint and weight of every screen on a poor line
	$(BIN)/python -m tests.bench.paint

lock: $(VENV)/.test ## pin again, with hashes, naming no index (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --extra build pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --extra build --extra test --constraint requirements.lock pyproject.toml --output-file requirements-test.lock

clean: ## remove the environment and caches, never var/
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache
