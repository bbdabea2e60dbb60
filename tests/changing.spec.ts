// Changing a role: what it gives and takes is shown before; two admins never overwrite each other unseen; every
// change can be taken back from its message.
import {
  changeRole, checkAxe, choose, enterprise, expect, fillInvitation, invite, memberRow, openMembers, type Organization, type Page, person, slowNetwork, test,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");
const omar = person("Omar Sy");

const roleOf = (page: Page, email: string) => page.getByRole("combobox", { name: `Role of ${email}` });
const question = (page: Page, email: string) => page.getByRole("alertdialog", { name: `Change the role of ${email}?` });
const removal = (page: Page, email: string) => page.getByRole("alertdialog", { name: `Remove ${email}?` });
const chosen = (page: Page, email: string) => roleOf(page, email).locator("option:checked");
const message = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });
const failure = (page: Page, text: string | RegExp) => page.getByRole("alert").filter({ hasText: text });
const active = async (acme: Organization, email: string) => (await acme.members()).members.find((one) => one.email === email);

async function setRole(acme: Organization, email: string, role: string) {
  const { id } = await active(acme, email);
  await acme.call("PATCH", `/api/v1/orgs/current/members/${id}`, { body: { role_id: (await acme.role(role)).id } });
}

/** Goes with Tab, or back with Shift+Tab, until this has the focus. */
async function go(page: Page, to: ReturnType<Page["locator"]>, key = "Tab") {
  await expect(to).toBeVisible();
  for (let step = 0; step < 80; step++) {
    if (await to.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(to).toBeFocused();
}

test("changing a role shows what is gained, by permission and workspace, before it is done", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.addWorkspace("Sales");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"], workspaceRole: "Viewer" });
  await openMembers(page, acme, ada);
  await choose(roleOf(page, bob.email), "Organization Admin");
  const dialog = question(page, bob.email);
  await expect(dialog.getByText(`${bob.email} becomes Organization Admin. Now: Organization User.`)).toBeVisible();
  const gains = dialog.getByRole("region", { name: "Gains" });
  const { permissions } = await acme.role("WORKSPACE_ADMIN");
  const viewer = (await acme.role("WORKSPACE_VIEWER")).permissions;
  // In the workspace that he is in, what a Viewer may not; in the two others, everything. These are one line.
  await expect(gains.getByRole("group").filter({ hasText: "In the organization Acme" })).toContainText("1 permission");
  await expect(gains.getByRole("group").filter({ hasText: /^Research/ })).toContainText(`${permissions.length - viewer.length} permissions`);
  const others = gains.getByRole("group").filter({ hasText: "Sales and Workspace 1" });
  await expect(others).toContainText(`${permissions.length} permissions in each`);
  await expect(dialog.getByRole("region", { name: "Loses" })).toHaveCount(0);
  // Each can be opened: by resource, in words.
  await expect(others.getByText("Create annotation queues")).toBeHidden();
  await others.locator("summary").click();
  await expect(others.getByText("Create annotation queues")).toBeVisible();
  await expect(others.getByText("Annotation queues 4")).toBeVisible();
  await checkAxe(page);
  // Nothing was done yet, and nothing is.
  expect((await active(acme, bob.email)).org_role_name).toBe("Organization User");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(chosen(page, bob.email)).toHaveText("Organization User");
  await expect(roleOf(page, bob.email)).toBeFocused();
});

test("and what is lost; a custom role counts with what it permits", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  const custom = await acme.call("POST", "/api/v1/orgs/current/roles", {
    body: { display_name: "Labeler", description: "", permissions: ["workspaces:read", "runs:read"] },
  });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  const { id } = await active(acme, bob.email);
  await acme.call("POST", "/api/v1/workspaces/current/members", { workspace: research.id, body: { org_identity_id: id, role_id: custom.id } });
  await setRole(acme, bob.email, "Organization Admin");
  await openMembers(page, acme, ada);
  await choose(roleOf(page, bob.email), "Organization Viewer");
  const loses = question(page, bob.email).getByRole("region", { name: "Loses" });
  await expect(question(page, bob.email).getByRole("region", { name: "Gains" })).toHaveCount(0);
  const all = (await acme.role("WORKSPACE_ADMIN")).permissions.length;
  await expect(loses.getByRole("group").filter({ hasText: /^Research/ })).toContainText(`${all - 2} permissions`);
  await expect(loses.getByRole("group").filter({ hasText: /^Workspace 1/ })).toContainText(`${all} permissions`);
  const organization = loses.getByRole("group").filter({ hasText: "In the organization Acme" });
  await organization.locator("summary").click();
  await expect(organization.getByText("Change the organization, its members, workspaces and billing")).toBeVisible();
  await expect(organization.getByText("Create tokens")).toBeVisible();
  // It leaves one Admin, and says so first.
  await expect(question(page, bob.email).getByRole("region", { name: "Acme is left with one Organization Admin" })).toBeVisible();
});

