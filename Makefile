# `make help` lists the verbs. Everything runs in the locked environment in .venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:

export AFTERSHOCK_DATA_DIR ?= $(CURDIR)/data
export DAGSTER_HOME := $(AFTERSHOCK_DATA_DIR)/dagster_home
# A missing Python is an error to read, not a download from a host that may be closed.
export UV_PYTHON_DOWNLOADS ?= never

# Compiled once at installation, not at every start.
export UV_COMPILE_BYTECODE ?= 1

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
UV_VERSION := 0.13.9
PYTHON := .venv/bin/python
# dbt and MetricFlow as readers: on the published marts, never on the warehouse.
AS_PUBLISHED := DBT_TARGET=published DBT_PROFILES_DIR=. DBT_LOG_PATH="$(AFTERSHOCK_DATA_DIR)/docs"
HOST ?= 127.0.0.1
PORT ?= 3000

.PHONY: help
help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	$(UV) sync --locked --quiet
	@touch $@

.PHONY: run
run: .venv/.synced ## run the scheduled job once and print the verdicts (FULL=1 builds even if nothing is new)
	@$(PYTHON) -m orchestration run $(if $(FULL),--full)

.PHONY: backfill
backfill: .venv/.synced ## fetch a range again: FROM=2025-01-01 TO=2025-02-01 [SYMBOLS=NVDA,AAPL]
	@$(PYTHON) -m orchestration backfill --from "$(FROM)" --to "$(TO)" --symbols "$(SYMBOLS)"

.PHONY: study
study: .venv/.synced ## event study of CSV files: PRICES= BENCHMARK= EVENTS= [STUDY= FACTORS= OUT= NAME= ADJUSTED=1]
	@$(PYTHON) -m orchestration study --prices "$(PRICES)" --benchmark "$(BENCHMARK)" --events "$(EVENTS)" \
		--study "$(STUDY)" --factors "$(FACTORS)" --out "$(OUT)" --name "$(NAME)" $(if $(ADJUSTED),--adjusted)

.PHONY: published
published:
	@test -e "$(AFTERSHOCK_DATA_DIR)/published/current/marts.duckdb" || \
		{ echo "nothing is published in $(AFTERSHOCK_DATA_DIR) yet: make run first" >&2; exit 2; }

.PHONY: status
status: .venv/.synced ## data as of, incidents and disagreements, last runs, checks, alerts, next ticks
	@$(PYTHON) -m orchestration status

.PHONY: asof
asof: .venv/.synced ## the marts as they were known on a day, in a folder of their own: DATE=2025-01-31
	@$(PYTHON) -m orchestration asof --date "$(DATE)"

.PHONY: csv
csv: .venv/.synced ## published marts for a spreadsheet, no cell a formula: [MARTS="claim_verdicts" OUT=folder]
	@$(PYTHON) -m orchestration csv --marts "$(MARTS)" --out "$(OUT)"

.PHONY: metrics
metrics: .venv/.synced published ## ask MetricFlow about the published marts: QUERY="--metrics caar_pct --group-by event"
	@cd dbt_project && $(AS_PUBLISHED) ../.venv/bin/dbt parse --quiet && $(AS_PUBLISHED) ../.venv/bin/mf query $(QUERY)

.PHONY: docs
docs: .venv/.synced published ## write dbt's documentation of every model and column as one page
	@cd dbt_project && $(AS_PUBLISHED) ../.venv/bin/dbt docs generate --quiet --static --target-path "$(AFTERSHOCK_DATA_DIR)/docs"
	@echo "$(AFTERSHOCK_DATA_DIR)/docs/static_index.html"

.PHONY: serve
serve: .venv/.synced ## the Dagster UI, read-only, and the daemon on http://127.0.0.1:3000 (WRITABLE=1 behind a proxy)
	@$(PYTHON) -m orchestration serve --host $(HOST) --port $(PORT) $(if $(WRITABLE),--writable)

.PHONY: dev
dev: .venv/.synced manifest ## the same for development: any page that its browser opens can start runs
	@.venv/bin/dagster dev --workspace workspace.yaml --host $(HOST) --port $(PORT)

.PHONY: manifest
manifest: .venv/.synced ## make the dbt manifest that the asset graph is read from
	@$(PYTHON) -m orchestration manifest

.PHONY: test
test: .venv/.synced ## run every test lane: unit, dbt unit tests, integration, end to end
	@$(PYTHON) -m pytest tests -n $$(nproc) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: check
check: .venv/.synced manifest ## lint and type-check: ruff, mypy, sqlfluff
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests

.PHONY: bench
bench: .venv/.synced ## measure the job against `dbt build` alone, the event study against other ways, and the reading of claims
	@$(PYTHON) -m tests.benchmarks.job
	@$(PYTHON) -m tests.benchmarks.event_study
	@$(PYTHON) -m tests.benchmarks.extraction

.PHONY: monte-carlo
monte-carlo: .venv/.synced ## reject true and false null hypotheses with every group test: size and power
	@$(PYTHON) -m tests.benchmarks.monte_carlo --groups 250 --power-groups 50 --builds 4

.PHONY: clean
clean: ## delete everything made at run time: landing, warehouse, publications, run history
	rm -rf data/landing data/feed_state data/quarantine data/published data/studies data/asof data/csv data/docs data/data_docs data/dbt_target data/warehouse.duckdb* data/warehouse.lock data/alerts.json data/postgres.served data/runs
	find data/dagster_home -mindepth 1 ! -name dagster.yaml -delete
