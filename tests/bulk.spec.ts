// One change to everybody who is selected.
import {
  checkAxe, choose, enterprise, everyMember, expect, memberRow, membersTable, openMembers, type Page, signIn, slowNetwork, test,
} from "./fixtures";
import { ada, bob, box, carol, selectAll, toolbar } from "./selecting";

const bulk = (page: Page) => page.getByRole("alertdialog");
const press = (page: Page, name: string) => toolbar(page).getByRole("button", { name, exact: true }).click();
const results = (page: Page) => bulk(page).getByRole("list", { name: "Results" });
const leftOut = (page: Page) => bulk(page).getByRole("list", { name: "Left out" });

test("a role is given to many: who is left out and why is said first, and each has a result", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 3);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization Viewer" });
  await openMembers(page, acme, ada);
  await selectAll(page).check();
  await press(page, "Change role");
  const go = bulk(page).getByRole("button", { name: /^Change \d+ role/ });
  await expect(go).toHaveAttribute("aria-disabled", "true");
  await choose(bulk(page).getByRole("combobox", { name: "Organization role" }), "Organization Viewer");
  await expect(bulk(page)).toContainText("1 person will have this role.");
  await expect(leftOut(page)).toContainText("3 people: Only invited yet");
  await expect(leftOut(page)).toContainText("1 person: Has this role already.carol.shaw@example.com");
  await expect(leftOut(page)).toContainText("1 person: This is you: change your own role in your row.");
  await checkAxe(page);
  await bulk(page).getByRole("button", { name: "Change 1 role" }).click();
  await expect(bulk(page)).toContainText("1 done.");
  await expect(results(page).getByRole("listitem")).toHaveText([`${bob.email}Done`]);
  await checkAxe(page);
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` }).locator("option:checked")).toHaveText("Organization Viewer");
  await expect(toolbar(page).getByRole("button", { name: "Change role" })).toBeFocused();
});

test("people are added to workspaces and taken out of them, invited ones as well", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.invite("dan@example.com", { role: "Organization User", workspaces: ["Workspace 1"] });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Workspace 1"] });
  await acme.join(await api.signUp(carol), { role: "Organization User", workspaces: ["Research"], workspaceRole: "Viewer" });
  await openMembers(page, acme, ada);
  await selectAll(page).check();
  await press(page, "Add to workspaces");
  await bulk(page).getByRole("checkbox", { name: "Research" }).check();
  await choose(bulk(page).getByRole("combobox", { name: "Workspace role" }), "Viewer");
  await expect(leftOut(page)).toContainText(`1 person: An Organization Admin is in every workspace.${ada.email}`);
  await expect(leftOut(page)).toContainText(`1 person: In Research already.${carol.email}`);
  await bulk(page).getByRole("button", { name: "Add 2 people" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(memberRow(page, bob.email)).toContainText("2 workspaces");
  await expect(memberRow(page, "dan@example.com")).toContainText("2 workspaces");
  await page.getByRole("button", { name: `2 workspaces of ${bob.email}` }).click();
  await expect(page.getByRole("dialog").getByRole("listitem").filter({ hasText: "Research" })).toContainText("Viewer");
  await page.keyboard.press("Escape");
  await press(page, "Remove from workspaces");
  await bulk(page).getByRole("checkbox", { name: "Workspace 1" }).check();
  await expect(leftOut(page)).toContainText(`Not in Workspace 1.${carol.email}`);
  await bulk(page).getByRole("button", { name: "Remove 2 people" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  for (const email of [bob.email, carol.email, "dan@example.com"]) {
    await expect(memberRow(page, email).getByRole("cell").filter({ hasText: "Research" })).toBeVisible();
  }
});

test("invitations are sent again and revoked, those of all who match, and whoever has joined is left out", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, ada, 120);
  await openMembers(page, acme, ada);
  const before = new Map((await acme.members()).pending.map(({ email, id }) => [email, id]));
  await box(page, "p000@example.com").check();
  await box(page, "p001@example.com").check();
  await press(page, "Resend");
  await expect(bulk(page)).toContainText("2 people will get a new invitation in place of the old one.");
  await bulk(page).getByRole("button", { name: "Resend 2 invitations" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  const after = new Map((await acme.members()).pending.map(({ email, id }) => [email, id]));
  expect(after.size).toBe(120);
  const renewed = [...after].filter(([email, id]) => before.get(email) !== id).map(([email]) => email);
  expect(renewed.sort()).toEqual(["p000@example.com", "p001@example.com"]);

  await selectAll(page).check();
  await box(page, "p003@example.com").uncheck();
  await press(page, "Revoke");
  await expect(leftOut(page)).toContainText(`1 person: Has joined already.${ada.email}`);
  await bulk(page).getByRole("button", { name: "Revoke 119 invitations" }).click();
  await expect(bulk(page)).toContainText("119 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "3");
  expect(await everyMember(page)).toEqual(["p003@example.com", ada.email]);
  // Of what was selected only the own row is left.
  await expect(toolbar(page)).toContainText("1 selected");
});

test("members are removed, and oneself is not among them", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 1);
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await openMembers(page, acme, ada);
  await selectAll(page).check();
  await press(page, "Remove");
  await expect(bulk(page)).toContainText("2 people will lose access to the organization");
  await expect(leftOut(page)).toContainText(`This is you: leave by “Remove” in your row.${ada.email}`);
  await expect(leftOut(page)).toContainText("Only invited yet: choose “Revoke” for invitations.p000@example.com");
  // The safe choice has the focus.
  await expect(bulk(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await bulk(page).getByRole("button", { name: "Remove 2 members" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "3");
});

test("with a key, which tells of no person, the last Organization Admin is left out", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization Admin" });
  const { key } = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
  await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}/settings/members`)}`);
  await page.getByRole("button", { name: "Use an API key" }).click();
  await page.getByRole("textbox", { name: "API key" }).fill(key);
  await page.keyboard.press("Enter");
  await expect(memberRow(page, ada.email)).toBeVisible();
  await selectAll(page).check();
  await press(page, "Remove");
  await expect(leftOut(page)).toContainText("1 person: An organization keeps at least one Organization Admin.");
  await expect(bulk(page).getByRole("button", { name: "Remove 1 member" })).toBeVisible();
});

test("an Operator's bulk change leaves out whom an Operator may not touch; a User may change nobody", async ({ page, api, server, openBrowser }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization Operator" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}/settings/members`);
  await selectAll(page).check();
  await press(page, "Remove");
  await expect(leftOut(page)).toContainText(`An Operator cannot remove an Organization Admin.${ada.email}`);
  await expect(bulk(page).getByRole("button", { name: "Remove 1 member" })).toBeVisible();
  const other = await openBrowser();
  await signIn(other, carol);
  await other.goto(`/o/${acme.id}/settings/members`);
  await selectAll(other).check();
  const change = toolbar(other).getByRole("button", { name: "Change role" });
  await expect(change).toHaveAttribute("aria-disabled", "true");
  await expect(change).toHaveAccessibleDescription("Only an Organization Admin or Operator can do this. Ask one of them.");
});

