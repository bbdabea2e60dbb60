// Inviting, and what a server refuses.
import {
  acceptInvitation, checkAxe, choose, expect, fillInvitation, invite, memberRow, openDrawer, openMembers, person, removeMember, settled, signIn,
  slowNetwork, test,
} from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");

test("pasted addresses are taken apart, and each says what it is", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.invite(bob.email);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  const form = await fillInvitation(page, "");
  const emails = form.getByRole("textbox", { name: "Emails" });
  await emails.fill(`Carol <carol@example.com>; dan@example.com\nnot-an-address, ${bob.email} ${ada.email},`);
  for (const address of ["carol@example.com", "dan@example.com", "not-an-address", bob.email, ada.email]) {
    await expect(form.getByRole("button", { name: `Remove ${address}` })).toBeVisible();
  }
  await expect(form.getByText("not an email address")).toBeVisible();
  await expect(form.getByText("already invited")).toBeVisible();
  await expect(form.getByText("already a member")).toBeVisible();
  await checkAxe(page);
  // A malformed address: nothing is sent, and the field says which one.
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(emails).toHaveAccessibleDescription(/“not-an-address” is not an email address/);
  await form.getByRole("button", { name: "Remove not-an-address" }).click();
  // A duplicate.
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(emails).toHaveAccessibleDescription(new RegExp(`${bob.email} is already invited`));
  await form.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await form.getByRole("button", { name: `Remove ${ada.email}` }).click();
  await expect(form.getByText("2 of 10 used; 6 free after this.")).toBeVisible();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  await expect(memberRow(page, "dan@example.com").getByText("Invited", { exact: true })).toBeVisible();
  expect((await acme.members()).pending).toHaveLength(3);
});

test("an invitation that somebody else sent first is refused with a sentence, and nothing is lost", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  const form = await fillInvitation(page, `${bob.email}, carol@example.com,`);
  await acme.invite(bob.email);
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form.getByText(new RegExp(`${bob.email} is already invited`)).first()).toBeVisible();
  await expect(form.getByRole("button", { name: "Remove carol@example.com" })).toBeVisible();
  expect((await acme.members()).pending.map((one) => one.email)).toEqual([bob.email]);
});

test("the API refuses a malformed address, a duplicate, and more than the seats", async ({ api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const status = async (call: Promise<unknown>) => call.then(() => 200, (error) => error.status);
  const batch = (emails: string[]) => acme.call("POST", "/api/v1/orgs/current/members/batch", { body: emails.map((email) => ({ email })) });
  expect(await status(batch(["a@example.com", "nonsense"]))).toBe(422);
  expect((await acme.members()).pending).toHaveLength(0);
  expect(await status(batch(["a@example.com"]))).toBe(200);
  expect(await status(batch(["A@Example.com"]))).toBe(409);
  const many = Array.from({ length: 9 }, (_, index) => `p${index}@example.com`);
  expect([402, 403, 409]).toContain(await status(batch(many)));
  expect((await acme.members()).pending).toHaveLength(1);
});

test("a waiting invitation is declined, another is revoked", async ({ page, api, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await api.signUp(bob);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await invite(page, bob.email);
  const his = await openBrowser();
  await signIn(his, bob);
  const waiting = his.getByRole("region", { name: "Invitations" });
  await checkAxe(his);
  await waiting.getByRole("button", { name: "Decline" }).click();
  await expect(waiting).toBeHidden();
  await page.reload();
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(memberRow(page, bob.email)).toBeHidden();
  await invite(page, bob.email);
  await page.getByRole("button", { name: `Revoke invitation to ${bob.email}` }).click();
  const question = page.getByRole("alertdialog", { name: `Revoke invitation to ${bob.email}?` });
  await checkAxe(page);
  await question.getByRole("button", { name: "Revoke" }).click();
  await expect(memberRow(page, bob.email)).toBeHidden();
  await his.reload();
  await expect(his.getByRole("button", { name: "Profile" })).toBeVisible();
  await expect(waiting).toBeHidden();
});

test("whoever goes on while an acceptance is on its way is not pulled back", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await api.signUp(bob);
  await acme.invite([bob.email]);
  await signIn(page, bob);
  const invitation = page.getByRole("group", { name: "Invitation to Acme" });
  await expect(invitation).toBeVisible();
  // Where the page leads on by itself, nobody went on.
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  const network = await slowNetwork(page, { latency: 30_000 });
  await invitation.getByRole("button", { name: "Accept" }).click();
  await expect(invitation.getByRole("button", { name: "Accepting" })).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Prompts" }).click();
  await expect(page).toHaveURL(/\/prompts$/);
  await network.over();
  await expect(page.getByRole("status").filter({ hasText: "You joined Acme." })).toBeVisible();
  await expect(invitation).toBeHidden();
  await expect(page).toHaveURL(/\/prompts$/);
  await expect(page.getByRole("banner")).toContainText("Personal");
});

test("an acceptance in the drawer goes on when the drawer is closed", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await api.signUp(bob);
  await acme.invite([bob.email]);
  await signIn(page, bob);
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  const drawer = await openDrawer(page);
  const invitation = drawer.getByRole("group", { name: "Invitation to Acme" });
  await expect(invitation).toBeVisible();
  const network = await slowNetwork(page, { latency: 30_000 });
  await invitation.getByRole("button", { name: "Accept" }).click();
  await expect(invitation.getByRole("button", { name: "Accepting" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await network.over();
  await expect(page.getByRole("status").filter({ hasText: "You joined Acme." })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Acme");
});

test("what was revoked too late says so, and the keyboard's place is not lost with the invitation", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const his = await api.signUp(bob);
  await acme.invite([bob.email]);
  await openMembers(page, acme, ada);
  await page.getByRole("button", { name: `Revoke invitation to ${bob.email}` }).press("Enter");
  const question = page.getByRole("alertdialog", { name: `Revoke invitation to ${bob.email}?` });
  await expect(question).toBeVisible();
  await his.accept(acme.id);
  await question.getByRole("button", { name: "Revoke" }).press("Enter");
  await expect(question.getByRole("alert").filter({ hasText: "is not there any more: it was accepted, declined or revoked." })).toBeVisible();
  await expect(memberRow(page, bob.email)).toContainText("Active");
  await question.getByRole("button", { name: "Cancel" }).press("Enter");
  await expect(question).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: "Members and roles" })).toBeFocused();
  await expect(page.getByRole("button", { name: `Remove ${bob.email}` })).toBeVisible();
});

