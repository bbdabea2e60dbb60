// Billing through Stripe in the browser, against localstripe: Stripe's own card field, a refused card, a lost answer.
import type { IncomingMessage } from "node:http";
import { LocalStripe, whyNoStripe } from "./localstripe";
import {
  Api, ApiError, checkAxe, choose, dialog, expect, openDrawer, type Organization, type Page, person, Server, settled, signIn, test as base, workspacePicker,
} from "./fixtures";

const ada = person("Ada");
const at = (acme: Organization) => `/o/${acme.id}/settings/billing`;

const GOOD = "4242424242424242";
const REFUSED = "4000000000000002";
/** Can be added, and is refused when it is charged. */
const EMPTY = "4000000000000341";
/** Its bank asks the customer once. */
const ASKS = "4000002500003155";

const test = base.extend<{ stripe: LocalStripe }>({
  stripe: async ({}, use) => {
    const why = await whyNoStripe();
    base.skip(why !== "", why);
    const stripe = await LocalStripe.start();
    await use(stripe);
    await stripe.stop();
  },
  server: async ({ stripe }, use) => {
    const server = await Server.start({ environment: stripe.environment });
    await stripe.sendMessagesTo(server.url);
    await use(server);
    await server.stop();
  },
});

/** Types a card into localstripe's field, which has no frame around it. */
async function enterCard(page: Page, number: string) {
  const card = page.getByRole("group", { name: "Card" });
  await card.getByPlaceholder("number").fill(number);
  await card.getByPlaceholder("exp_month").fill("12");
  await card.getByPlaceholder("exp_year").fill("42");
  await card.getByPlaceholder("cvc").fill("123");
}

async function enterHolder(page: Page) {
  const form = page.getByRole("dialog");
  const fields = { "Name on the card": "Ada Lovelace", Address: "1 Main Street", City: "London", "Postal code": "N1" };
  for (const [name, value] of Object.entries(fields)) await form.getByRole("textbox", { name, exact: true }).fill(value);
  await choose(form.getByRole("combobox", { name: "Country" }), "United Kingdom");
}

/** Something that is waited for until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((done) => (open = done));
  return { open: () => open(), opened };
}

/** To the second step of "Set up billing". */
async function openCard(page: Page, acme: Organization) {
  await signIn(page, ada);
  await page.goto(at(acme));
  await page.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  await steps.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByPlaceholder("number")).toBeVisible();
  return steps;
}

/** From the plans to a usable organization, with a good card. */
async function pay(page: Page, acme: Organization) {
  const steps = await openCard(page, acme);
  await enterHolder(page);
  await enterCard(page, GOOD);
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await expect(workspacePicker(page)).toBeVisible();
}

/** In "Change the card", wherever it was opened from. */
async function giveCard(page: Page, number: string) {
  const change = dialog(page, "Change the card");
  await expect(page.getByPlaceholder("number")).toBeVisible();
  await enterCard(page, number);
  await enterHolder(page);
  await change.getByRole("button", { name: "Change the card" }).click();
  await expect(change).toBeHidden();
}

/** A card without money, then an invoice: Stripe says that the payment failed. */
async function failToPay(page: Page, acme: Organization, stripe: LocalStripe) {
  await page.goto(at(acme));
  const card = page.getByRole("region", { name: "Payment method" });
  await card.getByRole("button", { name: "Replace the card" }).click();
  await giveCard(page, EMPTY);
  await expect(card).toContainText("ending in 0341");
  const [subscription] = await stripe.subscriptions();
  const invoice = await stripe.call("POST", "/v1/invoices", { customer: subscription.customer, subscription: subscription.id });
  await stripe.call("POST", `/v1/invoices/${invoice.id}/pay`, {});
}

/** Loads the page again until it shows what a message from Stripe brings. */
async function untilTold(page: Page, told: () => Promise<void>) {
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await settled(page);
    await told();
  }).toPass();
}

