// The dialogs that ask before something ends, the gate, and the session that ended: what they say, and axe.
import { checkAxe, choose, expect, memberRow, person, settled, signIn, test, trySignIn } from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");
const eve = person("Eve");

test("removing somebody says what they lose first, with the safe choice in focus", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  const question = page.getByRole("alertdialog", { name: `Remove ${bob.email}?` });
  await expect(question.getByRole("listitem")).toHaveText([/Acme as Organization User/, /workspaces: Workspace 1/, /No API token/, /1 open session/]);
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await checkAxe(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  expect((await acme.members()).members).toHaveLength(2);
});

test("one's own role is changed, and the organization left, only after a question", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}/settings/members`);
  const role = page.getByRole("combobox", { name: `Role of ${bob.email}` });
  await expect(role).toBeVisible();
  await role.selectOption({ label: "Organization Viewer" });
  const own = page.getByRole("alertdialog", { name: "Change your own role?" });
  await expect(own.getByText("You become Organization Viewer", { exact: false })).toBeVisible();
  await expect(own.getByRole("region", { name: "You lower yourself" })).toContainText("You cannot take this back yourself.");
  await expect(own.getByRole("button", { name: "Cancel" })).toBeFocused();
  await checkAxe(page);
  await own.getByRole("button", { name: "Cancel" }).click();
  await expect(own).toBeHidden();
  await expect(role.locator("option:checked")).toHaveText("Organization Admin");
  await role.selectOption({ label: "Organization Viewer" });
  await own.getByRole("button", { name: "Change my role" }).click();
  await expect(page.getByText(`${bob.email} is now Organization Viewer.`)).toBeVisible();
  // What he may not do any more is there, with the reason.
  await expect(page.getByRole("button", { name: "Invite", exact: true })).toHaveAttribute("aria-disabled", "true");
  await checkAxe(page);

  const row = memberRow(page, bob.email);
  await row.getByRole("button", { name: /^(Remove|Leave)/ }).click();
  const leave = page.getByRole("alertdialog", { name: "Leave this organization?" });
  await expect(leave.getByRole("listitem")).toHaveCount(4);
  await checkAxe(page);
  await leave.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(page.getByRole("heading", { name: "This organization is not open to you" })).toBeVisible();
  expect((await acme.members()).members.map((one) => one.email)).toEqual([ada.email]);
});

test("the gate has nothing for axe, and somebody who may not manage billing is told whom to ask", async ({ page, api, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  const { id } = await acme.role("Organization User");
  await acme.call("POST", "/api/v1/orgs/current/members/batch", { body: [{ email: bob.email, role_id: id }] });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Set up billing" })).toBeVisible();
  await settled(page);
  await checkAxe(page);
  await (await api.signUp(bob)).accept(acme);
  const his = await openBrowser();
  await signIn(his, bob);
  await his.goto(`/o/${acme.id}`);
  await expect(his.getByRole("heading", { level: 1, name: "Set up billing" })).toBeVisible();
  await expect(his.getByText("Organization Admins and Operators manage billing.", { exact: false }).first()).toBeVisible();
  await expect(his.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" })).toHaveAttribute("aria-disabled", "true");
  await checkAxe(his);
});

test("a session that ended: the dialog has nothing for axe, and another account does not get the page", async ({ page, api, server }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await api.signUp(eve);
  let token = "";
  page.on("request", (request) => (token = request.headers()["authorization"] ?? token));
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(memberRow(page, ada.email)).toBeVisible();
  const ended = await fetch(`${server.url}/api/v1/session`, { method: "DELETE", headers: { authorization: token } });
  expect(ended.ok).toBe(true);
  const again = page.getByRole("alertdialog", { name: "Your session has ended" });
  // What was on its way may be refused before the click.
  await expect(async () => {
    if (!(await again.isVisible())) await page.getByRole("tab", { name: "Roles" }).click({ timeout: 500 });
    await expect(again).toBeVisible({ timeout: 500 });
  }).toPass();
  await checkAxe(page);
  // A wrong password here says so and leaves the page where it is.
  await trySignIn(page, ada.email, "wrong");
  await expect(again.getByRole("alert").filter({ hasText: "is not right" })).toBeVisible();
  await trySignIn(page, eve.email, eve.password);
  await expect(page.getByRole("heading", { name: "This organization is not open to you" })).toBeVisible();
  await expect(page.getByText(ada.email)).toHaveCount(0);
  await expect(page.getByText("Acme")).toHaveCount(0);
});

test("the role of the invitation that is chosen is the one that is given", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Invite members" });
  // Typed and not yet a chip: it counts too.
  await form.getByRole("textbox", { name: "Emails" }).fill(bob.email);
  await choose(form.getByRole("combobox", { name: "Organization role" }), "Organization Operator");
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  await expect(memberRow(page, bob.email)).toContainText("Organization Operator");
  const operator = await acme.role("Organization Operator");
  const { pending } = await acme.members();
  expect(pending.map((one) => [one.email, one.org_role_id ?? one.role_id])).toEqual([[bob.email, operator.id]]);
});
