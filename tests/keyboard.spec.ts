// Without a mouse: from the sign-in page on, not one focus that the keyboard did not make.
import { expect, type Page, person, signIn, test } from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");

type Thing = ReturnType<Page["getByRole"]>;

/** Goes on with Tab (or another key) until a thing has the focus. */
async function go(page: Page, to: Thing, key = "Tab", most = 60) {
  await expect(to).toBeVisible();
  const has = () => to.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < most && !(await has()); step++) await page.keyboard.press(key);
  await expect(to).toBeFocused();
}

test("signing in, inviting, changing a role and removing, with the keyboard alone", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await page.goto(`/o/${acme.id}`);

  await test.step("signs in", async () => {
    await expect(page.getByRole("textbox", { name: "Email" })).toBeFocused();
    await page.keyboard.type(ada.email);
    await go(page, page.getByRole("textbox", { name: "Password" }));
    await page.keyboard.type(ada.password);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeFocused();
  });

  await test.step("goes to the members", async () => {
    await go(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Members and roles" })).toBeFocused();
  });

  const button = page.getByRole("button", { name: "Invite", exact: true });
  const form = page.getByRole("dialog", { name: "Invite members" });
  await test.step("invites Carol to a workspace", async () => {
    await go(page, button);
    await page.keyboard.press("Enter");
    await expect(form.getByRole("textbox", { name: "Emails" })).toBeFocused();
    // The comma ends an address, Backspace takes the last one back.
    await page.keyboard.type("wrong@example.com,");
    await expect(form.getByRole("button", { name: "Remove wrong@example.com" })).toBeVisible();
    await page.keyboard.press("Backspace");
    await expect(form.getByRole("button", { name: "Remove wrong@example.com" })).toBeHidden();
    await page.keyboard.type("carol@example.com,");
    await go(page, form.getByRole("combobox", { name: "Organization role" }));
    await page.keyboard.type("Organization V");
    await page.keyboard.press("Enter");
    await expect(form).toBeVisible();
    await go(page, form.getByRole("group", { name: "Workspaces" }).getByRole("checkbox", { name: "Workspace 1" }));
    await page.keyboard.press("Space");
    await go(page, form.getByRole("button", { name: "Send invitations" }));
    await page.keyboard.press("Enter");
    await expect(form).toBeHidden();
    await expect(button).toBeFocused();
    await expect(page.getByRole("row").filter({ hasText: "carol@example.com" })).toContainText("Workspace 1");
    expect((await acme.members()).pending.map((one) => one.email)).toEqual(["carol@example.com"]);
  });

  await test.step("makes Bob a viewer", async () => {
    const role = page.getByRole("combobox", { name: `Role of ${bob.email}` });
    await go(page, role);
    await page.keyboard.press("Space");
    const viewer = role.getByRole("option", { name: "Organization Viewer" });
    for (let step = 0; step < 6 && !(await viewer.evaluate((option) => option === document.activeElement)); step++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const question = page.getByRole("alertdialog", { name: `Change the role of ${bob.email}?` });
    await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
    await go(page, question.getByRole("button", { name: "Change role" }));
    await page.keyboard.press("Enter");
    await expect(page.getByText(`${bob.email} is now Organization Viewer.`)).toBeVisible();
    // The row was not made anew under the hands.
    await expect(role).toBeFocused();
    await expect(role.locator("option:checked")).toHaveText("Organization Viewer");
  });

  await test.step("thinks better of removing Bob, then removes him", async () => {
    const remove = page.getByRole("button", { name: `Remove ${bob.email}` });
    const question = page.getByRole("alertdialog", { name: `Remove ${bob.email}?` });
    await go(page, remove);
    await page.keyboard.press("Enter");
    await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(question).toBeHidden();
    await expect(remove).toBeFocused();
    await page.keyboard.press("Enter");
    await go(page, question.getByRole("button", { name: "Remove", exact: true }));
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    await expect(page.getByRole("row").filter({ hasText: bob.email })).toHaveCount(0);
    expect((await acme.members()).members.map((one) => one.email)).toEqual([ada.email]);
  });

  await test.step("revokes Carol's invitation", async () => {
    await go(page, page.getByRole("button", { name: "Revoke invitation to carol@example.com" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    const question = page.getByRole("alertdialog", { name: /^Revoke invitation/ });
    await go(page, question.getByRole("button", { name: "Revoke" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("row").filter({ hasText: "carol@example.com" })).toHaveCount(0);
  });
});

test("the tabs and the workspace picker go by the arrows and leave the focus where it belongs", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.addWorkspace("Research");
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(page.getByRole("textbox", { name: "Email" })).toBeFocused();
  await page.keyboard.type(ada.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ada.password);
  await page.keyboard.press("Enter");
  await go(page, page.getByRole("tab", { name: "Members" }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Roles" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: "Roles" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Roles" })).toHaveAttribute("aria-selected", "true");

  const picker = page.getByRole("button", { name: /^Workspace: / });
  await go(page, picker, "Shift+Tab");
  await page.keyboard.press("Enter");
  const list = page.getByRole("listbox", { name: "Workspaces" });
  await expect(list).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await expect(picker).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(list).toBeVisible();
  await expect(list.getByRole("option", { selected: true })).toHaveText(/Workspace 1/);
  // The other of the two, wherever it stands.
  const names = await list.getByRole("option").allInnerTexts();
  await page.keyboard.press(names.findIndex((name) => name.includes("Research")) === 0 ? "Home" : "End");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
  await expect(list).toBeHidden();
  await expect(picker).toHaveAccessibleName("Workspace: Research");
});

test("after a row went with its button, the focus is somewhere that the keyboard goes on from", async ({ page, api }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.join(await api.signUp(bob), { role: "Organization User" });
  await acme.invite("carol@example.com");
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  for (const [name, act] of [[`Remove ${bob.email}`, "Remove"], ["Revoke invitation to carol@example.com", "Revoke"]]) {
    await go(page, page.getByRole("button", { name }));
    await page.keyboard.press("Enter");
    const question = page.getByRole("alertdialog", { name: `${name}?` });
    await go(page, question.getByRole("button", { name: act, exact: true }));
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    await expect(page.getByRole("button", { name })).toHaveCount(0);
    await expect.soft(page.getByRole("main").locator(":focus"), `after “${name}”`).toHaveCount(1);
  }
});
