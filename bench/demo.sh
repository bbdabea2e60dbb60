#!/bin/sh
# Prints how long `atrium-server demo` takes for MEMBERS members (default 10000), in the dev
# profile. A figure to read, not a test: the machine decides. Aim: under 10 s.
set -eu
cd "$(dirname "$0")/.."
members=${1:-10000}
cargo build --quiet -p atrium-server
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
start=$(date +%s%N)
"${CARGO_TARGET_DIR:-target}/debug/atrium-server" demo --members "$members" --database "sqlite://$directory/demo.db" > /dev/null
end=$(date +%s%N)
echo "demo of $members members: $(((end - start) / 1000000)) ms, $(wc -c < "$directory/demo.db") bytes"
