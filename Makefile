# Needs git, make and python3.11 with venv and pip. `make help` lists what it can do.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test check run bench bench-peers chaos cassettes docs lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## a finished phone screen lands in an emulated ATS, each effect once (FAULT=drop_write: see it notice)
	$(BIN)/atsbridge demo $(if $(FAULT),--fault $(FAULT))

test: $(STAMP) ## the whole test suite
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(STAMP) ## format, lint, import contracts, types, generated documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/atsbridge capabilities --check docs/capabilities.md
	$(BIN)/atsbridge guarantee --check docs/architecture.md
	$(BIN)/atsbridge openapi --check docs/openapi.json
	$(BIN)/atsbridge asyncapi --check docs/asyncapi.json

run: $(STAMP) ## web and worker in one process, data in ./data
	$(BIN)/atsbridge serve

bench: $(STAMP) ## measure against the limit and against peers, in one run (NAMES="table http": those alone)
	$(BIN)/python -m tests.bench $(NAMES)

bench-peers: build/peers/.installed ## install what `make bench` measures us against, into an environment of its own

build/peers/.installed: tests/bench/peers.lock
	$(PYTHON) -m venv build/peers
	build/peers/bin/python -m pip install --quiet --require-hashes -r tests/bench/peers.lock
	@touch $@

chaos: $(STAMP) ## workers ended and hindered at every point, then all effects counted (KIND=writebacks|webhooks|pulls RUNS=200 SEED=1)
	$(BIN)/python -m tests.chaos $(or $(KIND),writebacks) --runs $(or $(RUNS),200) --seed $(or $(SEED),1)

cassettes: $(STAMP) ## record the cassettes anew from the sandbox
	$(BIN)/python -m pytest tests/wire --record-mode=rewrite

docs: $(STAMP) ## write the generated documents anew
	$(BIN)/atsbridge capabilities --write docs/capabilities.md
	$(BIN)/atsbridge guarantee --write docs/architecture.md
	$(BIN)/atsbridge openapi --write docs/openapi.json
	$(BIN)/atsbridge asyncapi --write docs/asyncapi.json

lock: ## write requirements.lock anew (maintainers: needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra postgres --extra nats --group dev --no-strip-extras \
		--no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		tests/bench/peers.in -o tests/bench/peers.lock

clean: ## remove the environment and what tests leave behind
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage
