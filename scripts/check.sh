#!/usr/bin/env bash
# Every check, then every test. `--fast` stops before the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export PYTHONPATH=src DJANGO_SETTINGS_MODULE=config.settings_test
step() { printf '\n— %s\n' "$1"; }

step "format";        $bin/ruff format -q --check src tests benchmarks scripts conftest.py manage.py
step "lint";          $bin/ruff check -q src tests benchmarks scripts conftest.py manage.py
step "types";         $bin/mypy
step "import floors"; $bin/lint-imports --no-cache | grep -E 'KEPT|BROKEN'
[ "${1:-}" = "--fast" ] && exit 0
if ! command -v chromium-headless-shell >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  step "browser"
  (apt-get update -qq && { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell ||
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; }) >/dev/null 2>&1 ||
    command -v chromium >/dev/null || echo "Chromium could not be installed: journeys will be skipped."
fi
step "kernels";       $bin/python -m reciproque.engines.linkage.warming
step "tests"
exec $bin/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=15
