// The command palette: what it finds, where it leads, what it does, and for whom.
import { type Api, checkAxe, dialog, enterprise, expect, memberRow, type Organization, type Page, person, profile, type Server, settled, signIn, slowNetwork, test } from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob");
const part = (address: string) => /^palette-.*\.wasm$/.test(new URL(address).pathname.slice(1));

const palette = (page: Page) => dialog(page, "Command palette");
const field = (page: Page) => palette(page).getByRole("combobox");
const options = (page: Page) => palette(page).getByRole("option");
const option = (page: Page, name: string) => palette(page).getByRole("option", { name, exact: true });
const group = (page: Page, name: string) => palette(page).getByRole("group", { name, exact: true });
/** How many were found. The messages' region, which is in whatever dialog is open, comes after it. */
const said = (page: Page) => palette(page).getByRole("status").first();

async function open(page: Page) {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
}

/** Opens it, types, and takes what is on offer by this name. */
async function go(page: Page, typed: string, name: string) {
  await open(page);
  await page.keyboard.type(typed);
  await expect(active(page)).toHaveAccessibleName(name);
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeHidden();
}

/** The option that Enter takes; the field names it for assistive technology. */
const active = (page: Page) => palette(page).getByRole("option", { selected: true });

/** Ada's Acme on Enterprise, with two workspaces and Bob as a viewer. Ada is at home in the first workspace. */
async function start(page: Page, api: Api, server: Server, who = ada): Promise<Organization> {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.join(await api.signUp(bob), { role: "Organization Viewer" });
  await signIn(page, who);
  await page.goto(`/o/${acme.id}`);
  await settled(page);
  return acme;
}

test("Ctrl+K and Cmd+K open it anywhere, also from a text, but not over another dialog; Escape gives the focus back", async ({ page, api, server }) => {
  const acme = await start(page, api, server);
  for (const keys of ["Control+k", "Meta+k", "Control+K"]) {
    await page.keyboard.press(keys);
    await expect(field(page)).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(palette(page)).toBeHidden();
  }
  const button = page.getByRole("button", { name: "Command palette" });
  await expect(button).toHaveText(/Ctrl K|⌘K/);
  await expect(button).toHaveAttribute("aria-keyshortcuts", "Control+K Meta+K");
  await button.click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();

  await page.goto(`/o/${acme.id}/settings/members`);
  const search = page.getByRole("searchbox", { name: "Search members" });
  await search.fill("bob");
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("x");
  // Over itself nothing happens, and the browser does nothing of its own either.
  await page.keyboard.press("Control+k");
  await expect(field(page)).toHaveValue("x");
  await page.keyboard.press("Escape");
  await expect(search).toBeFocused();
  await expect(search).toHaveValue("bob");

  // The list that was open goes, and with it what had the focus.
  await page.getByRole("button", { name: /^Workspace: / }).click();
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("banner").locator(":focus")).toHaveCount(1);

  await profile(page).click();
  await expect(dialog(page, "Organizations")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await expect(dialog(page, "Organizations")).toBeHidden();
  await expect(palette(page)).toBeHidden();
});

