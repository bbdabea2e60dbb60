// Changes that are collected, looked at together, and made in one go.
import {
  type Api, changeRole, checkAxe, choose, dialog, expect, fillInvitation, memberRow, openMembers, type Organization, type Page, person, slowNetwork, type Person,
  test,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");
const carol = person("Carol Shaw");
const dora = person("Dora Marsh");

const collect = (page: Page) => page.getByRole("button", { name: "Collect changes" });
const bar = (page: Page) => page.getByRole("region", { name: "Collected changes" });
const review = (page: Page) => dialog(page, "Review changes");
const row = (page: Page, email: string) => review(page).getByRole("table", { name: "Changes" }).getByRole("row").filter({ hasText: email });
/** Nobody is asked: what it does is seen in the review. */
const collectRole = (page: Page, email: string, role: string) => choose(page.getByRole("combobox", { name: `Role of ${email}` }), role);
const now = async (acme: Organization) => {
  const { members, pending } = await acme.members();
  return { members: members.map(({ email }: { email: string }) => email).sort(), pending: pending.map(({ email }: { email: string }) => email).sort() };
};

/** An organization of Ada's on Plus, with these as Organization Users in its workspace. */
async function team(api: Api, others: Person[]): Promise<Organization> {
  const acme = await (await api.signUp(ada)).createOrganization("Acme");
  for (const other of others) await acme.join(await api.signUp(other), { role: "Organization User" });
  return acme;
}

/** Bob becomes a Viewer, Carol goes, Erin comes: all collected. */
async function collectThree(page: Page) {
  await collect(page).click();
  await expect(bar(page)).toContainText("not made before you apply them");
  await collectRole(page, bob.email, "Organization Viewer");
  await expect(memberRow(page, bob.email)).toContainText("Collected: to become Organization Viewer.");
  await page.getByRole("button", { name: `Remove ${carol.email}` }).click();
  await expect(memberRow(page, carol.email)).toContainText("Collected: to be removed.");
  const form = await fillInvitation(page, "erin@example.com", { role: "Organization User", workspaces: ["Workspace 1"] });
  await form.getByRole("button", { name: "Collect invitations" }).click();
  await expect(form).toBeHidden();
  await expect(bar(page)).toContainText("1 invitation, 1 change of a role, 1 removal. Nothing of it is made yet.");
}

test("changes are collected, kept through a reload, reviewed as one difference, and made in one go", async ({ page, api }) => {
  const acme = await team(api, [bob, carol]);
  await openMembers(page, acme, ada);
  await collectThree(page);
  const before = await now(acme);
  expect(before).toEqual({ members: [ada, bob, carol].map(({ email }) => email).sort(), pending: [] });

  await page.reload();
  await expect(bar(page)).toContainText("1 invitation, 1 change of a role, 1 removal.");
  await expect(memberRow(page, carol.email)).toContainText("Collected: to be removed.");

  await bar(page).getByRole("button", { name: "Review 3 changes" }).click();
  await expect(row(page, bob.email)).toContainText("Organization User → Organization Viewer");
  await expect(row(page, carol.email)).toContainText("− Organization User");
  await expect(row(page, carol.email).getByRole("cell").nth(2)).toHaveText("− Admin");
  await expect(row(page, "erin@example.com").getByRole("cell").nth(2)).toHaveText("+ Admin");
  await expect(review(page)).toContainText("3 of 10 used now, 3 after this.");
  await expect(review(page)).toContainText("$117 a month now, $117 after this ($39 a seat).");
  await expect(review(page)).toContainText(`do not come back with a new invitation: ${carol.email}.`);
  await checkAxe(page);
  expect(await now(acme)).toEqual(before);

  await review(page).getByRole("button", { name: "Apply 3 changes" }).click();
  await expect(page.getByText("3 changes were made.")).toBeVisible();
  await expect(review(page)).toBeHidden();
  await expect(bar(page)).toBeHidden();
  expect(await now(acme)).toEqual({ members: [ada, bob].map(({ email }) => email).sort(), pending: ["erin@example.com"] });
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` }).locator("option:checked")).toHaveText("Organization Viewer");
  await expect(memberRow(page, carol.email)).toBeHidden();
  // The next change is made at once again.
  await changeRole(page, bob.email, "Organization User");
});

const undoing = (page: Page, count: string) => page.getByRole("alertdialog", { name: `Undo ${count}`, exact: true });
const message = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });

test("what was applied is undone from its message, the last first; what cannot come back is said before", async ({ page, api }) => {
  const acme = await team(api, [bob, carol]);
  const state = async () => {
    const rows: any[] = await acme.call("GET", "/v1/platform/orgs/current/members?sort_by=email&sort_by_desc=false");
    return rows.map((one) => [one.email, one.role_name, one.workspace_memberships.length, one.is_pending]);
  };
  await acme.invite("dan@example.com", { role: "Organization Viewer" });
  const before = await state();
  await openMembers(page, acme, ada);
  await collectThree(page);
  await page.getByRole("button", { name: "Revoke invitation to dan@example.com" }).click();
  await bar(page).getByRole("button", { name: "Review 4 changes" }).click();
  await expect(review(page)).toContainText("You can undo this for ten seconds after it is made. API tokens of whoever is removed do not come back.");
  await review(page).getByRole("button", { name: "Apply 4 changes" }).click();
  await expect(review(page)).toBeHidden();
  expect(await state()).not.toEqual(before);
  // What was collected cannot be taken out any more, and no message offers it.
  await message(page, "4 changes were made.").getByRole("button", { name: "Undo" }).click();
  const back = undoing(page, "4 changes");
  await expect(back).toContainText("4 done.");
  // As many results as changes, each with whom it is about.
  for (const email of [bob.email, carol.email, "dan@example.com", "erin@example.com"]) {
    await expect(back.getByRole("listitem").filter({ hasText: email })).toContainText("Done");
  }
  await checkAxe(page);
  await back.getByRole("button", { name: "Close", exact: true }).last().click();
  expect(await state()).toEqual(before);
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` }).locator("option:checked")).toHaveText("Organization User");
});

