// The members table: one list of everybody, of which only what is seen is in the page.
import {
  changeRole, checkAxe, choose, dialog, enterprise, everyMember, expect, invite, many, memberRow, membersTable, openMembers, 
  type Page, person, removeMember, signIn, slowNetwork, test,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");

const header = (page: Page, name: string) => membersTable(page).getByRole("columnheader", { name, exact: true });
const search = (page: Page) => page.getByRole("searchbox", { name: "Search members" });
const waiting = (page: Page) => membersTable(page).getByRole("row", { name: "Loading" });
/** The place of the row that has the focus, or that holds what has it; the header's is 1. */
const focusedRow = (page: Page) => page.evaluate(() => Number(document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex")));
const addresses = async (page: Page) =>
  (await membersTable(page).getByRole("row").allInnerTexts()).map((text) => /\S+@[\w.-]+/.exec(text)?.[0] ?? "").filter(Boolean);

test("only what is seen is in the page, and all of it can be reached, with nobody missing and nobody twice", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, ada, 400);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await openMembers(page, acme, ada);
  const table = membersTable(page);
  await expect(table).toHaveAttribute("aria-rowcount", "402");
  await expect(page.getByRole("tab", { name: "Members" })).toContainText("401");
  expect(await table.getByRole("row").count()).toBeLessThan(60);
  const rows = await everyMember(page);
  expect(rows).toEqual([...many(400), ada.email]);
  expect(await table.getByRole("row").count()).toBeLessThan(60);
  await expect(table.getByRole("row").last()).toHaveAttribute("aria-rowindex", "402");
  // Nobody asked for everybody.
  expect(asked).not.toContain("/api/v1/orgs/current/members");
  // The header stays in sight, below the bar.
  await expect(header(page, "Email")).toBeInViewport();
});

test("rows that are on their way have their shape, and what is scrolled past is not fetched", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 400);
  await openMembers(page, acme, ada);
  await expect(waiting(page)).toHaveCount(0);
  const slow = await slowNetwork(page, { latency: 600_000 });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(waiting(page).last()).toBeInViewport();
  await checkAxe(page);
  await slow.over();
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(waiting(page)).toHaveCount(0);
  const offsets = asked.map((url) => new URL(url).searchParams.get("offset")).filter((offset) => offset !== null);
  expect(offsets).not.toContain("100");
});

