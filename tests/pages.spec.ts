// Every page: reloads, is right for axe in both themes, fits 320 pixels, and names its tab.
import { checkAxe, everyPage, expect, openDrawer, type Page, person, profile, settled, signIn, test, workspacePicker } from "./fixtures";

const ada = person("Ada");

test("every page survives a reload and has nothing for axe, light and dark", async ({ page, api }) => {
  test.setTimeout(180_000);
  await page.goto("/login");
  await settled(page);
  await checkAxe(page);
  await page.goto("/signup");
  await settled(page);
  await checkAxe(page);
  const { pages } = await everyPage(api, ada);
  await signIn(page, ada);
  for (const [path, heading] of Object.entries(pages)) {
    await page.goto(path);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page).toHaveURL(path);
    await expect(page).toHaveTitle(`${heading} – Atrium`);
    await settled(page);
    await checkAxe(page);
  }
});

test("every page fits 320 pixels of width, and the menu opens there", async ({ page, api }) => {
  test.setTimeout(120_000);
  const { pages } = await everyPage(api, ada);
  await signIn(page, ada);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [path, heading] of Object.entries(pages)) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await settled(page);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `${path} scrolls sideways`).toBe(0);
  }
  await page.goto(Object.keys(pages)[0]);
  await settled(page);
  await page.getByRole("button", { name: "Menu" }).click();
  const menu = page.getByRole("dialog", { name: "Menu" });
  await checkAxe(page);
  await menu.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Members and roles" })).toBeVisible();
  await expect(menu).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).click();
  await menu.getByRole("button", { name: "Profile" }).click();
  await expect(page.getByRole("dialog", { name: "Organizations" })).toBeVisible();
});

test("every dialog has nothing for axe, takes the focus, and gives it back", async ({ page, api }) => {
  test.setTimeout(120_000);
  const { acme } = await everyPage(api, ada);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  const opens = async (opener: ReturnType<Page["getByRole"]>, dialog: ReturnType<Page["getByRole"]>) => {
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeVisible();
    await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await checkAxe(page);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  };
  await opens(page.getByRole("button", { name: "Invite", exact: true }), page.getByRole("dialog", { name: "Invite members" }));
  await opens(
    page.getByRole("button", { name: "Revoke invitation to bob@example.com" }),
    page.getByRole("alertdialog", { name: "Revoke invitation to bob@example.com?" }),
  );
  await opens(profile(page), page.getByRole("dialog", { name: "Organizations" }));
  const drawer = await openDrawer(page);
  await drawer.getByRole("button", { name: "New", exact: true }).click();
  const making = page.getByRole("dialog", { name: "New organization" });
  await expect(making.getByRole("textbox", { name: "Organization name" })).toBeFocused();
  await checkAxe(page);
  await making.getByRole("textbox").fill("Größe");
  await page.keyboard.press("Enter");
  await expect(making.getByRole("textbox")).toHaveAccessibleDescription(/“ö” cannot be in the name/);
  await page.keyboard.press("Escape");
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await settled(page);
  await opens(page.getByRole("button", { name: "Add workspace" }), page.getByRole("dialog", { name: "Add workspace" }));
  await opens(workspacePicker(page), page.getByRole("listbox", { name: "Workspaces" }));
});

test("a navigation moves the focus to the heading, and Back restores search and filters", async ({ page, api }) => {
  const { acme } = await everyPage(api, ada);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("searchbox", { name: "Search members" }).fill("bob");
  const rows = page.getByRole("table", { name: "Members" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await page.getByRole("combobox", { name: "Filter by status" }).selectOption("Active");
  await expect(page.getByText("Nobody matches")).toBeVisible();
  await page.getByRole("combobox", { name: "Filter by status" }).selectOption("Invited");
  await expect(page).toHaveURL(/q=bob.*status=invited|status=invited.*q=bob/);
  await page.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("searchbox", { name: "Search members" })).toHaveValue("bob");
  await expect(page.getByRole("combobox", { name: "Filter by status" })).toHaveValue("invited");
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole("table", { name: "Members" })).toHaveAttribute("aria-rowcount", "2");
});

test("a foreign organization or workspace says whose account this is, and leads back", async ({ page, api }) => {
  const { acme, workspace } = await everyPage(api, ada);
  const eve = person("Eve");
  await api.signUp(eve);
  await signIn(page, eve);
  for (const path of [`/o/${acme.id}/settings/members`, `/o/${acme.id}/w/${workspace.id}`, "/o/not-an-id/settings/members"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: "This organization is not open to you" })).toBeVisible();
    await expect(page.getByText(`You are signed in as ${eve.email}.`, { exact: false })).toBeVisible();
    await expect(page.getByText("Acme")).toBeHidden();
  }
  await checkAxe(page);
  await page.getByRole("button", { name: "Go to your organizations" }).click();
  await expect(workspacePicker(page)).toBeVisible();
});
