#!/usr/bin/env bash
# Installs what Atrium is built and tested with, if it is missing. Asks nothing, safe to run twice.
#
#   scripts/setup.sh run    what `make run` and `make dist` need
#   scripts/setup.sh test   that, and a browser, PostgreSQL, localstripe and nginx for the tests
#
# Leaves .cache/env, which the Makefile's recipes source. Tools go to the user's cache
# (${XDG_CACHE_HOME:-~/.cache}/atrium), npm packages to node_modules; only what neither can hold
# (a C compiler, the browser, PostgreSQL, nginx, Debian's Rust where rustup cannot help) goes to the
# system.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-run}
[ "$mode" = dist ] && mode=run
case $mode in
  run | test) ;;
  *) echo "usage: scripts/setup.sh run|test" >&2; exit 2 ;;
esac

# --- Is it done already? ----------------------------------------------------------------------

inputs() { cat scripts/versions.env scripts/setup.sh package.json package-lock.json | cksum; }

# A stamp holds the inputs' checksum, then every program that set-up chose, one a line.
done_already() {
  local stamp=.cache/setup-$1 line
  [ -f "$stamp" ] && [ -f .cache/env ] && [ -f node_modules/.package-lock.json ] || return 1
  {
    read -r line
    [ "$line" = "$(inputs)" ] || return 1
    while read -r line; do [ -x "$line" ] || return 1; done
  } <"$stamp"
}

# What the tests need includes what a run needs.
if done_already test || { [ "$mode" = run ] && done_already run; }; then exit 0; fi

# --- From here on something is missing --------------------------------------------------------

# shellcheck source=scripts/versions.env
. scripts/versions.env
root=$PWD
cache=${XDG_CACHE_HOME:-$HOME/.cache}/atrium
tools=$cache/tools
mkdir -p .cache "$tools" "$cache/log"

# Two checkouts share the cache: the second waits for the first.
if command -v flock >/dev/null; then
  exec 9>"$cache/lock"
  flock -n 9 || { echo "set-up: another set-up is running, waiting for it"; flock 9; }
  if done_already test || { [ "$mode" = run ] && done_already run; }; then exit 0; fi
fi
rm -f .cache/setup-run .cache/setup-test

say() { echo "set-up: $*"; }
fail() { echo "set-up: $*" >&2; exit 1; }

child=
# shellcheck disable=SC2317 # a trap calls it
stop_child() {
  # The child leads a process group of its own (set -m below): what it started ends with it.
  [ -z "$child" ] || kill -- "-$child" 2>/dev/null || true
  exit 130
}
trap stop_child INT TERM
trap 'echo "set-up: stopped at line $LINENO of scripts/setup.sh, which is a mistake in it: please report it" >&2' ERR

