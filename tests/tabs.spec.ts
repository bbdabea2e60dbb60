// The organization is in the address and in every request: two tabs never mix, and know of each other.
import { checkAxe, expect, memberRow, openDrawer, type Page, person, settled, signIn, signOut, slowNetwork, switchOrganization, test, trySignIn, workspacePicker } from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** What is about the account, or nobody. */
const OF_NO_ORGANIZATION = /^\/api\/v1\/(?:info|session|login|me\/[\w-]+|orgs|orgs\/pending|workspaces\/pending)$/;

/** The organizations that a page's calls are about, as it makes them, and those that name none. */
function organizationsOf(page: Page) {
  const asked = new Set<string>();
  page.on("request", (request) => {
    const organization = request.headers()["x-organization-id"];
    const { pathname } = new URL(request.url());
    if (organization) asked.add(organization);
    else if (/^\/(?:api\/)?v1\//.test(pathname) && !OF_NO_ORGANIZATION.test(pathname)) asked.add(`none: ${request.method()} ${pathname}`);
  });
  return asked;
}

test("two tabs in two organizations never mix", async ({ page, api, context }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const beta = await account.createOrganization("Beta");
  await acme.invite("acme.only@example.com");
  await beta.invite("beta.only@example.com");
  await signIn(page, ada);
  const second = await context.newPage();
  const asked = [organizationsOf(page), organizationsOf(second)];
  await page.goto(`/o/${acme.id}/settings/members`);
  await second.goto(`/o/${beta.id}/settings/members`);
  asked.forEach((set) => set.clear());
  // In turns, so that whatever they share would show.
  for (const [tab, own, other] of [[page, "acme.only", "beta.only"], [second, "beta.only", "acme.only"], [page, "acme.only", "beta.only"]] as const) {
    await tab.bringToFront();
    await tab.reload();
    await expect(memberRow(tab, `${own}@example.com`)).toBeVisible();
    await expect(memberRow(tab, `${other}@example.com`)).toHaveCount(0);
  }
  // What is changed in the one is changed in its organization alone.
  await second.getByRole("link", { name: "Workspaces", exact: true }).click();
  await second.getByRole("button", { name: "Add workspace" }).click();
  await second.getByRole("textbox", { name: "Workspace name" }).fill("In Beta");
  await second.getByRole("dialog").getByRole("button", { name: "Add workspace" }).click();
  await expect(second.getByRole("link", { name: "In Beta" })).toBeVisible();
  await page.getByRole("link", { name: "Workspaces", exact: true }).click();
  await expect(heading(page, "Workspaces")).toBeVisible();
  await settled(page);
  await expect(page.getByRole("link", { name: "In Beta" })).toHaveCount(0);
  expect((await acme.workspaces()).map((one) => one.display_name)).toEqual(["Workspace 1"]);
  expect((await beta.workspaces()).map((one) => one.display_name)).toEqual(["Workspace 1", "In Beta"]);
  expect([...asked[0]]).toEqual([acme.id]);
  expect([...asked[1]]).toEqual([beta.id]);
  // A reload, and Back, keep each where it is.
  await page.reload();
  await expect(page).toHaveURL(`/o/${acme.id}/settings/workspaces`);
  await second.goBack();
  await expect(second).toHaveURL(`/o/${beta.id}/settings/members`);
  // On every page.
  for (const tab of [page, second]) {
    for (const link of ["Organization", "Members and roles", "Usage and billing", "Audit log", "Back to the workspace", "Projects", "Datasets", "Annotation queues", "Prompts"]) {
      await tab.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link, exact: true }).click();
      await settled(tab);
    }
  }
  expect([...asked[0]]).toEqual([acme.id]);
  expect([...asked[1]]).toEqual([beta.id]);
});

