# Everything a fresh Debian or Ubuntu machine needs: `make run` for the main case, `make test` for the tests.
# What is installed lives in .venv; stamps in it keep repeats quick, `make clean` starts over.

VENV := .venv
BIN := $(VENV)/bin
CASE ?= cases/mg_wo3_pulses
PYTEST_ARGS ?=

# Small banded systems: a second BLAS thread only waits for the first.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

FRAME := pyproject.toml .constraints.txt .ci/setup

.PHONY: help run test docs wheel pythons petsc aihwkit crosssim check lint types layers tree bench stress clean

help:
	@echo "make run    set up .venv and run $(CASE) (another one: make run CASE=DIRECTORY)"
	@echo "make test   the tests, with PETSc where MPI and BLAS headers are to be had"
	@echo "make docs   the manual, with its notebooks run, in eisfv/docs/_html"
	@echo "make petsc  build PETSc and petsc4py into .venv"
	@echo "make aihwkit  a training step with each exported device by aihwkit itself (some GB into .venv)"
	@echo "make crosssim  CrossSim 2 and 3 themselves with the exported files (cloned from their repository)"
	@echo "make check  ruff (lint), mypy (types) and import-linter (layers); all three with make -k"
	@echo "make wheel  sdist and wheel in dist, the wheel tried in an environment of its own"
	@echo "make pythons  the same wheel tried with every Python from 3.11 to 3.14 that this machine has"
	@echo "make bench  the benchmarks"
	@echo "make stress random devices: how many finish, and what becomes of the others (SEEDS=\"5000 5100\")"
	@echo "make clean  remove .venv, caches and builds; results of runs stay"

run: $(VENV)/.run
	$(BIN)/eisfv run $(CASE) --force

# One test more at a time than there are processors: a part of the tests waits for processes that they started. In the
# order of the folders: sorted by their counts, files of one long test would come last, one after the other.
# .ci/setup leaves the reason in .venv/.no-petsc when PETSc cannot be built here.
# Tests start the program some hundred times; its sources are compiled once, whatever the environment says.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.test
	@.ci/setup petsc
	@status=0; $(BIN)/pytest -n $$($(BIN)/python -c 'import os; print(min(4, 1 + os.cpu_count()))') --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS) || status=$$?; \
	if [ -f $(VENV)/.no-petsc ]; then echo "PETSc was not tested, the SciPy paths alone were: $$(cat $(VENV)/.no-petsc)"; fi; \
	exit $$status

petsc: $(VENV)/.run
	EISFV_REQUIRE_PETSC=1 .ci/setup petsc

aihwkit: $(VENV)/.test
	.ci/setup aihwkit
	$(BIN)/pytest -m long tests/simulators/test_aihwkit_itself.py

crosssim: $(VENV)/.test
	.ci/setup crosssim
	$(BIN)/pytest tests/simulators/test_crosssim_itself.py

check: lint types layers

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# mypy and import-linter do not see that eisfv.postprocess lies in postprocess/: they get a tree of links where it does.
types: $(VENV)/.test tree
	cd $(VENV)/tree && ../bin/mypy --config-file $(CURDIR)/pyproject.toml --cache-dir $(CURDIR)/.mypy_cache -p eisfv

layers: $(VENV)/.test tree
	cd $(VENV)/tree && PYTHONPATH=. ../bin/lint-imports --config $(CURDIR)/pyproject.toml --no-cache --no-logo

tree: $(VENV)/.test
	@rm -rf $(VENV)/tree && mkdir -p $(VENV)/tree/eisfv
	@ln -s $(CURDIR)/eisfv/* $(CURDIR)/postprocess $(VENV)/tree/eisfv

# A page that cannot be read, a link to nothing and a notebook that fails end it.
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -b html -q -W --keep-going eisfv/docs eisfv/docs/_html

# Away from the checkout, without extras: what a user of the wheel has.
wheel: $(VENV)/.run
	.ci/wheel build try

pythons: $(VENV)/.run
	.ci/wheel build all

bench: $(VENV)/.bench
	$(BIN)/pytest -m benchmark tests/benchmarks $(PYTEST_ARGS)

# Random devices, the same for the same seeds; not part of the tests.
SEEDS ?= 5000 5100

stress: $(VENV)/.test
	$(BIN)/python tests/stress/run.py $(SEEDS)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find eisfv postprocess tests -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.run: $(FRAME)
	.ci/setup run

$(VENV)/.test: $(VENV)/.run
	.ci/setup test

$(VENV)/.docs: $(VENV)/.test
	.ci/setup docs

$(VENV)/.bench: $(VENV)/.test
	.ci/setup bench
