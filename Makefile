# Trygg. `make demo` shows it, `make test` tests it: both make .venv first. CONTRIBUTING.md says the rest.

VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
# The first Python that is there, works and is new enough. `make PYTHON=...` takes another.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$name; break; }; done)
OWN_ASSETS := $(wildcard assets/css/* assets/js/* assets/*.svg assets/licences/*)
CATALOGUES := $(wildcard src/trygg/*/*/locale/*/LC_MESSAGES/django.po)
WORKERS ?= 2

.PHONY: install demo serve test test-fast test-full test-postgres test-browser test-slow lint bench messages docs content-report screenshots lock assets clean

install: $(VENV)/.assets

# Each step only again when what it is made from has changed.
$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Trygg needs Python 3.11 or newer with venv (on Debian: apt-get install python3 python3-venv). None was found." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.packages: requirements.lock | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.trygg: $(VENV)/.packages pyproject.toml hatch_build.py assets/package.json assets/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.assets: $(VENV)/.trygg $(OWN_ASSETS) $(CATALOGUES)
	$(BIN)/python hatch_build.py
	@touch $@

demo: install
	$(BIN)/trygg demo

serve: install
	$(BIN)/trygg serve

# Tests ----------------------------------------------------------------------------------------------------------------

# Everything that takes no more than a few minutes: SQLite, PostgreSQL where TRYGG_TEST_POSTGRES names one, a browser.
test: test-full test-postgres test-browser

# While one works: under two minutes.
test-fast: install
	$(PYTEST) -n $(WORKERS) -m "not full and not slow and not browser and not postgres"

test-full: install
	$(PYTEST) -n $(WORKERS) -m "not slow and not browser and not postgres"

# TRYGG_TEST_POSTGRES=postgresql://user:password@127.0.0.1:5432/trygg; the user must be allowed to make databases. CI starts its own.
test-postgres: install
	@if [ -n "$$TRYGG_TEST_POSTGRES" ]; then \
		DATABASE_URL="$$TRYGG_TEST_POSTGRES" $(PYTEST) -n $(WORKERS) -m "not slow and not browser" \
			--ignore=tests/engines --ignore=tests/packs --deselect=tests/invariants/test_source.py --deselect=tests/invariants/test_tree.py; \
	else echo "No PostgreSQL: TRYGG_TEST_POSTGRES is not set, the tests ran on SQLite only."; fi

test-browser: install
	@tests/system_packages.sh chromium
	$(PYTEST) -m "browser and not slow"

# Accessibility of every page, big files, statistics.
test-slow: install
	@tests/system_packages.sh chromium
	$(PYTEST) -m slow

lint: install
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: install
	@for bench in tests/benchmarks/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

# Things that are committed and made from others -----------------------------------------------------------------------

messages: install
	$(BIN)/python -m trygg.kernel.ui.i18n_extract

docs: install
	TRYGG_UPDATE=1 $(PYTEST) -q tests/invariants/test_docs.py -k documented
	TRYGG_UPDATE=1 $(PYTEST) -q tests/invariants/test_archive.py -k documented

# Every text with its source, flag and readability, for those who proof-read: docs/content-review.md.
content-report: install
	$(BIN)/trygg packs report -o var/content-report.html

screenshots: install
	@tests/system_packages.sh chromium
	TRYGG_SCREENSHOTS=var/screenshots $(PYTEST) tests/browser/test_matrix.py

lock: install
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --group dev pyproject.toml --generate-hashes --no-header --no-emit-index-url --no-annotate --universal \
		--python-version 3.11 --output-file requirements.lock --quiet

assets: install
	$(BIN)/python hatch_build.py

clean:
	rm -rf $(VENV) dist .pytest_cache .ruff_cache .mypy_cache .hypothesis .benchmarks
