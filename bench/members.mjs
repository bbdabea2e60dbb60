// Prints how long lists, searches, orders and changes of members take, with 1,000, 10,000 and
// 100,000 members on SQLite and on PostgreSQL, side by side: median and 99th percentile in
// milliseconds, of calls over one connection from another process, so a little more than at the
// server itself (the row "nothing" is what a call takes without a database).
//
// All servers run at once and are asked in turns, so that whatever else the machine does falls on
// all columns alike.
//
// Ends with 1 where a call on SQLite takes 20 ms or more in the median in the largest organization.
// Rows that take more than twice as long in the largest as in the smallest, and a millisecond more,
// are marked as growing; on a busy machine that is a hint and no more.
//
//   ROUNDS=100 ONLY="^search" node bench/members.mjs [SIZE...]
//
// ONLY: rows whose name this regular expression finds; DATABASES=sqlite: that one alone. ATRIUM_SERVER names a program other than an optimised build
// of this tree, ATRIUM_TEST_POSTGRES a PostgreSQL where databases can be made, instead of one that
// scripts/postgres.sh starts.
import { cpus } from "node:os";
import { Server, kinds, program, show, spread, withPostgres } from "./lib.mjs";

withPostgres();
const LIMIT = 20;
const rounds = Number(process.env.ROUNDS ?? 100);
const only = new RegExp(process.env.ONLY ?? "");
const sizes = process.argv.slice(2).map(Number);
if (!sizes.length) sizes.push(1_000, 10_000, 100_000);
const file = program();

const servers = [];
for (const kind of kinds()) {
  for (const members of sizes) {
    const server = await Server.start(file, { members, kind });
    servers.push(server);
    await introduce(server);
    console.error(`${server.label}, ${members} members: there`);
  }
}

/** Finds out what the calls name. */
async function introduce(server) {
  const newcomer = { email: "newcomer@bench.example", password: "a long password", full_name: "New Comer" };
  await server.json("POST", "/api/v1/signup", {}, newcomer);
  await signIn(server);
  const orgs = await server.json("GET", "/api/v1/orgs", server.ada);
  server.acme = orgs.find((org) => org.display_name === "Acme").id;
  server.workspaces = (await server.json("GET", "/api/v1/workspaces", as(server, "org"))).map((one) => one.id);
  const roles = await server.json("GET", "/api/v1/orgs/current/roles", as(server, "org"));
  server.role = (name) => roles.find((one) => one.name === name || one.display_name === name).id;
  const [ursula] = await server.json("GET", "/api/v1/orgs/current/members/active?emails=ursula@acme.example", as(server, "org"));
  server.ursula = ursula.id;
  server.last = Math.max(0, server.members - 50);
  server.middle = Math.floor(server.members / 2);
}

/** Access tokens last 15 minutes. */
async function signIn(server) {
  server.ada = await server.signIn("ada");
  server.newcomer = await server.signIn("newcomer@bench.example", "a long password");
  server.signed = Date.now();
}

function as(server, who) {
  switch (who) {
    case "nobody": return {};
    case "ada": return server.ada;
    case "newcomer": return server.newcomer;
    case "org": return { ...server.ada, "x-organization-id": server.acme };
    case "workspace": return { ...server.ada, "x-tenant-id": server.workspaces[0] };
    // One that the demo's named people are not in.
    case "other workspace": return { ...server.ada, "x-tenant-id": server.workspaces[5] };
  }
}

const active = "/api/v1/orgs/current/members/active";
const all = "/api/v1/orgs/current/members";
const newer = "/v1/platform/orgs/current/members";
const inside = "/api/v1/workspaces/current/members/active";
const pending = "/api/v1/orgs/current/members/pending";
const log = "/api/v1/audit-logs?start_time=2020-01-01T00:00:00Z&end_time=2999-01-01T00:00:00Z";

const read = (name, path, who = "org", more = {}) => ({ name, who, path: typeof path === "function" ? path : () => path, ...more });
const change = (name, method, path, body, more = {}) => ({ name, method, who: "org", path, body, times: Math.min(rounds, 50), ...more });
let made = 0;
const invited = (server, email, workspaces = []) => ({ email, role_id: server.role("ORGANIZATION_USER"), workspace_ids: workspaces });