/** The organization is on Plus, was paid for once, and nothing asks to pay again. */
async function isPaidOnce(page: Page, acme: Organization, stripe: LocalStripe) {
  await page.goto(at(acme));
  await expect(page.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();
  await expect(page.getByRole("article", { name: "Plus" }).getByText("Current plan")).toBeVisible();
  await expect(page.getByRole("region", { name: "Payment method" })).toContainText("Visa ending in 4242");
  await settled(page);
  await expect(page.getByRole("region", { name: "This organization is pending" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /Subscribe|Set up billing/ })).toHaveCount(0);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect((await stripe.subscriptions()).map((one) => [one.status, one.items.data[0].quantity])).toEqual([["active", 1]]);
  expect((await stripe.call("GET", "/v1/charges")).data.map((one: any) => [one.status, one.amount])).toEqual([["succeeded", 3900]]);
}

const isPlan = (request: IncomingMessage) => request.method === "POST" && request.url!.endsWith("/orgs/current/plan");

const alert = (page: Page, text: string) => page.getByRole("alert").filter({ hasText: text });

test("a refused card buys nothing and says so; another one makes one subscription", async ({ page, api, server, stripe }) => {
  const sent: string[] = [];
  page.on("request", (one) => one.url().startsWith(server.url) && sent.push(one.url() + (one.postData() ?? "")));
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  const steps = await openCard(page, acme);
  const pay = steps.getByRole("button", { name: "Subscribe" });
  // What is missing stands beside its field.
  await pay.click();
  await expect(steps.getByRole("textbox", { name: "Name on the card" })).toHaveAccessibleDescription("Enter the name that stands on the card.");
  await enterHolder(page);
  await enterCard(page, REFUSED);
  await checkAxe(page);
  await pay.click();
  await expect(alert(page, "Your card was declined. Nothing was charged.")).toBeVisible();
  expect(await stripe.subscriptions()).toEqual([]);
  await checkAxe(page);
  // What was typed stayed. This one can be added, and its bank pays nothing.
  await expect(steps.getByRole("textbox", { name: "Name on the card" })).toHaveValue("Ada Lovelace");
  await enterCard(page, EMPTY);
  await pay.click();
  await expect(alert(page, "Acme is not subscribed, and nothing was bought.")).toBeVisible();
  expect(await stripe.subscriptions()).toEqual([]);
  expect((await acme.call("GET", "/api/v1/orgs/current/billing")).tier).toBe("no_plan");
  await steps.getByRole("button", { name: "Use another card" }).or(page.getByPlaceholder("number")).first().click();
  await expect(page.getByPlaceholder("number")).toBeVisible();
  await enterCard(page, GOOD);
  await enterHolder(page);
  await pay.evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await expect(steps).toBeHidden();
  await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: Workspace 1");
  const all = await stripe.subscriptions();
  expect(all.map((one) => [one.status, one.items.data[0].quantity])).toEqual([["active", 1]]);
  const [customer] = (await stripe.call("GET", "/v1/customers")).data;
  expect([customer.name, customer.address.country]).toEqual(["Ada Lovelace", "GB"]);
  await page.goto(at(acme));
  await expect(page.getByRole("region", { name: "Payment method" })).toContainText("Visa ending in 4242, valid until 12/2042");
  // No card number, expiry or check code went to Atrium: what stands for the card did.
  expect(sent.some((one) => one.includes("seti_"))).toBe(true);
  for (const never of [GOOD, EMPTY, REFUSED, "exp_month", "exp_year", "cvc"]) expect(sent.join("\n")).not.toContain(never);
});

test("an answer that is lost ends in one subscription", async ({ api, server, stripe, startSite, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_(EMPTY_RESPONSE|CONNECTION_(RESET|CLOSED))/);
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  let lost = 0;
  const site = await startSite({
    files: "dist",
    api: server.url,
    loses: (request) => request.method === "POST" && /\/(plan|payment-method)$/.test(request.url!) && lost++ < 4,
  });
  const page = await openBrowser({ baseURL: site.url });
  const steps = await openCard(page, acme);
  await enterHolder(page);
  await enterCard(page, GOOD);
  await expect(async () => {
    if (await workspacePicker(page).isVisible()) return;
    await steps.getByRole("button", { name: "Subscribe" }).click({ timeout: 1_000 });
    await expect(workspacePicker(page)).toBeVisible({ timeout: 5_000 });
  }).toPass();
  expect(lost).toBeGreaterThan(1);
  expect((await stripe.subscriptions()).map((one) => one.status)).toEqual(["active"]);
});

test("a failed payment has its banner, and another card pays", async ({ page, api, stripe }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  await pay(page, acme);
  await failToPay(page, acme, stripe);
  const banner = page.getByRole("region", { name: "The last payment failed" });
  await untilTold(page, () => expect(banner).toContainText("Change the card before the organization is switched off.", { timeout: 2_000 }));
  await checkAxe(page);
  // It works as before meanwhile.
  await acme.workspaces();
  await banner.getByRole("button", { name: "Change the card" }).click();
  await giveCard(page, GOOD);
  expect((await stripe.subscriptions())[0].status).toBe("active");
  await untilTold(page, () => expect(banner).toBeHidden({ timeout: 2_000 }));
});

test("given up by Stripe: the banner, the drawer and what is refused say the same, and another card ends it", async ({ stripe, startSite, startServer, openBrowser }) => {
  // localstripe never gives up by itself. This one does at once.
  const strict = await startSite({ api: stripe.url, change: (body) => body.replaceAll(/("status": *)"past_due"/g, '$1"unpaid"') });
  const server = await startServer({ environment: { ...stripe.environment, STRIPE_API_BASE: strict.url } });
  await stripe.sendMessagesTo(server.url);
  const page = await openBrowser({ baseURL: server.url });
  const acme = await (await new Api(server.url).signUp(ada)).createPendingOrganization("Acme");
  await pay(page, acme);
  const [before] = await acme.workspaces();
  await failToPay(page, acme, stripe);
  const banner = page.getByRole("region", { name: "This organization is switched off" });
  const step = "Settle its billing to use it.";
  const reason = "The payments failed, and the organization is switched off. Change the card to go on.";
  await untilTold(page, () => expect(banner).toContainText(`${step} ${reason}`, { timeout: 2_000 }));
  await checkAxe(page);
  // What is refused says it in the same words.
  const refused = await acme.workspaces().catch((error) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect([refused.status, refused.body.detail]).toEqual([403, `This organization is switched off. ${step}`]);
  for (const path of ["", `/w/${before.id}`, `/w/${before.id}/datasets`, "/settings/workspaces"]) {
    await page.goto(`/o/${acme.id}${path}`);
    await expect(page).toHaveURL(at(acme));
    await expect(banner).toContainText(`${step} ${reason}`);
  }
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(banner).toContainText(step);
  await banner.getByRole("link", { name: "Go to billing" }).click();
  await expect(page).toHaveURL(at(acme));
  const drawer = await openDrawer(page);
  const listed = drawer.getByRole("list", { name: "Shared" }).getByRole("listitem");
  await expect(listed).toContainText("Switched off");
  await expect(listed).toContainText(reason);
  await page.keyboard.press("Escape");
  await banner.getByRole("button", { name: "Change the card" }).click();
  await giveCard(page, GOOD);
  expect((await stripe.subscriptions()).map((one) => one.status)).toEqual(["active"]);
  await untilTold(page, () => expect(banner).toBeHidden({ timeout: 2_000 }));
  await acme.workspaces();
  await page.goto(`/o/${acme.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  await expect(banner).toHaveCount(0);
});

test("cancelling ends the subscription at Stripe with the paid period; keeping the plan takes that back", async ({ page, api, stripe }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  await pay(page, acme);
  const [{ id, current_period_end }] = await stripe.subscriptions();
  const day = new Date(current_period_end * 1000).toLocaleDateString("en-US", { dateStyle: "medium", timeZone: "UTC" });
  const ends = async () => (await stripe.subscriptions()).map((one) => [one.id, one.status, one.cancel_at_period_end]);
  await page.goto(at(acme));
  await page.getByRole("button", { name: "Cancel the plan" }).click();
  const question = page.getByRole("alertdialog", { name: "Cancel the Plus plan?" });
  await expect(question).toContainText(`Until ${day}, the end of the month that is paid, everything works as before.`);
  // Not yet.
  expect(await ends()).toEqual([[id, "active", false]]);
  await question.getByRole("button", { name: "Cancel the plan" }).click();
  await expect(question).toBeHidden();
  const banner = page.getByRole("region", { name: `The plan ends on ${day}` });
  await expect(banner).toContainText("Until then everything works as before.");
  await expect(banner).toContainText("After it the organization is pending");
  expect(await ends()).toEqual([[id, "active", true]]);
  await acme.workspaces();
  // Stripe's own message about it changes nothing of that, and neither does another look.
  await page.reload();
  await expect(banner).toBeVisible();
  await settled(page);
  await checkAxe(page);
  await banner.getByRole("button", { name: "Keep the plan" }).click();
  await expect(page.getByText("The Plus plan goes on.")).toBeVisible();
  await expect(banner).toBeHidden();
  await expect(page.getByRole("button", { name: "Cancel the plan" })).toBeVisible();
  expect(await ends()).toEqual([[id, "active", false]]);
  await page.reload();
  await isPaidOnce(page, acme, stripe);
  await expect(banner).toHaveCount(0);
});

test("closed before anything was sent: the organization is pending still, and nothing was bought", async ({ page, api, stripe }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  await openCard(page, acme);
  await enterHolder(page);
  await enterCard(page, GOOD);
  await page.close();
  const again = await page.context().newPage();
  await again.goto(at(acme));
  await expect(again.getByRole("region", { name: "This organization is pending" })).toContainText("Nothing is charged before you subscribe.");
  await expect(again.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" })).toBeVisible();
  await expect(again.getByText("Current plan")).toHaveCount(0);
  const billing = await acme.call("GET", "/api/v1/orgs/current/billing");
  expect([billing.tier, billing.payment_method]).toEqual(["no_plan", null]);
  expect(await stripe.subscriptions()).toEqual([]);
  expect((await stripe.call("GET", "/v1/charges")).data).toEqual([]);
});

test("closed while the answer is on its way: opened again the organization is on the plan, paid once", async ({ api, server, stripe, startSite, openBrowser }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  const answered = gate();
  const site = await startSite({
    files: "dist",
    api: server.url,
    holds: (request) => {
      if (!isPlan(request)) return undefined;
      answered.open();
      return new Promise(() => {});
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  const steps = await openCard(page, acme);
  await enterHolder(page);
  await enterCard(page, GOOD);
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await answered.opened;
  await expect(steps).toBeVisible();
  await page.close();
  await isPaidOnce(await page.context().newPage(), acme, stripe);
});

test("closed while Stripe takes its time: the purchase comes to its end, and opened again it is paid once", async ({ stripe, startSite, startServer, openBrowser }) => {
  const [asked, answers] = [gate(), gate()];
  const slow = await startSite({
    api: stripe.url,
    holds: (request) => {
      if (request.method !== "POST" || request.url !== "/v1/subscriptions") return undefined;
      asked.open();
      return answers.opened;
    },
  });
  const server = await startServer({ environment: { ...stripe.environment, STRIPE_API_BASE: slow.url } });
  await stripe.sendMessagesTo(server.url);
  const page = await openBrowser({ baseURL: server.url });
  const acme = await (await new Api(server.url).signUp(ada)).createPendingOrganization("Acme");
  const steps = await openCard(page, acme);
  await enterHolder(page);
  await enterCard(page, GOOD);
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await asked.opened;
  await page.close();
  // Nobody waits for the answer any more when Stripe gives its own.
  answers.open();
  await expect.poll(async () => (await acme.call("GET", "/api/v1/orgs/current/billing")).tier).toBe("plus");
  const again = await page.context().newPage();
  await isPaidOnce(again, acme, stripe);
  await again.goto(`/o/${acme.id}`);
  await expect(workspacePicker(again)).toHaveAccessibleName("Workspace: Workspace 1");
});

test("a bank that asks its customer is over the dialog, and what is answered there counts", async ({ page, api, stripe }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  const steps = await openCard(page, acme);
  await enterHolder(page);
  await enterCard(page, ASKS);
  const pay = steps.getByRole("button", { name: "Subscribe" });
  await pay.click();
  await page.getByRole("button", { name: "Fail authentication" }).click();
  await expect(alert(page, "The card was refused:")).toBeVisible();
  expect(await stripe.subscriptions()).toEqual([]);
  // The dialog is what it was: the page behind it is out of reach.
  expect(await steps.evaluate((dialog) => dialog.matches(":modal"))).toBe(true);
  await expect(pay).toBeFocused();
  await pay.click();
  await page.getByRole("button", { name: "Complete authentication" }).click();
  // The card is kept now. At localstripe this one's bank asks before each payment, too: nothing is bought.
  await expect(alert(page, "Its bank wants the payment confirmed.")).toBeVisible();
  await expect(alert(page, "Acme is not subscribed, and nothing was bought.")).toBeVisible();
  expect((await acme.call("GET", "/api/v1/orgs/current/billing")).payment_method.last4).toBe("3155");
  expect((await stripe.subscriptions()).filter((one) => one.status === "active")).toEqual([]);
});

test("the policy opens for Stripe's script where the server bills through it, and nowhere else", async ({ server, stripe, startServer }) => {
  const policy = async (url: string) => (await fetch(`${url}/login`)).headers.get("content-security-policy")!;
  const part = (policy: string, name: string) => policy.split("; ").find((part) => part.startsWith(name)) ?? "";
  const open = await policy(server.url);
  for (const name of ["script-src", "frame-src", "connect-src"]) expect(part(open, name), name).toContain(stripe.url);
  const other = await startServer({});
  const shut = await policy(other.url);
  expect(shut).not.toContain("http://127.0.0.1");
  expect(shut).not.toContain("stripe");
});

test("a card field that cannot be loaded says so, and can be tried again", async ({ startServer, openBrowser, stripe }) => {
  const gone = await startServer({ environment: { ...stripe.environment, STRIPE_JS_URL: `${stripe.url}/js.stripe.com/v3/nothing.js` } });
  const acme = await (await new Api(gone.url).signUp(ada)).createPendingOrganization("Acme");
  const page = await openBrowser({ baseURL: gone.url });
  await signIn(page, ada);
  await page.goto(at(acme));
  await page.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  await steps.getByRole("button", { name: "Continue" }).click();
  await expect(alert(page, "The card field could not be loaded from the payment provider.")).toBeVisible();
  await expect(steps.getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(steps.getByRole("button", { name: "Subscribe" })).toHaveAccessibleDescription("Add a card first.");
});
