// Prints how the members table does with many members, in the system's Chromium: the time from the
// address to the first row, of a keystroke to its painted answer (median and 95th percentile), of an order, of a
// scroll from the first member to the last with frames that came late, of selecting all
// of them, and of exporting them as CSV and as JSON. Figures to read, not a test. Wants dist/ (`make dist`).
//
//   node bench/table.mjs [MEMBERS]     100,000 if none is named
//
// ATRIUM_SERVER names a program other than an optimised build of this tree; CHROMIUM a browser.
// WHOLE=1 scrolls through every row, page by page, instead of in SCREENS=600 steps.
import { stat } from "node:fs/promises";
import { chromium } from "@playwright/test";
import { Server, program, show } from "./lib.mjs";

const members = Number(process.argv[2] ?? 100_000);
const server = await Server.start(program(), { members, more: ["--static", "dist"] });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const ada = await server.signIn("ada");
const orgs = await server.json("GET", "/api/v1/orgs", ada);
const acme = orgs.find((org) => org.display_name === "Acme").id;
const address = `${server.url}/o/${acme}/settings/members`;
const table = page.getByRole("table", { name: "Members" });
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

await page.goto(address);
await page.getByRole("textbox", { name: "Email", exact: true }).fill("ada@acme.example");
await page.getByRole("textbox", { name: "Password" }).fill("atrium-demo");
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await table.getByRole("row").nth(3).waitFor();

// From the address: the session, the settings' part, the first page. Files come from the browser's cache.
const firstRow = [];
for (let round = 0; round < 5; round++) {
  const began = Date.now();
  await page.goto(address, { waitUntil: "commit" });
  await table.getByRole("row").filter({ hasText: "@" }).first().waitFor();
  firstRow.push(Date.now() - began);
}
firstRow.sort((a, b) => a - b);
const count = Number(await table.getAttribute("aria-rowcount")) - 1;
console.log(`${count.toLocaleString("en")} members and invitations`);
console.log(`address to first row, ms: ${at(firstRow, 0.5)} (median of ${firstRow.length})`);

// A keystroke: from the key to the paint in which the table no longer waits and shows the answer.
const search = page.getByRole("searchbox", { name: "Search members" });
await page.evaluate(() => {
  window.typed = [];
  const input = document.querySelector("input[type=search]");
  const table = document.querySelector("table[aria-label=Members]");
  input.addEventListener("input", () => {
    const began = performance.now();
    const look = () => {
      if (table.isConnected && table.getAttribute("aria-busy") !== "true") return window.typed.push(performance.now() - began);
      requestAnimationFrame(look);
    };
    // The question is asked after this event; its answer is painted with a later frame.
    requestAnimationFrame(() => requestAnimationFrame(look));
  }, true);
});
for (const word of ["lovelace", "grace", "ursula@", "partner", "an", "acme", "zzzz"]) {
  for (const key of word) {
    const before = await page.evaluate(() => window.typed.length);
    await search.press(key);
    await page.waitForFunction((before) => window.typed.length > before, before);
  }
  await search.fill("");
  await page.waitForFunction(() => document.querySelector("table[aria-label=Members]").getAttribute("aria-busy") !== "true");
}
const typed = (await page.evaluate(() => window.typed)).sort((a, b) => a - b);
console.log(`keystroke to painted answer, ms: ${show(at(typed, 0.5))} median, ${show(at(typed, 0.95))} 95th percentile (${typed.length} keystrokes)`);

// Sorting by each column: from the press to the paint in which the table no longer waits.
for (const column of ["Role", "Joined", "Email", "Status"]) {
  const took = await page.evaluate(async (column) => {
    const table = document.querySelector("table[aria-label=Members]");
    const heading = [...table.querySelectorAll("th button")].find((one) => one.textContent.includes(column));
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const began = performance.now();
    heading.click();
    await frame();
    await frame();
    while (table.getAttribute("aria-busy") === "true") await frame();
    return performance.now() - began;
  }, column);
  console.log(`sorted by ${column}, press to painted rows, ms: ${show(took)}`);
}

