// Billing with the built-in test billing: states, plans, setting up, afterwards, and who may not.
import type { IncomingMessage } from "node:http";
import {
  Api, ApiError, checkAxe, choose, dialog, enterprise, expect, many, memberRow, type Organization, type Page, person, settled, signIn, subscribe,
  test, workspacePicker,
} from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");
const carol = person("Carol");

const at = (acme: Organization, page = "billing") => `/o/${acme.id}/settings/${page}`;
const article = (page: Page, name: string) => page.getByRole("article", { name, exact: true });
/** What the browser says of a connection that ended without an answer. */
const LOST = /ERR_(EMPTY_RESPONSE|CONNECTION_(RESET|CLOSED|REFUSED))/;
const isPlan = (request: IncomingMessage) => request.method === "POST" && request.url!.endsWith("/orgs/current/plan");

/** What the API says to somebody whom it refuses. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (error) => error,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error.body.detail;
}

/** Nothing of the page is wider than the window. */
async function fits(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

test("over the limit: the banner and the API say the same, where it hinders, with the way out", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 11);
  for (const name of ["Two", "Three", "Four"]) await acme.addWorkspace(name);
  await server.plan(acme.id, "plus");
  await acme.call("POST", "/api/v1/orgs/current/plan", { body: { tier: "disabled" } });
  const seats = await refusal(acme.invite("more@example.com"));
  expect(seats).toContain("12 are taken, and the plan has 10");
  const workspaces = await refusal(acme.addWorkspace("Five"));
  await signIn(page, ada);
  await page.goto(at(acme));
  const banner = page.getByRole("region", { name: "This organization is over its limit" });
  await expect(banner).toContainText(seats);
  await expect(banner).toContainText(`There are 4 workspaces, and the plan has 3. ${workspaces}`);
  await expect(page.getByRole("progressbar", { name: "Seats used" })).toHaveAttribute("aria-valuetext", "12 of 10, 2 too many");
  await checkAxe(page);
  // The plan ends as well; the way back is there, whatever the banner is about.
  await expect(page.getByText(/^The plan ends on \w+ \d+, \d{4}\.$/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep the plan" })).toBeVisible();
  await banner.getByRole("link", { name: "Go to the members" }).click();
  // There it says the same of the seats, and goes by itself.
  await expect(banner).toContainText(seats);
  await expect(banner).not.toContainText("workspaces");
  await settled(page);
  await checkAxe(page);
  const { pending } = await acme.members();
  for (const one of pending.slice(0, 2)) await acme.call("DELETE", `/api/v1/orgs/current/members/${one.id}/pending`);
  await page.reload();
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(banner).toBeHidden();
  await page.goto(at(acme, "workspaces"));
  await expect(banner).toContainText(workspaces);
  await page.setViewportSize({ width: 320, height: 700 });
  await fits(page);
});

test("a pending organization says so where its people are invited, too", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  const told = await refusal(acme.workspaces());
  expect(told).toBe("This organization is pending. Set up billing to use it.");
  await signIn(page, ada);
  await page.goto(at(acme, "members"));
  const banner = page.getByRole("region", { name: "This organization is pending" });
  await expect(banner).toContainText("Set up billing to use it.");
  await banner.getByRole("link", { name: "Set up billing" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Set up billing" })).toBeVisible();
  await expect(banner).toContainText("Nothing is charged before you subscribe.");
});

test("the plans stand side by side, the present one is marked, and Enterprise leads to a contact", async ({ page, api, dist, startServer, server, openBrowser }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(at(acme));
  await expect(page.getByRole("article")).toHaveCount(4);
  await expect(article(page, "Plus").getByText("Current plan")).toBeVisible();
  await expect(page.getByText("Current plan")).toHaveCount(1);
  await expect(article(page, "Plus")).toContainText("$39 a seat and month");
  await expect(article(page, "Plus").getByRole("listitem")).toHaveText(["Up to 10 seats", "Up to 3 workspaces", "Invite people", "Organization roles that differ"]);
  await expect(article(page, "Developer")).toContainText("Free");
  await expect(article(page, "Developer").getByRole("listitem")).toHaveText(["1 seat", "1 workspace", "For yourself alone"]);
  await expect(article(page, "Startup")).toContainText("By agreement");
  await expect(article(page, "Startup").getByRole("listitem")).toHaveText(["Up to 20 seats", "Up to 3 workspaces", /Everything in Plus/]);
  await expect(article(page, "Enterprise")).toContainText("By agreement");
  for (const line of ["1,000,000 seats", "1,000 workspaces", "Workspace roles that differ", "Custom roles, permission by permission", "Audit log"]) {
    await expect(article(page, "Enterprise").getByRole("listitem").filter({ hasText: line })).toHaveCount(1);
  }
  const boxes = await page.getByRole("article").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ x, y }) => ({ x, y })));
  expect(new Set(boxes.map(({ y }) => y)).size, "side by side").toBe(1);
  expect(new Set(boxes.map(({ x }) => x)).size).toBe(4);
  // Nobody is named: it says whom to ask.
  await expect(article(page, "Enterprise")).toContainText("Ask the operator of this installation for it.");
  await expect(article(page, "Enterprise").getByRole("link")).toHaveCount(0);
  await checkAxe(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await fits(page);
  await checkAxe(page);
  // A plan that this version does not know stands with the others.
  await server.plan(acme.id, "premier");
  await page.reload();
  await expect(article(page, "Premier").getByText("Current plan")).toBeVisible();

  for (const [contact, shown] of [
    ["https://example.com/sales", true],
    ["mailto:sales@example.com", true],
    ["javascript:alert(1)", false],
  ] as const) {
    await dist.edit("config.json", (text) => text.replace(/"contact": "[^"]*"/, `"contact": "${contact}"`));
    const other = await startServer({ files: dist.folder });
    const theirs = await openBrowser({ baseURL: other.url });
    const account = await new Api(other.url).signUp(ada);
    const own = await account.createOrganization("Acme");
    await signIn(theirs, ada);
    await theirs.goto(at(own));
    const link = article(theirs, "Enterprise").getByRole("link", { name: "Contact sales" });
    if (shown) await expect(link).toHaveAttribute("href", contact);
    else await expect(article(theirs, "Enterprise")).toContainText("Ask the operator");
    await expect(link).toHaveCount(shown ? 1 : 0);
  }
});

