// Settings > Workspaces: the list, and the settings of one workspace with its members.
import {
  type Account, checkAxe, choose, enterprise, expect, type Organization, type Page, person, settled, signIn, test, type Workspace, workspacePicker,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");
const dora = person("Dora Marsh");

const list = (page: Page) => page.getByRole("table", { name: "Workspaces" });
const inList = (page: Page, name: string) => list(page).getByRole("row").filter({ hasText: name });
const members = (page: Page) => page.getByRole("table", { name: "Workspace members" });
const member = (page: Page, email: string) => members(page).getByRole("row").filter({ hasText: email });
const invited = (page: Page) => page.getByRole("table", { name: "Invitations to this workspace" });
const message = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });
const failure = (page: Page, text: string | RegExp) => page.getByRole("alert").filter({ hasText: text });
const adding = (page: Page) => page.getByRole("dialog", { name: "Add members" });
const roleOf = (page: Page, email: string) => page.getByRole("combobox", { name: `Workspace role of ${email}` });
/** The colour of the picture on the picker. */
const colour = (page: Page) => workspacePicker(page).evaluate((button) => getComputedStyle(button.firstElementChild!).backgroundColor);

const settings = (acme: Organization, workspace: Workspace) => `/o/${acme.id}/settings/workspaces/${workspace.id}`;

/** Opens the settings of a workspace. */
async function open(page: Page, acme: Organization, workspace: Workspace, query = "") {
  await page.goto(settings(acme, workspace) + query);
  await settled(page);
  await expect(page.getByRole("heading", { level: 1, name: workspace.display_name })).toBeVisible();
}

/** Who is in a workspace, by the API. */
const inside = async (acme: Organization, workspace: Workspace): Promise<any[]> =>
  acme.call("GET", "/api/v1/workspaces/current/members/active?limit=500", { workspace: workspace.id });

/** Somebody signs up and joins, as an Organization User. */
async function joins(acme: Organization, account: Account, workspaces: string[] = [], workspaceRole?: string) {
  await acme.join(account, { role: "Organization User", workspaces, workspaceRole });
  return account;
}

test("the list is searched and paged in the address, and says how many are in each workspace", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  for (let number = 1; number <= 30; number++) await acme.addWorkspace(`Team ${String(number).padStart(2, "0")}`);
  await joins(acme, await api.signUp(bob), ["Team 07"]);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await settled(page);
  await expect(list(page)).toHaveAttribute("aria-rowcount", "32");
  await expect(list(page).getByRole("row")).toHaveCount(26);
  await expect(message(page, "31 workspaces")).toBeVisible();
  await expect(inList(page, "Team 07").getByRole("cell").nth(1)).toHaveText("2");
  await expect(inList(page, "Team 08").getByRole("cell").nth(1)).toHaveText("1");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages.getByRole("button", { name: "Previous" })).toHaveAttribute("aria-disabled", "true");
  await pages.getByRole("button", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(list(page).getByRole("row")).toHaveCount(7);
  await expect(pages).toContainText("26–31 of 31");
  // Another search begins on its first page.
  const search = page.getByRole("searchbox", { name: "Search workspaces" });
  await search.fill("team 1");
  await expect(page).toHaveURL(/q=team/);
  await expect(page).not.toHaveURL(/page=/);
  await expect(list(page).getByRole("row")).toHaveCount(11);
  await expect(message(page, "10 of 31 workspaces")).toBeVisible();
  await page.reload();
  await expect(search).toHaveValue("team 1");
  await expect(list(page).getByRole("row")).toHaveCount(11);
  await checkAxe(page);
  await search.fill("nothing like it");
  await expect(page.getByRole("heading", { name: "No workspace matches" })).toBeVisible();
  await page.getByRole("button", { name: "Show all workspaces" }).click();
  await expect(list(page)).toHaveAttribute("aria-rowcount", "32");
});

