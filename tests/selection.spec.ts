// Selecting members, and one change to all of them.
import {
  type Api, checkAxe, choose, everyMember, expect, memberRow, membersTable, type Organization, type Page, person, type Server, settled, signIn,
  slowNetwork, test,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");

const many = (count: number) => Array.from({ length: count }, (_, index) => `p${String(index).padStart(3, "0")}@example.com`);

async function enterprise(api: Api, server: Server, invited = 0): Promise<Organization> {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  if (invited > 0) await acme.invite(many(invited), { role: "Organization User" });
  return acme;
}

async function open(page: Page, acme: Organization, query = "") {
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members${query}`);
  await expect(membersTable(page)).toBeVisible();
  await settled(page);
}

const box = (page: Page, email: string) => page.getByRole("checkbox", { name: `Select ${email}`, exact: true });
const all = (page: Page) => page.getByRole("checkbox", { name: "Select all" });
const toolbar = (page: Page) => page.getByRole("toolbar", { name: "Selected members" });
const bulk = (page: Page) => page.getByRole("alertdialog");
const press = (page: Page, name: string) => toolbar(page).getByRole("button", { name, exact: true }).click();
const results = (page: Page) => bulk(page).getByRole("list", { name: "Results" });
const leftOut = (page: Page) => bulk(page).getByRole("list", { name: "Left out" });

test("some are selected, survive scrolling, and are counted; Escape and the button clear them", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 300);
  await open(page, acme);
  await expect(toolbar(page)).toBeHidden();
  await box(page, "p000@example.com").check();
  await box(page, "p002@example.com").check();
  await expect(toolbar(page)).toContainText("2 selected");
  await expect(all(page)).toBeChecked({ indeterminate: true });
  await checkAxe(page);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(box(page, "p000@example.com")).toHaveCount(0);
  await box(page, ada.email).check();
  await expect(toolbar(page)).toContainText("3 selected");
  await page.evaluate(() => scrollTo(0, 0));
  await expect(box(page, "p000@example.com")).toBeChecked();
  await expect(box(page, "p001@example.com")).not.toBeChecked();
  await box(page, "p000@example.com").uncheck();
  await expect(toolbar(page)).toContainText("2 selected");
  await page.keyboard.press("Escape");
  await expect(toolbar(page)).toBeHidden();
  await expect(box(page, "p002@example.com")).not.toBeChecked();
  await box(page, "p002@example.com").check();
  await press(page, "Clear selection");
  await expect(toolbar(page)).toBeHidden();
  await expect(all(page)).toBeFocused();
});

test("Shift selects a range with the pointer, also over rows that were never loaded", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 400);
  await open(page, acme);
  await box(page, "p003@example.com").click();
  await box(page, "p006@example.com").click({ modifiers: ["Shift"] });
  await expect(toolbar(page)).toContainText("4 selected");
  await expect(box(page, "p004@example.com")).toBeChecked();
  await expect(box(page, "p007@example.com")).not.toBeChecked();
  // What Shift unchecks is a range too.
  await box(page, "p005@example.com").click({ modifiers: ["Shift"] });
  await expect(toolbar(page)).toContainText("2 selected");
  await box(page, "p003@example.com").uncheck();
  await box(page, "p003@example.com").check();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await box(page, "p390@example.com").click({ modifiers: ["Shift"] });
  await expect(toolbar(page)).toContainText("388 selected");
});

test("the keyboard selects: Space, Shift and Space, Shift and the arrows", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 30);
  await open(page, acme);
  const row = (email: string) => memberRow(page, email);
  await row("p000@example.com").focus();
  await page.keyboard.press("Space");
  await expect(box(page, "p000@example.com")).toBeChecked();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+Space");
  await expect(toolbar(page)).toContainText("3 selected");
  await page.keyboard.press("Space");
  await expect(toolbar(page)).toContainText("2 selected");
  await page.keyboard.press("Escape");
  await expect(toolbar(page)).toBeHidden();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(row("p004@example.com")).toBeFocused();
  await expect(toolbar(page)).toContainText("3 selected");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(toolbar(page)).toContainText("2 selected");
  await expect(box(page, "p004@example.com")).not.toBeChecked();
  // From a checkbox too: the arrows go from row to row, Space checks, with Shift a range.
  await box(page, "p010@example.com").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(box(page, "p012@example.com")).toBeFocused();
  await page.keyboard.press("Shift+Space");
  await expect(toolbar(page)).toContainText("5 selected");
  // Tab leads to one of the toolbar's buttons, the arrows to the others.
  await toolbar(page).getByRole("button", { name: "Change role" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(toolbar(page).getByRole("button", { name: "Add to workspaces" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(toolbar(page).getByRole("button", { name: "Clear selection" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(toolbar(page)).toBeHidden();
});

test("all that match are selected, also those not loaded; another filter ends that and says so", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 250);
  await open(page, acme);
  await all(page).check();
  await expect(toolbar(page)).toContainText("251 selected");
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(box(page, "p249@example.com")).toBeChecked();
  await box(page, "p249@example.com").uncheck();
  await expect(toolbar(page)).toContainText("250 selected");
  await expect(all(page)).toBeChecked({ indeterminate: true });
  // Another order is the same list.
  await page.evaluate(() => scrollTo(0, 0));
  await membersTable(page).getByRole("columnheader", { name: "Email" }).getByRole("button").click();
  await expect(page).toHaveURL(/sort=email/);
  await expect(toolbar(page)).toContainText("250 selected");
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Active");
  await expect(page.getByText("Nobody is selected any more: the search or a filter has changed.")).toBeVisible();
  await expect(toolbar(page)).toBeHidden();
  // And all of a filtered list are those that it finds.
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Any status");
  await page.getByRole("searchbox", { name: "Search members" }).fill("p01");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "11");
  await all(page).check();
  await expect(toolbar(page)).toContainText("10 selected");
  await all(page).uncheck();
  await expect(toolbar(page)).toBeHidden();
});

test("whoever goes is not selected any more", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 5);
  await open(page, acme);
  await box(page, "p001@example.com").check();
  await box(page, "p002@example.com").check();
  await page.getByRole("button", { name: "Revoke invitation to p001@example.com" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(toolbar(page)).toContainText("1 selected");
});

test("a role is given to many: who is left out and why is said first, and each has a result", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 3);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization Viewer" });
  await open(page, acme);
  await all(page).check();
  await press(page, "Change role");
  const go = bulk(page).getByRole("button", { name: /^Change \d+ role/ });
  await expect(go).toHaveAttribute("aria-disabled", "true");
  await choose(bulk(page).getByRole("combobox", { name: "Organization role" }), "Organization Viewer");
  await expect(bulk(page)).toContainText("1 person will have this role.");
  await expect(leftOut(page)).toContainText("3 people: Only invited yet");
  await expect(leftOut(page)).toContainText("1 person: Has this role already.carol.shaw@example.com");
  await expect(leftOut(page)).toContainText("1 person: This is you: change your own role in your row.");
  await checkAxe(page);
  await bulk(page).getByRole("button", { name: "Change 1 role" }).click();
  await expect(bulk(page)).toContainText("1 done.");
  await expect(results(page).getByRole("listitem")).toHaveText([`${bob.email}Done`]);
  await checkAxe(page);
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` }).locator("option:checked")).toHaveText("Organization Viewer");
  await expect(toolbar(page).getByRole("button", { name: "Change role" })).toBeFocused();
});

