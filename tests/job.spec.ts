// The whole job, by two people in two browsers, through the pages alone.
import {
  acceptInvitation, addWorkspace, changeRole, createOrganization, expect, invite, memberRow, openDrawer, person, pickWorkspace,
  profile, removeMember, signOut, signUp, signIn, subscribe, switchOrganization, test, workspacePicker,
} from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");

test("from signing up to removing a colleague", async ({ page, openBrowser }) => {
  await test.step("Ada signs up and is in her personal organization and its workspace", async () => {
    await signUp(page, ada);
    await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: Workspace 1");
    const drawer = await openDrawer(page);
    await expect(drawer.getByText(ada.email)).toBeVisible();
    const own = drawer.getByRole("list", { name: "Organizations" }).getByRole("button");
    await expect(own).toHaveCount(1);
    await expect(own).toHaveAttribute("aria-current", "true");
    await expect(own).toHaveAccessibleDescription(/Personal/);
    await page.keyboard.press("Escape");
    await expect(profile(page)).toBeFocused();
  });

  await test.step("she makes a shared organization, which waits for billing", async () => {
    await createOrganization(page, "Acme");
    await expect(page.getByText("This organization is pending", { exact: true })).toBeVisible();
    const drawer = await openDrawer(page);
    await expect(drawer.getByRole("button", { name: "Acme", exact: true })).toHaveAccessibleDescription(/Pending/);
    await page.keyboard.press("Escape");
  });

  await test.step("she reviews the team with its cost, adds a card, and can use it", async () => {
    await page.getByRole("article", { name: "Plus" }).getByRole("button", { name: "Subscribe" }).click();
    const steps = page.getByRole("dialog", { name: "Set up billing" });
    await expect(steps.getByRole("row", { name: ada.email })).toBeVisible();
    await expect(steps.getByText("Total")).toBeVisible();
    await expect(steps.getByText("$39 a month", { exact: true })).toBeVisible();
    await page.keyboard.press("Escape");
    await subscribe(page);
    await expect(workspacePicker(page)).toHaveAccessibleName("Workspace: Workspace 1");
    await expect(page.getByRole("heading", { level: 1, name: "Workspace 1" })).toBeVisible();
  });

  await test.step("she adds a workspace and picks it; what she sees changes", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Workspaces", exact: true }).click();
    await addWorkspace(page, "Research");
    await expect(page.getByRole("table", { name: "Workspaces" }).getByRole("link", { name: "Research" })).toBeVisible();
    await pickWorkspace(page, "Research");
    await expect(page.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
  });

  await test.step("she invites Bob to one workspace", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await invite(page, bob.email, { role: "Organization User", workspaces: ["Research"] });
    const row = memberRow(page, bob.email);
    await expect(row.getByText("Invited", { exact: true })).toBeVisible();
    await expect(row.getByText("Organization User")).toBeVisible();
    await expect(row.getByText("Research")).toBeVisible();
  });

  const his = await openBrowser();
  await test.step("Bob signs up, sees the invitation, and accepts it", async () => {
    await signUp(his, bob);
    await expect(his.getByRole("region", { name: "Invitations" }).getByText("Acme")).toBeVisible();
    await acceptInvitation(his, "Acme");
    await expect(his.getByRole("heading", { level: 1, name: "Research" })).toBeVisible();
    await expect(his.getByRole("region", { name: "Invitations" })).toBeHidden();
    await workspacePicker(his).click();
    await expect(his.getByRole("listbox", { name: "Workspaces" }).getByRole("option")).toHaveText([/Research/]);
    await his.keyboard.press("Escape");
  });

  await test.step("Ada makes him an Operator, and he may manage members then", async () => {
    await page.reload();
    await expect(memberRow(page, bob.email).getByText("Active", { exact: true })).toBeVisible();
    await changeRole(page, bob.email, "Organization Operator");
    await expect(page.getByText(`${bob.email} is now Organization Operator.`)).toBeVisible();
    await his.getByRole("link", { name: "Settings" }).click();
    await expect(his.getByRole("button", { name: "Invite", exact: true })).not.toHaveAttribute("aria-disabled", "true");
    await expect(his.getByRole("combobox", { name: `Role of ${ada.email}` })).toHaveAccessibleDescription(/Organization Admin/);
  });

  await test.step("she removes him; his next click finds the door closed", async () => {
    await removeMember(page, bob.email);
    await his.getByRole("tab", { name: "Roles" }).click();
    await expect(his.getByRole("heading", { name: "This organization is not open to you" })).toBeVisible();
    await expect(his.getByText(bob.email).first()).toBeVisible();
    await his.getByRole("button", { name: "Go to your organizations" }).click();
    await expect(workspacePicker(his)).toBeVisible();
    const drawer = await openDrawer(his);
    await expect(drawer.getByRole("button", { name: "Acme", exact: true })).toBeHidden();
  });

  await test.step("she signs out and in again, and is where she was", async () => {
    await signOut(page);
    await signIn(page, ada);
    await switchOrganization(page, "Acme");
    await pickWorkspace(page, "Workspace 1");
  });
});
