// One change to everybody who is selected.
import {
  checkAxe, choose, enterprise, everyMember, expect, memberRow, membersTable, openMembers, type Organization, type Page, person, signIn, slowNetwork, test,
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
  await expect(bulk(page)).toContainText("119 done.", { timeout: 60_000 });
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
  await expect(bulk(page)).toContainText("40 done.", { timeout: 30_000 });
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
  await expect(bulk(page)).toContainText("60 done.", { timeout: 30_000 });
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

const undoing = (page: Page, count: string) => page.getByRole("alertdialog", { name: `Undo ${count}`, exact: true });
const close = async (page: Page) => {
  await bulk(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(bulk(page)).toBeHidden();
};
const message = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });
const identity = async (acme: Organization, email: string) => (await acme.members()).members.find((one) => one.email === email).id;
const roleIn = async (acme: Organization, email: string) => (await acme.members()).members.find((one) => one.email === email)?.org_role_name;
/** The workspaces of each, with the role there, and what is invited to them. */
const inside = async (acme: Organization) => {
  const rows: any[] = await acme.call("GET", "/v1/platform/orgs/current/members?limit=100&sort_by=email&sort_by_desc=false");
  const each = (one: any) => one.workspace_memberships.map((there: any) => `${there.workspace_name}: ${there.role_name}`).sort();
  return Object.fromEntries(rows.map((one) => [one.email, each(one)]));
};

