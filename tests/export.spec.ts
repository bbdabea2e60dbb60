// Members as a file: all that match, or those selected.
import { readFile } from "node:fs/promises";
import {
  type Api, checkAxe, choose, dialog, enterprise, expect, membersTable, openMembers, type Organization, type Page, person, type Server, settled,
  signIn, slowNetwork, test,
} from "./fixtures";

const ada = person("Ada Lovelace");

const many = (count: number) => Array.from({ length: count }, (_, index) => `p${String(index).padStart(4, "0")}@example.com`);

async function open(page: Page, api: Api, server: Server, invited: number): Promise<Organization> {
  const acme = await enterprise(api, server, ada);
  const all = many(invited);
  for (let from = 0; from < all.length; from += 500) {
    await acme.invite(all.slice(from, from + 500), { role: "Organization User", workspaceRole: "Viewer" });
  }
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(membersTable(page)).toBeVisible();
  await settled(page);
  return acme;
}

const form = (page: Page) => dialog(page, "Export members");

async function save(page: Page, button: string): Promise<{ name: string; text: string }> {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const saved = page.waitForEvent("download");
  await form(page).getByRole("button", { name: button }).click();
  const file = await saved;
  return { name: file.suggestedFilename(), text: await readFile((await file.path())!, "utf8") };
}

test("all that match are exported as CSV, page by page, in UTF-8 with its mark, and no cell is a formula", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await open(page, api, server, 1_200);
  const mallory = { name: "=HYPERLINK(\"http://evil\")", email: "mallory@example.com", password: "a long pass phrase" };
  await acme.join(await api.signUp(mallory), { role: "Organization User" });
  await page.reload();
  await settled(page);
  const { name, text } = await save(page, "Export as CSV");
  expect(name).toBe("members.csv");
  await expect(page.getByText("1,202 people exported to members.csv.")).toBeVisible();
  await expect(form(page)).toBeHidden();
  expect(text.startsWith("\ufeffEmail,Name,Status,Organization role,Workspaces,Joined,Invited\r\n")).toBe(true);
  const lines = text.split("\r\n");
  expect(lines.pop()).toBe("");
  expect(lines).toHaveLength(1_203);
  expect(new Set(lines.slice(1).map((line) => line.split(",")[0])).size).toBe(1_202);
  expect(lines[1]).toMatch(/^p0000@example\.com,,Invited,Organization User,Workspace 1 \(Viewer\),,20\d\d-/);
  expect(text).toContain(`mallory@example.com,"'=HYPERLINK(""http://evil"")",Active,`);
  expect(text).toContain(`${ada.email},${ada.name},Active,Organization Admin,All workspaces,20`);
});

test("JSON has the same people, and the search and the filters count", async ({ page, api, server }) => {
  await open(page, api, server, 30);
  await page.getByRole("searchbox", { name: "Search members" }).fill("p001");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "11");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(form(page)).toContainText("10 people who match the search and the filters");
  await checkAxe(page);
  await form(page).getByRole("button", { name: "Cancel" }).click();
  const { name, text } = await save(page, "Export as JSON");
  expect(name).toBe("members.json");
  const people = JSON.parse(text);
  expect(people.map(({ email }: { email: string }) => email)).toEqual(many(20).slice(10));
  expect(people[0]).toMatchObject({
    email: "p0010@example.com", status: "Invited", organization_role: "Organization User", workspaces: [{ name: "Workspace 1", role: "Viewer" }],
  });
});

test("JSON keeps names in any letters", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp({ ...person("Bob"), name: "Božena Němcová 𠮷" }), { role: "Organization User" });
  await openMembers(page, acme, ada);
  const people = JSON.parse((await save(page, "Export as JSON")).text);
  expect(people.map(({ name }: { name: string }) => name)).toContain("Božena Němcová 𠮷");
});

