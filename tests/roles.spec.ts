// Settings > Members and roles > Roles, and why somebody has access.
import {
  type Account, checkAxe, choose, dialog, enterprise, expect, memberRow, type Organization, type Page, person, type Server, settled, signIn, test,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");

async function addRole(acme: Organization, name: string, permissions: string[], description = `${name} does things`): Promise<string> {
  return (await acme.call("POST", "/api/v1/orgs/current/roles", { body: { display_name: name, description, permissions } })).id;
}

/** Somebody in some workspaces with a role in each. */
async function joinWith(acme: Organization, other: Account, roles: Record<string, string>) {
  await acme.join(other, { role: "Organization User", workspaces: [] });
  const { members } = await acme.members();
  const { id } = members.find(({ email }) => email === other.person.email);
  const all = await acme.workspaces();
  for (const [workspace, role] of Object.entries(roles)) {
    const { id: wanted } = all.find(({ display_name }) => display_name === workspace)!;
    await acme.call("POST", "/api/v1/workspaces/current/members", { workspace: wanted, body: { org_identity_id: id, role_id: (await acme.role(role)).id } });
  }
}

async function open(page: Page, acme: Organization, query = "", who = ada) {
  await signIn(page, who);
  await page.goto(`/o/${acme.id}/settings/roles${query}`);
  await settled(page);
}

/** The demo's organization of that many members, and who signs in to it. */
async function demo(server: Server, members: number) {
  const told = await server.run("demo", "--members", String(members));
  const password = /password (\S+):/.exec(told)![1];
  return { name: "", email: /^ {2}(\S+@\S+)/m.exec(told)![1], password };
}

const rolesTable = (page: Page) => page.getByRole("table", { name: "Roles" });
const roleRow = (page: Page, name: string) => rolesTable(page).getByRole("row").filter({ has: page.getByRole("cell", { name: new RegExp(`^${name}\\b`) }) });
const show = (page: Page, name: string) => page.getByRole("radiogroup", { name: "View" }).getByText(name, { exact: true }).click();

test("the server counts who has a role, and a click shows them, page by page", async ({ page, server, api }) => {
  test.setTimeout(120_000);
  const admin = await demo(server, 120);
  const account = await api.signIn(admin);
  const acme = (await account.organizations()).find(({ name }) => name === "Acme")!;
  const asked: URL[] = [];
  page.on("request", (request) => asked.push(new URL(request.url())));
  await open(page, acme, "", admin);
  const role = await acme.role("Annotator");
  const annotators: string[] = [];
  for (const row of await acme.call("GET", "/v1/platform/orgs/current/members?active_is=true&limit=500")) {
    if (row.workspace_memberships.some(({ role_id }: { role_id: string }) => role_id === role.id)) annotators.push(row.email);
  }
  annotators.sort();
  expect(annotators.length).toBeGreaterThan(0);
  const annotator = roleRow(page, "Annotator");
  await expect(annotator.getByRole("cell").nth(2)).toHaveText(String(annotators.length));
  await expect(annotator.getByText("Custom")).toBeVisible();
  await expect(roleRow(page, "Organization Admin").getByText("System")).toBeVisible();
  await expect(annotator.getByRole("cell").nth(3)).toHaveText(String(role.permissions.length));
  await annotator.getByRole("button", { name: /members? with Annotator/ }).click();
  const who = dialog(page, "Members with Annotator");
  await expect(who.getByRole("list", { name: "Members" }).getByRole("listitem").first()).toContainText(annotators[0]);
  await page.keyboard.press("Escape");
  await expect(annotator.getByRole("button", { name: /members? with Annotator/ })).toBeFocused();

  // More than a page of them: the server gives one at a time, and nobody is left out.
  const users = (await acme.members()).members.filter(({ org_role_name }) => org_role_name === "Organization User").map(({ email }) => email).sort();
  expect(users.length).toBeGreaterThan(40);
  await roleRow(page, "Organization User").getByRole("button", { name: `${users.length} members with Organization User` }).click();
  const list = dialog(page, "Members with Organization User").getByRole("list", { name: "Members" });
  const pages = dialog(page, "Members with Organization User").getByRole("navigation", { name: "Pages" });
  const found: string[] = [];
  for (let start = 0; start < users.length; start += 20) {
    await expect(pages).toContainText(`${start + 1}–${Math.min(start + 20, users.length)} of ${users.length}`);
    await expect(list.getByRole("listitem").first()).toContainText(users[start]);
    for (const text of await list.getByRole("listitem").allInnerTexts()) found.push(/\S+@[\w.-]+/.exec(text)![0]);
    if (start + 20 < users.length) await pages.getByRole("button", { name: "Next" }).click();
  }
  expect(found).toEqual(users);
  await expect(pages.getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
  await checkAxe(page);
  // Nobody asked for everybody.
  const limits = asked.filter(({ pathname }) => pathname.endsWith("/orgs/current/members")).map(({ searchParams }) => Number(searchParams.get("limit")));
  expect(limits.length).toBeGreaterThan(0);
  expect(Math.max(...limits)).toBeLessThanOrEqual(50);
});

test("the matrix has every permission of every role, by resource", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await addRole(acme, "Annotator", ["annotation-queues:read", "annotation-queues:update", "projects:read"]);
  await open(page, acme);
  await show(page, "Matrix");
  await expect(page).toHaveURL(/view=matrix/);
  const table = page.getByRole("table", { name: "Permissions by role" });
  const roles = await acme.roles();
  await expect(table.getByRole("columnheader")).toHaveCount(roles.length + 1);
  const column = (name: string) => roles.findIndex(({ display_name }) => display_name === name);
  const cell = (row: RegExp, role: string) => table.getByRole("row", { name: row }).getByRole("cell").nth(column(role));
  // How much of each resource, at a glance.
  await expect(cell(/^Projects/, "Annotator")).toContainText("1 of 6");
  await expect(cell(/^Projects/, "Editor")).toContainText("6 of 6");
  await expect(cell(/^Datasets/, "Annotator")).toContainText("0 of 5");
  await expect(table.getByRole("row", { name: /View projects/ })).toBeHidden();
  // One resource, then all.
  await table.getByRole("button", { name: "Projects" }).click();
  await expect(table.getByRole("button", { name: "Projects" })).toHaveAttribute("aria-expanded", "true");
  await expect(cell(/View projects/, "Annotator")).toHaveText("Yes");
  await expect(cell(/Delete projects/, "Annotator")).toHaveText("No");
  await expect(table.getByRole("row", { name: /View datasets/ })).toBeHidden();
  await page.getByRole("button", { name: "Show every permission" }).click();
  const all = await acme.call("GET", "/api/v1/orgs/permissions");
  for (const { name } of all) await expect(table.getByRole("rowheader").filter({ hasText: new RegExp(`${name}$`) })).toBeVisible();
  await checkAxe(page);
  // Which roles: in the address.
  await page.getByRole("button", { name: "Roles", exact: true }).click();
  const boxes = page.getByRole("group", { name: "Roles to show" });
  for (const { display_name } of roles) if (!["Viewer", "Annotator"].includes(display_name)) await boxes.getByRole("checkbox", { name: display_name, exact: true }).uncheck();
  await page.keyboard.press("Escape");
  await expect(table.getByRole("columnheader")).toHaveText(["Permission", "Viewer", "Annotator"]);
  await page.reload();
  await expect(table.getByRole("columnheader")).toHaveText(["Permission", "Viewer", "Annotator"]);
  // The header and the first column stay in sight.
  await page.getByRole("button", { name: "Show every permission" }).click();
  await page.getByRole("region", { name: "Permissions by role" }).evaluate((frame) => frame.scrollTo(200, 900));
  await expect(table.getByRole("columnheader", { name: "Annotator" })).toBeInViewport();
});

test("on a phone the matrix shows two roles, and those that are chosen", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await signIn(page, ada);
  await page.setViewportSize({ width: 320, height: 720 });
  await page.goto(`/o/${acme.id}/settings/roles?view=matrix`);
  const table = page.getByRole("table", { name: "Permissions by role" });
  await expect(table.getByRole("columnheader")).toHaveText(["Permission", "Admin", "Editor"]);
  await expect(table.getByRole("columnheader", { name: "Editor" })).toBeInViewport();
  await page.getByRole("button", { name: "Roles", exact: true }).click();
  const boxes = page.getByRole("group", { name: "Roles to show" });
  await boxes.getByRole("checkbox", { name: "Viewer", exact: true }).check();
  await boxes.getByRole("checkbox", { name: "Admin", exact: true }).uncheck();
  await page.keyboard.press("Escape");
  await expect(table.getByRole("columnheader")).toHaveText(["Permission", "Editor", "Viewer"]);
  await expect(table.getByRole("columnheader", { name: "Viewer" })).toBeInViewport();
  await checkAxe(page);
  for (const view of ["", "?view=compare", "?view=who&permission=runs:read"]) {
    await page.goto(`/o/${acme.id}/settings/roles${view}`);
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), view).toBeLessThanOrEqual(320);
  }
});

