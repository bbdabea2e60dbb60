#!/usr/bin/env bash
# Every check and test, in order, stopping at the first that fails. The last line counts them: a
# check is one, a test suite as many as it ran. Wants .cache/env sourced (the Makefile does).
set -uo pipefail
cd "$(dirname "$0")/.." || exit
# Parsed below: no colours in what cargo prints.
export CARGO_TERM_COLOR=never FORCE_COLOR=0
unset NO_COLOR # trunk refuses it, node warns about it beside FORCE_COLOR

log=.cache/test.log
passed=0
failed=0

finish() {
  echo
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

began=$SECONDS
heading() {
  echo
  echo "== $1 ($((SECONDS - began)) s so far) =="
}

# check NAME COMMAND...: counts one.
check() {
  heading "$1"
  shift
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    finish
  fi
}

# suite NAME COUNT COMMAND...: counts what COUNT reads from the output as "passed failed".
suite() {
  local name=$1 count=$2 status=0 good bad
  shift 2
  heading "$name"
  "$@" 2>&1 | tee "$log" || status=$?
  read -r good bad < <("$count")
  passed=$((passed + good))
  failed=$((failed + bad))
  if [ "$status" -ne 0 ]; then
    # It did not build, or ended before it could count.
    [ "$bad" -gt 0 ] || failed=$((failed + 1))
    finish
  fi
  if [ "$good" -eq 0 ]; then
    echo "$name ran no test"
    failed=$((failed + 1))
    finish
  fi
}

# shellcheck disable=SC2317 # called through suite
count_cargo() {
  awk '/^test result:/ { gsub(";", ""); for (i = 2; i <= NF; i++) { if ($i == "passed") p += $(i - 1); if ($i == "failed") f += $(i - 1) } } END { print p + 0, f + 0 }' "$log"
}
# shellcheck disable=SC2317
count_playwright() {
  node -e '
    const { stats } = JSON.parse(require("node:fs").readFileSync("test-results/report.json", "utf8"));
    console.log(stats.expected, stats.unexpected + stats.flaky);
  ' 2>/dev/null || echo 0 0
}

native=(-p atrium-words -p atrium-domain -p atrium-server)
browser=(-p atrium -p atrium-ui --target wasm32-unknown-unknown)

rm -f test-results/report.json
check "Repository: versions, addresses, licences" node scripts/check-repo.mjs
check "Words: every sentence, in every language" node scripts/words.mjs check
check "Formatting" cargo fmt --all -- --check
check "Clippy, native" cargo clippy "${native[@]}" --all-targets -- -D warnings
check "Clippy, wasm32" cargo clippy "${browser[@]}" --all-targets -- -D warnings
check "Types of the end-to-end tests" node_modules/.bin/tsc --project tests
suite "Native tests" count_cargo cargo test "${native[@]}"
if scripts/postgres.sh --there >/dev/null; then
  suite "The server's tests on PostgreSQL" count_cargo scripts/postgres.sh cargo test -p atrium-server --lib --test api
else
  heading "The server's tests on PostgreSQL"
  echo "NOT RUN: there is no PostgreSQL here (above). The server was tested on SQLite alone."
fi
suite "Tests in wasm, in headless Chromium" count_cargo cargo test "${browser[@]}"
check "The app (dist/)" scripts/build-app.sh
check "Size of the first load" node scripts/size.mjs
check "The server" cargo build -p atrium-server
check "schemathesis against the OpenAPI document" env EXAMPLES=2 scripts/schemathesis.sh
if [ ! -x "${NGINX:-/usr/sbin/nginx}" ]; then
  heading "The deployment behind nginx"
  echo "NOT RUN: there is no nginx here (above). deploy/nginx.conf was not tested."
fi
if ! scripts/localstripe.sh >/dev/null 2>&1; then
  heading "Billing through Stripe"
  echo "NOT RUN: there is no localstripe here (above). Stripe was tested neither in the server nor in the browser."
fi
suite "End to end, in headless Chromium" count_playwright node_modules/.bin/playwright test --max-failures=10
finish