test("an admin whose account is switched off is none that could manage anything", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await acme.join(await api.signUp(carol), { role: "Organization Admin" });
  await server.run("disable", carol.email);
  await openMembers(page, acme, ada);
  // Ada and Bob are left: with Bob changed it is Ada alone.
  await choose(roleOf(page, bob.email), "Organization User");
  await expect(question(page, bob.email).getByRole("region", { name: "Acme is left with one Organization Admin" })).toBeVisible();
  await question(page, bob.email).getByRole("button", { name: "Cancel" }).click();
  // Carol, who cannot sign in, takes nothing with her.
  await choose(roleOf(page, carol.email), "Organization User");
  await expect(question(page, carol.email).getByText("is left with")).toHaveCount(0);
  await question(page, carol.email).getByRole("button", { name: "Cancel" }).click();
  // Removing Bob would leave her alone as well.
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await expect(removal(page, bob.email).getByRole("region", { name: "Acme is left with one Organization Admin" })).toBeVisible();
  await removal(page, bob.email).getByRole("button", { name: "Cancel" }).click();
  await changeRole(page, bob.email, "Organization User");
  // Now Ada is the only one, although Carol is an Admin by name.
  await expect(roleOf(page, ada.email)).toHaveAccessibleDescription(/at least one Organization Admin/);
});

test("only roles that one may give are on offer, the others say why not", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(omar), { role: "Organization Operator" });
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await openMembers(page, acme, omar);
  const admin = roleOf(page, bob.email).getByRole("option", { name: /^Organization Admin/ });
  await expect(admin).toBeDisabled();
  await expect(admin).toHaveText(/Organization Admin — An Operator cannot make somebody an Organization Admin or Operator\./);
  await expect(roleOf(page, bob.email).getByRole("option", { name: "Organization Viewer" })).toBeEnabled();
  await expect(roleOf(page, ada.email)).toHaveAccessibleDescription(/An Operator cannot change an Organization Admin/);
  await changeRole(page, bob.email, "Organization Viewer");
  await expect(message(page, `${bob.email} is now Organization Viewer.`)).toBeVisible();
});