test("the difference of two roles is only what differs", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const one = await addRole(acme, "One", ["projects:read", "projects:create", "runs:read"]);
  const other = await addRole(acme, "Other", ["projects:read", "datasets:read", "runs:read"]);
  await addRole(acme, "Twin", ["runs:read", "projects:read", "projects:create"]);
  await open(page, acme);
  await show(page, "Compare");
  await choose(page.getByRole("combobox", { name: "First role" }), "One");
  await choose(page.getByRole("combobox", { name: "Second role" }), "Other");
  await expect(page).toHaveURL(new RegExp(`a=${one}.*b=${other}`));
  await expect(page.getByText("2 permissions in both.")).toBeVisible();
  const first = page.getByRole("region", { name: "Only One" });
  await expect(first).toContainText("1 permission");
  await expect(first).toContainText("Create projects");
  await expect(first).not.toContainText("View");
  await expect(page.getByRole("region", { name: "Only Other" })).toContainText("View datasets");
  await checkAxe(page);
  await page.reload();
  await expect(page.getByRole("region", { name: "Only One" })).toContainText("Create projects");
  await choose(page.getByRole("combobox", { name: "Second role" }), "Twin");
  await expect(page.getByText("One and Twin permit the same.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Only One" })).toHaveCount(0);
  // And of any two: the system's, and an organization's with a workspace's.
  await choose(page.getByRole("combobox", { name: "First role" }), "Viewer");
  await choose(page.getByRole("combobox", { name: "Second role" }), "Editor");
  await expect(page.getByRole("region", { name: "Only Viewer" })).toContainText("Nothing that the other does not permit.");
  await expect(page.getByRole("region", { name: "Only Editor" })).toContainText("Create projects");
  await choose(page.getByRole("combobox", { name: "Second role" }), "Organization Operator");
  await expect(page.getByRole("region", { name: "Only Viewer" })).toContainText("View projects");
  await expect(page.getByRole("region", { name: "Only Organization Operator" })).toContainText(/\d+ permissions?/);
});

