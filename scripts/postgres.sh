#!/usr/bin/env bash
# A PostgreSQL for tests: on 127.0.0.1 alone, on a free port, with data of its own that are gone
# when it ends.
#
#   scripts/postgres.sh COMMAND...   runs the command with its address in ATRIUM_TEST_POSTGRES, ends
#                                    with it and with its status
#   scripts/postgres.sh              prints its address and stays until Ctrl+C
#   scripts/postgres.sh --durable …  the same, as an installation has it: each commit waits for the
#                                    disk (for measuring)
#   scripts/postgres.sh --there      prints where its programs are; fails where there are none
#
# Takes the distribution's package (scripts/setup.sh test installs it where it can).
set -euo pipefail

say() { echo "postgres: $*" >&2; }

# The newest of Debian's, or what is in PATH.
programs() {
  local found
  found=$(for bin in /usr/lib/postgresql/*/bin; do [ -x "$bin/initdb" ] && echo "$bin"; done | sort -V | tail -n 1)
  [ -n "$found" ] || found=$(dirname "$(command -v initdb || echo /none/)")
  [ -x "$found/initdb" ] && [ -x "$found/postgres" ] && echo "$found"
}

# PostgreSQL refuses to be root.
account() {
  [ "$(id -u)" = 0 ] || { id -un; return; }
  id -un postgres 2>/dev/null || id -un nobody 2>/dev/null
}

bin=$(programs) || { say "There is none here. Install it (Debian: apt-get install postgresql), then run this again."; exit 1; }
user=$(account) || { say "It cannot run as root, and there is no account postgres or nobody to run it as."; exit 1; }
quick="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
case ${1:-} in
  --there) echo "$bin"; exit ;;
  --durable) quick=; shift ;;
esac

as_user() {
  if [ "$(id -un)" = "$user" ]; then "$@"; elif command -v runuser >/dev/null; then runuser -u "$user" -- "$@"; else su -s /bin/sh "$user" -c 'exec "$0" "$@"' -- "$@"; fi
}

home=$(mktemp -d "${TMPDIR:-/tmp}/atrium-postgres.XXXXXX")
data=$home/data
command_id=
# By its own process id, as it wrote it down itself.
end() {
  trap - EXIT INT TERM
  [ -z "$command_id" ] || kill -- "-$command_id" 2>/dev/null || true
  local id
  id=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
  if [ -n "$id" ]; then
    kill -INT "$id" 2>/dev/null || true
    while kill -0 "$id" 2>/dev/null; do sleep 0.1; done
  fi
  rm -rf "$home"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

[ "$(id -un)" = "$user" ] || chown "$user" "$home"
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$home/password"
[ "$(id -un)" = "$user" ] || chown "$user" "$home/password"

# Sorted as English is, which SQLite does not: a list that leaves its order to the database shows.
english=(--locale-provider=icu --icu-locale=en-US)
"$bin/initdb" --help | grep -q icu-locale || english=()
# The plain password: it goes no further than this machine, and SCRAM takes a build without
# optimisation 50 ms a connection.
options=(-D "$data" -U atrium --pwfile="$home/password" --auth=password --encoding=UTF8 --locale=C --no-sync)
cd "$home" # the account may not be allowed to be where this began
if ! as_user "$bin/initdb" "${options[@]}" ${english[@]+"${english[@]}"} >"$home/log" 2>&1; then
  rm -rf "$data"
  as_user "$bin/initdb" "${options[@]}" >"$home/log" 2>&1 || { cat "$home/log" >&2; say "Its files could not be made (above)."; exit 1; }
fi

port=
for _ in 1 2 3 4 5 6 7 8; do
  try=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
  # pg_ctl waits until it answers, and fails where the port is taken.
  if as_user "$bin/pg_ctl" start --wait --silent -D "$data" -l "$home/server.log" -o "-c listen_addresses=127.0.0.1 -c port=$try \
    -c unix_socket_directories= -c max_connections=300 -c shared_buffers=64MB $quick" >/dev/null 2>&1; then
    port=$try
    break
  fi
done
[ -n "$port" ] || { tail -n 20 "$home/server.log" >&2; say "It did not start (above)."; exit 1; }

export ATRIUM_TEST_POSTGRES=postgres://atrium:$password@127.0.0.1:$port/postgres
cd "$OLDPWD"
if [ "$#" -gt 0 ]; then
  # Beside this shell, which so gets signals at once, and in a process group of its own (set -m):
  # what it started ends with it.
  status=0
  set -m
  "$@" </dev/null &
  command_id=$!
  set +m
  wait "$command_id" || status=$?
  command_id=
  exit "$status"
fi
echo "$ATRIUM_TEST_POSTGRES"
say "Ctrl+C ends it."
while sleep 3600 & wait $!; do :; done
