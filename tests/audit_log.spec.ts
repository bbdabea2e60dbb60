// Settings > Audit log: who changed what, where and when, before and after.
import { readFile } from "node:fs/promises";
import { checkAxe, choose, enterprise, expect, person, settled, signIn, test, type Page } from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");

const table = (page: Page) => page.getByRole("table", { name: "Audit log" });
const entries = (page: Page) => table(page).getByRole("row").filter({ has: page.getByRole("cell") });
const filter = (page: Page, name: string) => page.getByRole("combobox", { name: `Filter by ${name}`, exact: true });

/** Signs in and opens the page, with filters in the address. */
async function open(page: Page, organization: string, who = ada, query = "") {
  await signIn(page, who);
  await page.goto(`/o/${organization}/settings/audit-log${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await settled(page);
}

test("every change is there, newest first, with who, what, where, and what differs", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.call("PATCH", "/api/v1/orgs/current/info", { body: { display_name: "Acme Labs" } });
  const role = await acme.call("POST", "/api/v1/orgs/current/roles", { body: { display_name: "Reader", description: "Reads", permissions: ["projects:read", "datasets:read"] } });
  await acme.call("PATCH", `/api/v1/orgs/current/roles/${role.id}`, { body: { display_name: "Reader", description: "Reads", permissions: ["projects:read", "prompts:read"] } });
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  const [workspace] = await acme.workspaces();
  await acme.call("POST", "/api/v1/datasets", { workspace: workspace.id, body: { name: "Questions" } });

  await open(page, acme.id);
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit log" })).toHaveAttribute("aria-current", "page");
  const newest = entries(page).first();
  await expect(newest).toContainText("Made a dataset");
  await expect(newest).toContainText("Questions");
  await expect(newest).toContainText(workspace.display_name);
  await expect(newest).toContainText(ada.email);
  await expect(newest).toContainText("127.0.0.1");
  await expect(newest.locator("time")).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT/);

  // Of a change only what differs: one permission went, another came.
  const changed = entries(page).filter({ hasText: "Changed a role" });
  await expect(changed.getByRole("deletion")).toContainText("datasets:read");
  await expect(changed.getByRole("insertion")).toContainText("prompts:read");
  await expect(changed).not.toContainText("projects:read");
  const renamed = entries(page).filter({ hasText: "Changed the organization" });
  await expect(renamed.getByRole("deletion").filter({ hasText: "Acme" })).toBeVisible();
  await expect(renamed.getByRole("insertion").filter({ hasText: "Acme Labs" })).toBeVisible();
  // Somebody else did this one.
  await expect(entries(page).filter({ hasText: "Accepted an invitation" })).toContainText(bob.email);
  await expect(entries(page).filter({ hasText: "Invited" }).first()).toContainText(bob.email);

  // Behind it is the request, for whoever looks it up in the server's log.
  await changed.getByText("Request", { exact: true }).first().click();
  await expect(changed).toContainText(`PATCH /api/v1/orgs/current/roles/`);
  await checkAxe(page);

  await page.setViewportSize({ width: 320, height: 800 });
  await expect(newest).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAxe(page);
});

test("filters are in the address: shared by link, restored by Back, cleared at once", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const theirs = await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await theirs.addWorkspace("Research");
  const [first] = (await acme.workspaces()).filter(({ display_name }) => display_name !== "Research");
  await acme.call("POST", "/api/v1/datasets", { workspace: first.id, body: { name: "Questions" } });
  await open(page, acme.id);
  await expect(entries(page).filter({ hasText: "Made a dataset" })).toHaveCount(1);

  await choose(filter(page, "operation"), "Added a workspace");
  await expect(page).toHaveURL(/operation=create_workspace/);
  await expect(entries(page).filter({ hasText: "Made a dataset" })).toHaveCount(0);
  await expect(entries(page).filter({ hasText: "Research" })).toHaveCount(1);
  await page.reload();
  await expect(filter(page, "operation")).toHaveValue("create_workspace");
  await expect(entries(page).filter({ hasText: "Research" })).toHaveCount(1);
  await choose(filter(page, "operation"), "All operations");

  // A person: by a press on somebody, or found by address.
  await page.getByRole("button", { name: `Only what ${bob.email} did` }).first().click();
  await expect(page).toHaveURL(/actor=/);
  await expect(entries(page).filter({ hasText: "Made a dataset" })).toHaveCount(0);
  await expect(entries(page).filter({ hasText: "Research" })).toHaveCount(1);
  const who = filter(page, "person");
  await expect(who).toHaveValue(bob.email);
  await page.reload();
  await expect(who).toHaveValue(bob.email);
  await who.fill(ada.email);
  await expect(entries(page).filter({ hasText: "Made a dataset" })).toHaveCount(1);
  await expect(entries(page).filter({ hasText: "Research" })).toHaveCount(0);
  await who.fill("");
  await expect(page).not.toHaveURL(/actor=/);

  await choose(filter(page, "workspace"), first.display_name);
  await expect(entries(page).filter({ hasText: "Made a dataset" })).toHaveCount(1);
  await expect(entries(page).filter({ hasText: "Invited" })).toHaveCount(0);
  await choose(filter(page, "workspace"), "All workspaces");

  // A time, by the days of whoever reads.
  await choose(filter(page, "time"), "From … to …");
  await page.getByLabel("To", { exact: true }).fill("2020-01-31");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await expect(page).toHaveURL(/to=2020-01-31/);
  await checkAxe(page);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page).toHaveURL(new RegExp(`/o/${acme.id}/settings/audit-log$`));
  await expect(entries(page).filter({ hasText: "Made a dataset" })).toHaveCount(1);
  await choose(filter(page, "time"), "Last 24 hours");
  await expect(entries(page).filter({ hasText: "Made a dataset" })).toHaveCount(1);
});

test("what was refused is there, and can be looked for alone", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const theirs = await acme.join(await api.signUp(bob), { role: "Organization Viewer" });
  await expect(theirs.addWorkspace("Mine")).rejects.toMatchObject({ status: 403 });
  await open(page, acme.id, ada, "?outcome=refused");
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText("Added a workspace");
  await expect(entries(page)).toContainText("Refused (403)");
  await expect(entries(page)).toContainText("Nothing was changed");
  await expect(entries(page)).toContainText(bob.email);
  await choose(filter(page, "outcome"), "Done");
  await expect(entries(page).filter({ hasText: "Refused" })).toHaveCount(0);
  await expect(entries(page).first()).toBeVisible();
});

test("older entries come when they are asked for, and the export has them all, as CSV and as JSON", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const [workspace] = await acme.workspaces();
  const count = 60;
  for (let number = 1; number <= count; number += 1) {
    await acme.call("POST", "/api/v1/datasets", { workspace: workspace.id, body: { name: number === 1 ? "=1+1" : `Set ${number}` } });
  }
  await open(page, acme.id, ada, "?operation=create_dataset");
  await expect(page.getByRole("status").filter({ hasText: "50+ entries" })).toBeVisible();
  await expect(entries(page)).toHaveCount(50);
  await page.getByRole("button", { name: "Show older entries" }).click();
  await expect(entries(page)).toHaveCount(count);
  await expect(page.getByRole("button", { name: "Show older entries" })).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: `${count} entries` })).toBeVisible();
  const named = await entries(page).evaluateAll((rows) => rows.map((row) => /Set \d+|=1\+1/.exec((row as HTMLElement).innerText)?.[0]));
  expect(named).toEqual([...Array.from({ length: count - 1 }, (_, index) => `Set ${count - index}`), "=1+1"]);

  const exported = async (label: string) => {
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Export audit log" });
    const download = page.waitForEvent("download");
    await form.getByRole("button", { name: label }).click();
    const file = await download;
    await expect(form).toBeHidden();
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
  };
  const csv = await exported("Export as CSV");
  expect(csv.name).toBe("audit-log.csv");
  await expect(page.getByRole("status").filter({ hasText: `${count} entries exported to audit-log.csv.` })).toBeVisible();
  const lines = csv.text.split("\r\n").filter(Boolean);
  expect(lines).toHaveLength(count + 1);
  expect(lines[0]).toMatch(/^\ufeffTime,Who,/);
  expect(lines[1]).toContain(ada.email);
  expect(lines[1]).toContain("Set 60");
  const json = await exported("Export as JSON");
  expect(json.name).toBe("audit-log.json");
  const read = JSON.parse(json.text) as { actor: string; operation: string; after: { name: string }; workspace: string }[];
  expect(read).toHaveLength(count);
  expect(new Set(read.map(({ after }) => after.name)).size).toBe(count);
  expect(read.at(-1)).toMatchObject({ actor: ada.email, operation: "create_dataset", after: { name: "=1+1" }, workspace: workspace.display_name });
});

test("without the plan the page shows what it would, made up and marked so, and who could read it", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await open(page, acme.id);
  await expect(page.getByRole("region", { name: "The audit log is part of Enterprise" })).toContainText("Acme is on Plus");
  await expect(page.getByText("These people and changes are made up.")).toBeVisible();
  const example = page.getByRole("table", { name: "Example of an audit log" });
  await expect(example.getByRole("row")).toHaveCount(5);
  await expect(example).toContainText("grace@example.com");
  await expect(page.getByRole("button", { name: "Export" })).toHaveCount(0);
  await checkAxe(page);
});

test("whoever does not manage the organization is told who can look", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await open(page, acme.id, bob);
  await expect(page.getByText("You may not read the audit log")).toBeVisible();
  await expect(page.getByText("can look something up for you")).toBeVisible();
  await expect(table(page)).toHaveCount(0);
  await checkAxe(page);
});

test("a backend that tells neither before nor after, and cannot be asked for people, says so", async ({ api, server, startServer, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  const other = await startServer({ database: server.database, more: ["--contract-only", "crates/server/tests/contract/langsmith-api.json"] });
  const page = await openBrowser({ baseURL: other.url });
  await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}/settings/audit-log`)}`);
  await page.getByRole("textbox", { name: "Email", exact: true }).fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.keyboard.press("Enter");
  const added = entries(page).filter({ hasText: "Added a workspace" });
  await expect(added).toContainText("This server does not tell.");
  await expect(added).toContainText(ada.email);
  await expect(filter(page, "outcome")).toHaveAccessibleDescription(/cannot be asked for that/);
  await expect(filter(page, "person")).toBeDisabled();
  await choose(filter(page, "operation"), "Added a workspace");
  await expect(added.first()).toBeVisible();
  await checkAxe(page);
});
