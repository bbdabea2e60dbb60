// Removing somebody: what ends is said first, and the person can be brought back for thirty days.
import {
  type Account, checkAxe, choose, enterprise, expect, memberRow, membersTable, openMembers, type Organization, type Page, person, removeMember,
  signIn, slowNetwork, test,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");
const omar = person("Omar Sy");

const removal = (page: Page, email: string) => page.getByRole("alertdialog", { name: `Remove ${email}?` });
const returning = (page: Page, email: string) => page.getByRole("alertdialog", { name: `Bring back ${email}?` });
const message = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });
const status = (page: Page) => page.getByRole("combobox", { name: "Filter by status" });
const token = (who: Account, acme: Organization, description: string) =>
  who.call("POST", "/api/v1/api-key/current", { organization: acme.id, body: { description } });

test("removing lists the workspaces, the tokens with their last use, the sessions, and what becomes free", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.addWorkspace("Research");
  const his = await api.signUp(bob);
  await acme.join(his, { role: "Organization User", workspaces: ["Research"] });
  const { key } = await token(his, acme, "nightly export");
  await token(his, acme, "left over");
  await fetch(`${api.url}/api/v1/sessions`, { headers: { "x-api-key": key, "x-tenant-id": (await acme.workspaces()).find((one) => one.display_name === "Research")!.id } });
  await api.signIn(bob);
  await openMembers(page, acme, ada);
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  const dialog = removal(page, bob.email);
  await expect(dialog).toContainText("Access to Acme as Organization User, at once.");
  await expect(dialog).toContainText("Access to its workspaces: Research (Admin).");
  await expect(dialog).toContainText("2 API tokens, which stop working and do not come back:");
  await expect(dialog.getByRole("listitem").filter({ hasText: /^nightly export, last used today$/ })).toBeVisible();
  await expect(dialog.getByRole("listitem").filter({ hasText: /^left over, never used$/ })).toBeVisible();
  await expect(dialog).toContainText("2 open sessions: they can do nothing in Acme any more.");
  await expect(dialog).toContainText("1 seat becomes free, which saves $39 a month.");
  await expect(dialog).toContainText("You can undo this for ten seconds, and bring this person back with the same access for 30 days.");
  expect(await dialog.innerText()).not.toContain(key);
  await checkAxe(page);
});

