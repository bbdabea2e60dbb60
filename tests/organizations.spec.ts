// The Organizations drawer, making and discarding organizations, their settings, leaving and deleting them.
import type { Locator } from "@playwright/test";
import {
  type Account, checkAxe, createOrganization, dialog, expect, openDrawer, type Page, person, profile, settled, signIn, subscribe,
  switchOrganization, test, workspacePicker,
} from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");
const carol = person("Carol");

const drawerOf = (page: Page): Locator => dialog(page, "Organizations");
const inDrawer = (drawer: Locator, name: string): Locator => drawer.getByRole("button", { name, exact: true });
const heading = (page: Page, name: string | RegExp): Locator => page.getByRole("heading", { level: 1, name });
const entries = (drawer: Locator): Locator => drawer.getByRole("list", { name: "Organizations" }).locator("[aria-describedby^=organization-]");

/** The keys that open the drawer, and what is open then. */
async function openByKeys(page: Page): Promise<Locator> {
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(drawerOf(page)).toBeVisible();
  return drawerOf(page);
}

async function makeMany(account: Account, count: number) {
  for (let number = 1; number <= count; number++) await account.createPendingOrganization(`Org ${String(number).padStart(3, "0")}`);
}

test("the drawer says who is signed in, and each organization with its plan and what it lacks", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const waiting = await account.createPendingOrganization("Waiting");
  const half = await account.createPendingOrganization("Half");
  const { client_secret } = await half.call("POST", "/api/v1/orgs/current/setup");
  await half.call("POST", "/api/v1/orgs/current/payment-method", {
    body: {
      billing_info: { name: "Ada", address: { line1: "1 Main Street", city: "Springfield", postal_code: "12345", country: "US" } },
      setup_intent: client_secret.split("_secret_")[0],
    },
  });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  const drawer = await openDrawer(page);
  await expect(drawer.getByText(ada.email)).toBeVisible();
  const personal = drawer.getByRole("list", { name: "Personal" });
  const shared = drawer.getByRole("list", { name: "Shared" });
  await expect(inDrawer(personal, "Personal")).toHaveAccessibleDescription(/Personal.*Developer/);
  await expect(inDrawer(shared, "Acme")).toHaveAccessibleDescription("Plus");
  await expect(inDrawer(shared, "Waiting")).toHaveAccessibleDescription(/Pending.*No plan and no card yet/);
  await expect(inDrawer(shared, "Half")).toHaveAccessibleDescription(/Pending.*No plan yet/);
  // The current one is marked, and no other.
  await expect(drawer.getByRole("list", { name: "Organizations" }).locator("[aria-current]")).toHaveCount(1);
  await expect(inDrawer(shared, "Acme")).toHaveAttribute("aria-current", "true");
  await expect(inDrawer(shared, "Acme")).toBeFocused();
  await expect(drawer.getByRole("searchbox")).toHaveCount(0);
  await checkAxe(page);
  await inDrawer(shared, "Waiting").click();
  await expect(page).toHaveURL(`/o/${waiting.id}/settings/billing`);
  // The links lead to the settings of the organization that one is in.
  const again = await openDrawer(page);
  await again.getByRole("link", { name: "Organization", exact: true }).click();
  await expect(page).toHaveURL(`/o/${waiting.id}/settings/organization`);
  await expect(again).toBeHidden();
});

test("what the API tells of payments stands beside the organization", async ({ api, server, startSite, openBrowser }) => {
  const account = await api.signUp(ada);
  await account.createOrganization("Leaving");
  await account.createOrganization("Failing");
  const change = (body: string) => {
    if (!body.startsWith("[") || !body.includes('"has_cancelled"')) return body;
    const list = JSON.parse(body);
    for (const one of list) {
      if (one.display_name === "Leaving") Object.assign(one, { has_cancelled: true, end_of_billing_period: "2031-05-03T00:00:00Z" });
      if (one.display_name === "Failing") Object.assign(one, { payment_problem: "The last payment failed. Change the card." });
    }
    return JSON.stringify(list);
  };
  const site = await startSite({ files: "dist", api: server.url, change });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  const drawer = await openDrawer(page);
  await expect(inDrawer(drawer, "Leaving")).toHaveAccessibleDescription(/Cancelled.*Ends on .*2031/);
  await expect(inDrawer(drawer, "Failing")).toHaveAccessibleDescription(/Check payment.*The last payment failed/);
  await checkAxe(page);
});

