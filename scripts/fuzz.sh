#!/bin/sh
# Runs each fuzz target for SECONDS_EACH (default 60): scripts/fuzz.sh [TARGET...]. Works with a stable
# compiler, without the sanitizers, which want another one. What breaks a target is left in
# fuzz/artifacts, what it has learned in fuzz/corpus; fuzz/seeds is where it begins.
set -eu
cd "$(dirname "$0")/../fuzz"
if ! cargo fuzz --version > /dev/null 2>&1; then
  echo "cargo-fuzz is missing: cargo install cargo-fuzz --locked"
  exit 1
fi
[ $# -gt 0 ] || set -- json addresses names query body headers webhook search filter lists kept
cargo fuzz build --sanitizer none --release
failed=0
for target in "$@"; do
  mkdir -p "corpus/$target"
  log=$(mktemp)
  if cargo fuzz run --sanitizer none --release "$target" "corpus/$target" "seeds/$target" -- \
    -max_total_time="${SECONDS_EACH:-60}" -max_len=4096 -timeout=10 > "$log" 2>&1; then
    echo "$target: $(grep '^Done' "$log")"
  else
    failed=1
    echo "$target: FAILED"
    grep -vE '^#' "$log" | tail -40
  fi
  rm -f "$log"
done
exit $failed