test("after every change the table and its counts are right, and nobody is missing, doubled or stale", async ({ page, api, server }) => {
  test.setTimeout(180_000);
  const acme = await enterprise(api, server, ada, 150);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await openMembers(page, acme, ada);
  const table = membersTable(page);
  const right = async () => {
    const { members, pending } = await acme.members();
    const sorted = (list: { email: string }[]) => list.map(({ email }) => email).sort();
    const all = [...sorted(pending), ...sorted(members)];
    await expect(table).toHaveAttribute("aria-rowcount", String(all.length + 1));
    await expect(page.getByRole("tab", { name: "Members" })).toContainText(String(all.length));
    expect(await everyMember(page)).toEqual(all);
  };
  await right();
  await test.step("an invitation far up is revoked", async () => {
    await page.getByRole("searchbox").fill("p020");
    await page.getByRole("button", { name: "Revoke invitation to p020@example.com" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("Nobody matches")).toBeVisible();
    await page.getByRole("button", { name: "Show everybody" }).click();
    await expect(search(page)).toHaveValue("");
    await right();
  });
  await test.step("a member far down is removed", async () => {
    await removeMember(page, bob.email);
    await right();
  });
  await test.step("a role is changed", async () => {
    await changeRole(page, carol.email, "Organization Viewer");
    await expect(page.getByText(`${carol.email} is now Organization Viewer.`)).toBeVisible();
    await expect(page.getByRole("combobox", { name: `Role of ${carol.email}` }).locator("option:checked")).toHaveText("Organization Viewer");
    await right();
  });
  await test.step("somebody is invited, whose place is in between", async () => {
    await page.evaluate(() => scrollTo(0, 0));
    await invite(page, "p010x@example.com", { role: "Organization User" });
    await right();
  });
  await test.step("and somebody else changes the list while it is scrolled", async () => {
    await page.evaluate(() => scrollTo(0, 0));
    const { pending } = await acme.members();
    const gone = pending.find(({ email }) => email === "p001@example.com");
    await acme.call("DELETE", `/api/v1/orgs/current/members/${gone.id}/pending`);
    await page.reload();
    await expect(memberRow(page, "p000@example.com")).toBeVisible();
    const later = pending.find(({ email }) => email === "p002@example.com");
    await acme.call("DELETE", `/api/v1/orgs/current/members/${later.id}/pending`);
    // What was seen before it was known of was the list of before.
    await everyMember(page);
    await right();
  });
});

test("every column that can be sorted is, by the server, with aria-sort and in the address", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, ada, 120);
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await acme.join(await api.signUp(carol), { role: "Organization Viewer", workspaces: [] });
  await openMembers(page, acme, ada);
  // Invitations wait for something and come first.
  await expect(header(page, "Status")).toHaveAttribute("aria-sort", "descending");
  const sort = async (name: string, direction: string, address: RegExp) => {
    await header(page, name).getByRole("button").click();
    await expect(header(page, name)).toHaveAttribute("aria-sort", direction);
    await expect(page).toHaveURL(address);
    for (const other of ["Email", "Status", "Role", "Workspaces", "Joined"]) {
      if (other !== name) await expect(header(page, other)).toHaveAttribute("aria-sort", "none");
    }
    await expect(membersTable(page)).not.toHaveAttribute("aria-busy", "true");
  };
  const first = (email: string) => expect.poll(async () => (await addresses(page))[0]).toBe(email);
  await sort("Email", "ascending", /sort=email/);
  await first(ada.email);
  expect(await everyMember(page)).toEqual([ada.email, bob.email, carol.email, ...many(120)].sort());
  await page.evaluate(() => scrollTo(0, 0));
  await sort("Email", "descending", /sort=-email/);
  await first("p119@example.com");
  await sort("Status", "ascending", /sort=status/);
  await first(ada.email);
  await sort("Role", "ascending", /sort=role/);
  await expect.poll(async () => (await addresses(page)).slice(0, 2).sort()).toEqual([ada.email, bob.email]);
  await sort("Role", "descending", /sort=-role/);
  await first(carol.email);
  // By how many they are; an Organization Admin is in all.
  await sort("Workspaces", "ascending", /sort=workspace_count/);
  await first(carol.email);
  await sort("Workspaces", "descending", /sort=-workspace_count/);
  await expect.poll(async () => (await addresses(page)).slice(0, 2).sort()).toEqual([ada.email, bob.email]);
  expect((await everyMember(page)).at(-1)).toBe(carol.email);
  await page.evaluate(() => scrollTo(0, 0));
  await sort("Joined", "ascending", /sort=created_at/);
  await first(ada.email);
  await sort("Joined", "descending", /sort=-created_at/);
  await first(carol.email);
  // Shared by link, restored by Back.
  await page.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await page.goBack();
  await expect(header(page, "Joined")).toHaveAttribute("aria-sort", "descending");
  await first(carol.email);
  // Sorting from far below leads back to the first row.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await header(page, "Email").getByRole("button").click();
  await expect(memberRow(page, ada.email)).toBeInViewport();
});