test("changing up shows the cost from now and per month before it is done", async ({ page, api, server }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await acme.invite(bob.email);
  await server.plan(acme.id, "free");
  await signIn(page, ada);
  await page.goto(at(acme));
  await article(page, "Plus").getByRole("button", { name: "Change to Plus" }).click();
  const change = dialog(page, "Change to Plus");
  await expect(change).toContainText("Today$78, for the first month");
  await expect(change).toContainText("Then, each month$78 (2 seats × $39)");
  await expect(change).toContainText("Now, on Freenothing a month");
  await checkAxe(page);
  expect((await acme.call("GET", "/api/v1/orgs/current/billing")).tier).toBe("free");
  await change.getByRole("button", { name: "Change plan" }).click();
  await expect(change).toBeHidden();
  await expect(article(page, "Plus").getByText("Current plan")).toBeVisible();
});

test("changing down lists what would no longer fit, by count and name, and the server refuses likewise", async ({ page, api, server }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  await acme.invite(many(10), { role: "Organization User" });
  for (const name of ["Two", "Three", "Four"]) await acme.addWorkspace(name);
  const role = await acme.call("POST", "/api/v1/orgs/current/roles", { body: { display_name: "Reviewer", description: "", permissions: ["runs:read"] } });
  const refused = await refusal(acme.call("POST", "/api/v1/orgs/current/plan", { body: { tier: "plus" } }));
  await signIn(page, ada);
  await page.goto(at(acme));
  const open = async () => {
    await article(page, "Plus").getByRole("button", { name: "Change to Plus" }).click();
    return dialog(page, "Change to Plus");
  };
  let change = await open();
  const misfits = change.getByRole("region", { name: "What does not fit" });
  const sentences = [
    "The Plus plan has 10 seats, and 11 are taken by members and invitations. Remove some first.",
    "The Plus plan has 3 workspaces, and there are 4. Delete some first.",
    "The Plus plan has no custom roles, and there is 1: Reviewer. Delete them first.",
  ];
  expect(refused).toBe(sentences.join(" "));
  for (const sentence of sentences) await expect(misfits).toContainText(sentence);
  await expect(misfits).toContainText("Invitations that wait: p000@example.com, p001@example.com, p002@example.com and 7 more.");
  await expect(misfits).toContainText(/They are .+, .+, .+ and 1 more\./);
  await expect(change).toContainText("Everybody in a workspace becomes its Admin");
  const act = change.getByRole("button", { name: "Change plan" });
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await expect(act).toHaveAccessibleDescription("3 things do not fit this plan yet.");
  await checkAxe(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await checkAxe(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  // Each leads to where it is made to fit.
  await misfits.getByRole("link", { name: "Go to the members" }).click();
  await expect(page).toHaveURL(at(acme, "members"));
  const { pending } = await acme.members();
  await acme.call("DELETE", `/api/v1/orgs/current/members/${pending[0].id}/pending`);
  await page.goto(at(acme));
  change = await open();
  await expect(misfits.getByRole("listitem")).toHaveCount(2);
  await misfits.getByRole("link", { name: "Go to the roles" }).click();
  await expect(page).toHaveURL(at(acme, "roles"));
  await acme.call("DELETE", `/api/v1/orgs/current/roles/${role.id}`);
  const [workspace] = await acme.workspaces();
  await acme.call("DELETE", `/api/v1/workspaces/${workspace.id}`);
  await page.goto(at(acme));
  change = await open();
  await expect(change.getByRole("button", { name: "Change plan" })).not.toHaveAttribute("aria-disabled", "true");
  await expect(misfits).toBeHidden();
  await change.getByRole("button", { name: "Change plan" }).click();
  await expect(page.getByText("Acme is on Plus now.")).toBeVisible();
});

test("the team is reviewed before anything is paid: people go, others come, and the sum follows", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  const { id } = await acme.role("Organization User");
  const invite = (email: string) => acme.call("POST", "/api/v1/orgs/current/members/batch", { body: [{ email, role_id: id }] });
  await invite(bob.email);
  await (await api.signUp(bob)).accept(acme);
  await invite(carol.email);
  await signIn(page, ada);
  await page.goto(at(acme));
  await article(page, "Plus").getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  const team = steps.getByRole("table", { name: "Team members" });
  await expect(team.getByRole("row")).toHaveCount(4);
  await expect(steps.getByText("$117 a month", { exact: true })).toBeVisible();
  await expect(steps.getByText("3 seats × $39")).toBeVisible();
  // Somebody has to set it up.
  await expect(team.getByRole("button", { name: `Remove ${ada.email}` })).toHaveAttribute("aria-disabled", "true");
  await team.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await page.getByRole("alertdialog", { name: `Remove ${bob.email}?` }).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(team.getByRole("row")).toHaveCount(3);
  await team.getByRole("button", { name: `Revoke invitation to ${carol.email}` }).click();
  await page.getByRole("alertdialog", { name: `Revoke invitation to ${carol.email}?` }).getByRole("button", { name: "Revoke" }).click();
  await expect(steps.getByText("$39 a month", { exact: true })).toBeVisible();
  await steps.getByRole("button", { name: "Invite more people" }).click();
  const form = dialog(page, "Invite members");
  await form.getByRole("textbox", { name: "Emails" }).fill("dora@example.com");
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  await expect(team.getByRole("row").filter({ hasText: "dora@example.com" })).toBeVisible();
  await expect(steps.getByText("$78 a month", { exact: true })).toBeVisible();
  await checkAxe(page);
  expect((await acme.call("GET", "/api/v1/orgs/current/billing")).tier).toBe("no_plan");
});

test("a business with its address, tax ID by country and invoice email; then all of it is there afterwards", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  await signIn(page, ada);
  await page.goto(at(acme));
  await article(page, "Plus").getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  // The keyboard goes on where the step does, there and back.
  await expect(steps.getByRole("table", { name: "Team members" })).toContainText(ada.email);
  await steps.getByRole("button", { name: "Continue" }).focus();
  await page.keyboard.press("Enter");
  await expect(steps.getByRole("button", { name: "Use test card" })).toBeFocused();
  await steps.getByRole("button", { name: "Back" }).focus();
  await page.keyboard.press("Enter");
  await expect(steps.getByRole("button", { name: "Invite more people" })).toBeFocused();
  await steps.getByRole("button", { name: "Continue" }).click();
  await steps.getByRole("button", { name: "Use test card" }).click();
  // The button went; the focus is on what came in its place.
  await expect(steps.getByRole("paragraph").filter({ hasText: "Visa ending in 4242" })).toBeFocused();
  await steps.getByRole("checkbox", { name: "This is a business" }).check();
  const field = (name: string) => steps.getByRole("textbox", { name, exact: true });
  await field("Business name").fill("Acme GmbH");
  await field("City").fill("Berlin");
  await field("Invoice email").fill("nobody");
  await steps.getByRole("button", { name: "Subscribe" }).click();
  // Half an address is none, and what is wrong stands beside its field.
  await expect(field("Address")).toHaveAccessibleDescription("Enter the street and number.");
  await expect(field("Address")).toBeFocused();
  await expect(steps.getByRole("combobox", { name: "Country" })).toHaveAccessibleDescription("Choose the country.");
  await expect(field("Invoice email")).toHaveAccessibleDescription(/This is not an email address\./);
  await checkAxe(page);
  await field("Address").fill("1 Main Street");
  await field("Postal code").fill("10115");
  await choose(steps.getByRole("combobox", { name: "Country" }), "Germany");
  await field("Invoice email").fill("bills@acme.example");
  await expect(field("Tax ID")).toHaveAccessibleDescription(/The VAT number, such as DE123456789\./);
  await field("Tax ID").fill("123");
  await expect(field("Tax ID")).toHaveAccessibleDescription(/does not look like a VAT number/);
  await field("Tax ID").fill("DE123456789");
  await choose(steps.getByRole("combobox", { name: "Country" }), "Antarctica");
  await expect(field("Tax ID")).toHaveAccessibleDescription(/Leave it empty\./);
  await choose(steps.getByRole("combobox", { name: "Country" }), "Germany");
  await steps.getByRole("button", { name: "Subscribe" }).click();
  // Usable at once.
  await expect(steps).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();

  await page.goto(at(acme));
  const business = page.getByRole("region", { name: "Business information" });
  for (const part of ["Acme GmbH", "1 Main Street, 10115 Berlin, Germany", "DE123456789", "bills@acme.example"]) {
    await expect(business).toContainText(part);
  }
  await business.getByRole("button", { name: "Edit the business information" }).click();
  const form = dialog(page, "Business information");
  await expect(form.getByRole("textbox", { name: "Business name" })).toHaveValue("Acme GmbH");
  await form.getByRole("textbox", { name: "Invoice email" }).fill("more@acme.example");
  await form.getByRole("textbox", { name: "Tax ID" }).fill("");
  await checkAxe(page);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  await expect(business).toContainText("more@acme.example");
  await expect(business).not.toContainText("DE123456789");
  const kept = await acme.call("GET", "/api/v1/orgs/current/business-info");
  expect([kept.company_info.address.country, kept.tax_id, kept.invoice_email]).toEqual(["DE", null, "more@acme.example"]);
});

