// A backend with the contract's operations and nothing of Atrium's own, as LangSmith is: the app signs
// in with an API key or by email and password, and says what that backend cannot do.
import {
  changeRole, checkAxe, choose, dialog, enterprise, everyPage, expect, invite, memberRow, openDrawer, person, profile, removeMember, settled, signOut, test,
  trySignIn, type Page,
} from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");
const carol = person("Carol");
const contract = "crates/server/tests/contract/langsmith-api.json";

/** The operations of the API that were not found, but for the one by which the app asks whether there are sessions. */
function notFound(page: Page) {
  const found: string[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    const own = pathname === "/api/v1/session";
    if (/^\/(api|v1)\//.test(pathname) && response.status() === 404 && !own) found.push(`${response.request().method()} ${pathname}`);
  });
  return found;
}

/** The page shows all it has, and nothing went wrong. */
async function isWhole(page: Page, heading: string) {
  await expect(page.getByRole("heading", { level: 1, name: heading, exact: true })).toBeVisible();
  await settled(page);
  await expect(page.getByRole("alert").filter({ hasText: /\S/, visible: true })).toHaveCount(0);
}

const main = (page: Page, name: string) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });

const ways = ["an API key", "email and password"] as const;

/** Ada signs in, by a key of hers or by her password, and is led to a page. */
async function enter(page: Page, way: (typeof ways)[number], key: string, to: string) {
  await page.goto(`/login?next=${encodeURIComponent(to)}`);
  if (way === "an API key") {
    await page.getByRole("button", { name: "Use an API key" }).click();
    await page.getByRole("textbox", { name: "API key" }).fill(key);
    await page.keyboard.press("Enter");
  } else {
    await expect(page.getByRole("textbox", { name: "Password" })).toHaveAccessibleDescription(/keeps no sessions.*until you leave or reload/);
    await trySignIn(page, ada.email, ada.password);
  }
}

