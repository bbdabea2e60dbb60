// Billing through Stripe in the browser, against localstripe: Stripe's own card field, a refused card, a lost answer.
import { LocalStripe, whyNoStripe } from "./localstripe";
import { Api, checkAxe, choose, dialog, expect, type Organization, type Page, person, Server, settled, signIn, test as base, workspacePicker } from "./fixtures";

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
  await pay.dblclick();
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
    await steps.getByRole("button", { name: "Subscribe" }).click();
    await expect(workspacePicker(page)).toBeVisible({ timeout: 5_000 });
  }).toPass();
  expect(lost).toBeGreaterThan(1);
  expect((await stripe.subscriptions()).map((one) => one.status)).toEqual(["active"]);
});

test("a failed payment has its banner, and another card pays", async ({ page, api, stripe }) => {
  const acme = await (await api.signUp(ada)).createPendingOrganization("Acme");
  const steps = await openCard(page, acme);
  await enterHolder(page);
  await enterCard(page, GOOD);
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await expect(workspacePicker(page)).toBeVisible();
  // A card without money, then an invoice.
  const change = async (number: string) => {
    await page.goto(at(acme));
    await page.getByRole("region", { name: "Payment method" }).getByRole("button", { name: "Replace the card" }).click();
    await expect(page.getByPlaceholder("number")).toBeVisible();
    await enterCard(page, number);
    await enterHolder(page);
    await dialog(page, "Change the card").getByRole("button", { name: "Change the card" }).click();
    await expect(dialog(page, "Change the card")).toBeHidden();
  };
  await change(EMPTY);
  await expect(page.getByRole("region", { name: "Payment method" })).toContainText("ending in 0341");
  const [subscription] = await stripe.subscriptions();
  const invoice = await stripe.call("POST", "/v1/invoices", { customer: subscription.customer, subscription: subscription.id });
  await stripe.call("POST", `/v1/invoices/${invoice.id}/pay`, {});
  const banner = page.getByRole("region", { name: "The last payment failed" });
  await expect(async () => {
    await page.reload();
    await expect(banner).toContainText("Change the card before the organization is switched off.", { timeout: 2_000 });
  }).toPass();
  await settled(page);
  await checkAxe(page);
  // It works as before meanwhile.
  await acme.workspaces();
  await banner.getByRole("button", { name: "Change the card" }).click();
  await expect(page.getByPlaceholder("number")).toBeVisible();
  await enterCard(page, GOOD);
  await enterHolder(page);
  await dialog(page, "Change the card").getByRole("button", { name: "Change the card" }).click();
  await expect(dialog(page, "Change the card")).toBeHidden();
  expect((await stripe.subscriptions())[0].status).toBe("active");
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "Usage and billing" })).toBeVisible();
    await settled(page);
    await expect(banner).toBeHidden({ timeout: 2_000 });
  }).toPass();
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