test("the drawer opens from the keyboard, holds the focus, closes with Escape and gives the focus back", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Workspaces", exact: true });
  await link.focus();
  const drawer = await openByKeys(page);
  await expect(inDrawer(drawer, "Acme")).toBeFocused();
  for (let press = 0; press < 25; press++) {
    await page.keyboard.press(press % 5 === 4 ? "Shift+Tab" : "Tab");
    // The browser's own bar may have it between the last and the first; the page behind never has.
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest("dialog[open]"))).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(link).toBeFocused();
  // In a text these are letters.
  await page.getByRole("searchbox", { name: "Search members" }).pressSequentially("go?");
  await expect(page.getByRole("searchbox", { name: "Search members" })).toHaveValue("go?");
  await expect(drawer).toBeHidden();
  // One without the other, or with something between, is nothing.
  await link.focus();
  for (const key of ["o", "g", "x", "o"]) await page.keyboard.press(key);
  await expect(drawer).toBeHidden();
});

test("a switch takes three keys, or one click in the drawer", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const beta = await account.createOrganization("Beta");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await settled(page);
  // Personal, Acme, Beta.
  const drawer = await openByKeys(page);
  await expect(inDrawer(drawer, "Acme")).toBeFocused();
  await page.keyboard.press("3");
  await expect(drawer).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/o/${beta.id}/w/`));
  await openDrawer(page);
  await inDrawer(drawer, "Acme").click();
  await expect(page).toHaveURL(`/o/${acme.id}/settings/workspaces`);
});

test("there is a search from eight organizations on", async ({ page, api }) => {
  const account = await api.signUp(ada);
  await makeMany(account, 6);
  await signIn(page, ada);
  const drawer = await openByKeys(page);
  await expect(entries(drawer)).toHaveCount(7);
  await expect(drawer.getByRole("searchbox")).toHaveCount(0);
  await account.createOrganization("The eighth");
  await page.reload();
  await expect(profile(page)).toBeVisible(); // keys pressed before the app is there are nobody's
  await expect(entries(await openByKeys(page))).toHaveCount(8);
  await expect(drawer.getByRole("searchbox", { name: "Find an organization" })).toBeVisible();
});

test("a hundred organizations are found by name at once, walked through with arrow keys, and pinned on top", async ({ page, api }) => {
  test.setTimeout(120_000);
  const account = await api.signUp(ada);
  await makeMany(account, 100);
  await signIn(page, ada);
  const drawer = await openByKeys(page);
  await expect(entries(drawer)).toHaveCount(101);
  await expect(inDrawer(drawer, "Personal")).toBeFocused();
  for (const name of ["Org 001", "Org 002", "Org 003"]) {
    await page.keyboard.press("ArrowDown");
    await expect(inDrawer(drawer, name)).toBeFocused();
  }
  await page.keyboard.press("ArrowUp");
  await expect(inDrawer(drawer, "Org 002")).toBeFocused();
  await page.keyboard.press("End");
  await expect(inDrawer(drawer, "Org 100")).toBeFocused();
  await expect(inDrawer(drawer, "Org 100")).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(inDrawer(drawer, "Personal")).toBeFocused();

  // A letter begins a search; each keystroke is answered with the next frame.
  await page.keyboard.type("ORG 05");
  const search = drawer.getByRole("searchbox", { name: "Find an organization" });
  await expect(search).toBeFocused();
  await expect(search).toHaveValue("ORG 05");
  await expect(entries(drawer)).toHaveCount(10);
  await expect(drawer.getByRole("status").filter({ hasText: "10 of 101" })).toBeVisible();
  const frames = await search.evaluate(async (input) => {
    const field = input as HTMLInputElement;
    field.value = "org 057";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    let frames = 0;
    while (document.querySelectorAll("[aria-describedby^=organization-]").length !== 1 && frames < 60) {
      await new Promise((done) => requestAnimationFrame(done));
      frames++;
    }
    return frames;
  });
  expect(frames, "frames from the keystroke to its answer").toBeLessThan(4);
  await checkAxe(page);
  await search.fill("nothing like it");
  await expect(drawer.getByRole("status").filter({ hasText: "No organization has “nothing like it” in its name." })).toBeVisible();
  await search.fill("057");
  await drawer.getByRole("button", { name: "Pin Org 057" }).click();
  const pinned = drawer.getByRole("button", { name: "Unpin Org 057" });
  await expect(pinned).toHaveAttribute("aria-pressed", "true");
  await expect(pinned).toBeFocused();
  await search.fill("");
  await expect(entries(drawer).nth(1)).toHaveAccessibleName("Org 057");
  // It is kept, as an id and nothing else.
  await page.reload();
  await openDrawer(page);
  await expect(entries(drawer).nth(1)).toHaveAccessibleName("Org 057");
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith("atrium.pins.")));
  expect(kept).toHaveLength(1);
  expect(kept[0][1]).toMatch(/^[0-9a-f-]{36}$/);
  await drawer.getByRole("button", { name: "Unpin Org 057" }).click();
  await expect(entries(drawer).nth(1)).toHaveAccessibleName("Org 001");
  // Enter goes to the first that was found.
  await search.fill("099");
  await page.keyboard.press("Enter");
  await expect(drawer).toBeHidden();
  await expect(page.locator("header").getByText("Org 099")).toBeVisible();
});

test("waiting invitations are accepted and declined in the drawer", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const beta = await account.createOrganization("Beta");
  await api.signUp(bob);
  await signIn(page, bob);
  await acme.invite(bob.email);
  await beta.invite(bob.email);
  await page.reload();
  const drawer = await openDrawer(page);
  const waiting = drawer.getByRole("region", { name: "Waiting invitations" });
  await expect(waiting.getByRole("group")).toHaveCount(2);
  await checkAxe(page);
  await waiting.getByRole("group", { name: "Invitation to Beta" }).getByRole("button", { name: "Decline" }).click();
  await expect(waiting.getByRole("group")).toHaveCount(1);
  expect((await beta.members()).pending).toEqual([]);
  await waiting.getByRole("group", { name: "Invitation to Acme" }).getByRole("button", { name: "Accept" }).click();
  await expect(drawer).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/o/${acme.id}/`));
  await openDrawer(page);
  await expect(inDrawer(drawer, "Acme")).toBeVisible();
  await expect(inDrawer(drawer, "Beta")).toHaveCount(0);
  await expect(waiting).toHaveCount(0);
});

