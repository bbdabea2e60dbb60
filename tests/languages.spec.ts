// Languages: chosen by the browser and switchable, loaded only when used, and nothing said past them.
import { readdir } from "node:fs/promises";
import type { Locator } from "@playwright/test";
import { checkAxe, everyPage, expect, memberRow, type Page, person, settled, signIn, test } from "./fixtures";
import { bracketed, languages, say, type Say } from "./words";

const ada = person("Ada Lovelace");

async function signInAs(page: Page, say: Say) {
  await page.goto("/login");
  await page.getByRole("textbox", { name: say("Email"), exact: true }).fill(ada.email);
  await page.getByRole("textbox", { name: say("Password"), exact: true }).fill(ada.password);
  await page.getByRole("button", { name: say("Sign in"), exact: true }).click();
  await expect(page.getByRole("button", { name: say("Profile"), exact: true })).toBeVisible();
}

/** Until nothing on the page loads any more. */
async function loaded(page: Page, say: Say) {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const start = say("Loading {what}", { what: "" }).split(/\s|\u2068/)[0]!;
  await expect(page.getByRole("status").filter({ hasText: new RegExp(`^${start}`) })).toHaveCount(0);
}

/** The files of words that a page asks for from now on. */
function asked(page: Page): string[] {
  const files: string[] = [];
  page.on("request", (request) => {
    const file = /\/words-(\w+)-[\da-f]+\.json$/.exec(new URL(request.url()).pathname);
    if (file) files.push(file[1]!);
  });
  return files;
}

const root = (page: Page) => page.locator("html");

/** The drawer's list is there, to which the focus is led. */
const listed = (drawer: Locator) => expect(drawer.getByRole("button", { name: "Acme", exact: true })).toBeFocused();

test("the browser's language is spoken, and only its words are loaded", async ({ openBrowser }) => {
  for (const [locale, language, direction] of [
    ["de-AT", "de", "ltr"],
    ["es-MX", "es", "ltr"],
    ["ja", "ja", "ltr"],
    ["ar-EG", "ar", "rtl"],
  ] as const) {
    const page = await openBrowser({ locale });
    const files = asked(page);
    await page.goto("/login");
    await expect(page.getByRole("button", { name: say(language)("Sign in"), exact: true })).toBeVisible();
    await expect(root(page)).toHaveAttribute("lang", language);
    await expect(page.locator("body")).toHaveCSS("direction", direction);
    expect(files).toEqual([language]);
  }
});

test("English needs no words, and is what is spoken where a language is not there", async ({ openBrowser }) => {
  for (const locale of ["en-GB", "fr-FR"]) {
    const page = await openBrowser({ locale });
    const files = asked(page);
    await page.goto("/login");
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(root(page)).toHaveAttribute("lang", "en");
    expect(files).toEqual([]);
  }
});

test("the language is switched in the drawer, where one is, and stays for the next visit", async ({ page, api, context }) => {
  const { acme } = await everyPage(api, ada);
  await signIn(page, ada);
  const members = `/o/${acme.id}/settings/members?q=bob`;
  await page.goto(members);
  await expect(memberRow(page, "bob@example.com")).toBeVisible();
  await page.getByRole("button", { name: "Profile", exact: true }).click();
  const drawer = page.getByRole("dialog", { name: "Organizations" });
  await listed(drawer);
  const english = drawer.getByRole("button", { name: "Language: English", exact: true });
  await expect(english).toHaveAccessibleDescription(""); // the session outlives it
  await english.click();
  await checkAxe(page);
  await page.getByRole("listbox", { name: "Language" }).getByRole("option", { name: "Deutsch", exact: true }).click();
  const german = say("de");
  await expect(page.getByRole("heading", { level: 1, name: german("Members and roles") })).toBeVisible();
  await expect(page).toHaveURL(members);
  await expect(page.getByText("bob@example.com").first()).toBeVisible();
  await expect(root(page)).toHaveAttribute("lang", "de");

  // Another tab, and the keyboard alone.
  const other = await context.newPage();
  await other.goto(members);
  await expect(other.getByRole("heading", { level: 1, name: german("Members and roles") })).toBeVisible();
  await other.getByRole("button", { name: german("Profile"), exact: true }).focus();
  await other.keyboard.press("Enter");
  const otherDrawer = other.getByRole("dialog", { name: german("Organizations"), exact: true });
  await listed(otherDrawer);
  const choice = otherDrawer.getByRole("button", { name: german("Language: {name}", { name: "Deutsch" }), exact: true });
  const list = other.getByRole("listbox", { name: german("Language"), exact: true });
  await choice.focus();
  // On the button the arrows and letters are nothing; in the list they only lead there.
  for (const key of ["ArrowDown", "ArrowUp", "E"]) await other.keyboard.press(key);
  await expect(choice).toBeFocused();
  await other.keyboard.press("Enter");
  await expect(list).toBeFocused();
  await other.keyboard.press("E");
  await expect(list.getByRole("option", { name: "Español", exact: true })).toHaveAttribute("data-active");
  await other.keyboard.press("Escape");
  await expect(choice).toBeFocused();
  await expect(root(other)).toHaveAttribute("lang", "de");
  // The one that is spoken, once more, is nothing either.
  await other.keyboard.press("Enter");
  await expect(list).toBeFocused();
  await other.keyboard.press("Enter");
  await expect(choice).toBeFocused();
  await other.keyboard.press("Enter");
  await expect(list).toBeFocused();
  await other.keyboard.press("ArrowDown");
  await other.keyboard.press("Enter");
  await expect(other.getByRole("heading", { level: 1, name: say("es")("Members and roles") })).toBeVisible();
  await expect(root(other)).toHaveAttribute("lang", "es");
});