test("an invitation to a workspace names its organization, and is accepted or declined", async ({ page, api, server }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: [] });
  // As a script does; the app adds members without asking them.
  const [research, search] = [await acme.addWorkspace("Research"), await acme.addWorkspace("Search")];
  for (const { id } of [research, search]) {
    await acme.call("POST", "/api/v1/workspaces/current/members/batch", { workspace: id, body: [{ email: bob.email }] });
  }
  await signIn(page, bob);
  // In the organization itself, whose workspaces are known by then.
  await page.goto(`/o/${acme.id}`);
  await settled(page);
  const waiting = page.getByRole("region", { name: "Invitations" });
  const to = (name: string) => waiting.getByRole("group", { name: `Invitation to ${name}` });
  await expect(to("Research")).toContainText("You are invited to the workspace Research in Acme.");
  await checkAxe(page);
  await to("Search").getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("status").filter({ hasText: "You declined the invitation to Search." })).toBeVisible();
  await expect(to("Search")).toBeHidden();
  // On the way there, nothing says that it is not open.
  await page.evaluate(() => {
    const watch = () => {
      if (document.body.innerText.includes("not open to you")) document.documentElement.dataset.refused = "yes";
    };
    new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
  });
  const network = await slowNetwork(page, { latency: 300 });
  await to("Research").getByRole("button", { name: "Accept" }).press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "You joined Research." })).toBeVisible();
  await expect(page).toHaveURL(`/o/${acme.id}/w/${research.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
  await network.over();
  await expect(page.locator("html")).not.toHaveAttribute("data-refused");
  await expect(waiting).toBeHidden();
  expect(await (await api.signIn(bob)).call("GET", "/api/v1/workspaces/pending")).toEqual([]);
  await page.getByRole("button", { name: "Workspace: Research" }).click();
  await expect(page.getByRole("listbox", { name: "Workspaces" }).getByRole("option")).toHaveText([/Research/]);
});

test("with RBAC an invitation gives a workspace role, without it the page says why not", async ({ page, api, server, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  let form = await fillInvitation(page, "");
  await expect(form.getByRole("combobox", { name: "Workspace role" })).toBeHidden();
  await expect(form.getByText("everybody in a workspace is its Admin", { exact: false })).toBeVisible();
  await choose(form.getByRole("combobox", { name: "Organization role" }), "Organization Admin");
  await expect(form.getByText("An Organization Admin is Admin of every workspace", { exact: false })).toBeVisible();
  await page.keyboard.press("Escape");

  await server.plan(acme.id, "enterprise");
  await api.signUp(bob);
  await page.reload();
  await invite(page, bob.email, { role: "Organization User", workspaces: ["Workspace 1"], workspaceRole: "Viewer" });
  const his = await openBrowser();
  await signIn(his, bob);
  await acceptInvitation(his, "Acme");
  await expect(his.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  await his.getByRole("link", { name: "Settings" }).click();
  await his.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(his.getByRole("table", { name: "Workspaces" }).getByRole("row", { name: "Workspace 1" })).toContainText("Viewer");
  // What he may not do is there, with the reason.
  const add = his.getByRole("button", { name: "Add workspace" });
  await expect(add).toHaveAttribute("aria-disabled", "true");
  await expect(add).toHaveAccessibleDescription(/Organization Admin or Operator/);
  // The roles count him.
  await page.getByRole("tab", { name: "Roles" }).click();
  const viewer = page.getByRole("table", { name: "Roles" }).getByRole("row").filter({ hasText: "Reads all resources." });
  await expect(viewer.getByRole("cell").nth(2)).toHaveText("1");
  await expect(page.getByRole("row").filter({ hasText: "Organization User" }).getByRole("cell").nth(2)).toHaveText("1");
});

test("the last Organization Admin stays, and the page says why", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(page.getByRole("button", { name: `Remove ${bob.email}` })).not.toHaveAttribute("aria-disabled", "true");
  await removeMember(page, bob.email);
  const remove = page.getByRole("button", { name: `Remove ${ada.email}` });
  await expect(remove).toHaveAttribute("aria-disabled", "true");
  await expect(remove).toHaveAccessibleDescription(/at least one Organization Admin/);
  await expect(page.getByRole("combobox", { name: `Role of ${ada.email}` })).toHaveAccessibleDescription(/at least one Organization Admin/);
});
