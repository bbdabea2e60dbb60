// Inviting many at once: sorting, correcting, access, seats, messages to pass on, sending again.
import {
  type Account, type Api, checkAxe, choose, dialog, expect, fillInvitation, memberRow, type Organization, type Page, person, signIn, slowNetwork, test,
} from "./fixtures";

const ada = person("Ada");
const bob = person("Bob");
const carol = person("Carol");

/** Ada's organization, open at its members. */
async function atMembers(page: Page, api: Api, prepare?: (acme: Organization, account: Account) => Promise<unknown>): Promise<Organization> {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await prepare?.(acme, account);
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(memberRow(page, ada.email)).toBeVisible();
  return acme;
}

const group = (form: ReturnType<Page["getByRole"]>, name: string) => form.getByRole("group", { name, exact: true });
const invited = async (acme: Organization) => (await acme.members()).pending.map((one) => one.email as string).sort();

test("addresses are sorted at once, and each is corrected in place", async ({ page, api }) => {
  const acme = await atMembers(page, api, (acme) => acme.invite(bob.email));
  const form = await fillInvitation(page, "");
  const emails = form.getByRole("textbox", { name: "Emails" });
  await emails.fill(`dan@example.com, eve@partner.org, fay@gmial.com, gil@exmaple.com, not-one, ${bob.email}, ${ada.email},`);
  await expect(group(form, "1 not an address").getByText("not an email address")).toBeVisible();
  await expect(group(form, "1 invited already").getByText("already invited today")).toBeVisible();
  await expect(group(form, "1 member already").getByText("already a member")).toBeVisible();
  const mistyped = group(form, "2 perhaps mistyped");
  await expect(mistyped.getByText("perhaps gmail.com")).toBeVisible();
  await expect(mistyped.getByText("perhaps example.com")).toBeVisible();
  // A hint, not a refusal: it stays among those to invite.
  await expect(form.getByRole("button", { name: "Edit eve@partner.org" })).toHaveAccessibleDescription("outside example.com");
  await expect(form.getByRole("status").filter({ hasText: "4 to invite, 1 outside example.com; 5 need a look." })).toBeVisible();
  await checkAxe(page);

  await mistyped.getByRole("button", { name: "Use gmail.com for fay@gmial.com" }).click();
  await expect(form.getByRole("button", { name: "Remove fay@gmail.com" })).toBeVisible();
  // The focus goes on to the next that needs a look.
  await expect(form.getByRole("textbox", { name: "Correct gil@exmaple.com" })).toBeFocused();
  await form.getByRole("button", { name: "Use example.com for gil@exmaple.com" }).click();
  const wrong = form.getByRole("textbox", { name: "Correct not-one" });
  await expect(wrong).toHaveAccessibleDescription("not an email address");
  await wrong.fill("hal@example.com");
  await wrong.press("Enter");
  await expect(form.getByRole("button", { name: "Remove hal@example.com" })).toBeVisible();
  // Corrected to somebody who is there already.
  const member = form.getByRole("textbox", { name: `Correct ${ada.email}` });
  await member.fill("ada.two@example.com");
  await member.blur();
  await expect(form.getByRole("button", { name: "Edit ada.two@example.com" })).toBeVisible();
  // One who is invited already, too.
  const twice = form.getByRole("textbox", { name: `Correct ${bob.email}` });
  await twice.fill("bob.two@example.com");
  await twice.press("Enter");
  await expect(form.getByRole("button", { name: "Edit bob.two@example.com" })).toBeVisible();
  // A chip is corrected too, as one outside the domain.
  await form.getByRole("button", { name: "Edit eve@partner.org" }).click();
  await group(form, "Only for eve@partner.org").getByRole("textbox", { name: "Email address" }).fill("eva@partner.org");
  await form.getByRole("group", { name: /^Only for ev/ }).getByRole("button", { name: "Done" }).click();
  await expect(form.getByRole("button", { name: "Edit eva@partner.org" })).toHaveAccessibleDescription("outside example.com");
  await form.getByRole("button", { name: "Edit dan@example.com" }).click();
  const own = group(form, "Only for dan@example.com");
  await expect(own.getByRole("textbox", { name: "Email address" })).toBeFocused();
  await own.getByRole("textbox", { name: "Email address" }).fill("daniel@example.com");
  await own.getByRole("button", { name: "Done" }).click();
  await expect(form.getByRole("button", { name: "Edit daniel@example.com" })).toBeFocused();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  expect(await invited(acme)).toEqual(
    ["ada.two@example.com", bob.email, "bob.two@example.com", "daniel@example.com", "eva@partner.org", "fay@gmail.com", "gil@example.com", "hal@example.com"].sort(),
  );
});