test("an outage halts it, what is done stays done, and the rest goes on with Try again", async ({ page, api, server, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|Failed to load/);
  const acme = await enterprise(api, server, ada, 40);
  await openMembers(page, acme, ada);
  await selectAll(page).check();
  await press(page, "Revoke");
  const go = bulk(page).getByRole("button", { name: "Revoke 40 invitations" });
  await expect(go).toBeVisible();
  await page.context().setOffline(true);
  await go.click();
  await expect(bulk(page)).toContainText("The server cannot be reached.");
  await expect(bulk(page)).toContainText(/0 done, \d failed, \d+ not tried\./);
  await expect(results(page).getByRole("listitem").first()).toContainText("The server cannot be reached.");
  await page.context().setOffline(false);
  await bulk(page).getByRole("button", { name: "Try again" }).click();
  await expect(bulk(page)).toContainText("40 done.");
  expect((await acme.members()).pending).toHaveLength(0);
});

test("what somebody else did meanwhile is told for each, and it can be stopped with its progress in sight", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await enterprise(api, server, ada, 60);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await openMembers(page, acme, ada, "?status=active");
  await box(page, bob.email).check();
  await box(page, carol.email).check();
  await press(page, "Change role");
  await choose(bulk(page).getByRole("combobox", { name: "Organization role" }), "Organization Viewer");
  const { members } = await acme.members();
  await acme.call("DELETE", `/api/v1/orgs/current/members/${members.find(({ email }) => email === bob.email).id}`);
  await bulk(page).getByRole("button", { name: "Change 2 roles" }).click();
  await expect(bulk(page)).toContainText("1 done, 1 failed.");
  // Those that failed come first, each with its sentence.
  await expect(results(page).getByRole("listitem").first()).toContainText(bob.email);
  await expect(results(page).getByRole("listitem").first()).not.toContainText("Done");
  await expect(bulk(page).getByRole("button", { name: "Try again" })).toBeVisible();
  const saved = page.waitForEvent("download");
  await bulk(page).getByRole("button", { name: "Download results" }).click();
  expect((await saved).suggestedFilename()).toBe("results.csv");
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();

  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Invited");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "61");
  await selectAll(page).check();
  await press(page, "Revoke");
  await expect(bulk(page).getByRole("button", { name: "Revoke 60 invitations" })).toBeVisible();
  const slow = await slowNetwork(page, { latency: 400 });
  await bulk(page).getByRole("button", { name: "Revoke 60 invitations" }).click();
  await expect(bulk(page).getByRole("progressbar", { name: "Revoke" })).toBeVisible();
  await expect(bulk(page)).toContainText(/\d+ of 60/);
  await bulk(page).getByRole("button", { name: "Stop" }).click();
  await expect(bulk(page)).toContainText(/\d+ done, \d+ not tried\./);
  await slow.over();
  const left = (await acme.members()).pending.length;
  expect(left).toBeGreaterThan(0);
  await bulk(page).getByRole("button", { name: "Try again" }).click();
  await expect(bulk(page)).toContainText("60 done.");
  expect((await acme.members()).pending).toHaveLength(0);
});

