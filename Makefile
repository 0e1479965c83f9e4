# Everything from nothing but Python 3.11 or newer. `make` alone lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first of these that is new enough; PYTHON=/path/to/python make … overrides it.
PYTHON ?= $(shell for p in python3.11 python3 python3.13 python3.12; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
PY := .venv/bin/python
WORKERS ?= 2
# The type checker and the linters load the settings, but need no database.
NO_SERVERS := DALALA_NO_EMBEDDED=1

.PHONY: help run test lint format messages bench lock clean system-packages

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: export DALALA_WITH_PARENT := 1
run: .venv/run.stamp ## Start the whole site with its demo (PORT=8000); Ctrl-C stops it
	@exec $(PY) manage.py run

test: system-packages lint ## Linters, types and all tests, those in the browser included
	$(PY) -m pytest -n $(WORKERS) $(ARGS)

lint: .venv/dev.stamp ## Style, layers, types, templates
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(NO_SERVERS) .venv/bin/lint-imports
	$(NO_SERVERS) .venv/bin/mypy
	.venv/bin/djlint --lint --quiet templates

format: .venv/dev.stamp ## Put the Python files in shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

messages: .venv/dev.stamp ## Bring new words of the screen into the Arabic catalogue
	$(NO_SERVERS) $(PY) manage.py makemessages --locale ar --no-obsolete --no-wrap --add-location file \
		--ignore .venv --ignore .run --ignore tests
	@sed -i '/^"POT-Creation-Date/d' annotator/locale/*/LC_MESSAGES/django.po  # it would differ after every run

bench: .venv/dev.stamp ## Measure and write .run/bench/NAME.json (NAME=… for one of them)
	$(PY) -m tests.bench $(NAME)

lock: .venv/made.stamp ## Resolve the dependencies of pyproject.toml anew
	$(PY) -m pip install --quiet --upgrade uv
	.venv/bin/uv pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile $(LOCK_OPTIONS) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate $(UPGRADE)

clean: ## Remove the virtual environment and caches; data in .run stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -not -path './.git/*' -exec rm -rf {} +

# The stamp is written last, so that an interrupted installation is done again.
.venv/made.stamp:
	@test -n "$(PYTHON)" || { echo "Dalala needs Python 3.11 or newer, and none was found." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call debian,python3-venv)
	@rm -rf .venv && echo "Making .venv with $(PYTHON)" && $(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: requirements.lock | .venv/made.stamp
	@echo "Installing what the site needs"
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $@

# The second lock holds everything of the first in the same versions.
.venv/dev.stamp: requirements-dev.lock | .venv/made.stamp
	@echo "Installing what the site and its tests need"
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@ .venv/run.stamp

system-packages:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v chromium-headless-shell >/dev/null || missing="$$missing chromium-headless-shell"; \
	command -v msgfmt >/dev/null || missing="$$missing gettext"; \
	test -e /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf || missing="$$missing fonts-noto-core"; \
	command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing="$$missing firefox-esr"; \
	test -z "$$missing" || $(call debian,$$missing)

# Debian packages: installed when we may, named when we may not.
debian = { \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Debian packages: $(1)"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
	else \
		echo "These packages are missing: $(1). On Debian: sudo apt-get install $(1)" >&2; exit 1; \
	fi; }