test("whom the choice of a language signs out is told before", async ({ page, api }) => {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  const { key } = await acme.call("POST", "/api/v1/api-key/current", { body: { description: "For the test" } });
  await page.goto(`/login?next=${encodeURIComponent(`/o/${acme.id}/settings/members`)}`);
  await page.getByRole("button", { name: "Use an API key" }).click();
  await page.getByRole("textbox", { name: "API key" }).fill(key);
  await page.keyboard.press("Enter");
  await expect(memberRow(page, ada.email)).toBeVisible();
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("dialog", { name: "Menu" }).getByRole("button", { name: "Profile" }).click();
  const drawer = page.getByRole("dialog", { name: "Organizations" });
  await listed(drawer);
  const choice = drawer.getByRole("button", { name: "Language: English", exact: true });
  const told = "Choosing another language loads this page again, and you sign in again.";
  await expect(choice).toHaveAccessibleDescription(told);
  await expect(page.getByText(told)).toBeVisible();
  await choice.press("Enter");
  const japanese = page.getByRole("listbox", { name: "Language" }).getByRole("option", { name: "日本語", exact: true });
  await japanese.scrollIntoViewIfNeeded();
  await expect(japanese).toBeInViewport({ ratio: 1 });
  await checkAxe(page);
  await japanese.click();
  await expect(root(page)).toHaveAttribute("lang", "ja");
  await expect(page.getByRole("textbox", { name: say("ja")("Password"), exact: true })).toBeVisible();
});

test("a browser that keeps nothing says so, and the page stays", async ({ page, api }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
  });
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  await page.evaluate(() => void (document.documentElement.dataset.same = "page"));
  await page.getByRole("button", { name: "Profile", exact: true }).click();
  const drawer = page.getByRole("dialog", { name: "Organizations" });
  await listed(drawer);
  const choice = drawer.getByRole("button", { name: "Language: English", exact: true });
  await choice.click();
  await page.getByRole("listbox", { name: "Language" }).getByRole("option", { name: "Deutsch", exact: true }).click();
  const why = "This browser keeps nothing for Atrium, so the language cannot be changed here.";
  await expect(drawer.getByRole("alert").filter({ hasText: why })).toBeVisible();
  await expect(choice).toBeFocused();
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog", { name: "Command palette" }).getByRole("combobox").fill("language esp");
  await expect(page.getByRole("option", { name: /Español/ }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: why })).toBeVisible();
  await expect(root(page)).toHaveAttribute("lang", "en");
  await expect(root(page)).toHaveAttribute("data-same", "page");
});

test("the command palette finds the languages", async ({ page, api }) => {
  await api.signUp(ada);
  await signIn(page, ada);
  await settled(page);
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Command palette" });
  await palette.getByRole("combobox").fill("language esp");
  await expect(palette.getByRole("option").first()).toHaveText(/Español/);
  await page.keyboard.press("Enter");
  await expect(root(page)).toHaveAttribute("lang", "es");
  await expect(page.getByRole("link", { name: say("es")("Settings"), exact: true })).toBeVisible();
});

