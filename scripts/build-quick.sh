#!/usr/bin/env bash
# Builds the app into dist/ as quickly as it goes, unoptimised and uncompressed: for a look at a
# change, or a run of its end-to-end tests. `make test` and `make dist` build the real one again.
# Wants .cache/env sourced; keeps its own target folder beside the real build's.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target/quick} ATRIUM_QUICK=1
export CARGO_PROFILE_WASM_RELEASE_LTO=off CARGO_PROFILE_WASM_RELEASE_OPT_LEVEL=1 \
  CARGO_PROFILE_WASM_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_WASM_RELEASE_INCREMENTAL=true
rm -f .cache/dist # what build-app.sh goes by
env -u NO_COLOR RUST_BACKTRACE=0 trunk build --release --offline
