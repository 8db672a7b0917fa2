# Møteplass. `make` alone lists the commands; each one sets up first what it needs, and only once.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos fuzz format messages screenshots lock clean setup setup-dev python

BIN := .venv/bin
LANGUAGES := nb nn da sv en ar so pl uk ur

# The first Python of 3.11 or newer; PYTHON=… chooses another.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python3.15 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
endif

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: setup ## the product with demo data on http://127.0.0.1:8000 (PORT=… for another); Ctrl-C stops it
	@exec $(BIN)/python tools/demo.py --with-parent

test: setup-dev ## the whole suite, on PostgreSQL and on SQLite (ARGS="-k name" narrows it); REQUIRE_ALL=1 forbids skipping
	@echo "On PostgreSQL, without the browser's stories:"
	@TESTING=1 TEST_DATABASE=postgres $(BIN)/python -m pytest -m "not browser" $(ARGS) || [ $$? -eq 5 ]
	@echo "On SQLite, with them:"
	@TESTING=1 $(BIN)/python -m pytest $(ARGS)

check: setup-dev ## formatters, linters, types, import contracts, templates, migrations, deployment
	@$(BIN)/python tools/check.py

bench: setup-dev ## the benchmarks beside their peers and floors (BENCH=feed,answer picks groups)
	@$(BIN)/python -m tools.bench

chaos: setup-dev ## the full kill and outage runs
	@$(BIN)/python -m tools.chaos

fuzz: setup-dev ## the full fuzz runs
	@$(BIN)/python tools/fuzz.py

format: setup-dev ## formats code and templates
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .
	@find templates config events invites minutes -path '*templates*' -name '*.html' -exec $(BIN)/djhtml --tabwidth 2 {} + || true # 1: it changed something
	@find templates config events invites minutes -path '*templates*' \( -name '*.html' -o -name '*.txt' \) \
		-exec $(BIN)/djade --target-version 5.2 {} + || true

messages: setup-dev ## finds new texts (needs gettext), then compiles the translations
	@command -v xgettext >/dev/null || { echo "make messages: needs gettext, on Debian: apt install gettext" >&2; exit 1; }
	@TESTING=1 $(BIN)/python manage.py makemessages $(foreach l,$(LANGUAGES),--locale $(l)) --no-wrap --no-obsolete --no-location \
		--ignore node_modules --ignore '.venv' --ignore var --ignore tests
	@for po in locale/*/LC_MESSAGES/django.po; do msgcat --sort-output --no-wrap --no-location -o $$po $$po; done
	@$(BIN)/python -m tools.texts trim
	@$(BIN)/python tools/messages.py compile

screenshots: setup-dev ## pictures of the pages for docs/
	@$(BIN)/python tools/screenshots.py

lock: setup-dev ## makes the lock files anew from pyproject.toml and package.json (UPGRADE=--upgrade for newer versions)
	@set -e; lock="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(UPGRADE)"; \
		$$lock pyproject.toml --output-file requirements.txt; \
		$$lock pyproject.toml --group dev --extra s3 --constraints requirements.txt --output-file requirements-dev.txt; \
		$$lock --group setup --output-file tools/uv.txt; \
		$$lock --group node --output-file tools/node.txt; \
		npm install --package-lock-only --ignore-scripts --no-audit --no-fund --silent

clean: ## removes what set-up and checks made; the demo's data under var/ stays
	@rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov
	@find config events invites minutes tests tools -name __pycache__ -prune -exec rm -rf {} +
	@find locale locale-django -name '*.mo' -exec rm -f {} +

setup: python
	@$(PYTHON) tools/setup.py

setup-dev: python
	@$(PYTHON) tools/setup.py --dev

python:
	@test -n "$(PYTHON)" || { echo "Møteplass needs Python 3.11 or newer; found $$(python3 --version 2>/dev/null || echo none)." >&2; exit 1; }
