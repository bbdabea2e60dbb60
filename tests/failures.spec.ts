// What a person meets when something fails: a sentence, what was typed still there, and nothing twice.
import { expect, memberRow, person, signIn, test } from "./fixtures";

const ada = person("Ada");

test("without a network a form says so, keeps what was typed, and works when it is back", async ({ page, api, context, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_INTERNET_DISCONNECTED/);
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/workspaces`);
  await page.getByRole("button", { name: "Add workspace" }).click();
  const form = page.getByRole("dialog", { name: "Add workspace" });
  await form.getByRole("textbox", { name: "Workspace name" }).fill("Research");
  await context.setOffline(true);
  await form.getByRole("button", { name: "Add workspace" }).click();
  await expect(form.getByRole("alert").filter({ hasText: "The server cannot be reached." })).toBeVisible();
  await expect(form.getByRole("textbox", { name: "Workspace name" })).toHaveValue("Research");
  await context.setOffline(false);
  await form.getByRole("button", { name: "Add workspace" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole("table", { name: "Workspaces" }).getByRole("link", { name: "Research" })).toBeVisible();
  expect(await acme.workspaces()).toHaveLength(2);
});

test("a page that could not be loaded offers to try again", async ({ page, api, context, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_INTERNET_DISCONNECTED/);
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await signIn(page, ada);
  // The code of both pages is here; what is in them is asked for anew.
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(memberRow(page, ada.email)).toBeVisible();
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Usage and billing" }).click();
  await expect(page.getByRole("region", { name: "Payment method" })).toBeVisible();
  await context.setOffline(true);
  await main.getByRole("link", { name: "Members and roles" }).click();
  await expect(page.getByText("Could not load the members")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
});

test("a role that could not be changed says so, shows the old one, and can be tried again", async ({ page, api, context, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_INTERNET_DISCONNECTED/);
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const bob = person("Bob");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  const role = page.getByRole("combobox", { name: `Role of ${bob.email}` });
  await expect(role).toBeVisible();
  await role.selectOption("Organization Viewer");
  const question = page.getByRole("alertdialog", { name: `Change the role of ${bob.email}?` });
  await expect(question).toBeVisible();
  await context.setOffline(true);
  await question.getByRole("button", { name: "Change role" }).click();
  await expect(question.getByRole("alert").filter({ hasText: `The role of ${bob.email} was not changed.` })).toBeVisible();
  await expect(role.locator("option:checked")).toHaveText("Organization User");
  await context.setOffline(false);
  // The dialog is still there: pressing again is trying again.
  await question.getByRole("button", { name: "Change role" }).click();
  await expect(page.getByText(`${bob.email} is now Organization Viewer.`)).toBeVisible();
  await expect(role.locator("option:checked")).toHaveText("Organization Viewer");
});

test("removing somebody whom another admin removed says what happened", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const bob = person("Bob");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("button", { name: `Remove ${bob.email}` }).click();
  const question = page.getByRole("alertdialog", { name: `Remove ${bob.email}?` });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  const { members } = await acme.members();
  await acme.call("DELETE", `/api/v1/orgs/current/members/${members.find((one) => one.email === bob.email).id}`);
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(question.getByRole("alert").filter({ hasText: `Somebody else removed ${bob.email} from Acme` })).toBeVisible();
  await expect(question.getByRole("button", { name: "Close" }).last()).toBeFocused();
});