for (const way of ways) {
  test(`an admin signed in by ${way} goes through every page and manages members`, async ({ server, api, startServer, openBrowser }) => {
    const { account, acme, workspace } = await everyPage(api, ada);
    const { key } = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
    expect(account.person.email).toBe(ada.email);
    const other = await startServer({ database: server.database, more: ["--contract-only", contract] });
    const page = await openBrowser({ baseURL: other.url });
    const missing = notFound(page);

    await page.goto("/signup");
    await expect(page.getByText("This server makes no accounts here.")).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);
    await page.getByRole("link", { name: "Sign in" }).click();
    await expect(page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
    await expect(page.getByText("This server makes no accounts here.")).toBeVisible();
    await checkAxe(page);
    await enter(page, way, key, `/o/${acme.id}/w/${workspace.id}`);
    await isWhole(page, "Workspace 1");

    for (const name of ["Projects", "Datasets", "Annotation queues", "Prompts"]) {
      await main(page, name).click();
      await isWhole(page, name);
    }
    await main(page, "Settings").click();
    await isWhole(page, "Members and roles");
    await expect(memberRow(page, ada.email)).toBeVisible();
    // What cannot be done here says so.
    await expect(page.getByText("This server searches addresses alone")).toContainText("does not keep members who were removed");
    await checkAxe(page);
    await page.getByRole("searchbox", { name: "Search members" }).fill("carol");
    await expect(memberRow(page, ada.email)).toHaveCount(0);
    await expect(memberRow(page, "carol@example.com")).toBeVisible();
    await page.getByRole("searchbox", { name: "Search members" }).fill("");
    await expect(memberRow(page, ada.email)).toBeVisible();

    await page.getByRole("tab", { name: "Roles" }).click();
    await isWhole(page, "Members and roles");
    await expect(page.getByRole("table", { name: "Roles" })).toBeVisible();
    await expect(page.getByText("This server cannot be asked who has a role")).toBeVisible();
    for (const view of ["Matrix", "Compare", "Who can"]) {
      await page.getByRole("radiogroup", { name: "View" }).getByText(view, { exact: true }).click();
      await isWhole(page, "Members and roles");
    }
    await expect(page.getByText("This server cannot say who can")).toBeVisible();

    await main(page, "Workspaces").click();
    await isWhole(page, "Workspaces");
    await page.getByRole("main").getByRole("link", { name: /Workspace 1/ }).first().click();
    await isWhole(page, "Workspace 1");
    await main(page, "Usage and billing").click();
    await isWhole(page, "Usage and billing");
    await main(page, "Audit log").click();
    await isWhole(page, "Audit log");
    await main(page, "Organization").click();
    await isWhole(page, "Organization");
    // No call of the contract deletes one.
    await expect(page.getByRole("button", { name: "Delete this organization" })).toHaveAttribute("aria-disabled", "true");

    // Members are managed as with any backend; what cannot be taken back says so.
    await main(page, "Members and roles").click();
    await isWhole(page, "Members and roles");
    await invite(page, "dora@example.com", { role: "Organization User" });
    await page.getByRole("button", { name: "Revoke invitation to dora@example.com" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByRole("button", { name: /Revoke/ }).click();
    await expect(memberRow(page, "dora@example.com")).toHaveCount(0);
    expect(missing, "operations that this backend does not have").toEqual([]);

    const drawer = await openDrawer(page);
    await expect(drawer.getByRole("list", { name: "Organizations" }).getByRole("button", { name: "Acme", exact: true })).toBeVisible();
    await checkAxe(page);
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    // There is no session to end at the server; one is signed out all the same.
    await signOut(page);
    await expect(page.getByRole("alert").filter({ hasText: "still signed in" })).toHaveCount(0);
    expect(missing).toEqual([]);
  });

  test(`an admin signed in by ${way} manages a workspace, and is told that this server keeps no colours`, async ({ server, api, startServer, openBrowser }) => {
    const acme = await enterprise(api, server, ada);
    const research = await acme.addWorkspace("Research");
    // As somebody with all of Atrium's own left it.
    await acme.call("PATCH", `/api/v1/workspaces/${research.id}`, { body: { display_name: "Research", color: "red" } });
    for (const who of [bob, carol]) await acme.join(await api.signUp(who), { role: "Organization User", workspaces: [] });
    const { key } = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
    const other = await startServer({ database: server.database, more: ["--contract-only", contract] });
    const page = await openBrowser({ baseURL: other.url });
    const missing = notFound(page);
    await enter(page, way, key, `/o/${acme.id}/settings/workspaces/${research.id}`);
    await isWhole(page, "Research");
    const message = (text: string | RegExp) => page.getByRole("status").filter({ hasText: text });

    const colour = page.getByRole("combobox", { name: "Colour" });
    await expect(colour.locator("option:checked")).toHaveText("Automatic");
    await expect(colour).toHaveAttribute("aria-disabled", "true");
    await expect(colour).toHaveAccessibleDescription(/This server keeps no colours/);
    await checkAxe(page);
    await page.getByRole("button", { name: "Rename workspace" }).click();
    const renaming = dialog(page, "Rename workspace");
    await renaming.getByRole("textbox", { name: "Workspace name" }).fill("Lab");
    await renaming.getByRole("button", { name: "Rename" }).click();
    await isWhole(page, "Lab");
    // What the page was not told of is not overwritten either.
    expect(await acme.workspaces()).toContainEqual(expect.objectContaining({ display_name: "Lab", color: "red" }));

    // People: found among the organization's, or invited; with a role, which is changed and taken back.
    await page.getByRole("button", { name: "Add members" }).click();
    const adding = dialog(page, "Add members");
    const find = adding.getByRole("searchbox", { name: "Find people" });
    await find.fill("caro");
    await expect(adding.getByRole("checkbox", { name: bob.email })).toHaveCount(0);
    await adding.getByRole("checkbox", { name: carol.email }).check();
    await find.fill(`${bob.email}, new@example.com`);
    await page.keyboard.press("Enter");
    await expect(adding.getByRole("list", { name: "Chosen" }).getByRole("listitem")).toHaveCount(3);
    await choose(adding.getByRole("combobox", { name: "Workspace role" }), "Viewer");
    await adding.getByRole("button", { name: "Add 3 people" }).click();
    await expect(message("2 people were added to Lab, and 1 person was invited.")).toBeVisible();
    const role = page.getByRole("combobox", { name: `Workspace role of ${bob.email}` });
    await expect(role.locator("option:checked")).toHaveText("Viewer");
    await expect(page.getByRole("table", { name: "Invitations to this workspace" })).toContainText("new@example.com");
    await choose(role, "Editor");
    await expect(message(`${bob.email} is Editor in Lab now.`)).toBeVisible();
    await page.keyboard.press("Control+z");
    await expect(message(`${bob.email} is Viewer in Lab again.`)).toBeVisible();
    await page.getByRole("button", { name: `Remove ${carol.email}` }).click();
    await expect(page.getByRole("table", { name: "Workspace members" }).getByRole("row").filter({ hasText: carol.email })).toHaveCount(0);

    await page.getByRole("tab", { name: "API keys" }).click();
    await isWhole(page, "Lab");
    await page.getByRole("button", { name: "Create API key" }).first().click();
    const creating = dialog(page, "Create API key");
    await creating.getByRole("textbox", { name: "What it is for" }).fill("Nightly");
    await choose(creating.getByRole("combobox", { name: "Role of the key" }), "Viewer");
    await creating.getByRole("button", { name: "Create key" }).click();
    await expect(creating.getByRole("textbox", { name: "The new key" })).toHaveValue(/^lsv2_sk_/);
    await creating.getByRole("button", { name: "Done" }).click();
    await expect(page.getByRole("table", { name: "API keys" })).toContainText("Nightly");
    await checkAxe(page);
    await page.getByRole("button", { name: "Delete the key Nightly" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete key" }).click();
    await expect(message("The key Nightly was deleted.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
    expect(missing, "operations that this backend does not have").toEqual([]);
  });

  test(`an admin signed in by ${way} goes everywhere by the command palette, which says what cannot be done`, async ({ server, api, startServer, openBrowser }) => {
    const acme = await enterprise(api, server, ada);
    await acme.addWorkspace("Research");
    for (const who of [bob, carol]) await acme.join(await api.signUp(who), { role: "Organization User" });
    const { key } = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
    const other = await startServer({ database: server.database, more: ["--contract-only", contract] });
    const page = await openBrowser({ baseURL: other.url });
    const missing = notFound(page);
    await enter(page, way, key, `/o/${acme.id}/settings/workspaces`);
    await isWhole(page, "Workspaces");
    const palette = dialog(page, "Command palette");
    const option = (name: string) => palette.getByRole("option", { name, exact: true });
    const open = async () => {
      await page.keyboard.press("Control+k");
      await expect(palette.getByRole("combobox")).toBeFocused();
    };
    const go = async (typed: string, name: string) => {
      await open();
      await page.keyboard.type(typed);
      await expect(palette.getByRole("option", { selected: true })).toHaveAccessibleName(name);
      await page.keyboard.press("Enter");
      await expect(palette).toBeHidden();
    };

    await open();
    for (const name of ["Acme", "Research", "Audit log", "Invite members", "Add workspace", "Create role"]) {
      await expect(option(name).first()).not.toHaveAttribute("aria-disabled", "true");
    }
    if (way === "an API key") {
      await expect(option("New organization")).toHaveAttribute("aria-disabled", "true");
      await expect(option("New organization")).toHaveAccessibleDescription(/an API key cannot do it/);
    } else {
      await expect(option("New organization")).not.toHaveAttribute("aria-disabled", "true");
    }
    await checkAxe(page);
    await page.keyboard.press("Escape");

    // Members are found by the server, also by their name, and known again by their account.
    await go("caro", "Carol");
    await expect(memberRow(page, carol.email)).toBeVisible();
    await expect(memberRow(page, bob.email)).toHaveCount(0);
    await isWhole(page, "Members and roles");
    await open();
    await expect(palette.getByRole("group", { name: "Recent" }).getByRole("option")).toHaveAccessibleName("Carol");
    await page.keyboard.press("Escape");
    await go("rese", "Research");
    await isWhole(page, "Research");
    await go("audit", "Audit log");
    await isWhole(page, "Audit log");
    for (const [typed, name, opened] of [
      ["invite", "Invite members", "Invite members"],
      ["create workspace", "Add workspace", "Add workspace"],
      ["create role", "Create role", "Create role"],
    ]) {
      await go(typed, name);
      await expect(dialog(page, opened)).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(dialog(page, opened)).toBeHidden();
    }
    await go("sign out", "Sign out");
    await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
    expect(missing, "operations that this backend does not have").toEqual([]);
  });
}

test("a member's role is changed and the member removed, with a word that it cannot be undone", async ({ server, api, startServer, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  const other = await startServer({ database: server.database, more: ["--contract-only", contract] });
  const page = await openBrowser({ baseURL: other.url });
  const missing = notFound(page);
  await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}/settings/members`)}`);
  await trySignIn(page, ada.email, ada.password);
  await expect(memberRow(page, bob.email)).toBeVisible();
  await changeRole(page, bob.email, "Organization Viewer");
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` })).toContainText("Organization Viewer");
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  const question = page.getByRole("alertdialog", { name: `Remove ${bob.email}?` });
  await expect(question).toContainText("This cannot be undone");
  await question.getByRole("button", { name: "Cancel" }).click();
  await removeMember(page, bob.email);
  expect(missing).toEqual([]);
});

test("a plan that this backend does not sell here says whom to ask", async ({ server, api, startServer, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  const other = await startServer({ database: server.database, more: ["--contract-only", contract] });
  const page = await openBrowser({ baseURL: other.url });
  const missing = notFound(page);
  await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}`)}`);
  await trySignIn(page, ada.email, ada.password);
  await isWhole(page, "Set up billing");
  await expect(profile(page)).toBeVisible();
  const subscribe = page.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" });
  await expect(subscribe).toHaveAttribute("aria-disabled", "true");
  await expect(subscribe).toHaveAccessibleDescription(/does not say how it takes cards/);
  await subscribe.press("Enter");
  await expect(dialog(page, "Set up billing")).toHaveCount(0);
  await checkAxe(page);
  expect(missing).toEqual([]);
});
