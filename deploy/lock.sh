#!/bin/sh
# Pins every dependency with its hash in deploy/constraints.txt: `make lock`, or deploy/lock.sh [PYTHON]
#
# Asks pip which versions it would install for pyproject.toml on this machine, without installing anything (about 20 s). Run it after a change
# of dependencies and now and then for updates, read the difference, run `make test`, commit.
set -eu
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
report=$(mktemp)
trap 'rm -f "$report"' EXIT
"$python" -m pip install --disable-pip-version-check --quiet --dry-run --ignore-installed --report "$report" .
"$python" deploy/lock.py "$report" deploy/constraints.txt
