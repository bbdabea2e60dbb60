// The app panics: the page says so and leads back.
import { checkAxe, expect, person, profile, settled, signIn, test, workspacePicker, type Page } from "./fixtures";

const ada = person("Ada");

/** The router takes it for granted that the browser lets it write the address; here it does not. */
async function breakHistory(page: Page) {
  await page.evaluate(() => {
    history.pushState = () => {
      throw new Error("no more addresses");
    };
  });
}

test("a panic shows a page that leads back, by mouse and by keyboard", async ({ page, api, expectConsoleErrors }) => {
  expectConsoleErrors(/panicked at/, /unreachable|RuntimeError/, /no more addresses/);
  await api.signUp(ada);
  await signIn(page, ada);
  await settled(page);
  const home = page.url();
  await breakHistory(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Datasets" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Atrium stopped working" })).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "Nothing that was saved is lost." })).toBeVisible();
  // Nothing is left that looks as if it could be used.
  await expect(profile(page)).toBeHidden();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await checkAxe(page);
  const reload = page.getByRole("link", { name: "Reload this page" });
  const start = page.getByRole("link", { name: "Go to the start page" });
  await page.keyboard.press("Tab");
  await expect(reload).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(start).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  await expect(page).toHaveURL(home);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Datasets" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Datasets" })).toBeVisible();

  await breakHistory(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Prompts" }).click();
  await start.click();
  await expect(workspacePicker(page)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Atrium stopped working" })).toBeHidden();
});

test("a panic while a dialog is open leads back too", async ({ page, api, expectConsoleErrors }) => {
  expectConsoleErrors(/panicked at/, /unreachable|RuntimeError/, /no more addresses/);
  await api.signUp(ada);
  await signIn(page, ada);
  await page.setViewportSize({ width: 320, height: 640 });
  await settled(page);
  await page.getByRole("button", { name: "Menu" }).click();
  await breakHistory(page);
  await page.getByRole("dialog", { name: "Menu" }).getByRole("link", { name: "Datasets" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Atrium stopped working" })).toBeVisible();
  await checkAxe(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Reload this page" })).toBeFocused();
  await page.getByRole("link", { name: "Reload this page" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
});
