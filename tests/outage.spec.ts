// The server is not there, or does not want any more: at the start, in between, and after too many attempts.
import { ApiError, checkAxe, expect, memberRow, person, profile, signIn, test, trySignIn } from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");

for (const [whenDown, sentence] of [
  ["nothing", "The server cannot be reached."],
  [502, "The server could not do this."],
] as const) {
  test(`a server that is down at the start (${whenDown === 502 ? "a proxy says so" : "no answer"}) is told, and Try again works once it is back`, async ({ server, api, startSite, openBrowser, expectConsoleErrors }) => {
    expectConsoleErrors(/ERR_EMPTY_RESPONSE|ERR_CONNECTION|502/);
    const account = await api.signUp(ada);
    const acme = await account.createOrganization("Acme");
    const site = await startSite({ files: "dist", api: server.url, whenDown });
    const page = await openBrowser({ baseURL: site.url });
    await signIn(page, ada);
    await page.goto(`/o/${acme.id}/settings/members`);
    await expect(memberRow(page, ada.email)).toBeVisible();
    await server.goDown();
    await page.reload();
    const failed = page.getByRole("heading", { level: 1, name: "Atrium could not start" });
    await expect(failed).toBeVisible();
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Loading Atrium…" })).toHaveCount(0);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    await server.comeBack();
    await page.getByRole("button", { name: "Try again" }).click();
    // The session outlived it, and so did the address.
    await expect(memberRow(page, ada.email)).toBeVisible();
    await expect(page).toHaveURL(`/o/${acme.id}/settings/members`);
    await expect(failed).toBeHidden();
  });
}

test("the page that says so has nothing for axe", async ({ server, startSite, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_EMPTY_RESPONSE|ERR_CONNECTION/);
  const site = await startSite({ files: "dist", api: server.url });
  await server.goDown();
  const page = await openBrowser({ baseURL: site.url });
  await page.goto("/login");
  await expect(page.getByRole("heading", { level: 1, name: "Atrium could not start" })).toBeVisible();
  await checkAxe(page);
});

test("a server that restarts under an open page is not noticed, and nothing is lost", async ({ server, api, page }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Invite members" });
  // Whether Bob is there already is looked up first.
  const looked = ["active", "pending"].map((list) => page.waitForResponse((response) => response.url().includes(`/members/${list}?`) && response.url().includes("emails=")));
  await form.getByRole("textbox", { name: "Emails" }).fill(`${bob.email},`);
  for (const answer of await Promise.all(looked)) await answer.finished();
  await server.goDown();
  await server.comeBack();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  await expect(memberRow(page, bob.email)).toBeVisible();
});

test("Ctrl+C ends the server cleanly while a page is open", async ({ server, api, page, expectConsoleErrors }) => {
  // The page may still be asking for something.
  expectConsoleErrors(/ERR_CONNECTION_(?:REFUSED|RESET|CLOSED)/, /ERR_EMPTY_RESPONSE/, /Failed to fetch/);
  await api.signUp(ada);
  await signIn(page, ada);
  expect(await server.goDown("SIGINT")).toBe(0);
});

test("too many attempts hold up that address, even with the right password, and no other", async ({ page, api }) => {
  await api.signUp(ada);
  await api.signUp(bob);
  for (let attempt = 0; attempt < 10; attempt++) {
    const refused = await api.signIn({ ...ada, password: `guess ${attempt}` }).catch((error) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused.status).toBe(401);
  }
  await page.goto("/login");
  await trySignIn(page, ada.email, ada.password);
  await expect(page.getByRole("alert").filter({ hasText: /Try again in \d+ seconds\./ })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(ada.email);
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveValue(ada.password);
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).not.toHaveAttribute("aria-disabled", "true");
  await checkAxe(page);
  await trySignIn(page, bob.email, bob.password);
  await expect(profile(page)).toBeVisible();
});