test("a bulk change is undone where its results are, with a result for each; what somebody else gave since stays", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  await openMembers(page, acme, ada);
  await box(page, bob.email).check();
  await box(page, carol.email).check();
  await press(page, "Change role");
  await expect(bulk(page)).toContainText("You can undo this for ten seconds.");
  await choose(bulk(page).getByRole("combobox", { name: "Organization role" }), "Organization Viewer");
  await bulk(page).getByRole("button", { name: "Change 2 roles" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  expect(await roleIn(acme, bob.email)).toBe("Organization Viewer");
  // Another admin makes Carol something else meanwhile.
  await acme.call("PATCH", `/api/v1/orgs/current/members/${await identity(acme, carol.email)}`, { body: { role_id: (await acme.role("Organization Operator")).id } });
  await bulk(page).getByRole("button", { name: "Undo", exact: true }).click();
  const back = undoing(page, "2 changes");
  await expect(back).toContainText("1 done, 1 failed.");
  await expect(back.getByRole("listitem")).toHaveText([
    `${carol.email}Somebody else made this member Organization Operator meanwhile.`,
    `${bob.email}Done`,
  ]);
  await checkAxe(page);
  await back.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(back).toBeHidden();
  expect([await roleIn(acme, bob.email), await roleIn(acme, carol.email)]).toEqual(["Organization User", "Organization Operator"]);
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` }).locator("option:checked")).toHaveText("Organization User");
  // Nothing is left to be undone.
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("who was added to workspaces, or taken out of them, is put back by Ctrl+Z, with the role from before", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.invite("dan@example.com", { role: "Organization User", workspaces: ["Workspace 1"] });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Workspace 1"], workspaceRole: "Viewer" });
  await acme.join(await api.signUp(carol), { role: "Organization User", workspaces: ["Workspace 1"] });
  const before = await inside(acme);
  await openMembers(page, acme, ada);
  for (const email of [bob.email, carol.email, "dan@example.com"]) await box(page, email).check();
  await press(page, "Add to workspaces");
  await bulk(page).getByRole("checkbox", { name: "Research" }).check();
  await bulk(page).getByRole("button", { name: "Add 3 people" }).click();
  await expect(bulk(page)).toContainText("3 done.");
  await close(page);
  await expect(message(page, "3 people were added to workspaces.").getByRole("button", { name: "Undo" })).toBeVisible();
  // Somebody else gives Carol another role there: that stays.
  const [research] = (await acme.workspaces()).filter(({ display_name }) => display_name === "Research");
  const there: any[] = await acme.call("GET", "/api/v1/workspaces/current/members/active", { workspace: research.id });
  const { id } = there.find((one) => one.email === carol.email);
  await acme.call("PATCH", `/api/v1/workspaces/current/members/${id}`, { workspace: research.id, body: { role_id: (await acme.role("Viewer")).id } });
  await page.keyboard.press("Control+z");
  const back = undoing(page, "3 changes");
  await expect(back).toContainText("2 done, 1 failed.");
  await expect(back.getByRole("listitem").first()).toHaveText(`${carol.email}, ResearchSomebody else made this member Viewer there meanwhile.`);
  await page.keyboard.press("Escape");
  await expect(back).toBeHidden();
  expect(await inside(acme)).toEqual({ ...before, [carol.email]: ["Research: Viewer", "Workspace 1: Editor"] });

  await press(page, "Remove from workspaces");
  await bulk(page).getByRole("checkbox", { name: "Workspace 1" }).check();
  await expect(bulk(page)).toContainText("each gets the same role there again");
  await bulk(page).getByRole("button", { name: "Remove 3 people" }).click();
  await expect(bulk(page)).toContainText("3 done.");
  expect((await inside(acme))[bob.email]).toEqual([]);
  await close(page);
  await message(page, "3 people were removed from workspaces.").getByRole("button", { name: "Undo" }).click();
  await expect(back).toContainText("3 done.");
  await page.keyboard.press("Escape");
  expect(await inside(acme)).toEqual({ ...before, [carol.email]: ["Research: Viewer", "Workspace 1: Editor"] });
});

test("revoked invitations and removed members come back; what cannot is said before", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.invite(["dan@example.com", "erin@example.com"], { role: "Organization Viewer", workspaces: ["Research"], workspaceRole: "Viewer" });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"], workspaceRole: "Viewer" });
  await acme.join(await api.signUp(carol), { role: "Organization Admin" });
  const before = await inside(acme);
  await openMembers(page, acme, ada);
  await box(page, "dan@example.com").check();
  await box(page, "erin@example.com").check();
  // Sending again has no inverse, and says so first.
  await press(page, "Resend");
  await expect(bulk(page)).toContainText("This cannot be undone: each new invitation takes the place of the old one.");
  await bulk(page).getByRole("button", { name: "Resend 2 invitations" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await expect(bulk(page).getByRole("button", { name: "Undo" })).toHaveCount(0);
  await close(page);
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);

  // Sent again they are other invitations, and none of them is selected any more.
  await expect(membersTable(page)).not.toHaveAttribute("aria-busy", "true");
  await box(page, "dan@example.com").check();
  await box(page, "erin@example.com").check();
  await press(page, "Revoke");
  await expect(bulk(page)).toContainText("You can undo this for ten seconds: each is invited anew, with the same access.");
  await bulk(page).getByRole("button", { name: "Revoke 2 invitations" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  // Another admin invites one of them again meanwhile.
  await acme.invite("erin@example.com", { role: "Organization User", workspaces: [] });
  await close(page);
  await message(page, "2 invitations were revoked.").getByRole("button", { name: "Undo" }).click();
  await expect(undoing(page, "2 changes")).toContainText("1 done, 1 failed.");
  await expect(undoing(page, "2 changes").getByRole("listitem").first()).toContainText(/erin@example\.com.*already/);
  await page.keyboard.press("Escape");
  expect(await inside(acme)).toEqual({ ...before, "erin@example.com": [] });

  await box(page, bob.email).check();
  await box(page, carol.email).check();
  await press(page, "Remove");
  await expect(bulk(page)).toContainText("You can undo this for ten seconds, and bring each back for 30 days. API tokens do not come back.");
  await bulk(page).getByRole("button", { name: "Remove 2 members" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  // Nobody is selected any more, and the button that opened the dialog has gone.
  await expect(toolbar(page)).toBeHidden();
  await close(page);
  await expect(page.getByRole("heading", { level: 1, name: "Members and roles" })).toBeFocused();
  await message(page, "2 members were removed.").getByRole("button", { name: "Undo" }).click();
  await expect(undoing(page, "2 changes")).toContainText("2 done.");
  await page.keyboard.press("Escape");
  expect(await inside(acme)).toEqual({ ...before, "erin@example.com": [] });
  expect(await roleIn(acme, carol.email)).toBe("Organization Admin");
});

test("who could not be let in again by this person is said before, and is not among what Undo takes back", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.addWorkspace("Research");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Research"] });
  await acme.join(await api.signUp(carol), { role: "Organization User", workspaces: ["Workspace 1"] });
  // An Operator who is Admin of one of the workspaces.
  const dora = person("Dora Maar");
  await acme.join(await api.signUp(dora), { role: "Organization Operator", workspaces: ["Workspace 1"], workspaceRole: "Admin" });
  await openMembers(page, acme, dora);
  await box(page, bob.email).check();
  await box(page, carol.email).check();
  await press(page, "Remove");
  const lost = bulk(page).getByRole("list", { name: "You cannot undo it for" });
  await expect(lost.getByRole("listitem")).toHaveText(new RegExp(`^1 person: .+${bob.email}$`));
  await checkAxe(page);
  await bulk(page).getByRole("button", { name: "Remove 2 members" }).click();
  await expect(bulk(page)).toContainText("2 done.");
  await close(page);
  await message(page, "1 member was removed.").getByRole("button", { name: "Undo" }).click();
  await expect(undoing(page, "1 change")).toContainText("1 done.");
  expect([await roleIn(acme, bob.email), await roleIn(acme, carol.email)]).toEqual([undefined, "Organization User"]);
});

test("undoing goes on where another page is open by then, and says what came of it", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.join(await api.signUp(carol), { role: "Organization User" });
  const give = async (role: string) => {
    await box(page, bob.email).check();
    await box(page, carol.email).check();
    await press(page, "Change role");
    await choose(bulk(page).getByRole("combobox", { name: "Organization role" }), role);
    await bulk(page).getByRole("button", { name: "Change 2 roles" }).click();
    await expect(bulk(page)).toContainText("2 done.");
  };
  await openMembers(page, acme, ada);
  await give("Organization Viewer");
  await close(page);
  await page.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await message(page, "2 roles were changed.").getByRole("button", { name: "Undo" }).click();
  await expect(message(page, "2 changes were taken back.")).toBeVisible();
  expect([await roleIn(acme, bob.email), await roleIn(acme, carol.email)]).toEqual(["Organization User", "Organization User"]);

  await page.goBack();
  await expect(memberRow(page, bob.email)).toBeVisible();
  await give("Organization Operator");
  await close(page);
  await page.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await acme.call("DELETE", `/api/v1/orgs/current/members/${await identity(acme, bob.email)}`);
  await message(page, "2 roles were changed.").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("alert").filter({ hasText: `1 of 2 changes were not taken back. ${bob.email}: Somebody else removed this member meanwhile.` })).toBeVisible();
  expect(await roleIn(acme, carol.email)).toBe("Organization User");
});

test("undoing shows how far it is, can be stopped, and goes on; with keys, in a narrow window", async ({ page, api, server }) => {
  test.setTimeout(90_000);
  const acme = await enterprise(api, server, ada, 30);
  await openMembers(page, acme, ada, "?status=invited");
  await page.setViewportSize({ width: 320, height: 700 });
  await selectAll(page).check();
  await press(page, "Revoke");
  await bulk(page).getByRole("button", { name: "Revoke 30 invitations" }).click();
  await expect(bulk(page)).toContainText("30 done.");
  const slow = await slowNetwork(page, { latency: 1_500 });
  await bulk(page).getByRole("button", { name: "Undo", exact: true }).focus();
  await page.keyboard.press("Enter");
  const back = undoing(page, "30 changes");
  await expect(back.getByRole("progressbar", { name: "Undo" })).toBeVisible();
  await expect(back.getByRole("button", { name: "Stop" })).toBeFocused();
  await expect(back).toContainText(/\d+ of 30/);
  await page.keyboard.press("Enter");
  await expect(back).toContainText(/\d+ done, \d+ not tried\./);
  await slow.over();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAxe(page);
  expect((await acme.members()).pending.length).toBeLessThan(30);
  await back.getByRole("button", { name: "Try again" }).focus();
  await page.keyboard.press("Enter");
  await expect(back).toContainText("30 done.");
  await page.keyboard.press("Escape");
  await expect(back).toBeHidden();
  expect((await acme.members()).pending).toHaveLength(30);
});
