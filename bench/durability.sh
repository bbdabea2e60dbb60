#!/bin/sh
# Prints what it costs that nothing acknowledged is lost with the power: commits of SQLite with
# synchronous = FULL (which the server has) beside NORMAL, by turns in one run.
set -eu
cd "$(dirname "$0")/.."
exec cargo test --quiet -p atrium-server --bench durability
