// A hundred organizations and five hundred workspaces: everything stays as usable as with two.
import { checkAxe, expect, openDrawer, person, profile, settled, signIn, test, workspacePicker, type Account, type Organization, type Page } from "./fixtures";

const ada = person("Ada");
const organizations = 100;
const workspaces = 500;
const team = (number: number) => `Team ${String(number).padStart(3, "0")}`;
const company = (number: number) => `Company ${String(number).padStart(3, "0")}`;

/** A few calls at a time. */
async function each(count: number, call: (number: number) => Promise<unknown>) {
  let next = 1;
  const worker = async () => {
    while (next <= count) await call(next++);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

async function many(account: Account, plan: (organization: string) => Promise<void>): Promise<Organization> {
  // The personal one is there already, and Acme is one of them.
  await each(organizations - 2, (number) => account.createPendingOrganization(company(number)));
  const acme = await account.createPendingOrganization("Acme");
  await plan(acme.id);
  const own = (await acme.workspaces()).length;
  await each(workspaces - own, (number) => acme.addWorkspace(team(number)));
  return acme;
}

/** How long something takes in the page, from the press to what shows, in milliseconds. */
async function timed(page: Page, what: string, act: () => Promise<unknown>) {
  const before = await page.evaluate(() => performance.now());
  await act();
  const passed = Math.round((await page.evaluate(() => performance.now())) - before);
  test.info().annotations.push({ type: "time", description: `${what}: ${passed} ms` });
}

test("signing in, the drawer, the picker and the list of workspaces stay usable", async ({ page, api, server }) => {
  test.slow();
  const account = await api.signUp(ada);
  const acme = await many(account, (id) => server.plan(id, "enterprise"));
  await signIn(page, ada);

  // The drawer has all of them; any is one press away, and the keyboard gets there.
  await timed(page, "drawer", () => openDrawer(page));
  const drawer = page.getByRole("dialog", { name: "Organizations" });
  await expect(drawer.getByRole("button", { name: /^(Personal|Acme|Company \d{3})$/ })).toHaveCount(organizations);
  await checkAxe(page);
  const last = drawer.getByRole("button", { name: company(organizations - 2), exact: true });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport();
  await expect(drawer.getByRole("button", { name: "Sign out" })).toBeAttached();
  // Or a part of its name finds it.
  await drawer.getByRole("searchbox", { name: "Find an organization" }).fill("acm");
  await expect(last).toBeHidden();
  await drawer.getByRole("button", { name: "Acme", exact: true }).click();
  await expect(drawer).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/o/${acme.id}/w/`));
  await expect(profile(page)).toBeVisible();

  // The picker finds one of five hundred by a part of its name.
  await timed(page, "picker", async () => {
    await workspacePicker(page).click();
    await expect(page.getByRole("combobox", { name: "Find a workspace" })).toBeFocused();
  });
  await page.keyboard.type("team 49");
  const options = page.getByRole("listbox", { name: "Workspaces" }).getByRole("option");
  await expect(options).toHaveCount(10);
  await checkAxe(page);
  await page.getByRole("combobox", { name: "Find a workspace" }).fill(team(498));
  await expect(options).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: `Workspace: ${team(498)}` })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: team(498) })).toBeVisible();

  // Settings > Workspaces lists all of them, and leads to any.
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await settled(page);
  const table = page.getByRole("table", { name: "Workspaces" });
  await expect(table).toHaveAttribute("aria-rowcount", String(workspaces + 1));
  await page.getByRole("searchbox", { name: "Search workspaces" }).fill(team(300));
  await table.getByRole("link", { name: team(300) }).click();
  await expect(page.getByRole("heading", { level: 1, name: team(300) })).toBeVisible();
});
