// Prints how long lists, searches and orders of members take, with 1,000, 10,000 and 100,000
// members side by side: median and 99th percentile in milliseconds, of calls over one connection
// from another process, so a little more than at the server itself (the row "nothing" is what
// a call takes without a database). Figures to read, not a test. Goal: a page of 50 below 20 ms in
// the median at 100,000.
//
//   node bench/members.mjs [SIZE...]
//
// ATRIUM_BENCH_POSTGRES names an empty PostgreSQL database to measure instead of SQLite, with one
// SIZE; ATRIUM_SERVER names a program other than an optimised build of this tree; ROUNDS=200.
import { Server, program, show, spread } from "./lib.mjs";

const rounds = Number(process.env.ROUNDS ?? 200);
const sizes = process.argv.slice(2).map(Number);
if (!sizes.length) sizes.push(1_000, 10_000, 100_000);
const postgres = process.env.ATRIUM_BENCH_POSTGRES;
if (postgres && sizes.length > 1) throw new Error("Name one SIZE: a PostgreSQL database takes one demo.");
const file = program();
const rows = new Map();

for (const members of sizes) {
  const server = await Server.start(file, { members, postgres });
  const ada = await server.signIn("ada");
  const orgs = await server.json("GET", "/api/v1/orgs", ada);
  const acme = orgs.find((org) => org.display_name === "Acme").id;
  const inOrg = { ...ada, "x-organization-id": acme };
  const workspaces = await server.json("GET", "/api/v1/workspaces", inOrg);
  const inWorkspace = { ...ada, "x-tenant-id": workspaces[0].id };
  const active = "/api/v1/orgs/current/members/active";
  const newer = "/v1/platform/orgs/current/members";
  const inside = "/api/v1/workspaces/current/members/active";
  const last = Math.max(0, members - 50);
  const operations = [
    ["nothing", "/api/v1/info/health", {}],
    ["who am I (a session's lookup)", "/api/v1/me/ls_user_id", ada],
    ["the organization", "/api/v1/orgs/current/info", inOrg],
    ["workspaces", "/api/v1/workspaces", inOrg],
    ["roles", "/api/v1/orgs/current/roles", inOrg],
    ...["created_at", "name", "email", "role"].flatMap((by) => [
      [`members by ${by}`, `${active}?sort_by=${by}&sort_by_desc=false`, inOrg],
      [`members by ${by}, falling`, `${active}?sort_by=${by}`, inOrg],
      [`members by ${by}, last page`, `${active}?sort_by=${by}&offset=${last}`, inOrg],
    ]),
    ["members, by address (emails)", `${active}?emails=ursula@acme.example`, inOrg],
    ["search: one finds", `${active}?q=ursula@`, inOrg],
    ["search: a surname", `${active}?q=lovelace`, inOrg],
    ["search: a first name, by name", `${active}?q=grace&sort_by=name`, inOrg],
    ["search: everybody (acme.example)", `${active}?q=acme.example`, inOrg],
    ["search: everybody, by email", `${active}?q=acme.example&sort_by=email`, inOrg],
    ["search: nobody", `${active}?q=zzzz`, inOrg],
    ["search: nobody, common parts", `${active}?q=ple.acme`, inOrg],
    ["search: two letters, many", `${active}?q=an`, inOrg],
    ["search: two letters, nobody", `${active}?q=%23%23`, inOrg],
    ["newer list with its total", newer, inOrg],
    ["newer list, last page", `${newer}?offset=${last}`, inOrg],
    ["newer list: email_like, one", `${newer}?email_like=ursula@`, inOrg],
    ["newer list: email_like, everybody", `${newer}?email_like=acme`, inOrg],
    ["newer list: name_like", `${newer}?name_like=grace`, inOrg],
    ...["email", "name", "status", "role", "created_at"].flatMap((by) => [
      [`members and invitations by ${by}`, `${newer}?limit=100&sort_by=${by}&sort_by_desc=false`, inOrg],
      [`members and invitations by ${by}, the middle`, `${newer}?limit=100&sort_by=${by}&sort_by_desc=false&offset=${Math.round(members / 2)}`, inOrg],
    ]),
    ...["ursula@", "lovelace", "acme.example", "an"].map((q) => [`members and invitations: q=${q}`, `${newer}?limit=100&sort_by=status&q=${q}`, inOrg]),
    ["members and invitations: Admins", `${newer}?limit=100&sort_by=email&organization_role=ORGANIZATION_ADMIN`, inOrg],
    ["members and invitations: a workspace", `${newer}?limit=100&sort_by=email&workspace_id=${workspaces[0].id}`, inOrg],
    ["invitations", "/api/v1/orgs/current/members/pending", inOrg],
    ["invitations by email", "/api/v1/orgs/current/members/pending?sort_by=email", inOrg],
    ["invitations: search", "/api/v1/orgs/current/members/pending?q=partner", inOrg],
    ...["created_at", "name", "email", "role"].map((by) => [`workspace's members by ${by}`, `${inside}?sort_by=${by}`, inWorkspace]),
    ["workspace's members, page 20", `${inside}?offset=1000`, inWorkspace],
    ["workspace's members: search, one", `${inside}?q=ursula@`, inWorkspace],
    ["workspace's members: search, many", `${inside}?q=grace`, inWorkspace],
    ["everybody at once (exempt)", "/api/v1/orgs/current/members", inOrg, 5],
  ];
  for (const [name, path, headers, times = rounds] of operations) {
    const taken = [];
    const warm = times === rounds ? 5 : 1;
    for (let round = -warm; round < times; round++) {
      const { status, ms, text } = await server.call("GET", path, headers);
      if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 300)}`);
      if (round >= 0) taken.push(ms);
    }
    if (!rows.has(name)) rows.set(name, []);
    rows.get(name).push(spread(taken));
  }
  // A change that counts members: seats, and the last admin.
  const taken = [];
  const [ursula] = await server.json("GET", `${active}?emails=ursula@acme.example`, inOrg);
  const roles = await server.json("GET", "/api/v1/orgs/current/roles", inOrg);
  const role = (name) => roles.find((one) => one.name === name).id;
  for (let round = 0; round < Math.min(rounds, 50); round++) {
    const body = { role_id: role(round % 2 ? "ORGANIZATION_USER" : "ORGANIZATION_VIEWER") };
    const headers = { ...inOrg, "content-type": "application/json" };
    const { status, ms, text } = await server.call("PATCH", `/api/v1/orgs/current/members/${ursula.id}`, headers, JSON.stringify(body));
    if (status !== 200) throw new Error(`PATCH: ${status} ${text}`);
    taken.push(ms);
  }
  if (!rows.has("a role changed")) rows.set("a role changed", []);
  rows.get("a role changed").push(spread(taken));
  console.error(`${members} members: ${Math.round(server.memory() / 1024)} MiB resident afterwards`);
  await server.stop();
}

const width = Math.max(...[...rows.keys()].map((name) => name.length)) + 2;
const cell = (text) => text.padStart(18);
console.log(`${postgres ? "PostgreSQL" : "SQLite"}, ms, median / 99th percentile of ${rounds}`);
console.log("".padEnd(width) + sizes.map((size) => cell(`${size.toLocaleString("en")}`)).join(""));
for (const [name, spreads] of rows) {
  console.log(name.padEnd(width) + spreads.map(({ median, p99 }) => cell(`${show(median)} / ${show(p99)}`)).join(""));
}
