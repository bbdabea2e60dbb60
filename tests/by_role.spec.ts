// The settings as somebody who is no Organization Admin: what each role is shown, what is not theirs and
// why, and that the server holds to it. What it takes is in the tables of operations and roles.
import type { Locator } from "@playwright/test";
import {
  type Account, type Api, checkAxe, choose, dialog, enterprise, expect, memberRow, membersTable, type Organization, type Page, person,
  type Server, settled, signIn, test, type Workspace, workspacePicker,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");
const dora = person("Dora Maar");

const NOT_MANAGER = "Only an Organization Admin or Operator can do this. Ask one of them.";
const NOT_ITS_ADMIN = /^Your role in this workspace does not permit changing it\. Ask an Admin of the workspace\./;
const NOT_ITS_MANAGER = /^Your role in this workspace does not permit managing its members\. Ask an Admin of the workspace\./;

const anyDialog = (page: Page) => page.getByRole("dialog").or(page.getByRole("alertdialog"));
const message = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });
const info = "/api/v1/orgs/current/info";

/** What a page sends that would change something, from now on. */
function changes(page: Page) {
  const sent: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    // A session is renewed by itself.
    if (request.method() !== "GET" && pathname !== "/api/v1/session") sent.push(`${request.method()} ${pathname}`);
  });
  return sent;
}

/** A control is there, says why it is not for this person, and does nothing. */
async function isRefused(page: Page, control: Locator, why: string | RegExp) {
  await expect(control).toHaveAttribute("aria-disabled", "true");
  await expect(control).toHaveAccessibleDescription(typeof why === "string" ? new RegExp(why.replaceAll(".", "\\.")) : why);
  await control.press("Enter");
  await expect(anyDialog(page)).toHaveCount(0);
}

const isOffered = (control: Locator) => expect(control).not.toHaveAttribute("aria-disabled", "true");

/** Somebody joins, with a role in the organization and one in each of some workspaces. */
async function joins(acme: Organization, account: Account, role: string, inside: Record<string, string> = {}): Promise<Organization> {
  const theirs = await acme.join(account, { role, workspaces: [] });
  const { members } = await acme.members();
  const { id } = members.find(({ email }) => email === account.person.email);
  const all = await acme.workspaces();
  for (const [name, workspaceRole] of Object.entries(inside)) {
    const { id: workspace } = all.find(({ display_name }) => display_name === name)!;
    const body = { org_identity_id: id, role_id: (await acme.role(workspaceRole)).id };
    await acme.call("POST", "/api/v1/workspaces/current/members", { workspace, body });
  }
  return theirs;
}

/** Ada's Acme on Enterprise, with Research, Lab and Vault beside its first workspace; Dora is in Research and Lab. */
async function company(api: Api, server: Server) {
  const acme = await enterprise(api, server, ada);
  const [research, lab, vault] = [await acme.addWorkspace("Research"), await acme.addWorkspace("Lab"), await acme.addWorkspace("Vault")];
  await joins(acme, await api.signUp(dora), "Organization User", { Research: "Editor", Lab: "Viewer" });
  return { acme, research, lab, vault };
}

