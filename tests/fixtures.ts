// What every spec gets: a server and database of its own, the API, browsers whose console is
// watched. Conventions: things are found by role and name, never by class; nothing waits for the
// clock (no waitForTimeout), only for what the page shows.
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, type Page, test as base, expect } from "@playwright/test";
import { Api } from "./api";
import { Server } from "./server";

export { expect, type Page };
export { Account, Api, ApiError, Organization, person, type Person } from "./api";
export { Server } from "./server";
export * from "./steps";

type Fixtures = {
  /** An atrium-server that only this test uses. */
  server: Server;
  /** Its API. */
  api: Api;
  /** Opens a second browser (other cookies, other storage) for somebody else; its console is watched too. */
  openBrowser: (options?: Parameters<import("@playwright/test").Browser["newContext"]>[0]) => Promise<Page>;
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

  openBrowser: async ({ browser, baseURL, consoleErrors }, use) => {
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
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.html}\n    ${node.failureSummary?.replaceAll("\n", "\n    ")}`).join("\n")}`,
    );
    expect(found, `axe, ${colorScheme}, ${new URL(page.url()).pathname}`).toEqual([]);
  }
}