test("a removed member is found under Removed and brought back with the same access", async ({ page, api, server, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  const his = await api.signUp(bob);
  await acme.join(his, { role: "Organization Viewer", workspaces: ["Research"], workspaceRole: "Viewer" });
  await acme.join(await api.signUp(carol), { role: "Organization User", workspaces: [] });
  await token(await api.signIn(carol), acme, "hers");
  await openMembers(page, acme, ada);
  await removeMember(page, bob.email);
  await removeMember(page, carol.email);
  await expect(message(page, `${carol.email} was removed from Acme.`)).toBeVisible();
  await choose(status(page), "Removed");
  await expect(page).toHaveURL(/status=removed/);
  await expect(memberRow(page, bob.email)).toContainText(/Removed.*Organization Viewer.*Research.*Viewer.*removed/s);
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "3");
  await checkAxe(page);
  // It is searched and filtered as the others are, and held in the address.
  await page.getByRole("searchbox", { name: "Search members" }).fill("carol");
  await expect(memberRow(page, bob.email)).toHaveCount(0);
  await page.reload();
  await expect(memberRow(page, carol.email)).toBeVisible();
  await page.getByRole("searchbox", { name: "Search members" }).fill("");
  await choose(page.getByRole("combobox", { name: "Filter by workspace" }), "Research");
  await expect(memberRow(page, carol.email)).toHaveCount(0);
  await choose(page.getByRole("combobox", { name: "Filter by workspace" }), "All workspaces");

  const other = await openBrowser();
  await signIn(other, bob);
  await other.goto(`/o/${acme.id}/settings/members`);
  await expect(other.getByRole("heading", { name: "This organization is not open to you" })).toBeVisible();

  await page.getByRole("button", { name: `Bring back ${bob.email}` }).click();
  const dialog = returning(page, bob.email);
  await expect(dialog.getByRole("listitem").first()).toHaveText("Access to Acme again, as Organization Viewer, in Research (Viewer).");
  await expect(dialog).toContainText("API tokens do not come back: new ones have to be made.");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await checkAxe(page);
  await dialog.getByRole("button", { name: "Bring back" }).click();
  await expect(message(page, `${bob.email} is back in Acme with the same access.`)).toBeVisible();
  await expect(memberRow(page, bob.email)).toHaveCount(0);
  await choose(status(page), "Any status");
  await expect(memberRow(page, bob.email)).toContainText(/Active.*Research.*Viewer/s);
  // Under the pointer it stays.
  await message(page, `${bob.email} is back in Acme with the same access.`).hover();
  await other.reload();
  await expect(memberRow(other, bob.email)).toBeVisible();
  // Even that can be taken back.
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is removed from Acme again.`)).toBeVisible();
  await expect(memberRow(page, bob.email)).toHaveCount(0);
});

test("who was just removed is never shown as the member they were", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await openMembers(page, acme, ada);
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await expect(removal(page, bob.email)).toContainText("Access to Acme as Organization User, at once.");
  // The table still shows the member when it shows those who were removed: what lies between is on its way.
  const network = await slowNetwork(page, { latency: 2_000 });
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(message(page, `${bob.email} was removed from Acme.`)).toBeVisible();
  await choose(status(page), "Removed");
  await expect(page.getByRole("button", { name: `Bring back ${bob.email}` })).toBeVisible();
  await expect(memberRow(page, bob.email)).toContainText(/Removed.*Organization User/s);
  await expect(page.getByRole("button", { name: `Remove ${bob.email}` })).toHaveCount(0);
  await expect(memberRow(page, ada.email)).toHaveCount(0);
  await network.over();
  await choose(status(page), "Any status");
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(memberRow(page, bob.email)).toHaveCount(0);
});

test("a removal is undone from its message, and what was deleted since is told", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const research = await acme.addWorkspace("Research");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research", "Workspace 1"], workspaceRole: "Editor" });
  await openMembers(page, acme, ada);
  const before = (await acme.members()).members.find((one) => one.email === bob.email);
  await removeMember(page, bob.email);
  await message(page, "was removed from Acme").getByRole("button", { name: "Undo" }).click();
  await expect(message(page, `${bob.email} is back in Acme with the same access.`)).toBeVisible();
  await expect(memberRow(page, bob.email)).toBeVisible();
  expect((await acme.members()).members.find((one) => one.email === bob.email)).toEqual(before);
  await removeMember(page, bob.email);
  await acme.call("DELETE", `/api/v1/workspaces/${research.id}`);
  await page.keyboard.press("Control+z");
  await expect(message(page, `${bob.email} is back in Acme, but not with everything. The workspace Research was deleted.`)).toBeVisible();
  await expect(memberRow(page, bob.email)).toContainText("Workspace 1");
});

test("an undo without a free seat says so", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await openMembers(page, acme, ada);
  await removeMember(page, bob.email);
  await acme.invite(Array.from({ length: 9 }, (_, index) => `seat${index}@example.com`));
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("alert").filter({ hasText: `${bob.email} was not brought back to Acme.` })).toContainText("no free seat of 10");
});

test("who may bring back, may; the others are told why not, or see nothing of it", async ({ page, api, server, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.join(await api.signUp(omar), { role: "Organization Operator", workspaces: [] });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"] });
  await acme.join(await api.signUp(carol), { role: "Organization User", workspaces: [] });
  await openMembers(page, acme, omar);
  // He may remove Bob, and is told before that he could not bring him back.
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await expect(removal(page, bob.email)).toContainText("You cannot undo this. You can open only the workspaces that you are in.");
  await removal(page, bob.email).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(message(page, `${bob.email} was removed from Acme.`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await choose(status(page), "Removed");
  await expect(memberRow(page, bob.email)).toBeVisible();
  // Of the workspaces that he knows none is Bob's: the server refuses, and the dialog says why.
  await page.getByRole("button", { name: `Bring back ${bob.email}` }).click();
  await returning(page, bob.email).getByRole("button", { name: "Bring back" }).click();
  await expect(returning(page, bob.email).getByRole("alert").filter({ hasText: "You can open only the workspaces that you are in." })).toBeVisible();
  await returning(page, bob.email).getByRole("button", { name: "Cancel" }).click();

  const hers = await openBrowser();
  await openMembers(hers, acme, carol, "?status=removed");
  await expect(status(hers).getByRole("option", { name: "Removed" })).toHaveCount(0);
  await expect(memberRow(hers, carol.email)).toBeVisible();
  await expect(memberRow(hers, bob.email)).toHaveCount(0);

  const admin = await openBrowser();
  await openMembers(admin, acme, ada, "?status=removed");
  await admin.getByRole("button", { name: `Bring back ${bob.email}` }).click();
  await returning(admin, bob.email).getByRole("button", { name: "Bring back" }).click();
  await expect(message(admin, `${bob.email} is back in Acme with the same access.`)).toBeVisible();
  // Nobody is left there, and the page says what would be.
  await expect(admin.getByText("Nobody like this was removed in the last 30 days.")).toBeVisible();
  await checkAxe(admin);
});
