# `make` alone lists what there is. Needs make and Python >= 3.11; everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Vietnamese goes in and out whatever the locale says.
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The environment of the caller is not that of .venv.
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Targets share .venv and index/, so `make -j` takes them one by one too.
.NOTPARALLEL:
.PHONY: help demo test lint fix golden abbreviations conformance bench-cold bench-segment bench-snippets bench torture relevance docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## install, index the five articles in seeds/, ask one question
	$(BIN)/searchdb index
	$(BIN)/searchdb query "sinh hoạt chi bộ"

test: lint ## lint, types, layers, then all tests with the coverage gate
	$(BIN)/pytest --cov

lint: $(VENV)/.installed-dev ## style, types and layers, without the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: $(VENV)/.installed-dev ## format, and repair the style where that is safe
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

golden: $(VENV)/.installed-dev ## rewrite the golden rankings; read the diff before you keep it
	$(BIN)/pytest tests/golden --update-golden

abbreviations: $(VENV)/.installed ## make the forms of abbreviations.toml anew after changing it
	$(BIN)/python -m searchdb.query.spellings > src/searchdb/query/abbreviations.new
	mv src/searchdb/query/abbreviations.new src/searchdb/query/abbreviations.tsv

conformance: $(VENV)/.installed ## try every behavior case that comes with searchdb
	$(BIN)/searchdb conformance

bench: $(VENV)/.installed-bench ## searchdb beside other engines, on DATA=DIR (ARGS=--help)
	@test -n "$(DATA)" || { \
	  echo "Say where the texts are: make bench DATA=DIR." \
	       "docs/performance.md says what the folder holds." >&2; exit 2; }
	$(BIN)/python benchmarks/speed/engine.py "$(DATA)" $(ARGS)

bench-cold: $(VENV)/.installed ## what one question costs a new process, against its imports
	$(BIN)/python benchmarks/speed/cold.py

bench-segment: $(VENV)/.installed ## how fast and how well words are found, on DATA=DIR
	@test -n "$(DATA)" || { \
	  echo "Say where the texts are: make bench-segment DATA=DIR." \
	       "docs/performance.md says what the folder holds." >&2; exit 2; }
	$(BIN)/python benchmarks/speed/segment.py "$(DATA)"

bench-snippets: $(VENV)/.installed ## how often the text under a hit holds the answer, on DATA=DIR
	@test -n "$(DATA)" || { \
	  echo "Say where the questions are: make bench-snippets DATA=DIR." \
	       "docs/snippets.md says what the folder holds." >&2; exit 2; }
	$(BIN)/python benchmarks/relevance/snippets.py "$(DATA)"

torture: $(VENV)/.installed ## kill writers, cut files, fill disks: an hour (ARGS=--short)
	$(BIN)/python benchmarks/torture/torture.py $(ARGS)

relevance: $(VENV)/.installed-bench ## answers beside other engines, on the sets in DATA=DIR
	@test -n "$(DATA)" || { \
	  echo "Say where the sets are: make relevance DATA=DIR." \
	       "docs/evaluation.md says what the folder holds." >&2; exit 2; }
	$(BIN)/python benchmarks/relevance/compare.py "$(DATA)" $(ARGS)

docs: $(VENV)/.installed ## rewrite docs/cli.md from the commands themselves
	mkdir -p docs
	$(BIN)/python -m searchdb.cli.reference > docs/cli.md.new
	mv docs/cli.md.new docs/cli.md

clean: ## remove .venv, caches and the built index
	rm -rf $(VENV) build dist .coverage .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
	find index -mindepth 1 ! -name README.md -delete

# All installs are editable and share one .venv; the bigger ones serve for the smaller.

# The installs are editable and share one .venv; each serves for the smallest too.

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing searchdb into $(VENV); the first time takes a minute or two."
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing searchdb and its tools into $(VENV); the first time takes a minute or two."
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: pyproject.toml | $(BIN)/python
	@echo "Installing searchdb and the engines it is compared with into $(VENV)."
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@ $(VENV)/.installed

$(BIN)/python:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 or newer," \
	       "or say where it is: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "searchdb needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" -V 2>&1)." \
	       "Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