test("a role is changed back from its message, by mouse and by key", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, ada);
  await changeRole(page, bob.email, "Organization Viewer");
  await message(page, "is now Organization Viewer").getByRole("button", { name: "Undo" }).click();
  await expect(message(page, `${bob.email} is Organization User again.`)).toBeVisible();
  await expect(chosen(page, bob.email)).toHaveText("Organization User");
  expect((await active(acme, bob.email)).org_role_name).toBe("Organization User");
  await changeRole(page, bob.email, "Organization Operator");
  await expect(message(page, "is now Organization Operator")).toContainText("Ctrl+Z");
  await expect(chosen(page, bob.email)).toHaveText("Organization Operator");
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is Organization User again.`)).toBeVisible();
  await expect.poll(async () => (await active(acme, bob.email)).org_role_name).toBe("Organization User");
  await expect(chosen(page, bob.email)).toHaveText("Organization User");
  // In a text the key is the text's.
  await changeRole(page, bob.email, "Organization Viewer");
  await page.getByRole("searchbox", { name: "Search members" }).press("Control+z");
  await expect(message(page, "is now Organization Viewer").getByRole("button", { name: "Undo" })).toBeVisible();
});

test("an undo that comes too late says why, and takes nothing from anybody", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, ada);
  await changeRole(page, bob.email, "Organization Viewer");
  await expect(message(page, "is now Organization Viewer")).toBeVisible();
  await setRole(acme, bob.email, "Organization Operator");
  await page.keyboard.press("Control+z");
  await expect(failure(page, `The role of ${bob.email} was not changed back. Somebody else made this member Organization Operator meanwhile.`)).toBeVisible();
  expect((await active(acme, bob.email)).org_role_name).toBe("Organization Operator");
});

test("a message with Undo stays while it has the pointer or the focus", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await page.clock.install();
  await openMembers(page, acme, ada);
  await changeRole(page, bob.email, "Organization Viewer");
  const undo = message(page, "is now Organization Viewer").getByRole("button", { name: "Undo" });
  await undo.hover();
  await page.clock.runFor(30_000);
  await expect(undo).toBeVisible();
  await undo.focus();
  await page.mouse.move(0, 0);
  await page.clock.runFor(30_000);
  await expect(undo).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(message(page, "is Organization User again")).toBeVisible();
  await page.clock.runFor(11_000);
  await expect(message(page, "is Organization User again")).toHaveCount(0);
  // Left alone it is there for ten seconds.
  await changeRole(page, bob.email, "Organization Operator");
  const again = message(page, "is now Organization Operator").getByRole("button", { name: "Undo" });
  await expect(again).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.clock.runFor(6_000);
  await expect(again).toBeVisible();
  await page.clock.runFor(5_000);
  await expect(again).toHaveCount(0);
});

test("two admins at work on one member: the second is told what changed, and decides again", async ({ page, api, server, openBrowser }) => {
  test.setTimeout(60_000);
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"], workspaceRole: "Editor" });
  await acme.join(await api.signUp(carol), { role: "Organization Admin" });
  await openMembers(page, acme, ada);
  const other = await openBrowser();
  await openMembers(other, acme, carol);

  await choose(roleOf(page, bob.email), "Organization Viewer");
  await choose(roleOf(other, bob.email), "Organization Operator");
  await question(other, bob.email).getByRole("button", { name: "Change role" }).click();
  await expect(message(other, `${bob.email} is now Organization Operator.`)).toBeVisible();

  const mine = question(page, bob.email);
  await mine.getByRole("button", { name: "Change role" }).click();
  const news = mine.getByRole("region", { name: `Somebody else changed ${bob.email} while you were deciding.` });
  await expect(news).toContainText("When you lookedOrganization User, in Research (Editor)");
  await expect(news).toContainText("NowOrganization Operator, in Research (Editor)");
  await expect(news).toContainText("You wantOrganization Viewer");
  // What it takes is told of what he is now.
  await expect(mine.getByRole("region", { name: "Loses" })).toContainText("In the organization Acme 2 permissions");
  await expect(mine.getByRole("button", { name: "Keep" })).toBeFocused();
  await checkAxe(page);
  expect((await active(acme, bob.email)).org_role_name).toBe("Organization Operator");
  await page.keyboard.press("Enter");
  await expect(mine).toBeHidden();
  await expect(chosen(page, bob.email)).toHaveText("Organization Operator");
  expect((await active(acme, bob.email)).org_role_name).toBe("Organization Operator");

  // Again, and this time it is meant.
  await choose(roleOf(page, bob.email), "Organization Viewer");
  await setRole(acme, bob.email, "Organization User");
  await mine.getByRole("button", { name: "Change role" }).click();
  await mine.getByRole("button", { name: "Change anyway" }).click();
  await expect(mine).toBeHidden();
  await expect(message(page, `${bob.email} is now Organization Viewer.`)).toBeVisible();
  expect((await active(acme, bob.email)).org_role_name).toBe("Organization Viewer");

  // Removing looks as well: here at the workspaces.
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  const { id } = await active(acme, bob.email);
  const [first] = await acme.workspaces();
  await acme.call("POST", "/api/v1/workspaces/current/members", { workspace: first.id, body: { org_identity_id: id } });
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  const change = removal(page, bob.email).getByRole("region", { name: `Somebody else changed ${bob.email} while you were deciding.` });
  await expect(change).toContainText(/Now.*Workspace 1 \(Editor\)/);
  await expect(removal(page, bob.email).getByRole("button", { name: "Keep" })).toBeFocused();
  await checkAxe(page);
  expect(await active(acme, bob.email)).toBeTruthy();
  await removal(page, bob.email).getByRole("button", { name: "Remove anyway" }).click();
  await expect(memberRow(page, bob.email)).toHaveCount(0);

  // And who is gone is gone.
  await choose(roleOf(other, bob.email), "Organization Viewer");
  await question(other, bob.email).getByRole("button", { name: "Change role" }).click();
  await expect(question(other, bob.email)).toContainText(`Somebody else removed ${bob.email} from Acme while you were deciding.`);
  await question(other, bob.email).getByRole("button", { name: "Close" }).last().click();
  await expect(memberRow(other, bob.email)).toHaveCount(0);
});

test("a backend without entity tags and without what is Atrium's own is asked before each change", async ({ api, server, startSite, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  const headers: (string | undefined)[] = [];
  const site = await startSite({
    files: "dist",
    api: server.url,
    change: (body) => body.replaceAll('"etag"', '"other"').replace('"member_ends":true', '"member_ends":false').replace('"removed_members":true', '"removed_members":false'),
    answer: (request) => {
      headers.push(request.headers["if-match"]);
      return /\/(ends|removed)/.test(request.url!) && (expect(request.url).toBe("not asked"), false);
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await openMembers(page, acme, ada);
  await choose(roleOf(page, bob.email), "Organization Viewer");
  await setRole(acme, bob.email, "Organization Operator");
  await question(page, bob.email).getByRole("button", { name: "Change role" }).click();
  await expect(question(page, bob.email).getByRole("region", { name: /Somebody else changed/ })).toContainText("NowOrganization Operator");
  await question(page, bob.email).getByRole("button", { name: "Change anyway" }).click();
  await expect(message(page, `${bob.email} is now Organization Viewer.`)).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is Organization Operator again.`)).toBeVisible();
  // What it does not tell is not told, and what cannot be taken back says so before.
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await expect(removal(page, bob.email)).toContainText("API tokens for Acme.");
  await expect(removal(page, bob.email)).toContainText("This cannot be undone: the person has to be invited again.");
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(message(page, `${bob.email} was removed from Acme.`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await expect(page.getByRole("combobox", { name: "Filter by status" }).getByRole("option", { name: "Removed" })).toHaveCount(0);
  expect(headers.filter(Boolean)).toEqual([]);
});

