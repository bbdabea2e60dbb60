// Sessions: reload, a second tab, signing out everywhere, a wrong password, an end while the page is open.
import { expect, openDrawer, person, profile, signIn, signOut, test, trySignIn, workspacePicker } from "./fixtures";

const ada = person("Ada");

test("a session survives a reload and a new tab, and its token is in memory only", async ({ page, api, context }) => {
  await api.signUp(ada);
  await signIn(page, ada);
  await page.reload();
  await expect(profile(page)).toBeVisible();
  const second = await context.newPage();
  await second.goto("/");
  await expect(workspacePicker(second)).toBeVisible();
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  expect(kept).not.toContain("atr_");
  const cookies = await context.cookies(`${new URL(page.url()).origin}/api/v1/session`);
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Strict" });
});

test("signing out ends the other tab's session, and its token", async ({ page, api, context }) => {
  await api.signUp(ada);
  await signIn(page, ada);
  const second = await context.newPage();
  let token = "";
  second.on("request", (request) => (token = request.headers()["authorization"] ?? token));
  await second.goto("/");
  await expect(profile(second)).toBeVisible();
  await signOut(page);
  await expect(second.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(token).toContain("Bearer ");
  const answer = await second.request.get("/api/v1/orgs", { headers: { authorization: token } });
  expect(answer.status()).toBe(401);
});

test("a session that ended elsewhere asks to sign in again, and keeps what was typed", async ({ page, api, server }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  let token = "";
  page.on("request", (request) => (token = request.headers()["authorization"] ?? token));
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Invite members" });
  await form.getByRole("textbox", { name: "Emails" }).fill("bob@example.com,");
  await expect(form.getByRole("button", { name: "Remove bob@example.com" })).toBeVisible();
  // Ended by the API, as from another device: this page has not heard of it.
  const gone = await fetch(`${server.url}/api/v1/session`, { method: "DELETE", headers: { authorization: token } });
  expect(gone.ok).toBe(true);
  // Whichever request is the first to be refused says so: the invitations, or the look whether Bob is a member already,
  // which may still be on its way and then comes before the click.
  const again = page.getByRole("alertdialog", { name: "Your session has ended" });
  await expect(async () => {
    if (!(await again.isVisible())) await form.getByRole("button", { name: "Send invitations" }).click({ timeout: 500 });
    await expect(again).toBeVisible({ timeout: 500 });
  }).toPass();
  await trySignIn(page, ada.email, ada.password);
  await expect(again).toBeHidden();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  const { pending } = await acme.members();
  expect(pending.map((one) => one.email)).toEqual(["bob@example.com"]);
});

test("a wrong password says so, keeps the address, and too many are slowed down", async ({ page, api }) => {
  await api.signUp(ada);
  await page.goto("/login");
  await trySignIn(page, ada.email, "not the password");
  await expect(page.getByRole("alert").filter({ hasText: "The email address or the password is not right." })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(ada.email);
  const slowed = page.getByRole("alert").filter({ hasText: /Try again in \d+ second|Wait a moment/ });
  await expect(async () => {
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(slowed).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(ada.email);
});

test("signing in leads back to the address that was asked for, and only inside the app", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await page.goto(`/o/${acme.id}/settings/members?status=active`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await trySignIn(page, ada.email, ada.password);
  await expect(page).toHaveURL(`/o/${acme.id}/settings/members?status=active`);
  await signOut(page);
  await page.goto("/login?next=//example.org/");
  await trySignIn(page, ada.email, ada.password);
  await expect(profile(page)).toBeVisible();
  expect(new URL(page.url()).hostname).toBe("127.0.0.1");
});

test("an account that exists is not made twice, and each field says what is wrong", async ({ page, api }) => {
  await api.signUp(ada);
  await page.goto("/signup");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveAccessibleDescription(/Enter an email address/);
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveAccessibleDescription(/at least 8 characters/i);
  await page.getByRole("textbox", { name: "Full name" }).fill("Ada");
  await page.getByRole("textbox", { name: "Email" }).fill(ada.email.toUpperCase());
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /account/ })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Full name" })).toHaveValue("Ada");
});

test("the theme follows the system, can be switched, and is remembered", async ({ page, api }) => {
  await api.signUp(ada);
  await page.emulateMedia({ colorScheme: "dark" });
  await signIn(page, ada);
  const scheme = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await scheme();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await scheme();
  expect(light).not.toBe(dark);
  const drawer = await openDrawer(page);
  await drawer.getByRole("radiogroup", { name: "Theme" }).getByText("Dark").click();
  expect(await scheme()).toBe(dark);
  await page.reload();
  await expect(profile(page)).toBeVisible();
  expect(await scheme()).toBe(dark);
});
