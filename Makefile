# Everything a newcomer or CI runs. `make` alone lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help try test check lint types imports unit browser promtool everything bench soak audit gallery train lock clean

help:
	@echo "make try      install, index the documents and take a short tour in the terminal (no key, no token, no service)"
	@echo "make test     everything CI runs: lint, types, import rules, all tests (PostgreSQL, Chroma server and Chromium included)"
	@echo "make check    the same without servers, browser and the real model: under two minutes"
	@echo "make bench    figures: retrieval against the standard stacks, safety, answers, the bot under load"
	@echo "make soak     10,000 questions to two bots while everything is killed or restarted once (about seven minutes)"
	@echo "make audit    known faults of pinned packages (asks over the network), and bandit"
	@echo "make gallery  one contact sheet of all exercise demos"
	@echo "make train    train the safety layer's networks anew (three quarters of an hour)"
	@echo "make lock     pin every dependency with hashes in deploy/constraints.txt"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { echo "Spotter needs Python 3.11: install it, or name it with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Spotter and what it needs (torch is large; a few minutes the first time) ..."
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.developed: pyproject.toml $(VENV)/.installed
	@echo "Installing what the checks and tests need ..."
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

try: $(VENV)/.installed
	@$(BIN)/spotter tour

lint: $(VENV)/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developed
	$(BIN)/mypy

imports: $(VENV)/.developed
	$(BIN)/lint-imports

# The browser tests drive a Chromium of the system; where one may be installed, it is.
browser:
	@command -v chromium >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
		&& echo "Installing Chromium for the browser tests ..." && apt-get update -qq >/dev/null && apt-get install -y -qq chromium >/dev/null 2>&1; } \
		|| echo "No Chromium here: the browser tests will be skipped"

# Prometheus' own checker reads the alert rules; Debian's package carries it, and is unpacked here, not installed.
PROMTOOL := $(VENV)/promtool
promtool: $(VENV)/.developed
	@command -v promtool >/dev/null 2>&1 || [ -x $(PROMTOOL) ] || { command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 \
		&& folder=$$(mktemp -d) && (cd $$folder && (apt-get download -qq prometheus || { apt-get update -qq && apt-get download -qq prometheus; }) \
		&& dpkg-deb -x prometheus_*.deb .) >/dev/null 2>&1 && mv $$folder/usr/bin/promtool $(PROMTOOL) && rm -rf $$folder; } \
		|| echo "No promtool here: its check of the alert rules will be skipped"

unit: $(VENV)/.developed
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not slow"

# Two at a time, a file in one process: much of what the tests of real processes do is wait.
everything: $(VENV)/.developed browser promtool
	$(BIN)/pytest -q -n 2 --dist loadfile

check: lint types imports unit

test: lint types imports everything

# Peers are compared where they are installed (pip install --group peers) and named as missing where not.
bench: $(VENV)/.developed
	$(BIN)/spotter eval safety
	$(BIN)/spotter eval answers
	$(BIN)/spotter eval retrieval
	$(BIN)/python -m retrieval.compare $(wildcard ../shared/data/ir/*) --data-dir .spotter
	$(BIN)/python -m deploy.load --questions 2000 --faults bot-0,bot-1 --hasten

soak: $(VENV)/.developed
	$(BIN)/python -m deploy.load

audit: $(VENV)/.developed
	AUDIT=1 $(BIN)/pytest -q tests/deploy/test_scans.py

lock: $(VENV)/.developed
	deploy/lock.sh $(BIN)/python

gallery: $(VENV)/.installed
	$(BIN)/python -m bot.demos.gallery gallery

train: $(VENV)/.developed
	$(BIN)/python -m safety.train
	$(BIN)/python -m safety.reply_train

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
