// A sustained mixed load from another process (wrk): prints requests a second, percentiles, errors,
// and the server's resident memory before, meanwhile and afterwards. Figures to read, not a test;
// but it ends with 1 where a request failed. Wants the program wrk (Debian: apt-get install wrk).
//
//   SECONDS=60 CONNECTIONS=32 MEMBERS=10000 node bench/load.mjs
//
// ATRIUM_BENCH_POSTGRES and ATRIUM_SERVER: as in bench/members.mjs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server, program } from "./lib.mjs";

const seconds = Number(process.env.SECONDS ?? 60);
const connections = Number(process.env.CONNECTIONS ?? 32);
const members = Number(process.env.MEMBERS ?? 10_000);
const server = await Server.start(program(), { members, postgres: process.env.ATRIUM_BENCH_POSTGRES });

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
const file = join(server.folder, "requests.tsv");
writeFileSync(file, lines.join("\n") + "\n");

const mib = () => `${(server.memory() / 1024).toFixed(1)} MiB`;
// Once around, so that caches and pools are as they stay.
for (const line of new Set(lines)) {
  const [method, path, headers, body] = line.split("\t");
  const { status, text } = await server.call(method, path, Object.fromEntries(headers.split(";").map((one) => one.split(": "))), body || undefined);
  if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
}
const run = async (time) => {
  const wrk = spawn("wrk", ["-t2", `-c${connections}`, `-d${time}s`, "--timeout", "10s", "-s", "bench/load.lua", server.url], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, LOAD: file },
  });
  let told = "";
  wrk.stdout.on("data", (data) => (told += data));
  const [code] = await once(wrk, "exit");
  if (code !== 0) throw new Error(`wrk ended with ${code}`);
  return told.slice(told.indexOf("requests/s"));
};
console.log(`${connections} connections, ${members} members, ${lines.length} kinds of requests weighted, ${seconds} s`);
console.log(`resident before: ${mib()}`);
await run(Math.min(10, seconds));
console.log(`after a warm-up of ${Math.min(10, seconds)} s: ${mib()}`);
const ticks = [];
const clock = setInterval(() => ticks.push(Math.round(server.memory() / 1024)), Math.max(1, seconds / 6) * 1000);
const told = await run(seconds);
clearInterval(clock);
process.stdout.write(told);
console.log(`resident meanwhile: ${ticks.join(", ")} MiB; afterwards: ${mib()}`);
await server.stop();
if (!told.includes("no error")) process.exitCode = 1;
