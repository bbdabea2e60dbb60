// What the specs of selecting and bulk changes share.
import { expect } from "@playwright/test";
import { type Api, type Organization, type Page, person, type Server, settled, signIn, membersTable } from "./fixtures";

export const ada = person("Ada Lovelace");
export const bob = person("Bob Ross");
export const carol = person("Carol Shaw");

/** Addresses p000@ to p999@. */
export const many = (count: number) => Array.from({ length: count }, (_, index) => `p${String(index).padStart(3, "0")}@example.com`);

/** Ada's organization on Enterprise, where there is room for many, with so many invitations. */
export async function enterprise(api: Api, server: Server, invited = 0): Promise<Organization> {
  const account = await api.signUp(ada);
  const acme = await account.createPendingOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  if (invited > 0) await acme.invite(many(invited), { role: "Organization User" });
  return acme;
}

/** Ada signs in and opens the members page. */
export async function openMembers(page: Page, acme: Organization, query = "") {
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members${query}`);
  await expect(membersTable(page)).toBeVisible();
  await settled(page);
}

export const box = (page: Page, email: string) => page.getByRole("checkbox", { name: `Select ${email}`, exact: true });
export const selectAll = (page: Page) => page.getByRole("checkbox", { name: "Select all" });
export const toolbar = (page: Page) => page.getByRole("toolbar", { name: "Selected members" });