test("numbers, dates, money and plurals are the browser's own", async ({ api, openBrowser }) => {
  const { acme, workspace } = await everyPage(api, ada);
  for (let number = 4; number <= 12; number++) {
    await acme.call("POST", "/api/v1/sessions", { workspace: workspace.id, body: { name: `project ${number}` } });
  }
  for (const language of languages) {
    const page = await openBrowser({ locale: language });
    const words = say(language);
    await signInAs(page, words);
    await page.goto(`/o/${acme.id}/settings/members`);
    const row = page.getByRole("row").filter({ hasText: ada.email });
    await expect(row).toBeVisible();
    const today = await page.evaluate((locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(), language);
    await expect(row).toContainText(today);
    await page.goto(`/o/${acme.id}/settings/billing`);
    await loaded(page, words);
    const price = await page.evaluate((locale) => new Intl.NumberFormat(locale, { style: "currency", currency: "USD", maximumFractionDigits: 0 }).format(39), language);
    await expect(page.getByText(price).first()).toBeVisible();
  }
});

test("what counts has the form that the number asks for, in Arabic too", async ({ api, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  const page = await openBrowser({ locale: "ar" });
  const words = say("ar");
  await signInAs(page, words);
  const forms = new Set<string>();
  for (const [count, more] of [
    [1, []],
    [2, ["bob@example.com"]],
    [3, ["carol@example.com"]],
  ] as const) {
    if (more.length) await acme.invite([...more]);
    await page.goto(`/o/${acme.id}/settings/members`);
    const number = await page.evaluate((count) => new Intl.NumberFormat("ar").format(count), count);
    const told = words("{count} people", { count: String(count) }).replace(`\u2068${count}\u2069`, `\u2068${number}\u2069`);
    await expect(page.getByRole("status").filter({ hasText: told })).toBeVisible();
    forms.add(told.replace(number, ""));
  }
  expect(forms.size, "one, two and a few have a form each").toBe(3);
});

test("right to left, every page has its sides exchanged, nothing for axe, and nothing out of reach on a phone", async ({ api, openBrowser }) => {
  test.setTimeout(180_000);
  const { pages } = await everyPage(api, ada);
  const page = await openBrowser({ locale: "ar" });
  const words = say("ar");
  await signInAs(page, words);
  for (const path of Object.keys(pages)) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(path);
    await loaded(page, words);
    if (path !== "/nowhere") {
      const box = await page.getByRole("navigation", { name: words("Main") }).boundingBox();
      expect.soft(box!.x, path).toBeGreaterThan(640);
    }
    await checkAxe(page);
    await page.setViewportSize({ width: 320, height: 700 });
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
});

test("right to left, the arrow to the left goes on", async ({ api, openBrowser }) => {
  const { acme } = await everyPage(api, ada);
  const page = await openBrowser({ locale: "ar" });
  const words = say("ar");
  await signInAs(page, words);
  await page.goto(`/o/${acme.id}/settings/members`);
  await page.getByRole("tab", { name: words("Members"), exact: true }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("tab", { name: words("Roles"), exact: true })).toBeFocused();
  await expect(page).toHaveURL(/settings\/roles/);
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/settings\/members/);

  await page.getByRole("button", { name: words("Profile"), exact: true }).click();
  const drawer = page.getByRole("dialog", { name: words("Organizations"), exact: true });
  await expect(drawer).toBeVisible();
  await expect.poll(async () => (await drawer.boundingBox())!.x).toBeGreaterThan(640);
  await checkAxe(page);
});

test("in German, which is long, nothing is out of reach on a phone", async ({ api, openBrowser }) => {
  test.setTimeout(120_000);
  const { pages } = await everyPage(api, ada);
  const page = await openBrowser({ locale: "de" });
  const words = say("de");
  await signInAs(page, words);
  await page.setViewportSize({ width: 320, height: 700 });
  for (const path of Object.keys(pages)) {
    await page.goto(path);
    await loaded(page, words);
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
  // Nothing lies over the label of the field.
  await page.goto(Object.keys(pages).find((path) => path.endsWith("/settings/members"))!);
  await page.getByRole("button", { name: words("Invite"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: words("Invite members"), exact: true });
  const label = (await dialog.getByText(words("Emails"), { exact: true }).boundingBox())!;
  for (const name of ["Import CSV", "Choose a file"]) {
    const button = (await dialog.getByRole("button", { name: words(name), exact: true }).boundingBox())!;
    expect.soft(button.y >= label.y + label.height || button.x >= label.x + label.width, name).toBe(true);
  }
});

test("what the server refuses is said in the language too, with the names that are in it", async ({ api, openBrowser }) => {
  await api.signUp(ada);
  for (const language of languages) {
    const page = await openBrowser({ locale: language });
    const words = say(language);
    await page.goto("/signup");
    await page.getByRole("textbox", { name: words("Full name"), exact: true }).fill(ada.name);
    await page.getByRole("textbox", { name: words("Email"), exact: true }).fill(ada.email);
    await page.getByRole("textbox", { name: words("Password"), exact: true }).fill(ada.password);
    await page.getByRole("button", { name: words("Create account"), exact: true }).click();
    await expect(page.getByText(words("There is an account for {address} already. Sign in.", { address: ada.email }))).toBeVisible();
    // Without a gap, as it stands in the words.
    await page.goto("/login");
    await page.getByRole("textbox", { name: words("Email"), exact: true }).fill(ada.email);
    await page.getByRole("textbox", { name: words("Password"), exact: true }).fill("something else");
    await page.getByRole("button", { name: words("Sign in"), exact: true }).click();
    await expect(page.getByText(words("The email address or the password is not right. Check both, then try again."))).toBeVisible();
  }
});

test("without its words the page is in English, and says so to the browser", async ({ dist, startServer, openBrowser }) => {
  await dist.take(/^words-/);
  const server = await startServer({ files: dist.folder });
  const page = await openBrowser({ locale: "ar", baseURL: server.url });
  await page.goto("/login");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(root(page)).toHaveAttribute("lang", "en");
  await expect(page.locator("body")).toHaveCSS("direction", "ltr");
});

test("also what the page says without the app is in its language", async ({ dist, startServer, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/wasm|Error/);
  await dist.take(/^atrium-[0-9a-f]+\.wasm/);
  const server = await startServer({ files: dist.folder });
  const page = await openBrowser({ locale: "de", baseURL: server.url });
  await page.goto("/login");
  await expect(page.getByRole("heading", { level: 1, name: say("de")("Atrium could not start") })).toBeVisible();
  await expect(page.getByRole("link", { name: say("de")("Reload this page") })).toBeVisible();
});

/** What can be read or heard on the page and stands in no brackets, but for what is named. */
async function unbracketed(page: Page, data: string[]) {
  return page.evaluate((data) => {
    const root = [...document.querySelectorAll("dialog:modal")].pop() ?? document.body;
    const found = new Set<string>();
    const known = [...data].sort((a, b) => b.length - a.length);
    const look = (text: string, where: string) => {
      if (past(text)) found.add(`${where}: ${text.trim().slice(0, 120)}`);
    };
    /** Whether a text has words outside of the brackets and of what is known. */
    const past = (text: string) => {
      let rest = text;
      // What fills a gap is in the sentence around it.
      for (let before = ""; before !== rest; ) {
        before = rest;
        rest = rest.replaceAll(/⟦[^⟦⟧]*⟧/g, "");
      }
      for (const name of known) rest = rest.replaceAll(name, "");
      // Names in the API: permissions, ids, addresses.
      rest = rest.replaceAll(/[a-z-]+(?::[a-z-]+)+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?:POST|PATCH|DELETE) \/\S*|seti_\w+/g, "");
      return /\p{L}{2}/u.test(rest);
    };
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node: Node | null = root; node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement!;
      if (element.closest("script, style, code, pre, kbd, noscript, [hidden], .avatar") || element.closest("dialog:not([open])")) continue;
      // A sentence with a link in it is one of several nodes.
      if (node instanceof Text) {
        const value = element.matches("ins, del") && /^[a-z_]+$/.test(node.data); // as the API has it, in the audit log
        if (!value && past(element.textContent!)) look(node.data, element.tagName.toLowerCase());
      }
      else {
        for (const name of ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "placeholder", "title", "alt", "data-label", "data-sort-by"]) {
          const value = element.getAttribute(name);
          if (value) look(value, `${element.tagName.toLowerCase()} ${name}`);
        }
      }
    }
    look(document.title, "the title");
    return [...found];
  }, data);
}

