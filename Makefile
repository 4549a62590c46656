# Two commands do everything: `make run` cleans the seeds that ship into archive.db and shows the result,
# `make test` runs every check that CI runs. Each builds what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test coverage check lint docs golden extension check-pythons stress bench clean

run: .venv/ready
	$(BIN)/crawler --config config.toml --db archive.db reclean
	$(BIN)/crawler --config config.toml --db archive.db status
	$(BIN)/sqlite-utils rows archive.db articles --limit 5 -c date -c account -c title -c state -c characters --table

test: .venv/ready lint
	$(BIN)/pytest -n 3 --dist worksteal -m ""

coverage: .venv/ready
	$(BIN)/pytest -n 3 --dist worksteal --cov --cov-report=term:skip-covered

check: .venv/ready lint
	$(BIN)/pytest -n 3 --dist worksteal

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m scripts.make_docs --check

docs: .venv/ready
	$(BIN)/python -m scripts.make_docs

golden: .venv/ready
	$(BIN)/pytest -q tests/test_golden_pages.py tests/test_golden_seeds.py --update-golden
	$(BIN)/pytest -q tests/test_versions.py --update-golden
	git status --short tests/golden

extension: .venv/ready
	$(BIN)/python -m scripts.pack_extension

stress: .venv/ready
	$(BIN)/python -m scripts.stress

check-pythons: .venv/ready
	$(BIN)/python -m scripts.check_pythons

bench: .venv/ready
	$(BIN)/python -m bench

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv
