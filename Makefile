# chargehand: every command below makes its own virtual environment on first use.
#   make demo            one charging session, end to end, on emulated hardware (ARGS=--keep leaves it running)
#   make test            the tests        make check   lint, types, import rules, tests
#   make test-21         the tests of OCPP 2.0.1 once more, spoken as OCPP 2.1
#   make bench           speed and memory beside their baselines -> build/bench.json
#   make pki             roots, authorities and certificates for development -> build/pki (ARGS=--help: what else)
#   make soak            200 power cuts in the middle of charging sessions (ARGS=--faults: 10,000 mixes of bus faults,
#                        ARGS=--csms: 20 minutes of a hostile CSMS, ARGS=--commits: a kill after every
#                        commit of a session, ARGS=--exi: a million broken messages of vehicles)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
# Most tests wait for real lines and processes rather than compute: six at a time suit two cores.
PYTEST := $(BIN)/python -m pytest --numprocesses=6 --dist=worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test test-21 check lint types imports coverage bench soak pki generate docs lock clean

help:
	@sed -n 's/^#   //p' Makefile

$(READY): lock-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chargehand needs Python 3.11 or newer; try make PYTHON=python3.11")'
	@echo "== making the virtual environment in $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar on --no-deps --require-hashes -r lock-dev.txt
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)
	@$(BIN)/python -m tests.demo $(ARGS)

test: $(READY)
	$(PYTEST) $(ARGS)

test-21: $(READY)
	CHARGEHAND_OCPP=2.1 $(PYTEST) tests/conformance/ocpp201 $(ARGS)

check: lint types imports coverage

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

coverage: $(READY)
	$(PYTEST) --cov --cov-report=term $(ARGS)

bench: $(READY)
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(READY)
	@$(BIN)/python -m tests.soak $(ARGS)

pki: $(READY)
	@$(BIN)/python -m certs.development.cli $(ARGS)

# The typed OCPP messages from the schemas of the `ocpp` package; the profiles' schema; the pages that are made.
generate: docs
	$(BIN)/python -m ocppj.messages.generate
	$(BIN)/python -m drivers.profiles.schema hardware-profiles/schema.json

# The table of devices, and the requirements of OCPP with the tests that show them.
docs: $(READY)
	$(BIN)/python -m drivers.profiles.device_table docs/devices.md
	$(BIN)/python -m tests.conformance.requirements

# Pins with hashes; no download addresses.
lock: $(READY)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --no-strip-extras --extra dev pyproject.toml -o lock-dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --no-strip-extras --extra agent pyproject.toml -o lock-agent.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --no-strip-extras --extra backend pyproject.toml -o lock-backend.txt

clean:
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
