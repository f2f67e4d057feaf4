# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OPEN ?= yes
DEMO := build/demo

.PHONY: help demo test check format golden bench bench-large gates gates-people lock clean
help:  ## List what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# The two stamps: an environment to run in, and one to test in. Hashes are required; no index is named.
$(VENV)/run: requirements/run.txt requirements/build.txt pyproject.toml tools/environment.sh
	@PYTHON=$(PYTHON) bash tools/environment.sh $(VENV) requirements/run.txt
	@touch $@
$(VENV)/test: requirements/test.txt $(VENV)/run
	@PYTHON=$(PYTHON) bash tools/environment.sh $(VENV) requirements/test.txt
	@touch $@

demo: $(VENV)/run  ## Scan the example company and show the report (OPEN=no: do not open a browser)
	@$(BIN)/python tools/demo.py $(DEMO) --open $(OPEN)

test: $(VENV)/test  ## Checks and tests
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -q -n 2

check: $(VENV)/test  ## Format, lint, types, import contracts
	$(BIN)/ruff format --check src tests bench tools
	$(BIN)/ruff check src tests bench tools
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/test  ## Put the code in its form
	$(BIN)/ruff format src tests bench tools
	$(BIN)/ruff check --fix src tests bench tools

golden: $(VENV)/test  ## Write the golden files and generated pages again, to be read before they are committed
	$(BIN)/python tools/generate.py

bench: $(VENV)/test  ## Figures at 1 million interactions
	$(BIN)/python bench/journeys.py --rows 1000000
	$(BIN)/python bench/intake.py --rows 1000000
	$(BIN)/python bench/report.py --rows 1000000

bench-large: $(VENV)/test  ## Figures at 10 million interactions (half an hour, 20 GB of disk)
	$(BIN)/python bench/journeys.py --rows 10000000
	$(BIN)/python bench/intake.py --rows 10000000

gates: $(VENV)/test  ## Conflicts, forecasts and stories against the truth of simulated companies (an hour)
	$(BIN)/python bench/gates/conflicts.py --worlds 400
	$(BIN)/python bench/gates/forecasts.py --worlds 400
	$(BIN)/python bench/gates/stories.py --seeds 1 2 3
	$(BIN)/python bench/gates/few.py
	$(BIN)/python bench/gates/pairs.py --large

gates-people: $(VENV)/test  ## Dosage, silence, retention, irritants, employees and texts against worlds and public data (hours; DATA=folder of public data)
	$(BIN)/python bench/gates/dosage.py 405 500000
	$(BIN)/python bench/gates/dosage.py --waits --chat
	$(BIN)/python bench/gates/silence.py --worlds 400 --first 200000 --workers 2
	$(BIN)/python bench/gates/retention.py --worlds 400 --seed 10000
	$(BIN)/python bench/gates/irritants.py --worlds 400 --seed 20000
	$(BIN)/python bench/gates/attack.py --attempts 10000
	$(BIN)/python bench/gates/thrust.py
	$(BIN)/python bench/gates/stall.py
	$(BIN)/python bench/gates/takeover.py $(DATA)/mhch_handoff/utterances.parquet --judge
	$(BIN)/python bench/gates/texts.py --data $(DATA)
	$(BIN)/python bench/gates/texts.py reasons tone --data $(DATA) --base --cuts 3
	$(BIN)/python bench/gates/texts.py notes languages reasons tone --data $(DATA) --extra --encoder e5
	$(BIN)/python bench/gates/verbatims.py $(DATA)

lock:  ## Resolve the dependencies again (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements/run.txt
	uv pip compile pyproject.toml --group test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements/test.txt
	uv pip compile requirements/build.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements/build.txt

clean:  ## Remove what was built
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