test("the keyboard shortcuts are told by a button and by a question mark", async ({ page, api }) => {
  await api.signUp(ada);
  await signIn(page, ada);
  await settled(page);
  const help = dialog(page, "Keyboard shortcuts");
  await page.keyboard.press("?");
  await expect(help).toBeVisible();
  await expect(help.getByText("Open your organizations", { exact: false })).toBeVisible();
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  const drawer = await openDrawer(page);
  await drawer.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await expect(drawer).toBeVisible();
  await expect(drawer.getByRole("button", { name: "Keyboard shortcuts" })).toBeFocused();
});

test("the drawer fits 320 pixels, in both themes", async ({ page, api }) => {
  const account = await api.signUp(ada);
  await account.createPendingOrganization("An organization whose name is longer than any drawer is wide");
  await signIn(page, ada);
  // Signing in leads on to a workspace, and the menu closes with a change of the page.
  await settled(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("dialog", { name: "Menu" }).getByRole("button", { name: "Profile" }).click();
  const drawer = drawerOf(page);
  await expect(inDrawer(drawer, "Personal")).toBeVisible();
  await checkAxe(page);
  const over = await drawer.evaluate((element) => [element, ...element.querySelectorAll(".dialog-body")].map((one) => one.scrollWidth - one.clientWidth));
  expect(Math.max(...over), "the drawer scrolls sideways").toBe(0);
});

const part = /^organizations-.*\.wasm/;

test("the drawer's code loads when somebody reaches for the profile, not before", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").pop()!));
  const loaded = () => asked.filter((name) => part.test(name)).length;
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  expect(loaded(), "the drawer's code loaded before anybody wanted it").toBe(0);
  const hovered = page.waitForRequest((request) => part.test(new URL(request.url()).pathname.slice(1)));
  await profile(page).hover();
  await hovered;
  await openDrawer(page);
  await page.keyboard.press("Escape");
  await openByKeys(page);
  expect(loaded()).toBe(1);
});

