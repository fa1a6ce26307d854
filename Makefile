# Two commands: `make report` and `make test`. Both set up everything that they need.
STUDY ?= token-scaling entropy-analysis
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The tests run in so many processes (0: in one), each with one thread for linear algebra.
WORKERS ?= 2
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.PHONY: report test lint types calibration audit-measured kills conformance empty-environment benchmarks reference clean

report: $(VENV)/.report native-pango
	for study in $(STUDY); do $(BIN)/report build --study $$study || exit 1; done

test: $(VENV)/.test native-pango native-test
	$(ONE_THREAD) $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest -q --doctest-modules reporter

lint: $(VENV)/.test
	$(BIN)/ruff check reporter tests
	$(BIN)/ruff format --check reporter tests

types: $(VENV)/.test
	$(BIN)/mypy

# Slow on purpose, and never part of CI: coverage and type I error at our n. It prints the tables that
# tests/calibration/measured.md holds.
calibration: $(VENV)/.test
	$(BIN)/python -m pytest -m slow
	$(BIN)/python tests/calibration/coverage.py
	$(BIN)/python tests/calibration/more_coverage.py

# Slow as well: 200 wrong numbers in our own reports, and how many of them the audit finds; its answer keys.
audit-measured: $(VENV)/.test native-pango
	$(BIN)/python tests/audit/measure.py
	$(BIN)/python -m pytest -m slow tests/audit

# A publication of 200 files, killed twenty times; the client against a server of yours (OSF_API_URL, OSF_TOKEN);
# a deposit made again where nothing but the program is installed.
kills: $(VENV)/.test
	$(BIN)/python -m pytest -m slow tests/publish/test_upload.py

conformance: $(VENV)/.test
	$(BIN)/python -m pytest -rs tests/publish/conformance

empty-environment: $(VENV)/.test native-pango
	$(BIN)/python -m pytest -m slow tests/publish/test_empty_environment.py

benchmarks: $(VENV)/.test native-pango
	for file in tests/benchmarks/bench_*.py; do $(BIN)/python $$file || exit 1; done

# Reference values, printed by R; never needed by the tests, which read what is stored.
reference:
	for script in tests/reference/*.R; do Rscript $$script > $${script%.R}.csv || exit 1; done

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make report PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PIP) install --upgrade pip

$(VENV)/.report: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt torch==2.13.0
	$(PIP) install --constraint constraints.txt --editable '.[test,collect,models,api,inspect]'
	touch $@ $(VENV)/.report

# WeasyPrint draws text with Pango, which is no Python package.
.PHONY: native-pango native-test
native-pango: $(VENV)/.report
	@$(BIN)/python -c 'import weasyprint' >/dev/null 2>&1 || $(MAKE) --no-print-directory install-pango

.PHONY: install-pango
install-pango:
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && apt-get install -qq -y --no-install-recommends \
	    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; \
	elif command -v brew >/dev/null; then brew install --quiet pango; \
	else echo "Pango is missing. Debian or Ubuntu: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0" \
	  "libharfbuzz-subset0. macOS: brew install pango. Then run make again."; exit 1; fi

# Chromium opens the HTML in tests and pdftoppm draws pages; where they cannot be installed, those tests skip.
native-test:
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && \
	  ! { command -v chromium && command -v pdftoppm; } >/dev/null; then \
	  apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium poppler-utils; fi

clean:
	rm -rf $(VENV) build dist reports/*/ deposits/*/
