# One environment for everything: .venv, made from the locks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_LOCK := requirements/run.lock
WEB_LOCK := requirements/web.lock
DEV_LOCK := requirements/dev.lock

.PHONY: outlook serve test lint types licences docs skill verify benchmark fuzz wheelhouse lock clean

outlook: $(VENV)/.run
	$(BIN)/forewarn outlook idlib-2018

serve: $(VENV)/.web
	$(BIN)/forewarn serve

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

licences: $(VENV)/.run
	$(BIN)/python tools/check_licences.py

# The documentation as a site in site/, which opens from the folder. A broken link stops it.
docs: $(VENV)/.dev
	$(BIN)/python -m mkdocs build

# docs/skill.md with its figures, and docs/destinations.md, from the stored scores.
skill: $(VENV)/.run
	$(BIN)/python tools/make_skill.py
	$(BIN)/python tools/make_destinations_page.py

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
	rm -rf $(VENV) out site wheelhouse build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