test("a drawer that cannot be loaded says so, and Try again works once it is back", async ({ dist, startServer, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/organizations-.*\.wasm/, /WebAssembly|MIME type|HTTP status code/);
  const taken = await dist.take(part);
  const server = await startServer({ files: dist.folder });
  const page = await openBrowser({ baseURL: server.url });
  await page.goto("/signup");
  await page.getByRole("textbox", { name: "Full name" }).fill(ada.name);
  await page.getByRole("textbox", { name: "Email" }).fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(heading(page, "Workspace 1")).toBeVisible();
  await profile(page).click();
  const drawer = drawerOf(page);
  await expect(drawer.getByRole("alert").filter({ hasText: "Your organizations could not be loaded." })).toBeVisible();
  await checkAxe(page);
  await taken.putBack();
  await drawer.getByRole("button", { name: "Try again" }).click();
  await expect(drawer.getByText(ada.email)).toBeVisible();
  await expect(inDrawer(drawer, "Personal")).toBeVisible();
});

test("a new organization's name is checked while it is typed, and billing follows at once", async ({ page, api }) => {
  await api.signUp(ada);
  await signIn(page, ada);
  const drawer = await openDrawer(page);
  await drawer.getByRole("button", { name: "New", exact: true }).click();
  const form = dialog(page, "New organization");
  const name = form.getByRole("textbox", { name: "Organization name" });
  await expect(name).toBeFocused();
  await expect(name).not.toHaveAttribute("aria-invalid", "true");
  // Whatever the script: what the API does not take is named as it comes, before anything is sent.
  for (const [typed, character] of [["Größe", "ö"], ["東京", "東"], ["شركة", "ش"], ["Acme & Co", "&"], ["A👩‍🚀", "👩"]]) {
    await name.fill(typed);
    await expect(name).toHaveAccessibleDescription(new RegExp(`“${character}” cannot be in the name`));
  }
  await checkAxe(page);
  await name.fill("x".repeat(101));
  await expect(name).toHaveAccessibleDescription(/at most 100 characters/);
  await name.fill("x".repeat(100));
  await expect(name).not.toHaveAttribute("aria-invalid", "true");
  await name.fill("");
  await expect(name).not.toHaveAttribute("aria-invalid", "true");
  await page.keyboard.press("Enter");
  await expect(name).toHaveAccessibleDescription(/Enter a name/);
  await name.fill("  Acme 2  ");
  await page.keyboard.press("Enter");
  await expect(heading(page, "Set up billing")).toBeVisible();
  await expect(page).toHaveURL(/\/settings\/billing$/);
  await expect(page.locator("header").getByText("Acme 2", { exact: true })).toBeVisible();
});

test("an organization that was left half way waits in the drawer, is gone on with, or is discarded", async ({ page, api }) => {
  await api.signUp(ada);
  await signIn(page, ada);
  await createOrganization(page, "Acme");
  const billing = page.url();
  await page.goto("/");
  await switchOrganization(page, "Personal");
  await expect(workspacePicker(page)).toBeVisible();
  await page.reload();
  const drawer = await openDrawer(page);
  await expect(inDrawer(drawer, "Acme")).toHaveAccessibleDescription(/Pending.*No plan and no card yet/);
  await inDrawer(drawer, "Acme").click();
  await expect(page).toHaveURL(billing);
  await subscribe(page);
  await openDrawer(page);
  await expect(inDrawer(drawer, "Acme")).toHaveAccessibleDescription("Plus");
  await expect(drawer.getByRole("button", { name: "Discard Acme" })).toHaveCount(0);
  await page.keyboard.press("Escape");

  // Discarded in the drawer, from elsewhere.
  await createOrganization(page, "Never");
  await switchOrganization(page, "Acme");
  await openDrawer(page);
  await drawer.getByRole("button", { name: "Discard Never" }).click();
  const question = page.getByRole("alertdialog", { name: "Discard Never?" });
  await expect(question.getByRole("button", { name: "Keep it" })).toBeFocused();
  await expect(question.getByRole("list", { name: "What ends" })).toContainText("No subscription: nothing is paid.");
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(inDrawer(drawer, "Never")).toBeVisible();
  await drawer.getByRole("button", { name: "Discard Never" }).click();
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(question).toBeHidden();
  await expect(inDrawer(drawer, "Never")).toHaveCount(0);
  await expect(inDrawer(drawer, "Acme")).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("Escape");

  // Discarded on its own page, which then is left.
  await createOrganization(page, "Neither");
  await page.getByRole("button", { name: "Discard this organization" }).click();
  await page.getByRole("alertdialog", { name: "Discard Neither?" }).getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("Neither was discarded.")).toBeVisible();
  await expect(workspacePicker(page)).toBeVisible();
  // The message is not in the way of what comes next.
  const message = (await page.getByText("Neither was discarded.").boundingBox())!;
  expect(message.y + message.height).toBeLessThanOrEqual((await profile(page).boundingBox())!.y);
  await openDrawer(page);
  await expect(inDrawer(drawer, "Neither")).toHaveCount(0);
});

