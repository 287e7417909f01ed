# First Call: what there is to do here. `make help` lists it.
#
# A fresh machine needs Python 3.11 or newer, make and a package index; the first run sets up .venv by itself. What is
# installed is locked by hashes: requirements.lock to run, -dev to test and lint, -bench to measure. A stamp for each
# set, in .venv, is newer than its lock once it is installed, so a second start sets up nothing.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed-
SOURCES := bot cogs storage tests

# PYTHON=/path/of/python chooses the interpreter; ARGS="…" is handed on to what is run.
PYTHON ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint style types layers secrets bench soak audit lock clean

help:
	@echo 'make run     start First Call; without any token: the local console   ARGS="--only discord"'
	@echo 'make test    run the tests                                            ARGS="tests/bot -k settings"'
	@echo 'make lint    style, types, who may import whom, no secrets, no known vulnerabilities   AUDIT=no'
	@echo 'make bench   measure beside peers; SCALE=small or full'
	@echo 'make soak    four processes on one PostgreSQL, killed, hung and cut off; SOAK=seconds, SEED=number'
	@echo 'make audit   known vulnerabilities of what is locked; asks a service, and says so when none answers'
	@echo 'make lock    choose and lock the newest allowed dependencies'
	@echo 'make clean   remove .venv and caches; never config.toml or data'
	@echo 'The first of these sets up .venv, which takes about a minute. PYTHON=… chooses the interpreter.'

run: $(STAMP)run
	@$(PY) -m bot $(ARGS)

test: $(STAMP)dev
	$(PY) -m pytest -n auto $(ARGS)

# With `make -k lint` all of them speak, even after one has found something. AUDIT=no asks no service about anything.
AUDIT ?=
lint: style types layers secrets $(if $(filter no,$(AUDIT)),,audit)

style: $(STAMP)dev
	$(PY) -m ruff check $(SOURCES) .ci

types: $(STAMP)dev
	$(PY) -m mypy

layers: $(STAMP)dev
	$(PY) -c 'import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))'

secrets: $(STAMP)dev
	$(PY) .ci/secret_scan.py

bench: $(STAMP)bench
	$(PY) -m tests.bench $(ARGS)

# Nothing may be lost, doubled or out of order; the tests do the same for three seconds.
soak: $(STAMP)dev
	SOAK=$${SOAK:-120} $(PY) -m pytest tests/many --timeout 900 -rP $(ARGS)

audit: $(STAMP)dev
	$(PY) .ci/audit.py

# The larger sets hold the smaller ones.
$(STAMP)run: requirements.lock
	@$(setup); $(install) requirements.lock; $(link); touch $(STAMP)run

$(STAMP)dev: requirements-dev.lock
	@$(setup); $(install) requirements-dev.lock; $(link); touch $(STAMP)run $(STAMP)dev

$(STAMP)bench: requirements-bench.lock
	@$(setup); $(install) requirements-bench.lock; $(link); touch $(STAMP)run $(STAMP)dev $(STAMP)bench

# Make $(VENV) unless a good one is there. python3.13 may be a mere promise (pyenv's shims) and Debian's python3 may lack
# venv's other half, so each candidate is tried before it is believed.
define setup
set -e; \
good='import sys; sys.exit(sys.version_info < (3, 11))'; \
if ! $(PY) -c "$$good" 2>/dev/null; then \
  found=; old=; \
  for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3.14 python3 python); do \
    if $$python -c "$$good" >/dev/null 2>&1; then \
      if $$python -c 'import ensurepip, venv' >/dev/null 2>&1; then found=$$python; break; fi; \
      old=$$python; \
    fi; \
  done; \
  if [ -z "$$found" ] && [ -n "$$old" ]; then \
    echo "$$old cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv; then again." >&2; exit 1; \
  elif [ -z "$$found" ]; then \
    echo "First Call needs Python 3.11 or newer, and none was found. Install it, or name it: make PYTHON=/path/of/python" >&2; exit 1; \
  fi; \
  echo "Setting up $(VENV) with $$($$found --version), once. This takes about a minute."; \
  $$found -m venv --clear $(VENV); \
fi; \
$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
endef

define install
echo "Installing what $@ needs, checked against its hashes …" | sed 's|$(STAMP)||'; \
$(PY) -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes --requirement
endef

# The console script. Not by an editable install: that would need a build tool among the things needed to run.
define link
printf '%s\n' '#!/bin/sh' 'bin=$$(dirname -- "$$(readlink -f -- "$$0")")' 'root=$$(CDPATH= cd -- "$$bin/../.." && pwd)' \
  'PYTHONPATH="$$root$${PYTHONPATH:+:$$PYTHONPATH}" exec "$$bin/python" -m bot "$$@"' > $(VENV)/bin/firstcall; \
chmod +x $(VENV)/bin/firstcall
endef

# uv resolves for every platform at once; pip only for the one it runs on. --upgrade, or it keeps what is locked.
UV = $(PY) -m uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --quiet
lock:
	@$(setup); $(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet --disable-pip-version-check uv
	$(UV) -o requirements.lock
	$(UV) --group dev -o requirements-dev.lock
	$(UV) --group dev --group bench -o requirements-bench.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