test("a CSV file is dropped or chosen, and what is no list of addresses is refused", async ({ page, api }) => {
  await atMembers(page, api);
  const form = await fillInvitation(page, "");
  const csv = 'Name,Email,Team\r\n"Lovelace, Dan",Dan@Example.com,"A, B"\r\nEve,eve@example.com,\r\nFay,fay@nowhere,\r\n';
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "people.csv", { type: "text/csv" }));
    return data;
  }, csv);
  const emails = form.getByRole("textbox", { name: "Emails" });
  await emails.dispatchEvent("dragover", { dataTransfer: data });
  await emails.dispatchEvent("drop", { dataTransfer: data });
  await expect(form.getByRole("button", { name: "Remove dan@example.com" })).toBeVisible();
  await expect(form.getByRole("button", { name: "Remove eve@example.com" })).toBeVisible();
  await expect(group(form, "1 not an address").getByRole("textbox", { name: "Correct fay@nowhere" })).toBeVisible();
  await expect(form.getByRole("list", { name: "Emails, added" }).getByRole("listitem")).toHaveCount(2);
  const text = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["ida@example.com\njon@example.com\n"], "people.txt", { type: "text/plain" }));
    return data;
  });
  await emails.dispatchEvent("drop", { dataTransfer: text });
  await expect(form.getByRole("button", { name: "Remove jon@example.com" })).toBeVisible();
  await expect(form.getByRole("list", { name: "Emails, added" }).getByRole("listitem")).toHaveCount(4);

  const choosing = page.waitForEvent("filechooser");
  await form.getByRole("button", { name: "Choose a file" }).press("Enter");
  await (await choosing).setFiles({ name: "more.txt", mimeType: "text/plain", buffer: Buffer.from("gil@example.com\neve@example.com\n") });
  await expect(form.getByRole("button", { name: "Remove gil@example.com" })).toBeVisible();
  await expect(form.getByRole("list", { name: "Emails, added" }).getByRole("listitem")).toHaveCount(5);

  const again = page.waitForEvent("filechooser");
  await form.getByRole("button", { name: "Choose a file" }).click();
  await (await again).setFiles({ name: "people.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from([80, 75, 3, 4, 0, 0, 1]) });
  await expect(emails).toHaveAccessibleDescription(/people\.xlsx is no text\. Save the list as CSV/);
});

test("five hundred addresses are sorted, and one more is too many", async ({ page, api, server }) => {
  test.setTimeout(120_000);
  const acme = await atMembers(page, api, async (acme) => {
    await server.plan(acme.id, "enterprise");
    await acme.invite(["person.7@example.com", "person.444@example.com"]);
  });
  const form = await fillInvitation(page, "");
  const people = Array.from({ length: 500 }, (_, index) => `person.${index}@example.com`);
  await form.getByRole("textbox", { name: "Emails" }).fill(`${people.join("\n")}\n`);
  // Whoever is asked about last is found as well.
  const already = group(form, "2 invited already");
  await expect(already.getByRole("textbox", { name: "Correct person.444@example.com" })).toBeVisible();
  await expect(form.getByRole("status").filter({ hasText: "498 to invite; 2 need a look." })).toBeVisible();
  await form.getByRole("textbox", { name: "Emails" }).fill("one.more@example.com,");
  await expect(form.getByRole("status").filter({ hasText: "These are 501 addresses. Invite at most 500 at once." })).toBeVisible();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form.getByRole("textbox", { name: "Emails" })).toHaveAccessibleDescription(/These are 501 addresses/);
  await already.getByRole("button", { name: "Remove all: 2 invited already" }).click();
  await expect(form.getByRole("textbox", { name: "Emails" })).toBeFocused();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden({ timeout: 30_000 });
  const all = await acme.call("GET", "/api/v1/orgs/current/members");
  expect(all.pending).toHaveLength(501);
  const messages = page.getByRole("region", { name: "Messages to pass on" });
  await expect(messages.getByRole("heading", { name: "499 messages to pass on" })).toBeVisible();
});