// From the first to the last, frame by frame.
await page.evaluate(() => scrollTo(0, 0));
const steps = Number(process.env.SCREENS ?? 600);
const whole = !!process.env.WHOLE;
const { frames, late, longest, seconds, blank } = await page.evaluate(
  async ({ steps, whole }) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const table = document.querySelector("table[aria-label=Members]");
    const times = [];
    let blank = 0;
    const end = () => document.documentElement.scrollHeight - innerHeight;
    const step = whole ? innerHeight * 0.8 : end() / steps;
    let before = await frame();
    const began = before;
    while (scrollY < end() - 1) {
      scrollBy(0, step);
      const now = await frame();
      times.push(now - before);
      before = now;
      // What a person sees in this frame: rows, be it their shapes, or nothing.
      const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      if (!middle?.closest("[role=row]")) blank++;
    }
    return {
      frames: times.length,
      late: times.reduce((sum, time) => sum + Math.max(0, Math.round(time / (1000 / 60)) - 1), 0),
      longest: Math.max(...times),
      seconds: (before - began) / 1000,
      blank,
    };
  },
  { steps, whole },
);
console.log(
  `first to last: ${frames} frames in ${seconds.toFixed(1)} s, ${late} dropped (${((100 * late) / (frames + late)).toFixed(1)} %), the longest ${show(longest)} ms, ${blank} without rows`,
);
const began = Date.now();
await table.locator(`[aria-rowindex="${count + 1}"]`).filter({ hasText: "@" }).waitFor();
console.log(`the last row, after the scroll ended, ms: ${Date.now() - began}`);
// And back, as a person scrolls: 100 pixels a frame.
const slow = await page.evaluate(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  let before = await frame();
  for (let step = 0; step < 600; step++) {
    scrollBy(0, -100);
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  return { late: times.reduce((sum, time) => sum + Math.max(0, Math.round(time / (1000 / 60)) - 1), 0), longest: Math.max(...times) };
});
console.log(`600 frames of 100 pixels: ${slow.late} dropped, the longest ${show(slow.longest)} ms`);
console.log(`rows in the page: ${(await table.getByRole("row").count()) - 1}`);

// Selecting all of them: from the press to the paint in which the toolbar counts them.
await page.evaluate(() => scrollTo(0, 0));
await table.locator('[aria-rowindex="2"]').filter({ hasText: "@" }).waitFor();
const painted = (name) =>
  page.evaluate(async (name) => {
    const box = [...document.querySelectorAll("input[type=checkbox]")].find((one) => one.labels[0]?.textContent === name);
    const began = performance.now();
    box.click();
    while (!document.querySelector("[role=toolbar]")?.textContent.includes("selected")) await new Promise((done) => requestAnimationFrame(done));
    await new Promise((done) => requestAnimationFrame(done));
    return performance.now() - began;
  }, name);
console.log(`select all, press to painted count, ms: ${show(await painted("Select all"))}`);
const selected = page.getByRole("toolbar", { name: "Selected members" });
await selected.getByText(`${count.toLocaleString("en")} selected`).waitFor();
const scrolled = await page.evaluate(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  let before = await frame();
  for (let step = 0; step < 600; step++) {
    scrollBy(0, 100);
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  return { late: times.reduce((sum, time) => sum + Math.max(0, Math.round(time / (1000 / 60)) - 1), 0), longest: Math.max(...times) };
});
console.log(`600 frames of 100 pixels, all selected: ${scrolled.late} dropped, the longest ${show(scrolled.longest)} ms`);
await page.keyboard.press("Escape");

// Exporting them: from the press to the file, with the longest time in which no frame was painted.
for (const format of ["CSV", "JSON"]) {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.evaluate(() => {
    window.longestFrame = 0;
    let before = performance.now();
    window.exporting = true;
    const look = (now) => {
      window.longestFrame = Math.max(window.longestFrame, now - before);
      before = now;
      if (window.exporting) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const saved = page.waitForEvent("download", { timeout: 600_000 });
  const pressed = Date.now();
  await page.getByRole("button", { name: `Export as ${format}` }).click();
  const path = await (await saved).path();
  const took = Date.now() - pressed;
  const longestFrame = await page.evaluate(() => ((window.exporting = false), window.longestFrame));
  const { size } = await stat(path);
  console.log(`export as ${format}, press to file: ${(took / 1000).toFixed(1)} s, ${(size / 1e6).toFixed(1)} MB, the longest frame ${show(longestFrame)} ms`);
}
await browser.close();
await server.stop();
