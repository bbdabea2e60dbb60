// A window of 1280 × 800 at 200 %: 640 × 400 pixels for the page, each of four on the screen.
import { checkAxe, dialog, everyPage, expect, memberRow, openDrawer, type Page, person, profile, settled, signIn, signUp, test, workspacePicker } from "./fixtures";

const ada = person("Ada");
const zoomed = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };

/** What can be used and is not to be reached without scrolling sideways. */
async function outOfReach(page: Page) {
  return page.evaluate(() => {
    const found: string[] = [];
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (over > 0) found.push(`the page scrolls sideways by ${over}`);
    // What is behind an open dialog is not in use.
    const root = [...document.querySelectorAll("dialog:modal")].pop() ?? document;
    for (const control of root.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, [role=tab], [role=option]")) {
      if (!control.checkVisibility({ visibilityProperty: true })) continue;
      const { left, right, width } = control.getBoundingClientRect();
      if (width === 0 || (left >= 0 && right <= innerWidth)) continue;
      found.push(`${control.tagName} ${control.ariaLabel ?? control.textContent} is at ${Math.round(left)} to ${Math.round(right)}`);
    }
    return found;
  });
}

test("at 200 % every page can be used without scrolling sideways", async ({ api, openBrowser }) => {
  test.setTimeout(120_000);
  const { acme, pages } = await everyPage(api, ada);
  const pending = await acme.account.createPendingOrganization("Waiting");
  const page = await openBrowser(zoomed);
  for (const path of ["/login", "/signup"]) {
    await page.goto(path);
    await settled(page);
    expect.soft(await outOfReach(page), path).toEqual([]);
  }
  await signIn(page, ada);
  for (const [path, heading] of Object.entries({ ...pages, [`/o/${pending.id}/settings/billing`]: "Set up billing" })) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeInViewport({ ratio: 1 });
    await settled(page);
    expect.soft(await outOfReach(page), path).toEqual([]);
  }
});

test("at 200 % somebody signs up, invites, and finds every button of the dialogs", async ({ openBrowser, api }) => {
  const page = await openBrowser(zoomed);
  await signUp(page, ada);
  const acme = await (await api.signIn(ada)).createOrganization("Acme");
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = dialog(page, "Invite members");
  await form.getByRole("textbox", { name: "Emails" }).fill(Array.from({ length: 8 }, (_, index) => `person.number.${index}@example.com`).join(", ") + ",");
  await expect(form.getByRole("button", { name: "Remove person.number.7@example.com" })).toBeVisible();
  expect(await outOfReach(page)).toEqual([]);
  // The buttons stay in sight while the form scrolls.
  await expect(form.getByRole("button", { name: "Send invitations" })).toBeInViewport({ ratio: 1 });
  await expect(form.getByRole("button", { name: "Close" })).toBeInViewport({ ratio: 1 });
  await form.getByRole("group", { name: "Workspaces" }).getByRole("checkbox").first().check();
  await checkAxe(page);
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  await expect(memberRow(page, "person.number.7@example.com")).toBeVisible();
  await page.getByRole("button", { name: "Revoke invitation to person.number.7@example.com" }).click();
  const question = page.getByRole("alertdialog", { name: /^Revoke invitation/ });
  await expect(question.getByRole("button", { name: "Revoke" })).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Escape");

  const drawer = await openDrawer(page);
  expect(await outOfReach(page)).toEqual([]);
  await drawer.getByRole("button", { name: "Sign out" }).scrollIntoViewIfNeeded();
  await expect(drawer.getByRole("button", { name: "Sign out" })).toBeInViewport({ ratio: 1 });
  await drawer.getByRole("button", { name: "New", exact: true }).click();
  await expect(dialog(page, "New organization").getByRole("button", { name: "Create organization" })).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Escape");
  await expect(profile(page)).toBeInViewport({ ratio: 1 });
  await workspacePicker(page).click();
  await expect(page.getByRole("listbox", { name: "Workspaces" }).getByRole("option").first()).toBeInViewport({ ratio: 1 });
  expect(await outOfReach(page)).toEqual([]);
});