test("nothing is said past the words: on every page and in its dialogs each sentence comes from there", async ({ api, dist, startServer, openBrowser }) => {
  test.setTimeout(300_000);
  const { words, say } = bracketed();
  for (const name of await readdir(dist.folder)) if (/^words-de-[\da-f]+\.json$/.test(name)) await dist.edit(name, () => words);
  const server = await startServer({ files: dist.folder });
  const { Api } = await import("./api");
  const { acme, pages, workspace } = await everyPage(new Api(server.url), ada);
  const page = await openBrowser({ locale: "de", baseURL: server.url });
  const data = [
    "Atrium", "Acme", "Ada Lovelace", ada.email, "bob@example.com", "carol@example.com", "example.com", "Workspace 1", "Questions and answers",
    "Personal", "Plus", "Developer", "Startup", "Enterprise", "Reviewer", "Reviews", "Visa", "visa", "LangSmith", "Stripe", "CSV", "JSON", "ID", "English", "Deutsch", "Español", "日本語", "العربية",
    // The made-up entries of the audit log.
    "ada@example.com", "grace@example.com", "linus@example.com", "datasets:delete", "datasets:read", "projects:read", "example-1", "example-2", "example-3", "example-4",
    acme.id, workspace.id, ...[1, 2, 3].flatMap((number) => [`project ${number}`, `dataset ${number}`]),
  ];
  const check = async (where: string) => expect.soft(await unbracketed(page, data), where).toEqual([]);

  await page.goto("/signup");
  await expect(page.getByRole("button", { name: say("Create account"), exact: true })).toBeVisible();
  await check("/signup");
  await page.goto("/login");
  await expect(page.getByRole("button", { name: say("Sign in"), exact: true })).toBeVisible();
  await check("/login");
  await page.getByRole("button", { name: say("Sign in"), exact: true }).click();
  await check("/login, refused");
  await signInAs(page, say);
  const waits = () => expect(page.getByRole("status").filter({ hasText: /^⟦(Loading|Looking|Counting|Reading)/ })).toHaveCount(0);
  const painted = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))));
  const asked = page.locator("dialog[open]:modal");
  let dialogs = 0;
  const visit = async (path: string) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await waits();
    await check(path);
  };
  // On Plus, where some of what there is has only its reason, and on Enterprise.
  for (const path of Object.keys(pages)) await visit(path);
  await server.plan(acme.id, "enterprise");
  await acme.call("POST", "/api/v1/orgs/current/roles", { body: { display_name: "Reviewer", description: "Reviews", permissions: ["projects:read", "datasets:delete"] } });
  for (const path of Object.keys(pages)) {
    await visit(path);
    // Whatever opens a dialog: what is in it.
    const buttons = page.locator("main button:not([role], [aria-disabled=true], [disabled])");
    const names = await buttons.evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.ariaLabel ?? one.textContent!.trim()));
    for (const name of new Set(names.filter((name) => name.startsWith("⟦")))) {
      const button = page.locator("main").getByRole("button", { name, exact: true }).first();
      if (!(await button.isVisible())) continue;
      await button.click();
      await painted();
      // Some look something up before they ask.
      await expect(page.locator("main [data-busy]")).toHaveCount(0);
      if (await asked.count()) {
        dialogs++;
        await waits();
        await check(`${path}, ${name}`);
      }
      for (let times = 0; times < 3 && (await asked.count()); times++) {
        await page.keyboard.press("Escape");
        await painted();
      }
      if ((await asked.count()) || new URL(page.url()).pathname !== path) await visit(path);
    }
  }
  expect(dialogs, "dialogs that were looked at").toBeGreaterThan(15);
  // What every page has: the drawer, the palette, the picker, the shortcuts.
  await page.goto(Object.keys(pages)[0]!);
  await page.getByRole("button", { name: say("Profile"), exact: true }).click();
  const drawer = page.getByRole("dialog", { name: say("Organizations"), exact: true });
  await expect(drawer.getByRole("button", { name: say("New"), exact: true })).toBeVisible();
  await check("the drawer");
  await drawer.getByRole("button", { name: say("New"), exact: true }).click();
  await expect(page.getByRole("textbox", { name: say("Organization name") })).toBeVisible();
  await check("New organization");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("option").first()).toBeVisible();
  await check("the palette");
  await page.keyboard.press("Escape");
});
