// The deployment of docs/deployment.md: nginx serves the files and passes the API on, at the root of
// a host and under a sub-path.
import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import { checkAxe, expect, memberRow, Nginx, person, profile, settled, signIn, signOut, signUp, test, trySignIn, type Dist, type Page } from "./fixtures";

test.skip(Nginx.missing !== "", Nginx.missing);

const ada = person("Ada");

/** A plain request, with an address of its own to come from: fetch() would decode the body. */
function ask(url: string, { headers = {}, method = "GET", from }: { headers?: Record<string, string>; method?: string; from?: string } = {}) {
  return new Promise<{ status: number; headers: Record<string, string | undefined> }>((done, failed) => {
    const asked = request(url, { headers, method, localAddress: from }, (answer) => {
      answer.resume();
      answer.on("end", () => done({ status: answer.statusCode!, headers: answer.headers as Record<string, string | undefined> }));
    });
    asked.on("error", failed);
    asked.end();
  });
}

/** The files of the built app, by what is in their names. */
async function hashed(folder: string) {
  const names = (await readdir(folder)).filter((name) => /-[0-9a-f]{8,}\.(?:js|wasm|css|json)$/.test(name));
  expect(names.some((name) => name.endsWith(".wasm")) && names.some((name) => name.endsWith(".css")) && names.some((name) => name.endsWith(".js"))).toBe(true);
  return names;
}

for (const base of ["", "/console"]) {
  const where = base === "" ? "at the root" : `below ${base}`;
  const prepared = async (dist: Dist) => {
    // The one thing to change for a sub-path (docs/deployment.md).
    if (base) await dist.edit("index.html", (html) => html.replace('<base href="/">', `<base href="${base}/">`));
  };

  test(`${where}: files come compressed, typed and to keep, pages never, and with the policy`, async ({ dist, server, startNginx }) => {
    await prepared(dist);
    const nginx = await startNginx({ files: dist.folder, base, api: server.url });
    const at = (path: string) => `${nginx.url}${base}/${path}`;
    const policy = (await ask(`${server.url}/login`)).headers["content-security-policy"];
    expect(policy).toContain("'wasm-unsafe-eval'");

    const types: Record<string, RegExp> = { wasm: /^application\/wasm$/, js: /^text\/javascript/, css: /^text\/css/, json: /^application\/json$/ };
    const compressed = new Set(await readdir(dist.folder));
    for (const name of await hashed(dist.folder)) {
      for (const [encoding, end] of [["gzip", ".gz"], ...(Nginx.brotli ? [["br", ".br"]] : [])]) {
        const { status, headers } = await ask(at(name), { headers: { "accept-encoding": encoding } });
        expect(status, name).toBe(200);
        expect(headers["content-type"], name).toMatch(types[name.split(".").pop()!]);
        expect(headers["cache-control"], name).toBe("public, max-age=31536000, immutable");
        if (compressed.has(name + end)) {
          expect(headers["content-encoding"], name).toBe(encoding);
          expect(headers.vary, name).toMatch(/accept-encoding/i);
        }
      }
      // Whoever takes none of it gets the file as it is.
      const plain = await ask(at(name));
      expect(plain.headers["content-encoding"], name).toBeUndefined();
      expect(Number(plain.headers["content-length"]), name).toBe((await readFile(`${dist.folder}/${name}`)).length);
    }

    for (const path of ["", "login", "o/1/settings/members?q=a", "index.html", "config.json", "boot.js"]) {
      const { status, headers } = await ask(at(path));
      expect(status, path).toBe(200);
      expect(headers["cache-control"], path).toBe("no-cache");
      expect(headers["content-security-policy"], path).toBe(policy);
      expect(headers["x-content-type-options"], path).toBe("nosniff");
      expect(headers["referrer-policy"], path).toBe("no-referrer");
      expect(headers["cross-origin-opener-policy"], path).toBe("same-origin");
    }
    // A file of another build is missing, and not a page under a file's name.
    for (const end of ["js", "wasm", "css", "json"]) {
      const { status, headers } = await ask(at(`members-0123456789abcdef.${end}`));
      expect(status, end).toBe(404);
      expect(headers["cache-control"], end).toBeUndefined();
    }
    if (base) {
      const { status, headers } = await ask(`${nginx.url}${base}`);
      expect([status, headers.location]).toEqual([301, `${base}/`]);
      expect((await ask(`${nginx.url}/login`)).status, "outside of the sub-path").toBe(404);
    }
    // The API's own answers are passed on as they are.
    const api = await ask(`${nginx.url}/api/v1/orgs`);
    expect([api.status, api.headers["cache-control"], api.headers["content-security-policy"]]).toEqual([401, "no-store", policy]);
    expect((await ask(`${nginx.url}/docs`)).headers["content-type"]).toMatch(/^text\/html/);
  });

  test(`${where}: one signs up, goes about, reloads every page, and comes back to where one was`, async ({ dist, server, startNginx, openBrowser }) => {
    await prepared(dist);
    const nginx = await startNginx({ files: dist.folder, base, api: server.url });
    const page = await openBrowser({ baseURL: nginx.url });
    const inside = (path: RegExp) => new RegExp(`^${nginx.url}${base}${path.source}$`);
    await signUp(page, ada, { from: `${base}/signup` });
    await expect(page).toHaveURL(inside(/\/o\/[\w-]+\/w\/[\w-]+/));
    const home = page.url();
    const headings: [string, string | RegExp][] = [
      ["", "Workspace 1"],
      ["/datasets", "Datasets"],
      ["/../../settings/members?q=ada", "Members and roles"],
      ["/../../settings/roles", "Members and roles"],
      ["/../../settings/workspaces", "Workspaces"],
      ["/../../settings/billing", "Usage and billing"],
    ];
    for (const [path, name] of headings) {
      const address = new URL(path ? `${home}${path}` : home).href;
      await page.goto(address);
      await shows(page, name);
      await page.reload();
      await shows(page, name);
      expect(page.url()).toBe(address);
    }
    await page.goto(new URL(`${home}/../../settings/members?q=ada`).href);
    await expect(memberRow(page, ada.email)).toBeVisible();
    await settled(page);
    await checkAxe(page);

    // Signing out, and in again at a deep address, which it leads back to.
    await signOut(page);
    await page.goto(`${home}/datasets?x=1`);
    await expect(page).toHaveURL(inside(/\/login\?next=.*/));
    await trySignIn(page, ada.email, ada.password);
    await expect(page).toHaveURL(`${home}/datasets?x=1`);
    await shows(page, "Datasets");
  });

  test(`${where}: an old tab goes on in a new version: one reload, at the address where it was going`, async ({ dist, api, server, startNginx, openBrowser, expectConsoleErrors }) => {
    // The part of the old version is not there any more.
    expectConsoleErrors(/members-.*\.wasm/, /WebAssembly|MIME type|HTTP status code/);
    await prepared(dist);
    const acme = await (await api.signUp(ada)).createOrganization("Acme");
    const nginx = await startNginx({ files: dist.folder, base, api: server.url });
    const page = await openBrowser({ baseURL: nginx.url });
    const home = `${nginx.url}${base}/o/${acme.id}`;
    await signIn(page, ada, { from: `${base}/login` });
    await page.goto(home);
    await shows(page, "Workspace 1");
    await dist.newVersion();
    let loads = 0;
    page.on("request", (request) => (loads += Number(request.isNavigationRequest() && request.frame() === page.mainFrame())));
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
    await expect(memberRow(page, ada.email)).toBeVisible();
    await expect(page).toHaveURL(`${home}/settings/members`);
    expect(loads).toBe(1);
  });
}