test("people are added to workspaces and taken out of them, invited ones as well", async ({ page, api, server }) => {
  const acme = await enterprise(api, server);
  await acme.addWorkspace("Research");
  await acme.invite("dan@example.com", { role: "Organization User", workspaces: ["Workspace 1"] });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Workspace 1"] });
  await acme.join(await api.signUp(carol), { role: "Organization User", workspaces: ["Research"], workspaceRole: "Viewer" });
  await open(page, acme);
  await all(page).check();
  await press(page, "Add to workspaces");
  await bulk(page).getByRole("checkbox", { name: "Research" }).check();
  await choose(bulk(page).getByRole("combobox", { name: "Workspace role" }), "Viewer");
  await expect(leftOut(page)).toContainText(`1 person: An Organization Admin is in every workspace.${ada.email}`);
  await expect(leftOut(page)).toContainText(`1 person: In Research already.${carol.email}`);
  await bulk(page).getByRole("button", { name: "Add 2 people" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(memberRow(page, bob.email)).toContainText("2 workspaces");
  await expect(memberRow(page, "dan@example.com")).toContainText("2 workspaces");
  await page.getByRole("button", { name: `2 workspaces of ${bob.email}` }).click();
  await expect(page.getByRole("dialog").getByRole("listitem").filter({ hasText: "Research" })).toContainText("Viewer");
  await page.keyboard.press("Escape");
  await press(page, "Remove from workspaces");
  await bulk(page).getByRole("checkbox", { name: "Workspace 1" }).check();
  await expect(leftOut(page)).toContainText(`Not in Workspace 1.${carol.email}`);
  await bulk(page).getByRole("button", { name: "Remove 2 people" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  for (const email of [bob.email, carol.email, "dan@example.com"]) {
    await expect(memberRow(page, email).getByRole("cell").filter({ hasText: "Research" })).toBeVisible();
  }
});

test("invitations are sent again and revoked, those of all who match, and whoever has joined is left out", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, 120);
  await open(page, acme);
  const before = new Map((await acme.members()).pending.map(({ email, id }) => [email, id]));
  await box(page, "p000@example.com").check();
  await box(page, "p001@example.com").check();
  await press(page, "Resend");
  await expect(bulk(page)).toContainText("2 people will get a new invitation in place of the old one.");
  await bulk(page).getByRole("button", { name: "Resend 2 invitations" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  const after = new Map((await acme.members()).pending.map(({ email, id }) => [email, id]));
  expect(after.size).toBe(120);
  const renewed = [...after].filter(([email, id]) => before.get(email) !== id).map(([email]) => email);
  expect(renewed.sort()).toEqual(["p000@example.com", "p001@example.com"]);

  await all(page).check();
  await box(page, "p003@example.com").uncheck();
  await press(page, "Revoke");
  await expect(leftOut(page)).toContainText(`1 person: Has joined already.${ada.email}`);
  await bulk(page).getByRole("button", { name: "Revoke 119 invitations" }).click();
  await expect(bulk(page)).toContainText("119 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "3");
  expect(await everyMember(page)).toEqual(["p003@example.com", ada.email]);
  // Of what was selected only the own row is left.
  await expect(toolbar(page)).toContainText("1 selected");
});

test("members are removed, and neither oneself nor the last admin is among them", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 1);
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await open(page, acme);
  await all(page).check();
  await press(page, "Remove");
  await expect(bulk(page)).toContainText("2 people will lose access to the organization");
  await expect(leftOut(page)).toContainText(`This is you: leave by “Remove” in your row.${ada.email}`);
  await expect(leftOut(page)).toContainText("Only invited yet: choose “Revoke” for invitations.p000@example.com");
  // The safe choice has the focus.
  await expect(bulk(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await bulk(page).getByRole("button", { name: "Remove 2 members" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "3");
});

test("a key that is no person leaves the last Organization Admin out", async ({ page, api, server }) => {
  const acme = await enterprise(api, server);
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  const { key } = await acme.call("POST", "/api/v1/orgs/current/service-keys", { body: { description: "all", role_id: (await acme.role("Organization Admin")).id } });
  await page.goto("/login");
  await page.getByRole("button", { name: "Use an API key" }).click();
  await page.getByRole("textbox", { name: "API key" }).fill(key);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("button", { name: "Profile", exact: true })).toBeVisible();
  // A key lives in the page's memory: no reload.
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByRole("link", { name: /Members/ }).first().click();
  await all(page).check();
  await press(page, "Remove");
  await expect(leftOut(page)).toContainText("1 person: An organization keeps at least one Organization Admin.");
  await expect(bulk(page).getByRole("button", { name: "Remove 1 member" })).toBeVisible();
});

test("an Operator's bulk change leaves out whom an Operator may not touch; a User may change nobody", async ({ page, api, server, openBrowser }) => {
  const acme = await enterprise(api, server);
  await acme.join(await api.signUp(bob), { role: "Organization Operator" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}/settings/members`);
  await all(page).check();
  await press(page, "Remove");
  await expect(leftOut(page)).toContainText(`An Operator cannot remove an Organization Admin.${ada.email}`);
  await expect(bulk(page).getByRole("button", { name: "Remove 1 member" })).toBeVisible();
  const other = await openBrowser();
  await signIn(other, carol);
  await other.goto(`/o/${acme.id}/settings/members`);
  await all(other).check();
  const change = toolbar(other).getByRole("button", { name: "Change role" });
  await expect(change).toHaveAttribute("aria-disabled", "true");
  await expect(change).toHaveAccessibleDescription("Only an Organization Admin or Operator can do this. Ask one of them.");
});

test("an outage halts it, what is done stays done, and the rest goes on with Try again", async ({ page, api, server, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|Failed to load/);
  const acme = await enterprise(api, server, 40);
  await open(page, acme);
  await all(page).check();
  await press(page, "Revoke");
  const go = bulk(page).getByRole("button", { name: "Revoke 40 invitations" });
  await expect(go).toBeVisible();
  await page.context().setOffline(true);
  await go.click();
  await expect(bulk(page)).toContainText("The server cannot be reached.");
  await expect(bulk(page)).toContainText(/0 done, \d failed, \d+ not tried\./);
  await expect(results(page).getByRole("listitem").first()).toContainText("The server cannot be reached.");
  await page.context().setOffline(false);
  await bulk(page).getByRole("button", { name: "Try again" }).click();
  await expect(bulk(page)).toContainText("40 done.");
  expect((await acme.members()).pending).toHaveLength(0);
});

test("what somebody else did meanwhile is told for each, and it can be stopped with its progress in sight", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, 60);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await open(page, acme, "?status=active");
  await box(page, bob.email).check();
  await box(page, carol.email).check();
  await press(page, "Change role");
  await choose(bulk(page).getByRole("combobox", { name: "Organization role" }), "Organization Viewer");
  const { members } = await acme.members();
  await acme.call("DELETE", `/api/v1/orgs/current/members/${members.find(({ email }) => email === bob.email).id}`);
  await bulk(page).getByRole("button", { name: "Change 2 roles" }).click();
  await expect(bulk(page)).toContainText("1 done, 1 failed.");
  // Those that failed come first, each with its sentence.
  await expect(results(page).getByRole("listitem").first()).toContainText(bob.email);
  await expect(results(page).getByRole("listitem").first()).not.toContainText("Done");
  await expect(bulk(page).getByRole("button", { name: "Try again" })).toBeVisible();
  const saved = page.waitForEvent("download");
  await bulk(page).getByRole("button", { name: "Download results" }).click();
  expect((await saved).suggestedFilename()).toBe("results.csv");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();

  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Invited");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "61");
  await all(page).check();
  await press(page, "Revoke");
  await expect(bulk(page).getByRole("button", { name: "Revoke 60 invitations" })).toBeVisible();
  const slow = await slowNetwork(page, { latency: 400 });
  await bulk(page).getByRole("button", { name: "Revoke 60 invitations" }).click();
  await expect(bulk(page).getByRole("progressbar", { name: "Revoke" })).toBeVisible();
  await expect(bulk(page)).toContainText(/\d+ of 60/);
  await bulk(page).getByRole("button", { name: "Stop" }).click();
  await expect(bulk(page)).toContainText(/\d+ done, \d+ not tried\./);
  await slow.over();
  const left = (await acme.members()).pending.length;
  expect(left).toBeGreaterThan(0);
  await bulk(page).getByRole("button", { name: "Try again" }).click();
  await expect(bulk(page)).toContainText("60 done.");
  expect((await acme.members()).pending).toHaveLength(0);
});

test("at 320 pixels the selection and its toolbar are in reach", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, 12);
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, acme);
  await all(page).check();
  await expect(toolbar(page).getByRole("button", { name: "Remove", exact: true })).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAxe(page);
});
