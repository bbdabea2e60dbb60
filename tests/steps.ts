// What people do, as sentences. The names are those of the accessibility tree.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Api, Organization, Person } from "./api";
import { settled } from "./every_page";
import type { Server } from "./server";

export const profile = (page: Page): Locator => page.getByRole("button", { name: "Profile", exact: true });
export const dialog = (page: Page, name: string | RegExp): Locator => page.getByRole("dialog", { name, exact: typeof name === "string" });
export const workspacePicker = (page: Page): Locator => page.getByRole("button", { name: /^Workspace: / });

export async function signUp(page: Page, who: Person, { from = "/signup" } = {}) {
  await page.goto(from);
  await page.getByRole("textbox", { name: "Full name" }).fill(who.name);
  await page.getByRole("textbox", { name: "Email" }).fill(who.email);
  await page.getByRole("textbox", { name: "Password" }).fill(who.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(profile(page)).toBeVisible();
}

export async function signIn(page: Page, who: Person, { from = "/login" } = {}) {
  await page.goto(from);
  await trySignIn(page, who.email, who.password);
  await expect(profile(page)).toBeVisible();
}

/** Fills the form and sends it, whatever comes of it. */
export async function trySignIn(page: Page, email: string, password: string) {
  await page.getByRole("textbox", { name: "Email", exact: true }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function signOut(page: Page) {
  const drawer = await openDrawer(page);
  await drawer.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
}

/** The Organizations drawer, open. */
export async function openDrawer(page: Page): Promise<Locator> {
  await profile(page).click();
  const drawer = dialog(page, "Organizations");
  await expect(drawer).toBeVisible();
  return drawer;
}

export async function switchOrganization(page: Page, name: string) {
  const drawer = await openDrawer(page);
  await drawer.getByRole("list", { name: "Organizations" }).getByRole("button", { name, exact: true }).click();
  await expect(drawer).toBeHidden();
}

/** Up to the gate: the organization exists and waits for billing. */
export async function createOrganization(page: Page, name: string) {
  const drawer = await openDrawer(page);
  await drawer.getByRole("button", { name: "New", exact: true }).click();
  const form = dialog(page, "New organization");
  await form.getByRole("textbox", { name: "Organization name" }).fill(name);
  await form.getByRole("button", { name: "Create organization" }).click();
  await expect(page.getByRole("heading", { name: "Set up billing" })).toBeVisible();
}

/** From the gate to a usable organization on Plus, with the built-in test billing. */
export async function subscribe(page: Page) {
  await page.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" }).click();
  const steps = dialog(page, "Set up billing");
  await expect(steps.getByRole("table", { name: "Team members" })).toBeVisible();
  await steps.getByRole("button", { name: "Continue" }).click();
  await steps.getByRole("button", { name: "Use test card" }).click();
  await steps.getByRole("button", { name: "Subscribe" }).click();
  await expect(steps).toBeHidden();
  await expect(page.getByText("This organization is pending")).toBeHidden();
}

export async function pickWorkspace(page: Page, name: string) {
  await workspacePicker(page).click();
  await page.getByRole("listbox", { name: "Workspaces" }).getByRole("option", { name }).click();
  await expect(page.getByRole("button", { name: `Workspace: ${name}` })).toBeVisible();
}

/** On Settings > Workspaces. */
export async function addWorkspace(page: Page, name: string) {
  await page.getByRole("button", { name: "Add workspace" }).click();
  const form = dialog(page, "Add workspace");
  await form.getByRole("textbox", { name: "Workspace name" }).fill(name);
  await form.getByRole("button", { name: "Add workspace" }).click();
  await expect(form).toBeHidden();
}

export type InviteOptions = { role?: string; workspaces?: string[]; workspaceRole?: string };

/** On Settings > Members: the dialog, filled in but not sent. */
export async function fillInvitation(page: Page, addresses: string | string[], { role, workspaces, workspaceRole }: InviteOptions = {}): Promise<Locator> {
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = dialog(page, "Invite members");
  await form.getByRole("textbox", { name: "Emails" }).fill([addresses].flat().join(", "));
  if (role) await choose(form.getByRole("combobox", { name: "Organization role" }), role);
  if (workspaces) {
    for (const box of await form.getByRole("group", { name: "Workspaces" }).getByRole("checkbox").all()) await box.uncheck();
    for (const name of workspaces) await form.getByRole("group", { name: "Workspaces" }).getByRole("checkbox", { name }).check();
  }
  if (workspaceRole) await choose(form.getByRole("combobox", { name: "Workspace role" }), workspaceRole);
  return form;
}

export async function invite(page: Page, addresses: string | string[], options: InviteOptions = {}) {
  const form = await fillInvitation(page, addresses, options);
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  for (const address of [addresses].flat()) await expect(memberRow(page, address)).toBeVisible();
}

/** A native select, or a combobox with a listbox. */
export async function choose(combobox: Locator, option: string) {
  if ((await combobox.evaluate((element) => element.tagName)) === "SELECT") {
    await combobox.selectOption({ label: option });
  } else {
    await combobox.click();
    await combobox.page().getByRole("option", { name: option, exact: true }).click();
  }
}

export const membersTable = (page: Page): Locator => page.getByRole("table", { name: "Members" }).or(page.getByRole("grid", { name: "Members" }));
export const memberRow = (page: Page, email: string): Locator => membersTable(page).getByRole("row").filter({ hasText: email });

export async function changeRole(page: Page, email: string, role: string) {
  await choose(page.getByRole("combobox", { name: `Role of ${email}` }), role);
  const question = page.getByRole("alertdialog", { name: `Change the role of ${email}?` });
  await question.getByRole("button", { name: "Change role" }).click();
  await expect(question).toBeHidden();
}

export async function removeMember(page: Page, email: string) {
  await page.getByRole("button", { name: `Remove ${email}` }).click();
  const question = page.getByRole("alertdialog", { name: `Remove ${email}?` });
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(question).toBeHidden();
  await expect(memberRow(page, email)).toBeHidden();
}

/** On a page that shows invitations: the one to that organization is accepted, and it is open. */
export async function acceptInvitation(page: Page, organization: string) {
  await page.getByRole("group", { name: `Invitation to ${organization}` }).getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("status").filter({ hasText: `You joined ${organization}.` })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText(organization);
}

/** Addresses p000@ to p999@. */
export const many = (count: number) => Array.from({ length: count }, (_, index) => `p${String(index).padStart(3, "0")}@example.com`);

/** Somebody's organization "Acme" on Enterprise, where there is room for many, with so many invitations. */
export async function enterprise(api: Api, server: Server, owner: Person, invited = 0): Promise<Organization> {
  const acme = await (await api.signUp(owner)).createPendingOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  if (invited > 0) await acme.invite(many(invited), { role: "Organization User" });
  return acme;
}

/** Somebody signs in and opens the members page. */
export async function openMembers(page: Page, acme: Organization, who: Person, query = "") {
  await signIn(page, who);
  await page.goto(`/o/${acme.id}/settings/members${query}`);
  await expect(membersTable(page)).toBeVisible();
  await settled(page);
}

/** Scrolls through the members table from its first row to its last; gives the address in each row, by its place from 1. */
export async function everyMember(page: Page): Promise<string[]> {
  const table = membersTable(page);
  const found = new Map<number, string>();
  await page.evaluate(() => scrollTo(0, 0));
  for (;;) {
    await expect(table.getByRole("row", { name: "Loading" })).toHaveCount(0);
    const { rows, ends } = await table.evaluate(async (table) => {
      // What scrolling changes is there with the next frame.
      const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      await painted();
      const rows = Array.from(table.querySelectorAll("tbody [role=row]"), (row): [number, string] => [
        Number(row.getAttribute("aria-rowindex")) - 1,
        /\S+@[\w.-]+/.exec((row as HTMLElement).innerText)?.[0] ?? "",
      ]);
      const ends = Math.ceil(scrollY) + innerHeight >= document.documentElement.scrollHeight - 1;
      scrollBy(0, innerHeight / 2);
      await painted();
      return { rows, ends };
    });
    for (const [place, email] of rows) {
      // Somebody may still be on the way; the next look finds them.
      if (email) found.set(place, email);
    }
    if (ends && !rows.some(([, email]) => !email)) break;
  }
  return Array.from({ length: Math.max(0, ...found.keys()) }, (_, index) => found.get(index + 1) ?? `(nobody at ${index + 1})`);
}
