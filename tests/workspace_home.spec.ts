// A workspace's home, and the lists of what is in it.
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { type Api, checkAxe, enterprise, expect, type Organization, type Page, person, type Server, settled, signIn, test } from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");

const table = (page: Page, name: string) => page.getByRole("main").getByRole("table", { name });
const names = (page: Page, name: string) => table(page, name).locator("tbody").getByRole("row").evaluateAll((rows) => rows.map((row) => (row.querySelector("td") as HTMLElement).innerText.split("\n")[0]));
const heading = (page: Page, table_: string, column: string) => table(page, table_).getByRole("columnheader", { name: column });
const count = (page: Page, name: string) => page.getByRole("term").filter({ hasText: name }).locator("xpath=following-sibling::dd[1]");
const pages = (page: Page) => page.getByRole("navigation", { name: "Pages" });

const make = (acme: Organization, workspace: string, path: string, name: string) => acme.call("POST", `/api/v1/${path}`, { workspace, body: { name } });

test("the home counts each kind and shows the newest of it", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const [{ id }] = await acme.workspaces();
  for (let number = 1; number <= 7; number++) await make(acme, id, "sessions", `project ${number}`);
  await make(acme, id, "datasets", "golden");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/w/${id}`);
  await settled(page);
  await expect(count(page, "Projects")).toHaveText("7");
  await expect(count(page, "Datasets")).toHaveText("1");
  expect(await names(page, "Projects")).toEqual([7, 6, 5, 4, 3].map((number) => `project ${number}`));
  await checkAxe(page);
  // An empty kind leads to how the first one is made.
  const queues = page.getByRole("region", { name: "Annotation queues" });
  await queues.getByRole("link", { name: "How to make the first one" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Annotation queues" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Python" })).toContainText("client.create_annotation_queue");
});

test("each list is searched, sorted and paged by the server, in the address", async ({ page, api }) => {
  test.setTimeout(120_000);
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const [{ id }] = await acme.workspaces();
  const kinds = [
    ["projects", "sessions", "Projects", "Search projects"],
    ["datasets", "datasets", "Datasets", "Search datasets"],
    ["queues", "annotation-queues", "Annotation queues", "Search annotation queues"],
  ] as const;
  for (const [, path] of kinds) {
    for (let number = 1; number <= 30; number++) await make(acme, id, path, `thing ${String(number).padStart(2, "0")}`);
  }
  await signIn(page, ada);
  for (const [segment, , label, search] of kinds) {
    await page.goto(`/o/${acme.id}/w/${id}/${segment}`);
    await settled(page);
    // The newest first.
    await expect(table(page, label).getByRole("row")).toHaveCount(26);
    expect((await names(page, label))[0]).toBe("thing 30");
    await expect(heading(page, label, "Created")).toHaveAttribute("aria-sort", "descending");
    await pages(page).getByRole("button", { name: "Next" }).click();
    await expect(page).toHaveURL(/page=2/);
    await expect(table(page, label).getByRole("row")).toHaveCount(6);
    await expect(pages(page).getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
    // Another order begins on its first page.
    await heading(page, label, "Name").getByRole("button").click();
    await expect(page).toHaveURL(/sort=name/);
    await expect(page).not.toHaveURL(/page=/);
    await expect.poll(() => names(page, label).then(([first]) => first)).toBe("thing 01");
    await heading(page, label, "Name").getByRole("button").click();
    await expect(heading(page, label, "Name")).toHaveAttribute("aria-sort", "descending");
    await expect.poll(() => names(page, label).then(([first]) => first)).toBe("thing 30");
    await page.getByRole("searchbox", { name: search }).fill("THING 2");
    await expect(page).toHaveURL(/q=THING/);
    await expect(table(page, label).getByRole("row")).toHaveCount(11);
    await page.reload();
    await expect(page.getByRole("searchbox", { name: search })).toHaveValue("THING 2");
    await expect.poll(() => names(page, label).then(([first]) => first)).toBe("thing 29");
    await expect(table(page, label).getByRole("row")).toHaveCount(11);
    await page.getByRole("searchbox", { name: search }).fill("none of it");
    await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
    await page.getByRole("button", { name: /^Show all/ }).click();
    await expect(table(page, label).getByRole("row")).toHaveCount(26);
  }
  await checkAxe(page);
  // From one list to another, nothing of the first stays in the address.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Datasets" }).click();
  await expect(page).toHaveURL(`/o/${acme.id}/w/${id}/datasets`);
  await expect(heading(page, "Datasets", "Created")).toHaveAttribute("aria-sort", "descending");
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});

/** The demo's large organization with its first workspace: the API makes no prompts, and there are some. */
async function demo(server: Server, api: Api) {
  const told = await server.run("demo", "--members", "30");
  const email = /^ {2}(ada@\S+)/m.exec(told)![1];
  const admin = { name: "", email, password: /password (\S+):/.exec(told)![1] };
  const account = await api.signIn(admin);
  const acme = (await account.organizations()).find(({ name }) => name === "Acme")!;
  const [{ id }] = await acme.workspaces();
  return { admin, acme, id };
}

test("prompts are sorted by their last change, and the other headings are no buttons", async ({ page, server, api }) => {
  const { admin, acme, id } = await demo(server, api);
  const { repos } = await acme.call("GET", "/api/v1/repos?limit=100", { workspace: id });
  expect(repos.length).toBeGreaterThan(1);
  await signIn(page, admin);
  await page.goto(`/o/${acme.id}/w/${id}/prompts`);
  await settled(page);
  const before = await names(page, "Prompts");
  expect(before[0]).toBe(repos[0].repo_handle);
  await heading(page, "Prompts", "Updated").getByRole("button").click();
  await expect(heading(page, "Prompts", "Updated")).toHaveAttribute("aria-sort", "ascending");
  await expect(heading(page, "Prompts", "Name").getByRole("button")).toHaveCount(0);
  await expect.poll(() => names(page, "Prompts")).toEqual([...before].reverse());
  await page.getByRole("searchbox", { name: "Search prompts" }).fill(repos[0].repo_handle);
  await expect.poll(() => names(page, "Prompts")).toEqual([repos[0].repo_handle]);
});

test("prompts come in pages, too, in both orders and while they are searched", async ({ page, server, api }) => {
  const { admin, acme, id } = await demo(server, api);
  // Each of the demo's again, five times, newer: more than a page.
  const there = await acme.call("GET", "/api/v1/repos?limit=100", { workspace: id });
  for (let version = 2; version <= 6; version++) {
    for (const { repo_handle } of there.repos) {
      await acme.call("POST", "/api/v1/repos", { workspace: id, body: { repo_handle: `${repo_handle}-${version}`, is_public: false } });
    }
  }
  const { repos, total } = await acme.call("GET", "/api/v1/repos?limit=100", { workspace: id });
  expect(total).toBe(36);
  const newest: string[] = repos.map((one: { repo_handle: string }) => one.repo_handle);
  const shows = (expected: string[]) => expect.poll(() => names(page, "Prompts")).toEqual(expected);
  const next = pages(page).getByRole("button", { name: "Next" });
  const search = page.getByRole("searchbox", { name: "Search prompts" });
  await signIn(page, admin);
  await page.goto(`/o/${acme.id}/w/${id}/prompts`);
  await shows(newest.slice(0, 25));
  await expect(heading(page, "Prompts", "Updated")).toHaveAttribute("aria-sort", "descending");
  await next.click();
  await expect(page).toHaveURL(/page=2/);
  await shows(newest.slice(25));
  await expect(next).toHaveAttribute("aria-disabled", "true");
  await page.reload();
  await shows(newest.slice(25));
  // Another order begins on its first page.
  await heading(page, "Prompts", "Updated").getByRole("button").click();
  await expect(page).not.toHaveURL(/page=/);
  const oldest = newest.toReversed();
  await shows(oldest.slice(0, 25));
  await next.click();
  await shows(oldest.slice(25));
  // What is searched for is found on any page, in the same order.
  await search.fill("JUDGE");
  await expect(page).toHaveURL(/q=JUDGE/);
  await expect(page).not.toHaveURL(/page=/);
  const judges = oldest.filter((name) => name.includes("judge"));
  expect(judges).toHaveLength(6);
  await shows(judges);
  await page.reload();
  await expect(search).toHaveValue("JUDGE");
  await shows(judges);
  await expect(heading(page, "Prompts", "Updated")).toHaveAttribute("aria-sort", "ascending");
  await search.fill("none of it");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("button", { name: "Show all prompts" }).click();
  await shows(oldest.slice(0, 25));
});

test("an empty list shows the three lines that make the first one, and they do", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const [{ id }] = await acme.workspaces();
  const { key } = await acme.call("POST", "/api/v1/api-key", { workspace: id, body: { description: "first" } });
  await signIn(page, ada);
  // LangSmith's own client, where the server's tests have put it.
  const venvs = existsSync(".cache") ? readdirSync(".cache").filter((name) => name.startsWith("langsmith-")) : [];
  const python = venvs.map((name) => `.cache/${name}/bin/python`).find((path) => existsSync(path));
  await page.goto(`/o/${acme.id}/w/${id}/prompts`);
  await page.getByRole("link", { name: "a key of this workspace" }).click();
  await expect(page.getByRole("tab", { name: "API keys" })).toHaveAttribute("aria-selected", "true");
  for (const [segment, heading_, call, made] of [
    ["projects", "No projects yet", "create_project", "my-first-project"],
    ["datasets", "No datasets yet", "create_dataset", "my-first-dataset"],
    ["queues", "No annotation queues yet", "create_annotation_queue", "my-first-queue"],
    ["prompts", "No prompts yet", "create_prompt", "my-first-prompt"],
  ]) {
    await page.goto(`/o/${acme.id}/w/${id}/${segment}`);
    await settled(page);
    await expect(page.getByRole("heading", { name: heading_ })).toBeVisible();
    const code = await page.getByRole("region", { name: "Python" }).innerText();
    const lines = code.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe("from langsmith import Client");
    expect(lines[1]).toBe(`client = Client(api_url="${server.url}/api/v1", api_key="YOUR_KEY")`);
    expect(lines[2]).toContain(`client.${call}(`);
    await expect(page.getByRole("button", { name: "Copy the lines" })).toBeVisible();
    await checkAxe(page);
    if (python) {
      await promisify(execFile)(python, ["-c", code.replace("YOUR_KEY", key)]);
      await page.reload();
      await expect(page.getByRole("main").getByRole("row").filter({ hasText: made })).toBeVisible();
    }
  }
});

test("without the permission for one kind the home and its list say so, and show the rest", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  const [{ id }] = await acme.workspaces();
  await make(acme, id, "sessions", "secret project");
  await make(acme, id, "datasets", "golden");
  await acme.call("POST", "/api/v1/orgs/current/roles", {
    body: { display_name: "Curator", description: "", permissions: ["workspaces:read", "datasets:read", "annotation-queues:read", "prompts:read"] },
  });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaceRole: "Curator" });
  await signIn(page, bob);
  await page.goto(`/o/${acme.id}/w/${id}`);
  await settled(page);
  await expect(count(page, "Datasets")).toHaveText("1");
  await expect(count(page, "Projects")).toHaveText("Not shown");
  await expect(page.getByRole("region", { name: "Projects" })).toContainText("Your role in this workspace does not show these.");
  await expect(table(page, "Datasets").getByRole("row").filter({ hasText: "golden" })).toBeVisible();
  await expect(page.getByText("secret project")).toHaveCount(0);
  await checkAxe(page);
  await page.goto(`/o/${acme.id}/w/${id}/projects`);
  await expect(page.getByRole("heading", { name: "Your role does not show these" })).toBeVisible();
  await page.goto(`/o/${acme.id}/w/${id}/datasets`);
  await expect(table(page, "Datasets").getByRole("row").filter({ hasText: "golden" })).toBeVisible();
});