test("searching and filtering finds whoever fits, on the server, and the address keeps it", async ({ page, api, server, openBrowser }) => {
  const acme = await enterprise(api, server, ada, 120);
  await acme.addWorkspace("Research");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"] });
  await acme.join(await api.signUp(carol), { role: "Organization Viewer", workspaces: [] });
  await openMembers(page, acme, ada);
  const found = (...emails: string[]) => expect.poll(() => addresses(page)).toEqual(emails);
  await search(page).fill("ross");
  await found(bob.email);
  await expect(page.getByRole("status").filter({ hasText: "1 of 123 people" })).toBeVisible();
  await search(page).fill("  P119 ");
  await found("p119@example.com");
  await expect(page).toHaveURL(/q=P119/);
  await search(page).fill("");
  await choose(page.getByRole("combobox", { name: "Filter by workspace" }), "Research");
  // An Organization Admin is in every workspace.
  await found(ada.email, bob.email);
  await choose(page.getByRole("combobox", { name: "Filter by role" }), "Organization User");
  await found(bob.email);
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Invited");
  await expect(page.getByRole("heading", { name: "Nobody matches" })).toBeVisible();
  await checkAxe(page);
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Active");
  await found(bob.email);
  // The address is all that it takes.
  const other = await openBrowser();
  await signIn(other, ada, { from: new URL(page.url()).pathname + new URL(page.url()).search });
  await expect(memberRow(other, bob.email)).toBeVisible();
  await expect.poll(() => addresses(other)).toEqual([bob.email]);
  await expect(other.getByRole("combobox", { name: "Filter by workspace" }).locator("option:checked")).toHaveText("Research");
  await page.reload();
  await found(bob.email);
  // So does Back, with the search as well.
  await search(page).fill("ross");
  await expect(page).toHaveURL(/q=ross/);
  await page.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await page.goBack();
  await found(bob.email);
  await expect(search(page)).toHaveValue("ross");
  await expect(page.getByRole("combobox", { name: "Filter by role" }).locator("option:checked")).toHaveText("Organization User");
  await expect(page.getByRole("combobox", { name: "Filter by workspace" }).locator("option:checked")).toHaveText("Research");
  await search(page).fill("");
  await expect(page).not.toHaveURL(/q=/);
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Invited");
  await page.getByRole("button", { name: "Show everybody" }).click();
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "124");
  await expect(page).toHaveURL(new RegExp(`/o/${acme.id}/settings/members$`));
});

test("typing never waits for the network, and a late answer never overwrites a newer one", async ({ api, server, startSite, openBrowser }) => {
  const acme = await enterprise(api, server, ada, 20);
  // A backend that keeps the answer to one question back until it is told to give it.
  const held: (() => void)[] = [];
  const asked: string[] = [];
  const site = await startSite({
    files: "dist",
    api: server.url,
    answer: (request, response) => {
      const url = new URL(request.url!, "http://site");
      const q = url.searchParams.get("q");
      if (!url.pathname.endsWith("/current/members") || q === null) return false;
      asked.push(q);
      if (q !== "p00") return false;
      const { host: _, ...headers } = request.headers as Record<string, string>;
      held.push(() => fetch(server.url + request.url!, { headers: { ...headers, "accept-encoding": "identity" } }).then(async (answer) => {
        response.writeHead(answer.status, { "content-type": "application/json", "x-pagination-total": answer.headers.get("x-pagination-total")! });
        response.end(await answer.text());
      }));
      return true;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await openMembers(page, acme, ada);
  await expect(memberRow(page, "p000@example.com")).toBeVisible();
  await search(page).fill("p00");
  await expect.poll(() => held.length).toBe(1);
  // The old rows stay, dimmed; the field takes what is typed, and so does the address.
  await expect(membersTable(page)).toHaveAttribute("aria-busy", "true");
  await expect(memberRow(page, "p015@example.com")).toBeVisible();
  await search(page).pressSequentially("7");
  await expect(search(page)).toHaveValue("p007");
  await expect(page).toHaveURL(/q=p007/);
  await expect.poll(() => addresses(page)).toEqual(["p007@example.com"]);
  await expect(membersTable(page)).not.toHaveAttribute("aria-busy", "true");
  const late = page.waitForResponse((response) => new URL(response.url()).searchParams.get("q") === "p00");
  held[0]();
  await (await late).finished();
  await search(page).focus();
  await expect.poll(() => addresses(page)).toEqual(["p007@example.com"]);
  expect(asked).toEqual(["p00", "p007"]);
  await expect(page.getByRole("status").filter({ hasText: "1 of 21 people" })).toBeVisible();
});

test("the keyboard walks from the first row to the last, and into each row", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 300);
  await openMembers(page, acme, ada);
  await expect(waiting(page)).toHaveCount(0);
  // One Tab stop leads to the rows; from there the arrows go on.
  await header(page, "Joined").getByRole("button").focus();
  await page.keyboard.press("Tab");
  expect(await focusedRow(page)).toBe(2);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe(4);
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => focusedRow(page)).toBe(3);
  await page.keyboard.press("PageDown");
  await expect.poll(() => focusedRow(page)).toBeGreaterThan(8);
  await page.keyboard.press("End");
  await expect.poll(() => focusedRow(page)).toBe(302);
  await expect(memberRow(page, ada.email)).toBeFocused();
  await expect(memberRow(page, ada.email)).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("PageUp");
  await expect.poll(() => focusedRow(page)).toBeLessThan(297);
  await page.keyboard.press("Home");
  await expect.poll(() => focusedRow(page)).toBe(2);
  await expect(memberRow(page, "p000@example.com")).toBeInViewport({ ratio: 1 });
  // To the right is what can be done with a row; down from there the same of the next one.
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("checkbox", { name: "Select p000@example.com" })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: "Resend invitation to p000@example.com" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("button", { name: "Resend invitation to p001@example.com" })).toBeFocused();
  for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowLeft");
  await expect(memberRow(page, "p001@example.com")).toBeFocused();
  // All the way down, row by row, the focus is never lost and always in sight.
  for (let step = 0; step < 60; step++) await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe(63);
  await expect(memberRow(page, "p061@example.com")).toBeInViewport({ ratio: 1 });
  // A row that has the focus stays, wherever the page is scrolled to.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(memberRow(page, ada.email)).toBeInViewport();
  expect(await focusedRow(page)).toBe(63);
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe(64);
  await expect(memberRow(page, "p062@example.com")).toBeInViewport({ ratio: 1 });
});