test("an invitation that was sent or revoked is taken back from its message", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await openMembers(page, acme, ada);
  const pending = async () => (await acme.members()).pending.map(({ email }) => email).sort();
  await invite(page, ["dan@example.com", "eve@example.com"], { role: "Organization User" });
  await expect(page.getByText("2 messages to pass on")).toBeVisible();
  await message(page, "2 people were invited.").getByRole("button", { name: "Undo" }).click();
  await expect(message(page, "2 invitations were revoked.")).toBeVisible();
  expect(await pending()).toEqual([]);
  await expect(memberRow(page, "dan@example.com")).toHaveCount(0);
  // What was to be passed on is void.
  await expect(page.getByText("2 messages to pass on")).toHaveCount(0);

  const form = await fillInvitation(page, "fay@example.com", { role: "Organization User", workspaces: ["Research"], workspaceRole: "Viewer" });
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(memberRow(page, "fay@example.com")).toContainText("Research");
  const before = (await acme.members()).pending[0];
  await page.getByRole("button", { name: "Revoke invitation to fay@example.com" }).click();
  const revoking = page.getByRole("alertdialog", { name: "Revoke invitation to fay@example.com?" });
  await expect(revoking).toContainText("1 seat becomes free.");
  await revoking.getByRole("button", { name: "Revoke" }).click();
  await expect(memberRow(page, "fay@example.com")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(message(page, "fay@example.com is invited again.")).toBeVisible();
  await expect(memberRow(page, "fay@example.com")).toContainText("Research");
  const after = (await acme.members()).pending[0];
  for (const field of ["email", "role_id", "workspace_ids", "workspace_role_id"]) expect(after[field]).toEqual(before[field]);
});

