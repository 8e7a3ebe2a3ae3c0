# Everything a person types here. `make run` and `make test` set up what they need by themselves.
PYTHON ?= python3
PY := .venv/bin/python
CATALOGUES := $(wildcard billify/translations/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
WORKERS ?= 2
# pytest ends with 5 when it found nothing to run, which is no fault here.
SOME_OR_NONE = || test $$? -eq 5

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test quick journeys slow check format lint types rooms \
	templates catalogues translations er sizes where fix clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: install translations  ## start Billify here (PORT=8123 make run for another port)
	@exec $(PY) -m billify up

install:  ## make .venv as the lock files say; nothing when it is
	@$(PYTHON) scripts/install.py runtime embedded

install-dev:
	@$(PYTHON) scripts/install.py runtime embedded dev

test: quick journeys  ## every test but the slow ones

quick: install-dev translations  ## the tests without a browser
	BILLIFY_FENCE_RESULT=var/fence.json $(PY) -m pytest -n $(WORKERS) -m "not journey and not slow"

journeys: install-dev translations  ## the tests in a real browser, when there is one
	$(PY) -m pytest -n 0 -m "journey and not slow" $(SOME_OR_NONE)

slow: install-dev translations  ## faults on real processes and other long proofs
	$(PY) -m pytest -n 0 -m slow $(SOME_OR_NONE)

check: format lint types rooms templates catalogues  ## everything but the tests

format: install-dev
	$(PY) -m ruff format --check

lint: install-dev
	$(PY) -m ruff check

types: install-dev
	$(PY) -m mypy --strict

rooms: install-dev  ## who may look where
	.venv/bin/lint-imports

templates: install-dev
	$(PY) -m djlint --lint billify/templates

catalogues: install-dev
	$(PY) -m billify.translations check

translations: $(COMPILED)

%.mo: %.po | install
	$(PY) -m babel.messages.frontend compile -i $< -o $@

er: install-dev  ## draw docs/er.md from the models
	$(PY) scripts/er.py

sizes:  ## what is larger than it should be
	@$(PYTHON) scripts/sizes.py

where:  ## the files of one feature: make where word=purchases
	@$(PYTHON) scripts/where.py "$(word)"

fix: install-dev  ## format, and mend what can be mended without a person
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

clean:  ## remove the environment and compiled files; data in var/ stays
	rm -rf .venv $(COMPILED)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
