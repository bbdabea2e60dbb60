// The settings are a part of their own: their code loads when they are opened, and can fail to.
import { checkAxe, expect, memberRow, person, profile, settled, signIn, test, type Page } from "./fixtures";

const ada = person("Ada");
const part = /^members-.*\.wasm/;

/** The names of the files of wasm that a page asks for, as it asks. */
function wasmOf(page: Page) {
  const names: string[] = [];
  page.on("request", (request) => {
    const name = new URL(request.url()).pathname.split("/").pop()!;
    if (name.endsWith(".wasm")) names.push(name);
  });
  return { named: (word: string) => names.filter((name) => name.startsWith(`${word}-`)).length, members: () => names.filter((name) => part.test(name)).length, all: () => names.length };
}

test("neither the sign-in page nor a workspace loads the settings; reaching for their link does, once", async ({ page, api, openBrowser }) => {
  const account = await api.signUp(ada);
  const organization = await account.createOrganization("Acme");
  const [workspace] = await organization.workspaces();
  const asked = wasmOf(page);
  await page.goto("/login");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  expect(asked.all()).toBeGreaterThan(0);
  await signIn(page, ada);
  await page.goto(`/o/${organization.id}/w/${workspace.id}`);
  await settled(page);
  for (const name of ["Projects", "Datasets"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await settled(page);
  }
  expect(asked.members(), "the settings' code loaded before anybody wanted it").toBe(0);

  const settings = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" });
  const hovered = page.waitForRequest((request) => part.test(new URL(request.url()).pathname.slice(1)));
  await settings.hover();
  await hovered;
  await expect(page.getByRole("heading", { level: 1, name: "Datasets" })).toBeVisible();
  await settings.click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  expect(asked.members()).toBe(1);

  // The keyboard gets it as early as the mouse.
  const other = await openBrowser();
  const askedThere = wasmOf(other);
  await signIn(other, ada);
  await settled(other);
  expect(askedThere.members()).toBe(0);
  const focused = other.waitForRequest((request) => part.test(new URL(request.url()).pathname.slice(1)));
  await other.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).focus();
  await focused;
});

test("settings that cannot be loaded say so, the rest works, and Try again works once they are back", async ({ dist, startServer, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/members-.*\.wasm/, /WebAssembly|MIME type|HTTP status code/);
  const taken = await dist.take(part);
  const server = await startServer({ files: dist.folder });
  const page = await openBrowser({ baseURL: server.url });
  await page.goto("/signup");
  await page.getByRole("textbox", { name: "Full name" }).fill(ada.name);
  await page.getByRole("textbox", { name: "Email" }).fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  const failed = page.getByRole("heading", { level: 1, name: "The settings could not be loaded" });
  await expect(failed).toBeVisible();
  await expect(failed).toBeFocused();
  await expect(page.getByText("Nothing is lost.", { exact: false })).toBeVisible();
  await checkAxe(page);
  // Still missing: it says so again.
  const again = page.waitForResponse((response) => part.test(new URL(response.url()).pathname.slice(1)));
  await page.getByRole("button", { name: "Try again" }).click();
  expect((await again).status()).toBe(404);
  await expect(failed).toBeVisible();

  // The rest of the app works meanwhile.
  await page.getByRole("link", { name: "Back to the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  await profile(page).click();
  await expect(page.getByRole("dialog", { name: "Organizations" }).getByText(ada.email)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect(failed).toBeVisible();

  await taken.putBack();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(failed).toBeHidden();
  await page.getByRole("link", { name: "Usage and billing" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();
});

test("members and the other settings are two parts: each comes with its page, or as somebody reaches for its link", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  const asked = wasmOf(page);
  await page.goto(`/o/${acme.id}/settings/billing`);
  await expect(page.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();
  await settled(page);
  expect(asked.named("settings")).toBeGreaterThan(0);
  expect(asked.members(), "the members' code loaded before anybody wanted it").toBe(0);
  const coming = page.waitForRequest((request) => part.test(new URL(request.url()).pathname.slice(1)));
  await page.getByRole("link", { name: "Members and roles" }).hover();
  await coming;
  await page.getByRole("link", { name: "Members and roles" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  expect(asked.members()).toBe(1);
});
