// The API keys of a workspace.
import { checkAxe, choose, enterprise, expect, type Organization, type Page, person, settled, signIn, test, type Workspace } from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");

const table = (page: Page) => page.getByRole("table", { name: "API keys" });
const row = (page: Page, text: string) => table(page).getByRole("row").filter({ hasText: text });
const create = (page: Page) => page.getByRole("button", { name: "Create API key" }).first();
const message = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });

async function openKeys(page: Page, acme: Organization, workspace: Workspace) {
  await page.goto(`/o/${acme.id}/settings/workspaces/${workspace.id}?tab=keys`);
  await settled(page);
  await expect(page.getByRole("tab", { name: "API keys" })).toHaveAttribute("aria-selected", "true");
}

/** What a key gets of a path. */
const asks = (url: string, key: string, path: string, method = "GET", body?: unknown) =>
  fetch(url + path, { method, headers: { "x-api-key": key, "content-type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body) });

test("a key is created, shown once, used, listed with its use and its end, and deleted", async ({ page, api, server }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const [workspace] = await acme.workspaces();
  await signIn(page, ada);
  await openKeys(page, acme, workspace);
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
  await create(page).click();
  const form = page.getByRole("dialog", { name: "Create API key" });
  const what = form.getByRole("textbox", { name: "What it is for" });
  await expect(what).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(what).toHaveAccessibleDescription(/Say what the key is for/);
  await what.fill("Nightly evaluation");
  await choose(form.getByRole("combobox", { name: "Ends" }), "In 30 days");
  await form.getByRole("checkbox", { name: "Read only" }).check();
  await checkAxe(page);
  await form.getByRole("button", { name: "Create key" }).click();
  const shown = form.getByRole("textbox", { name: "The new key" });
  await expect(shown).toBeFocused();
  const key = await shown.inputValue();
  expect(key).toMatch(/^lsv2_sk_/);
  await expect(form.getByRole("region", { name: "Copy it now" })).toContainText("only time that it is shown");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await form.getByRole("button", { name: "Copy key" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await checkAxe(page);
  // A slip does not throw it away.
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog", { name: "Close without looking again?" }).getByRole("button", { name: "Go back" }).click();
  await expect(shown).toHaveValue(key);
  await form.getByRole("button", { name: "Done" }).click();
  await expect(form).toBeHidden();

  // It works, as far as it may, and is nowhere in the page.
  expect((await asks(server.url, key, "/api/v1/sessions")).status).toBe(200);
  expect((await asks(server.url, key, "/api/v1/sessions", "POST", { name: "x" })).status).toBe(403);
  await page.reload();
  await settled(page);
  await expect(row(page, "Nightly evaluation")).toContainText(/Reads only.*today/s);
  expect(await page.content()).not.toContain(key);
  const ends = new Intl.DateTimeFormat("en-US", { dateStyle: "medium" }).format(Date.now() + 30 * 86_400_000);
  await expect(row(page, "Nightly evaluation")).toContainText(ends);
  await checkAxe(page);

  await page.getByRole("button", { name: "Delete the key Nightly evaluation" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete the key Nightly evaluation?" });
  await expect(question).toContainText(`${key.slice(0, 8)}...${key.slice(-4)} is refused at once`);
  await expect(question).toContainText("It was used last: today.");
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await checkAxe(page);
  await question.getByRole("button", { name: "Delete key" }).click();
  await expect(message(page, "The key Nightly evaluation was deleted.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
  expect((await asks(server.url, key, "/api/v1/sessions")).status).toBe(401);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});

test("with differing roles a key has one, and the organization's settings bound its life", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.call("PATCH", "/api/v1/orgs/current/info", { body: { max_service_key_expiry_days: 60 } });
  const [workspace] = await acme.workspaces();
  await signIn(page, ada);
  await openKeys(page, acme, workspace);
  await create(page).click();
  const form = page.getByRole("dialog", { name: "Create API key" });
  const ends = form.getByRole("combobox", { name: "Ends" });
  for (const option of ["In a year", "Never"]) await expect(ends.getByRole("option", { name: option })).toBeDisabled();
  await choose(ends, "In 60 days");
  await choose(form.getByRole("combobox", { name: "Role of the key" }), "Viewer");
  await form.getByRole("textbox", { name: "What it is for" }).fill("Dashboard");
  await form.getByRole("button", { name: "Create key" }).click();
  const key = await form.getByRole("textbox", { name: "The new key" }).inputValue();
  await form.getByRole("button", { name: "Done" }).click();
  await expect(row(page, "Dashboard")).toContainText("By its role");
  await expect(row(page, "Dashboard")).toContainText("Never");
  expect((await asks(server.url, key, "/api/v1/sessions")).status).toBe(200);
  expect((await asks(server.url, key, "/api/v1/sessions", "POST", { name: "x" })).status).toBe(403);
});

test("a workspace's Admin creates and deletes its keys; others see them with the reason", async ({ page, api, server, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  const [workspace] = await acme.workspaces();
  const carol = person("Carol Shaw");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaceRole: "Admin" });
  const hers = await api.signUp(carol);
  await acme.join(hers, { role: "Organization User", workspaceRole: "Editor" });
  await signIn(page, bob);
  await openKeys(page, acme, workspace);
  await create(page).click();
  const form = page.getByRole("dialog", { name: "Create API key" });
  await form.getByRole("textbox", { name: "What it is for" }).fill("From Bob");
  await form.getByRole("button", { name: "Create key" }).click();
  await form.getByRole("button", { name: "Done" }).click();
  await expect(row(page, "From Bob")).toBeVisible();

  const other = await openBrowser();
  await signIn(other, carol);
  await openKeys(other, acme, workspace);
  await expect(row(other, "From Bob")).toBeVisible();
  for (const control of [create(other), other.getByRole("button", { name: "Delete the key From Bob" })]) {
    await expect(control).toHaveAttribute("aria-disabled", "true");
    await expect(control).toHaveAccessibleDescription(/Only the Admin of a workspace makes and deletes its service keys/);
    await control.click({ force: true });
    await expect(other.getByRole("dialog")).toHaveCount(0);
  }
  const call = (path: string, method: string, body?: unknown) => hers.call(method, path, { organization: acme.id, workspace: workspace.id, body });
  await expect(call("/api/v1/api-key", "POST", { description: "x" })).rejects.toMatchObject({ status: 403 });
  const [key] = await call("/api/v1/api-key", "GET");
  await expect(call(`/api/v1/api-key/${key.id}`, "DELETE")).rejects.toMatchObject({ status: 403 });

  // A key that somebody else deleted meanwhile: the answer says so, and the list is right afterwards.
  await page.getByRole("button", { name: "Delete the key From Bob" }).click();
  await acme.call("DELETE", `/api/v1/api-key/${key.id}`, { workspace: workspace.id });
  const question = page.getByRole("alertdialog");
  await question.getByRole("button", { name: "Delete key" }).click();
  await expect(question.getByRole("alert").filter({ hasText: "There is no such service key here." })).toBeVisible();
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
});
