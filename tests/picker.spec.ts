// The workspace picker: search, keyboard, recent ones first, colours, and a workspace to add.
import { checkAxe, enterprise, expect, type Page, person, pickWorkspace, settled, signIn, signOut, test, workspacePicker } from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");

const listbox = (page: Page) => page.getByRole("listbox", { name: "Workspaces" });
const options = (page: Page) => listbox(page).getByRole("option");
const names = (page: Page) => options(page).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
const finder = (page: Page) => page.getByRole("combobox", { name: "Find a workspace" });

/** The name of the option that Enter would take. */
const active = (page: Page) =>
  page.evaluate(() => document.getElementById(document.activeElement?.getAttribute("aria-activedescendant") ?? "")?.getAttribute("aria-label") ?? null);

test("the keyboard alone finds a workspace, in a short list by arrows and letters", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await acme.addWorkspace("Research");
  await acme.addWorkspace("Staging");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}`);
  await expect(workspacePicker(page)).toBeVisible();
  await workspacePicker(page).focus();
  await page.keyboard.press("Enter");
  await expect(listbox(page)).toBeFocused();
  await expect(options(page).filter({ hasText: "Workspace 1" })).toHaveAttribute("aria-selected", "true");
  expect(await active(page)).toBe("Workspace 1");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => active(page)).toBe("Research");
  await page.keyboard.press("s");
  await expect.poll(() => active(page)).toBe("Staging");
  await page.keyboard.press("Home");
  await expect.poll(() => active(page)).toBe("Workspace 1");
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => active(page)).toBe("Staging");
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(workspacePicker(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(listbox(page)).toBeFocused();
  await page.keyboard.press("r");
  await expect.poll(() => active(page)).toBe("Research");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
  await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: Research");
});

test("five hundred workspaces open at once, are searched, and are all reached", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, ada);
  for (let from = 1; from <= 500; from += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, index) => acme.addWorkspace(`Team ${String(from + index).padStart(3, "0")}`)));
  }
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}`);
  await workspacePicker(page).click();
  await expect(finder(page)).toBeFocused();
  // Few are in the page; each says its place among all.
  const there = await options(page).count();
  expect(there).toBeLessThan(100);
  await expect(options(page).first()).toHaveAttribute("aria-setsize", "501");
  await expect(options(page).first()).toHaveAttribute("aria-posinset", "1");
  await expect(options(page).first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => active(page)).toMatch(/^Team /);
  const last = options(page).last();
  await expect(last).toHaveAttribute("aria-posinset", "501");
  await expect(last).toBeInViewport();
  expect(await active(page)).toBe(await last.getAttribute("aria-label"));
  // Typing begins anew with what fits.
  await page.keyboard.type("team 42");
  await expect(options(page)).toHaveCount(10);
  await expect(options(page).first()).toHaveAttribute("aria-setsize", "10");
  await page.keyboard.type("7");
  await expect(options(page)).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: Team 427");
  // What was scrolled to comes, too.
  await workspacePicker(page).click();
  await expect(options(page).first()).toHaveAccessibleName("Team 427");
  const before = await options(page).count();
  await options(page).last().scrollIntoViewIfNeeded();
  await expect.poll(() => options(page).count()).toBeGreaterThan(before);
  await page.keyboard.type("nothing like it");
  await expect(page.getByRole("status").filter({ hasText: "Nothing is called “nothing like it”." })).toBeVisible();
  await checkAxe(page);
});

test("the workspaces that somebody was in last come first, for each account and organization", async ({ page, api, server, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  const all = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"];
  for (const name of all) await acme.addWorkspace(name);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaceRole: "Viewer" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}`);
  for (const name of ["Zeta", "Beta", "Epsilon"]) await pickWorkspace(page, name);
  await workspacePicker(page).click();
  await expect(options(page)).toHaveCount(7);
  expect(await names(page)).toEqual(["Epsilon", "Beta", "Zeta", "Workspace 1", "Alpha", "Gamma", "Delta"]);
  await expect(options(page).first()).toHaveAccessibleDescription("Recent");
  await expect(options(page).first()).toHaveAttribute("aria-selected", "true");
  await expect(options(page).last()).not.toHaveAccessibleDescription("Recent");
  await page.keyboard.press("Escape");
  await page.reload();
  await workspacePicker(page).click();
  expect((await names(page)).slice(0, 4)).toEqual(["Epsilon", "Beta", "Zeta", "Workspace 1"]);
  // Somebody else in the same browser has been elsewhere.
  await page.keyboard.press("Escape");
  await signOut(page);
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}`);
  await workspacePicker(page).click();
  expect((await names(page)).slice(0, 3)).toEqual(["Workspace 1", "Alpha", "Beta"]);
});

test("each workspace has a colour of its own, and a chosen one shows", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const research = await acme.addWorkspace("Research");
  await acme.call("PATCH", `/api/v1/workspaces/${research.id}`, { body: { display_name: "Research", color: "red" } });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}`);
  const colours = () => options(page).evaluateAll((all) => all.map((one) => getComputedStyle(one.firstElementChild!).backgroundColor));
  await workspacePicker(page).click();
  await expect(options(page)).toHaveCount(2);
  const [, before] = await colours();
  await acme.call("PATCH", `/api/v1/workspaces/${research.id}`, { body: { display_name: "Research", color: "green" } });
  await page.reload();
  await workspacePicker(page).click();
  await expect(options(page)).toHaveCount(2);
  expect((await colours())[1]).not.toBe(before);
});

test("a workspace is added from the picker, until the plan's limit says why not and leads to billing", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const { config } = await acme.call("GET", "/api/v1/orgs/current/info");
  for (let number = 2; number < config.max_workspaces; number++) await acme.addWorkspace(`Workspace ${number}`);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}`);
  await workspacePicker(page).click();
  const add = page.getByRole("button", { name: "Add workspace" });
  await add.click();
  const form = page.getByRole("dialog", { name: "Add workspace" });
  await form.getByRole("textbox", { name: "Workspace name" }).fill("The last one");
  await form.getByRole("button", { name: "Add workspace" }).click();
  // It leads there at once.
  await expect(page.getByRole("heading", { level: 1, name: "The last one" })).toBeVisible();
  await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: The last one");
  await workspacePicker(page).click();
  await expect(add).toHaveAttribute("aria-disabled", "true");
  await expect(add).toHaveAccessibleDescription(/The plan's limit of workspaces is reached/);
  await checkAxe(page);
  await add.click({ force: true });
  await expect(form).toBeHidden();
  await page.getByRole("link", { name: "See the plans" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();
  await expect(listbox(page)).toBeHidden();
});

test("whoever may not add a workspace sees why in the picker, at 320 pixels too", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await signIn(page, bob);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`/o/${acme.id}`);
  await settled(page);
  await workspacePicker(page).click();
  await expect(page.getByText("Only an Organization Admin or Operator can do this. Ask one of them.").filter({ visible: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "See the plans" })).toHaveCount(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await checkAxe(page);
});
