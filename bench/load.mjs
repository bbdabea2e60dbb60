// A sustained mixed load from another process (wrk), on SQLite and on PostgreSQL: prints requests a
// second, percentiles, errors, and the server's resident memory at the start, after a warm-up,
// meanwhile and at the end. Ends with 1 where a request failed, or where memory grew by more than a
// tenth after the warm-up. Wants the program wrk (Debian: apt-get install wrk).
//
//   DURATION=60 WARM_UP=20 CONNECTIONS=32 MEMBERS=10000 node bench/load.mjs
//
// ATRIUM_SERVER and ATRIUM_TEST_POSTGRES: as in bench/members.mjs.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Server, kinds, program, withPostgres } from "./lib.mjs";

if (spawnSync("wrk", ["--version"]).error) {
  console.error("The program wrk is not here (Debian: apt-get install wrk).");
  process.exit(1);
}
withPostgres();
const seconds = Number(process.env.DURATION ?? 60);
const warmUp = Number(process.env.WARM_UP ?? 20);
const connections = Number(process.env.CONNECTIONS ?? 32);
const members = Number(process.env.MEMBERS ?? 10_000);
const script = fileURLToPath(new URL("load.lua", import.meta.url));
const file = program();
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}; ${connections} connections, ${members} members, ${seconds} s after a warm-up of ${warmUp} s`);
for (const kind of kinds()) await measure(kind);

async function measure(kind) {
  const server = await Server.start(file, { members, kind });
  const mib = () => `${server.memory().toFixed(1)} MiB`;
  const started = mib();
  const lines = await requests(server);
  const list = join(server.folder, "requests.tsv");
  writeFileSync(list, lines.join("\n") + "\n");
  // Each once: what cannot be answered at all is told with its answer.
  for (const line of new Set(lines)) {
    const [method, path, headers, body] = line.split("\t");
    const { status, text } = await server.call(method, path, Object.fromEntries(headers.split(";").map((one) => one.split(": "))), body || undefined);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
  }
  const run = async (time) => {
    const wrk = spawn("wrk", ["-t2", `-c${connections}`, `-d${time}s`, "--timeout", "10s", "-s", script, server.url], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, LOAD: list },
    });
    let told = "";
    wrk.stdout.on("data", (data) => (told += data));
    const [code] = await once(wrk, "exit");
    if (code !== 0) throw new Error(`wrk ended with ${code}`);
    return told.slice(told.indexOf("requests/s"));
  };
  // Caches and pools are as they stay, then.
  const warm = await run(warmUp);
  const before = server.memory();
  const ticks = [];
  const clock = setInterval(() => ticks.push(Math.round(server.memory())), Math.max(1, seconds / 6) * 1000);
  const told = await run(seconds);
  clearInterval(clock);
  const after = server.memory();
  console.log(`\n${server.label}, ${lines.length} requests to choose from`);
  process.stdout.write(told);
  console.log(`resident memory: ${started} at the start, ${before.toFixed(1)} MiB after the warm-up, ${ticks.join(", ")} MiB meanwhile, ${after.toFixed(1)} MiB at the end`);
  const flat = after <= before * 1.1;
  console.log(flat ? "memory stays flat" : "MEMORY GREW by more than a tenth after the warm-up");
  await server.stop();
  if (!flat || [warm, told].some((text) => !text.includes("no error"))) process.exitCode = 1;
}

/** The requests to choose from by lot, a line each; what is asked for more often is there more often. */
async function requests(server) {
  const ada = await server.signIn("ada");
  const otto = await server.signIn("otto");
  const ursula = await server.signIn("ursula");
  const orgs = await server.json("GET", "/api/v1/orgs", ada);
  const acme = orgs.find((org) => org.display_name === "Acme").id;
  const at = (who, header, id) => ({ ...who, ...(id && { [header]: id }) });
  const org = (who) => at(who, "x-organization-id", acme);
  const workspaces = await server.json("GET", "/api/v1/workspaces", org(ada));
  const place = (who) => at(who, "x-tenant-id", workspaces[0].id);
  const roles = await server.json("GET", "/api/v1/orgs/current/roles", org(ada));
  const role = (name) => roles.find((one) => one.name === name).id;
  const some = await server.json("GET", "/api/v1/orgs/current/members/active?limit=200&offset=500", org(ada));
  const users = some.filter((one) => one.role_name === "Organization User").slice(0, 10);

  const lines = [];
  const add = (times, method, path, headers, body = "") => {
    const text = Object.entries({ ...headers, ...(body && { "content-type": "application/json" }) }).map(([name, value]) => `${name}: ${value}`).join(";");
    for (let index = 0; index < times; index++) lines.push([method, path, text, body && JSON.stringify(body)].join("\t"));
  };
  // What a page asks for, many times over.
  for (const who of [ada, otto, ursula]) {
    add(10, "GET", "/api/v1/orgs?skip_create=true", who);
    add(10, "GET", "/api/v1/orgs/current/info", org(who));
    add(10, "GET", "/api/v1/workspaces", org(who));
    add(6, "GET", "/api/v1/orgs/current/roles", org(who));
    add(6, "GET", "/api/v1/workspaces/current/stats", place(who));
    add(6, "GET", "/api/v1/sessions?limit=20", place(who));
    add(4, "GET", "/api/v1/orgs/pending", who);
    for (const by of ["created_at", "name", "email", "role"]) {
      add(3, "GET", `/api/v1/orgs/current/members/active?sort_by=${by}&offset=${by.length * 50}`, org(who));
    }
    for (const q of ["ursula@", "grace", "lovelace", "zzzz", "acme"]) add(2, "GET", `/api/v1/orgs/current/members/active?q=${q}`, org(who));
    add(4, "GET", "/v1/platform/orgs/current/members?limit=50", org(who));
    add(4, "GET", "/api/v1/orgs/current/members/pending", org(who));
    add(4, "GET", "/api/v1/workspaces/current/members/active", place(who));
  }
  // Changes, one request in ten: roles there and back, names of settings, a project that is there already.
  for (const user of users) {
    for (const name of ["ORGANIZATION_VIEWER", "ORGANIZATION_USER"]) {
      add(1, "PATCH", `/api/v1/orgs/current/members/${user.id}`, org(ada), { role_id: role(name) });
    }
  }
  add(4, "PATCH", "/api/v1/orgs/current/info", org(ada), { display_name: "Acme" });
  add(4, "POST", "/api/v1/sessions?upsert=true", place(ada), { name: "load" });
  return lines;
}
