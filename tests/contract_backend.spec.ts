// A backend with the contract's operations and nothing of Atrium's own, as LangSmith is: the app signs
// in with an API key or by email and password, and says what that backend cannot do.
import { changeRole, checkAxe, dialog, everyPage, expect, invite, memberRow, openDrawer, person, profile, removeMember, settled, signOut, test, trySignIn, type Page } from "./fixtures";

const ada = person("Ada");
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

for (const way of ["an API key", "email and password"] as const) {
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
    await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}/w/${workspace.id}`)}`);
    if (way === "an API key") {
      await page.getByRole("button", { name: "Use an API key" }).click();
      await page.getByRole("textbox", { name: "API key" }).fill(key);
      await page.keyboard.press("Enter");
    } else {
      await expect(page.getByRole("textbox", { name: "Password" })).toHaveAccessibleDescription(/keeps no sessions.*until you leave or reload/);
      await trySignIn(page, ada.email, ada.password);
    }
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
}

test("a member's role is changed and the member removed, with a word that it cannot be undone", async ({ server, api, startServer, openBrowser }) => {
  const bob = person("Bob");
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
