// Invitations from a CSV file.
import { type Api, checkAxe, choose, dialog, expect, type Organization, type Page, person, type Server, settled, signIn, test } from "./fixtures";

const ada = person("Ada Lovelace");

async function open(page: Page, api: Api, server: Server, tier = "enterprise"): Promise<Organization> {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  await server.plan(acme.id, tier);
  await acme.addWorkspace("Research");
  await acme.addWorkspace("Sales West");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await dialog(page, "Invite members").getByRole("button", { name: "Import CSV" }).click();
  return acme;
}

const form = (page: Page) => dialog(page, "Import invitations");
const choosing = (page: Page, text: string, name = "people.csv") =>
  form(page).locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const preview = (page: Page) => form(page).getByRole("table", { name: "Preview" });

test("a file of invitations is previewed, its columns are guessed, and each gets the access that it names", async ({ page, api, server }) => {
  const acme = await open(page, api, server);
  await expect(form(page).getByRole("button", { name: /^Add/ })).toHaveAttribute("aria-disabled", "true");
  await choosing(
    page,
    "\ufeffName;E-mail;Org role;Workspaces;Workspace role\r\n" +
      "Bob;bob@example.com;Organization Viewer;\"Research; Sales West\";Viewer\r\n" +
      "Carol;Carol@Example.com;Admin;;\r\n" +
      "Dan;dan@example.com;;Research;\r\n",
  );
  await expect(form(page).getByRole("combobox", { name: "Email", exact: true }).locator("option:checked")).toHaveText("E-mail");
  await expect(form(page).getByRole("combobox", { name: "Organization role" }).locator("option:checked")).toHaveText("Org role");
  await expect(form(page)).toContainText("3 of 3 lines can be added.");
  await expect(preview(page).getByRole("row").nth(1).getByRole("cell")).toHaveText(["2", "bob@example.com", "Organization Viewer", "Research, Sales West", "Viewer"]);
  await expect(preview(page).getByRole("row").nth(3).getByRole("cell")).toHaveText(["4", "dan@example.com", "As the others", "Research", "As the others"]);
  await checkAxe(page);
  await form(page).getByRole("button", { name: "Add 3 people" }).click();
  await expect(form(page)).toBeHidden();
  const invite = dialog(page, "Invite members");
  await expect(invite).toContainText("3 to invite");
  await invite.getByRole("button", { name: "Send invitations" }).click();
  await expect(invite).toBeHidden();
  const { pending } = await acme.members();
  const names = new Map((await acme.workspaces()).map(({ id, display_name }) => [id, display_name]));
  const roles = new Map((await acme.roles()).map(({ id, display_name }) => [id, display_name]));
  const got = Object.fromEntries(
    pending.map((one) => [one.email, [roles.get(one.org_role_id ?? one.role_id), (one.workspace_ids ?? []).map((id: string) => names.get(id)).sort(), roles.get(one.workspace_role_id)]]),
  );
  expect(got["bob@example.com"]).toEqual(["Organization Viewer", ["Research", "Sales West"], "Viewer"]);
  expect(got["carol@example.com"][0]).toBe("Organization Admin");
  expect(got["dan@example.com"].slice(0, 2)).toEqual(["Organization User", ["Research"]]);
});

test("each line that is wrong is named with its reason, and the others can be added", async ({ page, api, server }) => {
  await open(page, api, server);
  await choosing(
    page,
    "email,role,workspaces,workspace role\nbob@example.com,Emperor,,\nnobody,,,\ncarol@example.com,,Elsewhere,\ndan@example.com,,Research,Viewer\ndan@example.com,,,\neve@example.com,,\"Research",
  );
  await expect(form(page)).toContainText("1 of 6 lines can be added.");
  await expect(form(page).getByRole("list", { name: "Lines that are left out" }).getByRole("listitem")).toHaveText([
    "Line 2: There is no organization role “Emperor”.",
    "Line 3: “nobody” is not an email address.",
    "Line 4: There is no workspace “Elsewhere”.",
    "Line 6: dan@example.com is in line 5 already.",
    "Line 7: A quotation mark in this line is never closed; the rest of the file is in it.",
  ]);
  await checkAxe(page);
  await form(page).getByRole("button", { name: "Add 1 person" }).click();
  const invite = dialog(page, "Invite members");
  await expect(invite).toContainText("1 to invite");
  await expect(invite.getByRole("button", { name: "Import CSV" })).toBeFocused();
});

test("the mapping can be changed, and a file without headings or with tabs is read too", async ({ page, api, server }) => {
  await open(page, api, server);
  await choosing(page, "bob@example.com\tsales@example.com\tOrganization Viewer\n", "people.tsv");
  await expect(form(page).getByRole("combobox", { name: "Email", exact: true }).locator("option:checked")).toHaveText("Column 1");
  await choose(form(page).getByRole("combobox", { name: "Email", exact: true }), "Column 2");
  await choose(form(page).getByRole("combobox", { name: "Organization role" }), "Column 3");
  await expect(preview(page).getByRole("row").nth(1).getByRole("cell").nth(1)).toHaveText("sales@example.com");
  await expect(preview(page).getByRole("row").nth(1).getByRole("cell").nth(2)).toHaveText("Organization Viewer");
  // A column holds one thing.
  await choose(form(page).getByRole("combobox", { name: "Workspaces" }), "Column 2");
  await expect(form(page)).toContainText("0 of 1 lines can be added.");
  await choosing(page, "\u0000\u0001", "people.xlsx");
  await expect(form(page).getByRole("alert").filter({ hasText: "people.xlsx is no text." })).toBeVisible();
});

test("what the invite dialog knows of an address holds for imported ones", async ({ page, api, server }) => {
  await open(page, api, server);
  await choosing(page, `email\n${ada.email}\nbob@example.com\n`);
  await form(page).getByRole("button", { name: "Add 2 people" }).click();
  const invite = dialog(page, "Invite members");
  await expect(invite).toContainText("1 to invite; 1 needs a look");
  await invite.getByRole("button", { name: "Send invitations" }).click();
  await expect(invite).toContainText(`${ada.email} is already a member.`);
});

test("an Operator cannot import an Organization Admin", async ({ page, api, server }) => {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  const bob = person("Bob Ross");
  await acme.join(await api.signUp(bob), { role: "Organization Operator" });
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await dialog(page, "Invite members").getByRole("button", { name: "Import CSV" }).click();
  await choosing(page, "email,role\nx@example.com,Admin\ny@example.com,User\n");
  await expect(form(page).getByRole("list", { name: "Lines that are left out" })).toContainText(
    "Line 2: An Operator cannot invite an Organization Admin or Operator.",
  );
  await expect(form(page).getByRole("button", { name: "Add 1 person" })).toBeVisible();
});