test("a role is created, copied, edited and deleted", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await open(page, acme);
  await test.step("created, permission by permission", async () => {
    await page.getByRole("button", { name: "Create role" }).click();
    const form = dialog(page, "Create role");
    await expect(form.getByRole("textbox", { name: "Role name" })).toBeFocused();
    await form.getByRole("button", { name: "Create", exact: true }).click();
    await expect(form.getByRole("textbox", { name: "Role name" })).toHaveAccessibleDescription("Enter a name.");
    await form.getByRole("textbox", { name: "Role name" }).fill("Annotator");
    await form.getByRole("button", { name: "Create", exact: true }).click();
    await expect(form.getByRole("alert").filter({ hasText: "Choose at least one permission." })).toBeVisible();
    await form.getByRole("textbox", { name: "Description" }).fill("Works through queues.");
    const projects = form.getByRole("group", { name: "Projects" });
    await projects.getByRole("checkbox", { name: "View projects" }).check();
    // Each permission has what the API says of it, and its word.
    for (const { name, description, access_scope } of await acme.call("GET", "/api/v1/orgs/permissions")) {
      const box = form.getByRole("checkbox", { name: description, exact: true });
      if (access_scope === "workspace") await expect(box).toHaveAccessibleDescription(name);
      else await expect(box).toHaveCount(0);
    }
    await expect(projects).toContainText("1 of 6");
    await expect(form.getByText("1 of 69 permissions")).toBeVisible();
    // All or none of a group.
    const queues = form.getByRole("group", { name: "Annotation queues" });
    await queues.getByRole("button", { name: "All of Annotation queues" }).click();
    await expect(queues).toContainText("4 of 4");
    for (const box of await queues.getByRole("checkbox").all()) await expect(box).toBeChecked();
    await queues.getByRole("button", { name: "None of Annotation queues" }).click();
    await expect(queues).toContainText("0 of 4");
    await queues.getByRole("checkbox", { name: "Change annotation queues" }).check();
    await expect(form.getByText("Writes without reading: Annotation queues.")).toBeVisible();
    await queues.getByRole("checkbox", { name: "View annotation queues" }).check();
    await expect(form.getByText("Writes without reading")).toHaveCount(0);
    await form.getByRole("checkbox", { name: "Rename and delete the workspace" }).check();
    await expect(form.getByText("Manages the workspace but not its members", { exact: false })).toBeVisible();
    await form.getByRole("checkbox", { name: "Rename and delete the workspace" }).uncheck();
    await checkAxe(page);
    await form.getByRole("button", { name: "Create", exact: true }).evaluate((button: HTMLElement) => {
      button.click();
      button.click();
    });
    await expect(form).toBeHidden();
    await expect(page.getByText("The role Annotator was created.")).toBeVisible();
    const role = await acme.role("Annotator");
    expect(role).toMatchObject({ description: "Works through queues.", permissions: ["annotation-queues:read", "annotation-queues:update", "projects:read"] });
    expect((await acme.roles()).filter(({ name }) => name === "CUSTOM")).toHaveLength(1);
    await expect(roleRow(page, "Annotator")).toContainText("Nobody has it.");
  });
  await test.step("copied: it begins with the same, and says so", async () => {
    await page.getByRole("button", { name: "Copy Annotator" }).click();
    const form = dialog(page, "Create role");
    await expect(form.getByRole("textbox", { name: "Role name" })).toHaveValue("Copy of Annotator");
    await expect(form.getByRole("checkbox", { name: "Change annotation queues" })).toBeChecked();
    await expect(form.getByText("Permits the same as Annotator.")).toBeVisible();
    await form.getByRole("button", { name: "Create", exact: true }).click();
    await expect(form).toBeHidden();
    await expect(page.getByRole("button", { name: "Copy Annotator" })).toBeFocused();
    await expect(roleRow(page, "Copy of Annotator")).toContainText("Permits the same as Annotator.");
    await expect(roleRow(page, "Annotator")).toContainText("Permits the same as Copy of Annotator.");
  });
  await test.step("a system role can be copied, and neither edited nor deleted", async () => {
    await expect(page.getByRole("button", { name: "Copy Viewer" })).toBeVisible();
    for (const verb of ["Edit", "Delete"]) await expect(page.getByRole("button", { name: `${verb} Viewer` })).toHaveCount(0);
  });
  await test.step("edited", async () => {
    await page.getByRole("button", { name: "Edit Copy of Annotator" }).click();
    const form = dialog(page, "Edit Copy of Annotator");
    await form.getByRole("textbox", { name: "Role name" }).fill("Reader");
    await form.getByRole("button", { name: "Save", exact: true }).click();
    // A name changes nobody's rights.
    await expect(form).toBeHidden();
    await expect(page.getByText("The role Reader was saved.")).toBeVisible();
    await expect(roleRow(page, "Reader")).toBeVisible();
  });
  await test.step("deleted", async () => {
    await page.getByRole("button", { name: "Delete Reader" }).click();
    const question = page.getByRole("alertdialog", { name: "Delete Reader?" });
    await expect(question.getByText("Nobody has this role.", { exact: false })).toBeVisible();
    await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
    await question.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(question).toBeHidden();
    await expect(page.getByText("The role Reader was deleted.")).toBeVisible();
    await expect(roleRow(page, "Reader")).toHaveCount(0);
  });
});

const message = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });
const failure = (page: Page, text: string) => page.getByRole("alert").filter({ hasText: text });
/** Of the newest message. */
const undo = (page: Page, text: string) => message(page, text).getByRole("button", { name: "Undo" }).last().click();

