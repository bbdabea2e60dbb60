// A slow network, made so by the browser itself: something shows at once, and nothing is done twice.
import { checkAxe, expect, memberRow, person, profile, settled, signIn, slowNetwork, test, type Page } from "./fixtures";

const ada = person("Ada");
/** Longer than a test; the end of the slowness lets the answers through. */
const FOR_EVER = 600_000;

/** Leads to billing, with the code of members here as well: only what is in a page is slow then. */
async function codeOfBoth(page: Page, organization: string) {
  await page.goto(`/o/${organization}/settings/members`);
  await settled(page);
  await page.getByRole("link", { name: "Usage and billing" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();
  await settled(page);
}

test("a page says what it is loading until the answer comes", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const [workspace] = await acme.workspaces();
  await signIn(page, ada);
  await codeOfBoth(page, acme.id);
  const slow = await slowNetwork(page, { latency: FOR_EVER });
  await page.getByRole("link", { name: "Members and roles" }).click();
  // The address, the heading and the navigation do not wait.
  await expect(page).toHaveURL(`/o/${acme.id}/settings/members`);
  await expect(page.getByRole("heading", { level: 1, name: "Members and roles" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Members and roles" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("status").filter({ hasText: "Loading the members" })).toBeAttached();
  await expect(page.getByRole("table", { name: "Members" })).toBeHidden();
  await checkAxe(page);
  await slow.over();
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Loading/ })).toHaveCount(0);

  await slowNetwork(page, { latency: FOR_EVER });
  await page.getByRole("link", { name: "Back to the workspace" }).click();
  await expect(page).toHaveURL(`/o/${acme.id}/w/${workspace.id}`);
  await expect(page.getByRole("status").filter({ hasText: /^Loading/ }).first()).toBeAttached();
});

test("whoever leaves a page before its answer comes sees the new page, and no more of the old one", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await codeOfBoth(page, acme.id);
  const slow = await slowNetwork(page, { latency: FOR_EVER });
  await page.getByRole("link", { name: "Members and roles" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Loading the members" })).toBeAttached();
  await page.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await slow.over();
  await settled(page);
  await expect(page.getByRole("table", { name: "Workspaces" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Members" })).toHaveCount(0);
  await expect(page).toHaveURL(`/o/${acme.id}/settings/workspaces`);
});

test("signing in says so while it takes long, and is asked for once", async ({ page, api }) => {
  await api.signUp(ada);
  await page.goto("/login");
  await page.getByRole("textbox", { name: "Email" }).fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  let sent = 0;
  page.on("request", (request) => (sent += Number(request.url().endsWith("/api/v1/login"))));
  const slow = await slowNetwork(page, { latency: FOR_EVER });
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const busy = page.getByRole("button", { name: "Signing in" });
  await expect(busy).toBeVisible();
  await expect(busy).toHaveAttribute("aria-disabled", "true");
  await busy.click({ force: true });
  await page.getByRole("textbox", { name: "Password" }).press("Enter");
  await checkAxe(page);
  await slow.over();
  await expect(profile(page)).toBeVisible();
  expect(sent).toBe(1);
});

test("a busy button says what it does, and pressed three times it does it once", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const bob = person("Bob");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });

  await page.getByRole("button", { name: "Add workspace" }).click();
  const adding = page.getByRole("dialog", { name: "Add workspace" });
  await adding.getByRole("textbox", { name: "Workspace name" }).fill("Research");
  sent.length = 0;
  let slow = await slowNetwork(page, { latency: FOR_EVER });
  await adding.getByRole("button", { name: "Add workspace" }).click();
  const busy = adding.getByRole("button", { name: "Adding" });
  await expect(busy).toBeVisible();
  await busy.click({ force: true });
  await adding.getByRole("textbox", { name: "Workspace name" }).press("Enter");
  await checkAxe(page);
  await slow.over();
  await expect(adding).toBeHidden();
  await expect(page.getByRole("table", { name: "Workspaces" }).getByRole("row", { name: "Research" })).toBeVisible();
  expect(sent).toEqual(["POST /api/v1/workspaces"]);

  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const inviting = page.getByRole("dialog", { name: "Invite members" });
  await inviting.getByRole("textbox", { name: "Emails" }).fill("carol@example.com, dan@example.com,");
  sent.length = 0;
  slow = await slowNetwork(page, { latency: FOR_EVER });
  await inviting.getByRole("button", { name: "Send invitations" }).click();
  const sending = inviting.getByRole("button", { name: "Sending 2 invitations" });
  await expect(sending).toBeVisible();
  await sending.click({ force: true });
  await sending.press("Enter");
  await slow.over();
  await expect(inviting).toBeHidden();
  expect(sent).toEqual(["POST /api/v1/orgs/current/members/batch"]);

  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  const question = page.getByRole("alertdialog", { name: `Remove ${bob.email}?` });
  sent.length = 0;
  slow = await slowNetwork(page, { latency: FOR_EVER });
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  const removing = question.getByRole("button", { name: "Removing" });
  await expect(removing).toBeVisible();
  await removing.click({ force: true });
  await removing.press("Enter");
  await slow.over();
  await expect(question).toBeHidden();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^DELETE /);
});

test("a change that got no answer in time says that it may or may not have been done", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await page.getByRole("button", { name: "Add workspace" }).click();
  const form = page.getByRole("dialog", { name: "Add workspace" });
  await form.getByRole("textbox", { name: "Workspace name" }).fill("Research");
  const slow = await slowNetwork(page, { latency: FOR_EVER });
  await form.getByRole("button", { name: "Add workspace" }).click();
  // The app's own limit is 20 seconds.
  await expect(form.getByRole("alert").filter({ hasText: "it may or may not have done this" })).toBeVisible({ timeout: 30_000 });
  await expect(form.getByRole("textbox", { name: "Workspace name" })).toHaveValue("Research");
  await slow.over();
  await form.getByRole("button", { name: "Add workspace" }).click();
  await expect(form).toBeHidden();
});
