# Two commands matter: `make demo` and `make test`. `make help` names the others.
# Each step leaves a stamp in $(VENV), so that a step already done is not done again.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
PORT ?= 8080
PROMPT ?=
# The addresses of an instance hold its port, so each port has its own folder.
DEMO ?= demo$(if $(filter-out 8080,$(PORT)),-$(PORT))
# The CPU build of torch. Where pip finds only the CUDA build, name another index:
# make demo TORCH_PIP_ARGS="--index-url ADDRESS"   (README, "PyTorch")
TORCH ?= torch==2.13.0
TORCH_PIP_ARGS ?=
PYTEST_ARGS ?= -n 2 --dist loadgroup

SUPPORTED = import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
ifndef PYTHON
PYTHON := $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
	if "$$name" -c "$(SUPPORTED)" >/dev/null 2>&1; then echo "$$name"; break; fi; done)
endif

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCKED := $(PIP) install -q -c requirements.lock

.PHONY: help demo test check unit conformance browser bench fuzz lock clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.stamp-run ## an instance in ./demo on http://localhost:8080 (PORT=…), with a first picture
	@$(BIN)/pinxit --dir $(DEMO) demo --port $(PORT) $(if $(PROMPT),--prompt "$(PROMPT)")

test: check browser unit ## every check and every test
	@$(MAKE) --no-print-directory conformance

check: $(VENV)/.stamp-test ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

unit: $(VENV)/.stamp-test ## the tests alone (make unit PYTEST_ARGS="tests/flows")
	$(BIN)/pytest $(PYTEST_ARGS)

conformance: ## whether docs/conformance.md says what the last run of all tests has shown
	$(BIN)/python -m tests.conformance --check

browser: ## Chromium, for the browser tests
	@if command -v chromium >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else \
		echo "The browser tests need Chromium: sudo apt-get install chromium" >&2; exit 2; \
	fi

bench: $(VENV)/.stamp-test ## the benchmarks, as one table
	$(BIN)/python -m tests.bench

MINUTES ?= 10
fuzz: $(VENV)/.stamp-test ## coverage-guided fuzzing of all that reads what strangers send (MINUTES=…)
	$(BIN)/python -m tests.fuzz $(MINUTES)

lock: ## requirements.lock anew, from a fresh environment with the newest of everything
	rm -rf .venv-lock
	$(MAKE) VENV=.venv-lock .venv-lock/.stamp-venv
	.venv-lock/bin/python -m pip install -q $(TORCH_PIP_ARGS) $(TORCH)
	.venv-lock/bin/python -m pip install -q -e ".[generate]" --group test
	{ echo "# The versions Pinxit is tested with; used as constraints (pip install -c). Made by: make lock"; \
	  .venv-lock/bin/python -m pip freeze --exclude-editable --exclude pinxit | sed -E 's/^([^=]+==[^+]+)\+.*$$/\1/'; } > requirements.lock
	rm -rf .venv-lock

clean: ## everything that make made, the demo instance included
	rm -rf $(VENV) .venv-lock .cache demo demo-[0-9]* build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.stamp-venv:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Pinxit needs Python 3.11 to 3.14 with venv (Debian: apt-get install python3 python3-venv)," >&2; \
		echo "or name one: make PYTHON=/path/to/python3.11" >&2; exit 2; \
	fi
	@"$(PYTHON)" -c "$(SUPPORTED)" || { \
		echo "$(PYTHON) is not Python 3.11 to 3.14 with venv (Debian: apt-get install python3-venv)." >&2; exit 2; }
	@echo "Making the virtual environment $(VENV) with $(PYTHON) ..."
	"$(PYTHON)" -m venv $(VENV)
	$(PIP) install -q "pip>=25.1"
	@touch $@

$(VENV)/.stamp-torch: $(VENV)/.stamp-venv
	@echo "Installing $(TORCH) (about 200 MB) ..."
	$(PIP) install -q $(TORCH_PIP_ARGS) "$(TORCH)"
	@touch $@

$(VENV)/.stamp-run: $(VENV)/.stamp-torch pyproject.toml requirements.lock
	@echo "Installing Pinxit with the generation extra ..."
	$(LOCKED) -e ".[generate]"
	@touch $@

$(VENV)/.stamp-test: $(VENV)/.stamp-run
	@echo "Installing the test tools ..."
	$(LOCKED) --group test
	@touch $@