test("a workspace is renamed from the list and from its page, with what is typed checked", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const research = await acme.addWorkspace("Research");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await settled(page);
  await page.getByRole("button", { name: "Rename Research" }).click();
  const form = page.getByRole("dialog", { name: "Rename workspace" });
  const name = form.getByRole("textbox", { name: "Workspace name" });
  await expect(name).toHaveValue("Research");
  await name.fill("Größe");
  await page.keyboard.press("Enter");
  await expect(name).toHaveAccessibleDescription(/“ö” cannot be in the name/);
  await checkAxe(page);
  await name.fill("Deep research");
  await form.getByRole("button", { name: "Rename" }).click();
  await expect(form).toBeHidden();
  await expect(message(page, "Research is called Deep research now.")).toBeVisible();
  await expect(inList(page, "Deep research")).toBeVisible();
  await open(page, acme, { ...research, display_name: "Deep research" });
  await page.getByRole("button", { name: "Rename workspace" }).click();
  await name.fill("Research");
  await form.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Research", exact: true })).toBeVisible();
  // The heading is the page's, and the picker follows.
  await workspacePicker(page).click();
  await expect(page.getByRole("option", { name: "Research", exact: true })).toBeVisible();
});

test("a workspace is deleted by typing its name, with what is in it counted", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const research = await acme.addWorkspace("Research");
  const [first] = await acme.workspaces();
  const at = { workspace: research.id };
  await acme.call("POST", "/api/v1/sessions", { ...at, body: { name: "one" } });
  await acme.call("POST", "/api/v1/sessions", { ...at, body: { name: "two" } });
  await acme.call("POST", "/api/v1/datasets", { ...at, body: { name: "set" } });
  await acme.call("POST", "/api/v1/api-key", { ...at, body: { description: "nightly" } });
  await joins(acme, await api.signUp(bob), ["Research"]);
  await signIn(page, ada);
  await open(page, acme, research);
  const opener = page.getByRole("button", { name: "Delete workspace" });
  await opener.click();
  const question = page.getByRole("alertdialog", { name: "Delete Research?" });
  const contents = question.getByRole("list", { name: "What is in it" }).getByRole("listitem");
  for (const words of ["2 tracing projects", "1 dataset", "0 annotation queues", "0 prompts", /^2 members/, /^1 API key/]) {
    await expect(contents.filter({ hasText: words })).toHaveCount(1);
  }
  const act = question.getByRole("button", { name: "Delete workspace" });
  const typed = question.getByRole("textbox", { name: "Type Research to confirm" });
  await expect(typed).toBeFocused();
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await expect(act).toHaveAccessibleDescription(/Type Research first/);
  await typed.fill("research");
  await page.keyboard.press("Enter");
  await expect(question).toBeVisible();
  await checkAxe(page);
  // Whoever turns away has deleted nothing.
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
  expect(await acme.workspaces()).toHaveLength(2);
  await opener.click();
  await typed.fill("Research");
  await page.keyboard.press("Enter");
  await expect(message(page, "Research was deleted, with everything in it.")).toBeVisible();
  await expect(page).toHaveURL(`/o/${acme.id}/settings/workspaces`);
  await expect(inList(page, "Research")).toHaveCount(0);
  expect((await acme.workspaces()).map(({ id }) => id)).toEqual([first.id]);
  // The last one stays, and says so.
  const last = page.getByRole("button", { name: `Delete ${first.display_name}` });
  await expect(last).toHaveAttribute("aria-disabled", "true");
  await expect(last).toHaveAccessibleDescription(/keeps at least one workspace/);
});

test("a colour is chosen, shows everywhere, and is taken back; a backend without colours says so", async ({ page, api, server, startSite, openBrowser }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const [workspace] = await acme.workspaces();
  await signIn(page, ada);
  await open(page, acme, workspace);
  const choice = page.getByRole("combobox", { name: "Colour" });
  await expect(choice).toHaveValue("");
  const automatic = await colour(page);
  const shown: string[] = [];
  for (const name of ["Blue", "Pink"]) {
    await choose(choice, name);
    await expect(message(page, `The colour of Workspace 1 is ${name.toLowerCase()} now.`)).toBeVisible();
    await expect(choice).toHaveValue(name.toLowerCase());
    shown.push(await colour(page));
  }
  const [blue, pink] = shown;
  expect(blue).not.toBe(pink);
  expect((await acme.workspaces())[0]).toMatchObject({ display_name: "Workspace 1", color: "pink" });
  await page.reload();
  await expect.poll(() => colour(page)).toBe(pink);
  await choose(choice, "Automatic");
  await expect.poll(() => colour(page)).toBe(automatic);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(message(page, "Workspace 1 has its colour back.")).toBeVisible();
  await expect(choice).toHaveValue("pink");
  await checkAxe(page);
  // Another backend.
  const site = await startSite({
    files: "dist",
    api: server.url,
    change: (body) => body.replace('"workspace_colors":true', '"workspace_colors":false').replaceAll('"color":"pink"', '"color":"mauve"'),
  });
  const other = await openBrowser({ baseURL: site.url });
  await signIn(other, ada);
  await open(other, acme, workspace);
  const refused = other.getByRole("combobox", { name: "Colour" });
  await expect(refused).toHaveAttribute("aria-disabled", "true");
  await expect(refused).toHaveAccessibleDescription(/This server keeps no colours/);
  expect(await colour(other)).toBe(automatic);
});