test("what somebody else did after it was applied stays, and is said", async ({ page, api }) => {
  const acme = await team(api, [bob, carol]);
  const erin = await api.signUp(person("Erin"));
  await openMembers(page, acme, ada);
  await collectThree(page);
  await bar(page).getByRole("button", { name: "Review 3 changes" }).click();
  await review(page).getByRole("button", { name: "Apply 3 changes" }).click();
  await expect(review(page)).toBeHidden();
  // Erin accepts, and Bob becomes something else.
  await erin.accept(acme);
  const { members } = await acme.members();
  const identity = members.find(({ email }) => email === bob.email).id;
  await acme.call("PATCH", `/api/v1/orgs/current/members/${identity}`, { body: { role_id: (await acme.role("Organization Operator")).id } });
  await page.keyboard.press("Control+z");
  const back = undoing(page, "3 changes");
  await expect(back).toContainText("1 done, 2 failed.");
  await expect(back.getByRole("listitem").filter({ hasText: "erin@example.com" })).toContainText("The invitation is not there any more: it was accepted, declined or revoked.");
  await expect(back.getByRole("listitem").filter({ hasText: bob.email })).toContainText("Somebody else made this member Organization Operator meanwhile.");
  await expect(back.getByRole("listitem").filter({ hasText: carol.email })).toContainText("Done");
  expect((await now(acme)).members).toEqual([ada.email, bob.email, carol.email, "erin@example.com"].sort());
});

