# make demo   set up and run the main job on sample-vault
# make test   set up and run the tests
# make check  everything else that CI runs
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test coverage check crm format lint types imports messages docs soak bench smoke clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/notevault --vault sample-vault sync
	$(BIN)/notevault --vault sample-vault search "複合機 見積" -n 5
	$(BIN)/notevault --vault sample-vault todo --overdue
	$(BIN)/notevault --vault sample-vault pipeline

test: $(STAMP)
	$(BIN)/python -m pytest -q -n 2 -m "not soak"

# the same with the lines that no test reaches; it takes half as long again
coverage: $(STAMP)
	$(BIN)/python -m pytest -q -n 2 -m "not soak" --cov --cov-report=term-missing:skip-covered

check: lint types imports smoke

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

smoke: $(STAMP)
	$(BIN)/python tests/smoke_wheel.py

messages: $(STAMP)
	$(BIN)/python -m tests.messages

docs: $(STAMP)
	$(BIN)/python -m tests.reference

# a real CRM takes an export: Tryton in a virtualenv of its own, kept in .tryton
crm: $(STAMP)
	$(BIN)/python -m tests.crm.run_tryton $(CRM_OPTIONS)

soak: $(STAMP)
	$(BIN)/python -m pytest -q -m soak

bench: $(STAMP)
	$(BIN)/python -m benchmarks.budgets

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) build dist *.egg-info
