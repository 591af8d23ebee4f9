#!/bin/sh
# Everything that is checked without running the application. Runs all checks and fails when one of them did.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"
export SECRET_KEY=only-for-checks STOWPLAN_DATA_DIR="$PWD/var"
failed=""

check() { # check NAME COMMAND…
  name=$1
  shift
  echo "== $name"
  "$@" || failed="$failed, $name"
}

check "ruff" ruff check .
check "ruff format" ruff format --check .
check "mypy" mypy
check "import-linter" lint-imports
check "questionnaire" python manage.py check_questionnaire
check "decision tables" python manage.py check_rules
check "migrations" python manage.py makemigrations --check --dry-run
check "lock files" python scripts/check_locks.py
check "compose file" dclint docker-compose.yml

[ -z "$failed" ] && exit 0
echo "Failed: ${failed#, }" >&2
exit 1
