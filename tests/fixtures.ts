// What every spec gets: a server and database of its own, the API, browsers whose console is
// watched. Conventions: things are found by role and name, never by class; nothing waits for the
// clock (no waitForTimeout), only for what the page shows.
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, type Page, test as base, expect } from "@playwright/test";
import { Api } from "./api";
import { Nginx } from "./nginx";
import { Server } from "./server";
import { Dist, Site } from "./site";

export { expect, type Page };
export { Account, Api, ApiError, Organization, person, type Person, type Workspace } from "./api";
export { everyPage, settled } from "./every_page";
export { Nginx } from "./nginx";
export { Server } from "./server";
export { Dist, Site } from "./site";
export * from "./steps";

type Fixtures = {
  /** An atrium-server that only this test uses. */
  server: Server;
  /** Its API. */
  api: Api;
  /** Opens a second browser (other cookies, other storage) for somebody else; its console is watched too. */
  openBrowser: (options?: Parameters<import("@playwright/test").Browser["newContext"]>[0]) => Promise<Page>;
  /** A copy of dist/ that this test may change. */
  dist: Dist;
  /** Another atrium-server, as of other files. */
  startServer: (options: Parameters<typeof Server.start>[0]) => Promise<Server>;
  /** A web server in front of an atrium-server; the browser for it comes from openBrowser({ baseURL }). */
  startSite: (options: Parameters<typeof Site.start>[0]) => Promise<Site>;
  /** An nginx with the configuration of the documentation, in front of an atrium-server. */
  startNginx: (options: Parameters<typeof Nginx.start>[0]) => Promise<Nginx>;
  /** Announces errors that this test provokes; all others on any page's console fail it. */
  expectConsoleErrors: (...patterns: RegExp[]) => void;
  consoleErrors: { watch: (context: BrowserContext) => void; allow: (patterns: RegExp[]) => void };
};

/** A refused request is the app's to show; a broken server or a blocked resource is an error. */
function isHarmless(text: string): boolean {
  const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(text)?.[1];
  return status !== undefined && Number(status) < 500;
}

export const test = base.extend<Fixtures>({
  server: async ({}, use, info) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
    if (info.status !== info.expectedStatus) await info.attach("server log", { body: server.log(), contentType: "text/plain" });
  },

  baseURL: async ({ server }, use) => use(server.url),

  api: async ({ server }, use) => use(new Api(server.url)),

  consoleErrors: async ({}, use) => {
    const errors: string[] = [];
    const allowed: RegExp[] = [];
    await use({
      watch: (context) => {
        context.on("console", (message) => {
          if (message.type() !== "error" || isHarmless(message.text())) return;
          errors.push(`console: ${message.text()} (${message.location().url})`);
        });
        context.on("weberror", (error) => errors.push(`page error: ${error.error().stack ?? error.error().message}`));
      },
      allow: (patterns) => allowed.push(...patterns),
    });
    const unexpected = errors.filter((error) => !allowed.some((pattern) => pattern.test(error)));
    expect(unexpected, "errors on a page's console").toEqual([]);
  },

  context: async ({ context, consoleErrors }, use) => {
    consoleErrors.watch(context);
    await use(context);
  },

  dist: async ({}, use) => {
    const dist = await Dist.copy();
    await use(dist);
    await dist.remove();
  },

  startServer: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (options) => {
      const server = await Server.start(options);
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.stop();
  },

  startSite: async ({}, use) => {
    const sites: Site[] = [];
    await use(async (options) => {
      const site = await Site.start(options);
      sites.push(site);
      return site;
    });
    for (const site of sites) await site.stop();
  },

  startNginx: async ({}, use) => {
    const started: Nginx[] = [];
    await use(async (options) => {
      const nginx = await Nginx.start(options);
      started.push(nginx);
      return nginx;
    });
    for (const nginx of started) await nginx.stop();
  },

  // Made after the servers and so ended before them: a browser may still be asking for an icon.
  openBrowser: async ({ browser, baseURL, consoleErrors, startServer: _, startSite: __, startNginx: ___ }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL, ...options });
      contexts.push(context);
      consoleErrors.watch(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  expectConsoleErrors: async ({ consoleErrors }, use) => use((...patterns) => consoleErrors.allow(patterns)),
});

/** No violation of any axe rule in what the page shows now, in the light and in the dark theme. */
export async function checkAxe(page: Page) {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // A colour that is still on its way has some other contrast.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
    // In the page itself: the default puts each result together in a page of its own, which takes as long again and
    // is for frames of other origins, of which the app has none but the card's.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    // The themes differ in colours alone, and all other rules take most of the time.
    if (colorScheme === "dark") axe.withRules(["color-contrast", "link-in-text-block"]);
    const { violations } = await axe.analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.html}\n    ${node.failureSummary?.replaceAll("\n", "\n    ")}`).join("\n")}`,
    );
    expect(found, `axe, ${colorScheme}, ${new URL(page.url()).pathname}`).toEqual([]);
  }
}

/** The browser's own slow network: how long each answer takes, in milliseconds, and bytes in a second (-1: as fast as it goes). */
export async function slowNetwork(page: Page, { latency = 0, download = -1 }: { latency?: number; download?: number }) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Network.enable");
  const set = (latency: number, download: number) =>
    browser.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: download, uploadThroughput: -1 });
  await set(latency, download);
  // What is on its way arrives at once then.
  return { over: () => set(0, -1) };
}