test("making, editing and deleting a role are undone from their messages", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await open(page, acme);
  const create = async (name: string) => {
    await page.getByRole("button", { name: "Create role" }).click();
    const form = dialog(page, "Create role");
    await form.getByRole("textbox", { name: "Role name" }).fill(name);
    await form.getByRole("textbox", { name: "Description" }).fill("As it was");
    await form.getByRole("checkbox", { name: "View runs" }).check();
    await form.getByRole("button", { name: "Create", exact: true }).click();
    await expect(form).toBeHidden();
  };
  await create("Tester");
  await undo(page, "The role Tester was created.");
  await expect(message(page, "The role Tester is not there any more.")).toBeVisible();
  await expect(roleRow(page, "Tester")).toHaveCount(0);

  await create("Annotator");
  await page.getByRole("button", { name: "Edit Annotator" }).click();
  const form = dialog(page, "Edit Annotator");
  await form.getByRole("textbox", { name: "Role name" }).fill("Labeler");
  await form.getByRole("textbox", { name: "Description" }).fill("Other words");
  await form.getByRole("checkbox", { name: "View runs" }).uncheck();
  await form.getByRole("checkbox", { name: "View datasets" }).check();
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alertdialog", { name: "Save Annotator?" }).getByRole("button", { name: "Save changes" }).click();
  await expect(form).toBeHidden();
  await expect(roleRow(page, "Labeler")).toBeVisible();
  // The newest first.
  await page.keyboard.press("Control+z");
  await expect(message(page, "The role Annotator is what it was before.")).toBeVisible();
  expect(await acme.role("Annotator")).toMatchObject({ description: "As it was", permissions: ["runs:read"] });
  await expect(roleRow(page, "Annotator")).toBeVisible();

  await page.getByRole("button", { name: "Delete Annotator" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete Annotator?" });
  await expect(question).toContainText("You can undo this for ten seconds: the role is made anew.");
  await question.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(question).toBeHidden();
  await undo(page, "The role Annotator was deleted.");
  await expect(message(page, "The role Annotator is there again.")).toBeVisible();
  expect(await acme.role("Annotator")).toMatchObject({ description: "As it was", permissions: ["runs:read"] });
  await checkAxe(page);
});

test("a role is not taken back over what somebody else did with it since", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  const id = await addRole(acme, "Tester", ["runs:read"]);
  const path = `/api/v1/orgs/current/roles/${id}`;
  await open(page, acme);
  await test.step("a new one that somebody has by then", async () => {
    await page.getByRole("button", { name: "Copy Tester" }).click();
    await dialog(page, "Create role").getByRole("button", { name: "Create", exact: true }).click();
    await expect(message(page, "The role Copy of Tester was created.")).toBeVisible();
    await acme.invite("dan@example.com", { role: "Organization User", workspaceRole: "Copy of Tester" });
    await undo(page, "The role Copy of Tester was created.");
    await expect(failure(page, "The role Copy of Tester was not deleted.")).toContainText("1");
    expect((await acme.role("Copy of Tester")).permissions).toEqual(["runs:read"]);
  });
  await test.step("one that was edited anew", async () => {
    await page.getByRole("button", { name: "Edit Tester" }).click();
    const form = dialog(page, "Edit Tester");
    await form.getByRole("textbox", { name: "Description" }).fill("Mine");
    await form.getByRole("button", { name: "Save", exact: true }).click();
    await expect(message(page, "The role Tester was saved.")).toBeVisible();
    await acme.call("PATCH", path, { body: { display_name: "Tester", description: "Theirs", permissions: ["runs:read", "runs:share"] } });
    await undo(page, "The role Tester was saved.");
    await expect(failure(page, "The role Tester was not changed back. Somebody else changed Tester meanwhile: its description differs; it permits runs:share too.")).toBeVisible();
    expect(await acme.role("Tester")).toMatchObject({ description: "Theirs" });
  });
  await test.step("one that was deleted", async () => {
    await page.reload();
    await page.getByRole("button", { name: "Edit Tester" }).click();
    const form = dialog(page, "Edit Tester");
    await form.getByRole("textbox", { name: "Description" }).fill("Mine again");
    await form.getByRole("button", { name: "Save", exact: true }).click();
    await expect(message(page, "The role Tester was saved.")).toBeVisible();
    await acme.call("DELETE", path);
    await undo(page, "The role Tester was saved.");
    await expect(failure(page, "Somebody else deleted Tester meanwhile.")).toBeVisible();
  });
});

