# Two commands do it all on a fresh machine: `make run` and `make test`. README.md says more.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: setup setup-run run test check coverage fix bench manual lock messages vendor fonts

# Each stamp is as old as the last installation: where the lists did not change, nothing is asked of the network.
setup: .venv/dev
setup-run: .venv/run

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/pip
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/bin/pip
	$(PIP) -r requirements-dev.txt
	@touch .venv/run $@

run: setup-run
	@$(BIN)/python -m config.run

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -q -p no:randomly tests/i18n

test: check
	@$(BIN)/python -m tests

# Slower than the tests alone, and asks for the floor in pyproject.toml.
coverage: setup
	@$(BIN)/python -m tests --coverage

fix: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/python -m bench $(BENCH)

# Needs Chromium: the pictures of the manual, of a demo firm that is made for it.
manual: setup
	$(BIN)/python -m config.manual.screenshots $(MANUAL)

# Needs uv: the versions of all dependencies with their hashes, for every platform, and no address.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-strip-extras --python-version 3.11
lock:
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --group dev -o requirements-dev.txt

# Needs GNU gettext: collects the texts of all pages and compiles their translations.
messages: setup
	$(BIN)/python manage.py makemessages -l zh_Hans --no-obsolete --no-location --no-wrap --ignore=.venv --ignore=var --ignore=tests --ignore=bench
	$(BIN)/python manage.py compilemessages --ignore=.venv

# Needs npm: builds the sprite of icons from the package that config/vendor.json pins.
vendor: setup-run
	$(BIN)/python -m config.vendor

# Needs Debian's fonts-noto-cjk: cuts the fonts of our papers out of it.
fonts: setup
	$(BIN)/python -m config.papers.fonts