test("the browser's own find is replaced by the search, which finds everybody", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 200);
  await openMembers(page, acme, ada);
  await expect(page.getByText("p180@example.com")).toHaveCount(0);
  await page.keyboard.press("Control+f");
  await expect(search(page)).toBeFocused();
  await page.keyboard.type("p180");
  await expect(memberRow(page, "p180@example.com")).toBeVisible();
  // What was searched for is replaced by what is typed next; from inside the search the key is the browser's.
  await page.getByRole("button", { name: "Invite", exact: true }).focus();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("p190");
  await expect(memberRow(page, "p190@example.com")).toBeVisible();
  const taken = () => page.evaluate(() => document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "f", ctrlKey: true, bubbles: true, cancelable: true })));
  expect(await taken()).toBe(true);
  // In a dialog there is nothing to search.
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(dialog(page, "Invite members")).toBeVisible();
  expect(await taken()).toBe(true);
});

test("a screen reader finds a table with true numbers", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"] });
  await openMembers(page, acme, ada);
  await expect(membersTable(page)).toMatchAriaSnapshot(`
    - table "Members":
      - rowgroup:
        - row:
          - columnheader "Email":
            - button "Email"
          - columnheader "Status":
            - button "Status"
          - columnheader "Role":
            - button "Role"
          - columnheader "Workspaces":
            - button "Workspaces"
          - columnheader "Joined":
            - button "Joined"
          - columnheader "Actions"
      - rowgroup:
        - row /ada\\.lovelace@example\\.com You Ada Lovelace Active/:
          - cell /ada\\.lovelace@example\\.com/
          - cell "Active"
          - cell:
            - combobox "Role of ada.lovelace@example.com"
          - cell "All workspaces"
          - cell
          - cell:
            - button "Remove ada.lovelace@example.com"
        - row /bob\\.ross@example\\.com Bob Ross Active/:
          - cell /bob\\.ross@example\\.com/
          - cell "Active"
          - cell:
            - combobox "Role of bob.ross@example.com"
          - cell /Research/
          - cell
          - cell:
            - button "Remove bob.ross@example.com"
  `);
  const rows = membersTable(page).getByRole("row");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "3");
  for (const place of [0, 1, 2]) await expect(rows.nth(place)).toHaveAttribute("aria-rowindex", String(place + 1));
});

