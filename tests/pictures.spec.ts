// Makes the pictures of the README from the demo's organization, in test-results/pictures; `make pictures` puts them into docs/.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { everyPage, expect, type Page, person, settled, signIn, test } from "./fixtures";
import { say } from "./words";

const folder = "test-results/pictures";
const program = resolve(process.env.ATRIUM_SERVER ?? "target/debug/atrium-server");

async function picture(page: Page, name: string) {
  mkdirSync(dirname(`${folder}/${name}`), { recursive: true });
  await expect(page.getByRole("status").filter({ hasText: /^Loading/ })).toHaveCount(0);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await page.screenshot({ path: `${folder}/${name}.png` });
}

test("the demo organization, from sign-in to members, light, dark and narrow", async ({ page, server }) => {
  const told = execFileSync(program, ["demo", "--members", "120", "--database", server.database], { encoding: "utf8" });
  const email = /\S+@\S+/.exec(told)![0];
  const password = /with the password (\S+):/.exec(told)![1];
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.goto("/login");
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await picture(page, "sign-in");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Profile" }).click();
  const drawer = page.getByRole("dialog", { name: "Organizations" });
  await drawer.getByRole("button", { name: "Acme", exact: true }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("table", { name: "Projects" })).toBeVisible();
  await picture(page, "workspace");
  await page.getByRole("button", { name: "Profile" }).click();
  await expect(drawer.getByRole("button", { name: "Acme", exact: true })).toBeVisible();
  await picture(page, "organizations");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("table", { name: "Members" }).getByRole("row").nth(10)).toBeVisible();
  await picture(page, "members-light");
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await picture(page, "members-dark");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("textbox", { name: "Emails" }).fill("grace@acme.example, joan@acme.example, alan@partner.example, mary@amce.example, not-an-address,");
  await expect(page.getByText("not an email address")).toBeVisible();
  await picture(page, "invite-dark");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
  await page.getByRole("tab", { name: "Roles" }).click();
  await expect(page.getByRole("table", { name: "Roles" })).toBeVisible();
  await picture(page, "roles-dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("tab", { name: "Members" }).click();
  await expect(page.getByRole("table", { name: "Members" }).getByRole("row").nth(3)).toBeVisible();
  await picture(page, "members-narrow-dark");
});

test("the demo organization in Arabic, from right to left", async ({ openBrowser, server }) => {
  const told = execFileSync(program, ["demo", "--members", "120", "--database", server.database], { encoding: "utf8" });
  const email = /\S+@\S+/.exec(told)![0];
  const password = /with the password (\S+):/.exec(told)![1]!;
  const words = say("ar");
  const page = await openBrowser({ locale: "ar" });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.goto("/login");
  await page.getByRole("textbox", { name: words("Email"), exact: true }).fill(email);
  await page.getByRole("textbox", { name: words("Password"), exact: true }).fill(password);
  await page.getByRole("button", { name: words("Sign in"), exact: true }).click();
  await page.getByRole("button", { name: words("Profile"), exact: true }).click();
  const drawer = page.getByRole("dialog", { name: words("Organizations"), exact: true });
  await expect(drawer.getByRole("button", { name: "Acme", exact: true })).toBeVisible();
  await picture(page, "organizations-arabic");
  await drawer.getByRole("button", { name: "Acme", exact: true }).click();
  await expect(drawer).toBeHidden();
  await page.getByRole("link", { name: words("Settings"), exact: true }).click();
  await expect(page.getByRole("table", { name: words("Members") }).getByRole("row").nth(10)).toBeVisible();
  await picture(page, "members-arabic");
  await page.getByRole("button", { name: words("Invite"), exact: true }).click();
  await expect(page.getByRole("textbox", { name: words("Emails") })).toBeVisible();
  await picture(page, "invite-arabic");
});

test("every page, light and dark", async ({ page, api }) => {
  test.setTimeout(120_000);
  const ada = person("Ada Lovelace");
  const { pages } = await everyPage(api, ada);
  await signIn(page, ada);
  for (const path of Object.keys(pages)) {
    await page.goto(path);
    await settled(page);
    const name = path.split("/").slice(3).map((part) => (/^[\da-f-]{36}$/.test(part) ? "one" : part)).join("-") || "nowhere";
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await picture(page, `pages/${name}-${colorScheme}`);
    }
  }
});
