// Prints how long the command palette takes to open, from the key press to the painted dialog, in the
// system's Chromium, in an organization with many workspaces, for somebody with many organizations; and from
// a letter to the painted list. Medians of 20. Figures to read, not a test. Wants dist/ (`make dist`).
//
//   node bench/palette.mjs
//
// ATRIUM_SERVER names a program other than an optimised build of this tree; CHROMIUM a browser.
import { chromium } from "@playwright/test";
import { Server, program, show, spread } from "./lib.mjs";

const rounds = Number(process.env.ROUNDS ?? 20);
const organizations = Number(process.env.ORGANIZATIONS ?? 100);
const workspaces = Number(process.env.WORKSPACES ?? 500);

const server = await Server.start(program(), { members: 1_000, more: ["--static", "dist"] });
const ada = await server.signIn("ada");
const acme = (await server.json("GET", "/api/v1/orgs", ada)).find((org) => org.display_name === "Acme").id;
for (let number = 1; number <= organizations; number++) {
  await server.json("POST", "/api/v1/orgs", ada, { display_name: `Client ${number}`, is_personal: false });
}
let made = 0;
for (; made < workspaces; made++) {
  const headers = { ...ada, "x-organization-id": acme, "content-type": "application/json" };
  const { status } = await server.call("POST", "/api/v1/workspaces", headers, JSON.stringify({ display_name: `Team ${made + 1}` }));
  if (status !== 200) break; // the demo's plan has no more
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const idle = page.waitForResponse((response) => /\/palette-.*\.wasm$/.test(response.url()));
await page.goto(`${server.url}/o/${acme}`);
await page.getByRole("textbox", { name: "Email", exact: true }).fill("ada@acme.example");
await page.getByRole("textbox", { name: "Password" }).fill("atrium-demo");
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await page.getByRole("heading", { level: 1 }).waitFor();
await (await idle).finished();
await page.waitForLoadState("networkidle");

// From the browser's own time of the event to the frame after the one in which the dialog has its list.
await page.evaluate(() => {
  window.opened = [];
  window.typed = [];
  const then = (event, is, times) => {
    const look = () => {
      if (!is()) return requestAnimationFrame(look);
      // What this frame made is painted when the next task runs.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => times.push(performance.now() - event.timeStamp);
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  };
  const listed = () => document.querySelector("dialog[open] [role=listbox] [role=option]");
  addEventListener("keydown", (event) => event.ctrlKey && event.key === "k" && then(event, listed, window.opened), true);
  addEventListener("input", (event) => then(event, listed, window.typed), true);
});
const dialog = page.getByRole("dialog", { name: "Command palette" });
for (let round = 0; round < rounds; round++) {
  await page.keyboard.press("Control+k");
  await page.waitForFunction((round) => window.opened.length > round, round);
  await page.keyboard.press("t");
  await page.waitForFunction((round) => window.typed.length > round, round);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
}
const times = await page.evaluate(() => ({ opened: window.opened, typed: window.typed }));
console.log(`${organizations + 2} organizations or so, ${made} workspaces more than the demo's own`);
console.log(`first time, key press to painted dialog, ms: ${show(times.opened[0])}`);
for (const [what, all] of [["key press to painted dialog", times.opened], ["letter to painted list", times.typed]]) {
  console.log(`${what}, ms: ${show(spread(all).median)} (median of ${all.length}, the longest ${show(Math.max(...all))})`);
}
await browser.close();
await server.stop();