test.describe("the settings of an organization", () => {
  const name = (page: Page) => page.getByRole("textbox", { name: "Organization name" });
  const contact = (page: Page) => page.getByRole("textbox", { name: "Security contact" });
  const inviting = (page: Page) => page.getByRole("combobox", { name: "Who may invite people" });
  const box = (page: Page, label: string) => page.getByRole("checkbox", { name: label });
  const button = (page: Page, label: string) => page.getByRole("button", { name: label, exact: true });

  /** Ada's Acme, whose settings are not those of the beginning, and its settings as somebody of this role sees them. */
  async function open(page: Page, api: Api, role: string) {
    const acme = await (await api.signUp(ada)).createOrganization("Acme");
    await acme.call("PATCH", info, {
      body: { security_contact: "security@acme.example", workspace_admin_can_invite_to_org: true, pat_creation_disabled: true },
    });
    const theirs = await acme.join(await api.signUp(bob), { role });
    await signIn(page, bob);
    await page.goto(`/o/${acme.id}/settings/organization`);
    await settled(page);
    await expect(name(page)).toHaveValue("Acme");
    await expect(contact(page)).toHaveValue("security@acme.example");
    await expect(inviting(page)).toHaveValue("workspaces");
    await expect(box(page, "Nothing can be shared with the public")).not.toBeChecked();
    await expect(box(page, "Nobody makes personal API tokens")).toBeChecked();
    return { acme, theirs };
  }

  /** It is not deleted, by the button or by the API. */
  async function isNotDeleted(page: Page, acme: Organization, theirs: Organization) {
    await isRefused(page, button(page, "Delete this organization"), "Only an Organization Admin can delete an organization. Ask one of them.");
    await expect(theirs.call("DELETE", "/api/v1/orgs/current?name=Acme")).rejects.toMatchObject({ status: 403 });
    expect((await acme.call("GET", info)).display_name).toMatch(/^Acme/);
  }

  async function leaves(page: Page, acme: Organization, theirs: Organization, role: string) {
    await isOffered(button(page, "Leave this organization"));
    await button(page, "Leave this organization").click();
    const question = page.getByRole("alertdialog", { name: "Leave this organization?" });
    await expect(question).toContainText(`as ${role}, at once.`);
    await question.getByRole("button", { name: "Leave" }).click();
    await expect(page.getByText(/^You left Acme/)).toBeVisible();
    expect((await acme.members()).members.map(({ email }) => email)).toEqual([ada.email]);
    await expect(theirs.call("GET", info)).rejects.toMatchObject({ status: 403 });
  }

  for (const role of ["Organization User", "Organization Viewer"]) {
    test(`an ${role} reads all of them, changes none, does not delete it, and may leave`, async ({ page, api }) => {
      const { acme, theirs } = await open(page, api, role);
      const before = await acme.call("GET", info);
      const sent = changes(page);
      await name(page).fill("Mine");
      await name(page).press("Enter");
      for (const label of ["Save", "Stop sharing everything"]) await isRefused(page, button(page, label), NOT_MANAGER);
      await isRefused(page, inviting(page), NOT_MANAGER);
      await inviting(page).press("ArrowDown");
      await expect(inviting(page)).toHaveValue("workspaces");
      for (const [label, checked] of [["Nothing can be shared with the public", false], ["Nobody makes personal API tokens", true]] as const) {
        await isRefused(page, box(page, label), NOT_MANAGER);
        await box(page, label).press("Space");
        await expect(box(page, label)).toBeChecked({ checked });
      }
      await isNotDeleted(page, acme, theirs);
      await expect(theirs.call("PATCH", info, { body: { display_name: "Mine" } })).rejects.toMatchObject({ status: 403 });
      expect(sent).toEqual([]);
      expect(await acme.call("GET", info)).toEqual(before);
      await checkAxe(page);
      await leaves(page, acme, theirs, role);
    });
  }

  test("an Organization Operator changes all of them, does not delete it, and may leave", async ({ page, api }) => {
    const { acme, theirs } = await open(page, api, "Organization Operator");
    await name(page).fill("Acme Labs");
    await contact(page).fill("safety@acme.example");
    await button(page, "Save").click();
    await expect(message(page, "The organization was saved.")).toBeVisible();
    await inviting(page).selectOption({ label: "Nobody" });
    await expect(message(page, "Who may invite was saved.")).toBeVisible();
    await box(page, "Nothing can be shared with the public").check();
    await expect(message(page, "Sharing was saved.")).toBeVisible();
    await box(page, "Nobody makes personal API tokens").uncheck();
    await expect(message(page, "Personal API tokens were saved.")).toBeVisible();
    await button(page, "Stop sharing everything").click();
    await page.getByRole("alertdialog", { name: "Stop sharing everything?" }).getByRole("button", { name: "Stop sharing" }).click();
    await expect(message(page, "Nothing is shared with the public any more.")).toBeVisible();
    expect(await acme.call("GET", info)).toMatchObject({
      display_name: "Acme Labs", security_contact: "safety@acme.example", invites_enabled: false, public_sharing_disabled: true, pat_creation_disabled: false,
    });
    await isNotDeleted(page, acme, theirs);
    await checkAxe(page);
    await leaves(page, acme, theirs, "Organization Operator");
  });
});