test("it goes to any organization, workspace, settings page and member", async ({ page, api, server }) => {
  const acme = await start(page, api, server);
  const [first] = await acme.workspaces();
  await acme.account.createOrganization("Globex");
  await page.reload();
  await settled(page);

  await go(page, "rese", "Research");
  // The focus is where the page begins, wherever it was before.
  await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeFocused();
  await page.getByRole("button", { name: "Command palette" }).focus();
  await go(page, "workspace 1", "Workspace 1");
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeFocused();

  for (const [typed, name, heading] of [
    ["billing", "Usage and billing", "Usage and billing"],
    ["organization", "Organization", "Organization"],
    ["audit", "Audit log", "Audit log"],
    ["workspaces", "Workspaces", "Workspaces"],
    ["roles", "Roles", "Members and roles"],
    ["members", "Members", "Members and roles"],
  ]) {
    await go(page, typed, name);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
  }
  await expect(page.getByRole("table", { name: "Members" }).or(page.getByRole("grid", { name: "Members" }))).toBeVisible();

  await open(page);
  await page.keyboard.type("workspace 1 settings");
  await expect(active(page)).toHaveAccessibleName("Workspace 1");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${server.url}/o/${acme.id}/settings/workspaces/${first.id}`);

  await go(page, "bob", "Bob");
  await expect(page).toHaveURL(/settings\/members\?q=bob%40example\.com$/);
  await expect(memberRow(page, bob.email)).toBeVisible();
  await expect(memberRow(page, ada.email)).toHaveCount(0);

  await go(page, "glob", "Globex");
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  expect(new URL(page.url()).pathname).not.toContain(acme.id);
});

test("letters may be left out, accents and case do not matter, and what was found is marked and counted", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  for (const name of ["Research and Development", "Marketing"]) await acme.addWorkspace(name);
  await acme.join(await api.signUp({ ...person("Zoe"), name: "Zoë Müller" }), { role: "Organization User" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}`);
  await settled(page);
  await open(page);
  await expect(said(page)).toHaveText(/^\d+ to choose from\./);
  await page.keyboard.type("RAD");
  await expect(active(page)).toHaveAccessibleName("Research and Development");
  await expect(active(page).locator("mark")).toHaveText(["R", "a", "D"]);
  // Words in any order.
  await field(page).fill("dev rese");
  await expect(active(page).locator("mark")).toHaveText(["Rese", "Dev"]);
  await field(page).fill("ZOE");
  await expect(active(page)).toHaveAccessibleName("Zoë Müller");
  await expect(active(page)).toHaveAccessibleDescription("zoe@example.com");
  await expect(active(page).locator("mark")).toHaveText(["Zoë"]);
  await expect(said(page)).toHaveText("1 found.");
  await field(page).fill("qqq");
  await expect(options(page)).toHaveCount(0);
  await expect(said(page)).toHaveText("Nothing is called “qqq”.");
  await expect(field(page)).not.toHaveAttribute("aria-activedescendant", /./);
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeVisible();
});

