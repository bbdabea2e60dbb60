// Other deployments than the reference one: under a sub-path, with the API on another host, in
// front of a backend that offers less.
import { createOrganization, expect, memberRow, openDrawer, person, profile, settled, signIn, signOut, signUp, subscribe, test, trySignIn, workspacePicker, type Dist, type Page } from "./fixtures";

const ada = person("Ada");

/** The one thing to change for a sub-path (docs/deployment.md). */
const below = (dist: Dist, path: string) => dist.edit("index.html", (html) => html.replace('<base href="/">', `<base href="${path}">`));

test("under a sub-path everything stays below it: pages, parts, links, reloads, Back", async ({ dist, server, startSite, openBrowser }) => {
  await below(dist, "/console/");
  const site = await startSite({ files: dist.folder, base: "/console/", api: server.url });
  const page = await openBrowser({ baseURL: site.url });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const inside = (path: string | RegExp) => new RegExp(`^${site.url}/console${typeof path === "string" ? path : path.source}$`);

  await page.goto("/console/");
  await expect(page).toHaveURL(inside("/login"));
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page).toHaveURL(inside("/signup"));
  await signUp(page, ada, { from: "/console/signup" });
  await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/w\/[\w-]+/));
  const home = page.url();

  // The settings are a part of their own, which loads from below the sub-path too.
  const part = page.waitForResponse((response) => /members-.*\.wasm$/.test(response.url()));
  await page.getByRole("link", { name: "Settings" }).click();
  expect(new URL((await part).url()).pathname).toMatch(/^\/console\/members-/);
  await expect(page.getByRole("heading", { level: 1, name: "Members and roles" })).toBeVisible();
  await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/settings\/members/));
  await expect(memberRow(page, ada.email)).toBeVisible();

  const links = await page.getByRole("link").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) expect(link).toMatch(inside(/\/.*/));
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Members and roles" })).toHaveAttribute("aria-current", "page");

  // What is in the query string stays there on a reload.
  await page.getByRole("searchbox", { name: "Search members" }).fill("nobody");
  await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/settings\/members\?q=nobody/));
  await page.reload();
  await expect(page.getByRole("searchbox", { name: "Search members" })).toHaveValue("nobody");
  await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/settings\/members\?q=nobody/));
  await page.getByRole("tab", { name: "Roles" }).click();
  await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/settings\/roles.*/));
  await page.goBack();
  await expect(page.getByRole("searchbox", { name: "Search members" })).toHaveValue("nobody");
  await page.goBack();
  await expect(page).toHaveURL(home);
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name: "Members and roles" })).toBeVisible();

  await createOrganization(page, "Acme");
  await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/settings\/billing/));
  await subscribe(page);
  await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/w\/[\w-]+/));
  await page.goto(`${home}/nowhere`);
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();

  // Signing out, and in again at a deep address, which it leads back to.
  await signOut(page);
  await expect(page).toHaveURL(inside(/\/login.*/));
  await page.goto(`${home}/datasets?x=1`);
  await expect(page).toHaveURL(inside(/\/login\?next=.*/));
  await trySignIn(page, ada.email, ada.password);
  await expect(page).toHaveURL(`${home}/datasets?x=1`);
  await expect(page.getByRole("heading", { level: 1, name: "Datasets" })).toBeVisible();

  const outside = asked.filter((path) => !/^\/(console|api|v1)\//.test(path));
  expect(outside, "asked for outside of the sub-path").toEqual([]);
});

test("under a sub-path, files that are missing are told, and the way back stays below it", async ({ dist, server, startSite, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/\.wasm/, /404/);
  await below(dist, "/console/");
  await dist.take(/^atrium-.*\.wasm/);
  const site = await startSite({ files: dist.folder, base: "/console/", api: server.url });
  const page = await openBrowser({ baseURL: site.url });
  await page.goto("/console/o/1/settings/members");
  await expect(page.getByRole("heading", { name: "Atrium could not start" })).toBeVisible();
  const reload = page.getByRole("link", { name: "Reload this page" });
  expect(await reload.evaluate((link) => (link as HTMLAnchorElement).href)).toBe(`${site.url}/console/`);
});