test("the keyboard alone changes a role, removes, and takes both back", async ({ page, api, server }) => {
  test.setTimeout(60_000);
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, ada);
  const role = roleOf(page, bob.email);
  await go(page, role);
  await page.keyboard.press("Space");
  const viewer = role.getByRole("option", { name: "Organization Viewer" });
  for (let step = 0; step < 6 && !(await viewer.evaluate((option) => option === document.activeElement)); step++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(question(page, bob.email).getByRole("button", { name: "Cancel" })).toBeFocused();
  // What it takes is opened and read with the keys, too.
  const loses = question(page, bob.email).getByRole("region", { name: "Loses" });
  await go(page, loses.locator("summary"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(loses.getByText("Create tokens")).toBeVisible();
  await go(page, question(page, bob.email).getByRole("button", { name: "Change role" }));
  await page.keyboard.press("Enter");
  await expect(message(page, "is now Organization Viewer")).toBeVisible();
  await expect(role).toBeFocused();
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is Organization User again.`)).toBeVisible();
  await expect(chosen(page, bob.email)).toHaveText("Organization User");
  await expect(role).toBeFocused();

  await go(page, page.getByRole("button", { name: `Remove ${bob.email}` }));
  await page.keyboard.press("Enter");
  await expect(removal(page, bob.email).getByRole("button", { name: "Cancel" })).toBeFocused();
  await go(page, removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }));
  await page.keyboard.press("Enter");
  await expect(memberRow(page, bob.email)).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is back in Acme with the same access.`)).toBeVisible();
  await expect(memberRow(page, bob.email)).toBeVisible();
});

test("what one did to a member oneself is not told as somebody else's", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, ada);
  const network = await slowNetwork(page, { latency: 1_500 });
  await choose(roleOf(page, bob.email), "Organization Viewer");
  await question(page, bob.email).getByRole("button", { name: "Change role" }).click();
  await expect(message(page, "is now Organization Viewer")).toBeVisible();
  // The list is still being asked for anew: the next question is right already.
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await expect(removal(page, bob.email)).toContainText("Access to Acme as Organization Viewer, at once.");
  await removal(page, bob.email).getByRole("button", { name: "Cancel" }).click();
  await expect(chosen(page, bob.email)).toHaveText("Organization Viewer");

  // Taken back, and removed before that was answered: the question was about a Viewer, and is asked anew.
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(message(page, `${bob.email} is Organization User again.`)).toBeVisible();
  const news = removal(page, bob.email).getByRole("region", { name: `Your own change of ${bob.email} came first.` });
  await expect(news).toContainText("Organization Viewer, in no workspace");
  await expect(news).toContainText("Organization User, in no workspace");
  await expect(removal(page, bob.email)).toContainText("Access to Acme as Organization User, at once.");
  await expect(removal(page, bob.email).getByRole("button", { name: "Keep" })).toBeFocused();
  expect(await active(acme, bob.email)).toBeTruthy();
  await checkAxe(page);
  await removal(page, bob.email).getByRole("button", { name: "Remove anyway" }).click();
  await expect(message(page, `${bob.email} was removed from Acme.`)).toBeVisible();
  await expect(memberRow(page, bob.email)).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is back in Acme with the same access.`)).toBeVisible();
  await expect(chosen(page, bob.email)).toHaveText("Organization User");
  await network.over();
});

test("two changes are taken back in their order, and what waits its turn can be left", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, ada);
  await changeRole(page, bob.email, "Organization Viewer");
  await expect(message(page, "is now Organization Viewer")).toBeVisible();
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(message(page, `${bob.email} was removed from Acme.`)).toBeVisible();
  const network = await slowNetwork(page, { latency: 400 });
  // The second is pressed before the first was answered.
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is back in Acme with the same access.`)).toBeVisible();
  await expect(message(page, `${bob.email} is Organization User again.`)).toBeVisible();
  await expect(chosen(page, bob.email)).toHaveText("Organization User");

  await network.over();
  await changeRole(page, bob.email, "Organization Viewer");
  await expect(message(page, "is now Organization Viewer")).toBeVisible();
  await expect(chosen(page, bob.email)).toHaveText("Organization Viewer");
  const slower = await slowNetwork(page, { latency: 1_500 });
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  await removal(page, bob.email).getByRole("button", { name: "Cancel" }).click();
  await expect(removal(page, bob.email)).toHaveCount(0);
  await slower.over();
  await expect(message(page, `${bob.email} is Organization User again.`)).toBeVisible();
  await expect(chosen(page, bob.email)).toHaveText("Organization User");
  await expect(message(page, "was removed")).toHaveCount(0);
  expect(await active(acme, bob.email)).toBeTruthy();
});

