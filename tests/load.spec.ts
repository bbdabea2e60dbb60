import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAxe, expect, Server, slowNetwork, test } from "./fixtures";

/** Status and headers of a plain GET: fetch() would decode the body and hide how it came. */
function headersOf(url: string) {
  return new Promise<{ status?: number; headers: Record<string, unknown> }>((done, failed) => {
    get(url, { headers: { "accept-encoding": "br, gzip" } }, (answer) => {
      answer.resume();
      done({ status: answer.statusCode, headers: answer.headers });
    }).on("error", failed);
  });
}

test("loads under the strict policy without a word on the console", async ({ page }) => {
  const answer = await page.goto("/login");
  const policy = answer!.headers()["content-security-policy"];
  expect(policy).toContain("script-src");
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy).not.toContain("'unsafe-eval'");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  // The app took the place of what index.html shows before it.
  await expect(page.getByText("Loading Atrium…")).toHaveCount(0);
  await expect(page.locator("#unsupported, #stopped").filter({ visible: true })).toHaveCount(0);
});

test("sends the wasm compressed by brotli, as wasm, to keep for ever", async ({ server }) => {
  const wasm = (await readdir("dist")).find((name) => name.endsWith(".wasm"));
  const { status, headers } = await headersOf(`${server.url}/${wasm}`);
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/wasm");
  expect(headers["content-encoding"]).toBe("br");
  expect(headers["cache-control"]).toContain("immutable");
  const page = await headersOf(`${server.url}/login`);
  expect(page.headers["cache-control"] ?? "").not.toContain("immutable");
});

test("says what is needed where scripts are off", async ({ openBrowser }) => {
  const page = await openBrowser({ javaScriptEnabled: false });
  await page.goto("/login");
  await expect(page.getByRole("heading", { name: "Atrium needs JavaScript" })).toBeVisible();
});

test("paints the shell's shape before the wasm arrives", async ({ page }) => {
  let arrived = 0;
  page.on("requestfinished", (request) => (arrived += Number(request.url().endsWith(".wasm"))));
  const slow = await slowNetwork(page, { download: 8_000 });
  await page.goto("/login", { waitUntil: "commit" });
  await expect(page.getByRole("status").filter({ hasText: "Loading Atrium…" })).toBeAttached();
  // A picture for the eye only: it has no role.
  const shape = page.locator("#skeleton > [aria-hidden=true]");
  await expect(shape).toBeVisible();
  await expect(shape).toHaveCSS("display", "grid");
  expect(arrived, "parts of wasm that were there already").toBe(0);
  await slow.over();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  expect(arrived).toBeGreaterThan(0);
  await expect(shape).toHaveCount(0);
});

test("keeps the chosen theme from the first paint on", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("atrium.theme", "dark"));
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/login");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
});

test("says that files are missing, and offers to reload", async ({ openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/\.wasm/, /404/);
  const folder = await mkdtemp(join(tmpdir(), "atrium-dist-"));
  await cp("dist", folder, { recursive: true });
  for (const name of await readdir(folder)) if (/\.wasm(\.\w+)?$/.test(name)) await rm(join(folder, name));
  const server = await Server.start({ files: folder });
  const page = await openBrowser({ baseURL: server.url });
  try {
    await page.goto("/login");
    await expect(page.getByRole("heading", { name: "Atrium could not start" })).toBeVisible();
    await expect(page.getByText("Some of Atrium's files could not be loaded.")).toBeVisible();
    await expect(page.getByText("does not run WebAssembly")).toBeHidden();
    await checkAxe(page);
    const reloaded = page.waitForEvent("load");
    await page.getByRole("link", { name: "Reload this page" }).click();
    await reloaded;
    expect(new URL(page.url()).pathname).toBe("/login");
  } finally {
    // The browser first: it may still be asking for the icon.
    await page.context().close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
});

test("says that the browser has no WebAssembly", async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "WebAssembly");
  });
  await page.goto("/login");
  await expect(page.getByText("does not run WebAssembly")).toBeVisible();
  await expect(page.locator("#skeleton")).toBeHidden();
});
