#!/usr/bin/env bash
# Builds the static files into dist/ unless nothing changed since they were built.
# Wants .cache/env sourced (the Makefile does).
set -euo pipefail
cd "$(dirname "$0")/.."

inputs() {
  {
    find src crates/domain crates/ui crates/words words style public scripts index.html Cargo.toml Cargo.lock Trunk.toml \
      .cargo/config.toml package-lock.json -type f -print0 | sort -z | xargs -0 cksum
    rustc --version
  } | cksum
}

stamp=.cache/dist
now=$(inputs)
if [ -f dist/index.html.br ] && [ "$(cat $stamp 2>/dev/null)" = "$now" ]; then
  echo "dist/ is up to date"
  exit 0
fi

echo "Building the app into dist/ (about 4 min from nothing on two cores)"
rm -f $stamp
# trunk builds offline, lest it look for updates and tools of its own; cargo may need crates.
cargo fetch --quiet --target wasm32-unknown-unknown
# NO_COLOR: trunk reads it as a flag and refuses the value 1.
env -u NO_COLOR RUST_BACKTRACE=0 trunk build --release --offline
# Cargo.lock may have been made just now.
inputs >$stamp
