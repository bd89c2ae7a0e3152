# Rebond: what a person types. `make` alone shows this page.
#
#   make demo    a shop with data to play with        make test    everything, on both databases
#
# Settings: PY=/path/to/python3   HOST=… PORT=… (demo)   INSTALL=1 (root: may use apt)
#           CI=true (what is missing is a failure)        PYTEST="-k refund" (test)

SHELL := /bin/sh
BIN := .venv/bin
PYTEST ?=
FAULTS ?=
ATTACK ?=
CONTRACT ?=
TEETH ?=
BENCH ?=
SCALE ?= 30000
DURATION ?= 60
LOAD ?=
TESTS = $(BIN)/python -m pytest -q -n 2 -m "not slow" $(PYTEST)

PACKAGE := pyproject.toml setup.py src/rebond/__init__.py
CATALOGUES := $(wildcard src/rebond/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench load faults attack contract teeth messages schema lighthouse screenshots lock vendor clean

help: ## Show this page
	@echo "Rebond: make TARGET"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

setup: .venv/.demo .venv/.messages ## Environment, pinned packages, translations, the command .venv/bin/rebond
	@echo "ready: .venv/bin/rebond --help"

demo: setup ## Set everything up and serve a demo shop (HOST, PORT)
	@$(BIN)/rebond demo

test: .venv/.test .venv/.messages ## All tests: SQLite, then PostgreSQL, with a browser
	@$(BIN)/python scripts/browser.py
	@$(BIN)/python scripts/stripe_mock.py
	@echo "== Tests on SQLite"
	@$(TESTS)
	@echo "== Tests on PostgreSQL"
	@$(BIN)/python scripts/with_pg.py $(TESTS)

check: .venv/.test .venv/.messages ## What a change must pass beside the tests: style, types, laws, translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/messages.py check
	@$(BIN)/rebond makemigrations --check --dry-run
	@$(BIN)/python scripts/schema.py --check
	@$(BIN)/python scripts/client.py --check
	@$(BIN)/python scripts/sizes.py
	@$(BIN)/python -m pytest -q tests/house

bench: .venv/.test .venv/.messages ## Measure throughput here; prints figures, judges nothing (BENCH="-k refunds")
	@$(BIN)/python -m scripts.bench $(BENCH)

load: .venv/.test .venv/.messages ## Play the bars of docs/performance.md (SCALE=returns DURATION=seconds LOAD="--only L1"); long
	@$(BIN)/python -m scripts.load --scale $(SCALE) --duration $(DURATION) $(LOAD)

faults: .venv/.test .venv/.messages ## Faults and storms on both databases, one table (FAULTS="--only F2"); long
	@$(BIN)/python -m scripts.faults $(FAULTS)

attack: .venv/.test .venv/.messages ## Fire the attack catalogue at a running installation (ATTACK="--only 62"); minutes
	@$(BIN)/python -m scripts.attacks $(ATTACK)

contract: .venv/.test .venv/.messages ## Schemathesis at the API, on both databases (CONTRACT="--max-examples=20"); minutes
	@$(BIN)/python -m scripts.contract $(CONTRACT)
	@$(BIN)/python scripts/with_pg.py $(BIN)/python -m scripts.contract $(CONTRACT)

teeth: .venv/.test .venv/.messages ## Plant known bugs in a copy; each must be caught by its test (TEETH="--sample")
	@$(BIN)/python scripts/teeth.py $(TEETH)

messages: .venv/.test ## Read the sentences from the code into the catalogues, show what lacks a translation
	@$(BIN)/python scripts/messages.py extract
	@$(BIN)/python scripts/messages.py missing

schema: .venv/.test .venv/.messages ## Rewrite docs/reference/openapi.json and the client from the code
	@$(BIN)/python scripts/schema.py
	@$(BIN)/python scripts/client.py

lighthouse: .venv/.test .venv/.messages ## Score the shopper's pages on a phone's profile, median of five (RUNS=1)
	@$(BIN)/python scripts/browser.py
	@$(BIN)/python scripts/lighthouse.py

screenshots: .venv/.test .venv/.messages ## Take the pictures in docs anew
	@$(BIN)/python scripts/browser.py
	@$(BIN)/python scripts/screenshots.py

lock: .venv/.demo ## Pin what pyproject.toml asks for, with hashes (UPGRADE=1: the newest)
	@sh scripts/lock.sh $(if $(UPGRADE),--upgrade)

vendor: .venv/.demo ## Fetch the browser libraries named in vendor.toml again and check their sums
	@$(BIN)/python scripts/vendor.py

clean: ## Remove what make made; var/, the data, stays
	rm -rf .venv .uv .browser .stripe-mock build dist src/rebond.egg-info .mypy_cache .ruff_cache .pytest_cache
	find src -name '*.mo' -delete

.venv/.%: requirements/%.txt requirements/uv.txt scripts/bootstrap.sh $(PACKAGE)
	@sh scripts/bootstrap.sh .venv requirements/$*.txt
	@touch $@

.venv/.test: .venv/.demo

.venv/.messages: $(CATALOGUES) scripts/messages.py | .venv/.demo
	@$(BIN)/python scripts/messages.py compile
	@touch $@
