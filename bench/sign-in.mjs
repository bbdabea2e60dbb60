// Prints how long a sign-in takes with a wrong password for an address that has an account and for
// one that has none, in turns, and the ratio of the medians: 1.00 means that the time tells nothing.
// Figures to read, not a test; the test counts hash computations (tests/api/metrics.rs).
//
//   ROUNDS=200 node bench/sign-in.mjs
import { Server, program, show, spread } from "./lib.mjs";

const rounds = Number(process.env.ROUNDS ?? 200);
const server = await Server.start(program(), { members: 1_000 });
const ada = await server.signIn("ada");
const orgs = await server.json("GET", "/api/v1/orgs", ada);
const inOrg = { ...ada, "x-organization-id": orgs.find((org) => org.display_name === "Acme").id };
const list = "/api/v1/orgs/current/members/active?limit=500";
const known = [...(await server.json("GET", list, inOrg)), ...(await server.json("GET", `${list}&offset=500`, inOrg))];
const times = { known: [], unknown: [] };
for (let round = -5; round < rounds; round++) {
  // Each address once or twice: an account that fails more often is not asked any more.
  const addresses = { known: known[(round + 5) % known.length].email, unknown: `nobody.${round}@acme.example` };
  for (const kind of round % 2 ? ["known", "unknown"] : ["unknown", "known"]) {
    const basic = Buffer.from(`${addresses[kind]}:wrong password`).toString("base64");
    const { status, ms } = await server.call("POST", "/api/v1/login", { authorization: `Basic ${basic}` });
    if (status !== 401) throw new Error(`${status}`);
    if (round >= 0) times[kind].push(ms);
  }
}
await server.stop();
const [a, b] = [spread(times.known), spread(times.unknown)];
console.log(`wrong password, ms, median / 99th percentile of ${rounds}`);
console.log(`an address with an account  ${show(a.median)} / ${show(a.p99)}`);
console.log(`an unknown address          ${show(b.median)} / ${show(b.p99)}`);
console.log(`ratio of the medians        ${(b.median / a.median).toFixed(3)}`);