test("whoever loses an organization in one tab sees it in all, and the others stay", async ({ page, api, context }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const bobs = await api.signUp(bob);
  const own = await bobs.createOrganization("Bobs");
  await acme.join(bobs, { role: "Organization User" });
  await signIn(page, bob);
  const second = await context.newPage();
  const third = await context.newPage();
  await page.goto(`/o/${acme.id}/settings/members`);
  await second.goto(`/o/${acme.id}/settings/workspaces`);
  await third.goto(`/o/${own.id}/settings/members`);
  for (const tab of [page, second, third]) await settled(tab);
  const { members } = await acme.members();
  await acme.call("DELETE", `/api/v1/orgs/current/members/${members.find((one) => one.email === bob.email).id}`);
  // Neither has heard of it. The first finds out by what it asks for on its page.
  await expect(heading(second, "Workspaces")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search members" }).fill("ada");
  for (const tab of [page, second]) {
    await expect(heading(tab, "This organization is not open to you")).toBeVisible();
    await expect(tab.getByText(`You are signed in as ${bob.email}.`, { exact: false })).toBeVisible();
    await expect(tab.getByText(ada.email)).toHaveCount(0);
  }
  await expect(heading(third, "Members and roles")).toBeVisible();
  const drawer = await openDrawer(third);
  await expect(drawer.getByRole("button", { name: "Bobs", exact: true })).toBeVisible();
  await expect(drawer.getByRole("button", { name: "Acme", exact: true })).toHaveCount(0);
});

test("a workspace that is lost in one tab is lost in all", async ({ page, api, context }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const research = await acme.addWorkspace("Research");
  const bobs = await api.signUp(bob);
  await acme.join(bobs, { role: "Organization User" });
  await signIn(page, bob);
  const second = await context.newPage();
  for (const tab of [page, second]) {
    await tab.goto(`/o/${acme.id}/w/${research.id}/projects`);
    await expect(heading(tab, "Projects")).toBeVisible();
    await settled(tab);
  }
  const inside = await acme.call("GET", "/api/v1/workspaces/current/members", { workspace: research.id });
  const his = inside.members.find((one: any) => one.email === bob.email);
  await acme.call("DELETE", `/api/v1/workspaces/current/members/${his.id}`, { workspace: research.id });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Datasets" }).click();
  for (const tab of [page, second]) await expect(heading(tab, "This workspace is not open to you")).toBeVisible();
  await page.getByRole("button", { name: "Go to a workspace of yours" }).click();
  await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: Workspace 1");
});

test("signing out in one tab signs out all, each with the way back to where it was", async ({ page, api, context }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const beta = await account.createOrganization("Beta");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  const second = await context.newPage();
  await second.goto(`/o/${beta.id}/settings/workspaces`);
  await settled(second);
  await signOut(page);
  await expect(heading(second, "Sign in")).toBeVisible();
  await expect(second).toHaveURL(`/login?next=${encodeURIComponent(`/o/${beta.id}/settings/workspaces`)}`);
  await trySignIn(second, ada.email, ada.password);
  await expect(second).toHaveURL(`/o/${beta.id}/settings/workspaces`);
});

test("an answer that comes after another tab signed out changes nothing", async ({ page, api, context }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await signIn(page, ada);
  const second = await context.newPage();
  await second.goto(`/o/${acme.id}/settings/members`);
  await settled(second);
  await page.goto(`/o/${acme.id}/settings/organization`);
  await settled(page);
  const network = await slowNetwork(page, { latency: 30_000 });
  await page.getByRole("button", { name: "Leave this organization" }).click();
  await expect(page.getByRole("button", { name: "Looking up what ends" })).toBeVisible();
  await signOut(second);
  await expect(heading(page, "Sign in")).toBeVisible();
  await network.over();
  await trySignIn(page, ada.email, ada.password);
  await expect(heading(page, "Organization")).toBeVisible();
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
});

test("a link to an organization or workspace of others says so, names the account, and offers another one", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const secret = await acme.addWorkspace("Secret");
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Workspace 1"] });
  const other = await account.createOrganization("Other");
  await signIn(page, bob);
  for (const [path, title] of [
    [`/o/${acme.id}/w/${secret.id}/datasets`, "This workspace is not open to you"],
    [`/o/${other.id}/settings/members?q=a`, "This organization is not open to you"],
  ]) {
    await page.goto(path);
    await expect(heading(page, title)).toBeVisible();
    await expect(page.getByText(`You are signed in as ${bob.email}.`, { exact: false })).toBeVisible();
    await expect(page.getByText("Secret")).toHaveCount(0);
    await checkAxe(page);
    await page.getByRole("button", { name: "Use another account" }).click();
    await expect(heading(page, "Sign in")).toBeVisible();
    await expect(page).toHaveURL(`/login?next=${encodeURIComponent(path)}`);
    await trySignIn(page, ada.email, ada.password);
    await expect(page).toHaveURL(path);
    await expect(heading(page, title)).toHaveCount(0);
    await settled(page);
    await signOut(page);
    await trySignIn(page, bob.email, bob.password);
    await expect(page.getByRole("button", { name: "Profile" })).toBeVisible();
  }
});

test("the last place in each organization is remembered, and choosing it leads there", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const research = await acme.addWorkspace("Research");
  const beta = await account.createOrganization("Beta");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/w/${research.id}/datasets`);
  await settled(page);
  await switchOrganization(page, "Beta");
  await expect(heading(page, "Workspace 1")).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await page.getByRole("tab", { name: /Roles/ }).click();
  await expect(page).toHaveURL(`/o/${beta.id}/settings/roles`);
  await settled(page);
  await switchOrganization(page, "Acme");
  await expect(page).toHaveURL(`/o/${acme.id}/w/${research.id}/datasets`);
  await expect(heading(page, "Datasets")).toBeVisible();
  await switchOrganization(page, "Beta");
  await expect(page).toHaveURL(`/o/${beta.id}/settings/roles`);
  await page.reload();
  await settled(page);
  await switchOrganization(page, "Acme");
  await expect(page).toHaveURL(`/o/${acme.id}/w/${research.id}/datasets`);
  // Where that place is gone, choosing the organization leads to what is left of it.
  await switchOrganization(page, "Beta");
  await acme.call("DELETE", `/api/v1/workspaces/${research.id}`);
  await switchOrganization(page, "Acme");
  await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: Workspace 1");
  await expect(page).toHaveURL(new RegExp(`/o/${acme.id}/w/`));
});