test("with a selection only that is exported", async ({ page, api, server }) => {
  await open(page, api, server, 60);
  const select = (email: string) => page.getByRole("checkbox", { name: `Select ${email}` });
  await select("p0002@example.com").check();
  await select("p0004@example.com").check();
  const some = await save(page, "Export as CSV");
  expect(some.text.split("\r\n").slice(1, -1).map((line) => line.split(",")[0])).toEqual(["p0002@example.com", "p0004@example.com"]);
  expect(some.text).toContain("Workspace 1 (Viewer)");
  // All but some, and many by their ids.
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await select("p0003@example.com").uncheck();
  const but = await save(page, "Export as CSV");
  expect(but.text.split("\r\n")).toHaveLength(62);
  expect(but.text).not.toContain("p0003@");
  await page.keyboard.press("Escape");
  await select("p0000@example.com").click();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await select("p0049@example.com").click({ modifiers: ["Shift"] });
  const range = await save(page, "Export as JSON");
  expect(JSON.parse(range.text)).toHaveLength(50);
});

test("it shows how far it has come and can be cancelled; what fails says so", async ({ page, api, server, expectConsoleErrors }) => {
  expectConsoleErrors(/ERR_INTERNET_DISCONNECTED|Failed to load/);
  await open(page, api, server, 1_100);
  const slow = await slowNetwork(page, { latency: 1_000 });
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await form(page).getByRole("button", { name: "Export as CSV" }).click();
  await expect(form(page).getByRole("progressbar", { name: "Reading the members" })).toBeVisible();
  await expect(form(page)).toContainText("500 of 1,101");
  await form(page).getByRole("button", { name: "Cancel" }).click();
  await expect(form(page).getByRole("button", { name: "Export as CSV" })).toBeVisible();
  await slow.over();
  await page.context().setOffline(true);
  await form(page).getByRole("button", { name: "Export as CSV" }).click();
  await expect(form(page).getByRole("alert").filter({ hasText: "Nothing was exported. The server cannot be reached." })).toBeVisible();
  await page.context().setOffline(false);
});

test("a list that moves while it is read is read again, so that nobody is missing or there twice", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await open(page, api, server, 1_100);
  const { pending } = await acme.members();
  const gone = pending.find(({ email }) => email === "p0001@example.com");
  const slow = await slowNetwork(page, { latency: 1_500 });
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const saved = page.waitForEvent("download");
  await form(page).getByRole("button", { name: "Export as CSV" }).click();
  await expect(form(page)).toContainText("500 of 1,101");
  await acme.call("DELETE", `/api/v1/orgs/current/members/${gone.id}/pending`);
  await expect(form(page)).toContainText("of 1,100");
  await slow.over();
  const text = await readFile((await (await saved).path())!, "utf8");
  const addresses = text.split("\r\n").slice(1, -1).map((line) => line.split(",")[0]);
  expect(new Set(addresses).size).toBe(1_100);
  expect(addresses).toHaveLength(1_100);
  expect(addresses).not.toContain("p0001@example.com");
});

test("a list that never stands still is not passed off as complete", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await open(page, api, server, 1_100);
  const { pending } = await acme.members();
  const slow = await slowNetwork(page, { latency: 1_500 });
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await form(page).getByRole("button", { name: "Export as CSV" }).click();
  // While the second page of each reading is on its way somebody goes; the third one shows it.
  for (let reading = 0; reading < 3; reading++) {
    await expect(form(page)).toContainText(`500 of 1,${101 - reading}`.replace("1,99", "1,099"));
    await acme.call("DELETE", `/api/v1/orgs/current/members/${pending[reading].id}/pending`);
  }
  await expect(form(page).getByText("The list changed while it was read")).toBeVisible();
  await checkAxe(page);
  await slow.over();
  await form(page).getByRole("button", { name: "Read it again" }).click();
  await expect(page.getByText("1,098 people exported to members.csv.")).toBeVisible();
});

test("somebody who may only read exports what they may read", async ({ page, api, server }) => {
  const acme = await open(page, api, server, 3);
  const viewer = person("Vera Viewer");
  await acme.join(await api.signUp(viewer), { role: "Organization Viewer" });
  await page.context().clearCookies();
  await signIn(page, viewer);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Active");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "3");
  const { text } = await save(page, "Export as CSV");
  expect(text.split("\r\n")).toHaveLength(4);
});