test("the settings of an organization: name, contact, who may invite, sharing, its id", async ({ page, api, context }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Organization", exact: true }).click();
  await expect(heading(page, "Organization")).toBeVisible();
  await settled(page);
  await checkAxe(page);
  const info = () => acme.call("GET", "/api/v1/orgs/current/info");

  const name = page.getByRole("textbox", { name: "Organization name" });
  const contact = page.getByRole("textbox", { name: "Security contact" });
  const save = page.getByRole("button", { name: "Save", exact: true });
  await expect(save).toHaveAttribute("aria-disabled", "true");
  await name.fill("Größe");
  await expect(name).toHaveAccessibleDescription(/“ö” cannot be in the name/);
  await name.fill("Acme Two");
  await contact.fill("nobody");
  await expect(contact).toHaveAccessibleDescription(/Enter an address/);
  await save.click();
  expect((await info()).display_name).toBe("Acme");
  await contact.fill("security@acme.example");
  await save.click();
  await expect(page.getByText("The organization was saved.")).toBeVisible();
  await expect(page.locator("header").getByText("Acme Two", { exact: true })).toBeVisible();
  expect(await info()).toMatchObject({ display_name: "Acme Two", security_contact: "security@acme.example" });
  await contact.fill("");
  await expect(contact).toHaveAccessibleDescription(/can be replaced, but not taken away/);

  const inviting = page.getByRole("combobox", { name: "Who may invite people" });
  await expect(inviting).toHaveValue("managers");
  await inviting.selectOption({ label: "Nobody" });
  await expect(page.getByText("Who may invite was saved.")).toBeVisible();
  await expect(inviting).toHaveValue("nobody");
  expect((await info()).invites_enabled).toBe(false);
  await inviting.selectOption({ label: "They, and Admins of a workspace for that workspace" });
  await expect.poll(async () => (await info()).workspace_admin_can_invite_to_org).toBe(true);
  expect((await info()).invites_enabled).toBe(true);

  await page.getByRole("checkbox", { name: "Nothing can be shared with the public" }).check();
  await expect.poll(async () => (await info()).public_sharing_disabled).toBe(true);
  await page.getByRole("checkbox", { name: "Nobody makes personal API tokens" }).check();
  await expect.poll(async () => (await info()).pat_creation_disabled).toBe(true);
  await page.getByRole("button", { name: "Stop sharing everything" }).click();
  const question = page.getByRole("alertdialog", { name: "Stop sharing everything?" });
  await checkAxe(page);
  await question.getByRole("button", { name: "Stop sharing" }).click();
  await expect(page.getByText("Nothing is shared with the public any more.")).toBeVisible();

  await page.reload();
  await expect(name).toHaveValue("Acme Two");
  await expect(page.getByRole("checkbox", { name: "Nothing can be shared with the public" })).toBeChecked();
  await expect(inviting).toHaveValue("workspaces");
  await page.getByRole("button", { name: "Organization ID" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(acme.id);
});

test("who may not change an organization reads it, and why", async ({ page, api, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization Operator" });
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}/settings/organization`);
  await settled(page);
  await page.getByRole("textbox", { name: "Organization name" }).fill("Bobs");
  for (const button of ["Save", "Delete this organization"]) {
    await expect(page.getByRole("button", { name: button, exact: true })).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("button", { name: button, exact: true })).toHaveAccessibleDescription(/Only an Organization Admin/);
  }
  await expect(page.getByRole("combobox", { name: "Who may invite people" })).toHaveAccessibleDescription(/Only an Organization Admin or Operator/);
  await expect(page.getByRole("checkbox", { name: "Nothing can be shared with the public" })).toHaveAccessibleDescription(/Only an Organization Admin or Operator/);
  await checkAxe(page);
  // An Operator changes it, and does not delete it.
  const other = await openBrowser();
  await signIn(other, carol);
  await other.goto(`/o/${acme.id}/settings/organization`);
  await settled(other);
  await other.getByRole("textbox", { name: "Organization name" }).fill("Acme Three");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await expect(other.getByText("The organization was saved.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Delete this organization" })).toHaveAccessibleDescription(/Only an Organization Admin can delete/);
  // The personal one is neither left nor deleted.
  await account.call("GET", "/api/v1/orgs");
  const own = await account.personalOrganization();
  await page.goto("/");
  await expect(workspacePicker(page)).toBeVisible();
  const third = await openBrowser();
  await signIn(third, ada);
  await third.goto(`/o/${own.id}/settings/organization`);
  await settled(third);
  await expect(third.getByRole("button", { name: "Leave this organization" })).toHaveAccessibleDescription(/comes with your account/);
  await expect(third.getByRole("button", { name: "Delete this organization" })).toHaveAccessibleDescription(/comes with your account/);
});

test("a member leaves, after a look at what ends; the last Admin cannot", async ({ page, api, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}/settings/organization`);
  await settled(page);
  await page.getByRole("button", { name: "Leave this organization" }).click();
  const question = page.getByRole("alertdialog", { name: "Leave this organization?" });
  await expect(question.getByText("Access to Acme as Organization User, at once.")).toBeVisible();
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await checkAxe(page);
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByText("You left Acme.")).toBeVisible();
  await expect(heading(page, "This organization is not open to you")).toBeVisible();
  expect((await acme.members()).members).toHaveLength(1);

  const other = await openBrowser();
  await signIn(other, ada);
  await other.goto(`/o/${acme.id}/settings/organization`);
  await settled(other);
  await other.getByRole("button", { name: "Leave this organization" }).click();
  const last = other.getByRole("alertdialog", { name: "Leave this organization?" });
  await last.getByRole("button", { name: "Leave" }).click();
  await expect(last.getByRole("alert").filter({ hasText: /Organization Admin/ })).toBeVisible();
});

