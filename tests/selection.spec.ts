// Selecting members: some, a range, all that match.
import { checkAxe, choose, enterprise, expect, memberRow, membersTable, openMembers, test } from "./fixtures";
import { ada, box, selectAll, toolbar } from "./selecting";

test("some are selected, survive scrolling, and are counted; Escape and the button clear them", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 300);
  await openMembers(page, acme, ada);
  await expect(toolbar(page)).toBeHidden();
  await box(page, "p000@example.com").check();
  await box(page, "p002@example.com").check();
  await expect(toolbar(page)).toContainText("2 selected");
  await expect(selectAll(page)).toBeChecked({ indeterminate: true });
  await checkAxe(page);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(box(page, "p000@example.com")).toHaveCount(0);
  await box(page, ada.email).check();
  await expect(toolbar(page)).toContainText("3 selected");
  await page.evaluate(() => scrollTo(0, 0));
  await expect(box(page, "p000@example.com")).toBeChecked();
  await expect(box(page, "p001@example.com")).not.toBeChecked();
  await box(page, "p000@example.com").uncheck();
  await expect(toolbar(page)).toContainText("2 selected");
  await page.keyboard.press("Escape");
  await expect(toolbar(page)).toBeHidden();
  await expect(box(page, "p002@example.com")).not.toBeChecked();
  await box(page, "p002@example.com").check();
  await toolbar(page).getByRole("button", { name: "Clear selection" }).click();
  await expect(toolbar(page)).toBeHidden();
  await expect(selectAll(page)).toBeFocused();
  // Escape in the toolbar as well: the focus does not go with it.
  await box(page, "p002@example.com").check();
  await toolbar(page).getByRole("button", { name: "Resend" }).focus();
  await page.keyboard.press("Escape");
  await expect(toolbar(page)).toBeHidden();
  await expect(selectAll(page)).toBeFocused();
});

test("Shift selects a range with the pointer, also over rows that were never loaded", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 400);
  await openMembers(page, acme, ada);
  await box(page, "p003@example.com").click();
  await box(page, "p006@example.com").click({ modifiers: ["Shift"] });
  await expect(toolbar(page)).toContainText("4 selected");
  await expect(box(page, "p004@example.com")).toBeChecked();
  await expect(box(page, "p007@example.com")).not.toBeChecked();
  // What Shift unchecks is a range too.
  await box(page, "p005@example.com").click({ modifiers: ["Shift"] });
  await expect(toolbar(page)).toContainText("2 selected");
  await box(page, "p003@example.com").uncheck();
  await box(page, "p003@example.com").check();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await box(page, "p390@example.com").click({ modifiers: ["Shift"] });
  await expect(toolbar(page)).toContainText("388 selected");
});

test("the keyboard selects: Space, Shift and Space, Shift and the arrows", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 30);
  await openMembers(page, acme, ada);
  const row = (email: string) => memberRow(page, email);
  await row("p000@example.com").focus();
  await page.keyboard.press("Space");
  await expect(box(page, "p000@example.com")).toBeChecked();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+Space");
  await expect(toolbar(page)).toContainText("3 selected");
  await page.keyboard.press("Space");
  await expect(toolbar(page)).toContainText("2 selected");
  await page.keyboard.press("Escape");
  await expect(toolbar(page)).toBeHidden();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(row("p004@example.com")).toBeFocused();
  await expect(toolbar(page)).toContainText("3 selected");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(toolbar(page)).toContainText("2 selected");
  await expect(box(page, "p004@example.com")).not.toBeChecked();
  // From a checkbox too: the arrows go from row to row, Space checks, with Shift a range.
  await box(page, "p010@example.com").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(box(page, "p012@example.com")).toBeFocused();
  await page.keyboard.press("Shift+Space");
  await expect(toolbar(page)).toContainText("5 selected");
  // Tab leads to one of the toolbar's buttons, the arrows to the others.
  await toolbar(page).getByRole("button", { name: "Change role" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(toolbar(page).getByRole("button", { name: "Add to workspaces" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(toolbar(page).getByRole("button", { name: "Clear selection" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(toolbar(page)).toBeHidden();
});

test("all that match are selected, also those not loaded; another filter ends that and says so", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 250);
  await openMembers(page, acme, ada);
  await selectAll(page).check();
  await expect(toolbar(page)).toContainText("251 selected");
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(box(page, "p249@example.com")).toBeChecked();
  await box(page, "p249@example.com").uncheck();
  await expect(toolbar(page)).toContainText("250 selected");
  await expect(selectAll(page)).toBeChecked({ indeterminate: true });
  // Another order is the same list.
  await page.evaluate(() => scrollTo(0, 0));
  await membersTable(page).getByRole("columnheader", { name: "Email" }).getByRole("button").click();
  await expect(page).toHaveURL(/sort=email/);
  await expect(toolbar(page)).toContainText("250 selected");
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Active");
  await expect(page.getByText("Nobody is selected any more: the search or a filter has changed.")).toBeVisible();
  await expect(toolbar(page)).toBeHidden();
  // And all of a filtered list are those that it finds.
  await choose(page.getByRole("combobox", { name: "Filter by status" }), "Any status");
  await page.getByRole("searchbox", { name: "Search members" }).fill("p01");
  await expect(membersTable(page)).toHaveAttribute("aria-rowcount", "11");
  await selectAll(page).check();
  await expect(toolbar(page)).toContainText("10 selected");
  await selectAll(page).uncheck();
  await expect(toolbar(page)).toBeHidden();
});

test("whoever goes is not selected any more", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 5);
  await openMembers(page, acme, ada);
  await box(page, "p001@example.com").check();
  await box(page, "p002@example.com").check();
  await page.getByRole("button", { name: "Revoke invitation to p001@example.com" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(toolbar(page)).toContainText("1 selected");
});

test("at 320 pixels the selection and its toolbar are in reach", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada, 12);
  await openMembers(page, acme, ada);
  await page.setViewportSize({ width: 320, height: 640 });
  await selectAll(page).check();
  await expect(toolbar(page).getByRole("button", { name: "Remove", exact: true })).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAxe(page);
});
