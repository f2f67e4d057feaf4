# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OPEN ?= yes
DEMO := build/demo

.PHONY: help demo test check format golden bench bench-large gates lock clean
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

lock:  ## Resolve the dependencies again (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements/run.txt
	uv pip compile pyproject.toml --group test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements/test.txt
	uv pip compile requirements/build.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements/build.txt

clean:  ## Remove what was built
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