async function shows(page: Page, name: string | RegExp) {
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(profile(page)).toBeVisible();
}

test("the server counts sign-ins by the client that nginx names, whatever the client says", async ({ startServer, startNginx }) => {
  const server = await startServer({ more: ["--trust-proxy", "127.0.0.1", "--sign-in-limit", "3"] });
  const nginx = await startNginx({ files: "dist", api: server.url });
  const attempt = (from: string, said: string) =>
    ask(`${nginx.url}/api/v1/login`, {
      method: "POST",
      from,
      headers: { authorization: `Basic ${btoa("nobody@example.com:a wrong password")}`, "x-forwarded-for": said },
    });
  const statuses: number[] = [];
  // Another made-up address each time.
  for (let made = 1; made <= 4; made += 1) statuses.push((await attempt("127.0.0.5", `203.0.113.${made}`)).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
  // Somebody else is not held up by that.
  expect((await attempt("127.0.0.6", "203.0.113.1")).status).toBe(401);
});

/** The session's cookie, as the browser has it. */
async function sessionCookie(page: Page, url: string) {
  const [cookie] = await page.context().cookies(`${url}/api/v1/session`);
  return cookie;
}

test("the session's cookie is kept to https where the page came by it", async ({ api, server, startNginx, openBrowser }) => {
  test.skip(Nginx.noCertificate !== "", Nginx.noCertificate);
  await api.signUp(ada);
  const nginx = await startNginx({ files: "dist", api: server.url, tls: true });
  const page = await openBrowser({ baseURL: nginx.url, ignoreHTTPSErrors: true });
  await signIn(page, ada);
  expect(await sessionCookie(page, nginx.url)).toMatchObject({ secure: true, httpOnly: true, sameSite: "Strict" });
  // It is what the session is renewed with.
  await page.reload();
  await expect(profile(page)).toBeVisible();
  expect(await sessionCookie(page, nginx.url)).toMatchObject({ secure: true, httpOnly: true, sameSite: "Strict" });
  await signOut(page);
  expect(await sessionCookie(page, nginx.url)).toBeUndefined();
});

test("by plain http the session's cookie is as the browser can use it there, whatever the client says", async ({ api, server, startNginx, openBrowser }) => {
  await api.signUp(ada);
  const nginx = await startNginx({ files: "dist", api: server.url });
  const answer = await ask(`${nginx.url}/api/v1/login`, {
    method: "POST",
    // nginx, and not the client, says how the page came.
    headers: { authorization: `Basic ${btoa(`${ada.email}:${ada.password}`)}`, "x-forwarded-proto": "https" },
  });
  expect(answer.status).toBe(200);
  expect(String(answer.headers["set-cookie"])).not.toContain("Secure");
  const page = await openBrowser({ baseURL: nginx.url });
  await signIn(page, ada);
  expect(await sessionCookie(page, nginx.url)).toMatchObject({ secure: false, httpOnly: true, sameSite: "Strict" });
});