test("columns are hidden, and stay so", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 3);
  await openMembers(page, acme, ada);
  const button = page.getByRole("button", { name: "Columns" });
  await button.click();
  const menu = page.getByRole("group", { name: "Columns" });
  await expect(menu.getByRole("checkbox")).toHaveCount(4);
  await expect(menu.getByRole("checkbox", { name: "Status" })).toBeFocused();
  await checkAxe(page);
  await menu.getByRole("checkbox", { name: "Joined" }).uncheck();
  await menu.getByRole("checkbox", { name: "Status" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(button).toBeFocused();
  for (const name of ["Joined", "Status"]) await expect(header(page, name)).toHaveCount(0);
  for (const name of ["Email", "Role", "Workspaces", "Actions"]) await expect(header(page, name)).toBeVisible();
  await expect(memberRow(page, ada.email).getByRole("cell")).toHaveCount(5);
  await page.reload();
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(header(page, "Joined")).toHaveCount(0);
  await button.click();
  await menu.getByRole("checkbox", { name: "Joined" }).check();
  await page.keyboard.press("Escape");
  await expect(header(page, "Joined")).toBeVisible();
  // The choice is all that is kept beside the theme and the last place: no token, no address.
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.includes("members")));
  expect(kept).toEqual([["atrium.members.hidden", "status"]]);
});

test("somebody's workspaces are named, or counted and listed with the role in each", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  for (const name of ["Research", "Voice"]) await acme.addWorkspace(name);
  await acme.invite(bob.email, { role: "Organization User", workspaces: ["Research", "Voice", "Workspace 1"], workspaceRole: "Viewer" });
  await acme.join(await api.signUp(carol), { role: "Organization User", workspaces: ["Voice"], workspaceRole: "Editor" });
  await openMembers(page, acme, ada);
  await expect(memberRow(page, ada.email)).toContainText("All workspaces");
  await expect(memberRow(page, carol.email)).toContainText("Voice");
  await expect(memberRow(page, carol.email)).toContainText("Editor");
  const several = memberRow(page, bob.email).getByRole("button", { name: "3 workspaces" });
  await several.click();
  const listed = dialog(page, `Workspaces of ${bob.email}`);
  await expect(listed.getByRole("listitem")).toHaveCount(3);
  for (const name of ["Research", "Voice", "Workspace 1"]) {
    await expect(listed.getByRole("listitem").filter({ hasText: name })).toContainText("Viewer");
  }
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(several).toBeFocused();
});

test("what goes wrong in between is told where one is, and Try again goes on", async ({ page, api, server, context, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_INTERNET_DISCONNECTED/);
  const acme = await enterprise(api, server, ada, 400);
  await openMembers(page, acme, ada);
  await context.setOffline(true);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const told = page.getByRole("alert").filter({ hasText: "Could not load all members" });
  await expect(told).toBeVisible();
  await expect(told.getByRole("button", { name: "Try again" })).toBeInViewport();
  await checkAxe(page);
  await context.setOffline(false);
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(memberRow(page, ada.email)).toBeInViewport();
  await expect(page.getByText("Could not load all members")).toHaveCount(0);
});