test("afterwards: the card, seats as a picture, cancelling with the keyboard and taking it back", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await acme.invite(many(3));
  await signIn(page, ada);
  await page.goto(at(acme));
  const card = page.getByRole("region", { name: "Payment method" });
  await expect(card).toContainText(/Visa ending in 4242, valid until 12\/20\d\d/);
  await card.getByRole("button", { name: "Replace the card" }).click();
  const another = dialog(page, "Change the card");
  await another.getByRole("button", { name: "Use test card" }).click();
  await expect(another.getByText("Test card, Visa ending in 4242")).toBeVisible();
  await checkAxe(page);
  await another.getByRole("button", { name: "Change the card" }).click();
  await expect(page.getByText("The card was changed.")).toBeVisible();
  const seats = page.getByRole("progressbar", { name: "Seats used" });
  await expect(seats).toHaveAttribute("value", "4");
  await expect(seats).toHaveAttribute("max", "10");
  await expect(seats).toHaveAttribute("aria-valuetext", "4 of 10, 6 free");

  await page.getByRole("button", { name: "Cancel the plan" }).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog", { name: "Cancel the Plus plan?" });
  await expect(question.getByRole("button", { name: "Keep the plan" })).toBeFocused();
  await expect(question.getByRole("listitem").first()).toContainText("everything works as before");
  await expect(question.getByRole("listitem")).toHaveCount(4);
  await checkAxe(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(question).toBeHidden();
  const banner = page.getByRole("region", { name: /^The plan ends on \w+ \d+, \d{4}$/ });
  await expect(banner).toContainText("Until then everything works as before.");
  await expect(page.getByRole("button", { name: "Cancel the plan" })).toHaveCount(0);
  expect((await acme.call("GET", "/api/v1/orgs/current")).has_cancelled).toBe(true);
  await acme.workspaces();
  await settled(page);
  await checkAxe(page);
  await banner.getByRole("button", { name: "Keep the plan" }).click();
  await expect(banner).toBeHidden();
  await expect(page.getByText("The Plus plan goes on.")).toBeVisible();
  expect((await acme.call("GET", "/api/v1/orgs/current")).has_cancelled).toBe(false);
  await page.setViewportSize({ width: 320, height: 700 });
  await fits(page);
  await checkAxe(page);
});