const operations = [
  read("nothing", "/api/v1/info/health", "nobody"),
  read("who am I (a session's lookup)", "/api/v1/me/ls_user_id", "ada"),
  read("the organization", "/api/v1/orgs/current/info"),
  read("billing", "/api/v1/orgs/current/billing"),
  read("business info", "/api/v1/orgs/current/business-info"),
  read("workspaces", "/api/v1/workspaces"),
  read("roles", "/api/v1/orgs/current/roles"),
  ...["created_at", "name", "email", "role"].flatMap((by) => [
    read(`members by ${by}`, `${active}?sort_by=${by}&sort_by_desc=false`),
    read(`members by ${by}, falling`, `${active}?sort_by=${by}`),
    read(`members by ${by}, last page`, (server) => `${active}?sort_by=${by}&offset=${server.last}`),
  ]),
  read("members by name, middle page", (server) => `${active}?sort_by=name&offset=${server.middle}`),
  read("members, by address (emails)", `${active}?emails=ursula@acme.example`),
  read("members, switched off", `${active}?is_disabled=true`),
  read("members, not switched off, by name", `${active}?is_disabled=false&sort_by=name`),
  read("search: one finds", `${active}?q=ursula@`),
  read("search: a surname", `${active}?q=lovelace`),
  read("search: a first name, by name", `${active}?q=grace&sort_by=name`),
  read("search: everybody (acme.example)", `${active}?q=acme.example`),
  read("search: everybody, by email", `${active}?q=acme.example&sort_by=email`),
  read("search: nobody", `${active}?q=zzzz`),
  read("search: nobody, common parts", `${active}?q=ple.acme`),
  read("search: two letters, many", `${active}?q=an`),
  read("search: two letters, nobody", `${active}?q=%23%23`),
  ...["name", "email", "role"].map((by) => read(`search: two letters, nobody, by ${by}`, `${active}?q=%23%23&sort_by=${by}`)),
  read("search: two letters, some, by email", `${active}?q=xq&sort_by=email`),
  read("newer list with its total", newer),
  read("newer list, last page", (server) => `${newer}?offset=${server.last}`),
  read("newer list: email_like, one", `${newer}?email_like=ursula@`),
  read("newer list: email_like, everybody", `${newer}?email_like=acme`),
  read("newer list: name_like", `${newer}?name_like=grace`),
  read("newer list: in a workspace", `${newer}?workspace_name_like=Sandbox`),
  read("newer list: with a workspace role", `${newer}?workspace_role_like=Annotator`),
  ...["email", "name", "status", "role", "created_at", "workspace_count"].flatMap((by) => [
    read(`members and invitations by ${by}`, `${newer}?limit=100&sort_by=${by}&sort_by_desc=false`),
    read(`members and invitations by ${by}, the middle`, (server) => `${newer}?limit=100&sort_by=${by}&sort_by_desc=false&offset=${server.middle}`),
  ]),
  ...["ursula@", "lovelace", "acme.example", "an"].map((q) => read(`members and invitations: q=${q}`, `${newer}?limit=100&sort_by=status&q=${q}`)),
  // Somebody's name was changed, so the total is counted anew (`crates/server/src/db/totals.rs`).
  ...["acme.example", "an"].map((q) => read(`members and invitations: q=${q}, after a change`, `${newer}?limit=100&sort_by=status&q=${q}`, "org", {
    before: (server) => server.json("PATCH", "/api/v1/orgs/members/basic", server.ada, { full_name: `Ada Lovelace ${made++ % 9}` }),
  })),
  read("members and invitations: Admins", `${newer}?limit=100&sort_by=email&organization_role=ORGANIZATION_ADMIN`),
  read("members and invitations: a workspace", (server) => `${newer}?limit=100&sort_by=email&workspace_id=${server.workspaces[0]}`),
  read("invitations", pending),
  ...["name", "email", "role"].map((by) => read(`invitations by ${by}`, `${pending}?sort_by=${by}`)),
  read("invitations: search, many", `${pending}?q=partner`),
  read("invitations: search, nobody", `${pending}?q=zzzz`),
  ...["created_at", "name", "email", "role"].map((by) => read(`workspace's members by ${by}`, `${inside}?sort_by=${by}`, "workspace")),
  read("workspace's members, page 3", `${inside}?offset=100`, "workspace"),
  read("workspace's members: search, one", `${inside}?q=ursula@`, "workspace"),
  read("workspace's members: search, many", `${inside}?q=grace`, "workspace"),
  read("workspace's invitations", "/api/v1/workspaces/current/members/pending", "workspace"),
  change("invite one", "POST", () => all, (server, round) => invited(server, `invited.${round}@bench.example`), {
    after: (server, text) => (server.invitation = JSON.parse(text).id),
    then: (server) => server.json("DELETE", `${all}/${server.invitation}/pending`, as(server, "org")),
  }),
  change("invite one, revoked", "DELETE", (server) => `${all}/${server.invitation}/pending`, null, {
    before: async (server, round) => {
      server.invitation = (await server.json("POST", all, as(server, "org"), invited(server, `revoked.${round}@bench.example`))).id;
    },
  }),
  change("an invitation accepted", "POST", (server) => `/api/v1/orgs/pending/${server.acme}/claim`, null, {
    who: "newcomer",
    before: (server) => server.json("POST", all, as(server, "org"), invited(server, "newcomer@bench.example", server.workspaces.slice(0, 2))),
    after: (server, text) => (server.joined = JSON.parse(text).id),
    then: (server) => server.json("DELETE", `${all}/${server.joined}`, as(server, "org")),
  }),
  change("a member removed", "DELETE", (server) => `${all}/${server.joined}`, null, {
    before: async (server) => {
      await server.json("POST", all, as(server, "org"), invited(server, "newcomer@bench.example", server.workspaces.slice(0, 2)));
      server.joined = (await server.json("POST", `/api/v1/orgs/pending/${server.acme}/claim`, server.newcomer)).id;
    },
  }),
  change("a role changed", "PATCH", (server) => `${all}/${server.ursula}`, (server) => ({ role_id: server.role(made++ % 2 ? "ORGANIZATION_USER" : "ORGANIZATION_VIEWER") })),
  change("added to a workspace", "POST", () => "/api/v1/workspaces/current/members", (server) => ({ org_identity_id: server.ursula }), {
    who: "other workspace",
    after: (server, text) => (server.added = JSON.parse(text).id),
    then: (server) => server.json("DELETE", `/api/v1/workspaces/current/members/${server.added}`, as(server, "other workspace")),
  }),
  change("an own name changed", "PATCH", () => "/api/v1/orgs/members/basic", () => ({ full_name: `Ada Lovelace ${made++ % 9}` }), { who: "ada" }),
  change("a setting changed", "PATCH", () => "/api/v1/orgs/current/info", () => ({ display_name: "Acme" })),
  change("a role in use deleted (409)", "DELETE", (server) => `/api/v1/orgs/current/roles/${server.role("Annotator")}`, null, { status: 409 }),
  read("audit log", log),
  read("audit log, 100 entries", `${log}&limit=100`),
  read("audit log: one operation", `${log}&operations=delete_org_member`),
  read("everybody at once (exempt)", all, "org", { times: 5, exempt: true }),
].filter(({ name }) => only.test(name));

