// The page of the API's document (/docs), which the server writes itself: readable by anybody, at any width.
import { checkAxe, expect, test } from "./fixtures";

test("the API's page lists every operation, works by keyboard and without script, and has nothing for axe", async ({ page, server, openBrowser }) => {
  // axe looks at a page of 70 operations and their schemas, twice.
  test.setTimeout(240_000);
  const document = await (await page.request.get("/api/v1/openapi.json")).json();
  const operations = Object.values<Record<string, { summary: string }>>(document.paths).flatMap((methods) => Object.values(methods));
  expect(operations.length).toBeGreaterThan(65);
  await page.goto("/docs");
  await expect(page).toHaveTitle(/API/);
  // All names at once: to look for each by its role takes a minute on a page of this size.
  const tree = await page.getByRole("main").ariaSnapshot();
  const names = [...tree.matchAll(/\barticle ("(?:[^"\\]|\\.)*")/g)].map(([, name]) => JSON.parse(name.replaceAll("''", "'")));
  for (const { summary } of operations) expect(names).toContain(summary);
  await checkAxe(page);

  // The first stop of the keyboard leads past the contents.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the operations" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#operations$/);

  const narrow = await openBrowser({ baseURL: server.url, javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  await narrow.goto("/docs");
  await expect(narrow.getByRole("heading", { level: 1 })).toBeVisible();
  await narrow.getByRole("navigation", { name: "Contents" }).getByRole("link").nth(1).click();
  await expect(narrow).toHaveURL(/#/);
});

test("the API's page fits 320 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/docs");
  const { inner, outer } = await page.evaluate(() => ({ inner: document.documentElement.scrollWidth, outer: document.documentElement.clientWidth }));
  expect(inner).toBeLessThanOrEqual(outer);
});