test("an Organization Operator has the forms, as an Admin has", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization Operator" });
  await signIn(page, bob);
  await page.goto(at(acme));
  await settled(page);
  const card = page.getByRole("region", { name: "Payment method" });
  await expect(card.getByRole("button", { name: "Replace the card" })).not.toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("region", { name: "Who to ask" })).toHaveCount(0);
  await page.getByRole("button", { name: "Cancel the plan" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel the plan" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
  expect((await acme.call("GET", "/api/v1/orgs/current")).has_cancelled).toBe(true);
});

for (const role of ["Organization User", "Organization Viewer"]) {
  test(`an ${role} sees the plan and who to ask, not the forms`, async ({ page, api }) => {
    const acme = await (await api.signUp(ada)).createOrganization("Acme");
    await acme.join(await api.signUp(carol), { role: "Organization Admin" });
    await acme.join(await api.signUp(bob), { role });
    await signIn(page, bob);
    await page.goto(at(acme));
    await expect(article(page, "Plus").getByText("Current plan")).toBeVisible();
    await expect(page.getByRole("progressbar", { name: "Seats used" })).toHaveAttribute("aria-valuetext", "3 of 10, 7 free");
    const admins = page.getByRole("region", { name: "Who to ask" }).getByRole("list", { name: "Organization Admins" });
    await expect(admins.getByRole("listitem")).toHaveCount(2);
    for (const one of [ada, carol]) {
      await expect(admins).toContainText(one.name);
      await expect(admins.getByRole("link", { name: `Write to ${one.email}` })).toHaveAttribute("href", `mailto:${one.email}`);
    }
    for (const form of ["Payment method", "Business information"]) await expect(page.getByRole("region", { name: form })).toHaveCount(0);
    await expect(page.getByRole("button", { name: /Cancel the plan|Replace the card|Edit/ })).toHaveCount(0);
    await checkAxe(page);
  });
}

