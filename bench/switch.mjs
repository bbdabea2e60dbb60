// Prints how long a switch of the organization takes, in the system's Chromium: from the click in the drawer to
// the painted heading of the new place, and of that what comes after the last answer of the API that the heading
// needs. Median and slowest of ROUNDS=20. Figures to read, not a test. Wants dist/ (`make dist`).
//
//   node bench/switch.mjs
//
// ATRIUM_SERVER names a program other than an optimised build of this tree; CHROMIUM a browser.
import { chromium } from "@playwright/test";
import { Server, program, show } from "./lib.mjs";

const rounds = Number(process.env.ROUNDS ?? 20);
const server = await Server.start(program(), { members: 100, more: ["--static", "dist"] });
const ada = await server.signIn("ada");

/** An organization on Plus whose workspace has a name of its own. */
async function make(name) {
  const { id } = await server.json("POST", "/api/v1/orgs", ada, { display_name: name, is_personal: false });
  const there = { ...ada, "x-organization-id": id };
  const { client_secret } = await server.json("POST", "/api/v1/orgs/current/setup", there, {});
  const address = { line1: "1 Main Street", city: "Springfield", postal_code: "12345", country: "US" };
  const card = { billing_info: { name: "Ada", address }, setup_intent: client_secret.split("_secret_")[0] };
  await server.json("POST", "/api/v1/orgs/current/payment-method", there, card);
  await server.json("POST", "/api/v1/orgs/current/plan", there, { tier: "plus" });
  const [workspace] = await server.json("GET", "/api/v1/workspaces", there);
  await server.json("PATCH", `/api/v1/workspaces/${workspace.id}`, ada, { display_name: `Home of ${name}` });
  return { id, name, path: `/o/${id}/w/${workspace.id}` };
}
const places = [await make("North"), await make("South")];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(server.url + places[0].path);
await page.getByRole("textbox", { name: "Email", exact: true }).fill("ada@acme.example");
await page.getByRole("textbox", { name: "Password" }).fill("atrium-demo");
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await page.getByRole("heading", { level: 1, name: "Home of North" }).waitFor();

const took = [];
for (let round = -2; round < rounds; round++) {
  const to = places[(round + 3) % 2];
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  const entry = page.getByRole("dialog", { name: "Organizations" }).getByRole("button", { name: to.name, exact: true });
  await entry.waitFor();
  await page.waitForLoadState("networkidle");
  const measured = await entry.evaluate(async (button, name) => {
    // What the heading waits for: the organization, the person in it, the roles, the workspaces.
    const needed = /\/api\/v1\/(orgs\/current\/(info|roles|members.*)|workspaces)$/;
    performance.clearResourceTimings();
    const began = performance.now();
    button.click();
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    while (document.querySelector("#content h1")?.textContent !== `Home of ${name}`) await frame();
    // What was there in one frame is painted when the next begins.
    await frame();
    const painted = performance.now();
    await new Promise((done) => setTimeout(done, 50));
    const answers = performance.getEntriesByType("resource").filter(({ name }) => needed.test(new URL(name).pathname));
    const before = answers.map(({ responseEnd }) => responseEnd).filter((time) => time > began && time < painted);
    return { whole: painted - began, after: painted - Math.max(...before), answers: before.length };
  }, to.name);
  if (round >= 0) took.push(measured);
}
await browser.close();
await server.stop();
const line = (what, read) => {
  const sorted = took.map(read).sort((a, b) => a - b);
  console.log(`${what}, ms: ${show(sorted[Math.floor(sorted.length / 2)])} median, ${show(sorted.at(-1))} slowest of ${sorted.length}`);
};
line("from the last answer to the painted heading", ({ after }) => after);
line("from the click to the painted heading", ({ whole }) => whole);
