# Digit Lab: `make app` starts it, `make test` checks it, `make help` lists the rest.
# Everything is installed into .venv, from the pins in requirements*.txt, and again when these change.

PYTHON ?= python3
PORT ?= 8501

venv := .venv
bin := $(venv)/bin
code := core ui pages streamlit_app.py
install := $(bin)/python -m pip install --quiet --disable-pip-version-check
compile := $(bin)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest

.DEFAULT_GOAL := help
.PHONY: help app test test-all lint format types screenshots reference pins clean install install-dev browser

help:  ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

app: install  ## start Digit Lab and say where it is (PORT=8501)
	@echo "Digit Lab: http://localhost:$(PORT) (Ctrl+C stops it)"
	@exec $(bin)/streamlit run streamlit_app.py --server.address localhost --server.port $(PORT) \
		--server.headless true --browser.gatherUsageStats false

test: lint browser  ## every rule and every test but the slow ones
	@$(bin)/python -m pytest -m "not slow" --numprocesses 2 --dist loadfile

test-all: lint browser  ## the slow tests too
	@$(bin)/python -m pytest

lint: install-dev  ## check style, types and the direction of imports
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(MAKE) --no-print-directory types
	@$(bin)/lint-imports --no-logo

types: install-dev
	@$(bin)/mypy $(code)

format: install-dev  ## put the code into the agreed style
	@$(bin)/ruff check --fix .
	@$(bin)/ruff format .

screenshots: install-dev browser  ## take pictures of every page into docs/screenshots (RUN=, DIGITLAB_HOME=)
	@$(bin)/python -m benchmarks.screenshots $(if $(RUN),--run $(RUN))

reference: install  ## train and ship the results that come with the project; hours, resumable (PARTS=, DIGITLAB_HOME=)
	@nice $(bin)/python -m core reference make $(PARTS)
	@$(bin)/python -m core reference check

pins: install-dev  ## compile requirements*.in into the newest pins that go together
	$(compile) requirements.in -o requirements.txt
	$(compile) requirements-dev.in -o requirements-dev.txt

clean:  ## remove .venv and all caches; data and runs stay
	@rm -rf $(venv) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# A stamp says which pins are installed: it is as old as the installation.
install: $(venv)/installed
install-dev: $(venv)/installed-dev

$(venv)/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2> /dev/null || { \
		echo "Digit Lab needs Python 3.11, 3.12 or 3.13, and '$(PYTHON)' is:" \
			"$$($(PYTHON) --version 2>&1 | head -n 1). Name another: make PYTHON=python3.12 ..." >&2; \
		exit 1; }
	@$(bin)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv --clear $(venv) || { \
		rm -rf $(venv); \
		echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }
	@echo "Installing the packages of requirements.txt into $(venv) (minutes, the first time) ..."
	@$(install) "$$(grep '^pip==' requirements.txt)"
	@$(install) --requirement requirements.txt
	@touch $@

$(venv)/installed-dev: requirements-dev.txt $(venv)/installed
	@echo "Installing the packages of requirements-dev.txt into $(venv) ..."
	@$(install) --requirement requirements-dev.txt
	@touch $@

# The browser tests drive the system's Chromium and skip without one, so a failure here stops nothing.
browser:
	@if command -v chromium > /dev/null; then :; \
	elif [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null || ! grep -qs '^ID=debian' /etc/os-release; then \
		echo "Not installed: Chromium, so the browser tests will be skipped. On Debian: sudo apt-get install chromium"; \
	else \
		echo "Installing Debian's Chromium for the browser tests ..."; \
		{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
			--no-install-recommends chromium; } > /dev/null 2>&1 \
		|| echo "Not installed: Chromium (apt-get failed), so the browser tests will be skipped."; \
	fi
