// A page that was open while a new version was put in place, whose files are gone.
import { checkAxe, dialog, expect, memberRow, openDrawer, person, settled, signUp, test, trySignIn, type Page } from "./fixtures";

const ada = person("Ada");
const part = /^members-.*\.wasm/;
const failed = (page: Page) => page.getByRole("heading", { level: 1, name: "The settings could not be loaded" });

/** How often a page was loaded anew from now on. */
function loads(page: Page) {
  let count = 0;
  page.on("request", (request) => (count += Number(request.isNavigationRequest() && request.frame() === page.mainFrame())));
  return { count: () => count };
}

test.beforeEach(({ expectConsoleErrors }) => expectConsoleErrors(/members-.*\.wasm/, /WebAssembly|MIME type|HTTP status code/));

test("an old tab goes on in the new version: one reload, at the address where it was going", async ({ dist, server, api, startSite, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const site = await startSite({ files: dist.folder, api: server.url });
  const page = await openBrowser({ baseURL: site.url });
  const wanted = `/o/${acme.id}/settings/members?q=ada&status=active`;
  await page.goto(`/login?next=${encodeURIComponent(wanted)}`);
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();

  await dist.newVersion();
  const reloads = loads(page);
  await trySignIn(page, ada.email, ada.password);
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(page).toHaveURL(`${site.url}${wanted}`);
  await expect(page.getByRole("searchbox", { name: "Search members" })).toHaveValue("ada");
  expect(reloads.count()).toBe(1);

  // The next version finds it just so: what was counted was counted for the first.
  await page.goto(`/o/${acme.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  await dist.newVersion();
  const again = loads(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  expect(again.count()).toBe(1);
});

test("a new version that lacks the part, too, is loaded once and no more, and says so", async ({ dist, server, startSite, openBrowser }) => {
  const site = await startSite({ files: dist.folder, api: server.url });
  const page = await openBrowser({ baseURL: site.url });
  await signUp(page, ada);
  await dist.newVersion();
  const taken = await dist.take(part);
  const reloads = loads(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect(failed(page)).toBeVisible();
  await settled(page);
  expect(reloads.count()).toBe(1);
  await checkAxe(page);
  const asked = page.waitForResponse((response) => part.test(new URL(response.url()).pathname.slice(1)));
  await page.getByRole("button", { name: "Try again" }).click();
  await asked;
  await expect(failed(page)).toBeVisible();
  expect(reloads.count()).toBe(1);
  await taken.putBack();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  expect(reloads.count()).toBe(1);
});

test("what is being typed in a dialog is not thrown away for it", async ({ dist, server, startSite, openBrowser }) => {
  const taken = await dist.take(part);
  const site = await startSite({ files: dist.folder, api: server.url });
  const page = await openBrowser({ baseURL: site.url });
  await signUp(page, ada);
  const reloads = loads(page);
  // The same version: there is nothing to be had by loading it anew.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect(failed(page)).toBeVisible();
  await page.getByRole("link", { name: "Back to the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  expect(reloads.count()).toBe(0);

  const drawer = await openDrawer(page);
  await drawer.getByRole("button", { name: "New", exact: true }).click();
  const form = dialog(page, "New organization");
  await form.getByRole("textbox", { name: "Organization name" }).fill("Half typed");
  await taken.putBack();
  await dist.newVersion();
  // Back leads to the settings, under the dialog.
  const missing = page.waitForResponse((response) => part.test(new URL(response.url()).pathname.slice(1)));
  await page.goBack();
  expect((await missing).status()).toBe(404);
  await expect(page.getByText("The settings could not be loaded")).toBeAttached();
  await expect(form.getByRole("textbox", { name: "Organization name" })).toHaveValue("Half typed");
  expect(reloads.count()).toBe(0);

  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(form).toBeHidden();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  expect(reloads.count()).toBe(1);
});

test("a page whose files vanish while it starts begins anew, once", async ({ dist, server, startSite, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/\.wasm/, /404/);
  const firstPage = await dist.newVersion();
  const site = await startSite({ files: dist.folder, api: server.url, firstPage });
  const page = await openBrowser({ baseURL: site.url });
  const starts = loads(page);
  await page.goto("/signup?next=%2Fo%2F1");
  await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
  await expect(page).toHaveURL(`${site.url}/signup?next=%2Fo%2F1`);
  expect(starts.count()).toBe(2);
  await expect(page.getByRole("heading", { name: "Atrium could not start" })).toBeHidden();
});