test("an organization is deleted by typing its name, with what ends listed first", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.invite(carol.email);
  const research = await acme.addWorkspace("Research");
  for (const name of ["one", "two"]) await acme.call("POST", "/api/v1/sessions", { workspace: research.id, body: { name } });
  await acme.call("POST", "/api/v1/datasets", { workspace: research.id, body: { name: "questions" } });
  await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/organization`);
  await settled(page);
  await page.getByRole("button", { name: "Delete this organization" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete Acme?" });
  const ends = question.getByRole("list", { name: "What ends" });
  for (const line of [
    "The access of 2 members, you among them.", "1 open invitation.", "2 workspaces with everything in them:", "Workspace 1: nothing in it",
    "Research: 2 projects, 1 dataset", "1 personal API token.", "The subscription to Plus: it ends at once",
  ]) await expect(ends).toContainText(line);
  await checkAxe(page);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  const act = question.getByRole("button", { name: "Delete" });
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await question.getByRole("textbox", { name: "Type Acme to confirm" }).fill("acme");
  await page.keyboard.press("Enter");
  await expect(act).toHaveAccessibleDescription(/Type the name first/);
  expect(await acme.workspaces()).toHaveLength(2);
  await question.getByRole("textbox").fill("Acme");
  await act.click();
  await expect(page.getByText("Acme was deleted.")).toBeVisible();
  await expect(workspacePicker(page)).toBeVisible();
  const drawer = await openDrawer(page);
  await expect(inDrawer(drawer, "Acme")).toHaveCount(0);
  expect((await account.organizations()).map(({ name }) => name)).toEqual(["Personal"]);
  await page.keyboard.press("Escape");
  await page.goto(`/o/${acme.id}/settings/organization`);
  await expect(heading(page, "This organization is not open to you")).toBeVisible();
});

test("where the backend deletes nothing, the button says so", async ({ api, server, startSite, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const waiting = await account.createPendingOrganization("Waiting");
  const site = await startSite({ files: "dist", api: server.url, change: (body) => body.replace('"delete_organization":true', '"delete_organization":false') });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/organization`);
  await settled(page);
  await expect(page.getByRole("button", { name: "Delete this organization" })).toHaveAccessibleDescription(/This server does not delete organizations/);
  await page.goto(`/o/${waiting.id}/settings/billing`);
  await page.getByRole("button", { name: "Discard this organization" }).click();
  await expect(page.getByRole("alertdialog", { name: "Discard Waiting?" }).getByRole("button", { name: "Discard" })).toHaveAccessibleDescription(/does not delete organizations/);
});
