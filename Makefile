# GNU make. `make` builds the site; `make help` lists the rest.

# The Python that makes .venv, as in `make PYTHON=python3.12`; a .venv that works is kept, so
# `make distclean` before changing to another one.
PYTHON ?= python3
# The port of `make live`.
PORT ?= 8000
# How many changed notes `make fuzz` reads, and how many of them it builds.
N ?= 50000
PAGES ?= 2000
# How many rounds `make stress` makes.
ROUNDS ?= 100
# The seed of both.
SEED ?= 1

# All paths are relative and all tools run as `python -m`, so that the checkout may be anywhere,
# in a folder with a space in its name too.
VENV := .venv
PY := $(VENV)/bin/python

.DEFAULT_GOAL := html
# Two targets must not install into .venv at the same time.
.NOTPARALLEL:
.PHONY: html live test test-oldest test-wheel fuzz stress linkcheck bench format clean distclean help

html: $(VENV)/stamp-html ## build the site into _build/html (this is the default)
	@$(PY) -m sphinx -q -W -n --keep-going -j auto -b html -d _build/doctrees . _build/html
	@echo "The site is built: open _build/html/index.html"

live: $(VENV)/stamp-live ## serve the site, rebuild it on every save (PORT=8000)
	@$(PY) -m sphinx_autobuild -q --port $(PORT) \
	    --ignore _build --ignore $(VENV) --ignore .git --ignore tests \
	    --re-ignore '/(__pycache__|\.hypothesis)/|~$$|\.sw[opx]$$' \
	    -n -b html -d _build/live-doctrees . _build/live

test: $(VENV)/stamp-test ## check style, types and spelling, run the tests
	@echo "ruff check"
	@$(PY) -m ruff check -q --output-format concise .
	@echo "ruff format --check"
	@$(PY) -m ruff format -q --check .
	@echo "mypy"
	@$(PY) -m mypy --no-error-summary
	@echo "codespell"
	@$(PY) -m codespell_lib \
	    docs $(wildcard notes/[a-z]*.md) cafe_site tests README.md CHANGELOG.md CONTRIBUTING.md
	@echo "pytest"
	@$(PY) -m pytest -q -n auto

test-oldest: ## run the tests with the oldest releases that are allowed
	$(check-python)
	@'$(PYTHON)' -m venv --clear _build/oldest
	@_build/oldest/bin/python tests/oldest.py >_build/oldest/constraints.txt
	@_build/oldest/bin/python -m pip install -q --disable-pip-version-check \
	    -c _build/oldest/constraints.txt -e '.[test]' 'sphinx-book-theme>=1.4'
	@_build/oldest/bin/python -m pytest -q -n auto

test-wheel: ## build the wheel, install it by itself, and build a small site with it
	$(check-python)
	@'$(PYTHON)' tests/wheel.py

fuzz: $(VENV)/stamp-test ## build randomly changed notes (N=50000 PAGES=2000 SEED=1)
	@$(PY) -m tests.fuzz --inputs $(N) --pages $(PAGES) --seed $(SEED)

stress: $(VENV)/stamp-test ## kill, edit and build at random, many times (ROUNDS=100 SEED=1)
	@CAFE_STRESS_ROUNDS=$(ROUNDS) CAFE_STRESS_SEED=$(SEED) \
	    $(PY) -m pytest -q -n auto tests/test_stress.py

linkcheck: $(VENV)/stamp-html ## check the links of the handbook's pages over the network
	@$(PY) -m sphinx -q -b linkcheck -d _build/doctrees . _build/linkcheck

bench: $(VENV)/stamp-html ## measure the speed
	@$(PY) benchmarks/run.py

format: $(VENV)/stamp-test ## format the code, fix what ruff can fix
	@$(PY) -m ruff check -q --fix-only .
	@$(PY) -m ruff format -q .

messages: $(VENV)/stamp-html ## take new messages over into all languages, and compile them
	@$(extract)
	@$(BABEL) update $(CATALOGS) -i _build/cafe_site.pot --no-fuzzy-matching \
	    --ignore-obsolete --ignore-pot-creation-date
	@$(BABEL) compile $(CATALOGS)

language: $(VENV)/stamp-html ## begin a translation into another language (LANG=fr)
	$(call stop-if,$(if $(filter command,$(firstword $(origin LANG))),,name the language: make language LANG=fr))
	@$(extract)
	@$(BABEL) init $(CATALOGS) -i _build/cafe_site.pot -l $(LANG)

clean: ## remove what was built; .venv stays
	@rm -rf _build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -path ./$(VENV) -prune -o -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## remove .venv too
	@rm -rf $(VENV)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile

# --- messages ------------------------------------------------------------------------------

BABEL := $(PY) -m babel.messages.frontend -q
CATALOGS := -D cafe_site -d cafe_site/locale
extract = mkdir -p _build && $(BABEL) extract -F pyproject.toml -k N_ \
    --add-location file --sort-by-file --project cafe_site --version '' \
    --copyright-holder 'cafe_site contributors' -o _build/cafe_site.pot .

# --- .venv ---------------------------------------------------------------------------------
# A stamp is written after its step has succeeded, and a changed pyproject.toml makes the stamps
# of what was installed too old.

$(VENV)/stamp-html: pyproject.toml $(VENV)/stamp-venv
	@echo "Installing the project and what it needs into $(VENV)"
	@$(call install,.[site])

$(VENV)/stamp-live: pyproject.toml $(VENV)/stamp-venv
	@echo "Installing the project and what 'make live' needs into $(VENV)"
	@$(call install,.[live])

$(VENV)/stamp-test: pyproject.toml $(VENV)/stamp-venv
	@echo "Installing the project and what its tests need into $(VENV)"
	@$(call install,.[test])

# While `unfinished` is there, an installation is under way, or was broken off and may have left
# half a package that pip would take for a whole one.
install = touch $(VENV)/unfinished \
    && $(PY) -m pip install -q --disable-pip-version-check -e '$(1)' \
    && rm $(VENV)/unfinished && touch $@

$(VENV)/stamp-venv:
	$(check-python)
	@echo "Making $(VENV) with $(PYTHON)"
	@'$(PYTHON)' -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
	@touch $@

# A .venv is made anew if it is unfinished, or if its Python is gone or has become another one.
ifneq ($(shell test ! -e $(VENV)/unfinished && $(PY) -c 'import pip; print("runs")' 2>/dev/null),runs)
.PHONY: $(VENV)/stamp-venv
endif

# Prints what is wrong with PYTHON, in one line, or nothing.
define python-problem
p='$(PYTHON)'; \
if ! command -v "$$p" >/dev/null 2>&1; then \
    echo "$$p is not installed: get Python 3.11 or newer (Debian, Ubuntu: apt-get install python3 python3-venv; otherwise: https://www.python.org/downloads/)"; \
elif [ "$$("$$p" -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null)" != True ]; then \
    v=$$("$$p" --version 2>&1) && v="is $$v" || v="does not run"; \
    echo "$$p $$v: Python 3.11 or newer is needed; install one and name it (make PYTHON=python3.12)"; \
elif ! "$$p" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
    echo "$$p has no venv module: install it (Debian, Ubuntu: apt-get install $${p##*/}-venv)"; \
fi
endef
# Expanded in a recipe, before the recipe runs.
check-python = $(call stop-if,$(shell $(python-problem)))
stop-if = $(if $(1),$(error $(1)))