test.describe("workspaces", () => {
  const picked = (page: Page) => page.getByRole("listbox", { name: "Workspaces" }).getByRole("option");
  const list = (page: Page) => page.getByRole("table", { name: "Workspaces" });
  const inList = (page: Page, name: string) => list(page).getByRole("row").filter({ hasText: name });
  const members = (page: Page) => page.getByRole("table", { name: "Workspace members" });
  const member = (page: Page, email: string) => members(page).getByRole("row").filter({ hasText: email });
  const invited = (page: Page, email: string) => page.getByRole("table", { name: "Invitations to this workspace" }).getByRole("row").filter({ hasText: email });
  const roleOf = (page: Page, email: string) => page.getByRole("combobox", { name: `Workspace role of ${email}` });
  const keys = (page: Page) => page.getByRole("table", { name: "API keys" });
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const createKey = (page: Page) => button(page, "Create API key").first();

  /** The picker has these and no others, in any order, and says why no other can be added where that is so. */
  async function pickerHas(page: Page, names: string[], why?: string) {
    await workspacePicker(page).click();
    await expect(picked(page)).toHaveCount(names.length);
    const found = await picked(page).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    expect(found.sort()).toEqual([...names].sort());
    const add = button(page, "Add workspace");
    if (why === undefined) {
      await isOffered(add);
    } else {
      await expect(page.getByText(why).filter({ visible: true })).toBeVisible();
      await isRefused(page, add, why);
    }
    await page.keyboard.press("Escape");
    await expect(picked(page)).toHaveCount(0);
  }

  /** Settings > Workspaces has these and no others, each with the person's role in it. */
  async function listHas(page: Page, acme: Organization, roles: Record<string, string>) {
    await page.goto(`/o/${acme.id}/settings/workspaces`);
    await settled(page);
    await expect(list(page).getByRole("row")).toHaveCount(Object.keys(roles).length + 1);
    for (const [name, role] of Object.entries(roles)) await expect(inList(page, name).getByRole("cell").nth(2)).toHaveText(role);
  }

  async function open(page: Page, acme: Organization, workspace: Workspace, tab = "") {
    await page.goto(`/o/${acme.id}/settings/workspaces/${workspace.id}${tab}`);
    await settled(page);
    await expect(page.getByRole("heading", { level: 1, name: workspace.display_name, exact: true })).toBeVisible();
  }

  /** A workspace that somebody was not added to: neither the page nor the API says anything of it. */
  async function isClosed(page: Page, acme: Organization, theirs: Organization, workspace: Workspace) {
    for (const tab of ["", "?tab=keys"]) {
      await page.goto(`/o/${acme.id}/settings/workspaces/${workspace.id}${tab}`);
      await expect(page.getByRole("heading", { name: "This workspace is not open to you" })).toBeVisible();
      await expect(page.getByText(workspace.display_name, { exact: true })).toHaveCount(0);
      for (const name of ["Rename workspace", "Delete workspace", "Add members", "Create API key"]) await expect(button(page, name)).toHaveCount(0);
    }
    await page.goto(`/o/${acme.id}/w/${workspace.id}`);
    await expect(page.getByRole("heading", { name: "You cannot enter this workspace" })).toBeVisible();
    const at = { workspace: workspace.id };
    await expect(theirs.call("PATCH", `/api/v1/workspaces/${workspace.id}`, { body: { display_name: "Mine" } })).rejects.toMatchObject({ status: 404 });
    for (const path of ["workspaces/current/members/active", "api-key", "sessions"]) {
      await expect(theirs.call("GET", `/api/v1/${path}`, at)).rejects.toMatchObject({ status: 403 });
    }
  }

  /** Members, settings and keys of a workspace are there to be read, and nothing of it is changed. */
  async function onlyReads(page: Page, acme: Organization, theirs: Organization, workspace: Workspace, whyNoKeys: string) {
    const key = await acme.call("POST", "/api/v1/api-key", { workspace: workspace.id, body: { description: "Nightly" } });
    await acme.call("POST", "/api/v1/workspaces/current/members/batch", { workspace: workspace.id, body: [{ email: "guest@example.com" }] });
    const people = async () => (await acme.call("GET", "/api/v1/workspaces/current/members", { workspace: workspace.id })) as { members: any[]; pending: any[] };
    const before = await people();
    await open(page, acme, workspace);
    const sent = changes(page);
    for (const name of ["Rename workspace", "Delete workspace"]) await isRefused(page, button(page, name), NOT_ITS_ADMIN);
    await isRefused(page, page.getByRole("combobox", { name: "Colour" }), NOT_ITS_ADMIN);
    await expect(member(page, ada.email)).toBeVisible();
    await expect(invited(page, "guest@example.com")).toBeVisible();
    const managing = [
      button(page, "Add members"), button(page, `Remove ${dora.email}`), roleOf(page, dora.email), button(page, "Revoke invitation to guest@example.com"),
    ];
    for (const control of managing) await isRefused(page, control, NOT_ITS_MANAGER);
    await isOffered(button(page, "Leave this workspace"));
    await checkAxe(page);
    await page.getByRole("tab", { name: "API keys" }).click();
    await expect(keys(page).getByRole("row").filter({ hasText: "Nightly" })).toBeVisible();
    for (const control of [createKey(page), button(page, "Delete the key Nightly")]) await isRefused(page, control, whyNoKeys);
    await checkAxe(page);
    expect(sent).toEqual([]);

    const { id } = before.members.find(({ email }) => email === dora.email);
    const [pending] = before.pending;
    const editor = await acme.role("Editor");
    for (const [method, path, body] of [
      ["PATCH", `workspaces/${workspace.id}`, { display_name: "Mine" }],
      ["DELETE", `workspaces/${workspace.id}`, undefined],
      ["POST", "workspaces/current/members/batch", [{ email: "new@example.com" }]],
      ["PATCH", `workspaces/current/members/${id}`, { role_id: editor.id }],
      ["DELETE", `workspaces/current/members/${id}`, undefined],
      ["DELETE", `workspaces/current/members/${pending.id}/pending`, undefined],
      ["POST", "api-key", { description: "Mine" }],
      ["DELETE", `api-key/${key.id}`, undefined],
    ] as const) {
      await expect(theirs.call(method, `/api/v1/${path}`, { workspace: workspace.id, body }), `${method} ${path}`).rejects.toMatchObject({ status: 403 });
    }
    expect(await people()).toEqual(before);
  }

  /** Creates a key by the page, and deletes it. */
  async function managesKeys(page: Page, acme: Organization, workspace: Workspace) {
    await open(page, acme, workspace, "?tab=keys");
    await createKey(page).click();
    const form = dialog(page, "Create API key");
    await form.getByRole("textbox", { name: "What it is for" }).fill("Trial");
    await form.getByRole("button", { name: "Create key" }).click();
    await form.getByRole("button", { name: "Done" }).click();
    await expect(keys(page).getByRole("row").filter({ hasText: "Trial" })).toBeVisible();
    await button(page, "Delete the key Trial").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete key" }).click();
    await expect(message(page, "The key Trial was deleted.")).toBeVisible();
  }

  /** Takes Dora out of a workspace where she is a Viewer, adds her again and gives her another role. */
  async function managesMembers(page: Page, acme: Organization, workspace: Workspace) {
    await open(page, acme, workspace);
    await button(page, `Remove ${dora.email}`).click();
    await expect(member(page, dora.email)).toHaveCount(0);
    await button(page, "Add members").click();
    const form = dialog(page, "Add members");
    await form.getByRole("checkbox", { name: dora.email }).check();
    await choose(form.getByRole("combobox", { name: "Workspace role" }), "Viewer");
    await form.getByRole("button", { name: "Add 1 person" }).click();
    await expect(roleOf(page, dora.email).locator("option:checked")).toHaveText("Viewer");
    await choose(roleOf(page, dora.email), "Editor");
    await expect(message(page, `${dora.email} is Editor in ${workspace.display_name} now.`)).toBeVisible();
    // An Organization Admin is out of reach.
    await isRefused(page, button(page, `Remove ${ada.email}`), "An Organization Admin is Admin of every workspace.");
    await expect(roleOf(page, ada.email)).toHaveCount(0);
  }

  test("an Organization Operator adds workspaces, and in those that there are does what the role in each permits", async ({ page, api, server }) => {
    test.setTimeout(120_000);
    const { acme, research, lab, vault } = await company(api, server);
    const theirs = await joins(acme, await api.signUp(bob), "Organization Operator", { Research: "Viewer", Lab: "Admin" });
    await signIn(page, bob);
    await page.goto(`/o/${acme.id}`);
    await settled(page);
    await pickerHas(page, ["Research", "Lab"]);
    // Whoever makes a workspace enters it as its Admin.
    await workspacePicker(page).click();
    await button(page, "Add workspace").click();
    const form = dialog(page, "Add workspace");
    await form.getByRole("textbox", { name: "Workspace name" }).fill("Voice");
    await form.getByRole("button", { name: "Add workspace" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Voice" })).toBeVisible();
    await pickerHas(page, ["Research", "Lab", "Voice"]);
    await listHas(page, acme, { Research: "Viewer", Lab: "Admin", Voice: "Admin" });
    for (const verb of ["Rename", "Delete"]) {
      for (const name of ["Lab", "Voice"]) await isOffered(button(page, `${verb} ${name}`));
      await isRefused(page, button(page, `${verb} Research`), NOT_ITS_ADMIN);
    }
    await isOffered(button(page, "Add workspace"));
    await button(page, "Delete Voice").click();
    const question = page.getByRole("alertdialog", { name: "Delete Voice?" });
    await question.getByRole("textbox").fill("Voice");
    await question.getByRole("button", { name: "Delete workspace" }).click();
    await expect(inList(page, "Voice")).toHaveCount(0);

    await managesMembers(page, acme, lab);
    // Whoever manages the organization invites somebody new from here, whatever its settings say of a workspace's Admin.
    await button(page, "Add members").click();
    await dialog(page, "Add members").getByRole("searchbox", { name: "Find people" }).fill("new@example.com");
    await page.keyboard.press("Enter");
    await dialog(page, "Add members").getByRole("button", { name: "Add 1 person" }).click();
    await expect(message(page, "1 person was invited to Lab.")).toBeVisible();
    expect((await acme.members()).pending).toMatchObject([{ email: "new@example.com", role_name: "Organization User" }]);
    await managesKeys(page, acme, lab);

    // Managing the organization gives nothing inside a workspace.
    await onlyReads(page, acme, theirs, research, "Only the Admin of a workspace makes and deletes its service keys.");
    await isClosed(page, acme, theirs, vault);
  });

  test("an Organization Viewer reads the workspaces that there are for them, and changes nothing", async ({ page, api, server }) => {
    test.setTimeout(120_000);
    const { acme, research, vault } = await company(api, server);
    const account = await api.signUp(bob);
    const theirs = await joins(acme, account, "Organization Viewer");
    await signIn(page, bob);
    // In none, there is nothing to pick.
    await page.goto(`/o/${acme.id}`);
    await expect(page.getByRole("heading", { name: "You are in no workspace yet" })).toBeVisible();
    await expect(page.getByRole("button", { name: /^Workspace: / })).toHaveCount(0);
    await page.goto(`/o/${acme.id}/settings/workspaces`);
    await expect(page.getByText("Ask an Organization Admin, or an Admin of a workspace, to add you to one.")).toBeVisible();
    await isRefused(page, button(page, "Add workspace"), NOT_MANAGER);
    await checkAxe(page);

    const { members } = await acme.members();
    const { id } = members.find(({ email }) => email === bob.email);
    await acme.call("POST", "/api/v1/workspaces/current/members", {
      workspace: research.id, body: { org_identity_id: id, role_id: (await acme.role("Viewer")).id },
    });
    await page.goto(`/o/${acme.id}`);
    await settled(page);
    await pickerHas(page, ["Research"], NOT_MANAGER);
    await listHas(page, acme, { Research: "Viewer" });
    for (const verb of ["Rename", "Delete"]) await isRefused(page, button(page, `${verb} Research`), NOT_ITS_ADMIN);
    await isRefused(page, button(page, "Add workspace"), NOT_MANAGER);
    await expect(theirs.addWorkspace("Mine")).rejects.toMatchObject({ status: 403 });
    await onlyReads(page, acme, theirs, research, "An Organization Viewer makes and deletes no service keys.");
    await isClosed(page, acme, theirs, vault);
  });

  test("an Organization Viewer who is Admin of a workspace manages it, and makes no keys all the same", async ({ page, api, server }) => {
    test.setTimeout(90_000);
    const { acme, lab } = await company(api, server);
    const theirs = await joins(acme, await api.signUp(bob), "Organization Viewer", { Lab: "Admin" });
    await signIn(page, bob);
    await listHas(page, acme, { Lab: "Admin" });
    for (const verb of ["Rename", "Delete"]) await isOffered(button(page, `${verb} Lab`));
    await isRefused(page, button(page, "Add workspace"), NOT_MANAGER);
    await managesMembers(page, acme, lab);
    await page.getByRole("tab", { name: "API keys" }).click();
    await isRefused(page, createKey(page), "An Organization Viewer makes and deletes no service keys.");
    await expect(theirs.call("POST", "/api/v1/api-key", { workspace: lab.id, body: { description: "Mine" } })).rejects.toMatchObject({ status: 403 });
  });

  test("an Organization User who is Admin of one workspace manages that one, and reads the other", async ({ page, api, server }) => {
    test.setTimeout(120_000);
    const { acme, research, lab, vault } = await company(api, server);
    const theirs = await joins(acme, await api.signUp(bob), "Organization User", { Research: "Editor", Lab: "Admin" });
    await signIn(page, bob);
    await page.goto(`/o/${acme.id}`);
    await settled(page);
    await pickerHas(page, ["Research", "Lab"], NOT_MANAGER);
    await listHas(page, acme, { Research: "Editor", Lab: "Admin" });
    await isRefused(page, button(page, "Add workspace"), NOT_MANAGER);
    for (const verb of ["Rename", "Delete"]) {
      await isOffered(button(page, `${verb} Lab`));
      await isRefused(page, button(page, `${verb} Research`), NOT_ITS_ADMIN);
    }
    await button(page, "Rename Lab").click();
    const form = dialog(page, "Rename workspace");
    await form.getByRole("textbox", { name: "Workspace name" }).fill("Laboratory");
    await form.getByRole("button", { name: "Rename" }).click();
    await expect(inList(page, "Laboratory")).toBeVisible();
    const laboratory = { ...lab, display_name: "Laboratory" };
    await managesMembers(page, acme, laboratory);
    await managesKeys(page, acme, laboratory);
    // Who is invited as an Organization Admin is none of theirs.
    await acme.invite("chief@example.com", { role: "Organization Admin", workspaces: ["Laboratory"] });
    await open(page, acme, laboratory);
    await button(page, "Revoke invitation to chief@example.com").click();
    await expect(page.getByRole("alert").filter({ hasText: "The invitation of chief@example.com was not revoked. Only an Organization Admin" })).toBeVisible();
    await expect(invited(page, "chief@example.com")).toBeVisible();
    await acme.call("DELETE", `/api/v1/orgs/current/members/${(await acme.members()).pending[0].id}/pending`);

    await onlyReads(page, acme, theirs, research, "Only the Admin of a workspace makes and deletes its service keys.");
    await isClosed(page, acme, theirs, vault);
  });
});

test.describe("the audit log", () => {
  const table = (page: Page) => page.getByRole("table", { name: "Audit log", exact: true });
  const path = "/api/v1/audit-logs?start_time=2020-01-01T00:00:00Z&end_time=2040-01-01T00:00:00Z";

  /** Opens the page; gives what it asked the audit log. */
  async function open(page: Page, acme: Organization) {
    const asked: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/api/v1/audit-logs") asked.push(request.url());
    });
    await signIn(page, bob);
    await page.goto(`/o/${acme.id}/settings/organization`);
    await settled(page);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit log" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
    await settled(page);
    return asked;
  }

  test("an Organization Operator reads it, filters it and exports it, their own changes among the others", async ({ page, api, server }) => {
    const acme = await enterprise(api, server, ada);
    await acme.addWorkspace("Research");
    const theirs = await acme.join(await api.signUp(bob), { role: "Organization Operator", workspaces: [] });
    await theirs.addWorkspace("Voice");
    await open(page, acme);
    const entry = (text: string) => table(page).getByRole("row").filter({ hasText: text });
    await expect(entry("Voice").filter({ hasText: bob.email })).toContainText("Added a workspace");
    // What was done in a workspace that is not open to them is there, since it was done in the organization.
    await expect(entry("Research").filter({ hasText: ada.email })).toContainText("Added a workspace");
    await page.getByRole("button", { name: `Only what ${bob.email} did` }).first().click();
    await expect(entry("Research")).toHaveCount(0);
    await expect(entry("Voice")).toHaveCount(1);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const download = page.waitForEvent("download");
    await dialog(page, "Export audit log").getByRole("button", { name: "Export as CSV" }).click();
    expect((await download).suggestedFilename()).toBe("audit-log.csv");
    await checkAxe(page);
  });

  for (const role of ["Organization User", "Organization Viewer"]) {
    test(`an ${role} is told who reads it, and the server tells them no entry`, async ({ page, api, server }) => {
      const acme = await enterprise(api, server, ada);
      const theirs = await acme.join(await api.signUp(bob), { role });
      const asked = await open(page, acme);
      await expect(page.getByRole("heading", { name: "You may not read the audit log" })).toBeVisible();
      await expect(page.getByText(`${NOT_MANAGER} An Organization Admin or Operator can look something up for you.`)).toBeVisible();
      await expect(page.getByRole("table")).toHaveCount(0);
      await expect(page.getByRole("button", { name: "Export", exact: true })).toHaveCount(0);
      await expect(page.getByRole("combobox", { name: /^Filter by/ })).toHaveCount(0);
      expect(asked).toEqual([]);
      await checkAxe(page);
      await expect(theirs.call("GET", path)).rejects.toMatchObject({ status: 403 });
      expect((await acme.call("GET", path)).items).not.toEqual([]);
    });
  }

  test("on another plan an Organization User is told both: that the plan has none, and who could read it", async ({ page, api }) => {
    const acme = await (await api.signUp(ada)).createOrganization("Acme");
    await acme.join(await api.signUp(bob), { role: "Organization User" });
    const asked = await open(page, acme);
    const banner = page.getByRole("region", { name: "The audit log is part of Enterprise" });
    await expect(banner).toContainText("Acme is on Plus.");
    await expect(banner).toContainText(NOT_MANAGER);
    await expect(page.getByText("These people and changes are made up.")).toBeVisible();
    await expect(table(page)).toHaveCount(0);
    expect(asked).toEqual([]);
    await checkAxe(page);
  });
});