test("one of many gets a role and workspaces of her own", async ({ page, api, server }) => {
  const acme = await atMembers(page, api, async (acme) => {
    await server.plan(acme.id, "enterprise");
    await acme.addWorkspace("Research");
  });
  const form = await fillInvitation(page, "dan@example.com, eve@example.com, fay@example.com,", {
    role: "Organization User", workspaces: ["Workspace 1"], workspaceRole: "Editor",
  });
  await form.getByRole("button", { name: "Edit eve@example.com" }).click();
  const eve = group(form, "Only for eve@example.com");
  await choose(eve.getByRole("combobox", { name: "Role for eve@example.com" }), "Organization Viewer");
  const workspaces = eve.getByRole("group", { name: "Workspaces for eve@example.com" });
  await workspaces.getByRole("checkbox", { name: "Workspace 1" }).uncheck();
  await workspaces.getByRole("checkbox", { name: "Research" }).check();
  await choose(eve.getByRole("combobox", { name: "Role in workspaces for eve@example.com" }), "Viewer");
  await checkAxe(page);
  await eve.getByRole("button", { name: "Done" }).click();
  await expect(form.getByRole("button", { name: "Edit eve@example.com" })).toHaveAccessibleDescription("Organization Viewer, Research, Viewer");
  // What is taken back follows the others again, also when they change.
  await form.getByRole("button", { name: "Edit fay@example.com" }).click();
  const fay = group(form, "Only for fay@example.com");
  await choose(fay.getByRole("combobox", { name: "Role for fay@example.com" }), "Organization Admin");
  await expect(fay.getByText("There is nothing to choose", { exact: false })).toBeVisible();
  await fay.getByRole("button", { name: "The same as the others" }).click();
  await expect(fay.getByRole("textbox", { name: "Email address" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(fay).toBeHidden();
  await expect(form.getByRole("button", { name: "Edit fay@example.com" })).toHaveAccessibleDescription("");
  await choose(form.getByRole("combobox", { name: "Workspace role", exact: true }), "Admin");
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  const [all, roles] = [await acme.workspaces(), await acme.roles()];
  const named = (id: string) => roles.find((role) => role.id === id)?.display_name;
  const { pending } = await acme.members();
  const got = Object.fromEntries(
    pending.map((one) => [
      one.email,
      [one.org_role_name, one.workspace_ids.map((id: string) => all.find((workspace) => workspace.id === id)!.display_name), named(one.workspace_role_id)],
    ]),
  );
  expect(got).toEqual({
    "dan@example.com": ["Organization User", ["Workspace 1"], "Admin"],
    "eve@example.com": ["Organization Viewer", ["Research"], "Viewer"],
    "fay@example.com": ["Organization User", ["Workspace 1"], "Admin"],
  });
});

test("seats: what is free, what it costs, and over the limit what could be freed; then it goes on by itself", async ({ page, api }) => {
  const acme = await atMembers(page, api, (acme) => acme.invite(Array.from({ length: 7 }, (_, index) => `old.${index}@example.com`)));
  // Two months later, on this screen.
  await page.clock.setFixedTime(new Date(Date.now() + 45 * 86_400_000));
  const form = await fillInvitation(page, "dan@example.com,");
  await expect(form.getByText("8 of 10 used; 1 free after this.")).toBeVisible();
  await expect(form.getByText("Each seat costs $39 a month: the bill becomes $351 a month, $39 more than now.")).toBeVisible();
  await form.getByRole("textbox", { name: "Emails" }).fill("eve@example.com, fay@example.com, gil@example.com,");
  const short = group(form, "Not enough seats");
  await expect(short).toContainText("4 people need 4 seats; 2 of 10 are free. It takes 2 more. Enterprise has room: up to 1,000,000 seats. Or free 2 seats here.");
  await expect(short.getByRole("link", { name: "See the plans" })).toHaveAttribute("href", `/o/${acme.id}/settings/billing`);
  await expect(short.getByText("sent 45 days ago").first()).toBeVisible();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(short.getByRole("status")).toContainText("Waiting for 2 seats");
  await checkAxe(page);
  await short.getByRole("button", { name: "Revoke invitation to old.0@example.com" }).click();
  await expect(short.getByRole("status")).toContainText("Waiting for 1 seat.");
  // The other one is freed by somebody else.
  const { pending } = await acme.members();
  await acme.call("DELETE", `/api/v1/orgs/current/members/${pending.find((one) => one.email === "old.1@example.com").id}/pending`);
  await expect(form).toBeHidden({ timeout: 20_000 });
  await expect(page.getByRole("status").filter({ hasText: "4 people were invited." })).toBeVisible();
  expect(await invited(acme)).toHaveLength(9);
});

test("seats: a larger plan is noticed too, and waiting can be stopped", async ({ page, api, server }) => {
  const acme = await atMembers(page, api);
  const many = Array.from({ length: 11 }, (_, index) => `person.${index}@example.com`);
  const form = await fillInvitation(page, `${many.join(" ")} `);
  const short = group(form, "Not enough seats");
  await expect(short).toBeVisible();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(short.getByRole("status")).toContainText("Waiting for 2 seats");
  await short.getByRole("button", { name: "Stop waiting" }).click();
  await expect(short.getByRole("status")).toHaveText("");
  await form.getByRole("button", { name: "Send invitations" }).click();
  await server.plan(acme.id, "enterprise");
  await expect(form).toBeHidden({ timeout: 20_000 });
  expect(await invited(acme)).toHaveLength(11);
});

test("without RBAC the dialog says what Enterprise would change, for an Admin that nothing is to choose", async ({ page, api }) => {
  await atMembers(page, api);
  const form = await fillInvitation(page, "");
  await expect(form.getByText("everybody in a workspace is its Admin", { exact: false })).toContainText("With Enterprise each person is Admin, Editor, Viewer");
  await expect(form.getByRole("combobox", { name: "Workspace role" })).toHaveCount(0);
  await choose(form.getByRole("combobox", { name: "Organization role" }), "Organization Admin");
  await expect(form.getByRole("group", { name: "Workspaces" })).toHaveCount(0);
  await expect(form.getByText("An Organization Admin is Admin of every workspace. There is nothing to choose.")).toBeVisible();
});

test("the same access as a colleague", async ({ page, api, server, openBrowser }) => {
  const acme = await atMembers(page, api, async (acme) => {
    await server.plan(acme.id, "enterprise");
    await acme.addWorkspace("Research");
    await acme.addWorkspace("Search");
    await acme.join(await api.signUp(bob), { role: "Organization Viewer", workspaces: ["Research", "Search"], workspaceRole: "Viewer" });
    await acme.join(await api.signUp(carol), { role: "Organization Operator", workspaces: [] });
  });
  const form = await fillInvitation(page, "dan@example.com,");
  const same = form.getByRole("combobox", { name: "The same access as" });
  await same.fill("bo");
  await expect(form.locator("datalist option")).toHaveCount(1);
  await same.fill(bob.email);
  await expect(form.getByText(`As ${bob.email}: Organization Viewer, Viewer in Research and Search.`)).toBeVisible();
  await expect(form.getByRole("combobox", { name: "Organization role" }).locator("option:checked")).toHaveText("Organization Viewer");
  await expect(form.getByRole("combobox", { name: "Workspace role" }).locator("option:checked")).toHaveText("Viewer");
  const boxes = form.getByRole("group", { name: "Workspaces" });
  await expect(boxes.getByRole("checkbox", { name: "Research" })).toBeChecked();
  await expect(boxes.getByRole("checkbox", { name: "Search", exact: true })).toBeChecked();
  await expect(boxes.getByRole("checkbox", { name: "Workspace 1" })).not.toBeChecked();
  await checkAxe(page);
  await same.fill(ada.email);
  await expect(form.getByText(`As ${ada.email}: Organization Admin, Admin of every workspace.`)).toBeVisible();
  await same.fill(bob.email);
  await expect(boxes.getByRole("checkbox", { name: "Research" })).toBeChecked();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  const [one] = (await acme.members()).pending;
  expect([one.org_role_name, one.workspace_ids.length]).toEqual(["Organization Viewer", 2]);
  // Nobody gives what they may not give.
  const hers = await openBrowser();
  await signIn(hers, carol);
  await hers.goto(`/o/${acme.id}/settings/members`);
  const her = await fillInvitation(hers, "eve@example.com,");
  await her.getByRole("combobox", { name: "The same access as" }).fill(ada.email);
  await expect(her.getByText(`${ada.email} is Organization Admin. An Operator cannot invite an Organization Admin or Operator.`)).toBeVisible();
  await expect(her.getByRole("combobox", { name: "Organization role" }).locator("option:checked")).toHaveText("Organization User");
});

test("nobody opens what they may not open: not in the dialog, not like a colleague, not by sending again", async ({ page, api, server }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await server.plan(acme.id, "enterprise");
  await acme.addWorkspace("Viewed");
  await acme.addWorkspace("Closed");
  await acme.join(await api.signUp(carol), { role: "Organization Operator", workspaces: ["Viewed"], workspaceRole: "Viewer" });
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Viewed", "Closed"], workspaceRole: "Editor" });
  await acme.invite("eve@example.com", { role: "Organization User", workspaces: ["Closed"], workspaceRole: "Viewer" });
  await acme.invite("fay@example.com", { role: "Organization User", workspaces: ["Viewed"], workspaceRole: "Editor" });
  await acme.invite("gil@example.com", { role: "Organization User", workspaces: ["Viewed"], workspaceRole: "Viewer" });
  const before = await acme.members();
  await signIn(page, carol);
  await page.goto(`/o/${acme.id}/settings/members`);
  await expect(memberRow(page, carol.email)).toBeVisible();

  const form = await fillInvitation(page, "dan@example.com, eve@example.com, fay@example.com, gil@example.com,");
  const boxes = group(form, "Workspaces");
  const viewed = boxes.getByRole("checkbox", { name: "Viewed" });
  await expect(boxes.getByRole("checkbox")).toHaveCount(1);
  await expect(boxes.getByText("You can open only the workspaces that you are in.", { exact: false })).toBeVisible();
  const tooMuch = "This role permits more than your own in this workspace, so you cannot give it.";
  await expect(viewed).toHaveAttribute("aria-disabled", "true");
  await expect(viewed).toHaveAccessibleDescription(tooMuch);
  await checkAxe(page);
  const role = form.getByRole("combobox", { name: "Workspace role", exact: true });
  await choose(role, "Viewer");
  await expect(viewed).not.toHaveAttribute("aria-disabled", "true");
  await viewed.check();
  // With a role that is more than hers it shows unchecked, and comes back with the other.
  await choose(role, "Admin");
  await expect(viewed).not.toBeChecked();
  await choose(role, "Viewer");
  await expect(viewed).toBeChecked();
  // One who differs is asked about in the same way.
  await form.getByRole("button", { name: "Edit dan@example.com" }).click();
  const own = group(form, "Only for dan@example.com");
  await choose(own.getByRole("combobox", { name: "Role in workspaces for dan@example.com" }), "Editor");
  await expect(own.getByRole("checkbox", { name: "Viewed" })).toHaveAccessibleDescription(tooMuch);
  await expect(own.getByRole("checkbox", { name: "Viewed" })).not.toBeChecked();
  await own.getByRole("button", { name: "Done" }).click();
  await expect(form.getByRole("button", { name: "Edit dan@example.com" })).toHaveAccessibleDescription("no workspace, Editor");
  await form.getByRole("combobox", { name: "The same access as" }).fill(bob.email);
  await expect(form.getByText(`As ${bob.email}: Organization User, in no workspace. Workspaces that you may not open are left out.`)).toBeVisible();

  // What could not be made again is not revoked first.
  const already = group(form, "3 invited already");
  for (const [email, sentence] of [
    ["eve@example.com", "You can open only the workspaces that you are in."],
    ["fay@example.com", tooMuch],
  ]) {
    await already.getByRole("button", { name: `Resend invitation to ${email}` }).click();
    await expect(page.getByRole("alert").filter({ hasText: `The invitation to ${email} was not sent again; the old one stands. ${sentence}` })).toBeVisible();
  }
  const ids = ({ pending }: { pending: any[] }) => pending.map(({ id }) => id).sort();
  expect(ids(await acme.members())).toEqual(ids(before));
  // That it cannot be taken back is said before as well.
  await expect(already.getByRole("button", { name: "Resend invitation to gil@example.com" })).toHaveAccessibleDescription(/cannot be undone/);
  await already.getByRole("button", { name: "Resend invitation to gil@example.com" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The invitation to gil@example.com was sent again. This cannot be undone: it took the place of the old one." })).toBeVisible();
  for (const email of ["eve@example.com", "fay@example.com", "gil@example.com"]) await form.getByRole("button", { name: `Remove ${email}` }).click();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  const dan = (await acme.members()).pending.find(({ email }) => email === "dan@example.com");
  expect(dan.workspace_ids ?? []).toEqual([]);
  // The table has asked anew.
  await expect(memberRow(page, "dan@example.com")).toBeVisible();
});

test("afterwards there is a message for each to pass on, one by one or all", async ({ page, api, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  await atMembers(page, api, (acme) => acme.addWorkspace("Research"));
  const form = await fillInvitation(page, "dan@example.com, eve@example.com,", { role: "Organization User", workspaces: ["Research"] });
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole("button", { name: "Invite", exact: true })).toBeFocused();
  const region = page.getByRole("region", { name: "Messages to pass on" });
  await expect(region.getByRole("heading", { name: "2 messages to pass on" })).toBeVisible();
  await checkAxe(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await region.getByRole("button", { name: "Copy the message for dan@example.com" }).click();
  await expect(region.getByRole("status").filter({ hasText: "Copied" })).toBeVisible();
  const message = await copied();
  expect(message).toContain(`${ada.email} invites you to Acme in Atrium, as Organization User, in Research.`);
  expect(message).toContain(`Open ${server.url}/\n`);
  expect(message).toContain("Sign in with dan@example.com.");
  expect(message).toContain(`${server.url}/signup`);
  expect(message).toContain("Press Accept beside “Acme”");
  await region.getByRole("button", { name: "Copy all" }).click();
  await expect.poll(copied).toMatch(/dan@example\.com[^]*---[^]*eve@example\.com/);
  // Opened, the text is there to read.
  await region.getByText("dan@example.com", { exact: true }).click();
  await expect(region.getByText("Sign in with dan@example.com.")).toBeVisible();
  await checkAxe(page);
  // They stay until they are dismissed.
  await page.getByRole("tab", { name: "Roles" }).click();
  await expect(page.getByRole("table", { name: "Roles" })).toBeVisible();
  await page.getByRole("tab", { name: "Members" }).click();
  await expect(region.getByRole("heading", { name: "2 messages to pass on" })).toBeVisible();
  await region.getByRole("button", { name: "Dismiss messages to pass on" }).click();
  await expect(region).toBeHidden();
});

test("a half-filled dialog asks before it throws anything away", async ({ page, api }) => {
  await atMembers(page, api);
  const form = await fillInvitation(page, "dan@example.com,");
  const question = page.getByRole("alertdialog", { name: "Discard these invitations?" });
  for (const leave of [
    () => page.keyboard.press("Escape"),
    () => form.getByRole("button", { name: "Cancel" }).click(),
    () => form.getByRole("button", { name: "Close" }).click(),
    () => page.mouse.click(5, 5),
  ]) {
    await leave();
    await expect(question.getByRole("button", { name: "Keep editing" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    await expect(form.getByRole("button", { name: "Remove dan@example.com" })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await checkAxe(page);
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(form).toBeHidden();
  // Nothing of it is left, and an empty dialog closes without a question.
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(form.getByRole("listitem")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
  await expect(question).toBeHidden();
  // What is typed and no chip yet counts.
  await fillInvitation(page, "half");
  await page.keyboard.press("Escape");
  await expect(question).toBeVisible();
});

test("a refused batch marks the rows that are wrong and keeps the rest", async ({ page, api, server }) => {
  let gone = "";
  const acme = await atMembers(page, api, async (acme) => {
    await server.plan(acme.id, "enterprise");
    gone = (await acme.addWorkspace("Research")).id;
  });
  const form = await fillInvitation(page, `${bob.email}, dan@example.com, eve@example.com,`, { workspaces: ["Workspace 1"] });
  await form.getByRole("button", { name: "Edit eve@example.com" }).click();
  const eve = group(form, "Only for eve@example.com");
  await eve.getByRole("checkbox", { name: "Research" }).check();
  await eve.getByRole("button", { name: "Done" }).click();
  // Meanwhile somebody else deletes that workspace: 422, by row.
  await acme.call("DELETE", `/api/v1/workspaces/${gone}`);
  await form.getByRole("button", { name: "Send invitations" }).click();
  const refused = group(form, "1 refused");
  await expect(refused.getByRole("textbox", { name: "Correct eve@example.com" })).toHaveAccessibleDescription("This is no workspace of the organization.");
  await expect(form.getByRole("textbox", { name: "Emails" })).toHaveAccessibleDescription(/Nothing was sent yet/);
  for (const address of [bob.email, "dan@example.com"]) await expect(form.getByRole("button", { name: `Edit ${address}` })).toBeVisible();
  expect(await invited(acme)).toEqual([]);
  await form.getByRole("button", { name: "Remove eve@example.com" }).click();
  // And somebody else invites Bob: 409, by row.
  await acme.invite(bob.email);
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(group(form, "1 invited already").getByRole("textbox", { name: `Correct ${bob.email}` })).toBeVisible();
  await expect(form.getByRole("button", { name: "Edit dan@example.com" })).toBeVisible();
  await form.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(form).toBeHidden();
  expect(await invited(acme)).toEqual([bob.email, "dan@example.com"]);
});

test("answers that come late say nothing about what was corrected meanwhile", async ({ page, api }) => {
  await atMembers(page, api, (acme) => acme.invite(bob.email));
  const form = await fillInvitation(page, "");
  await expect(form.getByText("2 of 10 used", { exact: false })).toBeVisible();
  const slow = await slowNetwork(page, { latency: 3_000 });
  const emails = form.getByRole("textbox", { name: "Emails" });
  await emails.fill(`${bob.email},`);
  // Typing never waits for the network.
  await expect(form.getByRole("button", { name: `Edit ${bob.email}` })).toBeVisible({ timeout: 1_000 });
  await form.getByRole("button", { name: `Remove ${bob.email}` }).click();
  await emails.fill(`dan@example.com, ${ada.email},`);
  await expect(form.getByRole("button", { name: "Edit dan@example.com" })).toBeVisible({ timeout: 1_000 });
  await slow.over();
  await expect(group(form, "1 member already").getByRole("textbox", { name: `Correct ${ada.email}` })).toBeVisible();
  await expect(form.getByRole("group", { name: /invited already/ })).toHaveCount(0);
  await expect(form.getByRole("button", { name: "Edit dan@example.com" })).toBeVisible();
});

test("an invitation is sent again, and its age begins anew", async ({ page, api, server }) => {
  const acme = await atMembers(page, api, async (acme) => {
    await server.plan(acme.id, "enterprise");
    await acme.invite(bob.email, { role: "Organization Viewer", workspaces: ["Workspace 1"], workspaceRole: "Viewer" });
  });
  const [old] = (await acme.members()).pending;
  await page.clock.setFixedTime(new Date(Date.now() + 30 * 86_400_000));
  const form = await fillInvitation(page, `${bob.email},`);
  const already = group(form, "1 invited already");
  await expect(already.getByText("already invited 30 days ago")).toBeVisible();
  await already.getByRole("button", { name: `Resend invitation to ${bob.email}` }).click();
  await expect(page.getByRole("status").filter({ hasText: `The invitation to ${bob.email} was sent again.` })).toBeVisible();
  const [renewed] = (await acme.members()).pending;
  expect(renewed.id).not.toBe(old.id);
  for (const field of ["email", "org_role_id", "workspace_ids", "workspace_role_id"]) expect(renewed[field], field).toEqual(old[field]);
});

test("sending again never loses the old invitation, whatever fails in between", async ({ api, server, startSite, openBrowser, expectConsoleErrors }) => {
  expectConsoleErrors(/503/);
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.invite(bob.email, { role: "Organization Viewer" });
  let revoked = false;
  let broken = true;
  const site = await startSite({
    files: "dist",
    api: server.url,
    answer: (request, response) => {
      revoked ||= request.method === "DELETE" && request.url!.endsWith("/pending");
      // After the old one has gone the server is in trouble.
      if (!(broken && revoked && request.method === "POST" && request.url!.endsWith("/batch"))) return false;
      response.writeHead(503, { "content-type": "application/json" }).end('{"detail":"The server is being looked after."}');
      return true;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  const form = await fillInvitation(page, `${bob.email},`);
  await form.getByRole("button", { name: `Resend invitation to ${bob.email}` }).click();
  await expect(page.getByRole("alert").filter({ hasText: `The old invitation to ${bob.email} was revoked, and the new one was not made.` })).toBeVisible();
  expect((await acme.members()).pending).toEqual([]);
  // The page is closed with it.
  await page.reload();
  const left = page.getByRole("region", { name: `The invitation to ${bob.email} is not there any more` });
  await expect(left).toBeVisible();
  await checkAxe(page);
  broken = false;
  await left.getByRole("button", { name: "Send it" }).click();
  await expect(left).toBeHidden();
  const [again] = (await acme.members()).pending;
  expect([again.email, again.org_role_name]).toEqual([bob.email, "Organization Viewer"]);
  await page.reload();
  await expect(memberRow(page, bob.email)).toBeVisible();
  await expect(left).toBeHidden();
});

test("what could not be made anew is not revoked first", async ({ page, api, server }) => {
  const acme = await atMembers(page, api, async (acme) => {
    await server.plan(acme.id, "enterprise");
    await acme.invite([bob.email, ...Array.from({ length: 10 }, (_, index) => `person.${index}@example.com`)], { workspaceRole: "Viewer" });
    // Twelve people on a plan for ten.
    await server.plan(acme.id, "plus");
  });
  const form = await fillInvitation(page, `${bob.email},`);
  await form.getByRole("button", { name: `Resend invitation to ${bob.email}` }).click();
  const sentence = `The invitation to ${bob.email} was not sent again; the old one stands. There are more members and invitations than the plan has seats.`;
  await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
  expect(await invited(acme)).toHaveLength(11);
  // With room again it works, without the role that this plan has no more.
  const { pending } = await acme.members();
  for (const one of pending.filter(({ email }) => email !== bob.email).slice(0, 2)) await acme.call("DELETE", `/api/v1/orgs/current/members/${one.id}/pending`);
  await form.getByRole("button", { name: `Resend invitation to ${bob.email}` }).click();
  await expect(page.getByRole("status").filter({ hasText: `The invitation to ${bob.email} was sent again.` })).toBeVisible();
  expect(await invited(acme)).toHaveLength(9);
});

test("where a server takes a second invitation, the first goes only after it", async ({ api, server, startSite, openBrowser }) => {
  const account = await api.signUp(ada);
  const acme = await account.createOrganization("Acme");
  await acme.invite(bob.email);
  const [old] = (await acme.members()).pending;
  const calls: string[] = [];
  const site = await startSite({
    files: "dist",
    api: server.url,
    answer: (request, response) => {
      if (request.method === "GET" || !request.url!.includes("/members")) return false;
      calls.push(`${request.method} ${request.url!.replace(old.id, "OLD")}`);
      if (request.method !== "POST") return false;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify([{ ...old, id: "00000000-0000-4000-8000-000000000000" }]));
      return true;
    },
  });
  const page = await openBrowser({ baseURL: site.url });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  const form = await fillInvitation(page, `${bob.email},`);
  await form.getByRole("button", { name: `Resend invitation to ${bob.email}` }).click();
  await expect(page.getByRole("status").filter({ hasText: "was sent again" })).toBeVisible();
  expect(calls).toEqual(["POST /api/v1/orgs/current/members/batch", "DELETE /api/v1/orgs/current/members/OLD/pending"]);
});

test("with the keyboard alone: sort, correct, one of her own, free a seat, send, copy", async ({ page, api, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const acme = await atMembers(page, api, (acme) => acme.invite(Array.from({ length: 8 }, (_, index) => `old.${index}@example.com`)));
  const go = async (to: ReturnType<Page["getByRole"]>, key = "Tab", most = 60) => {
    await expect(to).toBeVisible();
    const has = () => to.evaluate((element) => element === document.activeElement);
    for (let step = 0; step < most && !(await has()); step++) await page.keyboard.press(key);
    await expect(to).toBeFocused();
  };
  await go(page.getByRole("button", { name: "Invite", exact: true }));
  await page.keyboard.press("Enter");
  const form = dialog(page, "Invite members");
  const emails = form.getByRole("textbox", { name: "Emails" });
  await expect(emails).toBeFocused();
  await page.keyboard.type("dan@example.com,eve@example.con,");
  const suggestion = form.getByRole("button", { name: "Use example.com for eve@example.con" });
  await go(suggestion);
  await page.keyboard.press("Enter");
  await expect(emails).toBeFocused();
  // All chips are one step of Tab; the arrows go through them.
  await page.keyboard.press("Shift+Tab");
  await expect(form.getByRole("button", { name: "Edit dan@example.com" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(form.getByRole("button", { name: "Remove eve@example.com" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  const eve = group(form, "Only for eve@example.com");
  await expect(eve.getByRole("textbox", { name: "Email address" })).toBeFocused();
  await go(eve.getByRole("combobox", { name: "Role for eve@example.com" }));
  await page.keyboard.type("Organization V");
  await page.keyboard.press("Enter");
  await go(eve.getByRole("button", { name: "Done" }));
  await page.keyboard.press("Enter");
  await expect(form.getByRole("button", { name: "Edit eve@example.com" })).toBeFocused();
  await expect(form.getByRole("button", { name: "Edit eve@example.com" })).toHaveAccessibleDescription("Organization Viewer");
  await go(form.getByRole("button", { name: "Send invitations" }));
  await page.keyboard.press("Enter");
  await go(form.getByRole("button", { name: "Revoke invitation to old.0@example.com" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(form).toBeHidden();
  await expect(page.getByRole("button", { name: "Invite", exact: true })).toBeFocused();
  expect(await invited(acme)).toHaveLength(9);
  await go(page.getByRole("button", { name: "Copy all" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("Sign in with eve@example.com.");
});

test("at 320 pixels all of it is in reach", async ({ page, api }) => {
  await atMembers(page, api, async (acme) => {
    await acme.addWorkspace("Research");
    await acme.invite(Array.from({ length: 8 }, (_, index) => `somebody.with.a.rather.long.address.${index}@example.com`));
  });
  await page.setViewportSize({ width: 320, height: 640 });
  const form = await fillInvitation(page, "dan.with.a.long.name@partner.example.org, eve@gmial.com, not an address, fay@example.com,");
  await form.getByRole("button", { name: "Edit fay@example.com" }).click();
  await expect(group(form, "Not enough seats")).toBeVisible();
  const outside = await page.evaluate(() => {
    const root = [...document.querySelectorAll("dialog:modal")].pop()!;
    const found = [...root.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, p, li")]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.left < 0 || box.right > innerWidth))
      .map(({ element, box }) => `${element.tagName} ${element.ariaLabel ?? element.textContent} ${Math.round(box.left)}–${Math.round(box.right)}`);
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return over > 0 ? [...found, `scrolls by ${over}`] : found;
  });
  expect(outside).toEqual([]);
  await expect(form.getByRole("button", { name: "Send invitations" })).toBeInViewport({ ratio: 1 });
  await checkAxe(page);
});
