// A pending organization: every part of it but billing and its members leads to billing, and the API refuses the rest too.
import { ApiError, checkAxe, expect, person, signIn, test } from "./fixtures";

const ada = person("Ada");

test("a pending organization leads to billing, in the app and in the API", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  await signIn(page, ada);
  for (const path of ["", "/settings/workspaces", "/settings/roles", "/w/00000000-0000-4000-8000-000000000000"]) {
    await page.goto(`/o/${acme.id}${path}`);
    await expect(page.getByRole("heading", { level: 1, name: "Set up billing" })).toBeVisible();
    await expect(page).toHaveURL(`/o/${acme.id}/settings/billing`);
    await expect(page.getByText("This organization is pending", { exact: true })).toBeVisible();
  }
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(page.getByRole("table", { name: "Members" }).getByRole("row", { name: ada.email })).toBeVisible();

  const refused = [
    ["GET", "/api/v1/workspaces"],
    ["POST", "/api/v1/workspaces"],
    ["GET", "/api/v1/sessions"],
  ] as const;
  for (const [method, path] of refused) {
    const body = method === "POST" ? { display_name: "X" } : undefined;
    const error = await acme.call(method, path, { body }).catch((error) => error);
    expect(error, `${method} ${path}`).toBeInstanceOf(ApiError);
    expect([403, 422]).toContain(error.status);
  }
  const error = await acme.call("GET", "/api/v1/workspaces").catch((error) => error);
  expect(error.body.detail).toContain("pending");
});

test("subscribing with the keyboard alone, and twice pressed is once paid", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/billing`);
  const subscribe = page.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" });
  await subscribe.focus();
  await page.keyboard.press("Enter");
  const steps = page.getByRole("dialog", { name: "Set up billing" });
  await expect(steps).toBeVisible();
  await checkAxe(page);
  await expect(steps.getByRole("table", { name: "Team members" })).toContainText(ada.email);
  await steps.getByRole("button", { name: "Continue" }).focus();
  await page.keyboard.press("Enter");
  await expect(steps.getByText("This installation charges nobody.", { exact: false })).toBeVisible();
  const pay = steps.getByRole("button", { name: "Subscribe" });
  await expect(pay).toHaveAttribute("aria-disabled", "true");
  await expect(pay).toHaveAccessibleDescription("Add a card first.");
  await steps.getByRole("button", { name: "Use test card" }).focus();
  await page.keyboard.press("Enter");
  await expect(steps.getByText("Visa ending in 4242", { exact: false })).toBeVisible();
  await steps.getByRole("checkbox", { name: "This is a business" }).focus();
  await page.keyboard.press("Space");
  await expect(steps.getByRole("textbox", { name: "Business name" })).toBeVisible();
  await checkAxe(page);
  await pay.focus();
  await page.keyboard.press("Enter");
  await expect(steps.getByRole("textbox", { name: "Business name" })).toHaveAccessibleDescription(/Enter the name of the business/);
  await steps.getByRole("textbox", { name: "Business name" }).fill("Acme Corp");
  await pay.dblclick();
  await expect(steps).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  expect((await acme.call("GET", "/api/v1/orgs/current/info")).tier).toBe("plus");
  expect((await acme.call("GET", "/api/v1/orgs/current/business-info")).company_info.name).toBe("Acme Corp");
});