test.describe("who can, and why", () => {
  const who = (page: Page) => page.getByRole("list", { name: "Who can" });
  const line = (page: Page, email: string) => who(page).getByRole("listitem").filter({ hasText: email }).first();
  const workspace = (page: Page) => page.getByRole("combobox", { name: "Workspace" });

  for (const role of ["Organization User", "Organization Viewer"]) {
    test(`an ${role} asks it of the workspaces that they are in, and of the organization`, async ({ page, api, server }) => {
      test.setTimeout(90_000);
      const { acme, vault } = await company(api, server);
      await joins(acme, await api.signUp(carol), "Organization Operator", { Vault: "Editor" });
      await joins(acme, await api.signUp(bob), role, { Research: "Viewer" });
      await signIn(page, bob);
      const sent = changes(page);
      // A link about a workspace that is not open to them is one about a workspace that is.
      await page.goto(`/o/${acme.id}/settings/roles?view=who&permission=projects:create&workspace=${vault.id}`);
      await settled(page);
      await expect(workspace(page).getByRole("option")).toHaveText(["Research"]);
      await expect(page.getByText("2 people can in Research: Create projects.")).toBeVisible();
      await expect(line(page, ada.email)).toContainText("Admin of every workspace");
      await expect(line(page, dora.email)).toContainText("Editor in Research");
      await expect(who(page)).not.toContainText(bob.email);
      await expect(who(page)).not.toContainText(carol.email);
      await expect(page.getByText("Vault")).toHaveCount(0);
      await page.getByRole("combobox", { name: "Permission" }).selectOption("projects:read");
      await expect(line(page, bob.email)).toContainText(new RegExp(`${role}\\s*Viewer in Research`));
      // Whom to ask for what they may not do themselves.
      await page.getByRole("combobox", { name: "Permission" }).selectOption("organization:manage");
      await expect(page.getByText("2 people can: Change the organization", { exact: false })).toBeVisible();
      for (const one of [ada, carol]) await expect(line(page, one.email)).toContainText("permits it in the organization");
      await checkAxe(page);
      // The other views are there to be read as well.
      for (const [view, shown] of [["List", "Roles"], ["Matrix", "Permissions by role"]]) {
        await page.getByRole("radiogroup", { name: "View" }).getByText(view, { exact: true }).click();
        await expect(page.getByRole("table", { name: shown })).toBeVisible();
      }
      await isRefused(page, page.getByRole("button", { name: "Create role" }), NOT_MANAGER);
      expect(sent).toEqual([]);
    });

    test(`an ${role} sees why somebody has access, and can do nothing about it`, async ({ page, api, server }) => {
      test.setTimeout(90_000);
      const { acme } = await company(api, server);
      await acme.invite("erin@example.com", { role: "Organization User", workspaces: ["Research"] });
      await acme.call("POST", "/api/v1/api-key/current", { body: { description: "Ada's own" } });
      await joins(acme, await api.signUp(bob), role, { Research: "Viewer" });
      await signIn(page, bob);
      await page.goto(`/o/${acme.id}/settings/members`);
      await expect(membersTable(page)).toBeVisible();
      await settled(page);
      const sent = changes(page);
      const why = async (email: string) => {
        await page.getByRole("button", { name: `Why ${email} has access` }).click();
        const picture = dialog(page, `Why ${email} has access`);
        await expect(picture.getByRole("list", { name: `Access of ${email}` })).toBeVisible();
        return picture;
      };
      const own = await why(bob.email);
      await expect(own.getByText("Was added to 1 workspace.")).toBeVisible();
      const research = own.getByRole("listitem").filter({ hasText: "Research" }).last();
      await expect(research).toContainText(/Workspace role\s*Viewer\s*given in this workspace/);
      await research.getByText(/^\d+ permissions$/).click();
      await expect(research.getByText("View projects")).toBeVisible();
      await expect(research.getByText("Create projects")).toHaveCount(0);
      await page.keyboard.press("Escape");
      const hers = await why(dora.email);
      await expect(hers.getByText("Was added to 2 workspaces.")).toBeVisible();
      await expect(hers.getByRole("listitem").filter({ hasText: "Research" }).last()).toContainText("Editor");
      await page.keyboard.press("Escape");
      // Of an Organization Admin's workspaces, those that are open to who looks; no token and no key.
      const admins = await why(ada.email);
      await expect(admins.getByText("An Organization Admin is Admin of every workspace.")).toBeVisible();
      await expect(admins).toContainText("Research");
      for (const hidden of ["Vault", "Lab", "Ada's own"]) await expect(admins).not.toContainText(hidden);
      await expect(admins.getByRole("button", { name: /remove|change|revoke/i })).toHaveCount(0);
      await checkAxe(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("button", { name: "Why erin@example.com has access" })).toHaveCount(0);
      // In the row everything else says why not.
      await isRefused(page, memberRow(page, dora.email).getByRole("combobox", { name: `Role of ${dora.email}` }), NOT_MANAGER);
      await isRefused(page, page.getByRole("button", { name: `Remove ${dora.email}` }), NOT_MANAGER);
      await isRefused(page, page.getByRole("button", { name: "Revoke invitation to erin@example.com" }), NOT_MANAGER);
      expect(sent).toEqual([]);
    });
  }

  test("an Organization Viewer in no workspace is told so, and asks about the organization alone", async ({ page, api, server }) => {
    const { acme } = await company(api, server);
    await joins(acme, await api.signUp(bob), "Organization Viewer");
    await signIn(page, bob);
    await page.goto(`/o/${acme.id}/settings/roles?view=who&permission=projects:create`);
    await settled(page);
    const nowhere = page.getByRole("heading", { name: "You are in no workspace yet" });
    await expect(nowhere).toBeVisible();
    await isRefused(page, workspace(page), "You are in no workspace yet");
    await expect(who(page)).toHaveCount(0);
    await checkAxe(page);
    await page.getByRole("combobox", { name: "Permission" }).selectOption("organization:manage");
    await expect(line(page, ada.email)).toContainText("permits it in the organization");
    await expect(nowhere).toHaveCount(0);
    await page.goto(`/o/${acme.id}/settings/members`);
    await page.getByRole("button", { name: `Why ${bob.email} has access` }).click();
    await expect(dialog(page, `Why ${bob.email} has access`).getByText("Was added to no workspace, and so enters none.")).toBeVisible();
    await checkAxe(page);
  });
});