test("what is taken back too late because of oneself says so, and a question that was left closes no other", async ({ page, api, server, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_INTERNET_DISCONNECTED/);
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, ada);
  await changeRole(page, bob.email, "Organization Viewer");
  await expect(message(page, "is now Organization Viewer")).toBeVisible();
  await changeRole(page, bob.email, "Organization Operator");
  await expect(chosen(page, bob.email)).toHaveText("Organization Operator");
  // The older message.
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(failure(page, `The role of ${bob.email} was not changed back. You made this member Organization Operator meanwhile.`)).toBeVisible();

  // Left while it is on its way, it is done all the same; the next question about the same person stays.
  const network = await slowNetwork(page, { latency: 1_500 });
  await choose(roleOf(page, bob.email), "Organization Viewer");
  await question(page, bob.email).getByRole("button", { name: "Change role" }).click();
  await question(page, bob.email).getByRole("button", { name: "Cancel" }).click();
  await expect(question(page, bob.email)).toHaveCount(0);
  await choose(roleOf(page, bob.email), "Organization Admin");
  await expect(question(page, bob.email)).toContainText(`${bob.email} becomes Organization Admin.`);
  await expect(message(page, "is now Organization Viewer")).toBeVisible();
  await expect(question(page, bob.email)).toContainText(`${bob.email} becomes Organization Admin.`);
  // What it started from has changed since: it is asked anew.
  await question(page, bob.email).getByRole("button", { name: "Change role" }).click();
  await expect(question(page, bob.email).getByRole("region", { name: `Your own change of ${bob.email} came first.` })).toContainText("Organization Viewer");
  await question(page, bob.email).getByRole("button", { name: "Keep" }).click();
  await network.over();
  await expect(chosen(page, bob.email)).toHaveText("Organization Viewer");

  // A failure says what was not done, and to whom.
  await page.context().setOffline(true);
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(removal(page, bob.email).getByRole("alert").filter({ hasText: `${bob.email} was not removed. The server cannot be reached.` })).toBeVisible();
  await page.context().setOffline(false);
  expect((await active(acme, bob.email)).org_role_name).toBe("Organization Viewer");
});

test("on a phone, what a change gives and takes is read without scrolling sideways", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, ada);
  await page.setViewportSize({ width: 320, height: 640 });
  await choose(roleOf(page, bob.email), "Organization Admin");
  const dialog = question(page, bob.email);
  await dialog.locator("summary").last().click();
  await expect(dialog.getByRole("button", { name: "Change role" })).toBeInViewport({ ratio: 1 });
  const wide = await dialog.evaluate((element) => [...element.querySelectorAll("*")].filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === "auto").length);
  expect(wide).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAxe(page);
});