test("five hundred members are searched and paged by the server", async ({ page, server, api }) => {
  test.setTimeout(120_000);
  const told = await server.run("demo", "--members", "6000");
  const email = /^ {2}(ada@\S+)/m.exec(told)![1];
  const admin = { name: "", email, password: /password (\S+):/.exec(told)![1] };
  const account = await api.signIn(admin);
  const acme = (await account.organizations()).find(({ name }) => name === "Acme")!;
  const [workspace] = await acme.workspaces();
  const answer = await fetch(`${server.url}/api/v1/workspaces/current/members/active?limit=1`, {
    headers: { authorization: `Bearer ${account.token}`, "x-organization-id": acme.id, "x-tenant-id": workspace.id },
  });
  const total = Number(answer.headers.get("x-pagination-total"));
  expect(total).toBeGreaterThan(500);
  await signIn(page, admin);
  await open(page, acme, workspace);
  await expect(members(page)).toHaveAttribute("aria-rowcount", String(total + 1));
  await expect(members(page).getByRole("row")).toHaveCount(26);
  const pages = page.getByRole("navigation", { name: "Pages" });
  const first = await members(page).getByRole("row").nth(1).innerText();
  await pages.getByRole("button", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(pages).toContainText("26–50");
  await expect.poll(() => members(page).getByRole("row").nth(1).innerText()).not.toBe(first);
  await page.goto(`${settings(acme, workspace)}?page=${Math.ceil(total / 25)}`);
  await expect(pages.getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
  // Who was on a page that is no more is led to the last.
  await page.goto(`${settings(acme, workspace)}?page=${Math.ceil(total / 25) + 1}`);
  await expect(pages.getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
  await expect(members(page).getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("searchbox", { name: "Search members" }).fill(email);
  await expect(members(page)).toHaveAttribute("aria-rowcount", "2");
  await expect(page).toHaveURL(/q=ada/);
  await expect(page).not.toHaveURL(/page=/);
  await page.getByRole("searchbox", { name: "Search members" }).fill("nobody@nowhere");
  await expect(page.getByRole("heading", { name: "Nobody matches" })).toBeVisible();
  await page.getByRole("button", { name: "Show everybody" }).click();
  await expect(members(page)).toHaveAttribute("aria-rowcount", String(total + 1));
});

test("many people of the organization are added at once with one role, and new ones are invited", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  for (const who of [bob, carol, dora]) await joins(acme, await api.signUp(who));
  const otto = person("Otto Admin");
  await acme.join(await api.signUp(otto), { role: "Organization Admin" });
  await signIn(page, ada);
  await open(page, acme, research);
  await page.getByRole("button", { name: "Add members" }).click();
  const form = adding(page);
  const find = form.getByRole("searchbox", { name: "Find people" });
  await expect(find).toBeFocused();
  // Whoever is in already cannot be chosen, and says why.
  const already = form.getByRole("checkbox", { name: otto.email });
  await expect(already).toHaveAccessibleDescription(/Organization Admin is Admin of Research already/);
  await already.click({ force: true });
  await expect(already).not.toBeChecked();
  await form.getByRole("checkbox", { name: bob.email }).check();
  await find.fill("caro");
  await expect(form.getByRole("checkbox", { name: bob.email })).toBeHidden();
  await form.getByRole("checkbox", { name: carol.email }).check();
  // Addresses are taken as they are pasted: a member is chosen, somebody new invited.
  await find.fill(`${dora.email}, new@example.com`);
  await page.keyboard.press("Enter");
  const chosen = form.getByRole("list", { name: "Chosen" }).getByRole("listitem");
  await expect(chosen).toHaveCount(4);
  await expect(chosen.filter({ hasText: "new@example.com" })).toContainText("is invited to the organization");
  await checkAxe(page);
  await choose(form.getByRole("combobox", { name: "Workspace role" }), "Viewer");
  await form.getByRole("button", { name: "Add 4 people" }).click();
  await expect(form).toBeHidden();
  await expect(message(page, "3 people were added to Research, and 1 person was invited.")).toBeVisible();
  for (const who of [bob, carol, dora]) await expect(roleOf(page, who.email).locator("option:checked")).toHaveText("Viewer");
  await expect(invited(page).getByRole("row").filter({ hasText: "new@example.com" })).toContainText("Viewer");
  const names = (await inside(acme, research)).map(({ email, role_name }) => `${email} ${role_name}`).sort();
  expect(names).toContain(`${bob.email} Viewer`);
  // The invitation is revoked, and made again.
  await page.getByRole("button", { name: "Revoke invitation to new@example.com" }).click();
  await expect(invited(page)).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(invited(page).getByRole("row").filter({ hasText: "new@example.com" })).toBeVisible();
});

test("who was chosen is not lost by a slip, and who was refused stays with the reason", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  for (const who of [bob, carol]) await joins(acme, await api.signUp(who));
  await signIn(page, ada);
  await open(page, acme, research);
  await page.getByRole("button", { name: "Add members" }).click();
  const form = adding(page);
  for (const who of [bob, carol]) await form.getByRole("checkbox", { name: who.email }).check();
  await page.keyboard.press("Escape");
  const slip = page.getByRole("alertdialog", { name: "Discard who was chosen?" });
  await slip.getByRole("button", { name: "Go on choosing" }).click();
  await expect(form.getByRole("list", { name: "Chosen" }).getByRole("listitem")).toHaveCount(2);
  // Meanwhile somebody else removes one of them from the organization.
  const people = await acme.members();
  const gone = people.members.find(({ email }) => email === carol.email);
  await acme.call("DELETE", `/api/v1/orgs/current/members/${gone.id}`);
  await form.getByRole("button", { name: "Add 2 people" }).click();
  await expect(form.getByRole("alert").filter({ hasText: "1 person was not added; the list says why." })).toBeVisible();
  await expect(form.getByRole("list", { name: "Chosen" }).getByRole("listitem")).toHaveText([/carol.shaw@example.com.*no member of the organization/s]);
  await expect(message(page, "1 person was added to Research.")).toBeVisible();
  await form.getByRole("button", { name: `Leave out ${carol.email}` }).click();
  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(form).toBeHidden();
  await expect(member(page, bob.email)).toBeVisible();
});

test("a role is changed and a member removed, and both come back", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  await joins(acme, await api.signUp(bob), ["Research"], "Editor");
  await signIn(page, ada);
  await open(page, acme, research);
  await choose(roleOf(page, bob.email), "Viewer");
  await expect(message(page, `${bob.email} is Viewer in Research now.`)).toBeVisible();
  await expect(roleOf(page, bob.email).locator("option:checked")).toHaveText("Viewer");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(message(page, `${bob.email} is Editor in Research again.`)).toBeVisible();
  await expect(roleOf(page, bob.email).locator("option:checked")).toHaveText("Editor");
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await expect(member(page, bob.email)).toHaveCount(0);
  expect((await inside(acme, research)).map(({ email }) => email)).toEqual([ada.email]);
  // The focus stays among the rows, and Ctrl+Z takes it back.
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is in Research again.`)).toBeVisible();
  await expect(roleOf(page, bob.email).locator("option:checked")).toHaveText("Editor");
  // An Organization Admin is here through the organization, and nothing of that is changed here.
  await expect(member(page, ada.email)).toContainText(/Admin\s*through the organization/);
  await expect(roleOf(page, ada.email)).toHaveCount(0);
  const leave = member(page, ada.email).getByRole("button", { name: "Leave this workspace" });
  await expect(leave).toHaveAttribute("aria-disabled", "true");
  await expect(leave).toHaveAccessibleDescription(/Change the organization role first/);
  await checkAxe(page);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});

test("without differing roles the page says so, and everybody in a workspace is its Admin", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const research = await acme.addWorkspace("Research");
  await joins(acme, await api.signUp(bob));
  await signIn(page, ada);
  await open(page, acme, research);
  await expect(page.getByText("On this plan everybody in a workspace is its Admin.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Add members" }).click();
  await adding(page).getByRole("checkbox", { name: bob.email }).check();
  await expect(adding(page).getByRole("combobox", { name: "Workspace role" })).toHaveCount(0);
  await adding(page).getByRole("button", { name: "Add 1 person" }).click();
  await expect(member(page, bob.email)).toContainText("Admin");
  await expect(roleOf(page, bob.email)).toHaveCount(0);
});

test("a workspace's Admin does all that the tables allow, and nothing more", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  const [other] = await acme.workspaces();
  const his = await joins(acme, await api.signUp(bob), ["Research"], "Admin");
  await joins(acme, await api.signUp(carol));
  await joins(acme, await api.signUp(dora), ["Research"], "Viewer");
  const mine = (await his.organizations()).find(({ id }) => id === acme.id)!;
  await signIn(page, bob);

  // Of the organization: nothing but reading, with the reason on each control.
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await settled(page);
  await expect(list(page).getByRole("row")).toHaveCount(2);
  const add = page.getByRole("button", { name: "Add workspace" });
  await expect(add).toHaveAttribute("aria-disabled", "true");
  await expect(add).toHaveAccessibleDescription(/Only an Organization Admin or Operator/);
  await expect(mine.addWorkspace("Mine")).rejects.toMatchObject({ status: 403 });
  await page.goto(settings(acme, other));
  await expect(page.getByRole("heading", { name: "This workspace is not open to you" })).toBeVisible();
  await expect(mine.call("PATCH", `/api/v1/workspaces/${other.id}`, { body: { display_name: "x" } })).rejects.toMatchObject({ status: 404 });

  // Of the workspace: name and colour, members and their roles, keys.
  await open(page, acme, research);
  await page.getByRole("button", { name: "Rename workspace" }).click();
  const renaming = page.getByRole("dialog", { name: "Rename workspace" });
  await renaming.getByRole("textbox").fill("Lab");
  await renaming.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Lab" })).toBeVisible();
  await choose(page.getByRole("combobox", { name: "Colour" }), "Teal");
  await expect(message(page, "The colour of Lab is teal now.")).toBeVisible();
  await choose(roleOf(page, dora.email), "Editor");
  await expect(message(page, `${dora.email} is Editor in Lab now.`)).toBeVisible();
  await page.getByRole("button", { name: "Add members" }).click();
  await adding(page).getByRole("checkbox", { name: carol.email }).check();
  // Somebody new is invited by whoever manages the organization, unless its settings let a workspace's Admin.
  const find = adding(page).getByRole("searchbox", { name: "Find people" });
  await find.fill("new@example.com");
  await page.keyboard.press("Enter");
  await expect(adding(page).getByRole("status").filter({ hasText: /new@example.com is no member of the organization\. Only an Organization Admin or Operator/ })).toBeVisible();
  await expect(mine.call("POST", "/api/v1/workspaces/current/members/batch", { workspace: research.id, body: [{ email: "new@example.com" }] })).rejects.toMatchObject({ status: 403 });
  await adding(page).getByRole("button", { name: "Add 1 person" }).click();
  await expect(member(page, carol.email)).toBeVisible();
  await page.getByRole("button", { name: `Remove ${carol.email}` }).click();
  await expect(member(page, carol.email)).toHaveCount(0);
  // An Organization Admin is out of reach.
  const admin = member(page, ada.email).getByRole("button", { name: `Remove ${ada.email}` });
  await expect(admin).toHaveAccessibleDescription(/Organization Admin is Admin of every workspace/);
  const [her] = (await inside(acme, research)).filter(({ email }) => email === ada.email);
  await expect(mine.call("DELETE", `/api/v1/workspaces/current/members/${her.id}`, { workspace: research.id })).rejects.toMatchObject({ status: 409 });
  await page.getByRole("tab", { name: "API keys" }).click();
  await expect(page.getByRole("button", { name: "Create API key" }).first()).not.toHaveAttribute("aria-disabled", "true");

  // Where nobody may be invited, that is what is said.
  await acme.call("PATCH", "/api/v1/orgs/current/info", { body: { invites_enabled: false } });
  await open(page, acme, { ...research, display_name: "Lab" });
  await page.getByRole("button", { name: "Add members" }).click();
  await find.fill("new@example.com");
  await page.keyboard.press("Enter");
  await expect(adding(page).getByRole("status").filter({ hasText: "Invitations are switched off in this organization's settings." })).toBeVisible();
  await acme.call("PATCH", "/api/v1/orgs/current/info", { body: { invites_enabled: true } });
  // With the setting, somebody new is invited from here.
  await acme.call("PATCH", "/api/v1/orgs/current/info", { body: { workspace_admin_can_invite_to_org: true } });
  await open(page, acme, { ...research, display_name: "Lab" });
  await page.getByRole("button", { name: "Add members" }).click();
  await find.fill("new@example.com");
  await page.keyboard.press("Enter");
  await adding(page).getByRole("button", { name: "Add 1 person" }).click();
  await expect(message(page, "1 person was invited to Lab.")).toBeVisible();
  const [waiting] = (await acme.members()).pending;
  expect(waiting).toMatchObject({ email: "new@example.com", role_name: "Organization User" });

  // Deleting it is his right as well.
  await page.getByRole("button", { name: "Delete workspace" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete Lab?" });
  await question.getByRole("textbox").fill("Lab");
  await question.getByRole("button", { name: "Delete workspace" }).click();
  await expect(page.getByRole("heading", { name: "You are in no workspace yet" })).toBeVisible();
  expect(await acme.workspaces()).toHaveLength(1);
});

test("whoever is no Admin of a workspace sees each control with the reason, and the server holds to it", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  const hers = await joins(acme, await api.signUp(carol), ["Research"], "Viewer");
  await joins(acme, await api.signUp(bob), ["Research"], "Editor");
  const mine = (await hers.organizations()).find(({ id }) => id === acme.id)!;
  await signIn(page, carol);
  await open(page, acme, research);
  for (const name of ["Rename workspace", "Delete workspace"]) {
    const control = page.getByRole("button", { name });
    await expect(control).toHaveAttribute("aria-disabled", "true");
    await expect(control).toHaveAccessibleDescription(/does not permit changing it\. Ask an Admin of the workspace/);
    await control.click({ force: true });
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  await expect(page.getByRole("combobox", { name: "Colour" })).toHaveAccessibleDescription(/does not permit changing it/);
  const blocked = [page.getByRole("button", { name: "Add members" }), page.getByRole("button", { name: `Remove ${bob.email}` }), roleOf(page, bob.email)];
  for (const control of blocked) {
    await expect(control).toHaveAttribute("aria-disabled", "true");
    await expect(control).toHaveAccessibleDescription(/does not permit managing its members/);
  }
  const at = { workspace: research.id };
  const [his] = (await inside(acme, research)).filter(({ email }) => email === bob.email);
  for (const [method, path, body] of [
    ["PATCH", `/api/v1/workspaces/${research.id}`, { display_name: "x" }],
    ["DELETE", `/api/v1/workspaces/${research.id}`, undefined],
    ["POST", "/api/v1/workspaces/current/members", { ls_user_id: his.ls_user_id }],
    ["DELETE", `/api/v1/workspaces/current/members/${his.id}`, undefined],
  ] as const) {
    await expect(mine.call(method, path, { ...at, body })).rejects.toMatchObject({ status: 403 });
  }
  // Everybody may leave, after a question.
  await page.getByRole("button", { name: "Leave this workspace" }).click();
  const question = page.getByRole("alertdialog", { name: "Leave Research?" });
  await checkAxe(page);
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(message(page, "You left Research.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "This workspace is not open to you" })).toBeVisible();
});

test("an Admin is asked before taking rights from themselves, and what the server refuses is said", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  await joins(acme, await api.signUp(bob), ["Research"], "Admin");
  await joins(acme, await api.signUp(carol), ["Research"], "Viewer");
  await signIn(page, bob);
  await open(page, acme, research);
  await choose(roleOf(page, bob.email), "Viewer");
  const question = page.getByRole("alertdialog", { name: "Change your own role in Research?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(roleOf(page, bob.email).locator("option:checked")).toHaveText("Admin");
  // Somebody else takes the right away while the page is open.
  const [his] = (await inside(acme, research)).filter(({ email }) => email === bob.email);
  const viewer = await acme.role("Viewer");
  await acme.call("PATCH", `/api/v1/workspaces/current/members/${his.id}`, { workspace: research.id, body: { role_id: viewer.id } });
  await page.getByRole("button", { name: `Remove ${carol.email}` }).click();
  await expect(failure(page, `${carol.email} was not removed from Research. Your role in this workspace, Viewer, does not permit this.`)).toBeVisible();
  await expect(member(page, carol.email)).toBeVisible();
});