test("what fails stays with its reason and can be tried again; what somebody else changed is not overwritten unsaid", async ({ page, api }) => {
  const acme = await team(api, [bob, carol]);
  await openMembers(page, acme, ada);
  await collectThree(page);
  // Meanwhile another admin is at work.
  const { members } = await acme.members();
  const identity = members.find(({ email }) => email === bob.email).id;
  await acme.call("PATCH", `/api/v1/orgs/current/members/${identity}`, { body: { role_id: (await acme.role("Organization Operator")).id } });
  await acme.invite(["erin@example.com"], { role: "Organization Viewer" });

  await bar(page).getByRole("button", { name: "Review 3 changes" }).click();
  await review(page).getByRole("button", { name: "Apply 3 changes" }).click();
  await expect(review(page).getByRole("alert").first()).toContainText("2 changes were not made, and stay collected.");
  await expect(row(page, carol.email)).toBeHidden();
  await expect(row(page, bob.email)).toContainText(`Somebody else made ${bob.email} Organization Operator meanwhile.`);
  await expect(row(page, bob.email)).toContainText("Organization Operator → Organization Viewer");
  await expect(row(page, "erin@example.com")).toContainText("already");
  await checkAxe(page);
  expect((await now(acme)).members).toEqual([ada, bob].map(({ email }) => email).sort());

  await review(page).getByRole("button", { name: "Take out erin@example.com" }).click();
  await review(page).getByRole("button", { name: "Try again" }).click();
  await expect(review(page)).toBeHidden();
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` }).locator("option:checked")).toHaveText("Organization Viewer");
});

test("changes that would leave no Organization Admin cannot be applied, and the right order is found", async ({ page, api }) => {
  const acme = await team(api, [bob, carol]);
  await openMembers(page, acme, ada);
  await collect(page).click();
  // The only Organization Admin can go once another one is collected.
  await collectRole(page, bob.email, "Organization Admin");
  await collectRole(page, ada.email, "Organization User");
  await bar(page).getByRole("button", { name: "Review 2 changes" }).click();
  await expect(review(page)).toContainText("Your own role changes.");
  await expect(review(page)).toContainText("You cannot undo this: it changes your own role, and with it what you may do.");
  await expect(review(page)).toContainText("One Organization Admin is left after this");
  await review(page).getByRole("button", { name: `Take out ${bob.email}` }).click();
  await expect(review(page)).toContainText("No Organization Admin would be left.");
  await expect(review(page).getByRole("button", { name: "Apply 1 change" })).toBeDisabled();
  await checkAxe(page);
  await review(page).getByRole("button", { name: "Keep collecting" }).click();
  await collectRole(page, bob.email, "Organization Admin");
  await bar(page).getByRole("button", { name: "Review 2 changes" }).click();
  await review(page).getByRole("button", { name: "Apply 2 changes" }).click();
  await expect(page.getByText("2 changes were made. This cannot be undone.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await expect(page.getByRole("combobox", { name: `Role of ${bob.email}` })).toBeDisabled();
});

test("collecting is undone, taken out and discarded, by keys and in a narrow window", async ({ page, api }) => {
  const acme = await team(api, [bob]);
  await openMembers(page, acme, ada);
  await page.setViewportSize({ width: 320, height: 700 });
  await collect(page).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `Remove ${bob.email}` }).focus();
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("1 removal.");
  await page.getByRole("button", { name: "Undo" }).focus();
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("not made before you apply them");
  await page.getByRole("button", { name: `Remove ${bob.email}` }).focus();
  await page.keyboard.press("Enter");
  await bar(page).getByRole("button", { name: "Review 1 change" }).focus();
  await page.keyboard.press("Enter");
  await expect(review(page)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await bar(page).getByRole("button", { name: "Discard all" }).focus();
  await page.keyboard.press("Enter");
  const sure = page.getByRole("alertdialog", { name: "Discard the collected changes?" });
  await sure.getByRole("button", { name: "Discard" }).focus();
  await page.keyboard.press("Enter");
  await expect(bar(page)).toBeHidden();
  // The bar went with the focus, which goes on from where it was opened.
  await expect(collect(page)).toBeFocused();
  expect((await now(acme)).members).toHaveLength(2);
});

test("applying shows how far it is, and can be stopped between two changes", async ({ page, api }) => {
  const acme = await team(api, [bob, carol]);
  await openMembers(page, acme, ada);
  await collectThree(page);
  await bar(page).getByRole("button", { name: "Review 3 changes" }).click();
  const slow = await slowNetwork(page, { latency: 600_000 });
  await review(page).getByRole("button", { name: "Apply 3 changes" }).click();
  const progress = review(page).getByRole("progressbar", { name: "Applying the changes" });
  await expect(progress).toBeVisible();
  await expect(review(page)).toContainText("0 of 3");
  await checkAxe(page);
  // Bob's change is under way and comes to its end; nothing after it is begun.
  await review(page).getByRole("button", { name: "Stop" }).click();
  await slow.over();
  await expect(progress).toBeHidden();
  await expect(review(page).getByRole("button", { name: /^(Apply \d changes|Try again)$/ })).toBeVisible();
  const left = await now(acme);
  expect(left.members).toHaveLength(3);
  expect(left.pending).toEqual([]);
  await expect(row(page, carol.email)).toBeVisible();
  // What is left is made with the next press, and nothing twice.
  await review(page).getByRole("button", { name: /^(Apply \d changes|Try again)$/ }).click();
  await expect(review(page)).toBeHidden();
  expect(await now(acme)).toEqual({ members: [ada, bob].map(({ email }) => email).sort(), pending: ["erin@example.com"] });
});

test("whoever may change nobody collects nothing", async ({ page, api }) => {
  const acme = await team(api, [dora]);
  await openMembers(page, acme, dora);
  await expect(memberRow(page, ada.email)).toBeVisible();
  await expect(collect(page)).toHaveCount(0);
});
