# One word for each thing a person does. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test setup-bench run seed test long fast fmt lint types arch drift docs migration check \
        bench shots pages access scan backup clean
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

PY := .venv/bin/python
FLASK := FLASK_APP=wsgi .venv/bin/flask
T ?= tests
# One more than two processors: it works while others wait for a browser or a process of their own.
WORKERS ?= 3

# Homebrew's libraries are outside the places where macOS looks.
ifeq ($(shell uname),Darwin)
LIBRARIES := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib
FLASK := $(LIBRARIES) $(FLASK)
endif

help: ## List these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## Make .venv from the locked requirements (run and test do it by themselves)
	@tools/setup.sh run

setup-test:
	@tools/setup.sh test

setup-bench:
	@tools/setup.sh bench

run: setup ## Start everything on http://127.0.0.1:8000, with the demo company at the first start
	@exec env TANDEM_ENVIRONMENT=$${TANDEM_ENVIRONMENT:-demo} $(LIBRARIES) $(PY) -m app.cli.serve

seed: setup ## Throw the demo company away and make it anew
	@TANDEM_ENVIRONMENT=$${TANDEM_ENVIRONMENT:-demo} $(FLASK) demo load --anew

test: setup-test ## Run all tests but the long ones, or some: make test T=tests/deals
	@$(LIBRARIES) .venv/bin/pytest -q -n $(WORKERS) --dist loadscope -m "not slow" $(T)

long: setup-test ## Run the long tests: kills at many points, hundreds of rival approvals
	@$(LIBRARIES) .venv/bin/pytest -q -m slow $(T)

fast: setup-test ## Run the tests of pure rules only
	@.venv/bin/pytest -q -p no:randomly $$(find tests -name 'test_rules*' -o -name kernel -type d -o -path 'tests/*/engine' -type d)

fmt: setup-test ## Put code and templates in form
	@.venv/bin/ruff check -q --fix-only .
	@.venv/bin/ruff format -q .

lint: setup-test ## Find faults in code, templates and spelling
	@.venv/bin/ruff check -q .
	@.venv/bin/ruff format -q --check .
	@.venv/bin/djlint --lint --quiet templates
	@.venv/bin/codespell

types: setup-test ## Check types
	@.venv/bin/mypy

arch: setup-test ## Hold the imports against the floors and rooms
	@.venv/bin/lint-imports --no-logo

drift: setup-test ## Hold the migrations against the models, up, down and up again
	@$(LIBRARIES) $(PY) -m tools.drift

docs: setup-test ## Check that the documents say what is there
	@$(LIBRARIES) .venv/bin/pytest -q -p no:randomly tests/house/test_docs.py

migration: setup-test ## Write the next migration: make migration m="registrations get a source"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="registrations get a source"'; exit 2; }
	@$(LIBRARIES) $(PY) -m tools.drift --write "$(m)"

check: lint types arch drift docs test ## Everything that must hold before a change is taken

bench: setup-bench ## Measure what we promise, as ratios
	@$(LIBRARIES) $(PY) -m benchmarks

shots: setup-test ## Picture every page for every role, light and dark, phone and desk, into var/shots
	@$(LIBRARIES) $(PY) -m tools.shots

pages: setup-test ## Hold every page of the running portal against axe and the Nu checker
	@$(LIBRARIES) $(PY) -m tools.pages_check

access: setup-test ## Write docs/access.md anew from the routes and the grants
	@$(LIBRARIES) $(PY) -m tools.access

scan: setup-test ## Look for secrets, risky code, known holes, and barriers on the pages of the running portal
	@$(PY) -m tools.scan

backup: setup ## Write the database into var/backups
	@$(FLASK) database backup

clean: ## Remove caches; data under var/ stays
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find app tests -name __pycache__ -type d -prune -exec rm -rf {} +
