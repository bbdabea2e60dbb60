#!/usr/bin/env bash
# schemathesis (PyPI) against the server's own OpenAPI document, as an admin, as a user and as
# nobody: no failure of the server, no answer outside of the document. Wants .cache/env sourced and
# the server built. EXAMPLES is how many requests are made up for an operation and person, beside
# those for the borders of each field; SEED chooses others.
set -euo pipefail
cd "$(dirname "$0")/.."
server=${SERVER:-target/debug/atrium-server}
examples=${EXAMPLES:-10}
seed=${SEED:-1}
version=4.32.5
venv=.cache/schemathesis-$version

if [ ! -x "$venv/bin/st" ]; then
  rm -rf "$venv"
  # shellcheck disable=SC2310 # a failure is the question here
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; } >.cache/schemathesis-setup.log 2>&1; then
    rm -rf "$venv"
    echo "NOT RUN: schemathesis cannot be had here (Python 3.10 with venv, and PyPI): $(tail -n 1 .cache/schemathesis-setup.log)"
    exit 0
  fi
fi

work=$(mktemp -d)
cleanup() {
  [ -z "${pid:-}" ] || kill "$pid" 2>/dev/null || true
  [ -z "${pid:-}" ] || wait "$pid" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

: >"$work/out"
"$server" serve --listen 127.0.0.1:0 --database "sqlite://$work/atrium.db" --sign-in-limit 1000000 >"$work/out" 2>"$work/log" &
pid=$!
until grep -q '^Atrium is at ' "$work/out"; do
  kill -0 "$pid" 2>/dev/null || { cat "$work/log"; exit 1; }
  sleep 0.05
done
address=$(sed -n 's/^Atrium is at //p' "$work/out")

# An organization on Enterprise with an admin and a user, who is Editor of its workspace.
python3 - "$address" "$server" "sqlite://$work/atrium.db" >"$work/people" <<'PYTHON'
import json, subprocess, sys, urllib.request

address, server, database = sys.argv[1:]

def call(method, path, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{address}/api/v1{path}", data, {"content-type": "application/json", **headers}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)

def sign_up(name):
    account = {"email": f"{name}@example.com", "password": "correct horse battery", "full_name": name}
    return "Bearer " + call("POST", "/signup", account)["access_token"]

admin, user = sign_up("admin"), sign_up("user")
organization = call("POST", "/orgs", {"display_name": "Acme", "is_personal": False}, authorization=admin)["id"]
subprocess.run([server, "plan", organization, "enterprise", "--database", database], check=True, stdout=subprocess.DEVNULL)
at = {"authorization": admin, "x_organization_id": organization}
workspace = call("GET", "/workspaces", **at)[0]["id"]
roles = {role["name"]: role["id"] for role in call("GET", "/orgs/current/roles", **at)}
invitation = {"email": "user@example.com", "role_id": roles["ORGANIZATION_USER"], "workspace_ids": [workspace], "workspace_role_id": roles["WORKSPACE_USER"]}
call("POST", "/orgs/current/members", invitation, **at)
call("POST", f"/orgs/pending/{organization}/claim", {}, authorization=user)
print(admin, user, organization, workspace, sep="\n")
PYTHON
{
  read -r admin
  read -r user
  read -r organization
  read -r workspace
} <"$work/people"

checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance
checks+=,response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method
checks+=,allow_header_conformance,ignored_auth

# run NAME OPTION...
run() {
  local name=$1 began=$SECONDS
  shift
  trap - EXIT # the caller's
  if ! (cd "$work" && "$OLDPWD/$venv/bin/st" --no-color run "$address/api/v1/openapi.json" \
    --header "X-Organization-Id: $organization" --header "X-Tenant-Id: $workspace" \
    --phases examples,coverage,fuzzing --checks "$checks" --max-examples "$examples" --seed "$seed" \
    --continue-on-failure --warnings off --report-dir "$work" --request-timeout 20 "$@") >"$work/$name" 2>&1; then
    cat "$work/$name"
    grep -v INFO "$work/log" | tail -n 50 || true
    echo "schemathesis: failures as $name"
    exit 1
  fi
  local cases
  cases=$(sed -nE 's/.*[^0-9]([0-9]+) generated.*/\1/p' "$work/$name" | tail -n 1)
  echo "schemathesis: as $name, ${cases:-?} requests, no failure ($((SECONDS - began)) s)"
}

# Signing out would end the session that the others need.
signed_in=(--exclude-operation-id delete_session)
# All three at once: the machine has more than one core, and the server more than one caller.
run admin --header "Authorization: $admin" "${signed_in[@]}" &
runs=($!)
run user --header "Authorization: $user" "${signed_in[@]}" &
runs+=($!)
run nobody &
runs+=($!)
for one in "${runs[@]}"; do wait "$one" || failed=1; done
[ -z "${failed:-}" ] || exit 1
# The server's own record of the run: nothing went wrong without being noticed.
if grep -q ' ERROR ' "$work/log"; then
  grep ' ERROR ' "$work/log"
  exit 1
fi
