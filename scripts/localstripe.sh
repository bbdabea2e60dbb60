#!/usr/bin/env bash
# Prints the Python with localstripe in it: a stateful server that speaks Stripe's API, from PyPI, for the
# tests of billing. It has an environment of its own in .cache, which is made where it is missing.
#
#   scripts/localstripe.sh          makes it where it is missing; fails with a sentence where it cannot
set -euo pipefail
cd "$(dirname "$0")/.."

list=crates/server/tests/api/stripe/requirements.txt
place=$PWD/.cache/localstripe-1.15.0
if [ -x "$place/bin/python" ] && cmp -s "$list" "$place/wanted.txt"; then
  echo "$place/bin/python"
  exit
fi
mkdir -p .cache
# Made beside it first, so that one that was cut off is not taken for a whole one.
new=$PWD/.cache/localstripe-$$
trap 'rm -rf "$new"' EXIT
fail() { echo "$*" >&2; exit 1; }
python3 -m venv "$new" >/dev/null 2>&1 ||
  fail "python3 -m venv cannot make an environment (Debian: apt-get install python3-venv)"
"$new/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 -r "$list" >"$new/log" 2>&1 ||
  fail "pip cannot install localstripe, PyPI may be out of reach ($(tail -n 1 "$new/log"))"
cp "$list" "$new/wanted.txt"
rm -rf "$place"
# Somebody else may have been faster.
mv -T "$new" "$place" 2>/dev/null || [ -x "$place/bin/python" ] || fail "$place cannot be written"
echo "$place/bin/python"
