# ictdev: every target, listed by `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(VENV)/bin/uv
STAMP := $(VENV)/.installed
PAYLOADS ?= ../shared/data
KILLS ?= 200
SEED ?= 1
PEERS := dlt[duckdb]>=1.31,<2 pandas>=3,<4 polars>=2 duckdb==1.5.5 pyarrow>=26
PARALLEL := -n auto --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup refresh live test quick lint types unit browser storage coverage torture editions bench peers backtest recompute mutate bundle codelists docs deployments e2e spark lock wheel \
  format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP) ## set up .venv from requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ictdev needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "setting up $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m flows.prepare
	@touch $(STAMP)

refresh: setup ## run the main job on the figures that ship with the project; no network needed
	@$(BIN)/ictdev refresh --bundled

live: setup ## ask the publishers
	@$(BIN)/ictdev refresh

test: setup lint ## lint, types and all tests but those of browser, storage, e2e and spark
	@mkdir -p build; $(BIN)/mypy > build/types.log 2>&1 & types=$$!; \
	  $(BIN)/pytest $(PARALLEL); tests=$$?; \
	  wait $$types || { cat build/types.log; exit 1; }; exit $$tests

quick: setup lint types ## lint, types and the tests of what git says changed; under a minute
	@$(BIN)/python -m tests.quick

lint: setup ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## mypy, strict
	@$(BIN)/mypy

unit: setup ## the tests of `make test` alone, as many at once as there are processors
	@$(BIN)/pytest $(PARALLEL)

browser: setup ## the pages in Chromium
	@$(BIN)/pytest -m browser $(PARALLEL) tests/dashboards

storage: setup ## shared storage on PostgreSQL, mirrors on a server that speaks S3
	@$(BIN)/pytest -m storage $(PARALLEL) tests

e2e: setup ## an installation with PostgreSQL, Prefect server and worker, as docs/operations.md sets it up
	@$(BIN)/pytest tests/e2e -m e2e

coverage: setup ## all tests but e2e and spark, with branch coverage
	@$(BIN)/pytest -m 'not e2e and not spark' $(PARALLEL) --cov --cov-report=term-missing

torture: setup ## kill 200 refreshes at every step and at random moments; about half an hour (KILLS=N SEED=N)
	@$(BIN)/python -m tests.flows.crash_campaign --kills $(KILLS) --seed $(SEED)

editions: setup ## take all dated copies of the SDG database in, in several orders, and compare (some minutes)
	@ICTDEV_EDITIONS=all $(BIN)/pytest tests/flows/test_editions_in_any_order.py

bench: setup ## measure speed and memory, as ratios in one run (ONLY="refresh peers", ARGS="--markdown"; see docs/benchmarks.md)
	@$(BIN)/python -m benchmarks $(ONLY) $(ARGS)

peers: setup ## put dlt, pandas, polars and DuckDB into build/peers, for make bench to compare with
	@test -x build/peers/bin/python || $(BIN)/python -m venv --without-pip build/peers
	@$(UV) pip sync --quiet --python build/peers/bin/python --require-hashes --compile-bytecode requirements-peers.lock

backtest: setup ## try the projections on the past, into docs/methods.md (PAYLOADS=DIR)
	@$(BIN)/python -m flows.backtest docs/methods.md $(PAYLOADS)

recompute: setup ## hold the World Bank's groups against ours, from data/ into docs/methods.md
	@$(BIN)/python -m flows.recompute data docs/methods.md

mutate: setup ## plant faults into the bundled figures and see which check catches them, into docs/checks.md
	@$(BIN)/python -m benchmarks.mutate docs/checks.md

bundle: setup ## make the bundled figures anew from real payloads (PAYLOADS=DIR)
	@$(BIN)/python -m flows.bundle $(PAYLOADS)

codelists: setup ## make the area code lists anew from real payloads (PAYLOADS=DIR)
	@$(BIN)/python -m flows.codelists $(PAYLOADS)

docs: setup ## write docs/tables.md from the newest release in data/
	@$(BIN)/python -m flows.tables_page data docs/tables.md

deployments: setup ## write prefect.yaml from the contracts' cadences
	@$(BIN)/python -m flows.deployments prefect.yaml

spark: setup ## hold Spark's tiles against DuckDB's; puts PySpark (half a gigabyte, needs Java 17) into build/
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --no-deps --target build/spark -r requirements-spark.lock
	@PYTHONPATH=$(CURDIR)/build/spark $(BIN)/pytest tests/warehouse/tiles -m spark

lock: setup ## pin all packages with their hashes
	@$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --group dev --extra ducklake --extra s3 --extra geo pyproject.toml \
	  --no-header --no-annotate --no-emit-index-url --output-file requirements.lock
	@$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['spark'])" \
	  | $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 - \
	  --no-header --no-annotate --no-emit-index-url --output-file requirements-spark.lock
	@echo "$(PEERS)" | tr ' ' '\n' | $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 - \
	  --no-header --no-annotate --no-emit-index-url --output-file requirements-peers.lock

wheel: setup ## build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist .

format: setup ## put code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## remove .venv and what builds leave behind; figures in data/ stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .coverage