test("a role is made in a drawer at the end edge, beside which the matrix stays in sight", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await open(page, acme, "?view=matrix");
  const table = page.getByRole("table", { name: "Permissions by role", includeHidden: true });
  await page.getByRole("button", { name: "Create role" }).click();
  const form = dialog(page, "Create role");
  await expect(form.getByRole("textbox", { name: "Role name" })).toBeFocused();
  await checkAxe(page);
  const { width, height } = page.viewportSize()!;
  const box = (await form.boundingBox())!;
  expect([box.x + box.width, box.y, box.height]).toEqual([width, 0, height]);
  expect(box.width).toBeLessThan(width / 2);
  // What is seen of the page is not under it, and it is no darker.
  const frame = (await page.getByRole("region", { name: "Permissions by role", includeHidden: true }).boundingBox())!;
  expect(frame.x + frame.width).toBeLessThanOrEqual(box.x);
  await expect(table).toBeInViewport();
  expect(await form.evaluate((dialog) => getComputedStyle(dialog, "::backdrop").backgroundColor)).toBe("rgba(0, 0, 0, 0)");
  // It scrolls by itself, and its buttons stay where they are.
  const create = form.getByRole("button", { name: "Create", exact: true });
  await expect(create).toBeInViewport();
  await form.getByRole("checkbox", { name: "Rename and delete the workspace" }).scrollIntoViewIfNeeded();
  await expect(form.getByRole("checkbox", { name: "Rename and delete the workspace" })).toBeInViewport();
  await expect(create).toBeInViewport();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  // In a narrow window it is the window.
  await page.setViewportSize({ width: 320, height: 700 });
  await expect.poll(async () => await form.boundingBox()).toEqual({ x: 0, y: 0, width: 320, height: 700 });
  expect(await form.evaluate((dialog) => dialog.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
  await expect(page.getByRole("button", { name: "Create role" })).toBeFocused();
});

test("an organization role that Atrium does not know is told by what the API says of it, else it is said that nobody knows", async ({ api, server, startSite, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization Viewer", workspaces: [] });
  const renamed = (body: string) => body.replaceAll("ORGANIZATION_VIEWER", "ORGANIZATION_AUDITOR").replaceAll("Organization Viewer", "Organization Auditor");
  const see = async (change: (body: string) => string) => {
    const site = await startSite({ files: "dist", api: server.url, change });
    const page = await openBrowser({ baseURL: site.url });
    await signIn(page, ada);
    await page.goto(`/o/${acme.id}/settings/members`);
    await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` }).locator("option:checked")).toHaveText(/^Organization Auditor/);
    await page.getByRole("button", { name: `Why ${bob.email} has access` }).click();
    return page;
  };
  const listed = await see(renamed);
  const why = dialog(listed, `Why ${bob.email} has access`);
  await expect(why.getByText("Organization Auditor")).toBeVisible();
  await why.getByText("1 permission", { exact: true }).click();
  await expect(why.getByText("View the organization")).toBeVisible();
  await checkAxe(listed);
  await listed.keyboard.press("Escape");
  // A change of the role tells what it gives from there.
  await choose(listed.getByRole("combobox", { name: `Role of ${bob.email}` }), "Organization User");
  const question = listed.getByRole("alertdialog", { name: `Change the role of ${bob.email}?` });
  await expect(question.getByRole("region", { name: "Gains" }).getByRole("group")).toContainText("1 permission");
  await expect(question.getByRole("region", { name: "Loses" })).toHaveCount(0);

  const unlisted = await see((body) => renamed(body).replace(/\{[^{}]*"ORGANIZATION_AUDITOR"[^{}]*\},?/, ""));
  const unknown = dialog(unlisted, `Why ${bob.email} has access`);
  await expect(unknown.getByText("Organization Auditor")).toBeVisible();
  await expect(unknown.getByText("Atrium does not know this role, so it cannot say what it permits.")).toBeVisible();
  await expect(unknown.getByText("Permits nothing here.")).toHaveCount(0);
  await unlisted.keyboard.press("Escape");
  await choose(unlisted.getByRole("combobox", { name: `Role of ${bob.email}` }), "Organization User");
  const asked = unlisted.getByRole("alertdialog", { name: `Change the role of ${bob.email}?` });
  await expect(asked.getByText("Atrium does not know this role, so it cannot say what it permits.")).toBeVisible();
  await expect(asked.getByRole("region", { name: "Gains" })).toHaveCount(0);
  // The change can be made all the same.
  await asked.getByRole("button", { name: "Change role" }).click();
  await expect(unlisted.getByText(`${bob.email} is now Organization User.`)).toBeVisible();
});

test("what was entered is asked about before it is thrown away", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await open(page, acme);
  await page.getByRole("button", { name: "Create role" }).click();
  const form = dialog(page, "Create role");
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
  await page.getByRole("button", { name: "Create role" }).click();
  await form.getByRole("checkbox", { name: "View runs" }).check();
  await page.keyboard.press("Escape");
  const sure = page.getByRole("alertdialog", { name: "Discard this role?" });
  await sure.getByRole("button", { name: "Keep editing" }).click();
  await expect(form.getByRole("checkbox", { name: "View runs" })).toBeChecked();
  await form.getByRole("button", { name: "Cancel" }).click();
  await sure.getByRole("button", { name: "Discard" }).click();
  await expect(form).toBeHidden();
  await page.getByRole("button", { name: "Create role" }).click();
  await expect(form.getByRole("checkbox", { name: "View runs" })).not.toBeChecked();
});

test("before an edit is saved it is said who gains and loses what, and where", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await addRole(acme, "Annotator", ["projects:read", "runs:read"]);
  await joinWith(acme, await api.signUp(bob), { "Workspace 1": "Annotator", Research: "Annotator" });
  await joinWith(acme, await api.signUp(carol), { "Workspace 1": "Viewer", Research: "Annotator" });
  await acme.invite("dan@example.com", { role: "Organization User", workspaces: ["Research"], workspaceRole: "Annotator" });
  await open(page, acme);
  await expect(roleRow(page, "Annotator").getByRole("cell").nth(2)).toHaveText("2");
  await page.getByRole("button", { name: "Edit Annotator" }).click();
  const form = dialog(page, "Edit Annotator");
  await form.getByRole("checkbox", { name: "View runs" }).uncheck();
  await form.getByRole("checkbox", { name: "Create projects" }).check();
  await form.getByRole("button", { name: "Save", exact: true }).click();
  const review = page.getByRole("alertdialog", { name: "Save Annotator?" });
  await expect(review.getByText("3 people have this role:")).toBeVisible();
  const people = review.getByRole("list", { name: "People with this role" }).getByRole("listitem");
  await expect(people.filter({ hasText: bob.email })).toContainText(/Workspace 1, Research|Research, Workspace 1/);
  await expect(people.filter({ hasText: carol.email })).toContainText("Research");
  await expect(people.filter({ hasText: carol.email })).not.toContainText("Workspace 1");
  await expect(people.filter({ hasText: "dan@example.com" })).toContainText("Invited");
  await expect(review.getByRole("region", { name: "Gain" })).toContainText("Create projects");
  await expect(review.getByRole("region", { name: "Lose" })).toContainText("View runs");
  await checkAxe(page);
  // Back leads to what was entered; nothing was saved.
  await review.getByRole("button", { name: "Back" }).click();
  await expect(form.getByRole("checkbox", { name: "Create projects" })).toBeChecked();
  expect((await acme.role("Annotator")).permissions).toEqual(["projects:read", "runs:read"]);
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await review.getByRole("button", { name: "Save changes" }).click();
  await expect(form).toBeHidden();
  expect((await acme.role("Annotator")).permissions).toEqual(["projects:create", "projects:read"]);
});

test("a name that is taken, and what another admin did meanwhile, is said; what was entered stays", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  const id = await addRole(acme, "Tester", ["runs:read"]);
  await addRole(acme, "Other", ["datasets:read"]);
  await open(page, acme);
  await page.getByRole("button", { name: "Create role" }).click();
  let form = dialog(page, "Create role");
  await form.getByRole("textbox", { name: "Role name" }).fill("tester");
  await form.getByRole("checkbox", { name: "View prompts" }).check();
  await form.getByRole("button", { name: "Create", exact: true }).click();
  await expect(form.getByRole("textbox", { name: "Role name" })).toHaveAccessibleDescription("There is a role named tester already.");
  await expect(form.getByRole("textbox", { name: "Role name" })).toBeFocused();
  await expect(form.getByRole("checkbox", { name: "View prompts" })).toBeChecked();
  await form.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();

  await page.getByRole("button", { name: "Edit Tester" }).click();
  form = dialog(page, "Edit Tester");
  await form.getByRole("textbox", { name: "Role name" }).fill("Mine");
  const path = `/api/v1/orgs/current/roles/${id}`;
  await acme.call("PATCH", path, { body: { display_name: "Theirs", description: "", permissions: ["runs:read", "runs:share"] } });
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(form.getByRole("alert").filter({ hasText: "Somebody else changed Tester meanwhile: it is now named Theirs" })).toBeVisible();
  await expect(form.getByRole("alert").filter({ hasText: "it permits runs:share too" })).toBeVisible();
  await expect(form.getByRole("textbox", { name: "Role name" })).toHaveValue("Mine");
  expect((await acme.roles()).map(({ display_name }) => display_name)).toContain("Theirs");
  // Decided again: what they added is what is lost.
  await form.getByRole("button", { name: "Save", exact: true }).click();
  const review = page.getByRole("alertdialog", { name: "Save Theirs?" });
  await expect(review.getByRole("region", { name: "Lose" })).toContainText("Share runs");
  await review.getByRole("button", { name: "Save changes" }).click();
  await expect(form).toBeHidden();
  expect((await acme.role("Mine")).permissions).toEqual(["runs:read"]);

  await page.getByRole("button", { name: "Edit Mine" }).click();
  form = dialog(page, "Edit Mine");
  await form.getByRole("textbox", { name: "Description" }).fill("Still here");
  await acme.call("DELETE", path);
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(form.getByRole("alert").filter({ hasText: "Somebody else deleted Mine meanwhile." })).toBeVisible();
  await form.getByRole("button", { name: "Create", exact: true }).click();
  await expect(form).toBeHidden();
  expect(await acme.role("Mine")).toMatchObject({ description: "Still here", permissions: ["runs:read"] });
});

test("nobody gives what they do not have: an Operator is told which permission cannot be added", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await addRole(acme, "Tester", ["runs:read"]);
  await joinWith(acme, await api.signUp(bob), { "Workspace 1": "Tester" });
  await acme.join(await api.signUp(carol), { role: "Organization Operator", workspaces: [] });
  await open(page, acme, "", carol);
  await page.getByRole("button", { name: "Edit Tester" }).click();
  const form = dialog(page, "Edit Tester");
  await form.getByRole("checkbox", { name: "Delete runs" }).check();
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alertdialog", { name: "Save Tester?" }).getByRole("button", { name: "Save changes" }).click();
  await expect(form.getByRole("alert").filter({ hasText: "Not permitted: Delete runs. Somebody has this role in a workspace where you lack this permission" })).toBeVisible();
  await expect(form.getByRole("checkbox", { name: "Delete runs" })).toBeChecked();
  // Whoever only reads the organization reads the roles, with the reason why no more.
  const his = await page.context().browser()!.newContext({ baseURL: server.url });
  const other = await his.newPage();
  await open(other, acme, "", bob);
  for (const name of ["Create role", "Edit Tester", "Delete Tester", "Copy Viewer"]) {
    await expect(other.getByRole("button", { name })).toHaveAttribute("aria-disabled", "true");
    await expect(other.getByRole("button", { name })).toHaveAccessibleDescription(/Only an Organization Admin or Operator/);
  }
  await his.close();
});

test("deleting a role in use says who has it, gives them another one, and then deletes it", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await addRole(acme, "Tester", ["runs:read", "runs:share"]);
  const bobs = await api.signUp(bob);
  await joinWith(acme, bobs, { "Workspace 1": "Tester", Research: "Viewer" });
  await joinWith(acme, await api.signUp(carol), { "Workspace 1": "Tester", Research: "Tester" });
  await acme.invite("dan@example.com", { role: "Organization User", workspaces: ["Research"], workspaceRole: "Tester" });
  await open(page, acme);
  await page.getByRole("button", { name: "Delete Tester" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete Tester?" });
  await expect(question.getByText("3 people have this role:")).toBeVisible();
  await expect(question.getByText("This cannot be undone: whoever has the role gets another one.")).toBeVisible();
  await expect(question.getByRole("listitem").filter({ hasText: bob.email })).toContainText("Workspace 1");
  await question.getByRole("button", { name: "Move and delete" }).click();
  await expect(question.getByRole("combobox", { name: "Another role for them" })).toHaveAccessibleDescription("Choose the role that they are to have.");
  await expect(question.getByRole("combobox", { name: "Another role for them" }).locator("option")).toHaveText(["Choose a role", "Admin", "Editor", "Viewer"]);
  await choose(question.getByRole("combobox", { name: "Another role for them" }), "Viewer");
  await expect(question.getByText("They lose 1 permission")).toBeVisible();
  await expect(question.getByText(/They gain \d+ permissions/)).toBeVisible();
  await checkAxe(page);
  await question.getByRole("button", { name: "Move and delete" }).click();
  await expect(question).toBeHidden();
  await expect(message(page, "The role Tester was deleted. This cannot be undone: whoever had it has another.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  const viewer = (await acme.role("Viewer")).id;
  const rows = await acme.call("GET", "/v1/platform/orgs/current/members?limit=50");
  for (const { email, workspace_memberships } of rows) {
    if (email !== ada.email) for (const { role_id } of workspace_memberships) expect(role_id, email).toBe(viewer);
  }
  expect(rows.find(({ email }: { email: string }) => email === "dan@example.com")).toMatchObject({ is_pending: true, workspace_memberships: [{ workspace_name: "Research" }] });
  expect((await acme.roles()).some(({ display_name }) => display_name === "Tester")).toBe(false);
});

test("who could not be moved is listed with the reason, keeps the role, and can be tried again", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  await addRole(acme, "Tester", ["runs:read"]);
  await joinWith(acme, await api.signUp(bob), { "Workspace 1": "Tester", Research: "Tester" });
  // An Operator who is Admin of one of the two workspaces.
  const operator = person("Dora Maar");
  await acme.join(await api.signUp(operator), { role: "Organization Operator", workspaces: ["Workspace 1"], workspaceRole: "Admin" });
  await open(page, acme, "", operator);
  await page.getByRole("button", { name: "Delete Tester" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete Tester?" });
  await choose(question.getByRole("combobox", { name: "Another role for them" }), "Viewer");
  await question.getByRole("button", { name: "Move and delete" }).click();
  await expect(question.getByText("The role was not deleted: 1 person still has it.", { exact: false })).toBeVisible();
  const left = question.getByRole("list", { name: "Not moved" }).getByRole("listitem");
  await expect(left).toHaveText(new RegExp(`^${bob.email} in Research: You are not a member of this workspace`));
  expect((await acme.roles()).some(({ display_name }) => display_name === "Tester")).toBe(true);
  // Somebody lets the Operator in.
  const { members } = await acme.members();
  const { id } = members.find(({ email }) => email === operator.email);
  await acme.call("POST", "/api/v1/workspaces/current/members", { workspace: research.id, body: { org_identity_id: id, role_id: (await acme.role("Admin")).id } });
  await question.getByRole("button", { name: "Try again" }).click();
  await expect(question).toBeHidden();
  expect((await acme.roles()).some(({ display_name }) => display_name === "Tester")).toBe(false);
});

test("without Enterprise the roles are readable, and the page says what the plan would add", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await open(page, acme);
  await expect(page.getByRole("region", { name: "Roles that differ are part of Enterprise" })).toContainText(/It adds Editors and Viewers beside Admins.*custom roles/);
  await expect(page.getByRole("button", { name: "Create role" })).toHaveAccessibleDescription("Custom roles are part of the Enterprise plan.");
  await page.getByRole("button", { name: "Create role" }).click({ force: true });
  await expect(page.getByRole("dialog")).toHaveCount(0);
  // Everybody in a workspace is its Admin here, and is counted as what they are.
  await expect(roleRow(page, "Admin").getByRole("cell").nth(2)).toHaveText("2");
  await expect(roleRow(page, "Viewer").getByRole("cell").nth(2)).toHaveText("0");
  await checkAxe(page);
  await page.goto(`/o/${acme.id}/settings/roles?view=who&permission=runs:delete`);
  await expect(page.getByRole("list", { name: "Who can" }).getByRole("listitem").filter({ hasText: bob.email })).toContainText("as everybody inside on this plan");
  await page.goto(`/o/${acme.id}/settings/roles?view=matrix`);
  await expect(page.getByRole("table", { name: "Permissions by role" })).toBeVisible();
});

test("who can do something in a workspace, each with the way to it; the address is all it takes", async ({ page, api, server, openBrowser }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  await addRole(acme, "Sharer", ["runs:read", "runs:share"]);
  const dora = person("Dora Maar");
  await joinWith(acme, await api.signUp(bob), { "Workspace 1": "Viewer", Research: "Sharer" });
  await joinWith(acme, await api.signUp(carol), { Research: "Viewer" });
  await joinWith(acme, await api.signUp(dora), { Research: "Editor", "Workspace 1": "Editor" });
  await acme.invite("erin@example.com", { role: "Organization User", workspaces: ["Research"], workspaceRole: "Editor" });
  await open(page, acme);
  await show(page, "Who can");
  await expect(page.getByRole("heading", { name: "Who can do this, and why?" })).toBeVisible();
  await page.getByRole("combobox", { name: "Permission" }).selectOption("runs:share");
  await choose(page.getByRole("combobox", { name: "Workspace" }), "Research");
  await expect(page).toHaveURL(new RegExp(`permission=runs(:|%3A)share.*workspace=${research.id}`));
  await expect(page.getByText("3 people can in Research: Share runs with anyone who has the link.")).toBeVisible();
  const list = page.getByRole("list", { name: "Who can" });
  const way = (email: string) => list.getByRole("listitem").filter({ hasText: email }).first();
  await expect(way(ada.email)).toContainText(/Organization Admin\s*Organization Admin\s*Admin of every workspace/);
  await expect(way(bob.email)).toContainText(/Custom role\s*Organization User\s*Sharer in Research/);
  await expect(way(dora.email)).toContainText(/Workspace role\s*Organization User\s*Editor in Research/);
  await expect(list).not.toContainText(carol.email);
  await expect(list).not.toContainText("erin@example.com");
  await checkAxe(page);
  const other = await openBrowser();
  await signIn(other, ada, { from: new URL(page.url()).pathname + new URL(page.url()).search });
  await expect(other.getByText("3 people can in Research", { exact: false })).toBeVisible();
  await choose(page.getByRole("combobox", { name: "Workspace" }), "Workspace 1");
  await expect(page.getByText("2 people can in Workspace 1", { exact: false })).toBeVisible();
  await expect(list).not.toContainText(bob.email);
  // What is permitted in the organization as a whole.
  await page.getByRole("combobox", { name: "Permission" }).selectOption("organization:manage");
  await expect(page.getByText("1 person can: Change the organization", { exact: false })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Workspace" })).toHaveAttribute("aria-disabled", "true");
  await expect(way(ada.email)).toContainText("permits it in the organization");
});

test("who can is listed page by page, and the page is in the address", async ({ page, server, api }) => {
  test.setTimeout(90_000);
  const admin = await demo(server, 90);
  const acme = (await (await api.signIn(admin)).organizations()).find(({ name }) => name === "Acme")!;
  const rows = await acme.call("GET", "/v1/platform/orgs/current/members?permission=organization:read&limit=500&sort_by=email&sort_by_desc=false");
  expect(rows.length).toBeGreaterThan(60);
  await open(page, acme, "?view=who&permission=organization:read&page=3", admin);
  const pages = page.getByRole("navigation", { name: "Pages" });
  const list = page.getByRole("list", { name: "Who can" });
  await expect(pages).toContainText(`41–60 of ${rows.length}`);
  await expect(list.getByRole("listitem").filter({ hasText: rows[40].email })).toBeVisible();
  await pages.getByRole("button", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=4/);
  await expect(list.getByRole("listitem").filter({ hasText: rows[60].email })).toBeVisible();
  await page.getByRole("combobox", { name: "Permission" }).selectOption("organization:manage");
  await expect(page).not.toHaveURL(/page=/);
});

test("why a member has access, as a picture of organization, workspaces and permissions", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.addWorkspace("Voice");
  await addRole(acme, "Sharer", ["runs:read", "runs:share"]);
  await joinWith(acme, await api.signUp(bob), { "Workspace 1": "Viewer", Research: "Sharer" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await memberRow(page, bob.email).getByRole("button", { name: `Why ${bob.email} has access` }).click();
  const why = dialog(page, `Why ${bob.email} has access`);
  const tree = why.getByRole("list", { name: `Access of ${bob.email}` });
  await expect(why.getByText("Was added to 2 workspaces.")).toBeVisible();
  await expect(tree).toContainText("Organization User");
  const research = tree.getByRole("listitem").filter({ hasText: "Research" }).last();
  await expect(research).toContainText(/Custom role\s*Sharer\s*given in this workspace/);
  await research.getByText("2 permissions").click();
  await expect(research).toContainText("Runs 2 of 4");
  await expect(research.getByText("Share runs with anyone who has the link")).toBeVisible();
  await expect(tree.getByRole("listitem").filter({ hasText: "Workspace 1" }).last()).toContainText(/Workspace role\s*Viewer/);
  await expect(tree).not.toContainText("Voice");
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: `Why ${bob.email} has access` })).toBeFocused();
  // An Organization Admin needs no membership.
  await page.getByRole("button", { name: `Why ${ada.email} has access` }).click();
  const own = dialog(page, `Why ${ada.email} has access`);
  await expect(own.getByText("An Organization Admin is Admin of every workspace.")).toBeVisible();
  await expect(own.getByRole("list", { name: `Access of ${ada.email}` })).toContainText(/Every workspace[\s\S]*Workspace 1[\s\S]*without being added/);
  await expect(own.getByText("69 permissions")).toBeVisible();
  await page.setViewportSize({ width: 320, height: 720 });
  expect(await own.evaluate((dialog) => dialog.scrollWidth)).toBeLessThanOrEqual(320);
});

test("a backend without Atrium's own questions: roles are counted by its filters, and who can is not offered", async ({ api, server, startSite, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await addRole(acme, "Log viewer", ["runs:read"]);
  await joinWith(acme, await api.signUp(bob), { "Workspace 1": "Log viewer" });
  const asked: URL[] = [];
  const site = await startSite({
    files: "dist",
    api: server.url,
    change: (body) => body.replace('"members_query":true', '"members_query":false').replace('"access_query":true', '"access_query":false'),
    answer: (request) => {
      asked.push(new URL(request.url!, "http://site"));
      return false;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await open(page, acme);
  await expect(roleRow(page, "Log viewer").getByRole("cell").nth(2)).toHaveText("1");
  await expect(roleRow(page, "Organization User").getByRole("cell").nth(2)).toHaveText("1");
  // LangSmith's filter looks into names: this one is part of another.
  await expect(roleRow(page, "Viewer").getByRole("cell").nth(2)).toHaveText("–");
  await roleRow(page, "Log viewer").getByRole("button", { name: "1 member with Log viewer" }).click();
  await expect(dialog(page, "Members with Log viewer").getByRole("listitem")).toContainText(bob.email);
  await page.keyboard.press("Escape");
  await show(page, "Who can");
  await expect(page.getByRole("heading", { name: "This server cannot say who can" })).toBeVisible();
  const own = asked.filter(({ pathname }) => pathname.endsWith("/orgs/current/members")).flatMap(({ searchParams }) => [...searchParams.keys()]);
  for (const name of ["sort_by", "organization_role", "workspace_role_id", "permission"]) expect(own).not.toContain(name);
});
