# What can be done with this checkout. It needs Python 3.11 or newer, and sets up the rest itself.

# Least coverage of domain/ and resolvers/, in per cent.
COVERAGE ?= 95
# How many processes test at once, each with servers of its own; many tests wait, so more than there are cores.
PROCESSES ?= 3
# Each of them and each command that they start would compile all of the code anew, where nothing compiled is kept.
# More arguments for pytest: make test ARGS="tests/domain -k grouping"
ARGS ?=
PYTHON ?=
BIN := .venv/bin
SHELL_SCRIPTS := bin/tocsin bin/prepare .ci/run

export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test bench lint fix sdl release docs pins clean runtime dev

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: runtime ## Run Tocsin with all its parts, until Ctrl-C
	@bin/tocsin up

test: dev ## Run all tests, with the coverage of domain/ and resolvers/
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE) $(ARGS)

bench: dev ## Measure, each figure as a ratio to a limit of the same run
	$(BIN)/python -m bench

lint: dev ## Check style, types, floors, YAML, shell scripts and the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict .
	$(BIN)/shellcheck $(SHELL_SCRIPTS)
	$(BIN)/hadolint Dockerfile

fix: dev ## Mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

sdl: dev ## Write frontend-contract/schema.graphql from the code, and its types for TypeScript
	$(BIN)/python -m schema.export
	$(BIN)/python -m schema.typescript
	$(BIN)/python -m api.ingest.contract

release: dev ## Write frontend-contract/released.graphql: what the version in pyproject.toml promises
	$(BIN)/python -m schema.export --release

docs: dev ## Write what the documents show of the code: settings, commands, examples
	$(BIN)/python -m cli.reference

pins: dev ## Pin what pyproject.toml names, by hash (ARGS=--upgrade for the newest)
	$(BIN)/uv pip compile pyproject.toml $(PIN_OPTIONS) $(ARGS) --output-file requirements/runtime.txt
	$(BIN)/uv pip compile pyproject.toml $(PIN_OPTIONS) $(ARGS) --extra apprise --constraint requirements/runtime.txt \
	  --output-file requirements/apprise.txt
	$(BIN)/uv pip compile pyproject.toml $(PIN_OPTIONS) $(ARGS) --extra apprise --group dev \
	  --constraint requirements/apprise.txt --output-file requirements/dev.txt

PIN_OPTIONS := --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

clean: ## Remove the environment and all caches, and keep the data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime:
	@bin/prepare runtime

dev:
	@bin/prepare dev