# long NAME MINUTES COMMAND...: runs it with its output in a log, and says every half minute how far it is.
long() {
  local name=$1 minutes=$2 log began=$SECONDS next status=0 passed
  log=$cache/log/${name// /-}.log
  shift 2
  say "$name (about $minutes min on two cores; log: $log)"
  set -m
  "$@" >"$log" 2>&1 </dev/null 9>&- &
  child=$!
  set +m
  next=$((began + 30))
  while kill -0 "$child" 2>/dev/null; do
    sleep 0.5
    [ "$SECONDS" -lt "$next" ] && continue
    next=$((SECONDS + 30))
    passed=$((SECONDS - began))
    say "  $((passed / 60)) min $((passed % 60)) s of about $minutes min: $(tail -n 1 "$log" | tr -d '\r' | cut -c 1-70)"
  done
  wait "$child" || status=$?
  child=
  if [ "$status" -ne 0 ]; then tail -n 15 "$log" | sed 's/^/    /' >&2; fi
  return "$status"
}

# macOS has no timeout.
limited() { if command -v timeout >/dev/null; then timeout "$@"; else shift && "$@"; fi; }

at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
can_apt() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

updated=
# apt NAME MINUTES PACKAGE...
apt() {
  local name=$1 minutes=$2
  shift 2
  can_apt || return 1
  if [ -z "$updated" ]; then
    long "package lists" 1 as_root apt-get update || say "the package lists could not be updated: going on with the ones here"
    updated=1
  fi
  long "$name" "$minutes" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

chosen=() # programs, for the stamp
paths=()  # folders that go in front of PATH
settings=()

use() { chosen+=("$1"); }
front() {
  paths+=("$1")
  PATH=$1:$PATH
}

# --- A C compiler (SQLite and the linker's driver) --------------------------------------------

c_compiler() {
  if ! command -v cc >/dev/null; then
    apt "C compiler" 1 gcc libc6-dev ||
      fail "A C compiler is needed and could not be installed. Install one that answers to 'cc' (Debian: apt-get install gcc libc6-dev), then run this again."
  fi
  use "$(command -v cc)"
}

# --- Rust for this machine and for wasm32 -----------------------------------------------------

wasm_std() { compgen -G "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)/libstd-*.rlib" >/dev/null; }
# The proof: a program is compiled and linked.
wasm_works() {
  local probe=$cache/probe status=0
  rm -rf "$probe"
  mkdir -p "$probe"
  echo 'fn main() {}' >"$probe/main.rs"
  (cd "$probe" && rustc --target wasm32-unknown-unknown main.rs -o main.wasm) >/dev/null 2>&1 || status=1
  rm -rf "$probe"
  return "$status"
}
rust_version() { rustc --version 2>/dev/null | cut -d ' ' -f 2 || true; }
rust_is_new_enough() { at_least "$(rust_version)" "$RUST"; }
rust_has_parts() { cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1; }

rust_by_rustup() {
  command -v rustup >/dev/null || return 1
  # Nothing here may fetch by itself: each step that does is named.
  export RUSTUP_AUTO_INSTALL=0
  if ! rust_is_new_enough; then
    # Beside the user's own toolchain, which stays as it is.
    long "Rust $RUST" 2 limited 600 rustup toolchain install "$RUST" --profile minimal \
      --component clippy,rustfmt --target wasm32-unknown-unknown || return 1
    export RUSTUP_TOOLCHAIN=$RUST
    settings+=("RUSTUP_TOOLCHAIN=$RUST")
  fi
  wasm_std || limited 300 rustup --quiet target add wasm32-unknown-unknown >/dev/null 2>&1 || return 1
  rust_has_parts || limited 300 rustup --quiet component add clippy rustfmt >/dev/null 2>&1 || return 1
  rust_is_new_enough && wasm_works
}

# The standard library for wasm32 from Debian's source package: an empty crate built with -Zbuild-std.
build_wasm_std() {
  local into=$1 work=$cache/std
  rm -rf "$work"
  mkdir -p "$work/src"
  cat >"$work/Cargo.toml" <<'TOML'
[package]
name = "empty"
edition = "2021"
[profile.release]
opt-level = "z"
codegen-units = 1
panic = "abort"
TOML
  echo '#![no_std]' >"$work/src/lib.rs"
  # embed-bitcode: without it a release build with link-time optimisation of the app fails.
  (cd "$work" && CARGO_TARGET_DIR=$work/target RUSTC_BOOTSTRAP=1 \
    RUSTFLAGS="-Cembed-bitcode=yes -Zforce-unstable-if-unmarked" \
    cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort,test,proc_macro) || return 1
  rm -f "$work"/target/wasm32-unknown-unknown/release/deps/libempty-*
  as_root rm -rf "$into"
  as_root mkdir -p "$into"
  as_root cp "$work"/target/wasm32-unknown-unknown/release/deps/*.rlib "$into/"
  rustc --version --verbose >"$work/built-by"
  as_root cp "$work/built-by" "$into/built-by"
  rm -rf "$work"
}

rust_by_debian() {
  can_apt || return 1
  say "rustup cannot give Rust $RUST with the wasm32 target: trying Debian's packages"
  apt "Debian's Rust" 2 rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web || return 1
  # Links, so that /usr/bin as a whole need not come before the user's own programs.
  local bin=$root/.cache/rust program llvm into
  mkdir -p "$bin"
  for program in cargo rustc rustdoc rustfmt cargo-clippy clippy-driver cargo-fmt; do
    ln -sfn "/usr/bin/$program" "$bin/$program"
  done
  front "$bin"
  hash -r
  unset RUSTUP_TOOLCHAIN
  rust_is_new_enough || { say "Debian's Rust is $(rust_version)"; return 1; }
  # The linker of the LLVM that this rustc was built with, under the name that rustc calls it by.
  llvm=$(rustc --version --verbose | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
  command -v "lld-$llvm" >/dev/null || apt "wasm linker" 1 "lld-$llvm" || return 1
  ln -sfn "$(command -v "lld-$llvm")" "$bin/rust-lld"
  into=$(rustc --print target-libdir --target wasm32-unknown-unknown)
  if ! wasm_std || ! rustc --version --verbose | cmp -s - "$into/built-by"; then
    long "standard library for wasm32" 2 build_wasm_std "$into" || return 1
    rm -rf target/wasm32-unknown-unknown # cargo does not notice that std changed
  fi
  wasm_works
}

rust() {
  local here
  [ ! -d "${CARGO_HOME:-$HOME/.cargo}/bin" ] || command -v cargo >/dev/null || front "${CARGO_HOME:-$HOME/.cargo}/bin"
  here=$(rust_version)
  if rust_by_rustup; then
    :
  elif ! command -v rustup >/dev/null && rust_is_new_enough && rust_has_parts && wasm_works; then
    : # the distribution's or the user's own
  elif rust_by_debian; then
    :
  else
    fail "Rust $RUST or newer with the target wasm32-unknown-unknown is out of reach (here: ${here:-none}). Install rustup, run 'rustup toolchain install stable --target wasm32-unknown-unknown', then run this again."
  fi
  use "$(command -v cargo)"
  use "$(command -v rustc)"
  say "Rust $(rust_version), $(command -v rustc)"
}

# --- trunk, wasm-bindgen and wasm-split -------------------------------------------------------------------

# tool CRATE[+FEATURE] VERSION MINUTES PROGRAM...: exactly that version, from PATH or built into the cache.
tool() {
  local crate=${1%+*} feature= version=$2 minutes=$3 home name program
  [ "$1" = "$crate" ] || feature=${1#*+}
  shift 3
  name=${crate%-cli}
  home=$tools/$name-$version
  if [ "$("$1" --version 2>/dev/null)" != "$1 $version" ] || ! command -v "${!#}" >/dev/null; then
    if [ ! -x "$home/bin/${!#}" ]; then
      long "$name $version" "$minutes" build_tool "$crate" "$version" "$home" "$feature" ||
        fail "$name $version could not be built (see above): the crates registry is out of reach, or a library for it is missing. Install exactly $name $version in some other way so that it is in PATH, then run this again."
    fi
    front "$home/bin"
  fi
  for program in "$@"; do use "$(command -v "$program")"; done
  say "$name $version, $(command -v "$1")"
}

build_tool() {
  local crate=$1 version=$2 home=$3 feature=$4 locked status=1
  # They run for seconds a build: half the time to compile them is worth more than speed.
  # --locked first; without it where a mirror lacks an old release of some dependency.
  for locked in --locked ''; do
    if (
      cd "$cache"
      export CARGO_TARGET_DIR=$cache/build CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        CARGO_PROFILE_RELEASE_DEBUG=0
      # shellcheck disable=SC2086 # nothing, where it is empty
      cargo install $locked --force --root "$home" "$crate" --version "$version" ${feature:+--features "$feature"}
    ); then
      status=0
      break
    fi
  done
  rm -rf "$cache/build"
  return "$status"
}

# --- Node.js and the npm packages -------------------------------------------------------------

node_is_new_enough() { at_least "$(node --version 2>/dev/null | tr -d v)" "$NODE"; }

node_and_packages() {
  if ! node_is_new_enough; then
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
      apt "Node.js" 2 nodejs npm || true
    fi
    # Debian 12's is too old, but its npm brings a newer one as a package.
    if ! node_is_new_enough && command -v npm >/dev/null; then
      long "Node.js $NODE" 1 npm install --prefix "$tools/node-$NODE" --no-save "node@$NODE" || true
      [ ! -x "$tools/node-$NODE/node_modules/.bin/node" ] || front "$tools/node-$NODE/node_modules/.bin"
    fi
    node_is_new_enough ||
      fail "Node.js $NODE or newer is needed (here: $(node --version 2>/dev/null || echo none)) and could not be installed. Install it, then run this again."
  fi
  command -v npm >/dev/null || fail "npm is needed and not in PATH (it comes with Node.js). Install it, then run this again."
  use "$(command -v node)"
  say "Node.js $(node --version), $(command -v node)"
  # npm writes node_modules/.package-lock.json last.
  if [ ! -f node_modules/.package-lock.json ] || [ "$(cat node_modules/.atrium 2>/dev/null)" != "$(cksum <package-lock.json)" ]; then
    # A link to another checkout's packages: npm would empty what it leads to.
    [ ! -L node_modules ] || rm node_modules
    long "npm packages" 1 npm ci --no-audit --no-fund ||
      fail "The npm packages could not be installed (see above): the npm registry is out of reach, or node_modules cannot be written. Put it right, then run this again."
    cksum <package-lock.json >node_modules/.atrium
  fi
}

# --- A browser for the tests ------------------------------------------------------------------

find_browser() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    [ -n "$name" ] && command -v "$name" && return
  done
  return 1
}
find_driver() { command -v "${CHROMEDRIVER:-chromedriver}"; }

browser() {
  local chromium driver
  if ! find_browser >/dev/null || ! find_driver >/dev/null; then
    apt "Chromium" 2 chromium chromium-driver || true
  fi
  chromium=$(find_browser) ||
    fail "The tests need Chromium or Chrome, and it could not be installed. Install it (Debian: apt-get install chromium chromium-driver) or name one you have in CHROMIUM=, then run this again."
  driver=$(find_driver) ||
    fail "The tests need chromedriver of the same version as $chromium, and it could not be installed. Install it (Debian: apt-get install chromium-driver) or name one you have in CHROMEDRIVER=, then run this again."
  use "$chromium"
  use "$driver"
  settings+=("CHROMIUM=$chromium" "CHROMEDRIVER=$driver")
  say "browser $chromium, driver $driver"
}

# --- PostgreSQL for the tests -----------------------------------------------------------------

# The tests start one of their own (scripts/postgres.sh); without it the server is tested on SQLite alone.
postgresql() {
  local bin conf=/etc/postgresql-common/createcluster.conf
  if ! scripts/postgres.sh --there >/dev/null 2>&1 && apt "tools of PostgreSQL" 1 postgresql-common; then
    # The programs alone: Debian's package would also make a database and start it on the usual port.
    as_root sed -i.atrium 's/^#create_main_cluster = .*/create_main_cluster = false/' "$conf" || true
    apt "PostgreSQL" 1 postgresql || true
    [ ! -f "$conf.atrium" ] || as_root mv "$conf.atrium" "$conf"
  fi
  if bin=$(scripts/postgres.sh --there 2>/dev/null); then
    use "$bin/initdb"
    say "PostgreSQL for the tests, $bin"
  else
    say "PostgreSQL is not here and could not be installed: the server is tested on SQLite alone. Install it (Debian: apt-get install postgresql) to test both."
  fi
}

# --- localstripe for the tests ----------------------------------------------------------------

# Billing through Stripe is tested against it; without it those tests are left out, and say so.
localstripe() {
  local python
  if ! python3 -c 'import ensurepip' >/dev/null 2>&1; then apt "Python's environments" 1 python3 python3-venv || true; fi
  if python=$(scripts/localstripe.sh 2>"$cache/log/localstripe.log"); then
    use "$python"
    say "localstripe for the tests, $python"
  else
    say "localstripe could not be installed, so billing through Stripe is not tested: $(tail -n 1 "$cache/log/localstripe.log")"
  fi
}

# --- nginx for the tests ----------------------------------------------------------------------

# Where Debian has it is not in everybody's PATH.
find_nginx() { PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "${NGINX:-nginx}"; }

# The tests start one of their own with deploy/nginx.conf; without it that file is not tested.
web_server() {
  local found policy=/usr/sbin/policy-rc.d
  if ! find_nginx >/dev/null && can_apt; then
    # The programs alone: Debian's package would also start it on the usual port.
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy.atrium" >/dev/null && as_root chmod 755 "$policy.atrium" && as_root mv "$policy.atrium" "$policy" && found=ours; }
    apt "nginx" 1 nginx libnginx-mod-http-brotli-static || apt "nginx without brotli" 1 nginx || true
    [ "${found:-}" != ours ] || as_root rm -f "$policy"
  fi
  if found=$(find_nginx); then
    use "$found"
    settings+=("NGINX=$found")
    say "nginx for the tests, $found"
  else
    say "nginx is not here and could not be installed: its configuration (deploy/nginx.conf) is not tested. Install it (Debian: apt-get install nginx) to test it."
  fi
}

# --- All of it --------------------------------------------------------------------------------

c_compiler
rust
node_and_packages
tool trunk "$TRUNK" 7 trunk
tool wasm-bindgen-cli "$WASM_BINDGEN" 5 wasm-bindgen wasm-bindgen-test-runner
tool wasm_split_cli_support+build-binary "$WASM_SPLIT" 1 wasm-split-cli
[ "$mode" = run ] || browser
[ "$mode" = run ] || postgresql
[ "$mode" = run ] || localstripe
[ "$mode" = run ] || web_server

{
  echo "# Written by scripts/setup.sh."
  # shellcheck disable=SC2016 # the reader's PATH
  for path in ${paths[@]+"${paths[@]}"}; do printf 'PATH=%q:$PATH\n' "$path"; done
  echo "export PATH"
  for setting in ${settings[@]+"${settings[@]}"}; do printf 'export %s=%q\n' "${setting%%=*}" "${setting#*=}"; done
  # The links above are Debian's own programs; a toolchain that the user's shell names is not for them.
  [ ! -d "$root/.cache/rust" ] || [[ ":$PATH:" != *":$root/.cache/rust:"* ]] || echo "unset RUSTUP_TOOLCHAIN"
} >.cache/env
{
  inputs
  printf '%s\n' "${chosen[@]}"
} >.cache/setup-"$mode"
say "done"
