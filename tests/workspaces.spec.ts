// What is in a workspace, what a plan allows, and what a personal organization is not for.
import { ApiError, addWorkspace, expect, openDrawer, type Organization, type Page, person, pickWorkspace, settled, signIn, test, type Workspace } from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");

/** Puts things into a workspace. */
async function fill(organization: Organization, workspace: Workspace, name: string, projects: number) {
  const call = (path: string, body: unknown) => organization.call("POST", path, { workspace: workspace.id, body });
  for (let number = 1; number <= projects; number++) await call("/api/v1/sessions", { name: `${name} project ${number}` });
  await call("/api/v1/datasets", { name: `${name} dataset` });
  await call("/api/v1/annotation-queues", { name: `${name} queue` });
}

const count = (page: Page, name: string) => page.getByRole("term").filter({ hasText: name }).locator("xpath=following-sibling::dd[1]");

test("a workspace counts and lists what is in it, and another one shows other things", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const [first] = await acme.workspaces();
  const second = await acme.addWorkspace("Research");
  await fill(acme, first, "Alpha", 2);
  await fill(acme, second, "Beta", 3);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/w/${first.id}`);
  await settled(page);
  const main = page.getByRole("main");
  await expect(count(page, "Projects")).toHaveText("2");
  for (const kind of ["Datasets", "Annotation queues"]) await expect(count(page, kind)).toHaveText("1");
  await expect(count(page, "Prompts")).toHaveText("0");
  await expect(main.getByRole("table", { name: "Projects" }).getByRole("row")).toHaveCount(3);
  for (const name of ["Alpha project 1", "Alpha project 2", "Alpha dataset", "Alpha queue"]) {
    await expect(main.getByRole("row").filter({ hasText: name })).toBeVisible();
  }

  await pickWorkspace(page, "Research");
  await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
  await expect(count(page, "Projects")).toHaveText("3");
  await expect(main.getByRole("row").filter({ hasText: "Beta project 3" })).toBeVisible();
  await expect(main.getByText(/alpha/i)).toHaveCount(0);

  // The same on the page of each kind.
  for (const [link, name] of [["Projects", "Beta project 1"], ["Datasets", "Beta dataset"], ["Annotation queues", "Beta queue"]]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link }).click();
    await expect(page.getByRole("heading", { level: 1, name: link })).toBeVisible();
    await expect(main.getByRole("table", { name: link }).getByRole("row").filter({ hasText: name })).toBeVisible();
    await expect(main.getByText(/alpha/i)).toHaveCount(0);
  }
  await pickWorkspace(page, "Workspace 1");
  await expect(main.getByText(/beta/i)).toHaveCount(0);
});

test("an empty workspace says of each kind what belongs there", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const [workspace] = await acme.workspaces();
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/w/${workspace.id}`);
  for (const kind of ["projects", "datasets", "annotation queues", "prompts"]) {
    await expect(page.getByRole("heading", { name: `No ${kind} yet` })).toBeVisible();
  }
});

test("a workspace beyond the plan is not offered, with the reason, and refused by the API", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const { config } = await acme.call("GET", "/api/v1/orgs/current/info");
  for (let number = 2; number < config.max_workspaces; number++) await acme.addWorkspace(`Workspace ${number}`);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await addWorkspace(page, "The last one");
  const add = page.getByRole("button", { name: "Add workspace" });
  await expect(add).toHaveAttribute("aria-disabled", "true");
  await expect(add).toHaveAccessibleDescription(/workspace/i);
  await add.click({ force: true });
  await expect(page.getByRole("dialog", { name: "Add workspace" })).toBeHidden();
  const refused = await acme.addWorkspace("One too many").catch((error) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.status).toBeLessThan(500);
  expect(await acme.workspaces()).toHaveLength(config.max_workspaces);
});

test("a personal organization is for its owner alone, says so, and holds to it", async ({ page, api }) => {
  const account = await api.signUp(ada);
  await signIn(page, ada);
  const personal = await account.personalOrganization();
  await page.goto(`/o/${personal.id}/settings/members`);
  await settled(page);
  const invite = page.getByRole("button", { name: "Invite", exact: true });
  await expect(invite).toHaveAttribute("aria-disabled", "true");
  await expect(invite).toHaveAccessibleDescription(/personal/i);
  const refused = await personal.invite(bob.email).catch((error) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused.status).toBeLessThan(500);
  expect((await personal.members()).pending).toEqual([]);
  await page.goto(`/o/${personal.id}/settings/billing`);
  await settled(page);
  await expect(page.getByRole("button", { name: "Subscribe" })).toHaveCount(0);
  await expect(page.getByText("A personal organization is free and yours alone.", { exact: false })).toBeVisible();
});

test("the roles tell how many hold each and how many permissions it has", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/roles`);
  await settled(page);
  const roles = await acme.roles();
  const rows = page.getByRole("table", { name: "Roles" }).getByRole("row");
  await expect(rows).toHaveCount(roles.length + 1);
  for (const role of roles) {
    const row = rows.filter({ hasText: role.description });
    await expect(row.getByRole("cell").first()).toContainText(role.display_name);
    await expect(row.getByRole("cell").nth(3)).toHaveText(String(role.permissions.length));
    if (role.name.startsWith("ORGANIZATION_")) await expect(row.getByRole("cell").nth(2)).toHaveText(role.name === "ORGANIZATION_ADMIN" ? "2" : "0");
  }
});

test("an operator's plan and the demo's people show in the app", async ({ page, api, server, openBrowser, startServer }) => {
  test.setTimeout(120_000);
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  await signIn(page, ada);
  const drawer = await openDrawer(page);
  await expect(drawer.getByRole("button", { name: "Acme", exact: true })).toHaveAccessibleDescription(/Enterprise/);
  await drawer.getByRole("button", { name: "Acme", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();

  const other = await startServer({});
  const told = await other.run("demo", "--members", "250");
  const password = /password (\S+):/.exec(told)?.[1];
  const address = /^ {2}(\S+@\S+)/m.exec(told)?.[1];
  expect(password, told).toBeTruthy();
  expect(address, told).toBeTruthy();
  const demo = await openBrowser({ baseURL: other.url });
  await signIn(demo, { name: "", email: address!, password: password! });
  const organizations = await openDrawer(demo);
  await organizations.getByRole("button", { name: "Acme", exact: true }).click();
  await demo.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await settled(demo);
  // Some rows are in the page; the table says how many there are.
  const table = demo.getByRole("table", { name: "Members" });
  const all = Number(await table.getAttribute("aria-rowcount"));
  expect(all).toBeGreaterThan(250);
  const rows = table.getByRole("row");
  await expect(rows.nth(10)).toBeVisible();
  expect(await rows.count()).toBeLessThan(60);
});