test("whoever is alone is asked to invite, and whoever may not read the list is told whom to ask", async ({ page, api, server, startSite, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await openMembers(page, acme, ada);
  await expect(page.getByRole("heading", { name: "Nobody else yet" })).toBeVisible();
  await checkAxe(page);
  await page.getByRole("button", { name: "Invite people" }).click();
  await expect(dialog(page, "Invite members")).toBeVisible();
  await page.keyboard.press("Escape");
  await invite(page, bob.email);
  await expect(page.getByRole("heading", { name: "Nobody else yet" })).toHaveCount(0);

  const site = await startSite({
    files: "dist",
    api: server.url,
    answer: (request, response) => {
      const refused = request.url!.startsWith("/v1/platform/orgs/current/members");
      if (refused) response.writeHead(403, { "content-type": "application/json" }).end('{"detail":"This key may not read members."}');
      return refused;
    },
  });
  const other = await openBrowser({ baseURL: site.url });
  await signIn(other, ada);
  await other.goto(`/o/${acme.id}/settings/members`);
  await expect(other.getByRole("heading", { name: "You may not see the members" })).toBeVisible();
  await expect(other.getByText("This key may not read members.", { exact: false })).toBeVisible();
  await expect(membersTable(other)).toHaveCount(0);
  await expect(other.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await checkAxe(other);
});

test("the last admin is known although not everybody is loaded", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 250);
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await openMembers(page, acme, ada);
  // Neither admin is loaded: invitations come first.
  await search(page).fill("ada.lovelace");
  const own = page.getByRole("button", { name: `Remove ${ada.email}` });
  await expect(own).not.toHaveAttribute("aria-disabled", "true");
  await search(page).fill("bob.ross");
  await removeMember(page, bob.email);
  await search(page).fill("ada.lovelace");
  await expect(own).toHaveAttribute("aria-disabled", "true");
  await expect(own).toHaveAccessibleDescription(/at least one Organization Admin/);
  await expect(page.getByRole("combobox", { name: `Role of ${ada.email}` })).toHaveAccessibleDescription(/at least one Organization Admin/);
});

test("on a phone the rows are cards, of which only some are in the page too", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 150);
  await acme.join(await api.signUp(person("Wolfeschlegelsteinhausenbergerdorff Hubert", "a-company-with-a-very-long-name.example.com")), { role: "Organization User" });
  await openMembers(page, acme, ada);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await membersTable(page).getByRole("row").count()).toBeLessThan(60);
  const rows = await everyMember(page);
  expect(rows).toHaveLength(152);
  expect(new Set(rows).size).toBe(152);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await checkAxe(page);
  // Cards do not lie on each other, however long a name is.
  const tops = await membersTable(page).getByRole("row").evaluateAll((rows) => rows.slice(1).map((row) => row.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]));
  for (let index = 1; index < tops.length; index++) expect(tops[index][0]).toBeGreaterThanOrEqual(tops[index - 1][1]);
  // And what can be done is all there.
  await page.evaluate(() => scrollTo(0, 0));
  await expect(page.getByRole("button", { name: "Revoke invitation to p000@example.com" })).toBeVisible();
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Active");
  await expect(page.getByRole("combobox", { name: `Role of ${ada.email}` })).toBeVisible();
});