test("an answer that is lost: the page asks again, and it is done once", async ({ api, server, startSite, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(LOST);
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  const asked: string[] = [];
  let silent: "plan" | "all" | "" = "plan";
  const site = await startSite({
    files: "dist",
    api: server.url,
    loses: (request) => {
      if (isPlan(request)) asked.push(request.headers["idempotency-key"] as string);
      const lost = isPlan(request) || (silent === "all" && request.url!.endsWith("/orgs/current/billing"));
      return silent !== "" && lost;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  await page.goto(at(acme));
  await article(page, "Plus").getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  await steps.getByRole("button", { name: "Continue" }).click();
  await steps.getByRole("button", { name: "Use test card" }).click();
  await expect(steps.getByText("Visa ending in 4242", { exact: false })).toBeVisible();
  silent = "all";
  await steps.getByRole("button", { name: "Subscribe" }).click();
  // It was done; nobody here can know.
  await expect(steps.getByRole("alert").filter({ hasText: "it is not known yet whether Acme is subscribed" })).toBeVisible();
  expect((await acme.call("GET", "/api/v1/orgs/current/billing")).tier).toBe("plus");
  const began = (await acme.call("GET", "/api/v1/orgs/current/billing")).current_plan.started_on;
  await checkAxe(page);
  silent = "";
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await expect(steps).toBeHidden();
  await expect(workspacePicker(page)).toBeVisible();
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(new Set(asked).size).toBe(1);
  expect((await acme.call("GET", "/api/v1/orgs/current/billing")).current_plan.started_on).toBe(began);
});

test("a lost answer that was no purchase is told as such; looking finds one that was", async ({ api, server, startSite, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(LOST);
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  let arrives = false;
  const site = await startSite({
    files: "dist",
    api: server.url,
    answer: (request, response) => {
      if (!isPlan(request) || arrives) return false;
      response.socket!.destroy();
      return true;
    },
    loses: isPlan,
  });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  await page.goto(at(acme));
  await article(page, "Plus").getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  await steps.getByRole("button", { name: "Continue" }).click();
  await steps.getByRole("button", { name: "Use test card" }).click();
  await expect(steps.getByText("Visa ending in 4242", { exact: false })).toBeVisible();
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await expect(steps.getByRole("alert").filter({ hasText: "No answer came, so the server was asked again: Acme is not subscribed." })).toBeVisible();
  arrives = true;
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await expect(steps).toBeHidden();
  await expect(workspacePicker(page)).toBeVisible();
});

test("a page that is closed half way leaves one subscription or none, and the next one says which", async ({ api, server, startSite, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  let reached = () => {};
  const arrived = new Promise<void>((done) => (reached = done));
  let holds = false;
  const site = await startSite({
    files: "dist",
    api: server.url,
    answer: (request) => {
      if (!isPlan(request) || !holds) return false;
      reached();
      return true;
    },
  });
  const first = await openBrowser({ baseURL: site.url });
  await signIn(first, ada);
  await first.goto(at(acme));
  await article(first, "Plus").getByRole("button", { name: "Subscribe" }).click();
  let steps = dialog(first, "Set up billing");
  await steps.getByRole("button", { name: "Continue" }).click();
  await steps.getByRole("button", { name: "Use test card" }).click();
  await expect(steps.getByText("Visa ending in 4242", { exact: false })).toBeVisible();
  holds = true;
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await arrived;
  await first.close();
  holds = false;
  // None: the page says so, and that the card is there.
  const second = await openBrowser({ baseURL: site.url });
  await signIn(second, ada);
  await second.goto(at(acme));
  await expect(second.getByRole("region", { name: "This organization is pending" })).toBeVisible();
  await article(second, "Plus").getByRole("button", { name: "Subscribe" }).click();
  steps = dialog(second, "Set up billing");
  await steps.getByRole("button", { name: "Continue" }).click();
  await expect(steps.getByText(/Visa ending in 4242, valid until .* is on file/)).toBeVisible();
  await steps.getByRole("button", { name: "Use another card" }).click();
  await expect(steps.getByRole("button", { name: "Use test card" })).toBeVisible();
  await steps.getByRole("button", { name: "Close" }).click();
  await article(second, "Plus").getByRole("button", { name: "Subscribe" }).click();
  await steps.getByRole("button", { name: "Continue" }).click();
  await steps.getByRole("button", { name: "Subscribe" }).dblclick();
  await expect(workspacePicker(second)).toBeVisible();
  await second.goto(at(acme));
  await expect(article(second, "Plus").getByText("Current plan")).toBeVisible();
});

test("closed while the answer is on its way: opened again the organization is on the plan, bought once", async ({ api, server, startSite, openBrowser }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  let answered = () => {};
  const held = new Promise<void>((done) => (answered = done));
  const asked: string[] = [];
  const site = await startSite({
    files: "dist",
    api: server.url,
    holds: (request) => {
      if (!isPlan(request)) return undefined;
      asked.push(request.headers["idempotency-key"] as string);
      answered();
      return new Promise(() => {});
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  await page.goto(at(acme));
  await article(page, "Plus").getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  await steps.getByRole("button", { name: "Continue" }).click();
  await steps.getByRole("button", { name: "Use test card" }).click();
  await expect(steps.getByText("Visa ending in 4242", { exact: false })).toBeVisible();
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await held;
  await page.close();
  const again = await page.context().newPage();
  await again.goto(at(acme));
  await expect(again.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();
  await expect(article(again, "Plus").getByText("Current plan")).toBeVisible();
  await settled(again);
  await expect(again.getByRole("region", { name: "This organization is pending" })).toHaveCount(0);
  await expect(again.getByRole("button", { name: /Subscribe|Set up billing/ })).toHaveCount(0);
  await expect(again.getByRole("dialog")).toHaveCount(0);
  await again.goto(`/o/${acme.id}`);
  await expect(workspacePicker(again)).toHaveAccessibleName("Workspace: Workspace 1");
  expect(asked).toHaveLength(1);
});

test("subscribing works as before for whoever has no wishes", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  await signIn(page, ada);
  await page.goto(at(acme));
  await subscribe(page);
  expect((await acme.call("GET", "/api/v1/orgs/current/business-info")).is_business).toBe(false);
});