test("a server that asks to wait is waited for, and nothing fails for it", async ({ api, server, startSite, openBrowser }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada, 12);
  let refused = 0;
  const site = await startSite({
    files: "dist",
    api: server.url,
    // As a proxy in front of many does that lets so many requests through and no more.
    answer: (request, response) => {
      if (request.method !== "DELETE" || refused >= 3) return false;
      refused++;
      response.writeHead(429, { "content-type": "application/json", "retry-after": "2" }).end(JSON.stringify({ detail: "Too many requests." }));
      return true;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await openMembers(page, acme, ada);
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Invited");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "13");
  await selectAll(page).check();
  await press(page, "Revoke");
  await bulk(page).getByRole("button", { name: "Revoke 12 invitations" }).click();
  await expect(bulk(page)).toContainText("The server asks to wait for 2 s.");
  await expect(bulk(page)).toContainText("12 done.");
  expect(refused).toBe(3);
  expect((await acme.members()).pending).toHaveLength(0);
});

test("a backend with LangSmith's contract alone is changed and read by its calls", async ({ api, server, startSite, openBrowser }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada, 20);
  await acme.addWorkspace("Research");
  const site = await startSite({
    files: "dist",
    api: server.url,
    change: (body) => body.replace('"members_query":true', '"members_query":false'),
  });
  const page = await openBrowser({ baseURL: site.url });
  const asked: URL[] = [];
  page.on("request", (request) => asked.push(new URL(request.url())));
  await openMembers(page, acme, ada, "?status=invited&sort=email");
  await selectAll(page).check();
  await box(page, "p000@example.com").uncheck();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("dialog", { name: "Export members" }).getByRole("button", { name: "Export as JSON" }).click();
  await saved;
  await expect(page.getByText("19 people exported to members.json.")).toBeVisible();
  await press(page, "Revoke");
  await bulk(page).getByRole("button", { name: "Revoke 19 invitations" }).click();
  await expect(bulk(page)).toContainText("19 done.");
  expect((await acme.members()).pending.map(({ email }) => email)).toEqual(["p000@example.com"]);
  // The contract's own list of invitations is sorted; the one of both knows neither an order nor `q`.
  expect(asked.filter(({ pathname }) => pathname === "/api/v1/orgs/current/members/pending").length).toBeGreaterThan(0);
  const both = asked.filter(({ pathname }) => pathname === "/v1/platform/orgs/current/members");
  expect(both.filter(({ searchParams }) => ["q", "sort_by", "organization_role", "workspace_id"].some((one) => searchParams.has(one)))).toEqual([]);
});