test("a backend that cannot sort and search the one list is asked for what it can", async ({ api, server, startSite, openBrowser }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, ada, 120);
  await acme.addWorkspace("Research");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"] });
  const asked: URL[] = [];
  const site = await startSite({
    files: "dist",
    api: server.url,
    change: (body) => body.replace('"members_query":true', '"members_query":false'),
    answer: (request) => {
      asked.push(new URL(request.url!, "http://site"));
      return false;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await openMembers(page, acme, ada);
  const found = (...emails: string[]) => expect.poll(() => addresses(page)).toEqual(emails);
  // No heading is a button: the list of both has one order.
  await expect(header(page, "Email")).toBeVisible();
  for (const name of ["Email", "Status", "Role", "Workspaces", "Joined"]) await expect(header(page, name).getByRole("button")).toHaveCount(0);
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "123");
  expect(await everyMember(page)).toEqual([ada.email, bob.email, ...many(120)]);
  await search(page).fill("p11");
  await found(...many(120).slice(110));
  await search(page).fill("");
  await choose(page.getByRole("combobox", { name: "Filter by role" }), "Organization User");
  await choose(page.getByRole("combobox", { name: "Filter by workspace" }), "Research");
  await expect.poll(async () => (await addresses(page))[0]).toBe(bob.email);
  // The lists of each kind can be sorted, as long as nothing else is asked for.
  await choose(page.getByRole("combobox", { name: "Filter by role" }), "All roles");
  await choose(page.getByRole("combobox", { name: "Filter by workspace" }), "All workspaces");
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Invited");
  await expect(header(page, "Status").getByRole("button")).toHaveCount(0);
  await header(page, "Email").getByRole("button").click();
  await header(page, "Email").getByRole("button").click();
  await expect(header(page, "Email")).toHaveAttribute("aria-sort", "descending");
  await expect.poll(async () => (await addresses(page))[0]).toBe("p119@example.com");
  expect(await everyMember(page)).toEqual(many(120).reverse());
  await page.evaluate(() => scrollTo(0, 0));
  await expect(page.getByRole("button", { name: "Revoke invitation to p119@example.com" })).toBeVisible();
  const own = asked.filter(({ pathname }) => pathname.endsWith("/orgs/current/members")).flatMap(({ searchParams }) => [...searchParams.keys()]);
  for (const name of ["q", "sort_by", "sort_by_desc", "organization_role", "workspace_id"]) expect(own).not.toContain(name);
});

test("where a backend does not sort by workspaces their heading says none, and a link that asks for it is put in the usual order", async ({ api, server, startSite, openBrowser }) => {
  const acme = await enterprise(api, server, ada, 3);
  const asked: string[] = [];
  const site = await startSite({
    files: "dist",
    api: server.url,
    change: (body) => body.replace('"workspace_count_sort":true', '"workspace_count_sort":false'),
    answer: (request) => {
      asked.push(request.url!);
      return false;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await openMembers(page, acme, ada, "?sort=workspace_count");
  await expect(header(page, "Workspaces")).toBeVisible();
  await expect(header(page, "Workspaces").getByRole("button")).toHaveCount(0);
  await expect(header(page, "Email").getByRole("button")).toBeVisible();
  await expect(header(page, "Status")).toHaveAttribute("aria-sort", "descending");
  expect(asked.some((url) => url.includes("workspace_count"))).toBe(false);
  // Who was removed has no such order anywhere.
  const other = await openBrowser();
  await openMembers(other, acme, ada, "?status=removed");
  await expect(header(other, "Workspaces").getByRole("button")).toHaveCount(0);
});

test("one's own row stands out, in words and for the eye", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 2);
  await openMembers(page, acme, ada);
  const own = memberRow(page, ada.email);
  await expect(own.getByText("You", { exact: true })).toBeVisible();
  const looks = (row: ReturnType<typeof memberRow>) => row.evaluate((row) => getComputedStyle(row).backgroundColor);
  expect(await looks(own)).not.toBe(await looks(memberRow(page, "p000@example.com")));
  // Each with a picture of the initials.
  await expect(own.getByText("AL", { exact: true })).toBeVisible();
  await expect(page.getByText("You", { exact: true })).toHaveCount(1);
});

test("on a phone the head of one's own card has a long address, the mark and the name, none of them cut off", async ({ page, api }) => {
  const grace = { ...person("Grace Hopper"), email: "grace.hopper-390@example.com" };
  const acme = await (await api.signUp(grace)).createOrganization("Acme");
  await signIn(page, grace);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/o/${acme.id}/settings/members`);
  const row = memberRow(page, grace.email);
  const box = async (text: string) => (await row.getByText(text, { exact: true }).boundingBox())!;
  await expect(row.getByText("Grace Hopper", { exact: true })).toBeVisible();
  const [card, address, name, status] = [(await row.boundingBox())!, await box(grace.email), await box("Grace Hopper"), await box("Active")];
  expect(address.y).toBeGreaterThanOrEqual(card.y);
  expect(name.y + name.height).toBeLessThanOrEqual(status.y);
  expect((await box("You")).y).toBeLessThan(name.y);
});
