// An organization in which every page has something to show, and the addresses of all of its pages.
import { expect, type Page } from "@playwright/test";
import type { Account, Api, Organization, Person } from "./api";

export async function everyPage(api: Api, who: Person) {
  const account: Account = await api.signUp(who);
  const acme: Organization = await account.createOrganization("Acme");
  await acme.invite(["bob@example.com", "carol@example.com"]);
  const [workspace] = await acme.workspaces();
  const inWorkspace = { workspace: workspace.id };
  for (let number = 1; number <= 3; number++) {
    await acme.call("POST", "/api/v1/sessions", { ...inWorkspace, body: { name: `project ${number}` } });
    await acme.call("POST", "/api/v1/datasets", { ...inWorkspace, body: { name: `dataset ${number}`, description: "Questions and answers" } });
  }
  const root = `/o/${acme.id}`;
  /** The heading of each page, by its address. */
  const pages: Record<string, string> = {
    [`${root}/w/${workspace.id}`]: "Workspace 1",
    [`${root}/w/${workspace.id}/projects`]: "Projects",
    [`${root}/w/${workspace.id}/datasets`]: "Datasets",
    [`${root}/w/${workspace.id}/queues`]: "Annotation queues",
    [`${root}/w/${workspace.id}/prompts`]: "Prompts",
    [`${root}/settings/organization`]: "Organization",
    [`${root}/settings/workspaces`]: "Workspaces",
    [`${root}/settings/workspaces/${workspace.id}`]: "Workspace 1",
    [`${root}/settings/members`]: "Members and roles",
    [`${root}/settings/roles`]: "Members and roles",
    [`${root}/settings/billing`]: "Usage and billing",
    [`${root}/settings/audit-log`]: "Audit log",
    [`${root}/nowhere`]: "There is no such page",
    "/nowhere": "There is no such page",
  };
  return { account, acme, workspace, pages };
}

/** Waits until a page shows all that it loads. */
export async function settled(page: Page) {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Loading/ })).toHaveCount(0);
}
