# One environment for everything: .venv, made from the locks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_LOCK := requirements/run.lock
WEB_LOCK := requirements/web.lock
DEV_LOCK := requirements/dev.lock

# Processes that run tests at the same time.
WORKERS ?= 2
TEST := $(BIN)/python -m pytest -n $(WORKERS)

.PHONY: outlook serve test quick coverage lint types licences hooks docs skill verify benchmark fuzz wheelhouse lock clean

# Tests start hundreds of processes, which would each compile all modules anew.
test coverage quick: export PYTHONDONTWRITEBYTECODE :=

outlook: $(VENV)/.run
	$(BIN)/forewarn outlook idlib-2018

serve: $(VENV)/.web
	$(BIN)/forewarn serve

test: $(VENV)/.dev
	$(TEST)

# The tests of an edit, in less than a minute: of what differs from the last commit, or of ROOMS="reading ledger".
quick: $(VENV)/.dev
	$(BIN)/python tools/quick.py $(ROOMS)

# All tests with the share of lines and branches that they reach, on the terminal and in htmlcov/. No share is asked for.
coverage: $(VENV)/.dev
	$(TEST) --cov --cov-report=term:skip-covered --cov-report=html

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

licences: $(VENV)/.run
	$(BIN)/python tools/check_licences.py

# Runs lint and types before every commit from now on (.pre-commit-config.yaml).
hooks: $(VENV)/.dev
	$(BIN)/pre-commit install

# The documentation as a site in site/, which opens from the folder. A broken link stops it.
docs: $(VENV)/.dev
	$(BIN)/python -m mkdocs build

# docs/skill.md, its figures, docs/destinations.md and the tables of docs/reading.md, from stored scores.
skill: $(VENV)/.run
	$(BIN)/python tools/make_skill.py
	$(BIN)/python tools/make_destinations_page.py
	$(BIN)/python tools/make_reading_tables.py

# Long statistical checks, run before a release.
verify: $(VENV)/.dev
	$(BIN)/python -m pytest verification

benchmark: $(VENV)/.dev
	$(BIN)/python -m pytest benchmarks --benchmark-only

$(VENV)/.run: $(RUN_LOCK) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r $(RUN_LOCK)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.web: $(WEB_LOCK) $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r $(WEB_LOCK)
	touch $@

$(VENV)/.dev: $(DEV_LOCK) $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r $(DEV_LOCK)
	touch $@

# Longer bounded fuzzing of every door by which files come in.
fuzz: $(VENV)/.dev
	FOREWARN_FUZZ=1500 $(BIN)/python -m pytest tests/flee/test_fuzz.py tests/intake/test_fuzz.py

# Everything for an installation without a network, with the app (docs/install.md).
wheelhouse: $(VENV)/.run
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w wheelhouse .
	$(BIN)/python -m pip download --quiet --require-hashes -r $(WEB_LOCK) -d wheelhouse

# Pinned versions and hashes, no addresses; for every system and every Python that pyproject.toml allows.
lock: $(VENV)/.dev
	$(BIN)/python tools/lock.py

clean:
	rm -rf $(VENV) out site wheelhouse build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .coverage* htmlcov