test("arrows, Home and End walk through the groups, and the field names the active option", async ({ page, api, server }) => {
  await start(page, api, server);
  await open(page);
  await expect(option(page, "Acme")).toBeVisible();
  const names = await palette(page).getByRole("group").evaluateAll((groups) => groups.map((group) => group.getAttribute("aria-label")));
  expect(names).toEqual(["Organizations", "Workspaces", "Settings", "Actions"]);
  await expect(field(page)).toHaveAttribute("aria-expanded", "true");
  const all = await options(page).evaluateAll((options) => options.map((option) => option.getAttribute("aria-label")!));
  const isActive = async (index: number) => {
    await expect(active(page)).toHaveCount(1);
    await expect(active(page)).toHaveAccessibleName(all.at(index)!);
    await expect(field(page)).toHaveAttribute("aria-activedescendant", (await active(page).getAttribute("id"))!);
    await expect(active(page)).toBeInViewport();
    await expect(field(page)).toBeFocused();
  };
  await isActive(0);
  for (const [key, index] of [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowUp", 1], ["End", -1], ["ArrowDown", 0], ["ArrowUp", -1], ["Home", 0]] as const) {
    await page.keyboard.press(key);
    await isActive(index);
  }
  expect(all.at(-1)).toBe("Sign out");
  // The pointer does the same.
  await option(page, "Research").hover();
  await expect(active(page)).toHaveAccessibleName("Research");
  await option(page, "Research").click();
  await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
});

test("an admin does the common actions from anywhere, each once", async ({ page, api, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const acme = await start(page, api, server);
  for (const [typed, name, dialogName, path] of [
    ["invite", "Invite members", "Invite members", "settings/members"],
    ["create workspace", "Add workspace", "Add workspace", "settings/workspaces"],
    ["create role", "Create role", "Create role", "settings/roles"],
  ]) {
    const before = await page.evaluate(() => history.length);
    await go(page, typed, name);
    await expect(dialog(page, dialogName)).toBeVisible();
    // The errand is taken up, and gone from the address: neither a reload nor Back does it again.
    await expect(page).toHaveURL(`${server.url}/o/${acme.id}/${path}`);
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
    await page.keyboard.press("Escape");
    await expect(dialog(page, dialogName)).toBeHidden();
    await page.reload();
    await settled(page);
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  // On the page itself it keeps what was searched for.
  await page.goto(`/o/${acme.id}/settings/members?q=bob`);
  await expect(memberRow(page, bob.email)).toBeVisible();
  await go(page, "invite", "Invite members");
  await expect(dialog(page, "Invite members")).toBeVisible();
  await expect(page).toHaveURL(/settings\/members\?q=bob$/);
  await page.keyboard.press("Escape");

  await go(page, "dark", "Use the dark theme");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await open(page);
  await page.keyboard.type("theme");
  await expect(option(page, "Use the light theme")).toBeVisible();
  await expect(option(page, "Use the dark theme")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await go(page, "system theme", "Use the system’s theme");
  await expect(page.locator("html")).not.toHaveAttribute("data-theme", /./);

  await go(page, "copy", "Copy the organization’s ID");
  await expect(page.getByRole("status").filter({ hasText: "The organization’s ID was copied." })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(acme.id);

  await go(page, "new org", "New organization");
  const form = dialog(page, "New organization");
  await expect(form.getByRole("textbox", { name: "Organization name" })).toBeFocused();
  await form.getByRole("textbox", { name: "Organization name" }).fill("Initech");
  await form.getByRole("button", { name: "Create organization" }).click();
  await expect(page.getByRole("heading", { name: "Set up billing" })).toBeVisible();
  // Here the other pages of the settings wait for a plan.
  await open(page);
  await page.keyboard.type("roles");
  await expect(option(page, "Roles")).toHaveAttribute("aria-disabled", "true");
  await expect(option(page, "Roles")).toHaveAccessibleDescription(/pending/);
  await page.keyboard.press("Escape");

  await go(page, "sign out", "Sign out");
  await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
});

test("a viewer sees what they may not do, with the reason, and goes everywhere", async ({ page, api, server }) => {
  const acme = await start(page, api, server, bob);
  await open(page);
  for (const name of ["Invite members", "Add workspace", "Create role"]) {
    await expect(option(page, name)).toHaveAttribute("aria-disabled", "true");
    await expect(option(page, name)).toHaveAccessibleDescription(/Only an Organization Admin or Operator can do this\./);
  }
  await expect(option(page, "New organization")).not.toHaveAttribute("aria-disabled", /./);
  await page.keyboard.type("invite");
  await expect(active(page)).toHaveAccessibleName("Invite members");
  await page.keyboard.press("Enter");
  await expect(said(page)).toHaveText(/Only an Organization Admin or Operator can do this\./);
  await expect(palette(page)).toBeVisible();
  await checkAxe(page);
  await page.keyboard.press("Escape");

  await go(page, "lovelace", "Ada Lovelace");
  await expect(memberRow(page, ada.email)).toBeVisible();
  // A link with an errand gives no more rights than the button has.
  await page.goto(`/o/${acme.id}/settings/members?do=invite`);
  await expect(page.getByRole("alert").filter({ hasText: "Only an Organization Admin or Operator can do this." })).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/o/${acme.id}/settings/members`);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("what was chosen last comes first, ten of them, each account's own, by kind and id alone", async ({ page, api, server }) => {
  const acme = await start(page, api, server);
  await go(page, "rese", "Research");
  await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
  await go(page, "bob", "Bob");
  await expect(memberRow(page, bob.email)).toBeVisible();
  await go(page, "billing", "Usage and billing");
  await expect(page.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();

  const recent = group(page, "Recent").getByRole("option");
  await open(page);
  await expect(recent).toHaveCount(3);
  expect(await recent.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")))).toEqual(["Usage and billing", "Bob", "Research"]);
  // Not a second time below.
  await expect(option(page, "Research")).toHaveCount(1);
  await expect(active(page)).toHaveAccessibleName("Usage and billing");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(memberRow(page, bob.email)).toBeVisible();

  // After a reload the person is asked for by their id: nobody's name or address was kept.
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith("atrium.palette.")));
  expect(kept).toHaveLength(1);
  expect(kept[0][1].split("\n")[0]).toMatch(/^member:[0-9a-f-]{36}$/);
  expect(kept[0][1]).not.toMatch(/bob|research|@/i);
  await page.reload();
  await settled(page);
  await open(page);
  await expect(recent).toHaveCount(3);
  await expect(recent.first()).toHaveAccessibleName("Bob");
  // It also comes before others that fit as well.
  await page.keyboard.type("work");
  await expect(active(page)).toHaveAccessibleName("Workspace 1");
  await field(page).fill("b");
  await expect(group(page, "Recent").getByRole("option")).toHaveCount(2);
  await page.keyboard.press("Escape");

  // Ten at most.
  for (let number = 1; number <= 9; number++) await acme.addWorkspace(`Lab ${number}`);
  await page.reload();
  await settled(page);
  for (let number = 1; number <= 9; number++) {
    await go(page, `lab ${number}`, `Lab ${number}`);
    await expect(page.getByRole("heading", { level: 1, name: `Lab ${number}` })).toBeVisible();
  }
  await open(page);
  await expect(recent).toHaveCount(10);
  await expect(recent.first()).toHaveAccessibleName("Lab 9");
  await expect(recent.last()).toHaveAccessibleName("Bob");
  await page.keyboard.press("Escape");

  // Somebody else in the same browser begins anew.
  await go(page, "sign out", "Sign out");
  await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}`);
  await settled(page);
  await open(page);
  await expect(option(page, "Acme")).toBeVisible();
  await expect(group(page, "Recent")).toHaveCount(0);
});

test("members are searched for by the server, from two letters on, and the newest answer wins", async ({ page, api, server }) => {
  await start(page, api, server);
  const asked: string[] = [];
  page.on("request", (request) => {
    const q = new URL(request.url()).searchParams.get("q");
    if (q) asked.push(q);
  });
  await open(page);
  await page.keyboard.type("b");
  await expect(said(page)).toHaveText(/found\.$/);
  await expect(group(page, "Members")).toHaveCount(0);
  await page.keyboard.type("ob");
  await expect(group(page, "Members").getByRole("option", { name: "Bob" })).toBeVisible();
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.every((q) => q.length > 1), `asked for ${asked}`).toBe(true);
  // Two questions at once on a slow network: what shows is the answer to the second.
  const slow = await slowNetwork(page, { latency: 2_000 });
  for (const [typed, other] of [["bob", "lovelace"], ["lovelace", "example"]]) {
    const first = page.waitForRequest((request) => request.url().includes(`q=${other}`));
    await field(page).fill(other);
    await first;
    await field(page).fill(typed);
    await expect(said(page)).toHaveText(/Looking for members…/);
    await expect(said(page)).toHaveText(/found\.$/);
    await expect(group(page, "Members").getByRole("option")).toHaveCount(1);
    await expect(group(page, "Members").getByRole("option")).toHaveAccessibleName(typed === "bob" ? "Bob" : "Ada Lovelace");
  }
  await slow.over();
});

test("members that cannot be searched say so in the list, the rest works, and choosing it tries again", async ({ page, api, server, context, expectConsoleErrors }) => {
  expectConsoleErrors(/Failed to load resource|ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await start(page, api, server);
  await open(page);
  await expect(option(page, "Acme")).toBeVisible();
  await context.setOffline(true);
  await page.keyboard.type("bob");
  const failed = group(page, "Members").getByRole("option");
  await expect(failed).toHaveAccessibleName("Members could not be searched: try again");
  await expect(failed).toHaveAccessibleDescription(/.+\./);
  await checkAxe(page);
  await field(page).fill("rese");
  await expect(active(page)).toHaveAccessibleName("Research");
  await field(page).fill("bob");
  await expect(active(page)).toHaveAccessibleName("Members could not be searched: try again");
  await context.setOffline(false);
  await page.keyboard.press("Enter");
  await expect(option(page, "Bob")).toBeVisible();
  await expect(active(page)).toHaveAccessibleName("Bob");
  await expect(options(page)).toHaveCount(1);
});

test("its code loads by itself once the page is idle, and where it cannot, it says so and tries again", async ({ page, api, server, dist, startServer, openBrowser, expectConsoleErrors }) => {
  await api.signUp(ada);
  const idle = page.waitForRequest((request) => part(request.url()));
  await page.goto("/login");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await signIn(page, ada);
  await idle;

  expectConsoleErrors(/palette-.*\.wasm/, /WebAssembly|MIME type|HTTP status code/);
  const taken = await dist.take(/^palette-.*\.wasm/);
  const other = await startServer({ files: dist.folder });
  const browser = await openBrowser({ baseURL: other.url });
  await browser.goto("/signup");
  await browser.getByRole("textbox", { name: "Full name" }).fill(ada.name);
  await browser.getByRole("textbox", { name: "Email" }).fill(ada.email);
  await browser.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await browser.getByRole("button", { name: "Create account" }).click();
  await expect(browser.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  await browser.keyboard.press("Control+k");
  await expect(palette(browser).getByText("The command palette could not be loaded", { exact: false })).toBeVisible();
  await checkAxe(browser);
  await taken.putBack();
  await palette(browser).getByRole("button", { name: "Try again" }).click();
  await expect(field(browser)).toBeFocused();
  await expect(option(browser, "Workspace 1")).toBeVisible();
});

test("a hundred organizations: it shows the first, says of how many, and finds each", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const made = Array.from({ length: 100 }, (_, index) => `Client ${String(index + 1).padStart(3, "0")}`);
  for (const name of made) await account.createPendingOrganization(name);
  await signIn(page, ada);
  await settled(page);
  await open(page);
  await expect(group(page, "Organizations, 5 of 101")).toBeVisible();
  await page.keyboard.type("client");
  await expect(said(page)).toHaveText(/^100 found, the best 8 shown\.$/);
  await expect(options(page)).toHaveCount(8);
  await field(page).fill("c077");
  await expect(active(page)).toHaveAccessibleName("Client 077");
  await expect(active(page)).toHaveAccessibleDescription("Pending");
  await checkAxe(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Set up billing" })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Client 077");
});

test("nothing for axe in either theme, and at 320 pixels nothing is cut off", async ({ page, api, server }) => {
  const acme = await start(page, api, server);
  await go(page, "rese", "Research");
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: width === 320 ? 640 : 800 });
    await page.goto(`/o/${acme.id}/settings/members`);
    await settled(page);
    await checkAxe(page);
    await page.getByRole("button", { name: "Command palette" }).click();
    await expect(group(page, "Recent")).toBeVisible();
    await checkAxe(page);
    await page.keyboard.type("a");
    await checkAxe(page);
    const sticksOut = await palette(page).evaluate((dialog) => {
      const all = [dialog, ...dialog.querySelectorAll("[role=option], input, button, footer")];
      return document.documentElement.scrollWidth > innerWidth || all.some((one) => one.getBoundingClientRect().right > innerWidth || one.getBoundingClientRect().left < 0);
    });
    expect(sticksOut).toBe(false);
    await palette(page).getByRole("button", { name: "Close" }).click();
    await expect(palette(page)).toBeHidden();
  }
});