test("config.json leads to an API on another host", async ({ dist, server, startSite, openBrowser }) => {
  let pages = "";
  const backend = await startSite({ api: server.url, allow: () => pages });
  await dist.edit("config.json", () => JSON.stringify({ api: `${backend.url}/` }));
  const site = await startSite({ files: dist.folder, api: "http://127.0.0.1:1", policyOf: server.url, connect: backend.url });
  pages = site.url;
  const page = await openBrowser({ baseURL: site.url });
  const asked: string[] = [];
  page.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    if (/^\/(api|v1)\//.test(pathname)) asked.push(origin);
  });
  await signUp(page, ada);
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  // The session's cookie goes there too.
  await page.reload();
  await expect(memberRow(page, ada.email)).toBeVisible();
  await signOut(page);
  expect([...new Set(asked)]).toEqual([backend.url]);
});

test("one build serves two deployments: their config.json is all that differs", async ({ server, startServer, startSite, openBrowser }) => {
  const servers = [server, await startServer({})];
  const people = [ada, person("Grace")];
  const pages: Page[] = [];
  for (const [index, { url }] of servers.entries()) {
    let origin = "";
    const backend = await startSite({ api: url, allow: () => origin });
    const site = await startSite({ files: "dist", config: { api: backend.url }, api: "http://127.0.0.1:1", policyOf: url, connect: backend.url });
    origin = site.url;
    const page = await openBrowser({ baseURL: site.url });
    const asked = new Set<string>();
    page.on("request", (request) => {
      const { origin, pathname } = new URL(request.url());
      if (/^\/(api|v1)\//.test(pathname)) asked.add(origin);
    });
    await signUp(page, people[index]);
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(memberRow(page, people[index].email)).toBeVisible();
    expect([...asked]).toEqual([backend.url]);
    pages.push(page);
  }
  // Each has its own people: the second deployment does not know the first one's.
  await signOut(pages[1]);
  await trySignIn(pages[1], ada.email, ada.password);
  await expect(pages[1].getByRole("alert").filter({ hasText: "is not right" })).toBeVisible();
});

test("without config.json the API is where the page came from", async ({ dist, server, startSite, openBrowser }) => {
  await dist.take(/^config\.json/);
  const site = await startSite({ files: dist.folder, api: server.url });
  const page = await openBrowser({ baseURL: site.url });
  await signUp(page, ada);
  await expect(workspacePicker(page)).toBeVisible();
});

test("a backend that tells nothing of itself and keeps no sessions can be signed in to", async ({ dist, server, api, startSite, openBrowser }) => {
  await api.signUp(ada);
  const site = await startSite({
    files: dist.folder,
    api: server.url,
    answer: (request, response) => {
      const missing = ["/api/v1/info", "/api/v1/session", "/api/v1/signup"].includes(request.url!);
      if (missing) response.writeHead(404, { "content-type": "application/json" }).end('{"detail":"Not Found"}');
      return missing;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await page.goto("/login");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
  await signIn(page, ada);
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(memberRow(page, ada.email)).toBeVisible();
  const address = page.url();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await trySignIn(page, ada.email, ada.password);
  await expect(page).toHaveURL(address);
  await expect(memberRow(page, ada.email)).toBeVisible();
});

test("a plan that the app has never heard of is shown as it is, and breaks nothing", async ({ dist, server, api, startSite, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const site = await startSite({ files: dist.folder, api: server.url, change: (text) => text.replaceAll('"plus"', '"galactic_2031"') });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  for (const [path, heading] of [["billing", "Usage and billing"], ["members", "Members and roles"], ["workspaces", "Workspaces"]]) {
    await page.goto(`/o/${acme.id}/settings/${path}`);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await settled(page);
    await expect(profile(page)).toBeVisible();
  }
  const drawer = await openDrawer(page);
  await expect(drawer.getByRole("button", { name: "Acme", exact: true })).toHaveAccessibleDescription(/galactic|plan/i);
});
