// Signing in with an API key: for as long as the page is open, in the one organization of the key.
import { checkAxe, expect, memberRow, person, signIn, test } from "./fixtures";

const ada = person("Ada");

test("a personal access token signs in, works in its organization, and is nowhere kept", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const made = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
  const key: string = made.key;
  await page.goto("/login");
  await page.getByRole("button", { name: "Use an API key" }).click();
  const field = page.getByRole("textbox", { name: "API key" });
  await expect(field).toBeFocused();
  await checkAxe(page);
  await field.fill("lsv2_pt_wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This key is not known here" })).toBeVisible();
  await expect(field).toHaveValue("lsv2_pt_wrong");
  await field.fill(key);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/o/${acme.id}/w/`));
  await page.goBack(); // no form comes back with the key in it
  await page.goForward();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).not.toContain(key);
});

test("with a key the members can be managed, other organizations are not offered, and a reload asks again", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const { key } = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
  await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}/settings/members`)}`);
  await page.getByRole("button", { name: "Use an API key" }).click();
  await page.getByRole("textbox", { name: "API key" }).fill(key);
  await page.keyboard.press("Enter");
  await expect(memberRow(page, ada.email)).toBeVisible();
  await page.getByRole("button", { name: "Profile" }).click();
  const drawer = page.getByRole("dialog", { name: "Organizations" });
  await expect(drawer.getByText("Signed in with an API key")).toBeVisible();
  await expect(drawer.getByRole("list", { name: "Organizations" }).getByRole("button")).toHaveCount(1);
  await expect(drawer.getByRole("button", { name: "New" })).toHaveAttribute("aria-disabled", "true");
  await checkAxe(page);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
});

test("a key that was deleted ends what it began, and one's password goes on", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const made = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
  await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}/settings/workspaces`)}`);
  await page.getByRole("button", { name: "Use an API key" }).click();
  await page.getByRole("textbox", { name: "API key" }).fill(made.key);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Workspaces", level: 1 })).toBeVisible();
  await acme.call("DELETE", `/api/v1/api-key/current/${made.id}`);
  const dialog = page.getByRole("alertdialog", { name: "Your session has ended" });
  // What was on its way may be refused before the click.
  await expect(async () => {
    if (!(await dialog.isVisible())) await page.getByRole("link", { name: "Usage and billing" }).click({ timeout: 500 });
    await expect(dialog).toBeVisible({ timeout: 500 });
  }).toPass();
  await dialog.getByRole("button", { name: "Go to the sign-in page" }).click();
  await signIn(page, ada);
  await expect(page.getByRole("button", { name: "Profile" })).toBeVisible();
});