const rows = [];
for (const { name, who, method = "GET", path, body, times = rounds, status: wanted = 200, before, after, then, exempt } of operations) {
  const taken = servers.map(() => []);
  const warm = times < 10 ? 1 : 3;
  for (let round = -warm; round < times; round++) {
    for (const [column, server] of servers.entries()) {
      if (Date.now() - server.signed > 300_000) await signIn(server);
      await before?.(server, round);
      const text = body && JSON.stringify(body(server, round));
      const headers = { ...as(server, who), ...(text && { "content-type": "application/json" }) };
      const answer = await server.call(method, path(server), headers, text);
      if (answer.status !== wanted) throw new Error(`${name} (${server.label}, ${server.members}): ${answer.status} ${answer.text.slice(0, 300)}`);
      if (round >= 0) taken[column].push(answer.ms);
      after?.(server, answer.text);
      await then?.(server);
    }
  }
  rows.push({ name, exempt, spreads: taken.map(spread) });
  console.error(`${name}: ${rows.at(-1).spreads.map(({ median }) => show(median)).join(", ")}`);
}

const memory = servers.map((server) => `${Math.round(server.memory())} MiB`);
for (const server of servers) await server.stop();

const largest = Math.max(...sizes);
const smallest = Math.min(...sizes);
const column = (kind, members) => servers.findIndex((server) => server.kind === kind && server.members === members);
const width = Math.max(...rows.map(({ name }) => name.length)) + 1;
const cell = (text) => text.padStart(15);
let slow = 0;
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}; ms, median / 99th percentile of ${rounds} (changes: ${Math.min(rounds, 50)})`);
console.log("".padEnd(width) + servers.map((server) => cell(server.label)).join(""));
console.log("".padEnd(width) + servers.map((server) => cell(server.members.toLocaleString("en"))).join(""));
for (const { name, exempt, spreads } of rows) {
  const marks = [];
  if (!exempt) {
    if (spreads[column("sqlite", largest)].median >= LIMIT) {
      slow++;
      marks.push(`SQLite: ${LIMIT} ms or more`);
    }
    for (const kind of kinds()) {
      const [few, many] = [smallest, largest].map((size) => spreads[column(kind, size)].median);
      if (many > 2 * few && many - few > 1) marks.push(`${servers[column(kind, largest)].label} grows`);
    }
  }
  console.log(name.padEnd(width) + spreads.map(({ median, p99 }) => cell(`${show(median)} / ${show(p99)}`)).join("") + marks.map((mark) => `  ← ${mark}`).join(""));
}
console.log("the server's memory afterwards".padEnd(width) + memory.map(cell).join(""));
console.log(slow ? `${slow} of ${rows.length} take ${LIMIT} ms or more on SQLite with ${largest.toLocaleString("en")} members` : `all below ${LIMIT} ms on SQLite with ${largest.toLocaleString("en")} members`);
if (slow) process.exitCode = 1;
